//! The C ABI, one file per handle. It converts arguments, contains panics and calls
//! [`Client`](crate::Client); it decides nothing itself.
//!
//! The doc comments of exported items become `include/luma.h`. They address C programmers and use
//! Doxygen commands.
//!
//! # The ABI contract
//!
//! This is what each exported function relies on. `include/luma.h` demands it of the caller, and
//! each `// SAFETY: the ABI contract` comment in this module refers to it.
//!
//! - A handle is NULL, or was returned by this library as that type and has not been freed.
//! - A handle is freed only while nobody else uses it. A configuration or a trigger request is used
//!   by one thread at a time; a client or a result by any number.
//! - A string is NULL, or ends in a NUL and does not change during the call.
//! - An out-parameter is NULL, or points to aligned, writable memory of its type, which may be
//!   uninitialised.
//! - A callback is NULL, or a function of the declared type. It returns normally (it neither throws
//!   nor jumps out), and it stays callable with its `user_data` for as long as the header says.
//!
//! Everything else is checked: NULL, invalid UTF-8 and numbers out of range give a status.

#![allow(non_camel_case_types, reason = "these are the names in C")]
#![allow(unreachable_pub, reason = "exported items are public to C, not to Rust")]

mod allocator;
mod boundary;
mod callbacks;
mod strings;
mod success;

// The header lists constants and functions in this order.
mod status;

mod outcome;

mod run_status;

mod counter;

mod config;

mod log_level;

mod trigger_request;

mod client;

mod calls;

mod journal;

mod wait;

mod wait_set;

mod result;

use std::ffi::c_char;

pub use allocator::Allocator;

/// Returns the version of the loaded library, such as "0.1.0".
///
/// It differs from #LUMA_VERSION, the version of this header, when the program was compiled with
/// another version than it runs with.
///
/// @return A static string.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub extern "C" fn luma_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}
