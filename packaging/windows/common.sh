# shellcheck shell=sh disable=SC2034 # the scripts that source it use the variables
# Sourced by the scripts of this directory: their shared variables and functions.
root=$(cd "$(dirname "$0")/../.." && pwd)
# Outside the source tree, so that a new clone does not download and build everything again.
cache=${LUMA_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/libluma}
target=$cache/windows-target
wine=$cache/wine

need_root() {
    if [ "$(id -u)" != 0 ]; then
        echo "$(basename "$0"): needs root $1" >&2
        exit 1
    fi
}

# Sets the names of compilers and directories for 64 or 32 bits.
names() {
    width=$1
    case $width in
    64) machine=x86_64 dlltool=i386:x86-64 ;;
    32) machine=i686 dlltool=i386 ;;
    *) echo "$(basename "$0"): the first argument must be 64 or 32" >&2 && exit 2 ;;
    esac
    prefix=$machine-w64-mingw32
    gcc=$prefix-gcc-win32
    # Supports Windows 7 and later; the -pc- targets need Windows 10.
    triple=$machine-win7-windows-gnu
    dist=$root/dist/win$width
    work=${CARGO_TARGET_DIR:-$root/target}/windows/$width
}
