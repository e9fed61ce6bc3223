#!/bin/sh
# wine.sh PROGRAM ARGUMENT ...: runs a Windows program with Wine in its own Debian, which shares the
# network and the environment, and sees the clone, the cache and the program's folder.
set -eu
. "$(dirname "$0")/common.sh"
need_root "to run a program in $wine"

# A trap: with backtraces, a panic of a 32-bit program crashes within Wine, which then tells 0.
export RUST_BACKTRACE=0 WINEDEBUG=-all 'WINEDLLOVERRIDES=mscoree,mshtml=;winedbg.exe=d'
# By which Wine knows the names of files.
export LC_ALL=C.UTF-8
case $1 in
*/*) folder=$(cd "$(dirname "$1")" && pwd) ;;
*) folder=$root ;;
esac
export WINEPREFIX=/var/lib/luma-wine HOME=/root wine root target folder
mkdir -p "$target" "$wine$root" "$wine$target" "$wine$folder"
# The mounts are seen by this program alone and end with it.
# shellcheck disable=SC2016 # expanded by the inner shell
exec unshare --mount --propagation private sh -c '
    mount -t proc proc "$wine/proc"
    mount --bind "$root" "$wine$root"
    mount --bind "$target" "$wine$target"
    mount --bind "$folder" "$wine$folder"
    exec chroot "$wine" sh -c '\''cd "$0" && exec wine "$@"'\'' "$PWD" "$@"
' wine "$@"
