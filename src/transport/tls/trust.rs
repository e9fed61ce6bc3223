//! The trust anchors of a client.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls_platform_verifier::Verifier;

use crate::error::{Error, ErrorKind};
use crate::transport::exchange::Fault;

use super::pem;

/// The CA certificates that are trusted for the gateway, and for a proxy that uses TLS.
#[derive(Clone, Default)]
pub(crate) struct TrustAnchors {
    /// Replaces the operating system's store.
    replacement: Option<CaCertificates>,
    added: Vec<CertificateDer<'static>>,
}

#[derive(Clone)]
pub(crate) struct CaCertificates(Vec<CertificateDer<'static>>);

impl CaCertificates {
    pub(crate) fn from_pem(text: &str) -> Result<Self, Error> {
        Self::parse("pem", text.as_bytes())
    }

    pub(crate) fn from_file(path: &Path) -> Result<Self, Error> {
        let name = format!("CA file {}", pem::display_path(path));
        let text = pem::read_file(path)
            .map_err(|problem| Error::local(ErrorKind::CaFile, format!("{name} {problem}")))?;
        Self::parse(&name, &text)
    }

    fn parse(name: &str, text: &[u8]) -> Result<Self, Error> {
        let error = |problem: &str| Error::local(ErrorKind::CaPem, format!("{name} {problem}"));
        let certificates = pem::certificates(text).map_err(error)?;
        if pem::sections(text).map_err(error)?.iter().any(pem::Section::is_private_key) {
            return Err(error("contains a private key; only certificates are allowed"));
        }
        let mut store = RootCertStore::empty();
        for certificate in &certificates {
            store.add(certificate.clone()).map_err(|_| error(pem::INVALID_CERTIFICATE))?;
        }
        Ok(CaCertificates(certificates))
    }
}

impl TrustAnchors {
    /// Replaces the operating system's store. Certificates that were added remain.
    pub(crate) fn set(&mut self, certificates: CaCertificates) {
        self.replacement = Some(certificates);
    }

    pub(crate) fn add(&mut self, certificates: CaCertificates) {
        self.added.extend(certificates.0);
    }

    /// Returns the verifier of server certificates: the operating system's, or webpki if the store
    /// was replaced. On systems whose store is only a list of certificates, webpki is used in any
    /// case.
    pub(super) fn verifier(
        &self,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Arc<dyn ServerCertVerifier>, Fault> {
        let failed = |which: &str, error: &dyn fmt::Display| {
            Fault::new(ErrorKind::Tls, format!("{which} CA certificates cannot be used: {error}"))
        };
        let Some(replacement) = &self.replacement else {
            let verifier = if self.added.is_empty() {
                Verifier::new(provider.clone())
            } else {
                Verifier::new_with_extra_roots(self.added.clone(), provider.clone())
            };
            return Ok(Arc::new(verifier.map_err(|error| failed("the system's", &error))?));
        };
        let mut store = RootCertStore::empty();
        for certificate in replacement.0.iter().chain(&self.added) {
            store.add(certificate.clone()).map_err(|error| failed("the configured", &error))?;
        }
        let verifier =
            WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone()).build();
        Ok(verifier.map_err(|error| failed("the configured", &error))?)
    }
}

impl fmt::Debug for TrustAnchors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.replacement {
            None => f.write_str("System")?,
            Some(replacement) => write!(f, "Certificates({})", replacement.0.len())?,
        }
        write!(f, " + {}", self.added.len())
    }
}
