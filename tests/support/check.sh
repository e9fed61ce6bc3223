# shellcheck shell=sh disable=SC2154
# To be sourced: counted checks and a closing line. $work is a directory for their output.
failed=0 passed=0
check() { # title, command, arguments
    title=$1
    shift
    if "$@" >"$work/output" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $title: $*"
        cat "$work/output"
    fi
}
closing_line() {
    echo "$passed passed, $failed failed"
    test "$failed" = 0
}

# Checks that a text names the packages that are linked into one of ours and no others, and contains
# these words.
check_licences() { # name, file, target, package, words
    name=$1 file=$2
    # In $root, because the tests change the directory.
    (cd "$root" && cargo tree --quiet --locked --target "$3" -e normal,no-proc-macro --prefix none -p "$4") |
        sed -n '/ (\//!s/^\([^ ]*\) v\([^ ]*\).*/\1 \2: /p' | sort -u >"$work/linked"
    check "$name: serde_json is linked" grep '^serde_json ' "$work/linked"
    while read -r package; do
        check "$name: $package" grep -F "  $package" "$file"
    done <"$work/linked"
    shift 4
    for text in 'The Rust Project' "$@"; do
        check "$name: $text" grep -F "$text" "$file"
    done
    others=$(sed -n 's/^  \([a-z0-9_-]* [0-9][^:]*: \).*/\1/p' "$file" | sort -u | comm -23 - "$work/linked")
    check "$name: packages that are not linked" test -z "$others"
}

# Runs each example with the simulator.
check_examples() { # name, directory of the programs, command that runs them, if any
    name=$1 folder=$2
    shift 2
    beside="sh $with_simulator $*"
    # shellcheck disable=SC2086 # words of a command
    {
        check "$name: trigger.c" $beside "$folder/trigger" unlock_account 100-1 userName=jdoe
        check "$name: errors.c" $beside "$folder/errors"
        check "$name: wait.c" $beside "$folder/wait" unlock_account 100-1 userName=jdoe
        # The run does not exist, so the example ends with an error.
        check "$name: steps.c" sh -c '"$@"; test $? = 2' - \
            $beside "$folder/steps" 0b6f6f5e-6d0c-4d3c-9d3b-7b8f0f6f1c55
    }
}

# Checks how a shared library is linked.
check_hardening() { # name, file
    check "$1: the soname" sh -c 'readelf -dW "$0" | grep "SONAME.*\[libluma.so.0\]"' "$2"
    check "$1: it stays loaded" sh -c 'readelf -dW "$0" | grep -w NODELETE' "$2"
    check "$1: read-only after relocation, all of it (RELRO)" sh -c \
        'readelf -lW "$0" | grep -w GNU_RELRO && readelf -dW "$0" | grep -w BIND_NOW' "$2"
    check "$1: no executable stack (NX)" sh -c 'readelf -lW "$0" | grep "GNU_STACK.* RW  *0"' "$2"
    check "$1: no segment is writable and executable" sh -c '! readelf -lW "$0" | grep "LOAD.* RWE"' "$2"
    check "$1: no relocations in code" sh -c '! readelf -dW "$0" | grep -w TEXTREL' "$2"
    check "$1: no search path" sh -c '! readelf -dW "$0" | grep -E "RPATH|RUNPATH"' "$2"
    check "$1: only the C library's names" sh -c \
        '! readelf -dW "$0" | grep NEEDED | grep -vE "\[(libc|libgcc_s|ld-linux-[^]]*)\.so"' "$2"
}
