//! Memory that is wiped before it is freed, since it may contain secrets.

use std::fmt;
use std::io::{self, Read};
use std::ops::{Deref, Range};

use zeroize::Zeroize;

use crate::memory::{self, OutOfMemory};

/// A text that is wiped when it is dropped.
#[derive(Clone, Default)]
pub(crate) struct WipedText(String);

impl From<String> for WipedText {
    fn from(text: String) -> Self {
        WipedText(text)
    }
}

impl WipedText {
    /// Inserts a text. Memory that it outgrows is wiped.
    pub(crate) fn insert(&mut self, at: usize, text: &str) {
        let length = self.0.len() + text.len();
        if length > self.0.capacity() {
            let mut larger = String::with_capacity(length.max(2 * self.0.capacity()));
            larger.push_str(&self.0);
            *self = larger.into();
        }
        self.0.insert_str(at, text);
    }

    /// Removes a part of the text, and wipes it.
    pub(crate) fn remove(&mut self, part: Range<usize>) {
        *self = [&self.0[..part.start], &self.0[part.end..]].concat().into();
    }
}

impl Deref for WipedText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for WipedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WipedText({} bytes)", self.0.len())
    }
}

impl Drop for WipedText {
    fn drop(&mut self) {
        // Far cheaper than `Vec::zeroize`, which wipes byte by byte.
        self.0.as_mut_str().zeroize();
    }
}

/// Wipes bytes and empties them. The spare capacity is not wiped.
pub(crate) fn wipe(bytes: &mut Vec<u8>) {
    bytes.as_mut_slice().zeroize();
    bytes.clear();
}

/// Reads to the end, but at most one byte more than `max_bytes`, so that the caller can reject a
/// longer input. `expected` is the expected length.
///
/// `Vec` leaves a copy behind when it grows; here, the copy is wiped. Too little memory is an error
/// of the kind [`io::ErrorKind::OutOfMemory`].
pub(crate) fn read_to_end(
    mut from: impl Read,
    expected: usize,
    max_bytes: u64,
) -> io::Result<Vec<u8>> {
    // One more than expected, to see the end without growing.
    let expected = (expected as u64).min(max_bytes) as usize;
    let mut bytes = Vec::new();
    memory::reserve(&mut bytes, expected + 1)?;
    loop {
        let left = max_bytes.saturating_add(1).saturating_sub(bytes.len() as u64);
        let room = left.min((bytes.capacity() - bytes.len()) as u64);
        // Limited to the spare capacity, so that `Vec` does not grow on its own.
        let error = match from.by_ref().take(room).read_to_end(&mut bytes) {
            Ok(amount) if amount as u64 == room && room < left => match grow(&mut bytes) {
                Ok(()) => continue,
                Err(error) => error.into(),
            },
            Ok(_) => return Ok(bytes),
            Err(error) => error,
        };
        wipe(&mut bytes);
        return Err(error);
    }
}

fn grow(bytes: &mut Vec<u8>) -> Result<(), OutOfMemory> {
    let mut larger = Vec::new();
    memory::reserve(&mut larger, 2 * bytes.capacity())?;
    larger.extend_from_slice(bytes);
    wipe(bytes);
    *bytes = larger;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_changed_in_place_or_in_new_memory() {
        let mut text = WipedText::from("ad".to_owned());
        for _ in 0..100 {
            text.insert(1, "bc");
        }
        assert_eq!(&*text, ["a", &"bc".repeat(100), "d"].concat());
        text.remove(1..199);
        assert_eq!(&*text, "abcd");
    }

    #[test]
    fn everything_up_to_the_limit_and_one_more_byte_is_read() {
        let text = [7; 100_000];
        for length in [0, 1, 2, 100, 99_999, 100_000] {
            for expected in [0, 1, length, 2 * length] {
                for (max, read) in
                    [(length, length), (length + 5, length), (length / 2, length / 2 + 1)]
                {
                    let bytes = read_to_end(&text[..length], expected, max as u64).unwrap();
                    assert_eq!(bytes.len(), read.min(length), "{length} {expected} {max}");
                }
            }
        }
    }
}
