//! `luma_client`: the calls.

use std::ffi::{c_char, c_void};
use std::ops::ControlFlow;
use std::ptr;

use crate::{Client, ListQuery, Poll, Wait, WaitOptions};

use super::answer::Answer;
use super::boundary::{Argument, Failure, catch, guard, guard_value};
use super::config::{luma_config, milliseconds};
use super::result::luma_result;
use super::status::{LUMA_ERROR_SKIP, LUMA_ERROR_TOP};
use super::trigger_request::luma_trigger_request;

/// A client of one gateway. Any number of threads may use it at once.
pub struct luma_client(Client);

const CLIENT: Argument = Argument(1, "client");

impl luma_client {
    fn handle(client: Client) -> *mut Self {
        #[cfg(unix)]
        super::fork::watch();
        Box::into_raw(Box::new(luma_client(client)))
    }
}

/// Makes a client with default settings. Nothing is connected yet.
///
/// base_url: `https://host[:port][/prefix]`, without `/gateway/api/v1`; copied. `http://` is
///     refused except to loopback, see luma_config_set_allow_http.
/// access_token: the tenant's access token; copied, never shown.
/// out: receives the client, or NULL on failure; free it with luma_client_free.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_1, _2;
///     LUMA_ERROR_BASE_URL_SYNTAX, _SCHEME, _USER_INFO, _PORT, _INSECURE;
///     LUMA_ERROR_ACCESS_TOKEN; LUMA_ERROR_PROXY if the environment names a proxy that is none.
/// Threads: any. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_client_new(
    base_url: *const c_char,
    access_token: *const c_char,
    out: *mut *mut luma_client,
) -> i32 {
    guard(|| {
        let out = unsafe { Argument(3, "out").out(out, ptr::null_mut()) }?;
        let base_url = unsafe { Argument(1, "base_url").text(base_url) }?;
        let access_token = unsafe { Argument(2, "access_token").text(access_token) }?;
        *out = luma_client::handle(Client::new(base_url, access_token)?);
        Ok(())
    })
}

/// Makes a client with settings of your own. Nothing is connected yet.
///
/// config: the settings; copied, so it may be freed or changed afterwards.
/// out: receives the client, or NULL on failure; free it with luma_client_free.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_BASE_URL_INSECURE;
///     LUMA_ERROR_PROXY if the environment names a proxy that is none.
/// Threads: any, while nobody changes the configuration. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_client_new_with_config(
    config: *const luma_config,
    out: *mut *mut luma_client,
) -> i32 {
    guard(|| {
        let out = unsafe { Argument(2, "out").out(out, ptr::null_mut()) }?;
        let config = unsafe { Argument(1, "config").handle(config) }?;
        *out = luma_client::handle(Client::with_config(&config.config)?);
        Ok(())
    })
}

/// Frees a client; its connections close with the last one that shares them. Results that it gave
/// stay valid. While a call is under way on another thread it must not be freed: luma_client_close,
/// join the thread, then free.
///
/// client: a client that no thread uses any more, or NULL, which does nothing.
/// Threads: exclusive. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_client_free(client: *mut luma_client) {
    guard_value((), || {
        if !client.is_null() {
            drop(unsafe { Box::from_raw(client) });
        }
    })
}

/// Submits a workflow for execution (POST /gateway/api/v1/workflow/trigger). It returns as soon as
/// the gateway has answered and does not wait for the run. It is sent at most once: it is tried again
/// only if not a byte was sent, see luma_config_set_retries.
///
/// client: the client.
/// request: what to run; unchanged, so it may be sent again, which runs it again.
/// out: receives a result on success and on failure; free it with luma_result_free. NULL only if
///     the status is LUMA_ERROR_NULL_ARGUMENT_3.
/// Returns: the result's status, see luma_result_status. LUMA_OK: ACCEPTED. Anything else: ask
///     luma_result_outcome. LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_LUMA_CHANNEL_ACCOUNT_ID;
///     LUMA_ERROR_TICKET_IDENTIFIER; LUMA_ERROR_REQUEST_TOO_LARGE; 100 to 299.
/// Threads: any number at once on one client. Blocks: until the response, at most the timeout.
/// Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_workflow(
    client: *const luma_client,
    request: *const luma_trigger_request,
    out: *mut *mut luma_result,
) -> i32 {
    give_result(client, Argument(3, "out"), out, |client| {
        let request = unsafe { Argument(2, "request").handle(request) }?;
        Ok(Answer::Trigger(client.trigger_workflow(&request.0)?))
    })
}

/// Submits a workflow whose request is written as JSON already, in the gateway's own words. It is
/// checked like a luma_trigger_request, and sent as it is, at most once.
///
/// client: the client.
/// request_json: an object with `workflowIdentifier` and, if wanted, `variables`,
///     `initiatorContactId`, `initiatorApplicationId`, `initiationInfo`; at most 16 MiB.
/// out: receives a result on success and on failure; free it with luma_result_free. NULL only if
///     the status is LUMA_ERROR_NULL_ARGUMENT_3.
/// Returns: as luma_trigger_workflow, and LUMA_ERROR_UTF8_ARGUMENT_2; LUMA_ERROR_JSON;
///     LUMA_ERROR_WORKFLOW_IDENTIFIER; LUMA_ERROR_VARIABLES; LUMA_ERROR_VARIABLE_NAME;
///     LUMA_ERROR_INITIATOR_CONTACT; LUMA_ERROR_INITIATOR_APPLICATION; LUMA_ERROR_INITIATION_INFO.
/// Threads: any number at once on one client. Blocks: until the response, at most the timeout.
/// Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_workflow_json(
    client: *const luma_client,
    request_json: *const c_char,
    out: *mut *mut luma_result,
) -> i32 {
    give_result(client, Argument(3, "out"), out, |client| {
        let request_json = unsafe { Argument(2, "request_json").text(request_json) }?;
        Ok(Answer::Trigger(client.trigger_workflow_json(request_json)?))
    })
}

/// Replaces the tenant's access token, at once for all threads. Calls under way keep the old one,
/// which is wiped from memory with the last of them.
///
/// client: the client.
/// access_token: the new access token; copied, never shown.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_ACCESS_TOKEN. Unless it is LUMA_OK, the old token stays.
/// Threads: any number at once on one client, also while calls run. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_client_set_access_token(
    client: *mut luma_client,
    access_token: *const c_char,
) -> i32 {
    guard(|| {
        let client = unsafe { CLIENT.handle(client) }?;
        let access_token = unsafe { Argument(2, "access_token").text(access_token) }?;
        Ok(client.0.set_access_token(access_token)?)
    })
}

/// Ends every call and every wait that is under way on a client, within 50 ms, whatever it waits
/// for; but for a callback, and what Windows may fetch to verify a certificate. Each gives its result as always: the status is LUMA_ERROR_CANCELLED, the outcome tells what
/// is certain: NOT_SENT if nothing was sent, UNKNOWN while a response was awaited; between two attempts,
/// that of the last one; between two looks of a wait, UNKNOWN. The client stays usable. Cancelling never ends a run of the gateway's.
///
/// Calls that begin later are not affected; to end a program, see luma_client_close.
///
/// client: the client; those of luma_client_with_request_id share its calls.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1.
/// Threads: any number at once on one client, also within a callback; not in a signal handler.
/// Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_client_cancel(client: *mut luma_client) -> i32 {
    guard(|| {
        let client = unsafe { CLIENT.handle(client) }?;
        client.0.cancel();
        Ok(())
    })
}

/// Ends every call and every wait on a client as luma_client_cancel does, and those that begin later
/// too: their status is LUMA_ERROR_CANCELLED, their outcome NOT_SENT. So a thread comes to an end that
/// was just about to call. To end a program, or to unload it: close, join the threads, then free.
///
/// client: the client; it is of no more use, nor are those of luma_client_with_request_id.
/// Returns: LUMA_OK, also if it is closed already; LUMA_ERROR_NULL_ARGUMENT_1.
/// Threads: any number at once on one client, also within a callback; not in a signal handler.
/// Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_client_close(client: *mut luma_client) -> i32 {
    guard(|| {
        let client = unsafe { CLIENT.handle(client) }?;
        client.0.close();
        Ok(())
    })
}

/// Gives a client that is the same but for the id of its calls: it goes out as `X-Request-Id`,
/// stands in the log, and comes back by luma_result_request_id, so that a call can be found in the
/// logs of both sides. It shares everything else with the client, connections, access token,
/// luma_client_cancel and luma_client_close included. Without it, each call makes an id of its own.
///
/// client: the client. Either may be freed earlier, also while calls are under way on the other.
/// request_id: 1 to 128 visible ASCII characters, such as a ticket's number; copied.
/// out: receives the client, or NULL on failure; free it with luma_client_free.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_REQUEST_ID.
/// Threads: any number at once on one client. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_client_with_request_id(
    client: *const luma_client,
    request_id: *const c_char,
    out: *mut *mut luma_client,
) -> i32 {
    guard(|| {
        let out = unsafe { Argument(3, "out").out(out, ptr::null_mut()) }?;
        let client = unsafe { CLIENT.handle(client) }?;
        let request_id = unsafe { Argument(2, "request_id").text(request_id) }?;
        *out = luma_client::handle(client.0.with_request_id(request_id)?);
        Ok(())
    })
}

/// Tells how far a run has come (GET /gateway/api/v1/workflowhistory/<triggerId>).
///
/// client: the client.
/// trigger_id: what luma_result_trigger_id gave, in this process or another.
/// out: receives a result on success and on failure; free it with luma_result_free. NULL only if
///     the status is LUMA_ERROR_NULL_ARGUMENT_3. luma_result_run_status tells the status of
///     the run, luma_result_run_start_time_ms, _end_time_ms and _time_spent_ms its times.
/// Returns: the result's status. LUMA_OK: the status is known. LUMA_ERROR_NULL_ARGUMENT_1 to _3;
///     LUMA_ERROR_UTF8_ARGUMENT_2; LUMA_ERROR_TRIGGER_ID; 100 to 299, LUMA_ERROR_NOT_FOUND for an
///     id that the gateway does not know. It may always be asked again.
/// Threads: any number at once on one client. Blocks: until the response, at most the timeout.
/// Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_get_workflow_history(
    client: *const luma_client,
    trigger_id: *const c_char,
    out: *mut *mut luma_result,
) -> i32 {
    give_result(client, Argument(3, "out"), out, |client| {
        let trigger_id = unsafe { TRIGGER_ID.text(trigger_id) }?;
        Ok(Answer::History(client.get_workflow_history(trigger_id)?))
    })
}

/// Lists the steps of a run (GET /gateway/api/v1/workflowhistory/<triggerId>/stephistory).
///
/// client: the client.
/// trigger_id: what luma_result_trigger_id gave.
/// filter: a condition as the vendor writes it, such as `status==FAILED`; NULL or "" for none.
/// order_by: an order as the vendor writes it, such as `startTime asc`; NULL or "" for the
///     gateway's own. It should leave no ties, or a step of a list of several pages may be there
///     twice or not at all.
/// skip: how many steps are left out at the start.
/// top: how many steps are wanted at most; 0 for all of them. They are fetched page by page and
///     given as one result, up to 10,000 steps and 16 MiB.
/// out: receives a result on success and on failure; free it with luma_result_free. NULL only if
///     the status is LUMA_ERROR_NULL_ARGUMENT_7. luma_result_step_count and the other
///     luma_result_step_... tell of the steps.
/// Returns: the result's status. LUMA_OK: the list is complete. LUMA_ERROR_NULL_ARGUMENT_1, _2, _7;
///     LUMA_ERROR_UTF8_ARGUMENT_2 to _4; LUMA_ERROR_TRIGGER_ID, _FILTER, _ORDER_BY, _SKIP, _TOP;
///     100 to 299, LUMA_ERROR_RESPONSE_TOO_LARGE for more than is given at once. It may always be
///     asked again.
/// Threads: any number at once on one client. Blocks: until the last response, at most the timeout.
/// Since: 0.1.0
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
    give_result(client, Argument(7, "out"), out, |client| {
        let trigger_id = unsafe { TRIGGER_ID.text(trigger_id) }?;
        let filter = unsafe { Argument(3, "filter").optional_text(filter) }?;
        let order_by = unsafe { Argument(4, "order_by").optional_text(order_by) }?;
        let query = list_query(filter, order_by, skip, top)?;
        Ok(Answer::Steps(client.list_workflow_steps(trigger_id, &query)?))
    })
}

/// Tells of one step of a run in detail
/// (GET /gateway/api/v1/workflowhistory/<triggerId>/stephistory/<stepHistoryId>).
///
/// client: the client.
/// trigger_id: what luma_result_trigger_id gave.
/// step_id: what luma_result_step_id gave.
/// out: receives a result on success and on failure; free it with luma_result_free. NULL only if
///     the status is LUMA_ERROR_NULL_ARGUMENT_4. The luma_result_step_... tell of the step at
///     index 0; what else the gateway says stands below `/resultData`, such as `totalAttempts` and
///     `activityRuntimeAttributes`.
/// Returns: the result's status. LUMA_OK: the step is known. LUMA_ERROR_NULL_ARGUMENT_1 to _4;
///     LUMA_ERROR_UTF8_ARGUMENT_2, _3; LUMA_ERROR_TRIGGER_ID, _STEP_ID; 100 to 299. It may always
///     be asked again.
/// Threads: any number at once on one client. Blocks: until the response, at most the timeout.
/// Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_get_workflow_step(
    client: *const luma_client,
    trigger_id: *const c_char,
    step_id: *const c_char,
    out: *mut *mut luma_result,
) -> i32 {
    give_result(client, Argument(4, "out"), out, |client| {
        let trigger_id = unsafe { TRIGGER_ID.text(trigger_id) }?;
        let step_id = unsafe { Argument(3, "step_id").text(step_id) }?;
        Ok(Answer::Step(client.get_workflow_step(trigger_id, step_id)?))
    })
}

/// Makes a URL that shows a run as a picture, for a technician's browser or an IFrame
/// (POST /gateway/api/v1/launchincontexturl/generate).
///
/// client: the client.
/// trigger_id: what luma_result_trigger_id gave.
/// out: receives a result on success and on failure; free it with luma_result_free. NULL only if
///     the status is LUMA_ERROR_NULL_ARGUMENT_3. luma_result_launch_url gives the URL, a secret.
/// Returns: the result's status. LUMA_OK: there is a URL. LUMA_ERROR_NULL_ARGUMENT_1 to _3;
///     LUMA_ERROR_UTF8_ARGUMENT_2; LUMA_ERROR_TRIGGER_ID; 100 to 299: LUMA_ERROR_NOT_FOUND or
///     LUMA_ERROR_VALIDATION for an id that the gateway does not know, LUMA_ERROR_UNEXPECTED_RESPONSE
///     for a URL that is neither http nor https. It may be asked again, which makes another URL.
/// Threads: any number at once on one client. Blocks: until the response, at most the timeout.
/// Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_generate_launch_url(
    client: *const luma_client,
    trigger_id: *const c_char,
    out: *mut *mut luma_result,
) -> i32 {
    give_result(client, Argument(3, "out"), out, |client| {
        let trigger_id = unsafe { TRIGGER_ID.text(trigger_id) }?;
        Ok(Answer::LaunchUrl(client.generate_launch_url(trigger_id)?))
    })
}

/// Lists the workflows that can be triggered (GET /gateway/api/v1/workflowdefinition).
///
/// client: the client.
/// filter: a condition as the vendor writes it, such as `name=='*password*'`; NULL or "" for none.
///     What it may hold, and whether case matters, is the gateway's affair.
/// order_by: an order as the vendor writes it, such as `name asc`; NULL or "" for the gateway's
///     own.
/// skip: how many workflows are left out at the start.
/// top: how many workflows are wanted at most; 0 for all of them, as for luma_list_workflow_steps.
/// out: receives a result on success and on failure; free it with luma_result_free. NULL only if
///     the status is LUMA_ERROR_NULL_ARGUMENT_6. luma_result_definition_count, _identifier, _name and
///     _description tell of the workflows; the parameters of the first stand at
///     `/resultData/0/inputParameters/parameters/0/parameter`, `.../0/dataType`, `.../0/required`.
/// Returns: the result's status. LUMA_OK: the list is complete. LUMA_ERROR_NULL_ARGUMENT_1, _6;
///     LUMA_ERROR_UTF8_ARGUMENT_2, _3; LUMA_ERROR_FILTER, _ORDER_BY, _SKIP, _TOP; 100 to 299,
///     LUMA_ERROR_RESPONSE_TOO_LARGE for more than is given at once. It may always be asked again.
/// Threads: any number at once on one client. Blocks: until the last response, at most the timeout.
/// Since: 0.1.0
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
    give_result(client, Argument(6, "out"), out, |client| {
        let filter = unsafe { Argument(2, "filter").optional_text(filter) }?;
        let order_by = unsafe { Argument(3, "order_by").optional_text(order_by) }?;
        let query = list_query(filter, order_by, skip, top)?;
        Ok(Answer::WorkflowDefinitions(client.list_workflow_definitions(&query)?))
    })
}

/// Makes a new access token for a tenant (GET /gateway/api/v1/platform/apiaccesskeys/generate): its
/// old one stops working. It is sent once, on a connection of its own. The client goes on with the
/// token that it has; luma_client_set_access_token gives it the new one, before the next look of a
/// wait under way or that wait ends with LUMA_ERROR_UNAUTHORIZED.
///
/// client: the client; its own token is not sent.
/// super_admin_token: the super-admin access token; used for this call alone and wiped.
/// tenant_external_id: the tenant's external id, a UUID.
/// out: receives a result on success and on failure; free it with luma_result_free. NULL only if
///     the status is LUMA_ERROR_NULL_ARGUMENT_4. luma_result_access_token gives the new token.
/// Returns: the result's status. LUMA_OK: there is a new token. LUMA_ERROR_NULL_ARGUMENT_1 to _4;
///     LUMA_ERROR_UTF8_ARGUMENT_2, _3; LUMA_ERROR_SUPER_ADMIN_TOKEN, _TENANT_EXTERNAL_ID;
///     100 to 299. If the outcome is UNKNOWN, the old token may no longer be valid.
/// Threads: any number at once on one client. Blocks: until the response, at most the timeout.
/// Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_regenerate_tenant_token(
    client: *const luma_client,
    super_admin_token: *const c_char,
    tenant_external_id: *const c_char,
    out: *mut *mut luma_result,
) -> i32 {
    give_result(client, Argument(4, "out"), out, |client| {
        let super_admin = unsafe { Argument(2, "super_admin_token").text(super_admin_token) }?;
        let tenant = unsafe { Argument(3, "tenant_external_id").text(tenant_external_id) }?;
        Ok(Answer::TenantToken(client.regenerate_tenant_token(super_admin, tenant)?))
    })
}

/// What is called after each look of a wait, on the thread that waits.
///
/// It is not called between the looks: for up to 15 s, or for as long as the gateway asks.
/// It has to return: neither an exception nor longjmp may leave it. It may call any function but
/// luma_client_free for this client. The time that it takes counts. In C++, give it C linkage and
/// make it static.
///
/// result: what was seen: luma_result_run_status, or why nothing was: luma_result_status. It
///     is borrowed, valid until the callback returns, and must not be freed.
/// user_data: what was given to the wait.
/// Returns: 0 to go on; anything else to end the wait. A look that ends the wait by itself (a final
///     status, or see luma_wait_for_workflow) ends it whatever is returned. The run goes on either way.
#[luma_stdcall::also]
pub type luma_poll_fn =
    Option<unsafe extern "C" fn(result: *const luma_result, user_data: *mut c_void) -> i32>;

/// Waits until a run has ended: looks at its history until the status is final (COMPLETED, FAILED
/// or TERMINATED), the time is over, or the callback ends the wait. It looks right away and then
/// after pauses from 0.5 s, growing by half, at most 15 s, jittered; later if the gateway asks for
/// that; and a last time just before the time is over.
///
/// A look that fails ends the wait, with its status, if looking again cannot mend it: after 401 and
/// 403, after a proxy's refusal, and after 404 if it came 10 s or more after the wait began; as long
/// as no look has seen the run, also after a fault of TLS, a redirect, another refusal, a validation
/// error and a response that is too large. After anything else, 408, 429 and 5xx included, it goes on.
///
/// Each look takes the access token that the client has at that time.
///
/// Ending the wait never ends the run. It can be taken up again at any time, by any process that
/// has the trigger id. A run that is suspended is waited for like any other; a person may have to
/// do something, so see luma_wait_for_workflow_or_suspension.
///
/// client: the client.
/// trigger_id: what luma_result_trigger_id gave.
/// timeout_ms: 1 to 86,400,000 milliseconds for the whole wait.
/// on_poll: called after each look; may be NULL.
/// user_data: handed to on_poll; may be NULL.
/// out: receives a result on success and on failure; free it with luma_result_free. NULL only if
///     the status is LUMA_ERROR_NULL_ARGUMENT_6. However the wait ended, it holds the last state
///     seen (luma_result_run_status, the times, luma_result_json and what a pointer finds) and
///     the number of looks (luma_result_poll_count). Its status, HTTP status and errors tell why the
///     wait ended; branch on the status, for the outcome tells of the last look, not of the run, see
///     luma_result_outcome.
/// Returns: the result's status. LUMA_OK: the run has ended, also if it is FAILED or TERMINATED.
///     LUMA_ERROR_WAIT_TIMEOUT; LUMA_ERROR_WAIT_STOPPED; LUMA_ERROR_NULL_ARGUMENT_1, _2, _6;
///     LUMA_ERROR_UTF8_ARGUMENT_2; LUMA_ERROR_TRIGGER_ID, _TIMEOUT_RANGE; LUMA_ERROR_CANCELLED;
///     for what looking again cannot mend LUMA_ERROR_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND,
///     _PROXY_FAILED, _TLS, _REDIRECTED, _REFUSED, _VALIDATION, _RESPONSE_TOO_LARGE.
/// Threads: any number at once on one client. Blocks: until the run has ended, at most timeout_ms.
/// Since: 0.1.0
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
    give_result(client, WAIT_OUT, out, |client| {
        let options = WaitOptions::new(milliseconds(timeout_ms));
        let on_poll = on_poll.map(|call| move |seen: &_| unsafe { call(seen, user_data) });
        unsafe { wait(client, trigger_id, options, on_poll) }
    })
}

/// Waits like luma_wait_for_workflow, but also ends with LUMA_OK when the run is SUSPENDED: a
/// person may have to do something before it goes on. On a run that is suspended already it ends at
/// once; to tell a person and wait on, use luma_wait_for_workflow with a callback.
///
/// client, trigger_id, timeout_ms, on_poll, user_data, out: as for luma_wait_for_workflow.
/// Returns: as luma_wait_for_workflow. LUMA_OK: the run has ended or is suspended.
/// Threads: any number at once on one client. Blocks: until the run has ended or is suspended, at
///     most timeout_ms. Since: 0.1.0
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
    give_result(client, WAIT_OUT, out, |client| {
        let options = WaitOptions::new(milliseconds(timeout_ms)).map(WaitOptions::or_suspended);
        let on_poll = on_poll.map(|call| move |seen: &_| unsafe { call(seen, user_data) });
        unsafe { wait(client, trigger_id, options, on_poll) }
    })
}

const TRIGGER_ID: Argument = Argument(2, "trigger_id");
const WAIT_OUT: Argument = Argument(6, "out");

/// # Safety
///
/// As [`Argument::text`].
#[inline(never)] // It has two callers.
unsafe fn wait(
    client: &Client,
    trigger_id: *const c_char,
    options: Result<WaitOptions, crate::Error>,
    on_poll: Option<impl Fn(&luma_result) -> i32>,
) -> Result<Wait, Failure> {
    let trigger_id = unsafe { TRIGGER_ID.text(trigger_id) }?;
    Ok(client.wait_for_workflow(trigger_id, &options?, |poll: &Poll| {
        let Some(on_poll) = &on_poll else { return ControlFlow::Continue(()) };
        match on_poll(&luma_result::of_poll(poll)) {
            0 => ControlFlow::Continue(()),
            _ => ControlFlow::Break(()),
        }
    }))
}

fn list_query<'a>(
    filter: &'a str,
    order_by: &'a str,
    skip: i64,
    top: i64,
) -> Result<ListQuery<'a>, Failure> {
    let skip = u64::try_from(skip).map_err(|_| Failure::Status(LUMA_ERROR_SKIP))?;
    let top = u64::try_from(top).map_err(|_| Failure::Status(LUMA_ERROR_TOP))?;
    Ok(ListQuery { filter, order_by, skip, top })
}

/// Runs a call and hands out its result, whatever came of it.
fn give_result<T: Into<luma_result>>(
    client: *const luma_client,
    argument: Argument,
    out: *mut *mut luma_result,
    call: impl FnOnce(&Client) -> Result<T, Failure>,
) -> i32 {
    let out = match unsafe { argument.out(out, ptr::null_mut()) } {
        Ok(out) => out,
        Err(failure) => return failure.status(),
    };
    let result = match unsafe { CLIENT.handle(client) } {
        Ok(luma_client(client)) => catch(|| Ok(Box::new(call(client)?.into())))
            .unwrap_or_else(|failure| failed(Some(client), failure)),
        Err(failure) => failed(None, failure),
    };
    let status = result.status();
    *out = Box::into_raw(result);
    status
}

#[cold] // So that it stands once, and not in every call.
fn failed(client: Option<&Client>, failure: Failure) -> Box<luma_result> {
    if let (Some(client), Failure::Panic(message)) = (client, &failure) {
        client.log_fault(message);
    }
    Box::new(failure.into())
}

// Raw pointers hide it, so the promise of the header is checked here.
const _: () = {
    const fn is_shared<T: Send + Sync>() {}
    is_shared::<luma_client>();
    is_shared::<luma_result>();
    is_shared::<luma_config>();
    is_shared::<luma_trigger_request>();
};
