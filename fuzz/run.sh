#!/bin/sh
# run.sh SECONDS [TARGET...]: builds the fuzz targets, and runs each of them, or the given ones, for
# SECONDS. With 0, each only repeats its seeds and its corpus. Stops at the first crash, hang, leak
# or excessive use of memory. Keeps its corpus in corpus/, and a failing input in artifacts/; to
# reproduce the failure, run target/HOST/release/TARGET with that file.
set -eu
cd "$(dirname "$0")"
case ${1-} in
'' | *[!0-9]*) echo "usage: run.sh SECONDS [TARGET...]" >&2 && exit 2 ;;
0) limit=-runs=0 ;;
*) limit=-max_total_time=$1 ;;
esac
seconds=$1
shift
# header_filter is out of date: it compares with rules that have changed.
[ $# -gt 0 ] || set -- config exchange ffi functions json pem proxy response tls

# The same flags as cargo-fuzz, which therefore need not be installed. RUSTC_BOOTSTRAP makes a
# stable compiler accept them; with --target, they do not apply to build scripts.
host=$(rustc -vV | sed -n 's/^host: //p')
coverage="-Cpasses=sancov-module"
for option in level=4 inline-8bit-counters pc-table trace-compares; do
    coverage="$coverage -Cllvm-args=-sanitizer-coverage-$option"
done
unset CARGO_ENCODED_RUSTFLAGS
RUSTC_BOOTSTRAP=1 RUSTFLAGS="--cfg fuzzing $coverage -Zsanitizer=address" CARGO_TARGET_DIR=target \
    "${CARGO:-cargo}" build --locked --release --target "$host"

for target; do
    mkdir -p "corpus/$target" "artifacts/$target"
    log=artifacts/$target/log
    if ! "target/$host/release/$target" "corpus/$target" "seeds/$target" -dict=dictionary \
        -artifact_prefix="artifacts/$target/" "$limit" -timeout=10 \
        -rss_limit_mb=1024 -malloc_limit_mb=64 -max_len=8192 -print_final_stats=1 >"$log" 2>&1; then
        grep -n -A 20 -E 'panicked|ERROR' "$log" || tail -n 40 "$log"
        echo "$target failed; the complete log is fuzz/$log" >&2
        exit 1
    fi
    inputs=$(sed -n 's/^stat::number_of_executed_units: //p' "$log")
    echo "$target: $inputs inputs in $seconds s, no failure"
done
