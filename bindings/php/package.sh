#!/bin/sh
# package.sh DIRECTORY [LIBRARY]: builds the package for Composer. It contains the native libraries.
. "$(dirname "$0")/../packaging.sh"
package=$work/package
mkdir "$package"
cp -R README.md src "$root/LICENSE-MIT" "$root/LICENSE-APACHE" "$package"
sed "s|\"type\":|\"version\": \"$version\",\n    &|" composer.json >"$package/composer.json"
natives php >"$work/natives.list"
while read -r platform name native licences; do
    mkdir -p "$package/native/$platform"
    cp "$native" "$package/native/$platform/$name"
    cp "$licences" "$package/native/$platform/THIRD-PARTY-LICENSES"
done <"$work/natives.list"
archive "$package" "$out/luma-automation-php-$version.tar"
