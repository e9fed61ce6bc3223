#!/bin/sh
# Checks that need no tests: formatting, lints, documentation, dependencies, scripts. `make lint`
# runs it.
#   lint.sh --format    formats C and C++ instead
set -eu
cd "$(dirname "$0")/.."

clang_format=clang-format-19 # other versions format differently
scripts=$(git ls-files '*.sh' .ci/run)
c_sources=$(git ls-files '*.c' '*.h' '*.cpp' '*.hpp' ':!include/luma.h' ':!bindings/php/src/Native/luma.h')

if [ "${1-}" = --format ]; then
    # shellcheck disable=SC2086 # several files
    exec $clang_format -i $c_sources
fi

for tool in $clang_format shellcheck cargo-deny; do
    command -v "$tool" >/dev/null || { echo "lint.sh: $tool is not installed; .ci/run installs it" >&2 && exit 1; }
done

cargo fmt --all --check
cargo fmt --manifest-path fuzz/Cargo.toml --check
cargo fmt --manifest-path models/Cargo.toml --check
# The catalogue is not among all targets, because its test is off by default.
cargo clippy --workspace --all-targets --test catalogue --locked -- -D warnings
# The library and the command are both called luma, so their pages are written one after the other.
RUSTDOCFLAGS="-D warnings" cargo doc --package luma-cli --no-deps --locked --quiet
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --exclude luma-cli --no-deps --locked --quiet

cargo deny --locked check licenses bans sources
# Advisories need a database, which may be unreachable.
if cargo deny fetch db >/dev/null 2>&1 ||
    ls -d "${CARGO_HOME:-$HOME/.cargo}"/advisory-dbs/*/.git >/dev/null 2>&1; then
    cargo deny --locked --offline check advisories
else
    echo "lint.sh: advisories are not checked, since their database cannot be downloaded"
fi

# shellcheck disable=SC2086 # several files
{
    shellcheck $scripts
    $clang_format --dry-run --Werror $c_sources
}

if git grep -nE '^(<{7}|>{7}) '; then
    echo "lint.sh: these lines are of a merge conflict" >&2
    exit 1
fi

# `make seeded-faults` is too long for CI, and would only then notice that a patch is stale.
for patch in tests/seeded_faults/*.patch; do
    git apply --check "$patch"
done

# rustfmt and clang-format leave some long comments as they are.
long=$(git ls-files '*.rs' '*.c' '*.h' '*.cpp' '*.hpp' '*.sh' '*.awk' '*.toml' '*Makefile' .ci/run |
    LC_ALL=C.UTF-8 xargs grep -nE '^.{101,}$' | grep -E '^[^:]+:[0-9]+:(\s*(//|#|/?\*)|.*\s(//|#|/\*)\s)' || :)
# In Markdown, tables, links and code may be longer.
long=$long$(git ls-files '*.md' ':!docs/cost.md' | LC_ALL=C.UTF-8 xargs awk '
    /^```/ { is_code = !is_code }
    !is_code && !/^[|<[]/ && length($0) > 100 { print FILENAME ":" FNR ":" $0 }')
if [ -n "$long" ]; then
    echo "lint.sh: comments or prose with more than 100 columns:" >&2
    echo "$long" >&2
    exit 1
fi
