#!/bin/sh
# Installs the library, the headers, luma.pc, the CMake package and the licences below
# DESTDIR/PREFIX. LIBDIR is the directory of the libraries, relative to PREFIX.
set -eu
umask 022
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-$PWD/target}/install

fail() {
    echo "install.sh: $*" >&2
    exit 1
}
without_slash() { printf '%s' "$1" | sed 's|//*$||'; }
prefix=${PREFIX:-/usr/local}
case $prefix in
/*) prefix=$(without_slash "$prefix") ;;
*) fail "PREFIX must be an absolute path, but is '$prefix'" ;;
esac
libdir=$(without_slash "${LIBDIR:-lib}")
libdir=${libdir#"$prefix"/}
case /$libdir/ in
// | //* | */../*) fail "LIBDIR must be a directory below PREFIX, but is '$LIBDIR'" ;;
esac

existing_parent() {
    directory=$1
    while [ ! -e "$directory" ]; do directory=$(dirname "$directory"); done
    printf '%s' "$directory"
}
for directory in "$libdir" include share; do
    directory=$(existing_parent "${DESTDIR-}$prefix/$directory")
    [ -w "$directory" ] || fail "no permission to write to $directory; run 'make stage', then 'sudo make install'"
done
if [ "${SUDO_UID-0}" != 0 ] && [ "$SUDO_UID" = "$(stat -c %u .)" ]; then
    # Below sudo, never build: the files would belong to root, and root may not have Cargo.
    complete=$target/stage/complete
    changed=$(find Cargo.toml Cargo.lock crates include src packaging LICENSE-* -newer "$complete" 2>&1 || :)
    [ -z "$changed" ] || fail "$target has no build of this source; run 'make stage' first, without sudo"
else
    sh packaging/stage.sh
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -RP "$target/stage/usr/local/." "$work"

# A shell parses the output of pkg-config, so blanks are escaped. -lgcc_s goes: the compiler adds
# the right form of libgcc, and with -static there is no libgcc_s.
pc=$work/lib/pkgconfig/luma.pc
escape() { printf '%s' "$1" | sed 's/[\\ ]/\\&/g'; }
{
    printf 'prefix=%s\nlibdir=${prefix}/%s\n' "$(escape "$prefix")" "$(escape "$libdir")"
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

# Independent of the modes in the source tree. Files are replaced, not overwritten, so that a
# running program keeps the old library.
find "$work" -type d -exec chmod 755 {} + -o -type f -exec chmod 644 {} +
mkdir -p "${DESTDIR-}$prefix/$libdir" "${DESTDIR-}$prefix/include" "${DESTDIR-}$prefix/share"
cp -RP --remove-destination "$work/lib/." "${DESTDIR-}$prefix/$libdir/"
for directory in include share; do
    cp -RP --remove-destination "$work/$directory/." "${DESTDIR-}$prefix/$directory/"
done
