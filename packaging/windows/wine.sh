#!/bin/sh
# wine.sh PROGRAM ARGUMENT ...: runs a Windows program with Wine in its Debian root. The program
# shares network and environment with the host, and sees the source tree, the cache and its own
# directory.
set -eu
. "$(dirname "$0")/common.sh"
need_root "to run a program in $wine"

# A pitfall: with backtraces, a panic in a 32-bit program crashes inside Wine, which then exits with
# 0.
export RUST_BACKTRACE=0 WINEDEBUG=-all 'WINEDLLOVERRIDES=mscoree,mshtml=;winedbg.exe=d'
# Wine needs it to decode file names.
export LC_ALL=C.UTF-8
case $1 in
*/*) directory=$(cd "$(dirname "$1")" && pwd) ;;
*) directory=$root ;;
esac
export WINEPREFIX=/var/lib/luma-wine HOME=/root wine root target directory
mkdir -p "$target" "$wine$root" "$wine$target" "$wine$directory"
# The mounts are visible to this program only and end with it.
exec unshare --mount --propagation private sh -c '
    mount -t proc proc "$wine/proc"
    mount --bind "$root" "$wine$root"
    mount --bind "$target" "$wine$target"
    mount --bind "$directory" "$wine$directory"
    exec chroot "$wine" sh -c '\''cd "$0" && exec wine "$@"'\'' "$PWD" "$@"
' wine "$@"
