# shellcheck shell=sh
# Sourced before release builds: keeps paths of the build machine out of the binaries. With
# debug_symbols=yes, those of the source tree too, which only debug symbols contain.
cargo_home=${CARGO_HOME:-$HOME/.cargo}
hide_path() { # path, its name in the binaries
    case $1:" ${RUSTFLAGS-} " in
    *[[:space:]]*:*)
        # RUSTFLAGS and CFLAGS are split at blanks.
        echo "$1 contains a blank, so paths below it stay in the library" >&2
        ;;
    *" --remap-path-prefix=$1="*) ;;
    *)
        export RUSTFLAGS="${RUSTFLAGS:+$RUSTFLAGS }--remap-path-prefix=$1=$2"
        export CFLAGS="${CFLAGS:+$CFLAGS }-ffile-prefix-map=$1=$2"
        ;;
    esac
}
hide_path "$cargo_home" cargo
[ -z "${debug_symbols-}" ] || hide_path "$PWD" libluma
