#!/bin/sh
# What a trigger costs through the C ABI on a keep-alive connection: benches/trigger.c against the
# simulator, counted twice so that start-up cancels. No clock is read: the figures repeat.
# `make cost` builds what it needs and runs it beside a simulated gateway. Fails when a figure is
# above its limit.
set -eu
cd "$(dirname "$0")/.."

for tool in valgrind strace readelf; do
    command -v $tool >/dev/null || { echo "make cost needs $tool" >&2; exit 2; }
done

FEW=1000
MANY=2000
MAX_INSTRUCTIONS=40000
MAX_SYSTEM_CALLS=4
MAX_BYTES=2200000

target=${CARGO_TARGET_DIR:-$PWD/target}
library=$target/release/libluma.so
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
${CC:-cc} -O2 -std=c99 -Wall -Wextra -Iinclude benches/trigger.c -o "$work/trigger" \
    -L"$target/release" -lluma "-Wl,-rpath,$target/release"

instructions() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$work/trigger" "$1" 2>&1 |
        sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}
allocations() {
    valgrind "$work/trigger" "$1" 2>&1 | sed -n 's/.*total heap usage: \([0-9,]*\) allocs.*/\1/p' |
        tr -d ,
}
system_calls() {
    strace -f -o "$work/calls" "$work/trigger" "$1"
    grep -c '(' "$work/calls"
}
per_call() { # the name of a counter; rounded to the nearest
    few=$($1 $FEW)
    many=$($1 $MANY)
    echo $(((many - few + (MANY - FEW) / 2) / (MANY - FEW)))
}

instructions=$(per_call instructions)
allocations=$(per_call allocations)
system_calls=$(per_call system_calls)
threads=$(grep -c -E 'clone3?\(' "$work/calls" || true)
bytes=$(wc -c <"$library")
needed=$(readelf -d "$library" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | tr '\n' ' ')

printf '%-46s %10s %10s\n' 'a trigger over http, keep-alive, through C' measured limit
printf '%-46s %10s %10s\n' 'instructions in user space' "$instructions" $MAX_INSTRUCTIONS
printf '%-46s %10s %10s\n' 'system calls' "$system_calls" $MAX_SYSTEM_CALLS
printf '%-46s %10s\n' 'allocations' "$allocations"
printf '%-46s %10s %10s\n' "threads started in $MANY calls" "$threads" 0
printf '%-46s %10s %10s\n' 'libluma.so, bytes' "$bytes" $MAX_BYTES
printf '%-46s %s\n' 'libluma.so needs' "$needed"

for name in $needed; do
    case $name in
    libc.so.* | libgcc_s.so.* | ld-linux*) ;;
    *) echo "libluma.so needs $name" >&2 && exit 1 ;;
    esac
done
[ "$instructions" -le $MAX_INSTRUCTIONS ] && [ "$system_calls" -le $MAX_SYSTEM_CALLS ] &&
    [ "$threads" -eq 0 ] && [ "$bytes" -le $MAX_BYTES ] || {
    echo 'a figure is above its limit' >&2
    exit 1
}
