//! The C ABI: one file per handle. It converts and guards; everything else is done elsewhere.
//!
//! The comments of the exported functions become `include/luma.h`, so they speak to C programmers.

#![allow(non_camel_case_types, reason = "these are the names in C")]
#![allow(unreachable_pub, reason = "what is exported is public to C, not to Rust")]

mod answer;
mod boundary;
#[cfg(unix)]
mod fork;
mod strings;

// In the order of the header.
mod status;

mod config;

mod trigger_request;

mod client;

mod result;

mod result_call;

mod result_answer;

mod result_json;

use std::ffi::c_char;

/// The version of the library, such as "0.1.0".
///
/// Returns: a string that lives as long as the library is loaded.
/// Threads: any. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub extern "C" fn luma_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}
