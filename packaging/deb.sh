#!/bin/sh
# Builds the Debian packages libluma0, libluma-dev and luma-simulator in dist/.
set -eu
umask 022
cd "$(dirname "$0")/.."
. packaging/release-flags.sh
target=${CARGO_TARGET_DIR:-$PWD/target} dist=$PWD/dist
work=$target/deb/libluma
rm -rf "$target/deb"
mkdir -p "$work" "$dist"
cp -R packaging/debian examples-c "$work"

PREFIX=/usr LIBDIR=lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH) DESTDIR=$work sh packaging/install.sh
"${CARGO:-cargo}" build --locked --release --package luma-simulator --target-dir "$target/simulator"
install -D "$target/simulator/release/luma-simulator" "$work/usr/bin/luma-simulator"
mkdir "$work/simulator"
cp simulator/luma-simulator.1 "$work/simulator"
sh packaging/third-party.sh host luma-simulator >"$work/simulator/THIRD-PARTY-LICENSES"

cd "$work"
# debian/rules would assume that it needs root, but all files have the default owner.
DEB_RULES_REQUIRES_ROOT=no DEB_BUILD_OPTIONS=noautodbgsym debian/rules binary
rm -f "$dist"/*.deb
mv ../*.deb "$dist"
