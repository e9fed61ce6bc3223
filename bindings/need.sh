#!/bin/sh
# For bindings/*/test.sh:  . ../need.sh

# need TOOL INSTALL_COMMAND: ends the script, as skipped, if the tool is not installed. If CI=true,
# installs it from Debian.
need() {
    command -v "$1" >/dev/null && return
    case ${CI-}:$2 in
    true:'apt-get install '*)
        # shellcheck disable=SC2086 # several packages
        sh ../../packaging/packages.sh ${2#apt-get install }
        ;;
    *) need_because "$1 is not installed" "$2" ;;
    esac
}

# need_because REASON INSTALL_COMMAND: ends the script, as skipped.
need_because() {
    echo "skipped: $1 ($2)"
    exit 77
}

# build_packages: builds the packages of a language with LUMA_LIBRARY, or takes those in the
# directory LUMA_PACKAGES. Sets packages, a directory.
build_packages() {
    packages=${LUMA_PACKAGES-}
    [ -n "$packages" ] || {
        packages=$LUMA_BUILD_DIR/packages
        sh package.sh "$packages" "$LUMA_LIBRARY"
    }
}

# platform_of KIND: the name of this machine in a kind of package, see natives.sh.
platform_of() {
    sh ../natives.sh "$1" "$LUMA_LIBRARY" | cut -d ' ' -f 1
}
