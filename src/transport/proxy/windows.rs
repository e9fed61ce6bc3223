//! The proxy that Windows is set to: the current user's, with its exceptions. A script that finds
//! proxies (PAC) is not read.

use super::super::BaseUrl;
use super::{ProxyConfig, environment};

#[cfg(windows)]
pub(super) fn choose(origin: &BaseUrl) -> Result<ProxyConfig, String> {
    const KEY: &str = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings";
    let Ok(settings) = windows_registry::CURRENT_USER.open(KEY) else {
        return Ok(ProxyConfig::Direct);
    };
    if settings.get_u32("ProxyEnable").unwrap_or(0) == 0 {
        return Ok(ProxyConfig::Direct);
    }
    let text = |name| settings.get_string(name).unwrap_or_default();
    from_setting(origin, &text("ProxyServer"), &text("ProxyOverride"))
}

/// Chooses from a list of servers, `host:port` for all schemes or `https=host:port;...`, and a
/// list of exceptions.
fn from_setting(origin: &BaseUrl, servers: &str, exceptions: &str) -> Result<ProxyConfig, String> {
    let is_separator = |c: char| c == ';' || c.is_whitespace();
    if exceptions.split(is_separator).any(|entry| covers(entry, origin)) {
        return Ok(ProxyConfig::Direct);
    }
    let wanted = if origin.is_https { "https" } else { "http" };
    let server_of = |wanted: &str| {
        servers.split(is_separator).filter(|entry| !entry.is_empty()).find_map(|entry| {
            let (scheme, server) = entry.split_once('=').unwrap_or((wanted, entry));
            scheme.eq_ignore_ascii_case(wanted).then_some(server)
        })
    };
    match server_of(wanted) {
        Some(server) => environment::parse(server)
            .map(ProxyConfig::Through)
            .map_err(|wrong| format!("the proxy setting of Windows {wrong}")),
        // It is of version 4.
        None if server_of("socks").is_some() => {
            Err("the proxy setting of Windows names a SOCKS proxy only; set one as socks5://"
                .into())
        }
        None => Ok(ProxyConfig::Direct),
    }
}

fn covers(entry: &str, origin: &BaseUrl) -> bool {
    let host = origin.host.to_ascii_lowercase();
    match entry.to_ascii_lowercase().as_str() {
        "<local>" => !host.contains(['.', ':']),
        entry => {
            matches(entry, &host) || matches(entry, &origin.host_and_port().to_ascii_lowercase())
        }
    }
}

/// Whether a pattern, in which `*` stands for any text, matches all of a text.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(start) else { return false };
    let mut ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    ends.any(|at| matches(rest, &text[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings() {
        for (url, servers, exceptions, expected) in [
            ("https://acme.example", "proxy:8080", "", "proxy proxy:8080"),
            ("http://acme.example", "proxy:8080", "", "proxy proxy:8080"),
            ("https://acme.example", "http=a:1;https=b:2", "", "proxy b:2"),
            ("http://acme.example", "http=a:1;https=b:2", "", "proxy a:1"),
            ("https://acme.example", "HTTPS=http://b:2 ftp=c:3", "", "proxy b:2"),
            ("https://acme.example", "http=a:1", "", "direct"),
            ("https://acme.example", "", "", "direct"),
            ("https://acme.example", "socks=a:1", "", "names a SOCKS proxy only"),
            ("https://acme.example", "a:b", "", "of Windows has a port that"),
            ("https://acme.example", "https=", "", "of Windows has no valid host"),
            ("https://acme.example", "a:1", "<local>", "proxy a:1"),
            ("https://gateway", "a:1", "*.example;<local>", "direct"),
            ("https://[fd00::1]", "a:1", "<local>", "proxy a:1"),
            ("https://ACME.example", "a:1", "b;*.EXAMPLE", "direct"),
            ("https://acme.example", "a:1", "b.example acme.*", "direct"),
            ("https://acme.example", "a:1", "example", "proxy a:1"),
            ("https://acme.example:8443", "a:1", "*.example:8443", "direct"),
            ("https://10.0.0.1", "a:1", "10.*", "direct"),
            ("https://110.0.0.1", "a:1", "10.*", "proxy a:1"),
            ("https://acme.example", "a:1", "*c*e*.ex*", "direct"),
            ("https://acme.example", "a:1", "*", "direct"),
        ] {
            let chosen = match from_setting(&BaseUrl::parse(url).unwrap(), servers, exceptions) {
                Ok(ProxyConfig::Through(proxy)) => proxy.to_string(),
                Ok(_) => "direct".into(),
                Err(wrong) => wrong,
            };
            assert!(
                chosen.ends_with(expected) || chosen.contains(expected),
                "{servers} {exceptions}: {chosen}"
            );
        }
    }
}
