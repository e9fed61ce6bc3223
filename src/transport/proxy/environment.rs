//! Selects the proxy from environment variables, the same ones as curl.

use std::ffi::OsString;

use zeroize::Zeroizing;

use crate::transport::base_url::BaseUrl;

use super::config::ProxyConfig;
use super::no_proxy;
use super::url::Proxy;

/// Returns [`ProxyConfig::System`] if no variable applies. `variable` returns the value of one.
///
/// # Errors
///
/// A message about a variable that is not a valid proxy. Ignoring it would bypass the proxy that
/// was meant.
pub(super) fn select(
    base_url: &BaseUrl,
    variable: impl Fn(&str) -> Option<OsString>,
) -> Result<ProxyConfig, String> {
    // To a proxy, a loopback address is the proxy's own machine, but the token may be sent to a
    // loopback host over plain HTTP.
    if base_url.is_loopback() {
        return Ok(ProxyConfig::Direct);
    }
    let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
    let no_proxy = ["no_proxy", "NO_PROXY"].into_iter().find_map(variable);
    if no_proxy.is_some_and(|list| no_proxy::matches(&list.to_string_lossy(), base_url)) {
        return Ok(ProxyConfig::Direct);
    }
    // In a CGI program, HTTP_PROXY contains the `Proxy:` header of an untrusted request
    // (https://httpoxy.org). On Windows, http_proxy is the same variable: case does not matter.
    let is_cgi = variable("REQUEST_METHOD").is_some();
    let names: &[&str] = match base_url.is_https {
        true => &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
        false if !is_cgi => &["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"],
        false if cfg!(windows) => &["all_proxy", "ALL_PROXY"],
        false => &["http_proxy", "all_proxy", "ALL_PROXY"],
    };
    let Some((name, value)) = names.iter().find_map(|&name| Some((name, variable(name)?))) else {
        return Ok(ProxyConfig::System);
    };
    let invalid = |problem: &str| format!("environment variable {name} {problem}");
    let value = value.into_string().map_err(|_| invalid("is not valid UTF-8"))?;
    let value = Zeroizing::new(value);
    Proxy::parse_lenient(&value).map(ProxyConfig::Through).map_err(invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the selected proxy, "direct", "system" or the error.
    fn selected(url: &str, variables: &[(&str, &str)]) -> String {
        let find = |name: &str| variables.iter().find(|variable| variable.0 == name);
        let variable = |name: &str| find(name).map(|variable| variable.1.into());
        match select(&BaseUrl::parse(url).unwrap(), variable) {
            Ok(ProxyConfig::Through(proxy)) => proxy.to_string(),
            Ok(ProxyConfig::Direct) => "direct".into(),
            Ok(ProxyConfig::System) => "system".into(),
            Err(message) => message,
        }
    }

    const HTTPS: &str = "https://acme.example";
    const HTTP: &str = "http://acme.example";

    #[test]
    fn variables_are_read_in_curls_order() {
        for (url, variables, expected) in [
            (HTTPS, &[][..], "system"),
            (HTTPS, &[("https_proxy", "http://a:1")], "proxy a:1"),
            (HTTPS, &[("HTTPS_PROXY", "http://a:1")], "proxy a:1"),
            (HTTPS, &[("HTTPS_PROXY", "http://a:1"), ("https_proxy", "http://b:2")], "proxy b:2"),
            (HTTPS, &[("HTTPS_PROXY", "http://a:1"), ("https_proxy", "")], "proxy a:1"),
            (HTTPS, &[("http_proxy", "http://a:1"), ("HTTP_PROXY", "http://a:1")], "system"),
            (HTTPS, &[("all_proxy", "http://a:1"), ("https_proxy", "http://b:2")], "proxy b:2"),
            (HTTPS, &[("ALL_PROXY", "socks5h://a")], "proxy a:1080"),
            (HTTPS, &[("ALL_PROXY", "a:1"), ("all_proxy", "b:2")], "proxy b:2"),
            (HTTPS, &[("https_proxy", "u:p@a:1/")], "proxy a:1"),
            (HTTPS, &[("https_proxy", "a")], "proxy a:80"),
            (HTTP, &[("https_proxy", "http://a:1"), ("HTTPS_PROXY", "http://a:1")], "system"),
            (HTTP, &[("http_proxy", "http://a:1")], "proxy a:1"),
            (HTTP, &[("HTTP_PROXY", "http://a:1")], "proxy a:1"),
            (HTTP, &[("HTTP_PROXY", "http://a:1"), ("REQUEST_METHOD", "GET")], "system"),
            (HTTP, &[("all_proxy", "http://a:1"), ("REQUEST_METHOD", "GET")], "proxy a:1"),
            (HTTPS, &[("HTTPS_PROXY", "http://a:1"), ("REQUEST_METHOD", "GET")], "proxy a:1"),
            (HTTPS, &[("https_proxy", "a:1"), ("no_proxy", "acme.example")], "direct"),
            (HTTPS, &[("https_proxy", "a:1"), ("NO_PROXY", "*")], "direct"),
            (HTTPS, &[("https_proxy", "a:1"), ("NO_PROXY", "*"), ("no_proxy", "b")], "proxy a:1"),
            (HTTPS, &[("https_proxy", "a:1"), ("NO_PROXY", "")], "proxy a:1"),
            // The system's setting does not override NO_PROXY.
            (HTTPS, &[("NO_PROXY", "acme.example")], "direct"),
            ("https://127.0.0.1", &[("https_proxy", "a:1")], "direct"),
            ("http://LOCALHOST:8080", &[("http_proxy", "a:1")], "direct"),
            ("http://[::1]", &[("all_proxy", "ftp://")], "direct"),
        ] {
            assert_eq!(selected(url, variables), expected, "{url} {variables:?}");
        }
        let cgi = [("http_proxy", "http://a:1"), ("REQUEST_METHOD", "GET")];
        assert_eq!(selected(HTTP, &cgi), if cfg!(windows) { "system" } else { "proxy a:1" });
    }

    #[test]
    fn an_error_names_the_invalid_variable_and_shows_no_password() {
        for (name, value, expected) in [
            ("https_proxy", "ftp://a", "an unsupported scheme"),
            ("HTTPS_PROXY", "http://u:s3cr3t@", "has no host"),
            ("all_proxy", "u:s3cr3t@a:99999", "has a port out of range"),
            ("ALL_PROXY", "http://u:s3cr3t@x@a", "not percent-encoded"),
        ] {
            // A valid proxy in another variable is not used instead.
            let message = selected(HTTPS, &[(name, value), ("http_proxy", "http://a:1")]);
            assert!(message.contains(expected), "{name} {value}: {message}");
            assert!(message.starts_with(&format!("environment variable {name} has ")), "{message}");
            assert!(!message.contains("s3cr3t"), "{message}");
        }
    }

    #[test]
    fn direct_is_a_host_name_in_a_variable() {
        assert_eq!(selected(HTTPS, &[("https_proxy", "direct")]), "proxy direct:80");
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_not_utf_8_is_named() {
        use std::os::unix::ffi::OsStringExt;

        let base_url = BaseUrl::parse(HTTPS).unwrap();
        let variable = |name: &str| (name == "https_proxy").then(|| OsString::from_vec(vec![0xC3]));
        let message = select(&base_url, variable).unwrap_err();
        assert_eq!(message, "environment variable https_proxy is not valid UTF-8");
    }
}
