#!/bin/sh
# Triggers workflows with examples-c/trigger.c, watches a run with wait.c and steps.c, and compares
# what they tell with what they should.
# `make demo` builds what it needs and runs it beside a simulated gateway.
set -eu
cd "$(dirname "$0")/.."

target=${CARGO_TARGET_DIR:-$PWD/target}
programs=$(mktemp -d)
trap 'rm -rf "$programs"' EXIT
for program in trigger wait steps; do
    ${CC:-cc} -std=c99 -Wall -Wextra -Wpedantic -Iinclude "examples-c/$program.c" \
        -o "$programs/$program" -L"$target/release" -lluma "-Wl,-rpath,$target/release"
done

show() { # title, expected exit code, program, arguments
    title=$1 expected=$2 program=$3
    shift 3
    printf '\n%s\n$ %s %s\n' "$title" "$program" "$*"
    # Shown while it runs, and kept: the trigger id in it is what the last step asks for.
    {
        code=0
        "$programs/$program" "$@" || code=$?
        echo "  exit code $code"
    } | tee "$programs/said"
    if ! grep -qx "  exit code $expected" "$programs/said"; then
        echo "the demo expected exit code $expected" >&2
        exit 1
    fi
}

printf '\nA simulated gateway runs at %s\n' "$LUMA_URL"
show "1. Reset jdoe's password. The gateway accepts, and the workflow runs:" 0 \
    trigger reset_password 100-1 userName=jdoe notifyBy=email
show "2. The same without a user name. The gateway rejects it, and nothing runs:" 2 \
    trigger reset_password 100-2 notifyBy=email
show "3. The connection breaks after the request went out. Sending it again might run it twice:" 4 \
    trigger fault-close-after-reading 100-3
show "4. Reset asmith's password, and watch the run to its end:" 0 \
    wait reset_password 100-4 userName=asmith notifyBy=sms
trigger_id=$(sed -n 's/^  trigger id: //p' "$programs/said")
show "5. What the run did, and how long each step took:" 0 \
    steps "$trigger_id"
printf '\nThe programs are in examples-c/; README.md goes on from here.\n'
