//! The idle connections of a client: last in, first out.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::panic_points;
use crate::seen::Hash;

use super::context::CallContext;
use super::lease::Lease;

/// How long a connection rests at least until reuse is proven. A busy server may take this long
/// from its response to closing: of 300 triggers to one on the same, loaded machine, 20 were lost
/// without a rest, and none with 10 ms.
const MIN_REST: Duration = Duration::from_millis(20);
/// A connection that is lost within this many requests shows a server that closes them often.
const MANY_REQUESTS: u32 = 20;
/// Each such loss doubles the rest, up to 1.28 s.
const MAX_DOUBLINGS: u32 = 6;
/// No call waits longer than this for a connection to rest: a new one is ready sooner.
const MAX_WAIT: Duration = Duration::from_millis(50);

/// A connection that was lost after it was idle for this long met the server's idle timeout, which
/// does not show that the server closes after each response.
const USUAL_IDLE_TIMEOUT: Duration = Duration::from_secs(1);

/// Holds its lock only to move a connection in or out. Whatever needs a system call, such as
/// checking or closing a connection, happens outside it.
pub(super) struct Pool {
    /// Ordered by `since`: the oldest is at the front.
    idle: Mutex<VecDeque<Idle>>,
    max_idle: Duration,
    max_connections: usize,
    /// True once a connection was reused successfully, until one is lost. Some servers close after
    /// each response without saying so, and a trigger that crosses with the close is `UNKNOWN`.
    is_reuse_proven: AtomicBool,
    /// How often the rest was doubled: some servers close a little later, or after the second
    /// response.
    doublings: AtomicU32,
}

struct Idle {
    /// Kept here, because reading it from the connection under the lock would fetch memory that
    /// another processor used last.
    since: Instant,
    /// When the server may be about to close it.
    until: Option<Instant>,
    /// The only read that may use it, see [`Seen::failed`](crate::seen::Seen::failed).
    failed: Option<Hash>,
    lease: Lease,
}

/// Which idle connection a request accepts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    /// It was idle for less than this.
    pub(super) max_idle: Duration,
    /// The read to which it may have responded with an error. Without one, the request must not be
    /// lost, because it cannot be retried: until reuse is proven, the connection was quiet for more
    /// than two round trips. A server that closes after each response would have closed it by then.
    pub(super) read: Option<Hash>,
}

impl Idle {
    fn time(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.since)
    }

    /// True if it should be closed.
    fn is_stale(&self, now: Instant, max_idle: Duration) -> bool {
        self.time(now) >= max_idle || self.until.is_some_and(|until| now >= until)
    }

    /// Returns how much of its rest is left.
    fn rest(&self, now: Instant, min_rest: Duration) -> Duration {
        if self.lease.connection.is_unused {
            return Duration::ZERO;
        }
        let rest = min_rest.max(2 * self.lease.connection.round_trip());
        rest.saturating_sub(self.time(now))
    }
}

impl Pool {
    pub(super) fn new(max_idle: Duration, max_connections: usize) -> Self {
        Pool {
            idle: Mutex::default(),
            max_idle,
            max_connections,
            is_reuse_proven: AtomicBool::new(false),
            doublings: AtomicU32::new(0),
        }
    }

    /// Takes the connection that was used last, of those on these terms, and returns for how long
    /// it was idle; `None` if it was not used yet. May wait until it has rested. Connections that
    /// turn out to be unusable are closed.
    pub(super) fn take(
        &self,
        mut now: Instant,
        terms: Terms,
        call: &CallContext<'_>,
    ) -> Option<(Lease, Option<Duration>)> {
        let must_rest = terms.read.is_none() && !self.is_reuse_proven.load(Ordering::Relaxed);
        let min_rest = must_rest.then(|| MIN_REST * (1 << self.doublings.load(Ordering::Relaxed)));
        loop {
            let mut idle = self.pop(now, terms, min_rest)?;
            if idle.lease.connection.is_unused {
                if idle.lease.connection.is_still_unused(call) {
                    return Some((idle.lease, None));
                }
                continue;
            }
            let rest = min_rest.map_or(Duration::ZERO, |min_rest| {
                let left = call.deadline.saturating_duration_since(now);
                idle.rest(now, min_rest).min(left)
            });
            if idle.lease.connection.is_usable(rest, call.cancellation) {
                let time = idle.time(now) + rest;
                return Some((idle.lease, Some(time)));
            }
            // The others have rested meanwhile. Otherwise, connections that end one after the other
            // would add up to more than the call has time for.
            if !rest.is_zero() {
                now = Instant::now();
            }
        }
    }

    fn pop(&self, now: Instant, terms: Terms, min_rest: Option<Duration>) -> Option<Idle> {
        let mut idle = self.lock();
        let position = idle.iter().rposition(|idle| {
            !idle.is_stale(now, terms.max_idle)
                && (idle.failed.is_none() || idle.failed == terms.read)
                && min_rest.is_none_or(|min_rest| idle.rest(now, min_rest) <= MAX_WAIT)
        });
        idle.remove(position?)
    }

    /// Adds a connection. Closes those that have been idle for too long, and the oldest if there
    /// are too many.
    pub(super) fn put(&self, mut lease: Lease) {
        lease.connection.wipe_input();
        let since = lease.connection.last_read();
        // Half of it: the server starts to count earlier, and the next request takes time too.
        let until = lease.connection.buffers.keep_alive().map(|keep_alive| keep_alive / 2);
        let until = until.and_then(|keep_alive| since.checked_add(keep_alive));
        let failed = lease.connection.seen.failed();
        let returned = Idle { since, until, failed, lease };
        let mut idle = self.lock();
        let stale = idle.iter().take_while(|idle| idle.is_stale(since, self.max_idle)).count();
        idle.push_back(returned);
        let surplus = idle.len().saturating_sub(self.max_connections);
        let dropped: Vec<_> = idle.drain(..stale.max(surplus)).collect();
        drop(idle);
        drop(dropped);
    }

    /// Records that a connection was reused successfully.
    pub(super) fn note_reuse(&self) {
        // Reading first avoids contention: this is nearly always known.
        if !self.is_reuse_proven.load(Ordering::Relaxed) {
            self.is_reuse_proven.store(true, Ordering::Relaxed);
        }
    }

    /// Records that a connection which was idle for this long was lost when it was reused for the
    /// request of this number.
    pub(super) fn note_loss(&self, idle_time: Duration, requests: u32) {
        if idle_time < USUAL_IDLE_TIMEOUT {
            let doublings = match requests > MANY_REQUESTS {
                true => 0,
                false => (self.doublings.load(Ordering::Relaxed) + 1).min(MAX_DOUBLINGS),
            };
            self.doublings.store(doublings, Ordering::Relaxed);
            self.is_reuse_proven.store(false, Ordering::Relaxed);
        }
    }

    /// Closes all connections.
    pub(super) fn clear(&self) {
        let dropped = std::mem::take(&mut *self.lock());
        drop(dropped);
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Idle>> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        panic_points::pass("the pool is locked");
        idle
    }
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};
    use std::sync::Arc;
    use std::thread;

    use super::*;
    use crate::call_info::RequestId;
    use crate::counters::Tally;
    use crate::log::Log;
    use crate::transport::cancel::Canceller;
    use crate::transport::connection::Connection;
    use crate::transport::http1::Http1;
    use crate::transport::socket::Socket;
    use crate::transport::stream::Stream;

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn connections_rest_at_the_same_time() {
        const COUNT: u32 = 100;
        /// Makes a rest of `MAX_WAIT`.
        const ROUND_TRIP: Duration = Duration::from_millis(25);
        let (log, tally) = (Log::default(), Tally::default());
        let canceller = Arc::<Canceller>::default();
        let call = CallContext::new(LONG, RequestId::None, canceller.begin(false), &tally, &log);
        let pool = Pool::new(LONG, COUNT as usize);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut server = Vec::new();
        for _ in 0..COUNT {
            let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            server.push(listener.accept().unwrap().0);
            let peer = stream.peer_addr().unwrap();
            let socket = Socket::new(stream, peer, ROUND_TRIP, call.deadline, call.cancellation);
            let connection = Connection::new(Stream::Plain(socket.unwrap()), None);
            pool.put(Lease { http1: Http1::new(), connection });
        }
        let started = Instant::now();
        let has_ended = AtomicBool::new(false);
        let taken = thread::scope(|scope| {
            scope.spawn(|| {
                // Closed in the order in which they are tried, each before its own rest ends.
                for (number, connection) in (1..).zip(server.into_iter().rev()) {
                    let at = started + Duration::from_millis(20) * number;
                    thread::sleep(at.saturating_duration_since(Instant::now()));
                    if has_ended.load(Ordering::Relaxed) {
                        return;
                    }
                    drop(connection);
                }
            });
            let terms = Terms { max_idle: LONG, read: None };
            let taken = pool.take(started, terms, &call);
            has_ended.store(true, Ordering::Relaxed);
            taken.is_some()
        });
        assert!(taken, "all were closed while others rested");
    }
}
