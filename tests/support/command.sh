# shellcheck shell=sh disable=SC2154
# To be sourced after check.sh: checks an installed luma command with its man pages and completions.
# $with_simulator is the script that runs a command beside the simulator.
check_command() { # prefix
    prefix=$1
    beside="sh $with_simulator"
    # shellcheck disable=SC2086 # words of a command
    {
        check "luma --version" $beside "$prefix/bin/luma" --version
        check "luma check" $beside "$prefix/bin/luma" check
        check "luma trigger --wait" $beside "$prefix/bin/luma" trigger unlock_account userName=jdoe --wait
        check "a run that fails: 5" sh -c '"$@"; test $? = 5' - \
            $beside "$prefix/bin/luma" trigger restart_service hostName=a serviceName=b --wait
        check "a workflow that does not exist: 2" sh -c '"$@"; test $? = 2' - \
            $beside "$prefix/bin/luma" trigger nope
    }
}

# True if a shell is installed. In CI it must be.
has() {
    command -v "$1" >/dev/null && return
    [ "${CI-}" != true ] || check "$1 is installed" false
    return 1
}

# Checks the files that shells and man(1) read.
check_command_files() { # directory of man1, of bash, zsh and fish files
    for page in luma luma-check luma-trigger luma-wait luma-journal-resolve; do
        check "$page(1)" sh -c 'test -s "$0.1" || test -s "$0.1.gz"' "$1/$page"
    done
    # shellcheck disable=SC2016 # expanded by the other shell
    check "bash completes the commands" bash -c '. "$0"; COMP_WORDS=(luma tr) COMP_CWORD=1
        _luma luma tr luma; test "${COMPREPLY[*]}" = trigger' "$2/luma"
    if has zsh; then
        check "zsh reads the completions" zsh -n "$3/_luma"
    fi
    if has fish; then
        # shellcheck disable=SC2016
        check "fish completes the commands" sh -c 'test "$(fish --no-config -c "source $0; complete -C \"luma trig\"" |
            cut -f 1)" = trigger' "$4/luma.fish"
    fi
}
