//! PEM texts (RFC 7468) and the files that hold them. Not by the parser within the TLS library: that
//! one passes over what a byte order mark or a blank stands before, and leaves keys behind in memory.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use rustls::pki_types::CertificateDer;
use zeroize::Zeroizing;

use crate::limits;
use crate::redact;

const MAX_FILE_BYTES: u64 = limits::MAX_BYTES as u64;
const MAX_PATH_CHARS: usize = 300;
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// What stands between a BEGIN and its END.
pub(super) struct Section<'a> {
    pub(super) label: &'a [u8],
    body: &'a [u8],
}

impl Section<'_> {
    pub(super) fn is_certificate(&self) -> bool {
        self.label == b"CERTIFICATE"
    }

    pub(super) fn is_private_key(&self) -> bool {
        self.label.ends_with(b"PRIVATE KEY")
    }

    /// As PKCS #8 has it, or the way of older programs (RFC 1421 section 4.6.1.1).
    pub(super) fn is_encrypted(&self) -> bool {
        self.label.starts_with(b"ENCRYPTED ") || self.body.starts_with(b"Proc-Type:")
    }

    /// What it encodes; none if it is not Base64 (RFC 4648 section 4). Nothing of a key is copied on
    /// the way, so lines need not be joined first.
    pub(super) fn der(&self) -> Option<Zeroizing<Vec<u8>>> {
        let mut der = Zeroizing::new(Vec::with_capacity(self.body.len() / 4 * 3 + 3));
        let (mut bits, mut digits, mut padding) = (0_u32, 0_usize, 0_usize);
        for byte in self.body.iter().filter(|byte| !byte.is_ascii_whitespace()) {
            let digit = match byte {
                b'A'..=b'Z' => byte - b'A',
                b'a'..=b'z' => byte - b'a' + 26,
                b'0'..=b'9' => byte - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                b'=' => {
                    padding += 1;
                    continue;
                }
                _ => return None,
            };
            if padding > 0 {
                return None;
            }
            bits = bits << 6 | u32::from(digit);
            digits += 1;
            // Every digit of four but the first completes a byte.
            if digits % 4 != 1 {
                der.push((bits >> ((8 - digits % 4 * 2) % 8)) as u8);
            }
        }
        ((digits + padding) % 4 == 0 && padding <= 2).then_some(der)
    }
}

/// The sections of a text, or what is wrong with it, to follow its name.
pub(super) fn sections(text: &[u8]) -> Result<Vec<Section<'_>>, &'static str> {
    let mut sections = Vec::new();
    let mut open: Option<(&[u8], usize)> = None;
    let mut position = 0;
    for line in text.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
        let start = position;
        position += line.len();
        let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line).trim_ascii();
        if let Some(label) = marker(line, b"-----BEGIN ") {
            if open.replace((label, position)).is_some() {
                return Err("has a -----BEGIN line before the -----END line of the one above");
            }
        } else if let Some(label) = marker(line, b"-----END ") {
            match open.take() {
                Some((opened, body)) if opened == label => {
                    let body = text[body..start].trim_ascii_start();
                    sections.push(Section { label, body });
                }
                _ => return Err("has an -----END line without its -----BEGIN line"),
            }
        }
    }
    match open {
        Some(_) => Err("is cut off: its last -----END line is missing"),
        None => Ok(sections),
    }
}

fn marker<'a>(line: &'a [u8], start: &[u8]) -> Option<&'a [u8]> {
    line.strip_prefix(start)?.strip_suffix(b"-----")
}

/// The certificates of a text, at least one.
pub(super) fn certificates(text: &[u8]) -> Result<Vec<CertificateDer<'static>>, &'static str> {
    const UNREADABLE: &str = "holds a certificate that cannot be read";
    let mut certificates = Vec::new();
    for section in sections(text)?.iter().filter(|section| section.is_certificate()) {
        certificates.push(section.der().ok_or(UNREADABLE)?.to_vec().into());
    }
    if !certificates.is_empty() {
        return Ok(certificates);
    }
    Err(match text {
        [0x30, 0x82, ..] => {
            "is DER or PKCS #12, not PEM; openssl x509 -inform der converts the one, openssl pkcs12 -nodes the other"
        }
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "is UTF-16, not PEM; save it as UTF-8",
        _ => "holds no certificate (-----BEGIN CERTIFICATE-----)",
    })
}

/// Reads a whole file, or says what is wrong with it, to follow its name.
pub(super) fn read_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    let unreadable = |error| format!("cannot be read: {error}");
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if metadata.is_dir() {
        return Err("is a directory".into());
    }
    // Opening a pipe would wait for whoever writes to it.
    if !metadata.is_file() {
        return Err("is no regular file".into());
    }
    let too_large = || "is larger than 16 MiB".to_owned();
    if metadata.len() > MAX_FILE_BYTES {
        return Err(too_large());
    }
    // With room to see its end, so that no key is left behind where the buffer grew from.
    let mut content = Zeroizing::new(Vec::with_capacity(metadata.len() as usize + 64));
    let file = File::open(path).map_err(unreadable)?;
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut content).map_err(unreadable)?;
    if content.len() as u64 > MAX_FILE_BYTES {
        return Err(too_large());
    }
    Ok(content)
}

/// A file's name in a message.
pub(super) fn shown(path: &Path) -> String {
    redact::shortened(&path.to_string_lossy(), MAX_PATH_CHARS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_every_length() {
        let der = |body: &str| {
            let section = Section { label: b"X", body: body.as_bytes() };
            section.der().map(|der| String::from_utf8(der.to_vec()).unwrap())
        };
        for (body, text) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9v\nYg==\r\n", "foob"),
            ("Zm9vYmE=", "fooba"),
            (" Z m9v\tYmFy", "foobar"),
            ("fn5+Pz8/", "~~~???"),
        ] {
            assert_eq!(der(body).as_deref(), Some(text), "{body}");
        }
        for body in ["Z", "Zg", "Zg=", "Zg===", "Zm9v=", "Z===", "=", "Zg==Zg==", "Zm9-", "Zm9vä"]
        {
            assert_eq!(der(body), None, "{body}");
        }
    }
}
