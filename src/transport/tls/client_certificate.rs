//! The certificate that the client shows to the gateway, and its key.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::{CertifiedKey, SigningKey};
use rustls::{Error as TlsError, InconsistentKeys};
use webpki::EndEntityCert;

use crate::error::{Error, ErrorKind};

use super::pem;

/// A chain of certificates, the client's own first, and the key of that one.
#[derive(Clone)]
pub(crate) struct ClientCertificate(pub(super) Arc<CertifiedKey>);

impl ClientCertificate {
    pub(crate) fn from_pem(chain: &str, key: &str) -> Result<Self, Error> {
        Self::read("chain_pem", chain.as_bytes(), "key_pem", key.as_bytes())
    }

    pub(crate) fn from_files(chain: &Path, key: &Path) -> Result<Self, Error> {
        let read = |kind, what, path: &Path| {
            let name = format!("{what} file {}", pem::shown(path));
            match pem::read_file(path) {
                Ok(text) => Ok((name, text)),
                Err(wrong) => Err(Error::local(kind, format!("{name} {wrong}"))),
            }
        };
        let (chain_name, chain) = read(ErrorKind::ClientCertificate, "certificate", chain)?;
        let (key_name, key) = read(ErrorKind::ClientKey, "key", key)?;
        Self::read(&chain_name, &chain, &key_name, &key)
    }

    fn read(chain_name: &str, chain: &[u8], key_name: &str, key: &[u8]) -> Result<Self, Error> {
        let bad_chain = |wrong: &str| {
            Error::local(ErrorKind::ClientCertificate, format!("{chain_name} {wrong}"))
        };
        let bad_key =
            |wrong: &str| Error::local(ErrorKind::ClientKey, format!("{key_name} {wrong}"));
        let certificates = pem::certificates(chain).map_err(bad_chain)?;
        for certificate in &certificates {
            EndEntityCert::try_from(certificate).map_err(|error| match error {
                webpki::Error::UnsupportedCertVersion => {
                    bad_chain("holds a certificate of X.509 version 1; it has to be version 3")
                }
                _ => bad_chain("holds a certificate that cannot be read"),
            })?;
        }
        let certified = CertifiedKey::new(certificates, read_key(key).map_err(bad_key)?);
        match certified.keys_match() {
            Ok(()) | Err(TlsError::InconsistentKeys(InconsistentKeys::Unknown)) => {
                Ok(ClientCertificate(Arc::new(certified)))
            }
            Err(TlsError::InconsistentKeys(_)) => Err(bad_key(&format!(
                "is not the key of the first certificate in {chain_name}, where the client's own \
                 must stand"
            ))),
            Err(_) => Err(bad_chain("holds a certificate that cannot be read")),
        }
    }
}

/// The one key in a text, or what is wrong with it, to follow its name.
fn read_key(text: &[u8]) -> Result<Arc<dyn SigningKey>, &'static str> {
    let sections = pem::sections(text)?;
    let mut keys = sections.iter().filter(|section| section.is_private_key());
    let section = keys.next().ok_or("holds no private key (-----BEGIN PRIVATE KEY-----)")?;
    if keys.next().is_some() {
        return Err("holds more than one private key");
    }
    if section.is_encrypted() {
        return Err("is encrypted; openssl pkey decrypts it");
    }
    let der = section.der().ok_or("holds a private key that cannot be read")?;
    let key = match section.label {
        b"PRIVATE KEY" => PrivateKeyDer::Pkcs8((&der[..]).into()),
        b"RSA PRIVATE KEY" => PrivateKeyDer::Pkcs1((&der[..]).into()),
        b"EC PRIVATE KEY" => PrivateKeyDer::Sec1((&der[..]).into()),
        _ => return Err(UNSUPPORTED),
    };
    any_supported_type(&key).map_err(|_| UNSUPPORTED)
}

const UNSUPPORTED: &str = "holds a private key that cannot be used: it is damaged, or none of RSA \
                           with 2048 to 4096 bits, ECDSA on P-256 or P-384, and Ed25519";

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientCertificate({})", self.0.cert.len())
    }
}
