#!/bin/sh
# run.sh SECONDS [TARGET...]: builds the fuzz targets and runs each of them, or those named, for so long.
# Ends at the first crash, call that hangs, leak, or use of more memory than allowed. What it learns is kept
# in corpus/, an input that fails in artifacts/ (give it to target/HOST/release/TARGET to see why).
set -eu
cd "$(dirname "$0")"
case ${1-} in
'' | *[!0-9]* | 0) echo "run.sh SECONDS [TARGET...], at least one second" >&2 && exit 2 ;;
esac
seconds=$1
shift
[ $# -gt 0 ] || set -- response header_filter json pem proxy ffi

# What cargo-fuzz sets, so that it need not be installed. The flags are unstable, and RUSTC_BOOTSTRAP lets
# a stable compiler take them. With --target they leave build scripts alone.
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
        -artifact_prefix="artifacts/$target/" -max_total_time="$seconds" -timeout=10 \
        -rss_limit_mb=1024 -malloc_limit_mb=64 -max_len=8192 -print_final_stats=1 >"$log" 2>&1; then
        grep -n -A 20 -E 'panicked|ERROR' "$log" || tail -n 40 "$log"
        echo "$target failed; fuzz/$log has all of it" >&2
        exit 1
    fi
    inputs=$(sed -n 's/^stat::number_of_executed_units: //p' "$log")
    echo "$target: $inputs inputs in $seconds s, and nothing found"
done
