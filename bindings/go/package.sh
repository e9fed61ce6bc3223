#!/bin/sh
# package.sh DIRECTORY: builds a module proxy in DIRECTORY/go, a folder of files: for a web server,
# or for GOPROXY=file://DIRECTORY/go. The module contains no native library, because it is linked.
. "$(dirname "$0")/../packaging.sh"
python3 -B package.py "$version" "$SOURCE_DATE_EPOCH" "$out/go"
