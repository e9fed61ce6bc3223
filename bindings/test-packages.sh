#!/bin/sh
# test-packages.sh [LIBRARY]: builds the packages twice, compares their bytes, checks what they
# contain, and runs the tests of the bindings with them. The argument is that of packages.sh.
set -eu
library=${1:+$(realpath "$1")}
cd "$(dirname "$0")"
root=$(cd .. && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sh packages.sh ${library:+"$library"}
mv "$root/dist/packages" "$work"
sh packages.sh ${library:+"$library"} >"$work/log"
diff -r "$work/packages" "$root/dist/packages"
python3 -B check_packages.py "$root/dist/packages" ${library:+"$library"}
# pip finds the wheel of each platform, by each of its names, also where it cannot be installed. The
# wheel for one library has the name of this machine only.
[ -n "$library" ] || for platform in $(sh natives.sh wheel | cut -d ' ' -f 1 | tr . ' '); do
    "$(sh python/tools.sh)/bin/pip" download --quiet --disable-pip-version-check --no-index --dest "$work/wheels" \
        --find-links "$root/dist/packages" --only-binary :all: --platform "$platform" --python-version 3.9 luma-automation
done
LUMA_PACKAGES=$root/dist/packages sh test.sh csharp go java node perl php python ruby
