#!/bin/sh
# wheels.sh [DIRECTORY]: builds wheels in a directory, by default dist: one for each library that
# `make dist` has built.
# wheels.sh DIRECTORY LIBRARY: builds one with a given library, for this machine.
set -eu
umask 022
root=$(cd "$(dirname "$0")/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
mkdir -p "${1:-$root/dist}"
out=$(realpath "${1:-$root/dist}")
library=${2:+$(realpath "$2")}
work=$target/wheels
cd "$root"
. packaging/date.sh
cd bindings/python

tools=$(sh tools.sh)

count=0
wheel() { # platform, library, its name in the wheel, its licences
    [ -f "$2" ] || return 0
    rm -rf "$work"
    mkdir -p "$work/src"
    cp -R pyproject.toml setup.py README.md "$root/LICENSE-MIT" "$root/LICENSE-APACHE" "$work"
    cp -R src/luma_automation "$work/src"
    find "$work" -name __pycache__ -prune -exec rm -rf {} +
    cp "$2" "$work/src/luma_automation/$3"
    cat "$4" >"$work/THIRD-PARTY-LICENSES"
    (cd "$work" && LUMA_WHEEL_PLATFORM=$1 "$tools/bin/python" -m build --wheel --no-isolation --outdir "$out" . >"$work/log" 2>&1) ||
        { cat "$work/log" >&2 && exit 1; }
    count=$((count + 1))
}
if [ -n "$library" ]; then
    wheel "linux_$(uname -m)" "$library" libluma.so.0 /dev/null
    exit
fi
for machine in x86_64 aarch64; do
    built=$target/portable/$machine
    wheel manylinux_2_17_$machine "$built/libluma.so" libluma.so.0 "$built/THIRD-PARTY-LICENSES"
done
wheel win_amd64 "$root/dist/win64/luma.dll" luma.dll "$root/dist/win64/THIRD-PARTY-LICENSES.txt"
wheel win32 "$root/dist/win32/luma.dll" luma.dll "$root/dist/win32/THIRD-PARTY-LICENSES.txt"
for file in "$out"/*manylinux*.whl; do
    [ -f "$file" ] || continue
    platform=${file##*-}
    "$tools/bin/auditwheel" show "$file" >"$work/log"
    grep -q "\"${platform%.whl}\"" "$work/log" || { cat "$work/log" >&2 && exit 1; }
done
[ $count -gt 0 ] || {
    echo 'wheels.sh: there is no portable library; build one: sh packaging/portable.sh x86_64' >&2
    exit 1
}
ls -l "$out"/*.whl
