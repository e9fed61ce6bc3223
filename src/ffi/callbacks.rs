//! Callbacks of the host process, with their user data.

use std::ffi::{c_char, c_void};

use zeroize::{Zeroize, Zeroizing};

use crate::LogLevel;
use crate::limits::MAX_URL_BYTES;
use crate::wiped;

use super::log_level;
use super::strings::{Terminated, without_nul};

/// The first buffer of a token provider. Tokens have 250 to 600 characters.
const FIRST_TOKEN_BYTES: usize = 1024;

/// The user data of a callback of the host process.
pub(super) struct UserData {
    pointer: *mut c_void,
    free: Option<Box<dyn Fn(*mut c_void) + Send + Sync>>,
}

// SAFETY: the ABI contract: the header says that several threads use the same pointer.
unsafe impl Send for UserData {}
// SAFETY: as above.
unsafe impl Sync for UserData {}

impl UserData {
    /// The host process frees it.
    pub(super) fn borrowed(pointer: *mut c_void) -> Self {
        UserData { pointer, free: None }
    }

    pub(super) fn owned(
        pointer: *mut c_void,
        free: Option<impl Fn(*mut c_void) + Send + Sync + 'static>,
    ) -> Self {
        UserData { pointer, free: free.map(|free| Box::new(free) as _) }
    }
}

impl Drop for UserData {
    fn drop(&mut self) {
        if let Some(free) = &self.free {
            free(self.pointer);
        }
    }
}

/// A token provider of the host process, with its user data.
pub(super) struct TokenCallback<F> {
    pub(super) function: F,
    pub(super) user_data: UserData,
}

impl<F: Fn(*mut c_char, usize, *mut c_void) -> usize> TokenCallback<F> {
    /// Returns the token, in memory that the caller wipes. What is not a token is returned too, to
    /// be refused with a message.
    pub(super) fn token(&self) -> Option<String> {
        let mut buffer = Zeroizing::new(vec![0; FIRST_TOKEN_BYTES]);
        loop {
            let size = buffer.len();
            let length = (self.function)(buffer.as_mut_ptr().cast(), size, self.user_data.pointer);
            if length == 0 {
                return None;
            }
            if length <= size {
                buffer[length..].zeroize();
                buffer.truncate(length);
                return Some(match String::from_utf8(std::mem::take(&mut *buffer)) {
                    Ok(token) => token,
                    Err(error) => {
                        wiped::wipe(&mut error.into_bytes());
                        // Refused, because it is not ASCII.
                        char::REPLACEMENT_CHARACTER.into()
                    }
                });
            }
            if length > MAX_URL_BYTES || size == MAX_URL_BYTES {
                // Refused, because it is too long.
                return Some("x".repeat(MAX_URL_BYTES + 1));
            }
            // Of the largest size at once: the next token may be longer still.
            buffer = Zeroizing::new(vec![0; MAX_URL_BYTES]);
        }
    }
}

/// A log callback of the host process, with its user data.
pub(super) struct LogCallback<F> {
    pub(super) function: F,
    pub(super) user_data: UserData,
}

impl<F: Fn(i32, *const c_char, *mut c_void)> LogCallback<F> {
    pub(super) fn call(&self, level: LogLevel, line: &str) {
        let line = Terminated::new(without_nul(line));
        (self.function)(log_level::number(level), line.as_ptr(), self.user_data.pointer);
    }
}
