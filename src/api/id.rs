//! Percent-encodes the caller's ids and texts for a path or a query.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

use crate::error::{Error, ErrorKind};
use crate::limits::{MAX_ID_BYTES, has_control_character};

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

    /// Refuses slashes and dot segments even though they would be encoded: a server in between may
    /// decode them and see a different path.
    fn checked(name: &str, kind: ErrorKind, text: &'a str) -> Result<Self, Error> {
        let wrong = if text.trim().is_empty() {
            "is empty"
        } else if text.len() > MAX_ID_BYTES {
            "is longer than 128 bytes"
        } else if text.contains(['/', '\\']) {
            "contains a slash"
        } else if text == "." || text.contains("..") {
            "contains a dot segment"
        } else if has_control_character(text) {
            "contains a control character"
        } else {
            return Ok(Id(text));
        };
        Err(Error::local(kind, format!("{name} {wrong}")))
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
        ] {
            assert_eq!(Id::trigger(id).expect(id).to_string(), written);
        }
        for id in ["", " ", "a/b", "a\\b", ".", "..", "a..b", "a\nb", "a\0", &"a".repeat(129)] {
            assert_eq!(Id::trigger(id).expect_err(id).kind(), ErrorKind::TriggerId);
            assert_eq!(Id::step(id).expect_err(id).kind(), ErrorKind::StepId);
            assert_eq!(Id::tenant(id).expect_err(id).kind(), ErrorKind::TenantExternalId);
        }
        assert!(Id::trigger(&"a".repeat(128)).is_ok());
    }
}
