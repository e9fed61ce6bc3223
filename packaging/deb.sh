#!/bin/sh
# Builds the Debian packages libluma0, libluma-dev, luma and luma-simulator in dist/, and the
# packages with their debug symbols in dist/debug/.
set -eu
umask 022
cd "$(dirname "$0")/.."
# Before anything is built, which takes minutes.
missing=
need() { command -v "$1" >/dev/null || missing="$missing $2"; } # command, its package
need dh debhelper
need dpkg-architecture dpkg-dev
need cc gcc
need objcopy binutils
need jq jq
[ -z "$missing" ] || {
    echo "deb.sh: these packages are missing; run, as root: apt-get install$missing" >&2
    exit 1
}
command -v "${CARGO:-cargo}" >/dev/null || {
    echo "deb.sh: ${CARGO:-cargo} is not installed; see docs/install.md" >&2
    exit 1
}

target=${CARGO_TARGET_DIR:-$PWD/target} dist=$PWD/dist
rm -rf "$target/deb"
work=$target/deb/libluma build=$target/deb/build
mkdir -p "$work/command" "$work/simulator" "$build" "$dist/debug"
debug_symbols=yes
. packaging/release-flags.sh
"${CARGO:-cargo}" build --locked --profile dist --package luma-capi --package luma-cli \
    --package luma-simulator --target-dir "$target"
(cd "$target/dist" && cp libluma.so libluma.a luma luma-simulator "$build")
sh packaging/static-lib.sh "$build/libluma.a"
sh packaging/third-party.sh host luma-automation >"$build/THIRD-PARTY-LICENSES"
sh packaging/third-party.sh host luma-cli >"$work/command/THIRD-PARTY-LICENSES"
sh packaging/third-party.sh host luma-simulator >"$work/simulator/THIRD-PARTY-LICENSES"

cp -R packaging/debian examples-c "$work"
LUMA_BUILD=$build PREFIX=/usr LIBDIR=lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH) DESTDIR=$work sh packaging/install.sh
sh packaging/command.sh "$build/luma" "$work/usr"
install -D "$build/luma-simulator" "$work/usr/bin/luma-simulator"
cp simulator/luma-simulator.1 "$work/simulator"

cd "$work"
# debian/rules would assume that it needs root, but all files have the default owner.
DEB_RULES_REQUIRES_ROOT=no debian/rules binary
rm -f "$dist"/*.deb "$dist"/debug/*.deb
mv ../*-dbgsym_*.deb "$dist/debug"
mv ../*.deb "$dist"
