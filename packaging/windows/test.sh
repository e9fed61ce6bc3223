#!/bin/sh
# test.sh WIDTH: tests dist/winWIDTH with Wine, against servers on this machine, then runs the
# library's own tests as Windows programs. A program passes only if its last line says so, too.
set -eu
. "$(dirname "$0")/common.sh"
names "$1"
here=$root/packaging/windows
work=$work/tests
rm -rf "$work"
mkdir -p "$work"
cd "$root"

. tests/support/check.sh
check_licences "licences, $width bit" "$dist/THIRD-PARTY-LICENSES.txt" "$triple" luma-cli \
    'Joseph Birr-Pixton' 'Brian Smith' 'The Go Authors' 'the mingw-w64 project'
closing_line

# shellcheck disable=SC1003 # a backslash
WINEPATH="Z:$(echo "$dist" | tr / '\\')"
export WINEPATH
"$here/wine.sh" wineboot
strict='-std=c99 -Wall -Wextra -Wpedantic -Werror'

c_programs() { # name, compiler, library, filters of tests, further options
    # Skips the tests that need Linux or check the source. The -win32 C++ compiler has no
    # std::thread. Static: Wine does not find the DLL of the threads.
    # shellcheck disable=SC2086
    must_pass "the C programs, $1" \
        env LUMA_CC="$2 -static" LUMA_CXX="$prefix-g++-posix -static" LUMA_LINK="$3" LUMA_RUN="sh $here/wine.sh" \
        cargo test --locked --test it -- $4 --include-ignored --skip signals --skip static_library \
        --skip may_fork --skip calls_share_the_lookup --skip unload --skip wrapper_uses --skip no_secret_is_left --skip promised \
        --skip thread_sanitizer --skip no_more_stack $5
    # Filters that match no test would pass.
    ! grep '^test result: ok\. 0 passed' "$work/log" || exit 1
}

cargo build --locked --package luma-simulator
# Builds them now, because the tests run with a timeout.
cargo test --locked --test it --no-run
export LUMA_SIMULATOR="${CARGO_TARGET_DIR:-$root/target}/debug/luma-simulator"
beside_simulator="sh simulator/with-simulator.sh sh $here/wine.sh"

c_programs 'linked by luma.dll.a' "$gcc" "$dist/luma.dll.a" 'c_abi:: cpp::' ''
c_programs 'linked by luma.lib' "$gcc" "$dist/luma.lib" 'example any_argument' '--skip cpp::'
grep -q '^test c_abi::any_argument.* ok$' "$work/log"

# With the linker that is compatible with MSVC's, and without a C library: the program's start
# function returns to the system.
cat >"$work/start.c" <<'END'
#include <luma.h>
int start(void) { return luma_run_status_is_final(LUMA_RUN_COMPLETED) + 41; }
END
"$gcc" -I"$dist" -c "$work/start.c" -o "$work/start.o"
lld-link /nologo /safeseh:no /entry:start /subsystem:console /nodefaultlib "/out:$work/start.exe" \
    "$work/start.o" "$dist/luma.lib"
status=0
"$here/wine.sh" "$work/start.exe" || status=$?
[ "$status" = 42 ]

# shellcheck disable=SC2086
"$gcc" $strict -I"$dist" tests/windows/load.c -o "$work/load.exe"
# shellcheck disable=SC2086
must_pass 'loading and unloading' $beside_simulator "$work/load.exe"

awk -v promised="$(grep -c '^luma_' tests/luma.symbols)" -f "$here/arguments.awk" \
    "$dist/luma.h" >"$work/arguments.c"
# shellcheck disable=SC2086
"$gcc" $strict -I"$dist" -Itests/c "$work/arguments.c" "$dist/luma.lib" -o "$work/arguments.exe"
# shellcheck disable=SC2086
must_pass 'NULL for every pointer' $beside_simulator "$work/arguments.exe"

must_pass 'the command and its installer' sh "$here/test-command.sh" "$width"

must_pass 'the calls of VBA' sh bindings/vba/test-windows.sh "$width"

# The 32-bit runtime is an npm package only.
if [ "$width" = 64 ] || command -v npm >/dev/null; then
    must_pass 'C# on .NET Core' sh bindings/csharp/test-windows.sh "$width"
fi

if [ "$width" = 32 ]; then
    # shellcheck disable=SC2086
    "$gcc" $strict tests/windows/stdcall.c -o "$work/stdcall.exe"
    must_pass 'the stack pointer after stdcall functions' \
        "$here/wine.sh" "$work/stdcall.exe" tests/luma.stdcall.symbols
    awk -f "$here/stdcall.awk" "$dist/luma.h" >"$work/luma.h"
    # The same programs with stdcall as the default of functions and callbacks. Not cancel.c, which
    # could not link the system's functions then.
    c_programs 'by stdcall' "$gcc -mrtd -I$work -Wl,--enable-stdcall-fixup" '' 'c_abi::' \
        '--skip cpp --skip c89 --skip cancel_example'
fi

windows_tests --package luma-automation --lib --tests
# These change the proxy settings of Wine's machine, so they run alone.
must_pass 'the proxy settings of Windows' "$here/wine.sh" "$(grep '/it-' "$work/programs")" \
    --ignored --test-threads=1 windows_proxies:: </dev/null
! grep '^test result: ok\. 0 passed' "$work/log" || exit 1
