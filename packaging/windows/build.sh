#!/bin/sh
# build.sh WIDTH: builds dist/winWIDTH, with luma.dll, headers, import libraries and luma.exe, a zip
# of it, and an installer of luma.exe.
#   build.sh WIDTH dll    without luma.exe, which takes half of the time
set -eu
. "$(dirname "$0")/common.sh"
names "$1"
files='luma.dll luma.exe'
[ "${2-}" != dll ] || files=luma.dll
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
resource() { # file, its type, its description
    sed "s/@VERSION@/$version/g; s/@NUMBERS@/$numbers/g; s/@TYPE@/$2/; s/@DESCRIPTION@/$3/; s/@FILE@/$1/" \
        "$here/luma.rc" >"$work/$1.rc"
    "$prefix-windres" "$work/$1.rc" "$work/$1-rc.o"
}
resource luma.dll VFT_DLL "Client for the Luma Automation gateway"
resource luma.exe VFT_APP "Command for the Luma Automation gateway"

debug_symbols=yes "$here/cargo.sh" "$width" rustc --package luma-capi --profile dist --lib --crate-type cdylib -- \
    -C "link-arg=$work/luma.dll-rc.o" -C link-arg=-Wl,--no-insert-timestamp
[ "$files" = luma.dll ] || debug_symbols=yes "$here/cargo.sh" "$width" rustc --package luma-cli --profile dist --bin luma -- \
    -C "link-arg=$work/luma.exe-rc.o" -C link-arg=-Wl,--no-insert-timestamp
for file in $files; do
    cp "$target/$triple/dist/$file" "$dist/"
done
exec 9>&-
symbols=$root/dist/debug/luma-$version-win$width
rm -rf "$root"/dist/debug/luma-*-win"$width" # of another version too
for file in $files; do
    # rustc makes these import libraries in a directory with a random name, which becomes part of
    # their symbols.
    "$prefix-objcopy" -p --wildcard --strip-symbol='*_dll_imports_lib*' "$dist/$file"
    sh packaging/split-symbols.sh "$dist/$file" "$symbols/$file.debug" "$prefix-"
    sh packaging/sign.sh dll "$dist/$file"
done

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
    CARGO=/usr/bin/cargo RUSTC=/usr/bin/rustc sh packaging/third-party.sh "$triple" luma-automation luma-cli
    printf '\nmingw-w64\n---------\n\n'
    cat "/usr/share/doc/mingw-w64-$(echo "$machine" | tr _ -)-dev/copyright"
} >"$dist/THIRD-PARTY-LICENSES.txt"
if [ "$files" != luma.dll ]; then
    # The command writes this file, and is the same on this system.
    "${CARGO:-cargo}" run --quiet --locked --package luma-cli -- completions powershell | sed 's/$/\r/' >"$dist/luma-completions.ps1"
fi
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
rm -f "$root"/dist/luma-*-win"$width".msi # one of another version too
[ "$files" = luma.dll ] || sh "$here/msi.sh" "$width"
ls -l "$dist" "$zip"
