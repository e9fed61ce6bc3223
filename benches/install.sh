#!/bin/sh
# Installs the Debian packages that `make bench` needs, unless they are installed.
set -eu
packages="gcc libc6-dev make pkg-config binutils util-linux valgrind strace nginx-light openssl
    libcurl4-openssl-dev libcjson-dev libssl-dev ca-certificates"
missing=
for package in $packages; do
    dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
done
if [ -n "$missing" ]; then
    apt-get update -qq
    # shellcheck disable=SC2086 # several packages
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
fi
