#!/bin/sh
# test-windows.sh 64|32: makes the calls of VBA with Wine, with dist/winWIDTH/luma.dll. Part of
# `make test-windows`.
set -eu
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
work=${CARGO_TARGET_DIR:-$root/target}/bindings/vba-win$1
rm -rf "$work"
sh build.sh "$1" "$work"
cp "$root/dist/win$1/luma.dll" "$work"
cd "$root"
exec sh simulator/with-simulator.sh sh packaging/windows/wine.sh "$work/calls.exe"
