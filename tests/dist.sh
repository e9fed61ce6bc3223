#!/bin/sh
# Builds the release files once more, from a clone in another directory, compares the bytes with
# those in dist/, and uses the unpacked files. `make test-dist` runs it.
set -eu
cd "$(dirname "$0")/.."
root=$PWD work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/support/check.sh
. tests/support/command.sh
unset CARGO_TARGET_DIR
if [ -n "$(git status --porcelain)" ]; then
    echo "dist.sh: commit the changes first; dist/ must contain what a clone contains" >&2
    exit 1
fi
git clone -q "$root" "$work/another/place"
make -C "$work/another/place" dist
cp -R dist "$work/one"
cd "$work"
(cd one && find . -type f ! -name '*.asc' | sort) >files
(cd another/place/dist && find . -type f ! -name '*.asc' | sort) >other-files
check "the same files" diff files other-files
while read -r file; do
    check "the same bytes: $file" cmp "one/$file" "another/place/dist/$file"
done <files
check "SHA256SUMS" sh -c 'cd one && sha256sum --check SHA256SUMS'
mkdir unpacked unpacked-symbols
tar -xzf one/libluma-*-linux-"$(uname -m)".tar.gz -C unpacked --strip-components=1
for archive in one/debug/*.tar.gz; do
    tar -xzf "$archive" -C unpacked-symbols
done
host=$(rustc -vV | sed -n 's/^host: //p')
check_licences luma-automation unpacked/share/doc/luma/THIRD-PARTY-LICENSES "$host" luma-automation 'Brian Smith'
check_licences luma-cli unpacked/share/doc/luma-command/THIRD-PARTY-LICENSES "$host" luma-cli 'Brian Smith'
check_licences luma-simulator unpacked/share/doc/luma-simulator/THIRD-PARTY-LICENSES "$host" luma-simulator
for package in one/*.deb one/debug/*.deb; do
    dpkg-deb -x "$package" unpacked-packages
done
for zip in one/*.zip; do
    unzip -q "$zip" -d unpacked-zips
done
cp one/*.json unpacked
cp -R one/debug/luma-* unpacked-symbols
# The last path is where the DLLs are built.
for path in "$root" "$work" "${CARGO_HOME:-$HOME/.cargo}" "${LUMA_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/libluma}"; do
    check "no path below $path" sh -c '! grep -rlF "$0" unpacked unpacked-symbols unpacked-packages unpacked-zips' "$path"
done

export LUMA_SIMULATOR="$work/unpacked/bin/luma-simulator" with_simulator="$work/unpacked/simulator/with-simulator.sh"
export PKG_CONFIG_PATH="$work/unpacked/lib/pkgconfig"
check "make" make -C unpacked/examples-c
check_examples "unpacked" unpacked/examples-c
check_command unpacked
share=unpacked/share
check_command_files $share/man/man1 $share/bash-completion/completions $share/zsh/site-functions \
    $share/fish/vendor_completions.d
closing_line
sh "$root/tests/sign.sh"
