//! Responses and their encoding.

use std::fmt::Write as _;

use ::http::StatusCode;
use serde::Serialize;

/// A status, headers and a body.
#[derive(Debug, Clone)]
pub(crate) struct Response {
    status: u16,
    headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// A response without a body.
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn json(status: u16, body: &impl Serialize) -> Self {
        let body = serde_json::to_vec(body).expect("plain data always serializes");
        Self::empty(status).with_header("Content-Type", "application/json").with_body(body)
    }

    pub(crate) fn html(status: u16, body: &str) -> Self {
        Self::empty(status).with_header("Content-Type", "text/html; charset=utf-8").with_body(body)
    }

    #[must_use]
    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    #[must_use]
    pub(crate) fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Encodes the whole response.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = if self.status == 204 {
            self.head("")
        } else {
            self.head(&format!("Content-Length: {}\r\n", self.body.len()))
        };
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// Encodes the status line and the headers. `framing` is the header line that gives the length
    /// of the body.
    pub(crate) fn head(&self, framing: &str) -> Vec<u8> {
        let reason = StatusCode::from_u16(self.status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or_default();
        let mut head = format!("HTTP/1.1 {} {reason}\r\n", self.status);
        for (name, value) in &self.headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        head.push_str(framing);
        head.push_str("\r\n");
        head.into_bytes()
    }
}
