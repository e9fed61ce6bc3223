#!/bin/sh
# Builds dist/ twice, from clones in two directories, compares the bytes, and uses the unpacked
# files. `make test-dist` runs it.
set -eu
cd "$(dirname "$0")/.."
root=$PWD work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/support/check.sh
unset CARGO_TARGET_DIR
for clone in one another/place; do
    git clone -q "$root" "$work/$clone"
    make -C "$work/$clone" dist
done
cd "$work"
for file in one/dist/*.*; do
    check "the same bytes: $file" cmp "$file" "another/place/dist/$(basename "$file")"
done
check "SHA256SUMS" sh -c 'cd one/dist && sha256sum --check SHA256SUMS'
mkdir unpacked
tar -xzf one/dist/libluma-*.tar.gz -C unpacked --strip-components=1
host=$(rustc -vV | sed -n 's/^host: //p')
for package in luma-automation luma-simulator; do
    check_licences "$package" unpacked/share/doc/luma/THIRD-PARTY-LICENSES "$host" $package 'Brian Smith'
done
for package in one/dist/*.deb; do
    dpkg-deb -x "$package" unpacked-packages
done
for zip in one/dist/*.zip; do
    unzip -q "$zip" -d unpacked-zips
done
cp one/dist/*.json unpacked
# The last path is where the DLLs are built.
for path in "$work" "${CARGO_HOME:-$HOME/.cargo}" "${LUMA_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/libluma}"; do
    check "no path below $path" sh -c '! grep -rlF "$0" unpacked unpacked-packages unpacked-zips' "$path"
done

export LUMA_SIMULATOR="$work/unpacked/bin/luma-simulator" with_simulator="$work/unpacked/simulator/with-simulator.sh"
export PKG_CONFIG_PATH="$work/unpacked/lib/pkgconfig"
check "make" make -C unpacked/examples-c
check_examples "unpacked" unpacked/examples-c
closing_line
