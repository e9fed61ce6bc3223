#!/bin/sh
# package.sh DIRECTORY [LIBRARY]: builds a gem for each native library, and one without a library.
. "$(dirname "$0")/../packaging.sh"

gem_for() { # platform, what its name ends in
    cp -R luma_automation.gemspec README.md lib "$root/LICENSE-MIT" "$root/LICENSE-APACHE" "$work/$1"
    cd "$work/$1"
    export LUMA_GEM_PLATFORM="$1"
    log gem build --strict --output "$out/luma_automation-$version$2.gem" luma_automation.gemspec
    cd "$OLDPWD"
}
natives gem >"$work/natives.list"
while read -r platform name native licences; do
    mkdir -p "$work/$platform/lib/luma_automation"
    cp "$native" "$work/$platform/lib/luma_automation/$name"
    cp "$licences" "$work/$platform/THIRD-PARTY-LICENSES"
    gem_for "$platform" "-$platform"
done <"$work/natives.list"
mkdir "$work/ruby"
gem_for ruby ''
