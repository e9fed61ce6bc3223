//! Where a client connects to: the parts of a base URL.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use crate::error::{Error, ErrorKind};

/// Every path of the gateway starts with it, so a base URL that holds it would hold it twice.
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
    /// In front of `/gateway`: empty, or with a leading and no trailing slash.
    pub(crate) path_prefix: String,
}

impl BaseUrl {
    /// Reads a base URL (RFC 3986), more strictly than HTTP libraries do: what they forgive, such
    /// as a port that is none, sends the token elsewhere.
    pub(crate) fn parse(base_url: &str) -> Result<Self, Error> {
        let error = |kind, what: &str| Err(Error::local(kind, format!("base_url {what}")));
        let Some((scheme, rest)) = base_url.split_once("://") else {
            return error(ErrorKind::BaseUrlScheme, "has no scheme; write https://host");
        };
        let is_https = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return error(ErrorKind::BaseUrlScheme, "has a scheme other than https and http"),
        };
        let (authority, path) = match rest.find(['/', '?', '#']) {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        if authority.contains('@') {
            return error(ErrorKind::BaseUrlUserInfo, "holds a user name or password");
        }
        let (host, port) = match split_authority(authority) {
            Ok((host, port)) => (host, port.unwrap_or(if is_https { 443 } else { 80 })),
            Err(Flaw::Host) => return error(ErrorKind::BaseUrlSyntax, "has no valid host"),
            Err(Flaw::Port) => {
                return error(ErrorKind::BaseUrlPort, "has a port that is not 1 to 65535");
            }
        };
        let path_prefix = path.trim_end_matches('/');
        let is_path =
            |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/".contains(&byte);
        let is_prefix = path_prefix.len() <= MAX_PATH_BYTES
            && path_prefix.bytes().all(is_path)
            && path_prefix.split('/').skip(1).all(|part| !matches!(part, "" | "." | ".."));
        if !is_prefix {
            return error(
                ErrorKind::BaseUrlSyntax,
                "has a query, a fragment or a path that is no plain prefix",
            );
        }
        if path_prefix.ends_with(API_PATH) {
            return error(ErrorKind::BaseUrlSyntax, "must end before /gateway/api/v1");
        }
        Ok(BaseUrl { is_https, host: host.to_owned(), port, path_prefix: path_prefix.to_owned() })
    }

    /// The URL of a path that starts with a slash.
    pub(crate) fn url(&self, path: &str) -> String {
        format!(
            "{}://{self}{}{path}",
            if self.is_https { "https" } else { "http" },
            self.path_prefix
        )
    }

    /// With the port, whatever it is.
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

/// What is wrong with the authority of a URL.
pub(super) enum Flaw {
    Host,
    Port,
}

/// The host of `host[:port]`, without the brackets of an IPv6 address, and the port.
pub(super) fn split_authority(authority: &str) -> Result<(&str, Option<u16>), Flaw> {
    let (host, port, is_host) = match authority.strip_prefix('[').and_then(|a| a.split_once(']')) {
        Some((address, port)) => (address, port, address.parse::<Ipv6Addr>().is_ok()),
        None => {
            let (host, port) = authority.split_at(authority.find(':').unwrap_or(authority.len()));
            let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
            let is_host = (1..=MAX_HOST_BYTES).contains(&host.len()) && host.bytes().all(is_name);
            (host, port, is_host)
        }
    };
    if !is_host {
        return Err(Flaw::Host);
    }
    match port.strip_prefix(':') {
        None if port.is_empty() => Ok((host, None)),
        // Digits only: parse() would take a sign as well.
        Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => match digits.parse() {
            Ok(port @ 1..) => Ok((host, Some(port))),
            _ => Err(Flaw::Port),
        },
        _ => Err(Flaw::Port),
    }
}

/// Host and port, as in a URL.
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

    fn origin(url: &str) -> (bool, String, u16, String) {
        let origin = BaseUrl::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"));
        (origin.is_https, origin.host, origin.port, origin.path_prefix)
    }

    #[test]
    fn base_urls() {
        let host = |https, host: &str, port, path: &str| (https, host.into(), port, path.into());
        assert_eq!(origin("https://acme.example"), host(true, "acme.example", 443, ""));
        assert_eq!(origin("HTTPS://Acme.example:8443/"), host(true, "Acme.example", 8443, ""));
        assert_eq!(origin("http://127.0.0.1/a/b_c//"), host(false, "127.0.0.1", 80, "/a/b_c"));
        assert_eq!(origin("http://[::1]:65535"), host(false, "::1", 65535, ""));
        assert_eq!(
            origin("https://my_host-1.example/x"),
            host(true, "my_host-1.example", 443, "/x")
        );
    }

    #[test]
    fn base_urls_that_are_refused() {
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
