#!/bin/sh
# portable.sh MACHINE: builds library, command and simulator for all Linux systems with glibc 2.17
# or later, on x86_64 or aarch64. target/portable/MACHINE then has them, and the directory `debug`
# in it their debug symbols. Installs the tools that it needs.
set -eu
umask 022
cd "$(dirname "$0")/.."
machine=$1
case $machine in
x86_64) tools=binutils prefix= ;;
aarch64) tools=binutils-aarch64-linux-gnu prefix=aarch64-linux-gnu- ;;
*) echo "portable.sh: the argument must be x86_64 or aarch64" >&2 && exit 2 ;;
esac
sh packaging/packages.sh rustc-web cargo-web rust-web-src python3-venv "$tools" jq
zig=$(sh packaging/zig.sh)
target=${CARGO_TARGET_DIR:-$PWD/target}/portable
triple=$machine-unknown-linux-gnu
debug_symbols=yes
. packaging/release-flags.sh

# A build id connects a file with its debug symbols.
export RUSTFLAGS="$RUSTFLAGS -C link-arg=-Wl,--build-id=sha1"
LUMA_ZIG=$(echo "$zig"/lib/python3*/site-packages/ziglang)
export CFLAGS="${CFLAGS-} -ffile-prefix-map=$LUMA_ZIG=zig"
export LUMA_ZIG CARGO_ZIGBUILD_ZIG_PATH="$PWD/packaging/zig-linker.sh" CARGO_ZIGBUILD_CACHE_DIR="$target/zig"
# Not in PATH, where cargo-zigbuild would find the Python of that directory, and Zig with it.
export LUMA_ZIGBUILD="$zig/bin/cargo-zigbuild" ZIG_GLOBAL_CACHE_DIR="$zig/cache"
sh packaging/debian-rust.sh zigbuild --profile dist --locked --package luma-capi --package luma-cli \
    --package luma-simulator --target "$triple.2.17" --target-dir "$target"

files=$target/$machine
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
rm -rf "${files:?}"
mkdir "$files"
(cd "$target/$triple/dist" && cp libluma.so libluma.a luma luma-simulator "$files")
sh packaging/split-symbols.sh "$files/libluma.so" "$files/debug/libluma.so.$version.debug" "$prefix"
sh packaging/split-symbols.sh "$files/luma" "$files/debug/luma.debug" "$prefix"
sh packaging/split-symbols.sh "$files/luma-simulator" "$files/debug/luma-simulator.debug" "$prefix"
sh packaging/static-lib.sh "$files/libluma.a" "$prefix"
export CARGO=/usr/bin/cargo RUSTC=/usr/bin/rustc
sh packaging/third-party.sh "$triple" luma-automation >"$files/THIRD-PARTY-LICENSES"
mkdir "$files/command" "$files/simulator"
sh packaging/third-party.sh "$triple" luma-cli >"$files/command/THIRD-PARTY-LICENSES"
sh packaging/third-party.sh "$triple" luma-simulator >"$files/simulator/THIRD-PARTY-LICENSES"
