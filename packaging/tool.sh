#!/bin/sh
# tool.sh CRATE VERSION EXECUTABLE: prints the path of a tool from crates.io, after building it if
# it is missing. LUMA_TOOLS names the directory of the tools; the default is ~/.cache/libluma.
set -eu
directory=${LUMA_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/libluma}/$1-$2
if [ ! -x "$directory/bin/$3" ]; then
    # A debug build, because the tools run only for a moment.
    env -u RUSTFLAGS -u CARGO_TARGET_DIR CARGO_PROFILE_DEV_DEBUG=0 \
        "${CARGO:-cargo}" install --locked --debug --root "$directory" --bin "$3" "$1@$2" >&2
fi
echo "$directory/bin/$3"
