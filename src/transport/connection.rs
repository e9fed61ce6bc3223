//! One open connection: its stream, its buffers, and the first fault of the current exchange.

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};

use crate::call_info::RequestId;
use crate::error::ErrorKind;

use super::buffers::{Buffers, MAX_HEAD_BYTES};
use super::cancel::CancellationToken;
use super::context::CallContext;
use super::exchange::Fault;
use super::socket;
use super::stream::Stream;
use super::tls;

pub(super) struct Connection {
    stream: Stream,
    pub(super) buffers: Buffers,
    /// Header lines written around ureq; `None` once inserted.
    raw_headers: Option<RawHeaders>,
    /// How much may still be read in this exchange. Ends endless heads and chunks.
    input_left: u64,
    /// The value of `input_left` when the exchange began.
    input_limit: u64,
    /// The timeout from which this exchange's deadline was computed, for messages.
    timeout: Duration,
    /// The first fault of this exchange.
    fault: Option<Fault>,
    /// True if the exchange ended in a state that permits another on this connection.
    pub(super) is_reusable: bool,
    /// Time from the request to the first byte of the response.
    first_byte: Option<Duration>,
}

/// Header lines of a request that are written around ureq.
pub(super) struct RawHeaders {
    /// The line with the token: ureq writes everything it sends to a Rust program's log.
    pub(super) auth: Arc<SecretString>,
    /// Lines that are the same in every request: through ureq, two cost 1,400 instructions.
    pub(super) fixed: Arc<str>,
    pub(super) request_id: RequestId,
}

impl Connection {
    pub(super) fn new(stream: Stream) -> Box<Self> {
        Box::new(Connection {
            stream,
            buffers: Buffers::new(),
            raw_headers: None,
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

    pub(super) fn begin_exchange(
        &mut self,
        raw_headers: RawHeaders,
        call: &CallContext<'_>,
        max_response_bytes: u64,
    ) {
        self.stream.socket_mut().begin_exchange(call.deadline);
        self.timeout = call.timeout;
        self.buffers.reset();
        self.raw_headers = Some(raw_headers);
        // A chunk with a single byte takes six.
        self.input_limit = MAX_HEAD_BYTES as u64 + max_response_bytes * 6;
        self.input_left = self.input_limit;
        self.fault = None;
        self.is_reusable = false;
        self.first_byte = None;
    }

    /// Returns the time from the request to the first byte of the response.
    pub(super) fn first_byte(&self) -> Option<Duration> {
        self.first_byte
    }

    /// Returns how many bytes of the current request the operating system accepted for sending.
    pub(super) fn bytes_sent(&self) -> u64 {
        self.stream.socket().written()
    }

    pub(super) fn take_fault(&mut self) -> Option<Fault> {
        self.fault.take()
    }

    pub(super) fn wipe_input(&mut self) {
        self.buffers.wipe_input();
    }

    pub(super) fn last_read(&self) -> Instant {
        self.stream.socket().last_read()
    }

    /// True if the connection can carry a request of the token's call.
    pub(super) fn is_usable(&self, cancellation: CancellationToken<'_>) -> bool {
        self.stream.socket().belongs_to(cancellation) && self.stream.is_quiet()
    }

    /// Adds to the pending output, and sends it when the buffer is full.
    pub(super) fn add_output(&mut self, amount: usize) {
        self.buffers.add_output(amount);
        // The first output of a request is its head.
        if let Some(RawHeaders { auth, fixed, request_id }) = self.raw_headers.take() {
            let others = [fixed.as_bytes(), b"X-Request-Id: ", request_id.as_bytes(), b"\r\n"];
            self.buffers.insert_headers(auth.expose_secret(), others);
        }
        if self.buffers.is_output_full() {
            self.send();
        }
    }

    /// Sends the pending output. A write error is recorded but not returned: a peer that stops
    /// reading may already have sent a response, which takes precedence.
    pub(super) fn send(&mut self) {
        let output = self.buffers.take_output();
        if output.is_empty() || self.fault.is_some() {
            return;
        }
        let result = self.stream.write_all(output);
        self.buffers.wipe_output();
        if let Err(error) = result {
            let progress = format!("{} bytes sent", self.bytes_sent());
            self.fault = Some(self.explain(&error, "sending the request", &progress));
        }
    }

    /// Reads more of the response, until there is input for ureq; returns 0 at its end.
    ///
    /// # Errors
    ///
    /// The error is recorded as this exchange's fault.
    pub(super) fn receive(&mut self) -> Result<usize, ()> {
        if self.buffers.is_complete() {
            return Ok(0);
        }
        loop {
            let amount = self.receive_some()?;
            let result = match amount {
                0 if self.buffers.is_cut_off() => Err(Fault::cut_off()),
                _ => self.buffers.add_input(amount),
            };
            if let Err(fault) = result {
                self.fault.get_or_insert(fault);
                return Err(());
            }
            if amount == 0 || !self.buffers.input().is_empty() {
                return Ok(amount);
            }
        }
    }

    fn receive_some(&mut self) -> Result<usize, ()> {
        if let Some(fault) = &self.fault {
            // Input is not a response if no byte of the request was sent.
            if fault.kind == ErrorKind::ResponseTimeout || self.bytes_sent() == 0 {
                return Err(());
            }
        }
        let buffer = self.buffers.input_room();
        if buffer.is_empty() || self.input_left == 0 {
            let message = if self.input_left == 0 {
                "the response with its chunk framing is larger than 6 times max_response_bytes \
                 plus 64 KiB"
            } else {
                "the response headers are larger than 64 KiB"
            };
            self.fault.get_or_insert(Fault::new(ErrorKind::ResponseTooLarge, message));
            return Err(());
        }
        let limit = buffer.len().min(usize::try_from(self.input_left).unwrap_or(usize::MAX));
        let buffer = &mut buffer[..limit];
        match self.stream.read(buffer) {
            Ok(amount) => {
                if amount > 0 && self.first_byte.is_none() {
                    self.first_byte = Some(self.stream.socket().wait_time());
                }
                self.input_left -= amount as u64;
                Ok(amount)
            }
            Err(error) => {
                let progress = format!("{} bytes received", self.input_limit - self.input_left);
                let fault = self.explain(&error, "waiting for the response", &progress);
                // A TLS alert explains why the request could not be sent.
                if fault.kind == ErrorKind::Tls {
                    self.fault = Some(fault);
                } else {
                    self.fault.get_or_insert(fault);
                }
                Err(())
            }
        }
    }

    /// Adds to a fault that the server requested renegotiation, which causes faults of many kinds:
    /// the server waits, closes, or rejects a client certificate that it did not get.
    pub(super) fn with_renegotiation(&self, Fault { kind, message }: Fault) -> Fault {
        match kind {
            _ if !self.stream.has_renegotiation() => Fault { kind, message },
            ErrorKind::ConnectionLost | ErrorKind::Tls => {
                Fault::new(ErrorKind::Tls, format!("TLS failed: {}", tls::RENEGOTIATION))
            }
            ErrorKind::ResponseTimeout => {
                Fault::new(kind, format!("{message}; {}", tls::RENEGOTIATION))
            }
            _ => Fault { kind, message },
        }
    }

    fn explain(&self, error: &io::Error, doing: &str, progress: &str) -> Fault {
        if socket::is_deadline(error) {
            let timeout = self.timeout.as_millis();
            let message = format!("the timeout of {timeout} ms expired while {doing}; {progress}");
            return Fault::new(ErrorKind::ResponseTimeout, message);
        }
        if let Some(objection) = tls::ClientCertificateRejection::stated(error) {
            return Fault::new(ErrorKind::Tls, format!("TLS failed while {doing}: {objection}"));
        }
        let message = format!("the connection failed while {doing}: {}", tls::cause(error));
        Fault::new(ErrorKind::ConnectionLost, message)
    }
}
