//! The request line and the headers.

use super::error::RequestError;

const MAX_BYTES: usize = 64 * 1024;
const MAX_HEADERS: usize = 128;

const TOO_LARGE: RequestError =
    RequestError { status: 431, message: "The request headers are too large." };

/// The request line and the headers, as received.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) method: String,
    /// As sent: a path with its query, or an absolute URL.
    pub(crate) target: String,
    minor_version: u8,
    headers: Vec<(String, String)>,
}

impl Head {
    /// Parses the head at the start of `bytes` and returns it with its length, or `None` while it
    /// is incomplete.
    pub(super) fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>, RequestError> {
        let mut storage = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut request = httparse::Request::new(&mut storage);
        let length = match request.parse(&bytes[..bytes.len().min(MAX_BYTES)]) {
            Ok(httparse::Status::Complete(length)) => length,
            Ok(httparse::Status::Partial) if bytes.len() >= MAX_BYTES => return Err(TOO_LARGE),
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(httparse::Error::TooManyHeaders) => return Err(TOO_LARGE),
            Err(_) => return Err(RequestError::malformed("This is not an HTTP/1.1 request.")),
        };
        let head = Self {
            method: request.method.unwrap_or_default().to_owned(),
            target: request.path.unwrap_or_default().to_owned(),
            minor_version: request.version.unwrap_or_default(),
            headers: request
                .headers
                .iter()
                .map(|header| {
                    let value = String::from_utf8_lossy(header.value).trim().to_owned();
                    (header.name.to_owned(), value)
                })
                .collect(),
        };
        if head.minor_version == 1 && head.all("host").count() != 1 {
            return Err(RequestError::malformed("HTTP/1.1 requires exactly one Host header."));
        }
        Ok(Some((head, length)))
    }

    /// The value of the first header with this name, in any case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The values of all headers with this name, in any case.
    pub(super) fn all<'head, 'name>(
        &'head self,
        name: &'name str,
    ) -> impl Iterator<Item = &'head str> + use<'head, 'name> {
        self.headers
            .iter()
            .filter(move |(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The path of the target: without the query, and without the scheme and host that the client
    /// of a proxy sends.
    pub(crate) fn path(&self) -> &str {
        let target = match self.target.split_once("://") {
            Some((scheme, rest)) if scheme.bytes().all(|b| b.is_ascii_alphanumeric()) => {
                rest.find('/').map_or("/", |start| &rest[start..])
            }
            _ => &self.target,
        };
        target.split('?').next().unwrap_or_default()
    }

    /// The query of the target, not decoded.
    pub(crate) fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// True if the client wants to keep the connection.
    pub(crate) fn keep_alive(&self) -> bool {
        let has = |option: &str| {
            self.all("connection")
                .flat_map(|value| value.split(','))
                .any(|given| given.trim().eq_ignore_ascii_case(option))
        };
        !has("close") && (self.minor_version == 1 || has("keep-alive"))
    }

    /// True if the client waits for `100 Continue` before it sends the body.
    pub(super) fn expects_continue(&self) -> bool {
        self.minor_version == 1
            && self.header("expect").is_some_and(|value| value.eq_ignore_ascii_case("100-continue"))
    }
}
