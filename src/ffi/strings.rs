//! Strings for C, made when they are first asked for and kept as long as their handle.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::ffi::c_char;
use std::sync::{Mutex, OnceLock, PoisonError};

use secrecy::{ExposeSecret, SecretSlice};

/// A text with a NUL behind it.
pub(super) struct Terminated(Box<[u8]>);

impl Terminated {
    pub(super) fn new(text: &str) -> Self {
        let mut bytes = Vec::with_capacity(text.len() + 1);
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(0);
        Terminated(bytes.into())
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
    pub(super) fn get<T: AsRef<str>>(&self, text: impl FnOnce() -> T) -> *const c_char {
        self.0.get_or_init(|| Terminated::new(text().as_ref())).as_ptr()
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

/// C strings by a key. Asked again, the same one is given.
pub(super) struct StringMap<K>(Mutex<BTreeMap<K, Terminated>>);

impl<K> Default for StringMap<K> {
    fn default() -> Self {
        StringMap(Mutex::default())
    }
}

impl<K: Ord> StringMap<K> {
    /// The string and its length without the NUL.
    pub(super) fn get<Q>(
        &self,
        key: &Q,
        text: impl FnOnce() -> Option<String>,
    ) -> Option<(*const c_char, usize)>
    where
        K: Borrow<Q>,
        Q: Ord + ToOwned<Owned = K> + ?Sized,
    {
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(string) = lock().get(key) {
            return Some((string.as_ptr(), string.length()));
        }
        // Not under the lock, since it may take long.
        let new = Terminated::new(&text()?);
        let mut strings = lock();
        let string = strings.entry(key.to_owned()).or_insert(new);
        Some((string.as_ptr(), string.length()))
    }
}

pub(super) fn empty() -> *const c_char {
    c"".as_ptr()
}
