//! A TLS session on another stream.

use std::fmt;
use std::io::{self, Read, Write};
use std::time::Duration;

use rustls::ProtocolVersion;
use rustls::client::ClientConnection;

use crate::connected::TlsPeer;
use crate::transport::socket;
use crate::transport::tls::{CertificateRequest, ClientCertificateRejection, certificate_expiry};

use super::records::Records;

/// A TLS session and the stream that carries it.
pub(in crate::transport) struct TlsSession<S> {
    session: ClientConnection,
    inner: S,
    records: Records,
    /// An error that came after data which is not read yet, perhaps a complete response.
    failure: Option<io::Error>,
    /// How the server's request for a client certificate was answered. Reset by the first data from
    /// the server, which shows that it is satisfied: in TLS 1.3, it rejects a certificate only
    /// after the handshake is complete for the client.
    pub(super) certificate_request: CertificateRequest,
}

/// Reads from a stream and tracks the records.
struct RecordReader<'a, S>(&'a mut S, &'a mut Records);

impl<S: Read> Read for RecordReader<'_, S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let amount = self.0.read(buffer)?;
        self.1.advance(&buffer[..amount]);
        Ok(amount)
    }
}

impl<S> TlsSession<S> {
    pub(super) fn inner(&self) -> &S {
        &self.inner
    }

    pub(super) fn inner_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// True if the session is open and holds no unread input, and the server did not request
    /// renegotiation, after which it may fail at any time. Input in the inner stream is not
    /// considered.
    pub(super) fn is_quiet(&self) -> bool {
        // rustls does not want to read while it holds unread data or the peer's close_notify.
        self.session.wants_read()
            && self.records.is_at_boundary()
            && self.failure.is_none()
            && !self.has_renegotiation()
    }

    /// True if the server requested renegotiation, which rustls declines (RFC 5246 section
    /// 7.4.1.1).
    pub(super) fn has_renegotiation(&self) -> bool {
        self.session.protocol_version() == Some(ProtocolVersion::TLSv1_2)
            && self.records.has_renegotiation()
    }

    pub(super) fn peer(&self) -> TlsPeer {
        let certificate = self.session.peer_certificates().and_then(|chain| chain.first());
        let expiry = certificate.and_then(|certificate| certificate_expiry(certificate));
        TlsPeer {
            version: self.version(),
            expiry: expiry.map(|expiry| Duration::from_secs(expiry.as_secs())),
        }
    }

    fn version(&self) -> &'static str {
        match self.session.protocol_version() {
            Some(ProtocolVersion::TLSv1_2) => "TLS 1.2",
            _ => "TLS 1.3",
        }
    }

    pub(super) fn last_record_header(&self) -> [u8; 5] {
        self.records.header()
    }
}

impl<S: Read + Write> TlsSession<S> {
    pub(super) fn new(session: ClientConnection, inner: S) -> Self {
        TlsSession {
            session,
            inner,
            records: Records::default(),
            failure: None,
            certificate_request: CertificateRequest::NotRequested,
        }
    }

    pub(super) fn complete_handshake(&mut self) -> io::Result<()> {
        while self.session.is_handshaking() {
            if let Err(error) = self.send() {
                // A peer that stopped reading may have sent an alert that says why.
                let received = self.receive().err();
                return Err(received.filter(|error| error.get_ref().is_some()).unwrap_or(error));
            }
            if self.session.wants_read() {
                self.receive()?;
            }
        }
        self.send()
    }

    fn receive(&mut self) -> io::Result<()> {
        let received = self.read_records();
        if !received.as_ref().is_err_and(socket::is_would_block) {
            // Sends what the protocol requires in return: a key update, or an alert that names the
            // error. If that fails, what was received still counts: it may be a complete response.
            let _ = self.write_records();
        }
        match received {
            Ok(0) if self.session.is_handshaking() => Err(io::ErrorKind::UnexpectedEof.into()),
            received => received.map(drop),
        }
    }

    /// Sends the pending records.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::WouldBlock`] if sending has to wait and the caller should read first, see
    /// [`Socket`](crate::transport::socket::Socket).
    fn send(&mut self) -> io::Result<()> {
        loop {
            let result = self.write_records();
            if !result.as_ref().is_err_and(socket::is_would_block) || self.read_arrived()? {
                return result;
            }
        }
    }

    /// Reads the records that have arrived. Returns true if there is something for the caller to
    /// read, which a session ticket is not.
    fn read_arrived(&mut self) -> io::Result<bool> {
        while self.session.wants_read() {
            let received = self.read_records();
            if received.as_ref().is_err_and(socket::is_would_block) {
                return Ok(false);
            }
            if received? == 0 {
                break;
            }
        }
        Ok(true)
    }

    fn read_records(&mut self) -> io::Result<usize> {
        let received =
            self.session.read_tls(&mut RecordReader(&mut self.inner, &mut self.records))?;
        self.session.process_new_packets().map_err(io::Error::other)?;
        Ok(received)
    }

    fn write_records(&mut self) -> io::Result<()> {
        while self.session.wants_write() {
            self.session.write_tls(&mut self.inner)?;
        }
        self.inner.flush()
    }
}

impl<S: Read + Write> Read for TlsSession<S> {
    /// Returns 0 only after the peer's close_notify, so that a truncated response is not taken for
    /// a complete one.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = loop {
            match self.session.reader().read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                result => break result,
            }
            if let Some(error) = self.failure.take() {
                break Err(error);
            }
            self.failure = self.receive().err();
        };
        match result {
            Ok(amount) => {
                self.certificate_request = CertificateRequest::NotRequested;
                Ok(amount)
            }
            Err(error) if socket::is_deadline(&error) || socket::is_would_block(&error) => {
                Err(error)
            }
            Err(error) => {
                Err(match ClientCertificateRejection::from_io(&error, self.certificate_request) {
                    Some(rejection) => io::Error::other(rejection),
                    None => error,
                })
            }
        }
    }
}

impl<S: Read + Write> Write for TlsSession<S> {
    /// Encrypts bytes once all earlier ones were sent. `flush` sends them.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.send()?;
        self.session.writer().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.send()
    }
}

/// Protocol version and cipher suite, for logs.
impl<S> fmt::Display for TlsSession<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.version())?;
        match self.session.negotiated_cipher_suite() {
            Some(suite) => write!(f, " ({:?})", suite.suite()),
            None => Ok(()),
        }
    }
}
