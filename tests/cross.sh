#!/bin/sh
# Builds the library for 64-bit ARM, as `make dist` does, and for musl, and runs the C examples with
# both, those for ARM in qemu. Installs the Debian packages that it needs. `make test-cross` runs
# it.
set -eu
cd "$(dirname "$0")/.."
root=$PWD work=${CARGO_TARGET_DIR:-$PWD/target}/cross
musl=x86_64-unknown-linux-musl
with_simulator=simulator/with-simulator.sh
. tests/support/check.sh
. tests/support/portable.sh
mkdir -p "$work/arm"

# The version of LLVM depends on the Debian release.
llvm=$(apt-cache depends llvm | sed -n 's/.*Depends: \(llvm-[0-9]*\)$/\1/p')
[ -n "$llvm" ] || { echo "cross.sh: apt has no package llvm; run apt-get update" >&2 && exit 1; }
sh packaging/packages.sh rustc-web cargo-web rust-web-src gcc-aarch64-linux-gnu libc6-dev-arm64-cross \
    qemu-user musl-tools "libunwind-${llvm#llvm-}-dev"

sh packaging/portable.sh aarch64
arm=${CARGO_TARGET_DIR:-$PWD/target}/portable/aarch64
check_portable "$arm" "ARM: "
cp "$arm/libluma.so" "$work/arm"
ln -sf libluma.so "$work/arm/libluma.so.0"
. packaging/release-flags.sh
sh packaging/debian-rust.sh rustc --package luma-capi --locked --release --lib --target "$musl" \
    --crate-type staticlib --target-dir "$work"
sh packaging/static-lib.sh "$work/$musl/release/libluma.a"

examples() { # directory, compiler, libraries
    mkdir -p "$work/$1"
    for source in examples-c/*.c; do
        program=$work/$1/$(basename "$source" .c)
        # shellcheck disable=SC2086 # several options
        check "$1" sh -c 'compiler=$1 source=$2 program=$3; shift 3
            $compiler -std=c99 -Wall -Wextra -Wpedantic -Werror -Iinclude "$source" -o "$program" "$@"' \
            - "$2" "$source" "$program" $3
    done
}
libraries="-lutil -lrt -lpthread -lm -ldl -lc"
emulated="qemu-aarch64 -L /usr/aarch64-linux-gnu -E LD_LIBRARY_PATH=$work/arm"
examples arm-shared aarch64-linux-gnu-gcc "-L$work/arm -lluma"
check_examples "ARM, shared" "$work/arm-shared" "$emulated"
examples arm-static aarch64-linux-gnu-gcc "$arm/libluma.a $libraries"
check_examples "ARM, static" "$work/arm-static" "$emulated"
examples musl "musl-gcc -static" "tests/support/fprintf_chk.c $work/$musl/release/libluma.a
    -L/usr/lib/$llvm/lib -lunwind -Wl,--eh-frame-hdr"
check_examples "musl" "$work/musl"
check "musl: no interpreter" sh -c '! readelf -lW "$0" | grep INTERP' "$work/musl/trigger"
check "ARM: a program that loads" aarch64-linux-gnu-gcc -std=c99 -Iinclude tests/c/reload.c -o "$work/reload" -ldl
# shellcheck disable=SC2086 # words of a command
check "ARM: loading, unloading, fork" sh $with_simulator $emulated "$work/reload" "$arm/libluma.so" 100 0
closing_line
