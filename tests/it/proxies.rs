//! Promises 1 and 3 with a proxy: it carries a tunnel, and if it does anything else, nothing is
//! sent.

use std::io::{ErrorKind as Io, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use luma::Outcome::{NotSent, Unknown};
use luma::{Client, Config, ErrorKind as E};

use crate::support::Step::*;
use crate::support::child::{assert_passes, child};
use crate::support::tls::{Seen, Tap, TapServer, TestCa, localhost, params_for, read_request};
use crate::support::{self, ScriptServer, TOKEN, calls, config, numbered, ok, trigger};

/// The connect timeout of calls that must not get a connection.
const TIMEOUT: Duration = Duration::from_secs(1);
/// Generous, since a loaded machine is late; the fault catalogue measures how precise timeouts are.
const OVERSHOOT: Duration = Duration::from_secs(20);
const USER: &str = "corp\\jdoe";
const PASSWORD: &str = "s3cr3t/@:";
const LOGIN: &str = "corp%5Cjdoe:s3cr3t%2F%40:";
/// USER:PASSWORD in base64.
const BASIC: &str = "Proxy-Authorization: Basic Y29ycFxqZG9lOnMzY3IzdC9AOg==\r\n";
const ESTABLISHED: &str = "HTTP/1.1 200 Connection established\r\n\r\n";
/// A name that only the proxy can resolve.
const NAME: &str = "gateway.test";

fn through(proxy: &str, url: &str) -> Config {
    let mut config = config(url);
    config.set_proxy(proxy).unwrap().set_allow_http(true);
    // For the gateway only: no proxy may see it.
    config.add_header("X-Key", "s3cr3t-of-the-gateway").unwrap();
    config
}

#[track_caller]
fn assert_accepted(config: &Config) {
    let client = Client::with_config(config).unwrap();
    for _ in 0..2 {
        support::assert_accepted(&client);
    }
}

/// Kind, message and duration of a call that must fail as NOT_SENT.
#[track_caller]
fn failure(config: &Config) -> (E, String, Duration) {
    let client = Client::with_config(config).unwrap();
    let started = Instant::now();
    let error = trigger(&client).expect_err("a failure");
    let took = started.elapsed();
    println!("{error}");
    assert_eq!(error.outcome(), NotSent, "{error}");
    for text in [error.message(), &format!("{error:?} {client:?} {config:?} {config:#?}")] {
        assert!(
            !text.contains(TOKEN) && !text.contains("s3cr3t") && !text.contains("jdoe"),
            "{text}"
        );
    }
    (error.kind(), error.message().to_owned(), took)
}

fn gateway() -> ScriptServer {
    ScriptServer::start(vec![calls::answers(&[ok(), numbered(ok(), 1)])])
}

/// A gateway that accepts every trigger, with another trigger id each time.
fn plain_gateway() -> TapServer {
    TapServer::start(|tap| {
        let mut responses = (0..).map(|number| numbered(ok(), number));
        while read_request(tap).is_some() && tap.write_all(&responses.next().unwrap()).is_ok() {}
    })
}

fn port_of(url: &str) -> u16 {
    url.rsplit_once(':').unwrap().1.parse().unwrap()
}

fn count(bytes: &[u8], text: &str) -> usize {
    bytes.windows(text.len()).filter(|window| *window == text.as_bytes()).count()
}

/// Relays between both sides until one of them closes. Reads must time out soon.
fn relay(client: &mut (impl Read + Write), gateway_port: u16) {
    let mut gateway = TcpStream::connect(("127.0.0.1", gateway_port)).unwrap();
    gateway.set_read_timeout(Some(Duration::from_millis(2))).unwrap();
    gateway.set_nodelay(true).unwrap();
    while pass_on(client, &mut gateway) && pass_on(&mut gateway, client) {}
}

fn pass_on(from: &mut impl Read, to: &mut impl Write) -> bool {
    let mut buffer = [0; 16 * 1024];
    match from.read(&mut buffer) {
        Ok(0) => false,
        Ok(amount) => to.write_all(&buffer[..amount]).is_ok(),
        Err(error) => matches!(error.kind(), Io::WouldBlock | Io::TimedOut),
    }
}

/// An HTTP proxy that sends this response to every CONNECT and then relays.
fn http_proxy(response: impl Into<Vec<u8>>, gateway_port: u16) -> TapServer {
    let response = response.into();
    TapServer::start(move |tap| {
        if read_request(tap).is_some() && tap.write_all(&response).is_ok() {
            tap.stream.set_read_timeout(Some(Duration::from_millis(2))).unwrap();
            relay(tap, gateway_port);
        }
    })
}

/// The same over TLS.
fn https_proxy(
    tls: Arc<rustls::ServerConfig>,
    response: &'static str,
    gateway_port: u16,
) -> TapServer {
    TapServer::tls(tls, move |tls| {
        if read_request(tls).is_some() && tls.write_all(response.as_bytes()).is_ok() {
            tls.tap.stream.set_read_timeout(Some(Duration::from_millis(2))).unwrap();
            relay(tls, gateway_port);
        }
    })
}

/// Splits what an HTTP proxy received into the CONNECT request and the tunnel's bytes.
fn split_tunnel(bytes: &[u8]) -> (String, &[u8]) {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("a head") + 4;
    (String::from_utf8(bytes[..end].to_vec()).unwrap(), &bytes[end..])
}

fn head_to(target: &str, login: &str) -> String {
    format!(
        "CONNECT {target} HTTP/1.1\r\nHost: {target}\r\nProxy-Connection: keep-alive\r\n{login}\r\n"
    )
}

#[test]
fn an_http_proxy_carries_a_tunnel_to_an_http_gateway() {
    for (login, line) in [(String::new(), ""), (format!("{LOGIN}@"), BASIC)] {
        let gateway = gateway();
        let port = port_of(&gateway.url);
        let proxy = http_proxy(ESTABLISHED, port);
        let url = format!("http://{login}127.0.0.1:{}", proxy.port);
        assert_accepted(&through(&url, &format!("http://{NAME}:{port}")));
        let seen = proxy.finish();
        let (head, tunnelled) = split_tunnel(&seen.wire);
        assert_eq!(head, head_to(&format!("{NAME}:{port}"), line));
        assert!(tunnelled.starts_with(b"POST /gateway/api/v1/workflow/trigger HTTP/1.1\r\n"));
        assert_eq!(count(tunnelled, "Proxy-"), 0);
        // Both calls went through one tunnel.
        assert_eq!((seen.connections, gateway.connections(), gateway.deliveries()), (1, 1, 2));
    }
}

/// An HTTPS gateway with a certificate for `NAME`, and its CA.
fn secure_gateway() -> (TestCa, TapServer) {
    let ca = TestCa::new("The gateway's CA");
    let names = params_for(&[NAME, "127.0.0.1", "::1", "localhost"]);
    let tls = ca.issue(&names).served(rustls::ALL_VERSIONS);
    (ca, TapServer::answering(tls, ok()))
}

#[track_caller]
fn assert_two_requests(gateway: TapServer) {
    let seen = gateway.finish();
    assert_eq!((seen.connections, count(&seen.plain, TOKEN)), (1, 2));
}

#[test]
fn connecting_ahead_opens_the_tunnel_and_sends_nothing_through_it() {
    let gateway = plain_gateway();
    let proxy = http_proxy(ESTABLISHED, gateway.port);
    let url = format!("http://127.0.0.1:{}", gateway.port);
    let config = through(&format!("http://127.0.0.1:{}", proxy.port), &url);
    let client = Client::with_config(&config).unwrap();
    let connected = client.connect().unwrap();
    assert_eq!(connected.peer_address().port(), proxy.port);
    support::assert_accepted(&client);
    drop(client);
    let seen = proxy.finish();
    assert_eq!((seen.connections, count(&seen.wire, TOKEN)), (1, 1));

    // The TLS of the proxy is not that of the gateway.
    let (ca, tls) = localhost();
    let proxy = https_proxy(tls, ESTABLISHED, gateway.port);
    let mut config = through(&format!("https://127.0.0.1:{}", proxy.port), &url);
    let client = Client::with_config(config.set_ca_pem(&ca.pem).unwrap()).unwrap();
    let connected = client.connect().unwrap();
    assert_eq!((connected.tls_version(), connected.certificate_expires()), (None, None));
    support::assert_accepted(&client);
    drop(client);
    assert_eq!(proxy.finish().connections, 1);

    let refusing = http_proxy("HTTP/1.1 403 Forbidden\r\n\r\n", gateway.port);
    let config = through(&format!("http://127.0.0.1:{}", refusing.port), &url);
    let error = Client::with_config(&config).unwrap().connect().unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (E::ProxyFailed, NotSent), "{error}");
}

#[test]
fn a_proxy_cannot_read_a_tunnel_to_an_https_gateway() {
    for host in [NAME, "127.0.0.1", "[::1]"] {
        let (ca, gateway) = secure_gateway();
        let proxy = http_proxy(ESTABLISHED, gateway.port);
        let mut config =
            through(&format!("http://127.0.0.1:{}", proxy.port), &format!("https://{host}"));
        assert_accepted(config.set_ca_pem(&ca.pem).unwrap());
        let seen = proxy.finish();
        assert_eq!(split_tunnel(&seen.wire).0, head_to(&format!("{host}:443"), ""));
        assert_eq!(
            (seen.connections, count(&seen.wire, TOKEN), count(&seen.wire, "POST")),
            (1, 0, 0)
        );
        assert_two_requests(gateway);
    }
}

#[test]
fn an_https_proxy_carries_a_tunnel_to_an_http_gateway() {
    let gateway = gateway();
    let port = port_of(&gateway.url);
    let (ca, tls) = localhost();
    let proxy = https_proxy(tls, ESTABLISHED, port);
    let url = format!("https://{LOGIN}@localhost:{}", proxy.port);
    assert_accepted(through(&url, &format!("http://{NAME}:{port}")).set_ca_pem(&ca.pem).unwrap());
    let seen = proxy.finish();
    let (head, tunnelled) = split_tunnel(&seen.plain);
    assert_eq!(head, head_to(&format!("{NAME}:{port}"), BASIC));
    assert_eq!(count(tunnelled, TOKEN), 2);
    assert_eq!((count(&seen.wire, TOKEN), count(&seen.wire, "CONNECT")), (0, 0));
    assert_eq!((seen.connections, gateway.connections(), gateway.deliveries()), (1, 1, 2));
}

#[test]
fn an_https_proxy_carries_a_tunnel_to_an_https_gateway() {
    let (ca, gateway) = secure_gateway();
    let (proxy_ca, tls) = localhost();
    let proxy = https_proxy(tls, ESTABLISHED, gateway.port);
    let mut config =
        through(&format!("https://127.0.0.1:{}", proxy.port), &format!("https://{NAME}"));
    config.set_ca_pem(&(ca.pem + &proxy_ca.pem)).unwrap();
    assert_accepted(&config);
    let seen = proxy.finish();
    assert_eq!(split_tunnel(&seen.plain).0, head_to(&format!("{NAME}:443"), ""));
    assert_eq!((seen.connections, count(&seen.plain, TOKEN)), (1, 0));
    assert_two_requests(gateway);
}

#[test]
fn a_tunnel_that_was_closed_while_idle_is_not_reused() {
    for scheme in ["http", "https"] {
        let gateway = ScriptServer::start(vec![vec![Read, Send(ok())]]);
        let port = port_of(&gateway.url);
        let (ca, tls) = localhost();
        let proxy = match scheme {
            "http" => http_proxy(ESTABLISHED, port),
            _ => https_proxy(tls, ESTABLISHED, port),
        };
        let proxy_url = format!("{scheme}://127.0.0.1:{}", proxy.port);
        let mut config = through(&proxy_url, &format!("http://{NAME}:{port}"));
        let client = Client::with_config(config.set_ca_pem(&ca.pem).unwrap()).unwrap();
        for closed in 1..=2 {
            trigger(&client).unwrap_or_else(|error| panic!("{error}"));
            proxy.wait_until_closed(closed);
        }
        drop(client);
        assert_eq!((proxy.finish().connections, gateway.deliveries()), (2, 2), "{scheme}");
    }
}

#[test]
fn nothing_is_sent_to_an_untrusted_https_proxy() {
    let proxy = https_proxy(localhost().1, ESTABLISHED, 9);
    let url = format!("https://{LOGIN}@127.0.0.1:{}", proxy.port);
    let mut config = through(&url, &format!("https://{NAME}"));
    config.set_ca_pem(&TestCa::new("Another CA").pem).unwrap();
    let (kind, message, _) = failure(&config);
    assert_eq!(kind, E::Tls);
    let start = format!("proxy 127.0.0.1:{}: TLS handshake with", proxy.port);
    assert!(message.starts_with(&start), "{message}");
    assert!(proxy.finish().plain.is_empty());
}

#[test]
fn an_https_proxy_can_refuse_the_password() {
    let (ca, tls) = localhost();
    let proxy = https_proxy(tls, "HTTP/1.1 407 No\r\n\r\n", 9);
    let url = format!("https://{LOGIN}@127.0.0.1:{}", proxy.port);
    let mut config = through(&url, &format!("https://{NAME}"));
    let (kind, message, _) = failure(config.set_ca_pem(&ca.pem).unwrap());
    assert_eq!(kind, E::ProxyFailed);
    assert!(message.contains("rejected the user name and password (407)"), "{message}");
}

#[test]
fn nothing_is_sent_to_an_untrusted_gateway_through_a_proxy() {
    let (_, gateway) = secure_gateway();
    let proxy = http_proxy(ESTABLISHED, gateway.port);
    let mut config =
        through(&format!("http://127.0.0.1:{}", proxy.port), &format!("https://{NAME}"));
    config.set_ca_pem(&TestCa::new("Another CA").pem).unwrap();
    let (kind, message, _) = failure(&config);
    assert_eq!(kind, E::Tls);
    assert!(message.contains("has an untrusted issuer: \"The gateway's CA\""), "{message}");
    let end = format!("(through proxy 127.0.0.1:{})", proxy.port);
    assert!(message.contains(&end), "{message}");
    assert!(gateway.finish().plain.is_empty());
}

/// The kind and the message of a call through a proxy that acts like this, and what it received.
fn failure_at(
    scheme: &str,
    act: impl Fn(&mut Tap) + std::marker::Send + Sync + 'static,
) -> (E, String, Seen) {
    let proxy = TapServer::start(act);
    let name = format!("proxy 127.0.0.1:{}", proxy.port);
    let config =
        through(&format!("{scheme}127.0.0.1:{}", proxy.port), &format!("http://{NAME}:8080"));
    let (kind, message, _) = failure(&config);
    assert!(message.starts_with(&name) || kind == E::ConnectTimeout, "{message}");
    assert!(message.contains(&name), "{message}");
    let seen = proxy.finish();
    assert_eq!((seen.connections, count(&seen.wire, TOKEN)), (1, 0));
    (kind, message[name.len()..].trim_start().to_owned(), seen)
}

#[test]
fn an_error_names_the_status_of_the_proxy() {
    let status = |status: &str| format!("HTTP/1.1 {status}\r\nContent-Length: 4\r\n\r\nbody");
    let refused = |status: u16| format!("refused a tunnel to {NAME}:8080 ({status})");
    let echo = |name: &str| format!("HTTP/1.1 {name} {BASIC}X-Echo: {PASSWORD}\r\n\r\n{PASSWORD}");
    let login = format!("http://{LOGIN}@");
    let flood = "HTTP/1.1 103 X\r\n\r\n".repeat(10_000);
    for (scheme, response, says) in [
        ("http://", status("407 Authenticate"), "requires a user name and a password (407)".into()),
        (&login, status("407 No"), "rejected the user name and password (407)".into()),
        (&login, echo("407"), "rejected the user name and password (407)".into()),
        ("http://", status("403 Forbidden"), refused(403)),
        ("http://", status("502 Bad Gateway"), refused(502)),
        ("http://", status("503 Busy"), refused(503)),
        ("http://", "HTTP/1.0 500 X\r\n\r\n".into(), refused(500)),
        ("http://", status("302 Found\r\nLocation: http://elsewhere/"), refused(302)),
        ("http://", status("101 Switching Protocols"), refused(101)),
        (&login, echo("502"), refused(502)),
        ("http://", "SSH-2.0-OpenSSH_9.6\r\n".into(), "sent a response that is not valid".into()),
        ("http://", "<html>no</html>".into(), "sent a response that is not valid".into()),
        ("http://", "HTTP/2.0 200 OK\r\n\r\n".into(), "sent a response that is not valid".into()),
        ("http://", "HTTP/1.1 2x0 OK\r\n\r\n".into(), "sent a response that is not valid".into()),
        ("http://", "\u{16}\u{3}\u{1}".into(), "sent a response that is not valid".into()),
        ("http://", format!("HTTP/1.1 200 {}", "x".repeat(70_000)), "sent response headers".into()),
        ("http://", flood, "sent response headers larger than 64 KiB".into()),
        ("http://", format!("{ESTABLISHED}\n"), "sent data after its response".into()),
        ("http://", ESTABLISHED.repeat(2), "sent data after its response".into()),
        ("http://", String::new(), "closed the connection instead of opening a tunnel to".into()),
        ("http://", "HTTP/1.1 200 OK\r\nX".into(), "closed the connection".into()),
        ("http://", "HTTP/1.1 100 Continue\r\n\r\n".into(), "closed the connection".into()),
    ] {
        let shown = response[..response.len().min(60)].to_owned();
        let (kind, message, seen) = failure_at(scheme, move |tap| {
            read_request(tap).expect("a CONNECT");
            let _ = tap.write_all(response.as_bytes());
        });
        assert_eq!(kind, E::ProxyFailed, "{shown}");
        assert!(message.starts_with(&says), "{shown}: {message}");
        let line = if scheme == "http://" { "" } else { BASIC };
        assert_eq!(String::from_utf8(seen.wire).unwrap(), head_to(&format!("{NAME}:8080"), line));
    }
}

#[test]
fn an_error_names_only_known_authentication_schemes() {
    let login = format!("http://{LOGIN}@");
    let basic = BASIC.trim_end().rsplit(' ').next().unwrap();
    let long = "s3cr3t-jdoe-".repeat(2000);
    for (values, says) in [
        (&["NTLM"][..], "NTLM"),
        (&["Negotiate"], "Negotiate"),
        (&["ntlm TlRMTVNTUAACAAAA"], "NTLM"),
        (&["Negotiate", "NTLM"], "Negotiate or NTLM"),
        (&["Kerberos realm=\"x\"", "Digest nonce=\"y\"", "digest"], "Kerberos or Digest"),
        (&["Digest,NTLM"], "Digest or NTLM"),
        (&["Negotiate, NTLM"], "Negotiate or NTLM"),
        (&["Digest realm=\"a, \\\"NTLM, b\", nonce = \"c\", Negotiate"], "Digest or Negotiate"),
        (&["Digest realm=x, ntlm=\"s3cr3t\", kerberos = 1, basic=2"], "Digest"),
        (&["Digest, s3cr3t, corp\\jdoe"], "Digest"),
        (&["Bearer\trealm=s3cr3t"], "Bearer"),
        // A proxy that echoes what it got.
        (&[PASSWORD], "unknown"),
        (&[LOGIN], "unknown"),
        (&["corp\\jdoe:s3cr3t"], "unknown"),
        (&[basic], "unknown"),
        (&["\"s3cr3t\""], "unknown"),
        (&[&long], "unknown"),
        (&["NTLM-s3cr3t", "Digest", USER], "unknown or Digest"),
    ] {
        let lines: String = values.iter().map(|v| format!("Proxy-Authenticate: {v}\r\n")).collect();
        let response = format!("HTTP/1.1 407 {PASSWORD}\r\n{lines}Content-Length: 0\r\n\r\n");
        for scheme in ["http://", &login] {
            let response = response.clone();
            let (kind, message, _) = failure_at(scheme, move |tap| {
                read_request(tap).expect("a CONNECT");
                let _ = tap.write_all(response.as_bytes());
            });
            let advice = match ["Negotiate", "NTLM", "Kerberos"].iter().any(|s| says.contains(s)) {
                true => {
                    "; have a local relay, such as px or cntlm, log on to it, and set that with \
                         set_proxy"
                }
                false => "",
            };
            let expected = format!(
                "requires {says} authentication, but only Basic is supported (407){advice} ("
            );
            assert_eq!(kind, E::ProxyFailed);
            assert!(message.starts_with(&expected), "{message}");
        }
    }
}

/// A proxy lists its schemes in one header or in several.
#[test]
fn basic_is_found_among_other_authentication_schemes() {
    let login = format!("http://{LOGIN}@");
    for values in [
        &["Negotiate", "NTLM", "Basic realm=\"x\""][..],
        &["Negotiate, NTLM, Basic realm=\"x\""],
        &["Negotiate,NTLM,basic"],
        &["Digest realm=\"a, b\", nonce=\"c\", Basic realm=\"x\""],
        &["Negotiate TlRMTVNTUAAC==, Basic realm=\"x\""],
    ] {
        let lines: String = values.iter().map(|v| format!("Proxy-Authenticate: {v}\r\n")).collect();
        for (scheme, says) in [
            ("http://", "requires a user name and a password (407) ("),
            (&login, "rejected the user name and password (407) ("),
        ] {
            let response = format!("HTTP/1.1 407 X\r\n{lines}Content-Length: 0\r\n\r\n");
            let (_, message, _) = failure_at(scheme, move |tap| {
                read_request(tap).expect("a CONNECT");
                let _ = tap.write_all(response.as_bytes());
            });
            assert!(message.starts_with(says), "{values:?}: {message}");
        }
    }
}

#[test]
fn http_through_a_proxy_needs_allow_http_wherever_gateway_and_proxy_are() {
    let (gateway, proxy) = (gateway(), ScriptServer::start(vec![vec![Wait]]));
    for url in [gateway.url.clone(), "http://localhost:1".into(), "http://10.0.0.1".into()] {
        for proxy in [proxy.url.clone(), proxy.url.replace("http", "socks5h")] {
            let error = Client::with_config(config(&url).set_proxy(&proxy).unwrap()).unwrap_err();
            assert_eq!((error.kind(), error.outcome()), (E::BaseUrlInsecure, NotSent), "{error}");
        }
    }
    assert_eq!((proxy.connections(), gateway.connections()), (0, 0));
}

#[test]
fn a_response_that_precedes_its_request_is_not_accepted() {
    let (kind, message, _) = failure_at("http://", |tap| {
        read_request(tap).expect("a CONNECT");
        let _ = tap.write_all(&[ESTABLISHED.as_bytes(), &ok()].concat());
        tap.drain();
    });
    assert_eq!(kind, E::ProxyFailed);
    assert!(message.starts_with("sent data after its response"), "{message}");
}

#[test]
fn nothing_is_sent_if_the_proxy_breaks_off() {
    let (kind, _, _) = failure_at("http://", |tap| {
        read_request(tap).expect("a CONNECT");
        tap.reset();
    });
    assert_eq!(kind, E::ProxyFailed);
    let (kind, _, _) = failure_at("socks5h://", |tap| {
        let _ = tap.read(&mut [0; 3]);
    });
    assert_eq!(kind, E::ProxyFailed);
}

#[test]
fn an_error_names_the_proxy_that_cannot_be_reached() {
    let (_socket, url) = support::closed_port();
    let port = port_of(&url);
    for scheme in ["http", "https", "socks5h"] {
        let config = through(&format!("{scheme}://127.0.0.1:{port}"), &format!("https://{NAME}"));
        let (kind, message, _) = failure(&config);
        assert_eq!(kind, E::Connect);
        assert!(
            message.starts_with(&format!("proxy 127.0.0.1:{port}: cannot connect")),
            "{message}"
        );
    }
    let mut config = through("http://proxy.invalid:3128", &format!("https://{NAME}"));
    config.set_connect_timeout(TIMEOUT).unwrap();
    let (kind, message, took) = failure(&config);
    assert!(matches!(kind, E::Dns | E::ConnectTimeout), "{kind:?}");
    assert!(message.starts_with("proxy proxy.invalid:3128: "), "{message}");
    assert!(took < TIMEOUT + OVERSHOOT, "{took:?}");
}

/// A host process may fork in its log callback, for example to run a program.
#[cfg(unix)]
#[test]
fn a_fork_in_the_log_callback_leaves_the_connection_to_the_parent() {
    use crate::support::c::{compile_c, run_checks, unchecked};

    let program = compile_c("tests/c/fork_in_log.c");
    let ca = TestCa::new("The test's CA");
    let served = || ca.issue(&params_for(&[NAME, "127.0.0.1"])).served(rustls::ALL_VERSIONS);
    for (scheme, proxy_scheme) in [
        ("http", ""),
        ("https", ""),
        ("http", "http"),
        ("https", "http"),
        ("http", "https"),
        ("https", "https"),
        ("https", "socks5h"),
    ] {
        let is_tls = scheme == "https";
        let gateway = match is_tls {
            true => TapServer::answering(served(), ok()),
            false => plain_gateway(),
        };
        let proxy = match proxy_scheme {
            "http" => Some(http_proxy(ESTABLISHED, gateway.port)),
            "https" => Some(https_proxy(served(), ESTABLISHED, gateway.port)),
            "socks5h" => Some(socks_proxy(0, &[5, 0, 0, 1, 0, 0, 0, 0, 0, 0], gateway.port)),
            _ => None,
        };
        let mut command = unchecked(&program);
        command
            .env("LUMA_URL", format!("{scheme}://127.0.0.1:{}", gateway.port))
            .env("LUMA_TOKEN", TOKEN)
            .env("LUMA_CA", &ca.pem);
        if let Some(proxy) = &proxy {
            command.env("LUMA_PROXY", format!("{proxy_scheme}://127.0.0.1:{}", proxy.port));
        }
        let output = String::from_utf8(run_checks(&mut command).stdout).unwrap();
        let calls = output.lines().find_map(|line| line.strip_suffix(" calls")).expect("a count");
        drop(proxy);
        let seen = gateway.finish();
        let received = if is_tls { seen.plain } else { seen.wire };
        assert_eq!(count(&received, TOKEN).to_string(), calls, "{scheme} {proxy_scheme}");
    }
}

/// When a proxy asks for a client certificate.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Moment {
    BeforeConnect,
    DuringConnect,
    InTheHandshakeWithTheGateway,
    AfterTheRequest,
}

/// A gateway or a proxy that asks for a client certificate after its handshake.
#[test]
fn an_error_says_that_a_certificate_was_requested_too_late() {
    for (version, says) in [
        (&rustls::version::TLS12, "the server requested TLS renegotiation, which is not supported"),
        (&rustls::version::TLS13, "requested a client certificate after the handshake"),
    ] {
        let ca = TestCa::new("The test's CA");
        let served = || ca.issue(&params_for(&[NAME, "127.0.0.1"])).served(&[version]);
        let failure = |proxy_url: &str, url: &str| {
            let mut config = through(proxy_url, url);
            let client = Client::with_config(config.set_ca_pem(&ca.pem).unwrap()).unwrap();
            let error = trigger(&client).expect_err("a failure");
            println!("{error}");
            assert!(error.message().contains(says), "{error}");
            (error.outcome(), error.kind())
        };

        for scheme in ["http", "https", "socks5h"] {
            let gateway = TapServer::tls(served(), |tls| {
                read_request(tls).expect("a request");
                tls.ask_for_certificate().send_failure(tls.tap);
            });
            let proxy = match scheme {
                "http" => http_proxy(ESTABLISHED, gateway.port),
                "https" => https_proxy(served(), ESTABLISHED, gateway.port),
                _ => socks_proxy(0, &[5, 0, 0, 1, 0, 0, 0, 0, 0, 0], gateway.port),
            };
            let proxy_url = format!("{scheme}://127.0.0.1:{}", proxy.port);
            let observed = failure(&proxy_url, &format!("https://{NAME}"));
            assert_eq!(observed, (Unknown, E::Tls), "{scheme}");
            drop(proxy);
            assert_eq!(count(&gateway.finish().plain, TOKEN), 1, "{scheme}");
        }

        for (moment, scheme, expected) in [
            (Moment::BeforeConnect, "http", (NotSent, E::Tls)),
            (Moment::DuringConnect, "http", (NotSent, E::ProxyFailed)),
            (Moment::InTheHandshakeWithTheGateway, "https", (NotSent, E::Tls)),
            (Moment::AfterTheRequest, "http", (Unknown, E::Tls)),
        ] {
            let proxy = TapServer::tls(served(), move |tls| {
                tls.complete_handshake();
                if moment == Moment::DuringConnect {
                    tls.read_exact(&mut [0]).unwrap();
                } else if moment != Moment::BeforeConnect {
                    read_request(tls).expect("a CONNECT");
                    tls.write_all(ESTABLISHED.as_bytes()).unwrap();
                    tls.read_exact(&mut [0; 16]).unwrap();
                }
                tls.ask_for_certificate().send_failure(tls.tap);
            });
            let proxy_url = format!("https://127.0.0.1:{}", proxy.port);
            let observed = failure(&proxy_url, &format!("{scheme}://{NAME}:8443"));
            // If the client has completed the handshake already, the proxy failed after it.
            let is_late = moment == Moment::BeforeConnect && observed == (NotSent, E::ProxyFailed);
            assert!(observed == expected || is_late, "{moment:?}: {observed:?}");
        }
    }
}

#[test]
fn every_final_2xx_response_opens_the_tunnel() {
    let headers = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X: y\r\n".repeat(100));
    for response in [
        "HTTP/1.0 200 OK\r\n\r\n",
        "HTTP/1.1 200\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno header\r\nX : \u{1}\r\n folded\r\n\r\n",
        &headers,
        "HTTP/1.1 299 Yes\r\nContent-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    ] {
        for is_dripped in [false, true] {
            let gateway = gateway();
            let port = port_of(&gateway.url);
            let sent = response.to_owned();
            let proxy = TapServer::start(move |tap| {
                read_request(tap).expect("a CONNECT");
                for piece in sent.as_bytes().chunks(if is_dripped { 1 } else { 1000 }) {
                    tap.write_all(piece).unwrap();
                    thread::sleep(Duration::from_micros(500));
                }
                tap.stream.set_read_timeout(Some(Duration::from_millis(2))).unwrap();
                relay(tap, port);
            });
            let proxy_url = format!("http://127.0.0.1:{}", proxy.port);
            assert_accepted(&through(&proxy_url, &format!("http://{NAME}:{port}")));
            assert_eq!((proxy.finish().connections, gateway.deliveries()), (1, 2), "{response}");
        }
    }
}

/// Asserts that a call through a proxy that never finishes ends at its connect timeout.
#[track_caller]
fn assert_in_time(scheme: &str, act: impl Fn(&mut Tap) + std::marker::Send + Sync + 'static) {
    let proxy = TapServer::start(act);
    let name = format!("proxy 127.0.0.1:{}", proxy.port);
    let mut config =
        through(&format!("{scheme}://127.0.0.1:{}", proxy.port), &format!("https://{NAME}"));
    config.set_connect_timeout(TIMEOUT).unwrap();
    let (kind, message, took) = failure(&config);
    assert_eq!(kind, E::ConnectTimeout, "{message}");
    assert!(message.contains(&name), "{message}");
    assert!((TIMEOUT..TIMEOUT + OVERSHOOT).contains(&took), "{took:?}");
    assert_eq!(count(&proxy.finish().wire, TOKEN), 0);
}

/// Sends the bytes over and over, one at a time, while the client accepts them.
fn drip(tap: &mut Tap, bytes: &[u8]) {
    for byte in bytes.iter().cycle() {
        thread::sleep(Duration::from_millis(5));
        if tap.write_all(&[*byte]).is_err() {
            break;
        }
    }
}

#[test]
#[cfg_attr(unix, ignore = "takes long: make test")]
fn a_call_through_a_proxy_that_stalls_ends_at_its_connect_timeout() {
    for scheme in ["http", "https", "socks5h"] {
        assert_in_time(scheme, Tap::drain);
    }
    assert_in_time("http", |tap| {
        let _ = read_request(tap);
        drip(tap, b"HTTP/1.1 100 Continue\r\n\r\n");
    });
    assert_in_time("http", |tap| {
        let _ = read_request(tap);
        let _ = tap.write_all(b"HTTP/1.1 200 OK\r\nX: ");
        drip(tap, b"x");
    });
    // Opens the tunnel and then stalls.
    assert_in_time("http", |tap| {
        let _ = read_request(tap);
        let _ = tap.write_all(ESTABLISHED.as_bytes());
        tap.drain();
    });
    assert_in_time("socks5h", |tap| {
        let _ = tap.write_all(&[5, 0]);
        tap.drain();
    });
}

fn read_exactly(tap: &mut Tap, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    tap.read_exact(&mut bytes).unwrap();
    bytes
}

/// A SOCKS 5 proxy that selects this authentication method and sends this reply to the request.
fn socks_proxy(method: u8, answer: &'static [u8], gateway_port: u16) -> TapServer {
    TapServer::start(move |tap| {
        let methods = read_exactly(tap, 2)[1];
        read_exactly(tap, methods.into());
        tap.write_all(&[5, method]).unwrap();
        if method == 2 {
            for length in [2, 1] {
                let length = read_exactly(tap, length).pop().unwrap();
                read_exactly(tap, length.into());
            }
            tap.write_all(&[1, 0]).unwrap();
        }
        let length = match read_exactly(tap, 4)[3] {
            1 => 4,
            4 => 16,
            _ => read_exactly(tap, 1)[0].into(),
        };
        read_exactly(tap, length + 2);
        // Everything after it belongs to the tunnel.
        tap.write_all(answer).unwrap();
        tap.stream.set_read_timeout(Some(Duration::from_millis(2))).unwrap();
        relay(tap, gateway_port);
    })
}

const GRANTED: &[u8] = &[5, 0, 0, 1, 10, 0, 0, 1, 0, 80];

#[test]
fn a_socks_proxy_carries_a_tunnel() {
    let login = format!("{LOGIN}@");
    let logged_in = [&[1, 9], USER.as_bytes(), &[9], PASSWORD.as_bytes()].concat();
    let none = [5, 1, 0].to_vec();
    let both = [5, 2, 0, 2].to_vec();
    let name = [&[5, 1, 0, 3, 12], NAME.as_bytes()].concat();
    let ipv4 = vec![5, 1, 0, 1, 127, 0, 0, 1];
    let ipv6 = [&[5, 1, 0, 4][..], &[0; 15], &[1]].concat();
    let named_end = b"\x05\x00\x00\x03\x05proxy\x00\x50";
    let ipv6_end = b"\x05\x00\x00\x04an IPv6 address:\x00\x50";
    for (scheme, login, method, host, answer, greeting) in [
        ("socks5h", "", 0, NAME, GRANTED, [none.clone(), name.clone()].concat()),
        ("socks5h", "", 0, NAME, named_end, [none.clone(), name.clone()].concat()),
        ("socks5h", "", 0, NAME, ipv6_end, [none.clone(), name.clone()].concat()),
        ("socks5h", &login, 0, NAME, GRANTED, [both.clone(), name.clone()].concat()),
        ("socks5h", &login, 2, NAME, GRANTED, [both.clone(), logged_in.clone(), name].concat()),
        ("socks5h", "", 0, "127.0.0.1", GRANTED, [none.clone(), ipv4.clone()].concat()),
        ("socks5h", "", 0, "[::1]", GRANTED, [none.clone(), ipv6.clone()].concat()),
        ("socks5", "", 0, "127.0.0.1", GRANTED, [none.clone(), ipv4.clone()].concat()),
        ("socks5", "", 0, "[::1]", GRANTED, [none.clone(), ipv6].concat()),
        ("socks5", "", 0, "localhost", GRANTED, [none, ipv4.clone()].concat()),
        ("socks5", &login, 2, "localhost", GRANTED, [both, logged_in, ipv4].concat()),
    ] {
        let (ca, gateway) = secure_gateway();
        let proxy = socks_proxy(method, answer, gateway.port);
        let mut config = through(
            &format!("{scheme}://{login}127.0.0.1:{}", proxy.port),
            &format!("https://{host}:8443"),
        );
        assert_accepted(config.set_ca_pem(&ca.pem).unwrap());
        let seen = proxy.finish();
        let greeting = [greeting, 8443_u16.to_be_bytes().to_vec()].concat();
        assert!(
            seen.wire.starts_with(&greeting),
            "{scheme} {host}: {greeting:?} {:?}",
            &seen.wire[..99]
        );
        assert_eq!((seen.connections, count(&seen.wire, TOKEN)), (1, 0));
        assert_two_requests(gateway);
    }
}

#[test]
fn an_error_says_why_a_socks_proxy_refused() {
    let login = format!("socks5h://{LOGIN}@");
    type Responses = &'static [&'static [u8]];
    let cases: [(&str, Responses, &str); 18] = [
        (
            "socks5h://",
            &[&[5, 0xFF]],
            "requires a user name and a password, or Kerberos (GSSAPI), which is not supported (",
        ),
        ("socks5h://", &[&[5, 2]], "requires a user name and a password ("),
        (&login, &[&[5, 0xFF]], "does not accept a user name and password"),
        (&login, &[&[5, 2], &[1, 1]], "rejected the user name and password"),
        ("socks5h://", &[&[4, 0]], "does not speak SOCKS 5"),
        ("socks5h://", &[b"HTTP/1.1 400 X\r\n\r\n"], "does not speak SOCKS 5"),
        (
            "socks5h://",
            &[&[5, 0], &[5, 2, 0, 1, 0, 0, 0, 0, 0, 0]],
            "refused a tunnel: not allowed",
        ),
        ("socks5h://", &[&[5, 0], &[5, 1, 0, 1]], "refused a tunnel: general failure (1)"),
        ("socks5h://", &[&[5, 0], &[5, 3, 0, 1]], "refused a tunnel: network unreachable (3)"),
        ("socks5h://", &[&[5, 0], &[5, 4, 0, 1]], "refused a tunnel: host unreachable (4)"),
        ("socks5h://", &[&[5, 0], &[5, 5, 0, 1]], "refused a tunnel: connection refused (5)"),
        ("socks5h://", &[&[5, 0], &[5, 6, 0, 1]], "refused a tunnel: timed out (6)"),
        ("socks5h://", &[&[5, 0], &[5, 7, 0, 1]], "refused a tunnel: it does not open any (7)"),
        (
            "socks5h://",
            &[&[5, 0], &[5, 8, 0, 1]],
            "refused a tunnel: it does not support this kind of address (8)",
        ),
        ("socks5h://", &[&[5, 0], &[5, 99, 0, 1]], "refused a tunnel: general failure (99)"),
        ("socks5h://", &[&[5, 0], &[4, 0, 0, 1]], "does not speak SOCKS 5"),
        ("socks5h://", &[&[5, 0], &[5, 0, 0, 9]], "does not speak SOCKS 5"),
        ("socks5h://", &[&[5, 0], &[5, 0, 0, 1, 0, 0]], "closed the connection"),
    ];
    for (scheme, responses, says) in cases {
        let (kind, message, _) = failure_at(scheme, move |tap| {
            for response in responses {
                let _ = tap.read(&mut [0; 512]);
                let _ = tap.write_all(response);
            }
            let _ = tap.stream.shutdown(std::net::Shutdown::Write);
            tap.drain();
        });
        assert_eq!(kind, E::ProxyFailed, "{message}");
        assert!(message.starts_with(says), "{says}: {message}");
    }
}

#[test]
fn socks5_resolves_the_name_locally() {
    let mut config = through("socks5://127.0.0.1:9", "https://gateway.invalid");
    config.set_connect_timeout(TIMEOUT).unwrap();
    let (kind, message, _) = failure(&config);
    assert!(matches!(kind, E::Dns | E::ConnectTimeout), "{kind:?}");
    assert!(message.contains("host gateway.invalid"), "{message}");
}

#[test]
fn direct_uses_no_proxy() {
    let gateway = gateway();
    assert_accepted(&through("direct", &gateway.url));
    assert_eq!((gateway.connections(), gateway.deliveries()), (1, 2));
}

const CHILD_URL: &str = "LUMA_TEST_URL";
const CHILD_CA: &str = "LUMA_TEST_CA";

fn run_child(test: &str, variables: &[(&str, &str)]) {
    assert_passes(child(test).envs(variables.iter().copied()));
}

#[test]
fn the_environment_selects_the_proxy() {
    const TEST: &str = "proxies::the_environment_selects_the_proxy";
    if let Ok(url) = std::env::var(CHILD_URL) {
        let mut config = config(&url);
        config.set_allow_http(true).set_ca_pem(&std::env::var(CHILD_CA).unwrap()).unwrap();
        if std::env::var("NO_PROXY").is_ok() {
            // Only the proxy can resolve the name.
            config.set_connect_timeout(TIMEOUT).unwrap();
            let (kind, message, _) = failure(&config);
            assert!(matches!(kind, E::Dns | E::ConnectTimeout), "{message}");
            assert!(!message.contains("proxy"), "{message}");
        } else {
            assert_accepted(&config);
        }
        return;
    }
    let plain = gateway();
    let url = format!("http://{NAME}:{}", port_of(&plain.url));
    let pem = TestCa::new("Any CA").pem;
    for variable in ["http_proxy", "HTTP_PROXY", "ALL_PROXY"] {
        let proxy = http_proxy(ESTABLISHED, port_of(&plain.url));
        let value = format!("{LOGIN}@127.0.0.1:{}", proxy.port);
        let child = [(CHILD_URL, url.as_str()), (CHILD_CA, &pem), (variable, &value)];
        run_child(TEST, &child);
        run_child(TEST, &[&child[..], &[("NO_PROXY", ".test")]].concat());
        let seen = proxy.finish();
        assert_eq!((seen.connections, count(&seen.wire, BASIC)), (1, 1), "{variable}");
    }
    assert_eq!(plain.deliveries(), 3 * 2);

    let (ca, secure) = secure_gateway();
    let proxy = socks_proxy(0, GRANTED, secure.port);
    let value = format!("socks5h://127.0.0.1:{}", proxy.port);
    let url = format!("https://{NAME}");
    run_child(
        TEST,
        &[(CHILD_URL, &url), (CHILD_CA, &ca.pem), ("HTTPS_PROXY", &value), ("http_proxy", "x")],
    );
    assert_eq!(proxy.finish().connections, 1);
    assert_two_requests(secure);
}

#[test]
fn an_invalid_proxy_variable_is_an_error() {
    const TEST: &str = "proxies::an_invalid_proxy_variable_is_an_error";
    if let Ok(url) = std::env::var(CHILD_URL) {
        let error = Client::new(&url, TOKEN).unwrap_err();
        assert_eq!((error.outcome(), error.kind()), (NotSent, E::Proxy));
        assert!(error.message().starts_with("environment variable https_proxy has"), "{error}");
        assert!(!error.message().contains("s3cr3t"), "{error}");
        // The configured proxy has precedence, and loopback hosts need none.
        Client::with_config(config(&url).set_proxy("direct").unwrap()).unwrap();
        Client::new("https://localhost", TOKEN).unwrap();
        return;
    }
    let url = format!("https://{NAME}");
    run_child(TEST, &[(CHILD_URL, &url), ("https_proxy", "http://u:s3cr3t@proxy:port")]);
}

#[test]
fn proxies_of_the_environment_are_not_used_for_loopback() {
    if let Ok(url) = std::env::var(CHILD_URL) {
        assert_accepted(config(&url).set_ca_pem(&std::env::var(CHILD_CA).unwrap()).unwrap());
        return;
    }
    let proxy = ScriptServer::start(vec![vec![Read, Send(ok()), Wait]]);
    let (ca, tls) = localhost();
    let plain = plain_gateway();
    let secure = TapServer::answering(tls, ok());
    for url in [format!("http://127.0.0.1:{}", plain.port), support::https(secure.port)] {
        let mut child = child("proxies::proxies_of_the_environment_are_not_used_for_loopback");
        child.env(CHILD_URL, url).env(CHILD_CA, &ca.pem);
        for (name, scheme) in
            [("http", "http"), ("https", "http"), ("all", "http"), ("socks", "socks5")]
        {
            let (variable, value) =
                (format!("{name}_proxy"), proxy.url.replacen("http", scheme, 1));
            child.env(variable.to_ascii_uppercase(), &value).env(variable, value);
        }
        assert_passes(&mut child);
    }
    assert_eq!(proxy.connections(), 0);
    let line = "POST /gateway/api/v1/workflow/trigger HTTP/1.1\r\n";
    assert!(plain.finish().wire.starts_with(line.as_bytes()));
    assert!(secure.finish().plain.starts_with(line.as_bytes()));
}
