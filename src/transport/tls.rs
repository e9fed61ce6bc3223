//! TLS 1.2 and 1.3, always verified.

use std::fmt;
use std::io::{self, Read, Write};
use std::sync::Arc;

use rustls::client::ClientConnection;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, ProtocolVersion, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;

use crate::error::{Error, ErrorKind};

use super::origin::Origin;
use super::stream::Stream;
use super::{Fault, dial, socket};

/// Whose certificates are trusted to vouch for the gateway.
#[derive(Clone)]
pub(crate) enum TrustAnchors {
    /// The operating system's store.
    System,
    Certificates(Arc<RootCertStore>),
}

impl TrustAnchors {
    pub(crate) fn from_pem(pem: &str) -> Result<Self, Error> {
        let error = |what: &str| Error::local(ErrorKind::CaPem, format!("pem {what}"));
        let mut store = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let certificate = certificate.map_err(|_| error("is not well-formed"))?;
            store.add(certificate).map_err(|_| error("holds a certificate that cannot be read"))?;
        }
        if store.is_empty() {
            return Err(error("holds no certificate (-----BEGIN CERTIFICATE-----)"));
        }
        Ok(TrustAnchors::Certificates(Arc::new(store)))
    }
}

impl fmt::Debug for TrustAnchors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TrustAnchors::System => f.write_str("System"),
            TrustAnchors::Certificates(store) => write!(f, "Certificates({})", store.len()),
        }
    }
}

/// Opens TLS sessions that share their trust and their resumption tickets.
pub(super) struct TlsClient(Arc<ClientConfig>);

impl TlsClient {
    pub(super) fn new(trust_anchors: &TrustAnchors) -> Result<Self, Fault> {
        let failed = |error: rustls::Error| Fault::new(ErrorKind::Tls, format!("TLS: {error}"));
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(failed)?;
        let builder = match trust_anchors {
            TrustAnchors::System => builder.with_platform_verifier().map_err(|error| {
                let message = format!("the system's CA certificates cannot be used: {error}");
                Fault::new(ErrorKind::Tls, message)
            })?,
            TrustAnchors::Certificates(store) => builder.with_root_certificates(store.clone()),
        };
        let mut config = builder.with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsClient(Arc::new(config)))
    }

    /// Completes a handshake, so that nothing of a request goes out before the peer is verified.
    pub(super) fn handshake(&self, origin: &Origin, stream: Stream) -> Result<Stream, Fault> {
        let failed = |cause: String| {
            Fault::new(ErrorKind::Tls, format!("no TLS connection to {origin}: {cause}"))
        };
        let name = ServerName::try_from(origin.host.clone())
            .map_err(|_| failed("the host is no name that a certificate can have".into()))?;
        let session = ClientConnection::new(self.0.clone(), name)
            .map_err(|error| failed(error.to_string()))?;
        let mut stream = TlsStream { session, stream, records: Records::default() };
        match stream.complete_handshake() {
            Ok(()) => Ok(Stream::Tls(Box::new(stream))),
            Err(error) if socket::is_deadline(&error) => {
                Err(dial::timed_out(format!("setting up TLS with {origin}")))
            }
            Err(error) => Err(failed(cause(&error))),
        }
    }
}

/// A TLS session after its handshake.
#[derive(Debug)]
pub(super) struct TlsStream {
    session: ClientConnection,
    pub(super) stream: Stream,
    records: Records,
}

/// How far the TLS record that is being received has come. The session keeps a part of a record to
/// itself, and that part could be the start of a reply to nobody.
#[derive(Debug, Default)]
struct Records {
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
    fn complete_handshake(&mut self) -> io::Result<()> {
        while self.session.is_handshaking() {
            self.send()?;
            if self.session.wants_read() {
                self.receive()?;
            }
        }
        self.send()
    }

    /// Whether the session is open and nothing that came in waits to be read.
    pub(super) fn is_quiet(&self) -> bool {
        // The session wants nothing read while it holds a reply or the peer's farewell.
        self.session.wants_read() && self.records.is_at_boundary() && self.stream.is_quiet()
    }

    /// Reads what the peer sent; 0 only after it said that it is done, so that a reply that was
    /// cut short is not taken for a whole one.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.session.reader().read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                result => return result,
            }
            self.receive()?;
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

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
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

/// The cause of a TLS fault in words that tell a person what to mend.
pub(super) fn cause(error: &io::Error) -> String {
    let tls = error.get_ref().and_then(|error| error.downcast_ref::<rustls::Error>());
    match (tls, error.kind()) {
        (Some(rustls::Error::InvalidCertificate(certificate)), _) => match certificate {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "the server's certificate has expired".into()
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "the server's certificate is not valid yet".into()
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "the server's certificate is for another host".into()
            }
            // A bad signature is what another issuer of the same name leaves.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => {
                "the server's certificate is from an issuer that is not trusted".into()
            }
            other => format!("the server's certificate is not valid: {other}"),
        },
        (Some(rustls::Error::InvalidMessage(_)), _) => "the server does not speak TLS".into(),
        (Some(tls), _) => tls.to_string(),
        (None, io::ErrorKind::UnexpectedEof) => "the server closed the connection".into(),
        (None, _) => error.to_string(),
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
