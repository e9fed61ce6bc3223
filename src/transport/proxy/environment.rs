//! The proxy that the environment names, by the variables that curl reads.

use std::ffi::OsString;

use zeroize::Zeroizing;

use super::super::BaseUrl;
use super::{Proxy, ProxyConfig, no_proxy};

/// Chooses from variables; [`ProxyConfig::System`] if they say nothing.
///
/// # Errors
///
/// A sentence on the variable that holds no proxy. Without one, a connection past the proxy would
/// go where it was not meant to go.
pub(super) fn choose(
    origin: &BaseUrl,
    variable: impl Fn(&str) -> Option<OsString>,
) -> Result<ProxyConfig, String> {
    // A loopback address is another machine behind a proxy, and the token may be sent there
    // readable because it is this one.
    if origin.is_loopback() {
        return Ok(ProxyConfig::Direct);
    }
    let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
    let exceptions = ["no_proxy", "NO_PROXY"].into_iter().find_map(variable);
    if exceptions.is_some_and(|list| no_proxy::matches(&list.to_string_lossy(), origin)) {
        return Ok(ProxyConfig::Direct);
    }
    // In a CGI program HTTP_PROXY is what a stranger wrote as `Proxy:` into a request
    // (https://httpoxy.org). Windows does not tell it from http_proxy.
    let is_cgi = variable("REQUEST_METHOD").is_some();
    let names: &[&str] = match origin.is_https {
        true => &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
        false if !is_cgi => &["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"],
        false if cfg!(windows) => &["all_proxy", "ALL_PROXY"],
        false => &["http_proxy", "all_proxy", "ALL_PROXY"],
    };
    let Some((name, value)) = names.iter().find_map(|&name| Some((name, variable(name)?))) else {
        return Ok(ProxyConfig::System);
    };
    let wrong = |wrong: &str| format!("the environment's {name} {wrong}");
    let value = value.into_string().map_err(|_| wrong("is not valid UTF-8"))?;
    let value = Zeroizing::new(value);
    parse(&value).map(ProxyConfig::Through).map_err(wrong)
}

/// A proxy whose scheme may be left out.
pub(super) fn parse(text: &str) -> Result<Proxy, &'static str> {
    if text.contains("://") {
        return Proxy::parse(text);
    }
    Proxy::parse(&Zeroizing::new(["http://", text].concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is chosen for a URL: a proxy, "direct", "system", or what is wrong.
    fn chosen(url: &str, variables: &[(&str, &str)]) -> String {
        let find = |name: &str| variables.iter().find(|variable| variable.0 == name);
        let variable = |name: &str| find(name).map(|variable| variable.1.into());
        match choose(&BaseUrl::parse(url).unwrap(), variable) {
            Ok(ProxyConfig::Through(proxy)) => proxy.to_string(),
            Ok(ProxyConfig::Direct) => "direct".into(),
            Ok(ProxyConfig::System) => "system".into(),
            Err(wrong) => wrong,
        }
    }

    const HTTPS: &str = "https://acme.example";
    const HTTP: &str = "http://acme.example";

    #[test]
    fn variables() {
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
            // The system's setting does not override it.
            (HTTPS, &[("NO_PROXY", "acme.example")], "direct"),
            ("https://127.0.0.1", &[("https_proxy", "a:1")], "direct"),
            ("http://LOCALHOST:8080", &[("http_proxy", "a:1")], "direct"),
            ("http://[::1]", &[("all_proxy", "ftp://")], "direct"),
        ] {
            assert_eq!(chosen(url, variables), expected, "{url} {variables:?}");
        }
        let cgi = [("http_proxy", "http://a:1"), ("REQUEST_METHOD", "GET")];
        assert_eq!(chosen(HTTP, &cgi), if cfg!(windows) { "system" } else { "proxy a:1" });
    }

    #[test]
    fn a_variable_that_holds_no_proxy_is_named() {
        for (name, value, says) in [
            ("https_proxy", "ftp://a", "a scheme other than"),
            ("HTTPS_PROXY", "http://u:s3cr3t@", "no valid host"),
            ("all_proxy", "u:s3cr3t@a:99999", "a port that"),
            ("ALL_PROXY", "http://u:s3cr3t@x@a", "not percent-encoded"),
            ("https_proxy", "direct", "proxy direct:80"),
        ] {
            // A proxy of the other variables does not take its place.
            let wrong = chosen(HTTPS, &[(name, value), ("http_proxy", "http://a:1")]);
            assert!(wrong.contains(says), "{name} {value}: {wrong}");
            assert!(
                wrong.starts_with(&format!("the environment's {name} has ")) || value == "direct"
            );
            assert!(!wrong.contains("s3cr3t"), "{wrong}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_no_text_is_named() {
        use std::os::unix::ffi::OsStringExt;

        let origin = BaseUrl::parse(HTTPS).unwrap();
        let variable = |name: &str| (name == "https_proxy").then(|| OsString::from_vec(vec![0xC3]));
        let wrong = choose(&origin, variable).unwrap_err();
        assert_eq!(wrong, "the environment's https_proxy is not valid UTF-8");
    }
}
