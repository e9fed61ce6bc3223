//! The status numbers of runs and steps in the ABI.

use std::ffi::c_char;

use crate::RunStatus;

/// The result has no run, or the gateway sent no status.
pub const LUMA_RUN_NONE: i32 = 0;
/// RUNNING.
pub const LUMA_RUN_RUNNING: i32 = 1;
/// SUSPENDED: waiting, perhaps for a person.
pub const LUMA_RUN_SUSPENDED: i32 = 2;
/// ACTIVATED.
pub const LUMA_RUN_ACTIVATED: i32 = 3;
/// COMPLETED. Final.
pub const LUMA_RUN_COMPLETED: i32 = 4;
/// FAILED. Final.
pub const LUMA_RUN_FAILED: i32 = 5;
/// TERMINATED. Final.
pub const LUMA_RUN_TERMINATED: i32 = 6;
/// Any other status. luma_result_run_status_text() and luma_result_step_status_text() return the
/// gateway's own text. A run with such a status may have ended: then it has an end time, and a wait
/// ends, see luma_wait_for_workflow().
pub const LUMA_RUN_OTHER: i32 = 7;

const ALL: [RunStatus; 7] = [
    RunStatus::Running,
    RunStatus::Suspended,
    RunStatus::Activated,
    RunStatus::Completed,
    RunStatus::Failed,
    RunStatus::Terminated,
    RunStatus::Other,
];

pub(super) fn number(status: RunStatus) -> i32 {
    match status {
        RunStatus::Running => LUMA_RUN_RUNNING,
        RunStatus::Suspended => LUMA_RUN_SUSPENDED,
        RunStatus::Activated => LUMA_RUN_ACTIVATED,
        RunStatus::Completed => LUMA_RUN_COMPLETED,
        RunStatus::Failed => LUMA_RUN_FAILED,
        RunStatus::Terminated => LUMA_RUN_TERMINATED,
        RunStatus::Other => LUMA_RUN_OTHER,
    }
}

/// Returns the name of a run status, such as "RUNNING" or "COMPLETED".
///
/// @param run_status One of LUMA_RUN_*.
/// @return A static string: "OTHER" for LUMA_RUN_OTHER; "" for LUMA_RUN_NONE and any other number.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub extern "C" fn luma_run_status_name(run_status: i32) -> *const c_char {
    match run_status {
        LUMA_RUN_RUNNING => c"RUNNING",
        LUMA_RUN_SUSPENDED => c"SUSPENDED",
        LUMA_RUN_ACTIVATED => c"ACTIVATED",
        LUMA_RUN_COMPLETED => c"COMPLETED",
        LUMA_RUN_FAILED => c"FAILED",
        LUMA_RUN_TERMINATED => c"TERMINATED",
        LUMA_RUN_OTHER => c"OTHER",
        _ => c"",
    }
    .as_ptr()
}

/// Returns whether a run status is final: a run or step with this status no longer changes.
///
/// @param run_status One of LUMA_RUN_*.
/// @return 1 for LUMA_RUN_COMPLETED, LUMA_RUN_FAILED and LUMA_RUN_TERMINATED, else 0. Also 0 for
///     LUMA_RUN_OTHER, although a run with such a status may have ended.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub extern "C" fn luma_run_status_is_final(run_status: i32) -> i32 {
    ALL.iter().any(|status| number(*status) == run_status && status.is_final()).into()
}
