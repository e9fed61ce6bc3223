# To be sourced: what is given away holds no path of the machine that built it.
cargo_home=${CARGO_HOME:-$HOME/.cargo}
remap=--remap-path-prefix=$cargo_home=cargo
case $cargo_home:" ${RUSTFLAGS-} " in
# Both variables are split at blanks.
*[[:space:]]*:*) echo "paths below $cargo_home stay in the library, for the blank in it" >&2 ;;
*" $remap "*) ;;
*)
    export RUSTFLAGS="${RUSTFLAGS:+$RUSTFLAGS }$remap"
    export CFLAGS="${CFLAGS:+$CFLAGS }-ffile-prefix-map=$cargo_home=cargo"
    ;;
esac
