//! The policy of all waits: decides when a wait polls, and when it ends. The time is an argument,
//! so that tests need no real time.

use std::time::{Duration, Instant};

use serde::de::IgnoredAny;

use crate::api::envelope::Envelope;
use crate::api::history::{RunSummary, WorkflowHistory};
use crate::api::status::RunStatus;
use crate::call_info::CallInfo;
use crate::config;
use crate::error::{Error, ErrorKind, Outcome};
use crate::outcome::EnvelopeKind;
use crate::random;
use crate::response::Response;

pub(crate) const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// Up to 15 s with jitter.
const MAX_PAUSE: Duration = Duration::from_secs(12);
const MAX_JITTER: f64 = 0.25;

/// The longest pause that `Retry-After` can demand: an absurd one must not stall a long wait.
pub(crate) const MAX_RETRY_AFTER: Duration = Duration::from_secs(300);

/// How long a run may be unknown, because not all servers know a run that was just triggered. The
/// gateway reports it with HTTP 404 or with an error envelope.
const NOT_FOUND_GRACE: Duration = Duration::from_secs(10);

/// The time to spare at the end of a wait, after its last poll.
const RESERVE: Duration = Duration::from_millis(50);

/// When a wait ends.
///
/// The first poll is made at once. The pauses between polls start at 0.5 s and grow by half, up to
/// 15 s, with jitter; a `Retry-After` of the gateway can extend them, to 5 minutes at most. The
/// last poll is made just before the timeout. A poll that fails ends the wait only if polling
/// again would not help, for example if the access token is not accepted, or if the run is still
/// unknown after 10 s.
///
/// A status that is not listed ([`RunStatus::Other`]) ends the wait, too, if two polls in a row
/// return it with the same end time, which is not before the start time.
///
/// Since 0.1.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitOptions {
    timeout: Option<Duration>,
    returns_on_suspended: bool,
}

impl WaitOptions {
    /// Waits for at most `timeout`, 1 ms to 24 h.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TimeoutRange`] if it is out of range.
    pub fn new(timeout: Duration) -> Result<Self, Error> {
        let timeout = config::TIMEOUT.check_duration(timeout)?;
        Ok(WaitOptions { timeout: Some(timeout), returns_on_suspended: false })
    }

    /// Waits until the run ends, however long that takes.
    pub fn without_timeout() -> Self {
        WaitOptions { timeout: None, returns_on_suspended: false }
    }

    /// Also ends the wait when the run is suspended, because a person may have to act. If the run
    /// is already suspended, the wait ends after the first poll.
    #[must_use]
    pub fn or_suspended(self) -> Self {
        WaitOptions { returns_on_suspended: true, ..self }
    }
}

/// A poll of a run during a wait.
///
/// Since 0.1.0.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Poll {
    /// The number of this poll, counted from 1.
    pub number: u32,
    /// The time since the start of the wait.
    pub elapsed: Duration,
    /// The state of the run, or the error of this poll.
    pub result: Result<WorkflowHistory, Error>,
}

/// The end of a wait: the last state of the run, and the reason if the run did not end. Of an
/// [`OpenWait`](crate::OpenWait), also the state so far.
///
/// Since 0.1.0.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Wait {
    polls: u32,
    elapsed: Duration,
    last: Option<WorkflowHistory>,
    error: Option<Error>,
    info: CallInfo,
}

impl Wait {
    pub(crate) fn refused(error: Error) -> Self {
        Wait { info: error.info().clone(), error: Some(error), ..Wait::default() }
    }

    pub(crate) fn with_info(self, info: CallInfo) -> Self {
        let error = self.error.map(|error| error.with_info(info.clone()));
        Wait { info, error, ..self }
    }

    /// Returns the metadata of the wait. All polls have the same request id.
    pub fn info(&self) -> &CallInfo {
        &self.info
    }

    /// Returns the number of polls.
    pub fn polls(&self) -> u32 {
        self.polls
    }

    /// Returns the time from the start of the wait to the end of the last poll.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// Returns the last known state of the run, however the wait ended; `None` if no poll
    /// succeeded.
    pub fn last(&self) -> Option<&WorkflowHistory> {
        self.last.as_ref()
    }

    /// Returns why the wait ended early: [`ErrorKind::WaitTimeout`], [`ErrorKind::WaitStopped`],
    /// [`ErrorKind::Cancelled`], or the error of a poll if polling again would not help. `None` if
    /// the run ended as `COMPLETED`, `FAILED` or `TERMINATED`, or with a status that is not listed,
    /// or was suspended and the options include [`WaitOptions::or_suspended`].
    /// [`ErrorKind::WaitOpen`] if the wait has not ended.
    pub fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }

    /// Returns [`last`](Self::last) and [`error`](Self::error).
    pub fn into_parts(self) -> (Option<WorkflowHistory>, Option<Error>) {
        (self.last, self.error)
    }

    /// Returns the state in which the run ended.
    ///
    /// # Errors
    ///
    /// As [`error`](Self::error).
    pub fn into_result(self) -> Result<WorkflowHistory, Error> {
        match (self.error, self.last) {
            (None, Some(history)) => Ok(history),
            (Some(error), _) => Err(error),
            (None, None) => Err(Error::new(
                ErrorKind::Internal,
                Outcome::Unknown,
                "the wait ended without a state",
            )),
        }
    }
}

/// The time of a wait.
pub(crate) trait Clock {
    fn now(&self) -> Instant;
    fn sleep(&self, duration: Duration);
}

/// The state that the policy of a wait depends on. It is given the time and the results of the
/// polls.
#[derive(Debug)]
pub(crate) struct Progress {
    started: Instant,
    deadline: Option<Instant>,
    /// How much time to spare after the last poll.
    spare: Duration,
    /// The next pause, without jitter.
    pause: Duration,
    last: Option<RunSummary>,
    polls: u32,
    ends_on_suspended: bool,
}

/// The consequence of a poll for its wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AfterPoll {
    /// The run has ended, or is suspended if that was waited for.
    Ended,
    /// Polling again would not help.
    Failed,
    Continue,
}

impl Progress {
    pub(crate) fn new(options: &WaitOptions, now: Instant) -> Self {
        Progress {
            started: now,
            // A time that an Instant cannot represent is never reached.
            deadline: options.timeout.and_then(|timeout| now.checked_add(timeout)),
            spare: options.timeout.map_or(RESERVE, |timeout| RESERVE.min(timeout / 4)),
            pause: FIRST_PAUSE,
            last: None,
            polls: 0,
            ends_on_suspended: options.returns_on_suspended,
        }
    }

    /// Returns the last known state of the run.
    pub(crate) fn last(&self) -> Option<&RunSummary> {
        self.last.as_ref()
    }

    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Returns the next pause, without jitter.
    pub(crate) fn pause(&self) -> Duration {
        self.pause
    }

    /// Returns the time since the start of the wait.
    pub(crate) fn elapsed(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.started)
    }

    /// Returns the pause after a poll, with jitter, and makes the next one longer.
    pub(crate) fn next_pause(&mut self, random: &mut fastrand::Rng) -> Duration {
        let jittered = self.pause.mul_f64(1.0 + MAX_JITTER * random.f64());
        self.pause = (self.pause * 3 / 2).min(MAX_PAUSE);
        jittered
    }

    /// Returns how long after `now` the last poll starts: early enough to end in time even if it
    /// takes twice as long as the one before.
    fn until_last_poll(&self, now: Instant, poll_took: Duration) -> Option<Duration> {
        let left = self.deadline?.saturating_duration_since(now);
        Some(left.saturating_sub(poll_took * 2 + self.spare))
    }

    /// Makes the next pause as long as if the wait had been polled on time since its start.
    pub(crate) fn catch_up(&mut self, now: Instant) {
        // Polled on time, it is not shorter: pauses that grow by half add up to twice the next.
        let on_time = FIRST_PAUSE + self.elapsed(now) / 3;
        self.pause = self.pause.max(on_time.min(MAX_PAUSE));
    }

    /// Returns when the last poll starts, after one that ended at `now`; the deadline if there is
    /// no time for another one.
    pub(crate) fn last_poll_after(&self, now: Instant, poll_took: Duration) -> Option<Instant> {
        let until_last_poll = self.until_last_poll(now, poll_took)?;
        if until_last_poll.is_zero() { self.deadline } else { Some(now + until_last_poll) }
    }

    /// Counts a poll that ended at `now`, and decides whether the wait continues.
    pub(crate) fn judge(
        &mut self,
        result: &Result<WorkflowHistory, Error>,
        now: Instant,
    ) -> AfterPoll {
        self.polls = self.polls.saturating_add(1);
        match result {
            Ok(history) => {
                let status = history.status();
                let has_ended = status.is_final()
                    || self.ends_on_suspended && status == RunStatus::Suspended
                    || self.last.as_ref().is_some_and(|last| history.has_ended_since(last));
                self.last = Some(history.summary());
                if has_ended { AfterPoll::Ended } else { AfterPoll::Continue }
            }
            Err(error) if is_transient(error, self.elapsed(now), self.last.is_some()) => {
                AfterPoll::Continue
            }
            Err(_) => AfterPoll::Failed,
        }
    }

    /// Describes the polls and the state of the run so far.
    pub(crate) fn describe(&self) -> String {
        let polls = match self.polls {
            1 => "1 poll".to_owned(),
            polls => format!("{polls} polls"),
        };
        match &self.last {
            Some(last) => format!("{polls}; {last}"),
            None => format!("{polls} without success"),
        }
    }

    /// Returns the error of a wait that a poll ended.
    pub(crate) fn failed(&self, error: Error) -> Error {
        error.in_context(&format!("the wait ended after {}", self.describe()))
    }

    /// Returns the error of a wait that something else ended, or that has not ended. `failure` is
    /// the error of its last poll.
    pub(crate) fn error(&self, kind: ErrorKind, why: &str, failure: Option<Error>) -> Error {
        let mut message = format!("{why} after {}", self.describe());
        match failure {
            // Keeps the gateway's response in it, such as its `Retry-After`.
            Some(failure) => {
                message += &format!("; the last poll failed: {failure}");
                failure.recast(kind, Outcome::Unknown, message)
            }
            None => Error::new(kind, Outcome::Unknown, message),
        }
    }

    /// Returns the error that says that a wait has not ended.
    pub(crate) fn still_open(&self, failure: Option<Error>) -> Error {
        self.error(ErrorKind::WaitOpen, "the wait continues", failure)
    }

    /// Returns the result of a wait whose last poll ended at `now`.
    pub(crate) fn wait(
        &self,
        now: Instant,
        last: Option<WorkflowHistory>,
        error: Option<Error>,
        info: CallInfo,
    ) -> Wait {
        let elapsed = self.elapsed(now);
        let wait = Wait { polls: self.polls, elapsed, last, error, info: CallInfo::default() };
        wait.with_info(info)
    }

    pub(crate) fn timed_out(&self, failure: Option<Error>) -> Error {
        self.error(ErrorKind::WaitTimeout, "the wait timed out", failure)
    }
}

/// A wait for one run: its policy, and its state so far or its end. Its owner polls and sleeps.
#[derive(Debug)]
pub(crate) struct WaitState {
    progress: Progress,
    random: fastrand::Rng,
    /// How long the last poll took.
    poll_took: Duration,
    /// True if the next poll is the last one before the deadline.
    is_last_poll: bool,
    /// `None` if the wait has ended.
    next_poll: Option<Instant>,
    last: Option<WorkflowHistory>,
    /// Why the wait ended; or if it has not ended, why its last poll failed.
    error: Option<Error>,
    elapsed: Duration,
}

impl WaitState {
    pub(crate) fn new(options: &WaitOptions, now: Instant) -> Self {
        WaitState {
            progress: Progress::new(options, now),
            random: random::generator(),
            poll_took: Duration::ZERO,
            is_last_poll: false,
            next_poll: Some(now),
            last: None,
            error: None,
            elapsed: Duration::ZERO,
        }
    }

    pub(crate) fn set_until_suspended(&mut self, on: bool) {
        self.progress.ends_on_suspended = on;
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.next_poll.is_none()
    }

    /// Returns how long after `now` the next poll is due; `None` if the wait has ended.
    pub(crate) fn next_poll_in(&self, now: Instant) -> Option<Duration> {
        self.next_poll.map(|at| at.saturating_duration_since(now))
    }

    /// Polls, unless the deadline has passed. `poll` must return before the deadline that it is
    /// given. Returns `None` if the wait has ended without another poll.
    pub(crate) fn poll(
        &mut self,
        now: &dyn Fn() -> Instant,
        poll: &mut dyn FnMut(Option<Instant>) -> Result<WorkflowHistory, Error>,
    ) -> Option<Poll> {
        let next_poll = self.next_poll?;
        let before = now();
        let deadline = self.progress.deadline;
        // The last poll starts a little later than it is due, because no sleep is exact.
        let spare = if self.progress.polls == 0 { Duration::ZERO } else { self.progress.spare / 2 };
        if deadline.is_some_and(|deadline| before + spare >= deadline) {
            self.elapsed = self.progress.elapsed(before);
            let failure = self.error.take();
            self.end(Some(self.progress.timed_out(failure)));
            return None;
        }
        let result = poll(deadline);
        let after = now();
        self.poll_took = after.saturating_duration_since(before);
        self.elapsed = self.progress.elapsed(after);
        let next = self.progress.judge(&result, after);
        let polled = Poll { number: self.progress.polls, elapsed: self.elapsed, result };
        match polled.result.clone() {
            Ok(history) => {
                self.last = Some(history);
                self.error = None;
            }
            Err(error) => self.error = Some(error),
        }
        match next {
            AfterPoll::Ended => self.end(None),
            AfterPoll::Failed => {
                let error = self.error.take().map(|error| self.progress.failed(error));
                self.end(error);
            }
            // An early poll does not move the others.
            AfterPoll::Continue if before < next_poll => {
                let wanted = self.retry_after();
                let until_last_poll = self.progress.until_last_poll(after, self.poll_took);
                let pause = until_last_poll.map_or(wanted, |longest| wanted.min(longest));
                self.next_poll = Some(next_poll.max(after + pause));
            }
            AfterPoll::Continue => self.schedule(after),
        }
        Some(polled)
    }

    fn retry_after(&self) -> Duration {
        let asked = self.error.as_ref().and_then(Error::retry_after).unwrap_or_default();
        asked.min(MAX_RETRY_AFTER)
    }

    /// Schedules the next poll, or ends the wait if there is no time for another one.
    fn schedule(&mut self, now: Instant) {
        let wanted = self.progress.next_pause(&mut self.random).max(self.retry_after());
        let pause = match (
            self.progress.deadline.map(|deadline| deadline.saturating_duration_since(now)),
            self.progress.until_last_poll(now, self.poll_took),
        ) {
            (Some(left), Some(until_last_poll)) => {
                // If the last poll was faster than expected, another one follows only if there is
                // time for a whole pause.
                if left <= self.poll_took + self.progress.spare
                    || self.is_last_poll && left < FIRST_PAUSE + self.poll_took
                {
                    let failure = self.error.take();
                    return self.end(Some(self.progress.timed_out(failure)));
                }
                self.is_last_poll = wanted >= until_last_poll;
                wanted.min(until_last_poll)
            }
            _ => wanted,
        };
        self.next_poll = Some(now + pause);
    }

    /// Ends a wait that has not ended: it was stopped or cancelled.
    pub(crate) fn end_early(&mut self, kind: ErrorKind, why: &str) {
        if !self.has_ended() {
            let failure = self.error.take();
            self.end(Some(self.progress.error(kind, why, failure)));
        }
    }

    fn end(&mut self, error: Option<Error>) {
        self.next_poll = None;
        self.error = error;
    }

    /// Returns how the wait ended: the reason if the run did not end, and the last state of the
    /// run. `None` if it has not ended.
    pub(crate) fn end_of_wait(&self) -> Option<(Option<&Error>, Option<&WorkflowHistory>)> {
        self.has_ended().then_some((self.error.as_ref(), self.last.as_ref()))
    }

    /// Returns the end of the wait. If it has not ended, returns its state so far, as an error.
    pub(crate) fn result(&self, info: CallInfo) -> Wait {
        let error = match self.error.clone() {
            error if self.has_ended() => error,
            failure => Some(self.progress.still_open(failure)),
        };
        let wait = Wait {
            polls: self.progress.polls,
            elapsed: self.elapsed,
            last: self.last.clone(),
            error,
            info: CallInfo::default(),
        };
        wait.with_info(info)
    }
}

/// True if polling again may help after a poll that failed.
fn is_transient(error: &Error, elapsed: Duration, had_success: bool) -> bool {
    use ErrorKind::*;
    let is_in_grace = elapsed < NOT_FOUND_GRACE;
    match error.kind() {
        Dns | Connect | ConnectTimeout | ResponseTimeout | ConnectionLost | InvalidHttp
        | RateLimited | ServerFailed | UnexpectedResponse | OutOfMemory => true,
        NotFound => is_in_grace,
        Refused | Validation if is_in_grace && is_from_gateway(error) => true,
        // Permanent as a rule, unless an earlier poll succeeded.
        Tls | Refused | Redirected | Validation | ResponseTooLarge => had_success,
        _ => false,
    }
}

/// True if the gateway itself reported the error, in an error envelope.
fn is_from_gateway(error: &Error) -> bool {
    let text = error.response().map_or("", Response::text);
    let kind = Envelope::parse::<IgnoredAny>(text).map(|(envelope, _)| envelope.kind());
    matches!(kind, Some(EnvelopeKind::ValidationError | EnvelopeKind::OtherError))
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::ops::ControlFlow;

    use super::*;
    use crate::api::history;
    use ErrorKind as E;
    use RunStatus as S;

    /// A clock that advances only when the wait sleeps.
    struct VirtualClock {
        start: Instant,
        passed: Cell<Duration>,
        sleeps: RefCell<Vec<Duration>>,
    }

    impl VirtualClock {
        fn new() -> Self {
            VirtualClock {
                start: Instant::now(),
                passed: Cell::default(),
                sleeps: RefCell::default(),
            }
        }

        fn pass(&self, duration: Duration) {
            self.passed.set(self.passed.get() + duration);
        }
    }

    impl Clock for VirtualClock {
        fn now(&self) -> Instant {
            self.start + self.passed.get()
        }

        fn sleep(&self, duration: Duration) {
            self.sleeps.borrow_mut().push(duration);
            self.pass(duration);
        }
    }

    fn seconds(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    fn history(status: RunStatus) -> Result<WorkflowHistory, Error> {
        history_of(&format!(r#""status":"{status}""#))
    }

    fn history_of(members: &str) -> Result<WorkflowHistory, Error> {
        Ok(history::test::with(members))
    }

    fn failure(kind: ErrorKind, retry_after: Option<Duration>) -> Result<WorkflowHistory, Error> {
        Err(Error::new(kind, Outcome::Unknown, "failed").with_response(
            500,
            retry_after,
            vec![],
            None,
        ))
    }

    /// Drives a wait as [`Client::wait_for_workflow`](crate::Client::wait_for_workflow) does.
    fn until_final(
        clock: &VirtualClock,
        options: &WaitOptions,
        mut poll: impl FnMut(Option<Instant>) -> Result<WorkflowHistory, Error>,
        mut on_poll: impl FnMut(&Poll) -> ControlFlow<()>,
    ) -> Wait {
        let mut wait = WaitState::new(options, clock.now());
        while let Some(pause) = wait.next_poll_in(clock.now()) {
            if !pause.is_zero() {
                clock.sleep(pause);
            }
            if let Some(poll) = wait.poll(&|| clock.now(), &mut poll)
                && on_poll(&poll).is_break()
            {
                wait.end_early(E::WaitStopped, "the wait was stopped");
            }
        }
        wait.result(CallInfo::default())
    }

    /// Waits while polls return the results in `script`, the last of them repeatedly.
    fn wait(
        clock: &VirtualClock,
        options: WaitOptions,
        script: &[Result<WorkflowHistory, Error>],
    ) -> Wait {
        let mut number = 0;
        let poll = |_| {
            number += 1;
            script[number.min(script.len()) - 1].clone()
        };
        until_final(clock, &options, poll, |_| ControlFlow::Continue(()))
    }

    fn at_most(timeout: f64) -> WaitOptions {
        WaitOptions::new(seconds(timeout)).unwrap()
    }

    fn end(wait: &Wait) -> Option<ErrorKind> {
        wait.error().map(Error::kind)
    }

    #[test]
    fn pauses_grow_by_half_up_to_15_s_and_the_last_poll_is_at_the_end() {
        for timeout in [0.001, 0.2, 3.0, 60.0, 3600.0] {
            let clock = VirtualClock::new();
            let waited = wait(&clock, at_most(timeout), &[history(S::Running)]);
            assert_eq!(end(&waited), Some(E::WaitTimeout));
            assert_eq!(waited.last().unwrap().status(), S::Running);
            let sleeps = clock.sleeps.borrow();
            assert_eq!(waited.polls() as usize, sleeps.len() + 1);
            let mut pause = 0.5;
            for sleep in &sleeps[..sleeps.len() - 1] {
                assert!(*sleep >= seconds(pause) && *sleep <= seconds(pause * 1.25), "{sleep:?}");
                pause = f64::min(pause * 1.5, 12.0);
            }
            assert!(sleeps.iter().all(|sleep| *sleep <= seconds(15.0)));
            let last_poll: Duration = sleeps.iter().sum();
            assert!(last_poll <= seconds(timeout), "{last_poll:?}");
            let reserve = RESERVE.min(seconds(timeout) / 4);
            assert_eq!(last_poll, seconds(timeout) - reserve);
        }
    }

    #[test]
    fn a_final_status_ends_the_wait_whatever_it_is() {
        for status in [S::Completed, S::Failed, S::Terminated] {
            let script = [S::Activated, S::Running, S::Other, S::Suspended, status].map(history);
            let clock = VirtualClock::new();
            let waited = wait(&clock, at_most(60.0), &script);
            assert_eq!((end(&waited), waited.polls()), (None, 5));
            assert_eq!(waited.into_result().unwrap().status(), status);
            assert!(clock.passed.get() > seconds(4.0));
        }
    }

    #[test]
    fn a_suspended_run_ends_the_wait_only_with_or_suspended() {
        let script = [S::Running, S::Suspended].map(history);
        let waited = wait(&VirtualClock::new(), at_most(60.0).or_suspended(), &script);
        assert_eq!((end(&waited), waited.polls()), (None, 2));
        assert_eq!(waited.last().unwrap().status(), S::Suspended);
        let waited = wait(&VirtualClock::new(), at_most(60.0), &script);
        assert_eq!(end(&waited), Some(E::WaitTimeout));
    }

    #[test]
    fn a_failed_poll_ends_the_wait_only_if_another_would_not_help() {
        for kind in [
            E::Dns,
            E::Connect,
            E::ConnectTimeout,
            E::ResponseTimeout,
            E::ConnectionLost,
            E::InvalidHttp,
            E::RateLimited,
            E::ServerFailed,
            E::UnexpectedResponse,
            E::NotFound,
        ] {
            let script = [failure(kind, None), history(S::Completed)];
            let waited = wait(&VirtualClock::new(), at_most(60.0), &script);
            assert_eq!((end(&waited), waited.polls()), (None, 2), "{kind:?}");
        }
        for (kind, is_tolerated_later) in [
            (E::Unauthorized, false),
            (E::Forbidden, false),
            (E::ProxyFailed, false),
            (E::Internal, false),
            (E::Refused, true),
            (E::Redirected, true),
            (E::Validation, true),
            (E::ResponseTooLarge, true),
            (E::Tls, true),
        ] {
            let script = [failure(kind, None), history(S::Completed)];
            let waited = wait(&VirtualClock::new(), at_most(60.0), &script);
            assert_eq!((end(&waited), waited.polls()), (Some(kind), 1));
            assert!(waited.last().is_none());
            let script = [history(S::Running), failure(kind, None), history(S::Completed)];
            let waited = wait(&VirtualClock::new(), at_most(60.0), &script);
            assert_eq!(end(&waited).is_none(), is_tolerated_later, "{kind:?}");
        }

        let script = [history(S::Running), failure(E::ServerFailed, None)];
        let waited = wait(&VirtualClock::new(), at_most(2.0), &script);
        assert_eq!(end(&waited), Some(E::WaitTimeout));
        assert_eq!(waited.last().unwrap().status(), S::Running);
        let message = waited.error().unwrap().message();
        assert!(message.contains("RUNNING; the last poll failed: failed"), "{message}");
    }

    #[test]
    fn an_unknown_run_is_polled_for_only_10_s() {
        let clock = VirtualClock::new();
        let waited = wait(&clock, at_most(600.0), &[failure(E::NotFound, None)]);
        assert_eq!(end(&waited), Some(E::NotFound));
        assert!(clock.passed.get() >= NOT_FOUND_GRACE && clock.passed.get() < seconds(20.0));
    }

    #[test]
    fn an_error_envelope_may_mean_an_unknown_run() {
        let failure = |kind, text: &str| {
            let response = Some(Response::from_json(400, text.into()));
            Err(Error::new(kind, Outcome::Rejected, "no").with_response(
                400,
                None,
                vec![],
                response,
            ))
        };
        let envelope = r#"{"status":"Error","statusCode":1}"#;
        for kind in [E::Refused, E::Validation] {
            let script = [failure(kind, envelope), history(S::Completed)];
            let waited = wait(&VirtualClock::new(), at_most(60.0), &script);
            assert_eq!((end(&waited), waited.polls()), (None, 2), "{kind:?}");
            let clock = VirtualClock::new();
            let waited = wait(&clock, at_most(600.0), &[failure(kind, envelope)]);
            assert_eq!(end(&waited), Some(kind));
            assert!(clock.passed.get() >= NOT_FOUND_GRACE && clock.passed.get() < seconds(20.0));
            let script = [failure(kind, r#"{"error":"no"}"#), history(S::Completed)];
            let waited = wait(&VirtualClock::new(), at_most(60.0), &script);
            assert_eq!((end(&waited), waited.polls()), (Some(kind), 1), "{kind:?}");
        }
    }

    #[test]
    fn an_unlisted_status_ends_the_wait_once_two_polls_show_the_same_end() {
        let ended = |status: &str, start: &str, end: &str| {
            history_of(&format!(r#""status":"{status}","startTime":{start},"endTime":{end}"#))
        };
        for status in ["CANCELLED", "ABORTED", "COMPLETED_WITH_ERRORS", "Canceled by admin"] {
            for start in ["1", "7", "null"] {
                let state = ended(status, start, "7");
                let failed = failure(E::ServerFailed, None);
                let script = [history(S::Running), state.clone(), failed, state];
                let waited = wait(&VirtualClock::new(), at_most(60.0), &script);
                assert_eq!((end(&waited), waited.polls()), (None, 4), "{status}");
                let last = waited.into_result().unwrap();
                assert_eq!((last.status(), &*last.status_text()), (S::Other, status));
            }
        }
        // A known status decides alone, in upper or lower case.
        for status in ["Completed", "completed", " COMPLETED "] {
            let script = [ended(status, "null", "null")];
            let waited = wait(&VirtualClock::new(), at_most(60.0), &script);
            assert_eq!((end(&waited), waited.polls()), (None, 1), "{status}");
            assert_eq!(waited.last().unwrap().status(), S::Completed);
            assert_eq!(waited.last().unwrap().status_text(), status);
        }
        for script in [
            [ended("QUEUED", "1", "null"), ended("QUEUED", "1", "null")],
            [ended("QUEUED", "0", "0"), ended("QUEUED", "0", "0")],
            [ended("QUEUED", "-9", "-7"), ended("QUEUED", "-9", "-7")],
            [ended("QUEUED", "8", "7"), ended("QUEUED", "8", "7")],
            [ended("QUEUED", "1", "7.5"), ended("QUEUED", "1", "7.5")],
            [ended("QUEUED", "1", "7"), ended("QUEUED", "1", "8")],
            [ended("QUEUED", "1", "7"), ended("PLANNED", "1", "7")],
            [ended("RUNNING", "1", "7"), ended("Running", "1", "7")],
            [ended("QUEUED", "1", "7"), ended("RUNNING", "1", "7")],
        ] {
            let [first, second] = &script;
            let repeated = [first.clone(), second.clone(), history(S::Running)];
            let waited = wait(&VirtualClock::new(), at_most(60.0), &repeated);
            assert_eq!(end(&waited), Some(E::WaitTimeout), "{script:?}");
        }
    }

    #[test]
    fn retry_after_extends_the_pause() {
        let clock = VirtualClock::new();
        let busy = failure(E::RateLimited, Some(seconds(7.0)));
        let waited = wait(&clock, at_most(60.0), &[busy.clone(), history(S::Completed)]);
        assert_eq!((end(&waited), clock.passed.get()), (None, seconds(7.0)));

        // Still, there is a last poll.
        for retry_after in [seconds(60.0), seconds(61.0), Duration::MAX] {
            let clock = VirtualClock::new();
            let busy = failure(E::RateLimited, Some(retry_after));
            let waited = wait(&clock, at_most(60.0), &[busy]);
            assert_eq!((end(&waited), waited.polls()), (Some(E::WaitTimeout), 2));
            assert_eq!(clock.passed.get(), seconds(60.0) - RESERVE);
        }
    }

    #[test]
    fn the_callback_sees_each_poll_and_can_stop_the_wait() {
        let clock = VirtualClock::new();
        let mut polls = Vec::new();
        let waited = until_final(
            &clock,
            &at_most(60.0),
            |_| history(S::Running),
            |poll| {
                polls.push((poll.number, poll.elapsed, poll.result.as_ref().unwrap().status()));
                if poll.number < 3 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            },
        );
        assert_eq!((end(&waited), waited.polls()), (Some(E::WaitStopped), 3));
        assert_eq!(waited.last().unwrap().status(), S::Running);
        let sleeps = clock.sleeps.borrow();
        assert_eq!(
            polls,
            [
                (1, Duration::ZERO, S::Running),
                (2, sleeps[0], S::Running),
                (3, sleeps[0] + sleeps[1], S::Running)
            ]
        );
        // A run that has ended cannot be stopped.
        let poll = |_| history(S::Failed);
        let waited = until_final(&clock, &at_most(1.0), poll, |_| ControlFlow::Break(()));
        assert_eq!(end(&waited), None);
    }

    #[test]
    fn slow_polls_and_callbacks_do_not_make_the_wait_longer() {
        let clock = VirtualClock::new();
        let poll = |deadline: Option<Instant>| {
            let took = seconds(1.0).min(deadline.unwrap() - clock.now());
            clock.pass(took);
            if took < seconds(1.0) {
                failure(E::ResponseTimeout, None)
            } else {
                history(S::Running)
            }
        };
        let waited = until_final(&clock, &at_most(30.0), poll, |_| {
            clock.pass(seconds(0.3));
            ControlFlow::Continue(())
        });
        assert_eq!(end(&waited), Some(E::WaitTimeout));
        assert!(clock.passed.get() <= seconds(30.3));
        assert!(!waited.error().unwrap().message().contains("failed"), "{waited:?}");

        // Polls that get faster do not come in a burst at the end.
        let clock = VirtualClock::new();
        let mut took = seconds(0.12);
        let mut polls = Vec::new();
        let poll = |_: Option<Instant>| {
            polls.push(clock.passed.get());
            clock.pass(took);
            took = took * 2 / 3;
            history(S::Running)
        };
        let waited = until_final(&clock, &at_most(3.0), poll, |_| ControlFlow::Continue(()));
        assert_eq!(end(&waited), Some(E::WaitTimeout));
        let gaps: Vec<_> = polls.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let but_the_last = &gaps[..gaps.len() - 1];
        assert!(but_the_last.iter().all(|gap| *gap >= FIRST_PAUSE), "{gaps:?}");

        // A slow first poll does not make the last one early.
        let clock = VirtualClock::new();
        let mut is_first = true;
        let poll = |_: Option<Instant>| {
            if std::mem::take(&mut is_first) {
                clock.pass(seconds(1.5));
            }
            let is_over = clock.passed.get() >= seconds(11.9);
            history(if is_over { S::Completed } else { S::Running })
        };
        let waited = until_final(&clock, &at_most(12.0), poll, |_| ControlFlow::Continue(()));
        assert_eq!(end(&waited), None);

        let waited = until_final(
            &clock,
            &at_most(1.0),
            |_| history(S::Running),
            |_| {
                clock.pass(seconds(5.0));
                ControlFlow::Continue(())
            },
        );
        assert_eq!((end(&waited), waited.polls()), (Some(E::WaitTimeout), 1));
    }

    /// Polls a run that does not end. Returns whether a poll was made.
    fn poll_running(wait: &mut WaitState, clock: &VirtualClock) -> bool {
        wait.poll(&|| clock.now(), &mut |_| history(S::Running)).is_some()
    }

    #[test]
    fn early_polls_are_made_and_do_not_move_the_later_ones() {
        let clock = VirtualClock::new();
        let mut wait = WaitState::new(&WaitOptions::without_timeout(), clock.now());
        assert_eq!(wait.next_poll_in(clock.now()), Some(Duration::ZERO));
        assert!(poll_running(&mut wait, &clock));
        let mut pause = 0.5;
        for due in 0..30 {
            let next = wait.next_poll_in(clock.now()).unwrap();
            assert!(next >= seconds(pause) && next <= seconds(pause * 1.25), "{due}: {next:?}");
            for _ in 0..3 {
                clock.pass(next / 4);
                assert!(poll_running(&mut wait, &clock));
            }
            assert_eq!(wait.next_poll_in(clock.now()), Some(next - next / 4 * 3));
            clock.pass(next - next / 4 * 3);
            assert!(poll_running(&mut wait, &clock));
            pause = f64::min(pause * 1.5, 12.0);
        }
        let result = wait.result(CallInfo::default());
        assert_eq!((end(&result), result.polls()), (Some(E::WaitOpen), 121));
        assert_eq!(result.last().unwrap().status(), S::Running);

        // But `Retry-After` counts.
        let mut busy = |_: Option<Instant>| failure(E::RateLimited, Some(seconds(60.0)));
        assert!(wait.poll(&|| clock.now(), &mut busy).is_some());
        assert_eq!(wait.next_poll_in(clock.now()), Some(seconds(60.0)));
        assert_eq!(end(&wait.result(CallInfo::default())), Some(E::WaitOpen));

        // Not beyond the deadline, though: just before it is the last poll.
        let mut wait = WaitState::new(&at_most(10.0), clock.now());
        assert!(poll_running(&mut wait, &clock));
        clock.pass(seconds(0.25));
        assert!(wait.poll(&|| clock.now(), &mut busy).is_some());
        assert_eq!(wait.next_poll_in(clock.now()), Some(seconds(9.7)));
    }

    #[test]
    fn late_polls_are_made_until_the_deadline() {
        for (timeout, late, is_polled) in
            [(Some(10.0), 9.0, true), (Some(10.0), 10.0, false), (None, 1e6, true)]
        {
            let clock = VirtualClock::new();
            let options = timeout.map_or_else(WaitOptions::without_timeout, at_most);
            let mut wait = WaitState::new(&options, clock.now());
            assert!(poll_running(&mut wait, &clock));
            clock.pass(seconds(late));
            assert_eq!(wait.next_poll_in(clock.now()), Some(Duration::ZERO));
            assert_eq!(poll_running(&mut wait, &clock), is_polled);
            assert_eq!(wait.has_ended(), !is_polled);
            // From then on, the intervals are as usual, up to the last poll.
            let next = wait.next_poll_in(clock.now());
            assert!(next.is_none_or(|next| next >= seconds(0.75)), "{next:?}");
            let kind = if is_polled { E::WaitOpen } else { E::WaitTimeout };
            assert_eq!(end(&wait.result(CallInfo::default())), Some(kind));
        }
        // Also the first one.
        let clock = VirtualClock::new();
        let mut wait = WaitState::new(&at_most(1.0), clock.now());
        clock.pass(seconds(1.0));
        assert!(!poll_running(&mut wait, &clock));
        let result = wait.result(CallInfo::default());
        assert_eq!((end(&result), result.polls()), (Some(E::WaitTimeout), 0));
    }

    #[test]
    fn timeouts_out_of_range_are_refused() {
        for timeout in [Duration::ZERO, Duration::from_micros(999), Duration::MAX] {
            assert_eq!(WaitOptions::new(timeout).unwrap_err().kind(), E::TimeoutRange);
        }
    }

    #[test]
    fn the_pause_of_a_late_wait_is_that_of_one_polled_on_time() {
        let start = Instant::now();
        let after = |passed: f64| start + seconds(passed);
        let mut progress = Progress::new(&at_most(100.0), start);
        assert_eq!(progress.deadline(), Some(after(100.0)));
        assert_eq!(progress.elapsed(after(7.0)), seconds(7.0));
        for (passed, pause) in
            [(0.0, 0.5), (3.0, 1.5), (30.0, 10.5), (12.0, 10.5), (60.0, 12.0), (90.0, 12.0)]
        {
            progress.catch_up(after(passed));
            assert_eq!(progress.pause(), seconds(pause), "{passed}");
        }
    }

    #[test]
    fn the_last_poll_may_take_twice_as_long_as_the_one_before() {
        let start = Instant::now();
        for (timeout, now, took, last_poll) in [
            (10.0, 1.0, 0.0, 9.95),
            (10.0, 1.0, 1.0, 7.95),
            (10.0, 1.0, 3.5, 2.95),
            (0.1, 0.0, 0.0, 0.075),
            // There is no time for another poll.
            (10.0, 1.0, 4.475, 10.0),
            (10.0, 11.0, 0.0, 10.0),
        ] {
            let progress = Progress::new(&at_most(timeout), start);
            let at = progress.last_poll_after(start + seconds(now), seconds(took));
            assert_eq!(at.map(|at| at - start), Some(seconds(last_poll)), "{timeout} {took}");
        }
        let endless = Progress::new(&WaitOptions::without_timeout(), start);
        assert_eq!(
            (endless.deadline(), endless.last_poll_after(start, seconds(1.0))),
            (None, None)
        );
    }

    /// A wait whose first poll has ended: it took `took` seconds.
    fn polled(options: &WaitOptions, clock: &VirtualClock, took: f64) -> WaitState {
        let mut wait = WaitState::new(options, clock.now());
        poll_for(&mut wait, clock, seconds(took));
        wait
    }

    /// Makes a poll that takes so long. Returns whether it was made.
    fn poll_for(wait: &mut WaitState, clock: &VirtualClock, took: Duration) -> bool {
        let mut poll = |_| {
            clock.pass(took);
            history(S::Running)
        };
        wait.poll(&|| clock.now(), &mut poll).is_some()
    }

    #[test]
    fn a_poll_follows_only_if_there_is_time_for_it() {
        let nanosecond = Duration::from_nanos(1);
        // As long as the first one, and 50 ms.
        for (more, has_ended) in [(Duration::ZERO, true), (nanosecond, false)] {
            let clock = VirtualClock::new();
            let options = WaitOptions::new(seconds(2.05) + more).unwrap();
            assert_eq!(polled(&options, &clock, 1.0).has_ended(), has_ended);
        }
        // After the last one, which was faster than expected: a whole pause.
        for (more, has_ended) in [(Duration::ZERO, false), (nanosecond, true)] {
            let clock = VirtualClock::new();
            let mut wait = polled(&at_most(3.3), &clock, 1.0);
            assert_eq!(wait.next_poll_in(clock.now()), Some(seconds(0.25)));
            clock.pass(seconds(0.25));
            assert!(poll_for(&mut wait, &clock, seconds(0.775) + more));
            assert_eq!(wait.has_ended(), has_ended);
        }
        // The last poll starts a little later than it is due, because no sleep is exact; but then
        // not even the half of what was spared may be left.
        for (late, is_polled) in
            [(seconds(9.975) - nanosecond, true), (seconds(9.975), false), (seconds(10.0), false)]
        {
            let clock = VirtualClock::new();
            let mut wait = polled(&at_most(10.0), &clock, 0.0);
            clock.pass(late);
            assert_eq!(poll_running(&mut wait, &clock), is_polled);
        }
        // The first one starts at any time before the deadline.
        for (late, is_polled) in [(seconds(1.0) - nanosecond, true), (seconds(1.0), false)] {
            let clock = VirtualClock::new();
            let mut wait = WaitState::new(&at_most(1.0), clock.now());
            clock.pass(late);
            assert_eq!(poll_running(&mut wait, &clock), is_polled);
        }
    }

    #[test]
    fn which_failures_may_pass_depends_on_the_time_and_on_earlier_polls() {
        let (early, late) = (NOT_FOUND_GRACE - Duration::from_nanos(1), NOT_FOUND_GRACE);
        for (kind, is_transient_early, is_transient_late, is_transient_after_success) in [
            (E::ServerFailed, true, true, true),
            (E::OutOfMemory, true, true, true),
            (E::NotFound, true, false, false),
            (E::Refused, false, false, true),
            (E::Tls, false, false, true),
            (E::Unauthorized, false, false, false),
            (E::Cancelled, false, false, false),
        ] {
            let error = failure(kind, None).unwrap_err();
            assert_eq!(is_transient(&error, early, false), is_transient_early, "{kind:?}");
            assert_eq!(is_transient(&error, late, false), is_transient_late, "{kind:?}");
            assert_eq!(is_transient(&error, late, true), is_transient_after_success, "{kind:?}");
        }
    }

    #[test]
    fn the_message_of_a_wait_counts_its_polls() {
        for (script, message) in [
            (
                vec![failure(E::Forbidden, None)],
                "the wait ended after 1 poll without success: failed",
            ),
            (
                vec![failure(E::NotFound, None), failure(E::Forbidden, None)],
                "the wait ended after 2 polls without success: failed",
            ),
            (
                vec![history(S::Running), failure(E::Forbidden, None)],
                "the wait ended after 2 polls; the run is RUNNING: failed",
            ),
        ] {
            let waited = wait(&VirtualClock::new(), at_most(60.0), &script);
            assert_eq!(waited.error().unwrap().message(), message);
        }
        let clock = VirtualClock::new();
        let wait = polled(&at_most(10.0), &clock, 1.0).result(CallInfo::default());
        let message = "the wait continues after 1 poll; the run is RUNNING";
        assert_eq!(wait.error().unwrap().message(), message);
        assert_eq!(wait.elapsed(), seconds(1.0));
    }

    #[test]
    fn the_last_state_outlives_later_failures() {
        let now = Instant::now();
        let mut progress = Progress::new(&at_most(10.0), now);
        assert!(progress.last().is_none());
        for result in [history(S::Running), failure(E::ServerFailed, None)] {
            assert_eq!(progress.judge(&result, now), AfterPoll::Continue);
            assert_eq!(progress.last().map(ToString::to_string), Some("the run is RUNNING".into()));
        }
    }

    #[test]
    fn the_end_of_a_wait_is_known_once_it_has_ended() {
        let clock = VirtualClock::new();
        let mut wait = polled(&at_most(10.0), &clock, 0.0);
        assert!(wait.end_of_wait().is_none());
        wait.end_early(E::WaitStopped, "the wait was stopped");
        wait.end_early(E::Cancelled, "too late");
        let (error, last) = wait.end_of_wait().unwrap();
        assert_eq!(error.map(Error::kind), Some(E::WaitStopped));
        assert_eq!(last.map(WorkflowHistory::status), Some(S::Running));

        let mut wait = polled(&at_most(10.0), &clock, 0.0);
        wait.set_until_suspended(true);
        clock.pass(seconds(1.0));
        assert!(wait.poll(&|| clock.now(), &mut |_| history(S::Suspended)).is_some());
        let (error, last) = wait.end_of_wait().unwrap();
        assert!(error.is_none());
        assert_eq!(last.map(WorkflowHistory::status), Some(S::Suspended));
    }

    #[test]
    fn a_wait_and_its_error_have_the_same_metadata() {
        let info = CallInfo { attempts: 7, ..CallInfo::default() };
        let error = || Error::new(E::WaitTimeout, Outcome::Unknown, "x");
        let start = Instant::now();
        let progress = Progress::new(&at_most(10.0), start);
        let last = history(S::Running).unwrap();
        for wait in [
            Wait::refused(error().with_info(info.clone())),
            progress.wait(start + seconds(2.0), Some(last.clone()), Some(error()), info.clone()),
            Wait { error: Some(error()), ..Wait::default() }.with_info(info),
        ] {
            assert_eq!(wait.info().attempts(), 7);
            assert_eq!(wait.error().unwrap().info().attempts(), 7);
            let (last, error) = wait.into_parts();
            assert!(error.is_some());
            assert!(last.is_none_or(|last| last.status() == S::Running));
        }
        let wait = progress.wait(start + seconds(2.0), Some(last), None, CallInfo::default());
        assert_eq!(wait.elapsed(), seconds(2.0));
        let (last, error) = wait.into_parts();
        assert!(last.is_some() && error.is_none());
        let nothing = Wait::default().into_result().unwrap_err();
        assert_eq!((nothing.kind(), nothing.outcome()), (E::Internal, Outcome::Unknown));
    }
}
