#!/bin/sh
# with-simulator.sh COMMAND [ARGUMENT ...]: runs a command beside a simulated gateway of its own,
# whose address and tokens it finds in LUMA_URL, LUMA_TOKEN and LUMA_SUPER_ADMIN_TOKEN, and whose
# tenant in LUMA_TENANT_EXTERNAL_ID.
# LUMA_SIMULATOR names the executable; unless set, it is the release build.
# LUMA_SIMULATOR_OPTIONS: options for it, such as --virtual-time.
set -eu
target=${CARGO_TARGET_DIR:-$(dirname "$0")/../target}
work=$(mktemp -d)
# shellcheck disable=SC2086 # several options
"${LUMA_SIMULATOR:-$target/release/luma-simulator}" ${LUMA_SIMULATOR_OPTIONS-} >"$work/gateway" &
simulator=$!
stop() {
    kill "$simulator" 2>/dev/null || true
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 1' INT TERM

# It says in one line of JSON where it is and which tokens it demands.
while [ ! -s "$work/gateway" ]; do
    kill -0 "$simulator" # ends this script if the simulator could not start
    sleep 0.1
done
said() {
    sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/" "$work/gateway"
}
LUMA_URL=$(said url)
LUMA_TOKEN=$(said token)
LUMA_SUPER_ADMIN_TOKEN=$(said superAdminToken)
LUMA_TENANT_EXTERNAL_ID=$(said tenantExternalId)
export LUMA_URL LUMA_TOKEN LUMA_SUPER_ADMIN_TOKEN LUMA_TENANT_EXTERNAL_ID
"$@"
