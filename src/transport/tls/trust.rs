//! The trust anchors of a client.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use rustls::RootCertStore;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
#[cfg(any(windows, target_vendor = "apple"))]
use rustls_platform_verifier::Verifier;

use crate::error::{Error, ErrorKind};
use crate::files;
use crate::transport::exchange::Fault;

use super::anchor_verifier::{AnchorVerifier, anchor_expiry};
use super::pem;
use super::system_store::SystemRoots;

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
        if pem::is_path(text) {
            let message = "pem is a path, not PEM text; use set_ca_file or add_ca_file";
            return Err(Error::local(ErrorKind::CaPem, message));
        }
        Self::parse("pem", text.as_bytes())
    }

    pub(crate) fn from_file(path: &Path) -> Result<Self, Error> {
        if pem::is_text(path) {
            let message = "the path of the CA file is PEM text; use set_ca_pem or add_ca_pem";
            return Err(Error::local(ErrorKind::CaFile, message));
        }
        let name = format!("CA file {}", files::display(path));
        let text = pem::read_file(path)
            .map_err(|problem| Error::local(ErrorKind::CaFile, format!("{name} {problem}")))?;
        Self::parse(&name, &text)
    }

    fn parse(name: &str, text: &[u8]) -> Result<Self, Error> {
        let error = |problem: &str| Error::local(ErrorKind::CaPem, format!("{name} {problem}"));
        let certificates = pem::certificates(text).map_err(|problem| error(&problem))?;
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

    /// True if the system's certificates are trusted too.
    pub(in crate::transport) fn includes_system(&self) -> bool {
        self.replacement.is_none()
    }

    /// Creates the verifier of server certificates. Windows and macOS verify themselves, unless
    /// their store was replaced. Elsewhere webpki verifies, also against the certificates of
    /// `system`.
    pub(super) fn resolve(
        &self,
        provider: &Arc<CryptoProvider>,
        system: Option<&SystemRoots>,
    ) -> Result<Trust, Fault> {
        let failed = |which: &str, error: &dyn fmt::Display| {
            Fault::new(ErrorKind::Tls, format!("{which} CA certificates cannot be used: {error}"))
        };
        let replacement = self.replacement.iter().flat_map(|certificates| &certificates.0);
        let chosen: Vec<_> = replacement.chain(&self.added).cloned().collect();
        let mut anchors = RootCertStore::empty();
        for certificate in &chosen {
            anchors.add(certificate.clone()).map_err(|error| failed("the configured", &error))?;
        }
        #[cfg(any(windows, target_vendor = "apple"))]
        if self.includes_system() {
            let verifier = if self.added.is_empty() {
                Verifier::new(provider.clone())
            } else {
                Verifier::new_with_extra_roots(self.added.clone(), provider.clone())
            };
            return Ok(Trust {
                verifier: Arc::new(verifier.map_err(|error| failed("the system's", &error))?),
                chosen,
                anchors: Arc::new(anchors),
                includes_system: true,
                problem: None,
            });
        }
        let mut expiries: Vec<_> = chosen.iter().map(anchor_expiry).collect();
        if let Some(system) = system {
            anchors.roots.extend(system.store.roots.iter().cloned());
            expiries.extend(&system.expiries);
        }
        let problem = system.and_then(|system| system.problem.clone());
        if anchors.is_empty() {
            return Err(failed("the system's", &problem.unwrap_or_default()));
        }
        let anchors = Arc::new(anchors);
        let algorithms = provider.signature_verification_algorithms;
        let verifier = Arc::new(AnchorVerifier { anchors: anchors.clone(), expiries, algorithms });
        Ok(Trust { verifier, chosen, anchors, includes_system: self.includes_system(), problem })
    }
}

/// The verifier of server certificates, and the certificates that it trusts.
pub(super) struct Trust {
    pub(super) verifier: Arc<dyn ServerCertVerifier>,
    /// The certificates that the caller trusts explicitly.
    pub(super) chosen: Vec<CertificateDer<'static>>,
    /// All trust anchors, as far as they are known. For messages.
    pub(super) anchors: Arc<RootCertStore>,
    pub(super) includes_system: bool,
    /// Why a part of the system's certificates cannot be read. For messages.
    pub(super) problem: Option<String>,
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
