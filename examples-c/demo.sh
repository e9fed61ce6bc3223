#!/bin/sh
# Triggers workflows with examples-c/trigger.c, follows a run with wait.c and steps.c, and checks
# their exit codes. `make demo` builds everything and runs this script with a simulated gateway. In
# a terminal, or with KEEP=1, the gateway runs until Enter is pressed, so that its pages can be
# seen.
set -eu
cd "$(dirname "$0")/.."

target=${CARGO_TARGET_DIR:-$PWD/target}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for program in trigger wait steps; do
    ${CC:-cc} -std=c99 -Wall -Wextra -Wpedantic -Iinclude "examples-c/$program.c" \
        -o "$work/$program" -L"$target/release" -lluma "-Wl,-rpath,$target/release"
done

demonstrate() { # title, expected exit code, program, arguments
    title=$1 expected=$2 program=$3
    shift 3
    printf '\n%s\n\n$ %s %s\n' "$title" "$program" "$*"
    # Printed while the program runs, and kept for the last step, which needs a trigger id.
    {
        code=0
        "$work/$program" "$@" || code=$?
        echo "(exit code $code)"
    } | tee "$work/output"
    if ! grep -qx "(exit code $expected)" "$work/output"; then
        echo "the demo expected exit code $expected" >&2
        exit 1
    fi
}

printf '\nA simulated gateway is running at %s.\n' "$LUMA_URL"
demonstrate "1. Reset jdoe's password. The gateway accepts the request, and the workflow runs." 0 \
    trigger reset_password 100-1 userName=jdoe notifyBy=email
demonstrate "2. The user name is missing. The gateway rejects the request, and nothing runs." 2 \
    trigger reset_password 100-2 notifyBy=email
demonstrate "3. The connection is lost after the request was sent. Was it accepted? Nobody knows:
   sending it again could run the workflow twice." 4 \
    trigger fault-close-after-reading 100-3
demonstrate "4. Reset asmith's password, and follow the run to its end." 0 \
    wait reset_password 100-4 userName=asmith notifyBy=sms
trigger_id=$(sed -n 's/^  trigger id: //p' "$work/output")
demonstrate "5. List the steps of that run." 0 \
    steps "$trigger_id"
export LUMA_WAIT_SECONDS=2
demonstrate "6. Patch a server, which takes three minutes. The program stops waiting; the run continues." 7 \
    wait patch_server 100-5 hostName=db-7.example.com
url=$(sed -n 's/^  to see the run: //p' "$work/output")
printf '\nThe source of these programs is in examples-c/. Continue with README.md.\n'

# CI may have a terminal, but nobody presses Enter there.
if [ -n "${KEEP-}" ] || { [ -t 0 ] && [ -t 1 ] && [ -z "${CI-}" ]; }; then
    printf '\nSee that run in a browser, and all runs at %s/:\n\n  %s\n' "$LUMA_URL" "$url"
    printf '\nThe simulated gateway runs until you press Enter.\n'
    read -r _ || :
else
    printf '\nTo see that run in a browser: make demo KEEP=1. It prints the URL, and keeps the\n'
    printf 'simulated gateway running until you press Enter.\n'
fi
