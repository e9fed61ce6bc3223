//! Promise 3: the token goes nowhere but where it was sent.

mod support;
#[path = "support/tls.rs"]
mod tls;

use std::io::{Read, Write};
use std::process::{Command, Output};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use luma::Outcome::*;
use luma::{AuthScheme, Client, Config, Error, ErrorKind as E, Trigger};
use rustls::ServerConfig;

use support::{
    SUCCESS, ScriptServer, Step, TOKEN, TRIGGER_ID, VALIDATION_ERROR, config, reply, request,
};
use tls::{Authority, Identity, Seen, Tap, TapServer, localhost, params_for, read_request};

const TIMEOUT: Duration = Duration::from_millis(300);
const OVERSHOOT: Duration = Duration::from_millis(100);

fn trusting(url: &str, ca_pem: &str) -> Client {
    Client::with_config(config(url).set_ca_pem(ca_pem).unwrap()).unwrap()
}

fn trigger(client: &Client) -> Result<Trigger, Error> {
    client.trigger_workflow(&request())
}

#[track_caller]
fn assert_accepted(client: &Client) {
    let trigger = trigger(client).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(trigger.trigger_id(), TRIGGER_ID);
}

fn failure(client: &Client) -> Error {
    let error = trigger(client).expect_err("a failure");
    println!("{error}");
    assert!(!error.message().contains(TOKEN));
    error
}

fn https(port: u16) -> String {
    format!("https://127.0.0.1:{port}")
}

fn ok() -> Vec<u8> {
    reply("200 OK", SUCCESS)
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// That a server which could have answered got nothing that it could read.
#[track_caller]
fn assert_nothing_told(seen: &Seen) {
    assert_eq!(seen.connections, 1);
    assert!(seen.plain.is_empty(), "{}", String::from_utf8_lossy(&seen.plain));
    assert!(!holds(&seen.wire, TOKEN) && !holds(&seen.wire, "POST"));
}

#[test]
fn a_server_with_a_certificate_of_the_given_ca_is_trusted() {
    for host in ["localhost", "127.0.0.1"] {
        let (authority, tls) = localhost();
        let server = TapServer::answering(tls, ok());
        let client = trusting(&format!("https://{host}:{}", server.port), &authority.pem);
        assert_accepted(&client);
        assert_accepted(&client);
        drop(client);
        let seen = server.finish();
        assert_eq!(seen.connections, 1, "{host}");
        assert_eq!(String::from_utf8_lossy(&seen.plain).matches(TOKEN).count(), 2);
        assert!(!holds(&seen.wire, TOKEN));
    }
}

#[test]
fn tls_1_2_and_1_3_both_do() {
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let authority = Authority::new("The test's CA");
        let tls = authority.issue(&params_for(&["127.0.0.1"])).served(&[version]);
        let server = TapServer::tls(tls, |tls| {
            // The session is resumed on the second connection.
            if read_request(tls).is_some() {
                tls.write_all(&reply("200 OK\r\nConnection: close", SUCCESS)).unwrap();
            }
        });
        let client = trusting(&https(server.port), &authority.pem);
        assert_accepted(&client);
        assert_accepted(&client);
        drop(client);
        assert_eq!(server.finish().connections, 2, "{version:?}");
    }
}

#[test]
fn one_of_several_cas_is_enough() {
    let (authority, tls) = localhost();
    let server = TapServer::answering(tls, ok());
    let pem = format!("# Ours\n{}\n{}", Authority::new("Another CA").pem, authority.pem);
    assert_accepted(&trusting(&https(server.port), &pem));
}

/// A server whose certificate must not be taken, and what is said about it.
fn assert_refused(tls: Arc<ServerConfig>, ca_pem: Option<&str>, host: &str, says: &[&str]) {
    let server = TapServer::answering(tls, ok());
    let mut config = config(&format!("https://{host}:{}", server.port));
    if let Some(pem) = ca_pem {
        config.set_ca_pem(pem).unwrap();
    }
    let client = Client::with_config(&config).unwrap();
    let error = failure(&client);
    assert_eq!((error.outcome(), error.kind()), (NotSent, E::Tls), "{error}");
    assert!(says.iter().any(|says| error.message().contains(says)), "{says:?}: {error}");
    assert_nothing_told(&server.finish());
}

const NOT_TRUSTED: &str = "from an issuer that is not trusted";
const NO_STORE: &str = "the system's CA certificates cannot be used";
/// It misses the lists of what was revoked first.
const WINE: &str = "the server's certificate is not valid: Other";

#[test]
fn a_server_with_a_certificate_of_another_ca_gets_nothing() {
    let (_, tls) = localhost();
    let says: &[&str] = if cfg!(windows) { &[NOT_TRUSTED, WINE] } else { &[NOT_TRUSTED, NO_STORE] };
    assert_refused(tls.clone(), None, "localhost", says);
    // Another CA under the same name is another CA.
    for (name, says) in [("Another CA", NOT_TRUSTED), ("The test's CA", NOT_TRUSTED)] {
        let another = Authority::new(name);
        assert_refused(tls.clone(), Some(&another.pem), "127.0.0.1", &[says]);
    }
}

#[test]
fn a_server_with_a_wrong_certificate_gets_nothing() {
    let authority = Authority::new("The test's CA");
    let pem = Some(authority.pem.as_str());
    let served = |params| authority.issue(&params).served(rustls::ALL_VERSIONS);
    let localhost = || params_for(&["localhost", "127.0.0.1"]);

    let another_host = || served(params_for(&["acme.example", "127.0.0.2"]));
    assert_refused(another_host(), pem, "localhost", &["to localhost:"]);
    assert_refused(another_host(), pem, "localhost", &["is for another host"]);
    assert_refused(another_host(), pem, "127.0.0.1", &["is for another host"]);
    // A name does not vouch for an address, nor the other way round.
    assert_refused(served(params_for(&["localhost"])), pem, "127.0.0.1", &["another host"]);
    assert_refused(served(params_for(&["127.0.0.1"])), pem, "localhost", &["another host"]);

    let mut params = localhost();
    params.not_after = rcgen::date_time_ymd(2001, 1, 1);
    assert_refused(served(params), pem, "localhost", &["has expired"]);

    let mut params = localhost();
    params.not_before = rcgen::date_time_ymd(2100, 1, 1);
    assert_refused(served(params), pem, "localhost", &["is not valid yet"]);

    let mut params = localhost();
    params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
    assert_refused(served(params), pem, "localhost", &["is not valid"]);

    let self_signed = || Identity::self_signed(&localhost()).served(rustls::ALL_VERSIONS);
    assert_refused(self_signed(), pem, "localhost", &[NOT_TRUSTED]);
    assert_refused(self_signed(), None, "localhost", &[NOT_TRUSTED, NO_STORE]);
}

/// A server below TLS that must get nothing but a greeting.
fn assert_greeted_only(kinds: &[E], says: &str, serve: impl Fn(&mut Tap) + Send + Sync + 'static) {
    let server = TapServer::start(serve);
    let mut config = config(&https(server.port));
    config.set_ca_pem(&Authority::new("A CA").pem).unwrap().set_connect_timeout(TIMEOUT).unwrap();
    let client = Client::with_config(&config).unwrap();
    let started = Instant::now();
    let error = failure(&client);
    let took = started.elapsed();
    assert_eq!(error.outcome(), NotSent, "{error}");
    assert!(kinds.contains(&error.kind()), "{:?}: {error}", error.kind());
    assert!(error.message().contains(says), "{says}: {error}");
    assert!(took < TIMEOUT + OVERSHOOT, "{took:?}");
    assert!(took >= TIMEOUT || error.kind() != E::ConnectTimeout, "{took:?}");
    assert_nothing_told(&server.finish());
}

/// Reads the first of what the client says.
fn greeting(tap: &mut Tap) {
    assert!(matches!(tap.read(&mut [0; 4096]), Ok(1..)));
}

#[test]
fn a_server_that_does_not_speak_tls_gets_nothing() {
    for answer in ["HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.6\r\n", "\0\0\0\0\0\0\0"]
    {
        assert_greeted_only(&[E::Tls], "does not speak TLS", move |tap| {
            greeting(tap);
            let _ = tap.write_all(answer.as_bytes());
            tap.drain();
        });
    }
}

#[test]
fn a_server_that_breaks_off_the_handshake_gets_nothing() {
    assert_greeted_only(&[E::Tls], "no TLS connection to 127.0.0.1:", |_| {});
    assert_greeted_only(&[E::Tls], "the server closed the connection", greeting);
    // It may even come while connecting.
    assert_greeted_only(&[E::Tls, E::Connect], "to 127.0.0.1:", Tap::reset);
    assert_greeted_only(&[E::Tls], "no TLS connection to 127.0.0.1:", |tap| {
        greeting(tap);
        tap.reset();
    });
    assert_greeted_only(&[E::Tls], "HandshakeFailure", |tap| {
        greeting(tap);
        let _ = tap.write_all(b"\x15\x03\x03\x00\x02\x02\x28");
        tap.drain();
    });
    // Half of what belongs to a handshake.
    assert_greeted_only(&[E::Tls], "the server closed the connection", |tap| {
        greeting(tap);
        let _ = tap.write_all(b"\x16\x03\x03\x00\x7A\x02");
    });
}

#[test]
fn a_server_that_stalls_in_the_handshake_gets_nothing() {
    let says = "127.0.0.1:";
    assert_greeted_only(&[E::ConnectTimeout], says, Tap::drain);
    assert_greeted_only(&[E::ConnectTimeout], says, |tap| {
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

#[test]
fn without_close_notify_only_a_reply_with_a_length_is_whole() {
    let without_length = format!("HTTP/1.1 200 OK\r\n\r\n{SUCCESS}").into_bytes();
    for (reply, says_so, is_whole) in [
        (without_length.clone(), false, false),
        (without_length, true, true),
        (ok(), false, true),
        (ok(), true, true),
        (ok()[..ok().len() - 1].to_vec(), true, false),
    ] {
        let (authority, tls) = localhost();
        let server = TapServer::tls(tls, move |tls| {
            if read_request(tls).is_some() {
                tls.write_all(&reply).unwrap();
                if says_so {
                    tls.close_notify();
                }
                tls.tap.stream.shutdown(std::net::Shutdown::Write).unwrap();
            }
        });
        let client = trusting(&https(server.port), &authority.pem);
        if is_whole {
            assert_accepted(&client);
        } else {
            let error = failure(&client);
            assert_eq!((error.outcome(), error.kind()), (Unknown, E::ConnectionLost));
        }
        drop(client);
        assert_eq!(server.finish().connections, 1);
    }
}

#[test]
fn a_redirect_is_not_followed() {
    for status in [300, 301, 302, 303, 305, 307, 308] {
        for body in ["", "<html>moved</html>", VALIDATION_ERROR] {
            let elsewhere = ScriptServer::start(vec![vec![Step::Read, Step::Send(ok())]]);
            let location = format!("{}/gateway/api/v1/workflow/trigger", elsewhere.url);
            let redirect = reply(&format!("{status} Moved\r\nLocation: {location}"), body);
            let server = ScriptServer::start(vec![vec![
                Step::Read,
                Step::Send(redirect.clone()),
                Step::Wait,
            ]]);
            let client = Client::with_config(&config(&server.url)).unwrap();
            let error = failure(&client);
            let is_proof = status > 305 || body == VALIDATION_ERROR;
            assert_eq!(error.outcome(), if is_proof { Rejected } else { Unknown }, "{status}");
            assert_eq!(error.http_status(), Some(status));
            assert_eq!((server.connections(), server.deliveries()), (1, 1), "{status}");
            assert_eq!((elsewhere.connections(), elsewhere.deliveries()), (0, 0), "{status}");
        }
    }
}

const PROXY_VARIABLES: [&str; 8] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "SOCKS_PROXY",
    "socks_proxy",
];
const CHILD_URL: &str = "LUMA_TEST_URL";
const CHILD_CA: &str = "LUMA_TEST_CA";

/// Runs a test of this file in a process of its own, where variables can be set.
fn child(test: &str) -> Command {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args([test, "--exact", "--nocapture"]);
    for variable in PROXY_VARIABLES.iter().chain(&["NO_PROXY", "no_proxy", "REQUEST_METHOD"]) {
        child.env_remove(variable);
    }
    child
}

#[track_caller]
fn assert_passed(output: &Output) {
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

#[test]
fn proxies_of_the_environment_are_not_used_to_loopback() {
    if let Ok(url) = std::env::var(CHILD_URL) {
        assert_accepted(&trusting(&url, &std::env::var(CHILD_CA).unwrap()));
        return;
    }
    let proxy = ScriptServer::start(vec![vec![Step::Read, Step::Send(ok()), Step::Wait]]);
    let (authority, tls) = localhost();
    let plain =
        TapServer::start(
            |tap| {
                while read_request(tap).is_some() && tap.write_all(&ok()).is_ok() {}
            },
        );
    let secure = TapServer::answering(tls, ok());
    for url in [format!("http://127.0.0.1:{}", plain.port), https(secure.port)] {
        let mut child = child("proxies_of_the_environment_are_not_used_to_loopback");
        child.env(CHILD_URL, url).env(CHILD_CA, &authority.pem);
        for variable in PROXY_VARIABLES {
            let is_socks = variable.to_ascii_lowercase().starts_with("socks");
            let scheme = if is_socks { "socks5" } else { "http" };
            child.env(variable, proxy.url.replacen("http", scheme, 1));
        }
        assert_passed(&child.output().unwrap());
    }
    assert_eq!(proxy.connections(), 0);
    let line = "POST /gateway/api/v1/workflow/trigger HTTP/1.1\r\n";
    assert!(plain.finish().wire.starts_with(line.as_bytes()));
    assert!(secure.finish().plain.starts_with(line.as_bytes()));
}

/// Only there the store is files that a variable can hide.
#[cfg(target_os = "linux")]
#[test]
fn without_a_store_of_the_system_a_server_gets_nothing() {
    if let Ok(url) = std::env::var(CHILD_URL) {
        let error = failure(&Client::with_config(&config(&url)).unwrap());
        assert_eq!((error.outcome(), error.kind()), (NotSent, E::Tls));
        assert!(error.message().contains(NO_STORE), "{error}");
        return;
    }
    let server = TapServer::answering(localhost().1, ok());
    let mut child = child("without_a_store_of_the_system_a_server_gets_nothing");
    child.env(CHILD_URL, https(server.port));
    child.env("SSL_CERT_FILE", "/nonexistent").env("SSL_CERT_DIR", "/nonexistent");
    assert_passed(&child.output().unwrap());
    let seen = server.finish();
    assert!(seen.wire.is_empty() && seen.plain.is_empty());
}

/// The head of the request that a client with this configuration sends below this path.
fn head_of_request(path: &str, set: impl Fn(&mut Config)) -> Vec<String> {
    let server = TapServer::start(|tap| {
        let _ = read_request(tap).is_some() && tap.write_all(&ok()).is_ok();
    });
    let mut config = config(&format!("http://127.0.0.1:{}{path}", server.port));
    set(&mut config);
    assert_accepted(&Client::with_config(&config).unwrap());
    let port = server.port.to_string();
    let request = String::from_utf8(server.finish().wire).unwrap();
    let (head, _) = request.split_once("\r\n\r\n").unwrap();
    head.lines().map(|line| line.replace(&port, "PORT")).collect()
}

/// The values of a header.
fn values<'a>(head: &'a [String], name: &str) -> Vec<&'a str> {
    let headers = head[1..].iter().map(|line| line.split_once(": ").expect("a header"));
    headers.filter(|header| header.0.eq_ignore_ascii_case(name)).map(|header| header.1).collect()
}

#[test]
fn the_token_stands_in_one_header() {
    let head = head_of_request("", |_| {});
    assert_eq!(values(&head, "authorization"), [format!("Bearer {TOKEN}")]);
    assert_eq!(head.concat().matches(TOKEN).count(), 1);

    let head = head_of_request("", |config| {
        config.set_auth_scheme(AuthScheme::ApiAccessKey);
    });
    assert_eq!(values(&head, "itas-api-access-key"), [TOKEN]);
    assert!(values(&head, "authorization").is_empty());
    assert_eq!(head.concat().matches(TOKEN).count(), 1);
}

#[test]
fn the_user_agent_names_the_application_first() {
    let own = format!("libluma/{}", env!("CARGO_PKG_VERSION"));
    assert_eq!(values(&head_of_request("", |_| {}), "user-agent"), [own.as_str()]);
    let head = head_of_request("", |config| {
        config.set_application_id("AcmeDesk/4.2").unwrap();
    });
    assert_eq!(values(&head, "user-agent"), [format!("AcmeDesk/4.2 {own}")]);
}

#[test]
fn a_prefix_in_the_base_url_stands_before_the_path() {
    for (path, prefix) in [("", ""), ("/", ""), ("/acme", "/acme"), ("/a/b-c/d_e~/", "/a/b-c/d_e~")]
    {
        let head = head_of_request(path, |_| {});
        assert_eq!(head[0], format!("POST {prefix}/gateway/api/v1/workflow/trigger HTTP/1.1"));
        assert_eq!(values(&head, "host"), ["127.0.0.1:PORT"]);
    }
}

/// The text in JSON's numeric escapes.
fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("\\u{byte:04x}")).collect()
}

#[test]
fn a_token_that_the_server_repeats_is_not_shown() {
    let envelope = |errors: &str| {
        let status_line = format!("Nobody knows {TOKEN}.");
        format!(
            r#"{{"status":"{TOKEN}","statusLine":"{status_line}","errors":{errors},"resultData":null}}"#
        )
    };
    let long = format!("{}{TOKEN}", "x".repeat(490));
    let head = |header: &str| format!("HTTP/1.1 200 OK\r\n{header}\r\n\r\n{SUCCESS}").into_bytes();
    let cases: Vec<Vec<u8>> = vec![
        reply("502 Bad Gateway", format!("<html>Authorization: Bearer {TOKEN}</html>")),
        reply("502 Bad Gateway", [b"\xFF\xFE", TOKEN.as_bytes(), b"\xFF"].concat()),
        // Where the message is cut.
        reply("502 Bad Gateway", &long),
        reply("401 Unauthorized", format!(r#"{{"message":"no such token: {TOKEN}"}}"#)),
        reply("200 OK", envelope("null")),
        reply("200 OK", envelope(&format!(r#"["{TOKEN}","a {TOKEN} b {TOKEN}"]"#))),
        reply("400 Bad Request", envelope(&format!(r#"[{{"token":"{TOKEN}"}},["{TOKEN}"]]"#))),
        reply("400 Bad Request", envelope(&format!(r#""{TOKEN}""#))),
        // Spelt another way.
        reply(
            "400 Bad Request",
            envelope(&format!(r#"["{TOKEN}"]"#)).replace(TOKEN, &escaped(TOKEN)),
        ),
        reply(&format!("302 {TOKEN}\r\nLocation: https://acme.example/{TOKEN}"), ""),
        reply(&format!("429 X\r\nRetry-After: {TOKEN}"), TOKEN),
        format!("{TOKEN}\r\n\r\n").into_bytes(),
        format!("HTTP/1.1 {TOKEN}\r\n\r\n").into_bytes(),
        head(TOKEN),
        head(&format!("Content-Length: {TOKEN}")),
        head(&format!("Transfer-Encoding: {TOKEN}")),
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{TOKEN}\r\n").into_bytes(),
    ];
    for bytes in cases {
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        let server = ScriptServer::start(vec![vec![Step::Read, Step::Send(bytes)]]);
        let config = config(&server.url);
        let client = Client::with_config(&config).unwrap();
        let result = trigger(&client);
        let mut told = vec![
            format!("{client:?}"),
            format!("{config:?}"),
            format!("{config:#?}"),
            format!("{result:?}"),
            format!("{result:#?}"),
        ];
        if let Err(error) = result {
            println!("{error}");
            told.extend([error.message().to_owned(), error.to_string(), error.errors().concat()]);
        }
        for told in told {
            assert!(!told.contains(TOKEN), "{shown}\n{told}");
        }
    }
}
