//! The journal of received requests, so that a test can assert "exactly one".

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

/// One request that was received completely.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Delivery {
    /// Counted from 1 and never reused, not even after the journal was cleared.
    pub sequence: u64,
    /// Number of the connection, counted from 1. Equal numbers mean that a connection was reused.
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
    /// The header that carried a token. The token itself is never kept.
    pub auth_scheme: AuthScheme,
    /// The body as text, with invalid UTF-8 replaced.
    pub body: String,
    /// The body's `workflowIdentifier`, if it has one.
    pub workflow_identifier: Option<String>,
    /// The fault that was applied, without `fault-`.
    pub fault: Option<&'static str>,
}

/// The header that carried a token, valid or not.
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

/// All deliveries, oldest first.
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
    /// Appends a delivery and sets its sequence number.
    pub(crate) fn record(&self, mut delivery: Delivery) {
        let mut inner = self.lock();
        inner.last_sequence += 1;
        delivery.sequence = inner.last_sequence;
        inner.deliveries.push(delivery);
    }

    pub(crate) fn all(&self) -> Vec<Delivery> {
        self.lock().deliveries.clone()
    }

    /// The deliveries for one workflow, oldest first.
    pub(crate) fn of_workflow(&self, identifier: &str) -> Vec<Delivery> {
        let inner = self.lock();
        let is_wanted =
            |delivery: &&Delivery| delivery.workflow_identifier.as_deref() == Some(identifier);
        inner.deliveries.iter().filter(is_wanted).cloned().collect()
    }

    /// Deliveries from the newest on, and the number of all.
    pub(crate) fn newest(&self, skip: usize, count: usize) -> (Vec<Delivery>, usize) {
        let deliveries = &self.lock().deliveries;
        let newest = deliveries.iter().rev().skip(skip).take(count).cloned();
        (newest.collect(), deliveries.len())
    }

    pub(crate) fn clear(&self) {
        self.lock().deliveries.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
