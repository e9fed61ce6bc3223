#!/bin/sh
# package.sh [DIRECTORY]: builds the package for Composer in a directory, by default dist, with each
# library that `make dist` has built.
# package.sh DIRECTORY LIBRARY: builds it with a given library, for this machine.
set -eu
umask 022
root=$(cd "$(dirname "$0")/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
mkdir -p "${1:-$root/dist}"
out=$(realpath "${1:-$root/dist}")
library=${2:+$(realpath "$2")}
work=$target/php
cd "$root"
. packaging/date.sh
version=$(sed -n 's/^#define LUMA_VERSION "\(.*\)"/\1/p' include/luma.h)
rm -rf "$work"
mkdir -p "$work"
cp -R bindings/php/README.md bindings/php/src LICENSE-MIT LICENSE-APACHE "$work"
sed "s|\"type\":|\"version\": \"$version\",\n    &|" bindings/php/composer.json >"$work/composer.json"

native() { # platform, library, its name in the package, its licences
    [ -f "$2" ] || return 0
    mkdir -p "$work/native/$1"
    cp "$2" "$work/native/$1/$3"
    cp "$4" "$work/native/$1/THIRD-PARTY-LICENSES"
}
if [ -n "$library" ]; then
    native "linux-$(uname -m)" "$library" libluma.so.0 /dev/null
else
    for machine in x86_64 aarch64; do
        built=$target/portable/$machine
        native linux-$machine "$built/libluma.so" libluma.so.0 "$built/THIRD-PARTY-LICENSES"
    done
    native windows-amd64 dist/win64/luma.dll luma.dll dist/win64/THIRD-PARTY-LICENSES.txt
    native windows-x86 dist/win32/luma.dll luma.dll dist/win32/THIRD-PARTY-LICENSES.txt
fi
archive=$out/luma-automation-php-$version.tar
tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -cf "$archive" .
echo "$archive"
