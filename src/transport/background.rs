//! Work that may block without a timeout, such as reading a file from a network drive. It runs in
//! its own thread; any number of calls wait for it, each until its deadline or its cancellation.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use crate::error::ErrorKind;
use crate::fork;
use crate::sys::{self, LoadedLibrary};

use super::cancel::{CancellationToken, Canceller};
use super::exchange::Fault;

/// Enough for the system's libraries, and small because such threads may hang.
const STACK: usize = 512 * 1024;

pub(super) struct Background<T> {
    process: u64,
    result: OnceLock<Result<T, Fault>>,
    /// The thread, and the library for as long as it runs. `None` once joined.
    thread: Mutex<Option<(JoinHandle<()>, LoadedLibrary)>>,
}

impl<T: Send + Sync + 'static> Background<T> {
    /// Starts `work` in a thread, which receives no signals. `canceller` wakes the calls that wait
    /// for the result: it is theirs, or one above.
    pub(super) fn start(
        name: &'static str,
        canceller: &Arc<Canceller>,
        work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> io::Result<Arc<Self>> {
        let started = Arc::new(Background {
            process: fork::process(),
            result: OnceLock::new(),
            thread: Mutex::default(),
        });
        let (shared, canceller) = (started.clone(), canceller.clone());
        let body = move || {
            // Without a result, the calls would wait until their deadlines.
            let result = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
                Err(Fault::new(ErrorKind::Internal, format!("internal error in thread {name}")))
            });
            let _ = shared.result.set(result);
            canceller.notify();
        };
        let builder = thread::Builder::new().name(name.into()).stack_size(STACK);
        let library = LoadedLibrary::hold()?;
        let thread = sys::with_signals_blocked(|| builder.spawn(body));
        match thread {
            Ok(thread) => *started.lock() = Some((thread, library)),
            Err(error) => {
                library.release();
                return Err(error);
            }
        }
        Ok(started)
    }

    /// True unless the process was forked since the start: a thread exists only in its own process.
    pub(super) fn belongs_to_this_process(&self) -> bool {
        self.process == fork::process()
    }

    /// Returns the result; `None` while the work is in progress.
    pub(super) fn result(&self) -> Option<&Result<T, Fault>> {
        self.result.get()
    }

    pub(super) fn is_finished(&self) -> bool {
        self.result().is_some()
    }

    fn lock(&self) -> MutexGuard<'_, Option<(JoinHandle<()>, LoadedLibrary)>> {
        self.thread.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the result. If the deadline passes first, the thread continues, and the library
    /// stays loaded unless another call waits for the result later.
    ///
    /// # Errors
    ///
    /// That of the work; or the call was cancelled; or the deadline passed: `doing` is the end of
    /// that message, see [`Fault::connect_timeout`].
    pub(super) fn wait(
        &self,
        deadline: Instant,
        cancellation: CancellationToken<'_>,
        doing: impl FnOnce() -> String,
    ) -> Result<&T, Fault> {
        cancellation.wait_while(Some(deadline), || self.result.get().is_none());
        if cancellation.is_cancelled() {
            return Err(Fault::cancelled(cancellation));
        }
        let Some(result) = self.result.get() else {
            return Err(Fault::connect_timeout(doing()));
        };
        let thread = self.lock().take();
        if let Some((thread, library)) = thread {
            // It has nothing left to do, so this does not block.
            let _ = thread.join();
            library.release();
        }
        result.as_ref().map_err(Clone::clone)
    }
}
