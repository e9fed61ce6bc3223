#!/bin/sh
# Builds the release files in dist/, next to those for Windows: for each machine a tar.gz with the
# installed tree, the command, the simulator, the examples and the documentation, and RPM packages;
# the Debian packages; the packages of other languages, in dist/packages; the software bill of
# materials (SBOM); the debug symbols, in dist/debug; the SHA-256 sums of all files, and a signature
# of them. The same source gives the same bytes.
set -eu
umask 022
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-$PWD/target} dist=$PWD/dist
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
. packaging/date.sh
work=$target/dist-files
rm -rf "$work"
mkdir -p "$work" "$dist/debug"
rm -f "$dist"/libluma-*.tar.gz "$dist"/debug/libluma-*.tar.gz "$dist"/libluma-*.cdx.json

sh packaging/deb.sh

archive() { # directory in $work, file
    tar -C "$work" -cf - --sort=name --format=gnu --mtime="@$SOURCE_DATE_EPOCH" --mode=u=rwX,go=rX \
        --owner=0 --group=0 --numeric-owner "$1" | gzip -9n >"$2"
}
for machine in x86_64 aarch64; do
    sh packaging/portable.sh $machine
    sh packaging/rpm.sh $machine

    build=$target/portable/$machine name=libluma-$version-linux-$machine
    tree=$work/$name
    LUMA_BUILD=$build PREFIX=/$name DESTDIR=$work sh packaging/install.sh
    # Makes the unpacked tree relocatable for pkg-config.
    sed -i 's|^prefix=.*|prefix=${pcfiledir}/../..|' "$tree/lib/pkgconfig/luma.pc"
    sh packaging/command.sh "$build/luma" "$tree"
    install -D -m 644 "$build/command/THIRD-PARTY-LICENSES" "$tree/share/doc/luma-command/THIRD-PARTY-LICENSES"
    install -D "$build/luma-simulator" "$tree/bin/luma-simulator"
    install -D -m 644 simulator/luma-simulator.1 "$tree/share/man/man1/luma-simulator.1"
    install -D -m 644 "$build/simulator/THIRD-PARTY-LICENSES" "$tree/share/doc/luma-simulator/THIRD-PARTY-LICENSES"
    cp -R ./*.md LICENSE-MIT LICENSE-APACHE examples-c "$tree"
    mkdir "$tree/docs" "$tree/simulator"
    cp docs/*.md docs/*.png docs/*.svg docs/*.yaml "$tree/docs"
    cp simulator/README.md simulator/with-simulator.sh "$tree/simulator"
    archive "$name" "$dist/$name.tar.gz"

    cp -R "$build/debug" "$work/$name-debug"
    archive "$name-debug" "$dist/debug/$name-debug.tar.gz"
done

sh bindings/packages.sh

cyclonedx=$(sh packaging/tool.sh cargo-cyclonedx 0.5.9 cargo-cyclonedx)
mkdir "$work/source" # a copy, since it writes into the source tree
cp -R Cargo.toml Cargo.lock cli crates simulator src "$work/source"
(cd "$work/source" && "$cyclonedx" cyclonedx --quiet --format json --spec-version 1.5 --target all \
    --override-filename luma)
sed "s|file://$work/source|file:///libluma|g" "$work/source/luma.json" >"$dist/libluma-$version.cdx.json"

root=$PWD
cd "$dist"
rm -f SHA256SUMS*
find . -type f ! -path './win*' | sed 's|^\./||' | LC_ALL=C sort | xargs sha256sum >"$work/sums"
mv "$work/sums" SHA256SUMS
cat SHA256SUMS
sh "$root/packaging/sign.sh" sums SHA256SUMS
