#!/bin/sh
# Counts the cost of calls through the C ABI, and fails if a figure differs from committed.txt by
# more than 5 %. Only counts, no times, so the result does not depend on the load of the machine.
# `make cost` builds the programs and runs this script below serve.sh.
set -eu
cd "$(dirname "$0")"
. ./count.sh

library=$BENCH_PROGRAMS/../release/libluma.so
measured=$(mktemp)
trap 'rm -f "$measured"' EXIT

measure() { # name, numbers of calls, program
    name=$1 few=$2 many=$3
    shift 3
    for counter in instructions allocations system_calls; do
        # An assignment of its own, so that a failure ends the script.
        figure=$(per_call $counter "$few" "$many" "$@")
        echo "$name.$counter $figure"
    done
}

export BENCH_URL="$BENCH_HTTP"
{
    measure trigger_http 500 1500 "$BENCH_PROGRAMS/luma"
    measure history_http 500 1500 "$BENCH_PROGRAMS/calls" history
    measure list_of_1000_steps_http 2 6 "$BENCH_PROGRAMS/calls" steps
    export BENCH_URL="$BENCH_HTTPS" BENCH_CA="$BENCH_CA_FILE"
    measure trigger_https 500 1500 "$BENCH_PROGRAMS/luma"
    calls=$(strace -f "$BENCH_PROGRAMS/luma" 10 2>&1) || failed "$calls"
    echo "threads_started $(echo "$calls" | grep -c -E 'clone3?\(' || true)"
    echo "library.bytes $(wc -c <"$library")"
} >"$measured"

needed=$(readelf -d "$library" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p')
for name in $needed; do
    case $name in
    libc.so.* | libgcc_s.so.* | ld-linux*) ;;
    *) echo "guard.sh: libluma.so depends on $name" >&2 && exit 1 ;;
    esac
done

awk '
    FNR == 1 { file++; if (file == 2) printf "%-42s %12s %12s\n", "", "measured", "committed" }
    /^#/ || NF == 0 { next }
    file == 1 { committed[$1] = $2; next }
    !($1 in committed) { print $1, $2, "is not in committed.txt"; wrong = 1; next }
    {
        verdict = ""
        if ($2 > committed[$1] * 1.05) { verdict = "  more than 5 % higher"; wrong = 1 }
        # Otherwise it could rise again unnoticed.
        if ($2 < committed[$1] * 0.95) { verdict = "  more than 5 % lower: commit it"; wrong = 1 }
        printf "%-42s %12.0f %12.0f%s\n", $1, $2, committed[$1], verdict
        seen++
        delete committed[$1]
    }
    END {
        for (name in committed) { print name " was not measured"; wrong = 1 }
        if (!wrong) print "All figures are within 5 % of benches/committed.txt."
        exit wrong
    }
' committed.txt "$measured"
