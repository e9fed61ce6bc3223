//! Work that may block without a timeout, such as reading a file from a network drive. It runs in
//! its own thread; any number of calls wait for it, each until its deadline or its cancellation.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use crate::error::ErrorKind;
use crate::fork;
use crate::panic_points;
use crate::sys::{self, LoadedLibrary};

use super::cancel::{CancellationToken, Canceller};
use super::exchange::Fault;

/// Enough for the system's libraries, and small because such threads may hang.
const STACK: usize = 512 * 1024;

/// Work of a client of which only one runs at a time, so that a file system that hangs costs one
/// thread and not one for each call.
pub(crate) struct SharedWork<T>(Mutex<Option<Arc<Background<T>>>>);

impl<T> Default for SharedWork<T> {
    fn default() -> Self {
        SharedWork(Mutex::default())
    }
}

impl<T: Send + Sync + 'static> SharedWork<T> {
    /// Joins the calls that wait for the work, or starts it. `may_use`: true if the result of work
    /// that has ended may be used.
    pub(super) fn start_or_join(
        &self,
        name: &'static str,
        canceller: &Arc<Canceller>,
        may_use: impl FnOnce(&Result<T, Fault>) -> bool,
        work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> io::Result<Arc<Background<T>>> {
        let mut current = self.lock();
        if let Some(background) = &*current
            && background.belongs_to_this_process()
            && background.result().is_none_or(may_use)
        {
            return Ok(background.clone());
        }
        panic_points::pass("shared work is locked");
        let started = Background::start(name, canceller, work)?;
        *current = Some(started.clone());
        Ok(started)
    }

    /// Drops the work if it has ended: the next call starts it again, and its result may be a
    /// secret.
    pub(super) fn drop_ended(&self) {
        let ended = self.lock().take_if(|background| background.is_finished());
        drop(ended);
    }

    /// Returns the work that runs or has ended last.
    #[cfg(any(windows, test))]
    pub(super) fn current(&self) -> Option<Arc<Background<T>>> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arc<Background<T>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) struct Background<T> {
    process: u64,
    #[cfg(any(windows, test))]
    started: Instant,
    result: OnceLock<Result<T, Fault>>,
    /// The thread, and the library for as long as it runs. `None` once joined.
    thread: Mutex<Option<(JoinHandle<()>, LoadedLibrary)>>,
}

impl<T: Send + Sync + 'static> Background<T> {
    /// Starts `work` in a thread, which receives no signals. `canceller` is the root of the calls
    /// that will wait.
    pub(super) fn start(
        name: &'static str,
        canceller: &Arc<Canceller>,
        work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> io::Result<Arc<Self>> {
        let started = Arc::new(Background {
            process: fork::process(),
            #[cfg(any(windows, test))]
            started: Instant::now(),
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

    #[cfg(any(windows, test))]
    pub(super) fn started(&self) -> Instant {
        self.started
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

#[cfg(test)]
mod tests {
    use std::sync::Condvar;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;
    use crate::call_info::RequestId;
    use crate::counters::Tally;
    use crate::log::Log;
    use crate::transport::context::CallContext;

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn calls_wait_for_the_same_work_until_it_ends() {
        let (log, tally) = (Log::default(), Tally::default());
        let root = Arc::<Canceller>::default();
        let scope = root.scope();
        let shared = SharedWork::default();
        let started = Arc::<AtomicUsize>::default();
        let is_open = Arc::<(Mutex<bool>, Condvar)>::default();
        let run = |canceller: &Arc<Canceller>, limit| {
            let active = canceller.begin(false);
            let call = CallContext::new(LONG, RequestId::None, active, &tally, &log);
            let (started, is_open) = (started.clone(), is_open.clone());
            let work = move || {
                let number = started.fetch_add(1, Ordering::SeqCst) + 1;
                let closed = is_open.0.lock().unwrap();
                drop(is_open.1.wait_while(closed, |is_open| !*is_open).unwrap());
                Ok(number)
            };
            call.in_background(&shared, limit, "the work", work, || {})
        };
        // However many calls give up, one thread hangs.
        for _ in 0..5 {
            let fault = run(&root, Duration::from_millis(20)).unwrap_err();
            assert_eq!(fault.kind, ErrorKind::TokenSource);
            assert!(fault.message.starts_with("the work did not end within "), "{}", fault.message);
        }
        thread::scope(|threads| {
            let waiting = [&root, &scope].map(|canceller| {
                let run = &run;
                threads.spawn(move || run(canceller, LONG).unwrap())
            });
            // The slot, the thread of the work, and those that wait.
            let references = || shared.0.lock().unwrap().as_ref().map_or(0, Arc::strong_count);
            while references() < 4 {
                thread::sleep(Duration::from_millis(1));
            }
            *is_open.0.lock().unwrap() = true;
            is_open.1.notify_all();
            for waiting in waiting {
                assert_eq!(waiting.join().unwrap(), 1);
            }
        });
        assert_eq!(run(&root, LONG).unwrap(), 2);
    }
}
