//! Promise 3: verified TLS or nothing. Each error names its cause, and a server that did not prove
//! its identity receives no byte of a request.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use luma::Outcome::*;
use luma::{Client, Config, Error, ErrorKind as E, LogLevel, Trigger};
use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa};
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::sign::{CertifiedKey, Signer, SigningKey};
use rustls::version::{TLS12, TLS13};
use rustls::{
    HandshakeKind, ServerConfig, ServerConnection, SignatureAlgorithm, SignatureScheme,
    SupportedProtocolVersion,
};

#[cfg(target_os = "linux")]
use crate::support::child::{assert_passes, child};
use crate::support::openssl::OpenSsl;
use crate::support::tls::{
    self, Identity, Seen, Tap, TapServer, TestCa, localhost, params_for, read_request,
};
use crate::support::{
    LIMIT, SUCCESS, TOKEN, assert_accepted, config, failure, https, ok, response, skipped, trigger,
    trusting,
};

/// The connect timeout of handshakes that must not finish.
const TIMEOUT: Duration = Duration::from_secs(1);
/// Generous, since a loaded machine is late; the fault catalogue measures how precise timeouts are.
const OVERSHOOT: Duration = Duration::from_secs(20);
const VERSIONS: [&SupportedProtocolVersion; 2] = [&TLS12, &TLS13];

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Asserts that a server with one connection received nothing of a request.
#[track_caller]
fn assert_no_request(seen: &Seen) {
    assert_eq!(seen.connections, 1);
    assert!(seen.plain.is_empty(), "{}", String::from_utf8_lossy(&seen.plain));
    assert!(!contains(&seen.wire, TOKEN) && !contains(&seen.wire, "POST"));
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tls")
}

fn fixture(name: &str) -> String {
    let path = fixtures().join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Writes a file for one test.
fn file(name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).unwrap();
    path
}

#[test]
fn a_server_with_a_certificate_from_the_configured_ca_is_trusted() {
    for host in ["localhost", "127.0.0.1"] {
        let (ca, tls) = localhost();
        let server = TapServer::answering(tls, ok());
        let client = trusting(&format!("https://{host}:{}", server.port), &ca.pem);
        assert_accepted(&client);
        assert_accepted(&client);
        drop(client);
        let seen = server.finish();
        assert_eq!(seen.connections, 1, "{host}");
        assert_eq!(String::from_utf8_lossy(&seen.plain).matches(TOKEN).count(), 2);
        assert!(!contains(&seen.wire, TOKEN));
    }
}

#[test]
fn tls_1_2_and_1_3_work_and_resume_sessions() {
    for version in VERSIONS {
        let ca = TestCa::new("The test's CA");
        let tls = ca.issue(&params_for(&["127.0.0.1"])).served(&[version]);
        let server = TapServer::tls(tls, |tls| {
            if read_request(tls).is_some() {
                // The session is resumed on the second connection.
                let is_resumed = tls.session.handshake_kind() == Some(HandshakeKind::Resumed);
                assert_eq!(is_resumed, tls.tap.number == 1);
                tls.write_all(&response("200 OK\r\nConnection: close", SUCCESS)).unwrap();
            }
        });
        let client = trusting(&https(server.port), &ca.pem);
        assert_accepted(&client);
        assert_accepted(&client);
        drop(client);
        assert_eq!(server.finish().connections, 2, "{version:?}");
    }
}

#[test]
fn one_of_several_configured_cas_is_enough() {
    let (ca, tls) = localhost();
    let server = TapServer::answering(tls, ok());
    let pem = format!("# Comment\n{}\n{}", TestCa::new("Another CA").pem, ca.pem);
    assert_accepted(&trusting(&https(server.port), &pem));
}

#[test]
fn added_cas_are_trusted_as_well_as_set_ones_in_any_order() {
    let (ca, tls) = localhost();
    let another = TestCa::new("Another CA").pem;
    let server = TapServer::answering(tls, ok());
    let url = https(server.port);
    let path = file("added ä.pem", &ca.pem);
    type Set = fn(&mut Config, &str, &Path) -> Result<(), Error>;
    let ways: [(Set, bool); 7] = [
        (|config, another, path| config.set_ca_pem(another)?.add_ca_file(path).map(|_| ()), true),
        (|config, another, path| config.add_ca_file(path)?.set_ca_pem(another).map(|_| ()), true),
        (|config, another, path| config.set_ca_pem(another)?.set_ca_file(path).map(|_| ()), true),
        (|config, another, path| config.add_ca_pem(another)?.add_ca_file(path).map(|_| ()), true),
        // In addition to the system's store, or without one.
        (|config, _, path| config.add_ca_file(path).map(|_| ()), true),
        (|config, another, path| config.set_ca_file(path)?.set_ca_pem(another).map(|_| ()), false),
        // A rejected value changes nothing.
        (
            |config, another, path| {
                config.set_ca_file(path)?;
                assert!(config.set_ca_pem("").is_err() && config.add_ca_file(another).is_err());
                Ok(())
            },
            true,
        ),
    ];
    for (number, (set, is_trusted)) in ways.into_iter().enumerate() {
        // Wine lacks CERT_CHAIN_POLICY_IGNORE_ALL_REV_UNKNOWN_FLAGS: it rejects a private CA that
        // is used together with its store.
        if cfg!(windows) && (3..=4).contains(&number) {
            continue;
        }
        let mut config = config(&url);
        set(&mut config, &another, &path).unwrap();
        let result = trigger(&Client::with_config(&config).unwrap());
        assert_eq!(result.is_ok(), is_trusted, "{number}: {result:?}");
    }
}

/// Asserts that a server's certificate is rejected, with one of these messages.
#[track_caller]
fn assert_rejected(tls: Arc<ServerConfig>, ca_pem: Option<&str>, host: &str, says: &[&str]) {
    let server = TapServer::answering(tls, ok());
    let mut config = config(&format!("https://{host}:{}", server.port));
    if let Some(pem) = ca_pem {
        config.set_ca_pem(pem).unwrap();
    }
    let client = Client::with_config(&config).unwrap();
    let error = failure(&client);
    assert_eq!((error.outcome(), error.kind()), (NotSent, E::Tls), "{error}");
    assert!(says.iter().any(|says| error.message().contains(says)), "{says:?}: {error}");
    assert_no_request(&server.finish());
}

const NOT_TRUSTED: &str = "has an untrusted issuer: \"The test's CA\"";
const SELF_SIGNED: &str = "is self-signed";
const NO_STORE: &str = "the system's CA certificates cannot be used";
/// Wine checks revocation before it checks the issuer.
const WINE: &str = "the server's certificate is not valid: OS Error -2146762482";

#[test]
fn a_certificate_from_another_ca_is_rejected() {
    let (_, tls) = localhost();
    let no_ca = if cfg!(windows) { WINE } else { NO_STORE };
    assert_rejected(tls.clone(), None, "localhost", &[NOT_TRUSTED, no_ca]);
    // A CA with the same name is still another CA.
    for (name, says) in [
        ("Another CA", NOT_TRUSTED),
        ("The test's CA", "\"The test's CA\"; a trusted CA has the same name but another key"),
    ] {
        let another = TestCa::new(name);
        assert_rejected(tls.clone(), Some(&another.pem), "127.0.0.1", &[says]);
    }
}

#[test]
fn an_invalid_certificate_is_rejected_with_the_reason() {
    for version in VERSIONS {
        let ca = TestCa::new("The test's CA");
        let rejected = |params: &CertificateParams, host, says: &str| {
            let tls = ca.issue(params).served(&[version]);
            assert_rejected(tls, Some(&ca.pem), host, &[says]);
        };
        let localhost = || params_for(&["localhost", "127.0.0.1"]);

        let another = params_for(&["acme.example", "*.acme.example", "127.0.0.2"]);
        let names = "only for acme.example, *.acme.example, 127.0.0.2 (";
        rejected(&another, "localhost", "TLS handshake with localhost:");
        rejected(&another, "localhost", &format!("is not valid for localhost, {names}"));
        rejected(&another, "127.0.0.1", &format!("is not valid for 127.0.0.1, {names}"));
        // A certificate for the name is not valid for the address, and vice versa.
        rejected(
            &params_for(&["localhost"]),
            "127.0.0.1",
            "not valid for 127.0.0.1, only for local",
        );
        rejected(
            &params_for(&["127.0.0.1"]),
            "localhost",
            "not valid for localhost, only for 127.",
        );
        let many: Vec<_> = (0..9).map(|number| format!("host-{number}.acme.example")).collect();
        let many = params_for(&many.iter().map(String::as_str).collect::<Vec<_>>());
        rejected(&many, "localhost", "host-4.acme.example and 4 more");

        let mut params = params_for(&[]);
        params.distinguished_name.push(DnType::CommonName, "localhost");
        rejected(&params, "localhost", "a common name (CN) does not count");

        let mut params = localhost();
        params.not_after = rcgen::date_time_ymd(2001, 1, 1);
        rejected(&params, "localhost", "has expired: Mon, 01 Jan 2001 00:00:00 GMT (local time: ");

        let mut params = localhost();
        params.not_before = rcgen::date_time_ymd(2100, 1, 1);
        rejected(
            &params,
            "localhost",
            "is not valid yet: valid from Fri, 01 Jan 2100 00:00:00 GMT",
        );

        let mut params = localhost();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        rejected(&params, "localhost", "is not for servers");

        let mut params = localhost();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        rejected(
            &params,
            "localhost",
            "is a CA certificate, which a server must not use as its own",
        );
    }
}

#[test]
fn a_self_signed_certificate_is_rejected() {
    let (ca, _) = localhost();
    let mut params = params_for(&["localhost"]);
    let another = || Identity::self_signed(&params).served(rustls::ALL_VERSIONS);
    assert_rejected(another(), Some(&ca.pem), "localhost", &[SELF_SIGNED]);
    assert_rejected(another(), None, "localhost", &[SELF_SIGNED, NO_STORE]);
    // As a trust anchor it is accepted, unless it is a CA certificate, which `openssl req -x509`
    // makes.
    let own = Identity::self_signed(&params);
    let (pem, _) = own.pem();
    let server = TapServer::answering(own.served(rustls::ALL_VERSIONS), ok());
    assert_accepted(&trusting(&format!("https://localhost:{}", server.port), &pem));
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let another = Identity::self_signed(&params).served(rustls::ALL_VERSIONS);
    assert_rejected(another, Some(&ca.pem), "localhost", &[SELF_SIGNED]);
    let own = Identity::self_signed(&params);
    let (pem, _) = own.pem();
    let server = TapServer::answering(own.served(rustls::ALL_VERSIONS), ok());
    assert_accepted(&trusting(&format!("https://localhost:{}", server.port), &pem));
}

/// A key that no library loads any more. Its signatures are invalid, but they are never checked.
#[derive(Debug)]
struct WeakKey(SignatureScheme);

impl SigningKey for WeakKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let schemes = [SignatureScheme::RSA_PSS_SHA256, SignatureScheme::RSA_PKCS1_SHA256];
        let scheme = schemes.into_iter().find(|scheme| offered.contains(scheme))?;
        Some(Box::new(WeakKey(scheme)))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::RSA
    }
}

impl Signer for WeakKey {
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        Ok(vec![0; 128])
    }

    fn scheme(&self) -> SignatureScheme {
        self.0
    }
}

#[test]
fn a_weak_certificate_is_rejected() {
    for version in VERSIONS {
        for (name, says) in [
            ("weak", "the server's certificate has a weak key: RSA with 1024 bits"),
            ("below-weak-issuer", "or a CA certificate in its chain, has a weak key: RSA"),
            ("sha1", "is signed with SHA-1, which is too weak"),
            ("old", "has X.509 version 1"),
        ] {
            let chain = fixture(&format!("{name}.pem"));
            let chain = CertificateDer::pem_slice_iter(chain.as_bytes());
            let chain = chain.collect::<Result<Vec<_>, _>>().unwrap();
            let key: Arc<dyn SigningKey> = if name == "weak" {
                Arc::new(WeakKey(SignatureScheme::RSA_PSS_SHA256))
            } else {
                let key = PrivateKeyDer::from_pem_slice(fixture("server.key").as_bytes()).unwrap();
                any_supported_type(&key).unwrap()
            };
            let anybody = WebPkiClientVerifier::no_client_auth();
            let tls = tls::serving(CertifiedKey::new(chain, key), anybody, &[version]);
            assert_rejected(tls, Some(&fixture("ca.pem")), "localhost", &[says]);
        }
    }
}

/// Asserts that a handshake with this server fails, and that the server receives nothing else.
fn assert_no_handshake(
    kinds: &[E],
    says: &str,
    serve: impl Fn(&mut Tap) + std::marker::Send + Sync + 'static,
) {
    let server = TapServer::start(serve);
    let mut config = config(&https(server.port));
    config.set_ca_pem(&TestCa::new("A CA").pem).unwrap();
    if kinds.contains(&E::ConnectTimeout) {
        config.set_connect_timeout(TIMEOUT).unwrap();
    }
    let client = Client::with_config(&config).unwrap();
    let started = Instant::now();
    let error = failure(&client);
    let took = started.elapsed();
    assert_eq!(error.outcome(), NotSent, "{error}");
    assert!(kinds.contains(&error.kind()), "{:?}: {error}", error.kind());
    assert!(error.message().contains(says), "{says}: {error}");
    if error.kind() == E::ConnectTimeout {
        assert!((TIMEOUT..TIMEOUT + OVERSHOOT).contains(&took), "{took:?}");
    }
    assert_no_request(&server.finish());
}

/// Reads the client's first message.
fn read_hello(tap: &mut Tap) {
    assert!(matches!(tap.read(&mut [0; 4096]), Ok(1..)));
}

#[test]
fn nothing_is_sent_to_a_server_that_does_not_speak_tls() {
    const NO_TLS: &str = "the server does not speak TLS";
    for (answer, says) in [
        ("HTTP/1.1 400 Bad Request\r\n\r\n", "TLS on this port, but plain HTTP"),
        ("SSH-2.0-OpenSSH_9.6\r\n", NO_TLS),
        ("220 mail.acme.example ESMTP\r\n", NO_TLS),
        ("\0\0\0\0\0\0\0", NO_TLS),
    ] {
        assert_no_handshake(&[E::Tls], says, move |tap| {
            read_hello(tap);
            let _ = tap.write_all(answer.as_bytes());
            tap.drain();
        });
    }
}

#[test]
fn nothing_is_sent_to_a_server_that_speaks_only_old_tls() {
    let hello = |version: u8| {
        let head = [0x16, 3, version, 0, 42, 2, 0, 0, 38, 3, version];
        // Random bytes, no session, TLS_RSA_WITH_AES_128_CBC_SHA, no compression.
        [&head[..], &[7; 32], &[0, 0, 0x2F, 0]].concat()
    };
    let alert = |version: u8| vec![0x15, 3, version, 0, 2, 2, 70];
    for answer in [hello(1), hello(2), alert(1), alert(2), alert(3)] {
        assert_no_handshake(&[E::Tls], "supports only TLS 1.1 or older", move |tap| {
            read_hello(tap);
            let _ = tap.write_all(&answer);
            tap.drain();
        });
    }
}

#[test]
fn nothing_is_sent_to_a_server_that_breaks_off_the_handshake() {
    assert_no_handshake(&[E::Tls], "TLS handshake with 127.0.0.1:", |_| {});
    assert_no_handshake(&[E::Tls], "the server closed the connection", read_hello);
    // The reset may arrive while the client is connecting.
    assert_no_handshake(&[E::Tls, E::Connect], " 127.0.0.1:", Tap::reset);
    assert_no_handshake(&[E::Tls], "TLS handshake with 127.0.0.1:", |tap| {
        read_hello(tap);
        tap.reset();
    });
    assert_no_handshake(&[E::Tls], "HandshakeFailure", |tap| {
        read_hello(tap);
        let _ = tap.write_all(b"\x15\x03\x03\x00\x02\x02\x28");
        tap.drain();
    });
    // A part of a handshake message.
    assert_no_handshake(&[E::Tls], "the server closed the connection", |tap| {
        read_hello(tap);
        let _ = tap.write_all(b"\x16\x03\x03\x00\x7A\x02");
    });
}

#[test]
fn nothing_is_sent_to_a_server_that_stalls_in_the_handshake() {
    let says = "127.0.0.1:";
    assert_no_handshake(&[E::ConnectTimeout], says, Tap::drain);
    assert_no_handshake(&[E::ConnectTimeout], says, |tap| {
        let record = [b"\x16\x03\x03\x40\x00\x02\x00\x3F\xFC\x03\x03".as_slice(), &[0; 9999]];
        for byte in record.concat() {
            thread::sleep(Duration::from_millis(20));
            if tap.write_all(&[byte]).is_err() {
                break;
            }
        }
        tap.drain();
    });
}

/// Calls a server with this client verifier; true if the server received a client certificate.
fn call_with(
    clients: Arc<dyn ClientCertVerifier>,
    version: &'static SupportedProtocolVersion,
    set: impl FnOnce(&mut Config),
) -> (Result<Trigger, Error>, bool, Seen) {
    let ca = TestCa::new("The test's CA");
    let tls = ca.issue(&params_for(&["127.0.0.1"])).served_to(clients, &[version]);
    let has_seen = Arc::new(AtomicBool::new(false));
    let seen_one = has_seen.clone();
    let server = TapServer::tls(tls, move |tls| {
        while read_request(tls).is_some() && tls.write_all(&ok()).is_ok() {}
        seen_one.store(tls.session.peer_certificates().is_some(), Ordering::SeqCst);
    });
    let mut config = config(&https(server.port));
    set(config.set_ca_pem(&ca.pem).unwrap());
    let client = Client::with_config(&config).unwrap();
    let result = trigger(&client);
    println!("{result:?}");
    drop(client);
    let seen = server.finish();
    (result, has_seen.load(Ordering::SeqCst), seen)
}

/// With TLS 1.3 a server verifies the client's certificate when the request may already be sent.
#[track_caller]
fn assert_client_refused(
    version: &'static SupportedProtocolVersion,
    (result, has_seen, seen): (Result<Trigger, Error>, bool, Seen),
    says: &str,
) {
    let error = result.expect_err("a failure");
    assert_eq!(error.kind(), E::Tls, "{error}");
    // The alert of TLS 1.3 may arrive before the request was sent.
    let is_late = version.version == TLS13.version && error.outcome() == Unknown;
    assert!(is_late || error.outcome() == NotSent, "{error}");
    assert!(error.message().contains(says), "{says}: {error}");
    assert!(!has_seen);
    assert_no_request(&seen);
}

#[test]
fn a_client_certificate_is_sent_to_a_gateway_that_asks_for_it() {
    for version in VERSIONS {
        for (chain, key) in [
            ("client-rsa.pem", "client-rsa.pkcs1.key"),
            ("client-rsa.pem", "client-rsa.pkcs8.key"),
            ("client-ec.pem", "client-ec.sec1.key"),
        ] {
            let (chain, key) = (fixture(chain), fixture(key));
            let clients = || tls::clients_of(&fixture("ca.pem"), true);
            let (result, has_seen, seen) = call_with(clients(), version, |config| {
                config.set_client_certificate_pem(&chain, &key).unwrap();
            });
            assert!(result.is_ok() && has_seen && contains(&seen.plain, TOKEN), "{result:?}");
            // Both in one file, with a byte order mark, indentation and CR LF.
            let both = format!("\u{FEFF}Bag\r\n  {}\r\n{key}", chain.replace('\n', "\r\n  "));
            let path = file(&format!("both-{}.pem", key.len()), both);
            let (result, has_seen, _) = call_with(clients(), version, |config| {
                config.set_client_certificate_file(&path, &path).unwrap();
            });
            assert!(result.is_ok() && has_seen, "{result:?}");
        }
    }
}

#[test]
fn an_error_says_why_the_server_rejected_the_client_certificate() {
    let ca = TestCa::new("The clients' CA");
    let clients = |is_required| tls::clients_of(&ca.pem, is_required);
    let issue = |params: &CertificateParams| ca.issue(params).pem();
    let client = || {
        let mut params = params_for(&["client.acme.example"]);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params
    };
    let mut expired = client();
    expired.not_after = rcgen::date_time_ymd(2001, 1, 1);
    for version in VERSIONS {
        let requires = "the server requires a client certificate (";
        assert_client_refused(version, call_with(clients(true), version, |_| {}), requires);
        for (identity, says) in [
            (
                TestCa::new("Another CA").issue(&client()).pem(),
                "rejected the client certificate: it does not trust the issuer",
            ),
            (issue(&expired), "rejected the client certificate: it has expired"),
        ] {
            let set = |config: &mut Config| {
                config.set_client_certificate_pem(&identity.0, &identity.1).unwrap();
            };
            assert_client_refused(version, call_with(clients(true), version, set), says);
        }
        let (result, has_seen, _) = call_with(clients(false), version, |_| {});
        assert!(result.is_ok() && !has_seen, "{result:?}");
        let (chain, key) = issue(&client());
        let (result, has_seen, _) = call_with(clients(false), version, |config| {
            config.set_client_certificate_pem(&chain, &key).unwrap();
        });
        assert!(result.is_ok() && has_seen, "{result:?}");
        let anybody = WebPkiClientVerifier::no_client_auth();
        let (result, has_seen, _) = call_with(anybody, version, |config| {
            config.set_client_certificate_pem(&chain, &key).unwrap();
        });
        assert!(result.is_ok() && !has_seen, "{result:?}");
    }
}

/// Some servers close without an alert.
#[test]
fn an_error_says_that_the_server_had_asked_for_a_client_certificate() {
    for (version, outcome, kind) in
        [(&TLS12, NotSent, E::Tls), (&TLS13, Unknown, E::ConnectionLost)]
    {
        let ca = TestCa::new("The test's CA");
        let identity = ca.issue(&params_for(&["127.0.0.1"]));
        let tls = identity.served_to(tls::clients_of(&ca.pem, true), &[version]);
        let server = TapServer::start(move |tap| {
            let mut session = ServerConnection::new(tls.clone()).unwrap();
            while session.read_tls(tap).is_ok() && session.process_new_packets().is_ok() {
                while session.wants_write() {
                    session.write_tls(tap).unwrap();
                }
            }
            let _ = tap.stream.shutdown(std::net::Shutdown::Write);
            tap.drain();
        });
        let error = failure(&trusting(&https(server.port), &ca.pem));
        assert_eq!(error.kind(), kind, "{error}");
        // What the server sends at the end of the handshake may arrive before the request was sent.
        assert!(error.outcome() == outcome || error.outcome() == NotSent, "{error}");
        let says =
            "closed the connection; it had requested a client certificate, and none is configured";
        assert!(error.message().contains(says), "{error}");
        assert_no_request(&server.finish());
    }
}

#[test]
fn the_client_certificate_is_never_sent_to_a_proxy() {
    for version in VERSIONS {
        let ca = TestCa::new("The test's CA");
        let identity = ca.issue(&params_for(&["127.0.0.1"]));
        let tls = identity.served_to(tls::clients_of(&ca.pem, true), &[version]);
        let proxy = TapServer::tls(tls, |tls| {
            assert!(read_request(tls).is_none() && tls.session.peer_certificates().is_none());
        });
        let mut config = config("https://acme.example");
        let (chain, key) = ca.issue(&params_for(&["client.acme.example"])).pem();
        config.set_ca_pem(&ca.pem).unwrap();
        config.set_client_certificate_pem(&chain, &key).unwrap();
        config.set_proxy(&https(proxy.port)).unwrap();
        let error = failure(&Client::with_config(&config).unwrap());
        assert_eq!(error.outcome(), NotSent, "{error}");
        assert!(error.message().contains("requires a client certificate"), "{error}");
        assert_no_request(&proxy.finish());
    }
}

#[test]
fn servers_of_openssl_are_rejected_for_the_same_reasons() {
    if skipped::is_missing("openssl", "TLS faults of OpenSSL's server") {
        return;
    }
    let weak = ["-cert", "weak.pem", "-key", "weak.key", "-cipher", "ALL:@SECLEVEL=0"];
    let old = ["-cert", "good.pem", "-key", "server.key", "-cipher", "ALL:@SECLEVEL=0", "-tls1_1"];
    let asking = ["-cert", "good.pem", "-key", "server.key", "-CAfile", "ca.pem", "-Verify", "1"];
    let with = |base: &[&'static str], more: &'static str| [base, &[more]].concat();
    let requires = "the server requires a client certificate";
    let too_weak = "has a weak key: RSA with 1024 bits";
    for (arguments, outcome, says) in [
        (with(&weak, "-tls1_2"), NotSent, too_weak),
        (with(&weak, "-tls1_3"), NotSent, too_weak),
        (old.to_vec(), NotSent, "supports only TLS 1.1 or older"),
        (with(&asking, "-tls1_2"), NotSent, requires),
        (with(&asking, "-tls1_3"), Unknown, requires),
    ] {
        let server = OpenSsl::serve(&fixtures(), &arguments);
        let error = failure(&trusting(&server.url, &fixture("ca.pem")));
        assert_eq!(error.kind(), E::Tls, "{error}");
        // The alert of TLS 1.3 may arrive before the request was sent.
        assert!(error.outcome() == outcome || error.outcome() == NotSent, "{error}");
        assert!(error.message().contains(says), "{says}: {error}");
        let output = server.finish();
        assert!(!output.contains(TOKEN) && !output.contains("POST"), "{output}");
    }
}

/// What a server does after it has requested renegotiation, which the client declines.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Then {
    /// Fails with an alert, as OpenSSL does.
    Alert,
    Close,
    Wait,
}

/// Forwards connections to a server. Once it is muted, the server no longer hears its client.
fn relay(port: u16, then: Then, is_muted: Arc<AtomicBool>) -> TapServer {
    TapServer::start(move |tap| {
        let mut server = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let (mut from, mut to) = (server.try_clone().unwrap(), tap.stream.try_clone().unwrap());
        let back = thread::spawn(move || {
            let _ = std::io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Write);
        });
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = tap.read(&mut buffer) {
            if !is_muted.load(Ordering::SeqCst) {
                server.write_all(&buffer[..length]).unwrap();
            } else if then == Then::Close {
                break;
            }
        }
        let _ = server.shutdown(Shutdown::Both);
        back.join().unwrap();
    })
}

/// IIS and SAP request a client certificate this way if only some URLs need one.
#[test]
#[cfg_attr(unix, ignore = "takes long: make test")]
fn an_error_says_that_renegotiation_is_not_supported() {
    if skipped::is_missing("openssl", "renegotiation of TLS 1.2") {
        return;
    }
    let identity = ["-cert", "good.pem", "-key", "server.key", "-tls1_2"];
    let asking = [&identity[..], &["-CAfile", "ca.pem", "-verify", "1"]].concat();
    let (chain, key) = (fixture("client-ec.pem"), fixture("client-ec.sec1.key"));
    for then in [Then::Alert, Then::Close, Then::Wait] {
        for (arguments, has_certificate) in
            [(&identity[..], false), (&asking, false), (&asking, true)]
        {
            let mut server = OpenSsl::serve(&fixtures(), arguments);
            let port: u16 = server.url.rsplit(':').next().unwrap().parse().unwrap();
            let is_muted = Arc::new(AtomicBool::new(false));
            let relay = relay(port, then, is_muted.clone());
            let mut config = config(&https(relay.port));
            config.set_ca_pem(&fixture("ca.pem")).unwrap();
            if has_certificate {
                config.set_client_certificate_pem(&chain, &key).unwrap();
            }
            if then == Then::Wait {
                config.set_timeout(Duration::from_secs(3)).unwrap();
            }
            let client = Client::with_config(&config).unwrap();
            let call = thread::spawn(move || failure(&client));
            server.wait_for("POST ");
            is_muted.store(then != Then::Alert, Ordering::SeqCst);
            server.type_in("R\n");
            let error = call.join().unwrap();
            let kind = if then == Then::Wait { E::ResponseTimeout } else { E::Tls };
            assert_eq!((error.outcome(), error.kind()), (Unknown, kind), "{then:?}: {error}");
            let says =
                "the server requested TLS renegotiation, which is not supported; if it needs";
            assert!(error.message().contains(says), "{then:?}: {error}");
            assert!(!error.message().contains("rejected the client"), "{error}");
        }
    }
}

/// Renegotiation in TLS 1.2, post-handshake authentication in TLS 1.3, at each moment.
#[test]
fn a_certificate_that_is_requested_after_the_handshake_is_never_sent() {
    /// What comes before the server asks.
    #[derive(Debug, Clone, Copy, PartialEq)]
    enum After {
        Handshake,
        Request,
        /// The first response; then the server waits.
        Response,
        /// The same, in one piece with the response.
        JoinedResponse,
        /// The second request on the connection.
        SecondRequest,
    }
    for (version, says) in VERSIONS.into_iter().zip([
        "the server requested TLS renegotiation, which is not supported; if it needs",
        "the server requested a client certificate after the handshake, which is not supported",
    ]) {
        for after in [
            After::Handshake,
            After::Request,
            After::Response,
            After::JoinedResponse,
            After::SecondRequest,
        ] {
            let ca = TestCa::new("The test's CA");
            let tls = ca.issue(&params_for(&["127.0.0.1"])).served(&[version]);
            let (asked, has_asked) = std::sync::mpsc::channel();
            let server = TapServer::tls(tls, move |tls| {
                tls.complete_handshake();
                if after != After::Handshake {
                    read_request(tls).expect("a request");
                }
                if tls.tap.number > 0 {
                    tls.write_all(&ok()).unwrap();
                    return;
                }
                if matches!(after, After::Response | After::SecondRequest) {
                    tls.write_all(&ok()).unwrap();
                }
                if after == After::SecondRequest {
                    read_request(tls).expect("a second request");
                }
                match after {
                    After::Response => drop(tls.ask_for_certificate()),
                    After::JoinedResponse => drop(tls.ask_for_certificate_after(&ok())),
                    _ => tls.ask_for_certificate().send_failure(tls.tap),
                }
                let _ = asked.send(());
            });
            let (chain, key) = ca.issue(&params_for(&["client.test"])).pem();
            let mut config = config(&https(server.port));
            config.set_ca_pem(&ca.pem).unwrap();
            config.set_client_certificate_pem(&chain, &key).unwrap();
            let client = Client::with_config(&config).unwrap();
            let is_idle = matches!(after, After::Response | After::JoinedResponse);
            if is_idle || after == After::SecondRequest {
                assert_accepted(&client);
            }
            if is_idle {
                has_asked.recv_timeout(LIMIT).unwrap();
                // The idle connection is not quiet, so the second call opens another.
                assert_accepted(&client);
            } else {
                let error = failure(&client);
                println!("{after:?}: {error}");
                // Before the request, the outcome depends on how fast the server is.
                assert!(
                    error.outcome() == Unknown
                        || after == After::Handshake && error.outcome() == NotSent,
                    "{after:?}: {error}"
                );
                assert_eq!(error.kind(), E::Tls, "{after:?}: {error}");
                assert!(error.message().contains(says), "{after:?}: {error}");
            }
            drop(client);
            let seen = server.finish();
            assert_eq!(seen.connections, if is_idle { 2 } else { 1 }, "{after:?}");
        }
    }
}

/// The handshake is complete for both sides, and nothing is sent yet.
#[test]
fn nothing_is_sent_after_a_late_request_for_a_certificate_failed() {
    for (version, says) in VERSIONS.into_iter().zip([
        "the server requested TLS renegotiation, which is not supported",
        "the server requested a client certificate after the handshake, which is not supported",
    ]) {
        let ca = TestCa::new("The test's CA");
        let tls = ca.issue(&params_for(&["127.0.0.1"])).served(&[version]);
        let (ready, is_ready) = std::sync::mpsc::channel();
        let (asked, has_asked) = std::sync::mpsc::channel();
        let (is_ready, has_asked) = (Mutex::new(is_ready), Mutex::new(has_asked));
        let server = TapServer::tls(tls, move |tls| {
            tls.complete_handshake();
            is_ready.lock().unwrap().recv_timeout(LIMIT).unwrap();
            tls.ask_for_certificate().send_failure(tls.tap);
            asked.send(()).unwrap();
        });
        let mut config = config(&https(server.port));
        config.set_ca_pem(&ca.pem).unwrap();
        config.set_log(LogLevel::Debug, move |_, line| {
            if line.contains("] TLS 1.") {
                ready.send(()).unwrap();
                has_asked.lock().unwrap().recv_timeout(LIMIT).unwrap();
            }
        });
        let error = failure(&Client::with_config(&config).unwrap());
        assert_eq!((error.outcome(), error.kind()), (NotSent, E::Tls), "{error}");
        assert!(error.message().contains(says), "{error}");
        assert_no_request(&server.finish());
    }
}

#[track_caller]
fn assert_invalid<T: std::fmt::Debug>(result: Result<T, Error>, kind: E, says: &str) {
    let error = result.expect_err("a failure");
    println!("{error}");
    assert_eq!((error.outcome(), error.kind()), (NotSent, kind), "{error}");
    assert!(error.message().contains(says), "{says}: {error}");
}

#[test]
fn an_error_names_the_flaw_of_a_ca_file() {
    let good = TestCa::new("A CA").pem;
    let (_, key) = TestCa::new("A CA").issue(&params_for(&[])).pem();
    let cut = &good[..good.len() / 2];
    let twice = format!("{cut}\n{good}");
    let not_der = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let not_base64 = not_der.replace("AAAA", "?");
    let der = b"\x30\x82\x01\x00\x30";
    let utf16: Vec<u8> = "\u{FEFF}-----".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let without_begin = &good[good.find('\n').unwrap()..];
    let cases: [(&[u8], &str); 12] = [
        (b"", "is empty"),
        (b"not PEM", "contains no certificate (-----BEGIN CERTIFICATE-----)"),
        (der, "is DER or PKCS #12, not PEM"),
        (&utf16, "is UTF-16, not PEM"),
        (cut.as_bytes(), "is truncated"),
        (twice.as_bytes(), "has a -----BEGIN line before"),
        (without_begin.as_bytes(), "has an -----END line without"),
        (not_der.as_bytes(), "contains an invalid certificate"),
        (not_base64.as_bytes(), "contains an invalid certificate"),
        (&[good.as_bytes(), not_der.as_bytes()].concat(), "contains an invalid certificate"),
        (&[good.as_bytes(), key.as_bytes()].concat(), "contains a private key"),
        (key.as_bytes(), "contains no certificate"),
    ];
    let mut config = config("https://acme.example");
    for (content, says) in cases {
        let path = file("invalid-ca.pem", content);
        let named = format!("CA file {} {says}", path.display());
        assert_invalid(config.set_ca_file(&path), E::CaPem, &named);
        assert_invalid(config.add_ca_file(&path), E::CaPem, &named);
        if let Ok(text) = std::str::from_utf8(content) {
            assert_invalid(config.set_ca_pem(text), E::CaPem, &format!("pem {says}"));
            assert_invalid(config.add_ca_pem(text), E::CaPem, &format!("pem {says}"));
        }
    }
}

#[test]
fn an_error_names_the_file_that_cannot_be_read() {
    let mut config = config("https://acme.example");
    let (chain, key) = TestCa::new("A CA").issue(&params_for(&[])).pem();
    let (chain, key) = (file("readable-chain.pem", chain), file("readable-key.pem", key));
    let large = file("large.pem", "");
    std::fs::OpenOptions::new().write(true).open(&large).unwrap().set_len((16 << 20) + 1).unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let mut cases = vec![
        (folder.join("missing\n.pem"), "missing .pem cannot be read: "),
        (PathBuf::new(), "with an empty path cannot be read: "),
        (folder.join("x".repeat(70_000)), "x… cannot be read: "),
        (folder.to_owned(), "is a directory"),
        (large, "is larger than 16 MiB"),
    ];
    if cfg!(unix) {
        let pipe = folder.join("pipe");
        let _ = std::fs::remove_file(&pipe);
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        cases.push((pipe, "is not a regular file"));
    }
    for (path, says) in cases {
        assert_invalid(config.set_ca_file(&path), E::CaFile, says);
        assert_invalid(config.add_ca_file(&path), E::CaFile, says);
        let chains = config.set_client_certificate_file(&path, &key);
        assert_invalid(chains, E::ClientCertificate, &format!("certificate file {}", shown(&path)));
        let keys = config.set_client_certificate_file(&chain, &path);
        assert_invalid(keys, E::ClientKey, says);
    }
    config.set_client_certificate_file(&chain, &key).unwrap();
}

/// The part of a path that a message shows.
fn shown(path: &Path) -> String {
    path.to_str().unwrap().split('\n').next().unwrap().chars().take(300).collect()
}

#[test]
fn an_error_names_the_flaw_of_a_client_certificate_or_key() {
    let ca = TestCa::new("A CA");
    let (chain, key) = ca.issue(&params_for(&[])).pem();
    let mut config = config("https://acme.example");
    let encrypted =
        [fixture("client-rsa.encrypted.key"), fixture("client-rsa.encrypted-pkcs1.key")];
    let old = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let not_der = key.replace("-----\nM", "-----\nA");
    let of_another_curve = "-----BEGIN DSA PRIVATE KEY-----\nMIIB\n-----END DSA PRIVATE KEY-----\n";
    let cases = [
        ("", key.as_str(), E::ClientCertificate, "chain_pem is empty"),
        (&key, &key, E::ClientCertificate, "chain_pem contains no certificate"),
        (old, &key, E::ClientCertificate, "chain_pem contains an invalid certificate"),
        (&format!("{chain}{old}"), &key, E::ClientCertificate, "contains an invalid certificate"),
        (&chain, "", E::ClientKey, "key_pem contains no private key"),
        (&chain, &chain, E::ClientKey, "key_pem contains no private key"),
        (&chain, &key[..key.len() / 2], E::ClientKey, "key_pem is truncated"),
        (&chain, &not_der, E::ClientKey, "key_pem contains a private key that is damaged or"),
        (&chain, of_another_curve, E::ClientKey, "contains a private key that is damaged or"),
        (&chain, &encrypted[0], E::ClientKey, "key_pem is encrypted"),
        (&chain, &encrypted[1], E::ClientKey, "key_pem is encrypted"),
        (&chain, &format!("{key}{key}"), E::ClientKey, "contains more than one private key"),
        (&chain, &fixture("client-rsa.pkcs1.key"), E::ClientKey, "does not match the first"),
        (&format!("{}{chain}", ca.pem), &key, E::ClientKey, "does not match the first"),
    ];
    for (chain, key, kind, says) in cases {
        assert_invalid(config.set_client_certificate_pem(chain, key), kind, says);
    }
    config.set_client_certificate_pem(&chain, &key).unwrap();
}

#[test]
fn the_private_key_is_never_shown() {
    let (chain, key) = (fixture("client-rsa.pem"), fixture("client-rsa.pkcs1.key"));
    let other = fixture("client-ec.pem");
    let mut config = config("https://acme.example");
    config.set_client_certificate_pem(&chain, &key).unwrap();
    let client = Client::with_config(&config).unwrap();
    let mut texts = vec![format!("{config:?} {config:#?} {client:?} {client:#?}")];
    for (chain, key) in [
        (other.as_str(), key.clone()),
        (&chain, key.replace("-----END", "-----EMD")),
        (&chain, key.replace("-----BEGIN", "----BEGIN")),
        (&chain, key.replace("RSA PRIVATE", "PRIVATE")),
        (&key, key.clone()),
    ] {
        let error = config.set_client_certificate_pem(chain, &key).unwrap_err();
        texts.push(format!("{error} {error:?} {error:#?}"));
    }
    for line in key.lines().filter(|line| !line.starts_with('-')) {
        assert!(texts.iter().all(|text| !text.contains(line)), "{texts:?}");
    }
}

/// Runs a test in a child process with another system store.
#[cfg(target_os = "linux")]
fn passes_in_child(test: &str, url: &str, store: impl AsRef<Path>) {
    assert_passes(
        child(test)
            .env(CHILD_URL, url)
            .env("SSL_CERT_FILE", store.as_ref())
            .env("SSL_CERT_DIR", "/nonexistent"),
    );
}

#[cfg(target_os = "linux")]
const CHILD_URL: &str = "LUMA_TEST_URL";

/// Only on Linux does a variable replace the store.
#[cfg(target_os = "linux")]
#[test]
fn nothing_is_sent_if_the_system_has_no_store() {
    if let Ok(url) = std::env::var(CHILD_URL) {
        let error = failure(&Client::with_config(&config(&url)).unwrap());
        assert_eq!((error.outcome(), error.kind()), (NotSent, E::Tls));
        assert!(error.message().contains(NO_STORE), "{error}");
        return;
    }
    let server = TapServer::answering(localhost().1, ok());
    let test = "trust::nothing_is_sent_if_the_system_has_no_store";
    passes_in_child(test, &https(server.port), "/nonexistent");
    let seen = server.finish();
    assert!(seen.wire.is_empty() && seen.plain.is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn the_system_store_is_trusted_unless_a_ca_is_set() {
    let another = TestCa::new("Another CA").pem;
    if let Ok(url) = std::env::var(CHILD_URL) {
        assert_accepted(&Client::with_config(&config(&url)).unwrap());
        let mut added = config(&url);
        assert_accepted(&Client::with_config(added.add_ca_pem(&another).unwrap()).unwrap());
        let error = failure(&trusting(&url, &another));
        assert!(error.message().contains(NOT_TRUSTED), "{error}");
        return;
    }
    let (ca, tls) = localhost();
    let server = TapServer::answering(tls, ok());
    let store = file("store.pem", format!("{another}{}", ca.pem));
    let test = "trust::the_system_store_is_trusted_unless_a_ca_is_set";
    passes_in_child(test, &https(server.port), store);
    assert_eq!(server.finish().connections, 3);
}

/// The platform's verifier does not report this cause.
#[cfg(target_os = "linux")]
#[test]
fn the_system_store_accepts_server_certificates_only() {
    if let Ok(url) = std::env::var(CHILD_URL) {
        let error = failure(&Client::with_config(&config(&url)).unwrap());
        assert_eq!((error.outcome(), error.kind()), (NotSent, E::Tls));
        assert!(error.message().contains("is not for servers"), "{error}");
        return;
    }
    let ca = TestCa::new("The test's CA");
    let mut params = params_for(&["127.0.0.1"]);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let tls = ca.issue(&params).served(rustls::ALL_VERSIONS);
    let server = TapServer::answering(tls, ok());
    let store = file("client-purpose-store.pem", &ca.pem);
    let test = "trust::the_system_store_accepts_server_certificates_only";
    passes_in_child(test, &https(server.port), store);
    assert_no_request(&server.finish());
}

/// A verifier is installed in exactly one place, and none of them accepts anything unconditionally.
#[test]
fn no_code_turns_verification_off() {
    fn sources(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else {
                let source = std::fs::read_to_string(&path).unwrap();
                found.push((path, source));
            }
        }
    }
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let count = |text: &str| found.iter().map(|(_, source)| source.matches(text).count()).sum();
    assert!(found.len() > 40);
    for (text, times) in [
        (".dangerous()", 1),
        ("with_custom_certificate_verifier", 1),
        // `RecordingVerifier` delegates to `AnchorVerifier`, which calls the functions of rustls.
        ("impl ServerCertVerifier", 2),
        // After rustls accepted the certificate, or if the caller trusts exactly this one.
        ("ServerCertVerified::", 2),
        ("HandshakeSignatureValid::", 0),
        ("assertion()", 2),
        ("danger_accept", 0),
        ("disable_verification", 0),
    ] {
        let counted: usize = count(text);
        assert_eq!(counted, times, "{text}");
    }
}
