//! What one call carries along: its deadline, whether it is cancelled, where it logs, how it went.

use std::fmt;
use std::time::{Duration, Instant};

use crate::call_info::{CallInfo, RequestId};
use crate::error::ErrorKind;
use crate::log::{Log, LogLevel};

use super::Fault;
use super::cancel::CancellationToken;

pub(crate) struct CallContext<'a> {
    pub(crate) deadline: Instant,
    /// How long it was to the deadline at its start, or at that of a look.
    pub(super) timeout: Duration,
    pub(crate) cancellation: CancellationToken<'a>,
    pub(crate) info: CallInfo,
    /// Bytes of all its requests so far.
    pub(super) bytes_sent: u64,
    log: &'a Log,
    pub(super) began: Instant,
}

impl<'a> CallContext<'a> {
    pub(super) fn begin(
        timeout: Duration,
        request_id: RequestId,
        cancellation: CancellationToken<'a>,
        log: &'a Log,
    ) -> Self {
        let began = Instant::now();
        let info = CallInfo { request_id, ..CallInfo::default() };
        CallContext {
            deadline: began + timeout,
            timeout,
            cancellation,
            info,
            bytes_sent: 0,
            log,
            began,
        }
    }

    /// Has it end at a deadline, and after `at_most` from now on.
    pub(crate) fn end_by(&mut self, deadline: Instant, at_most: Duration) {
        let now = Instant::now();
        self.deadline = deadline.min(now + at_most);
        self.timeout = self.deadline.saturating_duration_since(now);
    }

    /// How it went so far.
    pub(crate) fn info(&self) -> CallInfo {
        let mut info = self.info.clone();
        info.timings.total = Some(self.began.elapsed());
        info
    }

    /// How it went.
    pub(crate) fn into_info(mut self) -> CallInfo {
        self.info.timings.total = Some(self.began.elapsed());
        self.info
    }

    /// Logs a line about this call.
    pub(crate) fn log(&self, level: LogLevel, line: fmt::Arguments<'_>) {
        self.log.line(level, format_args!("[{}] {line}", self.info.request_id));
    }

    /// # Errors
    ///
    /// That it was cancelled.
    pub(super) fn check(&self) -> Result<(), Fault> {
        if self.cancellation.is_cancelled() { Err(cancelled()) } else { Ok(()) }
    }
}

pub(super) fn cancelled() -> Fault {
    Fault::new(ErrorKind::Cancelled, "the call was cancelled")
}
