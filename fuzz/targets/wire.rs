//! A network in memory: every connection opens, what is sent is kept, what is received was
//! scripted. It takes the place of three functions of libc, so the library is driven as it is.

use std::cell::RefCell;
use std::ffi::{c_int, c_void};

#[derive(Default)]
struct Wire {
    sent: Vec<u8>,
    /// Kept to the end, so that what a call takes can be told from what it frees.
    pieces: Vec<Vec<u8>>,
    /// The piece that is received next, and what of it has been.
    place: (usize, usize),
    ends_in_reset: bool,
}

thread_local! {
    static WIRE: RefCell<Wire> = RefCell::default();
}

/// What is received from now on, piece by piece, and how it ends.
pub fn script(pieces: impl IntoIterator<Item = Vec<u8>>, ends_in_reset: bool) {
    let pieces = pieces.into_iter().filter(|piece| !piece.is_empty()).collect();
    WIRE.set(Wire { pieces, ends_in_reset, ..Wire::default() });
}

/// What was sent since the script began.
pub fn sent() -> Vec<u8> {
    WIRE.with_borrow_mut(|wire| std::mem::take(&mut wire.sent))
}

/// Bytes in pieces: the first of the one length, all others of the other; 0 is all that is left.
#[allow(dead_code, reason = "not every target needs it")]
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
        let (index, start) = wire.place;
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
        let is_over = amount == rest.len();
        wire.place = if is_over { (index + 1, 0) } else { (index, start + amount) };
        amount as isize
    })
}
