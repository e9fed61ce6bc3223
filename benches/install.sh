#!/bin/sh
# Installs from Debian's packages what `make bench` needs and is not there.
set -eu
packages="gcc libc6-dev make pkg-config binutils util-linux valgrind strace nginx-light openssl
    libcurl4-openssl-dev libcjson-dev libssl-dev ca-certificates"
missing=
for package in $packages; do
    dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
done
# Not every Debian has it.
if ! dpkg -s libyyjson-dev >/dev/null 2>&1 && apt-cache show libyyjson-dev >/dev/null 2>&1; then
    missing="$missing libyyjson-dev"
fi
if [ -n "$missing" ]; then
    apt-get update -qq
    # shellcheck disable=SC2086 # several packages
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
fi
