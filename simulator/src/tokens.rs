//! The required access tokens: the tenant's, which can be regenerated, and the super-admin's.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Tenant access token that a simulator requires by default. It has the length and the shape of a
/// real one and is not a secret.
pub const DEFAULT_TOKEN: &str = concat!(
    "fake-header.this-is-no-secret.luma-simulator-token.",
    "0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_",
    "0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_",
    "0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_",
    "0123456789_0123456789_0123456789.fake-signature",
);

/// The repeated part of [`DEFAULT_TOKEN`].
const FILLER: &str = "0123456789";

/// Super-admin access token that a simulator requires by default. It is not a secret either.
///
/// Its filler differs from that of [`DEFAULT_TOKEN`], so that a search for a part of one token does
/// not find the other.
pub const DEFAULT_SUPER_ADMIN_TOKEN: &str = concat!(
    "fake-header.this-is-no-secret.luma-simulator-super-admin-token.",
    "abcdefghij_abcdefghij_abcdefghij_abcdefghij_abcdefghij_abcdefghij_",
    "abcdefghij_abcdefghij_abcdefghij_abcdefghij_abcdefghij_abcdefghij_",
    "abcdefghij_abcdefghij_abcdefghij_abcdefghij_abcdefghij_abcdefghij_",
    "abcdefghij_abcdefghij_abcdefghij.fake-signature",
);

/// Both tokens. The super-admin's never changes.
#[derive(Debug)]
pub(crate) struct Tokens {
    super_admin: String,
    tenant: Mutex<TenantToken>,
}

#[derive(Debug)]
struct TenantToken {
    token: String,
    regenerations: u64,
}

impl Tokens {
    /// Fails if a token cannot be sent in a header, or if both are equal.
    pub(crate) fn new(tenant: String, super_admin: String) -> io::Result<Self> {
        let is_valid =
            |token: &str| !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic());
        let invalid = |message| Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        if !is_valid(&tenant) || !is_valid(&super_admin) {
            return invalid("tokens must be visible ASCII without spaces, and not empty");
        }
        if tenant == super_admin {
            return invalid("the tenant token and the super-admin token must differ");
        }
        let tenant = Mutex::new(TenantToken { token: tenant, regenerations: 0 });
        Ok(Self { super_admin, tenant })
    }

    pub(crate) fn tenant(&self) -> String {
        self.lock().token.clone()
    }

    pub(crate) fn super_admin(&self) -> &str {
        &self.super_admin
    }

    /// Replaces the tenant token and returns the new one; the old one is no longer valid.
    ///
    /// New tokens are counted, not random, so that a failing test fails the same way again. Each
    /// has its own filler, for the reason given at [`DEFAULT_SUPER_ADMIN_TOKEN`].
    pub(crate) fn regenerate(&self) -> String {
        let mut tenant = self.lock();
        loop {
            tenant.regenerations += 1;
            let count = tenant.regenerations;
            let filler = &format!("{count}-").repeat(FILLER.len())[..FILLER.len()];
            let new = format!("{}-{count}", DEFAULT_TOKEN.replace(FILLER, filler));
            if new != tenant.token && new != self.super_admin {
                tenant.token.clone_from(&new);
                return new;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, TenantToken> {
        self.tenant.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
