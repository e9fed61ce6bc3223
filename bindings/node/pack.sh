#!/bin/sh
# pack.sh [DIRECTORY]: builds the npm packages in a directory, by default dist/node: the client, and
# one with the library for each platform that `make dist` has built.
# pack.sh DIRECTORY LIBRARY: builds the client, and a package with a given library for this machine.
set -eu
umask 022
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
mkdir -p "${1:-$root/dist/node}"
out=$(cd "${1:-$root/dist/node}" && pwd)
work=$out/build
rm -rf "$work"
mkdir "$work"

platforms=
library() { # platform, CPU, library, its name in the package, its licences
    [ -f "$3" ] || return 0
    package=$work/luma-automation-$1-$2
    mkdir "$package"
    cp "$3" "$package/$4"
    cp "$root/LICENSE-MIT" "$root/LICENSE-APACHE" "$package"
    cp "$5" "$package/THIRD-PARTY-LICENSES"
    libc=
    [ "$1" != linux ] || libc=', "libc": ["glibc"]'
    cat >"$package/package.json" <<EOF
{
  "name": "luma-automation-$1-$2",
  "version": "$version",
  "description": "The native library of luma-automation",
  "license": "MIT OR Apache-2.0",
  "os": ["$1"], "cpu": ["$2"]$libc
}
EOF
    platforms="$platforms $1-$2"
}
version=$(node -p 'require("./package.json").version')
if [ $# -eq 2 ]; then
    library linux "$(node -p process.arch)" "$2" libluma.so.0 /dev/null
else
    for machine in x86_64:x64 aarch64:arm64; do
        built=$target/portable/${machine%:*}
        library linux ${machine#*:} "$built/libluma.so" libluma.so.0 "$built/THIRD-PARTY-LICENSES"
    done
    for machine in 64:x64 32:ia32; do
        built=$root/dist/win${machine%:*}
        library win32 ${machine#*:} "$built/luma.dll" luma.dll "$built/THIRD-PARTY-LICENSES.txt"
    done
fi
[ -n "$platforms" ] || {
    echo 'pack.sh: there is no portable library; build one: sh packaging/portable.sh x86_64' >&2
    exit 1
}

# The client names these packages: npm installs the one that fits.
mkdir "$work/luma-automation"
cp -R lib README.md "$root/LICENSE-MIT" "$root/LICENSE-APACHE" "$work/luma-automation"
# shellcheck disable=SC2086 # several platforms
node -e '
    const { devDependencies, ...manifest } = require("./package.json");
    manifest.optionalDependencies = Object.fromEntries(process.argv.slice(2)
        .map((platform) => [`luma-automation-${platform}`, manifest.version]));
    require("fs").writeFileSync(process.argv[1], JSON.stringify(manifest, null, 2) + "\n");
' "$work/luma-automation/package.json" $platforms
for package in "$work"/*/; do
    (cd "$out" && npm pack --silent "$package" >/dev/null)
done
rm -r "$work"
ls -l "$out"/*.tgz
