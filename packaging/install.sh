#!/bin/sh
# Installs library, headers, luma.pc and CMake package below DESTDIR/PREFIX, the libraries in LIBDIR.
set -eu
umask 022
cd "$(dirname "$0")/.."
. packaging/release-flags.sh
prefix=${PREFIX:-/usr/local} libdir=${LIBDIR:-lib}
# Apart from what make builds, since cargo-c has a Cargo of its own, of another version.
target=${CARGO_TARGET_DIR:-$PWD/target}/install
cargo_c=$(sh packaging/tool.sh cargo-c 0.10.24+cargo-0.98.0 cargo-cinstall)

# Always to the same place, since for another one it builds all dependencies anew.
rm -rf "$target/stage"
"$cargo_c" cinstall --locked --target-dir "$target" \
    --prefix /usr/local --libdir lib --destdir "$target/stage"
stage=$target/stage/usr/local
strip --strip-debug "$stage/lib/libluma.a" # half of it is the debug information of Rust's own library

# The compiler knows which form of libgcc it needs; -lgcc_s would break a link with -static.
pc=$stage/lib/pkgconfig/luma.pc
sed -i -e "s|^prefix=.*|prefix=$prefix|" -e "s|^libdir=.*|libdir=\${prefix}/$libdir|" \
    -e 's/ -lgcc_s//' "$pc"

version=$(sed -n 's/^Version: //p' "$pc")
libraries=$(sed -n 's/^Libs.private: *-l//p' "$pc" | sed 's/ -l/;/g')
up=$(echo "$libdir" | sed 's|[^/][^/]*|..|g')
mkdir -p "$stage/lib/cmake/luma"
for file in luma-config luma-config-version; do
    sed -e "s|@VERSION@|$version|" -e "s|@MAJOR@|${version%%.*}|" \
        -e "s|@LIBRARIES@|$libraries|" -e "s|@UP@|$up|" \
        "packaging/$file.cmake.in" >"$stage/lib/cmake/luma/$file.cmake"
done

# Whatever modes the source has. A program that has the old library open keeps it.
find "$stage" -type d -exec chmod 755 {} + -o -type f -exec chmod 644 {} +
mkdir -p "${DESTDIR-}$prefix/$libdir" "${DESTDIR-}$prefix/include"
cp -RP --remove-destination "$stage/lib/." "${DESTDIR-}$prefix/$libdir/"
cp -RP --remove-destination "$stage/include/." "${DESTDIR-}$prefix/include/"
