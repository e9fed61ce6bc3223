//! `luma_client`: the calls.

use std::ffi::{c_char, c_void};
use std::ops::ControlFlow;
use std::ptr;

use crate::config;
use crate::fork;
use crate::{
    Client, Error, ListQuery, Poll, Wait, WaitOptions, WorkflowDefinitions, WorkflowSteps,
};

use super::boundary::{Argument, Failure, catch, free, guard, guard_value};
use super::config::luma_config;
use super::result::{give_handle, give_reason, luma_result};
use super::status::{LUMA_ERROR_INTERNAL, LUMA_ERROR_SKIP, LUMA_ERROR_TOP};
use super::success::Success;
use super::trigger_request::luma_trigger_request;

/// A client of one gateway. Any number of threads may use it at the same time. Freed with
/// luma_client_free().
pub struct luma_client(Client);

const CLIENT: Argument = Argument(1, "client");
const TRIGGER_ID: Argument = Argument(2, "trigger_id");

impl luma_client {
    /// Returns a reference of the call that starts now. The handle is not used after that, so the
    /// host process may free it while the call is in progress.
    ///
    /// # Safety
    ///
    /// As for [`Argument::handle`].
    unsafe fn hold(client: *const Self) -> Result<Client, Failure> {
        // SAFETY: the caller's promise.
        unsafe { CLIENT.handle(client) }.map(|luma_client(client)| client.clone())
    }

    fn into_handle(client: Client) -> *mut Self {
        fork::watch();
        Box::into_raw(Box::new(luma_client(client)))
    }

    pub(super) fn client(&self) -> &Client {
        &self.0
    }
}

/// Creates a client with default settings. It does not connect yet.
/// luma_config_new_with_reason() and luma_client_new_with_reason() also explain a failure.
///
/// @param base_url `https://host[:port][/prefix]`, without `/gateway/api/v1`. Copied. `http://` is
///     accepted for loopback only, see luma_config_set_allow_http().
/// @param access_token The tenant's access token. Copied, and never logged.
/// @param[out] out Receives the client, or NULL on failure. Free it with luma_client_free().
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_1, _2;
///     LUMA_ERROR_BASE_URL_SYNTAX; LUMA_ERROR_BASE_URL_SCHEME; LUMA_ERROR_BASE_URL_USER_INFO;
///     LUMA_ERROR_BASE_URL_PORT; LUMA_ERROR_BASE_URL_INSECURE; LUMA_ERROR_ACCESS_TOKEN;
///     LUMA_ERROR_PROXY if the environment names an invalid proxy.
/// @note Thread-safe, while no thread changes the environment (setenv). Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_client_new(
    base_url: *const c_char,
    access_token: *const c_char,
    out: *mut *mut luma_client,
) -> i32 {
    guard(|| {
        // SAFETY: the ABI contract.
        let (out, base_url, access_token) = unsafe {
            (
                Argument(3, "out").out(out, ptr::null_mut())?,
                Argument(1, "base_url").text(base_url)?,
                Argument(2, "access_token").text(access_token)?,
            )
        };
        *out = luma_client::into_handle(Client::new(base_url, access_token)?);
        Ok(())
    })
}

/// Creates a client with the settings of a configuration. It does not connect yet.
/// luma_client_new_with_reason() also explains a failure.
///
/// @param config The settings. Copied, so it may be changed or freed afterwards.
/// @param[out] out Receives the client, or NULL on failure. Free it with luma_client_free().
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_BASE_URL_INSECURE; LUMA_ERROR_PROXY
///     if the environment names an invalid proxy.
/// @note Thread-safe, while no thread changes the configuration or the environment (setenv). Does
///     not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_client_new_with_config(
    config: *const luma_config,
    out: *mut *mut luma_client,
) -> i32 {
    guard(|| {
        // SAFETY: the ABI contract.
        let out = unsafe { Argument(2, "out").out(out, ptr::null_mut())? };
        // SAFETY: the ABI contract.
        *out = unsafe { create(config)? };
        Ok(())
    })
}

/// Creates a client with the settings of a configuration, and explains a failure. Otherwise the
/// same as luma_client_new_with_config().
///
/// If the environment or a setting of the system is the cause, the message names it.
///
/// @param config The settings. Copied, so it may be changed or freed afterwards.
/// @param[out] out Receives the client, or NULL on failure. Free it with luma_client_free().
/// @param[out] reason Receives NULL on success, else a result that has the status and the reason,
///     see luma_result_message(). Free it with luma_result_free().
/// @return As luma_client_new_with_config(), and LUMA_ERROR_NULL_ARGUMENT_3.
/// @note Thread-safe, while no thread changes the configuration or the environment (setenv). Does
///     not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_client_new_with_reason(
    config: *const luma_config,
    out: *mut *mut luma_client,
    reason: *mut *mut luma_result,
) -> i32 {
    // SAFETY: the ABI contract.
    let create = || unsafe { create(config) };
    // SAFETY: the ABI contract.
    unsafe { give_handle((Argument(2, "out"), out), (Argument(3, "reason"), reason), &create) }
}

/// Creates a client with the settings of the environment, and of the configuration file that it
/// selects. The same as luma_config_new_from_environment() and luma_client_new_with_reason(). It
/// does not connect yet.
///
/// @param[out] out Receives the client, or NULL on failure. Free it with luma_client_free().
/// @param[out] reason Receives NULL on success, else a result that has the status and the reason,
///     with the variable or the file, see luma_result_message(). Free it with luma_result_free().
/// @return As luma_config_new_from_environment(); LUMA_ERROR_BASE_URL_INSECURE; LUMA_ERROR_PROXY if
///     the environment names an invalid proxy.
/// @note Thread-safe, while no thread changes the environment (setenv). Blocks while it reads
///     files.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_client_new_from_environment(
    out: *mut *mut luma_client,
    reason: *mut *mut luma_result,
) -> i32 {
    let create = || Ok(luma_client::into_handle(Client::from_environment()?));
    // SAFETY: the ABI contract.
    unsafe { give_handle((Argument(1, "out"), out), (Argument(2, "reason"), reason), &create) }
}

/// Creates a client.
///
/// # Safety
///
/// As for [`Argument::handle`].
unsafe fn create(config: *const luma_config) -> Result<*mut luma_client, Failure> {
    // SAFETY: the caller's promise.
    let config = unsafe { Argument(1, "config").handle(config)? };
    Ok(luma_client::into_handle(Client::with_config(&config.config)?))
}

/// Creates a client that uses a given request id for all its calls, to find them in the logs of
/// both sides.
///
/// The request id is sent as `X-Request-Id`, appears in the log, and is returned by
/// luma_result_request_id(). The new client shares everything else with the first: connections,
/// access token, luma_client_cancel() and luma_client_close(). Without this function, each call
/// generates its own request id.
///
/// @param client The client to share. Either may be freed first, also while calls on the other are
///     in progress.
/// @param request_id 1 to 128 visible ASCII characters, such as a ticket number. Copied.
/// @param[out] out Receives the client, or NULL on failure. Free it with luma_client_free().
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_REQUEST_ID.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_client_with_request_id(
    client: *const luma_client,
    request_id: *const c_char,
    out: *mut *mut luma_client,
) -> i32 {
    guard(|| {
        // SAFETY: the ABI contract.
        let (out, client, request_id) = unsafe {
            (
                Argument(3, "out").out(out, ptr::null_mut())?,
                luma_client::hold(client)?,
                Argument(2, "request_id").text(request_id)?,
            )
        };
        *out = luma_client::into_handle(client.with_request_id(request_id)?);
        Ok(())
    })
}

/// Creates a client whose calls have another timeout, for example 5 s for a poll and 30 s for a
/// trigger on the same connections.
///
/// The new client shares everything else with the first: connections, access token, request id,
/// luma_client_cancel() and luma_client_close().
///
/// @param client The client to share. Either may be freed first, also while calls on the other are
///     in progress.
/// @param timeout_ms Milliseconds, 1 to 86,400,000, as for luma_config_set_timeout_ms().
/// @param[out] out Receives the client, or NULL on failure. Free it with luma_client_free().
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _3; LUMA_ERROR_TIMEOUT_RANGE.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_client_with_timeout_ms(
    client: *const luma_client,
    timeout_ms: i64,
    out: *mut *mut luma_client,
) -> i32 {
    guard(|| {
        // SAFETY: the ABI contract.
        let (out, client) =
            unsafe { (Argument(3, "out").out(out, ptr::null_mut())?, luma_client::hold(client)?) };
        let timeout = config::TIMEOUT.duration(timeout_ms);
        *out = luma_client::into_handle(client.with_checked_timeout(timeout)?);
        Ok(())
    })
}

/// Creates a client whose calls can be cancelled without those of the first: a scope.
///
/// luma_client_cancel() and luma_client_close() on the new client act only on its own calls, on
/// those of clients that were created from it, and on its scopes. On the first client they act on
/// both. The new client shares everything else with the first: connections, access token, timeout,
/// request id, log and counters. A scope is cheap (a few hundred bytes, no thread, no connection):
/// create one for each call or wait that may have to be cancelled alone, and free it afterwards.
///
/// @param client The client to share. Either may be freed first, also while calls on the other are
///     in progress. A scope of a closed client is closed.
/// @param[out] out Receives the client, or NULL on failure. Free it with luma_client_free().
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_client_with_own_cancel(
    client: *const luma_client,
    out: *mut *mut luma_client,
) -> i32 {
    guard(|| {
        // SAFETY: the ABI contract.
        let (out, client) =
            unsafe { (Argument(2, "out").out(out, ptr::null_mut())?, luma_client::hold(client)?) };
        *out = luma_client::into_handle(client.with_own_cancel());
        Ok(())
    })
}

/// Replaces the client's access token, at once and for all threads.
///
/// Calls in progress keep the old token. It is wiped from memory when the last of them ends.
///
/// @param client The client to change. Clients that were created from it, or from which it was
///     created, share its token.
/// @param access_token The new access token. Copied, and never logged.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_ACCESS_TOKEN. On failure the old token stays.
/// @note Thread-safe, also while calls are in progress. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_client_set_access_token(
    client: *mut luma_client,
    access_token: *const c_char,
) -> i32 {
    // SAFETY: the ABI contract.
    guard(|| unsafe { set_access_token(client, access_token) })
}

/// Replaces the client's access token, and explains a failure. Otherwise the same as
/// luma_client_set_access_token().
///
/// @param client The client to change, as for luma_client_set_access_token().
/// @param access_token The new access token. Copied, and never logged.
/// @param[out] reason Receives NULL on success, else a result that has the status and the reason,
///     see luma_result_message(). Free it with luma_result_free().
/// @return As luma_client_set_access_token(), and LUMA_ERROR_NULL_ARGUMENT_3.
/// @note Thread-safe, also while calls are in progress. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_client_set_access_token_with_reason(
    client: *mut luma_client,
    access_token: *const c_char,
    reason: *mut *mut luma_result,
) -> i32 {
    // SAFETY: the ABI contract.
    let body = || unsafe { set_access_token(client, access_token) };
    // SAFETY: the ABI contract.
    unsafe { give_reason(Argument(3, "reason"), reason, &body) }
}

/// Replaces the access token.
///
/// # Safety
///
/// As for [`Argument::handle`] and [`Argument::text`].
unsafe fn set_access_token(
    client: *const luma_client,
    access_token: *const c_char,
) -> Result<(), Failure> {
    // SAFETY: the caller's promise.
    let (client, access_token) =
        unsafe { (luma_client::hold(client)?, Argument(2, "access_token").text(access_token)?) };
    Ok(client.set_access_token(access_token)?)
}

/// Opens a connection ahead of time, and sends nothing to the gateway: a check for the start of a
/// program, after which the first call does not wait for the connection.
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
        give_result(client, Argument(2, "out"), out, |client| Ok(Success::from(client.connect()?)))
    }
}

/// Cancels all calls and waits that are in progress on a client.
///
/// They end within 50 ms, unless they are in a callback, or Windows is downloading data to verify a
/// certificate. Each returns its result as usual: the status is LUMA_ERROR_CANCELLED, and the
/// outcome is NOT_SENT if nothing was sent, UNKNOWN if the response was awaited, that of the last
/// attempt if the call paused between two, and UNKNOWN if a wait paused between two polls.
///
/// The client stays usable; later calls are not affected. To shut down, use luma_client_close().
/// Cancelling never ends a run on the gateway.
///
/// @param client The client to cancel. It shares its calls with clients from
///     luma_client_with_request_id() and luma_client_with_timeout_ms(). To cancel one call and no
///     other, see luma_client_with_own_cancel().
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1.
/// @note Thread-safe, also from a callback, but not from a signal handler. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_client_cancel(client: *mut luma_client) -> i32 {
    guard(|| {
        // SAFETY: the ABI contract.
        let client = unsafe { luma_client::hold(client)? };
        client.cancel();
        Ok(())
    })
}

/// Cancels all calls and waits on a client, as luma_client_cancel() does, and refuses later ones.
///
/// Later calls return LUMA_ERROR_CANCELLED with the outcome NOT_SENT, so a thread that is just
/// about to make a call ends too. To shut down, or to unload the library: close the client, join
/// the threads, then free it.
///
/// @param client The client to close. It, and the clients that luma_client_cancel() on it affects,
///     cannot be used for calls any more.
/// @return LUMA_OK, also if it is closed already; LUMA_ERROR_NULL_ARGUMENT_1.
/// @note Thread-safe, also from a callback, but not from a signal handler. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_client_close(client: *mut luma_client) -> i32 {
    guard(|| {
        // SAFETY: the ABI contract.
        let client = unsafe { luma_client::hold(client)? };
        client.close();
        Ok(())
    })
}

/// Refuses new calls on a client, lets those in progress end, and then closes it: for stopping or
/// upgrading a service.
///
/// Calls that begin from now on return LUMA_ERROR_CANCELLED with the outcome NOT_SENT. Those in
/// progress continue, with their retries, until they end or the timeout does. Then the client is
/// closed, as by luma_client_close(), which cancels the rest. Calls on the clients that
/// luma_client_cancel() on this one affects are drained too.
///
/// luma_wait_for_workflow() is in progress until the run ends. To avoid waiting for that, make
/// waits on a client from luma_client_with_own_cancel(), and cancel that first. A wait from
/// luma_wait_new() or in a luma_wait_set can be polled until the client is closed, but only its
/// polls are waited for.
///
/// @param client The client to drain.
/// @param timeout_ms How long to wait at most: milliseconds, 0 to 86,400,000.
/// @return LUMA_OK if all calls have ended, also if the client was drained or closed before;
///     LUMA_ERROR_CANCELLED if some were cancelled when the timeout ended: they end within 50 ms.
///     LUMA_ERROR_NULL_ARGUMENT_1, LUMA_ERROR_TIMEOUT_RANGE, and LUMA_ERROR_IN_CALLBACK from a
///     callback of a call on this client, which would wait for itself: then nothing was done.
/// @note Thread-safe, also several times at once, but not from a signal handler. Blocks until all
///     calls have ended, at most the timeout.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_client_drain(client: *mut luma_client, timeout_ms: i64) -> i32 {
    guard(|| {
        // SAFETY: the ABI contract.
        let client = unsafe { luma_client::hold(client)? };
        Ok(client.drain_checked(config::DRAIN_TIMEOUT.duration(timeout_ms))?)
    })
}

/// Returns what a client has done so far, together with all clients that share its connections: for
/// monitoring.
///
/// All counters only grow, except LUMA_COUNTER_WAITS_OPEN. Each is exact at the time of the call.
///
/// @param client The client.
/// @param counter One of LUMA_COUNTER_*.
/// @return The counter; -1 for any other number, or if client is NULL.
/// @note Thread-safe. Does not block; costs next to nothing.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_client_counter(client: *const luma_client, counter: i32) -> i64 {
    guard_value(-1, || {
        // SAFETY: the ABI contract.
        let client = unsafe { luma_client::hold(client) };
        let number = usize::try_from(i64::from(counter) - 1);
        let value =
            client.ok().zip(number.ok()).and_then(|(client, number)| client.counter(number));
        value.map_or(-1, |value| i64::try_from(value).unwrap_or(i64::MAX))
    })
}

/// Frees a client. Its results stay valid.
///
/// Use luma_client_close() or luma_client_drain(), join the threads, then free the client: no
/// thread may pass the handle to a function any more, because a call that has not started yet would
/// read freed memory. A call that is in progress holds a reference: it continues, and ends as
/// usual. The same applies to callbacks, which may free the client of their call.
///
/// Connections close with the last client that shares them, see luma_client_with_request_id() and
/// luma_client_with_own_cancel(), after the end of its calls.
///
/// @param client A client that no thread will use any more. NULL does nothing.
/// @note Exclusive, except for calls in progress. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_client_free(client: *mut luma_client) {
    // SAFETY: the ABI contract.
    unsafe { free(client) }
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
    let call = |client: &Client| {
        // SAFETY: the ABI contract.
        let request = unsafe { Argument(2, "request").handle(request)? };
        Ok(Success::Trigger(client.trigger_workflow(&request.request)?))
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
    let call = |client: &Client| {
        // SAFETY: the ABI contract.
        let request_json = unsafe { Argument(2, "request_json").text(request_json)? };
        Ok(Success::Trigger(client.trigger_workflow_json(request_json)?))
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
/// A failed poll ends the wait, with the status of the poll, if polling again cannot succeed: after
/// HTTP 401 and 403, after a refusal by the proxy, and after HTTP 404 once the wait has lasted
/// 10 s. If no poll has succeeded yet, also after a TLS error, a redirect, another refusal, a
/// validation error, and a response that is too large. But an error envelope of the gateway may
/// mean that the run is not known yet, so it is ignored during the first 10 s, too. After any other
/// failure, including HTTP 408, 429 and 5xx, the wait continues.
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
    let call = |client: &Client| {
        // SAFETY: the ABI contract.
        let trigger_id = unsafe { TRIGGER_ID.text(trigger_id)? };
        Ok(Success::History(client.get_workflow_history(trigger_id)?))
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
    let call = |client: &Client| {
        // SAFETY: the ABI contract.
        let (trigger_id, filter, order_by) = unsafe {
            (
                TRIGGER_ID.text(trigger_id)?,
                Argument(3, "filter").optional_text(filter)?,
                Argument(4, "order_by").optional_text(order_by)?,
            )
        };
        let query = list_query(filter, order_by, skip, top)?;
        let steps = client.list_workflow_steps(trigger_id, &query);
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
    let call = |client: &Client| {
        // SAFETY: the ABI contract.
        let (trigger_id, step_id) =
            unsafe { (TRIGGER_ID.text(trigger_id)?, Argument(3, "step_id").text(step_id)?) };
        Ok(Success::Step(client.get_workflow_step(trigger_id, step_id)?))
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
    let call = |client: &Client| {
        // SAFETY: the ABI contract.
        let trigger_id = unsafe { TRIGGER_ID.text(trigger_id)? };
        Ok(Success::LaunchUrl(client.generate_launch_url(trigger_id)?))
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
    let call = |client: &Client| {
        // SAFETY: the ABI contract.
        let (filter, order_by) = unsafe {
            (
                Argument(2, "filter").optional_text(filter)?,
                Argument(3, "order_by").optional_text(order_by)?,
            )
        };
        let query = list_query(filter, order_by, skip, top)?;
        let definitions = client.list_workflow_definitions(&query);
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
    let call = |client: &Client| {
        // SAFETY: the ABI contract.
        let (super_admin_token, tenant_external_id) = unsafe {
            (
                Argument(2, "super_admin_token").text(super_admin_token)?,
                Argument(3, "tenant_external_id").text(tenant_external_id)?,
            )
        };
        let token = client.regenerate_tenant_token(super_admin_token, tenant_external_id)?;
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
    let call = |client: &Client| -> Result<Wait, Failure> {
        // SAFETY: the caller's promise.
        let trigger_id = unsafe { TRIGGER_ID.text(trigger_id)? };
        Ok(client.wait_for_workflow(trigger_id, &options()?, on_poll))
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
    call: impl FnOnce(&Client) -> Result<T, Failure>,
) -> i32 {
    guard_value(LUMA_ERROR_INTERNAL, || {
        // SAFETY: the caller's promise.
        let (out, client) =
            unsafe { (argument.out(out, ptr::null_mut()), luma_client::hold(client)) };
        let out = match out {
            Ok(out) => out,
            Err(failure) => return failure.status(),
        };
        let result = match client {
            Ok(client) => catch(|| Ok(Box::new(call(&client)?.into())))
                .unwrap_or_else(|failure| failed(&client, failure)),
            Err(failure) => Box::new(failure.into()),
        };
        let status = result.status();
        *out = Box::into_raw(result);
        status
    })
}

/// Returns the result of a call that failed. A panic is logged, too.
fn failed(client: &Client, failure: Failure) -> Box<luma_result> {
    if let Failure::Panic(message) = &failure {
        // The caller gets a result, even if the log callback panics as well.
        let _ = catch(|| {
            client.log_fault(message);
            Ok(())
        });
    }
    Box::new(failure.into())
}

// Raw pointers hide these bounds from the compiler, so the header's promise is checked here.
const _: () = {
    const fn is_shared<T: Send + Sync>() {}
    is_shared::<luma_client>();
    is_shared::<luma_result>();
    is_shared::<luma_config>();
    is_shared::<luma_trigger_request>();
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Config, LogLevel};

    #[test]
    fn a_call_that_panics_returns_a_result_even_if_logging_that_panics_too() {
        let mut config = Config::new("http://127.0.0.1:1", "t").unwrap();
        config.set_log(LogLevel::Debug, |_, _| panic!("the log is broken"));
        let client = luma_client::into_handle(Client::with_config(&config).unwrap());
        let mut out = ptr::null_mut();
        let call = |_: &Client| -> Result<Success, Failure> { panic!("first") };
        // SAFETY: these are a valid handle and a valid out-parameter.
        let status = unsafe { give_result(client, Argument(2, "out"), &mut out, call) };
        assert_eq!(status, LUMA_ERROR_INTERNAL);
        // SAFETY: a valid handle, or NULL.
        let result = unsafe { out.as_ref() }.expect("a result");
        assert_eq!(result.status(), LUMA_ERROR_INTERNAL);
        // SAFETY: valid handles that are not used any more.
        unsafe {
            super::super::result::luma_result_free(out);
            luma_client_free(client);
        }
    }
}
