#!/bin/sh
# Installs library, headers, luma.pc, CMake package and licences below DESTDIR/PREFIX, the libraries in LIBDIR.
set -eu
umask 022
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-$PWD/target}/install

refuse() {
    echo "install.sh: $*" >&2
    exit 1
}
without_slash() { printf '%s' "$1" | sed 's|//*$||'; }
prefix=${PREFIX:-/usr/local}
case $prefix in
/*) prefix=$(without_slash "$prefix") ;;
*) refuse "PREFIX must be an absolute path, and is '$prefix'" ;;
esac
libdir=$(without_slash "${LIBDIR:-lib}")
libdir=${libdir#"$prefix"/}
case /$libdir/ in
// | //* | */../*) refuse "LIBDIR must be a folder below PREFIX, and is '$LIBDIR'" ;;
esac

existing() {
    folder=$1
    while [ ! -e "$folder" ]; do folder=$(dirname "$folder"); done
    printf '%s' "$folder"
}
for folder in "$libdir" include share; do
    folder=$(existing "${DESTDIR-}$prefix/$folder")
    [ -w "$folder" ] || refuse "you may not write to $folder; for that, 'make stage', then 'sudo make install'"
done
if [ "${SUDO_UID-0}" != 0 ] && [ "$SUDO_UID" = "$(stat -c %u .)" ]; then
    # By sudo root builds nothing: the files would be root's, and root may have no Cargo.
    complete=$target/stage/complete
    changed=$(find Cargo.toml Cargo.lock crates include src packaging LICENSE-* -newer "$complete" 2>&1 || :)
    [ -z "$changed" ] || refuse "the library is not built in $target, or not of this source; first 'make stage', without sudo"
else
    sh packaging/stage.sh
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -RP "$target/stage/usr/local/." "$work"

# What pkg-config gives is read by a shell. The compiler knows which form of libgcc it needs; -lgcc_s
# would break a link with -static.
pc=$work/lib/pkgconfig/luma.pc
word() { printf '%s' "$1" | sed 's/[\\ ]/\\&/g'; }
{
    printf 'prefix=%s\nlibdir=${prefix}/%s\n' "$(word "$prefix")" "$(word "$libdir")"
    sed -e '/^prefix=/d; /^libdir=/d' -e 's/ -lgcc_s//' "$target/stage/usr/local/lib/pkgconfig/luma.pc"
} >"$pc"

version=$(sed -n 's/^Version: //p' "$pc")
libraries=$(sed -n 's/^Libs.private: *-l//p' "$pc" | sed 's/ -l/;/g')
up=$(echo "$libdir" | sed 's|[^/][^/]*|..|g')
mkdir -p "$work/lib/cmake/luma"
for file in luma-config luma-config-version; do
    sed -e "s|@VERSION@|$version|" -e "s|@MAJOR@|${version%%.*}|" \
        -e "s|@LIBRARIES@|$libraries|" -e "s|@UP@|$up|" \
        "packaging/$file.cmake.in" >"$work/lib/cmake/luma/$file.cmake"
done

# Whatever modes the source has. A program that has the old library open keeps it.
find "$work" -type d -exec chmod 755 {} + -o -type f -exec chmod 644 {} +
mkdir -p "${DESTDIR-}$prefix/$libdir" "${DESTDIR-}$prefix/include" "${DESTDIR-}$prefix/share"
cp -RP --remove-destination "$work/lib/." "${DESTDIR-}$prefix/$libdir/"
for folder in include share; do
    cp -RP --remove-destination "$work/$folder/." "${DESTDIR-}$prefix/$folder/"
done
