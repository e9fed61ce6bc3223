#!/bin/sh
# test.sh [LANGUAGE ...]: tests the bindings against a simulator with virtual time, and prints a
# table. A binding whose tools are missing is skipped; if CI=true, it has failed.
set -eu
cd "$(dirname "$0")"
root=$(cd .. && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
export LUMA_LIB_DIR="$target/release" LUMA_INCLUDE_DIR="$root/include"
export LUMA_CERTIFICATES="$root/tests/fixtures/tls"
export LUMA_LIBRARY="$LUMA_LIB_DIR/libluma.so.0" LUMA_SIMULATOR_OPTIONS=--virtual-time
work=$target/bindings
mkdir -p "$work"
# Records which functions each language calls. Packages of a release contain another library.
record=
if [ -z "${LUMA_PACKAGES-}" ] && [ "$(uname -m)" = x86_64 ] && command -v cc python3 >/dev/null; then
    record=yes
    python3 -B functions.py --check
    sh recorder.sh "$LUMA_LIBRARY" "$work/recorder"
    ln -sf "$LUMA_LIB_DIR/libluma.a" "$work/recorder"
    export LUMA_LIB_DIR="$work/recorder" LUMA_LIBRARY="$work/recorder/libluma.so.0"
fi

[ $# -gt 0 ] || set -- */test.sh
failed=0 table=
for language; do
    language=${language%/test.sh}
    [ -f "$language/test.sh" ] || { echo "test.sh: bindings/$language has no test.sh" >&2 && exit 2; }
    export LUMA_BUILD_DIR="$work/$language"
    rm -rf "$LUMA_BUILD_DIR"
    mkdir "$LUMA_BUILD_DIR"
    echo "== $language"
    export RECORDED_CALLS="$work/$language.calls"
    [ -z "$record" ] || sed 's/.*/0/' "$work/recorder/functions" >"$RECORDED_CALLS"
    code=0
    (cd "$language" && sh "$root/simulator/with-simulator.sh" sh test.sh) >"$work/$language.log" 2>&1 ||
        code=$?
    cat "$work/$language.log"
    last=$(sed '/^$/d' "$work/$language.log" | tail -n 1)
    case $code:$last in
    0:[1-9]*" passed, 0 failed"*)
        # A part of the tests, or of the tools, calls a part of the functions.
        [ -z "$record" ] || [ "${CI-}" != true ] || python3 -B functions.py "$language" "$RECORDED_CALLS" || failed=1
        ;;
    77:*) [ "${CI-}" != true ] || failed=1 ;;
    *) failed=1 last="FAILED (exit code $code) $last" ;;
    esac
    table="$table$(printf '%-10s' "$language") $last
"
done
printf '\n%s' "$table"
exit $failed
