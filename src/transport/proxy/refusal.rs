//! Why a proxy opened no tunnel.

use std::io;

pub(super) enum Refusal {
    Io(io::Error),
    /// A sentence that begins with the proxy.
    Said(String),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Refusal::Io(error)
    }
}

impl From<&str> for Refusal {
    fn from(said: &str) -> Self {
        Refusal::Said(said.to_owned())
    }
}
