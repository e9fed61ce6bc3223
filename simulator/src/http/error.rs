//! The error for a request that cannot be read.

/// The status of the error response, and its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RequestError {
    pub(crate) status: u16,
    pub(crate) message: &'static str,
}

impl RequestError {
    pub(super) fn malformed(message: &'static str) -> Self {
        Self { status: 400, message }
    }
}
