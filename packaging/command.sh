#!/bin/sh
# command.sh LUMA DIRECTORY: installs the luma command LUMA, its man pages, and its completions for
# bash, zsh and fish below DIRECTORY, such as /usr.
set -eu
umask 022
cd "$(dirname "$0")/.."
luma=$1 to=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The command writes these files. One that was built for another machine cannot.
generator=$luma
if ! "$generator" --version >/dev/null 2>&1; then
    "${CARGO:-cargo}" build --quiet --locked --package luma-cli
    generator=${CARGO_TARGET_DIR:-$PWD/target}/debug/luma
fi
"$generator" man "$work/man"
for shell in bash zsh fish; do
    "$generator" completions $shell >"$work/$shell"
done

install -D "$luma" "$to/bin/luma"
install -d -m 755 "$to/share/man/man1"
install -m 644 "$work"/man/*.1 "$to/share/man/man1"
install -D -m 644 "$work/bash" "$to/share/bash-completion/completions/luma"
install -D -m 644 "$work/zsh" "$to/share/zsh/site-functions/_luma"
install -D -m 644 "$work/fish" "$to/share/fish/vendor_completions.d/luma.fish"
