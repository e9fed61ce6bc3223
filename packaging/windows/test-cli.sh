#!/bin/sh
# test-cli.sh WIDTH: runs the tests of the command and of the simulator as Windows programs, with
# Wine. A program passes only if its last line says so, too.
set -eu
. "$(dirname "$0")/common.sh"
names "$1"
here=$root/packaging/windows
work=$work/cli
rm -rf "$work"
mkdir -p "$work"
cd "$root"
"$here/wine.sh" wineboot

# Without debug information, and optimised in part, as in test.sh.
CARGO_PROFILE_DEV_DEBUG=0 "$here/cargo.sh" "$width" test --package luma-cli --package luma-simulator --tests --no-run \
    --config profile.dev.package.luma-automation.opt-level=1 \
    --config profile.dev.package.ureq.opt-level=1 \
    --config profile.dev.package.ureq-proto.opt-level=1 2>&1 | tee "$work/built"
sed -n 's/^ *Executable .*(\(.*\.exe\))$/\1/p' "$work/built" >"$work/programs"
[ -s "$work/programs" ]
while read -r program; do
    name=$(basename "$program") status=0
    echo "== $name, $width bit"
    timeout --kill-after=10 900 "$here/wine.sh" "$program" </dev/null >"$work/output" 2>&1 || status=$?
    tr -d '\r' <"$work/output" >"$work/log"
    last=$(grep -v '^$' "$work/log" | tail -n 1)
    case "$status $last" in
    '0 test result: ok. '*'; 0 failed; '*) echo "$last" ;;
    *) cat "$work/log" && echo "test-cli.sh: $name failed with status $status" >&2 && exit 1 ;;
    esac
done <"$work/programs"
