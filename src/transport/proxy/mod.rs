//! The proxy on the way to the gateway. It only carries a tunnel: even a request to an `http://`
//! gateway goes through CONNECT, so that no proxy has a reason to look into it.

mod config;
mod connect;
mod environment;
mod error;
mod no_proxy;
mod socks5;
mod tunnel;
#[cfg(any(windows, test))]
mod windows;

use std::fmt;

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretSlice};

use crate::limits::{MAX_URL_BYTES, is_visible_ascii};

use super::base_url::{BaseUrl, Flaw, split_authority};

pub(crate) use config::ProxyConfig;
pub(super) use tunnel::open_tunnel;

/// One byte holds their lengths (RFC 1929 section 2).
const MAX_SOCKS_BYTES: usize = 255;

/// A proxy and how it is spoken to. Its `Debug` form shows neither user nor password.
#[derive(Debug, Clone)]
pub(crate) struct Proxy {
    protocol: Protocol,
    origin: BaseUrl,
    credentials: Option<ProxyAuth>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protocol {
    Http,
    Https,
    /// The client resolves the gateway's name.
    Socks5,
    /// The proxy resolves it.
    Socks5h,
}

/// Each scheme with its default port. As in any URL, that of `http://` is 80.
const SCHEMES: [(&str, Protocol, u16); 4] = [
    ("http", Protocol::Http, 80),
    ("https", Protocol::Https, 443),
    ("socks5", Protocol::Socks5, 1080),
    ("socks5h", Protocol::Socks5h, 1080),
];

#[derive(Debug, Clone)]
struct ProxyAuth {
    user: SecretSlice<u8>,
    password: SecretSlice<u8>,
}

impl Proxy {
    /// Reads `scheme://[user:password@]host[:port]`.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, to follow its name; nothing of the text itself, which may hold
    /// a password.
    fn parse(url: &str) -> Result<Self, &'static str> {
        if url.len() > MAX_URL_BYTES {
            return Err("is longer than 8192 bytes");
        }
        let (scheme, rest) =
            url.split_once("://").ok_or("has no scheme; write http://host:port")?;
        let (_, protocol, default_port) = SCHEMES
            .into_iter()
            .find(|(name, ..)| scheme.eq_ignore_ascii_case(name))
            .ok_or("has a scheme other than http, https, socks5 and socks5h")?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (login, authority) = match rest.rsplit_once('@') {
            Some((login, authority)) => (Some(login), authority),
            None => (None, rest),
        };
        let (host, port) = split_authority(authority).map_err(|flaw| match flaw {
            Flaw::Host => "has no valid host",
            Flaw::Port => "has a port that is not 1 to 65535",
        })?;
        Ok(Proxy {
            protocol,
            origin: BaseUrl {
                is_https: protocol == Protocol::Https,
                host: host.to_owned(),
                port: port.unwrap_or(default_port),
                path_prefix: String::new(),
            },
            credentials: login.map(|login| ProxyAuth::parse(login, protocol)).transpose()?,
        })
    }
}

/// What a message calls it: without user and password.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "proxy {}", self.origin.host_and_port())
    }
}

impl ProxyAuth {
    fn parse(login: &str, protocol: Protocol) -> Result<Self, &'static str> {
        let (user, password) = login.split_once(':').unwrap_or((login, ""));
        let (user, password) = (decoded(user)?, decoded(password)?);
        let (user_text, password_text) = (user.expose_secret(), password.expose_secret());
        if user_text.is_empty() {
            return Err("has an empty user name");
        }
        match protocol {
            // The first colon ends it (RFC 7617 section 2).
            Protocol::Http | Protocol::Https if user_text.contains(&b':') => {
                Err("has a user name with a colon, which cannot be sent")
            }
            Protocol::Socks5 | Protocol::Socks5h
                if user_text.len().max(password_text.len()) > MAX_SOCKS_BYTES =>
            {
                Err("has a user name or password of more than 255 bytes")
            }
            _ => Ok(ProxyAuth { user, password }),
        }
    }
}

fn decoded(text: &str) -> Result<SecretSlice<u8>, &'static str> {
    let is_plain = is_visible_ascii(text) && !text.contains(['/', '?', '#', '@', '[', ']']);
    let is_encoded = text
        .split('%')
        .skip(1)
        .all(|after| after.len() >= 2 && after.bytes().take(2).all(|b| b.is_ascii_hexdigit()));
    if !is_plain || !is_encoded {
        return Err("has a user name or password that is not percent-encoded, as %40 for @");
    }
    let bytes = percent_decode_str(text);
    // Exact, since growing would leave copies behind.
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
    fn urls() {
        for (url, protocol, shown) in [
            ("http://proxy.example", Protocol::Http, "proxy proxy.example:80"),
            ("HTTP://proxy.example:3128/", Protocol::Http, "proxy proxy.example:3128"),
            ("https://proxy.example", Protocol::Https, "proxy proxy.example:443"),
            ("socks5://10.0.0.1", Protocol::Socks5, "proxy 10.0.0.1:1080"),
            ("socks5h://[::1]:1081", Protocol::Socks5h, "proxy [::1]:1081"),
            ("socks5h://u:p@[::1]", Protocol::Socks5h, "proxy [::1]:1080"),
        ] {
            let proxy = Proxy::parse(url).unwrap_or_else(|wrong| panic!("{url} {wrong}"));
            assert_eq!((proxy.protocol, proxy.to_string().as_str()), (protocol, shown), "{url}");
            assert_eq!(proxy.credentials.is_some(), url.contains('@'), "{url}");
        }
    }

    #[test]
    fn users_and_passwords() {
        for (login, user, password) in [
            ("u:p", "u", "p"),
            ("u", "u", ""),
            ("u:", "u", ""),
            ("u:a:b", "u", "a:b"),
            ("corp%5Cjdoe:%40%2f%3A%25%20", "corp\\jdoe", "@/:% "),
            ("J%C3%BCrgen:~!$&'()*+,;=", "Jürgen", "~!$&'()*+,;="),
        ] {
            let proxy = Proxy::parse(&format!("http://{login}@proxy.example")).expect(login);
            let credentials = proxy.credentials.as_ref().unwrap();
            assert_eq!(credentials.user.expose_secret(), user.as_bytes());
            assert_eq!(credentials.password.expose_secret(), password.as_bytes());
        }
        let proxy = Proxy::parse("http://j.doe:s3cr3t@proxy.example").unwrap();
        let shown = format!("{proxy:?} {proxy:#?} {proxy}");
        assert!(!shown.contains("s3cr3t") && !shown.contains("j.doe"), "{shown}");
    }

    #[test]
    fn urls_that_are_none() {
        let long = "s3cr3t".repeat(43);
        for (url, says) in [
            ("", "no scheme"),
            ("proxy.example:3128", "no scheme"),
            ("u:s3cr3t@proxy.example", "no scheme"),
            ("ftp://proxy.example", "a scheme other than"),
            ("socks4://proxy.example", "a scheme other than"),
            ("socks://proxy.example", "a scheme other than"),
            (" http://proxy.example", "a scheme other than"),
            ("http://", "no valid host"),
            ("http:///", "no valid host"),
            ("http://u:s3cr3t@", "no valid host"),
            ("http://:3128", "no valid host"),
            ("http://a b", "no valid host"),
            ("http://prüfung.example", "no valid host"),
            ("http://[::1", "no valid host"),
            ("http://::1", "no valid host"),
            ("http://proxy.example ", "no valid host"),
            ("http://proxy.example/path", "no valid host"),
            ("http://proxy.example?x", "no valid host"),
            ("http://proxy.example\r\n", "no valid host"),
            ("http://proxy.example:", "a port that"),
            ("http://proxy.example:0", "a port that"),
            ("http://proxy.example:65536", "a port that"),
            ("http://proxy.example:+80", "a port that"),
            ("http://proxy.example:80/path", "a port that"),
            ("http://u:s3cr3t/x", "a port that"),
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
            let wrong = Proxy::parse(url).expect_err(url);
            assert!(wrong.contains(says), "{url}: {wrong}");
            assert!(!wrong.contains("s3cr3t"), "{url}: {wrong}");
        }
    }
}
