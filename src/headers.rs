//! Headers that the caller adds to every request, such as the key of an API gateway. Their values
//! are secrets: they travel in the same wiped line as the access token.

use secrecy::{ExposeSecret, SecretString};

use crate::error::{Error, ErrorKind};
use crate::limits::{
    MAX_ID_BYTES, MAX_URL_BYTES, control_problem, is_header_name_byte, wrapping_problem,
};

/// The longest lines of all added headers together. Servers commonly accept 16 KiB of headers.
const MAX_LINES_BYTES: usize = 8 * 1024;

/// Headers that the library sets itself, and headers that change how a message is framed, so that
/// two programs on the way could disagree about where it ends.
const RESERVED: [&str; 22] = [
    "Accept",
    "Accept-Encoding",
    "Authorization",
    "Connection",
    "Content-Encoding",
    "Content-Length",
    "Content-Range",
    "Content-Type",
    "Expect",
    "Host",
    "HTTP2-Settings",
    "itas-api-access-key",
    "Keep-Alive",
    "Proxy-Authorization",
    "Proxy-Connection",
    "Range",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "User-Agent",
    "X-Request-Id",
];

/// Headers in the order in which they were added. `Debug` does not show the values.
#[derive(Debug, Clone, Default)]
pub(crate) struct ExtraHeaders {
    names: Vec<String>,
    values: Vec<SecretString>,
}

impl ExtraHeaders {
    /// # Errors
    ///
    /// [`ErrorKind::Header`]. The message does not contain the value, and the name only if it is
    /// valid: a caller may have swapped the two.
    pub(crate) fn add(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let refused = |message: String| Err(Error::local(ErrorKind::Header, message));
        if let Some(problem) = name_problem(name) {
            return refused(["the header's name ", problem].concat());
        }
        let has_name = |other: &str| other.eq_ignore_ascii_case(name);
        if let Some(reserved) = RESERVED.into_iter().find(|reserved| has_name(reserved)) {
            return refused(format!(
                "the header {reserved} is set by the library; {}",
                match reserved {
                    "User-Agent" => "use application_id",
                    "X-Request-Id" => "use a request id",
                    "Authorization" | "itas-api-access-key" => "use auth_scheme",
                    "Proxy-Authorization" => "put user and password into the URL of the proxy",
                    _ => "it cannot be added",
                }
            ));
        }
        if self.names.iter().any(|other| has_name(other)) {
            return refused(format!("the header {name} was added before; add it once"));
        }
        if let Some(problem) = value_problem(value) {
            return refused(format!("the value of the header {name} {problem}"));
        }
        let length = name.len() + value.len() + ": \r\n".len();
        if self.length() + length > MAX_LINES_BYTES {
            return refused(format!("the header {name} makes the added headers longer than 8 KiB"));
        }
        self.names.push(name.to_owned());
        self.values.push(value.into());
        Ok(())
    }

    /// Returns the values, to mask them.
    pub(crate) fn values(&self) -> &[SecretString] {
        &self.values
    }

    /// Returns the length of the header lines.
    pub(crate) fn length(&self) -> usize {
        self.parts().flatten().map(str::len).sum()
    }

    /// Returns the header lines in parts.
    pub(crate) fn parts(&self) -> impl Iterator<Item = [&str; 4]> {
        let lines = self.names.iter().zip(&self.values);
        lines.map(|(name, value)| [name, ": ", value.expose_secret(), "\r\n"])
    }
}

/// Returns why a text is not the name of a header (RFC 9110 section 5.6.2).
fn name_problem(name: &str) -> Option<&'static str> {
    if name.bytes().all(is_header_name_byte) && (1..=MAX_ID_BYTES).contains(&name.len()) {
        None
    } else if name.len() > MAX_ID_BYTES {
        Some("is longer than 128 bytes")
    } else if name.contains(':') {
        Some("contains a colon; pass the name and the value separately")
    } else {
        let problem = wrapping_problem(name).or_else(|| control_problem(name));
        problem.or(Some("must consist of ASCII letters, digits and hyphens, without blanks"))
    }
}

/// Returns why a text is not the value of a header. Blanks are only allowed inside: a server
/// removes those around a value.
fn value_problem(value: &str) -> Option<&'static str> {
    let is_value_byte = |byte: u8| byte.is_ascii_graphic() || byte == b' ' || byte == b'\t';
    // Quotation marks are part of some values.
    let problem = wrapping_problem(value).filter(|_| value.trim() != value || value.is_empty());
    if problem.is_some() {
        problem
    } else if value.len() > MAX_URL_BYTES {
        Some("is longer than 8192 bytes")
    } else if value.bytes().all(is_value_byte) {
        None
    } else {
        control_problem(value).or(Some("contains a character that is not ASCII"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(name: &str, value: &str) -> String {
        let error = ExtraHeaders::default().add(name, value).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Header);
        assert!(!error.message().contains("s3cr3t"), "{error}");
        error.message().to_owned()
    }

    #[test]
    fn names_and_values_that_would_change_the_request_are_refused() {
        for (name, problem) in [
            ("", "is empty"),
            (" X", "starts with a blank; remove it"),
            ("X Key", "must consist of ASCII letters, digits and hyphens, without blanks"),
            ("X-Key:", "contains a colon; pass the name and the value separately"),
            ("X: s3cr3t", "contains a colon; pass the name and the value separately"),
            ("X\r\nHost", "contains a line break"),
            ("X\n", "ends with a line break; remove it"),
            ("X\0", "contains a control character"),
            ("s3cr3t/", "must consist of ASCII letters, digits and hyphens, without blanks"),
            ("Schlüssel", "must consist of ASCII letters, digits and hyphens, without blanks"),
            (&"x".repeat(129), "is longer than 128 bytes"),
        ] {
            assert_eq!(refusal(name, "s3cr3t"), format!("the header's name {problem}"), "{name}");
        }
        for (value, problem) in [
            ("", "is empty"),
            (" ", "is blank"),
            ("s3cr3t ", "ends with a blank; remove it"),
            ("\ts3cr3t", "starts with a blank; remove it"),
            ("s3cr3t\n", "ends with a line break; remove it"),
            ("s3cr3t\r\nHost: x", "contains a line break"),
            ("s3cr3t\rx", "contains a line break"),
            ("s3cr3t\0", "contains a control character"),
            ("s3cr3t\x7f", "contains a control character"),
            ("s3cr3t\u{85}x", "contains a control character"),
            ("s3cr3tü", "contains a character that is not ASCII"),
            (&"s3cr3t".repeat(1366), "is longer than 8192 bytes"),
        ] {
            let message = format!("the value of the header X-Key {problem}");
            assert_eq!(refusal("X-Key", value), message, "{value}");
        }
        for reserved in RESERVED {
            for name in [reserved.to_owned(), reserved.to_uppercase(), reserved.to_lowercase()] {
                let start = format!("the header {reserved} is set by the library; ");
                assert!(refusal(&name, "s3cr3t").starts_with(&start), "{name}");
            }
        }
    }

    #[test]
    fn valid_headers_become_lines_that_debug_does_not_show() {
        let mut headers = ExtraHeaders::default();
        headers.add("Ocp-Apim-Subscription-Key", "s3cr3t").unwrap();
        headers.add("x_key.1", "\"s3cr3t\", a b\tc").unwrap();
        let lines: String = headers.parts().flatten().collect();
        assert_eq!(lines, "Ocp-Apim-Subscription-Key: s3cr3t\r\nx_key.1: \"s3cr3t\", a b\tc\r\n");
        assert_eq!(headers.length(), lines.len());
        assert!(!format!("{headers:?}").contains("s3cr3t"));
        let error = headers.add("X_KEY.1", "s3cr3t").unwrap_err();
        assert_eq!(error.message(), "the header X_KEY.1 was added before; add it once");
        let error = headers.add("X", &"a".repeat(8192)).unwrap_err();
        assert_eq!(error.message(), "the header X makes the added headers longer than 8 KiB");
        assert_eq!(headers.values().len(), 2);
    }
}
