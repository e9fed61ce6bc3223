//! The calls: one function for each, on a `luma_client`.

use std::ffi::{c_char, c_void};
use std::ops::ControlFlow;
use std::ptr;

use crate::config;
use crate::{Error, ListQuery, Poll, Wait, WaitOptions, WorkflowDefinitions, WorkflowSteps};

use super::boundary::{Argument, Failure, catch, guard_value};
use super::client::{Caller, luma_client};
use super::result::luma_result;
use super::status::{LUMA_ERROR_INTERNAL, LUMA_ERROR_SKIP, LUMA_ERROR_TOP};
use super::success::Success;
use super::trigger_request::luma_trigger_request;

const TRIGGER_ID: Argument = Argument(2, "trigger_id");

/// Opens a connection ahead of time, and sends nothing to the gateway. Use it when a program
/// starts: a wrong setting shows at once, and the first call need not wait for a connection.
///
/// Resolves the gateway's host, connects, through the proxy if there is one, and completes the TLS
/// handshake. It always opens a new connection. The client keeps it for the next call, for as long
/// as any idle connection, see luma_config_set_trigger_max_idle_ms(). Neither the access token nor
/// the path is checked; luma_list_workflow_definitions() does that. A failure is retried like that
/// of a trigger, see luma_config_set_retries().
///
/// @param client The client to use.
/// @param[out] out Receives the result, on success and on failure. Free it with luma_result_free().
///     luma_result_peer_address(), luma_result_tls_version() and
///     luma_result_certificate_expires_ms() describe the connection, luma_result_timing_us() says
///     how long each part took.
/// @return The status of the result. LUMA_OK: the outcome is ACCEPTED, and there is a connection.
///     Otherwise the outcome is NOT_SENT. LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_DNS;
///     LUMA_ERROR_CONNECT; LUMA_ERROR_CONNECT_TIMEOUT; LUMA_ERROR_TLS; LUMA_ERROR_PROXY_FAILED;
///     LUMA_ERROR_CONNECTION_LOST; LUMA_ERROR_CANCELLED.
/// @note Thread-safe. Blocks until there is a connection, at most the timeout.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_client_connect(
    client: *const luma_client,
    out: *mut *mut luma_result,
) -> i32 {
    // SAFETY: the ABI contract.
    unsafe {
        give_result(client, Argument(2, "out"), out, |caller| {
            Ok(Success::from(caller.client().connect()?))
        })
    }
}

/// Triggers a workflow (`POST /gateway/api/v1/workflow/trigger`).
///
/// The call returns as soon as the gateway responds. It does not wait for the run, see
/// luma_wait_for_workflow(). It is retried only if not one byte was sent, or if the
/// gateway certainly refused it, see luma_config_set_retries(), so nothing runs twice.
///
/// @param client The client to use.
/// @param request The workflow to run. It is not changed. Sending it again runs the workflow again.
/// @param[out] out Receives the result, on success and on failure. Free it with luma_result_free().
///     luma_result_trigger_id() returns the trigger id. luma_result_message() also says if the
///     gateway reports the accepted run as FAILED, or if the run cannot be polled.
/// @return The status of the result. LUMA_OK: the outcome is ACCEPTED. Any other status: see
///     luma_result_outcome(). LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_LUMA_CHANNEL_ACCOUNT_ID;
///     LUMA_ERROR_TICKET_IDENTIFIER; LUMA_ERROR_REQUEST_TOO_LARGE; 100 to 299.
/// @note Thread-safe. Blocks until the response, at most the timeout.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_workflow(
    client: *const luma_client,
    request: *const luma_trigger_request,
    out: *mut *mut luma_result,
) -> i32 {
    let call = |caller: &Caller| {
        // SAFETY: the ABI contract.
        let request = unsafe { Argument(2, "request").handle(request)? };
        Ok(Success::Trigger(caller.begin().trigger_workflow(&request.request)?))
    };
    // SAFETY: the ABI contract.
    unsafe { give_result(client, Argument(3, "out"), out, call) }
}

/// Triggers a workflow with a request that is already JSON, in the gateway's format.
///
/// The request is checked like a luma_trigger_request and sent verbatim, at most once, like
/// luma_trigger_workflow().
///
/// @param client The client to use.
/// @param request_json An object of at most 16 MiB, with `workflowIdentifier` and, optionally,
///     `variables`, `initiatorContactId`, `initiatorApplicationId` and `initiationInfo`.
/// @param[out] out Receives the result, on success and on failure. Free it with luma_result_free().
/// @return As luma_trigger_workflow(), and LUMA_ERROR_UTF8_ARGUMENT_2; LUMA_ERROR_JSON;
///     LUMA_ERROR_WORKFLOW_IDENTIFIER; LUMA_ERROR_VARIABLES; LUMA_ERROR_VARIABLE_NAME;
///     LUMA_ERROR_INITIATOR_CONTACT; LUMA_ERROR_INITIATOR_APPLICATION; LUMA_ERROR_INITIATION_INFO.
/// @note Thread-safe. Blocks until the response, at most the timeout.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_workflow_json(
    client: *const luma_client,
    request_json: *const c_char,
    out: *mut *mut luma_result,
) -> i32 {
    let call = |caller: &Caller| {
        // SAFETY: the ABI contract.
        let request_json = unsafe { Argument(2, "request_json").text(request_json)? };
        Ok(Success::Trigger(caller.begin().trigger_workflow_json(request_json)?))
    };
    // SAFETY: the ABI contract.
    unsafe { give_result(client, Argument(3, "out"), out, call) }
}

/// A poll callback. A wait calls it after each poll, on the waiting thread.
///
/// It is not called between polls, which may be up to 15 s apart, or longer if the gateway asks for
/// that. It must return: no exception and no longjmp may leave it. It may call any function. Its
/// time counts towards the timeout. In C++, declare it static and with C linkage.
///
/// @param result The result of the poll: luma_result_run_status(), or luma_result_status() if it
///     failed. Borrowed: it is valid until the callback returns and must not be freed.
/// @param user_data The pointer that was passed to the wait.
/// @return 0 to continue; any other value to stop the wait. If the poll ends the wait anyway, the
///     value is ignored. The run is not affected.
/// @since 0.1.0
#[luma_stdcall::also]
pub type luma_poll_fn =
    Option<unsafe extern "C" fn(result: *const luma_result, user_data: *mut c_void) -> i32>;

/// Waits until a run ends: polls its history until its status is final (COMPLETED, FAILED or
/// TERMINATED), the wait times out, or the callback stops it.
///
/// The first poll is immediate. The pauses between polls start at 0.5 s and grow by half, up to
/// 15 s, with jitter; they are longer if the gateway asks for that. The last poll is just before
/// the timeout. Each poll uses the client's current access token.
///
/// A status that is not listed (LUMA_RUN_OTHER) ends the wait, too, if two polls in a row return it
/// with the same end time, which is not before the start time. LUMA_OK and the outcome ACCEPTED
/// then say that the run has ended, and luma_result_run_status_text() says how.
///
/// A failed poll ends the wait, with the status of the poll, if polling again cannot succeed:
///
/// - after HTTP 401 or 403, and a refusal by the proxy;
/// - after HTTP 404, unless the wait has lasted less than 10 s: the run may not be known yet;
/// - after an error envelope of the gateway, unless the wait has lasted less than 10 s, or an
///   earlier poll succeeded;
/// - after a TLS error, a redirect, a response that is too large, or another refusal, unless an
///   earlier poll succeeded.
///
/// After any other failure, including HTTP 408, 429 and 5xx, the wait continues.
///
/// Ending the wait never ends the run. Any process that has the trigger id can wait for it again. A
/// suspended run is waited for like any other; a person may have to act on it, see
/// luma_wait_for_workflow_or_suspension().
///
/// @param client The client to use.
/// @param trigger_id The run's id from luma_result_trigger_id().
/// @param timeout_ms The longest time to wait, in milliseconds: 1 to 86,400,000.
/// @param on_poll Called after each poll. May be NULL.
/// @param user_data Passed to on_poll. May be NULL.
/// @param[out] out Receives the result, on success and on failure. Free it with luma_result_free().
///     However the wait ended, it has the last state seen (luma_result_run_status(), the times,
///     luma_result_json() and the JSON pointers) and the number of polls
///     (luma_result_poll_count()). Its status, HTTP status and errors say why the wait ended.
///     Branch on the status: the outcome describes the last poll, not the run, see
///     luma_result_outcome().
/// @return The status of the result. LUMA_OK: the run has ended, also if it FAILED, was TERMINATED,
///     or ended with a status that is not listed. LUMA_ERROR_WAIT_TIMEOUT;
///     LUMA_ERROR_WAIT_STOPPED; LUMA_ERROR_NULL_ARGUMENT_1, _2, _6; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_TRIGGER_ID; LUMA_ERROR_TIMEOUT_RANGE; LUMA_ERROR_CANCELLED; if polling again
///     cannot succeed, LUMA_ERROR_UNAUTHORIZED, LUMA_ERROR_FORBIDDEN, LUMA_ERROR_NOT_FOUND,
///     LUMA_ERROR_PROXY_FAILED, LUMA_ERROR_TLS, LUMA_ERROR_REDIRECTED, LUMA_ERROR_REFUSED,
///     LUMA_ERROR_VALIDATION, LUMA_ERROR_RESPONSE_TOO_LARGE.
/// @note Thread-safe. Blocks until the run has ended, at most timeout_ms.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_wait_for_workflow(
    client: *const luma_client,
    trigger_id: *const c_char,
    timeout_ms: i64,
    on_poll: luma_poll_fn,
    user_data: *mut c_void,
    out: *mut *mut luma_result,
) -> i32 {
    let options = || WaitOptions::new(config::TIMEOUT.duration(timeout_ms)?);
    // Not in `wait`, because the stdcall twin of this function has another type of callback.
    //
    // SAFETY: the ABI contract.
    let on_poll = on_poll.map(|call| move |result: &_| unsafe { call(result, user_data) });
    let on_poll = on_poll.as_ref().map(|call| call as _);
    // SAFETY: the ABI contract.
    unsafe { wait(client, trigger_id, &options, on_poll, out) }
}

/// Waits until a run ends or is suspended. Otherwise the same as luma_wait_for_workflow().
///
/// A person may have to act before a suspended run continues. If the run is suspended already, the
/// wait ends at once. To notify a person and keep waiting, use luma_wait_for_workflow() with a
/// callback.
///
/// @param client The client to use.
/// @param trigger_id The run's id from luma_result_trigger_id().
/// @param timeout_ms The longest time to wait, in milliseconds: 1 to 86,400,000.
/// @param on_poll Called after each poll. May be NULL.
/// @param user_data Passed to on_poll. May be NULL.
/// @param[out] out Receives the result, on success and on failure. Free it with luma_result_free().
/// @return As luma_wait_for_workflow(), but LUMA_OK: the run has ended or is suspended.
/// @note Thread-safe. Blocks until the run has ended or is suspended, at most timeout_ms.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_wait_for_workflow_or_suspension(
    client: *const luma_client,
    trigger_id: *const c_char,
    timeout_ms: i64,
    on_poll: luma_poll_fn,
    user_data: *mut c_void,
    out: *mut *mut luma_result,
) -> i32 {
    let options =
        || WaitOptions::new(config::TIMEOUT.duration(timeout_ms)?).map(WaitOptions::or_suspended);
    // Not in `wait`, because the stdcall twin of this function has another type of callback.
    //
    // SAFETY: the ABI contract.
    let on_poll = on_poll.map(|call| move |result: &_| unsafe { call(result, user_data) });
    let on_poll = on_poll.as_ref().map(|call| call as _);
    // SAFETY: the ABI contract.
    unsafe { wait(client, trigger_id, &options, on_poll, out) }
}

/// Gets the status of a run (`GET /gateway/api/v1/workflowhistory/{triggerId}`).
///
/// @param client The client to use.
/// @param trigger_id The run's id from luma_result_trigger_id(), in this process or another.
/// @param[out] out Receives the result, on success and on failure. Free it with luma_result_free().
///     luma_result_run_status() and the other luma_result_run_* getters read it.
/// @return The status of the result. LUMA_OK: the run's status is known. LUMA_ERROR_NULL_ARGUMENT_1
///     to _3; LUMA_ERROR_UTF8_ARGUMENT_2; LUMA_ERROR_TRIGGER_ID; 100 to 299, in particular
///     LUMA_ERROR_NOT_FOUND if the gateway does not know the id. It is always safe to repeat the
///     call.
/// @note Thread-safe. Blocks until the response, at most the timeout.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_get_workflow_history(
    client: *const luma_client,
    trigger_id: *const c_char,
    out: *mut *mut luma_result,
) -> i32 {
    let call = |caller: &Caller| {
        // SAFETY: the ABI contract.
        let trigger_id = unsafe { TRIGGER_ID.text(trigger_id)? };
        Ok(Success::History(caller.begin().get_workflow_history(trigger_id)?))
    };
    // SAFETY: the ABI contract.
    unsafe { give_result(client, Argument(3, "out"), out, call) }
}

/// Lists the steps of a run (`GET /gateway/api/v1/workflowhistory/{triggerId}/stephistory`).
///
/// The steps are fetched page by page and returned as one result, up to 10,000 steps and 16 MiB.
/// If a later page fails, or there are more steps, the result has the steps so far, and the status
/// LUMA_ERROR_LIST_INCOMPLETE.
///
/// @param client The client to use.
/// @param trigger_id The run's id from luma_result_trigger_id().
/// @param filter A condition in the vendor's syntax, such as `status==FAILED`; NULL or "" for none.
/// @param order_by An order in the vendor's syntax, such as `startTime asc`; NULL or "" for the
///     gateway's own. It should be unambiguous: otherwise a step in a list of several pages may
///     be missing.
/// @param skip The number of steps to leave out at the start.
/// @param top The largest number of steps to return; 0 for all.
/// @param[out] out Receives the result, on success and on failure. Free it with luma_result_free().
///     luma_result_step_count() and the other luma_result_step_* getters read it.
/// @return The status of the result. LUMA_OK: the list is complete. LUMA_ERROR_NULL_ARGUMENT_1, _2,
///     _7; LUMA_ERROR_UTF8_ARGUMENT_2 to _4; LUMA_ERROR_TRIGGER_ID; LUMA_ERROR_FILTER;
///     LUMA_ERROR_ORDER_BY; LUMA_ERROR_SKIP; LUMA_ERROR_TOP; 100 to 299, in particular
///     LUMA_ERROR_LIST_INCOMPLETE: see luma_result_page_status(). It is always safe to repeat the
///     call.
/// @note Thread-safe. Blocks until the last response, at most the timeout.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_list_workflow_steps(
    client: *const luma_client,
    trigger_id: *const c_char,
    filter: *const c_char,
    order_by: *const c_char,
    skip: i64,
    top: i64,
    out: *mut *mut luma_result,
) -> i32 {
    let call = |caller: &Caller| {
        // SAFETY: the ABI contract.
        let (trigger_id, filter, order_by) = unsafe {
            (
                TRIGGER_ID.text(trigger_id)?,
                Argument(3, "filter").optional_text(filter)?,
                Argument(4, "order_by").optional_text(order_by)?,
            )
        };
        let query = list_query(filter, order_by, skip, top)?;
        let steps = caller.begin().list_workflow_steps(trigger_id, &query);
        Ok(luma_result::from_list(steps, WorkflowSteps::take_from, Success::Steps))
    };
    // SAFETY: the ABI contract.
    unsafe { give_result(client, Argument(7, "out"), out, call) }
}

/// Gets one step of a run in detail (`GET
/// /gateway/api/v1/workflowhistory/{triggerId}/stephistory/{stepHistoryId}`).
///
/// @param client The client to use.
/// @param trigger_id The run's id from luma_result_trigger_id().
/// @param step_id The step's id from luma_result_step_id().
/// @param[out] out Receives the result, on success and on failure. Free it with luma_result_free().
///     The luma_result_step_* getters read the step at index 0. The details, such as
///     `totalAttempts` and `activityRuntimeAttributes`, are below `/resultData`, see
///     luma_result_string().
/// @return The status of the result. LUMA_OK: the step is known. LUMA_ERROR_NULL_ARGUMENT_1 to _4;
///     LUMA_ERROR_UTF8_ARGUMENT_2, _3; LUMA_ERROR_TRIGGER_ID; LUMA_ERROR_STEP_ID; 100 to 299. It is
///     always safe to repeat the call.
/// @note Thread-safe. Blocks until the response, at most the timeout.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_get_workflow_step(
    client: *const luma_client,
    trigger_id: *const c_char,
    step_id: *const c_char,
    out: *mut *mut luma_result,
) -> i32 {
    let call = |caller: &Caller| {
        // SAFETY: the ABI contract.
        let (trigger_id, step_id) =
            unsafe { (TRIGGER_ID.text(trigger_id)?, Argument(3, "step_id").text(step_id)?) };
        Ok(Success::Step(caller.begin().get_workflow_step(trigger_id, step_id)?))
    };
    // SAFETY: the ABI contract.
    unsafe { give_result(client, Argument(4, "out"), out, call) }
}

/// Generates a launch URL, which shows a run as a diagram in a browser or an iframe (`POST
/// /gateway/api/v1/launchincontexturl/generate`).
///
/// @param client The client to use.
/// @param trigger_id The run's id from luma_result_trigger_id().
/// @param[out] out Receives the result, on success and on failure. Free it with luma_result_free().
///     luma_result_launch_url() returns the URL, which is a secret.
/// @return The status of the result. LUMA_OK: there is a URL. LUMA_ERROR_NULL_ARGUMENT_1 to _3;
///     LUMA_ERROR_UTF8_ARGUMENT_2; LUMA_ERROR_TRIGGER_ID; 100 to 299, in particular
///     LUMA_ERROR_NOT_FOUND or LUMA_ERROR_VALIDATION if the gateway does not know the id, and
///     LUMA_ERROR_UNEXPECTED_RESPONSE if the URL is neither http nor https. It is safe to repeat
///     the call, which generates another URL.
/// @note Thread-safe. Blocks until the response, at most the timeout.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_generate_launch_url(
    client: *const luma_client,
    trigger_id: *const c_char,
    out: *mut *mut luma_result,
) -> i32 {
    let call = |caller: &Caller| {
        // SAFETY: the ABI contract.
        let trigger_id = unsafe { TRIGGER_ID.text(trigger_id)? };
        Ok(Success::LaunchUrl(caller.begin().generate_launch_url(trigger_id)?))
    };
    // SAFETY: the ABI contract.
    unsafe { give_result(client, Argument(3, "out"), out, call) }
}

/// Lists the workflow definitions, the workflows that can be triggered (`GET
/// /gateway/api/v1/workflowdefinition`).
///
/// They are fetched page by page and returned as one result, up to 10,000 definitions and 16 MiB.
/// If a later page fails, or there are more definitions, the result has the definitions so far, and
/// the status LUMA_ERROR_LIST_INCOMPLETE.
///
/// @param client The client to use.
/// @param filter A condition in the vendor's syntax, such as `name=='*password*'`; NULL or "" for
///     none. The gateway defines what it may contain and whether case matters.
/// @param order_by An order in the vendor's syntax, such as `name asc`; NULL or "" for the
///     gateway's own. It should be unambiguous, as for luma_list_workflow_steps().
/// @param skip The number of workflow definitions to leave out at the start.
/// @param top The largest number of workflow definitions to return; 0 for all.
/// @param[out] out Receives the result, on success and on failure. Free it with luma_result_free().
///     luma_result_definition_count() and the other luma_result_definition_* getters read it.
/// @return The status of the result. LUMA_OK: the list is complete. LUMA_ERROR_NULL_ARGUMENT_1, _6;
///     LUMA_ERROR_UTF8_ARGUMENT_2, _3; LUMA_ERROR_FILTER; LUMA_ERROR_ORDER_BY; LUMA_ERROR_SKIP;
///     LUMA_ERROR_TOP; 100 to 299, in particular LUMA_ERROR_LIST_INCOMPLETE: see
///     luma_result_page_status(). It is always safe to repeat the call.
/// @note Thread-safe. Blocks until the last response, at most the timeout.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_list_workflow_definitions(
    client: *const luma_client,
    filter: *const c_char,
    order_by: *const c_char,
    skip: i64,
    top: i64,
    out: *mut *mut luma_result,
) -> i32 {
    let call = |caller: &Caller| {
        // SAFETY: the ABI contract.
        let (filter, order_by) = unsafe {
            (
                Argument(2, "filter").optional_text(filter)?,
                Argument(3, "order_by").optional_text(order_by)?,
            )
        };
        let query = list_query(filter, order_by, skip, top)?;
        let definitions = caller.begin().list_workflow_definitions(&query);
        let take_from = WorkflowDefinitions::take_from;
        Ok(luma_result::from_list(definitions, take_from, Success::WorkflowDefinitions))
    };
    // SAFETY: the ABI contract.
    unsafe { give_result(client, Argument(6, "out"), out, call) }
}

/// Generates a new access token for a tenant; the old one becomes invalid (`GET
/// /gateway/api/v1/platform/apiaccesskeys/generate`).
///
/// The request is sent once, on a dedicated connection. The client keeps using its own token: pass
/// the new one to luma_client_set_access_token(). A wait in progress ends with
/// LUMA_ERROR_UNAUTHORIZED if that does not happen before its next poll.
///
/// @param client The client to use. Its own access token is not sent.
/// @param super_admin_token The super-admin access token. Used for this call only, and wiped.
/// @param tenant_external_id The tenant's external id, a UUID.
/// @param[out] out Receives the result, on success and on failure. Free it with luma_result_free().
///     luma_result_access_token() returns the new token, which is a secret.
/// @return The status of the result. LUMA_OK: there is a new token. LUMA_ERROR_NULL_ARGUMENT_1 to
///     _4; LUMA_ERROR_UTF8_ARGUMENT_2, _3; LUMA_ERROR_SUPER_ADMIN_TOKEN;
///     LUMA_ERROR_TENANT_EXTERNAL_ID; 100 to 299. If the outcome is UNKNOWN, the old token may
///     already be invalid.
/// @note Thread-safe. Blocks until the response, at most the timeout.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_regenerate_tenant_token(
    client: *const luma_client,
    super_admin_token: *const c_char,
    tenant_external_id: *const c_char,
    out: *mut *mut luma_result,
) -> i32 {
    let call = |caller: &Caller| {
        // SAFETY: the ABI contract.
        let (super_admin_token, tenant_external_id) = unsafe {
            (
                Argument(2, "super_admin_token").text(super_admin_token)?,
                Argument(3, "tenant_external_id").text(tenant_external_id)?,
            )
        };
        let token =
            caller.begin().regenerate_tenant_token(super_admin_token, tenant_external_id)?;
        Ok(Success::TenantToken(token))
    };
    // SAFETY: the ABI contract.
    unsafe { give_result(client, Argument(4, "out"), out, call) }
}

/// Runs a wait and returns its result to the caller.
///
/// # Safety
///
/// As for [`Argument::handle`], [`Argument::text`] and [`Argument::out`].
unsafe fn wait(
    client: *const luma_client,
    trigger_id: *const c_char,
    options: &dyn Fn() -> Result<WaitOptions, Error>,
    on_poll: Option<&dyn Fn(&luma_result) -> i32>,
    out: *mut *mut luma_result,
) -> i32 {
    let on_poll = |poll: &Poll| {
        let Some(on_poll) = on_poll else { return ControlFlow::Continue(()) };
        match on_poll(&luma_result::from_poll(poll)) {
            0 => ControlFlow::Continue(()),
            _ => ControlFlow::Break(()),
        }
    };
    let call = |caller: &Caller| -> Result<Wait, Failure> {
        // SAFETY: the caller's promise.
        let trigger_id = unsafe { TRIGGER_ID.text(trigger_id)? };
        Ok(caller.begin().wait_for_workflow(trigger_id, &options()?, on_poll))
    };
    // SAFETY: the caller's promise.
    unsafe { give_result(client, Argument(6, "out"), out, call) }
}

fn list_query<'a>(
    filter: &'a str,
    order_by: &'a str,
    skip: i64,
    top: i64,
) -> Result<ListQuery<'a>, Failure> {
    let skip = u64::try_from(skip).map_err(|_| Failure::number(LUMA_ERROR_SKIP, skip))?;
    let top = u64::try_from(top).map_err(|_| Failure::number(LUMA_ERROR_TOP, top))?;
    Ok(ListQuery { filter, order_by, skip, top })
}

/// Makes a call and returns its result to the caller, whether it succeeded or failed.
///
/// # Safety
///
/// As for [`Argument::handle`] and [`Argument::out`].
pub(super) unsafe fn give_result<T: Into<luma_result>>(
    client: *const luma_client,
    argument: Argument,
    out: *mut *mut luma_result,
    call: impl FnOnce(&Caller) -> Result<T, Failure>,
) -> i32 {
    guard_value(LUMA_ERROR_INTERNAL, || {
        // SAFETY: the caller's promise.
        let out = match unsafe { argument.out(out, ptr::null_mut()) } {
            Ok(out) => out,
            Err(failure) => return failure.status(),
        };
        let mut caller = None;
        let result = catch(|| {
            // SAFETY: the caller's promise.
            let client = unsafe { luma_client::hold(client)? };
            Ok(Box::new(call(caller.insert(Caller::new(client)))?.into()))
        });
        let result = result.unwrap_or_else(|failure| failed(caller.as_ref(), failure));
        let status = result.status();
        *out = Box::into_raw(result);
        status
    })
}

/// Returns the result of a call that failed. A panic is logged, too.
fn failed(caller: Option<&Caller>, failure: Failure) -> Box<luma_result> {
    if let (Failure::Panic(message), Some(caller)) = (&failure, caller) {
        // The caller gets a result, even if the log callback panics as well.
        let _ = catch(|| {
            caller.client().log_fault(message);
            Ok(())
        });
    }
    Box::new(match caller.is_some_and(Caller::has_begun) {
        true => failure.into(),
        false => failure.before_sending().into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Client, Config, LogLevel};

    #[test]
    fn a_call_that_panics_returns_a_result_even_if_logging_that_panics_too() {
        let mut config = Config::new("http://127.0.0.1:1", "t").unwrap();
        config.set_log(LogLevel::Debug, |_, _| panic!("the log is broken"));
        let client = luma_client::into_handle(Client::with_config(&config).unwrap());
        let mut out = ptr::null_mut();
        let call = |_: &Caller| -> Result<Success, Failure> { panic!("first") };
        // SAFETY: these are a valid handle and a valid out-parameter.
        let status = unsafe { give_result(client, Argument(2, "out"), &mut out, call) };
        assert_eq!(status, LUMA_ERROR_INTERNAL);
        // SAFETY: a valid handle, or NULL.
        let result = unsafe { out.as_ref() }.expect("a result");
        assert_eq!(result.status(), LUMA_ERROR_INTERNAL);
        // SAFETY: valid handles that are not used any more.
        unsafe {
            super::super::result::luma_result_free(out);
            super::super::client::luma_client_free(client);
        }
    }
}
