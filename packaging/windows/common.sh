# shellcheck shell=sh disable=SC2034 # the scripts that source it use the variables
# Sourced by the scripts of this directory: their shared variables and functions.
root=$(cd "$(dirname "$0")/../.." && pwd)
# Outside the source tree, so that a new clone does not download and build everything again.
cache=${LUMA_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/libluma}
target=$cache/windows-target
wine=$cache/wine

need_root() {
    if [ "$(id -u)" != 0 ]; then
        echo "$(basename "$0"): needs root $1" >&2
        exit 1
    fi
}

# Sets the names of compilers and directories for 64 or 32 bits.
names() {
    width=$1
    case $width in
    64) machine=x86_64 dlltool=i386:x86-64 ;;
    32) machine=i686 dlltool=i386 ;;
    *) echo "$(basename "$0"): the first argument must be 64 or 32" >&2 && exit 2 ;;
    esac
    prefix=$machine-w64-mingw32
    gcc=$prefix-gcc-win32
    # Supports Windows 7 and later; the -pc- targets need Windows 10.
    triple=$machine-win7-windows-gnu
    dist=$root/dist/win$width
    work=${CARGO_TARGET_DIR:-$root/target}/windows/$width
}

# Runs a command whose last line must say that all has passed, too.
must_pass() { # name, command
    name=$1 status=0
    shift
    echo "== $name, $width bit"
    timeout --kill-after=10 900 "$@" >"$work/output" 2>&1 || status=$?
    tr -d '\r' <"$work/output" >"$work/log"
    last=$(grep -v '^$' "$work/log" | tail -n 1)
    case "$status $last" in
    '0 '[1-9]*' passed, 0 failed' | '0 test result: ok. '*'; 0 failed; '*) echo "$last" ;;
    *) cat "$work/log" && echo "$(basename "$0"): $name failed with status $status" >&2 && exit 1 ;;
    esac
}

# Builds tests as Windows programs, and runs each. Their names are in $work/programs.
windows_tests() { # arguments of cargo test that select them
    # Without debug information, which nobody reads. Optimised in part: some tests move megabytes
    # within a timeout.
    CARGO_PROFILE_DEV_DEBUG=0 "$root/packaging/windows/cargo.sh" "$width" test "$@" --no-run \
        --config profile.dev.package.luma-automation.opt-level=1 \
        --config profile.dev.package.ureq.opt-level=1 \
        --config profile.dev.package.ureq-proto.opt-level=1 2>&1 | tee "$work/built"
    sed -n 's/^ *Executable .*(\(.*\.exe\))$/\1/p' "$work/built" >"$work/programs"
    [ -s "$work/programs" ]
    while read -r program; do
        must_pass "$(basename "$program")" "$root/packaging/windows/wine.sh" "$program" </dev/null
        # Not any other program's.
        case $last in 'test result: ok. '*) ;; *) exit 1 ;; esac
    done <"$work/programs"
}
