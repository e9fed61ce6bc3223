//! `luma_result`: how the call went.

use std::ffi::c_char;
use std::time::Duration;

use super::result::{get, luma_result};
use super::strings;

/// Resolving the name of the host, or of the proxy.
pub const LUMA_TIMING_DNS: i32 = 1;
/// Connecting, with the proxy's tunnel.
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

/// The id of the call, which goes out as `X-Request-Id`, so that the gateway's log may know it too.
///
/// result: the result.
/// Returns: a string borrowed from the result: what luma_client_with_request_id was given, or what
///     the call made; "" if an argument could not be read, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_request_id(result: *const luma_result) -> *const c_char {
    unsafe {
        get(result, strings::empty(), |result| result.request_id.get(|| result.info().request_id()))
    }
}

/// How many requests the call has tried, whether or not anything of them was sent: one, and one more
/// each time it was tried again; of a list one for each page, of a wait one for each look, and one more
/// where the token was replaced meanwhile.
///
/// result: the result.
/// Returns: their number; 0 if the call was refused locally, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_attempts(result: *const luma_result) -> i32 {
    unsafe { get(result, 0, |result| i32::try_from(result.info().attempts()).unwrap_or(i32::MAX)) }
}

/// How long a part of the call took; but for the total, of its last attempt.
///
/// result: the result.
/// timing: LUMA_TIMING_DNS, _CONNECT, _TLS, _FIRST_BYTE or _TOTAL.
/// Returns: microseconds, 0 for less than one; of resolving, connecting or TLS that failed, the time
///     until it did; -1 if that part did not take place, as the first three on a connection that stood
///     open and the fourth if no byte came, for any other timing, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_timing_us(result: *const luma_result, timing: i32) -> i64 {
    unsafe {
        get(result, -1, |result| match result.timing(timing) {
            Some(took) => i64::try_from(took.as_micros()).unwrap_or(i64::MAX),
            None => -1,
        })
    }
}

/// Whether the last request of the call went out on a connection that stood open.
///
/// result: the result.
/// Returns: 1 if it did, else 0; 0 if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_connection_reused(result: *const luma_result) -> i32 {
    unsafe { get(result, 0, |result| result.info().is_connection_reused().into()) }
}
