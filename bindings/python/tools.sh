#!/bin/sh
# tools.sh: prints the directory of a virtual environment with what builds and checks wheels, after
# installing it if it is missing. Needs the package python3-venv.
set -eu
build=1.6.1 setuptools=80.9.0 auditwheel=6.8.2 mypy=2.4.1
directory=${LUMA_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/libluma}/wheels-$build-$setuptools-$auditwheel-$mypy
if [ ! -e "$directory/complete" ]; then
    rm -rf "$directory"
    python3 -m venv "$directory" >&2
    "$directory/bin/pip" install --quiet --disable-pip-version-check "build==$build" \
        "setuptools==$setuptools" "auditwheel==$auditwheel" "mypy==$mypy" >&2
    touch "$directory/complete"
fi
echo "$directory"
