#!/bin/sh
# zig-linker.sh ARGUMENT ...: runs Zig from the directory $LUMA_ZIG. When it links, it compiles its
# libunwind, and the paths of that must not become part of debug symbols.
set -eu
case " $* " in
*" -c "*) ;;
*)
    cd "$LUMA_ZIG"
    export PWD=/proc/self/cwd ZIG_LIB_DIR=lib
    ;;
esac
exec "$LUMA_ZIG/zig" "$@"
