#!/bin/sh
# Vets the Go package, and runs its tests, linked with the shared library and with the static one.
set -eu
. ../need.sh
need go 'apt-get install golang-go pkg-config'
need pkg-config 'apt-get install golang-go pkg-config'
need curl 'apt-get install curl'
need python3 'apt-get install python3'

export GOFLAGS=-mod=mod GOCACHE="$LUMA_BUILD_DIR/cache" PKG_CONFIG_PATH="$LUMA_BUILD_DIR"
sed -e "s|@VERSION@|0|; s|\${prefix}/include/luma|$LUMA_INCLUDE_DIR|; s|\${libdir}|$LUMA_LIB_DIR|" \
    ../../packaging/luma.pc.in | sed '/^prefix=\|^libdir=\|^exec_prefix=/d' >"$LUMA_BUILD_DIR/luma.pc"
test -z "$(gofmt -l . | tee /dev/stderr)"
go vet .
# With the static library, a few of them: without LD_LIBRARY_PATH, no other can be found.
CGO_CFLAGS=-I$LUMA_INCLUDE_DIR CGO_LDFLAGS=-L$LUMA_LIB_DIR \
    go test -count=1 -tags luma_static -run 'TestAccepted|TestRejected|TestConstants' .
# The program in docs/languages.md, in a module of its own, with the package from a module proxy.
# Nothing else advances the time.
build_packages
program=$LUMA_BUILD_DIR/program
mkdir "$program"
sed -n '/^```go$/,/^```$/p' ../../docs/languages.md | sed '/^```/d' >"$program/main.go"
(
    cd "$program"
    export GOPROXY="file://$packages/go" GONOSUMDB='*' GOFLAGS='-mod=mod -modcacherw' GOMODCACHE="$LUMA_BUILD_DIR/modules"
    go mod init program
    go get libluma.org/luma
    go build -o program .
) >"$program/log" 2>&1 || { cat "$program/log" && exit 1; }
LD_LIBRARY_PATH=$LUMA_LIB_DIR "$program/program" >"$program/out" &
pid=$!
while ! grep -q COMPLETED "$program/out" && kill -0 $pid 2>/dev/null; do
    curl -s -X POST "$LUMA_URL/simulator/time?advanceMs=1000" >/dev/null
    sleep 0.1
done
wait $pid
LD_LIBRARY_PATH=$LUMA_LIB_DIR go test -count=1 -v . >"$LUMA_BUILD_DIR/out" 2>&1 || failed=1
grep -v '^=== \|^--- PASS' "$LUMA_BUILD_DIR/out" || :
passed=$(grep -c '^--- PASS' "$LUMA_BUILD_DIR/out" || :)
fails=$(grep -c '^--- FAIL\|^panic\|^FAIL.*build failed' "$LUMA_BUILD_DIR/out" || :)
echo "$passed passed, $fails failed"
[ -z "${failed-}" ]
