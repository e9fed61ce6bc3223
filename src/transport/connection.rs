//! One open connection: a stream, its buffers, and what went wrong on it.

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};
use ureq::unversioned::transport::Buffers as _;

use crate::call_info::RequestId;
use crate::error::ErrorKind;

use super::Fault;
use super::buffers::{Buffers, MAX_HEAD_BYTES};
use super::cancel::CancellationToken;
use super::context::CallContext;
use super::stream::Stream;
use super::{socket, tls};

pub(super) struct Connection {
    stream: Stream,
    pub(super) buffers: Buffers,
    /// RawHeaders of the head that pass ureq by, until they are in place.
    lines: Option<RawHeaders>,
    /// What may still be read in this exchange, so that endless heads and chunks come to an end, and
    /// what that was at its start.
    input_left: u64,
    input_limit: u64,
    /// What the deadline of this exchange was made of, for a message.
    timeout: Duration,
    /// The first fault of this exchange.
    fault: Option<Fault>,
    /// Whether the exchange ended in a way that leaves the connection fit for another.
    pub(super) is_reusable: bool,
    /// How long after the request the first byte of the response came.
    first_byte: Option<Duration>,
}

/// RawHeaders of a request's head that pass ureq by.
pub(super) struct RawHeaders {
    /// The one that carries the token: ureq writes to a Rust program's log what passes through it.
    pub(super) credential: Arc<SecretString>,
    /// Those that never change: two headers cost ureq 1,400 instructions more.
    pub(super) fixed: Arc<str>,
    pub(super) request_id: RequestId,
}

impl Connection {
    pub(super) fn new(stream: Stream) -> Box<Self> {
        Box::new(Connection {
            stream,
            buffers: Buffers::new(),
            lines: None,
            input_left: 0,
            input_limit: 0,
            timeout: Duration::ZERO,
            fault: None,
            is_reusable: false,
            first_byte: None,
        })
    }

    pub(super) fn is_tls(&self) -> bool {
        self.stream.is_tls()
    }

    pub(super) fn begin_request(
        &mut self,
        lines: RawHeaders,
        call: &CallContext<'_>,
        max_response_bytes: u64,
    ) {
        self.stream.socket_mut().restart(call.deadline);
        self.timeout = call.timeout;
        self.buffers.reset();
        self.lines = Some(lines);
        // Chunks of a single byte take six.
        self.input_limit = MAX_HEAD_BYTES as u64 + max_response_bytes * 6;
        self.input_left = self.input_limit;
        self.fault = None;
        self.is_reusable = false;
        self.first_byte = None;
    }

    /// How long after the request the first byte of the response came.
    pub(super) fn first_byte(&self) -> Option<Duration> {
        self.first_byte
    }

    /// Bytes of the current request that the operating system took for sending.
    pub(super) fn bytes_sent(&self) -> u64 {
        self.stream.socket().written()
    }

    pub(super) fn take_fault(&mut self) -> Option<Fault> {
        self.fault.take()
    }

    pub(super) fn mark_idle(&mut self) {
        self.buffers.wipe_input();
    }

    pub(super) fn last_read(&self) -> Instant {
        self.stream.socket().last_read()
    }

    /// Whether the connection may carry a request of another call.
    pub(super) fn is_usable(&self, cancellation: CancellationToken<'_>) -> bool {
        self.stream.socket().belongs_to(cancellation) && self.stream.is_quiet()
    }

    /// Adds to what is waiting; sends it when it gets too much.
    pub(super) fn add_output(&mut self, amount: usize) {
        self.buffers.add_output(amount);
        // The first of a request is its head.
        if let Some(RawHeaders { credential, fixed, request_id }) = self.lines.take() {
            let others = [fixed.as_bytes(), b"X-Request-Id: ", request_id.as_bytes(), b"\r\n"];
            self.buffers.insert_lines(credential.expose_secret(), others);
        }
        if self.buffers.is_output_full() {
            self.send();
        }
    }

    /// Sends what is waiting. A peer that stops reading may have answered first, so a fault in
    /// writing is only told when there is nothing to read either.
    pub(super) fn send(&mut self) {
        let output = self.buffers.take_output();
        if output.is_empty() || self.fault.is_some() {
            return;
        }
        let sent = self.stream.write_all(output);
        self.buffers.wipe_secret();
        if let Err(error) = sent {
            self.fault = Some(self.fault_of(&error, "sending the request", self.bytes_sent()));
        }
    }

    /// Reads more of the response; 0 at its end.
    pub(super) fn receive(&mut self) -> Result<usize, ()> {
        if let Some(fault) = &self.fault {
            // What comes in when nothing went out is no response.
            if fault.kind == ErrorKind::ResponseTimeout || self.bytes_sent() == 0 {
                return Err(());
            }
        }
        let buffer = self.buffers.input_append_buf();
        if buffer.is_empty() || self.input_left == 0 {
            let message = match self.input_left {
                0 => {
                    "the response with its framing is larger than 6 times max_response_bytes and 64 KiB"
                }
                _ => "the response's head, or a line of its framing, is larger than 64 KiB",
            };
            self.fault.get_or_insert(Fault::new(ErrorKind::ResponseTooLarge, message));
            return Err(());
        }
        let limit = buffer.len().min(usize::try_from(self.input_left).unwrap_or(usize::MAX));
        let buffer = &mut buffer[..limit];
        match self.stream.read(buffer) {
            Ok(amount) => {
                self.buffers.input_appended(amount);
                if amount > 0 && self.first_byte.is_none() {
                    self.first_byte = Some(self.stream.socket().waited());
                    self.buffers.keep_decisive_headers();
                }
                self.input_left -= amount as u64;
                Ok(amount)
            }
            Err(error) => {
                let received = self.input_limit - self.input_left;
                let fault = self.fault_of(&error, "waiting for the response", received);
                // What the peer said explains why nothing could be sent to it.
                if fault.kind == ErrorKind::Tls {
                    self.fault = Some(fault);
                } else {
                    self.fault.get_or_insert(fault);
                }
                Err(())
            }
        }
    }

    #[cold]
    fn fault_of(&self, error: &io::Error, doing: &str, amount: u64) -> Fault {
        if socket::is_deadline(error) {
            let timeout = self.timeout.as_millis();
            let message = format!(
                "the timeout of {timeout} ms ended while {doing}; bytes of it so far: {amount}"
            );
            return Fault::new(ErrorKind::ResponseTimeout, message);
        }
        if let Some(words) = tls::RefusedClient::said(error) {
            return Fault::new(ErrorKind::Tls, format!("TLS ended while {doing}: {words}"));
        }
        let message = format!("the connection failed while {doing}: {}", tls::cause(error));
        Fault::new(ErrorKind::ConnectionLost, message)
    }
}
