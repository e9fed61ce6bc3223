//! Verifies a server's certificate against trust anchors, without revocation lists. The verifier in
//! rustls also reads those, and would add 38 KB.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
};
use webpki::{EndEntityCert, KeyUsage};

#[derive(Debug)]
pub(super) struct AnchorVerifier {
    pub(super) anchors: Arc<RootCertStore>,
    /// The last second of each trust anchor, in the same order. webpki does not check it, but
    /// OpenSSL and Windows do.
    pub(super) expiries: Vec<UnixTime>,
    pub(super) algorithms: WebPkiSupportedAlgorithms,
}

/// The chain leads only to a trusted CA certificate that has expired.
#[derive(Debug)]
pub(super) struct ExpiredAnchor {
    /// The content of its X.501 Name.
    pub(super) subject: Vec<u8>,
    pub(super) not_after: UnixTime,
    pub(super) time: UnixTime,
}

impl fmt::Display for ExpiredAnchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a trusted CA certificate has expired")
    }
}

impl std::error::Error for ExpiredAnchor {}

/// Returns the last second of a certificate's validity; `None` if webpki cannot read it.
pub(in crate::transport) fn certificate_expiry(
    certificate: &CertificateDer<'_>,
) -> Option<UnixTime> {
    let certificate = EndEntityCert::try_from(certificate).ok()?;
    // webpki checks the validity first. At the end of time it is over, and the error says since
    // when.
    let usage = KeyUsage::server_auth();
    match certificate.verify_for_usage(&[], &[], &[], end_of_time(), usage, None, None) {
        Err(webpki::Error::CertExpired { not_after, .. }) => Some(not_after),
        _ => None,
    }
}

/// The same for a trust anchor, which may have X.509 version 1: webpki does not read that, and then
/// it counts as valid.
pub(super) fn anchor_expiry(certificate: &CertificateDer<'_>) -> UnixTime {
    certificate_expiry(certificate).unwrap_or_else(end_of_time)
}

fn end_of_time() -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_secs(u64::MAX))
}

impl AnchorVerifier {
    fn verify_chain(
        &self,
        certificate: &ParsedCertificate<'_>,
        anchors: &RootCertStore,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<(), Error> {
        verify_server_cert_signed_by_trust_anchor(
            certificate,
            anchors,
            intermediates,
            now,
            self.algorithms.all,
        )
    }

    /// Returns the trust anchor of this chain that has expired.
    fn expired_anchor(&self, chain: &[&CertificateDer<'_>], now: UnixTime) -> ExpiredAnchor {
        let is_issuer = |subject: &[u8]| {
            chain.iter().any(|certificate| {
                EndEntityCert::try_from(*certificate).is_ok_and(|c| c.issuer() == subject)
            })
        };
        let (subject, not_after) = self
            .anchors
            .roots
            .iter()
            .zip(&self.expiries)
            .filter(|(_, not_after)| **not_after < now)
            .find(|(anchor, _)| is_issuer(&anchor.subject))
            .map(|(anchor, not_after)| (anchor.subject.to_vec(), *not_after))
            .unwrap_or((Vec::new(), now));
        ExpiredAnchor { subject, not_after, time: now }
    }
}

impl ServerCertVerifier for AnchorVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let certificate = ParsedCertificate::try_from(end_entity)?;
        self.verify_chain(&certificate, &self.anchors, intermediates, now)?;
        // A store that contains expired certificates is rare. The chain may lead to another.
        if self.expiries.iter().any(|not_after| *not_after < now) {
            let anchors = self.anchors.roots.iter().zip(&self.expiries);
            let valid = anchors.filter(|(_, not_after)| **not_after >= now);
            let valid = RootCertStore { roots: valid.map(|(anchor, _)| anchor.clone()).collect() };
            self.verify_chain(&certificate, &valid, intermediates, now).map_err(|_| {
                let chain: Vec<_> = intermediates.iter().chain([end_entity]).collect();
                let expired = self.expired_anchor(&chain, now);
                CertificateError::Other(OtherError(Arc::new(expired)))
            })?;
        }
        verify_server_name(&certificate, server_name)?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
