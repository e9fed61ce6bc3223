#!/bin/sh
# Counts what calls cost through the C ABI and compares that with committed.txt: fails when a figure
# is more than 5 % above the committed one, or below it. No clock is read, so the figures repeat on a busy
# machine. `make cost` builds what it needs and runs it below serve.sh.
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
        # No line unless it was counted.
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
    *) echo "libluma.so needs $name" >&2 && exit 1 ;;
    esac
done

awk '
    FNR == 1 { file++; if (file == 2) printf "%-42s %12s %12s\n", "", "measured", "committed" }
    /^#/ || NF == 0 { next }
    file == 1 { committed[$1] = $2; next }
    !($1 in committed) { print $1, $2, "is not in committed.txt"; wrong = 1; next }
    {
        verdict = ""
        if ($2 > committed[$1] * 1.05) { verdict = "  risen by more than 5 %"; wrong = 1 }
        # Or it could rise again unseen.
        if ($2 < committed[$1] * 0.95) { verdict = "  fallen by more than 5 %: commit it"; wrong = 1 }
        printf "%-42s %12.0f %12.0f%s\n", $1, $2, committed[$1], verdict
        seen++
        delete committed[$1]
    }
    END {
        for (name in committed) { print name " was not measured"; wrong = 1 }
        if (!wrong) print "All are within 5 % of benches/committed.txt."
        exit wrong
    }
' committed.txt "$measured"
