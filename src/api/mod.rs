//! The gateway's language: requests to JSON and replies from JSON. Pure data, no I/O.

pub(crate) mod envelope;
mod loose;
pub(crate) mod trigger;
pub(crate) mod trigger_request;
