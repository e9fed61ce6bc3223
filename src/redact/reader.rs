//! Reads text in the form in which it is compared with secrets.

use std::ops::Range;

use zeroize::Zeroize;

use super::escapes::{self, Decoded};
use super::printable::is_invisible;

/// The length of the windows that are compared, in bytes. Each part of a secret that has this
/// length is masked; a shorter secret is compared as a whole.
pub(crate) const WINDOW: usize = 16;

/// The most bytes that a [`Reader`] keeps.
pub(super) const READER_BYTES: usize = 4096;
/// The number of last bytes that it needs: a window, and an escape.
pub(super) const NEEDED_BYTES: usize = 64;

/// Reads a text in the form that is compared: without blanks and invisible characters, and with its
/// escapes decoded if `decodes_escapes` is set.
pub(super) struct Reader {
    decodes_escapes: bool,
    has_non_ascii: bool,
    /// The bytes that were read last, after a window of zeros.
    bytes: Vec<u8>,
    /// The same bytes, folded.
    folded: Vec<u8>,
    /// The origin of each byte.
    origins: Vec<Origin>,
    /// True if a blank follows the last byte.
    is_after_blank: bool,
}

/// The part of the text from which a byte was decoded.
struct Origin {
    range: Range<usize>,
    /// True if a blank precedes it.
    is_after_blank: bool,
    /// The number of nested escapes that it was decoded from.
    level: u8,
}

impl Reader {
    pub(super) fn new(decodes_escapes: bool, has_non_ascii: bool, capacity: usize) -> Self {
        let zeros = |capacity| {
            let mut bytes = Vec::with_capacity(WINDOW + capacity + 8);
            bytes.resize(WINDOW, 0);
            bytes
        };
        Reader {
            decodes_escapes,
            has_non_ascii,
            bytes: zeros(capacity),
            folded: zeros(capacity),
            origins: Vec::new(),
            is_after_blank: false,
        }
    }

    /// Reads a character. Returns false if it was skipped.
    pub(super) fn push(&mut self, c: char, origin: Range<usize>) -> bool {
        let is_pushed = self.push_char(c, origin);
        if is_pushed && self.decodes_escapes {
            while let Some((length, decoded)) = escapes::at_end(self.bytes()) {
                let origin = self.range_of_last(length);
                let first = self.origins.len() - length;
                let Origin { is_after_blank, level, .. } = self.origins[first];
                if decoded == Decoded::Char('\\')
                    && length == 2
                    && level != self.origins[first + 1].level
                {
                    // Not an escape, but a decoded backslash and the start of the next escape.
                    break;
                }
                self.bytes.truncate(WINDOW + first);
                self.folded.truncate(WINDOW + first);
                self.origins.truncate(first);
                self.is_after_blank = is_after_blank;
                let is_pushed = match decoded {
                    Decoded::Char(c) => self.push_char(c, origin),
                    Decoded::Byte(byte) if self.has_non_ascii => {
                        self.push_byte(byte, origin);
                        true
                    }
                    Decoded::Byte(_) => false,
                };
                match self.origins.last_mut() {
                    Some(last) if is_pushed => last.level = level.saturating_add(1),
                    _ => break,
                }
            }
        }
        is_pushed
    }

    fn push_char(&mut self, c: char, origin: Range<usize>) -> bool {
        if c.is_whitespace() {
            self.is_after_blank = true;
            return false;
        }
        let is_skipped = match c.is_ascii() {
            true => c.is_ascii_control(),
            false => !self.has_non_ascii || is_invisible(c) || c == char::REPLACEMENT_CHARACTER,
        };
        if is_skipped {
            return false;
        }
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            self.push_byte(byte, origin.clone());
        }
        true
    }

    fn push_byte(&mut self, byte: u8, range: Range<usize>) {
        self.bytes.push(byte);
        self.folded.push(folded(byte));
        let is_after_blank = std::mem::take(&mut self.is_after_blank);
        self.origins.push(Origin { range, is_after_blank, level: 0 });
    }

    /// Discards bytes that are no longer needed.
    pub(super) fn discard_old(&mut self) {
        let length = self.origins.len();
        if length >= READER_BYTES {
            let old = length - NEEDED_BYTES;
            self.origins.drain(..old);
            for bytes in [&mut self.bytes, &mut self.folded] {
                bytes.copy_within(WINDOW + old.., WINDOW);
                bytes.truncate(WINDOW + NEEDED_BYTES);
            }
        }
    }

    /// Returns the bytes that were read and not discarded.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[WINDOW..]
    }

    pub(super) fn length(&self) -> usize {
        self.origins.len()
    }

    /// Returns the last 16 bytes, folded.
    pub(super) fn window(&self) -> u128 {
        last_word(&self.folded)
    }

    /// Returns the last `length` bytes, fewer than a window.
    pub(super) fn last_word(&self, length: usize) -> u128 {
        last_word(&self.bytes) & ((1 << (8 * length)) - 1)
    }

    pub(super) fn last(&self) -> u8 {
        self.bytes.last().copied().unwrap_or_default()
    }

    /// Returns where the last `length` bytes come from.
    pub(super) fn range_of_last(&self, length: usize) -> Range<usize> {
        let last = &self.origins[self.origins.len() - length..];
        match last {
            [first, .., last] => first.range.start..last.range.end,
            [only] => only.range.clone(),
            [] => 0..0,
        }
    }

    /// True if there is no blank between the last byte and the one before it.
    pub(super) fn is_next_to_previous(&self) -> bool {
        self.origins.last().is_some_and(|origin| !origin.is_after_blank)
    }

    /// True if the byte before the last `length` bytes belongs to the same word.
    pub(super) fn is_id_byte_before(&self, length: usize) -> bool {
        let first = self.origins.len() - length;
        first > 0
            && !self.origins[first].is_after_blank
            && is_id_byte(self.bytes[WINDOW + first - 1])
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        for bytes in [&mut self.bytes, &mut self.folded] {
            // Including bytes that were read and then decoded.
            bytes.resize(bytes.capacity(), 0);
            bytes.as_mut_slice().zeroize();
        }
    }
}

fn last_word(bytes: &[u8]) -> u128 {
    bytes.last_chunk::<WINDOW>().map_or(0, |last| u128::from_be_bytes(*last))
}

/// True for bytes that ids consist of.
pub(super) fn is_id_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Maps the bytes that are compared as equal to one: upper and lower case, and the two alphabets of
/// base64.
pub(super) fn folded(byte: u8) -> u8 {
    match byte {
        b'-' => b'+',
        b'_' => b'/',
        byte => byte.to_ascii_lowercase(),
    }
}
