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
