//! Parses base URLs.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use crate::error::{Error, ErrorKind};

/// Every path of the gateway starts with this, so a base URL that ends with it would repeat it.
const API_PATH: &str = "/gateway/api/v1";
const MAX_HOST_BYTES: usize = 253;
const MAX_PATH_BYTES: usize = 2048;

/// The parts of a base URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BaseUrl {
    pub(crate) is_https: bool,
    /// A name or an address; an IPv6 address without its brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// Precedes `/gateway`: empty, or with a leading and no trailing slash.
    pub(crate) path_prefix: String,
}

impl BaseUrl {
    /// Parses a base URL (RFC 3986). Stricter than HTTP libraries, whose leniency can send the
    /// token elsewhere: with a port above 65535, for example, some connect to port 80.
    pub(crate) fn parse(base_url: &str) -> Result<Self, Error> {
        let error = |kind, problem| Err(Error::local(kind, format!("base_url {problem}")));
        let Some((scheme, rest)) = base_url.split_once("://") else {
            return error(ErrorKind::BaseUrlScheme, "has no scheme; write https://host");
        };
        let is_https = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => {
                let problem = "has an unsupported scheme; use https or http";
                return error(ErrorKind::BaseUrlScheme, problem);
            }
        };
        let (host_port, path) = match rest.find(['/', '?', '#']) {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        if host_port.contains('@') {
            let problem = "must not contain a user name or password";
            return error(ErrorKind::BaseUrlUserInfo, problem);
        }
        let (host, port) = match split_host_port(host_port) {
            Ok((host, port)) => (host, port.unwrap_or(if is_https { 443 } else { 80 })),
            Err(HostPortError::Host) => {
                return error(ErrorKind::BaseUrlSyntax, "has no valid host");
            }
            Err(HostPortError::Port) => {
                return error(ErrorKind::BaseUrlPort, "has an invalid port; use 1 to 65535");
            }
        };
        let path_prefix = path.trim_end_matches('/');
        let is_path_byte =
            |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/".contains(&byte);
        let is_valid_prefix = path_prefix.len() <= MAX_PATH_BYTES
            && path_prefix.bytes().all(is_path_byte)
            && path_prefix.split('/').skip(1).all(|part| !matches!(part, "" | "." | ".."));
        if !is_valid_prefix {
            let problem = "has a query, a fragment or an invalid path";
            return error(ErrorKind::BaseUrlSyntax, problem);
        }
        if path_prefix.ends_with(API_PATH) {
            return error(ErrorKind::BaseUrlSyntax, "must end before /gateway/api/v1");
        }
        Ok(BaseUrl { is_https, host: host.to_owned(), port, path_prefix: path_prefix.to_owned() })
    }

    /// Returns the full URL of a path that starts with a slash.
    pub(crate) fn url(&self, path: &str) -> String {
        format!(
            "{}://{self}{}{path}",
            if self.is_https { "https" } else { "http" },
            self.path_prefix
        )
    }

    /// Returns `host:port`, even if the port is the scheme's default.
    pub(super) fn host_and_port(&self) -> String {
        let (open, close) = if self.host.contains(':') { ("[", "]") } else { ("", "") };
        format!("{open}{}{close}:{}", self.host, self.port)
    }

    pub(super) fn is_localhost(&self) -> bool {
        self.host.eq_ignore_ascii_case("localhost")
    }

    pub(crate) fn is_loopback(&self) -> bool {
        self.is_localhost()
            || self.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

/// The invalid part of a `host[:port]`.
pub(super) enum HostPortError {
    Host,
    Port,
}

/// Splits `host[:port]`. The brackets of an IPv6 address are removed.
pub(super) fn split_host_port(text: &str) -> Result<(&str, Option<u16>), HostPortError> {
    let (host, port, is_host) = match text.strip_prefix('[').and_then(|text| text.split_once(']')) {
        Some((address, port)) => (address, port, address.parse::<Ipv6Addr>().is_ok()),
        None => {
            let (host, port) = text.split_at(text.find(':').unwrap_or(text.len()));
            let is_name_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
            let is_host =
                (1..=MAX_HOST_BYTES).contains(&host.len()) && host.bytes().all(is_name_byte);
            (host, port, is_host)
        }
    };
    if !is_host {
        return Err(HostPortError::Host);
    }
    match port.strip_prefix(':') {
        None if port.is_empty() => Ok((host, None)),
        // Digits only: parse() would accept a sign as well.
        Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => match digits.parse() {
            Ok(port @ 1..) => Ok((host, Some(port))),
            _ => Err(HostPortError::Port),
        },
        _ => Err(HostPortError::Port),
    }
}

/// Writes `host[:port]` as in a URL: without the port if it is the scheme's default.
impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_ipv6 = self.host.contains(':');
        let default_port = if self.is_https { 443 } else { 80 };
        match (is_ipv6, self.port == default_port) {
            (true, true) => write!(f, "[{}]", self.host),
            (true, false) => write!(f, "[{}]:{}", self.host, self.port),
            (false, true) => write!(f, "{}", self.host),
            (false, false) => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_is_split_into_its_parts() {
        for (url, is_https, host, port, path_prefix) in [
            ("https://acme.example", true, "acme.example", 443, ""),
            ("HTTPS://Acme.example:8443/", true, "Acme.example", 8443, ""),
            ("http://127.0.0.1/a/b_c//", false, "127.0.0.1", 80, "/a/b_c"),
            ("http://[::1]:65535", false, "::1", 65535, ""),
            ("https://my_host-1.example/x", true, "my_host-1.example", 443, "/x"),
        ] {
            let parsed = BaseUrl::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"));
            let (host, path_prefix) = (host.to_owned(), path_prefix.to_owned());
            assert_eq!(parsed, BaseUrl { is_https, host, port, path_prefix }, "{url}");
        }
    }

    #[test]
    fn invalid_base_urls_are_rejected_with_the_reason() {
        use ErrorKind::*;
        for (url, kind) in [
            ("", BaseUrlScheme),
            ("acme.example", BaseUrlScheme),
            ("//acme.example", BaseUrlScheme),
            ("ftp://acme.example", BaseUrlScheme),
            (" https://acme.example", BaseUrlScheme),
            ("https://", BaseUrlSyntax),
            ("https:///x", BaseUrlSyntax),
            ("https://:443", BaseUrlSyntax),
            ("https://a b", BaseUrlSyntax),
            ("https://acme.example\r\nX: y", BaseUrlSyntax),
            ("https://acme.example\\x", BaseUrlSyntax),
            ("https://äcme.example", BaseUrlSyntax),
            ("https://acme%2eexample", BaseUrlSyntax),
            ("https://[::1", BaseUrlSyntax),
            ("https://[1.2.3.4]", BaseUrlSyntax),
            ("https://acme.example?x=1", BaseUrlSyntax),
            ("https://acme.example/#x", BaseUrlSyntax),
            ("https://acme.example/a/../b", BaseUrlSyntax),
            ("https://acme.example/a//b", BaseUrlSyntax),
            ("https://acme.example/%2e%2e/b", BaseUrlSyntax),
            ("https://acme.example/x/gateway/api/v1/", BaseUrlSyntax),
            ("https://user@acme.example", BaseUrlUserInfo),
            ("https://user:pw@acme.example", BaseUrlUserInfo),
            ("https://acme.example:", BaseUrlPort),
            ("https://acme.example:0", BaseUrlPort),
            ("https://acme.example:65536", BaseUrlPort),
            ("https://acme.example:+80", BaseUrlPort),
            ("https://acme.example:80:80", BaseUrlPort),
            ("https://[::1]x", BaseUrlPort),
            ("https://[::1]:99999999999999999999", BaseUrlPort),
        ] {
            let error = BaseUrl::parse(url).expect_err(url);
            assert_eq!(error.kind(), kind, "{url}");
            assert!(error.message().starts_with("base_url "), "{url}: {error}");
        }
    }
}
