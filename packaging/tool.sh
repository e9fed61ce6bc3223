#!/bin/sh
# tool.sh CRATE VERSION EXECUTABLE: says where a tool from crates.io stands; builds it if it is not there.
# They are kept in the folder LUMA_TOOLS, by default ~/.cache/libluma.
set -eu
folder=${LUMA_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/libluma}/$1-$2
if [ ! -x "$folder/bin/$3" ]; then
    # It runs for a moment only, which is not worth an optimised build.
    env -u RUSTFLAGS -u CARGO_TARGET_DIR CARGO_PROFILE_DEV_DEBUG=0 \
        "${CARGO:-cargo}" install --locked --debug --root "$folder" --bin "$3" "$1@$2" >&2
fi
echo "$folder/bin/$3"
