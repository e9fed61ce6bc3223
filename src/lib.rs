//! A small, blocking client for the Luma Automation gateway, used mostly through its C ABI
//! (`include/luma.h`).
//!
//! A call ends in one of four [outcomes](Outcome), and none is ever guessed: the gateway accepted the
//! request, rejected it, never got a byte of it, or it is unknown whether it acted.
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
//!     Ok(trigger) => println!("submitted as {}", trigger.trigger_id()),
//!     Err(error) if error.outcome() == Outcome::Unknown => println!("it may be running: {error}"),
//!     Err(error) => println!("nothing runs: {error}"),
//! }
//! # Ok::<(), luma::Error>(())
//! ```
//!
//! # Rooms
//!
//! | room | what it is for |
//! | --- | --- |
//! | `api` | the gateway's language: requests to JSON, responses from JSON; no I/O |
//! | `transport` | bytes to the gateway and back; the only room that names ureq, TLS or sockets |
//! | `outcome` | one pure function from what was handed over and what came back to an outcome |
//! | `response` | a response's JSON and what a pointer finds in it |
//! | `json` | a JSON value, looked at where it stands |
//! | `redact` | text from outside, fit for a log |
//! | `config` | what a caller may set, checked once |
//! | `client` | joins `api` and `transport`, one method per call |
//! | `answer` | from what came back to what a call is for, or to an error in words |
//! | `wait` | polls a run until it is final |
//! | `paging` | fetches a list page by page and gives it as one |
//! | `token` | an access token, and the header line that carries it |
//! | `retry` | whether a request is sent again, and after which pause |
//! | `random` | random numbers, for jitter and to tell clients apart |
//! | `log` | what a client tells its host, line by line |
//! | `call_info` | how a call went: its id, its attempts, how long its parts took |
//! | `error` | what a call tells its caller: an outcome, and why it failed |
//! | `ffi` | the C ABI; the only room with `unsafe` |

#![deny(unsafe_code)]
#![warn(missing_docs, unreachable_pub)]

mod api;
mod call_info;
mod client;
mod config;
mod error;
#[allow(unsafe_code)]
mod ffi;
mod fork;
mod interpret;
mod json;
mod limits;
mod log;
mod outcome;
mod paging;
mod random;
mod redact;
mod response;
mod retry;
mod token;
mod transport;
mod wait;

pub use api::history::WorkflowHistory;
pub use api::launch_url::LaunchUrl;
pub use api::list::ListQuery;
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
pub use error::{Error, ErrorKind, Outcome};
pub use json::{Json, JsonType, PointerError};
pub use log::LogLevel;
pub use response::Response;
pub use token::AuthScheme;
pub use wait::{Poll, Wait, WaitOptions};

/// Compiles the Rust programs of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
#[doc = include_str!("../docs/rust.md")]
struct Documentation;
