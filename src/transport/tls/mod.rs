//! TLS 1.2 and 1.3, always verified: configuration, trust, and explanations of failures. The
//! streams and the handshake are in `stream`.

mod anchor_verifier;
mod client_certificate;
mod config;
mod der;
mod diagnose;
mod fault;
mod pem;
mod system_store;
mod trust;
mod verifier;

pub(super) use anchor_verifier::certificate_expiry;
pub(crate) use client_certificate::ClientCertificate;
pub(super) use config::{ConfigPool, TlsClient};
pub(super) use fault::{
    ClientCertificateRejection, RENEGOTIATION, cause, check_clock, handshake_cause,
};
pub(super) use system_store::{SystemRoots, SystemStore};
pub(crate) use trust::{CaCertificates, TrustAnchors};
pub(super) use verifier::CertificateRequest;
