#!/bin/sh
# Measures sets of waits in virtual time, and writes the table in docs/waiting.md and the plot
# docs/waiting.svg. `make bench-waits` runs it; it takes a minute and a release build.
set -eu
cd "$(dirname "$0")/.."
results=$(mktemp)
trap 'rm -f "$results" "$results.md"' EXIT

cargo test --locked --release --lib -- --ignored --nocapture figures_of_many_runs |
    sed -n 's/^FIGURES //p' >"$results"
awk -v plot=docs/waiting.svg -v begin='<!-- figures of make bench-waits -->' -f benches/grouped.awk \
    -f benches/waits.awk -f benches/page.awk "$results" docs/waiting.md >"$results.md"
cat "$results.md" >docs/waiting.md
