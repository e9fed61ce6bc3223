//! Polls a run until it is final. The clock and the sleep are passed in.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use crate::api::history::WorkflowHistory;
use crate::api::status::RunStatus;
use crate::call_info::CallInfo;
use crate::config;
use crate::error::{Error, ErrorKind, Outcome};
use crate::random;

const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// With the most jitter, 15 s.
const LONGEST_PAUSE: Duration = Duration::from_secs(12);
const MOST_JITTER: f64 = 0.25;

/// A run that was just triggered may not be known everywhere yet.
const GRACE: Duration = Duration::from_secs(10);

const MIN_RESERVE: Duration = Duration::from_millis(50);

/// How a wait goes on and ends.
///
/// The run is looked at right away and then after pauses from 0.5 s, growing by half, at most
/// 15 s, jittered; later if the gateway asks for that. The last look is just before the time is
/// over. A look that fails does not end the wait, unless looking again cannot mend it: a token that
/// is refused, say, or a run that is still not known after 10 s.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitOptions {
    timeout: Duration,
    returns_on_suspended: bool,
}

impl WaitOptions {
    /// Waits for the given time at most.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TimeoutRange`] if it is not 1 ms to 24 h.
    pub fn new(timeout: Duration) -> Result<Self, Error> {
        let timeout = config::checked_timeout("timeout", timeout)?;
        Ok(WaitOptions { timeout, returns_on_suspended: false })
    }

    /// Ends the wait also when the run is suspended: a person may have to do something. On a run
    /// that is suspended already it ends at once.
    #[must_use]
    pub fn or_suspended(self) -> Self {
        WaitOptions { returns_on_suspended: true, ..self }
    }
}

/// One look at a run, while it is waited for.
#[derive(Debug, Clone)]
pub struct Poll {
    /// Which look this is, counted from 1.
    pub number: u32,
    /// How long the wait has lasted.
    pub elapsed: Duration,
    /// What was seen, or why nothing was.
    pub seen: Result<WorkflowHistory, Error>,
}

/// How a wait ended.
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

    /// How the wait went: all looks have the same request id.
    pub fn info(&self) -> &CallInfo {
        &self.info
    }

    /// How often the run was looked at.
    pub fn polls(&self) -> u32 {
        self.polls
    }

    /// How long the wait had lasted when the last look came back.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The last state seen, however the wait ended; none if no look succeeded.
    pub fn last(&self) -> Option<&WorkflowHistory> {
        self.last.as_ref()
    }

    /// Why the wait ended early: [`ErrorKind::WaitTimeout`], [`ErrorKind::WaitStopped`], or what
    /// looking again cannot mend. None if the run has ended, whether it is `COMPLETED`, `FAILED`
    /// or `TERMINATED`, or is suspended and that was waited for.
    pub fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }

    /// The last state seen, and why the wait ended early.
    pub fn into_parts(self) -> (Option<WorkflowHistory>, Option<Error>) {
        (self.last, self.error)
    }

    /// The state in which the run ended.
    ///
    /// # Errors
    ///
    /// As [`error`](Self::error).
    pub fn into_result(self) -> Result<WorkflowHistory, Error> {
        match (self.error, self.last) {
            (None, Some(history)) => Ok(history),
            (Some(error), _) => Err(error),
            (None, None) => Err(Error::new(ErrorKind::Internal, Outcome::Unknown, "no state")),
        }
    }
}

/// What time it is, and how to let it pass.
pub(crate) trait Clock {
    fn now(&self) -> Instant;
    /// False if the wait is cancelled.
    fn sleep(&self, duration: Duration) -> bool;
}

/// Looks at a run again and again; a look has to be back before the time that it is given.
pub(crate) fn until_final(
    clock: &dyn Clock,
    options: &WaitOptions,
    mut look: impl FnMut(Instant) -> Result<WorkflowHistory, Error>,
    mut on_poll: impl FnMut(&Poll) -> ControlFlow<()>,
) -> Wait {
    let start = clock.now();
    let deadline = start + options.timeout;
    let mut random = random::generator();
    let mut pause = FIRST_PAUSE;
    let mut was_last = false;
    let mut wait = Wait::default();
    loop {
        let before = clock.now();
        let seen = look(deadline);
        let now = clock.now();
        let look_took = now - before;
        wait.polls += 1;
        wait.elapsed = now - start;
        let poll = Poll { number: wait.polls, elapsed: wait.elapsed, seen };
        let is_stopped = on_poll(&poll).is_break();

        let failure = match poll.seen {
            Ok(history) => {
                let status = history.status();
                wait.last = Some(history);
                if options.end_on(status) {
                    return wait;
                }
                None
            }
            Err(error) if !can_pass(error.kind(), wait.elapsed, wait.last.is_some()) => {
                let seen = wait.seen();
                let error = error.in_context(&format!("the wait ended after {seen}"));
                return Wait { error: Some(error), ..wait };
            }
            Err(error) => Some(error),
        };
        if is_stopped {
            return wait.ended(ErrorKind::WaitStopped, "the wait was stopped", failure);
        }

        let now = clock.now();
        let left = deadline.saturating_duration_since(now);
        let spare = MIN_RESERVE.min(options.timeout / 4);
        if left <= look_took + spare || was_last && left < FIRST_PAUSE + look_took {
            return wait.ended(ErrorKind::WaitTimeout, "the time of the wait is over", failure);
        }
        let jittered = pause.mul_f64(1.0 + MOST_JITTER * random.f64());
        let asked_for = failure.as_ref().and_then(Error::retry_after).unwrap_or_default();
        // The last look is made early enough to be back in time, even if it takes twice as long.
        let until_last_look = left.saturating_sub(look_took * 2 + spare);
        let wanted = jittered.max(asked_for);
        was_last = wanted >= until_last_look;
        if !clock.sleep(wanted.min(until_last_look)) {
            return wait.ended(ErrorKind::Cancelled, "the wait was cancelled", failure);
        }
        pause = (pause * 3 / 2).min(LONGEST_PAUSE);
    }
}

impl WaitOptions {
    fn end_on(&self, status: RunStatus) -> bool {
        status.is_final() || self.returns_on_suspended && status == RunStatus::Suspended
    }
}

impl Wait {
    fn ended(self, kind: ErrorKind, why: &str, failure: Option<Error>) -> Wait {
        let mut message = format!("{why} after {}", self.seen());
        if let Some(failure) = &failure {
            message += &format!("; the last look failed: {failure}");
        }
        let error = match failure {
            // With what the gateway said in it: when to come again, say.
            Some(failure) => failure.recast(kind, Outcome::Unknown, message),
            None => Error::new(kind, Outcome::Unknown, message),
        };
        Wait { error: Some(error), ..self }
    }

    fn seen(&self) -> String {
        match (self.polls, &self.last) {
            (1, Some(history)) => format!("1 look; {history}"),
            (looks, Some(history)) => format!("{looks} looks; {history}"),
            (1, None) => "1 look, which did not see the run".into(),
            (looks, None) => format!("{looks} looks, none of which saw the run"),
        }
    }
}

/// Whether looking again may mend a failed look.
fn can_pass(kind: ErrorKind, elapsed: Duration, was_seen: bool) -> bool {
    use ErrorKind::*;
    match kind {
        Dns | Connect | ConnectTimeout | ResponseTimeout | ConnectionLost | InvalidHttp
        | RateLimited | ServerFailed | UnexpectedResponse => true,
        NotFound => elapsed < GRACE,
        // What went well a moment ago may do so again.
        Tls | Refused | Redirected | ValidationFailed | ResponseTooLarge => was_seen,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;
    use crate::api::endpoint::{Endpoint, RawData};
    use crate::api::envelope::Envelope;
    use crate::api::history::HistoryEndpoint;
    use crate::outcome::Payload;
    use crate::response::Response;
    use ErrorKind as E;
    use RunStatus as S;

    /// Time that passes only when somebody sleeps.
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
        let text = format!(r#"{{"status":"Success","resultData":{{"status":"{status}"}}}}"#);
        let (_, data) = Envelope::parse::<RawData<'_>>(&text).unwrap();
        let Payload::Present(state) = HistoryEndpoint::find(Some(&data), text.as_bytes(), "")
        else {
            panic!("{text}");
        };
        Ok(WorkflowHistory { state, response: Response::of_json(200, text) })
    }

    fn failure(kind: ErrorKind, retry_after: Option<Duration>) -> Result<WorkflowHistory, Error> {
        Err(Error::new(kind, Outcome::Unknown, "failed").with_response(
            500,
            retry_after,
            vec![],
            None,
        ))
    }

    /// Waits while the looks give what `script` gives; the last of it again and again.
    fn wait(
        clock: &VirtualClock,
        options: WaitOptions,
        script: &[Result<WorkflowHistory, Error>],
    ) -> Wait {
        let mut number = 0;
        let look = |_| {
            number += 1;
            script[number.min(script.len()) - 1].clone()
        };
        until_final(clock, &options, look, |_| ControlFlow::Continue(()))
    }

    fn at_most(timeout: f64) -> WaitOptions {
        WaitOptions::new(seconds(timeout)).unwrap()
    }

    fn end(wait: &Wait) -> Option<ErrorKind> {
        wait.error().map(Error::kind)
    }

    #[test]
    fn pauses_grow_by_half_up_to_15_s_and_the_last_look_is_at_the_end() {
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
            let last_look: Duration = sleeps.iter().sum();
            assert!(last_look <= seconds(timeout), "{last_look:?}");
            let reserve = MIN_RESERVE.min(seconds(timeout) / 4);
            assert_eq!(last_look, seconds(timeout) - reserve);
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
    fn a_suspended_run_ends_the_wait_if_that_is_asked_for() {
        let script = [S::Running, S::Suspended].map(history);
        let waited = wait(&VirtualClock::new(), at_most(60.0).or_suspended(), &script);
        assert_eq!((end(&waited), waited.polls()), (None, 2));
        assert_eq!(waited.last().unwrap().status(), S::Suspended);
        let waited = wait(&VirtualClock::new(), at_most(60.0), &script);
        assert_eq!(end(&waited), Some(E::WaitTimeout));
    }

    #[test]
    fn a_look_that_fails_ends_the_wait_only_if_another_cannot_mend_it() {
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
        for (kind, passes_later) in [
            (E::Unauthorized, false),
            (E::Forbidden, false),
            (E::ProxyFailed, false),
            (E::Internal, false),
            (E::Refused, true),
            (E::Redirected, true),
            (E::ValidationFailed, true),
            (E::ResponseTooLarge, true),
            (E::Tls, true),
        ] {
            let script = [failure(kind, None), history(S::Completed)];
            let waited = wait(&VirtualClock::new(), at_most(60.0), &script);
            assert_eq!((end(&waited), waited.polls()), (Some(kind), 1));
            assert!(waited.last().is_none());
            let script = [history(S::Running), failure(kind, None), history(S::Completed)];
            let waited = wait(&VirtualClock::new(), at_most(60.0), &script);
            assert_eq!(end(&waited).is_none(), passes_later, "{kind:?}");
        }

        let script = [history(S::Running), failure(E::ServerFailed, None)];
        let waited = wait(&VirtualClock::new(), at_most(2.0), &script);
        assert_eq!(end(&waited), Some(E::WaitTimeout));
        assert_eq!(waited.last().unwrap().status(), S::Running);
        let message = waited.error().unwrap().message();
        assert!(message.contains("RUNNING; the last look failed: failed"), "{message}");
    }

    #[test]
    fn an_unknown_run_is_looked_for_only_10_s() {
        let clock = VirtualClock::new();
        let waited = wait(&clock, at_most(600.0), &[failure(E::NotFound, None)]);
        assert_eq!(end(&waited), Some(E::NotFound));
        assert!(clock.passed.get() >= GRACE && clock.passed.get() < seconds(20.0));
    }

    #[test]
    fn the_gateway_may_ask_to_wait_longer() {
        let clock = VirtualClock::new();
        let busy = failure(E::RateLimited, Some(seconds(7.0)));
        let waited = wait(&clock, at_most(60.0), &[busy.clone(), history(S::Completed)]);
        assert_eq!((end(&waited), clock.passed.get()), (None, seconds(7.0)));

        // There is one last look all the same.
        for asked in [seconds(60.0), seconds(61.0), Duration::MAX] {
            let clock = VirtualClock::new();
            let busy = failure(E::RateLimited, Some(asked));
            let waited = wait(&clock, at_most(60.0), &[busy]);
            assert_eq!((end(&waited), waited.polls()), (Some(E::WaitTimeout), 2));
            assert_eq!(clock.passed.get(), seconds(60.0) - MIN_RESERVE);
        }
    }

    #[test]
    fn the_caller_is_told_of_each_look_and_may_stop() {
        let clock = VirtualClock::new();
        let mut told = Vec::new();
        let waited = until_final(
            &clock,
            &at_most(60.0),
            |_| history(S::Running),
            |poll| {
                told.push((poll.number, poll.elapsed, poll.seen.as_ref().unwrap().status()));
                if poll.number < 3 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            },
        );
        assert_eq!((end(&waited), waited.polls()), (Some(E::WaitStopped), 3));
        assert_eq!(waited.last().unwrap().status(), S::Running);
        let sleeps = clock.sleeps.borrow();
        assert_eq!(
            told,
            [
                (1, Duration::ZERO, S::Running),
                (2, sleeps[0], S::Running),
                (3, sleeps[0] + sleeps[1], S::Running)
            ]
        );
        // What has ended cannot be stopped.
        let look = |_| history(S::Failed);
        let waited = until_final(&clock, &at_most(1.0), look, |_| ControlFlow::Break(()));
        assert_eq!(end(&waited), None);
    }

    #[test]
    fn slow_looks_and_callbacks_do_not_make_the_wait_longer() {
        let clock = VirtualClock::new();
        let look = |deadline: Instant| {
            let took = seconds(1.0).min(deadline - clock.now());
            clock.pass(took);
            if took < seconds(1.0) {
                failure(E::ResponseTimeout, None)
            } else {
                history(S::Running)
            }
        };
        let waited = until_final(&clock, &at_most(30.0), look, |_| {
            clock.pass(seconds(0.3));
            ControlFlow::Continue(())
        });
        assert_eq!(end(&waited), Some(E::WaitTimeout));
        assert!(clock.passed.get() <= seconds(30.3));
        assert!(!waited.error().unwrap().message().contains("failed"), "{waited:?}");

        // Looks that get quicker are not made in a burst at the end.
        let clock = VirtualClock::new();
        let mut took = seconds(0.12);
        let mut looks = Vec::new();
        let look = |_: Instant| {
            looks.push(clock.passed.get());
            clock.pass(took);
            took = took * 2 / 3;
            history(S::Running)
        };
        let waited = until_final(&clock, &at_most(3.0), look, |_| ControlFlow::Continue(()));
        assert_eq!(end(&waited), Some(E::WaitTimeout));
        let gaps: Vec<_> = looks.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let but_the_last = &gaps[..gaps.len() - 1];
        assert!(but_the_last.iter().all(|gap| *gap >= FIRST_PAUSE), "{gaps:?}");

        // One slow look does not make the last one early.
        let clock = VirtualClock::new();
        let mut is_first = true;
        let look = |_: Instant| {
            if std::mem::take(&mut is_first) {
                clock.pass(seconds(1.5));
            }
            let is_over = clock.passed.get() >= seconds(11.9);
            history(if is_over { S::Completed } else { S::Running })
        };
        let waited = until_final(&clock, &at_most(12.0), look, |_| ControlFlow::Continue(()));
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
    fn times_that_no_wait_can_have() {
        for timeout in [Duration::ZERO, Duration::from_micros(999), Duration::MAX] {
            assert_eq!(WaitOptions::new(timeout).unwrap_err().kind(), E::TimeoutRange);
        }
    }
}
