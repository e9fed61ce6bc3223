//! The log levels of the ABI.

use std::ffi::c_char;

use crate::LogLevel;

use super::boundary::Failure;
use super::status::LUMA_ERROR_LOG_LEVEL;

/// Logs nothing.
pub const LUMA_LOG_OFF: i32 = 0;
/// Logs calls that did not end ACCEPTED, and why.
pub const LUMA_LOG_ERROR: i32 = 1;
/// Also logs retries, and why, and settings of the system that cannot be used.
pub const LUMA_LOG_WARN: i32 = 2;
/// Also logs each request and its response, and calls that ended ACCEPTED.
pub const LUMA_LOG_INFO: i32 = 3;
/// Also logs name resolution, connections, proxies and TLS.
pub const LUMA_LOG_DEBUG: i32 = 4;

/// Converts a level; `None` for LUMA_LOG_OFF.
pub(super) fn parse(level: i32) -> Result<Option<LogLevel>, Failure> {
    Ok(Some(match level {
        LUMA_LOG_OFF => return Ok(None),
        LUMA_LOG_ERROR => LogLevel::Error,
        LUMA_LOG_WARN => LogLevel::Warn,
        LUMA_LOG_INFO => LogLevel::Info,
        LUMA_LOG_DEBUG => LogLevel::Debug,
        _ => return Err(Failure::number(LUMA_ERROR_LOG_LEVEL, level.into())),
    }))
}

pub(super) fn number(level: LogLevel) -> i32 {
    match level {
        LogLevel::Error => LUMA_LOG_ERROR,
        LogLevel::Warn => LUMA_LOG_WARN,
        LogLevel::Info => LUMA_LOG_INFO,
        LogLevel::Debug => LUMA_LOG_DEBUG,
    }
}

/// Returns the name of a log level: "OFF", "ERROR", "WARN", "INFO" or "DEBUG".
///
/// @param level One of LUMA_LOG_*.
/// @return A static string; "" for any other number.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub extern "C" fn luma_log_level_name(level: i32) -> *const c_char {
    match level {
        LUMA_LOG_OFF => c"OFF",
        LUMA_LOG_ERROR => c"ERROR",
        LUMA_LOG_WARN => c"WARN",
        LUMA_LOG_INFO => c"INFO",
        LUMA_LOG_DEBUG => c"DEBUG",
        _ => c"",
    }
    .as_ptr()
}
