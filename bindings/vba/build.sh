#!/bin/sh
# build.sh 32|64 DIRECTORY: builds DIRECTORY/calls.exe from test/calls.c.
set -eu
machine=x86_64
[ "$1" = 64 ] || machine=i686
mkdir -p "$2"
python3 -B test/declarations.py "$1" >"$2/declarations.h"
"$machine-w64-mingw32-gcc-win32" -static -std=c99 -Wall -Wextra -Werror "-I$2" test/calls.c -o "$2/calls.exe"
