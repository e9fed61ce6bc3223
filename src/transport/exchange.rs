//! The result of one HTTP exchange: the bytes sent, and a response or a fault.

use std::fmt::Display;
use std::io;
use std::time::Duration;

use crate::error::ErrorKind;

use super::cancel::CancellationToken;

/// The result of sending one request.
pub(crate) struct Exchange {
    /// Request bytes that the operating system accepted for sending, in all attempts of the call
    /// so far, except in those that were certainly refused. With TLS, these are the encrypted
    /// bytes.
    pub(crate) bytes_sent: u64,
    /// True if an earlier attempt of the call was certainly refused.
    pub(crate) was_refused: bool,
    /// Time from the request to the first byte of the response.
    pub(super) first_byte: Option<Duration>,
    pub(crate) response: Result<HttpResponse, Fault>,
}

impl Exchange {
    /// An exchange that failed before its connection carried any byte of the request.
    pub(super) fn not_sent(fault: Fault) -> Self {
        Exchange { bytes_sent: 0, was_refused: false, first_byte: None, response: Err(fault) }
    }

    /// An exchange of a test: a request of a few bytes, and this response.
    #[cfg(test)]
    pub(crate) fn answered(response: HttpResponse) -> Self {
        Exchange { bytes_sent: 9, was_refused: false, first_byte: None, response: Ok(response) }
    }
}

/// A complete HTTP response.
pub(crate) struct HttpResponse {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<Duration>,
    /// The target of a redirect, without user name, password and query, which may be secret.
    pub(crate) location: Option<String>,
    pub(crate) body: Vec<u8>,
}

/// Explains why there is no complete response.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) kind: ErrorKind,
    pub(crate) message: String,
}

impl Fault {
    pub(super) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Fault { kind, message: message.into() }
    }

    /// `problem` completes a sentence about the response.
    pub(super) fn invalid_http(problem: impl Display) -> Self {
        let message = format!("the response is not valid HTTP/1.1: {problem}");
        Fault::new(ErrorKind::InvalidHttp, message)
    }

    pub(super) fn cut_off() -> Self {
        let message = "the connection was closed before the response was complete";
        Fault::new(ErrorKind::ConnectionLost, message)
    }

    /// Data arrived before the request was sent. Shows the HTTP status if `start` is the start of a
    /// response, and nothing else of it.
    pub(super) fn unsolicited(start: &[u8]) -> Self {
        let status = start.get(..12).filter(|status| {
            status.starts_with(b"HTTP/1.")
                && status[8] == b' '
                && [status[7], status[9], status[10], status[11]].iter().all(u8::is_ascii_digit)
        });
        let status = status.and_then(|status| std::str::from_utf8(status).ok());
        let message = match status {
            Some(status) => format!("the server sent a response before the request: {status}"),
            None => "the server sent data before the request".into(),
        };
        Fault::new(ErrorKind::ConnectionLost, message)
    }

    /// Adds the proxy of a connection, if it has one, to the message.
    pub(super) fn through(mut self, proxy: Option<&impl Display>) -> Self {
        if let Some(proxy) = proxy {
            self.message = format!("{} (through {proxy})", self.message);
        }
        self
    }

    /// A thread cannot be started that `task`, a clause such as "resolves host x". This machine
    /// lacks threads or memory, so it is no fault of the task.
    pub(super) fn no_thread(task: impl Display, error: &io::Error) -> Self {
        let message = format!("cannot start a thread that {task}: {error}");
        Fault::new(ErrorKind::Connect, message)
    }

    pub(super) fn cancelled(cancellation: CancellationToken<'_>) -> Self {
        Fault::new(ErrorKind::Cancelled, cancellation.reason())
    }

    /// The deadline for connecting passed. `doing` is only the end of the message: the caller, who
    /// knows which timeout applied, prepends "the timeout of … ms expired while".
    pub(super) fn connect_timeout(doing: String) -> Self {
        Fault::new(ErrorKind::ConnectTimeout, doing)
    }
}
