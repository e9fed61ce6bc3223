# To be sourced: what is given away holds no path of the machine that built it.
cargo_home=${CARGO_HOME:-$HOME/.cargo}
export RUSTFLAGS="--remap-path-prefix=$cargo_home=cargo" CFLAGS="-ffile-prefix-map=$cargo_home=cargo"
