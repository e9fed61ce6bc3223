//! Servers' certificates that have something wrong with them, each with the CA that a client trusts.

use std::sync::Arc;

use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyUsagePurpose};
use rustls::{ALL_VERSIONS, ServerConfig, SupportedProtocolVersion};

use super::tls::{Authority, Identity, clients_of, params_for};

/// The PEM of a CA, and a server's side of TLS.
pub type Served = (String, Arc<ServerConfig>);

/// A certificate for this machine, but for what is changed, from a CA that is trusted.
fn changed(change: impl FnOnce(&mut CertificateParams)) -> Served {
    let authority = Authority::new("The test's CA");
    let mut params = params_for(&["localhost", "127.0.0.1"]);
    change(&mut params);
    let served = authority.issue(&params).served(ALL_VERSIONS);
    (authority.pem, served)
}

pub fn expired() -> Served {
    changed(|params| params.not_after = rcgen::date_time_ymd(2001, 1, 1))
}

pub fn not_yet_valid() -> Served {
    changed(|params| params.not_before = rcgen::date_time_ymd(2100, 1, 1))
}

pub fn of_another_host() -> Served {
    changed(|params| params.subject_alt_names = params_for(&["acme.example"]).subject_alt_names)
}

/// With the host where certificates had it before there were alternative names.
pub fn with_common_name_only() -> Served {
    changed(|params| {
        params.subject_alt_names.clear();
        params.distinguished_name.push(DnType::CommonName, "localhost");
    })
}

pub fn for_clients_only() -> Served {
    changed(|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth])
}

pub fn for_signing_certificates_only() -> Served {
    changed(|params| params.key_usages = vec![KeyUsagePurpose::KeyCertSign])
}

pub fn self_signed() -> Served {
    let served = Identity::self_signed(&params_for(&["localhost"])).served(ALL_VERSIONS);
    (Authority::new("The test's CA").pem, served)
}

pub fn of_an_unknown_ca() -> Served {
    let served = changed(|_| {}).1;
    (Authority::new("Another CA").pem, served)
}

/// From a CA that has the name of a trusted one.
pub fn of_a_ca_of_the_same_name() -> Served {
    let served = changed(|_| {}).1;
    (Authority::new("The test's CA").pem, served)
}

/// A good one, from a server that demands one from its clients as well.
pub fn demanding_one(versions: &[&'static SupportedProtocolVersion]) -> Served {
    let authority = Authority::new("The test's CA");
    let identity = authority.issue(&params_for(&["localhost", "127.0.0.1"]));
    let clients = clients_of(&Authority::new("The clients' CA").pem, true);
    let served = identity.served_to(clients, versions);
    (authority.pem, served)
}

/// A certificate with an RSA key of 1024 bits, which ring would neither make nor use; its key; its CA.
pub const RSA_1024: &str = include_str!("../fixtures/tls/weak.pem");
pub const RSA_1024_KEY: &str = include_str!("../fixtures/tls/weak.key");
pub const RSA_1024_CA: &str = include_str!("../fixtures/tls/ca.pem");
