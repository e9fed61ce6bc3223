#!/bin/sh
# Builds the files that install.sh installs, in target/stage. They do not depend on the prefix.
set -eu
umask 022
cd "$(dirname "$0")/.."
if ! command -v "${CARGO:-cargo}" >/dev/null; then
    echo "stage.sh: ${CARGO:-cargo} is not installed; see docs/install.md" >&2
    exit 1
fi
target=${CARGO_TARGET_DIR:-$PWD/target}
"${MAKE:-make}" all
rm -rf "$target/stage"
mkdir "$target/stage"
cp "$target/release/libluma.so" "$target/release/libluma.a" "$target/stage"
sh packaging/third-party.sh host luma-automation >"$target/stage/THIRD-PARTY-LICENSES"
touch "$target/stage/complete"
