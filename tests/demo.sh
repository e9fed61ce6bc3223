#!/bin/sh
# Runs the demo as in a terminal, opens the URL that it prints, and checks that the gateway stops
# when Enter is pressed.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
mkfifo "$work/input"
KEEP=1 sh simulator/with-simulator.sh sh examples-c/demo.sh <"$work/input" >"$work/output" &
demo=$!
exec 3>"$work/input"
stop() {
    exec 3>&-
    kill "$demo" 2>/dev/null || :
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 1' HUP INT TERM

until grep -q 'press Enter' "$work/output"; do
    kill -0 "$demo" || { cat "$work/output"; exit 1; }
    sleep 0.1
done
url=$(sed -n 's/^  \(http.*accessKey=\)/\1/p' "$work/output")
page() {
    python3 -c 'import sys, urllib.request as r
print(r.build_opener(r.ProxyHandler({})).open(sys.argv[1], timeout=10).read().decode())' "$1"
}
page "$url" | grep -q '<bdi>Patch Server</bdi>'
page "${url%/execution/*}/" | grep -q 'Reset Password'

echo >&3
wait "$demo"
if page "$url" >"$work/page" 2>&1; then
    echo "demo.sh: the simulated gateway still runs" >&2
    exit 1
fi
# Without a terminal it does not wait for anybody.
sh simulator/with-simulator.sh sh examples-c/demo.sh </dev/null | tail -n 2 | grep -q 'press Enter'
echo "the URL of the demo opens"
