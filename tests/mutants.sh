#!/bin/sh
# mutants.sh [FILE ...]: changes one expression at a time in the files that decide about outcomes,
# and fails if the unit tests of that file notice nothing. `make mutants` runs it; it takes half a
# minute per change, an hour and a half in all. .cargo/mutants.toml lists the exceptions.
set -eu
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-$PWD/target}
command -v cargo-mutants >/dev/null || {
    echo "mutants.sh needs cargo-mutants: cargo install --locked cargo-mutants" >&2
    exit 1
}
[ $# -gt 0 ] || set -- src/outcome.rs src/retry.rs src/api/envelope.rs src/journal/state.rs
unset CARGO_TARGET_DIR
export CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_TEST_DEBUG=0
for file; do
    case $file in
    src/journal/*) tests=journal::$(basename "$file" .rs) ;;
    *) tests=$(basename "$file" .rs) ;;
    esac
    cargo mutants --no-shuffle --timeout 90 --output "$target/mutants" --file "$file" -- --lib "$tests"
done
