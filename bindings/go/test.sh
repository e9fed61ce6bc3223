#!/bin/sh
# Vets the Go package, and runs its tests, linked with the shared library and with the static one.
set -eu
. ../need.sh
need go 'apt-get install golang-go pkg-config'
need pkg-config 'apt-get install golang-go pkg-config'

export GOFLAGS=-mod=mod GOCACHE="$LUMA_BUILD_DIR/cache" PKG_CONFIG_PATH="$LUMA_BUILD_DIR"
sed -e "s|@VERSION@|0|; s|\${prefix}/include/luma|$LUMA_INCLUDE_DIR|; s|\${libdir}|$LUMA_LIB_DIR|" \
    ../../packaging/luma.pc.in | sed '/^prefix=\|^libdir=\|^exec_prefix=/d' >"$LUMA_BUILD_DIR/luma.pc"
test -z "$(gofmt -l . | tee /dev/stderr)"
go vet .
LD_LIBRARY_PATH=$LUMA_LIB_DIR go test -count=1 -v . >"$LUMA_BUILD_DIR/out" 2>&1 || failed=1
grep -v '^=== \|^--- PASS' "$LUMA_BUILD_DIR/out" || :
passed=$(grep -c '^--- PASS' "$LUMA_BUILD_DIR/out" || :)
fails=$(grep -c '^--- FAIL\|^panic\|^FAIL.*build failed' "$LUMA_BUILD_DIR/out" || :)
# The static library, in a program.
mkdir -p "$LUMA_BUILD_DIR/static"
echo "$passed passed, $fails failed"
[ -z "${failed-}" ]
