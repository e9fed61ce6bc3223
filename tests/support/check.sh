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

# Runs each of the examples beside the simulator.
check_examples() { # name, folder of the programs, command to run them by, if any
    name=$1 folder=$2
    shift 2
    beside="sh $with_simulator $*"
    # shellcheck disable=SC2086 # words of a command
    {
        check "$name: trigger.c" $beside "$folder/trigger" unlock_account 100-1 userName=jdoe
        check "$name: errors.c" $beside "$folder/errors"
        check "$name: wait.c" $beside "$folder/wait" unlock_account 100-1 userName=jdoe
        # Of a run that is not there, its last word is that of a mistake.
        check "$name: steps.c" sh -c '"$@"; test $? = 2' - \
            $beside "$folder/steps" 0b6f6f5e-6d0c-4d3c-9d3b-7b8f0f6f1c55
    }
}
