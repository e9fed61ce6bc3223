//! Explains why a server's certificate was rejected, so that the reader knows what to fix.

use std::time::{Duration, UNIX_EPOCH};

use rustls::CertificateError;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use webpki::EndEntityCert;

use crate::redact;

use super::der;

const MAX_NAMES: usize = 5;
const MAX_NAME_CHARS: usize = 64;
const MIN_RSA_BITS: usize = 2048;

/// Explains why the server's chain was rejected.
pub(super) fn explain_certificate(
    error: &CertificateError,
    end_entity: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
    host: &ServerName<'_>,
) -> String {
    use CertificateError as E;
    // Some errors do not name the certificate in the chain that caused them.
    let any = if intermediates.is_empty() {
        "the server's certificate"
    } else {
        "the server's certificate, or a CA certificate in its chain,"
    };
    let server = |problem: &str| format!("the server's certificate {problem}");
    match error {
        // Windows reports both with this error.
        E::Expired => format!("{any} has expired or is not valid yet"),
        E::ExpiredContext { time, not_after } => {
            format!("{any} has expired: {} (local time: {})", date(not_after), date(time))
        }
        E::NotValidYet => format!("{any} is not valid yet"),
        E::NotValidYetContext { time, not_before } => {
            let from = date(not_before);
            format!("{any} is not valid yet: valid from {from} (local time: {})", date(time))
        }
        E::NotValidForName => server(&wrong_host(&presented_names(end_entity, host), host)),
        E::NotValidForNameContext { presented, .. } => server(&wrong_host(presented, host)),
        E::UnknownIssuer if is_self_signed(end_entity) => server(SELF_SIGNED),
        E::UnknownIssuer => server(&format!(
            "has an untrusted issuer{}",
            issuer(intermediates.last().unwrap_or(end_entity))
        )),
        E::BadSignature => {
            let mut chain = std::iter::once(end_entity).chain(intermediates);
            match chain.find_map(weak_key_bits) {
                Some(bits) => weak_key(any, bits),
                None => server(&format!(
                    "has an untrusted issuer{}; a trusted CA has the same name but another key",
                    issuer(intermediates.last().unwrap_or(end_entity))
                )),
            }
        }
        E::UnsupportedSignatureAlgorithmContext { signature_algorithm_id, .. }
        | E::UnsupportedSignatureAlgorithmForPublicKeyContext { signature_algorithm_id, .. } => {
            match weak_hash(signature_algorithm_id) {
                Some(hash) => format!("{any} is signed with {hash}, which is too weak"),
                None => format!("{any} is signed with an unsupported algorithm"),
            }
        }
        E::InvalidPurpose | E::InvalidPurposeContext { .. } => server(NOT_FOR_SERVERS),
        E::Revoked => server("has been revoked"),
        E::BadEncoding => format!("{any} is malformed"),
        E::Other(other) => match other.0.downcast_ref() {
            Some(webpki::Error::CaUsedAsEndEntity) if is_self_signed(end_entity) => server(
                "is self-signed and a CA certificate, which a server must not use as its own",
            ),
            Some(webpki::Error::CaUsedAsEndEntity) => {
                server("is a CA certificate, which a server must not use as its own")
            }
            Some(webpki::Error::UnsupportedCertVersion) => {
                format!("{any} has X.509 version 1, which cannot name a host; use version 3")
            }
            Some(error) => format!("{any} is not valid: {error}"),
            // The platform's verifier does not export the type of this error.
            None if other.to_string() == "certificate had invalid extensions" => {
                server(NOT_FOR_SERVERS)
            }
            None => server(&format!("is not valid: {}", printable(&other.to_string()))),
        },
        other => server(&format!("is not valid: {other}")),
    }
}

/// Explains why the server's signature of the handshake was rejected.
pub(super) fn explain_signature(
    error: &CertificateError,
    end_entity: &CertificateDer<'_>,
) -> String {
    match (error, weak_key_bits(end_entity)) {
        (_, Some(bits)) => weak_key("the server's certificate", bits),
        (CertificateError::BadSignature, None) => {
            "the server does not have the private key of its certificate".into()
        }
        (error, None) => format!("the key of the server's certificate cannot be used: {error}"),
    }
}

const SELF_SIGNED: &str = "is self-signed and not trusted";
const NOT_FOR_SERVERS: &str = "is not for servers: its extended key usage lacks serverAuth";

fn weak_key(subject: &str, bits: usize) -> String {
    format!("{subject} has a weak key: RSA with {bits} bits; at least {MIN_RSA_BITS} are required")
}

fn date(time: &UnixTime) -> String {
    /// The year 10000, which httpdate does not format.
    const END: u64 = 253_402_300_800;
    let seconds = time.as_secs().min(END - 1);
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds))
}

fn wrong_host(presented: &[String], host: &ServerName<'_>) -> String {
    let host = host.to_str();
    if presented.is_empty() {
        return format!(
            "is not valid for {host}: it has no subjectAltName for any host, and a common name \
             (CN) does not count"
        );
    }
    format!("is not valid for {host}, only for {}", names(presented))
}

/// Returns the names in a certificate, for verifiers that do not report them.
fn presented_names(end_entity: &CertificateDer<'_>, host: &ServerName<'_>) -> Vec<String> {
    let result = EndEntityCert::try_from(end_entity)
        .and_then(|certificate| certificate.verify_is_valid_for_subject_name(host));
    match result {
        Err(webpki::Error::CertNotValidForName(context)) => context.presented,
        _ => Vec::new(),
    }
}

/// Lists host names, which the verifier formats as `DnsName("acme.example")`.
fn names(presented: &[String]) -> String {
    let name = |name: &String| {
        let inner = name.split_once('(').and_then(|(_, inner)| inner.strip_suffix(')'));
        printable(inner.unwrap_or(name).trim_matches('"'))
    };
    let listed: Vec<_> = presented.iter().take(MAX_NAMES).map(name).collect();
    let more = match presented.len().saturating_sub(MAX_NAMES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    listed.join(", ") + &more
}

/// Makes a server's text fit for a log.
fn printable(text: &str) -> String {
    redact::shortened(text, MAX_NAME_CHARS)
}

fn is_self_signed(certificate: &CertificateDer<'_>) -> bool {
    EndEntityCert::try_from(certificate)
        .is_ok_and(|certificate| certificate.issuer() == certificate.subject())
}

/// Returns `: "Acme CA"`, or an empty string if the issuer has no name.
fn issuer(certificate: &CertificateDer<'_>) -> String {
    let certificate = EndEntityCert::try_from(certificate);
    let name = certificate.ok().and_then(|certificate| der::display_name(certificate.issuer()));
    name.map(|name| format!(": \"{}\"", printable(&name))).unwrap_or_default()
}

/// Returns the size of an RSA key that is too short for every verifier.
fn weak_key_bits(certificate: &CertificateDer<'_>) -> Option<usize> {
    let certificate = EndEntityCert::try_from(certificate).ok()?;
    let bits = der::rsa_bits(&certificate.subject_public_key_info())?;
    (bits < MIN_RSA_BITS).then_some(bits)
}

/// Returns the name of a signature algorithm's hash if it is too weak. The algorithm is an
/// AlgorithmIdentifier or, on some platforms, only its OID.
fn weak_hash(algorithm: &[u8]) -> Option<&'static str> {
    const MD5_WITH_RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04";
    const SHA1_WITH_RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05";
    const SHA1_WITH_ECDSA: &[u8] = b"\x2a\x86\x48\xce\x3d\x04\x01";
    match der::algorithm_oid(algorithm).unwrap_or(algorithm) {
        MD5_WITH_RSA => Some("MD5"),
        SHA1_WITH_RSA | SHA1_WITH_ECDSA => Some("SHA-1"),
        _ => None,
    }
}
