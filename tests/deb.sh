#!/bin/sh
# Installs the Debian packages of dist/, builds and runs the examples against them, and removes
# them. `make test-deb` runs it, as root.
set -eu
cd "$(dirname "$0")/.."
root=$PWD dist=$PWD/dist work=$(mktemp -d)
. tests/support/check.sh
. tests/support/command.sh
packages="libluma-dev libluma0 luma luma-simulator"
symbols="libluma0-dbgsym luma-dbgsym luma-simulator-dbgsym"
trap 'rm -rf "$work"' EXIT
for package in $packages $symbols; do
    if dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$'; then
        echo "deb.sh: $package is already installed, and this test would remove it" >&2
        exit 1
    fi
done
cp simulator/with-simulator.sh "$work"
cd "$work"

version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$root/Cargo.toml")
check "lintian" lintian --fail-on error,warning "$dist"/*.deb
host=$(rustc -vV | sed -n 's/^host: //p')
for package in $packages; do
    dpkg-deb --fsys-tarfile "$dist/$package"_*.deb |
        tar -xO "./usr/share/doc/$package/THIRD-PARTY-LICENSES.gz" | gzip -d >licences
    case $package in
    luma-simulator) check_licences "$package" licences "$host" luma-simulator ;;
    luma) check_licences "$package" licences "$host" luma-cli 'Brian Smith' 'The Go Authors' ;;
    *)
        check_licences "$package" licences "$host" luma-automation \
            'Joseph Birr-Pixton' 'Brian Smith' 'The Go Authors'
        ;;
    esac
done
check "dpkg -i" dpkg -i "$dist"/*.deb
# shellcheck disable=SC2064,SC2086 # expanded now; several packages
trap "dpkg --purge $symbols $packages >'$work/output' 2>&1; rm -rf '$work'" EXIT
check "the version of luma.pc" test "$(pkg-config --modversion luma)" = "$version"
check "the version of the package" test "$(dpkg-query -W -f '${Version}' libluma0)" = "$version"
check "ldconfig finds it" sh -c 'ldconfig -p | grep "libluma\.so\.0 "'

export LUMA_SIMULATOR=/usr/bin/luma-simulator
runs() { # directory of the programs
    check "$1" sh with-simulator.sh "$1/trigger" unlock_account 100-1 userName=jdoe
    check "$1" sh with-simulator.sh "$1/trigger-cpp" unlock_account 100-1 userName=jdoe
}
for how in shared STATIC=1; do
    cp -R /usr/share/doc/libluma-dev/examples "make-$how"
    # shellcheck disable=SC2046 # an argument or none
    check "make $how" make -C "make-$how" $(test "$how" = shared || echo "$how")
    runs "make-$how"
done
for static in OFF ON; do
    check "CMake" cmake -S /usr/share/doc/libluma-dev/examples -B "cmake-$static" -DLUMA_STATIC=$static
    check "CMake" cmake --build "cmake-$static" -j 2
    runs "cmake-$static"
done

with_simulator=with-simulator.sh
check_command /usr
check_command_files /usr/share/man/man1 /usr/share/bash-completion/completions \
    /usr/share/zsh/vendor-completions /usr/share/fish/vendor_completions.d
check "the man page" sh -c 'MANPAGER=cat man luma-trigger 2>/dev/null | grep "not sent" ||
    zcat /usr/share/man/man1/luma-trigger.1.gz | grep "not sent"'

gdb_shows_lines() { # file, function
    gdb -batch -ex "info line $2" "$1" | grep "starts at address"
}
library=$(echo /usr/lib/*/libluma.so.0)
check "gdb shows no lines without the symbols" sh -c '! gdb -batch -ex "info line luma_client_new" "$0" | grep "^Line"' "$library"
check "dpkg -i, the symbols" dpkg -i "$dist"/debug/*.deb
check "gdb shows lines of the library" gdb_shows_lines "$library" luma_client_new
check "gdb shows lines of the command" gdb_shows_lines /usr/bin/luma luma::main
check "gdb shows lines of the simulator" gdb_shows_lines /usr/bin/luma-simulator luma_simulator::main

# shellcheck disable=SC2086
check "removed" dpkg --purge $symbols $packages
check "static programs run without the packages" sh -c \
    'make-STATIC=1/trigger; test $? = 1 && cmake-ON/trigger; test $? = 1'
check "the others do not" sh -c 'make-shared/trigger; test $? = 127'
check "nothing is left" sh -c '! ls -d /usr/include/luma /usr/lib/*/libluma* /usr/lib/*/cmake/luma \
    /usr/lib/*/pkgconfig/luma.pc /usr/share/doc/*luma* /usr/bin/luma* /usr/share/man/man1/luma* \
    /usr/share/bash-completion/completions/luma 2>&1 | grep -v "No such"'
closing_line
