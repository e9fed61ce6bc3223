#!/bin/sh
# third-party.sh TARGET PACKAGE ...: prints the third-party packages that are compiled into these
# packages for a target (or `host`), with their licences and notices. The same Cargo.lock and
# compiler give the same text.
set -eu
export LC_ALL=C
cd "$(dirname "$0")/.."
command -v jq >/dev/null || { echo "third-party.sh: jq is not installed" >&2 && exit 1; }
cargo=${CARGO:-cargo} rustc=${RUSTC:-rustc} target=$1
shift
[ "$target" != host ] || target=$("$rustc" -vV | sed -n 's/^host: //p')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Lines of NAME vVERSION|LICENCES. Leaves out this workspace, whose packages are shown with a path,
# and procedural macros, which run in the compiler only.
packages=$(printf -- '-p %s ' "$@")
# shellcheck disable=SC2086 # several arguments
"$cargo" tree --quiet --locked --no-dedupe --target "$target" -e normal,no-proc-macro --prefix none \
    --format '{p}|{l}' $packages >"$work/tree"
grep -v -e ' (/' -e '^$' "$work/tree" | sort -u >"$work/linked"
# Lines of NAME vVERSION|DIRECTORY, of all packages in Cargo.lock.
"$cargo" metadata --quiet --locked --filter-platform "$target" --format-version 1 |
    jq -r '.packages[] | "\(.name) v\(.version)|\(.manifest_path | rtrimstr("/Cargo.toml"))"' >"$work/directories"

# The licence files that apply to a package: that of MIT if it is one of the choices, otherwise all.
licence_files() { # licences, directory
    case $1 in
    *AND*) ;;
    *MIT*)
        found=$(find "$2" -maxdepth 1 -iname 'licen[cs]e-mit*')
        [ -z "$found" ] || { echo "$found" && return; }
        ;;
    esac
    find "$2" -type f \( -iname 'licen[cs]e*' -o -iname 'copying*' -o -iname 'notice*' \) ! -name '*.rs' | sort
}
mkdir "$work/texts" "$work/users"
while IFS='|' read -r package licences; do
    directory=$(awk -F '|' -v package="$package" '$1 == package { print $2 }' "$work/directories")
    licence_files "$licences" "$directory" >"$work/files"
    # A package without a licence file: its copyright line, with the text of its licence.
    own=packaging/licences/${package%% *}.txt
    if [ ! -s "$work/files" ] && [ -f "$own" ]; then echo "$own" >"$work/files"; fi
    [ -s "$work/files" ] || { echo "third-party.sh: no licence file in $directory" >&2 && exit 1; }
    while read -r file; do
        tr -d '\r' <"$file" | sed 's/[[:space:]]*$//' >"$work/text"
        sum=$(sha256sum <"$work/text" | cut -c 1-64)
        if [ ! -e "$work/texts/$sum" ]; then
            mv "$work/text" "$work/texts/$sum"
            echo "$sum" >>"$work/order"
        fi
        echo "$package" >>"$work/users/$sum"
    done <"$work/files"
done <"$work/linked"

heading() { echo && echo "$*" | sed 'p; s/./-/g' && echo; }
echo 'These binaries contain libluma and the following third-party software:'
echo
sed 's/\(.*\) v\(.*\)|\(.*\)/  \1 \2: \3/' "$work/linked"
echo "  Rust's standard library $("$rustc" --version | cut -d ' ' -f 2): MIT OR Apache-2.0"
echo
echo 'Their notices follow. Where MIT is one of the choices, it is the one taken.'
while read -r sum; do
    heading "$(sort -u "$work/users/$sum" | sed 's/ v.*//' | uniq | paste -s -d , - | sed 's/,/, /g')"
    cat "$work/texts/$sum"
done <"$work/order"

# From the toolchain, or from Debian's package of the compiler.
heading "Rust's standard library"
sysroot=$("$rustc" --print sysroot)
html=$sysroot/share/doc/rust/COPYRIGHT-library.html
debian=/usr/share/doc/$(dpkg -S "$sysroot/bin/rustc" 2>/dev/null | cut -d : -f 1)/copyright
if [ -e "$html" ]; then
    # Without the Apache texts, since every package in it offers MIT.
    awk '/<details>/ { getline name; skip = tolower(name) ~ /apache/ } !skip { print } /<\/details>/ { skip = 0 }' \
        "$html" | sed -e '1,/<body>/d; s/<[^>]*>//g' -e 's/^ *📦 //' -e 's/[[:space:]]*$//' \
        -e "s/&#60;/</g; s/&#62;/>/g; s/&#34;/\"/g; s/&#39;/'/g; s/&#38;/\&/g" | cat -s
    cat "$sysroot/share/doc/rust/licenses/MIT.txt" "$sysroot/share/doc/rust/licenses/Unicode-3.0.txt"
elif [ -e "$debian" ]; then
    cat "$debian"
else
    echo "third-party.sh: found no notices of Rust's standard library, neither $html nor a Debian package" >&2
    echo 'Copyright (c) The Rust Project Contributors; see https://www.rust-lang.org/policies/licenses'
    cat LICENSE-MIT
fi
