//! A wait whose owner polls and sleeps.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::api::history::{self, WorkflowHistory};
use crate::api::id::Id;
use crate::calls::{Calls, contain};
use crate::counters::OpenWaits;
use crate::error::{Error, ErrorKind, Outcome};
use crate::log::LogLevel;
use crate::panic_points;
use crate::transport::{CallContext, PausedCall};
use crate::wait::{Poll, Wait, WaitOptions, WaitState};

/// A wait for a run whose owner decides when it polls, for example on an event loop. It blocks only
/// while it polls, and never sleeps: between two polls, the owner waits, as long as
/// [`next_poll_in`](Self::next_poll_in) says. The rules for polling, for failed polls and for the
/// end of the wait are those of [`wait_for_workflow`](crate::Client::wait_for_workflow), see
/// [`WaitOptions`]. Its timeout starts when it is created.
///
/// Polling at another time does no harm. An early poll is made, and does not move the later ones. A
/// late one is made too; but if the timeout is over, nothing is sent, and the wait ends with
/// [`ErrorKind::WaitTimeout`]. After the end, [`poll_now`](Self::poll_now) returns the same result
/// again and sends nothing.
///
/// It shares connections and access token with the client that opened it. A cancellation of that
/// client ends it, also between two polls: then a poll is due at once, which sends nothing and
/// returns [`ErrorKind::Cancelled`]. The same happens in a forked child process.
///
/// ```no_run
/// # use luma::{Client, ErrorKind, WaitOptions};
/// # let client = Client::new("https://acme.automation.example", "token")?;
/// let mut wait = client.open_wait("51a7...", &WaitOptions::without_timeout())?;
/// while let Some(pause) = wait.next_poll_in() {
///     std::thread::sleep(pause); // or do something else in the meantime
///     if let Some(history) = wait.poll_now().last() {
///         println!("{}", history.status_text());
///     }
/// }
/// let ended = wait.result().into_result()?;
/// # Ok::<(), luma::Error>(())
/// ```
///
/// Since 0.1.0.
pub struct OpenWait {
    calls: Arc<Calls>,
    path: String,
    call: PausedCall,
    state: WaitState,
    open: OpenWaits,
}

impl OpenWait {
    pub(crate) fn new(
        calls: Arc<Calls>,
        trigger_id: &str,
        options: &WaitOptions,
        now: Instant,
    ) -> Result<Self, Error> {
        let call = calls.begin();
        match Id::trigger(trigger_id) {
            Ok(id) => Ok(OpenWait {
                path: history::path(&id),
                state: WaitState::new(options, now),
                call: call.pause(),
                open: OpenWaits::new(calls.transport().tally(), 1),
                calls,
            }),
            Err(error) => {
                note_end(Some(&error), None, &call);
                Err(error.with_info(call.info()))
            }
        }
    }

    /// Also ends the wait when the run is suspended, because a person may have to act. It applies
    /// to later polls.
    pub fn set_until_suspended(&mut self, on: bool) {
        self.state.set_until_suspended(on);
    }

    /// Returns how long from now the next poll is due; zero if it is overdue, or if the wait was
    /// cancelled; `None` if the wait has ended.
    pub fn next_poll_in(&self) -> Option<Duration> {
        self.next_poll_in_at(Instant::now())
    }

    pub(crate) fn next_poll_in_at(&self, now: Instant) -> Option<Duration> {
        panic_points::pass("a wait is asked for its pause");
        let pause = self.state.next_poll_in(now)?;
        let checked = self.call.check(&mut self.calls.cancellation());
        Some(checked.map_or(Duration::ZERO, |()| pause))
    }

    /// Polls the run once, now. Returns the state of the wait: its end, or
    /// [`ErrorKind::WaitOpen`] and the last state of the run. Blocks until the response, at most
    /// the timeout of a call, and not longer than the timeout of the wait.
    pub fn poll_now(&mut self) -> Wait {
        self.poll_at(&Instant::now);
        self.result()
    }

    /// Returns `None` if the wait has ended without another poll.
    pub(crate) fn poll_at(&mut self, now: &dyn Fn() -> Instant) -> Option<Poll> {
        if self.state.has_ended() {
            return None;
        }
        let (mut call, resumed) = self.calls.resume(&self.call);
        let polled = match resumed {
            Ok(()) => {
                let (calls, path) = (&self.calls, &self.path);
                let mut poll = |deadline: Option<Instant>| {
                    contain(&mut call, |call| calls.poll(path, deadline, call))
                };
                self.state.poll(now, &mut poll)
            }
            Err(reason) => {
                self.state.end_early(ErrorKind::Cancelled, reason);
                None
            }
        };
        self.note_end(&call);
        self.call = call.pause();
        self.open.set(u64::from(!self.state.has_ended()));
        polled
    }

    /// Ends the wait with [`ErrorKind::WaitStopped`], unless it has ended.
    pub(crate) fn stop(&mut self) {
        if !self.state.has_ended() {
            self.state.end_early(ErrorKind::WaitStopped, "the wait was stopped");
            let (call, _) = self.calls.resume(&self.call);
            self.note_end(&call);
            self.open.set(0);
        }
    }

    /// Returns the state of the wait, as [`poll_now`](Self::poll_now) does, without polling.
    pub fn result(&self) -> Wait {
        self.state.result(self.call.info.clone())
    }

    /// Logs and counts the outcome of the wait if it has ended.
    fn note_end(&self, call: &CallContext<'_>) {
        if let Some((error, last)) = self.state.end_of_wait() {
            note_end(error, last, call);
        }
    }

    /// Sleeps, at most until the wait is cancelled: the next poll notices that.
    pub(crate) fn sleep(&self, duration: Duration) {
        let mut token = self.calls.cancellation();
        if self.call.check(&mut token).is_ok() {
            token.sleep(duration);
        }
    }
}

fn note_end(error: Option<&Error>, last: Option<&WorkflowHistory>, call: &CallContext<'_>) {
    call.tally.count_outcome(error.map_or(Outcome::Accepted, Error::outcome));
    match error {
        Some(error) => call.log(LogLevel::Error, format_args!("{}: {error}", error.outcome())),
        None => {
            let status = last.map(WorkflowHistory::status_text).unwrap_or_default();
            call.log(LogLevel::Info, format_args!("{}: {status}", Outcome::Accepted));
        }
    }
}

impl fmt::Debug for OpenWait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenWait").field("path", &self.path).field("state", &self.state).finish()
    }
}
