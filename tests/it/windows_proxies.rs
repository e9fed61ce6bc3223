//! The proxy settings of Windows. The tests change them for the whole machine, so they only run if
//! they are asked for, one after the other: `--ignored --test-threads=1`.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use luma::Outcome::NotSent;
use luma::{Client, Config, ErrorKind as E, LogLevel};
use windows_registry::{CURRENT_USER, Key, LOCAL_MACHINE, Type};

use crate::support::tls::{TapServer, read_request};
use crate::support::{config, trigger};

const SETTINGS: &str = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings";
const POLICY: &str = r"Software\Policies\Microsoft\Windows\CurrentVersion\Internet Settings";
/// KEY_WOW64_64KEY: what 64-bit programs see, in a 32-bit process too.
const IN_64_BITS: u32 = 0x100;
const ZONES: [u32; 2] = [0, IN_64_BITS];

fn open(parent: &Key, path: &str, access: u32) -> Key {
    parent.options().create().read().write().access(access).open(path).unwrap()
}

fn connections(parent: &Key, access: u32) -> Key {
    open(parent, &format!(r"{SETTINGS}\Connections"), access)
}

/// Removes all settings, before and after a test.
struct NoSettings;

impl NoSettings {
    fn new() -> Self {
        // On a real machine, this would delete somebody's settings.
        assert!(CURRENT_USER.open(r"Software\Wine").is_ok(), "this is not Wine");
        Self::remove();
        NoSettings
    }

    fn remove() {
        for access in ZONES {
            for parent in [CURRENT_USER, LOCAL_MACHINE] {
                let key = open(parent, SETTINGS, access);
                for name in ["ProxyEnable", "ProxyServer", "ProxyOverride", "AutoConfigURL"] {
                    let _ = key.remove_value(name);
                }
                for name in ["DefaultConnectionSettings", "WinHttpSettings"] {
                    let _ = connections(parent, access).remove_value(name);
                }
            }
        }
        let _ = open(LOCAL_MACHINE, POLICY, 0).remove_value("ProxySettingsPerUser");
    }
}

impl Drop for NoSettings {
    fn drop(&mut self) {
        Self::remove();
    }
}

/// The value that netsh writes.
fn binary(flags: u32, servers: &str, exceptions: &str) -> Vec<u8> {
    let mut value = vec![0x18, 0, 0, 0, 0, 0, 0, 0];
    value.extend(flags.to_le_bytes());
    for text in [servers, exceptions] {
        value.extend((text.len() as u32).to_le_bytes());
        value.extend(text.as_bytes());
    }
    value
}

/// A proxy that opens no tunnel, but says who it is.
fn proxy(status: u16) -> (TapServer, String) {
    let server = TapServer::start(move |tap| {
        if read_request(tap).is_some() {
            let _ = write!(tap, "HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n");
        }
    });
    let name = format!("127.0.0.1:{}", server.port);
    (server, name)
}

/// The kind and message of a call that fails, and the lines at level WARN.
fn failure(host: &str) -> (E, String, Vec<String>) {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let collected = lines.clone();
    let mut config: Config = config(&format!("https://{host}"));
    config.set_connect_timeout(Duration::from_secs(5)).unwrap().set_retries(false);
    config.set_log(LogLevel::Warn, move |level, line| {
        if level == LogLevel::Warn {
            collected.lock().unwrap().push(line.to_owned());
        }
    });
    let client = Client::with_config(&config).unwrap();
    let errors = [trigger(&client).unwrap_err(), trigger(&client).unwrap_err()];
    assert!(errors.iter().all(|error| error.outcome() == NotSent));
    let [error, _] = errors;
    println!("{error}");
    let lines = lines.lock().unwrap().clone();
    (error.kind(), error.message().to_owned(), lines)
}

#[track_caller]
fn assert_through(host: &str, status: u16) {
    let (kind, message, _) = failure(host);
    assert_eq!(kind, E::ProxyFailed, "{message}");
    assert!(message.contains(&format!("refused a tunnel to {host}")), "{message}");
    assert!(message.contains(&format!("({status})")), "{message}");
}

#[test]
#[ignore = "changes the machine's proxy setting"]
fn a_service_uses_the_proxy_of_the_machine() {
    let _none = NoSettings::new();
    let (_machine, machine) = proxy(501);
    let (_user, user) = proxy(502);
    for access in ZONES {
        let key = connections(LOCAL_MACHINE, access);
        let value = binary(3, &machine, "*.direct.invalid;<local>");
        key.set_bytes("WinHttpSettings", Type::Bytes, &value).unwrap();
        assert_through("gateway.invalid", 501);
        let (kind, message, _) = failure("gateway.direct.invalid");
        assert_eq!(kind, E::Dns, "{message}");

        let settings = open(CURRENT_USER, SETTINGS, 0);
        settings.set_string("ProxyServer", &user).unwrap();
        for (is_enabled, status) in [(1, 502), (0, 501)] {
            settings.set_u32("ProxyEnable", is_enabled).unwrap();
            assert_through("gateway.invalid", status);
        }
        NoSettings::remove();
    }
    // Damaged values.
    for value in [&[0x18][..], &binary(3, &machine, "")[..20]] {
        let key = connections(LOCAL_MACHINE, 0);
        key.set_bytes("WinHttpSettings", Type::Bytes, value).unwrap();
        assert_eq!(failure("gateway.invalid").0, E::Dns);
    }
}

#[test]
#[ignore = "changes the machine's proxy setting"]
fn the_policy_for_one_setting_per_machine_applies() {
    let _none = NoSettings::new();
    let (_machine, machine) = proxy(501);
    let (_user, user) = proxy(502);
    for (parent, server) in [(LOCAL_MACHINE, machine), (CURRENT_USER, user)] {
        let settings = open(parent, SETTINGS, IN_64_BITS);
        settings.set_string("ProxyServer", &server).unwrap();
        settings.set_u32("ProxyEnable", 1).unwrap();
    }
    assert_through("gateway.invalid", 502);
    open(LOCAL_MACHINE, POLICY, 0).set_u32("ProxySettingsPerUser", 0).unwrap();
    assert_through("gateway.invalid", 501);
}

#[test]
#[ignore = "changes the machine's proxy setting"]
fn a_script_is_reported_once_per_client_and_in_the_message() {
    let _none = NoSettings::new();
    let (_, message, lines) = failure("gateway.invalid");
    assert!(lines.is_empty() && !message.contains("Windows"), "{message}: {lines:?}");

    let detection = binary(9, "", "");
    let key = connections(CURRENT_USER, 0);
    key.set_bytes("DefaultConnectionSettings", Type::Bytes, &detection).unwrap();
    let (kind, message, lines) = failure("gateway.invalid");
    assert_eq!(kind, E::Dns);
    assert!(message.contains("; Windows is configured to detect its proxy"), "{message}");
    assert!(lines.is_empty(), "{lines:?}");

    let settings = open(CURRENT_USER, SETTINGS, 0);
    settings.set_string("AutoConfigURL", "http://wpad.invalid/proxy.pac").unwrap();
    let (kind, message, lines) = failure("gateway.invalid");
    assert_eq!(kind, E::Dns);
    let says = "Windows is configured to find its proxy with a PAC script";
    assert!(message.contains(&format!("; {says}")), "{message}");
    assert!(matches!(&lines[..], [line] if line.starts_with(says)), "{lines:?}");
    // Not for a gateway that no system proxy is used for.
    let (_, message, lines) = failure("127.0.0.1:9");
    assert!(lines.is_empty() && !message.contains("Windows"), "{message}: {lines:?}");
}
