//! One open connection: a stream, its buffers, and what went wrong on it.

use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

use ureq::unversioned::transport::Buffers as _;

use crate::error::ErrorKind;

use super::Fault;
use super::buffers::{Buffers, MAX_HEAD_BYTES};
use super::socket::Socket;
use super::tls::{self, TlsStream};

#[derive(Debug)]
pub(super) struct Connection {
    stream: Stream,
    pub(super) buffers: Buffers,
    /// What may still be read in this exchange, so that endless heads and chunks come to an end.
    input_left: u64,
    /// The first fault of this exchange.
    fault: Option<Fault>,
    /// Whether the exchange ended in a way that leaves the connection fit for another.
    pub(super) is_reusable: bool,
    idle_since: Instant,
}

#[derive(Debug)]
enum Stream {
    Plain(Socket),
    Tls(Box<TlsStream>),
}

impl Connection {
    pub(super) fn plain(socket: Socket) -> Box<Self> {
        Self::new(Stream::Plain(socket))
    }

    pub(super) fn tls(stream: TlsStream) -> Box<Self> {
        Self::new(Stream::Tls(Box::new(stream)))
    }

    fn new(stream: Stream) -> Box<Self> {
        Box::new(Connection {
            stream,
            buffers: Buffers::new(),
            input_left: 0,
            fault: None,
            is_reusable: false,
            idle_since: Instant::now(),
        })
    }

    pub(super) fn is_tls(&self) -> bool {
        matches!(self.stream, Stream::Tls(_))
    }

    pub(super) fn begin_request(&mut self, deadline: Instant, max_response_bytes: u64) {
        self.socket_mut().restart(deadline);
        self.buffers.reset();
        // Chunks of a single byte take six.
        self.input_left = MAX_HEAD_BYTES as u64 + max_response_bytes * 6;
        self.fault = None;
        self.is_reusable = false;
    }

    /// Bytes of the current request that the operating system took for sending.
    pub(super) fn handed_over(&self) -> u64 {
        self.socket().written()
    }

    pub(super) fn take_fault(&mut self) -> Option<Fault> {
        self.fault.take()
    }

    /// Starts the time that `is_fresh` measures.
    pub(super) fn rest(&mut self) {
        self.idle_since = Instant::now();
    }

    /// Whether the connection may carry another request.
    pub(super) fn is_fresh(&self, max_idle: Duration) -> bool {
        self.idle_since.elapsed() < max_idle && self.socket().is_quiet()
    }

    /// Sends what is waiting. A peer that stops reading may have answered first, so a fault in
    /// writing is only told when there is nothing to read either.
    pub(super) fn send(&mut self) {
        let output = self.buffers.take_output();
        if output.is_empty() || self.fault.is_some() {
            return;
        }
        let sent = match &mut self.stream {
            Stream::Plain(socket) => socket.write_all(output),
            Stream::Tls(stream) => stream.write_all(output),
        };
        if let Err(error) = sent {
            self.fault = Some(fault_of(&error, "sending the request"));
        }
    }

    /// Reads more of the reply; 0 at its end.
    pub(super) fn receive(&mut self) -> Result<usize, ()> {
        if self.fault.as_ref().is_some_and(|fault| fault.kind == ErrorKind::ReplyTimeout) {
            return Err(());
        }
        let buffer = self.buffers.input_append_buf();
        if buffer.is_empty() || self.input_left == 0 {
            let message = "the reply's head or its framing is larger than any real one";
            self.fault.get_or_insert(Fault::new(ErrorKind::ResponseTooLarge, message));
            return Err(());
        }
        let limit = buffer.len().min(usize::try_from(self.input_left).unwrap_or(usize::MAX));
        let buffer = &mut buffer[..limit];
        let received = match &mut self.stream {
            Stream::Plain(socket) => socket.read(buffer),
            Stream::Tls(stream) => stream.read(buffer),
        };
        match received {
            Ok(amount) => {
                self.buffers.input_appended(amount);
                self.input_left -= amount as u64;
                Ok(amount)
            }
            Err(error) => {
                self.fault.get_or_insert(fault_of(&error, "waiting for the reply"));
                Err(())
            }
        }
    }

    fn socket(&self) -> &Socket {
        match &self.stream {
            Stream::Plain(socket) => socket,
            Stream::Tls(stream) => &stream.socket,
        }
    }

    fn socket_mut(&mut self) -> &mut Socket {
        match &mut self.stream {
            Stream::Plain(socket) => socket,
            Stream::Tls(stream) => &mut stream.socket,
        }
    }
}

fn fault_of(error: &io::Error, doing: &str) -> Fault {
    if error.kind() == io::ErrorKind::TimedOut {
        return Fault::new(ErrorKind::ReplyTimeout, format!("the timeout ended while {doing}"));
    }
    let message = format!("the connection failed while {doing}: {}", tls::cause(error));
    Fault::new(ErrorKind::ConnectionLost, message)
}
