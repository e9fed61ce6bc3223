//! `luma_result`: the result of a call.

mod elements;

// The header lists their functions in this order.
mod getters;

mod parameters;

mod json;

mod call;

mod journal;

use std::fmt::Write;
use std::ptr;
use std::sync::OnceLock;
use std::time::Duration;

use crate::memory;
use crate::panic_points;
use crate::{CallInfo, Error, JournalEntry, Once, Outcome, Poll, Response, Wait};

use self::elements::{Definition, Elements, Parameters, Step};
use super::boundary::{Argument, Failure, catch, free, guard, guard_value, set_out};
use super::outcome;
use super::status::{self, LUMA_OK};
use super::strings::{LazySecret, LazyString, StringMap};
use super::success::Success;

/// Large enough for the message of a trigger, so that it is allocated once.
const USUAL_MESSAGE_BYTES: usize = 96;

/// The result of a call. Any number of threads may read it at the same time. Freed with
/// luma_result_free().
pub struct luma_result {
    /// After a wait that failed, the last state seen; of an incomplete list, the elements that were
    /// received. Then `failure` is set as well.
    success: Option<Success>,
    failure: Option<Failure>,
    polls: u32,
    waited: Option<Duration>,
    /// The metadata of a wait. Other calls have it in `success` or `failure`.
    wait_info: Option<CallInfo>,
    /// The journal's entry for a key.
    entry: Option<Box<JournalEntry>>,
    /// True if the journal has the outcome.
    is_recorded: bool,
    // The remaining fields are strings that the getters return.
    message: LazyString,
    errors: Vec<LazyString>,
    request_id: LazyString,
    trigger_id: LazyString,
    key: LazyString,
    /// A launch URL or an access token.
    secret: LazySecret,
    json: LazyString,
    /// By JSON pointer.
    values: StringMap,
    run_status_text: LazyString,
    /// The parameters of a run. Each definition has its own.
    parameters: OnceLock<Parameters>,
    steps: Elements<Step>,
    definitions: Elements<Definition>,
}

impl luma_result {
    fn new(success: Option<Success>, failure: Option<Failure>) -> Self {
        panic_points::pass("a result is built");
        let error = failure.as_ref().and_then(Failure::error);
        let error_count = error.map_or(0, |error| error.errors().len());
        luma_result {
            success,
            failure,
            polls: 0,
            waited: None,
            wait_info: None,
            entry: None,
            is_recorded: false,
            message: LazyString::default(),
            errors: (0..error_count).map(|_| LazyString::default()).collect(),
            request_id: LazyString::default(),
            trigger_id: LazyString::default(),
            key: LazyString::default(),
            secret: LazySecret::default(),
            json: LazyString::default(),
            values: StringMap::default(),
            run_status_text: LazyString::default(),
            parameters: OnceLock::new(),
            steps: Elements::default(),
            definitions: Elements::default(),
        }
    }

    pub(super) fn from_poll(poll: &Poll) -> Self {
        let length = |response: &Response| response.text().len();
        let length = match &poll.result {
            Ok(history) => length(history.response()),
            Err(error) => error.response().map_or(0, length),
        };
        let (success, failure) = match (memory::check(length), &poll.result) {
            (Err(short), _) => (None, Some(short.into())),
            (_, Ok(history)) => (Some(Success::History(history.clone())), None),
            (_, Err(error)) => (None, Some(error.clone().into())),
        };
        luma_result {
            polls: poll.number,
            waited: Some(poll.elapsed),
            ..Self::new(success, failure)
        }
    }

    /// The result of a list, which may be incomplete. `take_from` takes the elements out of the
    /// error.
    pub(super) fn from_list<T>(
        list: Result<T, Error>,
        take_from: fn(&mut Error) -> Option<T>,
        success: fn(T) -> Success,
    ) -> Self {
        let (list, failure) = match list {
            Ok(list) => (Some(list), None),
            Err(mut error) => (take_from(&mut error), Some(error.into())),
        };
        Self::new(list.map(success), failure)
    }

    pub(super) fn status(&self) -> i32 {
        self.failure.as_ref().map_or(LUMA_OK, Failure::status)
    }

    /// Sets the trigger id of the run that a result of a set of waits is about.
    pub(super) fn with_trigger_id(self, trigger_id: &str) -> Self {
        self.trigger_id.get(|| trigger_id);
        self
    }

    fn page_status(&self) -> i32 {
        self.error().map_or(self.status(), |error| status::from_kind(error.page_kind()))
    }

    fn outcome(&self) -> i32 {
        outcome::number(match (&self.failure, &self.success, &self.entry) {
            (Some(failure), ..) => failure.outcome(),
            (None, None, Some(entry)) => entry.state().outcome(),
            _ => Outcome::Accepted,
        })
    }

    fn http_status(&self) -> i32 {
        match (&self.failure, &self.success) {
            (None, Some(success)) => {
                success.response().map_or(0, |response| response.http_status().into())
            }
            _ => self.error().and_then(Error::http_status).map_or(0, i32::from),
        }
    }

    fn message(&self) -> String {
        match (&self.failure, &self.success) {
            (Some(failure), _) => failure.message().into_owned(),
            (None, Some(success)) => {
                let mut message = String::with_capacity(USUAL_MESSAGE_BYTES);
                // Writing to a String cannot fail.
                let _ = write!(message, "{success}");
                message
            }
            (None, None) => self.entry.as_ref().map_or(String::new(), |entry| entry.to_string()),
        }
    }

    fn info(&self) -> &CallInfo {
        match (&self.wait_info, self.error(), &self.success) {
            (Some(info), _, _) => info,
            (None, Some(error), _) => error.info(),
            (None, None, Some(success)) => success.info(),
            (None, None, None) => CallInfo::NONE,
        }
    }

    fn error(&self) -> Option<&Error> {
        self.failure.as_ref().and_then(Failure::error)
    }

    fn response(&self) -> Option<&Response> {
        let response = match &self.success {
            Some(success) => success.response(),
            None => self.error().and_then(Error::response),
        };
        response.or_else(|| Some(self.entry.as_ref()?.response()))
    }
}

impl From<Success> for luma_result {
    fn from(success: Success) -> Self {
        Self::new(Some(success), None)
    }
}

impl From<Failure> for luma_result {
    fn from(failure: Failure) -> Self {
        Self::new(None, Some(failure))
    }
}

impl From<Once> for luma_result {
    fn from(once: Once) -> Self {
        let (result, entry, is_recorded) = once.into_parts();
        let result = match result {
            Ok(trigger) => Self::from(Success::Trigger(trigger)),
            Err(error) => Self::from(Failure::Call(error)),
        };
        luma_result { entry, is_recorded, ..result }
    }
}

impl From<JournalEntry> for luma_result {
    fn from(entry: JournalEntry) -> Self {
        luma_result { entry: Some(Box::new(entry)), is_recorded: true, ..Self::new(None, None) }
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
            ..Self::new(last.map(Success::History), error.map(Failure::from))
        }
    }
}

/// Runs a function that returns only a status, and returns the reason to the caller if it fails.
///
/// # Safety
///
/// As for [`Argument::out`].
pub(super) unsafe fn give_reason(
    argument: Argument,
    reason: *mut *mut luma_result,
    body: &dyn Fn() -> Result<(), Failure>,
) -> i32 {
    guard(|| {
        // SAFETY: the caller's promise.
        let reason = unsafe { argument.out(reason, ptr::null_mut())? };
        catch(body).map_err(Failure::before_sending).map_err(|failure| {
            let status = failure.status();
            *reason = Box::into_raw(Box::new(failure.into()));
            Failure::Status(status)
        })
    })
}

/// Runs a constructor. Gives its handle to the caller, or else NULL and the reason.
///
/// # Safety
///
/// As for [`Argument::out`].
pub(super) unsafe fn give_handle<T>(
    (argument, out): (Argument, *mut *mut T),
    reason: (Argument, *mut *mut luma_result),
    create: &dyn Fn() -> Result<*mut T, Failure>,
) -> i32 {
    // SAFETY: the caller's promise.
    unsafe {
        set_out(out, ptr::null_mut());
        set_out(reason.1, ptr::null_mut());
    }
    let body = || {
        // SAFETY: the caller's promise.
        let out = unsafe { argument.out(out, ptr::null_mut())? };
        *out = create()?;
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { give_reason(reason.0, reason.1, &body) }
}

/// Runs a function that gives a result, and returns it to the caller, whether it succeeded or
/// failed.
///
/// # Safety
///
/// As for [`Argument::out`].
pub(super) unsafe fn give<T: Into<luma_result>>(
    argument: Argument,
    out: *mut *mut luma_result,
    body: impl FnOnce() -> Result<T, Failure>,
) -> i32 {
    guard_value(status::LUMA_ERROR_INTERNAL, || {
        // SAFETY: the caller's promise.
        let out = match unsafe { argument.out(out, ptr::null_mut()) } {
            Ok(out) => out,
            Err(failure) => return failure.status(),
        };
        let result = catch(|| Ok(Box::new(body()?.into())))
            .unwrap_or_else(|failure| Box::new(failure.into()));
        let status = result.status();
        *out = Box::into_raw(result);
        status
    })
}

/// Runs a getter. Returns `otherwise` if the result is NULL.
///
/// # Safety
///
/// `result` is NULL, or a valid handle that nobody frees during the call.
unsafe fn get<T: Copy>(
    result: *const luma_result,
    otherwise: T,
    getter: impl FnOnce(&luma_result) -> T,
) -> T {
    // SAFETY: the caller's promise.
    guard_value(otherwise, || match unsafe { result.as_ref() } {
        Some(result) => {
            panic_points::pass("a getter reads a result");
            getter(result)
        }
        None => otherwise,
    })
}

/// Frees a result, and every string borrowed from it.
///
/// @param result A result that no thread uses any more. NULL does nothing.
/// @note Exclusive. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_free(result: *mut luma_result) {
    // SAFETY: the ABI contract.
    unsafe { free(result) }
}
