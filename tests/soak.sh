#!/bin/sh
# soak.sh [SECONDS]: triggers and reads through proxies that misbehave, compares each outcome with
# what the gateway received, and plots memory, descriptors and threads. Fails if an outcome is wrong
# or if one of them grows. `make soak` runs it. A run of ten minutes or more, the default, writes
# docs/soak.svg and the table in docs/proof.md; a shorter one writes target/soak.svg.
# LUMA_SOAK_SEED=1 is the seed of the faults.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-600}
target=${CARGO_TARGET_DIR:-$PWD/target}
case $seconds in
*[!0-9]* | '' | 0) echo "usage: soak.sh [SECONDS]; SECONDS is at least 1" >&2 && exit 2 ;;
esac
output=$(mktemp)
trap 'rm -f "$output" "$output.md"' EXIT
trap 'exit 1' INT TERM

if ! LUMA_SOAK_SECONDS=$seconds LUMA_LIB_DIR=${LUMA_LIB_DIR:-$target/release} "${CARGO:-cargo}" test \
    --locked --test it -- soak:: --include-ignored --nocapture --test-threads=1 >"$output"; then
    grep -v '^FIGURES' "$output" >&2
    exit 1
fi
plot=$target/soak.svg
[ "$seconds" -lt 600 ] || plot=docs/soak.svg
# Without the name of the test, which ends without a new line.
sed -n 's/.*FIGURES //p' "$output" | awk -v seconds="$seconds" -v plot="$plot" -v today="$(date +%F)" \
    -v begin='<!-- figures of make soak -->' -f benches/grouped.awk -f tests/soak.awk \
    -f benches/page.awk - docs/proof.md >"$output.md"
if [ "$seconds" -ge 600 ]; then
    cat "$output.md" >docs/proof.md
fi
sed -n '/^<!-- figures of make soak -->$/,/^<!-- end of the figures -->$/p' "$output.md" | sed '1d;$d'
echo "$plot"
