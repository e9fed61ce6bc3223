//! Selects the proxy from the Windows settings of the current user, with their exceptions. Proxy
//! auto-config (PAC) scripts are not evaluated.

use crate::transport::base_url::BaseUrl;

use super::config::ProxyConfig;
use super::url::Proxy;

#[cfg(windows)]
pub(super) fn select(base_url: &BaseUrl) -> Result<ProxyConfig, String> {
    const KEY: &str = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings";
    let Ok(settings) = windows_registry::CURRENT_USER.open(KEY) else {
        return Ok(ProxyConfig::Direct);
    };
    if settings.get_u32("ProxyEnable").unwrap_or(0) == 0 {
        return Ok(ProxyConfig::Direct);
    }
    let text = |name| settings.get_string(name).unwrap_or_default();
    from_settings(base_url, &text("ProxyServer"), &text("ProxyOverride"))
}

/// Selects from a list of servers, either `host:port` for all schemes or `https=host:port;...`, and
/// a list of exceptions.
fn from_settings(
    base_url: &BaseUrl,
    servers: &str,
    exceptions: &str,
) -> Result<ProxyConfig, String> {
    let is_separator = |c: char| c == ';' || c.is_whitespace();
    if exceptions.split(is_separator).any(|entry| is_exception(entry, base_url)) {
        return Ok(ProxyConfig::Direct);
    }
    let server_for = |wanted: &str| {
        servers.split(is_separator).filter(|entry| !entry.is_empty()).find_map(|entry| {
            let (scheme, server) = entry.split_once('=').unwrap_or((wanted, entry));
            scheme.eq_ignore_ascii_case(wanted).then_some(server)
        })
    };
    match server_for(if base_url.is_https { "https" } else { "http" }) {
        Some(server) => Proxy::parse_lenient(server)
            .map(ProxyConfig::Through)
            .map_err(|problem| format!("the Windows proxy setting {problem}")),
        None if server_for("socks").is_some() => {
            Err("the Windows proxy setting names only a SOCKS 4 proxy, which is not supported; \
                 configure a socks5:// proxy"
                .into())
        }
        None => Ok(ProxyConfig::Direct),
    }
}

fn is_exception(entry: &str, base_url: &BaseUrl) -> bool {
    let host = base_url.host.to_ascii_lowercase();
    match entry.to_ascii_lowercase().as_str() {
        "<local>" => !host.contains(['.', ':']),
        entry => {
            matches(entry, &host) || matches(entry, &base_url.host_and_port().to_ascii_lowercase())
        }
    }
}

/// True if a pattern matches the complete text. `*` matches any text, even an empty one.
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
    fn servers_are_selected_by_scheme_and_exceptions_are_direct() {
        for (url, servers, exceptions, expected) in [
            ("https://acme.example", "proxy:8080", "", "proxy proxy:8080"),
            ("http://acme.example", "proxy:8080", "", "proxy proxy:8080"),
            ("https://acme.example", "http=a:1;https=b:2", "", "proxy b:2"),
            ("http://acme.example", "http=a:1;https=b:2", "", "proxy a:1"),
            ("https://acme.example", "HTTPS=http://b:2 ftp=c:3", "", "proxy b:2"),
            ("https://acme.example", "http=a:1", "", "direct"),
            ("https://acme.example", "", "", "direct"),
            ("https://acme.example", "socks=a:1", "", "names only a SOCKS 4 proxy"),
            ("https://acme.example", "a:b", "", "Windows proxy setting has an invalid port"),
            ("https://acme.example", "https=", "", "Windows proxy setting is empty"),
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
            let base_url = BaseUrl::parse(url).unwrap();
            let selected = match from_settings(&base_url, servers, exceptions) {
                Ok(ProxyConfig::Through(proxy)) => proxy.to_string(),
                Ok(_) => "direct".into(),
                Err(message) => message,
            };
            assert!(selected.contains(expected), "{servers} {exceptions}: {selected}");
        }
    }
}
