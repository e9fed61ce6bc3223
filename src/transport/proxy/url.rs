//! Parses proxy URLs.

use std::fmt;

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretSlice};
use zeroize::Zeroizing;

use crate::limits::{MAX_URL_BYTES, is_visible_ascii, wrapping_problem};
use crate::transport::base_url::{BaseUrl, HostPortError, split_host_port};

/// SOCKS 5 sends each length in one byte (RFC 1929 section 2).
const MAX_SOCKS_BYTES: usize = 255;

/// A proxy: its protocol, address and credentials. `Debug` shows neither user name nor password.
#[derive(Debug, Clone)]
pub(crate) struct Proxy {
    pub(super) protocol: Protocol,
    pub(super) server: BaseUrl,
    pub(super) auth: Option<ProxyAuth>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    Http,
    Https,
    /// The client resolves the gateway's host name.
    Socks5,
    /// The proxy resolves it.
    Socks5h,
}

/// Each scheme with its default port. For `http://` that is 80, as in any URL.
const SCHEMES: [(&str, Protocol, u16); 4] = [
    ("http", Protocol::Http, 80),
    ("https", Protocol::Https, 443),
    ("socks5", Protocol::Socks5, 1080),
    ("socks5h", Protocol::Socks5h, 1080),
];

#[derive(Debug, Clone)]
pub(super) struct ProxyAuth {
    pub(super) user: SecretSlice<u8>,
    pub(super) password: SecretSlice<u8>,
}

impl Proxy {
    /// Parses `scheme://[user:password@]host[:port]`.
    ///
    /// # Errors
    ///
    /// The problem, to follow the name of the text in a message. It does not quote the text, which
    /// may contain a password.
    pub(super) fn parse(url: &str) -> Result<Self, &'static str> {
        if url.len() > MAX_URL_BYTES {
            return Err("is longer than 8192 bytes");
        }
        if let Some(problem) = wrapping_problem(url) {
            return Err(problem);
        }
        let (scheme, rest) =
            url.split_once("://").ok_or("has no scheme; write http://host:port")?;
        let (_, protocol, default_port) = SCHEMES
            .into_iter()
            .find(|(name, ..)| scheme.eq_ignore_ascii_case(name))
            .ok_or("has an unsupported scheme; use http, https, socks5 or socks5h")?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (auth, host_port) = match rest.rsplit_once('@') {
            Some((auth, host_port)) => (Some(auth), host_port),
            None => (None, rest),
        };
        if let Some(at) = host_port.find(['/', '?', '#']) {
            return Err(match host_port.as_bytes()[at] {
                b'/' => "has a path; write only scheme://[user:password@]host[:port]",
                _ => "has a query or a fragment; write only scheme://[user:password@]host[:port]",
            });
        }
        let (host, port) = split_host_port(host_port).map_err(|error| match error {
            HostPortError::Host(problem) | HostPortError::Port(problem) => problem,
        })?;
        Ok(Proxy {
            protocol,
            server: BaseUrl {
                is_https: protocol == Protocol::Https,
                host: host.to_owned(),
                port: port.unwrap_or(default_port),
                path_prefix: String::new(),
            },
            auth: auth.map(|auth| ProxyAuth::parse(auth, protocol)).transpose()?,
        })
    }

    /// Like [`Proxy::parse`], but the scheme may be missing and is then `http`.
    pub(super) fn parse_lenient(text: &str) -> Result<Self, &'static str> {
        if text.contains("://") || wrapping_problem(text).is_some() {
            return Self::parse(text);
        }
        Self::parse(&Zeroizing::new(["http://", text].concat()))
    }

    pub(in crate::transport) fn host_and_port(&self) -> String {
        self.server.host_and_port()
    }
}

/// The proxy's name in messages, without user name and password.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "proxy {}", self.host_and_port())
    }
}

impl ProxyAuth {
    fn parse(auth: &str, protocol: Protocol) -> Result<Self, &'static str> {
        let (user, password) = auth.split_once(':').unwrap_or((auth, ""));
        let (user, password) = (percent_decode(user)?, percent_decode(password)?);
        let (user_bytes, password_bytes) = (user.expose_secret(), password.expose_secret());
        if user_bytes.is_empty() {
            return Err("has an empty user name");
        }
        match protocol {
            // The user name ends at the first colon (RFC 7617 section 2).
            Protocol::Http | Protocol::Https if user_bytes.contains(&b':') => {
                Err("has a user name with a colon, which Basic authentication cannot send")
            }
            Protocol::Socks5 | Protocol::Socks5h
                if user_bytes.len().max(password_bytes.len()) > MAX_SOCKS_BYTES =>
            {
                Err("has a user name or password of more than 255 bytes")
            }
            _ => Ok(ProxyAuth { user, password }),
        }
    }
}

fn percent_decode(text: &str) -> Result<SecretSlice<u8>, &'static str> {
    let is_plain = is_visible_ascii(text) && !text.contains(['/', '?', '#', '@', '[', ']']);
    let is_encoded = text
        .split('%')
        .skip(1)
        .all(|after| after.len() >= 2 && after.bytes().take(2).all(|b| b.is_ascii_hexdigit()));
    if !is_plain || !is_encoded {
        return Err("has a user name or password that is not percent-encoded (write %40 for @)");
    }
    let bytes = percent_decode_str(text);
    // Allocated once: growing would leave copies behind.
    let mut decoded = Vec::with_capacity(bytes.clone().count());
    decoded.extend(bytes);
    let decoded = SecretSlice::from(decoded);
    if decoded.expose_secret().iter().any(u8::is_ascii_control) {
        return Err("has a control character in its user name or password");
    }
    Ok(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_protocol_host_and_port() {
        for (url, protocol, shown) in [
            ("http://proxy.example", Protocol::Http, "proxy proxy.example:80"),
            ("HTTP://proxy.example:3128/", Protocol::Http, "proxy proxy.example:3128"),
            ("https://proxy.example", Protocol::Https, "proxy proxy.example:443"),
            ("socks5://10.0.0.1", Protocol::Socks5, "proxy 10.0.0.1:1080"),
            ("socks5h://[::1]:1081", Protocol::Socks5h, "proxy [::1]:1081"),
            ("socks5h://u:p@[::1]", Protocol::Socks5h, "proxy [::1]:1080"),
        ] {
            let proxy = Proxy::parse(url).unwrap_or_else(|problem| panic!("{url} {problem}"));
            assert_eq!((proxy.protocol, proxy.to_string().as_str()), (protocol, shown), "{url}");
            assert_eq!(proxy.auth.is_some(), url.contains('@'), "{url}");
        }
    }

    #[test]
    fn user_names_and_passwords_are_percent_decoded_and_never_shown() {
        for (login, user, password) in [
            ("u:p", "u", "p"),
            ("u", "u", ""),
            ("u:", "u", ""),
            ("u:a:b", "u", "a:b"),
            ("corp%5Cjdoe:%40%2f%3A%25%20", "corp\\jdoe", "@/:% "),
            ("J%C3%BCrgen:~!$&'()*+,;=", "Jürgen", "~!$&'()*+,;="),
        ] {
            let proxy = Proxy::parse(&format!("http://{login}@proxy.example")).expect(login);
            let auth = proxy.auth.as_ref().unwrap();
            assert_eq!(auth.user.expose_secret(), user.as_bytes());
            assert_eq!(auth.password.expose_secret(), password.as_bytes());
        }
        let proxy = Proxy::parse("http://j.doe:s3cr3t@proxy.example").unwrap();
        let shown = format!("{proxy:?} {proxy:#?} {proxy}");
        assert!(!shown.contains("s3cr3t") && !shown.contains("j.doe"), "{shown}");
    }

    #[test]
    fn invalid_urls_are_rejected_with_the_reason() {
        let long = "s3cr3t".repeat(43);
        for (url, expected) in [
            ("", "is empty"),
            ("proxy.example:3128", "no scheme"),
            ("u:s3cr3t@proxy.example", "no scheme"),
            ("ftp://proxy.example", "an unsupported scheme"),
            ("socks4://proxy.example", "an unsupported scheme"),
            ("socks://proxy.example", "an unsupported scheme"),
            (" http://proxy.example", "starts with a blank"),
            ("http://", "no host"),
            ("http:///", "no host"),
            ("http://u:s3cr3t@", "no host"),
            ("http://:3128", "no host"),
            ("http://a b", "a host with an invalid character"),
            ("http://prüfung.example", "a host that is not ASCII"),
            ("http://[::1", "no valid IPv6 address"),
            ("http://::1", "an IPv6 address without brackets"),
            ("http://proxy.example ", "ends with a blank"),
            ("http://proxy.example/path", "a path"),
            ("http://proxy.example?x", "a query"),
            ("http://proxy.example\r\n", "ends with a line break"),
            ("http://proxy.example:", "a colon, but no port"),
            ("http://proxy.example:0", "a port out of range"),
            ("http://proxy.example:65536", "a port out of range"),
            ("http://proxy.example:+80", "an invalid port"),
            ("http://proxy.example:80/path", "a path"),
            ("http://u:s3cr3t/x", "a path"),
            ("http://u:s3cr3t#x@proxy.example", "not percent-encoded"),
            ("http://u:s3cr3t/@proxy.example", "not percent-encoded"),
            ("http://u:s3cr3t@x@proxy.example", "not percent-encoded"),
            ("http://u:s3cr3t%@proxy.example", "not percent-encoded"),
            ("http://u:s3cr3t%4@proxy.example", "not percent-encoded"),
            ("http://u:s3cr3t%zz@proxy.example", "not percent-encoded"),
            ("http://u:s3cr3t%+4@proxy.example", "not percent-encoded"),
            ("http://u:s3cr3t ü@proxy.example", "not percent-encoded"),
            ("http://@proxy.example", "an empty user name"),
            ("http://:s3cr3t@proxy.example", "an empty user name"),
            ("http://u%3A:s3cr3t@proxy.example", "a colon"),
            ("http://u:s3cr3t%0D%0AX:y@proxy.example", "a control character"),
            ("socks5://u:s3cr3t%00@proxy.example", "a control character"),
            (&format!("socks5://u:{long}@proxy.example"), "more than 255 bytes"),
            (&format!("http://u:{}@proxy.example", "s3cr3t".repeat(2000)), "longer than 8192"),
        ] {
            let problem = Proxy::parse(url).expect_err(url);
            assert!(problem.contains(expected), "{url}: {problem}");
            assert!(!problem.contains("s3cr3t"), "{url}: {problem}");
        }
    }
}
