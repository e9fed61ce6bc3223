//! Getters for what a journal knows about a key.

use std::ffi::c_char;

use crate::ffi::strings;
use crate::ffi::success::Success;

use super::{get, luma_result};

/// Returns the key of an entry of a journal.
///
/// luma_result_string() with a JSON pointer returns more about the key, such as `/state`,
/// `/workflow` or `/requestId`, unless the result has a response of the gateway.
///
/// @param result The result of luma_trigger_workflow_once(), luma_journal_find(),
///     luma_journal_acknowledge(), luma_journal_resolve() or luma_journal_new_attempt(); may be
///     NULL.
/// @return A string borrowed from the result; "" if nothing is known about the key, if the journal
///     was not read, for any other call, or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_journal_key(result: *const luma_result) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe {
        get(result, strings::empty(), |result| match &result.entry {
            Some(entry) => result.key.get(|| entry.key()),
            None => strings::empty(),
        })
    }
}

/// Returns when the key reached its state: when it was accepted, for instance. If the outcome is
/// UNKNOWN, when its request may have been sent.
///
/// @param result A result as for luma_result_journal_key(); may be NULL.
/// @return Milliseconds since 1970 in UTC, by the clock of the machine at that time; -1 if nothing
///     is known about the key, if the journal was not read, for any other call, or if result is
///     NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_journal_time_ms(result: *const luma_result) -> i64 {
    // SAFETY: the ABI contract.
    unsafe { get(result, -1, |result| result.entry.as_ref().map_or(-1, |entry| entry.time_ms())) }
}

/// Returns whether the journal has the outcome of the call.
///
/// After a request was sent, the disk may be full or broken. Then luma_trigger_workflow_once()
/// returns the outcome as usual, but for later calls with this key it is unknown: they send nothing
/// until luma_journal_resolve().
///
/// @param result The result of luma_trigger_workflow_once(); may be NULL.
/// @return 1 if it has, or if nothing was sent; 0 if the outcome could not be written, or if result
///     is NULL. For any other call of a journal 1, else 0.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_journal_recorded(result: *const luma_result) -> i32 {
    // SAFETY: the ABI contract.
    unsafe { get(result, 0, |result| result.is_recorded.into()) }
}

/// Returns the number of keys that luma_journal_unfinished() found or luma_journal_prune() removed.
///
/// @param result The result of one of these; may be NULL.
/// @return The number of keys; 0 for any other call, or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_journal_count(result: *const luma_result) -> usize {
    // SAFETY: the ABI contract.
    unsafe {
        get(result, 0, |result| match &result.success {
            Some(Success::Entries(_, count) | Success::Pruned(count)) => *count,
            _ => 0,
        })
    }
}
