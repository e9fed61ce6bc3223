//! TLS, and the certificates that a client must refuse.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::client::{Client, reset_password, result, tls_session};
use luma_simulator::{BAD_CERTIFICATES, DEFAULT_TOKEN, HANDSHAKE_FAULTS, Options, Simulator};

fn with_tls() -> Simulator {
    Simulator::start_with(Options { tls: true, ..Options::default() }).unwrap()
}

/// Requests a list of runs. The error is that of the client.
fn get_runs(url: &str, ca_pem: &str, host: &'static str) -> Result<String, String> {
    get_runs_within(Duration::from_secs(30), url, ca_pem, host)
}

fn get_runs_within(
    timeout: Duration,
    url: &str,
    ca_pem: &str,
    host: &'static str,
) -> Result<String, String> {
    let mut tcp = TcpStream::connect(url.strip_prefix("https://").unwrap()).unwrap();
    tcp.set_read_timeout(Some(timeout)).unwrap();
    let mut session = tls_session(ca_pem, host);
    let mut stream = rustls::Stream::new(&mut session, &mut tcp);
    let request = b"GET /simulator/runs HTTP/1.0\r\n\r\n";
    stream.write_all(request).map_err(|error| error.to_string())?;
    let mut response = String::new();
    stream.read_to_string(&mut response).map_err(|error| error.to_string())?;
    Ok(response)
}

#[test]
fn a_client_that_trusts_the_ca_is_served() {
    let simulator = with_tls();
    assert!(simulator.url().starts_with("https://127.0.0.1:"));
    let mut client = Client::connect(&simulator);
    for _ in 0..2 {
        result(&client.trigger(DEFAULT_TOKEN, &reset_password()));
    }
    let ca = simulator.ca_pem().unwrap();
    for host in ["localhost", "127.0.0.1", "::1"] {
        let response = get_runs(simulator.url(), ca, host).unwrap();
        assert!(response.starts_with("HTTP/1.1 200 "), "{response}");
    }
    assert_eq!(simulator.runs().len(), 2);
}

#[test]
fn each_simulator_has_a_ca_of_its_own() {
    let (simulator, other) = (with_tls(), with_tls());
    let error = get_runs(simulator.url(), other.ca_pem().unwrap(), "localhost").unwrap_err();
    assert!(error.contains("BadSignature") || error.contains("UnknownIssuer"), "{error}");
    let plain = Simulator::start().unwrap();
    assert_eq!(plain.ca_pem(), None);
    assert!(plain.bad_certificate_urls().is_empty());
}

#[test]
fn a_client_refuses_every_bad_certificate() {
    let simulator = with_tls();
    let reasons = [
        ("expired", "expired"),
        ("not-yet-valid", "not valid yet"),
        ("wrong-host", "not valid for name"),
        ("common-name-only", "not valid for name"),
        ("wrong-usage", "not allow extended key usage"),
        ("self-signed", "CaUsedAsEndEntity|UnknownIssuer"),
        ("unknown-ca", "UnknownIssuer"),
        ("ca-of-the-same-name", "BadSignature|UnknownIssuer"),
        ("constrained-ca", "NameConstraintViolation"),
    ];
    let urls = simulator.bad_certificate_urls();
    assert_eq!(urls.len(), BAD_CERTIFICATES.len());
    assert_eq!(urls.len(), reasons.len());
    for ((bad, url), (name, reason)) in urls.iter().zip(reasons) {
        assert_eq!(bad.name, name);
        let error = get_runs(url, simulator.ca_pem().unwrap(), "localhost").unwrap_err();
        let is_expected = reason.split('|').any(|reason| error.contains(reason));
        assert!(is_expected, "{name}: {error}");
    }
    assert!(simulator.journal().is_empty());
}

#[test]
fn every_handshake_fault_fails_in_its_own_way() {
    let simulator = with_tls();
    // What the client says; a timeout has another number on each system.
    let reasons = [
        ("closed", "end of file"),
        ("reset", "reset|forcibly closed"),
        ("alert", "HandshakeFailure"),
        ("old-version", "peer is incompatible"),
        ("client-certificate", "CertificateRequired|HandshakeFailure"),
        ("plain-http", "corrupt message"),
        ("not-tls", "corrupt message"),
        ("silent", "os error"),
        ("stalled", "os error"),
    ];
    let urls = simulator.handshake_fault_urls();
    assert_eq!(urls.len(), HANDSHAKE_FAULTS.len());
    assert_eq!(urls.len(), reasons.len());
    for ((fault, url), (name, reason)) in urls.iter().zip(reasons) {
        assert_eq!(fault.name, name);
        let is_quiet = ["silent", "stalled"].contains(&name);
        let timeout = Duration::from_millis(if is_quiet { 300 } else { 30_000 });
        let result = get_runs_within(timeout, url, simulator.ca_pem().unwrap(), "localhost");
        let error = result.unwrap_err();
        let is_expected = reason.split('|').any(|reason| error.contains(reason));
        assert!(is_expected, "{name}: {error}");
    }
    assert!(simulator.journal().is_empty());
    // Stopping does not wait for the handshakes that are in progress.
    let (_, silent) = urls.iter().find(|(fault, _)| fault.name == "silent").unwrap();
    let mut open = TcpStream::connect(silent.strip_prefix("https://").unwrap()).unwrap();
    let started = Instant::now();
    drop(simulator);
    assert!(started.elapsed() < Duration::from_secs(1));
    assert!(!matches!(open.read(&mut [0]), Ok(1)));
}

#[test]
fn dropping_a_simulator_closes_its_tls_connections() {
    let simulator = with_tls();
    let mut client = Client::connect(&simulator);
    client.trigger(DEFAULT_TOKEN, &reset_password());
    drop(simulator);
    assert!(matches!(client.receive(), Ok(bytes) if bytes.is_empty()) || client.receive().is_err());
}
