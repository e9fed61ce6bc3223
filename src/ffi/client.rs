//! `luma_client`: created, connected, cancelled, drained, counted and freed.

use std::cell::Cell;
use std::ffi::c_char;
use std::ptr;

use crate::Client;
use crate::config;
use crate::fork;

use super::boundary::{Argument, Failure, free, guard, guard_value};
use super::config::luma_config;
use super::result::{give_handle, give_reason, luma_result};
use super::trigger_request::luma_trigger_request;

/// A client of one gateway. Any number of threads may use it at the same time. Freed with
/// luma_client_free().
pub struct luma_client(Client);

const CLIENT: Argument = Argument(1, "client");

impl luma_client {
    /// Returns a reference of the call that starts now. The handle is not used after that, so the
    /// host process may free it while the call is in progress.
    ///
    /// # Safety
    ///
    /// As for [`Argument::handle`].
    pub(super) unsafe fn hold(client: *const Self) -> Result<Client, Failure> {
        // SAFETY: the caller's promise.
        unsafe { CLIENT.handle(client) }.map(|luma_client(client)| client.clone())
    }

    pub(super) fn into_handle(client: Client) -> *mut Self {
        fork::watch();
        Box::into_raw(Box::new(luma_client(client)))
    }
}

/// A client for one call, which notes how far that is.
pub(super) struct Caller {
    client: Client,
    has_begun: Cell<bool>,
}

impl Caller {
    pub(super) fn new(client: Client) -> Self {
        Caller { client, has_begun: Cell::new(false) }
    }

    /// Begins the call: from now on, a request may be sent.
    pub(super) fn begin(&self) -> &Client {
        self.has_begun.set(true);
        &self.client
    }

    /// Returns the client for a call that sends no request.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn has_begun(&self) -> bool {
        self.has_begun.get()
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
/// progress continue, with their retries, until they end or the timeout expires. Then the client is
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

// Raw pointers hide these bounds from the compiler, so the header's promise is checked here.
const _: () = {
    const fn is_shared<T: Send + Sync>() {}
    is_shared::<luma_client>();
    is_shared::<luma_result>();
    is_shared::<luma_config>();
    is_shared::<luma_trigger_request>();
};
