#!/bin/sh
# gems.sh [DIRECTORY]: builds gems in a directory, by default dist: one without a library, and one
# for each library that `make dist` has built.
# gems.sh DIRECTORY LIBRARY: builds one with a given library, for this machine.
set -eu
umask 022
root=$(cd "$(dirname "$0")/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
mkdir -p "${1:-$root/dist}"
out=$(realpath "${1:-$root/dist}")
library=${2:+$(realpath "$2")}
work=$target/gems
cd "$root"
. packaging/date.sh
cd bindings/ruby

gem_for() { # platform, library, its name in the gem, its licences
    [ -f "$2" ] || return 0
    rm -rf "$work"
    mkdir -p "$work"
    cp -R luma_automation.gemspec README.md lib "$root/LICENSE-MIT" "$root/LICENSE-APACHE" "$work"
    [ "$1" = ruby ] || {
        cp "$2" "$work/lib/luma_automation/$3"
        cat "$4" >"$work/THIRD-PARTY-LICENSES"
    }
    name=luma_automation-$(ruby -r ./lib/luma_automation/version -e 'print LumaAutomation::VERSION')
    [ "$1" = ruby ] || name=$name-$1
    (cd "$work" && LUMA_GEM_PLATFORM=$1 gem build --strict --output "$out/$name.gem" luma_automation.gemspec >log 2>&1) ||
        { cat "$work/log" >&2 && exit 1; }
    echo "$out/$name.gem"
}
if [ -n "$library" ]; then
    gem_for "$(ruby -e 'print Gem::Platform.local')" "$library" libluma.so.0 /dev/null
    exit
fi
gem_for ruby luma_automation.gemspec
for machine in x86_64 aarch64; do
    built=$target/portable/$machine
    gem_for $machine-linux "$built/libluma.so" libluma.so.0 "$built/THIRD-PARTY-LICENSES"
done
for windows in x64-mingw-ucrt:win64 x64-mingw32:win64 x86-mingw32:win32; do
    built=$root/dist/${windows#*:}
    gem_for "${windows%:*}" "$built/luma.dll" luma.dll "$built/THIRD-PARTY-LICENSES.txt"
done
