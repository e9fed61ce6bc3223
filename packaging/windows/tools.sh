#!/bin/sh
# Installs the Debian packages that building and testing for Windows needs.
#   tools.sh build    the compilers
#   tools.sh test     Wine, in a Debian root below the cache, and what the tests need
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

# A separate root, because Wine needs i386 packages, and adding that architecture would change the
# machine.
wine_root() {
    [ ! -e "$wine/complete" ] || return 0
    need_root "to create a Debian root with Wine in $wine"
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
    mirror=$(apt-get indextargets --format '$(REPO_URI)' \
        'Created-By: Packages' "Codename: $codename" 'Component: main' | head -n 1)
    if [ -z "$mirror" ]; then
        echo "tools.sh: apt has no package source for Debian release '$codename'" >&2
        exit 1
    fi
    rm -rf "$wine"
    mkdir -p "$wine"
    # Does not keep the downloaded packages.
    mmdebstrap --mode=root --architectures=amd64,i386 --variant=apt \
        --include=wine,wine64,wine32 "$codename" "$wine" "deb $mirror $codename main"
    touch "$wine/complete"
}

case ${1-} in
build)
    install gcc-mingw-w64-x86-64-win32 gcc-mingw-w64-i686-win32 llvm \
        rustc-web cargo-web rust-web-src gcc libc6-dev dpkg-dev jq zip
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
