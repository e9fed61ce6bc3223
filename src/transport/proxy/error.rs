//! The reasons why a proxy did not open a tunnel.

use std::io;

pub(super) enum TunnelError {
    Io(io::Error),
    /// The proxy's response was a refusal or not understood. The text follows the proxy's name in a
    /// message.
    Response(String),
}

impl From<io::Error> for TunnelError {
    fn from(error: io::Error) -> Self {
        TunnelError::Io(error)
    }
}

impl From<&str> for TunnelError {
    fn from(problem: &str) -> Self {
        TunnelError::Response(problem.to_owned())
    }
}
