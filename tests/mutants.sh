#!/bin/sh
# mutants.sh [FILE ...]: changes one expression at a time in the files that decide about outcomes,
# waits and keys, and fails if the unit tests of these files notice nothing. `make mutants` runs it.
# .cargo/mutants.toml lists the exceptions.
set -eu
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-$PWD/target}
command -v cargo-mutants >/dev/null || {
    echo "mutants.sh needs cargo-mutants: cargo install --locked cargo-mutants" >&2
    exit 1
}
[ $# -gt 0 ] || set -- src/outcome.rs src/retry.rs src/interpret.rs src/transport/header_filter.rs \
    src/api/envelope.rs src/json.rs src/wait.rs src/journal/state.rs src/journal/key_file.rs \
    src/journal/record.rs src/journal/entry.rs src/journal/mod.rs src/journal/folder.rs \
    src/journal/digest.rs
mkdir -p "$target"
unset CARGO_TARGET_DIR
# The library alone, without its integration tests and without debug information, is built in a few
# seconds for each change.
export CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_TEST_DEBUG=0
files=
tests=
for file; do
    files="$files --file $file"
    module=$(echo "$file" | sed 's|^src/||; s|/mod\.rs$||; s|\.rs$||; s|/|::|g')
    tests="$tests $module::tests"
done
status=0
# shellcheck disable=SC2086 # several words
cargo mutants --no-shuffle --timeout 30 --output "$target/mutants" --package luma-automation \
    --cargo-arg=--lib $files -- -- $tests || status=$?
# 3: with some mutant a test hung, which counts as found. It hides missed mutants.
[ $status = 0 ] || { [ $status = 3 ] && [ ! -s "$target/mutants/mutants.out/missed.txt" ]; }
