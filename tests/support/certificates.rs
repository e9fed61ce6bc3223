//! Server certificates that each have one fault, with the CA that the client trusts.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    KeyUsagePurpose, NameConstraints,
};
use rustls::{ALL_VERSIONS, ServerConfig, SupportedProtocolVersion};

use super::tls::{Identity, TestCa, clients_of, params_for};

/// The PEM of the trusted CA, and the configuration of the server.
pub type Served = (String, Arc<ServerConfig>);

/// A certificate for this host from a trusted CA, valid except for `change`.
fn valid_except(change: impl FnOnce(&mut CertificateParams)) -> Served {
    let ca = TestCa::new("The test's CA");
    let mut params = params_for(&["localhost", "127.0.0.1"]);
    change(&mut params);
    let served = ca.issue(&params).served(ALL_VERSIONS);
    (ca.pem, served)
}

pub fn expired() -> Served {
    valid_except(|params| params.not_after = rcgen::date_time_ymd(2001, 1, 1))
}

pub fn not_yet_valid() -> Served {
    valid_except(|params| params.not_before = rcgen::date_time_ymd(2100, 1, 1))
}

pub fn of_another_host() -> Served {
    valid_except(|params| {
        params.subject_alt_names = params_for(&["acme.example"]).subject_alt_names
    })
}

/// Names the host only in its common name, as certificates did before alternative names.
pub fn with_common_name_only() -> Served {
    valid_except(|params| {
        params.subject_alt_names.clear();
        params.distinguished_name.push(DnType::CommonName, "localhost");
    })
}

pub fn for_clients_only() -> Served {
    valid_except(|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth])
}

pub fn for_signing_certificates_only() -> Served {
    valid_except(|params| params.key_usages = vec![KeyUsagePurpose::KeyCertSign])
}

pub fn self_signed() -> Served {
    let served = Identity::self_signed(&params_for(&["localhost"])).served(ALL_VERSIONS);
    (TestCa::new("The test's CA").pem, served)
}

/// A self-signed certificate that the client trusts as it is.
pub fn self_signed_and_trusted() -> Served {
    let identity = Identity::self_signed(&params_for(&["localhost"]));
    (identity.pem().0, identity.served(ALL_VERSIONS))
}

/// A valid certificate whose CA may issue none for this host.
pub fn of_a_ca_for_other_hosts() -> Served {
    let mut ca = CertificateParams::new([]).unwrap();
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    ca.distinguished_name.push(DnType::CommonName, "The test's CA");
    ca.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![GeneralSubtree::DnsName("acme.example".into())],
        excluded_subtrees: vec![],
    });
    let ca = TestCa::from_params(ca);
    let served = ca.issue(&params_for(&["localhost"])).served(ALL_VERSIONS);
    (ca.pem, served)
}

/// A valid certificate, served with this version only.
pub fn valid(version: &'static SupportedProtocolVersion) -> Served {
    let ca = TestCa::new("The test's CA");
    let served = ca.issue(&params_for(&["localhost"])).served(&[version]);
    (ca.pem, served)
}

pub fn of_an_unknown_ca() -> Served {
    let served = valid_except(|_| {}).1;
    (TestCa::new("Another CA").pem, served)
}

/// Issued by a CA with the same name as the trusted one.
pub fn of_a_ca_of_the_same_name() -> Served {
    let served = valid_except(|_| {}).1;
    (TestCa::new("The test's CA").pem, served)
}

/// A valid certificate of a server that requires a client certificate.
pub fn requiring_client_certificate(versions: &[&'static SupportedProtocolVersion]) -> Served {
    let ca = TestCa::new("The test's CA");
    let identity = ca.issue(&params_for(&["localhost", "127.0.0.1"]));
    let clients = clients_of(&TestCa::new("The clients' CA").pem, true);
    let served = identity.served_to(clients, versions);
    (ca.pem, served)
}

/// A certificate with an RSA key of 1024 bits, which ring neither creates nor uses.
pub const RSA_1024: &str = include_str!("../fixtures/tls/weak.pem");
pub const RSA_1024_KEY: &str = include_str!("../fixtures/tls/weak.key");
pub const RSA_1024_CA: &str = include_str!("../fixtures/tls/ca.pem");
