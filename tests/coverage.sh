#!/bin/sh
# coverage.sh: measures how many lines of src/ the unit tests, tests/it and the fault catalogue
# reach, and lists the others. `make coverage` runs it, as root on Debian, which has LLVM's tools in
# the version of the compiler.
set -eu
cd "$(dirname "$0")/.."
llvm=$(rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
sh packaging/packages.sh "llvm-$llvm"
target=${CARGO_TARGET_DIR:-$PWD/target}/coverage
rm -rf "$target/raw"
mkdir -p "$target/raw"
unset LUMA_LIB_DIR CARGO_ENCODED_RUSTFLAGS
export CARGO_TARGET_DIR="$target" CARGO_PROFILE_DEV_DEBUG=0 CARGO_INCREMENTAL=0
export RUSTFLAGS="${RUSTFLAGS-} -Cinstrument-coverage" LLVM_PROFILE_FILE="$target/raw/%4m.profraw"
cargo=${CARGO:-cargo} failed=

"$cargo" test --locked --lib --test it --test catalogue --no-run >"$target/build" 2>&1 || {
    cat "$target/build" >&2
    exit 1
}
# Build scripts are instrumented, too.
rm -f "$target"/raw/*
# Instrumented, a test may miss a deadline. The lines that it reached count all the same.
"$cargo" test --quiet --locked --lib || failed=1
"$cargo" test --quiet --locked --test it -- --include-ignored || failed=1
"$cargo" test --quiet --locked --test catalogue || failed=1

"llvm-profdata-$llvm" merge --sparse --failure-mode=all "$target"/raw/*.profraw -o "$target/data"
rm -rf "$target/raw"
# One at a time, because the exported functions have the same names in all of them.
sed -n 's/^ *Executable .*(\(.*\))$/\1/p' "$target/build" | {
    cat
    echo "$target/debug/libluma.so"
    echo "$target/debug/examples/libluma_panics.so"
} | while read -r object; do
    "llvm-cov-$llvm" export --format=lcov "--instr-profile=$target/data" "$object" 2>"$target/warnings"
done >"$target/lines"

# The unit tests at the end of a file do not count.
awk -v root="$PWD/" '
    /^SF:/ {
        file = substr($0, 4)
        is_ours = index(file, root "src/") == 1
        if (is_ours && !(file in end)) {
            end[file] = 1e9
            for (number = 1; (getline text <file) > 0; number++)
                if (text ~ /^mod tests \{/) end[file] = number
            close(file)
        }
    }
    is_ours && /^DA:/ {
        split(substr($0, 4), of, ",")
        if (of[1] + 0 < end[file]) count[substr(file, length(root) + 1) ":" of[1]] += of[2]
    }
    END {
        for (line in count) {
            lines++
            if (count[line] == 0) print line
            else covered++
        }
        printf "%d of %d lines, %.1f %%\n", covered, lines, 100 * covered / lines >"/dev/stderr"
    }' "$target/lines" 2>"$target/total" | sort -t: -k1,1 -k2,2n >"$target/uncovered"
cut -d: -f1 "$target/uncovered" | uniq -c | sort -rn
cat "$target/total"
[ -z "$failed" ] || echo "Some tests failed."
echo "The lines that no test reaches are listed in $target/uncovered."
