#!/bin/sh
# check.sh WIDTH: looks at dist/winWIDTH/luma.dll: what it exports and needs, and from which Windows
# on it runs.
set -eu
. "$(dirname "$0")/common.sh"
names "$1"

sorted() {
    LC_ALL=C sort "$@"
}
tables=$(mktemp -d)
trap 'rm -rf "$tables"' EXIT
"$prefix-objdump" -p "$dist/luma.dll" >"$tables/all"

sed -n '/Ordinal\/Name Pointer/,/^$/s/^[[:space:]]*\[ *[0-9]*\] *\([^ ]*\)$/\1/p' "$tables/all" | sorted >"$tables/exported"
sed '1,2d' "$dist/luma.def" | sorted >"$tables/promised"
diff "$tables/promised" "$tables/exported" || {
    echo "check.sh: the DLL does not export what is promised (< promised, > exported)" >&2
    exit 1
}

# These are in every Windows from 7 on.
sed -n 's/.*DLL Name: //p' "$tables/all" | tr A-Z a-z | sorted -u >"$tables/imported"
printf '%s.dll\n' advapi32 bcrypt crypt32 kernel32 msvcrt ntdll ws2_32 | sorted >"$tables/system"
foreign=$(comm -23 "$tables/imported" "$tables/system")
if [ -n "$foreign" ]; then
    echo "check.sh: the DLL needs" $foreign >&2
    exit 1
fi

major=$(sed -n 's/^MajorSubsystemVersion[[:space:]]*//p' "$tables/all")
minor=$(sed -n 's/^MinorSubsystemVersion[[:space:]]*//p' "$tables/all")
if [ "$((major * 100 + minor))" -gt 601 ]; then
    echo "check.sh: the DLL demands Windows $major.$minor" >&2
    exit 1
fi
