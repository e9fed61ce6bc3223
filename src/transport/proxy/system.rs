//! Selects the proxy from the Windows settings: those of the current user, with their exceptions,
//! or else the machine's. Detection and scripts take precedence, see `automatic.rs`.

use crate::transport::base_url::BaseUrl;

use super::automatic::AutoSettings;
use super::config::ProxyConfig;
use super::url::Proxy;

/// The proxy that Windows names.
pub(super) struct Selected {
    pub(super) auto: AutoSettings,
    /// Used if the automatic settings find nothing. An error is a message about a setting.
    pub(super) fixed: Result<ProxyConfig, String>,
}

/// The proxy settings of a user or of the machine.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Settings {
    /// Either `host:port` for all schemes or `https=host:port;...`. Empty if there is no proxy.
    servers: String,
    exceptions: String,
    auto: AutoSettings,
}

#[cfg(windows)]
pub(super) fn select(base_url: &BaseUrl) -> Selected {
    use windows_registry::{CURRENT_USER, Key, LOCAL_MACHINE};

    const KEY: &str = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings";
    const CONNECTIONS: &str =
        r"Software\Microsoft\Windows\CurrentVersion\Internet Settings\Connections";
    const POLICY: &str = r"Software\Policies\Microsoft\Windows\CurrentVersion\Internet Settings";
    /// KEY_READ and KEY_WOW64_64KEY: what 64-bit programs see, in a 32-bit process too. A 64-bit
    /// netsh writes only that.
    const READ_64: u32 = 0x2_0019 | 0x100;

    fn binary(key: windows_registry::Result<Key>, name: &str) -> Settings {
        let value = key.and_then(|key| key.get_value(name));
        value.ok().and_then(|value| parse(&value)).unwrap_or_default()
    }

    // "Make proxy settings per-machine (rather than per-user)", a group policy.
    let is_per_machine = LOCAL_MACHINE
        .open(POLICY)
        .is_ok_and(|policy| policy.get_u32("ProxySettingsPerUser").is_ok_and(|value| value == 0));
    let open = |path| match is_per_machine {
        true => LOCAL_MACHINE.options().access(READ_64).open(path),
        false => CURRENT_USER.open(path),
    };
    let mut user = binary(open(CONNECTIONS), "DefaultConnectionSettings");
    // These may be set without the binary value, which only Windows itself writes.
    if let Ok(settings) = open(KEY) {
        let text = |name| settings.get_string(name).unwrap_or_default();
        user.servers = match settings.get_u32("ProxyEnable") {
            Ok(0) | Err(_) => String::new(),
            Ok(_) => text("ProxyServer"),
        };
        user.exceptions = text("ProxyOverride");
        let script = text("AutoConfigURL");
        if !script.is_empty() {
            user.auto.script = Some(script);
        }
    }
    let machine = || {
        let own = binary(LOCAL_MACHINE.open(CONNECTIONS), "WinHttpSettings");
        if own != Settings::default() {
            return own;
        }
        let key = LOCAL_MACHINE.options().access(READ_64).open(CONNECTIONS);
        binary(key, "WinHttpSettings")
    };
    combine(base_url, &user, machine)
}

/// Selects the user's proxy, or else the machine's: a service has no settings of its own, because
/// nobody opens the Internet Options of LocalSystem.
fn combine(base_url: &BaseUrl, user: &Settings, machine: impl FnOnce() -> Settings) -> Selected {
    let (fixed, machine) = if user.servers.is_empty() {
        let machine = machine();
        let name = "the WinHTTP proxy setting (netsh winhttp)";
        let fixed = from_settings(base_url, name, &machine.servers, &machine.exceptions);
        (fixed, machine)
    } else {
        let name = "the Windows proxy setting";
        let fixed = from_settings(base_url, name, &user.servers, &user.exceptions);
        (fixed, Settings::default())
    };
    let auto = AutoSettings {
        has_detection: user.auto.has_detection || machine.auto.has_detection,
        script: user.auto.script.clone().or(machine.auto.script),
    };
    Selected { auto, fixed }
}

/// Parses `WinHttpSettings` or `DefaultConnectionSettings`: version, counter and flags, then
/// servers, exceptions and, in some versions, the URL of a script, each after its length. All
/// numbers have 32 bits, little endian. Microsoft does not document the format.
///
/// Returns `None` if the value ends before its servers do.
pub(super) fn parse(value: &[u8]) -> Option<Settings> {
    const PROXY: u32 = 2;
    const SCRIPT: u32 = 4;
    const DETECTION: u32 = 8;

    fn number(rest: &mut &[u8]) -> Option<u32> {
        let (bytes, after) = rest.split_first_chunk()?;
        *rest = after;
        Some(u32::from_le_bytes(*bytes))
    }
    fn text(rest: &mut &[u8]) -> Option<String> {
        let length = usize::try_from(number(rest)?).ok()?;
        let (text, after) = rest.split_at_checked(length)?;
        *rest = after;
        Some(String::from_utf8_lossy(text).trim_matches(['\0', ' ']).to_owned())
    }

    let rest = &mut value.get(8..)?;
    let flags = number(rest)?;
    let servers = text(rest)?;
    let exceptions = text(rest).unwrap_or_default();
    let script = text(rest).filter(|script| flags & SCRIPT != 0 && !script.is_empty());
    Some(Settings {
        servers: if flags & PROXY == 0 { String::new() } else { servers },
        exceptions,
        auto: AutoSettings { has_detection: flags & DETECTION != 0, script },
    })
}

/// Selects from a list of servers and a list of exceptions. `name` is the setting's in a message.
pub(super) fn from_settings(
    base_url: &BaseUrl,
    name: &str,
    servers: &str,
    exceptions: &str,
) -> Result<ProxyConfig, String> {
    if exceptions.split(is_separator).any(|entry| is_exception(entry, base_url)) {
        return Ok(ProxyConfig::Direct);
    }
    match servers_for(base_url, servers).next() {
        Some(server) => Proxy::parse_lenient(server)
            .map(ProxyConfig::Through)
            .map_err(|problem| format!("{name} {problem}")),
        None if servers_of("socks", servers).next().is_some() => {
            Err(format!("{name} {ONLY_SOCKS_4}"))
        }
        None => Ok(ProxyConfig::Direct),
    }
}

const ONLY_SOCKS_4: &str = "names only a SOCKS 4 proxy, which is not supported; configure a \
                            socks5:// proxy";

fn is_separator(c: char) -> bool {
    c == ';' || c.is_whitespace()
}

/// Returns those of a list of servers that are for this base URL.
fn servers_for<'a>(base_url: &BaseUrl, servers: &'a str) -> impl Iterator<Item = &'a str> {
    servers_of(if base_url.is_https { "https" } else { "http" }, servers)
}

/// Returns those for a scheme, or for all schemes.
fn servers_of<'a>(wanted: &'a str, servers: &'a str) -> impl Iterator<Item = &'a str> {
    servers.split(is_separator).filter(|entry| !entry.is_empty()).filter_map(move |entry| {
        let (scheme, server) = entry.split_once('=').unwrap_or((wanted, entry));
        scheme.eq_ignore_ascii_case(wanted).then_some(server)
    })
}

/// Selects the first valid proxy from the answer of a script, which is a list of servers.
///
/// # Errors
///
/// Why there is none. Follows the name of the script.
pub(super) fn first_supported(base_url: &BaseUrl, servers: &str) -> Result<Proxy, String> {
    let mut problem = None;
    for server in servers_for(base_url, servers) {
        match Proxy::parse_lenient(server) {
            Ok(proxy) => return Ok(proxy),
            Err(error) => problem = Some(error),
        }
    }
    Err(match problem {
        Some(problem) => format!("named a proxy that {problem}"),
        None if servers_of("socks", servers).next().is_some() => ONLY_SOCKS_4.to_owned(),
        None => "named no proxy for this base URL".to_owned(),
    })
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
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    // The first place of each part leaves most for the others.
    for part in middle.split('*') {
        let Some(at) = text.find(part) else { return false };
        text = &text[at + part.len()..];
    }
    text.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "the Windows proxy setting";

    fn shown(config: Result<ProxyConfig, String>) -> String {
        match config {
            Ok(ProxyConfig::Through(proxy)) => proxy.to_string(),
            Ok(_) => "direct".into(),
            Err(message) => message,
        }
    }

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
            ("https://acme.example", "a:1", "a*acme.example", "proxy a:1"),
            ("https://acme.example", "a:1", "*e*e*e", "direct"),
            ("https://acme.example", "a:1", "*e*e*e*e", "proxy a:1"),
            ("https://acme.example", "a:1", "*", "direct"),
            ("https://acme.example", "a:1", "**", "direct"),
        ] {
            let base_url = BaseUrl::parse(url).unwrap();
            let selected = shown(from_settings(&base_url, NAME, servers, exceptions));
            assert!(selected.contains(expected), "{servers} {exceptions}: {selected}");
        }
    }

    #[test]
    fn a_pattern_of_many_parts_is_matched_in_linear_time() {
        let text = "a".repeat(253);
        assert!(matches(&"a*".repeat(100), &text));
        // Trying each part at each place would take years.
        assert!(!matches(&("a*".repeat(100) + "b"), &text));
    }

    /// A binary value with these texts, each after its length.
    fn binary(flags: u32, texts: &[&str]) -> Vec<u8> {
        let mut value = vec![0x28, 0, 0, 0, 7, 0, 0, 0];
        value.extend(flags.to_le_bytes());
        for text in texts {
            value.extend(u32::try_from(text.len()).unwrap().to_le_bytes());
            value.extend(text.as_bytes());
        }
        value
    }

    fn manual(servers: &str, exceptions: &str) -> Settings {
        Settings { servers: servers.into(), exceptions: exceptions.into(), ..Settings::default() }
    }

    #[test]
    fn the_binary_settings_are_parsed() {
        let url = "http://acme.example/proxy.pac";
        let auto = |has_detection, script: Option<&str>| AutoSettings {
            has_detection,
            script: script.map(str::to_owned),
        };
        let script = Settings { auto: auto(false, Some(url)), ..Settings::default() };
        let detection = Settings { auto: auto(true, None), ..Settings::default() };
        for (value, expected) in [
            // As Windows writes it for a direct connection.
            (binary(1, &["", ""]), Settings::default()),
            (binary(3, &["proxy:8080", "<local>;*.corp"]), manual("proxy:8080", "<local>;*.corp")),
            (binary(3, &["http=a:1;https=b:2", ""]), manual("http=a:1;https=b:2", "")),
            (binary(3, &["proxy:8080\0", "\0"]), manual("proxy:8080", "")),
            (binary(3, &["proxy:8080"]), manual("proxy:8080", "")),
            (binary(3, &["proxy:8080", "", "", "", ""]), manual("proxy:8080", "")),
            // Servers that are switched off.
            (binary(1, &["proxy:8080", ""]), Settings::default()),
            (binary(5, &["", "", url]), script),
            // A script without a URL, and one that is switched off.
            (binary(5, &["", "", ""]), Settings::default()),
            (binary(1, &["", "", url]), Settings::default()),
            (binary(9, &["", "", ""]), detection),
            (
                binary(15, &["proxy:8080", "", url]),
                Settings { auto: auto(true, Some(url)), ..manual("proxy:8080", "") },
            ),
        ] {
            assert_eq!(parse(&value), Some(expected), "{value:?}");
        }
    }

    #[test]
    fn no_binary_value_is_read_beyond_its_end() {
        let value = binary(15, &["proxy:8080", "<local>", "http://acme.example/proxy.pac"]);
        for end in 0..=value.len() {
            let parsed = parse(&value[..end]);
            assert_eq!(parsed.is_some(), end >= 16 + "proxy:8080".len(), "{end}");
        }
        for length in [11, 0x7FFF_FFFF, u32::MAX] {
            let mut value = binary(3, &["proxy:8080"]);
            value[12..16].copy_from_slice(&length.to_le_bytes());
            assert_eq!(parse(&value), None, "{length}");
        }
        let mut value = binary(3, &["pr\u{FFFD}xy", ""]);
        value[18..21].fill(0xFF);
        let settings = parse(&value).unwrap();
        let base_url = BaseUrl::parse("https://acme.example").unwrap();
        let message = shown(from_settings(&base_url, NAME, &settings.servers, ""));
        assert!(message.contains("has a host that is not ASCII"), "{message}");
    }

    #[test]
    fn the_machines_proxy_is_used_if_the_user_has_none() {
        let direct = || binary(1, &["", ""]);
        let script = |url: &str| binary(5, &["", "", url]);
        let detection = || binary(9, &["", "", ""]);
        let proxy = |servers: &str| binary(3, &[servers, "*.corp"]);
        let none = (false, "");
        for (user, machine, expected, auto) in [
            (direct(), direct(), "direct", none),
            (direct(), proxy("m:1"), "proxy m:1", none),
            (Vec::new(), proxy("m:1"), "proxy m:1", none),
            (proxy("u:1"), proxy("m:1"), "proxy u:1", none),
            // A setting for another scheme is a setting.
            (proxy("http=u:1"), proxy("m:1"), "direct", none),
            (
                direct(),
                proxy("m:x"),
                "the WinHTTP proxy setting (netsh winhttp) has an invalid port",
                none,
            ),
            (proxy("u:x"), proxy("m:1"), "the Windows proxy setting has an invalid port", none),
            (script("u"), direct(), "direct", (false, "u")),
            (direct(), script("m"), "direct", (false, "m")),
            (script("u"), script("m"), "direct", (false, "u")),
            (script("u"), proxy("m:1"), "proxy m:1", (false, "u")),
            (proxy("u:1"), script("m"), "proxy u:1", none),
            (binary(7, &["u:1", "", "u"]), direct(), "proxy u:1", (false, "u")),
            (binary(13, &["", "", "u"]), direct(), "direct", (true, "u")),
            (detection(), direct(), "direct", (true, "")),
            (detection(), script("m"), "direct", (true, "m")),
            (direct(), detection(), "direct", (true, "")),
            (detection(), proxy("m:1"), "proxy m:1", (true, "")),
            (binary(11, &["u:1", ""]), direct(), "proxy u:1", (true, "")),
            (
                binary(7, &["u:x", "", "s"]),
                direct(),
                "the Windows proxy setting has an invalid port",
                (false, "s"),
            ),
        ] {
            let settings = |value: &[u8]| parse(value).unwrap_or_default();
            let base_url = BaseUrl::parse("https://acme.example").unwrap();
            let selected = combine(&base_url, &settings(&user), || settings(&machine));
            let fixed = shown(selected.fixed);
            assert!(fixed.starts_with(expected), "{user:?} {machine:?}: {fixed}");
            let AutoSettings { has_detection, script } = selected.auto;
            let script = script.unwrap_or_default();
            assert_eq!((has_detection, &*script), auto, "{user:?} {machine:?}");
        }
    }

    #[test]
    fn the_first_valid_proxy_of_a_script_is_used() {
        for (url, servers, expected) in [
            ("https://acme.example", "a:1", "proxy a:1"),
            ("https://acme.example", "a:1;b:2", "proxy a:1"),
            ("https://acme.example", " a:x; b:2 c:3", "proxy b:2"),
            ("https://acme.example", "http=a:1;https=b:2", "proxy b:2"),
            ("http://acme.example", "http=a:1;https=b:2", "proxy a:1"),
            ("https://acme.example", "socks=a:1;b:2", "proxy b:2"),
            ("https://acme.example", "https://a:1", "proxy a:1"),
            ("https://acme.example", "[::1]:1", "proxy [::1]:1"),
            ("https://acme.example", "a", "proxy a:80"),
            ("https://acme.example", "socks=a:1", "names only a SOCKS 4 proxy"),
            ("https://acme.example", "", "named no proxy for this base URL"),
            ("https://acme.example", "http=a:1", "named no proxy for this base URL"),
            ("https://acme.example", "http=a:1;socks=b:1", "names only a SOCKS 4 proxy"),
            ("https://acme.example", "a:x;b:99999", "named a proxy that has a port out of range"),
            ("https://acme.example", "pr\u{FFFD}xy:1", "named a proxy that has a host that is not"),
        ] {
            let proxy = first_supported(&BaseUrl::parse(url).unwrap(), servers);
            let shown = proxy.map_or_else(|problem| problem, |proxy| proxy.to_string());
            assert!(shown.starts_with(expected), "{servers}: {shown}");
        }
    }

    #[test]
    fn each_list_of_servers_has_its_own_exceptions() {
        let user = manual("u:1", "*.user");
        let machine = || manual("m:1", "*.machine");
        let none = manual("", "*.machine");
        for (url, settings, expected) in [
            ("https://acme.user", &user, "direct"),
            ("https://acme.machine", &user, "proxy u:1"),
            ("https://acme.machine", &none, "direct"),
            ("https://acme.user", &none, "proxy m:1"),
        ] {
            let selected = combine(&BaseUrl::parse(url).unwrap(), settings, machine);
            assert_eq!(shown(selected.fixed), expected, "{url}");
        }
    }
}
