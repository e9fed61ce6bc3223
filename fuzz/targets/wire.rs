//! A network in memory: every connection succeeds, sent bytes are recorded, received bytes come
//! from a script. Replaces three functions of libc, so that the library itself is tested unchanged.

use std::cell::RefCell;
use std::ffi::{c_int, c_void};

#[derive(Default)]
struct Wire {
    sent: Vec<u8>,
    /// Not freed while a call runs, so that its allocations can be counted separately.
    pieces: Vec<Vec<u8>>,
    /// Index of the current piece, and how many of its bytes were received.
    position: (usize, usize),
    ends_in_reset: bool,
}

thread_local! {
    static WIRE: RefCell<Wire> = RefCell::default();
}

/// Sets the pieces that are received from now on, and how the connection then ends.
pub fn script(pieces: impl IntoIterator<Item = Vec<u8>>, ends_in_reset: bool) {
    let pieces = pieces.into_iter().filter(|piece| !piece.is_empty()).collect();
    WIRE.set(Wire { pieces, ends_in_reset, ..Wire::default() });
}

/// Returns the bytes sent since the last call of `script` or `sent`.
pub fn sent() -> Vec<u8> {
    WIRE.with_borrow_mut(|wire| std::mem::take(&mut wire.sent))
}

/// Splits bytes into pieces: the first of length `first`, the rest of length `others`. 0 means all
/// remaining bytes.
#[allow(dead_code, reason = "not every target uses it")]
pub fn split(mut bytes: &[u8], first: usize, others: usize) -> Vec<Vec<u8>> {
    let mut pieces = Vec::new();
    let mut length = first;
    while !bytes.is_empty() {
        let end = if length == 0 { bytes.len() } else { length.min(bytes.len()) };
        let (piece, rest) = bytes.split_at(end);
        pieces.push(piece.to_vec());
        bytes = rest;
        length = others;
    }
    pieces
}

#[unsafe(no_mangle)]
extern "C" fn connect(_: c_int, _: *const libc::sockaddr, _: libc::socklen_t) -> c_int {
    0
}

#[unsafe(no_mangle)]
unsafe extern "C" fn send(_: c_int, from: *const c_void, length: usize, _: c_int) -> isize {
    let bytes = unsafe { std::slice::from_raw_parts(from.cast::<u8>(), length) };
    WIRE.with_borrow_mut(|wire| wire.sent.extend_from_slice(bytes));
    length as isize
}

#[unsafe(no_mangle)]
unsafe extern "C" fn recv(_: c_int, to: *mut c_void, length: usize, _: c_int) -> isize {
    WIRE.with_borrow_mut(|wire| {
        let (index, start) = wire.position;
        let Some(piece) = wire.pieces.get(index) else {
            if !wire.ends_in_reset {
                return 0;
            }
            unsafe { *libc::__errno_location() = libc::ECONNRESET };
            return -1;
        };
        let rest = &piece[start..];
        let amount = length.min(rest.len());
        unsafe { to.cast::<u8>().copy_from_nonoverlapping(rest.as_ptr(), amount) };
        let is_complete = amount == rest.len();
        wire.position = if is_complete { (index + 1, 0) } else { (index, start + amount) };
        amount as isize
    })
}
