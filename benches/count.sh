# shellcheck shell=sh
# Counts what a program costs per call, from the difference of two runs, so that what happens once
# cancels. For other scripts to read in; they run below serve.sh. The program's last argument is the
# number of calls.

for tool in valgrind strace; do
    command -v $tool >/dev/null || { echo "$tool is missing" >&2 && exit 2; }
done

# A program that fails must not count as a cheap one.
failed() {
    echo "$1" >&2
    exit 1
}

instructions() { # in user space
    said=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1) || failed "$said"
    echo "$said" | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}
allocations() {
    said=$(valgrind "$@" 2>&1) || failed "$said"
    echo "$said" | sed -n 's/.*total heap usage: \([0-9,]*\) allocs.*/\1/p' | tr -d ,
}
system_calls() {
    said=$(strace -f -c "$@" 2>&1 >/dev/null) || failed "$said"
    echo "$said" | awk '$NF == "total" { print $4 }'
}

per_call() { # instructions, allocations or system_calls; two numbers of calls; a program
    counter=$1 few=$2 many=$3
    shift 3
    first=$($counter "$@" "$few")
    second=$($counter "$@" "$many")
    [ -n "$first" ] && [ -n "$second" ] || failed "no $counter of $*"
    awk -v first="$first" -v second="$second" -v calls=$((many - few)) \
        'BEGIN { printf "%.2f", (second - first) / calls }'
}
