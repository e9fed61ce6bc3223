#!/bin/sh
# static-lib.sh ARCHIVE [PREFIX]: leaves only the luma_* functions of a static library global, and
# drops what they do not need. Other static libraries in Rust also contain the standard library, and
# could not be linked into the same program. PREFIX is that of the binutils: aarch64-linux-gnu-
set -eu
archive=$(realpath "$1") prefix=${2-}
cd "$(dirname "$0")/.."
[ "$("${prefix}ar" t "$archive" | head -n 2)" != luma.o ] || exit 0 # already done
work=$(mktemp -d "$archive.XXXXXX")
trap 'rm -rf "$work"' EXIT

# Not from nm: a plug-in of LLVM that is older than rustc's LLVM aborts it.
functions=$(sed -n 's/^[a-z].*[ *]\(luma_[a-z0-9_]*\)(.*/\1/p' include/luma.h)

# A section group is identified by name, also after its symbol became local: the linker would keep
# that of one library only.
# shellcheck disable=SC2046,SC2086 # several options
"${prefix}ld" -r --gc-sections --force-group-allocation $(printf ' -u %s' $functions) "$archive" -o "$work/luma.o"
# Half of it is debug information and bitcode of Rust's standard library.
"${prefix}objcopy" --strip-debug --remove-section=.llvmbc --remove-section=.llvmcmd --wildcard \
    --keep-global-symbol='luma_*' "$work/luma.o"
"${prefix}ar" rcsD "$work/libluma.a" "$work/luma.o"
chmod --reference="$archive" "$work/libluma.a"
mv "$work/libluma.a" "$archive" # not in place: Cargo has a hard link to it
