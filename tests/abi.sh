#!/bin/sh
# abi.sh LIBRARY: compares the library and the header with tests/libluma.abi, the recorded
# description of the types of all functions. `make test-abi` runs it.
# abi.sh LIBRARY --update records the description again. After a release it refuses any change
# but additions: programs that were built before must run.
set -eu
cd "$(dirname "$0")/.."
library=$1 recorded=tests/libluma.abi
sh packaging/packages.sh abigail-tools gcc libc6-dev binutils
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
. tests/support/check.sh

# A library with the functions of a header and no code: its debug information has exactly the types
# that C programs are compiled with. Cargo's has those of Rust.
describe() { # header, description
    printf '#include "%s"\n' "$1" | gcc -E -P - | tr '\n' ' ' | sed 's/;/;\n/g' |
        sed -E '/^ *(typedef|struct|enum|extern)/!s/(luma_[a-z0-9_]+\(.*\));$/\1 { __builtin_trap(); }/' \
            >"$work/functions.c"
    gcc -w -g -fno-eliminate-unused-debug-types -shared -fPIC -Wl,-soname,libluma.so.0 \
        -o "$work/functions.so" "$work/functions.c"
    abidw --no-corpus-path --no-comp-dir-path --no-show-locs --type-id-style hash \
        --out-file "$2" "$work/functions.so"
    # Where the file was, and the standard headers of this machine.
    sed -i -e "s|$work/||g" -e 's/ language=.[^>]*>/>/' "$2"
}
compatible() { # old, new: nothing was changed or removed
    abidiff --no-added-syms "$1" "$2"
}
unchanged() {
    abidiff "$1" "$2" || {
        echo "If the change is intended: make abi" && return 1
    }
}
describe "$PWD/include/luma.h" "$work/new"
if [ "${2-}" = --update ]; then
    is_released=$(git tag --list 'v*')
    if [ -n "$is_released" ] && ! compatible "$recorded" "$work/new"; then
        echo "abi.sh: programs that were built with a release would break; add a new function" >&2
        exit 1
    fi
    abidiff "$recorded" "$work/new" || :
    cp "$work/new" "$recorded"
    exit
fi

check "the types of all functions" unchanged "$recorded" "$work/new"
nm -D --defined-only "$library" | sed 's/.* //' | sort >"$work/exported"
nm -D --defined-only "$work/functions.so" | sed -n 's/.* \(luma_.*\)/\1/p' | sort >"$work/declared"
check "exports the declared functions" cmp "$work/exported" "$work/declared"
check_hardening "the library" "$library"

# Positive controls.
breaks() { # sed script that edits the header
    sed "$1" include/luma.h >"$work/luma.h"
    ! cmp -s include/luma.h "$work/luma.h" && describe "$work/luma.h" "$work/broken" &&
        ! compatible "$recorded" "$work/broken"
}
check "a changed parameter is found" breaks 's/connect_timeout_ms(luma_config \*config, int64_t/connect_timeout_ms(luma_config *config, int32_t/'
check "a changed result is found" breaks 's/^size_t luma_result_journal_count(/int32_t luma_result_journal_count(/'
check "a removed function is found" breaks '/^size_t luma_result_journal_count(/d'
check "a changed callback is found" breaks 's/^typedef void (\*luma_log_fn)(int32_t/typedef void (*luma_log_fn)(int64_t/'
echo 'int luma_new_function(void);' | cat include/luma.h - >"$work/luma.h"
describe "$work/luma.h" "$work/longer"
check "an added function is compatible" compatible "$recorded" "$work/longer"
closing_line
