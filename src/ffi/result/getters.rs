//! Getters for the outcome of a call and for the requested data.

use std::ffi::c_char;
use std::time::Duration;

use crate::ffi::run_status::{self, LUMA_RUN_NONE};
use crate::ffi::status::LUMA_ERROR_NULL_ARGUMENT_1;
use crate::ffi::strings::{self, Terminated};
use crate::ffi::success::Success;
use crate::{Error, WorkflowHistory};

use super::elements::{Definition, Step};
use super::{get, luma_result};

impl luma_result {
    fn history(&self) -> Option<&WorkflowHistory> {
        match &self.success {
            Some(Success::History(history)) => Some(history),
            _ => None,
        }
    }

    fn step_count(&self) -> usize {
        match &self.success {
            Some(Success::Steps(steps)) => steps.len(),
            Some(Success::Step(_)) => 1,
            _ => 0,
        }
    }

    fn step(&self, index: usize) -> Option<&Step> {
        self.steps.get(index, self.step_count(), || match &self.success {
            Some(Success::Steps(steps)) => Step::new(steps.get(index)?),
            Some(Success::Step(step)) => Step::new(step.step()),
            _ => None,
        })
    }

    fn definition_count(&self) -> usize {
        match &self.success {
            Some(Success::WorkflowDefinitions(definitions)) => definitions.len(),
            _ => 0,
        }
    }

    pub(super) fn definition(&self, index: usize) -> Option<&Definition> {
        self.definitions.get(index, self.definition_count(), || match &self.success {
            Some(Success::WorkflowDefinitions(definitions)) => {
                Definition::new(definitions.get(index)?)
            }
            _ => None,
        })
    }
}

fn as_ptr(string: Option<&Terminated>) -> *const c_char {
    string.map_or(strings::empty(), Terminated::as_ptr)
}

/// Returns a time of the run; -1 if it is unknown.
///
/// # Safety
///
/// As for [`get`].
unsafe fn run_time(result: *const luma_result, time: fn(&WorkflowHistory) -> Option<i64>) -> i64 {
    // SAFETY: the caller's promise.
    unsafe { get(result, -1, |result| result.history().and_then(time).unwrap_or(-1)) }
}

/// Returns a time of the step at an index; -1 if it is unknown.
///
/// # Safety
///
/// As for [`get`].
unsafe fn step_time(
    result: *const luma_result,
    index: usize,
    time: fn(&Step) -> Option<i64>,
) -> i64 {
    // SAFETY: the caller's promise.
    unsafe { get(result, -1, |result| result.step(index).and_then(time).unwrap_or(-1)) }
}

/// Returns a text of the step at an index.
///
/// # Safety
///
/// As for [`get`].
unsafe fn step_text(
    result: *const luma_result,
    index: usize,
    text: fn(&Step) -> &Terminated,
) -> *const c_char {
    // SAFETY: the caller's promise.
    unsafe { get(result, strings::empty(), |result| as_ptr(result.step(index).map(text))) }
}

/// Returns a text of the workflow definition at an index.
///
/// # Safety
///
/// As for [`get`].
unsafe fn definition_text(
    result: *const luma_result,
    index: usize,
    text: fn(&Definition) -> &Terminated,
) -> *const c_char {
    // SAFETY: the caller's promise.
    unsafe { get(result, strings::empty(), |result| as_ptr(result.definition(index).map(text))) }
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// Returns the status of a call, the same one that the call returned.
///
/// @param result The result of any call; may be NULL.
/// @return LUMA_OK if the outcome is ACCEPTED, else the reason: 1 to 99 is the caller's mistake,
///     100 to 199 transport and time, 200 to 299 the gateway's response, 900 an error in this
///     library. LUMA_ERROR_NULL_ARGUMENT_1 if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_status(result: *const luma_result) -> i32 {
    // SAFETY: the ABI contract.
    unsafe { get(result, LUMA_ERROR_NULL_ARGUMENT_1, luma_result::status) }
}

/// Returns why a list is incomplete: the status of the page that failed.
///
/// After LUMA_ERROR_LIST_INCOMPLETE, the result has the elements of the earlier pages. The outcome,
/// the HTTP status, the errors and the message are those of the failed page. A list that was
/// cancelled has them too; its status is LUMA_ERROR_CANCELLED.
///
/// @param result The result of luma_list_workflow_steps() or luma_list_workflow_definitions(); may
///     be NULL.
/// @return If luma_result_status() is LUMA_ERROR_LIST_INCOMPLETE, the status of the page, such as
///     LUMA_ERROR_UNAUTHORIZED or LUMA_ERROR_RESPONSE_TIMEOUT; LUMA_ERROR_RESPONSE_TOO_LARGE if the
///     list has more than 10,000 elements or 16 MiB. Otherwise the same as luma_result_status().
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_page_status(result: *const luma_result) -> i32 {
    // SAFETY: the ABI contract.
    unsafe { get(result, LUMA_ERROR_NULL_ARGUMENT_1, luma_result::page_status) }
}

/// Returns the outcome of a call: what is certain about the request, and so about the workflow that
/// it was to trigger.
///
/// For a wait, only ACCEPTED describes the run: it has ended, or is suspended if that was waited
/// for. Any other outcome says nothing about the run, which continues. The outcome is UNKNOWN if
/// the wait timed out, or was stopped or cancelled between two polls; otherwise it is that of the
/// poll that ended the wait, and NOT_SENT means that no poll was sent. So after a wait, branch on
/// luma_result_status(), and read the last state seen with luma_result_run_status().
///
/// @param result The result of any call; may be NULL.
/// @return LUMA_OUTCOME_ACCEPTED, LUMA_OUTCOME_REJECTED, LUMA_OUTCOME_NOT_SENT or
///     LUMA_OUTCOME_UNKNOWN; 0 if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_outcome(result: *const luma_result) -> i32 {
    // SAFETY: the ABI contract.
    unsafe { get(result, 0, luma_result::outcome) }
}

/// Returns the HTTP status of the response.
///
/// @param result The result of any call; may be NULL.
/// @return The HTTP status, such as 200; 0 if no complete response arrived, or if result is NULL.
///     For a wait, that of its last poll, but 0 if that poll succeeded and the wait then timed out,
///     was stopped by the callback, or was cancelled.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_http_status(result: *const luma_result) -> i32 {
    // SAFETY: the ABI contract.
    unsafe { get(result, 0, luma_result::http_status) }
}

/// Describes the result in one line, for a log or a person. It never contains the access token.
///
/// @param result The result of any call; may be NULL.
/// @return A string borrowed from the result; "" if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_message(result: *const luma_result) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe { get(result, strings::empty(), |result| result.message.get(|| result.message())) }
}

/// Returns the number of errors that the gateway reported (`errors` in the response of a call that
/// failed).
///
/// @param result The result of any call; may be NULL.
/// @return The number of errors, at most 1000; 0 if result is NULL. luma_result_string() reads
///     further ones if the result has the response.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_error_count(result: *const luma_result) -> usize {
    // SAFETY: the ABI contract.
    unsafe { get(result, 0, |result| result.errors.len()) }
}

/// Returns one error that the gateway reported, as a sentence for a person. An error that is not a
/// string is returned as JSON.
///
/// @param result The result of any call; may be NULL.
/// @param index 0 to luma_result_error_count() - 1.
/// @return A string borrowed from the result; "" for a larger index, or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_error(
    result: *const luma_result,
    index: usize,
) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe {
        get(result, strings::empty(), |result| {
            let errors = result.error().map_or(&[][..], Error::errors);
            match (result.errors.get(index), errors.get(index)) {
                (Some(string), Some(error)) => string.get_large(error),
                _ => strings::empty(),
            }
        })
    }
}

/// Returns how long the gateway asks to wait before the next request (`Retry-After`).
///
/// @param result The result of any call; may be NULL.
/// @return Milliseconds; -1 if it did not ask, or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_retry_after_ms(result: *const luma_result) -> i64 {
    // SAFETY: the ABI contract.
    unsafe {
        get(result, -1, |result| {
            result.error().and_then(Error::retry_after).map_or(-1, milliseconds)
        })
    }
}

/// Returns the trigger id of the run that the gateway accepted, without surrounding blanks.
///
/// Other calls take it as it is, with one exception: an id with a slash, a backslash or `..` is
/// refused, because it is not safe in a path. luma_result_message() says so.
///
/// @param result The result of luma_trigger_workflow(), luma_trigger_workflow_json(),
///     luma_trigger_workflow_once(), luma_journal_find() or luma_wait_set_next(); may be NULL.
/// @return A string borrowed from the result; "" if the outcome of a trigger is not ACCEPTED, if
///     the result of luma_wait_set_next() is not about a run, for any other call, or if result is
///     NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_trigger_id(result: *const luma_result) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe {
        get(result, strings::empty(), |result| match (&result.success, &result.entry) {
            (Some(Success::Trigger(trigger)), _) => result.trigger_id.get(|| trigger.trigger_id()),
            (_, Some(entry)) => result.trigger_id.get(|| entry.trigger_id().unwrap_or_default()),
            // A set of waits has set it.
            _ => result.trigger_id.get(|| ""),
        })
    }
}

/// Returns the status of a run. After a wait, however it ended, this is the last state seen.
///
/// @param result The result of luma_get_workflow_history() or of a wait; may be NULL.
/// @return LUMA_RUN_RUNNING, LUMA_RUN_SUSPENDED, LUMA_RUN_ACTIVATED, LUMA_RUN_COMPLETED,
///     LUMA_RUN_FAILED, LUMA_RUN_TERMINATED or LUMA_RUN_OTHER; LUMA_RUN_NONE if no state was seen,
///     or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_run_status(result: *const luma_result) -> i32 {
    // SAFETY: the ABI contract.
    unsafe {
        get(result, LUMA_RUN_NONE, |result| {
            result.history().map_or(LUMA_RUN_NONE, |history| run_status::number(history.status()))
        })
    }
}

/// Returns the status of a run as the gateway wrote it, also if it is LUMA_RUN_OTHER.
///
/// @param result The result of luma_get_workflow_history() or of a wait; may be NULL.
/// @return A string borrowed from the result, without control characters; "" where
///     luma_result_run_status() returns LUMA_RUN_NONE.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_run_status_text(result: *const luma_result) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe {
        get(result, strings::empty(), |result| match result.history() {
            Some(history) => result.run_status_text.get(|| history.status_text()),
            None => strings::empty(),
        })
    }
}

/// Returns when a run started.
///
/// @param result The result of luma_get_workflow_history() or of a wait; may be NULL.
/// @return Milliseconds since 1970-01-01 UTC; -1 if the gateway did not report it, if the result
///     has no run, or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_run_start_time_ms(result: *const luma_result) -> i64 {
    // SAFETY: the ABI contract.
    unsafe { run_time(result, WorkflowHistory::start_time_ms) }
}

/// Returns when a run ended.
///
/// @param result The result of luma_get_workflow_history() or of a wait; may be NULL.
/// @return Milliseconds since 1970-01-01 UTC; -1 if the gateway did not report it, for example
///     because the run has not ended, if the result has no run, or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_run_end_time_ms(result: *const luma_result) -> i64 {
    // SAFETY: the ABI contract.
    unsafe { run_time(result, WorkflowHistory::end_time_ms) }
}

/// Returns how long a run took, or has taken so far.
///
/// @param result The result of luma_get_workflow_history() or of a wait; may be NULL.
/// @return Milliseconds; -1 if the gateway did not report it, if the result has no run, or if
///     result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_run_time_spent_ms(result: *const luma_result) -> i64 {
    // SAFETY: the ABI contract.
    unsafe { run_time(result, WorkflowHistory::time_spent_ms) }
}

/// Returns how often a wait has polled the run.
///
/// @param result The result of a wait, or the one that its callback receives; may be NULL.
/// @return The number of polls; 0 for any other call, or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_poll_count(result: *const luma_result) -> i32 {
    // SAFETY: the ABI contract.
    unsafe { get(result, 0, |result| i32::try_from(result.polls).unwrap_or(i32::MAX)) }
}

/// Returns how long a wait had lasted when its last poll returned.
///
/// @param result The result of a wait, or the one that its callback receives; may be NULL.
/// @return Milliseconds; -1 for any other call, or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_wait_elapsed_ms(result: *const luma_result) -> i64 {
    // SAFETY: the ABI contract.
    unsafe { get(result, -1, |result| result.waited.map_or(-1, milliseconds)) }
}

/// Returns the number of steps in a result.
///
/// @param result The result of luma_list_workflow_steps() or luma_get_workflow_step(); may be NULL.
/// @return The number of steps: 1 for luma_get_workflow_step(); the steps so far if the status is
///     LUMA_ERROR_LIST_INCOMPLETE; 0 if the call failed, for any other call, or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_step_count(result: *const luma_result) -> usize {
    // SAFETY: the ABI contract.
    unsafe { get(result, 0, luma_result::step_count) }
}

/// Returns the id of a step, for luma_get_workflow_step(). A numeric id is returned as its digits.
///
/// @param result The result of luma_list_workflow_steps() or luma_get_workflow_step(); may be NULL.
/// @param index 0 to luma_result_step_count() - 1.
/// @return A string borrowed from the result; "" if the gateway sent none, or one that contains a
///     NUL, for a larger index, or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_step_id(
    result: *const luma_result,
    index: usize,
) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe { step_text(result, index, |step| &step.id) }
}

/// Returns the name of a step, for people (`activityName`).
///
/// @param result The result of luma_list_workflow_steps() or luma_get_workflow_step(); may be NULL.
/// @param index 0 to luma_result_step_count() - 1.
/// @return A string borrowed from the result; "" if the gateway sent none, for a larger index, or
///     if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_step_name(
    result: *const luma_result,
    index: usize,
) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe { step_text(result, index, |step| &step.name) }
}

/// Returns the status of a step.
///
/// @param result The result of luma_list_workflow_steps() or luma_get_workflow_step(); may be NULL.
/// @param index 0 to luma_result_step_count() - 1.
/// @return One of LUMA_RUN_*; LUMA_RUN_NONE if the gateway sent none, for a larger index, or if
///     result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_step_status(result: *const luma_result, index: usize) -> i32 {
    // SAFETY: the ABI contract.
    unsafe {
        get(result, LUMA_RUN_NONE, |result| {
            result.step(index).map_or(LUMA_RUN_NONE, |step| step.status)
        })
    }
}

/// Returns the status of a step as the gateway wrote it, also if it is LUMA_RUN_OTHER.
///
/// @param result The result of luma_list_workflow_steps() or luma_get_workflow_step(); may be NULL.
/// @param index 0 to luma_result_step_count() - 1.
/// @return A string borrowed from the result; "" if the gateway sent none, for a larger index, or
///     if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_step_status_text(
    result: *const luma_result,
    index: usize,
) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe { step_text(result, index, |step| &step.status_text) }
}

/// Returns when a step started.
///
/// @param result The result of luma_list_workflow_steps() or luma_get_workflow_step(); may be NULL.
/// @param index 0 to luma_result_step_count() - 1.
/// @return Milliseconds since 1970-01-01 UTC; -1 if the gateway did not report it, for a larger
///     index, or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_step_start_time_ms(
    result: *const luma_result,
    index: usize,
) -> i64 {
    // SAFETY: the ABI contract.
    unsafe { step_time(result, index, |step| step.start_time_ms) }
}

/// Returns when a step ended.
///
/// @param result The result of luma_list_workflow_steps() or luma_get_workflow_step(); may be NULL.
/// @param index 0 to luma_result_step_count() - 1.
/// @return Milliseconds since 1970-01-01 UTC; -1 if the gateway did not report it, for example
///     because the step has not ended, for a larger index, or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_step_end_time_ms(
    result: *const luma_result,
    index: usize,
) -> i64 {
    // SAFETY: the ABI contract.
    unsafe { step_time(result, index, |step| step.end_time_ms) }
}

/// Returns how long a step took, or has taken so far.
///
/// @param result The result of luma_list_workflow_steps() or luma_get_workflow_step(); may be NULL.
/// @param index 0 to luma_result_step_count() - 1.
/// @return Milliseconds; -1 if the gateway did not report it, for a larger index, or if result is
///     NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_step_time_spent_ms(
    result: *const luma_result,
    index: usize,
) -> i64 {
    // SAFETY: the ABI contract.
    unsafe { step_time(result, index, |step| step.time_spent_ms) }
}

/// Returns the number of workflow definitions in a result.
///
/// @param result The result of luma_list_workflow_definitions(); may be NULL.
/// @return The number of workflow definitions; those so far if the status is
///     LUMA_ERROR_LIST_INCOMPLETE; 0 if the call failed, for any other call, or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_definition_count(result: *const luma_result) -> usize {
    // SAFETY: the ABI contract.
    unsafe { get(result, 0, luma_result::definition_count) }
}

/// Returns the identifier of a workflow definition, for luma_trigger_request_new().
///
/// @param result The result of luma_list_workflow_definitions(); may be NULL.
/// @param index 0 to luma_result_definition_count() - 1.
/// @return A string borrowed from the result; "" if the gateway sent none, or one that contains a
///     NUL, for a larger index, or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_definition_identifier(
    result: *const luma_result,
    index: usize,
) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe { definition_text(result, index, |definition| &definition.identifier) }
}

/// Returns the name of a workflow definition, for people.
///
/// @param result The result of luma_list_workflow_definitions(); may be NULL.
/// @param index 0 to luma_result_definition_count() - 1.
/// @return A string borrowed from the result; "" if the gateway sent none, for a larger index, or
///     if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_definition_name(
    result: *const luma_result,
    index: usize,
) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe { definition_text(result, index, |definition| &definition.name) }
}

/// Returns the description of a workflow definition, for people.
///
/// @param result The result of luma_list_workflow_definitions(); may be NULL.
/// @param index 0 to luma_result_definition_count() - 1.
/// @return A string borrowed from the result; "" if the gateway sent none, for a larger index, or
///     if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_definition_description(
    result: *const luma_result,
    index: usize,
) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe { definition_text(result, index, |definition| &definition.description) }
}

/// Returns a URL that shows a run in a browser.
///
/// It is a secret, because it contains a temporary access key: anybody who has it can open it. It
/// is wiped from memory when the result is freed.
///
/// @param result The result of luma_generate_launch_url(); may be NULL.
/// @return A string borrowed from the result, an http or https URL; "" if the outcome is not
///     ACCEPTED, for any other call, or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_launch_url(result: *const luma_result) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe {
        get(result, strings::empty(), |result| match &result.success {
            Some(Success::LaunchUrl(launch)) => result.secret.get(launch.url()),
            _ => strings::empty(),
        })
    }
}

/// Returns the new access token of a tenant.
///
/// It is a secret. It is wiped from memory when the result is freed.
///
/// @param result The result of luma_regenerate_tenant_token(); may be NULL.
/// @return A string borrowed from the result; "" if the outcome is not ACCEPTED, for any other
///     call, or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_access_token(result: *const luma_result) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe {
        get(result, strings::empty(), |result| match &result.success {
            Some(Success::TenantToken(tenant)) => result.secret.get(tenant.access_token()),
            _ => strings::empty(),
        })
    }
}
