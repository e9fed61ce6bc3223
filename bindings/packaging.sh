# shellcheck shell=sh disable=SC2034
# For bindings/*/package.sh DIRECTORY [LIBRARY]:  . "$(dirname "$0")/../packaging.sh"
#
# These scripts build the packages of a language in a directory, with each native library that has
# been built, or with one for this machine. The same source and libraries give the same bytes.
# Changes to the script's directory, and sets root, version, out (DIRECTORY), library (LIBRARY) and
# work (an empty directory).
set -eu
umask 022
mkdir -p "$1"
out=$(realpath "$1") library=${2:+$(realpath "$2")}
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
work=${CARGO_TARGET_DIR:-$root/target}/packages/$(basename "$PWD")
rm -rf "$work"
mkdir -p "$work"
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$root/Cargo.toml")
cd "$root"
. packaging/date.sh
cd "$OLDPWD"

# Prints lines of PLATFORM NAME LIBRARY LICENCES.
natives() { # kind of package, see natives.sh
    sh ../natives.sh "$1" ${library:+"$library"}
}

# log COMMAND ...: shows its output only if it fails.
log() {
    "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2 && exit 1; }
}

# archive DIRECTORY FILE: the contents of a directory as a tar file.
archive() {
    tar -C "$1" --sort=name --format=gnu --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" \
        --mode=u=rwX,go=rX -cf "$2" .
}
