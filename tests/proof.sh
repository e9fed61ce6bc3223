#!/bin/sh
# proof.sh: runs every check that is too long for CI, each with a limit, and prints how long it
# took. `make proof` runs it, as root on Debian. Stops at the first failure.
set -eu
cd "$(dirname "$0")/.."
durations=$(mktemp)
trap 'rm -f "$durations"' EXIT
trap 'exit 1' INT TERM

within() { # limit of timeout(1), arguments of make
    limit=$1
    shift
    start=$(date +%s)
    timeout "$limit" make "$@"
    echo "make $*: $(($(date +%s) - start)) s of at most $limit" >>"$durations"
}
within 30m crash-test
within 20m soak
within 30m lifecycle
within 30m total
within 30m models
within 60m seeded-faults
within 180m mutants
within 60m sanitize
within 20m fuzz SECONDS=60
within 10m bench-waits
within 60m coverage
within 30m test-rpm
within 30m test-windows
within 30m test-cross
within 30m test-dist
cat "$durations"
