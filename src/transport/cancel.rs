//! Cancels the calls of a client from another thread: all of them, or those of a scope.

use std::collections::BTreeMap;
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use crate::fork;
use crate::sys;

/// The generation of a closed client. Every call that sees it is cancelled.
const CLOSED: u64 = u64::MAX;

/// The generation of a call that began while its client was drained. No client reaches it.
const REFUSED: u64 = u64::MAX - 1;

/// The bit in the lower half of [`Canceller::active`] that refuses new calls.
const DRAINING: u32 = 1 << 31;

/// Returns this process as in the upper half of [`Canceller::active`]. A forked child must not wait
/// for calls of its parent.
#[allow(clippy::cast_possible_truncation, reason = "the lower half differs too")]
fn process() -> u32 {
    fork::process() as u32
}

/// Wakes and ends the blocked calls of one client, or of one scope of it.
///
/// The root belongs to the clients that share connections, and each scope has another below it. A
/// cancellation increments the generation of its canceller and of all below, so a call checks only
/// its own.
///
/// The root knows every open connection. A scope knows only those that its calls use right now: a
/// call claims a connection that it takes from the pool, and releases it before it returns it.
/// Both check for a cancellation under the scope's lock. So the cancellation of a scope shuts down
/// only connections that will not be returned, and never one that another call uses.
#[derive(Default)]
pub(crate) struct Canceller {
    /// Incremented by each cancellation. A call is cancelled once this differs from the value it
    /// started with.
    generation: AtomicU64,
    /// Upper half: the [`process`]. Lower half: how many calls of it are in progress here and in
    /// the scopes below, and [`DRAINING`].
    active: AtomicU64,
    state: Mutex<State>,
    changed: Condvar,
    /// `None` for the root.
    parent: Option<Parent>,
}

#[derive(Default)]
struct State {
    /// The process to which all this belongs.
    process: u64,
    /// The sockets to shut down.
    open: Vec<Weak<TcpStream>>,
    /// The scopes that exist; each removes itself when it is dropped.
    scopes: BTreeMap<u64, Weak<Canceller>>,
    /// The key of the next scope.
    next_key: u64,
    /// The threads in calls that may run a callback of the caller.
    threads: Vec<u64>,
    /// True if a drain has ended with calls in progress.
    is_cut_short: bool,
}

struct Parent {
    canceller: Arc<Canceller>,
    root: Arc<Canceller>,
    /// The key of the scope in its parent.
    key: u64,
    /// The process that created the scope.
    process: u64,
}

impl Canceller {
    /// Returns a new scope. What ends the calls of this one also ends those of the scope.
    pub(crate) fn scope(self: &Arc<Self>) -> Arc<Self> {
        let mut state = self.lock();
        let key = state.next_key;
        state.next_key += 1;
        // A scope of a closed client is closed.
        let generation = self.generation.load(Ordering::SeqCst);
        let root = self.root().clone();
        let parent = Parent { canceller: self.clone(), root, key, process: fork::process() };
        let scope = Arc::new(Canceller {
            generation: generation.into(),
            active: AtomicU64::default(),
            state: Mutex::default(),
            changed: Condvar::new(),
            parent: Some(parent),
        });
        state.scopes.insert(key, Arc::downgrade(&scope));
        scope
    }

    /// True unless this is a scope.
    pub(super) fn is_root(&self) -> bool {
        self.parent.is_none()
    }

    pub(crate) fn root(self: &Arc<Self>) -> &Arc<Self> {
        self.parent.as_ref().map_or(self, |parent| &parent.root)
    }

    /// Cancels every call that has started. The root closes idle connections too, because a call
    /// may be about to use one.
    pub(super) fn cancel(self: &Arc<Self>) {
        self.end_calls(|generation| generation.saturating_add(1));
    }

    /// Cancels every call that has started and every call that starts later.
    pub(super) fn close(self: &Arc<Self>) {
        self.end_calls(|_| CLOSED);
    }

    fn end_calls(self: &Arc<Self>, next: fn(u64) -> u64) {
        let mut open = Vec::new();
        self.visit(|canceller, state| {
            let generation = canceller.generation.load(Ordering::SeqCst);
            canceller.generation.store(next(generation), Ordering::SeqCst);
            open.append(&mut state.of_this_process().open);
            canceller.changed.notify_all();
        });
        // Unlocked: these are system calls. And after all generations have changed, so that every
        // call knows why its connection ends.
        for socket in open.iter().filter_map(Weak::upgrade) {
            // Wakes the thread that reads or writes there. Fails if the peer has closed already.
            let _ = socket.shutdown(Shutdown::Both);
        }
    }

    /// Visits this canceller and all scopes below it, each before its own scopes: a call that
    /// starts meanwhile sees either both generations changed, or is cancelled.
    fn visit(self: &Arc<Self>, mut visit: impl FnMut(&Self, &mut State)) {
        let mut pending = vec![self.clone()];
        while let Some(canceller) = pending.pop() {
            let mut state = canceller.lock();
            visit(&canceller, &mut state);
            pending.extend(state.scopes.values().filter_map(Weak::upgrade));
        }
    }

    /// Begins a call, or a part of one, which ends when the value is dropped. `has_callbacks` says
    /// if it may run a callback of the caller.
    pub(crate) fn begin(self: &Arc<Self>, has_callbacks: bool) -> ActiveCall<'_> {
        let mut is_refused = false;
        self.for_each_level(|level| {
            is_refused |= level.begin_one() & DRAINING != 0;
        });
        if has_callbacks {
            self.lock().of_this_process().threads.push(sys::thread_id());
        }
        if is_refused {
            // Nobody waits for it: a wait that is polled again and again would keep a drain from
            // ending.
            self.end_one();
        }
        ActiveCall { canceller: self, is_refused, has_callbacks, process: process() }
    }

    /// Refuses calls that begin from now on, and waits until those in progress have ended.
    ///
    /// # Errors
    ///
    /// If some are still in progress after `timeout`, or if this thread is in one of them.
    pub(super) fn drain(self: &Arc<Self>, timeout: Duration) -> Result<(), Undrained> {
        let this = sys::thread_id();
        let mut is_in_call = false;
        self.visit(|_, state| is_in_call |= state.of_this_process().threads.contains(&this));
        if is_in_call {
            return Err(Undrained::InCallback);
        }
        let deadline = Instant::now().checked_add(timeout);
        self.active.fetch_or(DRAINING.into(), Ordering::SeqCst);
        let mut state = self.lock();
        loop {
            let remaining = match deadline {
                Some(deadline) => deadline.saturating_duration_since(Instant::now()),
                None => Duration::MAX,
            };
            if !self.has_active() {
                return Ok(());
            }
            // Another drain may have ended first.
            if state.is_cut_short || remaining.is_zero() {
                state.is_cut_short = true;
                return Err(Undrained::InProgress);
            }
            let waited = self.changed.wait_timeout(state, remaining);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Visits this canceller and those above it, up to the root.
    fn for_each_level(&self, mut visit: impl FnMut(&Self)) {
        let mut level = self;
        loop {
            visit(level);
            match &level.parent {
                Some(parent) => level = &parent.canceller,
                None => return,
            }
        }
    }

    /// Counts the beginning of a call, and returns the lower half before.
    fn begin_one(&self) -> u32 {
        let active = halves(self.active.fetch_add(1, Ordering::SeqCst));
        if active.0 == process() { active.1 } else { self.begin_first() }
    }

    /// The same after a fork: the calls of the parent do not count any more.
    #[cold]
    fn begin_first(&self) -> u32 {
        let count = |active: u64| match halves(active) {
            // Another thread was faster, and has dropped what was counted before.
            (counting, _) if counting == process() => Some(active + 1),
            (_, active) => Some(u64::from(process()) << 32 | u64::from(active & DRAINING | 1)),
        };
        let counted = self.active.fetch_update(Ordering::SeqCst, Ordering::SeqCst, count);
        halves(counted.unwrap_or_default()).1
    }

    /// True if calls of this process are in progress.
    fn has_active(&self) -> bool {
        let (counting, active) = halves(self.active.load(Ordering::SeqCst));
        counting == process() && active & !DRAINING != 0
    }

    /// Counts the end of a call.
    fn end_one(&self) {
        self.for_each_level(|level| {
            if halves(level.active.fetch_sub(1, Ordering::SeqCst)).1 == DRAINING + 1 {
                // Locked once, so that the drain is not between its check and its wait.
                drop(level.lock());
                level.changed.notify_all();
            }
        });
    }

    /// Returns the token of a call that starts now.
    pub(crate) fn token(self: &Arc<Self>) -> CancellationToken<'_> {
        // In this order: a cancellation changes the root's first. If it comes in between, the call
        // is cancelled.
        let generation = self.generation.load(Ordering::SeqCst);
        let root_generation = match &self.parent {
            None => generation,
            Some(parent) => parent.root.generation.load(Ordering::SeqCst),
        };
        CancellationToken { generation, root_generation, process: fork::process(), canceller: self }
    }

    /// True if the calls of a generation are cancelled.
    pub(super) fn has_cancelled(&self, generation: u64) -> bool {
        let current = self.generation.load(Ordering::SeqCst);
        current != generation || current == CLOSED
    }

    /// Wakes the threads in [`CancellationToken::wait_while`], also those of all scopes, to check
    /// their condition again.
    pub(crate) fn notify(self: &Arc<Self>) {
        // Locks each once, so that no thread is between its check and its wait.
        self.visit(|canceller, _| canceller.changed.notify_all());
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Splits [`Canceller::active`] into its upper and its lower half.
#[allow(clippy::cast_possible_truncation, reason = "intended")]
fn halves(active: u64) -> (u32, u32) {
    ((active >> 32) as u32, active as u32)
}

impl Drop for Canceller {
    fn drop(&mut self) {
        let mut parent = self.parent.take();
        while let Some(Parent { canceller, key, process, .. }) = parent {
            // In a forked child, another thread of the parent process may hold the lock for ever.
            if process == fork::process() {
                canceller.lock().scopes.remove(&key);
            }
            // A loop, because recursion could exhaust the stack: scopes may have scopes.
            parent = Arc::into_inner(canceller).and_then(|mut canceller| canceller.parent.take());
        }
    }
}

impl State {
    /// Forgets what belongs to the calls of the parent process.
    fn of_this_process(&mut self) -> &mut Self {
        if self.process != fork::process() {
            self.process = fork::process();
            // Shutting down an inherited socket would break the parent's calls.
            self.open.clear();
            self.threads.clear();
            self.is_cut_short = false;
        }
        self
    }

    fn add(&mut self, socket: &Arc<TcpStream>) {
        let open = &mut self.of_this_process().open;
        open.retain(|socket| socket.strong_count() > 0);
        open.push(Arc::downgrade(socket));
    }
}

/// Why a client could not be drained.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Undrained {
    /// This thread is in a call of the client: in a callback. Nothing was done.
    InCallback,
    /// Calls are still in progress.
    InProgress,
}

/// A call in progress.
pub(crate) struct ActiveCall<'a> {
    canceller: &'a Arc<Canceller>,
    is_refused: bool,
    /// True if the thread is among those of the canceller's state.
    has_callbacks: bool,
    /// The [`process`] that counts it.
    process: u32,
}

impl<'a> ActiveCall<'a> {
    /// Returns the token of the call, which counts as cancelled if the client is being drained.
    pub(crate) fn token(&self) -> CancellationToken<'a> {
        let mut token = self.canceller.token();
        if self.is_refused {
            token.generation = REFUSED;
        }
        token
    }
}

impl Drop for ActiveCall<'_> {
    fn drop(&mut self) {
        // A callback forked the process: the call is the parent's, and does not count here.
        if self.process != process() {
            return;
        }
        if self.has_callbacks {
            let thread = sys::thread_id();
            let mut state = self.canceller.lock();
            if let Some(position) = state.threads.iter().rposition(|other| *other == thread) {
                state.threads.swap_remove(position);
            }
        }
        if !self.is_refused {
            self.canceller.end_one();
        }
    }
}

/// Reports whether one call was cancelled.
#[derive(Clone, Copy)]
pub(crate) struct CancellationToken<'a> {
    canceller: &'a Arc<Canceller>,
    generation: u64,
    /// The same as `generation`, unless this is the call of a scope.
    root_generation: u64,
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
            fork::FORKED
        } else if self.canceller.generation.load(Ordering::SeqCst) == CLOSED {
            "the client was closed"
        } else if self.generation == REFUSED {
            "the client is being drained"
        } else {
            "the call was cancelled"
        }
    }

    /// Lets a cancellation shut down `socket`, which the call has opened. Returns the generation to
    /// which the connection belongs; `None` if the call is already cancelled.
    pub(super) fn register(&self, socket: &Arc<TcpStream>) -> Option<u64> {
        let mut generation = self.generation;
        if !self.canceller.is_root() {
            let root = self.canceller.root();
            let mut state = root.lock();
            state.add(socket);
            generation = root.generation.load(Ordering::SeqCst);
        }
        self.claim(socket).then_some(generation)
    }

    /// Lets a cancellation of the call's canceller shut down `socket`. Returns false if the call is
    /// already cancelled.
    pub(super) fn claim(&self, socket: &Arc<TcpStream>) -> bool {
        let mut state = self.canceller.lock();
        if self.is_cancelled() {
            return false;
        }
        state.add(socket);
        true
    }

    /// Reverses [`claim`](Self::claim). Returns false if the call is cancelled: then the
    /// cancellation may be about to shut down `socket`.
    pub(super) fn release(&self, socket: &Arc<TcpStream>) -> bool {
        let mut state = self.canceller.lock();
        state.open.retain(|open| open.as_ptr() != Arc::as_ptr(socket));
        !self.is_cancelled()
    }

    /// Sleeps. Returns false if the call is cancelled.
    pub(crate) fn sleep(&self, duration: Duration) -> bool {
        // A time that an Instant cannot represent is forever.
        let deadline = Instant::now().checked_add(duration);
        self.wait_while(deadline, || true);
        !self.is_cancelled()
    }

    /// Blocks while `condition` holds, until the deadline or a cancellation.
    pub(crate) fn wait_while(&self, deadline: Option<Instant>, condition: impl Fn() -> bool) {
        let mut state = self.canceller.lock();
        while condition() && !self.is_cancelled() {
            let remaining = match deadline {
                Some(deadline) => deadline.saturating_duration_since(Instant::now()),
                None => Duration::MAX,
            };
            if remaining.is_zero() {
                return;
            }
            let waited = self.canceller.changed.wait_timeout(state, remaining);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    /// Continues as the token of a call that began earlier.
    pub(super) fn set_generation(&mut self, generation: u64) {
        self.generation = generation;
    }

    /// Returns the process that made the call.
    pub(super) fn process(&self) -> u64 {
        self.process
    }

    /// A pooled connection is used only by calls of its generation of the root: the cancellation
    /// that ended the generation may still be about to shut it down.
    pub(super) fn root_generation(&self) -> u64 {
        self.root_generation
    }

    pub(super) fn canceller(&self) -> &Arc<Canceller> {
        self.canceller
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_dropped_scope_leaves_nothing_in_its_parent() {
        let root = Arc::<Canceller>::default();
        for _ in 0..1_000 {
            drop(root.scope().scope());
        }
        let (first, second) = (root.scope(), root.scope());
        assert_eq!(root.lock().scopes.len(), 2);
        drop(first);
        assert_eq!(root.lock().scopes.len(), 1);
        // A scope in between lives as long as one below it.
        let leaf = second.scope();
        drop(second);
        let token = leaf.token();
        assert!(!token.is_cancelled());
        root.cancel();
        assert!(token.is_cancelled());
        drop(leaf);
        assert!(root.lock().scopes.is_empty());
        assert_eq!(Arc::strong_count(&root), 1);
    }

    #[test]
    fn scopes_of_scopes_can_be_cancelled_and_dropped_at_any_depth() {
        let root = Arc::<Canceller>::default();
        let mut leaf = root.clone();
        for _ in 0..100_000 {
            leaf = leaf.scope();
        }
        let token = leaf.token();
        root.close();
        assert!(token.is_cancelled() && leaf.scope().token().is_cancelled());
        drop(leaf);
        assert!(root.lock().scopes.is_empty());
    }

    #[test]
    fn a_scope_shuts_down_only_what_its_calls_use() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let open = || Arc::new(TcpStream::connect(listener.local_addr().unwrap()).unwrap());
        let is_open = |socket: &Arc<TcpStream>| {
            socket.set_nonblocking(true).unwrap();
            socket.peek(&mut [0]).is_err()
        };
        let root = Arc::<Canceller>::default();
        let scope = root.scope();
        let (used, returned, other) = (open(), open(), open());
        let call = scope.token();
        assert!(call.register(&used).is_some() && call.register(&returned).is_some());
        assert!(root.token().register(&other).is_some());
        assert!(call.release(&returned));
        scope.cancel();
        assert_eq!([&used, &returned, &other].map(is_open), [false, true, true]);
        // Too late to return it, or to claim another one.
        assert!(!call.release(&used) && !call.claim(&returned));
        let next = scope.token();
        assert!(next.claim(&returned));
        root.cancel();
        assert_eq!([&returned, &other].map(is_open), [false, false]);
        assert!(!next.release(&returned));
    }
}
