//! Base URLs, proxy URLs, `no_proxy`, the variables of the environment and the proxy settings of
//! Windows. The http crate reads each accepted URL in the same way, no message shows a password,
//! and a list of hosts matches as in a simple reference.
//!
//! Each line of an input is one text: the base URL, the proxy, `no_proxy`, and the variables. The
//! whole input is also a binary value of the Windows registry.
#![no_main]
#![allow(dead_code, unused_imports, reason = "the library's own files are included as they are")]

use libfuzzer_sys::fuzz_target;

#[path = "../../src/arrays.rs"]
mod arrays;
#[path = "../../src/call_info.rs"]
mod call_info;
#[path = "../../src/error.rs"]
mod error;
#[path = "../../src/json.rs"]
mod json;
#[path = "../../src/limits.rs"]
mod limits;
#[path = "../../src/memory.rs"]
mod memory;
#[path = "../../src/redact/mod.rs"]
mod redact;
#[path = "../../src/response.rs"]
mod response;
#[path = "../../src/wiped.rs"]
mod wiped;

#[path = "../../src/transport"]
mod transport {
    pub(crate) mod base_url;

    /// The URL's `host:port`.
    pub(crate) fn host_and_port(url: &base_url::BaseUrl) -> String {
        url.host_and_port()
    }

    pub(crate) mod proxy {
        /// The library's own also evaluates these.
        mod automatic {
            #[derive(Debug, Clone, Default, PartialEq, Eq)]
            pub(super) struct AutoSettings {
                pub(super) has_detection: bool,
                pub(super) script: Option<String>,
            }
        }
        mod config;
        mod environment;
        mod no_proxy;
        mod system;
        mod url;

        use std::ffi::OsString;

        use secrecy::ExposeSecret;

        use super::base_url::BaseUrl;

        pub(crate) use config::ProxyConfig;

        /// What the checks need of a proxy.
        pub(crate) struct Parts {
            pub(crate) shown: String,
            pub(crate) server: BaseUrl,
            /// User name and password.
            pub(crate) login: Option<(Vec<u8>, Vec<u8>)>,
        }

        pub(crate) fn parts(proxy: &url::Proxy) -> Parts {
            let login = proxy.auth.as_ref().map(|auth| {
                (auth.user.expose_secret().to_vec(), auth.password.expose_secret().to_vec())
            });
            let shown = format!("{proxy} {proxy:?}");
            Parts { shown, server: proxy.server.clone(), login }
        }

        pub(crate) fn parse_lenient(text: &str) -> Result<Parts, &'static str> {
            url::Proxy::parse_lenient(text).map(|proxy| parts(&proxy))
        }

        pub(crate) fn matches(list: &str, base_url: &BaseUrl) -> bool {
            no_proxy::matches(list, base_url)
        }

        /// Returns the debug form of the settings in a binary value.
        pub(crate) fn settings(value: &[u8]) -> Option<String> {
            system::parse(value).map(|settings| format!("{settings:?}"))
        }

        pub(crate) fn from_settings(
            base_url: &BaseUrl,
            servers: &str,
            exceptions: &str,
        ) -> Result<ProxyConfig, String> {
            system::from_settings(base_url, "the setting", servers, exceptions)
        }

        pub(crate) fn select(
            base_url: &BaseUrl,
            variable: impl Fn(&str) -> Option<OsString>,
        ) -> Result<ProxyConfig, String> {
            environment::select(base_url, variable)
        }
    }
}

use std::net::IpAddr;

use http::Uri;

use error::{ErrorKind, Outcome};
use transport::base_url::BaseUrl;
use transport::proxy::{self, Parts, ProxyConfig};

fn base_url(text: &str) -> Option<BaseUrl> {
    let url = match BaseUrl::parse(text) {
        Ok(url) => url,
        Err(error) => {
            use ErrorKind::{BaseUrlPort, BaseUrlScheme, BaseUrlSyntax, BaseUrlUserInfo};
            let kinds = [BaseUrlPort, BaseUrlScheme, BaseUrlSyntax, BaseUrlUserInfo];
            assert!(kinds.contains(&error.kind()), "{error}");
            assert_eq!(error.outcome(), Outcome::NotSent);
            assert!(error.message().starts_with("base_url "), "{error}");
            return None;
        }
    };
    // It is written as it was read.
    assert_eq!(BaseUrl::parse(&url.url("")).ok().as_ref(), Some(&url));
    // The HTTP library understands the same.
    let whole = url.url("/gateway/api/v1/x");
    assert!(whole.bytes().all(|byte| byte.is_ascii_graphic()), "{whole}");
    let uri: Uri = whole.parse().unwrap_or_else(|error| panic!("{whole}: {error}"));
    assert_eq!(uri.scheme_str(), Some(if url.is_https { "https" } else { "http" }));
    assert_eq!(uri.host().map(|host| host.trim_matches(['[', ']'])), Some(&*url.host));
    let default_port = if url.is_https { 443 } else { 80 };
    assert_eq!(uri.port_u16().unwrap_or(default_port), url.port);
    assert_eq!(uri.path(), format!("{}/gateway/api/v1/x", url.path_prefix));
    assert_eq!(uri.query(), None);
    assert!(!uri.authority().is_some_and(|authority| authority.as_str().contains('@')));
    assert!(!uri.path().split('/').skip(1).any(|part| matches!(part, "" | "." | "..")));
    assert!(transport::host_and_port(&url).ends_with(&format!(":{}", url.port)));
    let address = url.host.parse::<IpAddr>();
    assert_eq!(
        url.is_loopback(),
        address.map_or(url.host.eq_ignore_ascii_case("localhost"), |ip| ip.is_loopback())
    );
    Some(url)
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if let (b'%', [a, b, after @ ..]) = (first, rest) {
            let digit = |digit: &u8| (*digit as char).to_digit(16).unwrap() as u8;
            bytes.push(digit(a) << 4 | digit(b));
            rest = after;
        } else {
            bytes.push(*first);
        }
    }
    bytes
}

fn check_proxy(text: &str) {
    let config = ProxyConfig::parse(text);
    let lenient = proxy::parse_lenient(text);
    match (&config, &lenient) {
        (Ok(ProxyConfig::Direct), _) => assert_eq!(text, "direct"),
        (Ok(ProxyConfig::Through(proxy)), Ok(same)) => {
            assert_eq!(proxy::parts(proxy).shown, same.shown);
        }
        (Ok(_), _) => panic!("{text}"),
        (Err(_), Ok(_)) => assert!(!text.contains("://")),
        (Err(_), Err(_)) => {}
    }
    let Ok(Parts { shown, server, login }) = lenient else { return };
    let after_scheme = text.split_once("://").map_or(text, |(_, rest)| rest);
    let after_scheme = after_scheme.strip_suffix('/').unwrap_or(after_scheme);
    let (written, host) = match after_scheme.rsplit_once('@') {
        Some((login, host)) => (Some(login), host),
        None => (None, after_scheme),
    };
    let uri: Uri = format!("http://{host}").parse().unwrap_or_else(|e| panic!("{host}: {e}"));
    assert_eq!(uri.host().map(|host| host.trim_matches(['[', ']'])), Some(&*server.host));
    assert!(uri.port_u16().is_none_or(|port| port == server.port) && server.port > 0);
    assert_eq!(login.is_some(), written.is_some());
    if let (Some((user, password)), Some(written)) = (login, written) {
        let (written_user, written_password) = written.split_once(':').unwrap_or((written, ""));
        assert_eq!(
            (user, password),
            (percent_decoded(written_user), percent_decoded(written_password))
        );
        // Longer than anything else that is shown.
        if written_password.len() > 8 && !host.contains(written_password) {
            assert!(!shown.contains(written_password), "{shown}");
        }
    }
}

/// True if a list matches a host, by comparing labels and bits.
fn is_in(list: &str, host: &str, port: u16) -> bool {
    let host = host.trim_end_matches('.');
    list.split(|c: char| c == ',' || c.is_whitespace()).any(|entry| is_entry(entry, host, port))
}

fn is_entry(entry: &str, host: &str, port: u16) -> bool {
    let address: Option<IpAddr> = host.parse().ok();
    if entry == "*" {
        return true;
    }
    if let Some((network, bits)) = entry.split_once('/') {
        let (Some(address), Ok(network)) = (address, network.parse::<IpAddr>()) else {
            return false;
        };
        let Ok(bits) = bits.parse::<usize>() else { return false };
        let (address, network) = (bits_of(address), bits_of(network));
        return address.len() == network.len()
            && bits <= network.len()
            && address[..bits] == network[..bits];
    }
    let mut name = entry;
    if entry.parse::<IpAddr>().is_err()
        && !entry.ends_with(']')
        && let Some(colon) = entry.rfind(':')
    {
        if entry[colon + 1..].parse::<u16>().ok() != Some(port) {
            return false;
        }
        name = &entry[..colon];
    }
    if let Some(address) = address {
        return name.trim_matches(['[', ']']).parse::<IpAddr>() == Ok(address);
    }
    let name = name.strip_prefix('*').unwrap_or(name);
    let name = name.strip_prefix('.').unwrap_or(name);
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    let host = host.to_ascii_lowercase();
    let (name, host): (Vec<&str>, Vec<&str>) =
        (name.split('.').collect(), host.split('.').collect());
    name != [""] && host.ends_with(&name)
}

fn bits_of(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => format!("{:032b}", address.to_bits()),
        IpAddr::V6(address) => format!("{:0128b}", address.to_bits()),
    }
}

/// The variables, in the order of the lines of an input.
const NAMES: [&str; 9] = [
    "https_proxy",
    "HTTPS_PROXY",
    "http_proxy",
    "HTTP_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "no_proxy",
    "NO_PROXY",
    "REQUEST_METHOD",
];

fn check_environment(url: &BaseUrl, values: &[&str]) {
    let value = |name: &str| {
        let at = NAMES.iter().position(|known| *known == name)?;
        values.get(at).copied().filter(|value| !value.is_empty())
    };
    let result = proxy::select(url, |name| value(name).map(Into::into));
    if url.is_loopback() {
        assert!(matches!(result, Ok(ProxyConfig::Direct)));
        return;
    }
    if value("no_proxy").or(value("NO_PROXY")).is_some_and(|list| is_in(list, &url.host, url.port))
    {
        assert!(matches!(result, Ok(ProxyConfig::Direct)));
        return;
    }
    let is_cgi = value("REQUEST_METHOD").is_some();
    let names = match url.is_https {
        true => &NAMES[..2],
        false if is_cgi => &NAMES[2..3],
        false => &NAMES[2..4],
    };
    let used = names.iter().chain(&NAMES[4..6]).find_map(|name| Some((*name, value(name)?)));
    match (result, used) {
        (Ok(ProxyConfig::System), None) => {}
        (Ok(ProxyConfig::Through(proxy)), Some((_, value))) => {
            let Ok(expected) = proxy::parse_lenient(value) else { panic!("{value}") };
            assert_eq!(proxy::parts(&proxy).shown, expected.shown);
        }
        (Err(message), Some((name, value))) => {
            assert!(proxy::parse_lenient(value).is_err(), "{value}");
            assert!(message.starts_with(&format!("environment variable {name} ")), "{message}");
            assert!(value.len() < 20 || !message.contains(value), "{message}");
        }
        (result, used) => panic!("{result:?} {used:?}"),
    }
}

/// The value is a version, a counter, flags, and texts after their lengths.
fn check_binary_settings(value: &[u8]) {
    let number = |at: usize| {
        let bytes = value.get(at..at.checked_add(4)?)?;
        Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
    };
    let text = |at: usize| {
        let end = at.checked_add(4)?.checked_add(number(at)?)?;
        let text = String::from_utf8_lossy(value.get(at + 4..end)?).into_owned();
        Some((text.trim_matches(['\0', ' ']).to_owned(), end))
    };
    let settings = proxy::settings(value);
    let Some((flags, (servers, end))) = number(8).zip(text(12)) else {
        return assert_eq!(settings, None);
    };
    let servers = if flags & 2 == 0 { "" } else { &servers };
    let exceptions = text(end).unwrap_or_default().0;
    let start = format!("Settings {{ servers: {servers:?}, exceptions: {exceptions:?}, ");
    assert!(settings.as_ref().is_some_and(|s| s.starts_with(&start)), "{settings:?}, not {start}");
}

/// True if a pattern matches, letter by letter.
fn is_like(pattern: &[u8], text: &[u8]) -> bool {
    // For each start of the text, whether the pattern so far matches it.
    let mut matching = vec![false; text.len() + 1];
    matching[0] = true;
    for letter in pattern {
        if *letter == b'*' {
            let first = matching.iter().position(|is_match| *is_match).unwrap_or(text.len() + 1);
            (first..=text.len()).for_each(|at| matching[at] = true);
        } else {
            for at in (0..text.len()).rev() {
                matching[at + 1] = matching[at] && text[at] == *letter;
            }
            matching[0] = false;
        }
    }
    matching[text.len()]
}

fn check_settings(url: &BaseUrl, servers: &str, exceptions: &str) {
    let host = url.host.to_ascii_lowercase();
    let with_port = transport::host_and_port(url).to_ascii_lowercase();
    let is_direct = exceptions.split([';', ' ', '\t', '\r']).any(|entry| {
        let entry = entry.to_ascii_lowercase();
        let [pattern, host, with_port] = [&entry, &host, &with_port].map(|text| text.as_bytes());
        entry == "<local>" && !host.contains(&b'.') && !host.contains(&b':')
            || entry != "<local>" && (is_like(pattern, host) || is_like(pattern, with_port))
    });
    let entries = servers.split([';', ' ', '\t', '\r']).filter(|entry| !entry.is_empty());
    let of = |wanted: &str| {
        entries.clone().find_map(|entry| match entry.split_once('=') {
            None => Some(entry),
            Some((scheme, server)) => scheme.eq_ignore_ascii_case(wanted).then_some(server),
        })
    };
    let result = proxy::from_settings(url, servers, exceptions);
    let server = of(if url.is_https { "https" } else { "http" });
    match (result, server.map(proxy::parse_lenient)) {
        (Ok(ProxyConfig::Direct), None) => assert!(is_direct || of("socks").is_none()),
        (Ok(ProxyConfig::Direct), _) => assert!(is_direct),
        (Ok(ProxyConfig::Through(proxy)), Some(Ok(expected))) => {
            assert!(!is_direct && proxy::parts(&proxy).shown == expected.shown);
        }
        (Err(message), Some(Err(_))) => assert!(!is_direct && message.starts_with("the setting ")),
        (Err(message), None) => assert!(!is_direct && of("socks").is_some(), "{message}"),
        (result, _) => panic!("{result:?} of {servers}"),
    }
}

fuzz_target!(|data: &[u8]| {
    check_binary_settings(data);
    let Ok(text) = std::str::from_utf8(data) else { return };
    let lines: Vec<&str> = text.split('\n').collect();
    let url = base_url(lines[0]);
    // With line breaks in them.
    base_url(text);
    lines.iter().chain([&text]).for_each(|line| check_proxy(line));
    if let Some(url) = url {
        for list in [text].iter().chain(&lines[1..]) {
            assert_eq!(proxy::matches(list, &url), is_in(list, &url.host, url.port), "{list}");
        }
        check_environment(&url, &lines[1..]);
        let exceptions = lines.get(2).copied().unwrap_or_default();
        let is_plain = |text: &str| text.is_ascii() && !text.contains(['\x0b', '\x0c']);
        if let Some(servers) = lines.get(1).filter(|servers| is_plain(servers))
            && is_plain(exceptions)
        {
            check_settings(&url, servers, exceptions);
        }
    }
});
