# Names that the scripts of this folder share. Read by each of them.
root=$(cd "$(dirname "$0")/../.." && pwd)
# Outside the clone, so that a new one need not download and build it again.
cache=${LUMA_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/libluma}
target=$cache/windows-target
wine=$cache/wine

need_root() {
    if [ "$(id -u)" != 0 ]; then
        echo "$(basename "$0"): must be run as root $1" >&2
        exit 1
    fi
}

# What compilers and folders are called for a width.
names() {
    width=$1
    case $width in
    64) machine=x86_64 dlltool=i386:x86-64 ;;
    32) machine=i686 dlltool=i386 ;;
    *) echo "$(basename "$0"): a width is 64 or 32" >&2 && exit 2 ;;
    esac
    prefix=$machine-w64-mingw32
    gcc=$prefix-gcc-win32
    # These run from Windows 7 on; those named -pc- need Windows 10.
    triple=$machine-win7-windows-gnu
    dist=$root/dist/win$width
    work=${CARGO_TARGET_DIR:-$root/target}/windows/$width
}
