#!/bin/sh
# Builds the library for 64-bit ARM and for musl, and runs the C examples with both, those for ARM
# in qemu. Installs the Debian packages that it needs. `make test-cross` runs it.
set -eu
cd "$(dirname "$0")/.."
work=${CARGO_TARGET_DIR:-$PWD/target}/cross
arm=aarch64-unknown-linux-gnu musl=x86_64-unknown-linux-musl
with_simulator=simulator/with-simulator.sh
. packaging/release-flags.sh
. tests/support/check.sh

# The version of LLVM depends on the Debian release.
llvm=$(apt-cache depends llvm | sed -n 's/.*Depends: \(llvm-[0-9]*\)$/\1/p')
[ -n "$llvm" ] || { echo "cross.sh: apt has no package llvm; run apt-get update" >&2 && exit 1; }
packages="rustc-web cargo-web rust-web-src gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user
    musl-tools libunwind-${llvm#llvm-}-dev"
# shellcheck disable=SC2086 # several packages
dpkg -s $packages >/dev/null 2>&1 || {
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages
}

export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
build() { # target, crate types
    sh packaging/debian-rust.sh rustc --package luma-capi --locked --release --lib --target "$1" --crate-type "$2" \
        --target-dir "$work"
}
build $arm cdylib,staticlib
build $musl staticlib
sh packaging/static-lib.sh "$work/$arm/release/libluma.a" aarch64-linux-gnu-
sh packaging/static-lib.sh "$work/$musl/release/libluma.a"
ln -sf libluma.so "$work/$arm/release/libluma.so.0"

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
emulated="qemu-aarch64 -L /usr/aarch64-linux-gnu -E LD_LIBRARY_PATH=$work/$arm/release"
examples arm-shared aarch64-linux-gnu-gcc "-L$work/$arm/release -lluma"
check_examples "ARM, shared" "$work/arm-shared" "$emulated"
examples arm-static aarch64-linux-gnu-gcc "$work/$arm/release/libluma.a $libraries"
check_examples "ARM, static" "$work/arm-static" "$emulated"
examples musl "musl-gcc -static" "tests/support/fprintf_chk.c $work/$musl/release/libluma.a
    -L/usr/lib/$llvm/lib -lunwind -Wl,--eh-frame-hdr"
check_examples "musl" "$work/musl"
check "musl: no interpreter" sh -c '! readelf -lW "$0" | grep INTERP' "$work/musl/trigger"
closing_line
