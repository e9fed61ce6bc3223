#!/bin/sh
# test-cli.sh WIDTH: runs the tests of the command and of the simulator as Windows programs, with
# Wine. A program passes only if its last line says so, too.
set -eu
. "$(dirname "$0")/common.sh"
names "$1"
work=$work/cli
rm -rf "$work"
mkdir -p "$work"
cd "$root"
packaging/windows/wine.sh wineboot

windows_tests --package luma-cli --package luma-simulator --tests
