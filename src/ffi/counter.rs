//! The numbers and names of a client's counters, in the order of [`Counters`](crate::Counters).

use std::ffi::c_char;

/// Calls that ended as ACCEPTED. A wait is one call; it counts when it ends.
pub const LUMA_COUNTER_CALLS_ACCEPTED: i32 = 1;
/// Calls that ended as REJECTED.
pub const LUMA_COUNTER_CALLS_REJECTED: i32 = 2;
/// Calls that ended as NOT_SENT, except those with an argument that is NULL or not UTF-8.
pub const LUMA_COUNTER_CALLS_NOT_SENT: i32 = 3;
/// Calls that ended as UNKNOWN.
pub const LUMA_COUNTER_CALLS_UNKNOWN: i32 = 4;
/// Requests that were sent again after a transient error or with a new token.
pub const LUMA_COUNTER_RETRIES: i32 = 5;
/// Connections opened.
pub const LUMA_COUNTER_CONNECTIONS_OPENED: i32 = 6;
/// Requests on a connection that was open already.
pub const LUMA_COUNTER_CONNECTIONS_REUSED: i32 = 7;
/// Bytes of requests that the operating system accepted for sending; encrypted with https. Without
/// handshakes.
pub const LUMA_COUNTER_BYTES_SENT: i32 = 8;
/// Bytes of responses, counted like those of requests.
pub const LUMA_COUNTER_BYTES_RECEIVED: i32 = 9;
/// Waits in progress, also those from luma_wait_new(). It falls again when a wait ends or is freed.
pub const LUMA_COUNTER_WAITS_OPEN: i32 = 10;

/// Returns the name of a counter, such as "CALLS_ACCEPTED". Count from 1 until it is "" to list all
/// counters of the loaded library.
///
/// @param counter One of LUMA_COUNTER_*.
/// @return A static string; "" for any other number.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub extern "C" fn luma_counter_name(counter: i32) -> *const c_char {
    match counter {
        LUMA_COUNTER_CALLS_ACCEPTED => c"CALLS_ACCEPTED",
        LUMA_COUNTER_CALLS_REJECTED => c"CALLS_REJECTED",
        LUMA_COUNTER_CALLS_NOT_SENT => c"CALLS_NOT_SENT",
        LUMA_COUNTER_CALLS_UNKNOWN => c"CALLS_UNKNOWN",
        LUMA_COUNTER_RETRIES => c"RETRIES",
        LUMA_COUNTER_CONNECTIONS_OPENED => c"CONNECTIONS_OPENED",
        LUMA_COUNTER_CONNECTIONS_REUSED => c"CONNECTIONS_REUSED",
        LUMA_COUNTER_BYTES_SENT => c"BYTES_SENT",
        LUMA_COUNTER_BYTES_RECEIVED => c"BYTES_RECEIVED",
        LUMA_COUNTER_WAITS_OPEN => c"WAITS_OPEN",
        _ => c"",
    }
    .as_ptr()
}
