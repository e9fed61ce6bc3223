#!/bin/sh
# check.sh WIDTH: checks dist/winWIDTH/luma.dll and luma.exe: the exports of the DLL, their imports,
# and the oldest Windows that they support.
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
    echo "check.sh: the exports of the DLL differ from the promised ones (< promised, > exported)" >&2
    exit 1
}

# Part of Windows since 7.
printf '%s.dll\n' advapi32 bcrypt crypt32 kernel32 msvcrt ntdll ws2_32 | sorted >"$tables/system"
for file in luma.dll luma.exe; do
    [ -e "$dist/$file" ] || continue # see build.sh
    "$prefix-objdump" -p "$dist/$file" >"$tables/all"
    sed -n 's/.*DLL Name: //p' "$tables/all" | tr '[:upper:]' '[:lower:]' | sorted -u >"$tables/imported"
    foreign=$(comm -23 "$tables/imported" "$tables/system")
    if [ -n "$foreign" ]; then
        echo "check.sh: $file imports other DLLs:" "$foreign" >&2
        exit 1
    fi
    major=$(sed -n 's/^MajorSubsystemVersion[[:space:]]*//p' "$tables/all")
    minor=$(sed -n 's/^MinorSubsystemVersion[[:space:]]*//p' "$tables/all")
    if [ "$((major * 100 + minor))" -gt 601 ]; then
        echo "check.sh: $file needs Windows $major.$minor" >&2
        exit 1
    fi
done
