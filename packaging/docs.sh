#!/bin/sh
# Renders the API documentation: C and C++ with Doxygen into target/docs/c, Rust into
# target/docs/rust. Any warning is an error.
set -eu
cd "$(dirname "$0")/.."

target=${CARGO_TARGET_DIR:-target}
docs=$target/docs
command -v doxygen >/dev/null || {
    echo "make docs needs doxygen: apt-get install doxygen" >&2
    exit 1
}
version=$(sed -n 's/^#define LUMA_VERSION "\(.*\)"$/\1/p' include/luma.h)

rm -rf "$docs"
mkdir -p "$docs"
(
    cat docs/Doxyfile
    echo "PROJECT_NUMBER = $version"
    echo "OUTPUT_DIRECTORY = \"$docs\""
    echo "HTML_OUTPUT = c"
) | doxygen -

RUSTDOCFLAGS="-D warnings" ${CARGO:-cargo} doc --locked --no-deps --package luma-automation
cp -R "$target/doc" "$docs/rust"

echo "$docs/c/index.html"
echo "$docs/rust/luma/index.html"
