//! `luma_wait`: a wait whose owner polls and sleeps.

use std::ffi::c_char;
use std::ptr;
use std::time::Duration;

use crate::config;
use crate::{OpenWait, WaitOptions};

use super::boundary::{Argument, Failure, free, guard, guard_value};
use super::client::luma_client;
use super::result::{give, luma_result};

/// A wait for one run that its owner drives: for an event loop, or for a program that has more to
/// do than wait. One thread at a time may use it; different waits may be used at the same time.
/// Freed with luma_wait_free().
///
/// The library decides when to poll, what a failed poll means and when the wait ends, as for
/// luma_wait_for_workflow(). The owner sleeps, as long as luma_wait_next_poll_ms() says, and then
/// calls luma_wait_poll():
///
/// @code
/// luma_wait *wait = NULL;
/// luma_result *run = NULL;
/// int32_t status = luma_wait_new(client, trigger_id, 0, &wait);
/// int64_t pause_ms = luma_wait_next_poll_ms(wait);
/// while (pause_ms >= 0) {
///     sleep_ms(pause_ms); // or do something else in the meantime
///     luma_result_free(run);
///     status = luma_wait_poll(wait, &run); // LUMA_ERROR_WAIT_OPEN until the wait has ended
///     pause_ms = luma_wait_next_poll_ms(wait); // -1 when it has ended
/// }
/// @endcode
///
/// Then status says how the wait ended, as after luma_wait_for_workflow(), and run has the last
/// state of the run.
pub struct luma_wait(OpenWait);

const WAIT: Argument = Argument(1, "wait");

/// Opens a wait for a run. It does not poll yet: the first poll is due at once.
///
/// The wait keeps what it needs of the client: the connections, the access token, the timeout of
/// a poll. luma_client_cancel() and luma_client_close() end it, also between two polls:
/// luma_wait_next_poll_ms() then returns 0, and luma_wait_poll() returns LUMA_ERROR_CANCELLED and
/// sends nothing. The same happens in a forked child process; the parent's wait goes on.
///
/// @param client The client to use. It may be freed before the wait.
/// @param trigger_id The run's id from luma_result_trigger_id(). Copied.
/// @param timeout_ms The longest time to wait, from this call on, in milliseconds: 1 to 86,400,000;
///     0 to wait until the run ends.
/// @param[out] out Receives the wait, or NULL on failure. Free it with luma_wait_free().
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2, _4; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_REQUEST_TOO_LARGE; LUMA_ERROR_TRIGGER_ID; LUMA_ERROR_TIMEOUT_RANGE.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_wait_new(
    client: *const luma_client,
    trigger_id: *const c_char,
    timeout_ms: i64,
    out: *mut *mut luma_wait,
) -> i32 {
    guard(|| {
        // SAFETY: the ABI contract.
        let (out, client, trigger_id) = unsafe {
            (
                Argument(4, "out").out(out, ptr::null_mut())?,
                luma_client::hold(client)?,
                Argument(2, "trigger_id").text(trigger_id)?,
            )
        };
        let wait = client.open_wait(trigger_id, &options(timeout_ms)?)?;
        *out = Box::into_raw(Box::new(luma_wait(wait)));
        Ok(())
    })
}

/// Returns the options of a wait that may be without a timeout.
pub(super) fn options(timeout_ms: i64) -> Result<WaitOptions, Failure> {
    match timeout_ms {
        0 => Ok(WaitOptions::without_timeout()),
        _ => Ok(WaitOptions::new(config::TIMEOUT.duration(timeout_ms)?)?),
    }
}

/// Sets whether a wait also ends when the run is suspended, because a person may have to act.
/// Without this function it does not.
///
/// @param wait The wait to change. It applies to later polls.
/// @param on 0 for no; any other value for yes.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1.
/// @note Exclusive. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_wait_set_until_suspended(wait: *mut luma_wait, on: i32) -> i32 {
    guard(|| {
        // SAFETY: the ABI contract.
        let wait = unsafe { WAIT.handle_mut(wait)? };
        wait.0.set_until_suspended(on != 0);
        Ok(())
    })
}

/// Polls the run once, now, and returns the state of the wait: its end, or the current state of the
/// run and LUMA_ERROR_WAIT_OPEN.
///
/// An early poll does no harm: it is made, and does not move the later ones. A late one is made
/// too; but if the timeout is over, nothing is sent, and the wait ends with
/// LUMA_ERROR_WAIT_TIMEOUT. After the end, the function returns the same result again, and sends
/// nothing.
///
/// @param wait The wait.
/// @param[out] out Receives the result, on success and on failure. Free it with luma_result_free().
///     It has the last state seen, the number of polls and the message, as after
///     luma_wait_for_workflow(). With LUMA_ERROR_WAIT_OPEN, its HTTP status and errors are those of
///     this poll, if that failed.
/// @return The status of the result. LUMA_ERROR_WAIT_OPEN: the wait continues, also if this poll
///     failed; poll again after luma_wait_next_poll_ms(). LUMA_OK: the run has ended, or is
///     suspended if that was waited for. Any other status: the wait has ended for another reason,
///     as for luma_wait_for_workflow(); LUMA_ERROR_NULL_ARGUMENT_1, _2.
/// @note Exclusive. Blocks until the response, at most the timeout of a call, and not longer than
///     that of the wait.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_wait_poll(wait: *mut luma_wait, out: *mut *mut luma_result) -> i32 {
    // SAFETY: the ABI contract.
    let poll = || unsafe { WAIT.handle_mut(wait) }.map(|wait| wait.0.poll_now());
    // SAFETY: the ABI contract.
    unsafe { give(Argument(2, "out"), out, poll) }
}

/// Returns how long to wait before the next poll.
///
/// @param wait The wait; may be NULL.
/// @return Milliseconds from now; 0 if the poll is due, or if the wait was cancelled; -1 if the
///     wait has ended, or if wait is NULL.
/// @note Not while another thread is in luma_wait_poll() for this wait. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_wait_next_poll_ms(wait: *const luma_wait) -> i64 {
    guard_value(-1, || {
        // SAFETY: the ABI contract.
        let pause = unsafe { wait.as_ref() }.and_then(|wait| wait.0.next_poll_in());
        pause.map_or(-1, rounded_up)
    })
}

/// Rounds up to milliseconds: a caller that sleeps so long must not be early.
fn rounded_up(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos().div_ceil(1_000_000)).unwrap_or(i64::MAX)
}

/// Frees a wait. The run is not affected; results stay valid.
///
/// @param wait A wait that no thread uses any more. NULL does nothing.
/// @note Exclusive. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_wait_free(wait: *mut luma_wait) {
    // SAFETY: the ABI contract.
    unsafe { free(wait) }
}

// Raw pointers hide this bound from the compiler: a wait may move from thread to thread.
const _: () = {
    const fn is_sendable<T: Send>() {}
    is_sendable::<luma_wait>();
};
