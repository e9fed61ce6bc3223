//! A callback of the caller that returns the current access token.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind};
use crate::token::AccessToken;

/// Returns the current token, or `None` if there is none.
#[derive(Clone)]
pub(crate) struct TokenProvider(Arc<dyn Fn() -> Option<String> + Send + Sync>);

impl TokenProvider {
    pub(crate) fn new(provider: Arc<dyn Fn() -> Option<String> + Send + Sync>) -> Self {
        TokenProvider(provider)
    }

    /// Calls the callback. Its text is wiped.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::AccessToken`] if it returns no token, or an invalid one.
    pub(crate) fn token(&self) -> Result<AccessToken, Error> {
        match (self.0)().map(Zeroizing::new) {
            Some(text) => {
                let name = "the token of the token provider";
                AccessToken::from_argument(name, ErrorKind::AccessToken, &text)
            }
            None => {
                Err(Error::local(ErrorKind::AccessToken, "the token provider returned no token"))
            }
        }
    }
}

impl fmt::Debug for TokenProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenProvider")
    }
}
