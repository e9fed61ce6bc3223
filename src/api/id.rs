//! Checks ids, and percent-encodes the caller's ids and texts for a path or a query.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

use crate::error::{Error, ErrorKind};
use crate::limits::{MAX_TEXT_BYTES, is_visible_ascii};
use crate::redact;

/// Every character except the unreserved ones (RFC 3986 section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// An id that is safe in a path or a query. `Display` percent-encodes it.
#[derive(Debug)]
pub(crate) struct Id<'a>(&'a str);

impl<'a> Id<'a> {
    pub(crate) fn trigger(text: &'a str) -> Result<Self, Error> {
        Self::checked("trigger_id", ErrorKind::TriggerId, text)
    }

    pub(crate) fn step(text: &'a str) -> Result<Self, Error> {
        Self::checked("step_id", ErrorKind::StepId, text)
    }

    pub(crate) fn tenant(text: &'a str) -> Result<Self, Error> {
        Self::checked("tenant_external_id", ErrorKind::TenantExternalId, text)
    }

    fn checked(name: &str, kind: ErrorKind, text: &'a str) -> Result<Self, Error> {
        let checked = in_path(text).map(Id);
        checked.map_err(|problem| Error::local(kind, format!("{name} {problem}")))
    }

    pub(crate) fn text(&self) -> &'a str {
        self.0
    }
}

impl fmt::Display for Id<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        encoded(self.0).fmt(f)
    }
}

/// Returns an id without surrounding blanks. The same rule applies to an id in a response and to an
/// argument.
///
/// # Errors
///
/// The problem, to follow the name of the id in a message.
pub(crate) fn trimmed(text: &str) -> Result<&str, &'static str> {
    // The usual case. The checks below would cost 500 instructions for a UUID.
    if is_visible_ascii(text) && (1..=MAX_TEXT_BYTES).contains(&text.len()) {
        return Ok(text);
    }
    let id = text.trim();
    if id.is_empty() {
        Err("is empty")
    } else if id.len() > MAX_TEXT_BYTES {
        Err("is longer than 1024 bytes")
    } else if id.chars().any(redact::is_invisible) {
        Err("contains a control character or another invisible character")
    } else {
        Ok(id)
    }
}

/// Returns an id for a path, as [`trimmed`]. Refuses slashes and dot segments even though they
/// would be encoded: a server in between may decode them and see a different path.
///
/// # Errors
///
/// As [`trimmed`].
fn in_path(text: &str) -> Result<&str, &'static str> {
    let id = trimmed(text)?;
    path_problem(id).map_or(Ok(id), Err)
}

/// Describes why a trimmed id is not safe in a path, to continue a sentence about it.
pub(crate) fn path_problem(id: &str) -> Option<&'static str> {
    if memchr::memchr2(b'/', b'\\', id.as_bytes()).is_some() {
        Some("contains a slash")
    } else if id == "." || id.contains("..") {
        Some("contains a dot segment")
    } else {
        None
    }
}

/// True if a text is a UUID (RFC 9562 section 4), in upper or lower case.
pub(crate) fn is_uuid(text: &[u8]) -> bool {
    let is_right = |(at, byte): (usize, &u8)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.iter().enumerate().all(is_right)
}

pub(crate) fn encoded(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_encoded_or_refused() {
        for (id, written) in [
            ("0b6f6f5e-6d0c-4d3c", "0b6f6f5e-6d0c-4d3c"),
            ("a b?c#d%2e&e=f;g:h", "a%20b%3Fc%23d%252e%26e%3Df%3Bg%3Ah"),
            ("ä", "%C3%A4"),
            ("a.b", "a.b"),
            (" \u{a0}a b\r\n", "a%20b"),
        ] {
            assert_eq!(Id::trigger(id).expect(id).to_string(), written);
        }
        for id in [
            "",
            " ",
            "a/b",
            "a\\b",
            ".",
            "..",
            "a..b",
            "a\nb",
            "a\0",
            "a\u{200b}",
            &"a".repeat(1025),
        ] {
            assert_eq!(Id::trigger(id).expect_err(id).kind(), ErrorKind::TriggerId);
            assert_eq!(Id::step(id).expect_err(id).kind(), ErrorKind::StepId);
            assert_eq!(Id::tenant(id).expect_err(id).kind(), ErrorKind::TenantExternalId);
        }
        assert!(Id::trigger(&format!(" {}\n", "a".repeat(1024))).is_ok());
    }
}
