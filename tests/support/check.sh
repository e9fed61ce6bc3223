# To be sourced: checks that count, and a closing line. $work is a folder for what they say.
failed=0 passed=0
check() { # what, command, arguments
    what=$1
    shift
    if "$@" >"$work/output" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $what: $*"
        cat "$work/output"
    fi
}
closing_line() {
    echo "$passed passed, $failed failed"
    test "$failed" = 0
}
