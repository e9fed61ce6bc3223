#!/bin/sh
# sanitize.sh thread|address [ROUNDS]: builds the C library and tests/c/stress.c with
# ThreadSanitizer or AddressSanitizer, and runs the program against the simulator, over http and
# https. Then it lets the program make a mistake, which must be reported. Installs the Debian
# packages that it needs.
set -eu
cd "$(dirname "$0")/.."
root=$PWD kind=${1-} rounds=${2:-100}
case $kind in
thread) mistake=--race library=libtsan2 more=tests/support/tsan.c report='WARNING: ThreadSanitizer: data race' ;;
address) mistake=--use-after-free library=libasan8 more='' report='ERROR: AddressSanitizer: heap-use-after-free' ;;
*) echo "usage: sanitize.sh thread|address [ROUNDS]" >&2 && exit 2 ;;
esac
sh packaging/packages.sh rustc-web cargo-web rust-web-src gcc libc6-dev "$library" nginx-light openssl
machine=$(rustc -vV | sed -n 's/^host: //p')
target=${CARGO_TARGET_DIR:-$root/target}/sanitize/$kind
work=$(mktemp -d)
export TMPDIR="$work"
. tests/support/check.sh
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# With --target, the flags do not apply to build scripts. The library leaves the sanitizer's
# functions undefined: gcc's runtime in the program defines them.
unset CARGO_ENCODED_RUSTFLAGS RUSTC_WRAPPER
build() {
    RUSTFLAGS="-Zsanitizer=$kind -Cdebuginfo=1 -Cstrip=none" "$@" rustc --package luma-capi \
        --locked --release --lib --crate-type cdylib --target "$machine" --target-dir "$target"
}
case $kind in
# A race is only seen if both sides are compiled for it.
thread) build sh packaging/debian-rust.sh ;;
# The usual standard library suffices, because it uses the same heap. If it is compiled for this,
# its iterator of env::split_paths looks like a use after scope.
address) RUSTC_BOOTSTRAP=1 build "${CARGO:-cargo}" ;;
esac
ln -sf libluma.so "$target/$machine/release/libluma.so.0"
# shellcheck disable=SC2086 # one file or none
gcc -std=c99 -g -O1 -Wall -Wextra -Wno-use-after-free "-fsanitize=$kind" -fno-omit-frame-pointer -fno-builtin \
    -Iinclude tests/c/stress.c $more -o "$target/stress" -pthread \
    "-L$target/$machine/release" -lluma "-Wl,-rpath,$target/$machine/release"

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
# A finding makes the program fail.
check "http" with_simulator "$target/stress" "$rounds"
check "https" with_simulator sh "$work/https.sh" "$work" "$port" "$target/stress" "$rounds"
check "a mistake is reported" finds with_simulator "$target/stress" 5 "$mistake"
closing_line
