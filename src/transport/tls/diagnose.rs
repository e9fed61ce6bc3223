//! What is wrong with a server's certificate, in words that tell a person what to mend.

use std::time::{Duration, UNIX_EPOCH};

use rustls::CertificateError;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use webpki::EndEntityCert;

use crate::redact;

const MAX_NAMES: usize = 5;
const MAX_NAME_CHARS: usize = 64;
const MIN_RSA_BITS: usize = 2048;

/// What a verifier has against the certificates that a server showed.
pub(super) fn flaw(
    error: &CertificateError,
    end_entity: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
    host: &ServerName<'_>,
) -> String {
    use CertificateError as Flaw;
    // Validity is looked at in the whole chain.
    let whose = if intermediates.is_empty() {
        "the server's certificate"
    } else {
        "the server's certificate, or one that vouches for it,"
    };
    let its = |what: &str| format!("the server's certificate {what}");
    match error {
        // What Windows says of both.
        Flaw::Expired => format!("{whose} has expired, or is not valid yet"),
        Flaw::ExpiredContext { time, not_after } => {
            format!("{whose} has expired, on {} (it is {} here)", date(not_after), date(time))
        }
        Flaw::NotValidYet => format!("{whose} is not valid yet"),
        Flaw::NotValidYetContext { time, not_before } => {
            let from = date(not_before);
            format!("{whose} is not valid yet, but from {from} on (it is {} here)", date(time))
        }
        Flaw::NotValidForName => its(&for_another(&names_of(end_entity, host), host)),
        Flaw::NotValidForNameContext { presented, .. } => its(&for_another(presented, host)),
        Flaw::UnknownIssuer if is_self_signed(end_entity) => its(SELF_SIGNED),
        Flaw::UnknownIssuer => its(&format!(
            "is from an issuer that is not trusted{}",
            issuer_of(intermediates.last().unwrap_or(end_entity))
        )),
        Flaw::BadSignature => {
            let mut chain = std::iter::once(end_entity).chain(intermediates);
            match chain.find_map(weak_key_bits) {
                Some(bits) => weak_key(whose, bits),
                None => its(&format!(
                    "is from an issuer that is not trusted{}; a trusted one of this name has \
                     another key",
                    issuer_of(intermediates.last().unwrap_or(end_entity))
                )),
            }
        }
        Flaw::UnsupportedSignatureAlgorithmContext { signature_algorithm_id, .. }
        | Flaw::UnsupportedSignatureAlgorithmForPublicKeyContext {
            signature_algorithm_id, ..
        } => match weak_hash(signature_algorithm_id) {
            Some(hash) => format!("{whose} is signed with {hash}, which is too weak"),
            None => format!("{whose} is signed in a way that is not supported"),
        },
        Flaw::InvalidPurpose | Flaw::InvalidPurposeContext { .. } => its(NOT_FOR_SERVERS),
        Flaw::Revoked => its("has been revoked"),
        Flaw::BadEncoding => format!("{whose} is malformed"),
        Flaw::Other(other) => match other.0.downcast_ref() {
            Some(webpki::Error::CaUsedAsEndEntity) if is_self_signed(end_entity) => {
                its("is self-signed and a CA's, which no server may show as its own")
            }
            Some(webpki::Error::CaUsedAsEndEntity) => {
                its("is a CA's, which no server may show as its own")
            }
            Some(webpki::Error::UnsupportedCertVersion) => {
                format!("{whose} is of X.509 version 1, which names no host; version 3 does")
            }
            Some(error) => format!("{whose} is not valid: {error}"),
            // The platform's verifier keeps the type of this one to itself.
            None if other.to_string() == "certificate had invalid extensions" => {
                its(NOT_FOR_SERVERS)
            }
            None => its(&format!("is not valid: {}", shown(&other.to_string()))),
        },
        other => its(&format!("is not valid: {other}")),
    }
}

/// What a verifier has against the signature of a server on its handshake.
pub(super) fn flaw_of_signature(
    error: &CertificateError,
    end_entity: &CertificateDer<'_>,
) -> String {
    match (error, weak_key_bits(end_entity)) {
        (_, Some(bits)) => weak_key("the server's certificate", bits),
        (CertificateError::BadSignature, None) => {
            "the server does not hold the key of its certificate".into()
        }
        (error, None) => format!("the key of the server's certificate cannot be used: {error}"),
    }
}

const SELF_SIGNED: &str = "is self-signed: no CA vouches for it";
const NOT_FOR_SERVERS: &str = "is not made for servers: its extended key usage lacks serverAuth";

fn weak_key(whose: &str, bits: usize) -> String {
    format!(
        "{whose} has a key that is too weak: RSA with {bits} bits, and {MIN_RSA_BITS} is the least"
    )
}

fn date(time: &UnixTime) -> String {
    /// The year 10000, which the crate does not write.
    const END: u64 = 253_402_300_800;
    let seconds = time.as_secs().min(END - 1);
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds))
}

fn for_another(presented: &[String], host: &ServerName<'_>) -> String {
    let host = host.to_str();
    if presented.is_empty() {
        return format!(
            "is for no host: it has no subjectAltName that could be {host}, and a common name (CN) \
             does not count"
        );
    }
    format!("is for another host than {host}: for {}", names(presented))
}

/// Where a verifier only says that the host is another.
fn names_of(end_entity: &CertificateDer<'_>, host: &ServerName<'_>) -> Vec<String> {
    let result = EndEntityCert::try_from(end_entity)
        .and_then(|certificate| certificate.verify_is_valid_for_subject_name(host));
    match result {
        Err(webpki::Error::CertNotValidForName(context)) => context.presented,
        _ => Vec::new(),
    }
}

/// The names of hosts, which the verifier gives as `DnsName("acme.example")`.
fn names(presented: &[String]) -> String {
    let name = |name: &String| {
        let inner = name.split_once('(').and_then(|(_, inner)| inner.strip_suffix(')'));
        shown(inner.unwrap_or(name).trim_matches('"'))
    };
    let listed: Vec<_> = presented.iter().take(MAX_NAMES).map(name).collect();
    let more = match presented.len().saturating_sub(MAX_NAMES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    listed.join(", ") + &more
}

/// A text of the server's, fit for a log.
fn shown(text: &str) -> String {
    redact::shortened(text, MAX_NAME_CHARS)
}

fn is_self_signed(certificate: &CertificateDer<'_>) -> bool {
    EndEntityCert::try_from(certificate)
        .is_ok_and(|certificate| certificate.issuer() == certificate.subject())
}

/// `: "Acme CA"`, if it has a name.
fn issuer_of(certificate: &CertificateDer<'_>) -> String {
    let certificate = EndEntityCert::try_from(certificate);
    let name = certificate.ok().and_then(|certificate| name_in(certificate.issuer()));
    name.map(|name| format!(": \"{}\"", shown(&name))).unwrap_or_default()
}

/// The bits of an RSA key that no verifier takes.
fn weak_key_bits(certificate: &CertificateDer<'_>) -> Option<usize> {
    let certificate = EndEntityCert::try_from(certificate).ok()?;
    let bits = rsa_bits(&certificate.subject_public_key_info())?;
    (bits < MIN_RSA_BITS).then_some(bits)
}

/// An OID of an algorithm that is refused for its hash.
fn weak_hash(algorithm: &[u8]) -> Option<&'static str> {
    const MD5_WITH_RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04";
    const SHA1_WITH_RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05";
    const SHA1_WITH_ECDSA: &[u8] = b"\x2a\x86\x48\xce\x3d\x04\x01";
    let oid = element(algorithm).filter(|(tag, ..)| *tag == OID).map(|(_, oid, _)| oid);
    match oid.unwrap_or(algorithm) {
        MD5_WITH_RSA => Some("MD5"),
        SHA1_WITH_RSA | SHA1_WITH_ECDSA => Some("SHA-1"),
        _ => None,
    }
}

const INTEGER: u8 = 2;
const BIT_STRING: u8 = 3;
const OID: u8 = 6;
const BMP_STRING: u8 = 30;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;

/// The first element of a DER encoding: its tag, its content, and what follows.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[tag, length], rest) = der.split_first_chunk()?;
    let (length, rest) = match length {
        0..=0x7f => (length.into(), rest),
        0x81..=0x83 => {
            let (length, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            (length.iter().fold(0, |sum, &byte| sum << 8 | usize::from(byte)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

/// The content of the first element, if it has this tag.
fn inner(der: &[u8], tag: u8) -> Option<&[u8]> {
    element(der).filter(|(found, ..)| *found == tag).map(|(_, content, _)| content)
}

/// The common name, or else the organisation, of what is within an X.501 Name.
fn name_in(mut name: &[u8]) -> Option<String> {
    const COMMON_NAME: &[u8] = b"\x55\x04\x03";
    const ORGANISATION: &[u8] = b"\x55\x04\x0a";
    let mut organisation = None;
    while let Some((SET, attributes, rest)) = element(name) {
        let (_, oid, value) = element(inner(attributes, SEQUENCE)?)?;
        let (tag, text, _) = element(value)?;
        let text = || match tag {
            BMP_STRING => {
                let units = text.chunks_exact(2).map(|unit| u16::from_be_bytes([unit[0], unit[1]]));
                String::from_utf16_lossy(&units.collect::<Vec<_>>())
            }
            _ => String::from_utf8_lossy(text).into_owned(),
        };
        match oid {
            COMMON_NAME => return Some(text()),
            ORGANISATION => organisation = Some(text()),
            _ => {}
        }
        name = rest;
    }
    organisation
}

/// The length of the modulus in a SubjectPublicKeyInfo (RFC 3279 section 2.3.1).
fn rsa_bits(key_info: &[u8]) -> Option<usize> {
    const RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
    let (_, algorithm, key) = element(inner(key_info, SEQUENCE)?)?;
    if inner(algorithm, OID)? != RSA {
        return None;
    }
    let key = inner(key, BIT_STRING)?.strip_prefix(&[0])?;
    let modulus = inner(inner(key, SEQUENCE)?, INTEGER)?;
    let zeros = modulus.iter().take_while(|&&byte| byte == 0).count();
    let first = *modulus.get(zeros)?;
    Some((modulus.len() - zeros) * 8 - first.leading_zeros() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &[u8] = b"\x31\x0b\x30\x09\x06\x03\x55\x04\x0a\x0c\x02AB\
                          \x31\x0d\x30\x0b\x06\x03\x55\x04\x03\x1e\x04\x00C\x00\xc4";

    #[test]
    fn names_of_issuers() {
        assert_eq!(name_in(NAME).as_deref(), Some("CÄ"));
        assert_eq!(name_in(&NAME[..13]).as_deref(), Some("AB"));
        assert_eq!(name_in(b""), None);
    }

    #[test]
    fn what_is_cut_off_or_twisted_is_nothing() {
        for end in 0..NAME.len() {
            let _ = name_in(&NAME[..end]);
            for byte in [0, 0x7f, 0x80, 0x83, 0xff] {
                let mut twisted = NAME.to_vec();
                twisted[end] = byte;
                let _ = (name_in(&twisted), rsa_bits(&twisted), weak_hash(&twisted));
            }
        }
        assert_eq!(element(b"\x30\x81"), None);
        assert_eq!(element(b"\x30\x83\xff\xff\xff"), None);
        assert_eq!(element(b"\x30\x81\x01A!"), Some((SEQUENCE, &b"A"[..], &b"!"[..])));
    }
}
