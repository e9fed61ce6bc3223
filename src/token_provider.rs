//! The source of an access token that can change: a callback of the caller, or the file or command
//! that a configuration file names.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind};
use crate::panic_points;
use crate::token::AccessToken;
use crate::token_source::TokenSource;
use crate::transport::{CallContext, SharedWork};

#[derive(Clone)]
pub(crate) enum TokenProvider {
    /// Returns the current token, or `None` if there is none.
    Callback(Arc<dyn Fn() -> Option<String> + Send + Sync>),
    Source(Arc<TokenSource>),
}

impl TokenProvider {
    /// Returns the current token. The text of a callback is wiped. The client reads a token file in
    /// `reading`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::AccessToken`] if there is no token, or an invalid one; those of
    /// [`TokenSource::token`].
    pub(crate) fn token(
        &self,
        reading: &SharedWork<AccessToken>,
        call: &CallContext<'_>,
    ) -> Result<AccessToken, Error> {
        let callback = match self {
            TokenProvider::Callback(callback) => callback,
            TokenProvider::Source(source) => return source.token(reading, call),
        };
        panic_points::pass("the token provider is called");
        let text = call.in_callback(|| callback()).map(Zeroizing::new);
        panic_points::pass("the token provider has returned");
        match text {
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
