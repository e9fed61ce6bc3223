//! `luma_client`: the calls.

use std::ffi::c_char;
use std::ptr;

use crate::{Client, Trigger};

use super::boundary::{Argument, Failure, catch, guard, guard_value};
use super::config::luma_config;
use super::result::luma_result;
use super::trigger_request::luma_trigger_request;

/// A client of one gateway. Any number of threads may use it at once.
pub struct luma_client(Client);

const CLIENT: Argument = Argument(1, "client");

/// Makes a client with default settings. Nothing is connected yet.
///
/// base_url: `https://host[:port][/prefix]`, without `/gateway/api/v1`; copied. `http://` is
///     refused except to loopback, see luma_config_set_allow_http.
/// access_token: the tenant's access token; copied, never shown.
/// out: receives the client, or NULL on failure; free it with luma_client_free.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_1, _2;
///     LUMA_ERROR_BASE_URL_SYNTAX, _SCHEME, _USER_INFO, _PORT, _INSECURE;
///     LUMA_ERROR_ACCESS_TOKEN.
/// Threads: any. Blocks: no. Since: 0.1.0
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
        let client = Client::new(base_url, access_token)?;
        *out = Box::into_raw(Box::new(luma_client(client)));
        Ok(())
    })
}

/// Makes a client with settings of your own. Nothing is connected yet.
///
/// config: the settings; copied, so it may be freed or changed afterwards.
/// out: receives the client, or NULL on failure; free it with luma_client_free.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_BASE_URL_INSECURE.
/// Threads: any, while nobody changes the configuration. Blocks: no. Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_client_new_with_config(
    config: *const luma_config,
    out: *mut *mut luma_client,
) -> i32 {
    guard(|| {
        let out = unsafe { Argument(2, "out").out(out, ptr::null_mut()) }?;
        let config = unsafe { Argument(1, "config").handle(config) }?;
        let client = Client::with_config(&config.0)?;
        *out = Box::into_raw(Box::new(luma_client(client)));
        Ok(())
    })
}

/// Frees a client and closes its connections. Results that it gave stay valid.
///
/// client: a client that no thread uses any more, or NULL, which does nothing.
/// Threads: exclusive. Blocks: no. Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_client_free(client: *mut luma_client) {
    guard_value((), || {
        if !client.is_null() {
            drop(unsafe { Box::from_raw(client) });
        }
    })
}

/// Submits a workflow for execution (POST /gateway/api/v1/workflow/trigger). It returns as soon as
/// the gateway has answered and does not wait for the run. It is sent at most once.
///
/// client: the client.
/// request: what to run; unchanged, so it may be sent again, which runs it again.
/// out: receives a result on success and on failure; free it with luma_result_free. NULL only if
///     the status is LUMA_ERROR_NULL_ARGUMENT_3.
/// Returns: the result's status, see luma_result_status. LUMA_OK: ACCEPTED. Anything else: ask
///     luma_result_outcome. LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_LUMA_CHANNEL_ACCOUNT_ID;
///     LUMA_ERROR_TICKET_IDENTIFIER; LUMA_ERROR_REQUEST_TOO_LARGE; 100 to 299.
/// Threads: any number at once on one client. Blocks: until the reply, at most the timeout.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_workflow(
    client: *const luma_client,
    request: *const luma_trigger_request,
    out: *mut *mut luma_result,
) -> i32 {
    give_result(Argument(3, "out"), out, || {
        let client = unsafe { CLIENT.handle(client) }?;
        let request = unsafe { Argument(2, "request").handle(request) }?;
        Ok(client.0.trigger(&request.0)?)
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
/// Threads: any number at once on one client. Blocks: until the reply, at most the timeout.
/// Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_workflow_json(
    client: *const luma_client,
    request_json: *const c_char,
    out: *mut *mut luma_result,
) -> i32 {
    give_result(Argument(3, "out"), out, || {
        let client = unsafe { CLIENT.handle(client) }?;
        let request_json = unsafe { Argument(2, "request_json").text(request_json) }?;
        Ok(client.0.trigger_json(request_json)?)
    })
}

/// Runs a call and hands out its result, whatever came of it.
fn give_result(
    argument: Argument,
    out: *mut *mut luma_result,
    call: impl FnOnce() -> Result<Trigger, Failure>,
) -> i32 {
    let out = match unsafe { argument.out(out, ptr::null_mut()) } {
        Ok(out) => out,
        Err(failure) => return failure.status(),
    };
    let result = luma_result::new(catch(call));
    let status = result.status();
    *out = Box::into_raw(Box::new(result));
    status
}

// Raw pointers hide it, so the promise of the header is checked here.
const _: () = {
    const fn is_shared<T: Send + Sync>() {}
    is_shared::<luma_client>();
    is_shared::<luma_result>();
    is_shared::<luma_config>();
    is_shared::<luma_trigger_request>();
};
