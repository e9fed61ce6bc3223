#!/bin/sh
# package.sh DIRECTORY [LIBRARY]: builds the npm packages: the client, and one for each native
# library.
. "$(dirname "$0")/../packaging.sh"

natives npm >"$work/natives"
while read -r platform name native licences; do
    package=$work/luma-automation-$platform
    mkdir "$package"
    cp "$native" "$package/$name"
    cp "$root/LICENSE-MIT" "$root/LICENSE-APACHE" "$package"
    cp "$licences" "$package/THIRD-PARTY-LICENSES"
    libc=
    [ "${platform%-*}" != linux ] || libc=', "libc": ["glibc"]'
    cat >"$package/package.json" <<END
{
  "name": "luma-automation-$platform",
  "version": "$version",
  "description": "The native library of luma-automation",
  "license": "MIT OR Apache-2.0",
  "os": ["${platform%-*}"], "cpu": ["${platform#*-}"]$libc
}
END
done <"$work/natives"

# The client names these packages: npm installs the one that fits.
mkdir "$work/luma-automation"
cp -R lib README.md "$root/LICENSE-MIT" "$root/LICENSE-APACHE" "$work/luma-automation"
# shellcheck disable=SC2046 # several platforms
node -e '
    const { devDependencies, ...manifest } = require("./package.json");
    manifest.optionalDependencies = Object.fromEntries(process.argv.slice(2)
        .map((platform) => [`luma-automation-${platform}`, manifest.version]));
    require("fs").writeFileSync(process.argv[1], JSON.stringify(manifest, null, 2) + "\n");
' "$work/luma-automation/package.json" $(cut -d ' ' -f 1 "$work/natives")
for package in "$work"/*/; do
    log npm pack --silent --pack-destination "$out" "$package"
done
