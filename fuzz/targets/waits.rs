//! Waits, with any results of polls and any clock: no poll is due before its time or after the
//! deadline, every wait ends, a set of waits keeps to its limit, and retries are safe.
#![no_main]
#![allow(dead_code, unused_imports, reason = "the library's own files are included as they are")]

use std::cell::Cell;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use arbitrary::{Result as Choice, Unstructured};
use libfuzzer_sys::fuzz_target;

#[path = "../../src/api/mod.rs"]
mod api;
#[path = "../../src/arrays.rs"]
mod arrays;
#[path = "../../src/call_info.rs"]
mod call_info;
#[path = "../../src/error.rs"]
mod error;
#[path = "../../src/headers.rs"]
mod headers;
#[path = "../../src/json.rs"]
mod json;
#[path = "../../src/limits.rs"]
mod limits;
#[path = "../../src/memory.rs"]
mod memory;
#[path = "../../src/outcome.rs"]
mod outcome;
#[path = "../../src/redact/mod.rs"]
mod redact;
#[path = "../../src/response.rs"]
mod response;
#[path = "../../src/retry.rs"]
mod retry;
#[path = "../../src/seen.rs"]
mod seen;
#[path = "../../src/token.rs"]
mod token;
#[path = "../../src/wait.rs"]
mod wait;
#[path = "../../src/wait_queue.rs"]
mod wait_queue;
#[path = "../../src/wiped.rs"]
mod wiped;

/// Nothing panics on purpose here.
mod panic_points {
    pub(crate) fn pass(_: &str) {}
}

mod config {
    use std::time::Duration;

    use crate::error::Error;

    pub(crate) struct Range;

    pub(crate) const TIMEOUT: Range = Range;

    impl Range {
        pub(crate) fn check_duration(&self, duration: Duration) -> Result<Duration, Error> {
            Ok(duration)
        }
    }
}

/// The same numbers for the same input.
mod random {
    pub(crate) fn generator() -> fastrand::Rng {
        fastrand::Rng::with_seed(7)
    }
}

use api::endpoint::{Endpoint, RawData, RetrySafety};
use api::envelope::Envelope;
use api::history::{HistoryEndpoint, WorkflowHistory};
use call_info::CallInfo;
use error::{Error, ErrorKind, Outcome};
use response::Response;
use wait::{WaitOptions, WaitState};
use wait_queue::{Finding, Job, Step, WaitQueue};

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
const MAX_RETRY_AFTER: Duration = Duration::from_secs(300);
/// How long a run may be unknown.
const GRACE: Duration = Duration::from_secs(10);

const KINDS: [ErrorKind; 20] = {
    use ErrorKind::*;
    [
        Dns,
        Connect,
        ConnectTimeout,
        Tls,
        ProxyFailed,
        ResponseTimeout,
        ConnectionLost,
        InvalidHttp,
        ResponseTooLarge,
        Cancelled,
        Validation,
        Unauthorized,
        Forbidden,
        NotFound,
        RateLimited,
        Refused,
        Redirected,
        ServerFailed,
        UnexpectedResponse,
        OutOfMemory,
    ]
};

/// From a microsecond to ten days.
fn duration(choices: &mut Unstructured<'_>) -> Choice<Duration> {
    let exponent = choices.int_in_range(0..=39_u32)?;
    let rest = choices.arbitrary::<u64>()? & ((1 << exponent) - 1);
    Ok(Duration::from_micros((1 << exponent) + rest))
}

fn history(choices: &mut Unstructured<'_>) -> Choice<WorkflowHistory> {
    let status = *choices.choose(&[
        "RUNNING",
        "SUSPENDED",
        "ACTIVATED",
        "running",
        "PAUSED",
        "Aborted",
        "COMPLETED",
        "FAILED",
        "TERMINATED",
    ])?;
    let time = |choices: &mut Unstructured<'_>| -> Choice<String> {
        Ok(match choices.int_in_range(0..=5)? {
            0 => "null".into(),
            1 => "0".into(),
            2 => i64::MAX.to_string(),
            3 => (-1 - choices.int_in_range(0..=9)?).to_string(),
            _ => choices.int_in_range(1..=3)?.to_string(),
        })
    };
    let (start, end) = (time(choices)?, time(choices)?);
    let data = format!(r#"{{"status":"{status}","startTime":{start},"endTime":{end}}}"#);
    let text = format!(r#"{{"status":"Success","resultData":{data}}}"#);
    let (_, data) = Envelope::parse(&text).expect("an envelope");
    let state = HistoryEndpoint::extract(Some(&data), text.as_bytes(), "");
    let Ok(Some(state)) = state else { panic!("{text}") };
    Ok(WorkflowHistory { state, response: Response::from_json(200, text) })
}

fn failure(choices: &mut Unstructured<'_>) -> Choice<Error> {
    let kind = *choices.choose(&KINDS)?;
    let retry_after = match choices.ratio(1, 3)? {
        true => Some(duration(choices)?.min(Duration::from_secs(86_400))),
        false => None,
    };
    let is_from_gateway: bool = choices.arbitrary()?;
    let text = r#"{"status":"X","errors":["no such run"]}"#.to_owned();
    let response = is_from_gateway.then(|| Response::from_json(400, text));
    let error = Error::new(kind, Outcome::Unknown, "failed");
    Ok(error.with_response(400, retry_after, Vec::new(), response))
}

fn result(choices: &mut Unstructured<'_>) -> Choice<Result<WorkflowHistory, Error>> {
    Ok(if choices.ratio(1, 2)? { Ok(history(choices)?) } else { Err(failure(choices)?) })
}

/// True if a wait must go on after an error.
fn is_transient(error: &Error, elapsed: Duration, had_success: bool) -> bool {
    use ErrorKind::*;
    let is_young = elapsed < GRACE;
    match error.kind() {
        Unauthorized | Forbidden | ProxyFailed | Cancelled => false,
        NotFound => is_young,
        Refused | Validation => had_success || is_young && error.response().is_some(),
        Tls | Redirected | ResponseTooLarge => had_success,
        _ => true,
    }
}

fn options(choices: &mut Unstructured<'_>) -> Choice<(WaitOptions, Option<Duration>)> {
    let timeout = match choices.ratio(3, 4)? {
        true => Some(duration(choices)?.max(Duration::from_millis(1))),
        false => None,
    };
    let options = match timeout {
        Some(timeout) => WaitOptions::new(timeout).expect("a timeout"),
        None => WaitOptions::without_timeout(),
    };
    Ok((if choices.arbitrary()? { options.or_suspended() } else { options }, timeout))
}

/// One wait, whose owner polls early, on time or late.
fn check_wait(choices: &mut Unstructured<'_>) -> Choice<()> {
    let start = Instant::now();
    let (options, timeout) = options(choices)?;
    let deadline = timeout.map(|timeout| start + timeout);
    let mut wait = WaitState::new(&options, start);
    let clock = Cell::new(start);
    let (mut polls, mut had_success) = (0_u32, false);
    while let Some(pause) = wait.next_poll_in(clock.get()) {
        if choices.is_empty() {
            break;
        }
        let due = clock.get() + pause;
        clock.set(match choices.int_in_range(0..=7)? {
            0 => clock.get() + pause / 3,
            1 => due + duration(choices)?,
            _ => due,
        });
        let before = clock.get();
        let took = duration(choices)?;
        let answer = result(choices)?;
        let mut is_made = false;
        let mut poll = |until: Option<Instant>| {
            is_made = true;
            assert_eq!(until, deadline);
            assert!(deadline.is_none_or(|deadline| before < deadline));
            // A call returns by its deadline.
            let ends = before + took;
            clock.set(until.map_or(ends, |until| ends.min(until)));
            answer.clone()
        };
        let polled = wait.poll(&|| clock.get(), &mut poll);
        let now = clock.get();
        assert_eq!(polled.is_some(), is_made);
        let state = wait.result(CallInfo::default());
        assert!(!state.error().is_some_and(|e| e.message().contains(char::is_control)));
        let Some(polled) = polled else {
            // Only because of the deadline.
            let deadline = deadline.expect("a deadline");
            assert!(before + Duration::from_millis(25) >= deadline);
            assert_eq!(state.error().map(Error::kind), Some(ErrorKind::WaitTimeout));
            assert!(wait.has_ended());
            break;
        };
        polls += 1;
        assert_eq!((polled.number, state.polls()), (polls, polls));
        assert_eq!(polled.elapsed, now - start);
        let goes_on = match &answer {
            Ok(_) => true,
            Err(error) => is_transient(error, now - start, had_success),
        };
        had_success |= answer.is_ok();
        assert_eq!(state.last().is_some(), had_success);
        if wait.has_ended() {
            match (state.error().map(Error::kind), &answer) {
                (None, Ok(last)) => {
                    use api::status::RunStatus::{Activated, Running};
                    assert!(!matches!(last.status(), Running | Activated));
                }
                (Some(ErrorKind::WaitTimeout), _) => {
                    let left = deadline.expect("a deadline").saturating_duration_since(now);
                    // There is no time for another poll that takes as long.
                    let last = (now - before) + FIRST_PAUSE;
                    assert!(left <= last && goes_on, "{left:?}");
                }
                (Some(kind), Err(error)) => assert!(kind == error.kind() && !goes_on),
                (error, _) => panic!("{error:?}"),
            }
            break;
        }
        assert!(goes_on);
        assert!(!answer.as_ref().is_ok_and(|last| last.status().is_final()));
        assert_eq!(state.error().map(Error::kind), Some(ErrorKind::WaitOpen));
        // When the next poll is due.
        let asked = answer.err().and_then(|error| error.retry_after()).unwrap_or_default();
        let asked = asked.min(MAX_RETRY_AFTER);
        let pause = wait.next_poll_in(now).expect("a wait that goes on");
        let next = now + pause;
        assert!(deadline.is_none_or(|deadline| next <= deadline), "{pause:?} {asked:?}");
        let is_early = before < due;
        assert!(!is_early || next >= due);
        if deadline.is_none() {
            let longest = LONGEST_PAUSE.max(asked) + due.saturating_duration_since(now);
            assert!(pause >= asked && pause <= longest, "{pause:?} {asked:?}");
            assert!(is_early || pause >= FIRST_PAUSE);
        } else if !is_early {
            let left = deadline.expect("a deadline") - now;
            let until_last = left.saturating_sub((now - before) * 2 + Duration::from_millis(50));
            assert!(pause >= FIRST_PAUSE.max(asked).min(until_last), "{pause:?} {asked:?}");
        }
    }
    let was_open = !wait.has_ended();
    wait.end_early(ErrorKind::WaitStopped, "the wait was stopped");
    assert!(wait.has_ended() && wait.next_poll_in(clock.get()).is_none());
    let kind = wait.result(CallInfo::default()).error().map(Error::kind);
    assert_eq!(kind == Some(ErrorKind::WaitStopped), was_open);
    Ok(())
}

/// What a run of a set is doing.
struct Run {
    deadline: Option<Instant>,
    /// The number of its entry: it may be removed and added again.
    number: u32,
}

/// A set of waits, polled by several threads.
struct Set {
    queue: WaitQueue<u32>,
    now: Instant,
    limit: u32,
    /// When the limit allows the next poll.
    next_poll: Instant,
    /// Until when `Retry-After` holds the set.
    held_until: Instant,
    runs: BTreeMap<String, Run>,
    jobs: Vec<(Job, u32)>,
    added: u32,
}

impl Set {
    fn new() -> Self {
        let now = Instant::now();
        Set {
            queue: WaitQueue::new(now),
            now,
            limit: 20,
            next_poll: now,
            held_until: now,
            runs: BTreeMap::new(),
            jobs: Vec::new(),
            added: 0,
        }
    }

    fn gap(&self) -> Duration {
        Duration::from_secs(1) / self.limit
    }

    /// The end of a wait is reported once, and while its run is in the set.
    fn end(&mut self, id: &str, number: u32) {
        let run = self.runs.remove(id).expect("a run of the set");
        assert_eq!(run.number, number);
    }

    /// Does what the set says. Returns false if it sleeps.
    fn step(&mut self) -> bool {
        match self.queue.step(self.now, 0) {
            Step::Poll(job) => {
                assert!(self.now >= self.next_poll, "faster than the limit");
                assert!(self.now >= self.held_until, "earlier than Retry-After");
                let run = self.runs.get(&*job.id).expect("a run of the set");
                assert_eq!(job.deadline, run.deadline);
                // Deadlines are kept in microseconds, rounded up.
                let is_over = |end: Instant| end + Duration::from_micros(1) <= self.now;
                assert!(!run.deadline.is_some_and(is_over), "polled after its deadline");
                let number = run.number;
                assert!(self.jobs.iter().all(|(_, other)| *other != number), "polled twice");
                self.next_poll = self.now + self.gap();
                self.jobs.push((job, number));
                true
            }
            Step::Ended(event) => {
                assert!(event.has_ended());
                let (id, number, wait) = event.into_parts();
                let deadline = self.runs.get(&id).and_then(|run| run.deadline);
                assert!(deadline.is_some_and(|deadline| deadline <= self.now));
                assert_eq!(wait.error().map(Error::kind), Some(ErrorKind::WaitTimeout));
                self.end(&id, number);
                true
            }
            Step::Sleep(until) => {
                assert!(until.is_none_or(|until| until > self.now), "a busy loop");
                // Runs whose time is over have ended, or are being polled.
                for run in self.runs.values() {
                    let is_polled = self.jobs.iter().any(|(_, number)| *number == run.number);
                    let is_over = |end: Instant| end + Duration::from_micros(1) <= self.now;
                    let is_over = run.deadline.is_some_and(is_over);
                    assert!(is_polled || !is_over, "a wait that does not end");
                }
                false
            }
        }
    }

    fn finish(&mut self, at: usize, result: Result<WorkflowHistory, Error>) {
        let (job, number) = self.jobs.swap_remove(at);
        let is_there = self.runs.get(&*job.id).is_some_and(|run| run.number == number);
        if let Err(error) = &result
            && error.kind() != ErrorKind::Cancelled
            && let Some(asked) = error.retry_after()
        {
            self.held_until = self.held_until.max(self.now + asked.min(MAX_RETRY_AFTER));
        }
        match self.queue.finish(&job, result, self.now, 0) {
            Some(Finding::Run(event)) => {
                assert!(is_there && *event.user_data() == number);
                if event.has_ended() {
                    self.end(&job.id, number);
                }
            }
            Some(Finding::Trouble(error)) => assert_ne!(error.kind(), ErrorKind::RateLimited),
            None => {}
        }
    }
}

fn check_set(choices: &mut Unstructured<'_>) -> Choice<()> {
    let mut set = Set::new();
    while !choices.is_empty() {
        match choices.int_in_range(0..=9)? {
            0 | 1 => {
                let id = format!("run-{}", choices.int_in_range(0..=40)?);
                let (options, timeout) = options(choices)?;
                let is_new = !set.runs.contains_key(&id);
                set.added += 1;
                let number = set.added;
                assert_eq!(set.queue.add(&id, &options, number, set.now), is_new);
                if is_new {
                    let deadline = timeout.map(|timeout| set.now + timeout);
                    set.runs.insert(id, Run { deadline, number });
                }
            }
            2 => {
                let id = format!("run-{}", choices.int_in_range(0..=40)?);
                let is_there = set.runs.remove(&id).is_some();
                assert_eq!(set.queue.remove(&id, set.now), is_there);
            }
            3 => {
                set.limit = choices.int_in_range(1..=1000)?;
                set.queue.set_limit(set.limit, set.now);
                set.next_poll = set.next_poll.min(set.now + set.gap());
            }
            4 => set.now += duration(choices)?,
            5 | 6 if !set.jobs.is_empty() => {
                let at = choices.choose_index(set.jobs.len())?;
                let result = result(choices)?;
                set.finish(at, result);
            }
            _ => {
                // Sleeps as the set says.
                if let Step::Sleep(Some(until)) = peek(&mut set) {
                    set.now = until;
                }
            }
        }
        assert_eq!(set.queue.len(), set.runs.len());
    }
    // Every wait with a deadline ends.
    while !set.jobs.is_empty() {
        set.finish(0, Err(Error::new(ErrorKind::ConnectionLost, Outcome::Unknown, "lost")));
    }
    set.now += Duration::from_secs(20 * 86_400);
    for _ in 0..1000 {
        if set.runs.values().all(|run| run.deadline.is_none()) {
            break;
        }
        if !set.step() {
            break;
        }
        while !set.jobs.is_empty() {
            set.finish(0, Err(Error::new(ErrorKind::ConnectionLost, Outcome::Unknown, "lost")));
        }
    }
    assert!(set.runs.values().all(|run| run.deadline.is_none()), "a wait that does not end");
    Ok(())
}

/// Steps until the set sleeps or polls.
fn peek(set: &mut Set) -> Step<u32> {
    for _ in 0..100 {
        if !set.step() {
            return set.queue.step(set.now, 0);
        }
        if set.jobs.len() > 3 {
            break;
        }
    }
    Step::Sleep(None)
}

/// A retry is never unsafe, early or too late.
fn check_retry(choices: &mut Unstructured<'_>) -> Choice<()> {
    let outcomes = [Outcome::Accepted, Outcome::Rejected, Outcome::NotSent, Outcome::Unknown];
    let outcome = *choices.choose(&outcomes)?;
    let safeties = [RetrySafety::Always, RetrySafety::UnlessSent, RetrySafety::Never];
    let safety = *choices.choose(&safeties)?;
    let kind = *choices.choose(&KINDS)?;
    let retry_after = if choices.arbitrary()? { Some(duration(choices)?) } else { None };
    let has_no_effect = choices.arbitrary()?;
    let error = Error::new(kind, outcome, "failed")
        .with_response(400, retry_after, Vec::new(), None)
        .with_no_effect(has_no_effect);
    let (is_first, retries) = (choices.arbitrary()?, choices.int_in_range(0..=4)?);
    let left = duration(choices)?;
    let Some(pause) = retry::pause(safety, &error, is_first, retries, left) else { return Ok(()) };
    assert_ne!(safety, RetrySafety::Never);
    assert!(pause >= retry_after.unwrap_or_default());
    assert!(pause + Duration::from_secs(1) <= left);
    assert!(retries < 3);
    if safety == RetrySafety::UnlessSent {
        let is_refused = outcome == Outcome::Rejected && has_no_effect && is_first;
        let was_refused = outcome == Outcome::Rejected && kind != ErrorKind::RateLimited;
        assert!(outcome == Outcome::NotSent || is_refused || was_refused);
    }
    Ok(())
}

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    let mut choices = Unstructured::new(rest);
    let _ = match first % 4 {
        0 | 1 => check_wait(&mut choices),
        2 => check_set(&mut choices),
        _ => check_retry(&mut choices),
    };
});
