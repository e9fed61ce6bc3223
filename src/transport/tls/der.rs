//! Reads the few parts of DER encodings that messages need.

const INTEGER: u8 = 2;
const BIT_STRING: u8 = 3;
const OID: u8 = 6;
const BMP_STRING: u8 = 30;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;

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

/// Returns the OID in an AlgorithmIdentifier.
pub(super) fn algorithm_oid(algorithm: &[u8]) -> Option<&[u8]> {
    content(algorithm, OID)
}

/// Returns the common name in the content of an X.501 Name, or else the organisation.
pub(super) fn display_name(mut name: &[u8]) -> Option<String> {
    const COMMON_NAME: &[u8] = b"\x55\x04\x03";
    const ORGANISATION: &[u8] = b"\x55\x04\x0a";
    let mut organisation = None;
    while let Some((SET, attributes, rest)) = element(name) {
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
        name = rest;
    }
    organisation
}

/// Returns the length of the modulus in a SubjectPublicKeyInfo (RFC 3279 section 2.3.1).
pub(super) fn rsa_bits(key_info: &[u8]) -> Option<usize> {
    const RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
    let (_, algorithm, key) = element(content(key_info, SEQUENCE)?)?;
    if algorithm_oid(algorithm)? != RSA {
        return None;
    }
    let key = content(key, BIT_STRING)?.strip_prefix(&[0])?;
    let modulus = content(content(key, SEQUENCE)?, INTEGER)?;
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
    fn the_common_name_is_preferred_to_the_organisation() {
        assert_eq!(display_name(NAME).as_deref(), Some("CÄ"));
        assert_eq!(display_name(&NAME[..13]).as_deref(), Some("AB"));
        assert_eq!(display_name(b""), None);
    }

    #[test]
    fn truncated_or_damaged_encodings_do_not_panic() {
        for end in 0..NAME.len() {
            let _ = display_name(&NAME[..end]);
            for byte in [0, 0x7f, 0x80, 0x83, 0xff] {
                let mut damaged = NAME.to_vec();
                damaged[end] = byte;
                let _ = (display_name(&damaged), rsa_bits(&damaged), algorithm_oid(&damaged));
            }
        }
        assert_eq!(element(b"\x30\x81"), None);
        assert_eq!(element(b"\x30\x83\xff\xff\xff"), None);
        assert_eq!(element(b"\x30\x81\x01A!"), Some((SEQUENCE, &b"A"[..], &b"!"[..])));
    }
}
