//! Explains why a server's certificate was rejected, so that the reader knows what to fix.

use std::net::IpAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustls::CertificateError;
use rustls::pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use webpki::EndEntityCert;

use crate::redact;

use super::anchor_verifier::ExpiredAnchor;
use super::der;
use super::trust::Trust;

/// How many names a message lists.
const MAX_NAMES: usize = 5;
const MAX_NAME_CHARS: usize = 64;
const MAX_REASON_CHARS: usize = 200;
/// The sizes of RSA keys that the TLS library verifies.
const MIN_RSA_BITS: usize = 2048;
const MAX_RSA_BITS: usize = 8192;
/// 2025-01-01. A clock that is set to an earlier time is wrong.
const RELEASED: Duration = Duration::from_secs(1_735_689_600);

/// Explains why the server's chain was rejected.
pub(super) fn explain_certificate(
    error: &CertificateError,
    end_entity: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
    host: &ServerName<'_>,
    trust: &Trust,
) -> String {
    use CertificateError as E;
    // Some errors do not name the certificate in the chain that caused them.
    let any = if intermediates.is_empty() {
        "the server's certificate"
    } else {
        "the server's certificate, or a CA certificate in its chain,"
    };
    let server = |problem: &str| format!("the server's certificate {problem}");
    let top = intermediates.last().unwrap_or(end_entity);
    match error {
        // Windows reports an early and a late time with this error, webpki only a validity that
        // ends before it begins.
        E::Expired if cfg!(windows) => match wrong_clock() {
            Some(clock) => clock,
            None => format!("{any} has expired or is not valid yet"),
        },
        E::Expired => format!("{any} is never valid: its validity ends before it begins"),
        E::ExpiredContext { time, not_after } => {
            format!("{any} has expired: {} (local time: {})", date(not_after), date(time))
        }
        E::NotValidYet => wrong_clock().unwrap_or_else(|| format!("{any} is not valid yet")),
        E::NotValidYetContext { time, not_before } => {
            let (from, now) = (date(not_before), date(time));
            let problem = format!("{any} is not valid yet: valid from {from} (local time: {now})");
            match wrong_clock() {
                Some(clock) => format!("{clock}; {problem}"),
                None => problem,
            }
        }
        E::NotValidForName => server(&wrong_host(&presented_names(end_entity, host), host)),
        E::NotValidForNameContext { presented, .. } => server(&wrong_host(presented, host)),
        E::UnknownIssuer if is_self_signed(end_entity) => server(&self_signed(trust)),
        E::UnknownIssuer => server(&untrusted_issuer(top, trust)),
        E::BadSignature => {
            let mut chain = std::iter::once(end_entity).chain(intermediates);
            match chain.find_map(unsupported_rsa_bits) {
                Some(bits) => unsupported_rsa(any, bits),
                None => other_key(end_entity, top, trust),
            }
        }
        E::UnsupportedSignatureAlgorithmContext { signature_algorithm_id, .. } => {
            match weak_hash(signature_algorithm_id) {
                Some(hash) => format!("{any} is signed with {hash}, which is too weak"),
                None => {
                    let algorithm = algorithm_name(signature_algorithm_id);
                    format!("{any} is signed with {algorithm}, which is not supported")
                }
            }
        }
        E::UnsupportedSignatureAlgorithmForPublicKeyContext { public_key_algorithm_id, .. } => {
            let key = algorithm_name(public_key_algorithm_id);
            format!("{any} is signed by a CA whose key, {key}, is not supported; {SUPPORTED_KEYS}")
        }
        E::InvalidPurpose | E::InvalidPurposeContext { .. } => server(NOT_FOR_SERVERS),
        E::Revoked => server("has been revoked"),
        E::UnknownRevocationStatus => {
            server("cannot be verified: its CA does not say whether it has been revoked")
        }
        E::BadEncoding => format!("{any} is malformed"),
        E::Other(other) => {
            if let Some(anchor) = other.0.downcast_ref() {
                return expired_anchor(anchor);
            }
            match other.0.downcast_ref::<webpki::Error>() {
                Some(error) => explain_webpki(error, any, end_entity, intermediates, host, trust),
                // The platform's verifier does not export the type of this error.
                None if other.to_string() == "certificate had invalid extensions" => {
                    server(NOT_FOR_SERVERS)
                }
                None => server(&format!("is not valid: {}", reason(&other.to_string()))),
            }
        }
        other => server(&format!("is not valid: {}", reason(&other.to_string()))),
    }
}

/// Explains an error that rustls passes on unchanged. Its own text is Rust code.
fn explain_webpki(
    error: &webpki::Error,
    any: &str,
    end_entity: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
    host: &ServerName<'_>,
    trust: &Trust,
) -> String {
    use webpki::Error as E;
    let server = |problem: &str| format!("the server's certificate {problem}");
    match error {
        E::CaUsedAsEndEntity if trust.chosen.contains(end_entity) => server(NOT_FOR_SERVERS),
        E::CaUsedAsEndEntity if is_self_signed(end_entity) => server(&self_signed(trust)),
        E::CaUsedAsEndEntity => server(
            "is a CA certificate, which a server must not use as its own; if it is genuine, \
             trust exactly this certificate with add_ca_file",
        ),
        E::UnsupportedCertVersion => {
            format!("{any} has X.509 version 1, which cannot name a host; use version 3")
        }
        E::NameConstraintViolation => {
            let names_found = all_names(end_entity, host);
            match unsupported_constraint(end_entity, intermediates, trust, &names_found) {
                Some(kind) => format!(
                    "{any} has an issuer with name constraints of a kind that is not supported: \
                     {kind}; use a CA without them, or trust exactly the server's certificate with \
                     add_ca_file"
                ),
                None => format!(
                    "{any} contains a name for which its CA may not issue certificates (name \
                     constraints); its names are {}",
                    names(&names_found)
                ),
            }
        }
        E::PathLenConstraintViolated => server(
            "has a chain with more CA certificates than one of them allows (path length \
             constraint)",
        ),
        E::EndEntityUsedAsCa => server(&format!(
            "was issued by a certificate that is not a CA certificate{}",
            issuer(end_entity)
        )),
        E::UnsupportedCriticalExtension => {
            let chain = std::iter::once(end_entity).chain(intermediates);
            let oid =
                chain.flat_map(|certificate| der::extensions(certificate)).find(|extension| {
                    extension.is_critical && !SUPPORTED_EXTENSIONS.contains(&extension.oid)
                });
            let oid = oid.map(|extension| format!(" ({})", der::dotted(extension.oid)));
            let oid = oid.unwrap_or_default();
            format!("{any} has a critical extension{oid} that is not supported")
        }
        E::EmptyEkuExtension => server(NOT_FOR_SERVERS),
        E::MaximumPathDepthExceeded
        | E::MaximumPathBuildCallsExceeded
        | E::MaximumSignatureChecksExceeded
        | E::MaximumNameConstraintComparisonsExceeded => {
            server("has a chain that is too long or too complex")
        }
        E::SignatureAlgorithmMismatch => {
            format!("{any} is malformed: it names two different signature algorithms")
        }
        E::InvalidSerialNumber => format!("{any} is malformed: its serial number is invalid"),
        E::MalformedNameConstraint | E::InvalidNetworkMaskConstraint => {
            format!("{any} is malformed: its name constraints are invalid")
        }
        E::MalformedDnsIdentifier | E::UnsupportedNameType => {
            format!("{any} is malformed: its subjectAltName is invalid")
        }
        E::MalformedExtensions | E::ExtensionValueInvalid => {
            format!("{any} is malformed: its extensions are invalid")
        }
        error => {
            let error = format!("{error:?}");
            let name = error.split(|c: char| !c.is_ascii_alphanumeric()).next();
            format!("{any} is not valid ({})", name.unwrap_or_default())
        }
    }
}

/// Explains why the server's signature of the handshake was rejected.
pub(super) fn explain_signature(
    error: &CertificateError,
    end_entity: &CertificateDer<'_>,
) -> String {
    use CertificateError as E;
    if let Some(bits) = unsupported_rsa_bits(end_entity) {
        return unsupported_rsa("the server's certificate", bits);
    }
    match error {
        E::BadSignature => "the server does not have the private key of its certificate".into(),
        error => {
            let info = EndEntityCert::try_from(end_entity).ok();
            let info = info.map(|certificate| certificate.subject_public_key_info());
            let key = info.as_deref().and_then(der::key_info).and_then(der::key_algorithm);
            match key.map(algorithm_name) {
                Some(key) => format!(
                    "the key of the server's certificate, {key}, is not supported; \
                     {SUPPORTED_KEYS}"
                ),
                None => format!(
                    "the key of the server's certificate cannot be used: {}",
                    reason(&error.to_string())
                ),
            }
        }
    }
}

const NOT_FOR_SERVERS: &str = "is not for servers: its extended key usage lacks serverAuth";
const SUPPORTED_KEYS: &str =
    "supported are RSA with 2048 to 8192 bits, EC on P-256 or P-384, and Ed25519";

/// The extensions that may be critical: basic constraints, key usage, extended key usage, subject
/// alternative name, name constraints, CRL distribution points.
const SUPPORTED_EXTENSIONS: [&[u8]; 6] = [
    b"\x55\x1d\x13",
    b"\x55\x1d\x0f",
    b"\x55\x1d\x25",
    b"\x55\x1d\x11",
    b"\x55\x1d\x1e",
    b"\x55\x1d\x1f",
];

fn self_signed(trust: &Trust) -> String {
    format!(
        "is self-signed and not trusted{}; if it is genuine, trust it with add_ca_file{}",
        trusted_names(trust),
        store_problem(trust)
    )
}

fn untrusted_issuer(certificate: &CertificateDer<'_>, trust: &Trust) -> String {
    format!(
        "has an untrusted issuer{}{}; add that CA with add_ca_file, or have the server send the \
         intermediate certificates that lead to a trusted CA{}",
        issuer(certificate),
        trusted_names(trust),
        store_problem(trust)
    )
}

/// Explains a signature that does not match the key of the trusted CA with the issuer's name.
fn other_key(end_entity: &CertificateDer<'_>, top: &CertificateDer<'_>, trust: &Trust) -> String {
    let name = issuer(top);
    let issuer = EndEntityCert::try_from(top).map(|top| top.issuer().to_owned());
    let anchors = trust.anchors.roots.iter().filter(|anchor| {
        issuer.as_ref().is_ok_and(|issuer| anchor.subject.as_ref() == issuer.as_slice())
    });
    let mut bits = anchors.filter_map(|anchor| unsupported_bits(&anchor.subject_public_key_info));
    if let Some(bits) = bits.next() {
        let name = name.trim_start_matches(':');
        return unsupported_rsa(&format!("the trusted CA certificate{name}"), bits);
    }
    if is_self_signed(end_entity) {
        return format!(
            "the server's certificate is self-signed and not trusted{name}; a trusted certificate \
             has the same name but another key: if the server's was renewed, trust the new one"
        );
    }
    format!(
        "the server's certificate has an untrusted issuer{name}; a trusted CA has the same name \
         but another key: if the CA was renewed, trust its new certificate"
    )
}

/// Explains that the only trusted CA of a chain has expired.
fn expired_anchor(anchor: &ExpiredAnchor) -> String {
    let name = der::display_name(&anchor.subject);
    let name = name.map(|name| format!(" \"{}\"", printable(&name))).unwrap_or_default();
    let (not_after, now) = (date(&anchor.not_after), date(&anchor.time));
    format!(
        "the trusted CA certificate{name} has expired: {not_after} (local time: {now}); trust its \
         successor with add_ca_file"
    )
}

/// Returns the kind of the name constraints because of which webpki rejects a chain, if it does not
/// implement that kind. Each certificate has a directory name, its subject; the other kinds matter
/// only for a certificate that contains such a name.
fn unsupported_constraint(
    end_entity: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
    trust: &Trust,
    names: &[String],
) -> Option<&'static str> {
    const KINDS: [(u8, &str, &str); 4] = [
        (0xa4, "directory names (dirName)", ""),
        (0x86, "URIs", "UniformResourceIdentifier"),
        (0x81, "email addresses", "Unsupported(0x01)"),
        (0xa0, "other names (otherName)", "Unsupported(0x00)"),
    ];
    let is_present =
        |kind: &str| kind.is_empty() || names.iter().any(|name| name.starts_with(kind));
    let chain = || intermediates.iter().chain([end_entity]);
    let issuers: Vec<_> = chain().filter_map(|c| EndEntityCert::try_from(c).ok()).collect();
    let anchors = trust.anchors.roots.iter().filter(|anchor| {
        issuers.iter().any(|certificate| certificate.issuer() == anchor.subject.as_ref())
    });
    let anchors = anchors.filter_map(|anchor| anchor.name_constraints.as_deref());
    let constraints = chain().filter_map(|c| der::name_constraints(c)).chain(anchors);
    let mut tags = constraints.flat_map(der::constrained_kinds);
    tags.find_map(|tag| {
        let kind = KINDS.iter().find(|(known, _, name)| *known == tag && is_present(name));
        kind.map(|(_, kind, _)| *kind)
    })
}

/// Lists the CAs that the caller trusts, unless the system's are trusted too.
fn trusted_names(trust: &Trust) -> String {
    if trust.includes_system {
        return String::new();
    }
    let name = |anchor: &TrustAnchor<'_>| {
        der::display_name(&anchor.subject).unwrap_or_else(|| "without a name".into())
    };
    let trusted: Vec<String> = trust.anchors.roots.iter().map(name).collect();
    format!(" (trusted: {})", listed(&trusted, |name| format!("\"{}\"", printable(name))))
}

fn store_problem(trust: &Trust) -> String {
    trust.problem.iter().map(|problem| format!("; {problem}")).collect()
}

fn unsupported_rsa(subject: &str, bits: usize) -> String {
    if bits < MIN_RSA_BITS {
        format!(
            "{subject} has a weak key: RSA with {bits} bits; at least {MIN_RSA_BITS} are required"
        )
    } else {
        format!("{subject} has an RSA key with {bits} bits; at most {MAX_RSA_BITS} are supported")
    }
}

fn date(time: &UnixTime) -> String {
    /// The year 10000, which httpdate does not format.
    const END: u64 = 253_402_300_800;
    let seconds = time.as_secs().min(END - 1);
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds))
}

/// Explains that this machine's clock is wrong, if it certainly is.
pub(super) fn wrong_clock() -> Option<String> {
    /// The average of the calendar.
    const YEAR: u64 = 31_556_952;
    let set_to = match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(time) if time >= RELEASED => return None,
        Ok(time) => date(&UnixTime::since_unix_epoch(time)),
        // httpdate does not format such a time.
        Err(error) => {
            format!(
                "the year {}",
                1969_i64.saturating_sub_unsigned(error.duration().as_secs() / YEAR)
            )
        }
    };
    Some(format!(
        "this machine's clock is set to {set_to}; set it to the current time, without which no \
         certificate can be verified"
    ))
}

fn wrong_host(presented: &[String], host: &ServerName<'_>) -> String {
    let wanted = host.to_str();
    if !presented.iter().any(|name| is_host(name)) {
        return format!(
            "is not valid for {wanted}: it has no subjectAltName for any host, and a common name \
             (CN) does not count"
        );
    }
    let address: Option<IpAddr> = wanted.parse().ok();
    let is_address = |name: &String| address.is_some() && inner(name).parse().ok() == address;
    if presented.iter().any(is_address) {
        return format!(
            "is not valid for {wanted}: its subjectAltName has the address as a DNS name, but it \
             must be an IP address (IP:{wanted} in openssl)"
        );
    }
    format!("is not valid for {wanted}, only for {}", names(presented))
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

/// Returns all names in a certificate, also if the host is among them.
fn all_names(end_entity: &CertificateDer<'_>, host: &ServerName<'_>) -> Vec<String> {
    // A name that no certificate contains.
    let nobody = ServerName::try_from("invalid").unwrap_or_else(|_| host.clone());
    presented_names(end_entity, &nobody)
}

/// True if a name, as the verifier formats it, is that of a host.
fn is_host(name: &str) -> bool {
    name.starts_with("DnsName") || name.starts_with("IpAddress")
}

/// Returns the text of a name that the verifier formats as `DnsName("acme.example")`.
fn inner(name: &str) -> &str {
    let inner = name.split_once('(').and_then(|(_, inner)| inner.strip_suffix(')'));
    inner.unwrap_or(name).trim_matches('"')
}

/// Lists host names.
fn names(presented: &[String]) -> String {
    let hosts: Vec<_> = presented.iter().filter(|name| is_host(name)).collect();
    listed(&hosts, |name| printable(inner(name)))
}

fn listed<T>(items: &[T], text: impl Fn(&T) -> String) -> String {
    let listed: Vec<_> = items.iter().take(MAX_NAMES).map(text).collect();
    let more = match items.len().saturating_sub(MAX_NAMES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    listed.join(", ") + &more
}

/// Makes a server's text fit for a log.
fn printable(text: &str) -> String {
    redact::shortened(text, MAX_NAME_CHARS)
}

/// The same for an error's own text.
fn reason(text: &str) -> String {
    redact::shortened(text, MAX_REASON_CHARS)
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

/// Returns the size of an RSA key that is too short or too long for every verifier.
fn unsupported_rsa_bits(certificate: &CertificateDer<'_>) -> Option<usize> {
    let certificate = EndEntityCert::try_from(certificate).ok()?;
    unsupported_bits(der::key_info(&certificate.subject_public_key_info())?)
}

/// The same for the content of a SubjectPublicKeyInfo.
fn unsupported_bits(key_info: &[u8]) -> Option<usize> {
    der::rsa_bits(key_info).filter(|bits| !(MIN_RSA_BITS..=MAX_RSA_BITS).contains(bits))
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

/// Returns the name of the algorithm in the content of an AlgorithmIdentifier, with the curve of an
/// EC key.
fn algorithm_name(algorithm: &[u8]) -> String {
    const EC: &[u8] = b"\x2a\x86\x48\xce\x3d\x02\x01";
    const NAMES: [(&[u8], &str); 21] = [
        (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", "RSA"),
        (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x02", "MD2"),
        (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", "RSA-PSS"),
        (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0e", "RSA and SHA-224"),
        (b"\x2a\x86\x48\xce\x3d\x04\x03\x01", "ECDSA and SHA-224"),
        (b"\x2a\x86\x48\xce\x3d\x04\x03\x02", "ECDSA and SHA-256"),
        (b"\x2a\x86\x48\xce\x3d\x04\x03\x03", "ECDSA and SHA-384"),
        (b"\x2a\x86\x48\xce\x3d\x04\x03\x04", "ECDSA and SHA-512"),
        (b"\x2b\x65\x70", "Ed25519"),
        (b"\x2b\x65\x71", "Ed448"),
        (b"\x2a\x86\x48\xce\x38\x04\x01", "DSA"),
        (b"\x2a\x86\x48\xce\x38\x04\x03", "DSA"),
        (b"\x60\x86\x48\x01\x65\x03\x04\x03\x02", "DSA"),
        (b"\x2a\x86\x48\xce\x3d\x03\x01\x07", "P-256"),
        (b"\x2b\x81\x04\x00\x22", "P-384"),
        (b"\x2b\x81\x04\x00\x23", "P-521"),
        (b"\x2b\x81\x04\x00\x0a", "secp256k1"),
        (b"\x2b\x24\x03\x03\x02\x08\x01\x01\x07", "brainpoolP256r1"),
        (b"\x2b\x24\x03\x03\x02\x08\x01\x01\x0b", "brainpoolP384r1"),
        (b"\x2b\x24\x03\x03\x02\x08\x01\x01\x0d", "brainpoolP512r1"),
        (b"\x2a\x81\x1c\xcf\x55\x01\x83\x75", "SM2"),
    ];
    let name = |oid: &[u8]| match NAMES.iter().find(|(known, _)| *known == oid) {
        Some((_, name)) => (*name).to_owned(),
        None => der::dotted(oid),
    };
    let oid = der::algorithm_oid(algorithm).unwrap_or(algorithm);
    match der::curve_oid(algorithm) {
        _ if oid != EC => name(oid),
        Some(curve) => format!("EC on {}", name(curve)),
        None => "EC with explicit curve parameters".into(),
    }
}
