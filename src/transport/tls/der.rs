//! Reads the few parts of DER encodings that messages need, and the purposes of a certificate.

const BOOLEAN: u8 = 1;
const INTEGER: u8 = 2;
const BIT_STRING: u8 = 3;
const OCTET_STRING: u8 = 4;
const OID: u8 = 6;
const BMP_STRING: u8 = 30;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
/// The tag of the extensions in a certificate (RFC 5280 section 4.1).
const EXTENSIONS: u8 = 0xa3;

/// Returns the first element of an encoding: its tag, its content, and the bytes that follow.
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

/// Returns the content of the first element if it has this tag.
fn content(der: &[u8], tag: u8) -> Option<&[u8]> {
    element(der).filter(|(found, ..)| *found == tag).map(|(_, content, _)| content)
}

/// Returns the elements of an encoding, tags and contents, up to the first malformed one.
fn elements(mut der: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        let (tag, content, rest) = element(der)?;
        der = rest;
        Some((tag, content))
    })
}

/// Returns the content of the first of these elements that has this tag.
fn find<'a>(mut elements: impl Iterator<Item = (u8, &'a [u8])>, tag: u8) -> Option<&'a [u8]> {
    elements.find_map(|(found, content)| (found == tag).then_some(content))
}

/// The extension of a certificate.
pub(super) struct Extension<'a> {
    pub(super) oid: &'a [u8],
    pub(super) is_critical: bool,
    value: &'a [u8],
}

/// Returns the extensions of a certificate (RFC 5280 section 4.1).
pub(super) fn extensions(certificate: &[u8]) -> impl Iterator<Item = Extension<'_>> {
    let fields = || content(content(certificate, SEQUENCE)?, SEQUENCE);
    let list = fields().and_then(|fields| find(elements(fields), EXTENSIONS));
    let list = list.and_then(|list| content(list, SEQUENCE)).unwrap_or_default();
    elements(list).filter_map(|(_, extension)| {
        Some(Extension {
            oid: find(elements(extension), OID)?,
            is_critical: find(elements(extension), BOOLEAN).is_some_and(|value| value != [0]),
            value: find(elements(extension), OCTET_STRING)?,
        })
    })
}

/// True unless a certificate's extended key usage lacks serverAuth (RFC 5280 section 4.2.1.12).
pub(super) fn is_for_servers(certificate: &[u8]) -> bool {
    const EXTENDED_KEY_USAGE: &[u8] = b"\x55\x1d\x25";
    const SERVER_AUTH: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x03\x01";
    let usages = extensions(certificate).find(|extension| extension.oid == EXTENDED_KEY_USAGE);
    usages.is_none_or(|usages| {
        let usages = content(usages.value, SEQUENCE).unwrap_or_default();
        elements(usages).any(|usage| usage == (OID, SERVER_AUTH))
    })
}

/// Returns the content of a certificate's name constraints (RFC 5280 section 4.2.1.10).
pub(super) fn name_constraints(certificate: &[u8]) -> Option<&[u8]> {
    const NAME_CONSTRAINTS: &[u8] = b"\x55\x1d\x1e";
    let found = extensions(certificate).find(|extension| extension.oid == NAME_CONSTRAINTS);
    content(found?.value, SEQUENCE)
}

/// Returns the tag of each name in the content of name constraints.
pub(super) fn constrained_kinds(constraints: &[u8]) -> impl Iterator<Item = u8> {
    let subtrees = elements(constraints).flat_map(|(_, subtrees)| elements(subtrees));
    subtrees.filter_map(|(_, subtree)| Some(element(subtree)?.0))
}

/// Returns the OID in the content of an AlgorithmIdentifier.
pub(super) fn algorithm_oid(algorithm: &[u8]) -> Option<&[u8]> {
    content(algorithm, OID)
}

/// Returns the named curve in the content of an AlgorithmIdentifier (RFC 5480 section 2.1.1).
pub(super) fn curve_oid(algorithm: &[u8]) -> Option<&[u8]> {
    content(element(algorithm)?.2, OID)
}

/// Returns an OID as a person writes it, such as 1.2.840.
pub(super) fn dotted(oid: &[u8]) -> String {
    let mut numbers = Vec::new();
    let mut number = 0_u64;
    for byte in oid {
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            if numbers.is_empty() {
                // The first two numbers share one (X.690 section 8.19.4).
                let first = (number / 40).min(2);
                numbers.push(first.to_string());
                number -= first * 40;
            }
            numbers.push(number.to_string());
            number = 0;
        }
    }
    numbers.join(".")
}

/// Returns the common name in the content of an X.501 Name, or else the organisation.
pub(super) fn display_name(name: &[u8]) -> Option<String> {
    const COMMON_NAME: &[u8] = b"\x55\x04\x03";
    const ORGANISATION: &[u8] = b"\x55\x04\x0a";
    let mut organisation = None;
    for (_, attributes) in elements(name).take_while(|(tag, _)| *tag == SET) {
        let (_, oid, value) = element(content(attributes, SEQUENCE)?)?;
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
    }
    organisation
}

/// Returns the AlgorithmIdentifier's content in that of a SubjectPublicKeyInfo.
pub(super) fn key_algorithm(key_info: &[u8]) -> Option<&[u8]> {
    content(key_info, SEQUENCE)
}

/// Returns the length of the modulus in the content of a SubjectPublicKeyInfo (RFC 3279 section
/// 2.3.1).
pub(super) fn rsa_bits(key_info: &[u8]) -> Option<usize> {
    const RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
    let (_, algorithm, key) = element(key_info)?;
    if algorithm_oid(algorithm)? != RSA {
        return None;
    }
    let key = content(key, BIT_STRING)?.strip_prefix(&[0])?;
    let modulus = content(content(key, SEQUENCE)?, INTEGER)?;
    let zeros = modulus.iter().take_while(|&&byte| byte == 0).count();
    let first = *modulus.get(zeros)?;
    Some((modulus.len() - zeros) * 8 - first.leading_zeros() as usize)
}

/// Returns the content of an encoded SubjectPublicKeyInfo.
pub(super) fn key_info(encoded: &[u8]) -> Option<&[u8]> {
    content(encoded, SEQUENCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &[u8] = b"\x31\x0b\x30\x09\x06\x03\x55\x04\x0a\x0c\x02AB\
                          \x31\x0d\x30\x0b\x06\x03\x55\x04\x03\x1e\x04\x00C\x00\xc4";

    #[test]
    fn the_common_name_is_preferred_to_the_organisation() {
        assert_eq!(display_name(NAME).as_deref(), Some("CÄ"));
        assert_eq!(display_name(&NAME[..13]).as_deref(), Some("AB"));
        assert_eq!(display_name(b""), None);
    }

    #[test]
    fn an_oid_is_written_with_dots() {
        assert_eq!(dotted(b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"), "1.2.840.113549.1.1.11");
        assert_eq!(dotted(b"\x88\x37\x01"), "2.999.1");
        assert_eq!(dotted(b""), "");
        // Too large to be an OID, but no panic.
        assert_eq!(dotted(&[0xff; 40]), "");
    }

    #[test]
    fn truncated_or_damaged_encodings_do_not_panic() {
        for end in 0..NAME.len() {
            let _ = display_name(&NAME[..end]);
            for byte in [0, 0x7f, 0x80, 0x83, 0xff] {
                let mut damaged = NAME.to_vec();
                damaged[end] = byte;
                let _ = (display_name(&damaged), rsa_bits(&damaged), algorithm_oid(&damaged));
                let _ = (is_for_servers(&damaged), curve_oid(&damaged), dotted(&damaged));
                let _ = (name_constraints(&damaged), constrained_kinds(&damaged).count());
            }
        }
        assert_eq!(element(b"\x30\x81"), None);
        assert_eq!(element(b"\x30\x83\xff\xff\xff"), None);
        assert_eq!(element(b"\x30\x81\x01A!"), Some((SEQUENCE, &b"A"[..], &b"!"[..])));
    }
}
