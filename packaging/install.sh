#!/bin/sh
# Installs the library, the headers, luma.pc, the CMake package and the licences below
# DESTDIR/PREFIX. LIBDIR is the directory of the libraries, relative to PREFIX. Builds the library,
# unless LUMA_BUILD names a directory with a build.
#   install.sh --uninstall    removes them
set -eu
umask 022
cd "$(dirname "$0")/.."

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
lib=${DESTDIR-}$prefix/$libdir include=${DESTDIR-}$prefix/include/luma doc=${DESTDIR-}$prefix/share/doc/luma

existing_parent() {
    directory=$1
    while [ ! -e "$directory" ]; do directory=$(dirname "$directory"); done
    printf '%s' "$directory"
}
for directory in "$lib" "$include" "$doc"; do
    directory=$(existing_parent "$directory")
    [ -w "$directory" ] || fail "no permission to write to $directory; run 'make stage', then 'sudo make install'"
done

if [ "${1-}" = --uninstall ]; then
    rm -f "$lib"/libluma.so* "$lib/libluma.a" "$lib/pkgconfig/luma.pc"
    rm -rf "$lib/cmake/luma" "$include" "$doc"
    exit 0
fi

stage=${LUMA_BUILD:-${CARGO_TARGET_DIR:-$PWD/target}/stage}
if [ -n "${LUMA_BUILD-}" ]; then
    :
elif [ "${SUDO_UID-0}" != 0 ] && [ "$SUDO_UID" = "$(stat -c %u .)" ]; then
    # Below sudo, never build: the files would belong to root, and root may not have Cargo.
    changed=$(find Cargo.toml Cargo.lock crates include src packaging LICENSE-* -newer "$stage/complete" 2>&1 || :)
    [ -z "$changed" ] || fail "$stage has no build of this source; run 'make stage' first, without sudo"
else
    sh packaging/stage.sh
fi

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
major=${version%%.*}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A shell parses the output of pkg-config, so blanks are escaped.
escape() { printf '%s' "$1" | sed 's/[\\ ]/\\&/g'; }
libraries=$(sed -n 's/^Libs.private: *-l//p' packaging/luma.pc.in | sed 's/ -l/;/g')
up=$(echo "$libdir" | sed 's|[^/][^/]*|..|g')
printf 'prefix=%s\nlibdir=${prefix}/%s\n' "$(escape "$prefix")" "$(escape "$libdir")" >"$work/luma.pc"
for file in luma.pc luma-config.cmake luma-config-version.cmake; do
    sed -e "s|@VERSION@|$version|" -e "s|@MAJOR@|$major|" -e "s|@LIBRARIES@|$libraries|" -e "s|@UP@|$up|" \
        "packaging/$file.in" >>"$work/$file"
done

# install(1) replaces files, it does not overwrite them, so that a running program keeps the old
# library.
put() { # directory, file ...
    directory=$1
    shift
    install -d -m 755 "$directory"
    install -m 644 "$@" "$directory"
}
put "$lib" "$stage/libluma.a"
install -m 644 "$stage/libluma.so" "$lib/libluma.so.$version"
ln -sfn "libluma.so.$version" "$lib/libluma.so.$major"
ln -sfn "libluma.so.$version" "$lib/libluma.so"
put "$lib/pkgconfig" "$work/luma.pc"
put "$lib/cmake/luma" "$work/luma-config.cmake" "$work/luma-config-version.cmake"
put "$include" include/luma.h include/luma.hpp
put "$doc" LICENSE-MIT LICENSE-APACHE "$stage/THIRD-PARTY-LICENSES"
