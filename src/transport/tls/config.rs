//! The rustls configurations of a client.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use rustls::ClientConfig;
use rustls::client::Resumption;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::UnixTime;
use rustls::time_provider::TimeProvider;
use rustls::version::{TLS12, TLS13};

use crate::transport::exchange::Fault;

use super::client_certificate::ClientCertificate;
use super::system_store::SystemRoots;
use super::trust::{Trust, TrustAnchors};
use super::verifier::RecordingVerifier;

/// How many configurations are kept. Further simultaneous handshakes create their own.
const MAX_IDLE_CONFIGS: usize = 8;
/// The session tickets of one server, of which rustls keeps eight.
const TICKETS: usize = 8;

/// The TLS configurations for the gateway and for its proxy. Both use the same trust anchors.
pub(in crate::transport) struct TlsClient {
    pub(in crate::transport) gateway: ConfigPool,
    /// Without the client certificate, which is only for the gateway.
    pub(in crate::transport) proxy: ConfigPool,
}

/// Reusable configurations for handshakes with one peer.
pub(in crate::transport) struct ConfigPool {
    provider: Arc<CryptoProvider>,
    trust: Arc<Trust>,
    client_certificate: Option<ClientCertificate>,
    /// Last in, first out, so that consecutive handshakes resume each other's sessions.
    idle: Mutex<Vec<HandshakeConfig>>,
}

/// A configuration for one handshake at a time, so that the verifier's record belongs to that
/// handshake. It is reused because rustls resumes a session only with the same configuration.
pub(in crate::transport) struct HandshakeConfig {
    pub(in crate::transport) client: Arc<ClientConfig>,
    pub(in crate::transport) verifier: Arc<RecordingVerifier>,
}

impl TlsClient {
    /// `system` has the system's certificates, if they are trusted and in files.
    pub(in crate::transport) fn new(
        trust_anchors: &TrustAnchors,
        system: Option<&SystemRoots>,
        client_certificate: Option<ClientCertificate>,
    ) -> Result<Self, Fault> {
        let provider = Arc::new(ring::default_provider());
        let trust = Arc::new(trust_anchors.resolve(&provider, system)?);
        let pool = |client_certificate| ConfigPool {
            provider: provider.clone(),
            trust: trust.clone(),
            client_certificate,
            idle: Mutex::default(),
        };
        Ok(TlsClient { gateway: pool(client_certificate), proxy: pool(None) })
    }
}

impl ConfigPool {
    pub(in crate::transport) fn take(&self) -> Result<HandshakeConfig, rustls::Error> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match idle {
            Some(config) => Ok(config),
            None => self.create(),
        }
    }

    pub(in crate::transport) fn put(&self, config: HandshakeConfig) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MAX_IDLE_CONFIGS {
            idle.push(config);
        }
    }

    fn create(&self) -> Result<HandshakeConfig, rustls::Error> {
        let certificate = self.client_certificate.as_ref();
        let verifier = Arc::new(RecordingVerifier::new(self.trust.clone(), certificate));
        let mut client = ClientConfig::builder_with_details(self.provider.clone(), Arc::new(Clock))
            .with_protocol_versions(&[&TLS13, &TLS12])?
            // Only for a verifier that wraps the one of the trust anchors.
            .dangerous()
            .with_custom_certificate_verifier(verifier.clone())
            .with_client_cert_resolver(verifier.clone());
        client.alpn_protocols = vec![b"http/1.1".to_vec()];
        client.resumption = Resumption::in_memory_sessions(TICKETS);
        Ok(HandshakeConfig { client: Arc::new(client), verifier })
    }
}

/// The system's clock. The one of rustls panics if it is set to before 1970.
#[derive(Debug)]
struct Clock;

impl TimeProvider for Clock {
    fn current_time(&self) -> Option<UnixTime> {
        let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        time.ok().map(UnixTime::since_unix_epoch)
    }
}
