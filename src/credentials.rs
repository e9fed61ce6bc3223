//! The current access token of a client, and how it is renewed.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{Error, ErrorKind};
use crate::headers::ExtraHeaders;
use crate::log::LogLevel;
use crate::panic_points;
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
    current: Mutex<Current>,
    /// Incremented by each replacement.
    version: AtomicU64,
}

struct Current {
    /// A call clones it once, so it uses the same token from start to end. `None` if the token
    /// provider has to be asked.
    header: Option<AuthHeader>,
    /// How often the caller has replaced the token.
    replacements: u64,
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
            current: Mutex::new(Current { header, replacements: 0 }),
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
        let header = self.header_of(token);
        let mut current = self.lock();
        current.replacements += 1;
        self.replace_header(current, Some(header));
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
        let current = self.lock().header.clone();
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
        let current = self.lock().header.clone();
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
                self.replace_header(self.lock(), None);
                call.log(LogLevel::Warn, format_args!("no new access token: {error}"));
                None
            }
        }
    }

    /// Asks the token provider, without a lock. A token that the caller sets meanwhile is newer
    /// than the answer.
    fn ask(&self, provider: &TokenProvider, call: &CallContext<'_>) -> Result<AuthHeader, Error> {
        call.log(LogLevel::Debug, format_args!("asking the token provider"));
        let replacements = self.lock().replacements;
        let answer = provider.token(&self.reading, call).map(|token| self.header_of(&token));
        let current = self.lock();
        match &current.header {
            Some(newer) if current.replacements != replacements => Ok(newer.clone()),
            _ => {
                let answer = answer?;
                self.replace_header(current, Some(answer.clone()));
                Ok(answer)
            }
        }
    }

    fn header_of(&self, token: &AccessToken) -> AuthHeader {
        AuthHeader::new(self.scheme, token, &self.extra_headers)
    }

    fn replace_header(&self, mut current: MutexGuard<'_, Current>, new: Option<AuthHeader>) {
        let old = std::mem::replace(&mut current.header, new);
        self.version.fetch_add(1, Ordering::SeqCst);
        // Wipe the old token after releasing the lock.
        drop(current);
        drop(old);
    }

    fn lock(&self) -> MutexGuard<'_, Current> {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        panic_points::pass("the access token is locked");
        current
    }
}
