//! The proxy settings of Windows. The tests change them for the whole machine, so they only run if
//! they are asked for, one after the other: `--ignored --test-threads=1`.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant};

use luma::Outcome::NotSent;
use luma::{Client, Config, ErrorKind as E, LogLevel};
use windows_registry::{CURRENT_USER, Key, LOCAL_MACHINE, Type};

use crate::support::tls::{Tap, TapServer, read_request};
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

/// A server of one PAC script.
struct ScriptServer {
    _server: TapServer,
    url: String,
    downloads: Arc<AtomicUsize>,
}

impl ScriptServer {
    fn start(serve: impl Fn(&mut Tap) + Send + Sync + 'static) -> Self {
        let downloads = Arc::<AtomicUsize>::default();
        let counted = downloads.clone();
        let server = TapServer::start(move |tap| {
            if read_request(tap).is_some() {
                counted.fetch_add(1, Ordering::SeqCst);
                serve(tap);
            }
        });
        let url = format!("http://127.0.0.1:{}/proxy.pac", server.port);
        ScriptServer { _server: server, url, downloads }
    }

    fn downloads(&self) -> usize {
        self.downloads.load(Ordering::SeqCst)
    }
}

/// Serves a script whose function has this body.
fn script(body: &str) -> ScriptServer {
    let body = body.to_owned();
    ScriptServer::start(move |tap| send_script(tap, &body))
}

fn send_script(tap: &mut Tap, body: &str) {
    let script = format!("function FindProxyForURL(url, host) {{ {body} }}");
    let _ = write!(
        tap,
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-ns-proxy-autoconfig\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{script}",
        script.len()
    );
}

/// Makes this the script of the user.
fn set_script(url: &str) {
    open(CURRENT_USER, SETTINGS, 0).set_string("AutoConfigURL", url).unwrap();
}

#[test]
#[ignore = "changes the machine's proxy setting"]
fn a_script_chooses_the_proxy() {
    let _none = NoSettings::new();
    let (_first, first) = proxy(501);
    let (_second, second) = proxy(502);
    let (_fixed, fixed) = proxy(503);
    let settings = open(CURRENT_USER, SETTINGS, 0);
    settings.set_string("ProxyServer", &fixed).unwrap();
    settings.set_u32("ProxyEnable", 1).unwrap();
    assert_through("gateway.invalid", 503);
    let server = script(&format!(
        "if (url == 'https://first.invalid/') return 'PROXY {first}; PROXY {second}; DIRECT';
         if (host == 'second.invalid') return 'PROXY {second}';
         return 'DIRECT';"
    ));
    set_script(&server.url);
    assert_through("first.invalid", 501);
    assert_through("second.invalid", 502);
    // Not the fixed proxy.
    let (kind, message, lines) = failure("third.invalid");
    assert_eq!(kind, E::Dns, "{message}");
    assert!(lines.is_empty() && !message.contains("Windows"), "{message}: {lines:?}");

    // Not for a gateway that no system proxy is used for. Wine downloads each URL only once.
    let other = script("return 'DIRECT';");
    set_script(&other.url);
    let (kind, _, _) = failure("127.0.0.1:9");
    assert_eq!((kind, other.downloads()), (E::Connect, 0));
    let (kind, _, _) = failure("fourth.invalid");
    assert_eq!((kind, other.downloads()), (E::Dns, 1));
}

#[test]
#[ignore = "changes the machine's proxy setting"]
fn the_machines_script_is_used_for_services() {
    let _none = NoSettings::new();
    let (_proxy, proxy) = proxy(501);
    let server = script(&format!("return 'PROXY {proxy}';"));
    let mut value = binary(5, "", "");
    value.extend((server.url.len() as u32).to_le_bytes());
    value.extend(server.url.as_bytes());
    let key = connections(LOCAL_MACHINE, IN_64_BITS);
    key.set_bytes("WinHttpSettings", Type::Bytes, &value).unwrap();
    assert_through("gateway.invalid", 501);
}

#[test]
#[ignore = "changes the machine's proxy setting"]
fn a_script_that_cannot_be_used_is_reported_once_and_in_messages() {
    let _none = NoSettings::new();
    let (_, message, lines) = failure("gateway.invalid");
    assert!(lines.is_empty() && !message.contains("Windows"), "{message}: {lines:?}");

    // Nobody may have chosen detection.
    let detection = binary(9, "", "");
    let key = connections(CURRENT_USER, 0);
    key.set_bytes("DefaultConnectionSettings", Type::Bytes, &detection).unwrap();
    let (kind, message, lines) = failure("gateway.invalid");
    assert_eq!(kind, E::Dns);
    let says = "; Windows is configured to detect its proxy automatically, and found none";
    assert!(message.contains(says), "{message}");
    assert!(lines.is_empty(), "{lines:?}");

    let missing = ScriptServer::start(|tap| {
        let _ = write!(tap, "HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n");
    });
    let invalid = script("return return;");
    let says = "Windows is configured to find its proxy with a PAC script, which cannot be used: ";
    for url in [&*missing.url, &invalid.url, "http://127.0.0.1:9/x", "ftp://127.0.0.1/x", "x"] {
        set_script(url);
        let (kind, message, lines) = failure("gateway.invalid");
        assert_eq!(kind, E::Dns);
        assert!(message.contains(&format!("; {says}")), "{message}");
        assert!(matches!(&lines[..], [line] if line.contains(says)), "{url}: {lines:?}");
        if url == missing.url {
            assert!(message.contains("it cannot be downloaded (Windows error 12167"), "{message}");
        }
    }
    // The fixed proxy is used instead, as Windows does.
    let (_fixed, fixed) = proxy(503);
    let settings = open(CURRENT_USER, SETTINGS, 0);
    settings.set_string("ProxyServer", &fixed).unwrap();
    settings.set_u32("ProxyEnable", 1).unwrap();
    assert_through("gateway.invalid", 503);
}

#[test]
#[ignore = "changes the machine's proxy setting"]
fn a_script_that_hangs_ends_the_call_at_its_deadline() {
    let _none = NoSettings::new();
    let gate = Arc::<RwLock<()>>::default();
    let shared = gate.clone();
    let server = ScriptServer::start(move |_| drop(shared.read()));
    let closed = gate.write().unwrap();
    set_script(&server.url);
    let mut config = config("https://gateway.invalid");
    config.set_connect_timeout(Duration::from_millis(700)).unwrap().set_retries(false);
    let client = Client::with_config(&config).unwrap();
    let durations = [(); 3].map(|()| {
        let started = Instant::now();
        let error = trigger(&client).unwrap_err();
        let took = started.elapsed();
        assert_eq!((error.kind(), error.outcome()), (E::ConnectTimeout, NotSent));
        assert!(
            error.message().contains("while finding the proxy with the automatic settings"),
            "{error}"
        );
        took.as_millis()
    });
    // On a busy machine, not every one.
    assert!(durations.iter().all(|took| *took >= 700), "{durations:?}");
    assert!(durations.iter().any(|took| *took < 750), "{durations:?}");
    // However many calls give up, one thread hangs.
    assert_eq!(server.downloads(), 1);
    // A cancellation ends the wait.
    config.set_connect_timeout(Duration::from_secs(60)).unwrap();
    config.set_timeout(Duration::from_secs(60)).unwrap();
    let client = Client::with_config(&config).unwrap();
    std::thread::scope(|threads| {
        let call = threads.spawn(|| trigger(&client).unwrap_err());
        std::thread::sleep(Duration::from_millis(300));
        let started = Instant::now();
        client.cancel();
        let error = call.join().unwrap();
        assert_eq!((error.kind(), error.outcome()), (E::Cancelled, NotSent));
        assert!(started.elapsed() < Duration::from_millis(50));
    });
    // The thread may end now.
    drop(closed);
}

#[test]
#[ignore = "changes the machine's proxy setting"]
fn calls_at_the_same_time_share_one_evaluation() {
    let _none = NoSettings::new();
    // Slow, so that a second evaluation would download it too.
    let server = ScriptServer::start(|tap| {
        std::thread::sleep(Duration::from_millis(500));
        send_script(tap, "return 'DIRECT';");
    });
    set_script(&server.url);
    let mut config = config("https://gateway.invalid");
    config.set_retries(false);
    let client = Client::with_config(&config).unwrap();
    std::thread::scope(|threads| {
        for thread in [(); 20].map(|()| threads.spawn(|| trigger(&client).unwrap_err().kind())) {
            assert_eq!(thread.join().unwrap(), E::Dns);
        }
    });
    assert_eq!(server.downloads(), 1);
}

#[test]
#[ignore = "changes the machine's proxy setting"]
fn an_invalid_fixed_proxy_matters_only_without_a_script() {
    let _none = NoSettings::new();
    let (_proxy, proxy) = proxy(501);
    let settings = open(CURRENT_USER, SETTINGS, 0);
    settings.set_string("ProxyServer", "x:y").unwrap();
    settings.set_u32("ProxyEnable", 1).unwrap();
    let mut config = config("https://gateway.invalid");
    config.set_retries(false);
    let error = Client::with_config(&config).unwrap_err();
    assert_eq!(error.kind(), E::Proxy, "{error}");

    let server = script(&format!("return 'PROXY {proxy}';"));
    set_script(&server.url);
    assert_through("gateway.invalid", 501);
    let client = Client::with_config(&config).unwrap();
    assert_eq!(client.proxy(), None);
    trigger(&client).unwrap_err();
    assert_eq!(client.proxy(), Some(proxy));

    let invalid = script("return return;");
    set_script(&invalid.url);
    let (kind, message, _) = failure("gateway.invalid");
    assert_eq!(kind, E::ProxyFailed, "{message}");
    assert!(message.starts_with("the Windows proxy setting has an invalid port; "), "{message}");
    assert!(message.contains("a PAC script, which cannot be used: "), "{message}");
}

#[test]
#[ignore = "changes the machine's proxy setting"]
fn the_script_is_used_if_detection_finds_nothing() {
    let _none = NoSettings::new();
    let (_proxy, proxy) = proxy(501);
    let server = script(&format!("return 'PROXY {proxy}';"));
    set_script(&server.url);
    let key = connections(CURRENT_USER, 0);
    key.set_bytes("DefaultConnectionSettings", Type::Bytes, &binary(9, "", "")).unwrap();
    assert_through("gateway.invalid", 501);
}

#[test]
#[ignore = "changes the machine's proxy setting"]
fn a_script_can_be_turned_off() {
    let _none = NoSettings::new();
    let server = script("return 'PROXY 127.0.0.1:9';");
    set_script(&server.url);
    let mut config = config("https://gateway.invalid");
    config.set_retries(false).set_auto_proxy(false);
    let client = Client::with_config(&config).unwrap();
    let error = trigger(&client).unwrap_err();
    assert_eq!(error.kind(), E::Dns);
    assert!(error.message().contains("which set_auto_proxy has turned off"), "{error}");
    assert_eq!(server.downloads(), 0);
}
