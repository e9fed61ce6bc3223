#!/bin/sh
# Compares libluma with the alternatives, and writes docs/cost.md. `make bench` builds the programs
# and runs this script below serve.sh. Fails if a limit is exceeded.
#
# The results are one file with a figure per line: scenario, client, name of the figure, value.
set -eu
cd "$(dirname "$0")"
. ./count.sh

COUNTED="200 700"   # two numbers of calls
ROUNDS=11           # for times, each with all clients in turn; odd, for the median
TIMED=2000          # calls per round
COLD_ROUNDS=41
THREADED=100        # calls of each thread
THREAD_ROUNDS=11

programs=$BENCH_PROGRAMS
results=$programs/results
: >"$results"
library=$programs/../release/libluma.so

clients="luma curl ureq ureq-timeout ureq-minimal raw"

progress() {
    echo "$*" >&2
}
record() {
    echo "$*" >>"$results"
}

use_scenario() {
    case $1 in
    http-5) BENCH_URL=$BENCH_HTTP ;;
    http-17) BENCH_URL=$BENCH_HTTP/17 ;;
    https-5) BENCH_URL=$BENCH_HTTPS ;;
    https-17) BENCH_URL=$BENCH_HTTPS/17 ;;
    esac
    export BENCH_URL BENCH_CA="$BENCH_CA_FILE"
}
use_client() { # client, scenario: sets $program; fails if the client does not support the scenario
    unset BENCH_TIMEOUT BENCH_MINIMAL
    program=$programs/$1
    case $1 in
    ureq-timeout)
        export BENCH_TIMEOUT=1
        program=$programs/ureq
        ;;
    ureq-minimal)
        export BENCH_MINIMAL=1
        program=$programs/ureq
        [ "${2%-*}" = http ] # without TLS
        ;;
    esac
}

record_counts() { # scenario, client, two numbers of calls, program and arguments
    scenario=$1 client=$2 few=$3 many=$4
    shift 4
    for counter in instructions allocations system_calls; do
        figure=$(per_call $counter "$few" "$many" "$@")
        record "$scenario $client $counter $figure"
    done
}

record_times() { # scenario, client, number of calls, program and arguments
    scenario=$1 client=$2 calls=$3
    shift 3
    figures=$("$@" "$calls" time)
    # shellcheck disable=SC2086 # three figures
    set -- $figures
    record "$scenario $client p50 $1"
    record "$scenario $client p99 $2"
    record "$scenario $client cpu $3"
}

triggers() {
    for scenario in http-5 http-17 https-5 https-17; do
        progress "triggers, counts: $scenario"
        use_scenario "$scenario"
        for client in $clients; do
            use_client "$client" "$scenario" || continue
            # shellcheck disable=SC2086 # two numbers
            record_counts "$scenario" "$client" $COUNTED "$program"
        done
    done
    for round in $(seq $ROUNDS); do
        progress "triggers, times: round $round of $ROUNDS"
        for scenario in http-5 http-17 https-5 https-17; do
            use_scenario "$scenario"
            for client in $clients; do
                use_client "$client" "$scenario" || continue
                record_times "$scenario" "$client" $TIMED "$program"
            done
        done
    done
}

cold_start() { # scenario, clients
    scenario=$1
    shift
    progress "first calls: $scenario"
    figures=$(for client in "$@"; do echo "$programs/$client"; done |
        xargs "$programs/cold" $COLD_ROUNDS)
    while read -r microseconds kibibytes; do
        record "$scenario $1 microseconds $microseconds"
        record "$scenario $1 kibibytes $kibibytes"
        shift
    done <<EOF
$figures
EOF
}
cold_starts() {
    use_scenario http-5
    cold_start cold-http luma curl ureq
    use_scenario https-5
    cold_start cold-https luma curl ureq
    # The system's trust store, with the server's issuer added.
    unset BENCH_CA
    cat /etc/ssl/certs/ca-certificates.crt "$BENCH_CA_FILE" >"$BENCH_CA_FILE.all"
    export SSL_CERT_FILE="$BENCH_CA_FILE.all" SSL_CERT_DIR=/etc/ssl/certs
    cold_start cold-https-system luma curl
    unset SSL_CERT_FILE SSL_CERT_DIR
}

libraries_of() { # program: the libraries that it loads, without the C library
    ldd "$1" | awk '$2 == "=>" && $3 ~ /^\// && $1 !~ /^libc\.so/ { print $3 }'
}
library_files() {
    progress "loading the libraries"
    set -- luma curl
    curl=$(ldd "$programs/curl" | awk '$1 ~ /^libcurl/ { print $3 }')
    figures=$("$programs/load" $COLD_ROUNDS "$library" "$curl")
    while read -r microseconds; do
        record "load $1 microseconds $microseconds"
        shift
    done <<EOF
$figures
EOF
    for client in luma curl; do
        record "files $client count $(libraries_of "$programs/$client" | wc -l)"
        bytes=$(libraries_of "$programs/$client" | xargs cat | wc -c)
        record "files $client bytes $bytes"
    done
    record "files luma own_bytes $(wc -c <"$library")"
}

thread_scaling() {
    export BENCH_URL="$BENCH_SLOW"
    unset BENCH_CA
    for round in $(seq $THREAD_ROUNDS); do
        progress "threads: round $round of $THREAD_ROUNDS"
        for threads in 1 8 64; do
            record_rate $threads 1 shared
            record_rate $threads $threads separate
        done
    done
}
record_rate() { # threads, clients, shared or separate
    rate=$(taskset -c "$BENCH_PROCESSORS" "$programs/threads" "$1" "$2" $THREADED)
    record "threads-$1 $3 calls_per_second $rate"
}

other_calls() {
    use_scenario http-5
    for kind in history:100:300 steps:2:6 steps-by-pointer:2:6 \
        variables-1:100:300 variables-100:20:60 variables-10000:2:6 \
        once:100:300 once-again:100:300; do
        progress "other calls: ${kind%%:*}"
        numbers=${kind#*:}
        kind=${kind%%:*}
        record_counts "$kind" luma "${numbers%:*}" "${numbers#*:}" "$programs/calls" "$kind"
        for _ in 1 2 3; do
            record_times "$kind" luma 200 "$programs/calls" "$kind"
        done
    done
    rm -rf "$BENCH_PROGRAMS"/journal-*
}

versions() {
    commit=$(git rev-parse --short HEAD 2>/dev/null || true)
    record "version - libluma $(sed -n 's/^version = "\(.*\)"/\1/p' ../Cargo.toml | head -1)${commit:+ at $commit}"
    record "version - rustc $(rustc --version | cut -d' ' -f2)"
    record "version - ureq $(sed -n '/^name = "ureq"/{n;s/version = "\(.*\)"/\1/p}' ureq/Cargo.lock)"
    record "version - libcurl $(pkg-config --modversion libcurl)"
    record "version - cJSON $(pkg-config --modversion libcjson)"
    record "version - OpenSSL $(pkg-config --modversion openssl)"
    record "version - nginx $(nginx -v 2>&1 | sed 's/.*\///')"
    record "version - valgrind $(valgrind --version | sed 's/valgrind-//')"
    record "version - Linux $(uname -r | sed 's/[^0-9.].*//')"
    libc=$(getconf GNU_LIBC_VERSION | cut -d' ' -f2)
    record "version - glibc $libc"
    is_virtual=$(grep -q -w hypervisor /proc/cpuinfo && echo ", virtual machine" || true)
    record "version - processors: $(nproc --all), $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)$is_virtual"
}

record "size response bytes $(tr -d '\n' <../tests/fixtures/trigger-success.json | wc -c)"
record "size round calls $TIMED"
versions
triggers
cold_starts
library_files
thread_scaling
other_calls

exceeded=0
awk -v date="$(date -u +%Y-%m-%d)" -v table=../docs/cost.md -f grouped.awk -f figures.awk -f table.awk "$results" ||
    exceeded=1
progress "wrote docs/cost.md"
exit $exceeded
