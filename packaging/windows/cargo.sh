#!/bin/sh
# cargo.sh WIDTH COMMAND ARGUMENT ...: runs a Cargo command for 64-bit or 32-bit Windows, 7 or
# later.
set -eu
. "$(dirname "$0")/common.sh"
names "$1"
shift

export CARGO_TARGET_DIR="$target"
lower=$(echo "$triple" | tr - _) upper=$(echo "$triple" | tr a-z- A-Z_)
export "CARGO_TARGET_${upper}_LINKER=$gcc"
# The cc crate does not know these targets and would use the host's compiler.
export "CC_$lower=$gcc" "AR_$lower=$prefix-ar"
unset CARGO_ENCODED_RUSTFLAGS RUSTC_WRAPPER
. "$root/packaging/release-flags.sh"
if [ "$width" = 32 ]; then
    # The start-up objects of 32-bit programs, which Debian does not package. They belong to one
    # version of the compiler.
    objects=$target/rtstartup-$(/usr/bin/rustc -vV | sed -n 's/^release: //p')
    mkdir -p "$objects"
    for object in rsbegin rsend; do
        source=$(/usr/bin/rustc --print sysroot)/lib/rustlib/src/rust/library/rtstartup/$object.rs
        [ -e "$objects/$object.o" ] ||
            RUSTC_BOOTSTRAP=1 /usr/bin/rustc --target i686-pc-windows-gnu --emit=obj -o "$objects/$object.o" "$source"
    done
    RUSTFLAGS="$RUSTFLAGS -L native=$objects"
fi
command=$1
shift
exec sh "$root/packaging/debian-rust.sh" "$command" --target "$triple" --locked "$@"
