//! Cancels the calls of a client from another thread.

use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use crate::fork;

/// The generation of a closed client. Every call that sees it is cancelled.
const CLOSED: u64 = u64::MAX;

/// Why a call is cancelled in a forked child.
pub(super) const FORKED: &str =
    "the process was forked during the call, which the parent continues";

/// Wakes and ends the blocked calls of one client.
#[derive(Default)]
pub(crate) struct Canceller {
    /// Incremented by each cancellation. A call is cancelled once this differs from the value it
    /// started with.
    generation: AtomicU64,
    sockets: Mutex<Sockets>,
    changed: Condvar,
}

/// The sockets of the open connections, and the process that opened them.
#[derive(Default)]
struct Sockets {
    process: u64,
    open: Vec<Weak<TcpStream>>,
}

impl Canceller {
    /// Cancels every call that has started. Closes idle connections too, because a call may be
    /// about to use one.
    pub(crate) fn cancel(&self) {
        self.end_calls(|generation| generation.saturating_add(1));
    }

    /// Cancels every call that has started and every call that starts later.
    pub(crate) fn close(&self) {
        self.end_calls(|_| CLOSED);
    }

    fn end_calls(&self, next: impl FnOnce(u64) -> u64) {
        let mut sockets = self.lock();
        let generation = self.generation.load(Ordering::SeqCst);
        self.generation.store(next(generation), Ordering::SeqCst);
        let open = sockets.take();
        self.changed.notify_all();
        // Unlocked first: these are system calls.
        drop(sockets);
        for socket in open.iter().filter_map(Weak::upgrade) {
            // Wakes the thread that reads or writes there. Fails if the peer has closed already.
            let _ = socket.shutdown(Shutdown::Both);
        }
    }

    /// Returns the token of a call that starts now.
    pub(super) fn token(self: &Arc<Self>) -> CancellationToken<'_> {
        CancellationToken {
            generation: self.generation.load(Ordering::SeqCst),
            process: fork::process(),
            canceller: self,
        }
    }

    /// True if the calls of a generation are cancelled.
    pub(super) fn has_cancelled(&self, generation: u64) -> bool {
        let current = self.generation.load(Ordering::SeqCst);
        current != generation || current == CLOSED
    }

    /// Wakes the threads in [`CancellationToken::wait_while`] to check their condition again.
    pub(super) fn notify(&self) {
        // Locked once, so that no thread is between its check and its wait.
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
        // Shutting down an inherited socket would break the parent's calls.
        if std::mem::replace(&mut self.process, fork::process()) == self.process {
            open
        } else {
            Vec::new()
        }
    }
}

/// Reports whether one call was cancelled.
#[derive(Clone, Copy)]
pub(crate) struct CancellationToken<'a> {
    canceller: &'a Arc<Canceller>,
    generation: u64,
    process: u64,
}

impl CancellationToken<'_> {
    pub(crate) fn is_cancelled(&self) -> bool {
        // If the process is forked during a call, the call remains the parent's.
        self.canceller.has_cancelled(self.generation) || self.process != fork::process()
    }

    /// Returns why the call is cancelled, as the start of a message.
    pub(crate) fn reason(&self) -> &'static str {
        if self.process != fork::process() {
            FORKED
        } else if self.canceller.generation.load(Ordering::SeqCst) == CLOSED {
            "the client was closed"
        } else {
            "the call was cancelled"
        }
    }

    /// Lets a cancellation shut down `socket`. Returns false if the call is already cancelled.
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

    /// Sleeps. Returns false if the call is cancelled.
    pub(crate) fn sleep(&self, duration: Duration) -> bool {
        // A time that an Instant cannot represent is forever.
        let deadline = Instant::now().checked_add(duration);
        self.wait_while(deadline, || true);
        !self.is_cancelled()
    }

    /// Blocks while `condition` holds, until the deadline or a cancellation.
    pub(super) fn wait_while(&self, deadline: Option<Instant>, condition: impl Fn() -> bool) {
        let mut sockets = self.canceller.lock();
        while condition() && !self.is_cancelled() {
            let remaining = match deadline {
                Some(deadline) => deadline.saturating_duration_since(Instant::now()),
                None => Duration::MAX,
            };
            if remaining.is_zero() {
                return;
            }
            let waited = self.canceller.changed.wait_timeout(sockets, remaining);
            sockets = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// A connection is used only by calls of its generation: the cancellation that ended the
    /// generation may still be about to shut it down.
    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    /// Returns the process that made the call.
    pub(super) fn process(&self) -> u64 {
        self.process
    }

    pub(super) fn canceller(&self) -> &Arc<Canceller> {
        self.canceller
    }
}
