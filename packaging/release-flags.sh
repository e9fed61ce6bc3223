# shellcheck shell=sh
# Sourced before release builds: keeps paths of the build machine out of the binaries.
cargo_home=${CARGO_HOME:-$HOME/.cargo}
remap=--remap-path-prefix=$cargo_home=cargo
case $cargo_home:" ${RUSTFLAGS-} " in
*[[:space:]]*:*)
    # RUSTFLAGS and CFLAGS are split at blanks.
    echo "$cargo_home contains a blank, so paths below it stay in the library" >&2
    ;;
*" $remap "*) ;;
*)
    export RUSTFLAGS="${RUSTFLAGS:+$RUSTFLAGS }$remap"
    export CFLAGS="${CFLAGS:+$CFLAGS }-ffile-prefix-map=$cargo_home=cargo"
    ;;
esac
