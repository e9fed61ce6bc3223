//! A request's line and headers.

use super::Refusal;

const MOST_BYTES: usize = 64 * 1024;
const MOST_HEADERS: usize = 128;

/// The request line and the headers, as they came.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) method: String,
    /// As sent: a path with its query, or a whole URL.
    pub(crate) target: String,
    minor_version: u8,
    headers: Vec<(String, String)>,
}

impl Head {
    /// The head these bytes begin with and its length; `None` while its end has not arrived.
    pub(super) fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>, Refusal> {
        const TOO_LARGE: Refusal = Refusal { status: 431, why: "the request's head is too large" };
        let mut storage = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut request = httparse::Request::new(&mut storage);
        let length = match request.parse(&bytes[..bytes.len().min(MOST_BYTES)]) {
            Ok(httparse::Status::Complete(length)) => length,
            Ok(httparse::Status::Partial) if bytes.len() >= MOST_BYTES => return Err(TOO_LARGE),
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(httparse::Error::TooManyHeaders) => return Err(TOO_LARGE),
            Err(_) => return Err(Refusal::malformed("the request's head is not HTTP/1.1")),
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
            return Err(Refusal::malformed("HTTP/1.1 needs one Host header"));
        }
        Ok(Some((head, length)))
    }

    /// The first header of this name, whatever its case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Every header of this name.
    pub(super) fn all<'head, 'name>(
        &'head self,
        name: &'name str,
    ) -> impl Iterator<Item = &'head str> + use<'head, 'name> {
        self.headers
            .iter()
            .filter(move |(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The target's path, without a query and without the origin that a client of a proxy puts before it.
    pub(crate) fn path(&self) -> &str {
        let target = match self.target.split_once("://") {
            Some((scheme, rest)) if scheme.bytes().all(|b| b.is_ascii_alphanumeric()) => {
                rest.find('/').map_or("/", |start| &rest[start..])
            }
            _ => &self.target,
        };
        target.split('?').next().unwrap_or_default()
    }

    /// The target's query, undecoded.
    pub(crate) fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// Whether the client would use the connection again.
    pub(crate) fn keeps_alive(&self) -> bool {
        let has = |option: &str| {
            self.all("connection")
                .flat_map(|value| value.split(','))
                .any(|given| given.trim().eq_ignore_ascii_case(option))
        };
        !has("close") && (self.minor_version == 1 || has("keep-alive"))
    }

    /// Whether the client waits for `100 Continue` before it sends the body.
    pub(super) fn expects_continue(&self) -> bool {
        self.minor_version == 1
            && self.header("expect").is_some_and(|value| value.eq_ignore_ascii_case("100-continue"))
    }
}
