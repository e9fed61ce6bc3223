//! Polls a run until its status is final. The clock is passed in, so that tests take no time.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use serde::de::IgnoredAny;

use crate::api::envelope::Envelope;
use crate::api::history::WorkflowHistory;
use crate::api::status::RunStatus;
use crate::call_info::CallInfo;
use crate::config;
use crate::error::{Error, ErrorKind, Outcome};
use crate::outcome::EnvelopeKind;
use crate::random;
use crate::response::Response;

const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// Up to 15 s with jitter.
const MAX_PAUSE: Duration = Duration::from_secs(12);
const MAX_JITTER: f64 = 0.25;

/// The longest pause that `Retry-After` can demand: an absurd one must not stall a long wait.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(300);

/// How long a run may be unknown, because not all servers know a run that was just triggered. The
/// gateway reports it with HTTP 404 or with an error envelope.
const NOT_FOUND_GRACE: Duration = Duration::from_secs(10);

/// The time to spare at the end of a wait, after its last poll.
const RESERVE: Duration = Duration::from_millis(50);

/// When a wait ends.
///
/// The first poll is made at once. The pauses between polls start at 0.5 s and grow by half, up to
/// 15 s, with jitter; a `Retry-After` of the gateway can extend them, to 5
/// minutes at most. The last poll is made just
/// before the timeout. A poll that fails ends the wait only if polling again would not help, for
/// example if the access token is not accepted, or if the run is still unknown after 10 s.
///
/// A status that is not listed ([`RunStatus::Other`]) ends the wait, too, if two polls in a row
/// return it with the same end time, which is not before the start time.
///
/// Since 0.1.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitOptions {
    timeout: Duration,
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
        Ok(WaitOptions { timeout, returns_on_suspended: false })
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

/// The end of a wait: the last state of the run, and the reason if the run did not end.
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
        Wait { error: Some(error), ..Wait::default() }
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
    /// Sleeps; returns false if the wait is cancelled.
    fn sleep(&self, duration: Duration) -> bool;
    /// Returns why it is cancelled, as the start of a message.
    fn cancellation(&self) -> &'static str {
        "the call was cancelled"
    }
}

/// Polls a run until its status is final or the wait ends early. `poll` must return before the
/// deadline that it is given.
pub(crate) fn until_final(
    clock: &dyn Clock,
    options: &WaitOptions,
    mut poll: impl FnMut(Instant) -> Result<WorkflowHistory, Error>,
    mut on_poll: impl FnMut(&Poll) -> ControlFlow<()>,
) -> Wait {
    let start = clock.now();
    let deadline = start + options.timeout;
    let mut random = random::generator();
    let mut pause = FIRST_PAUSE;
    let mut is_last_poll = false;
    let mut wait = Wait::default();
    loop {
        let before = clock.now();
        let result = poll(deadline);
        let now = clock.now();
        let poll_took = now - before;
        wait.polls += 1;
        wait.elapsed = now - start;
        let polled = Poll { number: wait.polls, elapsed: wait.elapsed, result };
        let is_stopped = on_poll(&polled).is_break();

        let failure = match polled.result {
            Ok(history) => {
                let has_ended = options.ends_on(history.status())
                    || wait.last.as_ref().is_some_and(|last| history.has_ended_since(last));
                wait.last = Some(history);
                if has_ended {
                    return wait;
                }
                None
            }
            Err(error) if !is_transient(&error, wait.elapsed, wait.last.is_some()) => {
                let error = error.in_context(&format!("the wait ended after {}", wait.progress()));
                return Wait { error: Some(error), ..wait };
            }
            Err(error) => Some(error),
        };
        if is_stopped {
            return wait.ended(ErrorKind::WaitStopped, "the wait was stopped", failure);
        }

        let now = clock.now();
        let left = deadline.saturating_duration_since(now);
        let spare = RESERVE.min(options.timeout / 4);
        // If the last poll was faster than expected, there is only time for another one after a
        // whole pause.
        if left <= poll_took + spare || is_last_poll && left < FIRST_PAUSE + poll_took {
            return wait.ended(ErrorKind::WaitTimeout, "the wait timed out", failure);
        }
        let jittered = pause.mul_f64(1.0 + MAX_JITTER * random.f64());
        let retry_after = failure.as_ref().and_then(Error::retry_after).unwrap_or_default();
        let retry_after = retry_after.min(MAX_RETRY_AFTER);
        // The last poll starts early enough to end in time even if it takes twice as long.
        let until_last_poll = left.saturating_sub(poll_took * 2 + spare);
        let wanted = jittered.max(retry_after);
        is_last_poll = wanted >= until_last_poll;
        if !clock.sleep(wanted.min(until_last_poll)) {
            return wait.ended(ErrorKind::Cancelled, clock.cancellation(), failure);
        }
        pause = (pause * 3 / 2).min(MAX_PAUSE);
    }
}

impl WaitOptions {
    fn ends_on(&self, status: RunStatus) -> bool {
        status.is_final() || self.returns_on_suspended && status == RunStatus::Suspended
    }
}

impl Wait {
    fn ended(self, kind: ErrorKind, why: &str, failure: Option<Error>) -> Wait {
        let mut message = format!("{why} after {}", self.progress());
        if let Some(failure) = &failure {
            message += &format!("; the last poll failed: {failure}");
        }
        let error = match failure {
            // Keeps the gateway's response in it, such as its `Retry-After`.
            Some(failure) => failure.recast(kind, Outcome::Unknown, message),
            None => Error::new(kind, Outcome::Unknown, message),
        };
        Wait { error: Some(error), ..self }
    }

    /// Describes the polls and the state of the run so far.
    fn progress(&self) -> String {
        let polls = match self.polls {
            1 => "1 poll".to_owned(),
            polls => format!("{polls} polls"),
        };
        match &self.last {
            Some(history) => format!("{polls}; {history}"),
            None => format!("{polls} without success"),
        }
    }
}

/// True if polling again may help after a poll that failed.
fn is_transient(error: &Error, elapsed: Duration, had_success: bool) -> bool {
    use ErrorKind::*;
    let is_in_grace = elapsed < NOT_FOUND_GRACE;
    match error.kind() {
        Dns | Connect | ConnectTimeout | ResponseTimeout | ConnectionLost | InvalidHttp
        | RateLimited | ServerFailed | UnexpectedResponse => true,
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

    use super::*;
    use crate::api::endpoint::{Endpoint, RawData};
    use crate::api::history::HistoryEndpoint;
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

        fn sleep(&self, duration: Duration) -> bool {
            self.sleeps.borrow_mut().push(duration);
            self.pass(duration);
            true
        }
    }

    fn seconds(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    fn history(status: RunStatus) -> Result<WorkflowHistory, Error> {
        history_of(&format!(r#""status":"{status}""#))
    }

    fn history_of(members: &str) -> Result<WorkflowHistory, Error> {
        let text = format!(r#"{{"status":"Success","resultData":{{{members}}}}}"#);
        let (_, data) = Envelope::parse::<RawData<'_>>(&text).unwrap();
        let Ok(Some(state)) = HistoryEndpoint::extract(Some(&data), text.as_bytes(), "") else {
            panic!("{text}");
        };
        Ok(WorkflowHistory { state, response: Response::from_json(200, text) })
    }

    fn failure(kind: ErrorKind, retry_after: Option<Duration>) -> Result<WorkflowHistory, Error> {
        Err(Error::new(kind, Outcome::Unknown, "failed").with_response(
            500,
            retry_after,
            vec![],
            None,
        ))
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
        let poll = |deadline: Instant| {
            let took = seconds(1.0).min(deadline - clock.now());
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
        let poll = |_: Instant| {
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
        let poll = |_: Instant| {
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

    #[test]
    fn timeouts_out_of_range_are_refused() {
        for timeout in [Duration::ZERO, Duration::from_micros(999), Duration::MAX] {
            assert_eq!(WaitOptions::new(timeout).unwrap_err().kind(), E::TimeoutRange);
        }
    }
}
