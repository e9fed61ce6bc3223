#!/bin/sh
# packages.sh PACKAGE ...: installs the Debian packages that are missing. Needs root for that only.
set -eu
missing=
for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ]; then
    echo "these packages are missing; run, as root: apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
apt-get -q -o DPkg::Lock::Timeout=300 update
# shellcheck disable=SC2086 # several packages
DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
    install --no-install-recommends $missing
