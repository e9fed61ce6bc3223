//! The outcome numbers of the ABI.

use std::ffi::c_char;

use crate::Outcome;

/// The gateway accepted the request and returned the requested data. Go on.
pub const LUMA_OUTCOME_ACCEPTED: i32 = 1;
/// The gateway refused the request and did nothing. After a trigger, nothing runs. Fix the request,
/// or wait if the status is LUMA_ERROR_RATE_LIMITED.
pub const LUMA_OUTCOME_REJECTED: i32 = 2;
/// Not one byte of the request was sent. Sending it again is safe. If the status is below 100, fix
/// the argument that it names first.
pub const LUMA_OUTCOME_NOT_SENT: i32 = 3;
/// The request was sent, at least in part, and no trustworthy response came back. After a trigger,
/// the workflow may be running: check before you send it again.
pub const LUMA_OUTCOME_UNKNOWN: i32 = 4;

pub(super) fn number(outcome: Outcome) -> i32 {
    match outcome {
        Outcome::Accepted => LUMA_OUTCOME_ACCEPTED,
        Outcome::Rejected => LUMA_OUTCOME_REJECTED,
        Outcome::NotSent => LUMA_OUTCOME_NOT_SENT,
        Outcome::Unknown => LUMA_OUTCOME_UNKNOWN,
    }
}

/// Returns the name of an outcome: "ACCEPTED", "REJECTED", "NOT_SENT" or "UNKNOWN".
///
/// @param outcome One of LUMA_OUTCOME_*.
/// @return A static string; "" for any other number.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub extern "C" fn luma_outcome_name(outcome: i32) -> *const c_char {
    match outcome {
        LUMA_OUTCOME_ACCEPTED => c"ACCEPTED",
        LUMA_OUTCOME_REJECTED => c"REJECTED",
        LUMA_OUTCOME_NOT_SENT => c"NOT_SENT",
        LUMA_OUTCOME_UNKNOWN => c"UNKNOWN",
        _ => c"",
    }
    .as_ptr()
}
