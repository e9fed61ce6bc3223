//! Digests: one names the file of a key, the other shows whether two requests are the same.

use ring::{digest, hmac};
use zeroize::Zeroizing;

/// The bytes of a journal's secret.
pub(crate) const SECRET_BYTES: usize = 32;

/// SHA-256 and HMAC-SHA-256 process so many bytes at once.
const BLOCK_BYTES: usize = 64;

/// Calls its argument with each part of a request, always in the same order.
pub(crate) type VisitParts<'a> = dyn Fn(&mut dyn FnMut(&[u8])) + 'a;

/// Returns the SHA-256 of a key in hexadecimal. Without a secret, so that a person finds the file
/// with `printf %s KEY | sha256sum`.
pub(crate) fn of_key(key: &str) -> String {
    hex(digest::digest(&digest::SHA256, key.as_bytes()).as_ref())
}

/// Returns the keyed digest of a request in hexadecimal. Without the secret of the journal, nobody
/// can check a guess at the value of a variable.
pub(crate) fn of_request(secret: &[u8], visit: &VisitParts<'_>) -> String {
    let mut length = size_of::<u64>();
    visit(&mut |part| length += size_of::<u64>() + part.len());
    // It may contain secrets. Large enough, because growing leaves a copy behind; whole blocks,
    // because a part of a block would be copied.
    let capacity = length.next_multiple_of(BLOCK_BYTES);
    let mut text = Zeroizing::new(Vec::with_capacity(capacity));
    // The padding does not count.
    text.extend_from_slice(&(length as u64).to_le_bytes());
    visit(&mut |part| {
        text.extend_from_slice(&(part.len() as u64).to_le_bytes());
        text.extend_from_slice(part);
    });
    text.resize(capacity, 0);
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    hex(hmac::sign(&key, &text).as_ref())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |number: u8| char::from(b"0123456789abcdef"[usize::from(number)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Reads what [`hex`] wrote.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.bytes().map(|digit| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    });
    let digits = digits.collect::<Option<Vec<u8>>>()?;
    let pairs = digits.chunks_exact(2);
    pairs.remainder().is_empty().then(|| pairs.map(|pair| 16 * pair[0] + pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_other_tools() {
        // printf %s abc | sha256sum
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(of_key("abc"), abc);
        assert_eq!(hex(&from_hex(abc).unwrap()), abc);
        for wrong in ["a", "ag", "AB", "\u{e9}"] {
            assert_eq!(from_hex(wrong), None);
        }
    }

    #[test]
    fn parts_are_not_confused_with_each_other() {
        let of = |secret: &str, parts: &[&str]| {
            of_request(secret.as_bytes(), &|part: &mut dyn FnMut(&[u8])| {
                parts.iter().for_each(|text| part(text.as_bytes()));
            })
        };
        let long = "x".repeat(100);
        let all = [
            of("s", &["ab", "c"]),
            of("s", &["a", "bc"]),
            of("s", &["ab", "c", ""]),
            of("s", &["ab", "c\0"]),
            of("t", &["ab", "c"]),
            of("s", &[&long, "c"]),
            of("s", &[]),
        ];
        for (index, one) in all.iter().enumerate() {
            assert_eq!(all.iter().position(|other| other == one), Some(index));
        }
        // Those of every version are the same, or requests in a journal would not be recognized.
        // Each number is in 8 bytes, little-endian: the length of all parts, and of each before it.
        assert_eq!(all[0], "33f29433bdbb77d8172e00836df95828fab90305efb293741ff4e5b912fc60d4");
        assert_eq!(all[5], "160cc554d7af0511a0c88f4267c71d9dc5c70eb0bbaf9b2d34424c05158c7624");
    }
}
