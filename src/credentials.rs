//! The access token of a client: the current one, and how it is renewed.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{Error, ErrorKind};
use crate::headers::ExtraHeaders;
use crate::log::LogLevel;
use crate::redact::CallTexts;
use crate::token::{AccessToken, AuthHeader, AuthScheme};
use crate::token_provider::TokenProvider;
use crate::transport::{CallContext, SharedWork};

/// Shared by all threads of a client.
pub(crate) struct Credentials {
    scheme: AuthScheme,
    extra_headers: ExtraHeaders,
    provider: Option<TokenProvider>,
    /// Reads the token file.
    reading: SharedWork<AccessToken>,
    /// A call clones it once, so it uses the same token from start to end. `None` if the token
    /// provider has to be asked.
    header: Mutex<Option<AuthHeader>>,
    /// Incremented by each replacement.
    version: AtomicU64,
}

impl Credentials {
    pub(crate) fn new(
        scheme: AuthScheme,
        token: &AccessToken,
        provider: Option<TokenProvider>,
        extra_headers: ExtraHeaders,
    ) -> Self {
        let header = match provider {
            Some(_) => None,
            None => Some(AuthHeader::new(scheme, token, &extra_headers)),
        };
        Credentials {
            scheme,
            extra_headers,
            provider,
            reading: SharedWork::default(),
            header: Mutex::new(header),
            version: AtomicU64::new(0),
        }
    }

    /// True if a refused token can be replaced.
    pub(crate) fn are_renewable(&self) -> bool {
        self.provider.is_some()
    }

    /// Returns a number that changes when the token is replaced.
    pub(crate) fn version(&self) -> u64 {
        self.version.load(Ordering::SeqCst)
    }

    /// Replaces the token for all later calls.
    pub(crate) fn replace(&self, token: &AccessToken) {
        self.replace_header(Some(self.header_of(token)));
    }

    /// Returns the header lines with a super-admin token, a bearer token in both generations of the
    /// API.
    pub(crate) fn super_admin(&self, token: &AccessToken) -> AuthHeader {
        AuthHeader::new(AuthScheme::Bearer, token, &self.extra_headers)
    }

    /// Returns the texts of a call that every request has.
    pub(crate) fn texts<'a>(&'a self, auth_header: &'a AuthHeader) -> CallTexts<'a> {
        let headers = self.extra_headers.values();
        CallTexts { headers, ..CallTexts::new(auth_header.token()) }
    }

    /// Returns the header lines with the current token.
    ///
    /// # Errors
    ///
    /// If the token provider has to be asked, and returns no valid token.
    pub(crate) fn current(&self, call: &CallContext<'_>) -> Result<AuthHeader, Error> {
        let current = self.lock().clone();
        match (current, &self.provider) {
            (Some(auth_header), _) => Ok(auth_header),
            (None, Some(provider)) => self.ask(provider, call),
            (None, None) => Err(Error::local(ErrorKind::Internal, "there is no token")),
        }
    }

    /// Returns another token than the refused one, if there is one: another thread may have
    /// replaced it in the meantime, or the token provider has one.
    pub(crate) fn renewed(
        &self,
        refused: &AuthHeader,
        call: &CallContext<'_>,
    ) -> Option<AuthHeader> {
        let current = self.lock().clone();
        if let Some(current) = current
            && !current.is_same(refused)
        {
            return Some(current);
        }
        let provider = self.provider.as_ref()?;
        match self.ask(provider, call) {
            Ok(new) => (new.token() != refused.token()).then_some(new),
            Err(error) => {
                // The next call asks again.
                self.replace_header(None);
                call.log(LogLevel::Warn, format_args!("no new access token: {error}"));
                None
            }
        }
    }

    /// Asks the token provider, without a lock.
    fn ask(&self, provider: &TokenProvider, call: &CallContext<'_>) -> Result<AuthHeader, Error> {
        call.log(LogLevel::Debug, format_args!("asking the token provider"));
        let auth_header = self.header_of(&provider.token(&self.reading, call)?);
        self.replace_header(Some(auth_header.clone()));
        Ok(auth_header)
    }

    fn header_of(&self, token: &AccessToken) -> AuthHeader {
        AuthHeader::new(self.scheme, token, &self.extra_headers)
    }

    fn replace_header(&self, new: Option<AuthHeader>) {
        let mut current = self.lock();
        let old = std::mem::replace(&mut *current, new);
        self.version.fetch_add(1, Ordering::SeqCst);
        // Wipe the old token after releasing the lock.
        drop(current);
        drop(old);
    }

    fn lock(&self) -> MutexGuard<'_, Option<AuthHeader>> {
        self.header.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
