# shellcheck shell=sh
# Sourced by guard.sh and run.sh, which run below serve.sh: counts the cost of one call as the
# difference of two runs, so that the cost of starting cancels out. The last argument of a program
# is its number of calls.

for tool in valgrind strace; do
    command -v $tool >/dev/null || { echo "$tool is not installed" >&2 && exit 2; }
done

# Ends the script, so that a program that fails does not count as a cheap one.
failed() {
    echo "$1" >&2
    exit 1
}

instructions() { # in user space
    log=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1) || failed "$log"
    echo "$log" | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}
allocations() {
    log=$(valgrind "$@" 2>&1) || failed "$log"
    echo "$log" | sed -n 's/.*total heap usage: \([0-9,]*\) allocs.*/\1/p' | tr -d ,
}
system_calls() {
    log=$(strace -f -c "$@" 2>&1 >/dev/null) || failed "$log"
    echo "$log" | awk '$NF == "total" { print $4 }'
}

per_call() { # one of the three functions, two numbers of calls, program and arguments
    counter=$1 few=$2 many=$3
    shift 3
    first=$($counter "$@" "$few")
    second=$($counter "$@" "$many")
    [ -n "$first" ] && [ -n "$second" ] || failed "cannot count the $counter of $*"
    awk -v first="$first" -v second="$second" -v calls=$((many - few)) \
        'BEGIN { printf "%.2f", (second - first) / calls }'
}
