#!/bin/sh
# Compiles the calls of First.bas against the declarations of LumaNative.bas, for 32 and 64 bit.
# test-windows.sh runs them.
set -eu
. ../need.sh
need python3 'apt-get install python3'
need x86_64-w64-mingw32-gcc-win32 'apt-get install gcc-mingw-w64-x86-64-win32'
need i686-w64-mingw32-gcc-win32 'apt-get install gcc-mingw-w64-i686-win32'

passed=0 failed=0
check() {
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "FAILED: $*"; fi
}
for width in 32 64; do
    check sh build.sh $width "$LUMA_BUILD_DIR/$width"
done
# Whatever the example calls is declared, and has a call in C.
grep -o 'luma_[a-z0-9_]*' First.bas | sort -u >"$LUMA_BUILD_DIR/names"
while read -r name; do
    check grep -q " $name Lib" LumaNative.bas
    check grep -q "$name(" test/calls.c
done <"$LUMA_BUILD_DIR/names"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
