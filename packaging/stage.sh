#!/bin/sh
# Builds the files that install.sh installs, in target/install/stage. They do not depend on the
# prefix.
set -eu
umask 022
cd "$(dirname "$0")/.."
if ! command -v "${CARGO:-cargo}" >/dev/null; then
    echo "stage.sh: ${CARGO:-cargo} is not installed; see docs/install.md" >&2
    exit 1
fi
. packaging/release-flags.sh
# A target directory of its own, because cargo-c contains another version of Cargo.
target=${CARGO_TARGET_DIR:-$PWD/target}/install
cargo_c=$(sh packaging/tool.sh cargo-c 0.10.24+cargo-0.98.0 cargo-cinstall)

# Always the same --prefix: cargo-c rebuilds all dependencies for another one.
rm -rf "$target/stage"
"$cargo_c" cinstall --locked --package luma-capi --target-dir "$target" \
    --prefix /usr/local --libdir lib --destdir "$target/stage"
stage=$target/stage/usr/local
sh packaging/static-lib.sh "$stage/lib/libluma.a"

doc=$stage/share/doc/luma
mkdir -p "$doc"
cp LICENSE-MIT LICENSE-APACHE "$doc"
sh packaging/third-party.sh host luma-automation >"$doc/THIRD-PARTY-LICENSES"
touch "$target/stage/complete"
