#!/bin/sh
# sanitize.sh thread|address [ROUNDS]: builds the library and its tests with ThreadSanitizer or
# AddressSanitizer. Runs the tests in Rust, C and C++, and tests/c/stress.c against the simulator,
# over http and https. Then it lets that program make a mistake, which must be reported. Installs
# the Debian packages that it needs.
set -eu
cd "$(dirname "$0")/.."
root=$PWD kind=${1-} rounds=${2:-30}
case $kind in
thread) mistake=--race gcc_runtime=tsan package=libtsan2 report='WARNING: ThreadSanitizer: data race' ;;
address) mistake=--use-after-free gcc_runtime=asan package=libasan8 report='ERROR: AddressSanitizer: heap-use-after-free' ;;
*) echo "usage: sanitize.sh thread|address [ROUNDS]" >&2 && exit 2 ;;
esac
sh packaging/packages.sh rustc-web cargo-web rust-web-src gcc g++ clang libc6-dev "$package" \
    nginx-light openssl tinyproxy python3-pycparser util-linux iproute2
machine=$(rustc -vV | sed -n 's/^host: //p')
target=${CARGO_TARGET_DIR:-$root/target}/sanitize/$kind
work=$(mktemp -d)
export TMPDIR="$work"
. tests/support/check.sh
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# With --target, the flags do not apply to build scripts.
unset CARGO_ENCODED_RUSTFLAGS RUSTC_WRAPPER
flags="-Zsanitizer=$kind -Cdebuginfo=1 -Cstrip=none"
instrumented() { # arguments of cargo
    case $kind in
    # A race is only seen if both sides are compiled for it.
    thread) sh packaging/debian-rust.sh "$@" --target "$machine" --target-dir "$target" ;;
    # The usual standard library suffices, because it uses the same heap. If it is compiled for
    # this, its iterator of env::split_paths looks like a use after scope.
    address) RUSTC_BOOTSTRAP=1 "${CARGO:-cargo}" "$@" --target "$machine" --target-dir "$target" ;;
    esac
}
# The library leaves the sanitizer's functions undefined: gcc's runtime in the program defines them.
RUSTFLAGS=$flags instrumented rustc --package luma-capi --locked --release --lib --crate-type cdylib
library=$target/$machine/release
ln -sf libluma.so "$library/libluma.so.0"
c_flags="-g -O1 -fsanitize=$kind -fno-omit-frame-pointer -fno-builtin"
link="-L$library -lluma -Wl,-rpath,$library"
# Links that runtime instead of this compiler's, which Debian does not package.
test_flags="-Zexternal-clangrt -Zpre-link-arg=-Wl,--no-as-needed -Zpre-link-arg=-l$gcc_runtime"
if [ "$kind" = thread ]; then
    gcc -c tests/support/tsan.c -o "$target/tsan.o"
    link="$target/tsan.o $link" test_flags="$test_flags -Clink-arg=$target/tsan.o"
fi
# shellcheck disable=SC2086 # several words
gcc -std=c99 -Wall -Wextra -Wno-use-after-free $c_flags -Iinclude tests/c/stress.c \
    -o "$target/stress" -pthread $link

# A TLS server before the simulator.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
    -addext subjectAltName=IP:127.0.0.1 -keyout "$work/key.pem" -out "$work/ca.pem" 2>"$work/openssl"
cat >"$work/https.sh" <<'SCRIPT'
# https.sh WORK PORT COMMAND ...: runs a command with https URLs, below with-simulator.sh.
work=$1 port=$2
shift 2
cat >"$work/nginx.conf" <<CONF
daemon off;
pid $work/nginx.pid;
error_log $work/nginx.log;
events {}
http {
    access_log off;
    client_body_temp_path $work;
    proxy_temp_path $work;
    fastcgi_temp_path $work;
    uwsgi_temp_path $work;
    scgi_temp_path $work;
    server {
        listen 127.0.0.1:$port ssl;
        ssl_certificate $work/ca.pem;
        ssl_certificate_key $work/key.pem;
        location / { proxy_pass $LUMA_URL; }
    }
}
CONF
nginx -c "$work/nginx.conf" &
nginx=$!
trap 'kill $nginx' EXIT
until [ -s "$work/nginx.pid" ]; do
    kill -0 $nginx || exit 1
    sleep 0.1
done
export LUMA_URL="https://127.0.0.1:$port" LUMA_CA_FILE="$work/ca.pem"
"$@"
SCRIPT
port=$(awk 'BEGIN { srand(); print 20000 + int(rand() * 10000) }')

with_simulator() {
    sh simulator/with-simulator.sh "$@"
}
finds() { # runs a command that must report a mistake
    ! "$@" >"$work/report" 2>&1 && grep -F "$report" "$work/report"
}

# Builds the Rust tests. They compile and link their programs in C and C++ with the same flags.
RUSTFLAGS="$flags $test_flags" instrumented test --package luma-automation --locked --lib --test it \
    --no-run >"$work/build" 2>&1 || {
    cat "$work/build" >&2
    exit 1
}
executables=$(sed -n 's/^ *Executable .*(\(.*\))$/\1/p' "$work/build")
[ "$(echo "$executables" | wc -l)" = 2 ] || {
    echo "sanitize.sh: two test programs expected, not: $executables" >&2
    exit 1
}

# Skipped: tests of memory, stack, system calls and instructions. A sanitizer needs more of each.
skipped='nothing_is_left no_secret_is_left short_memory:: soak:: load_and_unload no_more_stack system_calls
    a_lookup_costs'
# Tests that preload a library: it must not come before the sanitizer's.
skipped="$skipped clock:: a_network_drive a_thread_that_cannot"
# Tests of other builds of the library and of the documentation, and a benchmark.
skipped="$skipped static_library panics:: thread_sanitizer docs:: figures_of_many_runs"
# ThreadSanitizer supports no threads in a forked child. It is too slow for thousands of processes
# and for tests that depend on speed.
[ "$kind" = address ] || skipped="$skipped fork_in_callbacks calls_share_the_lookup crash:: ten_thousand_runs
    after_every_second_response big_request exchanges::stopped"
set -- --include-ignored
for tests in $skipped; do
    set -- "$@" --skip "$tests"
done
# A failed allocation returns NULL, as from malloc: the library must return a status.
export ASAN_OPTIONS=allocator_may_return_null=1 TSAN_OPTIONS=allocator_may_return_null=1:die_after_fork=0
export LUMA_SIMULATOR="${LUMA_SIMULATOR:-${CARGO_TARGET_DIR:-$root/target}/release/luma-simulator}"
# Here, too, a missing tool is an error.
export CI=true
for executable in $executables; do
    check "$(basename "$executable")" env LUMA_LIB_DIR="$library" LUMA_RUN=env LUMA_LINK="$link" \
        LUMA_CC="gcc $c_flags" LUMA_CXX="g++ $c_flags" "$executable" "$@"
    sed -n 's/^test result: ok\. \(.* passed\);.*/\1/p' "$work/output"
done

# A finding makes the program fail.
check "http" with_simulator "$target/stress" "$rounds"
check "https" with_simulator sh "$work/https.sh" "$work" "$port" "$target/stress" "$rounds"
check "a mistake is reported" finds with_simulator "$target/stress" 5 "$mistake"
closing_line
