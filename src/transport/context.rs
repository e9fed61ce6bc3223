//! The state of one call: its deadline, its cancellation, its log and its metadata.

use std::cell::Cell;
use std::fmt;
use std::time::{Duration, Instant};

use crate::call_info::{CallInfo, RequestId};
use crate::counters::Tally;
use crate::error::{ErrorKind, Outcome};
use crate::fork;
use crate::log::{Log, LogLevel};

use super::background::SharedWork;
use super::cancel::{ActiveCall, CancellationToken};
use super::exchange::Fault;

pub(crate) struct CallContext<'a> {
    pub(crate) deadline: Instant,
    /// Time from the start of the call, or of the current poll, to its deadline.
    pub(super) timeout: Duration,
    pub(crate) cancellation: CancellationToken<'a>,
    pub(crate) info: CallInfo,
    /// Request bytes sent so far, in all attempts that were not certainly refused.
    pub(super) bytes_sent: u64,
    /// True if an attempt was certainly refused.
    pub(crate) was_refused: bool,
    /// True if the response to the last attempt is the first on its connection, so that it cannot
    /// be a copy of an earlier one.
    pub(crate) is_first_response: bool,
    /// Set before the first byte of a request may be sent, because a panic may come before the
    /// bytes are added to `bytes_sent`.
    pub(super) may_have_sent: bool,
    pub(crate) tally: &'a Tally,
    /// Ends with the call.
    _active: ActiveCall<'a>,
    log: &'a Log,
    is_in_callback: Cell<bool>,
    pub(super) started: Instant,
}

/// A call between two requests: a wait that its owner drives. Unlike a context, it borrows nothing.
#[derive(Debug)]
pub(crate) struct PausedCall {
    generation: u64,
    process: u64,
    bytes_sent: u64,
    was_refused: bool,
    may_have_sent: bool,
    started: Instant,
    pub(crate) info: CallInfo,
}

impl PausedCall {
    /// Makes a token that begins now that of this call.
    ///
    /// # Errors
    ///
    /// Why the call was cancelled in the meantime, as the start of a message.
    pub(crate) fn check(&self, token: &mut CancellationToken<'_>) -> Result<(), &'static str> {
        token.set_generation(self.generation);
        if self.process != fork::process() {
            Err(fork::FORKED)
        } else if token.is_cancelled() {
            Err(token.reason())
        } else {
            Ok(())
        }
    }
}

impl<'a> CallContext<'a> {
    pub(super) fn new(
        timeout: Duration,
        request_id: RequestId,
        active: ActiveCall<'a>,
        tally: &'a Tally,
        log: &'a Log,
    ) -> Self {
        let started = Instant::now();
        let info = CallInfo { request_id, ..CallInfo::default() };
        CallContext {
            deadline: started + timeout,
            timeout,
            cancellation: active.token(),
            info,
            bytes_sent: 0,
            was_refused: false,
            is_first_response: false,
            may_have_sent: false,
            tally,
            _active: active,
            log,
            is_in_callback: Cell::new(false),
            started,
        }
    }

    /// Sets the deadline to `deadline` or to `timeout` from now, whichever is earlier.
    pub(crate) fn set_deadline(&mut self, deadline: Option<Instant>, timeout: Duration) {
        let now = Instant::now();
        let at_timeout = now + timeout;
        self.deadline = deadline.map_or(at_timeout, |deadline| deadline.min(at_timeout));
        self.timeout = self.deadline.saturating_duration_since(now);
    }

    pub(crate) fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Records that the attempts so far were certainly refused, so their bytes do not count.
    pub(crate) fn forget_refused(&mut self) {
        self.bytes_sent = 0;
        self.may_have_sent = false;
        self.was_refused = true;
    }

    /// Runs work that may block in its own thread, or joins `shared` if that is in progress, for at
    /// most `limit`. If the deadline, `limit` or a cancellation comes first, calls `abandon` and
    /// leaves the thread alone. `doing` names the work in the message about that.
    ///
    /// # Errors
    ///
    /// That of the work; [`ErrorKind::Cancelled`]; [`ErrorKind::TokenSource`] if it took too long.
    pub(crate) fn in_background<T: Clone + Send + Sync + 'static>(
        &self,
        shared: &SharedWork<T>,
        limit: Duration,
        doing: &str,
        work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
        abandon: impl FnOnce(),
    ) -> Result<T, Fault> {
        let failed = |message| Fault::new(ErrorKind::TokenSource, message);
        let now = Instant::now();
        let deadline = self.deadline.min(now + limit);
        let work = shared
            .start_or_join("luma-token", self.cancellation.canceller().root(), |_| false, work)
            .map_err(|error| failed(format!("no thread can be started: {error}")))?;
        let waited = work.wait(deadline, self.cancellation, String::new).cloned();
        shared.drop_ended();
        if let Some(result) = work.result() {
            return result.clone();
        }
        abandon();
        waited.map_err(|fault| match fault.kind {
            ErrorKind::Cancelled => fault,
            _ => {
                let milliseconds = deadline.saturating_duration_since(now).as_millis();
                failed(format!("{doing} did not end within {milliseconds} ms"))
            }
        })
    }

    /// Runs a callback of the caller. A panic in it unwinds to the caller.
    pub(crate) fn in_callback<T>(&self, callback: impl FnOnce() -> T) -> T {
        self.is_in_callback.set(true);
        let result = callback();
        self.is_in_callback.set(false);
        result
    }

    /// Returns the state of the call, so that another context can continue it.
    pub(crate) fn pause(self) -> PausedCall {
        PausedCall {
            generation: self.cancellation.generation(),
            process: self.cancellation.process(),
            bytes_sent: self.bytes_sent,
            was_refused: self.was_refused,
            may_have_sent: self.may_have_sent,
            started: self.started,
            info: self.into_info(),
        }
    }

    /// Continues a paused call in this context, which has just begun.
    ///
    /// # Errors
    ///
    /// Why the call was cancelled in the meantime, as the start of a message.
    pub(crate) fn resume(&mut self, paused: &PausedCall) -> Result<(), &'static str> {
        self.bytes_sent = paused.bytes_sent;
        self.was_refused = paused.was_refused;
        self.may_have_sent = paused.may_have_sent;
        self.started = paused.started;
        self.info = paused.info.clone();
        paused.check(&mut self.cancellation)
    }

    /// Returns the metadata so far.
    pub(crate) fn info(&self) -> CallInfo {
        let mut info = self.info.clone();
        info.timings.total = Some(self.started.elapsed());
        info
    }

    /// Ends the call and returns its metadata.
    pub(crate) fn into_info(mut self) -> CallInfo {
        self.info.timings.total = Some(self.started.elapsed());
        self.info
    }

    /// Logs a line that starts with the call's request id.
    pub(crate) fn log(&self, level: LogLevel, line: fmt::Arguments<'_>) {
        self.log.call_line(level, &self.info.request_id, line, &self.is_in_callback);
    }

    /// Returns what is certain after a panic. `None` if the log callback panicked.
    pub(crate) fn outcome_of_panic(&self) -> Option<Outcome> {
        let outcome = match (self.may_have_sent, self.was_refused) {
            (true, _) => Outcome::Unknown,
            (false, true) => Outcome::Rejected,
            (false, false) => Outcome::NotSent,
        };
        (!self.is_in_callback.get()).then_some(outcome)
    }

    /// # Errors
    ///
    /// If the call was cancelled.
    pub(super) fn check_cancelled(&self) -> Result<(), Fault> {
        match self.cancellation.is_cancelled() {
            true => Err(Fault::cancelled(self.cancellation)),
            false => Ok(()),
        }
    }
}
