//! Records what rustls does not report about a handshake: why the server's certificate was
//! rejected, and whether the server requested a client certificate.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ResolvesClientCert, verify_server_name};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};
use webpki::{EndEntityCert, KeyUsage};

use super::client_certificate::ClientCertificate;
use super::trust::Trust;
use super::{der, diagnose};

pub(in crate::transport) struct RecordingVerifier {
    trust: Arc<Trust>,
    client_certificate: Option<Arc<CertifiedKey>>,
    record: Mutex<HandshakeRecord>,
}

#[derive(Default)]
pub(in crate::transport) struct HandshakeRecord {
    /// Explains why the server's certificate was rejected.
    pub(super) certificate_problem: Option<String>,
    pub(in crate::transport) certificate_request: CertificateRequest,
}

/// How a server's request for a client certificate was answered.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::transport) enum CertificateRequest {
    #[default]
    NotRequested,
    /// Without a certificate: none is configured.
    NotConfigured,
    /// Without a certificate: the server does not accept this type of key.
    Unsuitable,
    Sent,
}

impl RecordingVerifier {
    pub(super) fn new(trust: Arc<Trust>, client_certificate: Option<&ClientCertificate>) -> Self {
        let client_certificate = client_certificate.map(|certificate| certificate.0.clone());
        RecordingVerifier { trust, client_certificate, record: Mutex::default() }
    }

    /// Returns the record of the last handshake and clears it.
    pub(in crate::transport) fn take_record(&self) -> HandshakeRecord {
        std::mem::take(&mut self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, HandshakeRecord> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn record<T>(
        &self,
        result: Result<T, Error>,
        explain: impl FnOnce(&CertificateError) -> String,
    ) -> Result<T, Error> {
        if let Err(Error::InvalidCertificate(error)) = &result {
            self.lock().certificate_problem = Some(explain(error));
        }
        result
    }
}

impl fmt::Debug for RecordingVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecordingVerifier")
    }
}

/// True if the caller trusts exactly this certificate, and it is valid now and for servers. Then it
/// needs no issuer, and it may be a CA certificate, which `openssl req -x509` makes.
fn is_trusted_itself(trust: &Trust, certificate: &CertificateDer<'_>, now: UnixTime) -> bool {
    if !trust.chosen.contains(certificate) || !der::is_for_servers(certificate) {
        return false;
    }
    let Ok(certificate) = EndEntityCert::try_from(certificate) else { return false };
    // Without trust anchors, webpki checks the certificate itself, its validity first, and then
    // finds no issuer.
    let usage = KeyUsage::server_auth();
    let result = certificate.verify_for_usage(&[], &[], &[], now, usage, None, None);
    matches!(result, Err(webpki::Error::UnknownIssuer | webpki::Error::CaUsedAsEndEntity))
}

/// Delegates to the verifier of the trust anchors, but also accepts a certificate that is trusted
/// itself, and checks the name again.
impl ServerCertVerifier for RecordingVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let result = self
            .trust
            .verifier
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            .or_else(|error| match is_trusted_itself(&self.trust, end_entity, now) {
                true => Ok(ServerCertVerified::assertion()),
                false => Err(error),
            })
            // Checked again, because Windows accepts a common name if there is no subjectAltName.
            .and_then(|verified| {
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                Ok(verified)
            });
        self.record(result, |error| {
            diagnose::explain_certificate(
                error,
                end_entity,
                intermediates,
                server_name,
                &self.trust,
            )
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let result = self.trust.verifier.verify_tls12_signature(message, cert, dss);
        self.record(result, |error| diagnose::explain_signature(error, cert))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let result = self.trust.verifier.verify_tls13_signature(message, cert, dss);
        self.record(result, |error| diagnose::explain_signature(error, cert))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.trust.verifier.supported_verify_schemes()
    }

    fn requires_raw_public_keys(&self) -> bool {
        self.trust.verifier.requires_raw_public_keys()
    }

    fn root_hint_subjects(&self) -> Option<&[DistinguishedName]> {
        self.trust.verifier.root_hint_subjects()
    }
}

impl ResolvesClientCert for RecordingVerifier {
    fn resolve(
        &self,
        _root_hint_subjects: &[&[u8]],
        sigschemes: &[SignatureScheme],
    ) -> Option<Arc<CertifiedKey>> {
        let (request, certificate) = match &self.client_certificate {
            None => (CertificateRequest::NotConfigured, None),
            Some(certificate) if certificate.key.choose_scheme(sigschemes).is_none() => {
                (CertificateRequest::Unsuitable, None)
            }
            Some(certificate) => (CertificateRequest::Sent, Some(certificate.clone())),
        };
        self.lock().certificate_request = request;
        certificate
    }

    fn has_certs(&self) -> bool {
        self.client_certificate.is_some()
    }
}
