#!/bin/sh
# Installs into an empty prefix, moves the source away, and builds and runs the examples against the
# installed files: with pkg-config and with CMake, shared and static. `make test-install` runs it.
set -eu
cd "$(dirname "$0")/.."
root=$PWD target=${CARGO_TARGET_DIR:-$PWD/target}
work=$target/test-install libdir=lib/$(cc -print-multiarch)
rm -rf "$work"
mkdir -p "$work/source"
git ls-files -z --cached --others --exclude-standard | tar -cf - --null -T - | tar -xf - -C "$work/source"

with_simulator=with-simulator.sh
. tests/support/check.sh

cd "$work/source"
export CARGO_TARGET_DIR="$target"
# Twice: the second time while the library is open, and from a source tree that only its owner may
# read.
make install PREFIX="$work/prefix"
library=$work/prefix/lib/libluma.so.0.1.0
exec 3<"$library"
before=$(stat -c %i "$library")
chmod -R go= .
(umask 077 && make install PREFIX="$work/prefix")
after=$(stat -c %i "$library")
exec 3<&-
check "a library in use is replaced, not overwritten" test "$before" != "$after"
check "all users may read it" test -z "$(find "$work/prefix" -type f ! -perm 644 -o -type d ! -perm 755)"
make install PREFIX=/opt/luma LIBDIR="$libdir" DESTDIR="$work/destdir"

make install PREFIX="$work/removed"
touch "$work/removed/include/other.h"
check "uninstall" make uninstall PREFIX="$work/removed"
check "leaves nothing but what others installed" test "$(find "$work/removed" ! -type d)" = "$work/removed/include/other.h"
check "uninstalls again" make uninstall PREFIX="$work/removed"

fails_with() { # message, arguments of make
    message=$1
    shift
    ! make install "$@" >"$work/messages" 2>&1 && grep -F "$message" "$work/messages"
}
check "a relative prefix" fails_with "PREFIX must be an absolute path, but is 'luma'" PREFIX=luma
check "libraries outside the prefix" fails_with "LIBDIR must be a directory below PREFIX" PREFIX=/opt/luma LIBDIR=/usr/lib
check "libraries above the prefix" fails_with "LIBDIR must be a directory below PREFIX" PREFIX=/opt/luma LIBDIR=lib/../../lib
if [ "$(id -u)" = 0 ]; then
    # As sudo runs it for another user, and only that user has Cargo.
    chown -R 65534 .
    export SUDO_UID=65534 CARGO=false
    touch src/lib.rs
    check "root does not build below sudo" fails_with "run 'make stage' first, without sudo" PREFIX="$work/root"
    touch "$target/stage/complete"
else
    check "no permission to write" fails_with "no permission to write to /usr" PREFIX=/usr
fi
spaces="$work/a folder/luma"
check "a prefix with a space and slashes" make install PREFIX="$spaces//" LIBDIR="$spaces/$libdir/"
unset SUDO_UID CARGO
cp -R examples-c "$work/examples"
cp simulator/with-simulator.sh tests/luma.symbols "$work"
cd "$work"
mv source away
rm -rf "$target/stage"

names() { (cd "$1" && find . ! -type d | sed "s|^./$2/|./lib/|" | sort); }
names prefix lib >files
for directory in destdir/opt/luma "a folder/luma"; do
    names "$directory" "$libdir" >other-files
    check "$directory contains the same files" cmp files other-files
done
cat >expected <<'END'
./include/luma/luma.h
./include/luma/luma.hpp
./lib/cmake/luma/luma-config-version.cmake
./lib/cmake/luma/luma-config.cmake
./lib/libluma.a
./lib/libluma.so
./lib/libluma.so.0
./lib/libluma.so.0.1.0
./lib/pkgconfig/luma.pc
./share/doc/luma/LICENSE-APACHE
./share/doc/luma/LICENSE-MIT
./share/doc/luma/THIRD-PARTY-LICENSES
END
check "the list of files" diff expected files
host=$(rustc -vV | sed -n 's/^host: //p')
check_licences "licences" prefix/share/doc/luma/THIRD-PARTY-LICENSES "$host" luma-automation \
    'Joseph Birr-Pixton' 'Brian Smith' 'The Go Authors'
check_hardening "the library" prefix/lib/libluma.so
check "its size" test "$(stat -c %s prefix/lib/libluma.so.0.1.0)" -le 2600000
nm -D --defined-only prefix/lib/libluma.so | sed 's/.* //' | sort >exported
grep '^luma_' luma.symbols | sort >promised
check "exports the promised functions" cmp exported promised
nm -g --defined-only prefix/lib/libluma.a | sed -n 's/.* //p' | sort >exported
check "the static library has no other global names" sh -c 'grep . exported | cmp - promised'
for path in "$work" "$target" "$(dirname "$target")" "${CARGO_HOME:-$HOME/.cargo}"; do
    check "no path below $path" sh -c \
        '! grep -rlF "$0" prefix/lib/*.* prefix/lib/cmake prefix/include prefix/share destdir' "$path"
done

runs() { # name, directory of the programs
    check_examples "$1" "$2"
    check "$1: trigger.cpp" sh with-simulator.sh "$2/trigger-cpp" unlock_account 100-1 userName=jdoe
    for source in examples/*.c; do
        check "$1: $source" test -x "$2/$(basename "$source" .c)"
    done
}
needs() { readelf -d "$1" | grep "NEEDED.*\[libluma.so.0\]"; }
needs_not() { ! needs "$1"; }

by_make() { # directory, arguments
    directory=$1
    shift
    cp -R examples "$directory"
    check "$directory" make -C "$directory" CFLAGS="-O2 -Wall -Wextra -Wpedantic -Werror" "$@"
}
export PKG_CONFIG_PATH="$work/prefix/lib/pkgconfig" LUMA_SIMULATOR="$target/release/luma-simulator"
by_make make-shared
check "make, shared" needs make-shared/trigger
runs "make, shared" make-shared
by_make make-static STATIC=1
check "make, static" needs_not make-static/trigger
runs "make, static" make-static
# The linker warns that getaddrinfo still loads libraries at run time.
check "the static link line of luma.pc" sh -c 'cc -std=c99 examples/trigger.c -static -o all-static \
    $(pkg-config --static --cflags --libs luma)'
check "no interpreter" sh -c '! readelf -l all-static | grep INTERP'
check "-static" sh with-simulator.sh ./all-static unlock_account 100-1 userName=jdoe
cat >plugin.c <<'END'
#include <luma.h>
const char *plugin(void);
const char *plugin(void) { return luma_version(); }
END
plugin() { # options
    # shellcheck disable=SC2046 # several options
    cc -std=c99 -shared -fPIC plugin.c -o plugin.so "$@" \
        $(pkg-config --static --cflags --libs luma | sed 's/-lluma/-l:libluma.a/') &&
        nm -D --defined-only plugin.so | sed 's/.* //'
}
check "a plug-in exports the functions of libluma" sh -c 'echo "$0" | grep luma_version' "$(plugin)"
check "but not with --exclude-libs" test "$(plugin -Wl,--exclude-libs,libluma.a)" = plugin
printf '#include <%s>\n' luma/luma.hpp luma/luma.h >includes.cpp
check "<luma/luma.h>" c++ -std=c++17 -fsyntax-only -Iprefix/include includes.cpp
check "pkg-config in a DESTDIR" env PKG_CONFIG_PATH="$work/destdir/opt/luma/$libdir/pkgconfig" \
    PKG_CONFIG_SYSROOT_DIR="$work/destdir" make -C make-static clean all STATIC=1
runs "pkg-config in a DESTDIR" make-static

PKG_CONFIG_PATH="$spaces/$libdir/pkgconfig" by_make make-spaces
runs "make, with a space" make-spaces

by_cmake() { # directory, prefix, ON for static
    check "$1" cmake -S examples -B "$1" -DCMAKE_PREFIX_PATH="$2" -DLUMA_STATIC="$3"
    check "$1" cmake --build "$1" -j 2
}
# Neither in the directory it was installed to, nor in PREFIX.
mv prefix moved
for prefix in moved destdir/opt/luma "a folder/luma"; do
    programs=cmake-$(echo "$prefix" | tr ' /' --)
    by_cmake "$programs" "$work/$prefix" OFF
    check "$programs, shared" needs "$programs/trigger"
    runs "$programs, shared" "$programs"
    by_cmake "$programs" "$work/$prefix" ON
    check "$programs, static" needs_not "$programs/trigger"
    runs "$programs, static" "$programs"
done
sed -i 's/find_package(luma 0.1 /find_package(luma 0.2 /' examples/CMakeLists.txt
check "CMake does not find a later version" sh -c \
    '! cmake -S examples -B later -DCMAKE_PREFIX_PATH="$0"/moved' "$work"

closing_line
rm -rf "$work"
