#!/bin/sh
# seeded_faults.sh [NAME ...]: puts one fault at a time into a copy of the library, and expects that
# the checks which its patch names fail. Before that, they must pass. `make seeded-faults` runs it.
# A check that hangs for two minutes has failed, too.
set -eu
cd "$(dirname "$0")/.."
root=$PWD target=${CARGO_TARGET_DIR:-$PWD/target}/seeded-faults
if [ $# = 0 ]; then
    for patch in tests/seeded_faults/*.patch; do
        set -- "$@" "$(basename "$patch" .patch)"
    done
fi
cargo=${CARGO:-cargo} copy=$target/source work=$target/output
rm -rf "$copy" "$work"
mkdir -p "$copy" "$work"
git ls-files -z | tar -cf - --null -T - | tar -xf - -C "$copy"
unset LUMA_LIB_DIR
export CARGO_TARGET_DIR="$target/target" CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_TEST_DEBUG=0
. tests/support/check.sh

run() { # words of a check: lib or it, the test
    case $1 in
    lib) tests=--lib ;;
    *) tests="--test $1" ;;
    esac
    # Before the limit. Fails if the fault does not compile.
    # shellcheck disable=SC2086 # words
    { "$cargo" build --quiet --locked --package luma-capi &&
        "$cargo" test --quiet --locked $tests --no-run; } 2>"$work/build" || {
        cat "$work/build" >&2
        exit 1
    }
    # shellcheck disable=SC2086 # words
    timeout 120 "$cargo" test --quiet --locked $tests -- --exact "$2" --include-ignored 2>&1
}
passes() {
    run "$@" | tee "$work/run"
    grep '^test result: ok. 1 passed' "$work/run"
}
fails() {
    status=0
    run "$@" >"$work/run" || status=$?
    cat "$work/run"
    [ "$status" = 124 ] || grep '^test result: FAILED. 0 passed; 1 failed' "$work/run"
}

cd "$copy"
checks() { sed -n 's/^Check: //p' "$root/tests/seeded_faults/$1.patch"; }
for name; do
    checks "$name"
done | sort -u >"$work/all"
while read -r tests test; do
    check "without a fault: $test" passes "$tests" "$test" </dev/null
done <"$work/all"
for name; do
    patch --quiet -p1 <"$root/tests/seeded_faults/$name.patch"
    checks "$name" >"$work/checks"
    while read -r tests test; do
        check "$name is found by $test" fails "$tests" "$test" </dev/null
    done <"$work/checks"
    patch --quiet -p1 -R <"$root/tests/seeded_faults/$name.patch"
done
closing_line
