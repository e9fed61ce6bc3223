//! The idle connections of a client: last in, first out.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::cancel::CancellationToken;
use super::connection::Connection;
use super::http1::Http1;

/// Holds its lock only to move a connection in or out. Whatever needs a system call, such as
/// checking or closing a connection, happens outside it.
pub(super) struct Pool {
    /// Ordered by `since`: the oldest is at the front.
    idle: Mutex<VecDeque<Idle>>,
    max_idle: Duration,
    max_connections: usize,
}

struct Idle {
    /// Kept here, because reading it from the connection under the lock would fetch memory that
    /// another processor used last.
    since: Instant,
    http1: Http1,
    connection: Box<Connection>,
}

impl Idle {
    fn is_stale(&self, now: Instant, max_idle: Duration) -> bool {
        now.saturating_duration_since(self.since) >= max_idle
    }
}

impl Pool {
    pub(super) fn new(max_idle: Duration, max_connections: usize) -> Self {
        Pool { idle: Mutex::default(), max_idle, max_connections }
    }

    /// Takes the connection that was used last, if it was idle for less than `max_idle`.
    /// Connections that turn out to be unusable are closed.
    pub(super) fn take(
        &self,
        now: Instant,
        max_idle: Duration,
        cancellation: CancellationToken<'_>,
    ) -> Option<(Http1, Box<Connection>)> {
        loop {
            let Idle { http1, connection, .. } = self.pop(now, max_idle)?;
            if connection.is_usable(cancellation) {
                return Some((http1, connection));
            }
        }
    }

    fn pop(&self, now: Instant, max_idle: Duration) -> Option<Idle> {
        let mut idle = self.lock();
        // If the last one is stale, all the others are.
        if idle.back()?.is_stale(now, max_idle) { None } else { idle.pop_back() }
    }

    /// Adds a connection. Closes those that have been idle for too long, and the oldest if there
    /// are too many.
    pub(super) fn put(&self, http1: Http1, mut connection: Box<Connection>) {
        connection.wipe_input();
        let since = connection.last_read();
        let returned = Idle { since, http1, connection };
        let mut idle = self.lock();
        let stale = idle.iter().take_while(|idle| idle.is_stale(since, self.max_idle)).count();
        idle.push_back(returned);
        let surplus = idle.len().saturating_sub(self.max_connections);
        let dropped: Vec<_> = idle.drain(..stale.max(surplus)).collect();
        drop(idle);
        drop(dropped);
    }

    /// Closes all connections.
    pub(super) fn clear(&self) {
        let dropped = std::mem::take(&mut *self.lock());
        drop(dropped);
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
