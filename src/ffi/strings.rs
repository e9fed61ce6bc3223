//! Strings for C. Each is created when a getter first needs it, and lives as long as its handle.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::c_char;
use std::sync::{Mutex, OnceLock, PoisonError};

use secrecy::{ExposeSecret, SecretSlice};

use crate::memory;
use crate::panic_points;
use crate::wiped::WipedText;

/// A NUL-terminated string. Unlike a `CString`, it may contain a NUL. It is wiped when it is freed,
/// because the parameters of a run may be passwords.
pub(super) struct Terminated(WipedText);

/// Replaces each NUL, which would cut the text in C, with U+FFFD.
pub(super) fn without_nul<'a>(text: impl Into<Cow<'a, str>>) -> Cow<'a, str> {
    let text = text.into();
    if !text.contains('\0') {
        return text;
    }
    let text = WipedText::from(text.into_owned());
    // U+FFFD has three bytes. Never grown, which would leave a copy behind.
    let mut replaced = String::with_capacity(3 * text.len() + 1);
    replaced.extend(text.chars().map(|c| if c == '\0' { char::REPLACEMENT_CHARACTER } else { c }));
    replaced.into()
}

/// Replaces an identifier that contains a NUL with "": cut off in C, it would identify something
/// else.
pub(super) fn identifier<'a>(text: impl Into<Cow<'a, str>>) -> Cow<'a, str> {
    let text = text.into();
    if text.contains('\0') { "".into() } else { text }
}

impl Terminated {
    /// Appends the NUL in place if the text is owned and has room for it.
    pub(super) fn new<'a>(text: impl Into<Cow<'a, str>>) -> Self {
        let mut text = match text.into() {
            Cow::Owned(text) => text,
            Cow::Borrowed(text) => {
                let mut copy = String::with_capacity(text.len() + 1);
                copy.push_str(text);
                copy
            }
        };
        text.push('\0');
        Terminated(text.into())
    }

    pub(super) fn as_ptr(&self) -> *const c_char {
        self.0.as_ptr().cast()
    }

    /// The length without the terminating NUL.
    fn length(&self) -> usize {
        self.0.len() - 1
    }
}

/// A string that is converted for C on first use, without NULs in it.
#[derive(Default)]
pub(super) struct LazyString(OnceLock<Terminated>);

impl LazyString {
    pub(super) fn get<'a, T: Into<Cow<'a, str>>>(&self, text: impl FnOnce() -> T) -> *const c_char {
        let terminated = || {
            panic_points::pass("a string is made for C");
            Terminated::new(without_nul(text()))
        };
        self.0.get_or_init(terminated).as_ptr()
    }

    /// As [`get`](Self::get), for a text of any length. Returns "" if memory is short.
    pub(super) fn get_large(&self, text: &str) -> *const c_char {
        if self.0.get().is_none() && memory::check(4 * text.len()).is_err() {
            return empty();
        }
        self.get(|| text)
    }
}

/// A secret that is converted for C on first use, and wiped from memory when it is dropped.
#[derive(Default)]
pub(super) struct LazySecret(OnceLock<SecretSlice<u8>>);

impl LazySecret {
    pub(super) fn get(&self, text: &str) -> *const c_char {
        let secret = self.0.get_or_init(|| [text.as_bytes(), b"\0"].concat().into());
        secret.expose_secret().as_ptr().cast()
    }
}

/// Strings by JSON pointer, which may contain NULs. A pointer always gets the same string.
#[derive(Default)]
pub(super) struct StringMap(Mutex<BTreeMap<String, Terminated>>);

impl StringMap {
    /// Returns the string and its length without the terminating NUL.
    pub(super) fn get<'a, E>(
        &self,
        pointer: &str,
        text: impl FnOnce() -> Result<Cow<'a, str>, E>,
    ) -> Result<(*const c_char, usize), E> {
        let lock = || {
            let strings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            panic_points::pass("the strings of a result are locked");
            strings
        };
        if let Some(string) = lock().get(pointer) {
            return Ok((string.as_ptr(), string.length()));
        }
        // Outside the lock, because it may take long.
        let new = Terminated::new(text()?);
        let mut strings = lock();
        let string = strings.entry(pointer.to_owned()).or_insert(new);
        Ok((string.as_ptr(), string.length()))
    }
}

pub(super) fn empty() -> *const c_char {
    c"".as_ptr()
}
