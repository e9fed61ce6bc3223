//! Whose certificates are trusted.

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

use super::super::Fault;
use super::pem;

/// The CA certificates that vouch for the gateway, and for a proxy that is reached by TLS.
#[derive(Clone, Default)]
pub(crate) struct TrustAnchors {
    /// Unless set, the operating system's store.
    own: Option<CaCertificates>,
    added: Vec<CertificateDer<'static>>,
}

/// Certificates that can vouch for others.
#[derive(Clone)]
pub(crate) struct CaCertificates(Vec<CertificateDer<'static>>);

impl CaCertificates {
    pub(crate) fn from_pem(text: &str) -> Result<Self, Error> {
        Self::read("pem", text.as_bytes())
    }

    pub(crate) fn from_file(path: &Path) -> Result<Self, Error> {
        let name = format!("CA file {}", pem::shown(path));
        let text = pem::read_file(path)
            .map_err(|wrong| Error::local(ErrorKind::CaFile, format!("{name} {wrong}")))?;
        Self::read(&name, &text)
    }

    fn read(name: &str, text: &[u8]) -> Result<Self, Error> {
        let error = |wrong: &str| Error::local(ErrorKind::CaPem, format!("{name} {wrong}"));
        let certificates = pem::certificates(text).map_err(error)?;
        if pem::sections(text).map_err(error)?.iter().any(pem::Section::is_private_key) {
            return Err(error("holds a private key, which does not belong there"));
        }
        let mut store = RootCertStore::empty();
        for certificate in &certificates {
            store
                .add(certificate.clone())
                .map_err(|_| error("holds a certificate that cannot be read"))?;
        }
        Ok(CaCertificates(certificates))
    }
}

impl TrustAnchors {
    /// Trusts these instead of the operating system's store. What was added stays.
    pub(crate) fn set(&mut self, certificates: CaCertificates) {
        self.own = Some(certificates);
    }

    pub(crate) fn add(&mut self, certificates: CaCertificates) {
        self.added.extend(certificates.0);
    }

    /// What checks a server's certificate: the operating system, or webpki where that is only a
    /// list of certificates or not to be asked.
    pub(super) fn verifier(
        &self,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Arc<dyn ServerCertVerifier>, Fault> {
        let failed = |what: &str, error: &dyn fmt::Display| {
            Fault::new(ErrorKind::Tls, format!("{what} CA certificates cannot be used: {error}"))
        };
        let Some(own) = &self.own else {
            let verifier = if self.added.is_empty() {
                Verifier::new(provider.clone())
            } else {
                Verifier::new_with_extra_roots(self.added.clone(), provider.clone())
            };
            return Ok(Arc::new(verifier.map_err(|error| failed("the system's", &error))?));
        };
        let mut store = RootCertStore::empty();
        for certificate in own.0.iter().chain(&self.added) {
            store.add(certificate.clone()).map_err(|error| failed("the", &error))?;
        }
        let verifier =
            WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone()).build();
        Ok(verifier.map_err(|error| failed("the", &error))?)
    }
}

impl fmt::Debug for TrustAnchors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.own {
            None => f.write_str("System")?,
            Some(own) => write!(f, "Certificates({})", own.0.len())?,
        }
        write!(f, " + {}", self.added.len())
    }
}
