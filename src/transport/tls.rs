//! TLS 1.2 and 1.3 over a socket, always verified.

use std::fmt;
use std::io::{self, Read, Write};
use std::sync::Arc;

use rustls::client::ClientConnection;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;

use crate::error::{Error, ErrorKind};

use super::origin::Origin;
use super::socket::Socket;
use super::{Fault, dial};

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
        let provider: Arc<CryptoProvider> = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
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
    pub(super) fn handshake(&self, origin: &Origin, socket: Socket) -> Result<TlsStream, Fault> {
        let failed = |cause: String| {
            Fault::new(ErrorKind::Tls, format!("no TLS connection to {origin}: {cause}"))
        };
        let name = ServerName::try_from(origin.host.clone())
            .map_err(|_| failed("the host is no name that a certificate can have".into()))?;
        let session = ClientConnection::new(self.0.clone(), name)
            .map_err(|error| failed(error.to_string()))?;
        let mut stream = TlsStream { session, socket };
        match stream.complete_handshake() {
            Ok(()) => Ok(stream),
            Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                Err(dial::timed_out(origin, "the TLS handshake"))
            }
            Err(error) => Err(failed(cause(&error))),
        }
    }
}

/// A TLS session after its handshake.
#[derive(Debug)]
pub(super) struct TlsStream {
    session: ClientConnection,
    pub(super) socket: Socket,
}

impl TlsStream {
    fn complete_handshake(&mut self) -> io::Result<()> {
        while self.session.is_handshaking() {
            self.session.complete_io(&mut self.socket)?;
        }
        self.send()
    }

    /// Reads what the peer sent; 0 only after it said that it is done, so that a reply that was
    /// cut short is not taken for a whole one.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.session.reader().read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                result => return result,
            }
            self.session.read_tls(&mut self.socket)?;
            let state = self.session.process_new_packets();
            // An answer the protocol owes: a key update, or the alert that names a fault.
            let sent = self.send();
            state.map_err(io::Error::other)?;
            sent?;
        }
    }

    pub(super) fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.session.writer().write_all(bytes)?;
        self.send()
    }

    fn send(&mut self) -> io::Result<()> {
        while self.session.wants_write() {
            self.session.write_tls(&mut self.socket)?;
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
            CertificateError::UnknownIssuer => {
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
