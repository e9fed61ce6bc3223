//! Strings for C, made when they are first asked for and kept as long as their handle.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::c_char;
use std::sync::{Mutex, OnceLock, PoisonError};

use secrecy::{ExposeSecret, SecretSlice};

/// A text with a NUL behind it.
pub(super) struct Terminated(String);

impl Terminated {
    /// A text that has room for the NUL is not copied.
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
        Terminated(text)
    }

    pub(super) fn as_ptr(&self) -> *const c_char {
        self.0.as_ptr().cast()
    }

    fn length(&self) -> usize {
        self.0.len() - 1
    }
}

/// A text that becomes a C string on first use.
#[derive(Default)]
pub(super) struct LazyString(OnceLock<Terminated>);

impl LazyString {
    pub(super) fn get<'a, T: Into<Cow<'a, str>>>(&self, text: impl FnOnce() -> T) -> *const c_char {
        self.string(text).as_ptr()
    }

    /// The end of it, of so many bytes.
    pub(super) fn get_end<'a, T: Into<Cow<'a, str>>>(
        &self,
        text: impl FnOnce() -> T,
        length: usize,
    ) -> *const c_char {
        let string = self.string(text);
        string.0[string.length() - length..].as_ptr().cast()
    }

    fn string<'a, T: Into<Cow<'a, str>>>(&self, text: impl FnOnce() -> T) -> &Terminated {
        self.0.get_or_init(|| Terminated::new(text()))
    }
}

/// A secret that becomes a C string on first use, and is wiped in the end.
#[derive(Default)]
pub(super) struct LazySecret(OnceLock<SecretSlice<u8>>);

impl LazySecret {
    pub(super) fn get(&self, text: &str) -> *const c_char {
        let secret = self.0.get_or_init(|| [text.as_bytes(), b"\0"].concat().into());
        secret.expose_secret().as_ptr().cast()
    }
}

/// C strings by JSON pointer. Asked again, the same one is given.
#[derive(Default)]
pub(super) struct StringMap(Mutex<BTreeMap<String, Terminated>>);

impl StringMap {
    /// The string and its length without the NUL.
    pub(super) fn get<'a>(
        &self,
        pointer: &str,
        text: impl FnOnce() -> Option<Cow<'a, str>>,
    ) -> Option<(*const c_char, usize)> {
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(string) = lock().get(pointer) {
            return Some((string.as_ptr(), string.length()));
        }
        // Not under the lock, since it may take long.
        let new = Terminated::new(text()?);
        let mut strings = lock();
        let string = strings.entry(pointer.to_owned()).or_insert(new);
        Some((string.as_ptr(), string.length()))
    }
}

/// What is told of each element of a list, read when something of it is asked for first.
pub(super) struct Elements<T>(OnceLock<Vec<OnceLock<Box<T>>>>);

impl<T> Default for Elements<T> {
    fn default() -> Self {
        Elements(OnceLock::new())
    }
}

impl<T> Elements<T> {
    pub(super) fn get(
        &self,
        index: usize,
        count: usize,
        read: impl FnOnce() -> Option<T>,
    ) -> Option<&T> {
        let all = || (0..count).map(|_| OnceLock::new()).collect();
        let element = self.0.get_or_init(all).get(index)?;
        if let Some(read) = element.get() {
            return Some(read);
        }
        let new = Box::new(read()?);
        Some(element.get_or_init(|| new))
    }
}

pub(super) fn empty() -> *const c_char {
    c"".as_ptr()
}
