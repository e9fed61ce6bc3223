#!/bin/sh
# split-symbols.sh FILE SYMBOLS [PREFIX]: moves the debug symbols of a program or library to a file
# of their own, whose name the stripped FILE then contains. PREFIX is that of the binutils:
# aarch64-linux-gnu-
set -eu
file=$(realpath "$1") prefix=${3-}
mkdir -p "$(dirname "$2")"
cd "$(dirname "$2")"
symbols=$(basename "$2")
# With -p a DLL keeps its time, too, which is 0.
"${prefix}objcopy" -p --only-keep-debug "$file" "$symbols"
chmod 644 "$symbols"
"${prefix}strip" -p --strip-all "$file"
"${prefix}objcopy" -p --add-gnu-debuglink="$symbols" "$file"
