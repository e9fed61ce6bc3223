//! The rustls configurations of a client.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::ClientConfig;
use rustls::client::Resumption;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::{CryptoProvider, ring};
use rustls::version::{TLS12, TLS13};

use crate::transport::exchange::Fault;

use super::client_certificate::ClientCertificate;
use super::trust::TrustAnchors;
use super::verifier::RecordingVerifier;

/// Only this many simultaneous handshakes find a pooled configuration.
const MAX_IDLE_CONFIGS: usize = 8;
/// Session tickets per server. rustls keeps eight of each.
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
    verifier: Arc<dyn ServerCertVerifier>,
    client_certificate: Option<ClientCertificate>,
    /// Last in, first out, so that consecutive handshakes resume each other's sessions.
    idle: Mutex<Vec<HandshakeConfig>>,
}

/// A configuration that one handshake uses exclusively, so that the verifier's record is about no
/// other. It is reused because rustls resumes a session only with the same configuration.
pub(in crate::transport) struct HandshakeConfig {
    pub(in crate::transport) client: Arc<ClientConfig>,
    pub(in crate::transport) verifier: Arc<RecordingVerifier>,
}

impl TlsClient {
    pub(in crate::transport) fn new(
        trust_anchors: &TrustAnchors,
        client_certificate: Option<ClientCertificate>,
    ) -> Result<Self, Fault> {
        let provider = Arc::new(ring::default_provider());
        let verifier = trust_anchors.verifier(&provider)?;
        let pool = |client_certificate| ConfigPool {
            provider: provider.clone(),
            verifier: verifier.clone(),
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
        let verifier = Arc::new(RecordingVerifier::new(self.verifier.clone(), certificate));
        let mut client = ClientConfig::builder_with_provider(self.provider.clone())
            .with_protocol_versions(&[&TLS13, &TLS12])?
            // The only use of this: a verifier that records the verdict of the trust anchors' one.
            .dangerous()
            .with_custom_certificate_verifier(verifier.clone())
            .with_client_cert_resolver(verifier.clone());
        client.alpn_protocols = vec![b"http/1.1".to_vec()];
        client.resumption = Resumption::in_memory_sessions(TICKETS);
        Ok(HandshakeConfig { client: Arc::new(client), verifier })
    }
}
