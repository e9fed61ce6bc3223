//! Describes panics of this library. They are bugs, but the outcome of the call is still known.

use std::any::Any;

use crate::redact;

const MAX_CHARS: usize = 512;

/// Returns a message for a panic that was caught.
pub(crate) fn message(panic: Box<dyn Any + Send>) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let text = redact::shortened(text.unwrap_or("no message"), MAX_CHARS);
    // Leaked on purpose: dropping the payload may panic again.
    std::mem::forget(panic);
    format!("internal error in libluma: {text}")
}
