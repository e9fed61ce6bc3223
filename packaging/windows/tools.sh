#!/bin/sh
# Installs the Debian packages that building and testing for Windows needs.
#   tools.sh build    the compilers
#   tools.sh test     Wine, in a Debian root below the cache, and what the tests need
set -eu
. "$(dirname "$0")/common.sh"
. "$root/packaging/debian-root.sh"

case ${1-} in
build)
    sh "$root/packaging/packages.sh" gcc-mingw-w64-x86-64-win32 gcc-mingw-w64-i686-win32 llvm \
        rustc-web cargo-web rust-web-src gcc libc6-dev dpkg-dev jq zip osslsigncode wixl msitools \
        faketime uuid-runtime
    ;;
test)
    sh "$root/packaging/packages.sh" mmdebstrap util-linux lld tinyproxy mono-mcs python3-venv \
        g++-mingw-w64-x86-64-posix g++-mingw-w64-i686-posix
    # A separate root, because Wine needs i386 packages, and adding that architecture would change
    # the machine.
    debian_root '' "$wine" wine,wine64,wine32 amd64,i386
    ;;
*)
    echo "usage: tools.sh build|test" >&2
    exit 2
    ;;
esac
