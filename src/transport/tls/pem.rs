//! Parses the caller's PEM (RFC 7468) and reads the files that contain it. The parser in rustls is
//! not used for this: it skips a section whose BEGIN line follows a byte order mark or a blank, and
//! leaves keys in memory. The system's certificates are read with the parser in rustls, because
//! that skips damaged sections.

use std::borrow::Cow;
use std::path::Path;

use base64::Engine;
use base64::alphabet;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use rustls::pki_types::CertificateDer;
use zeroize::Zeroizing;

use crate::files;
use crate::limits;
use crate::redact;

const MAX_FILE_BYTES: u64 = limits::MAX_BYTES as u64;
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// RFC 4648 section 4, padded. Like OpenSSL, accepts a last digit with unused bits that are set.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

pub(super) const INVALID_CERTIFICATE: &str = "contains an invalid certificate";
const NO_CERTIFICATE: &str = "contains no certificate (-----BEGIN CERTIFICATE-----)";
const MAX_LABEL_CHARS: usize = 40;

/// The text between a BEGIN line and its END line.
pub(super) struct Section<'a> {
    pub(super) label: &'a [u8],
    body: &'a [u8],
}

impl Section<'_> {
    fn is_certificate(&self) -> bool {
        self.label == b"CERTIFICATE"
    }

    pub(super) fn is_private_key(&self) -> bool {
        self.label.ends_with(b"PRIVATE KEY")
    }

    /// True for encrypted PKCS #8, and for the format of older programs (RFC 1421 section 4.6.1.1).
    pub(super) fn is_encrypted(&self) -> bool {
        self.label.starts_with(b"ENCRYPTED ") || self.body.starts_with(b"Proc-Type:")
    }

    /// Decodes the body, which may contain any white space. Returns `None` if it is not Base64. The
    /// buffers are wiped, because the section may be a key.
    pub(super) fn der(&self) -> Option<Zeroizing<Vec<u8>>> {
        // Allocated once: growing would leave a copy behind.
        let mut digits = Zeroizing::new(Vec::with_capacity(self.body.len()));
        digits.extend(self.body.iter().filter(|byte| !byte.is_ascii_whitespace()));
        let mut der = Zeroizing::new(vec![0; base64::decoded_len_estimate(digits.len())]);
        let length = BASE64.decode_slice(&*digits, &mut der).ok()?;
        der.truncate(length);
        Some(der)
    }
}

/// Splits a text into its sections.
///
/// # Errors
///
/// The problem, to follow the name of the text in a message.
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
                return Err("has a -----BEGIN line before the -----END line of the previous one");
            }
        } else if let Some(label) = marker(line, b"-----END ") {
            match open.take() {
                Some((opened, body)) if opened == label => {
                    let body = text[body..start].trim_ascii_start();
                    sections.push(Section { label, body });
                }
                _ => return Err("has an -----END line without a matching -----BEGIN line"),
            }
        }
    }
    match open {
        Some(_) => Err("is truncated: its last -----END line is missing"),
        None => Ok(sections),
    }
}

fn marker<'a>(line: &'a [u8], start: &[u8]) -> Option<&'a [u8]> {
    line.strip_prefix(start)?.strip_suffix(b"-----")
}

/// Returns the certificates in a text, at least one.
///
/// # Errors
///
/// The problem, to follow the name of the text in a message.
pub(super) fn certificates(text: &[u8]) -> Result<Vec<CertificateDer<'static>>, Cow<'static, str>> {
    let sections = sections(text)?;
    let mut certificates = Vec::new();
    for section in sections.iter().filter(|section| section.is_certificate()) {
        certificates.push(section.der().ok_or(INVALID_CERTIFICATE)?.to_vec().into());
    }
    if !certificates.is_empty() {
        return Ok(certificates);
    }
    if let Some(section) = sections.first() {
        let label = redact::shortened(&String::from_utf8_lossy(section.label), MAX_LABEL_CHARS);
        return Err(format!("{NO_CERTIFICATE}, but -----BEGIN {label}-----").into());
    }
    Err(Cow::Borrowed(match text {
        [] => "is empty",
        [0x30, 0x80..=0x84, ..] => {
            "is DER or PKCS #12, not PEM; convert it with openssl x509 -inform der or openssl \
             pkcs12 -nodes"
        }
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [b'-', 0, ..] | [0, b'-', ..] => {
            "is UTF-16, not PEM; save it as UTF-8"
        }
        _ => NO_CERTIFICATE,
    }))
}

/// True if a text that should be PEM is the name of a file: one line with a separator of paths or
/// with the extension of a certificate.
pub(super) fn is_path(text: &str) -> bool {
    const EXTENSIONS: [&str; 8] = ["pem", "crt", "cer", "cert", "key", "der", "p12", "pfx"];
    let text = text.trim();
    let extension = text.rsplit_once('.').map_or("", |(_, extension)| extension);
    // MII is how the Base64 of a certificate or key begins, which contains slashes too.
    !text.contains(['\n', '\r'])
        && !text.contains("-----")
        && !text.starts_with("MII")
        && (text.contains(['/', '\\'])
            || EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

/// True if a path is PEM text, perhaps of a key, which a message must not contain.
pub(super) fn is_text(path: &Path) -> bool {
    path.to_string_lossy().contains("-----BEGIN")
}

/// Reads a whole file.
///
/// # Errors
///
/// The problem, to follow the name of the file in a message.
pub(super) fn read_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    match files::read(path, MAX_FILE_BYTES) {
        Ok(content) => Ok(content.bytes),
        Err(problem) => Err(problem.message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_decoded_with_any_white_space_and_only_if_valid() {
        let der = |body: &str| {
            let section = Section { label: b"X", body: body.as_bytes() };
            section.der().map(|der| String::from_utf8(der.to_vec()).unwrap())
        };
        for (body, text) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zh==", "f"),
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
