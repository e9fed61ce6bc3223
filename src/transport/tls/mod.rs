//! TLS 1.2 and 1.3, always verified.

mod client_certificate;
mod diagnose;
mod fault;
mod pem;
mod stream;
mod trust;
mod verifier;

use std::sync::{Arc, Mutex, PoisonError};

use rustls::ClientConfig;
use rustls::client::danger::ServerCertVerifier;
use rustls::client::{ClientConnection, Resumption};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::ServerName;
use rustls::version::{TLS12, TLS13};

use crate::error::ErrorKind;

use super::base_url::BaseUrl;
use super::stream::Stream;
use super::{Fault, dial, socket};

pub(crate) use client_certificate::ClientCertificate;
pub(super) use fault::{RefusedClient, cause};
pub(super) use stream::TlsStream;
pub(crate) use trust::{CaCertificates, TrustAnchors};
use verifier::RecordingVerifier;

/// More are only needed by as many handshakes at once.
const MAX_IDLE_SETUPS: usize = 8;
/// Of one server: rustls keeps eight tickets of each.
const TICKETS: usize = 8;

/// Opens TLS sessions that share their trust.
pub(super) struct TlsClient {
    provider: Arc<CryptoProvider>,
    verifier: Arc<dyn ServerCertVerifier>,
    gateway: ConfigPool,
    /// Without the client certificate, which is for the gateway alone.
    proxy: ConfigPool,
}

/// The setups of one kind of peer.
#[derive(Default)]
struct ConfigPool {
    client_certificate: Option<ClientCertificate>,
    /// Last in, first out, so that handshakes one after another resume each other's sessions.
    idle: Mutex<Vec<HandshakeConfig>>,
}

/// What a handshake needs. It has one to itself, so that what the witness saw is of no other; rustls
/// resumes only sessions of the same setup.
struct HandshakeConfig {
    config: Arc<ClientConfig>,
    witness: Arc<RecordingVerifier>,
}

impl TlsClient {
    pub(super) fn new(
        trust_anchors: &TrustAnchors,
        client_certificate: Option<ClientCertificate>,
    ) -> Result<Self, Fault> {
        let provider = Arc::new(ring::default_provider());
        let verifier = trust_anchors.verifier(&provider)?;
        let gateway = ConfigPool { client_certificate, ..ConfigPool::default() };
        Ok(TlsClient { provider, verifier, gateway, proxy: ConfigPool::default() })
    }

    /// Completes a handshake, so that nothing of a request goes out before the peer is verified.
    pub(super) fn handshake(&self, origin: &BaseUrl, stream: Stream) -> Result<Stream, Fault> {
        self.handshake_as(&self.gateway, origin, stream)
    }

    /// The same with a proxy, which is not shown the client certificate.
    pub(super) fn handshake_with_proxy(
        &self,
        origin: &BaseUrl,
        stream: Stream,
    ) -> Result<Stream, Fault> {
        self.handshake_as(&self.proxy, origin, stream)
    }

    fn handshake_as(
        &self,
        setups: &ConfigPool,
        origin: &BaseUrl,
        stream: Stream,
    ) -> Result<Stream, Fault> {
        let failed = |cause: String| {
            Fault::new(ErrorKind::Tls, format!("no TLS connection to {origin}: {cause}"))
        };
        let name = ServerName::try_from(origin.host.clone())
            .map_err(|_| failed("the host is no name that a certificate can have".into()))?;
        let setup = match setups.take() {
            Some(setup) => Ok(setup),
            None => self.set_up(setups.client_certificate.as_ref()),
        };
        let setup = setup.map_err(|error| failed(error.to_string()))?;
        let session = ClientConnection::new(setup.config.clone(), name)
            .map_err(|error| failed(error.to_string()))?;
        let mut stream = TlsStream::new(session, stream);
        let result = stream.complete_handshake();
        let seen = setup.witness.take();
        setups.give_back(setup);
        match result {
            Ok(()) => {
                stream.unanswered = seen.certificate_request;
                Ok(Stream::Tls(Box::new(stream)))
            }
            Err(error) if socket::is_deadline(&error) => {
                Err(dial::timed_out(format!("setting up TLS with {origin}")))
            }
            Err(error) => {
                Err(failed(fault::handshake_cause(&error, seen, stream.records.header())))
            }
        }
    }

    fn set_up(
        &self,
        client_certificate: Option<&ClientCertificate>,
    ) -> Result<HandshakeConfig, rustls::Error> {
        let witness = Arc::new(RecordingVerifier::new(self.verifier.clone(), client_certificate));
        let mut config = ClientConfig::builder_with_provider(self.provider.clone())
            .with_protocol_versions(&[&TLS13, &TLS12])?
            // The only use: the verifier of `trust`, with a witness to what it says.
            .dangerous()
            .with_custom_certificate_verifier(witness.clone())
            .with_client_cert_resolver(witness.clone());
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        config.resumption = Resumption::in_memory_sessions(TICKETS);
        Ok(HandshakeConfig { config: Arc::new(config), witness })
    }
}

impl ConfigPool {
    fn take(&self) -> Option<HandshakeConfig> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn give_back(&self, setup: HandshakeConfig) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MAX_IDLE_SETUPS {
            idle.push(setup);
        }
    }
}
