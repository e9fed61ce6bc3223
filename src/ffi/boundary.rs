//! What stands between a caller we cannot see and the library: argument checks and panic guards.

use std::any::Any;
use std::borrow::Cow;
use std::ffi::{CStr, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use crate::limits;
use crate::{Error, Outcome};

use super::status;

/// Why a function of the ABI did not do what it is for.
pub(super) enum Failure {
    /// What the status says is all there is to say.
    Status(i32),
    /// An argument cannot be read; nothing was done.
    Argument { status: i32, message: String },
    /// The library refused the call or the call failed.
    Call(Error),
    /// A fault of the library.
    Panic(String),
}

impl Failure {
    pub(super) fn status(&self) -> i32 {
        match self {
            Failure::Status(status) | Failure::Argument { status, .. } => *status,
            Failure::Call(error) => status::of_kind(error.kind()),
            Failure::Panic(_) => status::LUMA_ERROR_INTERNAL,
        }
    }

    pub(super) fn outcome(&self) -> Outcome {
        match self {
            Failure::Status(_) | Failure::Argument { .. } => Outcome::NotSent,
            Failure::Call(error) => error.outcome(),
            // It may have struck after the request went out.
            Failure::Panic(_) => Outcome::Unknown,
        }
    }

    pub(super) fn message(&self) -> Cow<'_, str> {
        match self {
            Failure::Status(status) => status::message(*status).to_string_lossy(),
            Failure::Argument { message, .. } | Failure::Panic(message) => message.into(),
            Failure::Call(error) => error.message().into(),
        }
    }

    pub(super) fn error(&self) -> Option<&Error> {
        match self {
            Failure::Call(error) => Some(error),
            _ => None,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Call(error)
    }
}

/// An argument by its position, counted from 1, and its name in the header.
#[derive(Clone, Copy)]
pub(super) struct Argument(pub(super) i32, pub(super) &'static str);

impl Argument {
    #[cold]
    fn null(self) -> Failure {
        let Argument(position, name) = self;
        Failure::Argument {
            status: status::LUMA_ERROR_NULL_ARGUMENT_1 + position - 1,
            message: format!("argument {position} ({name}) is NULL"),
        }
    }

    #[cold]
    fn not_utf8(self) -> Failure {
        let Argument(position, name) = self;
        Failure::Argument {
            status: status::LUMA_ERROR_UTF8_ARGUMENT_1 + position - 1,
            message: format!("argument {position} ({name}) is not valid UTF-8"),
        }
    }

    #[cold]
    fn too_long(self) -> Failure {
        let Argument(position, name) = self;
        Failure::Argument {
            status: status::LUMA_ERROR_REQUEST_TOO_LARGE,
            message: format!("argument {position} ({name}) is longer than 16 MiB"),
        }
    }

    /// # Safety
    ///
    /// `pointer` is NULL or points to a NUL-terminated string that outlives the call.
    #[inline(never)] // It has dozens of callers.
    pub(super) unsafe fn text<'a>(self, pointer: *const c_char) -> Result<&'a str, Failure> {
        if pointer.is_null() {
            return Err(self.null());
        }
        let text = unsafe { CStr::from_ptr(pointer) };
        if text.count_bytes() > limits::MAX_BYTES {
            return Err(self.too_long());
        }
        text.to_str().map_err(|_| self.not_utf8())
    }

    /// # Safety
    ///
    /// As [`text`](Self::text); NULL is the empty text.
    pub(super) unsafe fn optional_text<'a>(
        self,
        pointer: *const c_char,
    ) -> Result<&'a str, Failure> {
        if pointer.is_null() { Ok("") } else { unsafe { self.text(pointer) } }
    }

    /// # Safety
    ///
    /// `handle` is NULL or a handle of this library that nobody changes or frees during the call.
    pub(super) unsafe fn handle<'a, T>(self, handle: *const T) -> Result<&'a T, Failure> {
        unsafe { handle.as_ref() }.ok_or_else(|| self.null())
    }

    /// # Safety
    ///
    /// `handle` is NULL or a handle of this library that nobody else uses during the call.
    pub(super) unsafe fn handle_mut<'a, T>(self, handle: *mut T) -> Result<&'a mut T, Failure> {
        unsafe { handle.as_mut() }.ok_or_else(|| self.null())
    }

    /// Makes a place for a result, with `empty` in it until there is one.
    ///
    /// # Safety
    ///
    /// `out` is NULL or points to a place that may be written.
    pub(super) unsafe fn out<'a, T>(self, out: *mut T, empty: T) -> Result<&'a mut T, Failure> {
        if out.is_null() {
            return Err(self.null());
        }
        // Written, not assigned: what lies there may be anything.
        unsafe { out.write(empty) };
        Ok(unsafe { &mut *out })
    }
}

/// Runs the body of a function that returns a status.
pub(super) fn guard(body: impl FnOnce() -> Result<(), Failure>) -> i32 {
    match catch(body) {
        Ok(()) => status::LUMA_OK,
        Err(failure) => failure.status(),
    }
}

/// Runs the body of a function that returns a value; `otherwise` in place of a panic.
pub(super) fn guard_value<T>(otherwise: T, body: impl FnOnce() -> T) -> T {
    catch(|| Ok(body())).unwrap_or(otherwise)
}

/// Turns a panic, which must not cross into C, into a failure.
pub(super) fn catch<T>(body: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    let body = || {
        silence_panics();
        body()
    };
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|panic| Err(Failure::Panic(text_of(panic))))
}

/// The standard library would print a panic to the host's stderr. The hook belongs to the copy of
/// the standard library within the shared library, so no other code is affected.
fn silence_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| std::panic::set_hook(Box::new(|_| {})));
}

#[cold]
fn text_of(panic: Box<dyn Any + Send>) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let text = format!("fault in libluma: {}", text.unwrap_or("no message"));
    // A payload may panic again while it is dropped.
    std::mem::forget(panic);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_status() {
        assert_eq!(guard(|| panic!("at once")), status::LUMA_ERROR_INTERNAL);
        assert_eq!(guard_value(7, || panic!("{}", "formatted")), 7);
        let failure = catch::<()>(|| panic!("at once")).err().unwrap();
        assert_eq!(failure.message(), "fault in libluma: at once");
        assert_eq!(failure.outcome(), Outcome::Unknown);

        struct PanicsAgain;
        impl Drop for PanicsAgain {
            fn drop(&mut self) {
                panic!("again");
            }
        }
        let status = guard(|| std::panic::panic_any(PanicsAgain));
        assert_eq!(status, status::LUMA_ERROR_INTERNAL);
    }
}
