//! Access tokens, and the header line that carries them. Both are wiped when they are dropped.

use std::ops::Range;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use crate::error::{Error, ErrorKind};
use crate::headers::ExtraHeaders;
use crate::limits::{MAX_URL_BYTES, visible_ascii_problem, wrapping_problem};

/// The header that carries the access token.
///
/// Since 0.1.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum AuthScheme {
    /// `Authorization: Bearer <token>` (RFC 6750), as the first generation of the gateway expects
    /// it.
    #[default]
    Bearer,
    /// `itas-api-access-key: <token>`, as later generations of the gateway expect it.
    ApiAccessKey,
}

const BEARER: &str = "Authorization: Bearer ";

/// A token that is valid in a header. `Debug` does not show it.
#[derive(Debug, Clone)]
pub(crate) struct AccessToken(SecretString);

impl AccessToken {
    /// # Errors
    ///
    /// The problem, to follow the name of the argument in a message.
    pub(crate) fn new(text: &str) -> Result<Self, &'static str> {
        let starts_with =
            |start: &str| text.get(..start.len()).is_some_and(|t| t.eq_ignore_ascii_case(start));
        if let Some(problem) = wrapping_problem(text) {
            Err(problem)
        } else if text.len() > MAX_URL_BYTES {
            Err("is longer than 8192 bytes")
        } else if starts_with("Bearer ") {
            Err("starts with \"Bearer \"; remove it, the library adds it")
        } else if starts_with("Authorization:") || starts_with("itas-api-access-key:") {
            Err("starts with the name of a header; remove it, the library adds it")
        } else {
            match visible_ascii_problem(text) {
                Some(problem) => Err(problem),
                None => Ok(AccessToken(text.into())),
            }
        }
    }

    /// As [`new`](Self::new), with an [`Error`] for the caller's argument `name`.
    pub(crate) fn from_argument(name: &str, kind: ErrorKind, text: &str) -> Result<Self, Error> {
        Self::new(text).map_err(|problem| Error::local(kind, format!("{name} {problem}")))
    }

    /// Stands for a token that a token provider returns later.
    pub(crate) fn unset() -> Self {
        AccessToken("unset".into())
    }

    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// The header line that carries a token, followed by those that the caller adds. Clones share them.
#[derive(Clone)]
pub(crate) struct AuthHeader {
    lines: Arc<SecretString>,
    token: Range<usize>,
}

impl AuthHeader {
    pub(crate) fn new(scheme: AuthScheme, token: &AccessToken, extra: &ExtraHeaders) -> Self {
        let name = match scheme {
            AuthScheme::Bearer => BEARER,
            AuthScheme::ApiAccessKey => "itas-api-access-key: ",
        };
        let token = token.expose();
        // Of the final size at once: memory that a text outgrows would not be wiped.
        let mut lines = String::with_capacity(name.len() + token.len() + 2 + extra.length());
        lines.extend([name, token, "\r\n"].into_iter().chain(extra.parts().flatten()));
        AuthHeader { lines: Arc::new(lines.into()), token: name.len()..name.len() + token.len() }
    }

    /// True if one is a clone of the other.
    pub(crate) fn is_same(&self, other: &AuthHeader) -> bool {
        Arc::ptr_eq(&self.lines, &other.lines)
    }

    /// Returns the header lines.
    pub(crate) fn lines(&self) -> &str {
        self.lines.expose_secret()
    }

    /// Explains after HTTP 401 how the token was sent, and what may be wrong with that. A
    /// super-admin token has only one header.
    pub(crate) fn explain_refusal(&self, is_super_admin: bool) -> String {
        let is_bearer = self.token.start == BEARER.len();
        let (sent_in, other) = match is_bearer {
            true => ("Authorization: Bearer", "newer gateways expect it in itas-api-access-key"),
            false => ("itas-api-access-key", "older gateways expect it in Authorization: Bearer"),
        };
        let mut text = format!("; the token was sent in the header {sent_in}");
        if !is_super_admin {
            text.extend(["; ", other, ", see auth_scheme"]);
        }
        let token = self.token();
        let starts_with =
            |start: &str| token.get(..start.len()).is_some_and(|t| t.eq_ignore_ascii_case(start));
        if starts_with("Bearer") {
            text += "; the token starts with \"Bearer\", which the library adds";
        } else if token.contains(['"', '\'', '`']) || token.contains("%22") {
            text += "; the token contains a quotation mark";
        } else if starts_with("%") || token.ends_with("%0A") || token.ends_with("%0D") {
            text += "; the token is percent-encoded";
        }
        text
    }

    pub(crate) fn token(&self) -> &str {
        &self.lines.expose_secret()[self.token.clone()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_visible_ascii_is_a_token() {
        for text in ["", "a b", "a\r\nX: y", "a\0", "ü", &"a".repeat(8193)] {
            assert!(AccessToken::new(text).is_err(), "{text}");
        }
        for text in ["Bearer", "bearer.s3cr3t", "a\"b", "a:b", "s3cr3t=="] {
            assert!(AccessToken::new(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn the_header_lines_contain_the_token_and_the_added_headers() {
        let token = AccessToken::new("s3cr3t").unwrap();
        assert!(!format!("{token:?}").contains("s3cr3t"));
        let mut extra = ExtraHeaders::default();
        extra.add("X-Key", "other").unwrap();
        for (scheme, extra, lines) in [
            (AuthScheme::Bearer, ExtraHeaders::default(), "Authorization: Bearer s3cr3t\r\n"),
            (AuthScheme::ApiAccessKey, extra, "itas-api-access-key: s3cr3t\r\nX-Key: other\r\n"),
        ] {
            let auth_header = AuthHeader::new(scheme, &token, &extra);
            assert_eq!(auth_header.lines(), lines);
            assert_eq!(auth_header.token(), "s3cr3t");
        }
    }
}
