//! The client certificate that is presented to the gateway, and its private key.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::{CertifiedKey, SigningKey};
use rustls::{Error as TlsError, InconsistentKeys};
use webpki::EndEntityCert;

use crate::error::{Error, ErrorKind};
use crate::files;

use super::pem;

/// A certificate chain, the client's own certificate first, and the private key of that one.
#[derive(Clone)]
pub(crate) struct ClientCertificate(pub(super) Arc<CertifiedKey>);

impl ClientCertificate {
    pub(crate) fn from_pem(chain: &str, key: &str) -> Result<Self, Error> {
        for (kind, name, text) in [
            (ErrorKind::ClientCertificate, "chain_pem", chain),
            (ErrorKind::ClientKey, "key_pem", key),
        ] {
            if pem::is_path(text) {
                let message =
                    format!("{name} is a path, not PEM text; use set_client_certificate_file");
                return Err(Error::local(kind, message));
            }
        }
        Self::parse("chain_pem", chain.as_bytes(), "key_pem", key.as_bytes())
    }

    pub(crate) fn from_files(chain: &Path, key: &Path) -> Result<Self, Error> {
        let read = |kind, which, path: &Path| {
            if pem::is_text(path) {
                let message = format!(
                    "the path of the {which} file is PEM text; use set_client_certificate_pem"
                );
                return Err(Error::local(kind, message));
            }
            let name = format!("{which} file {}", files::display(path));
            match pem::read_file(path) {
                Ok(text) => Ok((name, text)),
                Err(problem) => Err(Error::local(kind, format!("{name} {problem}"))),
            }
        };
        let (chain_name, chain) = read(ErrorKind::ClientCertificate, "certificate", chain)?;
        let (key_name, key) = read(ErrorKind::ClientKey, "key", key)?;
        Self::parse(&chain_name, &chain, &key_name, &key)
    }

    fn parse(chain_name: &str, chain: &[u8], key_name: &str, key: &[u8]) -> Result<Self, Error> {
        let bad_chain = |problem: &str| {
            Error::local(ErrorKind::ClientCertificate, format!("{chain_name} {problem}"))
        };
        let bad_key =
            |problem: &str| Error::local(ErrorKind::ClientKey, format!("{key_name} {problem}"));
        let certificates = pem::certificates(chain).map_err(|problem| bad_chain(&problem))?;
        for certificate in &certificates {
            EndEntityCert::try_from(certificate).map_err(|error| match error {
                webpki::Error::UnsupportedCertVersion => {
                    bad_chain("contains an X.509 version 1 certificate; version 3 is required")
                }
                _ => bad_chain(pem::INVALID_CERTIFICATE),
            })?;
        }
        let certified = CertifiedKey::new(certificates, parse_key(key).map_err(bad_key)?);
        match certified.keys_match() {
            Ok(()) | Err(TlsError::InconsistentKeys(InconsistentKeys::Unknown)) => {
                Ok(ClientCertificate(Arc::new(certified)))
            }
            Err(TlsError::InconsistentKeys(_)) => Err(bad_key(&format!(
                "does not match the first certificate in {chain_name}, which must be the client's \
                 own"
            ))),
            Err(_) => Err(bad_chain(pem::INVALID_CERTIFICATE)),
        }
    }
}

/// Parses the only private key in a text.
///
/// # Errors
///
/// The problem, to follow the name of the text in a message.
fn parse_key(text: &[u8]) -> Result<Arc<dyn SigningKey>, &'static str> {
    let sections = pem::sections(text)?;
    let mut keys = sections.iter().filter(|section| section.is_private_key());
    let section = keys.next().ok_or("contains no private key (-----BEGIN PRIVATE KEY-----)")?;
    if keys.next().is_some() {
        return Err("contains more than one private key");
    }
    if section.is_encrypted() {
        return Err("is encrypted; decrypt it with openssl pkey");
    }
    let der = section.der().ok_or("contains a private key that is not valid Base64")?;
    let key = match section.label {
        b"PRIVATE KEY" => PrivateKeyDer::Pkcs8((&der[..]).into()),
        b"RSA PRIVATE KEY" => PrivateKeyDer::Pkcs1((&der[..]).into()),
        b"EC PRIVATE KEY" => PrivateKeyDer::Sec1((&der[..]).into()),
        _ => return Err(UNSUPPORTED_KEY),
    };
    any_supported_type(&key).map_err(|_| UNSUPPORTED_KEY)
}

const UNSUPPORTED_KEY: &str = "contains a private key that is damaged or unsupported; supported \
                               are RSA with 2048 to 4096 bits, ECDSA on P-256 or P-384, and Ed25519";

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientCertificate({})", self.0.cert.len())
    }
}
