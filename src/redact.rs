//! Makes text from outside fit for a log: without secrets, and on one line.

use std::ops::Range;

/// Shorter tokens are not searched for: the token of a test may be part of any text by chance.
const MIN_SECRET_BYTES: usize = 16;

/// True if a text contains a token.
pub(crate) fn repeats(text: &str, token: &str) -> bool {
    token.len() >= MIN_SECRET_BYTES && text.contains(token)
}

/// Replaces a secret that a server may have sent back, however JSON escapes it, with `[secret]`.
pub(crate) fn masked(text: &str, secret: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = find(rest, secret) {
        masked += &rest[..found.start];
        masked += "[secret]";
        rest = &rest[found.end..];
    }
    masked + rest
}

/// Returns `end`, or the start of the secret that `end` would cut in two: half a secret is not
/// masked.
pub(crate) fn end_before(text: &str, end: usize, secret: &str) -> usize {
    let is_cut = |&at: &usize| {
        escaped_length(&text.as_bytes()[at..], secret).is_some_and(|length| at + length > end)
    };
    let first = end.saturating_sub(MAX_ESCAPED_BYTES * secret.len());
    (first..end).find(is_cut).unwrap_or(end)
}

/// Replaces each word that contains a URL with `[secret]`.
pub(crate) fn without_urls(text: &str) -> String {
    let has_url = |word: &str| find(word, "://").is_some();
    let words = text.split(' ').map(|word| if has_url(word) { "[secret]" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

/// The longest form of a secret's byte in JSON.
pub(crate) const MAX_ESCAPED_BYTES: usize = r"\u0041".len();

/// Finds a secret, which is ASCII, in a text.
fn find(text: &str, secret: &str) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let at = |start| Some(start..start + escaped_length(&bytes[start..], secret)?);
    (0..bytes.len()).find_map(at)
}

/// Returns the length of a secret, escaped or not, at the start of a text; `None` if the text
/// starts with anything else.
fn escaped_length(text: &[u8], secret: &str) -> Option<usize> {
    let mut rest = text;
    for byte in secret.bytes() {
        rest = match rest {
            [b'\\', b'u', b'0', b'0', high, low, after @ ..]
                if u8::from_str_radix(str::from_utf8(&[*high, *low]).ok()?, 16) == Ok(byte) =>
            {
                after
            }
            [b'\\', escaped, after @ ..] if *escaped == byte => after,
            [plain, after @ ..] if *plain == byte => after,
            _ => return None,
        };
    }
    Some(text.len() - rest.len()).filter(|length| *length > 0)
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
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{3164}' | '\u{feff}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_masked_however_it_is_escaped_and_never_cut() {
        for (secret, written) in [
            ("abcd", "abcd"),
            ("ab/d", "ab/d"),
            ("ab/d", "ab\\/d"),
            ("ab=d", "a\\u0062\\u003D\\u0064"),
            ("a\\u0", "a\\\\u\\u0030"),
        ] {
            assert_eq!(masked(&format!("ä{written}{written}x"), secret), "ä[secret][secret]x");
            let text = format!("xä{written}{written} äbc");
            let (first, second) = (3, 3 + written.len());
            for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
                let expected = match end {
                    _ if end > first && end < second => first,
                    _ if end > second && end < second + written.len() => second,
                    _ => end,
                };
                assert_eq!(end_before(&text, end, secret), expected, "{text} {end}");
            }
        }
        assert_eq!(end_before("ababab", 3, "abab"), 0);
        assert_eq!(masked("abc", ""), "abc");
        assert_eq!(
            without_urls(r"see https:\/\/a or h:\u002f/b, a:/b"),
            "see [secret] or [secret] a:/b"
        );
    }
}
