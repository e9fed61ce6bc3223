//! An access token, and the header line that carries it. Both are wiped when they are dropped.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use crate::error::{Error, ErrorKind};
use crate::limits::{MAX_URL_BYTES, is_visible_ascii};

/// The header that carries the access token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum AuthScheme {
    /// `Authorization: Bearer <token>` (RFC 6750), the gateway's first generation.
    #[default]
    Bearer,
    /// `itas-api-access-key: <token>`, the gateway's later generation.
    ApiAccessKey,
}

/// A token that can stand in a header. Its `Debug` form does not show it.
#[derive(Debug, Clone)]
pub(crate) struct AccessToken(SecretString);

impl AccessToken {
    /// # Errors
    ///
    /// What is wrong with the text, to follow its name.
    pub(crate) fn new(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() {
            Err("is empty")
        } else if text.len() > MAX_URL_BYTES {
            Err("is longer than 8192 bytes")
        } else if !is_visible_ascii(text) {
            Err("holds a blank, a line break or another character that a token cannot have")
        } else {
            Ok(AccessToken(text.into()))
        }
    }

    /// The same with an error of its own, for a token of the caller's.
    pub(crate) fn checked(name: &str, kind: ErrorKind, text: &str) -> Result<Self, Error> {
        Self::new(text).map_err(|wrong| Error::local(kind, format!("{name} {wrong}")))
    }

    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// A token as the line of a request's head that carries it. A clone is the same line.
#[derive(Clone)]
pub(crate) struct AuthHeader {
    line: Arc<SecretString>,
    token_start: usize,
}

impl AuthHeader {
    pub(crate) fn new(scheme: AuthScheme, token: &AccessToken) -> Self {
        let name = match scheme {
            AuthScheme::Bearer => "Authorization: Bearer ",
            AuthScheme::ApiAccessKey => "itas-api-access-key: ",
        };
        let line = [name, token.expose(), "\r\n"].concat();
        AuthHeader { line: Arc::new(line.into()), token_start: name.len() }
    }

    /// Whether one is a clone of the other.
    pub(crate) fn is_same(&self, other: &AuthHeader) -> bool {
        Arc::ptr_eq(&self.line, &other.line)
    }

    pub(crate) fn line(&self) -> &Arc<SecretString> {
        &self.line
    }

    pub(crate) fn token(&self) -> &str {
        self.line.expose_secret()[self.token_start..].trim_end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_that_are_none() {
        for text in ["", "a b", "a\r\nX: y", "a\0", "ü", &"a".repeat(8193)] {
            assert!(AccessToken::new(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_line_gives_its_token_back() {
        let token = AccessToken::new("s3cr3t").unwrap();
        assert!(!format!("{token:?}").contains("s3cr3t"));
        for (scheme, line) in [
            (AuthScheme::Bearer, "Authorization: Bearer s3cr3t\r\n"),
            (AuthScheme::ApiAccessKey, "itas-api-access-key: s3cr3t\r\n"),
        ] {
            let credential = AuthHeader::new(scheme, &token);
            assert_eq!(credential.line().expose_secret(), line);
            assert_eq!(credential.token(), "s3cr3t");
        }
    }
}
