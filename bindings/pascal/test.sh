#!/bin/sh
# Compiles the unit, runs the example with a gateway and without one, and links every function.
set -eu
. ../need.sh
need fpc 'apt-get install fp-compiler fp-units-rtl'

passed=0 failed=0
check() {
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "FAILED: $*"; fi
}
work=$LUMA_BUILD_DIR
export LD_LIBRARY_PATH="$LUMA_LIB_DIR" LUMA_SIMULATOR_OPTIONS=
compile() {
    fpc -l- -v0ew -Sew "-FE$work" "-Fl$LUMA_LIB_DIR" -Fu. "$1"
}

check compile first.pas
sh ../../simulator/with-simulator.sh "$work/first" >"$work/out" || :
check grep -qx COMPLETED "$work/out"
LUMA_URL=http://127.0.0.1:1 "$work/first" 2>"$work/out" && failed=$((failed + 1))
check grep -q '^LUMA_ERROR_CONNECT: ' "$work/out"
sed -n '/^```pascal$/,/^```$/p' ../../docs/languages.md | sed '/^```/d' >"$work/documented.pas"
check diff "$work/documented.pas" first.pas

# A program with the address of every function: the linker finds all of them.
{
    echo 'program Every; {$MODE DELPHI} uses LumaNative; var P: Pointer; N: Integer = 0; begin'
    sed -n 's/^\(function\|procedure\) \(luma_[a-z0-9_]*\).*/  P := @\2; if P <> nil then Inc(N);/p' LumaNative.pas
    echo '  WriteLn(N); end.'
} >"$work/every.pas"
check compile "$work/every.pas"
check test "$("$work/every")" = "$(grep -c '^ *external LumaLibrary' LumaNative.pas)"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
