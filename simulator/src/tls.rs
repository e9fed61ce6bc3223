//! The certificates of a simulator that speaks TLS: a CA, a valid certificate, and bad ones.

use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, NameConstraints, SanType,
};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::version::TLS12;
use rustls::{RootCertStore, ServerConfig};

/// A server certificate that clients must refuse.
#[derive(Debug)]
pub struct BadCertificate {
    /// Its name, such as `expired`.
    pub name: &'static str,
    /// Its fault, in one line.
    pub description: &'static str,
    flaw: Flaw,
}

#[derive(Debug)]
enum Flaw {
    /// Issued by the simulator's CA, with these parameters changed.
    Changed(fn(&mut CertificateParams)),
    SelfSigned,
    /// Issued by a CA with this name, which the client does not know.
    IssuedBy(&'static str),
    /// Issued by an intermediate CA that may only issue certificates for another host.
    ConstrainedCa,
}

type AnyError = Box<dyn std::error::Error + Send + Sync>;

const VALID: Flaw = Flaw::Changed(|_| {});
const CA_NAME: &str = "luma-simulator CA";
const OTHER_HOST: &str = "acme.example";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

const fn bad(name: &'static str, description: &'static str, flaw: Flaw) -> BadCertificate {
    BadCertificate { name, description, flaw }
}

/// Every bad certificate, with the names that `docs/faults.md` describes.
#[rustfmt::skip] // one row per certificate
pub static BAD_CERTIFICATES: &[BadCertificate] = &[
    bad("expired", "expired a day ago",
        Flaw::Changed(|params| {
            params.not_before = (SystemTime::now() - 30 * DAY).into();
            params.not_after = (SystemTime::now() - DAY).into();
        })),
    bad("not-yet-valid", "valid from tomorrow on",
        Flaw::Changed(|params| params.not_before = (SystemTime::now() + DAY).into())),
    bad("wrong-host", "for acme.example only",
        Flaw::Changed(|params| params.subject_alt_names = alternative_names(&[OTHER_HOST]))),
    bad("common-name-only", "names its host only in the common name, as in old certificates",
        Flaw::Changed(|params| {
            params.subject_alt_names.clear();
            params.distinguished_name.push(DnType::CommonName, "localhost");
        })),
    bad("wrong-usage", "for TLS clients only",
        Flaw::Changed(|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth])),
    bad("self-signed", "issued by itself",
        Flaw::SelfSigned),
    bad("unknown-ca", "issued by a CA that is not in the CA file",
        Flaw::IssuedBy("Another CA")),
    bad("ca-of-the-same-name", "issued by another CA with the same name as the one in the CA file",
        Flaw::IssuedBy(CA_NAME)),
    bad("constrained-ca", "issued by an intermediate CA that may issue for acme.example only",
        Flaw::ConstrainedCa),
];

/// The simulator's CA, which is new for each simulator.
pub(crate) struct CertificateAuthority {
    issuer: Issuer<'static, KeyPair>,
    der: CertificateDer<'static>,
    pem: String,
}

impl CertificateAuthority {
    pub(crate) fn new() -> io::Result<Self> {
        Self::named(CA_NAME).map_err(io::Error::other)
    }

    fn named(name: &str) -> Result<Self, rcgen::Error> {
        let params = ca_params(name)?;
        let key = KeyPair::generate()?;
        let certificate = params.self_signed(&key)?;
        let (der, pem) = (certificate.der().clone(), certificate.pem());
        Ok(Self { issuer: Issuer::new(params, key), der, pem })
    }

    /// The certificate that clients must trust.
    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }

    /// The configuration of a server with a valid certificate for `localhost`, `127.0.0.1` and
    /// `::1`.
    pub(crate) fn valid_server(&self) -> io::Result<Arc<ServerConfig>> {
        self.server(&VALID).map_err(io::Error::other)
    }

    /// The configuration of a server with a bad certificate.
    pub(crate) fn bad_server(&self, bad: &BadCertificate) -> io::Result<Arc<ServerConfig>> {
        self.server(&bad.flaw).map_err(io::Error::other)
    }

    /// The configuration of a server with a valid certificate that requires a client certificate.
    /// In TLS 1.3 the client would have sent its request when it learns of that.
    pub(crate) fn server_that_requires_client_certificate(&self) -> io::Result<Arc<ServerConfig>> {
        let configured = || -> Result<_, AnyError> {
            let provider = Arc::new(ring::default_provider());
            let mut roots = RootCertStore::empty();
            roots.add(self.der.clone())?;
            let verifier =
                WebPkiClientVerifier::builder_with_provider(roots.into(), provider.clone());
            let builder = ServerConfig::builder_with_provider(provider)
                .with_protocol_versions(&[&TLS12])?
                .with_client_cert_verifier(verifier.build()?);
            let (chain, key) = self.issue(&VALID)?;
            Ok(Arc::new(builder.with_single_cert(chain, key)?))
        };
        configured().map_err(io::Error::other)
    }

    fn server(&self, flaw: &Flaw) -> Result<Arc<ServerConfig>, AnyError> {
        let (chain, key) = self.issue(flaw)?;
        let mut config = ServerConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    /// Issues a certificate. Returns its chain and its key.
    fn issue(
        &self,
        flaw: &Flaw,
    ) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), AnyError> {
        let mut params = server_params()?;
        let key = KeyPair::generate()?;
        let chain = match flaw {
            Flaw::Changed(change) => {
                change(&mut params);
                vec![params.signed_by(&key, &self.issuer)?]
            }
            Flaw::SelfSigned => vec![params.self_signed(&key)?],
            Flaw::IssuedBy(name) => vec![params.signed_by(&key, &Self::named(name)?.issuer)?],
            Flaw::ConstrainedCa => {
                let mut ca = ca_params("luma-simulator constrained CA")?;
                ca.name_constraints = Some(NameConstraints {
                    permitted_subtrees: vec![GeneralSubtree::DnsName(OTHER_HOST.to_owned())],
                    excluded_subtrees: vec![],
                });
                // A constraint on DNS names does not apply to addresses.
                params.subject_alt_names = alternative_names(&["localhost"]);
                let ca_key = KeyPair::generate()?;
                let ca_certificate = ca.signed_by(&ca_key, &self.issuer)?;
                vec![params.signed_by(&key, &Issuer::new(ca, ca_key))?, ca_certificate]
            }
        };
        let chain = chain.into_iter().map(CertificateDer::from).collect();
        Ok((chain, PrivateKeyDer::try_from(key.serialize_der())?))
    }
}

fn ca_params(name: &str) -> Result<CertificateParams, rcgen::Error> {
    let mut params = valid_now(CertificateParams::new([])?);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.distinguished_name.push(DnType::CommonName, name);
    Ok(params)
}

fn server_params() -> Result<CertificateParams, rcgen::Error> {
    let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    let mut params = valid_now(CertificateParams::new(names)?);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // Some clients require both.
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    Ok(params)
}

/// The alternative names for hosts that are DNS names.
fn alternative_names(hosts: &[&str]) -> Vec<SanType> {
    hosts.iter().map(|host| SanType::DnsName((*host).try_into().expect("ASCII"))).collect()
}

/// Sets the validity: from yesterday on, for a year, which every client accepts.
fn valid_now(mut params: CertificateParams) -> CertificateParams {
    params.not_before = (SystemTime::now() - DAY).into();
    params.not_after = (SystemTime::now() + 365 * DAY).into();
    params
}
