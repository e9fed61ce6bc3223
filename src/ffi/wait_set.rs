//! `luma_wait_set`: follows many runs on a few threads.

use std::ffi::{c_char, c_void};
use std::ptr;
use std::sync::Arc;
use std::time::Duration;

use crate::config;
use crate::{RunEvent, WaitSet};

use super::boundary::{Argument, free, guard, guard_value, set_out};
use super::client::luma_client;
use super::result::{give, luma_result};
use super::wait;

/// A set of waits: follows many runs on one thread, or on a few. Any number of threads may use it
/// at the same time. Freed with luma_wait_set_free().
///
/// luma_wait_set_next() polls the runs that are due, and returns each new status of a run and the
/// end of each wait:
///
/// @code
/// luma_wait_set *set = NULL;
/// luma_wait_set_new(client, &set);
/// luma_wait_set_add(set, trigger_id, 0, ticket); // and so on, for each run
/// while (luma_wait_set_count(set) > 0) {
///     luma_result *result = NULL;
///     void *ticket = NULL;
///     int32_t status = luma_wait_set_next(set, -1, &result, &ticket);
///     // LUMA_ERROR_WAIT_OPEN: a new status. Otherwise, if luma_result_trigger_id() is not empty,
///     // the wait for this run has ended. If it is empty, the result is about the whole set.
///     luma_result_free(result);
/// }
/// luma_wait_set_free(set);
/// @endcode
pub struct luma_wait_set(Arc<WaitSet<UserData>>);

/// A pointer that only the caller follows.
#[derive(Clone)]
struct UserData(*mut c_void);

// SAFETY: this library does not follow the pointer. The caller passes it to the threads that call
// luma_wait_set_next(), as the header says.
unsafe impl Send for UserData {}
// SAFETY: as above.
unsafe impl Sync for UserData {}

const SET: Argument = Argument(1, "set");
const TRIGGER_ID: Argument = Argument(2, "trigger_id");

/// Creates an empty set of waits.
///
/// The set keeps what it needs of the client: connections, access token, the timeout of a poll.
/// luma_client_cancel() ends the calls of luma_wait_set_next() in progress and leaves the runs in
/// the set; after luma_client_close(), all of them return LUMA_ERROR_CANCELLED. A forked child
/// process cannot use the set of its parent: every function returns LUMA_ERROR_CANCELLED or 0
/// there; luma_wait_set_free() works.
///
/// @param client The client to use. It may be freed before the set.
/// @param[out] out Receives the set, or NULL on failure. Free it with luma_wait_set_free().
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_wait_set_new(
    client: *const luma_client,
    out: *mut *mut luma_wait_set,
) -> i32 {
    guard(|| {
        // SAFETY: the ABI contract.
        let (out, client) =
            unsafe { (Argument(2, "out").out(out, ptr::null_mut())?, luma_client::hold(client)?) };
        *out = Box::into_raw(Box::new(luma_wait_set(Arc::new(client.wait_set()))));
        Ok(())
    })
}

/// Limits the polls per second of the whole set. Without this function it is 20.
///
/// As long as the limit suffices, each run is polled as often as by luma_wait_for_workflow(). If
/// there are more runs, all their pauses grow in the same proportion.
///
/// @param set The set to change.
/// @param polls_per_second 1 to 1000.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1; LUMA_ERROR_MAX_POLLS_PER_SECOND;
///     LUMA_ERROR_CANCELLED in a forked child process.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_wait_set_max_polls_per_second(
    set: *mut luma_wait_set,
    polls_per_second: i64,
) -> i32 {
    guard(|| {
        // SAFETY: the ABI contract.
        let set = unsafe { SET.handle(set)? };
        let limit = config::MAX_POLLS_PER_SECOND.check(polls_per_second.into())?;
        Ok(set.0.set_max_polls_per_second(limit)?)
    })
}

/// Adds a run. Its first poll is due at once.
///
/// @param set The set to change.
/// @param trigger_id The run's id from luma_result_trigger_id(). Copied.
/// @param timeout_ms The longest time to wait for this run, from this call on, in milliseconds: 1
///     to 86,400,000; 0 to wait until it ends.
/// @param user_data Returned by luma_wait_set_next() with each result about this run. May be NULL.
///     The library does not follow the pointer.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_REQUEST_TOO_LARGE; LUMA_ERROR_TRIGGER_ID; LUMA_ERROR_TIMEOUT_RANGE;
///     LUMA_ERROR_ALREADY_IN_SET: the run stays in the set with its earlier timeout and user data;
///     LUMA_ERROR_SET_CLOSED; LUMA_ERROR_CANCELLED in a forked child process.
/// @note Thread-safe, also while other threads are in luma_wait_set_next(). Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_wait_set_add(
    set: *mut luma_wait_set,
    trigger_id: *const c_char,
    timeout_ms: i64,
    user_data: *mut c_void,
) -> i32 {
    guard(|| {
        // SAFETY: the ABI contract.
        let (set, trigger_id) = unsafe { (SET.handle(set)?, TRIGGER_ID.text(trigger_id)?) };
        Ok(set.0.add(trigger_id, &wait::options(timeout_ms)?, UserData(user_data))?)
    })
}

/// Removes a run, without waiting for its end. The run itself is not affected.
///
/// If a thread is polling the run, the result of that poll is dropped. Only a call of
/// luma_wait_set_next() that has already found a change of the run, and is about to return, still
/// returns it. So with several threads, keep the user data until they have returned.
///
/// @param set The set to change.
/// @param trigger_id The id of the run, as it was added.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_REQUEST_TOO_LARGE; LUMA_ERROR_TRIGGER_ID; LUMA_ERROR_NOT_IN_SET, for example
///     because the wait has ended; LUMA_ERROR_CANCELLED in a forked child process.
/// @note Thread-safe, also while other threads are in luma_wait_set_next(). Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_wait_set_remove(
    set: *mut luma_wait_set,
    trigger_id: *const c_char,
) -> i32 {
    guard(|| {
        // SAFETY: the ABI contract.
        let (set, trigger_id) = unsafe { (SET.handle(set)?, TRIGGER_ID.text(trigger_id)?) };
        Ok(set.0.remove(trigger_id)?)
    })
}

/// Returns the next change of a run: a new status, or the end of its wait. Until there is one, it
/// polls the runs that are due, earliest first, and sleeps in between.
///
/// The result is about one run, or about the whole set. If it is about a run,
/// luma_result_trigger_id() returns its id, user_data receives what was added with it, and the
/// result has its last state, as after luma_wait_for_workflow(). When a wait ends, the run is
/// removed from the set. After LUMA_ERROR_WAIT_TIMEOUT, the last state consists of status and
/// times only.
///
/// If the result is about the whole set, luma_result_trigger_id() returns "", and user_data
/// receives NULL. No wait has ended then. If the gateway cannot be polled, because it cannot be
/// reached, because it does not accept the access token, or because three polls in a row failed
/// on the way, the set pauses, first for a second and then longer, up to a minute. This is returned
/// once, with the status of the poll, such as LUMA_ERROR_CONNECT or LUMA_ERROR_UNAUTHORIZED; call
/// again. The set continues when a poll succeeds; after LUMA_ERROR_UNAUTHORIZED, at once when
/// luma_client_set_access_token() is called. A `Retry-After` of the gateway applies to the whole
/// set, and is not returned.
///
/// @param set The set. Several threads may call this function at the same time: each change is
///     returned to one of them, and no run is polled by two of them.
/// @param timeout_ms How long to wait for a change, in milliseconds: 1 to 86,400,000; 0 to make one
///     poll, if one is due; -1 for no limit. A poll that has begun is completed.
/// @param[out] out Receives the result, on success and on failure. Free it with luma_result_free().
/// @param[out] user_data Receives the user data of the run, or NULL. May be NULL.
/// @return The status of the result. About a run: LUMA_ERROR_WAIT_OPEN: it has a new status, and is
///     still in the set. LUMA_OK: it has ended. LUMA_ERROR_WAIT_TIMEOUT. If polling it again cannot
///     succeed, LUMA_ERROR_FORBIDDEN, LUMA_ERROR_NOT_FOUND, LUMA_ERROR_REFUSED,
///     LUMA_ERROR_VALIDATION, LUMA_ERROR_RESPONSE_TOO_LARGE. About the set:
///     LUMA_ERROR_NOTHING_CHANGED: the timeout is over. LUMA_ERROR_SET_EMPTY; LUMA_ERROR_WOKEN;
///     LUMA_ERROR_SET_CLOSED; LUMA_ERROR_CANCELLED: the client was cancelled or closed, or this is
///     a forked child process; LUMA_ERROR_NULL_ARGUMENT_1, _3; LUMA_ERROR_TIMEOUT_RANGE. Any other
///     status, 26 or 100 to 299, says why the set pauses.
/// @note Thread-safe. Blocks until there is a change, at most timeout_ms and the timeout of a poll.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_wait_set_next(
    set: *mut luma_wait_set,
    timeout_ms: i64,
    out: *mut *mut luma_result,
    user_data: *mut *mut c_void,
) -> i32 {
    // SAFETY: the ABI contract.
    unsafe {
        set_out(out, ptr::null_mut());
        set_out(user_data, ptr::null_mut());
    }
    let next = || {
        // The call has its own reference, so the host process may free the set meanwhile.
        //
        // SAFETY: the ABI contract.
        let set = unsafe { SET.handle(set)? }.0.clone();
        let timeout = match timeout_ms {
            -1 => None,
            0 => Some(Duration::ZERO),
            _ => Some(config::TIMEOUT.duration(timeout_ms)?),
        };
        let event = set.next(timeout)?;
        // SAFETY: the ABI contract.
        unsafe { set_out(user_data, event.user_data().0) };
        Ok(event)
    };
    // SAFETY: the ABI contract.
    unsafe { give(Argument(3, "out"), out, next) }
}

impl From<RunEvent<UserData>> for luma_result {
    fn from(event: RunEvent<UserData>) -> Self {
        let (trigger_id, _, wait) = event.into_parts();
        luma_result::from(wait).with_trigger_id(&trigger_id)
    }
}

/// Returns the number of runs in a set: those that were added, and neither removed nor returned at
/// their end.
///
/// @param set The set; may be NULL.
/// @return The number of runs; 0 if set is NULL, or in a forked child process.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_wait_set_count(set: *const luma_wait_set) -> usize {
    // SAFETY: the ABI contract.
    guard_value(0, || unsafe { set.as_ref() }.map_or(0, |set| set.0.count()))
}

/// Ends the calls of luma_wait_set_next() in progress with LUMA_ERROR_WOKEN, each after the poll
/// that it is making; one that has found a change returns that instead. If no thread is in such a
/// call, the next call returns LUMA_ERROR_WOKEN.
///
/// @param set The set.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1.
/// @note Thread-safe, but not from a signal handler. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_wait_set_wake(set: *mut luma_wait_set) -> i32 {
    guard(|| {
        // SAFETY: the ABI contract.
        unsafe { SET.handle(set)? }.0.wake();
        Ok(())
    })
}

/// Closes a set: all calls of luma_wait_set_next(), those in progress within 50 ms, return
/// LUMA_ERROR_SET_CLOSED, and no run can be added any more.
///
/// To stop: close the set, join the threads that use it, then free it. The runs and other calls of
/// the client are not affected.
///
/// @param set The set.
/// @return LUMA_OK, also if it is closed already; LUMA_ERROR_NULL_ARGUMENT_1.
/// @note Thread-safe, but not from a signal handler. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_wait_set_close(set: *mut luma_wait_set) -> i32 {
    guard(|| {
        // SAFETY: the ABI contract.
        unsafe { SET.handle(set)? }.0.close();
        Ok(())
    })
}

/// Frees a set, also with runs in it. The runs are not affected; results stay valid; user data is
/// not freed. A call of luma_wait_set_next() in progress holds a reference, and ends as after
/// luma_wait_set_close().
///
/// @param set A set that no thread will use any more. NULL does nothing.
/// @note Exclusive, except for calls of luma_wait_set_next() in progress. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_wait_set_free(set: *mut luma_wait_set) {
    // SAFETY: the ABI contract.
    let open = unsafe { set.as_ref() };
    guard_value((), || {
        if let Some(luma_wait_set(set)) = open {
            set.close();
        }
    });
    // In a forked child, another thread of the parent may have been changing it: it is leaked.
    if open.is_none_or(|luma_wait_set(set)| !set.is_inherited()) {
        // SAFETY: the ABI contract.
        unsafe { free(set) }
    }
}

// Raw pointers hide this bound from the compiler, so the header's promise is checked here.
const _: () = {
    const fn is_shared<T: Send + Sync>() {}
    is_shared::<luma_wait_set>();
};
