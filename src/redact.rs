//! Makes text from outside fit for a log: without secrets, and on one line.
//!
//! A server may send a secret back in many spellings: with the escapes of JSON, HTML or URLs, also
//! several times over, in base64 or in hexadecimal, broken by a line break or an invisible
//! character. A [`Mask`] finds them by what they mean. It decodes a text as it reads it, and
//! compares each 16 characters that it gets with all of those in the secrets. What has 16
//! characters in common with a secret is masked, together with the rest of the word.
//!
//! The time is proportional to the length of the text, whatever the text and the secrets are.

use std::ops::Range;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use zeroize::{Zeroize, Zeroizing};

use crate::escapes::{self, Decoded};
use crate::wiped::WipedText;

/// A part of a secret of this length is masked. A shorter secret is compared as a whole.
pub(crate) const WINDOW: usize = 16;
/// A shorter secret is masked only where no letter, digit, hyphen or underscore is next to it: it
/// may be a part of any id by chance.
const MIN_ANYWHERE: usize = 8;
/// A shorter secret is masked only where it is a whole string of JSON.
const MIN_SHORT: usize = 4;
/// The limit for the part of a text that is read to show the start of it.
pub(crate) const MAX_START_BYTES: usize = 64 * 1024;

pub(crate) const MASKED: &str = "[secret]";

/// The texts of a call that decide which parts of its response can be shown.
#[derive(Clone, Copy)]
pub(crate) struct CallTexts<'a> {
    /// The access token of the request.
    pub(crate) token: &'a str,
    /// The values of secret variables.
    pub(crate) variables: &'a [&'a str],
    /// Ids that the caller chose or knows, which are no part of a secret.
    pub(crate) ids: &'a [&'a str],
}

impl<'a> CallTexts<'a> {
    pub(crate) fn new(token: &'a str) -> Self {
        CallTexts { token, variables: &[], ids: &[] }
    }
}

/// True if a text contains a token.
pub(crate) fn repeats(text: &str, token: &str) -> bool {
    token.len() >= WINDOW && text.contains(token)
}

/// Finds secrets in a text, however they are written.
#[derive(Default)]
pub(crate) struct Mask {
    /// Every 16 characters of the secrets in each of their forms, and shorter forms as a whole.
    words: WordSet,
    /// The lengths of the forms that are shorter than 16 characters.
    short_lengths: Vec<usize>,
    /// Secrets of 1 to 3 characters.
    tiny: Vec<Zeroizing<String>>,
    /// False if all secrets are ASCII. Then any other character in between is skipped.
    has_non_ascii: bool,
}

impl Mask {
    pub(crate) fn new<'a>(secrets: impl Iterator<Item = &'a str> + Clone) -> Self {
        let bytes: usize = secrets.clone().map(str::len).sum();
        let mut mask = Mask {
            words: WordSet::with_room_for(bytes * 8),
            has_non_ascii: !secrets.clone().all(str::is_ascii),
            ..Mask::default()
        };
        secrets.for_each(|secret| mask.add(secret));
        mask
    }

    /// A mask of the token and the secret variables of a call.
    pub(crate) fn of_call(texts: &CallTexts<'_>) -> Self {
        Self::new([texts.token].into_iter().chain(texts.variables.iter().copied()))
    }

    /// Adds every form of a secret.
    fn add(&mut self, secret: &str) {
        let bytes = secret.as_bytes();
        if bytes.len() < MIN_SHORT {
            self.tiny.push(Zeroizing::new(secret.trim().to_owned()));
            return;
        }
        for undoes_escapes in [false, true] {
            self.add_form(&self.read(secret, undoes_escapes));
        }
        if secret.contains(' ') {
            // As in a form or a query.
            self.add_form(&self.read(&Zeroizing::new(secret.replace(' ', "+")), false));
        }
        let hex = Zeroizing::new(bytes.iter().fold(
            String::with_capacity(2 * bytes.len()),
            |mut hex, byte| {
                let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or_default();
                hex.extend([digit(byte >> 4), digit(byte & 15)]);
                hex
            },
        ));
        self.add_form(hex.as_bytes());
        if hex.len() < WINDOW {
            self.add_form(Zeroizing::new(hex.to_ascii_uppercase()).as_bytes());
        }
        // What base64 makes of a secret depends on the number of bytes before it.
        for skipped in 0..bytes.len().min(3) {
            for engine in [BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD] {
                let base64 = Zeroizing::new(engine.encode(&bytes[skipped..]));
                self.add_form(base64.as_bytes());
                if base64.len() >= WINDOW {
                    // The difference between the two alphabets is ignored.
                    break;
                }
                // What follows the secret changes the last character of it.
                self.add_form(&base64.as_bytes()[..(bytes.len() - skipped) / 3 * 4]);
            }
        }
    }

    fn add_form(&mut self, form: &[u8]) {
        match form.len() {
            WINDOW.. => {
                let mut window = 0_u128;
                for (at, byte) in form.iter().enumerate() {
                    window = window << 8 | u128::from(folded(*byte));
                    if at + 1 >= WINDOW {
                        self.words.insert(window);
                    }
                }
            }
            length @ MIN_SHORT.. => {
                self.words.insert(form.iter().fold(0, |word, byte| word << 8 | u128::from(*byte)));
                if !self.short_lengths.contains(&length) {
                    self.short_lengths.push(length);
                }
            }
            _ => {}
        }
    }

    /// Returns a text as it is compared.
    fn read(&self, text: &str, undoes_escapes: bool) -> Zeroizing<Vec<u8>> {
        let mut reader = Reader::new(undoes_escapes, self.has_non_ascii, text.len());
        for (start, c) in text.char_indices() {
            reader.push(c, start..start + c.len_utf8());
        }
        Zeroizing::new(reader.bytes[WINDOW..].to_vec())
    }

    /// Replaces each word that contains a secret, or 16 characters of one, with `[secret]`.
    pub(crate) fn apply(&self, text: &str) -> String {
        replaced(text, &self.find(text, false))
    }

    /// As [`apply`](Self::apply); `None` if there is none. Of a member's name in JSON, only 16
    /// characters of a secret are masked: a short secret may be a usual name.
    pub(crate) fn masked(&self, text: &str, is_name: bool) -> Option<String> {
        if is_name && text.len() < WINDOW {
            return None;
        }
        let found = self.find(text, false);
        (!found.is_empty()).then(|| replaced(text, &found))
    }

    /// As [`apply`](Self::apply), for the start of a text. What is cut off may end in a part of a
    /// secret, so what may be one is masked.
    pub(crate) fn apply_to_start(&self, text: &str) -> String {
        if text.len() <= MAX_START_BYTES {
            return self.apply(text);
        }
        let start = &text[..text.floor_char_boundary(MAX_START_BYTES)];
        replaced(start, &self.find(start, true))
    }

    /// True if a text contains a secret, or 16 characters of one.
    pub(crate) fn matches(&self, text: &str) -> bool {
        !self.find(text, false).is_empty()
    }

    /// True if a text is a secret of 1 to 3 characters, with or without blanks around it.
    pub(crate) fn is_tiny_secret(&self, text: &str) -> bool {
        let text = text.trim();
        !text.is_empty() && self.tiny.iter().any(|secret| text == **secret)
    }

    /// Returns the parts of a text to mask, in order.
    fn find(&self, text: &str, is_cut: bool) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let shortest = self.short_lengths.iter().min().copied().unwrap_or(WINDOW);
        if self.words.is_empty() || text.len() < shortest {
            return found;
        }
        self.scan(text, false, is_cut, &mut found);
        if memchr::memchr3(b'\\', b'%', b'&', text.as_bytes()).is_some() {
            self.scan(text, true, is_cut, &mut found);
        }
        found.sort_unstable_by_key(|range| range.start);
        let mut merged: Vec<Range<usize>> = Vec::with_capacity(found.len());
        for range in found {
            match merged.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => merged.push(range),
            }
        }
        // To the ends of the words.
        let mut words: Vec<Range<usize>> = Vec::with_capacity(merged.len());
        for range in merged {
            let previous = words.last().map_or(0, |last| last.end);
            if range.end <= previous {
                continue;
            }
            let before = text[previous..range.start.max(previous)].trim_end_matches(is_in_word);
            let after = text[range.end..].trim_start_matches(is_in_word);
            let (start, end) = (previous + before.len(), text.len() - after.len());
            match words.last_mut() {
                Some(last) if last.end == start => last.end = end,
                _ => words.push(start..end),
            }
        }
        words
    }

    /// Adds the parts of a text that match to `found`.
    fn scan(&self, text: &str, undoes_escapes: bool, is_cut: bool, found: &mut Vec<Range<usize>>) {
        let capacity = text.len().min(READER_BYTES);
        let mut reader = Reader::new(undoes_escapes, self.has_non_ascii, capacity);
        // A match that counts unless the next character continues its word.
        let mut pending: Option<Range<usize>> = None;
        for (start, c) in text.char_indices() {
            if !reader.push(c, start..start + c.len_utf8()) {
                continue;
            }
            if let Some(range) = pending.take()
                && !(reader.is_next_to_previous() && is_id_byte(reader.last()))
            {
                add(found, range);
            }
            if self.words.contains(reader.window()) && reader.length() >= WINDOW {
                add(found, reader.range_of_last(WINDOW));
            }
            for &length in &self.short_lengths {
                if reader.length() < length || !self.words.contains(reader.last_word(length)) {
                    continue;
                }
                let range = reader.range_of_last(length);
                if length >= MIN_ANYWHERE {
                    add(found, range);
                } else if !reader.is_id_byte_before(length) {
                    pending = Some(range);
                }
            }
            reader.forget();
        }
        found.extend(pending);
        if is_cut && reader.length() > 0 {
            // Less than a window, and a part of an escape.
            let rest = reader.range_of_last(reader.length().min(NEEDED_BYTES / 2));
            found.push(rest.start..text.len());
        }
    }
}

fn add(found: &mut Vec<Range<usize>>, range: Range<usize>) {
    match found.last_mut() {
        Some(last) if last.start <= range.start && range.start <= last.end => {
            last.end = last.end.max(range.end);
        }
        _ => found.push(range),
    }
}

fn replaced(text: &str, masked: &[Range<usize>]) -> String {
    let mut result = String::with_capacity(text.len() + masked.len() * MASKED.len());
    let mut end = 0;
    for range in masked {
        result += &text[end..range.start];
        result += MASKED;
        end = range.end;
    }
    result + &text[end..]
}

/// The characters that continue a word of which a part is masked. None of those that separate the
/// parts of JSON, of a query or of a sentence, and none that start an escape.
fn is_in_word(c: char) -> bool {
    c.is_alphanumeric()
        || "-._~+/!*@#$^".contains(c)
        || !c.is_ascii() && !c.is_whitespace()
        || is_invisible(c) && !c.is_whitespace()
}

fn is_id_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Ignores case and the difference between the alphabets of base64.
fn folded(byte: u8) -> u8 {
    match byte {
        b'-' => b'+',
        b'_' => b'/',
        byte => byte.to_ascii_lowercase(),
    }
}

/// A set of words of up to 16 bytes: a table with open addressing, at most half full.
#[derive(Default)]
struct WordSet {
    slots: Vec<u128>,
    count: usize,
}

impl WordSet {
    fn with_room_for(words: usize) -> Self {
        let slots = if words == 0 { 0 } else { (2 * words).next_power_of_two().max(64) };
        WordSet { slots: vec![0; slots], count: 0 }
    }

    fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns the slot of a word, or the empty slot where it belongs.
    fn slot(&self, word: u128) -> usize {
        let mixed = (word as u64) ^ (word >> 64) as u64;
        let hash = mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (word >> 64) as u64;
        let hash = hash.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        let mut at = (hash >> 32) as usize & (self.slots.len() - 1);
        while self.slots[at] != 0 && self.slots[at] != word {
            at = (at + 1) & (self.slots.len() - 1);
        }
        at
    }

    fn insert(&mut self, word: u128) {
        // There is room: a secret has at most 8 words for each of its bytes.
        if 2 * self.count < self.slots.len() {
            let slot = self.slot(word);
            self.count += usize::from(self.slots[slot] == 0);
            self.slots[slot] = word;
        }
    }

    fn contains(&self, word: u128) -> bool {
        word != 0 && self.slots[self.slot(word)] == word
    }
}

impl Drop for WordSet {
    fn drop(&mut self) {
        self.slots.as_mut_slice().zeroize();
    }
}

/// How many bytes a [`Reader`] keeps at most. It needs the last 16, and those of an escape.
const READER_BYTES: usize = 4096;
const NEEDED_BYTES: usize = 64;

/// Reads a text as it is compared: without escapes, blanks and invisible characters.
struct Reader {
    undoes_escapes: bool,
    has_non_ascii: bool,
    /// What was read last, after as many zeros as a window has bytes.
    bytes: Vec<u8>,
    /// The same, folded.
    folded: Vec<u8>,
    /// Where each of them comes from.
    origins: Vec<Origin>,
    /// True if there was a blank after the last byte.
    is_after_blank: bool,
}

struct Origin {
    range: Range<usize>,
    is_after_blank: bool,
    /// From how many escapes within each other it was decoded.
    level: u8,
}

impl Reader {
    fn new(undoes_escapes: bool, has_non_ascii: bool, capacity: usize) -> Self {
        let zeros = |capacity| {
            let mut bytes = Vec::with_capacity(WINDOW + capacity + 8);
            bytes.resize(WINDOW, 0);
            bytes
        };
        Reader {
            undoes_escapes,
            has_non_ascii,
            bytes: zeros(capacity),
            folded: zeros(capacity),
            origins: Vec::new(),
            is_after_blank: false,
        }
    }

    /// Reads a character. Returns false if it is one of those that are skipped.
    fn push(&mut self, c: char, origin: Range<usize>) -> bool {
        let is_pushed = self.push_char(c, origin);
        if is_pushed && self.undoes_escapes {
            while let Some((length, decoded)) = escapes::at_end(&self.bytes[WINDOW..]) {
                let origin = self.range_of_last(length);
                let first = self.origins.len() - length;
                let Origin { is_after_blank, level, .. } = self.origins[first];
                if decoded == Decoded::Char('\\')
                    && length == 2
                    && level != self.origins[first + 1].level
                {
                    // Not an escape: a backslash that was decoded, and the next escape.
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

    /// Forgets what is not needed any more.
    fn forget(&mut self) {
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

    fn length(&self) -> usize {
        self.origins.len()
    }

    /// Returns the last 16 bytes, folded.
    fn window(&self) -> u128 {
        last_word(&self.folded)
    }

    /// Returns the last bytes.
    fn last_word(&self, length: usize) -> u128 {
        last_word(&self.bytes) & ((1 << (8 * length)) - 1)
    }

    fn last(&self) -> u8 {
        self.bytes.last().copied().unwrap_or_default()
    }

    /// Returns where the last bytes come from.
    fn range_of_last(&self, length: usize) -> Range<usize> {
        let last = &self.origins[self.origins.len() - length..];
        match last {
            [first, .., last] => first.range.start..last.range.end,
            [only] => only.range.clone(),
            [] => 0..0,
        }
    }

    /// True if there was no blank between the last byte and the one before.
    fn is_next_to_previous(&self) -> bool {
        self.origins.last().is_some_and(|origin| !origin.is_after_blank)
    }

    /// True if the byte before the last ones continues their word.
    fn is_id_byte_before(&self, length: usize) -> bool {
        let first = self.origins.len() - length;
        first > 0
            && !self.origins[first].is_after_blank
            && is_id_byte(self.bytes[WINDOW + first - 1])
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        for bytes in [&mut self.bytes, &mut self.folded] {
            // Also what was read and undone.
            bytes.resize(bytes.capacity(), 0);
            bytes.as_mut_slice().zeroize();
        }
    }
}

fn last_word(bytes: &[u8]) -> u128 {
    bytes.last_chunk::<WINDOW>().map_or(0, |last| u128::from_be_bytes(*last))
}

/// Returns the first `max_chars` characters of a text, on one line.
pub(crate) fn shortened(text: &str, max_chars: usize) -> String {
    let visible = |c| if is_invisible(c) { ' ' } else { c };
    let mut start: String = text.chars().take(max_chars).map(visible).collect();
    if text.chars().nth(max_chars).is_some() {
        start.push('…');
    }
    start
}

/// True for characters that a log line must not contain, because they end it, reorder it or are not
/// visible.
pub(crate) fn is_invisible(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e01ef}')
}

/// Returns a text with its escapes undone, its invisible characters removed and its blanks kept.
pub(crate) fn without_escapes(text: &str) -> WipedText {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        let mut pushed = Some(c);
        while let Some(c) = pushed.take() {
            if c.is_whitespace() {
                plain.push(' ');
            } else if !is_invisible(c) {
                plain.push(c);
            }
            if let Some((length, decoded)) = escapes::at_end(plain.as_bytes()) {
                plain.truncate(plain.len() - length);
                pushed = match decoded {
                    Decoded::Char(c) => Some(c),
                    // A part of a character beyond ASCII, which no token contains.
                    Decoded::Byte(_) => None,
                };
            }
        }
    }
    plain.into()
}

/// The longest word of letters that is taken for a word of a language.
const MAX_PLAIN_LETTERS: usize = 14;
/// Names of the gateway's API that explain a mistake.
const KNOWN_NAMES: [&str; 6] = [
    "DataValidationError",
    "contextInfo",
    "launchContext",
    "resultData",
    "tenantExternalId",
    "triggerId",
];

/// Replaces each word that could be a part of an unknown secret with `[secret]`. What remains are
/// words of letters, small numbers, and `ids`.
pub(crate) fn plain_words(text: &str, ids: &[&str]) -> String {
    let is_shown = |c: &char| c.is_whitespace() || !is_invisible(*c);
    let text = WipedText::from(text.chars().filter(is_shown).collect::<String>());
    let mut plain = String::with_capacity(text.len());
    let mut is_masked = false;
    for word in text.split_whitespace() {
        let is_plain = is_plain_word(word, ids);
        if is_plain || !is_masked {
            plain += if plain.is_empty() { "" } else { " " };
            plain += if is_plain { word } else { MASKED };
        }
        is_masked = !is_plain;
    }
    plain
}

fn is_plain_word(word: &str, ids: &[&str]) -> bool {
    const PUNCTUATION: &[char] =
        &['"', '\'', '`', ',', ':', ';', '(', ')', '[', ']', '{', '}', '<', '>'];
    let word = word.trim_matches(|c| ".!?".contains(c) || PUNCTUATION.contains(&c));
    let is_dash = word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_punctuation());
    is_dash || ids.contains(&word) || word.split(PUNCTUATION).all(|part| is_plain_part(part, ids))
}

fn is_plain_part(part: &str, ids: &[&str]) -> bool {
    if part.bytes().all(|byte| byte.is_ascii_digit()) {
        return part.len() <= 3;
    }
    let is_in_one_case =
        part.chars().skip(1).all(char::is_lowercase) || part.chars().all(char::is_uppercase);
    let is_short = part.chars().count() <= MAX_PLAIN_LETTERS;
    is_short && is_in_one_case && part.chars().all(char::is_alphabetic)
        || ids.contains(&part)
        || KNOWN_NAMES.contains(&part)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    const TOKEN: &str = "eyJhbGciOiJub25lIn0.c2VjcmV0LXRva2Vu/a=b_c+d.c2lnbmF0dXJl";
    const ID: &str = "0b6f6f5e-6d0c-4d3c-9d3b-7b8f0f6f1c55";

    fn masked(secret: &str, text: &str) -> String {
        Mask::new([secret].into_iter()).apply(text)
    }

    fn each(text: &str, escape: impl Fn(u32) -> String) -> String {
        text.chars().map(|c| escape(c.into())).collect()
    }

    fn each_byte(text: &str, escape: impl Fn(u8) -> String) -> String {
        text.bytes().map(escape).collect()
    }

    /// Breaks a text after every few characters.
    fn broken(text: &str, after: usize, by: &str) -> String {
        text.as_bytes()
            .chunks(after)
            .map(|c| str::from_utf8(c).unwrap())
            .collect::<Vec<_>>()
            .join(by)
    }

    /// A secret as servers write it.
    fn spellings(secret: &str) -> Vec<String> {
        let is_special = |c: u32| !char::from_u32(c).unwrap().is_ascii_alphanumeric();
        let special =
            |escape: fn(u32) -> String| {
                each(secret, |c| {
                    if is_special(c) { escape(c) } else { char::from_u32(c).unwrap().into() }
                })
            };
        let json = |c: u32| format!("\\u{c:04x}");
        let mut spellings = vec![
            secret.to_owned(),
            secret.replace('/', "\\/"),
            secret.replace('/', "\\\\\\/"),
            secret.to_ascii_uppercase(),
            special(json),
            special(|c| format!("\\\\u{c:04X}")),
            special(|c| format!("&#{c};")),
            special(|c| format!("&#x{c:x};")),
            special(|c| format!("&amp;#X{c:04X};")),
            special(|c| format!("%{c:02X}")),
            special(|c| format!("%25{c:02x}")),
            special(|c| format!("\\x{c:02x}")),
            special(|c| format!("\\u{{{c:x}}}")),
            secret.replace('/', "&sol;").replace('=', "&equals;").replace('+', "&plus;"),
            each(secret, json),
            each(secret, |c| format!("&#{c};")),
            each_byte(secret, |byte| format!("%{byte:02x}")),
            each(secret, |c| format!("%u{c:04x}")),
            each_byte(secret, |byte| format!("{byte:02x}")),
            each_byte(secret, |byte| format!("{byte:02X}")),
            each_byte(secret, |byte| format!("{byte:02x} ")).trim_end().to_owned(),
            each(secret, |c| format!("{}\0", char::from_u32(c).unwrap())),
        ];
        for by in [
            "\n",
            "\r\n",
            "\r\n ",
            "\\n",
            "\\r\\n",
            "%0A",
            "&#10;",
            "\u{200b}",
            "\u{ad}",
            "\u{feff}",
            "\u{2060}",
            "\\u200b",
            "&#8203;",
            "&shy;",
            "&#xAD;",
            "%E2%80%8B",
            "\u{202e}",
            "\0",
            "\u{fffd}",
            "\u{e0041}",
            "\u{301}",
            " ",
            "\u{a0}",
        ] {
            // A backslash before an escape is an escape itself.
            if !(by.starts_with('\\') && secret.contains('\\')) {
                spellings.push(broken(secret, 10, by));
                spellings.push(broken(secret, 1, by));
            }
        }
        for before in ["", "a", "ab", "Bearer ", "{\"t\":\""] {
            let text = format!("{before}{secret}");
            for after in ["", ":", "\"}"] {
                let base64 = BASE64_STANDARD_NO_PAD.encode(text.clone() + after);
                spellings.push(broken(&base64, 76, "\r\n"));
                spellings.push(base64.replace('+', "%2B").replace('/', "%2F") + "%3D");
                spellings.push(base64 + "==");
                spellings.push(BASE64_URL_SAFE_NO_PAD.encode(text.clone() + after));
            }
        }
        spellings
    }

    #[test]
    fn a_secret_is_masked_in_every_spelling_and_ids_next_to_it_are_not() {
        let url = "https://acme.example/page?accessKey=tmp-4f1c-99";
        for secret in [TOKEN, url, "p%41ss\\u0042w&amp;rd-that-has-escapes"] {
            for spelling in spellings(secret) {
                for (before, after) in [
                    ("token ", format!(" of run {ID}")),
                    ("token=", format!("&triggerId={ID}")),
                    ("\"token\":\"", format!("\",\"triggerId\":\"{ID}\"")),
                    ("<b>", format!("</b>, correlation id {ID}.")),
                    ("Bearer:", format!("; id={ID}")),
                    ("a|", format!("|{ID}")),
                ] {
                    let text = format!("{ID}, {before}{spelling}{after}");
                    let shown = masked(secret, &text);
                    let start = format!("{ID}, {before}[secret]");
                    assert!(shown.starts_with(&start), "{text}: {shown}");
                    assert!(
                        shown.ends_with(ID) || shown.ends_with(after.as_str()),
                        "{text}: {shown}"
                    );
                    assert_eq!(shown.matches("[secret]").count(), 1, "{text}: {shown}");
                }
            }
        }
    }

    #[test]
    fn sixteen_characters_of_a_secret_are_enough() {
        for start in 0..TOKEN.len() - WINDOW {
            let part = &TOKEN[start..start + WINDOW];
            assert_eq!(masked(TOKEN, &format!("! {part} !")), "! [secret] !");
            assert_eq!(masked(TOKEN, &format!("! xx-{part}.xx !")), "! [secret] !");
            let fewer = format!("! {} !", &part[1..]);
            assert_eq!(masked(TOKEN, &fewer), fewer);
        }
    }

    #[test]
    fn a_short_secret_is_masked_as_a_whole() {
        for (secret, text, expected) in [
            ("hunter22", "not hunter22.", "not [secret]"),
            ("hunter22", "xhunter22y hunter2", "[secret] hunter2"),
            ("hunter22", "h&#117;nter%32%32", "[secret]"),
            (
                "hunter22",
                "68756e7465723232 aHVudGVyMjI= amRvZTpodW50ZXIyMg==",
                "[secret] [secret]= [secret]==",
            ),
            (
                "pass word 1",
                "it is pass word 1, pass+word+1 or pass%20word%201",
                "it is [secret], [secret] or [secret]",
            ),
            (
                "4711",
                "pin=4711, 14711 a-4711-b 4711x \"4711\" (4711)",
                "pin=[secret], 14711 a-4711-b 4711x \"[secret]\" ([secret])",
            ),
            ("4711", "4711", "[secret]"),
            ("4711", "47\u{200b}11 %34711&", "[secret] [secret]&"),
            ("4d3c", ID, ID),
            ("123", "123 in 123", "123 in 123"),
            (
                "größte",
                "die größte, die gr&ouml;&szlig;te, gr%C3%B6%C3%9Fte, gr\\u00f6\\u00dfte",
                "die [secret], die [secret], [secret], [secret]",
            ),
            ("пароль-длинный", "x пароль\u{200b}-длинный", "x [secret]"),
            ("", "abc", "abc"),
        ] {
            assert_eq!(masked(secret, text), expected, "{secret}");
        }
        let mask = Mask::new(["12", "a\"b"].into_iter());
        for text in ["12", " 12\n", "a\"b"] {
            assert!(mask.is_tiny_secret(text), "{text}");
        }
        for text in ["", "1", "123"] {
            assert!(!mask.is_tiny_secret(text), "{text}");
        }
    }

    #[test]
    fn the_start_of_a_text_never_ends_in_a_part_of_a_secret() {
        let mask = Mask::new([TOKEN].into_iter());
        for spelling in [TOKEN.to_owned(), each(TOKEN, |c| format!("&#{c};"))] {
            for cut in (1..spelling.len()).step_by(7) {
                let padding = " ".repeat(MAX_START_BYTES - cut);
                let text = format!("an,unsuspicious,text{}{spelling} b", &padding[20..]);
                let shown = mask.apply_to_start(&text).replace(' ', "");
                assert!(
                    "an,unsuspicious,text[secret]".starts_with(shown.trim_end_matches("[secret]")),
                    "{cut}: {shown}"
                );
            }
        }
    }

    #[test]
    fn the_time_does_not_depend_on_the_length_of_the_secret() {
        let secrets = ["a".repeat(8192), "ab".repeat(4096), "a".repeat(15), "a".repeat(8191) + "b"];
        for unit in
            ["a", "ab", "\\u0061", "&#97;", "%61", "a bcdefghijklmno ", "\\", "&", "\u{200b}"]
        {
            let text = unit.repeat((1 << 17) / unit.len());
            for secret in &secrets {
                let started = Instant::now();
                masked(secret, &text);
                // Comparing each byte with each of the secret takes minutes.
                assert!(started.elapsed() < Duration::from_secs(20), "{unit} {}", secret.len());
            }
        }
    }

    #[test]
    fn only_plain_words_are_shown_where_a_secret_is_unknown() {
        for (text, expected) in [
            ("No such tenant.", "No such tenant."),
            ("Trigger id is required!", "Trigger id is required!"),
            ("The gateway's limit (429) isn't high", "The gateway's limit (429) isn't high"),
            ("see https://a/b?c, or newToken", "see [secret] or [secret]"),
            ("key tmp-4f1c a1 12345 eyJhbGci OiJub25l", "key [secret]"),
            ("run \"abc-1\" of tenantExternalId", "run \"abc-1\" of tenantExternalId"),
            ("[secret] - DataValidationError", "[secret] - DataValidationError"),
            ("abcdefghijklmno", "[secret]"),
            (r#"{"code":7,"text":"no"}"#, r#"{"code":7,"text":"no"}"#),
            (r#"{"code":7,"text":"n0"}"#, "[secret]"),
        ] {
            assert_eq!(plain_words(text, &["abc-1"]), expected);
        }
    }
}
