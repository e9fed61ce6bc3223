#!/bin/sh
# test-command.sh WIDTH: tests dist/winWIDTH/luma.exe and its installer with Wine. test.sh runs it.
set -eu
. "$(dirname "$0")/common.sh"
names "$1"
here=$root/packaging/windows
version=$(sed -n '/^version = /{s/.*"\(.*\)"/\1/p;q}' "$root/Cargo.toml")
msi=luma-$version-win$width.msi
# In the source tree, which every Wine server sees. One that still runs has no other directories.
work=$work/command
rm -rf "$work"
mkdir -p "$work"
cd "$root"
. tests/support/check.sh
# shellcheck disable=SC1003 # a backslash
windows_path() { printf 'Z:%s' "$1" | tr / '\\'; }
wine() { sh "$here/wine.sh" "$@"; }
remove() {
    wine msiexec /x "$(windows_path "$root/dist/$msi")" /qn
}
environment='HKLM\System\CurrentControlSet\Control\Session Manager\Environment'
path() { wine reg query "$environment" /v PATH | tr -d '\r' | sed -n 's/^ *PATH *REG_EXPAND_SZ *//p'; }
before=$(path)
installed=
# Wine leaves an empty entry in PATH.
trap 'rm -rf "$work"; [ -z "$installed" ] || remove
    wine reg add "$environment" /v PATH /t REG_EXPAND_SZ /d "$before" /f >/dev/null' EXIT

beside_simulator() { sh simulator/with-simulator.sh sh "$here/wine.sh" "$@"; }
ends_with() { # exit code, command
    expected=$1 status=0
    shift
    "$@" || status=$?
    [ "$status" = "$expected" ]
}
prints() { # text, command
    text=$1
    shift
    "$@" | tr -d '\r' | grep -F "$text"
}
luma=$dist/luma.exe
check "luma --version" prints "luma $version" wine "$luma" --version
check "luma check, in UTF-8" prints '✓ token' beside_simulator "$luma" check
check "luma trigger --wait" prints COMPLETED beside_simulator "$luma" trigger unlock_account userName=Jürgen --wait
check "rejected: 2" ends_with 2 beside_simulator "$luma" trigger nope
check "unknown: 4" ends_with 4 beside_simulator "$luma" trigger fault-close-after-reading
check "a run that fails: 5" ends_with 5 beside_simulator "$luma" trigger restart_service hostName=a serviceName=b --wait
check "a mistake: 1" ends_with 1 wine "$luma" trigger
check "luma help trigger" prints 'Exit codes' wine "$luma" help trigger

# The token in the credential store. with-simulator.sh sets LUMA_URL and LUMA_TOKEN.
"$gcc" -std=c99 -Wall -Wextra -Wpedantic -Werror tests/windows/credential.c -o "$work/credential.exe" -ladvapi32
cat >"$work/credential.sh" <<'END'
wine=$1 program=$2 luma=$3 name=$4
sh "$wine" "$program" "$name" "$LUMA_TOKEN"
status=0
sh "$wine" "$luma" --url "$LUMA_URL" --token-credential "$name" check || status=$?
sh "$wine" "$program" "$name"
exit $status
END
for name in ascii-luma luma-test; do
    check "the credential $name" prints '✓ token' \
        sh simulator/with-simulator.sh sh "$work/credential.sh" "$here/wine.sh" "$work/credential.exe" "$luma" $name
done
check "no credential: how to create one" prints 'cmdkey /generic:missing' \
    wine "$luma" --url http://127.0.0.1:1 --token-credential missing check

# The installer writes the entry in PATH to the registry, which later programs read.
check "msiexec /i" wine msiexec /i "$(windows_path "$root/dist/$msi")" /qn
installed=yes
check "luma is in PATH" prints "luma $version" wine cmd /c luma --version
case $width in
64) program_files='C:\Program Files\Luma' ;;
32) program_files='C:\Program Files (x86)\Luma' ;;
esac
for file in luma.exe luma-completions.ps1 THIRD-PARTY-LICENSES.txt LICENSE-MIT; do
    check "$file is installed" wine cmd /c if not exist "$program_files\\$file" exit 1
done
check "msiexec /x" remove
installed=
check "luma.exe is removed" wine cmd /c if exist "$program_files\\luma.exe" exit 1
path >"$work/path"
check "PATH is as before" sh -c '! grep -F Luma "$0"' "$work/path"
closing_line
