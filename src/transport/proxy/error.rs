//! Why a proxy opened no tunnel.

use std::io;

pub(super) enum TunnelError {
    Io(io::Error),
    /// A sentence that begins with the proxy.
    Said(String),
}

impl From<io::Error> for TunnelError {
    fn from(error: io::Error) -> Self {
        TunnelError::Io(error)
    }
}

impl From<&str> for TunnelError {
    fn from(said: &str) -> Self {
        TunnelError::Said(said.to_owned())
    }
}
