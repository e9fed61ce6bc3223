//! Finds secrets in text, however they are written.
//!
//! A server may send a secret back in many spellings: with the escapes of JSON, HTML or URLs, even
//! nested; in base64 or hexadecimal; broken by a line break or an invisible character. So a
//! [`Mask`] decodes a text as it reads it, and looks up each sequence of 16 bytes in the set of all
//! such sequences of the secrets. Where one matches, the whole word is masked.
//!
//! The time is proportional to the length of the text, whatever the text and the secrets are.

use std::ops::Range;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use zeroize::{Zeroize, Zeroizing};

use super::printable::{MASKED, is_invisible};
use super::reader::{NEEDED_BYTES, READER_BYTES, Reader, WINDOW, folded, is_id_byte};

/// Shorter secrets are masked only where no letter, digit, hyphen or underscore is next to them:
/// they may be a part of any id by chance.
const MIN_ANYWHERE: usize = 8;
/// Shorter secrets are masked only where they are a whole string of JSON.
const MIN_SHORT: usize = 4;
/// The most words of a secret for each of its bytes, in all forms: one as it is, one with its
/// escapes decoded, one with a plus for each blank, two in hexadecimal, four in base64.
const WORDS_PER_BYTE: usize = 9;
/// The memory that a mask takes for each byte of a secret, at most: see [`WordSet::with_room_for`].
pub(crate) const MASK_BYTES: usize = 2 * 2 * WORDS_PER_BYTE * size_of::<u128>();
/// How much memory a match takes at most: its position is in up to three lists at a time, one of
/// which may have room for twice as many, and text may match with and without its escapes.
const MATCH_BYTES: usize = 2 * 4 * size_of::<Range<usize>>();
/// How much of a text is searched if only its start is shown.
pub(crate) const MAX_START_BYTES: usize = 64 * 1024;

/// The texts of a call that decide how its response is read, and which parts can be shown.
#[derive(Clone, Copy)]
pub(crate) struct CallTexts<'a> {
    /// The access token of the request.
    pub(crate) token: &'a str,
    /// The values of headers that the caller added.
    pub(crate) headers: &'a [SecretString],
    /// The values of secret variables.
    pub(crate) variables: &'a [&'a str],
    /// The body of the request, which a response may echo.
    pub(crate) request: &'a [u8],
    /// Ids that the caller chose or knows. They are not secret, even inside a secret.
    pub(crate) ids: &'a [&'a str],
}

impl<'a> CallTexts<'a> {
    pub(crate) fn new(token: &'a str) -> Self {
        CallTexts { token, headers: &[], variables: &[], request: &[], ids: &[] }
    }

    /// Returns how much memory it takes at most to mask the secrets in a text of this length: for a
    /// [`Mask`], and for the positions of what it finds.
    pub(crate) fn mask_bytes(&self, text_bytes: usize) -> usize {
        let lengths = self.client_secrets().chain(self.variables.iter().copied()).map(str::len);
        let has_short = lengths.clone().any(|length| length < WINDOW);
        let distance = 1 + if has_short { MIN_SHORT } else { WINDOW };
        MASK_BYTES * lengths.sum::<usize>() + MATCH_BYTES * (text_bytes / distance)
    }

    /// Returns the secrets of the client: the token and the values of added headers.
    pub(crate) fn client_secrets(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        let headers = self.headers.iter().map(|value| value.expose_secret());
        [self.token].into_iter().chain(headers)
    }
}

/// True if a text contains a token. A short token does not count: it may be there by chance.
pub(crate) fn repeats(text: &str, token: &str) -> bool {
    token.len() >= WINDOW && text.contains(token)
}

/// Finds secrets in a text, however they are written.
#[derive(Default)]
pub(crate) struct Mask {
    /// Each window of the secrets in all their forms, and the forms that are shorter than one.
    words: WordSet,
    /// The lengths of those shorter forms.
    short_lengths: Vec<usize>,
    /// Secrets of 1 to 3 bytes.
    tiny: Vec<Zeroizing<String>>,
    /// False if all secrets are ASCII. Then other characters in a text are skipped.
    has_non_ascii: bool,
}

impl Mask {
    pub(crate) fn new<'a>(secrets: impl Iterator<Item = &'a str> + Clone) -> Self {
        let bytes: usize = secrets.clone().map(str::len).sum();
        let mut mask = Mask {
            words: WordSet::with_room_for(bytes * WORDS_PER_BYTE),
            has_non_ascii: !secrets.clone().all(str::is_ascii),
            ..Mask::default()
        };
        secrets.for_each(|secret| mask.add(secret));
        mask
    }

    /// Creates a mask of the token, the added headers and the secret variables of a call.
    pub(crate) fn for_call(texts: &CallTexts<'_>) -> Self {
        Self::new(texts.client_secrets().chain(texts.variables.iter().copied()))
    }

    /// Adds a secret in every form.
    fn add(&mut self, secret: &str) {
        let bytes = secret.as_bytes();
        if bytes.len() < MIN_SHORT {
            self.tiny.push(Zeroizing::new(secret.trim().to_owned()));
            return;
        }
        for decodes_escapes in [false, true] {
            self.add_form(&self.read(secret, decodes_escapes));
        }
        if secret.contains(' ') {
            // As forms and queries encode it.
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
        // The base64 of a secret depends on the number of bytes before it, modulo 3.
        for skipped in 0..bytes.len().min(3) {
            for engine in [BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD] {
                let base64 = Zeroizing::new(engine.encode(&bytes[skipped..]));
                self.add_form(base64.as_bytes());
                if base64.len() >= WINDOW {
                    // Both alphabets are folded to one.
                    break;
                }
                // The last character depends on the text after the secret.
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

    /// Returns a text in the form that is compared.
    fn read(&self, text: &str, decodes_escapes: bool) -> Zeroizing<Vec<u8>> {
        let mut reader = Reader::new(decodes_escapes, self.has_non_ascii, text.len());
        for (start, c) in text.char_indices() {
            reader.push(c, start..start + c.len_utf8());
        }
        Zeroizing::new(reader.bytes().to_vec())
    }

    /// Replaces each word that contains a secret, or 16 characters of one, with `[secret]`.
    pub(crate) fn apply(&self, text: &str) -> String {
        replaced(text, &self.find(text, false))
    }

    /// As [`apply`](Self::apply), but returns `None` if there is nothing to mask. In the name of a
    /// JSON member, short secrets are not masked: they may be common names.
    pub(crate) fn masked(&self, text: &str, is_name: bool) -> Option<String> {
        if is_name && text.len() < WINDOW {
            return None;
        }
        let found = self.find(text, false);
        (!found.is_empty()).then(|| replaced(text, &found))
    }

    /// As [`apply`](Self::apply), for the start of a text. If it is cut off, its last characters
    /// may be the start of a secret, so they are masked.
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

    /// Returns the parts of a text to mask, in order. `is_cut`: the text continues after its end.
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
        whole_words(text, merged(found))
    }

    /// Adds the parts of a text that match a secret to `found`.
    fn scan(&self, text: &str, decodes_escapes: bool, is_cut: bool, found: &mut Vec<Range<usize>>) {
        let capacity = text.len().min(READER_BYTES);
        let mut reader = Reader::new(decodes_escapes, self.has_non_ascii, capacity);
        // A short match. It counts unless the next character continues its word.
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
            reader.discard_old();
        }
        found.extend(pending);
        if is_cut && reader.length() > 0 {
            // The start of a secret: less than a window, perhaps with a part of an escape.
            let rest = reader.range_of_last(reader.length().min(NEEDED_BYTES / 2));
            found.push(rest.start..text.len());
        }
    }
}

/// Adds a range, or extends the last one if they overlap.
fn add(found: &mut Vec<Range<usize>>, range: Range<usize>) {
    match found.last_mut() {
        Some(last) if last.start <= range.start && range.start <= last.end => {
            last.end = last.end.max(range.end);
        }
        _ => found.push(range),
    }
}

/// Sorts ranges, and joins those that overlap.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| range.start);
    let mut merged = Vec::with_capacity(ranges.len());
    ranges.into_iter().for_each(|range| add(&mut merged, range));
    merged
}

/// Extends each range to the ends of its words, and joins those that then touch.
fn whole_words(text: &str, ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
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

/// True for characters that belong to the same word. False for those that separate the parts of
/// JSON, a query or a sentence, and for those that start an escape.
fn is_in_word(c: char) -> bool {
    c.is_alphanumeric()
        || "-._~+/!*@#$^".contains(c)
        || !c.is_ascii() && !c.is_whitespace()
        || is_invisible(c) && !c.is_whitespace()
}

/// A set of words of up to 16 bytes: a table with open addressing, at most half full.
#[derive(Default)]
struct WordSet {
    /// 0 if empty.
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
        // There is always room, see `WORDS_PER_BYTE`.
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

    /// Inserts `by` after every `after` bytes of a text.
    fn broken(text: &str, after: usize, by: &str) -> String {
        text.as_bytes()
            .chunks(after)
            .map(|c| str::from_utf8(c).unwrap())
            .collect::<Vec<_>>()
            .join(by)
    }

    /// The ways in which servers write a secret.
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
    fn every_part_of_every_form_is_found() {
        // Blanks and escapes make the forms differ everywhere; the length is a power of two.
        let mut random = fastrand::Rng::with_seed(1);
        let word = |random: &mut fastrand::Rng| -> String {
            (0..6).map(|_| random.alphanumeric()).chain(r"\/ ".chars()).collect()
        };
        let secret: String = (0..200).map(|_| word(&mut random)).collect();
        let secret = &secret[..1024];
        let mask = Mask::new([secret].into_iter());
        for skipped in 0..3 {
            let base64 = BASE64_STANDARD_NO_PAD.encode(&secret[skipped..]);
            for start in 0..=base64.len() - WINDOW {
                let part = &base64[start..start + WINDOW];
                assert!(mask.matches(part), "{skipped} {start}: {part}");
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
                // Comparing each byte with each byte of the secret would take minutes.
                assert!(started.elapsed() < Duration::from_secs(20), "{unit} {}", secret.len());
            }
        }
    }
}
