#!/bin/sh
# natives.sh KIND [LIBRARY]: prints the native libraries for one kind of package, a line each:
#
#     PLATFORM NAME LIBRARY LICENCES
#
# that is the package system's name of the platform, the library's name in the package, its path,
# and the path of its licences. KIND is nuget, wheel, jar, npm, gem, php or perl. Prints those that
# `make dist` and `make windows` have built; or only a given library, as the one for this machine.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
kind=$1 library=${2:+$(realpath "$2")}

# A machine with two names in one package system has two packages. A wheel has both names of its
# tag: pip before 20.3, and `pip download --platform`, know the older one only.
table() {
    cat <<END
machine nuget       wheel                                        jar           npm         gem                        php            perl
x86_64  linux-x64   manylinux_2_17_x86_64.manylinux2014_x86_64   linux-x86-64  linux-x64   x86_64-linux               linux-x86_64   linux-x64
aarch64 linux-arm64 manylinux_2_17_aarch64.manylinux2014_aarch64 linux-aarch64 linux-arm64 aarch64-linux              linux-aarch64  linux-arm64
win64   win-x64     win_amd64                                    win32-x86-64  win32-x64   x64-mingw-ucrt,x64-mingw32 windows-amd64  win-x64
win32   win-x86     win32                                        win32-x86     win32-ia32  x86-mingw32                windows-x86    win-x86
END
}
# Whether a library has all functions: one that was built before the last change has not.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
grep '^luma_' "$root/tests/luma.symbols" >"$work/names"
is_current() { # library
    [ "$(grep -aoFf "$work/names" "$1" | sort -u | wc -l)" = "$(wc -l <"$work/names")" ]
}
# Python, Perl and the others load the library by its soname; JNA by the name of the linker.
name=libluma.so.0
[ "$kind" != jar ] || name=libluma.so

table | awk -v kind="$kind" '
    NR == 1 { for (i = 2; i <= NF; i++) if ($i == kind) column = i }
    NR > 1 && column { gsub(",", " ", $column); print $1, $column }' |
    while read -r machine platforms; do
        case $machine in
        win*) built=$root/dist/$machine/luma.dll licences=THIRD-PARTY-LICENSES.txt name=luma.dll ;;
        *) built=$target/portable/$machine/libluma.so licences=THIRD-PARTY-LICENSES ;;
        esac
        licences=$(dirname "$built")/$licences
        if [ -n "$library" ]; then
            [ "$machine" = "$(uname -m)" ] || continue
            built=$library licences=/dev/null
        fi
        [ -f "$built" ] || continue
        is_current "$built" || {
            echo "natives.sh: $built is older than this source: build it again, or remove it" >&2
            exit 1
        }
        for platform in $platforms; do
            echo "$platform $name $built $licences"
        done
    done >"$work/found" || exit 1
grep . "$work/found" || {
    echo "natives.sh: no library is built; run make dist, or: sh packaging/portable.sh $(uname -m)" >&2
    exit 1
}
