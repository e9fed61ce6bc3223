#!/bin/sh
# with-simulator.sh COMMAND [ARGUMENT ...]
#
# Starts a simulated gateway, runs the command, and stops the gateway. The command finds it through
# LUMA_URL, LUMA_TOKEN, LUMA_SUPER_ADMIN_TOKEN and LUMA_TENANT_EXTERNAL_ID; with --tls also
# LUMA_CA_FILE.
#
# LUMA_SIMULATOR: the luma-simulator to run (default: the release build)
# LUMA_SIMULATOR_OPTIONS: its options, such as --virtual-time
set -eu
target=${CARGO_TARGET_DIR:-$(dirname "$0")/../target}
work=$(mktemp -d)
# shellcheck disable=SC2086 # the options are split into words
"${LUMA_SIMULATOR:-$target/release/luma-simulator}" ${LUMA_SIMULATOR_OPTIONS-} >"$work/ready" &
simulator=$!
stop() {
    kill "$simulator" 2>/dev/null || true
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 1' HUP INT TERM

# When it is ready, it prints one line of JSON.
while [ ! -s "$work/ready" ]; do
    kill -0 "$simulator" # fails, and ends this script, if the simulator did not start
    sleep 0.1
done
field() {
    sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/" "$work/ready"
}
LUMA_URL=$(field url)
LUMA_TOKEN=$(field token)
LUMA_SUPER_ADMIN_TOKEN=$(field superAdminToken)
LUMA_TENANT_EXTERNAL_ID=$(field tenantExternalId)
export LUMA_URL LUMA_TOKEN LUMA_SUPER_ADMIN_TOKEN LUMA_TENANT_EXTERNAL_ID
if grep -q '"caFile"' "$work/ready"; then
    LUMA_CA_FILE=$(field caFile)
    export LUMA_CA_FILE
fi
"$@"
