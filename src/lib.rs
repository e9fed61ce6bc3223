//! A small, blocking client for the Luma Automation gateway, used mostly through its C ABI
//! (`include/luma.h`).
//!
//! Every call ends in one of four [outcomes](Outcome), and none is ever guessed: the gateway
//! accepted the request, it rejected the request, not one byte of the request was sent, or it is
//! unknown whether the gateway acted.
//!
//! ```no_run
//! use luma::{Client, Outcome, TriggerRequest};
//!
//! let token = std::env::var("LUMA_TOKEN").unwrap_or_default();
//! let client = Client::new("https://acme.automation.example", &token)?;
//! let mut request = TriggerRequest::for_ism("reset_password", 4021, "100-1")?;
//! request.set_variable("userName", "jdoe")?;
//!
//! match client.trigger_workflow(&request) {
//!     Ok(trigger) => println!("accepted as {}", trigger.trigger_id()),
//!     Err(error) if error.outcome() == Outcome::Unknown => println!("it may be running: {error}"),
//!     Err(error) => println!("nothing runs: {error}"),
//! }
//! # Ok::<(), luma::Error>(())
//! ```
//!
//! # Modules
//!
//! Dependencies point down this list; `ARCHITECTURE.md` explains the design.
//!
//! | module | purpose |
//! | --- | --- |
//! | `ffi` | the C ABI; with `sys`, the only modules with `unsafe` code |
//! | `once`, `journal` | triggers at most once per key; the folder that remembers what was sent |
//! | `client` | one method per call: encodes its request and returns its result |
//! | `open_wait` | a wait whose owner polls and sleeps |
//! | `wait_set`, `wait_queue` | follows many runs on few threads |
//! | `wait` | when a wait polls, and when it ends |
//! | `paging` | fetches a list page by page and joins the pages |
//! | `calls` | makes a call: sends its request, interprets the response, retries |
//! | `credentials` | the current access token of a client, and how it is renewed |
//! | `retry` | decides whether a request is retried, and after which pause |
//! | `interpret` | turns a response into the endpoint's value or an error with a message |
//! | `api` | the gateway's JSON, one file per endpoint; no I/O |
//! | `config_file`, `environment` | the configuration file and the variables that select it |
//! | `config` | the settings, checked when they are set |
//! | `token_provider`, `token_source` | where a token comes from if it can change |
//! | `transport` | connections, TLS and HTTP; the only module that knows sockets, rustls and ureq |
//! | `connected`, `counters` | the result of connecting ahead of time; counts what a client does |
//! | `seen` | recognizes a response to an earlier request on its connection |
//! | `outcome` | the outcome table, as one pure function |
//! | `error` | the outcome of a call and the error of a failed one |
//! | `response`, `json`, `arrays` | a response's JSON and JSON pointers into it |
//! | `call_info` | request id, attempts and timings of a call |
//! | `token`, `headers` | access tokens and the header line that carries them; added headers |
//! | `redact` | makes text from outside fit for a log |
//! | `wiped`, `files` | memory that is wiped before it is freed, and files read into it |
//! | `log`, `log_file` | the log callback and the log file |
//! | `limits`, `memory` | shared limits; checks that there is memory before code that would abort |
//! | `random`, `fork` | jitter; fork detection |
//! | `panics`, `panic_points` | the message of a panic, which is a bug; where a test forces one |
//! | `sys` | system calls that the standard library lacks |

#![deny(unsafe_code)]
#![warn(missing_docs, unreachable_pub)]

mod api;
mod arrays;
mod call_info;
mod calls;
mod client;
mod config;
mod config_file;
mod connected;
mod counters;
mod credentials;
mod environment;
mod error;
#[allow(unsafe_code)]
mod ffi;
mod files;
mod fork;
mod headers;
mod interpret;
mod journal;
mod json;
mod limits;
mod log;
mod log_file;
mod memory;
mod once;
mod open_wait;
mod outcome;
mod paging;
#[cfg(not(feature = "panic-points"))]
mod panic_points;
#[cfg(feature = "panic-points")]
#[doc(hidden)]
#[allow(missing_docs, reason = "for one test of this repository")]
pub mod panic_points;
mod panics;
mod random;
mod redact;
mod response;
mod retry;
mod seen;
#[cfg(test)]
mod simulated_clock;
#[allow(unsafe_code)]
mod sys;
mod token;
mod token_provider;
mod token_source;
mod transport;
mod wait;
mod wait_queue;
mod wait_set;
mod wiped;

pub use api::history::WorkflowHistory;
pub use api::launch_url::LaunchUrl;
pub use api::list::ListQuery;
pub use api::parameter::Parameter;
pub use api::status::RunStatus;
pub use api::step::{Step, WorkflowStep};
pub use api::steps::WorkflowSteps;
pub use api::tenant_token::TenantToken;
pub use api::trigger::Trigger;
pub use api::trigger_request::{TriggerRequest, application};
pub use api::workflow_definitions::{WorkflowDefinition, WorkflowDefinitions};
pub use call_info::CallInfo;
pub use client::Client;
pub use config::Config;
pub use connected::Connected;
pub use counters::Counters;
pub use error::{Error, ErrorKind, Outcome};
#[doc(hidden)]
pub use ffi::Allocator;
pub use journal::{Journal, JournalEntry, KeyState};
pub use json::{Json, JsonType, PointerError};
pub use log::LogLevel;
pub use once::{Once, OnceStore, StoreClaim};
pub use open_wait::OpenWait;
pub use response::Response;
pub use token::AuthScheme;
pub use wait::{Poll, Wait, WaitOptions};
pub use wait_queue::RunEvent;
pub use wait_set::WaitSet;

/// Compiles the examples of the documents.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
#[doc = include_str!("../docs/rust.md")]
struct Documentation;
