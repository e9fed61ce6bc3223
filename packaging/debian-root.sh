# shellcheck shell=sh
# Sourced: debian_root CODENAME DIRECTORY PACKAGE,... [ARCHITECTURES] makes a Debian root, once,
# from the package source of this machine. Does not keep the downloaded packages.
debian_root() {
    [ ! -e "$2/complete" ] || return 0
    if [ "$(id -u)" != 0 ]; then
        echo "$(basename "$0"): needs root to create a Debian root in $2" >&2
        exit 1
    fi
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
    mirror=$(apt-get indextargets --format '$(REPO_URI)' \
        'Created-By: Packages' "Codename: $codename" 'Component: main' | head -n 1)
    if [ -z "$mirror" ]; then
        echo "$(basename "$0"): apt has no package source for Debian release '$codename'" >&2
        exit 1
    fi
    rm -rf "$2"
    mkdir -p "$2"
    mmdebstrap --mode=root ${4:+"--architectures=$4"} --variant=apt "--include=$3" "${1:-$codename}" "$2" \
        "deb $mirror ${1:-$codename} main"
    touch "$2/complete"
}
