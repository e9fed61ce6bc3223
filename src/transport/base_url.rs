//! Parses base URLs.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use crate::error::{Error, ErrorKind};
use crate::limits::wrapping_problem;

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
        Self::split(base_url).map_err(|(kind, problem)| {
            let wrapping = wrapping_problem(base_url);
            Error::local(kind, format!("base_url {}", wrapping.unwrap_or(problem)))
        })
    }

    fn split(base_url: &str) -> Result<Self, (ErrorKind, &'static str)> {
        use ErrorKind::{BaseUrlPort, BaseUrlScheme, BaseUrlSyntax, BaseUrlUserInfo};

        let Some((scheme, rest)) = base_url.split_once("://") else {
            return Err((BaseUrlScheme, "has no scheme; write https://host"));
        };
        let is_https = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err((BaseUrlScheme, "has an unsupported scheme; use https or http")),
        };
        let (host_port, path) = match rest.find(['/', '?', '#']) {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        if host_port.contains('@') {
            return Err((BaseUrlUserInfo, "must not contain a user name or password"));
        }
        let (host, port) = split_host_port(host_port).map_err(|error| match error {
            // A password may contain a slash.
            HostPortError::Port(_) if path.contains('@') => {
                (BaseUrlUserInfo, "must not contain a user name or password")
            }
            HostPortError::Port(_) if path.starts_with("//") => (BaseUrlSyntax, "has two schemes"),
            HostPortError::Host(problem) => (BaseUrlSyntax, problem),
            HostPortError::Port(problem) => (BaseUrlPort, problem),
        })?;
        let port = port.unwrap_or(if is_https { 443 } else { 80 });
        let path_prefix = path.trim_end_matches('/');
        let is_path_byte =
            |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/".contains(&byte);
        let problem = if let Some(at) = path.find(['?', '#']) {
            match path.as_bytes()[at] {
                b'?' => "has a query (?); remove it",
                _ => "has a fragment (#); remove it",
            }
        } else if path_prefix.contains(API_PATH) {
            "must end before /gateway/api/v1"
        } else if path_prefix.len() > MAX_PATH_BYTES {
            "has a path of more than 2048 bytes"
        } else if !path_prefix.bytes().all(is_path_byte) {
            "has a path with an invalid character, such as a blank, a quotation mark, a percent \
             sign or one that is not ASCII"
        } else if path_prefix.split('/').skip(1).any(|part| matches!(part, "" | "." | "..")) {
            "has a path with an empty part (//) or a dot segment"
        } else {
            let (host, path_prefix) = (host.to_owned(), path_prefix.to_owned());
            return Ok(BaseUrl { is_https, host, port, path_prefix });
        };
        Err((BaseUrlSyntax, problem))
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

/// The problem with a `host[:port]`. The message continues the name of its URL.
pub(super) enum HostPortError {
    Host(&'static str),
    Port(&'static str),
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
    if text.parse::<Ipv6Addr>().is_ok() {
        return Err(HostPortError::Host("has an IPv6 address without brackets; write [::1]"));
    }
    if !is_host {
        return Err(HostPortError::Host(host_problem(text, host)));
    }
    if port.is_empty() {
        return Ok((host, None));
    }
    match port.strip_prefix(':') {
        Some("") => Err(HostPortError::Port("has a colon, but no port; use 1 to 65535")),
        // Digits only: parse() would accept a sign as well.
        Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => match digits.parse() {
            Ok(port @ 1..) => Ok((host, Some(port))),
            _ => Err(HostPortError::Port("has a port out of range; use 1 to 65535")),
        },
        _ => Err(HostPortError::Port("has an invalid port; use 1 to 65535")),
    }
}

fn host_problem(text: &str, host: &str) -> &'static str {
    if text.starts_with('[') {
        "has no valid IPv6 address in its brackets; zones are not supported"
    } else if host.is_empty() {
        "has no host"
    } else if !host.is_ascii() {
        "has a host that is not ASCII; write an international name as xn--..."
    } else if host.len() > MAX_HOST_BYTES {
        "has a host of more than 253 bytes"
    } else {
        "has a host with an invalid character; allowed are letters, digits, '-', '.' and '_'"
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
