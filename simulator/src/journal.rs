//! The journal: every request that reached the simulator whole, so that a test can assert "exactly one".

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

/// One request that was read to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Delivery {
    /// Counted from 1, never reused, not even after the journal was cleared.
    pub sequence: u64,
    /// The connection it came on, counted from 1: equal numbers mean that a connection was used again.
    pub connection: u64,
    /// The method.
    pub method: String,
    /// The request target as sent, with its query.
    pub path: String,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The `User-Agent` header.
    pub user_agent: Option<String>,
    /// The `X-Request-Id` header.
    pub request_id: Option<String>,
    /// Where a token was given. The token itself is never kept.
    pub auth_scheme: AuthScheme,
    /// The body as text; bytes that are no UTF-8 are replaced.
    pub body: String,
    /// The workflow the body names, if it names one.
    pub workflow_identifier: Option<String>,
    /// The name of the fault that was applied, without `fault-`.
    pub fault: Option<&'static str>,
}

/// The header a token was given in, right or wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AuthScheme {
    /// `Authorization: Bearer`
    Bearer,
    /// `itas-api-access-key`
    ApiAccessKey,
    /// Neither.
    None,
}

/// The deliveries so far.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    last_sequence: u64,
    deliveries: Vec<Delivery>,
}

impl Journal {
    /// Appends a delivery and gives it its sequence number.
    pub(crate) fn record(&self, mut delivery: Delivery) {
        let mut inner = self.lock();
        inner.last_sequence += 1;
        delivery.sequence = inner.last_sequence;
        inner.deliveries.push(delivery);
    }

    pub(crate) fn all(&self) -> Vec<Delivery> {
        self.lock().deliveries.clone()
    }

    pub(crate) fn clear(&self) {
        self.lock().deliveries.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
