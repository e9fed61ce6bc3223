//! Ends the calls of a client from another thread.

use std::fmt;
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use super::fork;

/// What the calls of one client have in common while they wait.
#[derive(Default)]
pub(crate) struct Canceller {
    /// Each cancelling counts one up, so a call that began earlier knows that it is meant.
    cancellings: AtomicU64,
    sockets: Mutex<Sockets>,
    changed: Condvar,
}

/// The sockets of the open connections, and the process that opened them.
#[derive(Default)]
struct Sockets {
    fork: u32,
    open: Vec<Weak<TcpStream>>,
}

impl Canceller {
    /// Ends every call that has begun. Idle connections are closed as well, since a call may just
    /// be about to use one.
    pub(crate) fn cancel(&self) {
        let mut sockets = self.lock();
        self.cancellings.fetch_add(1, Ordering::SeqCst);
        let open = sockets.take();
        self.changed.notify_all();
        // Not under the lock: these are system calls.
        drop(sockets);
        for socket in open.iter().filter_map(Weak::upgrade) {
            // It wakes who reads or writes there; what is closed already cannot be shut down.
            let _ = socket.shutdown(Shutdown::Both);
        }
    }

    /// The place of a call that begins now.
    pub(super) fn begin(self: &Arc<Self>) -> Cancellation<'_> {
        Cancellation { began: self.cancellings.load(Ordering::SeqCst), canceller: self }
    }

    /// Whether it was cancelled since it had been so many times.
    pub(super) fn is_cancelled_since(&self, cancellings: u64) -> bool {
        self.cancellings.load(Ordering::SeqCst) != cancellings
    }

    /// Lets those look again who wait in [`Cancellation::wait_while`].
    pub(super) fn notify(&self) {
        drop(self.lock());
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Sockets> {
        self.sockets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Canceller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Canceller")
    }
}

impl Sockets {
    fn take(&mut self) -> Vec<Weak<TcpStream>> {
        let open = std::mem::take(&mut self.open);
        // Shutting down what a parent opened would break the parent's calls.
        if std::mem::replace(&mut self.fork, fork::count()) == self.fork {
            open
        } else {
            Vec::new()
        }
    }
}

/// Whether one call was cancelled.
#[derive(Clone, Copy)]
pub(crate) struct Cancellation<'a> {
    canceller: &'a Arc<Canceller>,
    began: u64,
}

impl Cancellation<'_> {
    pub(crate) fn is_cancelled(&self) -> bool {
        self.canceller.is_cancelled_since(self.began)
    }

    /// Has cancelling end what is done on a socket; false if it is cancelled already.
    pub(super) fn covers(&self, socket: &Arc<TcpStream>) -> bool {
        let mut sockets = self.canceller.lock();
        if self.is_cancelled() {
            return false;
        }
        if sockets.fork != fork::count() {
            drop(sockets.take());
        }
        sockets.open.retain(|socket| socket.strong_count() > 0);
        sockets.open.push(Arc::downgrade(socket));
        true
    }

    /// Sleeps; false if it is cancelled.
    pub(crate) fn sleep(&self, duration: Duration) -> bool {
        // Beyond what an Instant can tell, it is for ever.
        let deadline = Instant::now().checked_add(duration);
        self.wait_while(deadline, || true);
        !self.is_cancelled()
    }

    /// Waits while a condition holds, until a deadline at most, and until it is cancelled.
    pub(super) fn wait_while(&self, deadline: Option<Instant>, condition: impl Fn() -> bool) {
        let mut sockets = self.canceller.lock();
        while condition() && !self.is_cancelled() {
            let left = match deadline {
                Some(deadline) => deadline.saturating_duration_since(Instant::now()),
                None => Duration::MAX,
            };
            if left.is_zero() {
                return;
            }
            let waited = self.canceller.changed.wait_timeout(sockets, left);
            sockets = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// How often the client had been cancelled when the call began. A connection is only used by
    /// calls that share this number: cancelling may yet close it.
    pub(super) fn began(&self) -> u64 {
        self.began
    }

    pub(super) fn canceller(&self) -> &Arc<Canceller> {
        self.canceller
    }
}
