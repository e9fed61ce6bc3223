//! The byte stream of a connection: a socket, or TLS over another stream. An HTTPS gateway behind
//! an HTTPS proxy needs TLS in TLS.

mod handshake;
mod records;
mod session;

use std::fmt;
use std::io::{self, Read, Write};
use std::time::Duration;

use crate::connected::TlsPeer;

use super::base_url::BaseUrl;
use super::exchange::Fault;
use super::socket::Socket;
use super::tls::ConfigPool;

use session::TlsSession;

pub(super) enum Stream {
    Plain(Socket),
    Tls(Box<TlsSession<Stream>>),
}

impl Stream {
    /// Completes a TLS handshake on this stream, so that the peer is verified before any byte of a
    /// request is sent.
    pub(super) fn into_tls(self, configs: &ConfigPool, base_url: &BaseUrl) -> Result<Self, Fault> {
        let session = handshake::complete(configs, base_url, self, Stream::has_renegotiation)?;
        Ok(Stream::Tls(Box::new(session)))
    }

    pub(super) fn is_tls(&self) -> bool {
        matches!(self, Stream::Tls(_))
    }

    /// True if the peer requested TLS renegotiation in any layer, which is not supported.
    pub(super) fn has_renegotiation(&self) -> bool {
        match self {
            Stream::Plain(_) => false,
            Stream::Tls(session) => {
                session.has_renegotiation() || session.inner().has_renegotiation()
            }
        }
    }

    /// Returns what is known about the peer after the handshake; `None` without TLS.
    pub(super) fn tls_peer(&self) -> Option<TlsPeer> {
        match self {
            Stream::Plain(_) => None,
            Stream::Tls(session) => Some(session.peer()),
        }
    }

    /// True if the stream is open and no unread input has arrived, in any layer, for the given time
    /// from now on.
    pub(super) fn is_quiet(&self, rest: Duration) -> bool {
        match self {
            Stream::Plain(socket) => socket.is_quiet(rest),
            Stream::Tls(session) => session.is_quiet() && session.inner().is_quiet(rest),
        }
    }

    /// Returns the socket below all layers.
    pub(super) fn socket(&self) -> &Socket {
        match self {
            Stream::Plain(socket) => socket,
            Stream::Tls(session) => session.inner().socket(),
        }
    }

    pub(super) fn socket_mut(&mut self) -> &mut Socket {
        match self {
            Stream::Plain(socket) => socket,
            Stream::Tls(session) => session.inner_mut().socket_mut(),
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Stream::Plain(socket) => socket.read(buffer),
            Stream::Tls(session) => session.read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Stream::Plain(socket) => socket.write(bytes),
            Stream::Tls(session) => session.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Stream::Plain(socket) => socket.flush(),
            Stream::Tls(session) => session.flush(),
        }
    }
}

/// The protocol, for logs.
impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stream::Plain(_) => f.write_str("TCP"),
            Stream::Tls(session) => session.fmt(f),
        }
    }
}
