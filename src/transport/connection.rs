//! One open connection: its stream, its buffers, and the first fault of the current exchange.

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::connected::TlsPeer;
use crate::error::ErrorKind;
use crate::panic_points;
use crate::seen::Seen;

use super::buffers::{Buffers, MAX_HEAD_BYTES};
use super::cancel::CancellationToken;
use super::context::CallContext;
use super::exchange::Fault;
use super::proxy::Proxy;
use super::socket;
use super::stream::Stream;
use super::tls;

/// The longest time that a server or proxy may take to close a new connection.
const SETTLING: Duration = Duration::from_millis(20);

pub(super) struct Connection {
    stream: Stream,
    /// The proxy through which it was opened, for messages.
    proxy: Option<Arc<Proxy>>,
    pub(super) buffers: Buffers,
    /// How much may still be read in this exchange. Ends endless heads and chunks.
    input_left: u64,
    /// The value of `input_left` when the exchange began.
    input_limit: u64,
    /// The timeout from which this exchange's deadline was computed, for messages.
    timeout: Duration,
    /// The first fault of this exchange.
    fault: Option<Fault>,
    /// True if sending the request ended before all of it was passed to the operating system.
    is_request_cut: bool,
    /// True if the exchange ended in a state that permits another on this connection.
    pub(super) is_reusable: bool,
    /// True from connecting ahead of time to the first exchange.
    pub(super) is_unused: bool,
    /// Time from the request to the first byte of the response.
    first_byte: Option<Duration>,
    pub(super) seen: Seen,
    /// The number of requests so far.
    requests: u32,
}

impl Connection {
    pub(super) fn new(stream: Stream, proxy: Option<Arc<Proxy>>) -> Box<Self> {
        Box::new(Connection {
            stream,
            proxy,
            buffers: Buffers::new(),
            input_left: 0,
            input_limit: 0,
            timeout: Duration::ZERO,
            fault: None,
            is_request_cut: false,
            is_reusable: false,
            is_unused: false,
            first_byte: None,
            seen: Seen::default(),
            requests: 0,
        })
    }

    pub(super) fn is_tls(&self) -> bool {
        self.stream.is_tls()
    }

    pub(super) fn begin_exchange(&mut self, call: &CallContext<'_>, max_response_bytes: u64) {
        panic_points::pass("an exchange begins");
        self.stream.socket_mut().begin_exchange(call.deadline);
        self.requests = self.requests.saturating_add(1);
        self.timeout = call.timeout;
        self.buffers.reset();
        // A chunk with a single byte takes six.
        self.input_limit = MAX_HEAD_BYTES as u64 + max_response_bytes * 6;
        self.input_left = self.input_limit;
        self.fault = None;
        self.is_request_cut = false;
        self.is_reusable = false;
        self.first_byte = None;
    }

    /// Returns the number of requests, including the current one.
    pub(super) fn requests(&self) -> u32 {
        self.requests
    }

    /// Returns the time from the request to the first byte of the response.
    pub(super) fn first_byte(&self) -> Option<Duration> {
        self.first_byte
    }

    /// Returns how many bytes of the current request the operating system accepted for sending.
    pub(super) fn bytes_sent(&self) -> u64 {
        self.stream.socket().written()
    }

    /// True if the operating system may have accepted bytes of the current request.
    pub(super) fn has_begun_sending(&self) -> bool {
        self.stream.socket().has_begun_writing()
    }

    /// Returns how many bytes were received since the current request began.
    pub(super) fn bytes_received(&self) -> u64 {
        self.stream.socket().received()
    }

    /// True if the operating system did not accept the whole request for sending.
    pub(super) fn is_request_cut(&self) -> bool {
        self.is_request_cut
    }

    pub(super) fn take_fault(&mut self) -> Option<Fault> {
        self.fault.take()
    }

    pub(super) fn wipe_input(&mut self) {
        self.buffers.wipe_input();
    }

    pub(super) fn peer(&self) -> SocketAddr {
        self.stream.socket().peer()
    }

    /// Returns what is known about the peer of the outermost TLS.
    pub(super) fn tls_peer(&self) -> Option<TlsPeer> {
        self.stream.tls_peer()
    }

    pub(super) fn last_read(&self) -> Instant {
        self.stream.socket().last_read()
    }

    /// Returns how long the peer, or its proxy, took to accept the connection.
    pub(super) fn round_trip(&self) -> Duration {
        self.stream.socket().round_trip()
    }

    /// True if the connection can carry a request of the token's call, and remains quiet for the
    /// given time.
    pub(super) fn is_usable(&self, rest: Duration, cancellation: CancellationToken<'_>) -> bool {
        self.stream.socket().belongs_to(cancellation) && self.stream.is_quiet(rest)
    }

    /// Gives the connection to a call. Returns false if the call is cancelled.
    pub(super) fn claim(&mut self, cancellation: CancellationToken<'_>) -> bool {
        self.stream.socket_mut().claim(cancellation)
    }

    /// Ends the use by a call. Returns false if the connection must be closed, because the call is
    /// cancelled.
    pub(super) fn release(&mut self, cancellation: CancellationToken<'_>) -> bool {
        self.stream.socket_mut().release(cancellation)
    }

    /// Prepares a new connection for the pool. Waits for what a server sends when the handshake is
    /// complete for the client: in TLS 1.3, the rejection of a client certificate.
    ///
    /// # Errors
    ///
    /// If the server refuses the connection by sending data or closing it.
    pub(super) fn prepare(&mut self, call: &CallContext<'_>) -> Result<(), Fault> {
        // The alert may take as long as the handshake.
        let handshake = call.info.timings.tls.unwrap_or_default();
        let until = call.deadline.min(Instant::now() + SETTLING + handshake);
        loop {
            call.check_cancelled()?;
            let left = until.saturating_duration_since(Instant::now());
            let is_quiet = self.stream.is_quiet(left.min(socket::CANCEL_POLL));
            if !is_quiet || left.is_zero() {
                self.is_unused = true;
                self.begin_waiting(call);
                return self.check_silence("connecting");
            }
        }
    }

    /// True if a connection that was opened ahead of time can carry its first request. Input may be
    /// the session tickets of TLS, so it is read.
    pub(super) fn is_still_unused(&mut self, call: &CallContext<'_>) -> bool {
        self.is_unused = false;
        self.begin_waiting(call);
        self.stream.socket().belongs_to(call.cancellation)
            && self.check_silence("connecting").is_ok()
    }

    /// Lets reads return at once.
    fn begin_waiting(&mut self, call: &CallContext<'_>) {
        self.stream.socket_mut().begin_exchange(call.deadline);
        self.timeout = call.timeout;
    }

    /// Sends a request, given in parts, in as few writes as possible. A write error is recorded but
    /// not returned: a peer that stops reading may already have sent a response, which takes
    /// precedence.
    pub(super) fn send(&mut self, request: &[&[u8]]) {
        for part in request {
            panic_points::pass("a part of a request is collected");
            let mut rest = self.buffers.add_output(part);
            while !rest.is_empty() {
                self.send_output();
                if self.is_request_cut {
                    return;
                }
                rest = self.buffers.add_output(rest);
            }
        }
        self.send_output();
    }

    /// Checks a new connection before it is used: what arrived before the request is not a response
    /// to it. A busy server may refuse a connection this way.
    ///
    /// # Errors
    ///
    /// If data has arrived, or the connection has ended.
    pub(super) fn check_silence(&mut self, doing: &str) -> Result<(), Fault> {
        let mut start = [0; 64];
        let result = match self.stream.read(&mut start) {
            Err(error) if socket::is_would_block(&error) => Ok(()),
            Ok(0) => {
                let message = "the server closed the connection before the request was sent";
                Err(Fault::new(ErrorKind::ConnectionLost, message))
            }
            Ok(length) => Err(Fault::unsolicited(&start[..length])),
            Err(error) => Err(self.explain(&error, doing, "0 bytes sent")),
        };
        result.map_err(|fault| self.with_renegotiation(fault).through(self.proxy.as_ref()))
    }

    fn send_output(&mut self) {
        if !self.is_request_cut {
            match self.write_output() {
                Ok(true) => {}
                Ok(false) => self.is_request_cut = true,
                Err(error) => {
                    self.is_request_cut = true;
                    let progress = format!("{} bytes sent", self.bytes_sent());
                    self.fault = Some(self.explain(&error, "sending the request", &progress));
                }
            }
            if self.is_request_cut {
                // TLS may still hold a part of the request.
                self.stream.socket_mut().close_output();
            }
        }
        self.buffers.clear_output();
    }

    /// Writes the pending output. Returns false if the response begins first, while writing waits:
    /// a server that refuses a large request may stop reading it.
    fn write_output(&mut self) -> io::Result<bool> {
        let mut written = 0;
        loop {
            let rest = &self.buffers.output()[written..];
            let result = match rest.is_empty() {
                true => self.stream.flush().map(|()| 0),
                false => self.stream.write(rest),
            };
            match result {
                Ok(0) if rest.is_empty() => return Ok(true),
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(amount) => written += amount,
                Err(error) if socket::is_would_block(&error) => {
                    if self.receive_early()? {
                        return Ok(false);
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Reads what arrived while the request is being sent. Returns true if sending the rest is
    /// pointless: a final response has begun, or the input has ended.
    fn receive_early(&mut self) -> io::Result<bool> {
        while self.has_room() {
            let amount = match self.read() {
                Err(error) if socket::is_would_block(&error) => return Ok(false),
                Ok(0) => break,
                result => result?,
            };
            if let Err(fault) = self.buffers.add_input(amount) {
                self.fault.get_or_insert(fault);
                break;
            }
            if self.buffers.has_final_head() {
                self.buffers.offer_input();
                break;
            }
        }
        Ok(true)
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
                0 if self.buffers.is_cut_off() || self.is_end_unproven() => Err(Fault::cut_off()),
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

    /// True if the end of the input may hide a reset: a write that failed has consumed the error of
    /// the socket, so reading ends as if the server had closed the connection. TLS marks its own
    /// end.
    fn is_end_unproven(&self) -> bool {
        self.fault.is_some() && !self.is_tls()
    }

    fn receive_some(&mut self) -> Result<usize, ()> {
        if let Some(fault) = &self.fault {
            let is_invalid =
                matches!(fault.kind, ErrorKind::InvalidHttp | ErrorKind::ResponseTooLarge);
            // Input is not a response if no byte of the request was sent, and more of it does not
            // help if what arrived while sending is not valid.
            if is_invalid || self.bytes_sent() == 0 {
                return Err(());
            }
        }
        if !self.has_room() {
            let message = if self.input_left == 0 {
                "the response with its chunk framing is larger than 6 times max_response_bytes \
                 plus 64 KiB"
            } else {
                "the response headers are larger than 64 KiB"
            };
            self.fault.get_or_insert(Fault::new(ErrorKind::ResponseTooLarge, message));
            return Err(());
        }
        self.stream.socket_mut().end_sending();
        self.read().map_err(|error| {
            let progress = format!("{} bytes received", self.input_limit - self.input_left);
            let fault = self.explain(&error, "waiting for the response", &progress);
            // A TLS alert explains why the request could not be sent.
            if fault.kind == ErrorKind::Tls {
                self.fault = Some(fault);
            } else {
                self.fault.get_or_insert(fault);
            }
        })
    }

    fn has_room(&mut self) -> bool {
        self.input_left > 0 && !self.buffers.input_room().is_empty()
    }

    fn read(&mut self) -> io::Result<usize> {
        let buffer = self.buffers.input_room();
        let limit = buffer.len().min(usize::try_from(self.input_left).unwrap_or(usize::MAX));
        let amount = self.stream.read(&mut buffer[..limit])?;
        if amount > 0 && self.first_byte.is_none() {
            self.first_byte = Some(self.stream.socket().wait_time());
        }
        self.input_left -= amount as u64;
        Ok(amount)
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
