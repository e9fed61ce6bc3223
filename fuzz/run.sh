#!/bin/sh
# run.sh SECONDS [TARGET...]: builds the fuzz targets, and runs each of them, or the given ones, for
# SECONDS. Stops at the first crash, hang, leak or excessive use of memory. Keeps its corpus in
# corpus/, and a failing input in artifacts/; to reproduce the failure, run
# target/HOST/release/TARGET with that file.
#
# With 0, each only repeats its seeds, and is built without instrumentation, which takes a fraction
# of the time.
#
# run.sh merge [TARGET...]: adds to the seeds what the corpus covers in addition to them.
set -eu
cd "$(dirname "$0")"
case ${1-} in
merge) ;;
'' | *[!0-9]*) echo "usage: run.sh SECONDS|merge [TARGET...]" >&2 && exit 2 ;;
esac
seconds=$1
shift
[ $# -gt 0 ] || set -- calls config exchange ffi functions header_filter journal json mask pem proxy \
    response tls urls waits

unset CARGO_ENCODED_RUSTFLAGS
CARGO_TARGET_DIR=target
export CARGO_TARGET_DIR
if [ "$seconds" = 0 ]; then
    # Shares what the tests have compiled.
    CARGO_BUILD_BUILD_DIR=$PWD/../target "${CARGO:-cargo}" build --locked --bins
    built=target/debug
else
    # The same flags as cargo-fuzz, which therefore need not be installed. RUSTC_BOOTSTRAP makes a
    # stable compiler accept them; with --target, they do not apply to build scripts.
    host=$(rustc -vV | sed -n 's/^host: //p')
    flags="--cfg fuzzing -Zsanitizer=address -Cpasses=sancov-module"
    for option in level=4 inline-8bit-counters pc-table trace-compares; do
        flags="$flags -Cllvm-args=-sanitizer-coverage-$option"
    done
    for target; do bins="${bins-} --bin $target"; done
    # shellcheck disable=SC2086 # one word for each target
    RUSTC_BOOTSTRAP=1 RUSTFLAGS=$flags \
        "${CARGO:-cargo}" build --locked --release --target "$host" $bins
    built=target/$host/release
fi

# Runs a target, and shows why it failed.
run() {
    log=artifacts/$target/log
    "$built/$target" -artifact_prefix="artifacts/$target/" -timeout=10 -rss_limit_mb=1024 \
        -malloc_limit_mb=64 "$@" >"$log" 2>&1 && return
    grep -n -A 20 -E 'panicked|ERROR' "$log" || tail -n 40 "$log"
    echo "$target failed; the complete log is fuzz/$log" >&2
    exit 1
}

for target; do
    mkdir -p "corpus/$target" "artifacts/$target"
    if [ "$seconds" = 0 ]; then
        run "seeds/$target"/*
        echo "$target: $(find "seeds/$target" -type f | wc -l) seeds, no failure"
    elif [ "$seconds" = merge ]; then
        # The fewest inputs that reach the same code. Counting how often would take ten times as
        # many.
        run -set_cover_merge=1 -use_counters=0 -max_len=2048 "seeds/$target" "corpus/$target"
        echo "$target: $(find "seeds/$target" -type f | wc -l) seeds"
    else
        run "corpus/$target" "seeds/$target" -dict=dictionary -max_total_time="$seconds" \
            -max_len=8192 -print_final_stats=1
        inputs=$(sed -n 's/^stat::number_of_executed_units: //p' "artifacts/$target/log")
        echo "$target: $inputs inputs in $seconds s, no failure"
    fi
done
