//! A TLS session on a stream.

use std::fmt;
use std::io::{self, Read, Write};

use rustls::ProtocolVersion;
use rustls::client::ClientConnection;

use super::super::socket;
use super::super::stream::Stream;
use super::fault::RefusedClient;
use super::verifier::CertificateRequest;

/// A TLS session after its handshake.
pub(in crate::transport) struct TlsStream {
    session: ClientConnection,
    pub(in crate::transport) stream: Stream,
    pub(super) records: Records,
    /// What the server was told when it asked for a client certificate, until it shows that it is
    /// content: under TLS 1.3 it objects only when the handshake is over for the client.
    pub(super) unanswered: CertificateRequest,
}

/// How far the TLS record that is being received has come. The session keeps a part of a record to
/// itself, and that part could be the start of a response to nobody.
#[derive(Default)]
pub(super) struct Records {
    header: [u8; 5],
    header_length: usize,
    body_left: usize,
}

impl Records {
    fn advance(&mut self, mut bytes: &[u8]) {
        while let Some((&byte, rest)) = bytes.split_first() {
            if self.body_left > 0 {
                let taken = self.body_left.min(bytes.len());
                self.body_left -= taken;
                bytes = &bytes[taken..];
                continue;
            }
            // Type, version, and the length of the body (RFC 8446 section 5.1).
            self.header[self.header_length] = byte;
            self.header_length = (self.header_length + 1) % self.header.len();
            if self.header_length == 0 {
                self.body_left = u16::from_be_bytes([self.header[3], self.header[4]]).into();
            }
            bytes = rest;
        }
    }

    fn is_at_boundary(&self) -> bool {
        self.header_length == 0 && self.body_left == 0
    }

    /// The header of the last record.
    pub(super) fn header(&self) -> [u8; 5] {
        self.header
    }
}

/// Reads from a stream and follows the records.
struct RecordReader<'a>(&'a mut Stream, &'a mut Records);

impl Read for RecordReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let amount = self.0.read(buffer)?;
        self.1.advance(&buffer[..amount]);
        Ok(amount)
    }
}

/// Its version and cipher suite.
impl fmt::Display for TlsStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = match self.session.protocol_version() {
            Some(ProtocolVersion::TLSv1_2) => "1.2",
            _ => "1.3",
        };
        write!(f, "TLS {version}")?;
        match self.session.negotiated_cipher_suite() {
            Some(suite) => write!(f, " ({:?})", suite.suite()),
            None => Ok(()),
        }
    }
}

impl TlsStream {
    pub(super) fn new(session: ClientConnection, stream: Stream) -> Self {
        TlsStream {
            session,
            stream,
            records: Records::default(),
            unanswered: CertificateRequest::None,
        }
    }

    pub(super) fn complete_handshake(&mut self) -> io::Result<()> {
        while self.session.is_handshaking() {
            if let Err(error) = self.send() {
                // A peer that stopped reading may have said why.
                return Err(self
                    .receive()
                    .err()
                    .filter(|said| said.get_ref().is_some())
                    .unwrap_or(error));
            }
            if self.session.wants_read() {
                self.receive()?;
            }
        }
        self.send()
    }

    /// Whether the session is open and nothing that came in waits to be read.
    pub(in crate::transport) fn is_quiet(&self) -> bool {
        // The session wants nothing read while it holds a response or the peer's farewell.
        self.session.wants_read() && self.records.is_at_boundary() && self.stream.is_quiet()
    }

    /// Reads what the peer sent; 0 only after it said that it is done, so that a response that was
    /// cut short is not taken for a whole one.
    pub(in crate::transport) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = loop {
            match self.session.reader().read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                result => break result,
            }
            if let Err(error) = self.receive() {
                break Err(error);
            }
        };
        match result {
            Ok(amount) => {
                self.unanswered = CertificateRequest::None;
                Ok(amount)
            }
            Err(error) if socket::is_deadline(&error) => Err(error),
            Err(error) => Err(match RefusedClient::of(&error, self.unanswered) {
                Some(refused) => io::Error::other(refused),
                None => error,
            }),
        }
    }

    fn receive(&mut self) -> io::Result<()> {
        let received =
            self.session.read_tls(&mut RecordReader(&mut self.stream, &mut self.records))?;
        if received == 0 && self.session.is_handshaking() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let processed = self.session.process_new_packets();
        // What the protocol owes in return: a key update, or the alert that names a fault.
        let sent = self.send();
        processed.map_err(io::Error::other)?;
        sent
    }

    pub(in crate::transport) fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.session.writer().write(bytes)?;
        self.send()?;
        Ok(taken)
    }

    fn send(&mut self) -> io::Result<()> {
        while self.session.wants_write() {
            self.session.write_tls(&mut self.stream)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_followed_however_they_arrive() {
        let record = [&[23, 3, 3, 0, 3][..], b"abc"].concat();
        let bytes = [&record[..], &[22, 3, 3, 0, 0], &record].concat();
        for size in 1..=bytes.len() {
            let mut records = Records::default();
            let mut boundaries = Vec::new();
            let mut position = 0;
            for piece in bytes.chunks(size) {
                records.advance(piece);
                position += piece.len();
                if records.is_at_boundary() {
                    boundaries.push(position);
                }
            }
            let expected: Vec<_> =
                [8, 13, 21].into_iter().filter(|&end| end % size == 0 || end == 21).collect();
            assert_eq!(boundaries, expected, "in pieces of {size}");
        }
    }
}
