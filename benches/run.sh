#!/bin/sh
# Measures libluma beside what a user would write instead, and writes docs/cost.md and docs/cost.svg.
# `make bench` builds what it needs and runs it below serve.sh. Fails when a target is missed.
#
# Every figure goes into one file, a line each: what was done, who did it, the figure's name, its value.
set -eu
cd "$(dirname "$0")"
. ./count.sh

COUNTED="200 700"   # two numbers of calls
ROUNDS=11           # of all clients in turn, for times; odd, so that there is a median
TIMED=2000          # calls in a round
COLD_ROUNDS=41
THREADED=32000      # calls of all threads together
THREAD_ROUNDS=21

programs=$BENCH_PROGRAMS
results=$programs/results
: >"$results"
library=$programs/../release/libluma.so

clients="luma curl-cjson"
! pkg-config --exists yyjson || clients="$clients curl-yyjson"
clients="$clients ureq ureq-timeout ureq-least raw"

say() {
    echo "$*" >&2
}
note() {
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
use_client() { # client, scenario: sets $program; fails if the one does not do the other
    unset BENCH_TIMEOUT BENCH_LEAST
    program=$programs/$1
    case $1 in
    ureq-timeout)
        export BENCH_TIMEOUT=1
        program=$programs/ureq
        ;;
    ureq-least)
        export BENCH_LEAST=1
        program=$programs/ureq
        [ "${2%-*}" = http ] # It speaks no TLS.
        ;;
    esac
}

counts() { # what, who, two numbers of calls, a program
    what=$1 who=$2 few=$3 many=$4
    shift 4
    for counter in instructions allocations system_calls; do
        figure=$(per_call $counter "$few" "$many" "$@")
        note "$what $who $counter $figure"
    done
}

timings() { # what, who, round, number of calls, a program
    what=$1 who=$2 round=$3 calls=$4
    shift 4
    figures=$("$@" "$calls" time)
    # shellcheck disable=SC2086 # three figures
    set -- $figures
    note "$what $who p50 $1 $round"
    note "$what $who p99 $2 $round"
    note "$what $who processor $3 $round"
}

triggers() {
    for scenario in http-5 http-17 https-5 https-17; do
        say "counting triggers: $scenario"
        use_scenario $scenario
        for client in $clients; do
            use_client "$client" $scenario || continue
            # shellcheck disable=SC2086 # two numbers
            counts $scenario "$client" $COUNTED "$program"
        done
    done
    for round in $(seq $ROUNDS); do
        say "timing triggers: round $round of $ROUNDS"
        for scenario in http-5 http-17 https-5 https-17; do
            use_scenario $scenario
            for client in $clients; do
                use_client "$client" $scenario || continue
                timings $scenario "$client" "$round" $TIMED "$program"
            done
        done
    done
}

cold_start() { # what, clients
    what=$1
    shift
    say "first calls: $what"
    figures=$(for client in "$@"; do echo "$programs/$client"; done |
        xargs "$programs/cold" $COLD_ROUNDS)
    while read -r microseconds kibibytes; do
        note "$what $1 microseconds $microseconds"
        note "$what $1 kibibytes $kibibytes"
        shift
    done <<END
$figures
END
}
cold_starts() {
    use_scenario http-5
    cold_start cold-http luma curl-cjson ureq
    use_scenario https-5
    cold_start cold-https luma curl-cjson ureq
    # As the system's store is found, with one certificate more.
    unset BENCH_CA
    cat /etc/ssl/certs/ca-certificates.crt "$BENCH_CA_FILE" >"$BENCH_CA_FILE.all"
    export SSL_CERT_FILE="$BENCH_CA_FILE.all" SSL_CERT_DIR=/etc/ssl/certs
    cold_start cold-https-system luma curl-cjson
    unset SSL_CERT_FILE SSL_CERT_DIR
}

libraries_of() { # a program: its libraries, but for what every program has
    ldd "$1" | awk '$2 == "=>" && $3 ~ /^\// && $1 !~ /^libc\.so/ { print $3 }'
}
library_files() {
    say "loading libraries"
    set -- luma curl-cjson
    curl=$(ldd "$programs/curl-cjson" | awk '$1 ~ /^libcurl/ { print $3 }')
    figures=$("$programs/load" $COLD_ROUNDS "$library" "$curl")
    while read -r microseconds; do
        note "load $1 microseconds $microseconds"
        shift
    done <<END
$figures
END
    for client in luma curl-cjson; do
        note "files $client count $(libraries_of "$programs/$client" | wc -l)"
        bytes=$(libraries_of "$programs/$client" | xargs cat | wc -c)
        note "files $client bytes $bytes"
    done
    note "files luma own_bytes $(wc -c <"$library")"
    others=$(readelf -d "$library" | grep NEEDED | grep -c -v -E 'lib(c|gcc_s)\.so|ld-linux' || true)
    note "files luma others $others"
}

thread_scaling() {
    export BENCH_URL="$BENCH_SHARED"
    for round in $(seq $THREAD_ROUNDS); do
        say "threads: round $round of $THREAD_ROUNDS"
        for threads in 1 2 4 8 16; do
            together $threads 1 one-client "$round"
        done
        together 8 8 eight-clients "$round"
    done
}
together() { # threads, clients, who, round
    rate=$(taskset -c "$BENCH_PROCESSORS" "$programs/threads" "$1" "$2" $((THREADED / $1)))
    note "threads-$1 $3 calls_per_second $rate $4"
}

other_calls() {
    use_scenario http-5
    for kind in history:100:300 steps:2:6 steps-by-pointer:2:6 \
        variables-1:100:300 variables-100:20:60 variables-10000:2:6; do
        say "other calls: ${kind%%:*}"
        numbers=${kind#*:}
        kind=${kind%%:*}
        counts "$kind" luma "${numbers%:*}" "${numbers#*:}" "$programs/calls" "$kind"
        for round in 1 2 3; do
            timings "$kind" luma $round 200 "$programs/calls" "$kind"
        done
    done
}

wait_of_an_hour() {
    say "a wait of an hour"
    use_scenario http-5
    LD_PRELOAD=$programs/virtual_time.so
    export LD_PRELOAD
    for counter in instructions allocations system_calls; do
        with=$($counter "$programs/wait")
        without=$($counter "$programs/wait" none)
        note "wait luma $counter $((with - without))"
    done
    looks=$("$programs/wait")
    note "wait luma looks $looks"
    unset LD_PRELOAD
}

versions() {
    commit=$(git rev-parse --short HEAD 2>/dev/null || true)
    note "version - libluma $(sed -n 's/^version = "\(.*\)"/\1/p' ../Cargo.toml | head -1) ${commit:+at $commit}"
    note "version - rustc $(rustc --version | cut -d' ' -f2)"
    note "version - ureq $(sed -n 's/^ureq = .*"=\(.*\)", .*/\1/p' ureq/Cargo.toml)"
    note "version - libcurl $(pkg-config --modversion libcurl)"
    note "version - cJSON $(pkg-config --modversion libcjson)"
    ! pkg-config --exists yyjson || note "version - yyjson $(pkg-config --modversion yyjson)"
    note "version - OpenSSL $(pkg-config --modversion openssl)"
    note "version - nginx $(nginx -v 2>&1 | sed 's/.*\///')"
    note "version - valgrind $(valgrind --version | sed 's/valgrind-//')"
    note "version - Linux $(uname -r | sed 's/[^0-9.].*//')"
    libc=$(getconf GNU_LIBC_VERSION | cut -d' ' -f2)
    note "version - glibc $libc"
    is_virtual=$(grep -q -w hypervisor /proc/cpuinfo && echo ", of a virtual machine" || true)
    note "version - processors $(nproc --all), $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)$is_virtual"
}

note "size response bytes $(tr -d '\n' <../tests/fixtures/trigger-success.json | wc -c)"
note "size round calls $TIMED"
versions
triggers
cold_starts
library_files
thread_scaling
other_calls
wait_of_an_hour

mkdir -p ../docs
missed=0
awk -v date="$(date -u +%Y-%m-%d)" -v table=../docs/cost.md -f figures.awk -f table.awk "$results" ||
    missed=1
awk -f figures.awk -f plot.awk "$results" >../docs/cost.svg
say "written: docs/cost.md, docs/cost.svg"
exit $missed
