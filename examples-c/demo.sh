#!/bin/sh
# Starts a simulated gateway and triggers workflows on it with examples-c/trigger.c.
# Called by `make demo`, which builds what it needs.
set -eu
cd "$(dirname "$0")/.."

work=$(mktemp -d)
simulator=
stop() {
    [ -z "$simulator" ] || kill "$simulator" 2>/dev/null || true
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 1' INT TERM

${CC:-cc} -std=c99 -Wall -Wextra -Wpedantic -Iinclude examples-c/trigger.c -o "$work/trigger" \
    -Ltarget/release -lluma "-Wl,-rpath,$PWD/target/release"

# The simulator says in one line of JSON where it is and which token it demands.
target/release/luma-simulator >"$work/gateway" &
simulator=$!
while [ ! -s "$work/gateway" ]; do
    kill -0 "$simulator" # ends the demo if the simulator could not start
    sleep 0.1
done
LUMA_URL=$(sed 's/.*"url":"\([^"]*\)".*/\1/' "$work/gateway")
LUMA_TOKEN=$(sed 's/.*"token":"\([^"]*\)".*/\1/' "$work/gateway")
export LUMA_URL LUMA_TOKEN

# Runs the example and compares its exit code with the outcome that it should tell.
show() {
    title=$1 expected=$2
    shift 2
    printf '\n%s\n$ trigger %s\n' "$title" "$*"
    code=0
    "$work/trigger" "$@" || code=$?
    if [ "$code" -ne "$expected" ]; then
        echo "the demo expected exit code $expected, not $code" >&2
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
