#!/bin/sh
# debian-rust.sh ARGUMENT ...: runs Cargo with Debian's compiler, whose packages include the source
# of Rust's standard library. Building it makes targets available for which there is no prebuilt
# library, and leaves out the printer of backtraces (236 KB), which a library that catches its
# panics never runs. Needs the packages rustc-web, cargo-web and rust-web-src.
set -eu
export CARGO=/usr/bin/cargo RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1
case $1 in
zigbuild) cargo="cargo-zigbuild" ;;
*) cargo=$CARGO ;;
esac
command=$1
shift
exec "$cargo" "$command" -Zbuild-std=std,panic_unwind -Zbuild-std-features=panic-unwind "$@"
