//! The boundary between C and Rust: checks arguments and contains panics.

use std::borrow::Cow;
use std::ffi::{CStr, c_char};
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::Utf8Error;
use std::sync::Once;

use zeroize::Zeroize;

use crate::limits;
use crate::memory::{self, OutOfMemory};
use crate::panic_points;
use crate::panics;
use crate::{Error, Outcome};

use super::status;
use super::strings::{self, Terminated, without_nul};

/// The reason why an exported function failed.
pub(super) enum Failure {
    /// The status says it all.
    Status(i32),
    /// An argument is unusable. Nothing was done.
    Argument { status: i32, message: String },
    /// The client refused the call, or the call failed.
    Call(Error),
    /// The library panicked.
    Panic(String),
}

impl Failure {
    pub(super) fn status(&self) -> i32 {
        match self {
            Failure::Status(status) | Failure::Argument { status, .. } => *status,
            Failure::Call(error) => status::from_kind(error.kind()),
            Failure::Panic(_) => status::LUMA_ERROR_INTERNAL,
        }
    }

    pub(super) fn outcome(&self) -> Outcome {
        match self {
            Failure::Status(_) | Failure::Argument { .. } => Outcome::NotSent,
            Failure::Call(error) => error.outcome(),
            // A panic within a call is an error of the call, which knows what was sent. This panic
            // came later, or `before_sending` has replaced it.
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

    /// A number that is not allowed. The message of `status` says which ones are.
    pub(super) fn number(status: i32, number: i64) -> Self {
        let message = status::message(status).to_string_lossy();
        Failure::Argument { status, message: format!("{message}; it is {number}") }
    }

    /// Prepends a context to the message about an argument.
    pub(super) fn in_context(self, context: &str) -> Self {
        match self {
            Failure::Argument { status, message } => {
                Failure::Argument { status, message: format!("{context}: {message}") }
            }
            other => other,
        }
    }

    /// Adds to a panic that nothing was sent yet.
    pub(super) fn before_sending(self) -> Self {
        match self {
            Failure::Panic(message) => Failure::Call(panics::error_before_sending(&message)),
            other => other,
        }
    }

    pub(super) fn error(&self) -> Option<&Error> {
        match self {
            Failure::Call(error) => Some(error),
            _ => None,
        }
    }
}

/// The message of the last setter of a handle, if it failed, or what its creation had to say.
#[derive(Default)]
pub(super) struct LastMessage(Option<Terminated>);

impl LastMessage {
    pub(super) fn new(message: &str) -> Self {
        LastMessage(Some(Terminated::new(without_nul(message))))
    }

    /// Keeps the message of a setter's result, and returns the result.
    pub(super) fn keep(&mut self, result: Result<(), Failure>) -> Result<(), Failure> {
        let failure = result.as_ref().err();
        self.0 = failure.map(|failure| Terminated::new(without_nul(failure.message())));
        result
    }

    /// Returns "" if the last setter succeeded.
    pub(super) fn as_ptr(&self) -> *const c_char {
        panic_points::pass("the message of a handle is returned");
        self.0.as_ref().map_or(strings::empty(), Terminated::as_ptr)
    }
}

impl From<OutOfMemory> for Failure {
    fn from(_: OutOfMemory) -> Self {
        Failure::Status(status::LUMA_ERROR_OUT_OF_MEMORY)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Call(error)
    }
}

/// An argument: its position, counted from 1, and its name in the header.
#[derive(Clone, Copy)]
pub(super) struct Argument(pub(super) i32, pub(super) &'static str);

impl Argument {
    pub(super) fn null(self) -> Failure {
        let Argument(position, name) = self;
        Failure::Argument {
            status: status::LUMA_ERROR_NULL_ARGUMENT_1 + position - 1,
            message: format!("argument {position} ({name}) is NULL"),
        }
    }

    fn not_utf8(self, error: Utf8Error) -> Failure {
        let Argument(position, name) = self;
        Failure::Argument {
            status: status::LUMA_ERROR_UTF8_ARGUMENT_1 + position - 1,
            message: format!(
                "argument {position} ({name}) is not valid UTF-8 at byte offset {}",
                error.valid_up_to()
            ),
        }
    }

    #[cold]
    fn out_of_memory(self) -> Failure {
        let Argument(position, name) = self;
        Failure::Argument {
            status: status::LUMA_ERROR_OUT_OF_MEMORY,
            message: format!("not enough memory for argument {position} ({name})"),
        }
    }

    fn too_long(self) -> Failure {
        let Argument(position, name) = self;
        Failure::Argument {
            status: status::LUMA_ERROR_REQUEST_TOO_LARGE,
            message: format!("argument {position} ({name}) is longer than 16 MiB"),
        }
    }

    /// Converts a string. Checks that there is memory for several copies of it.
    ///
    /// # Safety
    ///
    /// `pointer` is NULL, or a NUL-terminated string that is neither changed nor freed during `'a`.
    pub(super) unsafe fn text<'a>(self, pointer: *const c_char) -> Result<&'a str, Failure> {
        panic_points::pass("an argument is converted");
        if pointer.is_null() {
            return Err(self.null());
        }
        // SAFETY: the caller's promise; it is not NULL.
        let text = unsafe { CStr::from_ptr(pointer) };
        if text.count_bytes() > limits::MAX_BYTES {
            return Err(self.too_long());
        }
        memory::check(4 * text.count_bytes()).map_err(|_| self.out_of_memory())?;
        text.to_str().map_err(|error| self.not_utf8(error))
    }

    /// Converts a string that may be NULL, which means "".
    ///
    /// # Safety
    ///
    /// As for [`text`](Self::text).
    pub(super) unsafe fn optional_text<'a>(
        self,
        pointer: *const c_char,
    ) -> Result<&'a str, Failure> {
        // SAFETY: the caller's promise.
        Ok(unsafe { self.text_or_null(pointer)? }.unwrap_or_default())
    }

    /// Converts a string that may be NULL.
    ///
    /// # Safety
    ///
    /// As for [`text`](Self::text).
    pub(super) unsafe fn text_or_null<'a>(
        self,
        pointer: *const c_char,
    ) -> Result<Option<&'a str>, Failure> {
        if pointer.is_null() {
            return Ok(None);
        }
        // SAFETY: the caller's promise.
        unsafe { self.text(pointer) }.map(Some)
    }

    /// Borrows a handle.
    ///
    /// # Safety
    ///
    /// `handle` is NULL, or a valid handle that nobody changes or frees during `'a`.
    pub(super) unsafe fn handle<'a, T>(self, handle: *const T) -> Result<&'a T, Failure> {
        panic_points::pass("a handle is borrowed");
        // SAFETY: the caller's promise.
        unsafe { handle.as_ref() }.ok_or_else(|| self.null())
    }

    /// Borrows a handle to change it.
    ///
    /// # Safety
    ///
    /// `handle` is NULL, or a valid handle that nobody else uses during `'a`.
    pub(super) unsafe fn handle_mut<'a, T>(self, handle: *mut T) -> Result<&'a mut T, Failure> {
        panic_points::pass("a handle is borrowed to change it");
        // SAFETY: the caller's promise.
        unsafe { handle.as_mut() }.ok_or_else(|| self.null())
    }

    /// Sets an out-parameter to `empty` and borrows it.
    ///
    /// # Safety
    ///
    /// `out` is NULL, or aligned, writable, and used by nobody else during `'a`.
    pub(super) unsafe fn out<'a, T>(self, out: *mut T, empty: T) -> Result<&'a mut T, Failure> {
        if out.is_null() {
            return Err(self.null());
        }
        // SAFETY: the caller's promise.
        unsafe { set_out(out, empty) };
        panic_points::pass("an out-parameter was set");
        // SAFETY: the caller's promise, and it is initialised now.
        Ok(unsafe { &mut *out })
    }
}

/// Sets an out-parameter, unless it is NULL. It cannot panic, so a function with several of them
/// sets all before anything else.
///
/// # Safety
///
/// As for [`Argument::out`].
pub(super) unsafe fn set_out<T>(out: *mut T, value: T) {
    if !out.is_null() {
        // SAFETY: the caller's promise. An assignment would drop the old value, which may be
        // uninitialised; `write` does not.
        unsafe { out.write(value) };
    }
}

/// Frees a handle, unless it is NULL, and wipes its memory. Moving a value there also copies the
/// padding between its fields from the stack, which was seen to contain half a token.
///
/// # Safety
///
/// `handle` is NULL, or came from [`Box::into_raw`] and is used by nobody any more.
pub(super) unsafe fn free<T>(handle: *mut T) {
    guard_value((), || {
        if !handle.is_null() {
            // SAFETY: the caller's promise; `MaybeUninit<T>` has the layout of `T`.
            let mut memory = unsafe { Freed(Box::from_raw(handle.cast::<MaybeUninit<T>>())) };
            // SAFETY: it is initialised, and nobody uses it any more.
            unsafe { memory.0.assume_init_drop() };
            panic_points::pass("a handle was freed");
        }
    })
}

/// The memory of a handle whose value is gone. Wiped also if a panic has interrupted that.
struct Freed<T>(Box<MaybeUninit<T>>);

impl<T> Drop for Freed<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Runs the body of a function that returns a status.
pub(super) fn guard(body: impl FnOnce() -> Result<(), Failure>) -> i32 {
    match catch(body) {
        Ok(()) => status::LUMA_OK,
        Err(failure) => failure.status(),
    }
}

/// Runs the body of a function that returns a value. If it panics, returns `otherwise`.
pub(super) fn guard_value<T>(otherwise: T, body: impl FnOnce() -> T) -> T {
    catch(|| Ok(body())).unwrap_or(otherwise)
}

/// Turns a panic into a failure, because a panic must not unwind into C.
pub(super) fn catch<T>(body: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    let body = || {
        silence_panics();
        body()
    };
    catch_unwind(AssertUnwindSafe(body))
        .unwrap_or_else(|panic| Err(Failure::Panic(panics::message(panic))))
}

/// Keeps the standard library from printing panics to the host process's stderr. The hook belongs
/// to the copy of the standard library inside libluma, so no other code is affected.
fn silence_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| std::panic::set_hook(Box::new(|_| {})));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_status() {
        assert_eq!(guard(|| panic!("at once")), status::LUMA_ERROR_INTERNAL);
        assert_eq!(guard_value(7, || panic!("{}", "formatted")), 7);
        let failure = catch::<()>(|| panic!("at once")).err().unwrap();
        assert_eq!(failure.message(), "internal error in libluma: at once");
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
