//! Getters for the metadata of a call: its request id, attempts, timings and connection.

use std::ffi::c_char;
use std::time::{Duration, UNIX_EPOCH};

use crate::ffi::strings;
use crate::ffi::success::{Connection, Success};

use super::{get, luma_result};

/// Resolving the name of the gateway's host, or of the proxy's.
pub const LUMA_TIMING_DNS: i32 = 1;
/// Connecting, including the proxy's tunnel.
pub const LUMA_TIMING_CONNECT: i32 = 2;
/// The TLS handshake with the gateway.
pub const LUMA_TIMING_TLS: i32 = 3;
/// From the end of the request to the first byte of the response.
pub const LUMA_TIMING_FIRST_BYTE: i32 = 4;
/// The whole call, with all attempts and the pauses between them.
pub const LUMA_TIMING_TOTAL: i32 = 5;

impl luma_result {
    fn timing(&self, timing: i32) -> Option<Duration> {
        let info = self.info();
        match timing {
            LUMA_TIMING_DNS => info.dns(),
            LUMA_TIMING_CONNECT => info.connect(),
            LUMA_TIMING_TLS => info.tls(),
            LUMA_TIMING_FIRST_BYTE => info.first_byte(),
            LUMA_TIMING_TOTAL => info.total(),
            _ => None,
        }
    }
}

impl luma_result {
    fn connection(&self) -> Option<&Connection> {
        match &self.success {
            Some(Success::Connected(connection)) => Some(connection),
            _ => None,
        }
    }
}

/// Returns the request id of the call. It is sent as `X-Request-Id`, so that the gateway can log it
/// too.
///
/// @param result The result of any call; may be NULL.
/// @return A string borrowed from the result: the id that luma_client_with_request_id() was given,
///     or a generated one. "" if an argument of the call was NULL or not UTF-8, or if result is
///     NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_request_id(result: *const luma_result) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe {
        get(result, strings::empty(), |result| result.request_id.get(|| result.info().request_id()))
    }
}

/// Returns the number of requests that the call attempted, whether or not anything was sent.
///
/// A call makes one attempt, and one more for each retry. A list makes at least one for each page,
/// a wait at least one for each poll, plus one if the access token was replaced in the meantime.
///
/// @param result The result of any call; may be NULL.
/// @return The number of attempts; 0 if the call was refused locally, or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_attempts(result: *const luma_result) -> i32 {
    // SAFETY: the ABI contract.
    unsafe { get(result, 0, |result| i32::try_from(result.info().attempts()).unwrap_or(i32::MAX)) }
}

/// Returns how long a part of the call took. All parts except LUMA_TIMING_TOTAL are those of the
/// last attempt.
///
/// @param result The result of any call; may be NULL.
/// @param timing LUMA_TIMING_DNS, LUMA_TIMING_CONNECT, LUMA_TIMING_TLS, LUMA_TIMING_FIRST_BYTE or
///     LUMA_TIMING_TOTAL.
/// @return Microseconds, rounded down. If name resolution, connecting or TLS failed, the time until
///     the failure. -1 if the part did not happen (the first three on a reused connection, the
///     fourth if no byte arrived), for any other timing, or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_timing_us(result: *const luma_result, timing: i32) -> i64 {
    // SAFETY: the ABI contract.
    unsafe {
        get(result, -1, |result| match result.timing(timing) {
            Some(duration) => i64::try_from(duration.as_micros()).unwrap_or(i64::MAX),
            None => -1,
        })
    }
}

/// Returns whether the last request of the call was sent on a reused connection.
///
/// @param result The result of any call; may be NULL.
/// @return 1 if it was, else 0; 0 if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_connection_reused(result: *const luma_result) -> i32 {
    // SAFETY: the ABI contract.
    unsafe { get(result, 0, |result| result.info().is_connection_reused().into()) }
}

/// Returns the address that luma_client_connect() connected to.
///
/// @param result The result of luma_client_connect(); may be NULL.
/// @return Address and port, such as "192.0.2.7:443" or "[2001:db8::7]:443", of the gateway, or of
///     the proxy if there is one. Borrowed from the result. "" if connecting failed, for any other
///     call, or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_peer_address(result: *const luma_result) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe {
        get(result, strings::empty(), |result| match result.connection() {
            Some(Connection { connected, peer }) => {
                peer.get(|| connected.peer_address().to_string())
            }
            None => strings::empty(),
        })
    }
}

/// Returns the version of TLS that luma_client_connect() negotiated with the gateway.
///
/// @param result The result of luma_client_connect(); may be NULL.
/// @return "TLS 1.2" or "TLS 1.3", a static string; "" if the base URL is `http://`, if connecting
///     failed, for any other call, or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_tls_version(result: *const luma_result) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe {
        get(result, strings::empty(), |result| {
            match result.connection().and_then(|connection| connection.connected.tls_version()) {
                Some("TLS 1.2") => c"TLS 1.2".as_ptr(),
                Some(_) => c"TLS 1.3".as_ptr(),
                None => strings::empty(),
            }
        })
    }
}

/// Returns when the gateway's certificate expires, so that it can be renewed in time.
///
/// @param result The result of luma_client_connect(); may be NULL.
/// @return Milliseconds since 1970-01-01 UTC; -1 if the base URL is `http://`, if connecting
///     failed, for any other call, or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_certificate_expires_ms(result: *const luma_result) -> i64 {
    // SAFETY: the ABI contract.
    unsafe {
        get(result, -1, |result| {
            let connection = result.connection();
            let expires =
                connection.and_then(|connection| connection.connected.certificate_expires());
            let since = expires.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            since.and_then(|since| i64::try_from(since.as_millis()).ok()).unwrap_or(-1)
        })
    }
}
