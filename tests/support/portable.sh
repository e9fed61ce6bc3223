# shellcheck shell=sh disable=SC2154
# To be sourced after check.sh: checks what the library and the simulator of a portable build need,
# and what they export.
check_portable() { # directory of the build, name
    for file in libluma.so luma luma-simulator; do
        check "$2$file needs glibc 2.17 or earlier" sh -c 'readelf -VW "$0" | grep -q "GLIBC_2\.17" &&
            ! readelf -VW "$0" | grep -o "GLIBC_[0-9.]*" | sort -Vu | sed "1,/^GLIBC_2\.17$/d" | grep .' "$1/$file"
        check "$2$file needs no other library" sh -c \
            '! readelf -d "$0" | grep NEEDED | grep -vE "\[(libc|libm|libdl|libpthread|ld-linux-[^]]*)\.so"' "$1/$file"
        check "$2$file has a build id" sh -c 'readelf -n "$0" | grep "Build ID"' "$1/$file"
        check "$2$file names its symbols" sh -c 'readelf -p .gnu_debuglink "$0" | grep "\.debug"' "$1/$file"
    done
    check "$2the soname" sh -c 'readelf -d "$0" | grep "SONAME.*\[libluma.so.0\]"' "$1/libluma.so"
    check "$2it stays loaded" sh -c 'readelf -d "$0" | grep -w NODELETE' "$1/libluma.so"
    check "$2its size" test "$(stat -c %s "$1/libluma.so")" -le 2350000
    readelf --dyn-syms -W "$1/libluma.so" | awk '$5 == "GLOBAL" && $7 != "UND" { print $8 }' | sort >"$work/exported"
    grep '^luma_' "$root/tests/luma.symbols" | sort >"$work/promised"
    check "$2exports the promised functions" cmp "$work/exported" "$work/promised"
}
