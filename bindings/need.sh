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
