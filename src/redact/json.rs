//! Masks secrets in JSON, so that it stays valid JSON.

use std::borrow::Cow;

use zeroize::Zeroizing;

use crate::json::{self, Json};
use crate::wiped::WipedText;

use super::mask::Mask;
use super::printable::MASKED;

/// How many levels of JSON within strings are masked as JSON. Deeper ones are masked as text.
const MAX_EMBEDDING: usize = 4;

/// Returns JSON with each secret masked, or `None` if it contains none. `is_secret` is true for
/// strings that are secret as a whole.
pub(crate) fn masked_json(
    json: &str,
    mask: &Mask,
    is_secret: &dyn Fn(&str) -> bool,
) -> Option<String> {
    at_depth(json, mask, is_secret, 0)
}

fn at_depth(
    json: &str,
    mask: &Mask,
    is_secret: &dyn Fn(&str) -> bool,
    depth: usize,
) -> Option<String> {
    let mut masked = String::new();
    // The end of what was copied to `masked`.
    let mut copied = 0;
    let mut at = 0;
    while let Some(skipped) = json[at..].find(|c: char| c == '"' || is_number_start(c)) {
        let start = at + skipped;
        let rest = &json[start..];
        let replacement = if rest.starts_with('"') {
            at = start + json::string_length(rest.as_bytes());
            let is_name = json[at..].trim_ascii_start().starts_with(':');
            masked_string(&json[start..at], is_name, mask, is_secret, depth)
        } else {
            let is_in_number = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
            at = start + rest.find(|c| !is_in_number(c)).unwrap_or(rest.len());
            mask.matches(&json[start..at]).then(|| json::quoted(MASKED))
        };
        if let Some(replacement) = replacement {
            masked.push_str(&json[copied..start]);
            masked.push_str(&replacement);
            copied = at;
        }
    }
    if copied == 0 {
        return None;
    }
    masked.push_str(&json[copied..]);
    Some(masked)
}

fn is_number_start(c: char) -> bool {
    c == '-' || c.is_ascii_digit()
}

/// Returns a JSON string with each secret masked, or `None` if it contains none. The names of
/// members are needed to find their values, so short secrets are not masked there.
fn masked_string(
    string: &str,
    is_name: bool,
    mask: &Mask,
    is_secret: &dyn Fn(&str) -> bool,
    depth: usize,
) -> Option<Zeroizing<String>> {
    let (borrowed, owned);
    let text: &str = match Json::new(string).lossy_text() {
        Cow::Borrowed(text) => {
            borrowed = text;
            borrowed
        }
        Cow::Owned(text) => {
            owned = WipedText::from(text);
            &owned
        }
    };
    if is_secret(text) || mask.is_tiny_secret(text) && !is_name {
        return Some(json::quoted(MASKED));
    }
    let embedded = match text.trim_ascii_start().as_bytes().first() {
        Some(b'{' | b'[') if depth < MAX_EMBEDDING && json::is_json(text) => {
            at_depth(text, mask, is_secret, depth + 1).map(WipedText::from)
        }
        _ => None,
    };
    let masked = mask.masked(embedded.as_deref().unwrap_or(text), is_name).map(WipedText::from);
    masked.or(embedded).map(|text| json::quoted(&text))
}
