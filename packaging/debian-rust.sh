#!/bin/sh
# debian-rust.sh ARGUMENT ...: runs Cargo by Debian's compiler, which comes with the source of Rust's
# standard library, so that it builds for targets whose library nobody offers.
# Debian's packages: rustc-web cargo-web rust-web-src.
set -eu
export RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1
exec /usr/bin/cargo -Zbuild-std=std,panic_unwind -Zbuild-std-features=panic-unwind "$@"
