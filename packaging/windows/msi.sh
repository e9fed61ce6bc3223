#!/bin/sh
# msi.sh WIDTH: builds dist/luma-VERSION-winWIDTH.msi, an installer of dist/winWIDTH/luma.exe that
# adds its folder to the machine's PATH.
set -eu
. "$(dirname "$0")/common.sh"
names "$1"
version=$(sed -n '/^version = /{s/.*"\(.*\)"/\1/p;q}' "$root/Cargo.toml")
cd "$root"
. packaging/date.sh
case $width in
64) architecture=x64 template=x64 program_files=ProgramFiles64Folder win64=yes ;;
32) architecture=x86 template=Intel program_files=ProgramFilesFolder win64=no ;;
esac
# The same version is the same product, and the same files are the same package.
uuid() { uuidgen --sha1 --namespace @dns --name "$1" | tr '[:lower:]' '[:upper:]'; }
product=$(uuid "$version.win$width.luma.libluma.example")
package=$(uuid "$(cat "$dist/luma.exe" "$dist/luma-completions.ps1" "$dist/THIRD-PARTY-LICENSES.txt" | sha256sum)")

# The summary contains the current time.
dated() { TZ=UTC faketime -f "$(date -u -d "@$SOURCE_DATE_EPOCH" '+%Y-%m-%d %H:%M:%S')" "$@"; }
msi=$root/dist/luma-$version-win$width.msi
(cd "$dist" && dated wixl --arch "$architecture" -D "Version=$version" -D "Product=$product" \
    -D "Win64=$win64" -D "ProgramFiles=$program_files" -o "$msi" "$root/packaging/windows/luma.wxs")
# wixl has no element for these. In the name: set, remove when uninstalled, the machine's.
# shellcheck disable=SC2016 # backquotes are SQL's
dated msibuild "$msi" -q 'CREATE TABLE `Environment` (`Environment` CHAR(72) NOT NULL,
    `Name` CHAR(255) NOT NULL LOCALIZABLE, `Value` CHAR(255) LOCALIZABLE,
    `Component_` CHAR(72) NOT NULL PRIMARY KEY `Environment`)' \
    'INSERT INTO `Environment` (`Environment`, `Name`, `Value`, `Component_`)
    VALUES ('\''Path'\'', '\''=-*PATH'\'', '\''[~];[INSTALLDIR]'\'', '\''Command'\'')' \
    'INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('\''RemoveEnvironmentStrings'\'', 3300)' \
    'INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('\''WriteEnvironmentStrings'\'', 5200)'
dated msibuild "$msi" -s luma 'The libluma authors' "$template;1033" "{$package}"
sh packaging/sign.sh dll "$msi"
