#!/bin/sh
# Builds what install.sh installs, below target/install/stage, whatever the prefix will be.
set -eu
umask 022
cd "$(dirname "$0")/.."
if ! command -v "${CARGO:-cargo}" >/dev/null; then
    echo "stage.sh: there is no ${CARGO:-cargo}; see README.md, 'Install'" >&2
    exit 1
fi
. packaging/release-flags.sh
# Apart from what make builds, since cargo-c has a Cargo of its own, of another version.
target=${CARGO_TARGET_DIR:-$PWD/target}/install
cargo_c=$(sh packaging/tool.sh cargo-c 0.10.24+cargo-0.98.0 cargo-cinstall)

# Always to the same place, since for another one it builds all dependencies anew.
rm -rf "$target/stage"
"$cargo_c" cinstall --locked --package luma-capi --target-dir "$target" \
    --prefix /usr/local --libdir lib --destdir "$target/stage"
stage=$target/stage/usr/local
strip --strip-debug "$stage/lib/libluma.a" # half of it is the debug information of Rust's own library

doc=$stage/share/doc/luma
mkdir -p "$doc"
cp LICENSE-MIT LICENSE-APACHE "$doc"
sh packaging/third-party.sh host luma-automation >"$doc/THIRD-PARTY-LICENSES"
touch "$target/stage/complete"
