#!/bin/sh
# Tests the build for old systems: what it needs, its debug symbols, and the RPM packages, installed
# into an empty root and used in one of Debian 11, with glibc 2.31. `make test-rpm` runs it, as
# root.
# shellcheck disable=SC2086 # several packages in a variable
set -eu
cd "$(dirname "$0")/.."
root=$PWD work=$(mktemp -d) machine=$(uname -m)
trap 'rm -rf "$work"' EXIT
cache=${LUMA_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/libluma}
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
build=${CARGO_TARGET_DIR:-$PWD/target}/portable/$machine
. tests/support/check.sh
. tests/support/command.sh
. tests/support/portable.sh
. packaging/debian-root.sh
sh packaging/packages.sh rpm mmdebstrap gdb gcc
old=$cache/debian11
debian_root bullseye "$old" gcc,g++,libc6-dev,make,pkg-config

check_portable "$build" ""

# A process may unload the library, or a plug-in that contains it, and fork.
export LUMA_SIMULATOR="$build/luma-simulator"
check "a program that loads" cc -std=c99 -Iinclude tests/c/reload.c -o "$work/reload" -ldl
check "loading, unloading, fork" sh simulator/with-simulator.sh "$work/reload" "$build/libluma.so" 3000 0
check "a plug-in" cc -shared -o "$work/plugin.so" -Wl,--whole-archive "$build/libluma.a" \
    -Wl,--no-whole-archive -lutil -lrt -lpthread -lm -ldl -lc
check "loading, unloading, fork, with a plug-in" sh simulator/with-simulator.sh "$work/reload" "$work/plugin.so" 3000 200

# Debuggers find the symbols in a directory `.debug`, and check that they belong to the file.
mkdir -p "$work/symbols/.debug"
cp "$build/libluma.so" "$work/symbols/libluma.so.$version"
cp "$build/debug/libluma.so.$version.debug" "$work/symbols/.debug"
check "gdb shows lines" sh -c 'gdb -batch -ex "info line luma_client_new" "$0" | grep "starts at address"' \
    "$work/symbols/libluma.so.$version"
for path in "$root" "$cache" "${CARGO_HOME:-$HOME/.cargo}"; do
    check "no path below $path in the symbols" sh -c '! grep -rlaF "$0" "$1"' "$path" "$build"
done

packages="libluma libluma-devel luma luma-simulator"
cd dist
files=$(printf "%s-$version-1.$machine.rpm " $packages)
check "the packages" ls $files
check "needs nothing but glibc and ld.so" sh -c '! rpm -qp --requires "$@" |
    grep -vE "^(ld-linux|lib(c|dl|pthread|m)\.so|rpmlib|libluma|glibc-devel|/usr/bin/pkg-config)"' - $files
check "needs glibc 2.17" sh -c '! rpm -qp --requires "$@" | sed -n "s/.*(GLIBC_\([0-9.]*\)).*/\1/p" |
    sort -Vu | sed "1,/^2\.17$/d" | grep .' - $files
check "the files of the command" sh -c 'rpm -qpl "$1" | LC_ALL=C sort | diff - "$0"' "$root/tests/support/luma-rpm.txt" "luma-$version-1.$machine.rpm"
mkdir "$work/empty"
# Without the distribution's packages, of which only glibc is needed.
check "rpm installs" rpm --root "$work/empty" -i --nodeps --ignorearch $files
check "rpm verifies" rpm --root "$work/empty" -V --nodeps $packages
check "the symbolic links" sh -c 'cd "$0/usr/lib64" && test -s libluma.so && test -s libluma.so.0' "$work/empty"
check "rpm removes" rpm --root "$work/empty" -e --nodeps $packages
check "nothing is left" sh -c '! find "$0/usr" -iname "*luma*" | grep .' "$work/empty"

cp -a "$old" "$work/old"
check "glibc is old" sh -c 'chroot "$0" ldd --version | grep "2\.31"' "$work/old"
check "rpm installs in Debian 11" rpm --root "$work/old" -i --nodeps --ignorearch $files
# RHEL's linker and pkg-config look into lib64.
echo /usr/lib64 >"$work/old/etc/ld.so.conf.d/lib64.conf"
chroot "$work/old" ldconfig
cp "$root/simulator/with-simulator.sh" "$work/old"
for how in shared static; do
    cp -R "$work/old/usr/share/doc/libluma-devel/examples" "$work/old/$how"
    check "make, $how" chroot "$work/old" env PKG_CONFIG_PATH=/usr/lib64/pkgconfig \
        make -C "/$how" "$(test $how = static && echo STATIC=1 || echo STATIC=)"
    printf '%s\n' "exec chroot '$work/old' env LUMA_SIMULATOR=/usr/bin/luma-simulator sh /with-simulator.sh \"\$@\"" \
        >"$work/in-old.sh"
    with_simulator=$work/in-old.sh
    check_examples "Debian 11, $how" "/$how"
done
check_command /usr
share=$work/old/usr/share
check_command_files "$share/man/man1" "$share/bash-completion/completions" \
    "$share/zsh/site-functions" "$share/fish/vendor_completions.d"
closing_line
