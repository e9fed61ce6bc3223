//! `luma_result`: what became of a call.

use std::ffi::c_char;
use std::fmt::Write;
use std::time::Duration;

use crate::{CallInfo, Error, Outcome, Poll, Response, Trigger, Wait};

use super::answer::Answer;
use super::boundary::{Failure, guard_value};
use super::result_answer::{DefinitionStrings, StepStrings};
use super::status::{LUMA_ERROR_NULL_ARGUMENT_1, LUMA_OK};
use super::strings::{self, Elements, LazySecret, LazyString, StringMap};

/// The gateway took the request and named what was asked for: go on.
pub const LUMA_OUTCOME_ACCEPTED: i32 = 1;
/// The gateway refused and did nothing; after a trigger, nothing runs: mend the request, or wait if
/// the status is LUMA_ERROR_RATE_LIMITED.
pub const LUMA_OUTCOME_REJECTED: i32 = 2;
/// Not one byte of the request left: sending again is safe. Below 100 the status names what to mend
/// first.
pub const LUMA_OUTCOME_NOT_SENT: i32 = 3;
/// The request, or part of it, went out and no trustworthy answer came back. After a trigger, it may
/// be running: look before sending again.
pub const LUMA_OUTCOME_UNKNOWN: i32 = 4;

const USUAL_MESSAGE_BYTES: usize = 96;

/// What became of a call. Any number of threads may read it at once.
pub struct luma_result {
    /// What the call is for. After a wait that failed, the last state seen stands beside why.
    pub(super) answer: Option<Answer>,
    failure: Option<Failure>,
    pub(super) polls: u32,
    pub(super) waited: Option<Duration>,
    /// Of a wait; that of a call is with what came of it.
    wait_info: Option<CallInfo>,
    message: LazyString,
    errors: Vec<LazyString>,
    pub(super) request_id: LazyString,
    pub(super) secret: LazySecret,
    pub(super) json: LazyString,
    /// By JSON pointer.
    pub(super) values: StringMap,
    pub(super) status_text: LazyString,
    pub(super) steps: Elements<StepStrings>,
    pub(super) definitions: Elements<DefinitionStrings>,
}

impl luma_result {
    fn of_parts(answer: Option<Answer>, failure: Option<Failure>) -> Self {
        let error = failure.as_ref().and_then(Failure::error);
        let error_count = error.map_or(0, |error| error.errors().len());
        luma_result {
            answer,
            failure,
            polls: 0,
            waited: None,
            wait_info: None,
            message: LazyString::default(),
            errors: (0..error_count).map(|_| LazyString::default()).collect(),
            request_id: LazyString::default(),
            secret: LazySecret::default(),
            json: LazyString::default(),
            values: StringMap::default(),
            status_text: LazyString::default(),
            steps: Elements::default(),
            definitions: Elements::default(),
        }
    }

    pub(super) fn of_poll(poll: &Poll) -> Self {
        let (answer, failure) = match poll.result.clone() {
            Ok(history) => (Some(Answer::History(history)), None),
            Err(error) => (None, Some(error.into())),
        };
        luma_result {
            polls: poll.number,
            waited: Some(poll.elapsed),
            ..Self::of_parts(answer, failure)
        }
    }

    pub(super) fn status(&self) -> i32 {
        self.failure.as_ref().map_or(LUMA_OK, Failure::status)
    }

    fn outcome(&self) -> i32 {
        match self.failure.as_ref().map_or(Outcome::Accepted, Failure::outcome) {
            Outcome::Accepted => LUMA_OUTCOME_ACCEPTED,
            Outcome::Rejected => LUMA_OUTCOME_REJECTED,
            Outcome::NotSent => LUMA_OUTCOME_NOT_SENT,
            Outcome::Unknown => LUMA_OUTCOME_UNKNOWN,
        }
    }

    fn http_status(&self) -> i32 {
        match (&self.failure, &self.answer) {
            (None, Some(answer)) => answer.response().http_status().into(),
            _ => self.error().and_then(Error::http_status).map_or(0, i32::from),
        }
    }

    fn message(&self) -> String {
        match (&self.failure, &self.answer) {
            (Some(failure), _) => failure.message().into_owned(),
            (None, Some(answer)) => {
                let mut message = String::with_capacity(USUAL_MESSAGE_BYTES);
                // Writing to a String cannot fail.
                let _ = write!(message, "{answer}");
                message
            }
            (None, None) => String::new(),
        }
    }

    /// The message of a trigger ends in its id, so one string is both.
    pub(super) fn trigger_id(&self, trigger: &Trigger) -> *const c_char {
        self.message.get_end(|| self.message(), trigger.trigger_id().len())
    }

    pub(super) fn info(&self) -> &CallInfo {
        match (&self.wait_info, self.error(), &self.answer) {
            (Some(info), _, _) => info,
            (None, Some(error), _) => error.info(),
            (None, None, Some(answer)) => answer.response().info(),
            (None, None, None) => CallInfo::NONE,
        }
    }

    fn error(&self) -> Option<&Error> {
        self.failure.as_ref().and_then(Failure::error)
    }

    pub(super) fn response(&self) -> Option<&Response> {
        match &self.answer {
            Some(answer) => Some(answer.response()),
            None => self.error().and_then(Error::response),
        }
    }
}

impl From<Answer> for luma_result {
    fn from(answer: Answer) -> Self {
        Self::of_parts(Some(answer), None)
    }
}

impl From<Failure> for luma_result {
    fn from(failure: Failure) -> Self {
        Self::of_parts(None, Some(failure))
    }
}

impl From<Wait> for luma_result {
    fn from(wait: Wait) -> Self {
        let (polls, waited) = (wait.polls(), Some(wait.elapsed()));
        let wait_info = Some(wait.info().clone());
        let (last, error) = wait.into_parts();
        luma_result {
            polls,
            waited,
            wait_info,
            ..Self::of_parts(last.map(Answer::History), error.map(Failure::from))
        }
    }
}

pub(super) fn in_milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// Runs a getter; `otherwise` if the result is NULL.
///
/// # Safety
///
/// As [`Argument::handle`].
pub(super) unsafe fn get<T: Copy>(
    result: *const luma_result,
    otherwise: T,
    getter: impl FnOnce(&luma_result) -> T,
) -> T {
    guard_value(otherwise, || unsafe { result.as_ref() }.map_or(otherwise, getter))
}

/// The name of an outcome: "ACCEPTED", "REJECTED", "NOT_SENT" or "UNKNOWN".
///
/// outcome: LUMA_OUTCOME_...; any other number gives "".
/// Returns: a string that lives as long as the library is loaded.
/// Threads: any. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub extern "C" fn luma_outcome_name(outcome: i32) -> *const c_char {
    match outcome {
        LUMA_OUTCOME_ACCEPTED => c"ACCEPTED",
        LUMA_OUTCOME_REJECTED => c"REJECTED",
        LUMA_OUTCOME_NOT_SENT => c"NOT_SENT",
        LUMA_OUTCOME_UNKNOWN => c"UNKNOWN",
        _ => c"",
    }
    .as_ptr()
}

/// The status of a call, the same as the call returned.
///
/// result: the result.
/// Returns: LUMA_OK if the outcome is ACCEPTED, else why it is not: 1 to 99 the caller's mistake,
///     100 to 199 transport, 200 to 299 the gateway's answer, 900 a fault of this library.
///     LUMA_ERROR_NULL_ARGUMENT_1 if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_status(result: *const luma_result) -> i32 {
    unsafe { get(result, LUMA_ERROR_NULL_ARGUMENT_1, luma_result::status) }
}

/// What is certain about the request, and so about a workflow that it was to trigger.
///
/// Of a wait, only ACCEPTED tells of the run: it has ended, or is suspended where that was waited
/// for. Any other outcome says nothing of the run, which goes on: it is UNKNOWN if the time was over
/// or the wait was stopped or cancelled between two looks, else that of the look that ended it, where
/// NOT_SENT means that no look sent anything. So after a wait branch on
/// luma_result_status, and see luma_result_run_status for the last state seen.
///
/// result: the result.
/// Returns: LUMA_OUTCOME_ACCEPTED, _REJECTED, _NOT_SENT or _UNKNOWN; 0 if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_outcome(result: *const luma_result) -> i32 {
    unsafe { get(result, 0, luma_result::outcome) }
}

/// The HTTP status of the response.
///
/// result: the result.
/// Returns: such as 200; after a wait, that of its last look, but 0 if that look went well and the
///     time was over, the callback ended the wait or it was cancelled; 0 if no complete response came, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_http_status(result: *const luma_result) -> i32 {
    unsafe { get(result, 0, luma_result::http_status) }
}

/// What happened, in one line for a log or a person. It never holds the access token.
///
/// result: the result.
/// Returns: a string borrowed from the result; "" if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_message(result: *const luma_result) -> *const c_char {
    unsafe { get(result, strings::empty(), |result| result.message.get(|| result.message())) }
}

/// How many errors the gateway told (`errors` in the response that failed).
///
/// result: the result.
/// Returns: their number, 1000 at most (luma_result_string reaches more where
///     the result has the response); 0 if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_error_count(result: *const luma_result) -> usize {
    unsafe { get(result, 0, |result| result.errors.len()) }
}

/// One error that the gateway told, a sentence for a person; one that is no string, as JSON.
///
/// result: the result.
/// index: from 0 to luma_result_error_count - 1.
/// Returns: a string borrowed from the result; "" beyond the last one, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_error(
    result: *const luma_result,
    index: usize,
) -> *const c_char {
    unsafe {
        get(result, strings::empty(), |result| {
            let errors = result.error().map_or(&[][..], Error::errors);
            match (result.errors.get(index), errors.get(index)) {
                (Some(string), Some(error)) => string.get(|| error),
                _ => strings::empty(),
            }
        })
    }
}

/// How long the gateway asks to wait before the next request (`Retry-After`).
///
/// result: the result.
/// Returns: milliseconds; -1 if it did not ask, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_retry_after_ms(result: *const luma_result) -> i64 {
    unsafe {
        get(result, -1, |result| {
            let retry_after = result.error().and_then(Error::retry_after);
            retry_after.map_or(-1, in_milliseconds)
        })
    }
}

/// Frees a result and every string borrowed from it.
///
/// result: a result, or NULL, which does nothing.
/// Threads: exclusive. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_free(result: *mut luma_result) {
    guard_value((), || {
        if !result.is_null() {
            drop(unsafe { Box::from_raw(result) });
        }
    })
}
