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

/// At most one run of a client's work at a time: work that hangs costs one thread, not one for each
/// call.
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
        if let Some(ended) = current.replace(started.clone()) {
            ended.join();
        }
        Ok(started)
    }

    /// Drops the work if it has ended: the next call starts it again, and its result may be a
    /// secret.
    pub(super) fn drop_ended(&self) {
        let ended = self.lock().take_if(|background| background.is_finished());
        if let Some(ended) = ended {
            ended.join();
        }
    }

    /// True if this is the work that was started last.
    pub(super) fn is_current(&self, work: &Arc<Background<T>>) -> bool {
        self.lock().as_ref().is_some_and(|current| Arc::ptr_eq(current, work))
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arc<Background<T>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Drop for SharedWork<T> {
    /// Releases the library if no call has waited for the result.
    fn drop(&mut self) {
        let work = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(work) = work
            && work.lock().as_ref().is_some_and(|(thread, _)| sys::has_ended(thread))
        {
            work.join();
        }
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

impl<T> Background<T> {
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

    /// Joins the thread of work that has ended, and releases the library.
    fn join(&self) {
        if !self.is_finished() || !self.belongs_to_this_process() {
            return;
        }
        let thread = self.lock().take();
        if let Some((thread, library)) = thread {
            // It has nothing left to do, so this waits only for the system to end it.
            let _ = thread.join();
            library.release();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<(JoinHandle<()>, LoadedLibrary)>> {
        self.thread.lock().unwrap_or_else(PoisonError::into_inner)
    }
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

    #[cfg(any(windows, test))]
    pub(super) fn started(&self) -> Instant {
        self.started
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
        self.join();
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

    #[test]
    fn the_thread_is_joined_even_if_no_call_waits_for_it() {
        let root = Arc::<Canceller>::default();
        let next = |shared: &SharedWork<()>| {
            drop(shared.start_or_join("test", &root, |_| false, || Ok(())).unwrap());
        };
        for way in 0..3 {
            let shared = SharedWork::default();
            let work = shared.start_or_join("test", &root, |_| true, || Ok(())).unwrap();
            let has_ended =
                || work.lock().as_ref().is_some_and(|(thread, _)| sys::has_ended(thread));
            while !has_ended() {
                thread::sleep(Duration::from_millis(1));
            }
            match way {
                0 => next(&shared),
                1 => shared.drop_ended(),
                _ => drop(shared),
            }
            assert!(work.lock().is_none(), "{way}");
        }
    }
}
