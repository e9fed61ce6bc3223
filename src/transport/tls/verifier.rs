//! A witness to one handshake at a time: what the verifier said of the server's certificate, and
//! whether the server asked for the client's. rustls hands out neither.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ResolvesClientCert, verify_server_name};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;
use rustls::{DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};

use super::ClientCertificate;
use super::diagnose;

pub(super) struct RecordingVerifier {
    verifier: Arc<dyn ServerCertVerifier>,
    client_certificate: Option<Arc<CertifiedKey>>,
    seen: Mutex<HandshakeRecord>,
}

#[derive(Default)]
pub(super) struct HandshakeRecord {
    /// What is wrong with the server's certificate.
    pub(super) flaw: Option<String>,
    pub(super) certificate_request: CertificateRequest,
}

/// Whether the server asked for a client certificate, and what it got.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum CertificateRequest {
    #[default]
    None,
    /// None is set.
    Without,
    /// The server takes no key of its kind.
    Unsuitable,
    With,
}

impl RecordingVerifier {
    pub(super) fn new(
        verifier: Arc<dyn ServerCertVerifier>,
        client_certificate: Option<&ClientCertificate>,
    ) -> Self {
        let client_certificate = client_certificate.map(|certificate| certificate.0.clone());
        RecordingVerifier { verifier, client_certificate, seen: Mutex::default() }
    }

    /// What was seen since this was asked last.
    pub(super) fn take(&self) -> HandshakeRecord {
        std::mem::take(&mut self.seen())
    }

    fn seen(&self) -> MutexGuard<'_, HandshakeRecord> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note<T>(
        &self,
        result: Result<T, Error>,
        flaw: impl FnOnce(&rustls::CertificateError) -> String,
    ) -> Result<T, Error> {
        if let Err(Error::InvalidCertificate(error)) = &result {
            self.seen().flaw = Some(flaw(error));
        }
        result
    }
}

impl fmt::Debug for RecordingVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecordingVerifier")
    }
}

/// Says what the verifier of the trust anchors says.
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
            .verifier
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            // Once more, because Windows takes a common name where there is no subjectAltName.
            .and_then(|verified| {
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                Ok(verified)
            });
        self.note(result, |error| diagnose::flaw(error, end_entity, intermediates, server_name))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let result = self.verifier.verify_tls12_signature(message, cert, dss);
        self.note(result, |error| diagnose::flaw_of_signature(error, cert))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let result = self.verifier.verify_tls13_signature(message, cert, dss);
        self.note(result, |error| diagnose::flaw_of_signature(error, cert))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }

    fn requires_raw_public_keys(&self) -> bool {
        self.verifier.requires_raw_public_keys()
    }

    fn root_hint_subjects(&self) -> Option<&[DistinguishedName]> {
        self.verifier.root_hint_subjects()
    }
}

impl ResolvesClientCert for RecordingVerifier {
    fn resolve(
        &self,
        _root_hint_subjects: &[&[u8]],
        sigschemes: &[SignatureScheme],
    ) -> Option<Arc<CertifiedKey>> {
        let (request, certificate) = match &self.client_certificate {
            None => (CertificateRequest::Without, None),
            Some(own) if own.key.choose_scheme(sigschemes).is_none() => {
                (CertificateRequest::Unsuitable, None)
            }
            Some(own) => (CertificateRequest::With, Some(own.clone())),
        };
        self.seen().certificate_request = request;
        certificate
    }

    fn has_certs(&self) -> bool {
        self.client_certificate.is_some()
    }
}
