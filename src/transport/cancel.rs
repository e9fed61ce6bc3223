//! Ends the calls of a client from another thread.

use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use crate::fork;

/// The generation of a client that is closed: no call belongs to it.
const CLOSED: u64 = u64::MAX;

/// What the calls of one client have in common while they wait.
#[derive(Default)]
pub(crate) struct Canceller {
    /// Each cancelling begins a new one, so a call of an earlier one knows that it is meant.
    generation: AtomicU64,
    sockets: Mutex<Sockets>,
    changed: Condvar,
}

/// The sockets of the open connections, and the process that opened them.
#[derive(Default)]
struct Sockets {
    process: u32,
    open: Vec<Weak<TcpStream>>,
}

impl Canceller {
    /// Ends every call that has begun. Idle connections are closed as well, since a call may just
    /// be about to use one.
    pub(crate) fn cancel(&self) {
        self.end_calls(|generation| generation.saturating_add(1));
    }

    /// The same, and every call that begins later.
    pub(crate) fn close(&self) {
        self.end_calls(|_| CLOSED);
    }

    fn end_calls(&self, next: impl FnOnce(u64) -> u64) {
        let mut sockets = self.lock();
        let generation = self.generation.load(Ordering::SeqCst);
        self.generation.store(next(generation), Ordering::SeqCst);
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
    pub(super) fn begin(self: &Arc<Self>) -> CancellationToken<'_> {
        CancellationToken {
            generation: self.generation.load(Ordering::SeqCst),
            process: fork::process(),
            canceller: self,
        }
    }

    /// Whether the calls of a generation are cancelled.
    pub(super) fn has_cancelled(&self, generation: u64) -> bool {
        let current = self.generation.load(Ordering::SeqCst);
        current != generation || current == CLOSED
    }

    /// Lets those look again who wait in [`CancellationToken::wait_while`].
    pub(super) fn notify(&self) {
        drop(self.lock());
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Sockets> {
        self.sockets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sockets {
    fn take(&mut self) -> Vec<Weak<TcpStream>> {
        let open = std::mem::take(&mut self.open);
        // Shutting down what a parent opened would break the parent's calls.
        if std::mem::replace(&mut self.process, fork::process()) == self.process {
            open
        } else {
            Vec::new()
        }
    }
}

/// Whether one call was cancelled.
#[derive(Clone, Copy)]
pub(crate) struct CancellationToken<'a> {
    canceller: &'a Arc<Canceller>,
    generation: u64,
    process: u32,
}

impl CancellationToken<'_> {
    pub(crate) fn is_cancelled(&self) -> bool {
        // In a child that is forked within a call, the call is the parent's.
        self.canceller.has_cancelled(self.generation) || self.process != fork::process()
    }

    /// Has cancelling end what is done on a socket; false if the call is cancelled already.
    pub(super) fn register(&self, socket: &Arc<TcpStream>) -> bool {
        let mut sockets = self.canceller.lock();
        if self.is_cancelled() {
            return false;
        }
        if sockets.process != fork::process() {
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

    /// A connection is only used by calls of its own generation: cancelling may yet close it.
    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    pub(super) fn canceller(&self) -> &Arc<Canceller> {
        self.canceller
    }
}
