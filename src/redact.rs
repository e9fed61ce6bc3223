//! Text from outside, fit for a log: without secrets, and on one line.

use zeroize::Zeroizing;

/// A secret that is shorter is none; in a test, say, it may stand in anything.
const MIN_SECRET_BYTES: usize = 16;

/// Whether a text repeats a token.
pub(crate) fn repeats(text: &str, token: &str) -> bool {
    token.len() >= MIN_SECRET_BYTES && text.contains(token)
}

/// A text without a secret that a server may have sent back.
pub(crate) fn masked(text: &str, secret: &str) -> String {
    let text = text.replace(secret, "[secret]");
    if !secret.contains('/') {
        return text;
    }
    // As many servers write it in JSON.
    let text = Zeroizing::new(text);
    let escaped = Zeroizing::new(secret.replace('/', "\\/"));
    text.replace(escaped.as_str(), "[secret]")
}

/// Where to end a text instead of at `end`, if that cuts a secret in two: half of one is not masked.
pub(crate) fn end_before(text: &str, end: usize, secret: &str) -> usize {
    let escaped = Zeroizing::new(secret.replace('/', "\\/"));
    let starts = [secret, &escaped].map(|secret| {
        let others = secret.len().saturating_sub(1);
        let around = end.saturating_sub(others)..text.len().min(end + others);
        let mut windows = text.as_bytes()[around.clone()].windows(secret.len().max(1));
        windows.position(|window| window == secret.as_bytes()).map(|at| around.start + at)
    });
    starts.into_iter().flatten().fold(end, usize::min)
}

/// A text with `[secret]` in place of each word that holds a URL.
pub(crate) fn without_urls(text: &str) -> String {
    let words = text.split(' ').map(|word| if word.contains("://") { "[secret]" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

/// The start of a text, on one line.
#[inline(never)] // It has many callers.
pub(crate) fn shortened(text: &str, max_chars: usize) -> String {
    let visible = |c| if is_invisible(c) { ' ' } else { c };
    let mut start: String = text.chars().take(max_chars).map(visible).collect();
    if text.chars().nth(max_chars).is_some() {
        start.push('…');
    }
    start
}

/// Characters that a line of a log must not hold: they end it, move it or hide in it.
pub(crate) fn is_invisible(c: char) -> bool {
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
    fn a_text_does_not_end_within_a_secret() {
        for (secret, written) in [("abcd", "abcd"), ("ab/d", "ab/d"), ("ab/d", "ab\\/d")] {
            let text = format!("xä{written}{written} abc");
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
    }
}
