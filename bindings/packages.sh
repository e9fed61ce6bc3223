#!/bin/sh
# packages.sh [LIBRARY]: builds the packages of all languages in dist/packages, with each native
# library that has been built, or with one for this machine. Installs the tools that it needs.
set -eu
library=${1:+$(realpath "$1")}
cd "$(dirname "$0")"
root=$(cd .. && pwd)
missing=
for tool in make:make mcs:mono-mcs node:nodejs npm:npm perl:perl ruby:ruby; do
    command -v "${tool%:*}" >/dev/null || missing="$missing ${tool#*:}"
done
# shellcheck disable=SC2046,SC2086 # several packages
sh ../packaging/packages.sh $(cat java/debian-packages) python3-venv $missing
rm -rf "$root/dist/packages"
for script in */package.sh; do
    sh "$script" "$root/dist/packages" ${library:+"$library"}
done
cd "$root/dist/packages"
find . -type f -exec ls -l {} +
