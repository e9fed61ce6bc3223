//! A set of waits, driven by a few threads.

use std::fmt;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::api::history;
use crate::api::id::Id;
use crate::calls::{Calls, contain};
use crate::config;
use crate::counters::OpenWaits;
use crate::error::{Error, ErrorKind, Outcome};
use crate::fork;
use crate::log::LogLevel;
use crate::panic_points;
use crate::transport::CancellationToken;
use crate::wait::{Clock, WaitOptions};
use crate::wait_queue::{Finding, Job, RunEvent, Step, WaitQueue};

/// Follows many runs on one thread, or on a few: ten thousand are no problem.
///
/// [`next`](Self::next) polls the runs that are due, earliest first, and returns each new status of
/// a run and the end of each wait. Any number of threads may call it at the same time; a run is
/// polled by one of them at a time. What a failed poll means, and when a wait ends, is decided as
/// for [`wait_for_workflow`](crate::Client::wait_for_workflow).
///
/// The set makes at most 20 polls per second, see
/// [`set_max_polls_per_second`](Self::set_max_polls_per_second). As long as that suffices, each
/// run is polled as often as by a wait of its own. If there are more runs, all their pauses grow in
/// the same proportion.
///
/// If the gateway cannot be polled, because it is unreachable, because it does not accept the
/// access token, or because three polls in a row failed on the way, the whole set pauses, first for
/// a second and then longer, up to a minute. That is reported once, and no wait ends because of it.
/// The set continues when a poll succeeds again; after a refused token, at once with another one,
/// see [`Client::set_access_token`](crate::Client::set_access_token). A `Retry-After` of the
/// gateway also applies to the whole set.
///
/// The set has its own cancellation: [`close`](Self::close) ends only its own calls, and
/// [`Client::cancel`](crate::Client::cancel) of its client ends a [`next`](Self::next) in progress
/// and leaves the runs in the set. A run is polled with the timeout of its client. Dropping a set
/// does not affect the runs.
///
/// ```no_run
/// # use luma::{Client, ErrorKind, WaitOptions};
/// # let client = Client::new("https://acme.automation.example", "token")?;
/// let set = client.wait_set();
/// for (ticket, trigger_id) in [("INC-1", "51a7..."), ("INC-2", "51a8...")] {
///     set.add(trigger_id, &WaitOptions::without_timeout(), ticket)?;
/// }
/// while set.count() > 0 {
///     match set.next(None) {
///         Ok(event) => match event.wait().error() {
///             Some(error) => println!("{}: {error}", event.user_data()),
///             None => println!("{}: {:?}", event.user_data(), event.wait().last()),
///         },
///         Err(error) => println!("all runs: {error}"),
///     }
/// }
/// # Ok::<(), luma::Error>(())
/// ```
///
/// Since 0.1.0.
pub struct WaitSet<T> {
    calls: Calls,
    process: u64,
    state: Mutex<State<T>>,
    /// Incremented when sleeping threads have to check what to do again.
    changes: AtomicU64,
    /// How many threads are in [`next`](Self::next).
    threads: AtomicUsize,
}

struct State<T> {
    queue: WaitQueue<T>,
    open: OpenWaits,
    is_closed: bool,
    /// How many threads are sleeping.
    sleeping: usize,
    /// Incremented by [`WaitSet::wake`].
    wakes: u64,
    /// True if no thread was there to be woken.
    wakes_next: bool,
}

impl<T: Clone> State<T> {
    fn count_open(&mut self) {
        self.open.set(self.queue.len() as u64);
    }
}

impl<T: Clone> WaitSet<T> {
    pub(crate) fn new(calls: &Calls, now: Instant) -> Self {
        WaitSet {
            calls: calls.with_own_cancel(),
            process: fork::process(),
            state: Mutex::new(State {
                queue: WaitQueue::new(now),
                open: OpenWaits::new(calls.transport().tally(), 0),
                is_closed: false,
                sleeping: 0,
                wakes: 0,
                wakes_next: false,
            }),
            changes: AtomicU64::default(),
            threads: AtomicUsize::default(),
        }
    }

    /// Limits the polls per second of the whole set, 1 to 1000. Without this function it is 20.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::MaxPollsPerSecond`] if it is out of range; [`ErrorKind::Cancelled`] in a forked
    /// child process.
    pub fn set_max_polls_per_second(&self, limit: u32) -> Result<(), Error> {
        let limit = config::MAX_POLLS_PER_SECOND.check(limit.into())?;
        self.change(|state| {
            state.queue.set_limit(limit, Instant::now());
            Ok(())
        })
    }

    /// Adds a run, whose first poll is due at once. The timeout of `options` starts now.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TriggerId`]; [`ErrorKind::AlreadyInSet`], then the run stays in the set with
    /// its earlier options and user data; [`ErrorKind::SetClosed`]; [`ErrorKind::Cancelled`] in a
    /// forked child process.
    pub fn add(&self, trigger_id: &str, options: &WaitOptions, user_data: T) -> Result<(), Error> {
        self.add_at(Instant::now(), trigger_id, options, user_data)
    }

    fn add_at(
        &self,
        now: Instant,
        trigger_id: &str,
        options: &WaitOptions,
        user_data: T,
    ) -> Result<(), Error> {
        let id = Id::trigger(trigger_id)?;
        self.change(|state| {
            if state.is_closed {
                Err(closed())
            } else if state.queue.add(id.text(), options, user_data, now) {
                Ok(())
            } else {
                Err(Error::local(ErrorKind::AlreadyInSet, "the run is in the set already"))
            }
        })
    }

    /// Removes a run, which is not affected. If a thread is polling it, the result of the poll is
    /// dropped; a thread that has already taken an event of the run still returns it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TriggerId`]; [`ErrorKind::NotInSet`], for example if its wait has ended;
    /// [`ErrorKind::Cancelled`] in a forked child process.
    pub fn remove(&self, trigger_id: &str) -> Result<(), Error> {
        let id = Id::trigger(trigger_id)?;
        self.change(|state| match state.queue.remove(id.text(), Instant::now()) {
            true => Ok(()),
            false => Err(Error::local(ErrorKind::NotInSet, "the run is not in the set")),
        })
    }

    /// Returns the number of runs in the set: those that were added, and neither removed nor
    /// returned at their end. 0 in a forked child process.
    pub fn count(&self) -> usize {
        if self.process == fork::process() { self.lock().queue.len() } else { 0 }
    }

    /// Ends the calls of [`next`](Self::next) in progress with [`ErrorKind::Woken`], each after the
    /// poll that it is making; one that has found a change returns that instead. If there is no
    /// call in progress, the next one ends with [`ErrorKind::Woken`].
    pub fn wake(&self) {
        let _ = self.change(|state| {
            match self.threads.load(Ordering::SeqCst) {
                0 => state.wakes_next = true,
                _ => state.wakes += 1,
            }
            Ok(())
        });
    }

    /// Ends all calls of [`next`](Self::next), those in progress within 50 ms, with
    /// [`ErrorKind::SetClosed`]. Runs cannot be added any more.
    pub fn close(&self) {
        let closed = self.change(|state| {
            state.is_closed = true;
            Ok(())
        });
        // Not in a forked child, where a thread that does not exist may have locked the canceller.
        if closed.is_ok() {
            self.calls.close();
        }
    }

    /// Returns the next change of a run: a new status, or the end of its wait. Until there is one,
    /// polls and sleeps, for at most `timeout` plus one poll; with [`Duration::ZERO`], makes at
    /// most one poll; with `None`, there is no limit.
    ///
    /// # Errors
    ///
    /// An error concerns the whole set, and no wait has ended: [`ErrorKind::NothingChanged`] after
    /// the timeout; [`ErrorKind::SetEmpty`]; [`ErrorKind::Woken`]; [`ErrorKind::SetClosed`];
    /// [`ErrorKind::Cancelled`] if the client was cancelled or closed, or in a forked child
    /// process. Any other error says why the set pauses, and is returned once; call again.
    pub fn next(&self, timeout: Option<Duration>) -> Result<RunEvent<T>, Error> {
        self.next_with_clock(None, timeout)
    }

    /// `clock` is the system's unless a test passes another.
    fn next_with_clock(
        &self,
        clock: Option<&dyn Clock>,
        timeout: Option<Duration>,
    ) -> Result<RunEvent<T>, Error> {
        let now = || clock.map_or_else(Instant::now, Clock::now);
        self.check_process()?;
        let cancellation = self.calls.cancellation();
        // A time that an Instant cannot represent is never reached.
        let deadline = timeout.and_then(|timeout| now().checked_add(timeout));
        let (_thread, wakes) = {
            let state = self.lock();
            (Counted::new(&self.threads), state.wakes)
        };
        let mut has_polled = false;
        loop {
            let mut state = self.lock();
            if state.is_closed {
                return Err(closed());
            } else if cancellation.is_cancelled() {
                return Err(Error::local(ErrorKind::Cancelled, cancellation.reason()));
            } else if std::mem::take(&mut state.wakes_next) || state.wakes != wakes {
                return Err(Error::local(ErrorKind::Woken, "the set of waits was woken"));
            } else if state.queue.len() == 0 {
                return Err(Error::local(ErrorKind::SetEmpty, "the set of waits is empty"));
            }
            let time = now();
            let is_over = deadline.is_some_and(|deadline| time >= deadline);
            // Read while locked, so that no change is missed.
            let changes = self.changes.load(Ordering::SeqCst);
            let token = self.calls.credentials().version();
            let step = match is_over && has_polled {
                true => Step::Sleep(None),
                false => state.queue.step(time, token),
            };
            state.count_open();
            match step {
                Step::Ended(event) => return Ok(self.report(*event)),
                Step::Poll(job) => {
                    drop(state);
                    has_polled = true;
                    match self.poll(&job, cancellation, &now) {
                        Some(Finding::Run(event)) => return Ok(self.report(*event)),
                        Some(Finding::Trouble(error)) => {
                            return Err(error.in_context("the set of waits pauses"));
                        }
                        None => {}
                    }
                }
                Step::Sleep(_) if is_over => {
                    return Err(Error::local(ErrorKind::NothingChanged, "no run changed in time"));
                }
                Step::Sleep(until) => {
                    state.sleeping += 1;
                    drop(state);
                    let until = match (until, deadline) {
                        (Some(until), Some(deadline)) => Some(until.min(deadline)),
                        (until, deadline) => until.or(deadline),
                    };
                    match (clock, until) {
                        (Some(clock), Some(until)) => {
                            clock.sleep(until.saturating_duration_since(time));
                        }
                        _ => cancellation.wait_while(until, || {
                            self.changes.load(Ordering::SeqCst) == changes
                                && self.calls.credentials().version() == token
                        }),
                    }
                    self.lock().sleeping -= 1;
                }
            }
        }
    }

    /// Polls a run, without a lock.
    fn poll(
        &self,
        job: &Job,
        cancellation: CancellationToken<'_>,
        now: &dyn Fn() -> Instant,
    ) -> Option<Finding<T>> {
        /// Returns a run if the log callback panics.
        struct Returned<'a, T: Clone>(&'a WaitSet<T>, Option<&'a Job>);
        impl<T: Clone> Drop for Returned<'_, T> {
            fn drop(&mut self) {
                if let Some(job) = self.1 {
                    self.0.lock().queue.put_back(job);
                    self.0.notify();
                }
            }
        }
        let mut returned = Returned(self, Some(job));
        let mut call = self.calls.begin();
        // A cancellation between the two ends this poll, too.
        call.cancellation = cancellation;
        let result = match Id::trigger(&job.id) {
            Ok(id) => {
                let path = history::path(&id);
                contain(&mut call, |call| self.calls.poll(&path, job.deadline, call))
            }
            Err(error) => Err(error),
        };
        if let Err(error) = &result {
            call.log(LogLevel::Warn, format_args!("a poll failed: {error}"));
        }
        returned.1 = None;
        let token = self.calls.credentials().version();
        let mut state = self.lock();
        let finding = state.queue.finish(job, result, now(), token);
        state.count_open();
        let is_noticed = state.sleeping > 0;
        drop(state);
        if is_noticed {
            self.notify();
        }
        finding
    }

    /// Counts the end of a wait.
    fn report(&self, event: RunEvent<T>) -> RunEvent<T> {
        if event.has_ended() {
            let outcome = event.wait().error().map_or(Outcome::Accepted, Error::outcome);
            self.calls.transport().tally().count_outcome(outcome);
        }
        event
    }

    /// Changes the set, and lets sleeping threads notice that.
    fn change<R>(
        &self,
        change: impl FnOnce(&mut State<T>) -> Result<R, Error>,
    ) -> Result<R, Error> {
        self.check_process()?;
        let mut state = self.lock();
        let result = change(&mut state);
        state.count_open();
        let is_noticed = state.sleeping > 0;
        drop(state);
        if is_noticed {
            self.notify();
        }
        result
    }

    fn notify(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.calls.notify();
    }

    /// # Errors
    ///
    /// In a forked child: the state may be locked by a thread that does not exist there.
    fn check_process(&self) -> Result<(), Error> {
        if self.process == fork::process() {
            return Ok(());
        }
        let message = "the set of waits belongs to the parent process: create another one";
        Err(Error::local(ErrorKind::Cancelled, message))
    }
}

impl<T> WaitSet<T> {
    /// True in a forked child process, which must not touch the state.
    pub(crate) fn is_inherited(&self) -> bool {
        self.process != fork::process()
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        panic_points::pass("a set of waits is locked");
        state
    }
}

fn closed() -> Error {
    Error::local(ErrorKind::SetClosed, "the set of waits was closed")
}

/// Counts a thread while it exists.
struct Counted<'a>(&'a AtomicUsize);

impl<'a> Counted<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Counted(count)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl<T> fmt::Debug for WaitSet<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WaitSet")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::thread;

    use luma_simulator::{Options, Simulator, Time};

    use super::*;
    use crate::client::Client;
    use crate::simulated_clock::SimulatedClock;
    use crate::wait::Wait;
    use ErrorKind as E;

    fn simulator_in_virtual_time() -> Simulator {
        let options = Options { time: Time::Virtual, ..Options::default() };
        Simulator::start_with(options).unwrap()
    }

    fn client(simulator: &Simulator) -> Client {
        Client::new(simulator.url(), &simulator.token()).unwrap()
    }

    const PATCH: &str = r#"{"workflowIdentifier":"patch_server","variables":{"hostName":"h"}}"#;

    fn trigger(client: &Client) -> String {
        client.trigger_workflow_json(PATCH).unwrap().trigger_id().to_owned()
    }

    fn forever() -> WaitOptions {
        WaitOptions::without_timeout()
    }

    fn status(wait: &Wait) -> String {
        wait.last().map(|last| last.status_text().into_owned()).unwrap_or_default()
    }

    #[test]
    fn one_thread_follows_ten_thousand_runs_within_the_limit() {
        const COUNT: usize = 10_000;
        let simulator = simulator_in_virtual_time();
        let client = client(&simulator);
        let start = Instant::now();
        let clock = SimulatedClock::new(&simulator, start);
        let set = client.wait_set();
        for number in 0..COUNT {
            let id = trigger(&client);
            set.add_at(clock.now(), &id, &forever(), number).unwrap();
            // They start within 1000 s, so that most are seen in several states.
            clock.sleep(Duration::from_millis(100));
        }
        let triggered = simulator.journal().len();
        let before = clock.passed();
        let mut ends = BTreeMap::new();
        while set.count() > 0 {
            let event = set.next_with_clock(Some(&clock), None).unwrap();
            if event.wait().error().is_none() {
                assert_eq!(status(event.wait()), "COMPLETED");
                assert_eq!(ends.insert(*event.user_data(), event.trigger_id().to_owned()), None);
            } else {
                assert_eq!(event.wait().error().unwrap().kind(), E::WaitOpen);
            }
        }
        assert_eq!(ends.len(), COUNT);
        let polls = simulator.journal().len() - triggered;
        let seconds = (clock.passed() - before).as_secs_f64();
        assert!(polls as f64 <= seconds * 20.0 + 1.0, "{polls} polls in {seconds} s");
        // All have ended when the first are polled for the second time.
        assert!(polls < COUNT * 3 && seconds < 1200.0, "{polls} polls in {seconds} s");
        assert_eq!(set.next(None).unwrap_err().kind(), E::SetEmpty);
    }

    #[test]
    fn a_set_reports_each_new_status() {
        let simulator = simulator_in_virtual_time();
        let client = client(&simulator);
        let start = Instant::now();
        let clock = SimulatedClock::new(&simulator, start);
        let set = client.wait_set();
        let ids: Vec<String> = (0..3).map(|_| trigger(&client)).collect();
        for id in &ids {
            set.add_at(clock.now(), id, &forever(), ()).unwrap();
        }
        assert_eq!(client.counters().waits_open, 3);
        let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
        while set.count() > 0 {
            let event = set.next_with_clock(Some(&clock), None).unwrap();
            assert!(event.wait().info().attempts() > 0);
            let statuses = seen.entry(event.trigger_id().to_owned()).or_default();
            statuses.push(status(event.wait()));
        }
        for id in &ids {
            let expected = ["ACTIVATED", "RUNNING", "SUSPENDED", "RUNNING", "COMPLETED"];
            assert_eq!(seen[id], expected);
        }
        assert_eq!(client.counters().waits_open, 0);
    }

    #[test]
    fn a_set_continues_with_a_new_token() {
        let simulator = Simulator::start().unwrap();
        let client = Client::new(simulator.url(), &simulator.token()).unwrap();
        let set = client.wait_set();
        let ids: Vec<String> = (0..5).map(|_| trigger(&client)).collect();
        for id in &ids {
            set.add(id, &forever(), ()).unwrap();
        }
        client.set_access_token("expired").unwrap();
        let error = set.next(None).unwrap_err();
        assert_eq!((error.kind(), error.http_status()), (E::Unauthorized, Some(401)));
        // It is not repeated.
        let nothing = set.next(Some(Duration::from_millis(200))).unwrap_err();
        assert_eq!(nothing.kind(), E::NothingChanged);
        thread::scope(|scope| {
            let waiting = scope.spawn(|| set.next(None));
            thread::sleep(Duration::from_millis(100));
            let replaced = Instant::now();
            client.set_access_token(&simulator.token()).unwrap();
            let event = waiting.join().unwrap().unwrap();
            assert_eq!(status(event.wait()), "ACTIVATED");
            assert!(replaced.elapsed() < Duration::from_millis(500), "{:?}", replaced.elapsed());
        });
        assert_eq!(set.count(), 5);
    }

    #[test]
    fn cancelling_ends_the_call_and_closing_ends_the_set() {
        let simulator = simulator_in_virtual_time();
        let client = client(&simulator);
        let scope_of_set = client.with_own_cancel();
        let set = scope_of_set.wait_set();
        let other = client.wait_set();
        let id = trigger(&client);
        for set in [&set, &other] {
            set.add(&id, &forever(), ()).unwrap();
            assert_eq!(status(set.next(None).unwrap().wait()), "ACTIVATED");
        }
        let ends_as = |act: &dyn Fn(), set: &WaitSet<()>, kind: ErrorKind| {
            thread::scope(|scope| {
                let waiting = scope.spawn(|| (set.next(None), Instant::now()));
                thread::sleep(Duration::from_millis(300));
                let acted = Instant::now();
                act();
                let (result, ended) = waiting.join().unwrap();
                assert_eq!(result.unwrap_err().kind(), kind);
                let took = ended.saturating_duration_since(acted);
                assert!(took < Duration::from_millis(50), "{kind:?}: {took:?}");
            });
            assert_eq!(set.count(), 1);
        };
        ends_as(&|| client.cancel(), &set, E::Cancelled);
        ends_as(&|| scope_of_set.cancel(), &set, E::Cancelled);
        ends_as(&|| set.wake(), &set, E::Woken);
        ends_as(&|| set.close(), &set, E::SetClosed);
        assert_eq!(set.next(None).unwrap_err().kind(), E::SetClosed);
        assert_eq!(set.add("x", &forever(), ()).unwrap_err().kind(), E::SetClosed);
        assert!(set.remove(&id).is_ok());
        assert_eq!(set.count(), 0);
        // Neither the client nor another set is affected.
        client.get_workflow_history(&id).unwrap();
        ends_as(&|| other.wake(), &other, E::Woken);
        // The next call, if there is none.
        other.wake();
        assert_eq!(other.next(None).unwrap_err().kind(), E::Woken);
        let nothing = other.next(Some(Duration::ZERO)).map(|_| ()).unwrap_err();
        assert_eq!(nothing.kind(), E::NothingChanged);
        client.close();
        assert_eq!(other.next(None).unwrap_err().kind(), E::Cancelled);
        assert_eq!(other.count(), 1);
    }

    #[test]
    fn many_threads_share_a_set() {
        let simulator = Simulator::start().unwrap();
        let client = client(&simulator);
        let set = client.wait_set();
        set.set_max_polls_per_second(1000).unwrap();
        let unlock = r#"{"workflowIdentifier":"unlock_account","variables":{"userName":"j"}}"#;
        let trigger = || client.trigger_workflow_json(unlock).unwrap().trigger_id().to_owned();
        let ids: Vec<String> = (0..60).map(|_| trigger()).collect();
        let removed = &ids[40..];
        for (number, id) in ids.iter().enumerate() {
            set.add(id, &forever(), number).unwrap();
        }
        let mut ends: Vec<usize> = thread::scope(|scope| {
            let threads: Vec<_> = (0..6)
                .map(|_| {
                    scope.spawn(|| {
                        let mut ends = Vec::new();
                        loop {
                            match set.next(Some(Duration::from_millis(700))) {
                                Ok(event) if event.wait().error().is_none() => {
                                    assert_eq!(status(event.wait()), "COMPLETED");
                                    ends.push(*event.user_data());
                                }
                                Ok(event) => {
                                    assert_eq!(event.wait().error().unwrap().kind(), E::WaitOpen);
                                }
                                Err(error) if error.kind() == E::SetEmpty => return ends,
                                Err(error) => {
                                    let kind = error.kind();
                                    assert!(
                                        matches!(kind, E::Woken | E::NothingChanged),
                                        "{error}"
                                    );
                                }
                            }
                        }
                    })
                })
                .collect();
            scope.spawn(|| {
                for id in removed {
                    set.remove(id).unwrap();
                    set.wake();
                    assert_eq!(set.remove(id).unwrap_err().kind(), E::NotInSet);
                    assert_eq!(
                        set.add(&ids[0], &forever(), 999).unwrap_err().kind(),
                        E::AlreadyInSet
                    );
                }
            });
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        ends.sort_unstable();
        assert_eq!(ends, (0..40).collect::<Vec<_>>());
        assert_eq!(set.count(), 0);
    }

    #[test]
    fn a_panic_of_a_callback_leaves_the_run_in_the_set() {
        let simulator = simulator_in_virtual_time();
        let mut config = crate::config::Config::new(simulator.url(), &simulator.token()).unwrap();
        config.set_log(LogLevel::Debug, move |_, text| {
            if text.contains("the run is ACTIVATED") {
                panic!("in the callback");
            }
        });
        let failing = Client::with_config(&config).unwrap();
        let id = trigger(&client(&simulator));
        let set = failing.wait_set();
        set.add(&id, &forever(), ()).unwrap();
        for _ in 0..3 {
            let call = std::panic::AssertUnwindSafe(|| set.next(Some(Duration::from_secs(1))));
            assert!(std::panic::catch_unwind(call).is_err());
        }
        assert_eq!(set.count(), 1);
    }
}
