#!/bin/sh
# For bindings/*/test.sh:  . ../need.sh

# need TOOL INSTALL_COMMAND: ends the script, as skipped, if the tool is not installed.
need() {
    command -v "$1" >/dev/null || need_because "$1 is not installed" "$2"
}

# need_because REASON INSTALL_COMMAND: ends the script, as skipped.
need_because() {
    echo "skipped: $1 ($2)"
    exit 77
}
