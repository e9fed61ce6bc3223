//! The C library in which `tests/it/panics.rs` forces panics, and the functions that do so.

pub use luma::*;

use std::ffi::CString;
use std::ffi::c_char;
use std::sync::Mutex;

/// Lets the point of this number panic; with 0, none.
#[unsafe(no_mangle)]
pub extern "C" fn panics_arm(number: usize) {
    panic_points::arm(if number == 0 { usize::MAX } else { number });
}

/// Returns the points that were passed, with commas between them. Sets `has_panicked` to 1 if the
/// last one has panicked. The text is valid until the next call.
///
/// # Safety
///
/// `has_panicked` must point to an integer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn panics_disarm(has_panicked: *mut i32) -> *const c_char {
    static POINTS: Mutex<Option<CString>> = Mutex::new(None);

    let (points, panicked) = panic_points::disarm();
    // SAFETY: the caller's promise.
    unsafe { has_panicked.write(panicked.into()) };
    let mut text = POINTS.lock().unwrap();
    text.insert(CString::new(points.join(",")).unwrap()).as_ptr()
}
