#!/bin/sh
# package.sh DIRECTORY [LIBRARY]: builds the distribution for CPAN, and one for each native library,
# which contains it.
. "$(dirname "$0")/../packaging.sh"
name=Luma-Automation-$version

distribution() { # directory with its files, file
    (
        cd "$1"
        log perl Makefile.PL
        log make distdir "DISTVNAME=$name"
    )
    mkdir -p "$1/archive"
    mv "$1/$name" "$1/archive"
    archive "$1/archive" "$1/archive.tar"
    gzip -9n <"$1/archive.tar" >"$out/$2.tar.gz"
}
files() { # directory
    mkdir -p "$1"
    while read -r path; do
        mkdir -p "$1/$(dirname "$path")"
        cp "$path" "$1/$path"
    done <MANIFEST
    cp "$root/LICENSE-MIT" "$root/LICENSE-APACHE" "$1"
    printf 'LICENSE-MIT\nLICENSE-APACHE\n' >>"$1/MANIFEST"
}
natives perl >"$work/natives.list"
while read -r platform file native licences; do
    files "$work/$platform"
    cp "$native" "$work/$platform/lib/Luma/Automation/$file"
    cp "$licences" "$work/$platform/THIRD-PARTY-LICENSES"
    printf '%s\n' "lib/Luma/Automation/$file" THIRD-PARTY-LICENSES >>"$work/$platform/MANIFEST"
    distribution "$work/$platform" "$name-$platform"
done <"$work/natives.list"
files "$work/source"
distribution "$work/source" "$name"
