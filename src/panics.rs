//! Describes panics of this library. A panic is a bug, but the outcome of the call is still known.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{Error, ErrorKind};
use crate::redact;

const MAX_CHARS: usize = 512;

/// Returns a message for a panic that was caught.
pub(crate) fn message(panic: Box<dyn Any + Send>) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let message = format!(
        "internal error in libluma: {}",
        redact::shortened(text.unwrap_or("no message"), MAX_CHARS)
    );
    match text {
        Some(_) => drop(panic),
        // Leaked on purpose: dropping any other payload may panic again.
        None => std::mem::forget(panic),
    }
    message
}

/// Runs the part of a call before its request, which must not call a callback. Turns a panic into
/// an error.
pub(crate) fn before_sending<T>(body: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(body))
        .unwrap_or_else(|panic| Err(error_before_sending(&message(panic))))
}

/// Returns the error for a panic before anything was sent, from its message.
pub(crate) fn error_before_sending(message: &str) -> Error {
    Error::local(ErrorKind::Internal, format!("{message} (nothing was sent)"))
}
