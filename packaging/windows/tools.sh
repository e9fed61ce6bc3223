#!/bin/sh
# Installs what building and testing for Windows needs, where it is missing: packages of Debian.
#   tools.sh build    the compilers
#   tools.sh test     a Debian with Wine in a folder of the cache, and the servers of the tests
set -eu
. "$(dirname "$0")/common.sh"

install() {
    missing=
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok' ||
            missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    need_root "to install$missing"
    apt-get -q -o DPkg::Lock::Timeout=300 update
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
        install --no-install-recommends $missing
}

# In a root of its own, because adding i386 to the machine's packages would change the machine.
wine_root() {
    [ ! -e "$wine/made" ] || return 0
    need_root "to make a Debian with Wine in $wine"
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
    # shellcheck disable=SC2016 # a name of apt's
    mirror=$(apt-get indextargets --format '$(REPO_URI)' \
        'Created-By: Packages' "Codename: $codename" 'Component: main' | head -n 1)
    if [ -z "$mirror" ]; then
        echo "tools.sh: apt knows no source of Debian's packages, release '$codename'" >&2
        exit 1
    fi
    rm -rf "$wine"
    mkdir -p "$wine"
    # The packages need not be kept.
    mmdebstrap --mode=root --architectures=amd64,i386 --variant=apt \
        --include=wine,wine64,wine32 "$codename" "$wine" "deb $mirror $codename main"
    touch "$wine/made"
}

case ${1-} in
build)
    install gcc-mingw-w64-x86-64-win32 gcc-mingw-w64-i686-win32 llvm \
        rustc-web cargo-web rust-web-src gcc libc6-dev dpkg-dev zip
    ;;
test)
    install mmdebstrap util-linux lld tinyproxy \
        g++-mingw-w64-x86-64-posix g++-mingw-w64-i686-posix
    wine_root
    ;;
*)
    echo "usage: tools.sh build|test" >&2
    exit 2
    ;;
esac
