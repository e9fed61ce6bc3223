#!/bin/sh
# Triggers workflows with examples-c/trigger.c and compares what it tells with what it should.
# `make demo` builds what it needs and runs it beside a simulated gateway.
set -eu
cd "$(dirname "$0")/.."

target=${CARGO_TARGET_DIR:-$PWD/target}
trigger=$(mktemp)
trap 'rm -f "$trigger"' EXIT
${CC:-cc} -std=c99 -Wall -Wextra -Wpedantic -Iinclude examples-c/trigger.c -o "$trigger" \
    -L"$target/release" -lluma "-Wl,-rpath,$target/release"

show() { # title, expected exit code, arguments
    title=$1 expected=$2
    shift 2
    printf '\n%s\n$ trigger %s\n' "$title" "$*"
    code=0
    "$trigger" "$@" || code=$?
    echo "  exit code $code"
    if [ "$code" -ne "$expected" ]; then
        echo "the demo expected exit code $expected" >&2
        exit 1
    fi
}

printf '\nA simulated gateway runs at %s\n' "$LUMA_URL"
show "1. Reset jdoe's password. The gateway accepts, and the workflow runs:" 0 \
    reset_password 100-1 userName=jdoe notifyBy=email
show "2. The same without a user name. The gateway rejects it, and nothing runs:" 2 \
    reset_password 100-2 notifyBy=email
show "3. The connection breaks after the request went out. Sending it again might run it twice:" 4 \
    fault-close-after-reading 100-3
printf '\nThe program is examples-c/trigger.c; README.md goes on from here.\n'
