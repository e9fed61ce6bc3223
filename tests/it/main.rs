//! The integration tests, in one program: a module for each promise.

#[path = "../support/mod.rs"]
mod support;

mod added_headers;
mod bindings;
mod c_abi;
mod calls;
mod cancelling;
mod certificates;
#[cfg(target_os = "linux")]
mod clock;
mod config_files;
mod connecting;
mod connections;
mod cpp;
#[cfg(target_os = "linux")]
mod crash;
mod docs;
mod documents;
mod draining;
mod exchanges;
mod header;
mod journal;
mod lists;
mod log_files;
#[cfg(target_os = "linux")]
mod memory;
mod messages;
mod mistakes;

mod outcomes;
#[cfg(target_os = "linux")]
mod panics;
mod proxies;
mod reporting;
mod requests;
mod retries;
mod secrets;
#[cfg(target_os = "linux")]
mod short_memory;
mod simulator;
#[cfg(target_os = "linux")]
mod soak;
mod stdcall;
#[cfg(target_os = "linux")]
mod system_store;
mod tokens;
mod total;
mod trust;
mod trust_differences;
mod waits;
#[cfg(windows)]
mod windows_proxies;
