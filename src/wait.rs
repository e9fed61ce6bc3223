//! Polls a run until it is final. The clock and the sleep are passed in.

use std::ops::ControlFlow;
use std::thread;
use std::time::{Duration, Instant};

use crate::api::history::WorkflowHistory;
use crate::api::status::WorkflowStatus;
use crate::config;
use crate::error::{Error, ErrorKind, Outcome};

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
/// over. A look that fails does not end the wait, unless looking again cannot mend it: a token
/// that is refused, say, or a run that is still not known after 10 s.
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

    /// Ends the wait also when the run is suspended: a person may have to do something.
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
#[derive(Debug, Clone)]
#[must_use]
pub struct Wait {
    polls: u32,
    last: Option<WorkflowHistory>,
    error: Option<Error>,
}

impl Wait {
    pub(crate) fn refused(error: Error) -> Self {
        Wait { polls: 0, last: None, error: Some(error) }
    }

    /// How often the run was looked at.
    pub fn polls(&self) -> u32 {
        self.polls
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

    pub(crate) fn into_parts(self) -> (u32, Option<WorkflowHistory>, Option<Error>) {
        (self.polls, self.last, self.error)
    }
}

/// What time it is, and how to let it pass.
pub(crate) trait Clock {
    fn now(&self) -> Instant;
    fn sleep(&self, duration: Duration);
}

pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn sleep(&self, duration: Duration) {
        thread::sleep(duration);
    }
}

/// Looks at a run again and again; a look has to be back before the time that it is given.
pub(crate) fn until_final(
    clock: &impl Clock,
    options: &WaitOptions,
    mut look: impl FnMut(Instant) -> Result<WorkflowHistory, Error>,
    mut on_poll: impl FnMut(&Poll) -> ControlFlow<()>,
) -> Wait {
    let start = clock.now();
    let deadline = start + options.timeout;
    let mut random = fastrand::Rng::new();
    let mut pause = FIRST_PAUSE;
    let mut longest_look = Duration::ZERO;
    let mut wait = Wait { polls: 0, last: None, error: None };
    loop {
        let before = clock.now();
        let seen = look(deadline);
        let now = clock.now();
        longest_look = longest_look.max(now - before);
        wait.polls += 1;
        let poll = Poll { number: wait.polls, elapsed: now - start, seen };
        let is_stopped = on_poll(&poll).is_break();

        let Poll { elapsed, seen, .. } = poll;
        let failure = match seen {
            Ok(history) => {
                let status = history.status();
                wait.last = Some(history);
                if options.end_on(status) {
                    return wait;
                }
                None
            }
            Err(error) if !can_pass(error.kind(), elapsed, wait.last.is_some()) => {
                return Wait { error: Some(error), ..wait };
            }
            Err(error) => Some(error),
        };
        if is_stopped {
            return wait.ended(ErrorKind::WaitStopped, "the wait was stopped", failure);
        }

        let now = clock.now();
        let left = deadline.saturating_duration_since(now);
        // So much earlier the last look is made, to be back in time.
        let reserve = (longest_look * 2 + MIN_RESERVE).min(options.timeout / 4);
        let until_last_look = left.saturating_sub(reserve);
        let asked_for = failure.as_ref().and_then(Error::retry_after).unwrap_or_default();
        if until_last_look.is_zero() || asked_for > left {
            clock.sleep(if asked_for > left { left } else { Duration::ZERO });
            return wait.ended(ErrorKind::WaitTimeout, "the time of the wait is over", failure);
        }
        let jittered = pause.mul_f64(1.0 + MOST_JITTER * random.f64());
        clock.sleep(jittered.min(until_last_look).max(asked_for));
        pause = (pause * 3 / 2).min(LONGEST_PAUSE);
    }
}

impl WaitOptions {
    fn end_on(&self, status: WorkflowStatus) -> bool {
        status.is_final() || self.returns_on_suspended && status == WorkflowStatus::Suspended
    }
}

impl Wait {
    fn ended(self, kind: ErrorKind, why: &str, failure: Option<Error>) -> Wait {
        let looks = if self.polls == 1 { "look" } else { "looks" };
        let mut message = format!("{why} after {} {looks}", self.polls);
        match &self.last {
            Some(history) => message += &format!("; {history}"),
            None => message += "; none succeeded",
        }
        if let Some(failure) = failure {
            message += &format!("; the last look failed: {failure}");
        }
        let error = Error::new(kind, Outcome::Unknown, message + " (the workflow may be running)");
        Wait { error: Some(error), ..self }
    }
}

/// Whether looking again may mend a failed look.
fn can_pass(kind: ErrorKind, elapsed: Duration, was_seen: bool) -> bool {
    use ErrorKind::*;
    match kind {
        Dns | Connect | ConnectTimeout | ReplyTimeout | ConnectionLost | InvalidHttp
        | RateLimited | ServerFailed | UnexpectedReply => true,
        NotFound => elapsed < GRACE,
        // A certificate that was good a moment ago.
        Tls => was_seen,
        _ => false,
    }
}
