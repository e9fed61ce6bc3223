//! `luma check` in correct and incorrect set-ups: each ✗ names the cause and the next step.

mod support;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use luma_simulator::{AuthScheme, Options, Simulator};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection};
use serde_json::Value;

use support::{bare, expect, luma, make_private, temporary_file};

const OK: i32 = 0;
const WARNING: i32 = 1;
const CRITICAL: i32 = 2;
const NOT_USABLE: i32 = 3;

/// Runs `luma check`. Returns what it printed.
fn check(url: &str, token: &str, code: i32, options: &[&str]) -> String {
    let mut command = bare();
    command.env("LUMA_URL", url).env("LUMA_TOKEN", token);
    expect(&mut command, code, &[&["check"], options].concat())
}

/// Expects that the last line, and no other, is a ✗ with the name of the part, the cause and the
/// next step.
fn fails(printed: &str, name: &str, cause: &str, next_step: &str) {
    let last = printed.lines().last().unwrap();
    assert!(last.starts_with(&format!("✗ {name} ")), "{printed}");
    // A message about a setting contains the next step.
    let (found, advice) = last.split_once(" → ").unwrap_or((last, last));
    assert!(found.contains(cause), "no cause: {printed}");
    assert!(advice.contains(next_step), "no next step: {printed}");
    assert_eq!(printed.matches('✗').count(), 1, "{printed}");
}

/// A CA for one test.
struct Ca {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
    file: PathBuf,
}

impl Ca {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let file = temporary_file(&format!("{name}.pem"), &certificate.pem());
        Ca { issuer: Issuer::new(params, key), certificate: certificate.into(), file }
    }

    fn option(&self) -> [&str; 2] {
        ["--ca-file", self.file.to_str().unwrap()]
    }

    /// Serves an empty list over TLS, with a certificate for a host that is valid for some days
    /// from now.
    fn serve(&self, host: &str, days: i64) -> String {
        self.serve_clients(host, days, WebPkiClientVerifier::no_client_auth())
    }

    fn serve_clients(&self, host: &str, days: i64, clients: Arc<dyn ClientCertVerifier>) -> String {
        let mut params = CertificateParams::new([host.to_owned()]).unwrap();
        let now = std::time::SystemTime::now();
        let day = std::time::Duration::from_secs(86_400);
        params.not_before = (now - 30 * day).into();
        params.not_after = match u32::try_from(days) {
            // Some minutes for the test itself.
            Ok(days) => (now + day * days + day / 24).into(),
            Err(_) => (now - day * days.unsigned_abs() as u32).into(),
        };
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(clients)
            .with_single_cert(vec![certificate.into()], key)
            .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("https://127.0.0.1:{}", listener.local_addr().unwrap().port());
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut session = ServerConnection::new(config.clone()).unwrap();
                let mut stream = stream.unwrap();
                let mut tls = rustls::Stream::new(&mut session, &mut stream);
                answer(&mut tls);
                session.send_close_notify();
                let _ = session.complete_io(&mut stream);
            }
        });
        url
    }
}

/// Answers one request with an empty list.
fn answer(stream: &mut (impl Read + Write)) {
    let body = r#"{"status":"Success","resultData":[]}"#;
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
    let response = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
    if stream.read(&mut [0; 4096]).is_ok_and(|length| length > 0) {
        let _ = stream.write_all(response.as_bytes()).and_then(|()| stream.flush());
    }
}

#[test]
fn a_correct_setup_is_well() {
    let simulator = Simulator::start().unwrap();
    let printed = expect(&mut luma(&simulator), OK, &["check"]);
    assert!(printed.lines().all(|line| line.starts_with('✓')), "{printed}");
    let ca = Ca::new("well");
    let printed = check(&ca.serve("127.0.0.1", 90), "t", OK, &ca.option());
    assert!(printed.contains("TLS 1.3; the certificate expires in 90 days"), "{printed}");
    assert!(printed.lines().all(|line| line.starts_with('✓')), "{printed}");
}

#[test]
fn monitoring_gets_states_and_days() {
    let ca = Ca::new("days");
    let url = ca.serve("127.0.0.1", 10);
    let printed = check(&url, "t", WARNING, &ca.option());
    assert!(printed.contains("! tls") && printed.contains("→ renew"), "{printed}");
    check(&url, "t", OK, &[&ca.option()[..], &["--warn-days", "7"]].concat());
    let printed = check(&url, "t", WARNING, &[&ca.option()[..], &["--json"]].concat());
    let document: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(document["state"], "warning");
    assert_eq!(document["certificateDaysLeft"], 10);
    assert_eq!(document["unknownKeys"], Value::Null);
    let simulator = Simulator::start().unwrap();
    let printed = check(simulator.url(), "wrong", CRITICAL, &["--json"]);
    let document: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(document["state"], "critical");
}

#[test]
fn no_settings() {
    let printed = expect(&mut bare(), NOT_USABLE, &["check"]);
    fails(&printed, "settings", "LUMA_URL", "luma.json");
}

#[test]
fn a_wrong_port() {
    let printed = check("http://127.0.0.1:1", "t", CRITICAL, &[]);
    fails(&printed, "connection", "127.0.0.1:1", "the port");
}

#[test]
fn an_unresolvable_host() {
    let printed = check("https://no-such-host.invalid", "t", CRITICAL, &[]);
    fails(&printed, "dns", "no-such-host.invalid", "name server");
}

#[test]
fn http_to_another_machine() {
    let printed = check("http://no-such-host.invalid", "t", NOT_USABLE, &[]);
    fails(&printed, "url", "http", "https");
}

#[test]
fn an_invalid_url() {
    let printed = check("http://127.0.0.1/wrong?", "t", NOT_USABLE, &[]);
    fails(&printed, "settings", "base_url", "remove it");
}

#[test]
fn a_wrong_ca() {
    let (ca, other) = (Ca::new("issuer"), Ca::new("other"));
    let url = ca.serve("127.0.0.1", 90);
    let printed = check(&url, "t", CRITICAL, &other.option());
    fails(&printed, "tls", "issuer", "--ca-file");
    // The system does not trust it either. Windows has its own words for that.
    let printed = check(&url, "t", CRITICAL, &[]);
    fails(&printed, "tls", if cfg!(windows) { "certificate" } else { "issuer" }, "--ca-file");
}

#[test]
fn an_expired_certificate() {
    let ca = Ca::new("expired");
    let printed = check(&ca.serve("127.0.0.1", -3), "t", CRITICAL, &ca.option());
    fails(&printed, "tls", "has expired", "renew");
}

#[test]
fn a_certificate_of_another_host() {
    let ca = Ca::new("host");
    let printed = check(&ca.serve("luma.example", 90), "t", CRITICAL, &ca.option());
    fails(&printed, "tls", "luma.example", "host name");
}

/// In TLS 1.3, the server refuses the client after the handshake.
#[test]
fn a_client_certificate_is_missing() {
    let ca = Ca::new("clients");
    let mut roots = RootCertStore::empty();
    roots.add(ca.certificate.clone()).unwrap();
    let provider = ring::default_provider().into();
    let clients = WebPkiClientVerifier::builder_with_provider(roots.into(), provider).build();
    let url = ca.serve_clients("127.0.0.1", 90, clients.unwrap());
    let printed = check(&url, "t", CRITICAL, &ca.option());
    fails(&printed, "tls", "client certificate", "configure a client certificate");
}

/// Each fault that the simulator offers has its own next step.
#[test]
fn every_fault_of_tls() {
    let simulator = Simulator::start_with(Options { tls: true, ..Options::default() }).unwrap();
    let ca_file = temporary_file("simulator.pem", simulator.ca_pem().unwrap());
    let token_file = temporary_file("simulator-token.txt", &simulator.token());
    make_private(&token_file);
    let bad = simulator.bad_certificate_urls().iter().map(|(bad, url)| (bad.name, url));
    let faults = simulator.handshake_fault_urls().iter().map(|(fault, url)| (fault.name, url));
    for (name, url) in bad.chain(faults) {
        // The certificate of a constrained CA is for this name only.
        let url = url.replace("127.0.0.1", "localhost");
        let settings = serde_json::json!({
            "base_url": url, "token_file": token_file, "ca_file": ca_file,
            "connect_timeout_ms": 2000,
        });
        let file = temporary_file("tls.json", &settings.to_string());
        let options = ["check", "--config", file.to_str().unwrap()];
        let printed = expect(&mut bare(), CRITICAL, &options);
        let next_step = match name {
            "expired" => "renew",
            "not-yet-valid" => "set the clock",
            "wrong-host" => "use a host name of the certificate",
            "common-name-only" => "needs a subjectAltName",
            "wrong-usage" => "one for servers",
            "self-signed" | "unknown-ca" | "ca-of-the-same-name" => "--ca-file",
            "constrained-ca" => "its CA must not issue it",
            "closed" | "reset" | "alert" => "ask its administrator",
            "old-version" => "allow TLS 1.2 or 1.3",
            "client-certificate" => "configure a client certificate",
            "plain-http" | "not-tls" => "http://",
            "silent" | "stalled" => "check the port",
            other => panic!("no next step for {other}"),
        };
        fails(&printed, "tls", "localhost", next_step);
        assert!(printed.contains("✓ connection"), "{printed}");
    }
    assert!(simulator.journal().is_empty());
}

#[test]
fn http_and_https_are_swapped() {
    let simulator = Simulator::start().unwrap();
    let printed = check(&simulator.url().replace("http:", "https:"), "t", CRITICAL, &[]);
    fails(&printed, "tls", "plain HTTP", "http://");
    let ca = Ca::new("swapped");
    let url = ca.serve("127.0.0.1", 90).replace("https:", "http:");
    let printed = check(&url, "t", CRITICAL, &[]);
    fails(&printed, "gateway", "HTTP/1.1", "https://");
    // nginx answers in HTTP.
    let page =
        "<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head>";
    let printed = check(&serve_page("400 Bad Request", page), "t", CRITICAL, &[]);
    fails(&printed, "gateway", "400", "https://");
}

/// Serves a page that is not from the gateway.
fn serve_page(status: &'static str, page: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let length = page.len();
            let response = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{page}");
            stream.write_all(response.as_bytes()).unwrap();
        }
    });
    url
}

#[test]
fn a_wrong_token_or_header() {
    let simulator = Simulator::start().unwrap();
    let (url, token) = (simulator.url(), simulator.token());
    let printed = check(url, "wrong", CRITICAL, &[]);
    fails(&printed, "token", "401", "check the token");
    let printed = check(url, &format!("\"{token}\""), NOT_USABLE, &[]);
    fails(&printed, "settings", "quotation mark", "remove it");
    let options = Options { auth_scheme: Some(AuthScheme::ApiAccessKey), ..Options::default() };
    let simulator = Simulator::start_with(options).unwrap();
    let (url, token) = (simulator.url(), simulator.token());
    // The gateway is asked again, with the other header.
    let printed = check(url, &token, CRITICAL, &["--header", "bearer"]);
    fails(&printed, "header", "accepts the token in itas-api-access-key", "--header itas");
    check(url, "wrong", CRITICAL, &["--header", "bearer"]);
    let printed = check(url, &token, OK, &["--header", "itas"]);
    assert!(printed.contains("✓ header      itas-api-access-key"), "{printed}");
    let options = Options { auth_scheme: Some(AuthScheme::Bearer), ..Options::default() };
    let simulator = Simulator::start_with(options).unwrap();
    let (url, token) = (simulator.url(), simulator.token());
    let printed = check(url, &token, CRITICAL, &["--header", "itas"]);
    fails(&printed, "header", "accepts the token in Authorization: Bearer", "--header bearer");
}

#[test]
fn a_wrong_prefix() {
    let options = Options { path_prefix: Some("/luma".into()), ..Options::default() };
    let simulator = Simulator::start_with(options).unwrap();
    let (url, token) = (simulator.url(), simulator.token());
    let printed = check(url.strip_suffix("/luma").unwrap(), &token, CRITICAL, &[]);
    fails(&printed, "gateway", "404", "path");
    check(url, &token, OK, &[]);
}

/// Starts a proxy that requires a login. Returns its host and port.
fn proxy_with_login(login: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let wanted = format!("Basic {}", BASE64_STANDARD.encode(login));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut client = stream.unwrap();
            let mut request = [0; 4096];
            let length = client.read(&mut request).unwrap();
            let request = String::from_utf8_lossy(&request[..length]).into_owned();
            if !request.contains(&wanted) {
                let response = "HTTP/1.1 407 Proxy Authentication Required\r\n\
                    Proxy-Authenticate: Basic realm=\"proxy\"\r\nContent-Length: 0\r\n\r\n";
                client.write_all(response.as_bytes()).unwrap();
                continue;
            }
            let target = request.split(' ').nth(1).unwrap();
            let mut server = TcpStream::connect(target).unwrap();
            client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").unwrap();
            let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            thread::spawn(move || std::io::copy(&mut from, &mut to));
            thread::spawn(move || std::io::copy(&mut server, &mut client));
        }
    });
    address
}

#[test]
fn a_proxy_with_login() {
    let ca = Ca::new("proxied");
    let url = ca.serve("127.0.0.1", 90);
    let proxy = proxy_with_login("jane:secret");
    let through = |code, proxy: &str| {
        check(&url, "t", code, &[&ca.option()[..], &["--proxy", proxy]].concat())
    };
    let printed = through(OK, &format!("http://jane:secret@{proxy}"));
    assert!(printed.contains(&format!("✓ proxy       {proxy}\n")), "{printed}");
    assert!(!printed.contains("secret"), "{printed}");
    let printed = through(CRITICAL, &format!("http://{proxy}"));
    fails(&printed, "proxy", "407", "user:password@");
    let printed = through(CRITICAL, &format!("http://jane:wrong@{proxy}"));
    fails(&printed, "proxy", "407", "user:password@");
    let printed = through(CRITICAL, "http://127.0.0.1:1");
    fails(&printed, "proxy", "127.0.0.1:1", "--proxy");
    let printed = through(NOT_USABLE, "ftp://proxy.example");
    fails(&printed, "settings", "proxy", "http");
}

#[test]
fn something_else_responds() {
    let url = serve_page("200 OK", "<html><body>Please sign in</body></html>");
    fails(&check(&url, "t", CRITICAL, &[]), "gateway", "not JSON", "something else");
    let url = serve_page("404 Not Found", "<html><body>Not found</body></html>");
    fails(&check(&url, "t", CRITICAL, &[]), "gateway", "404", "prefix");
    let url = serve_page("302 Found", "");
    fails(&check(&url, "t", CRITICAL, &[]), "gateway", "302", "http or https");
    let url = serve_page("403 Forbidden", "");
    fails(&check(&url, "t", CRITICAL, &[]), "token", "403", "rights");
    let url = serve_page("503 Service Unavailable", "");
    fails(&check(&url, "t", CRITICAL, &[]), "gateway", "503", "try again");
}

#[test]
fn a_journal_that_does_not_exist() {
    let simulator = Simulator::start().unwrap();
    let mut command = luma(&simulator);
    let printed = expect(command.env("LUMA_JOURNAL", "/nonexistent"), CRITICAL, &["check"]);
    fails(&printed, "journal", "nonexistent", "luma journal create");
}

#[test]
fn a_token_command_that_fails() {
    let mut command = bare();
    let simulator = Simulator::start().unwrap();
    let options = ["check", "--url", simulator.url(), "--token-command", "/nonexistent"];
    let printed = expect(&mut command, CRITICAL, &options);
    fails(&printed, "token", "/nonexistent", "command");
}
