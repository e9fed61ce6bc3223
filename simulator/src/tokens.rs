//! The tokens the simulator demands: the tenant's, which can be replaced, and the super-admin's.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The tenant token a simulator demands unless told otherwise. As long and as shaped as a real one, and no secret.
pub const DEFAULT_TOKEN: &str = concat!(
    "fake-header.this-is-no-secret.luma-simulator-token.",
    "0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_",
    "0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_",
    "0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_",
    "0123456789_0123456789_0123456789.fake-signature",
);

/// What its middle consists of.
const FILLER: &str = "0123456789";

/// The super-admin token a simulator demands unless told otherwise. No secret either, and its filler is its own.
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
    tenant: Mutex<Tenant>,
}

#[derive(Debug)]
struct Tenant {
    token: String,
    regenerated: u64,
}

impl Tokens {
    /// Both must be able to stand in a header, and tell their bearers apart.
    pub(crate) fn new(tenant: String, super_admin: String) -> io::Result<Self> {
        let fits = |token: &str| !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic());
        let invalid = |why| Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        if !fits(&tenant) || !fits(&super_admin) {
            return invalid("a token must be visible ASCII without blanks, and not empty");
        }
        if tenant == super_admin {
            return invalid("the tenant's token and the super-admin's must differ");
        }
        let tenant = Mutex::new(Tenant { token: tenant, regenerated: 0 });
        Ok(Self { super_admin, tenant })
    }

    pub(crate) fn tenant(&self) -> String {
        self.lock().token.clone()
    }

    pub(crate) fn super_admin(&self) -> &str {
        &self.super_admin
    }

    /// Retires the tenant's token and gives a new one. Counted, so that a failing test fails the same way twice. Its filler is
    /// its own too: who looks for a piece of one token does not find another.
    pub(crate) fn regenerate(&self) -> String {
        let mut tenant = self.lock();
        loop {
            tenant.regenerated += 1;
            let count = tenant.regenerated;
            let filler = &format!("{count}-").repeat(FILLER.len())[..FILLER.len()];
            let new = format!("{}-{count}", DEFAULT_TOKEN.replace(FILLER, filler));
            if new != tenant.token && new != self.super_admin {
                tenant.token.clone_from(&new);
                return new;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Tenant> {
        self.tenant.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
