//! Makes text printable in one line of a log: all of it, or only its plain words.

use crate::wiped::WipedText;

use super::escapes::{self, Decoded};

/// Replaces a secret.
pub(crate) const MASKED: &str = "[secret]";

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

/// Decodes the escapes in a text and removes its invisible characters. Blanks become spaces.
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
                    // A part of a non-ASCII character, which no token contains.
                    Decoded::Byte(_) => None,
                };
            }
        }
    }
    plain.into()
}

/// The longest plain word. Longer ones may be a secret that consists of letters.
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

/// Replaces each word that could be a part of an unknown secret with `[secret]`. Keeps words of
/// letters, small numbers, and `ids`.
pub(crate) fn plain_words(text: &str, ids: &[&str]) -> String {
    let is_shown = |c: &char| c.is_whitespace() || !is_invisible(*c);
    // Never grows, which would leave a copy of a secret behind.
    let mut shown = String::with_capacity(text.len());
    shown.extend(text.chars().filter(is_shown));
    let text = WipedText::from(shown);
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
    use super::*;

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
