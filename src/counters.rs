//! Counts what a client does, for monitoring.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::Outcome;

/// Counts of a client since it was created, together with all clients that share its connections.
/// See [`Client::counters`](crate::Client::counters).
///
/// All but `waits_open` only grow. Each is exact, but they are read one after the other.
///
/// Since 0.1.0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// Calls that ended as [`Outcome::Accepted`]. A wait is one call.
    pub calls_accepted: u64,
    /// Calls that ended as [`Outcome::Rejected`].
    pub calls_rejected: u64,
    /// Calls that ended as [`Outcome::NotSent`].
    pub calls_not_sent: u64,
    /// Calls that ended as [`Outcome::Unknown`].
    pub calls_unknown: u64,
    /// Requests that were sent again after a transient error or with a new token.
    pub retries: u64,
    /// Connections opened.
    pub connections_opened: u64,
    /// Requests on a connection that an earlier request had used or opened ahead of time.
    pub connections_reused: u64,
    /// Bytes of requests that the operating system accepted for sending, encrypted if the base URL
    /// is `https`, without handshakes.
    pub bytes_sent: u64,
    /// Bytes of responses, counted like those of requests.
    pub bytes_received: u64,
    /// Waits in progress: it falls again when a wait ends or is dropped.
    pub waits_open: u64,
}

/// One counter, in the order of [`Counters`].
#[derive(Clone, Copy)]
pub(crate) enum Counter {
    CallsAccepted,
    CallsRejected,
    CallsNotSent,
    CallsUnknown,
    Retries,
    ConnectionsOpened,
    ConnectionsReused,
    BytesSent,
    BytesReceived,
    WaitsOpen,
}

const COUNT: usize = Counter::WaitsOpen as usize + 1;

/// The counters of a client, shared by its threads.
#[derive(Default)]
pub(crate) struct Tally([AtomicU64; COUNT]);

impl Tally {
    pub(crate) fn add(&self, counter: Counter, amount: u64) {
        self.0[counter as usize].fetch_add(amount, Ordering::Relaxed);
    }

    pub(crate) fn count_outcome(&self, outcome: Outcome) {
        let counter = match outcome {
            Outcome::Accepted => Counter::CallsAccepted,
            Outcome::Rejected => Counter::CallsRejected,
            Outcome::NotSent => Counter::CallsNotSent,
            Outcome::Unknown => Counter::CallsUnknown,
        };
        self.add(counter, 1);
    }

    /// Returns the counter of this number: its position in [`Counters`].
    pub(crate) fn get(&self, number: usize) -> Option<u64> {
        self.0.get(number).map(|value| value.load(Ordering::Relaxed))
    }

    pub(crate) fn read(&self) -> Counters {
        let get = |counter: Counter| self.0[counter as usize].load(Ordering::Relaxed);
        Counters {
            calls_accepted: get(Counter::CallsAccepted),
            calls_rejected: get(Counter::CallsRejected),
            calls_not_sent: get(Counter::CallsNotSent),
            calls_unknown: get(Counter::CallsUnknown),
            retries: get(Counter::Retries),
            connections_opened: get(Counter::ConnectionsOpened),
            connections_reused: get(Counter::ConnectionsReused),
            bytes_sent: get(Counter::BytesSent),
            bytes_received: get(Counter::BytesReceived),
            waits_open: get(Counter::WaitsOpen),
        }
    }
}

/// The waits of one owner that are in progress: none after it is dropped.
pub(crate) struct OpenWaits {
    tally: Arc<Tally>,
    count: u64,
}

impl OpenWaits {
    pub(crate) fn new(tally: &Arc<Tally>, count: u64) -> Self {
        tally.add(Counter::WaitsOpen, count);
        OpenWaits { tally: tally.clone(), count }
    }

    pub(crate) fn set(&mut self, count: u64) {
        if count != self.count {
            // The sum is never negative, so that it may wrap.
            self.tally.add(Counter::WaitsOpen, count.wrapping_sub(self.count));
            self.count = count;
        }
    }
}

impl Drop for OpenWaits {
    fn drop(&mut self) {
        self.set(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_open_until_their_owner_is_dropped_and_outcomes_add_up() {
        let tally = Arc::<Tally>::default();
        let mut waits = [1, 5].map(|count| OpenWaits::new(&tally, count));
        waits[1].set(2);
        for outcome in [Outcome::Unknown, Outcome::NotSent, Outcome::Unknown] {
            tally.count_outcome(outcome);
        }
        tally.add(Counter::BytesSent, 7);
        let numbers: Vec<_> = (0..=COUNT).map_while(|number| tally.get(number)).collect();
        assert_eq!(numbers, [0, 0, 1, 2, 0, 0, 0, 7, 0, 3]);
        drop(waits);
        let expected =
            Counters { calls_not_sent: 1, calls_unknown: 2, bytes_sent: 7, ..Counters::default() };
        assert_eq!(tally.read(), expected);
    }
}
