#!/bin/sh
# rpm.sh MACHINE: builds the RPM packages libluma, libluma-devel, luma and luma-simulator in
# dist/, for x86_64 or aarch64, of the build that portable.sh made.
set -eu
umask 022
cd "$(dirname "$0")/.."
machine=$1
sh packaging/packages.sh rpm dpkg-dev
target=${CARGO_TARGET_DIR:-$PWD/target} dist=$PWD/dist
build=$target/portable/$machine work=$target/rpm/$machine
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
. packaging/date.sh
rm -rf "$work"
mkdir -p "$work/root" "$dist"

LUMA_BUILD=$build PREFIX=/usr LIBDIR=lib64 DESTDIR=$work/root sh packaging/install.sh
# RPM finds the dependencies of executable files only.
chmod 755 "$work/root/usr/lib64/libluma.so.$version"
sh packaging/command.sh "$build/luma" "$work/root/usr"
install -D -m 644 "$build/command/THIRD-PARTY-LICENSES" "$work/root/usr/share/doc/luma-command/THIRD-PARTY-LICENSES"
install -D "$build/luma-simulator" "$work/root/usr/bin/luma-simulator"
install -D -m 644 simulator/luma-simulator.1 "$work/root/usr/share/man/man1/luma-simulator.1"
install -D -m 644 "$build/simulator/THIRD-PARTY-LICENSES" "$work/root/usr/share/doc/luma-simulator/THIRD-PARTY-LICENSES"
install -d -m 755 "$work/root/usr/share/doc/libluma-devel/examples"
install -m 644 examples-c/*.c* examples-c/CMakeLists.txt examples-c/Makefile \
    "$work/root/usr/share/doc/libluma-devel/examples"

# With a format that RPM 4.14 of RHEL 8 reads.
rpmbuild -bb --quiet --target "$machine" \
    --define "version_of_luma $version" --define "files_of_luma $work/root" \
    --define "_topdir $work" --define "_rpmdir $work" --define "_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm" \
    --define "_binary_payload w9.gzdio" --define "_buildhost localhost" \
    --define "use_source_date_epoch_as_buildtime 1" --define "clamp_mtime_to_source_date_epoch 1" \
    packaging/libluma.spec
rm -f "$dist"/*."$machine".rpm
mv "$work"/*.rpm "$dist"
