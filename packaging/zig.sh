#!/bin/sh
# zig.sh: prints the directory of the Python packages cargo-zigbuild and ziglang, after installing
# them if they are missing. Zig links with any version of glibc. Needs the package python3-venv.
set -eu
zigbuild=0.24.0 zig=0.17.0
directory=${LUMA_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/libluma}/zig-$zig-$zigbuild
if [ ! -e "$directory/complete" ]; then
    rm -rf "$directory"
    /usr/bin/python3 -m venv "$directory" >&2
    "$directory/bin/pip" install --quiet --disable-pip-version-check "cargo-zigbuild==$zigbuild" "ziglang==$zig" >&2
    touch "$directory/complete"
fi
echo "$directory"
