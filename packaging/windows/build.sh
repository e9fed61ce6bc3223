#!/bin/sh
# build.sh WIDTH: builds dist/winWIDTH, with luma.dll, headers and import libraries, and a zip of
# it.
set -eu
. "$(dirname "$0")/common.sh"
names "$1"
here=$root/packaging/windows
version=$(sed -n '/^version = /{s/.*"\(.*\)"/\1/p;q}' "$root/Cargo.toml")
rm -rf "$work/build" "$dist"
mkdir -p "$work/build" "$dist" "$target"
work=$work/build
cd "$root"

# Builds of other clones share the cache and write a file of the same name.
exec 9>"$target/lock"
flock 9

# The version in the file's properties, which needs four numbers.
numbers=$(echo "$version" | sed 's/[^0-9.].*//' | tr . ,),0
sed "s/@VERSION@/$version/g; s/@NUMBERS@/$numbers/g" "$here/luma.rc" >"$work/luma.rc"
"$prefix-windres" "$work/luma.rc" "$work/luma-rc.o"

debug_symbols=yes "$here/cargo.sh" "$width" rustc --package luma-capi --profile dist --lib --crate-type cdylib -- \
    -C "link-arg=$work/luma-rc.o" -C link-arg=-Wl,--no-insert-timestamp
cp "$target/$triple/dist/luma.dll" "$dist/"
exec 9>&-
symbols=$root/dist/debug/luma-$version-win$width
rm -rf "$root"/dist/debug/luma-*-win"$width" # of another version too
# rustc makes these import libraries in a directory with a random name, which becomes part of their
# symbols.
"$prefix-objcopy" -p --wildcard --strip-symbol='*_dll_imports_lib*' "$dist/luma.dll"
sh packaging/split-symbols.sh "$dist/luma.dll" "$symbols/luma.dll.debug" "$prefix-"
sh packaging/sign.sh dll "$dist/luma.dll"

# All exported names, for the import libraries. The linker knows a stdcall function by its name and
# the size of its arguments; the DLL exports it without the size.
{
    echo 'LIBRARY luma.dll'
    echo 'EXPORTS'
    grep -v '^LUMA_' tests/luma.symbols
    [ "$width" = 64 ] || cat tests/luma.stdcall.symbols
} >"$work/luma.def"
sed 's/@[0-9]*$//' "$work/luma.def" >"$dist/luma.def"
# Without a path, which would become part of the symbols.
cd "$work"
"$prefix-dlltool" --kill-at --deterministic-libraries --temp-prefix luma \
    --input-def luma.def --output-lib luma.dll.a
mv luma.dll.a "$dist/"
llvm-dlltool -k -m "$dlltool" -d luma.def -l "$dist/luma.lib"
cd "$root"

"$here/check.sh" "$width"

{
    CARGO=/usr/bin/cargo RUSTC=/usr/bin/rustc sh packaging/third-party.sh "$triple" luma-automation
    printf '\nmingw-w64\n---------\n\n'
    cat "/usr/share/doc/mingw-w64-$(echo "$machine" | tr _ -)-dev/copyright"
} >"$dist/THIRD-PARTY-LICENSES.txt"
cp include/luma.h include/luma.hpp LICENSE-MIT LICENSE-APACHE "$dist/"
sed "s/@VERSION@/$version/; s/@WIDTH@/$width/" "$here/README.txt" >"$dist/README.txt"
# Line ends that every Windows editor displays.
sed -i 's/$/\r/' "$dist/README.txt" "$dist/LICENSE-MIT" "$dist/LICENSE-APACHE" "$dist/luma.def" \
    "$dist/THIRD-PARTY-LICENSES.txt"

# The same files give the same bytes.
. packaging/date.sh
chmod 644 "$dist"/*
touch -d "@$SOURCE_DATE_EPOCH" "$dist" "$dist"/*
zip=$root/dist/luma-$version-win$width.zip
rm -f "$root"/dist/luma-*-win"$width".zip # one of another version too
(cd "$root/dist" && find "win$width" -type f | LC_ALL=C sort | TZ=UTC zip -q -X -@ "$zip")
ls -l "$dist" "$zip"
