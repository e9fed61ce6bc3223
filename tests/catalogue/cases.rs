//! The table of cases: what the other side does, and how a call must end.

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use luma::ErrorKind as E;
use luma::Outcome::{self, *};

use crate::support::certificates as invalid;
use rustls::version::{TLS12, TLS13};

use crate::peers::{
    Peer, answer, below_tls, black_hole, body, call, certificate, closed, first_response, hiding,
    http, http_with, name_server, no_network, not_contacted, on_reused_connection, own_port,
    pausing, proxy, read_hello, tls, while_idle,
};
use crate::programs::{
    Squid, nginx_at, nginx_for_clients, nginx_to_gateway, nginx_to_run, nginx_with_weak_key,
    tinyproxy,
};
use crate::support::Step::*;
use crate::support::tls::{TestCa, TlsTap, params_for, read_request};
use crate::support::{SUCCESS, TOKEN, TRIGGER_ID, VALIDATION_ERROR, response};

/// One fault and its variants.
pub struct Case {
    pub number: u32,
    pub name: &'static str,
    pub outcome: Outcome,
    /// `None` if the call is accepted.
    pub kind: Option<E>,
    /// Part of the error message.
    pub says: &'static str,
    /// Complete requests that the gateway receives.
    pub deliveries: usize,
    /// Attempts of the call.
    pub attempts: u32,
    /// The call reads a workflow history instead of triggering.
    pub is_read: bool,
    /// When the call must end, if the fault does not end it.
    pub deadline: Option<Duration>,
    /// It ends then because it is cancelled.
    pub is_cancelled: bool,
    /// The behaviour of libcurl, where it was measured and differs.
    pub libcurl: &'static str,
    pub variants: Vec<(&'static str, Peer)>,
}

fn case(number: u32, name: &'static str, outcome: Outcome, kind: impl Into<Option<E>>) -> Case {
    Case {
        number,
        name,
        outcome,
        kind: kind.into(),
        says: "",
        deliveries: usize::from(outcome != NotSent),
        attempts: 1,
        is_read: false,
        deadline: None,
        is_cancelled: false,
        libcurl: "",
        variants: Vec::new(),
    }
}

impl Case {
    fn says(mut self, says: &'static str) -> Self {
        self.says = says;
        self
    }

    fn delivered(mut self, deliveries: usize) -> Self {
        self.deliveries = deliveries;
        self
    }

    fn read(mut self) -> Self {
        self.is_read = true;
        self
    }

    fn attempted(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    fn cancelled(mut self) -> Self {
        self.is_cancelled = true;
        // Long enough to reach the state that is cancelled, on a loaded machine too.
        self.after(Duration::from_secs(2))
    }

    fn after(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    fn libcurl(mut self, libcurl: &'static str) -> Self {
        self.libcurl = libcurl;
        self
    }

    /// Adds the only variant, which needs no name.
    fn by(self, peer: Peer) -> Self {
        self.or("", peer)
    }

    fn or(mut self, name: &'static str, peer: Peer) -> Self {
        self.variants.push((name, peer));
        self
    }
}

const HEAD: &str = "HTTP/1.1 200 OK\r\n";
const HISTORY: &str = include_str!("../fixtures/history-completed.json");
const THREE_SECONDS: Duration = Duration::from_secs(3);
const NEW_TOKEN: &str = "example-not-a-real-token.payload.signature";
const HALF_A_SECOND: Duration = Duration::from_millis(500);
const ESTABLISHED: &str = "HTTP/1.1 200 Connection established\r\n\r\n";

fn ok() -> Vec<u8> {
    response("200 OK", SUCCESS)
}

fn chunked(chunks: &str) -> Peer {
    answer(format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n{chunks}"))
}

/// A success with one replacement.
fn with(find: &str, replace: &str) -> String {
    assert!(SUCCESS.contains(find), "{find}");
    SUCCESS.replace(find, replace)
}

/// A success with this value in a member that libluma does not read.
fn with_meta(json: &str) -> Peer {
    body(with("\"metaInfo\":null", &format!("\"metaInfo\":{json}")))
}

fn redirect(status: &str, text: &str) -> Peer {
    answer(response(&format!("{status} X\r\nLocation: /elsewhere"), text))
}

fn status(status: &str, text: impl AsRef<[u8]>) -> Peer {
    answer(response(&format!("{status} X"), text))
}

pub fn cases() -> Vec<Case> {
    [
        not_reached(),
        broken_off(),
        too_much(),
        responses(),
        idle(),
        invalid_arguments(),
        further_responses(),
        real_peers(),
        cancelled_and_retried(),
        of_another_request(),
        other_calls(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Faults before any byte of a request was sent.
#[rustfmt::skip]
fn not_reached() -> Vec<Case> {
    vec![
        case(1, "the name does not exist", NotSent, E::Dns).says("gateway.test").attempted(3)
            .by(name_server("none")),
        case(2, "the name server does not respond", NotSent, E::ConnectTimeout).after(THREE_SECONDS)
            .by(name_server("silent")),
        case(3, "no server listens on the port", NotSent, E::Connect).attempted(3)
            .by(closed()),
        case(4, "a host that never accepts the connection", NotSent, E::ConnectTimeout).after(THREE_SECONDS)
            .by(black_hole()),
        case(5, "no route to the host", NotSent, E::Connect).attempted(3)
            .by(no_network()),
        case(5, "a connection that leads back to its own port", NotSent, E::Connect).says("its own port")
            .or("IPv4", own_port("http://127.0.0.1"))
            .or("IPv6", own_port("http://[::1]")),

        case(6, "an expired certificate", NotSent, E::Tls).says("has expired")
            .by(certificate(invalid::expired)),
        case(7, "a certificate that is not yet valid", NotSent, E::Tls).says("is not valid yet")
            .by(certificate(invalid::not_yet_valid)),
        case(8, "a certificate for another host", NotSent, E::Tls).says("is not valid for")
            .by(certificate(invalid::of_another_host)),
        case(9, "a self-signed certificate", NotSent, E::Tls).says("is self-signed")
            .by(certificate(invalid::self_signed)),
        case(9, "a self-signed certificate that the caller trusts", Accepted, None)
            .by(certificate(invalid::self_signed_and_trusted)),
        case(10, "a CA that may not issue certificates for this host", NotSent, E::Tls).says("name constraint")
            .by(certificate(invalid::of_a_ca_for_other_hosts)),
        case(10, "an unknown CA", NotSent, E::Tls).says("has an untrusted issuer")
            .or("another name", certificate(invalid::of_an_unknown_ca))
            .or("the same name", certificate(invalid::of_a_ca_of_the_same_name)),
        case(11, "a certificate with a common name only", NotSent, E::Tls).says("a common name (CN) does not count")
            .libcurl("accepted by 7.88")
            .by(certificate(invalid::with_common_name_only)),
        case(12, "a certificate for another use", NotSent, E::Tls).says("is not for servers")
            .by(certificate(invalid::for_clients_only)),
        case(13, "a weak key: RSA with 1024 bits", NotSent, E::Tls).says("has a weak key: RSA with 1024 bits")
            .or("nginx", nginx_with_weak_key()),
        case(14, "TLS 1.0 and 1.1 only", NotSent, E::Tls).says("supports only TLS 1.1 or older")
            .or("nginx", nginx_to_gateway("ssl_protocols TLSv1 TLSv1.1; ssl_ciphers DEFAULT@SECLEVEL=0;"))
            .or("a ServerHello of TLS 1.1", below_tls(|tap| {
                read_hello(tap);
                // Type, version and length; the hello; its random; no session, a cipher, no
                // compression.
                let hello = [&[22, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2][..], &[7; 32], &[0, 0xC0, 0x13, 0]];
                let _ = tap.write_all(&hello.concat());
                tap.drain();
            })),
        case(15, "plain HTTP on a TLS port", NotSent, E::Tls).says("does not speak TLS")
            .or("a response to the ClientHello", below_tls(|tap| {
                read_hello(tap);
                let _ = tap.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
                tap.drain();
            }))
            .or("an SSH banner", below_tls(|tap| {
                let _ = tap.write_all(b"SSH-2.0-OpenSSH_9.6\r\n");
                tap.drain();
            })),
        case(16, "a TLS handshake that stalls", NotSent, E::ConnectTimeout).after(THREE_SECONDS)
            .or("from the start", below_tls(|tap| tap.drain()))
            .or("within a record", below_tls(|tap| {
                read_hello(tap);
                let _ = tap.write_all(b"\x16\x03\x03\x40\x00\x02");
                tap.drain();
            })),
        case(17, "a TLS handshake that is broken off", NotSent, E::Tls)
            .or("reset", below_tls(|tap| { read_hello(tap); tap.reset(); }))
            .or("closed", below_tls(read_hello))
            .or("an alert", below_tls(|tap| {
                read_hello(tap);
                let _ = tap.write_all(b"\x15\x03\x03\x00\x02\x02\x28");
                tap.drain();
            })),

        case(18, "a client certificate is required, TLS 1.2", NotSent, E::Tls).says("requires a client certificate")
            .by(certificate(|| invalid::requiring_client_certificate(&[&TLS12]))),
        case(19, "a client certificate is required, TLS 1.3", NotSent, E::Tls).says("requires a client certificate")
            .by(pausing(certificate(|| invalid::requiring_client_certificate(&[&TLS13])))),
        case(19, "a client certificate is required, TLS 1.3", Unknown, E::Tls).says("requires a client certificate")
            .delivered(0)
            .or("by a slow server", tls(|| invalid::requiring_client_certificate(&[&TLS13]), |tls| {
                let _ = tls.session.read_tls(tls.tap);
                let _ = tls.session.process_new_packets();
                while tls.session.wants_write() {
                    let _ = tls.session.write_tls(tls.tap);
                }
                std::thread::sleep(HALF_A_SECOND);
                let _ = read_request(tls);
            })),
        case(19, "a client certificate is requested after the handshake", Unknown, E::Tls)
            .says("the server requested TLS renegotiation, which is not supported")
            .or("TLS 1.2, then a failure", tls(|| invalid::valid(&TLS12), |tls| {
                let _ = read_request(tls);
                tls.ask_for_certificate().send_failure(tls.tap);
            }))
            .or("TLS 1.2, then closed", tls(|| invalid::valid(&TLS12), |tls| {
                let _ = read_request(tls);
                tls.ask_for_certificate();
                let _ = tls.tap.stream.shutdown(std::net::Shutdown::Write);
            })),
        case(19, "a client certificate is requested after the handshake", Unknown, E::Tls)
            .says("the server requested a client certificate after the handshake")
            .or("TLS 1.3", tls(|| invalid::valid(&TLS13), |tls| {
                let _ = read_request(tls);
                tls.ask_for_certificate();
            })),
        case(19, "a client certificate is requested in one piece with the response", Accepted, None)
            .or("TLS 1.2", tls(|| invalid::valid(&TLS12), |tls| {
                let _ = read_request(tls);
                tls.ask_for_certificate_after(&ok()).send_failure(tls.tap);
            }))
            .or("TLS 1.3", tls(|| invalid::valid(&TLS13), |tls| {
                let _ = read_request(tls);
                tls.ask_for_certificate_after(&ok()).send_failure(tls.tap);
            })),
        case(20, "a proxy that requires a password (407)", NotSent, E::ProxyFailed).says("(407)")
            .by(proxy("http", |tap| {
                let _ = read_request(tap);
                let _ = tap.write_all(&response("407 Authenticate\r\nProxy-Authenticate: Basic", "no"));
                tap.drain();
            })),
        case(20, "a proxy that requires Kerberos or NTLM (407)", NotSent, E::ProxyFailed)
            .says("a local relay, such as px or cntlm")
            .or("both", proxy("http", |tap| {
                let _ = read_request(tap);
                let both = "Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM";
                let _ = tap.write_all(&response(&format!("407 Authenticate\r\n{both}"), "no"));
                tap.drain();
            }))
            .or("in one header", proxy("http", |tap| {
                let _ = read_request(tap);
                let both = "Proxy-Authenticate: Negotiate, NTLM";
                let _ = tap.write_all(&response(&format!("407 Authenticate\r\n{both}"), "no"));
                tap.drain();
            })),
        case(21, "a proxy that cannot reach the gateway (502)", NotSent, E::ProxyFailed).says("(502)")
            .by(proxy("http", |tap| {
                let _ = read_request(tap);
                let _ = tap.write_all(&response("502 Bad Gateway", "<html>no</html>"));
                tap.drain();
            })),
        case(22, "a proxy that sends garbage", NotSent, E::ProxyFailed)
            .or("HTTP", proxy("http", |tap| {
                let _ = read_request(tap);
                let _ = tap.write_all(b"SSH-2.0-OpenSSH_9.6\r\n");
                tap.drain();
            }))
            .or("SOCKS 5", proxy("socks5h", |tap| {
                read_hello(tap);
                let _ = tap.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
                tap.drain();
            })),
        case(23, "a proxy that hangs", NotSent, E::ConnectTimeout).after(THREE_SECONDS)
            .or("HTTP", proxy("http", |tap| tap.drain()))
            .or("102 again and again", proxy("http", |tap| {
                let _ = read_request(tap);
                for byte in b"HTTP/1.1 102 Processing\r\n\r\n".iter().cycle() {
                    std::thread::sleep(Duration::from_millis(5));
                    if tap.write_all(&[*byte]).is_err() {
                        break;
                    }
                }
            }))
            .or("after it opened the tunnel", proxy("http", |tap| {
                let _ = read_request(tap);
                let _ = tap.write_all(ESTABLISHED.as_bytes());
                tap.drain();
            }))
            .or("SOCKS 5", proxy("socks5h", |tap| {
                read_hello(tap);
                let _ = tap.write_all(&[5, 0]);
                tap.drain();
            })),
    ]
}

/// Connections that break or stall during a request.
#[rustfmt::skip]
fn broken_off() -> Vec<Case> {
    let length = SUCCESS.len();
    let hex = format!("{length:x}");
    let pause = Duration::from_millis(20);
    let with_length = format!("{HEAD}Content-Length: {length}\r\n\r\n");
    vec![
        case(24, "accepts, then resets", Unknown, E::ConnectionLost).delivered(0)
            .by(http([ReadBytes(1), Reset])),
        case(25, "accepts, then closes", NotSent, E::ConnectionLost).says("before the request was sent")
            .by(pausing(http([]))),
        case(25, "reads the head, then closes", Unknown, E::ConnectionLost).delivered(0)
            .by(http([ReadBytes(16 * 1024)])),
        case(26, "reads, then resets", Unknown, E::ConnectionLost)
            .by(http([Read, Reset])),
        case(27, "reads, then closes", Unknown, E::ConnectionLost)
            .by(http([Read])),
        case(28, "a response that ends in its headers", Unknown, E::ConnectionLost)
            .or("in the status line", answer("HTTP/1.1 20"))
            .or("in a header", answer("HTTP/1.1 200 OK\r\nContent-Le"))
            .or("in a redirect", answer("HTTP/1.1 302 X\r\nLocation: /elsewhere\r\n")),
        case(29, "no response", Unknown, E::ResponseTimeout).after(THREE_SECONDS)
            .by(http([Read, Wait])),
        case(30, "slow headers", Unknown, E::ResponseTimeout).after(THREE_SECONDS)
            .or("byte by byte", http([Read, Drip(ok(), pause)]))
            .or("103 again and again", http([Read, Drip(b"HTTP/1.1 103 Early Hints\r\n\r\n".repeat(9), pause)])),
        case(31, "a body that stalls", Unknown, E::ResponseTimeout).after(THREE_SECONDS)
            .or("half of the body", http([Read, Send([with_length.as_bytes(), &SUCCESS.as_bytes()[..99]].concat()), Wait]))
            .or("byte by byte", http([Read, Send(with_length.into()), Drip(SUCCESS.into(), pause)])),
        case(32, "closes its sending direction", Unknown, E::ConnectionLost)
            .by(http([Read, HalfClose, Wait])),
        case(33, "a body shorter than its Content-Length", Unknown, E::ConnectionLost)
            .by(answer(format!("{HEAD}Content-Length: {}\r\n\r\n{SUCCESS}", length + 1))),
        case(34, "a truncated chunk", Unknown, E::ConnectionLost)
            .or("in a chunk", chunked(&format!("{hex}\r\n{}", &SUCCESS[..99])))
            .or("in a size", chunked(&format!("{hex}\r\n{SUCCESS}\r\n0")))
            .or("in an extension", chunked(&format!("{hex};x=y")))
            .or("no last chunk", chunked(&format!("{hex}\r\n{SUCCESS}\r\n"))),
        case(35, "a chunk without a valid size", Unknown, E::InvalidHttp).says("invalid chunk size")
            .or("zz", chunked(&format!("zz\r\n{SUCCESS}\r\n0\r\n\r\n")))
            .or("with a plus sign", chunked(&format!("+{hex}\r\n{SUCCESS}\r\n0\r\n\r\n")))
            .or("after a blank", chunked(&format!(" {hex}\r\n{SUCCESS}\r\n0\r\n\r\n")))
            .or("with a leading 0x", chunked(&format!("0x{hex}\r\n{SUCCESS}\r\n0\r\n\r\n")))
            .or("a LF alone", chunked(&format!("{hex}\n{SUCCESS}\r\n0\r\n\r\n")))
            .or("more than 64 bits", chunked(&format!("10000000000000000\r\n{SUCCESS}\r\n0\r\n\r\n")))
            .or("over TLS", tls(valid, |tls| {
                let _ = read_request(tls);
                let _ = tls.write_all(format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n+2\r\n{{}}\r\n0\r\n\r\n").as_bytes());
            })),
        case(35, "a chunk that is longer than its size", Unknown, E::InvalidHttp).says("longer than its size")
            .by(chunked(&format!("{:x}\r\n{SUCCESS}\r\n0\r\n\r\n", length - 1))),
        case(36, "a reset after a body without a length", Unknown, E::ConnectionLost)
            .by(http([Read, Send(format!("{HEAD}\r\n{SUCCESS}").into()), Reset])),
        case(37, "TLS without close_notify", Unknown, E::ConnectionLost)
            .or("no Content-Length", tls(valid, |tls| {
                let _ = read_request(tls);
                let _ = tls.write_all(format!("{HEAD}\r\n{SUCCESS}").as_bytes());
                let _ = tls.tap.stream.shutdown(std::net::Shutdown::Write);
            }))
            .or("one byte less than Content-Length", tls(valid, |tls| {
                let _ = read_request(tls);
                let _ = tls.write_all(&ok()[..ok().len() - 1]);
                let _ = tls.tap.stream.shutdown(std::net::Shutdown::Write);
            })),
        case(37, "TLS without close_notify", Accepted, None)
            .or("as long as Content-Length", tls(valid, |tls| {
                let _ = read_request(tls);
                let _ = tls.write_all(&ok());
                let _ = tls.tap.stream.shutdown(std::net::Shutdown::Write);
            })),
    ]
}

/// A valid certificate.
fn valid() -> invalid::Served {
    let (ca, tls) = crate::support::tls::localhost();
    (ca.pem, tls)
}

/// Responses without end.
#[rustfmt::skip]
fn too_much() -> Vec<Case> {
    vec![
        case(38, "a huge header", Unknown, E::ResponseTooLarge)
            .by(http([Read, Send(format!("{HEAD}X: ").into()), Flood(vec![b'x'; 4096], 100_000), Wait])),
        case(39, "headers without end", Unknown, E::ResponseTooLarge)
            .by( http([Read, Send(HEAD.into()), Flood(b"X-Filler: abcdefghijklmnopqrstuvwxyz\r\n".repeat(100), 100_000), Wait])),
        case(40, "a body without end", Unknown, E::ResponseTooLarge)
            .libcurl("reads 6 GB until 3 s are over")
            .or("without a length", http([Read, Send(format!("{HEAD}\r\n").into()), Flood(vec![b' '; 4096], 1_000_000), Wait]))
            .or("in chunks", http([Read, Send(format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n").into()), Flood(b"10\r\n                \r\n".repeat(1000), 100_000), Wait]))
            .or("with a Content-Length", answer(format!("{HEAD}Content-Length: 99999999999\r\n\r\n{}", " ".repeat(2_000_000)))),
        case(41, "a gzip bomb", Unknown, E::ResponseTooLarge)
            .or("16 MiB of blanks", answer(gzipped(vec![b' '; 16 << 20])))
            .or("16 MiB of one string", answer(gzipped([b"\"", &vec![b'x'; 16 << 20][..]].concat()))),
        case(41, "gzip that decodes to nothing, for seconds", Unknown, E::ResponseTimeout).says("while decoding")
            .after(HALF_A_SECOND)
            .by(answer(empty_gzip())),
        case(42, "a flood of 103", Unknown, E::ResponseTooLarge)
            .by(http([Read, Flood(format!("HTTP/1.1 103 X\r\nLink: <{}>\r\n\r\n", "x".repeat(200)).repeat(100).into(), 100_000), Wait])),
        case(42, "a chunk extension without end", Unknown, E::ResponseTooLarge)
            .by(http([Read, Send(format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n1;").into()), Flood(vec![b'x'; 4096], 100_000), Wait])),
    ]
}

/// Complete responses, valid and invalid.
#[rustfmt::skip]
fn responses() -> Vec<Case> {
    let length = SUCCESS.len();
    let hex = format!("{length:x}");
    let latin_1 = SUCCESS.replace("Reset Password", "@").into_bytes().iter()
        .map(|&byte| if byte == b'@' { 0xE9 } else { byte }).collect::<Vec<u8>>();
    let before_it = |head: &str| answer([head.as_bytes(), &ok()].concat());
    let number = |number: &'static str| {
        let body = with("1641460724098", number);
        http_with([Read, Send(response("200 OK", body))], move |order| {
            order.value = Some(("/timestamp", number));
        })
    };
    vec![
        case(43, "an unrequested 100 before the response", Accepted, None)
            .or("alone", before_it("HTTP/1.1 100 Continue\r\n\r\n"))
            .or("with headers, as IIS sends it", before_it("HTTP/1.1 100 Continue\r\nServer: Microsoft-IIS/10.0\r\nDate: Mon, 06 Jul 2026 08:00:00 GMT\r\n\r\n"))
            .or("with Content-Length", before_it("HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n"))
            .or("twice", before_it("HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"))
            .or("byte by byte", http([Read, Drip([b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n", &ok()[..]].concat(), Duration::from_micros(50))]))
            .or("over TLS", tls(valid, |tls| {
                let _ = read_request(tls);
                let _ = tls.write_all(b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n");
                let _ = tls.write_all(&ok());
            }))
            .or("on a reused connection", on_reused_connection([Read, Send([b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n", &ok()[..]].concat())])),
        case(44, "another interim response", Accepted, None)
            .or("102", before_it("HTTP/1.1 102 Processing\r\nX: y\r\n\r\n"))
            .or("103", before_it("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n folded\r\n\r\n")),
        case(45, "HTML with 200", Unknown, E::UnexpectedResponse)
            .by(body("<html>welcome</html>")),
        case(46, "204", Unknown, E::UnexpectedResponse)
            .by(answer("HTTP/1.1 204 No Content\r\n\r\n")),
        case(47, "an empty body with 200", Unknown, E::UnexpectedResponse)
            .by(body("")),
        case(48, "truncated JSON", Unknown, E::UnexpectedResponse)
            .by(body(&SUCCESS[..length - 2])),
        case(49, "a byte order mark", Accepted, None)
            .or("of UTF-8", body(format!("\u{feff}{SUCCESS}")))
            .or("in gzip", answer(gzipped(format!("\u{feff}{SUCCESS}")))),
        case(49, "a byte order mark", Unknown, E::UnexpectedResponse)
            .or("twice", body(format!("\u{feff}\u{feff}{SUCCESS}")))
            .or("of UTF-16", body(utf_16(SUCCESS, u16::to_le_bytes))),
        case(50, "invalid UTF-8", Unknown, E::UnexpectedResponse)
            .or("outside a string", body([&SUCCESS.as_bytes()[..length - 2], b"\xff}"].concat()))
            .or("in a string", body(latin_1)),
        case(51, "deep nesting", Unknown, E::UnexpectedResponse)
            .or("200", with_meta(&("[".repeat(200) + &"]".repeat(200))))
            .or("100,000", with_meta(&("[".repeat(100_000) + &"]".repeat(100_000)))),
        case(52, "NaN", Unknown, E::UnexpectedResponse)
            .by(with_meta("NaN")),
        case(53, "bytes after the JSON", Unknown, E::UnexpectedResponse)
            .or("a letter", body(format!("{SUCCESS}x")))
            .or("another JSON text", body(format!("{SUCCESS}{SUCCESS}")))
            .or("a NUL", body(format!("{SUCCESS}\0"))),
        case(54, "a duplicate member that libluma reads", Unknown, E::UnexpectedResponse)
            .or("the trigger id", body(with("\"triggerId\"", "\"triggerId\":\"x\",\"triggerId\"")))
            .or("the status", body(with("{\"status\"", "{\"status\":\"Success\",\"status\""))),
        case(55, "a NUL in the trigger id", Unknown, E::UnexpectedResponse)
            .by(body(with(TRIGGER_ID, "a\\u0000b"))),
        case(56, "numbers beyond 2^53 keep their digits", Accepted, None)
            .or("64 bits", number("9007199254740993"))
            .or("any number", number("123456789012345678901234567890.10")),

        case(57, "a redirect that would become a GET", Unknown, E::Redirected)
            .or("301", redirect("301", ""))
            .or("302", redirect("302", ""))
            .or("303", redirect("303", ""))
            .or("302 with a success", redirect("302", SUCCESS)),
        case(58, "a redirect that would repeat the POST", Rejected, E::Redirected)
            .or("307", redirect("307", ""))
            .or("308", redirect("308", "")),
        case(59, "an HTTP status that rejects the request", Rejected, E::Refused)
            .or("400", status("400", ""))
            .or("405", status("405", ""))
            .or("407", status("407", ""))
            .or("409", status("409", ""))
            .or("410", status("410", ""))
            .or("411", status("411", ""))
            .or("413", status("413", ""))
            .or("414", status("414", ""))
            .or("415", status("415", ""))
            .or("421", status("421", ""))
            .or("422", status("422", "<html>no</html>"))
            .or("425", status("425", ""))
            .or("426", status("426 X\r\nUpgrade: h2c", ""))
            .or("428", status("428", ""))
            .or("431", status("431", ""))
            .or("400 in Latin-1", status("400", b"<p>ung\xfcltig</p>"))
            .or("400 with a NUL at its end", status("400", "no\0")),
        case(59, "an HTTP status that rejects the request", Rejected, E::ServerFailed).says("a login")
            .or("511", status("511", "<html>Welcome to our WLAN</html>")),
        case(59, "an HTTP status that rejects the request", Rejected, E::Unauthorized)
            .or("401", status("401", ""))
            .or("401 with an empty gzip body", status("401 X\r\nContent-Encoding: gzip", ""))
            .or("401 with invalid gzip", status("401 X\r\nContent-Encoding: GZIP", "no")),
        case(59, "an HTTP status that rejects the request", Rejected, E::Forbidden)
            .or("403", status("403", "<html>no</html>")),
        case(59, "an HTTP status that rejects the request", Rejected, E::NotFound)
            .or("404", status("404", "")),
        case(59, "an HTTP status that rejects the request", Rejected, E::RateLimited)
            // Later than the deadline. An earlier retry is a test in retries.rs.
            .or("429", answer(response("429 X\r\nRetry-After: 60", ""))),
        case(60, "an HTTP status that reports a failure", Unknown, E::ServerFailed)
            .or("408", status("408", ""))
            .or("500", status("500", ""))
            .or("502", status("502", "<html>bad gateway</html>"))
            .or("503", status("503 X\r\nRetry-After: 1", ""))
            .or("504", status("504", "")),
        case(60, "a validation error with the status of a failure", Rejected, E::Validation)
            .or("408", status("408", VALIDATION_ERROR))
            .or("500", status("500", VALIDATION_ERROR))
            .or("502", status("502", VALIDATION_ERROR))
            .or("503", status("503", VALIDATION_ERROR))
            .or("504", status("504", VALIDATION_ERROR)),

        case(61, "HTTP/2.0 in the status line", Unknown, E::InvalidHttp)
            .by(answer(format!("HTTP/2.0 200 OK\r\nContent-Length: {length}\r\n\r\n{SUCCESS}"))),
        case(62, "HTTP/0.9", Unknown, E::InvalidHttp)
            .by(answer(SUCCESS)),
        case(63, "an SSH banner", Unknown, E::InvalidHttp)
            .by(answer("SSH-2.0-OpenSSH_9.6\r\n")),
        case(64, "conflicting lengths", Unknown, E::InvalidHttp)
            .or("two", answer(format!("{HEAD}Content-Length: {length}\r\nContent-Length: 2\r\n\r\n{SUCCESS}")))
            .or("a negative one", answer(format!("{HEAD}Content-Length: -1\r\n\r\n{SUCCESS}"))),
        case(65, "Content-Length and chunks", Unknown, E::InvalidHttp)
            .by(answer(format!("{HEAD}Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n\r\n{hex}\r\n{SUCCESS}\r\n0\r\n\r\n"))),
        case(65, "Content-Length and chunks", Unknown, E::InvalidHttp)
            .or("a blank before the colon", answer(format!("{HEAD}Content-Length: {length}\r\nTransfer-Encoding : chunked\r\n\r\n{hex}\r\n{SUCCESS}\r\n0\r\n\r\n"))),
        case(65, "a malformed header that decides the length", Unknown, E::InvalidHttp).says(" header is malformed")
            .or("a control character in the name", answer(format!("{HEAD}Transfer-Encoding\u{1}: chunked\r\n\r\n{hex}\r\n{SUCCESS}\r\n0\r\n\r\n")))
            .or("a control character in the value", answer(format!("{HEAD}Content-Length: {length}\x7f\r\n\r\n{SUCCESS}")))
            .or("folded", answer(format!("{HEAD}Content-Length:\r\n {length}\r\n\r\n{SUCCESS}")))
            .or("in a folded line", answer(format!("{HEAD}X: y\r\n Transfer-Encoding: chunked\r\n\r\n{SUCCESS}")))
            .or("after a CR alone", answer(format!("{HEAD}X: y\rContent-Length: 2\r\n\r\n{SUCCESS}")))
            .or("no colon", answer(format!("{HEAD}Content-Length {length}\r\n\r\n{SUCCESS}"))),
        case(65, "HTTP/1.0 with chunks", Unknown, E::InvalidHttp)
            .by(answer(format!("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{hex}\r\n{SUCCESS}\r\n0\r\n\r\n"))),
        case(65, "a Transfer-Encoding other than chunked", Unknown, E::InvalidHttp)
            .or("gzip", answer(format!("{HEAD}Transfer-Encoding: gzip\r\n\r\n{SUCCESS}")))
            .or("chunks in gzip", answer(format!("{HEAD}Transfer-Encoding: gzip, chunked\r\n\r\n{hex}\r\n{SUCCESS}\r\n0\r\n\r\n"))),
    ]
}

/// Faults on a connection that is reused, or would be.
#[rustfmt::skip]
fn idle() -> Vec<Case> {
    vec![
        case(66, "a connection closed while idle is not reused", Accepted, None)
            .or("both directions", while_idle([Close]))
            .or("one direction", while_idle([HalfClose])),
        case(67, "a connection with a 408 while idle is not reused", Accepted, None)
            .libcurl("takes it for the response")
            .or("left open", while_idle([Send(response("408 Request Timeout", ""))]))
            .or("then closed", while_idle([Send(response("408 X\r\nConnection: close", "")), HalfClose])),
        case(68, "a connection with garbage while idle is not reused", Accepted, None)
            .or("garbage", while_idle([Send(vec![0xFF; 100])]))
            .or("a line break", while_idle([Send(b"\r\n".to_vec())]))
            .or("an unrequested success", while_idle([Send(response("200 OK", SUCCESS.replace(TRIGGER_ID, "stale")))])),
        case(69, "a reused connection that breaks during the request", Unknown, E::ConnectionLost)
            .libcurl("retries it: two runs")
            .or("closed", on_reused_connection([Read]))
            .or("reset", on_reused_connection([Read, Reset])),
        case(69, "a reused connection that breaks during the request", Unknown, E::ConnectionLost).delivered(0)
            .or("reset before the request was read", on_reused_connection([ReadBytes(1), Reset])),
    ]
}

/// A 200 with this body in gzip.
fn gzipped(body: impl AsRef<[u8]>) -> Vec<u8> {
    response("200 OK\r\nContent-Encoding: gzip", gzip(body))
}

/// A 200 whose body takes seconds to decode, and decodes to nothing: 1 MB of empty blocks of 10
/// bits.
fn empty_gzip() -> Vec<u8> {
    let four_blocks: u64 = (0..4).map(|block| 0b10 << (10 * block)).sum();
    let blocks = four_blocks.to_le_bytes()[..5].repeat(200_000);
    response("200 OK\r\nContent-Encoding: gzip", [&gzip("")[..10], &blocks].concat())
}

fn gzip(body: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body.as_ref()).unwrap();
    encoder.finish().unwrap()
}

/// Calls that another thread cancels, and calls that are retried.
#[rustfmt::skip]
fn cancelled_and_retried() -> Vec<Case> {
    let half = [Read, Send(ok()[..99].to_vec()), Wait];
    vec![
        case(95, "cancelled before anything was sent", NotSent, E::Cancelled).cancelled()
            .or("waiting for the name server", name_server("silent"))
            .or("connecting", black_hole())
            .or("in a TLS handshake", below_tls(|tap| tap.drain()))
            .or("waiting for a proxy", proxy("http", |tap| tap.drain())),
        case(96, "cancelled after the request was sent", Unknown, E::Cancelled).cancelled()
            .or("no response", http([Read, Wait]))
            .or("half a response", http(half))
            .or("no response over TLS", tls(valid, |tls| drop(read_request(tls)))),
        case(96, "cancelled while decoding gzip", Unknown, E::Cancelled).cancelled().after(HALF_A_SECOND)
            .by(answer(empty_gzip())),
        case(97, "a read that fails once and is retried", Accepted, None).read().attempted(2).delivered(2)
            .or("429", read_after("429"))
            .or("500", read_after("500"))
            .or("503", read_after("503")),
    ]
}

/// Responses that do not belong to the request.
#[rustfmt::skip]
fn of_another_request() -> Vec<Case> {
    let busy = response("503 Service Unavailable", "");
    let over_tls = |version: &'static rustls::SupportedProtocolVersion| move || {
        let ca = TestCa::new("The test's CA");
        let tls = ca.issue(&params_for(&["localhost"])).served(&[version]);
        (ca.pem, tls)
    };
    vec![
        case(104, "a response before the request", NotSent, E::ConnectionLost).says("a response before the request: HTTP/1.1 503")
            .or("left open", pausing(http([Send(busy.clone()), Wait])))
            .or("then closed", pausing(http([Send(busy)])))
            .or("TLS 1.2", pausing(tls(over_tls(&TLS12), busy_at_once)))
            .or("TLS 1.3", pausing(tls(over_tls(&TLS13), busy_at_once))),
        case(104, "other data before the request", NotSent, E::ConnectionLost).says("sent data before the request")
            .or("an SSH banner", pausing(http([Send(b"SSH-2.0-OpenSSH_9.6\r\n".into()), Wait])))
            .or("a line break", pausing(http([Send(b"\r\n".into()), Wait])))
            .or("the token", pausing(http([Send(TOKEN.into()), Wait]))),
        case(105, "a response that belongs to an earlier request", Unknown, E::UnexpectedResponse).says("an earlier request")
            .or("to the request before", on_reused_connection([Read, Send(first_response())]))
            .or("after an interim response", on_reused_connection([Read, Send([b"HTTP/1.1 100 Continue\r\n\r\n", &first_response()[..]].concat())])),
    ]
}

/// Sends a 503 once the handshake is complete.
fn busy_at_once(tls: &mut TlsTap<'_>) {
    while tls.session.is_handshaking() && tls.session.complete_io(tls.tap).is_ok() {}
    let _ = tls.write_all(&response("503 Service Unavailable", ""));
}

/// Responds to a read with this status, and to its retry with the workflow history.
fn read_after(status: &str) -> Peer {
    let failure = response(&format!("{status} X"), "");
    http_with([Read, Send(failure), Read, Send(response("200 OK", HISTORY))], |order| {
        order.trigger_id = Some(TRIGGER_ID.into());
    })
}

/// Calls that return a list or a secret, and waits.
#[rustfmt::skip]
fn other_calls() -> Vec<Case> {
    let list = |pages: &[&str], last: &'static str, identifier: &'static str| {
        let pages: Vec<_> = pages.iter().map(|page| response("200 OK", page)).collect();
        call("list", pages, Some((last, identifier)))
    };
    let failing = |second: Vec<u8>| {
        call("list", [response("200 OK", page(0..100)), second], Some(("/resultData/99/identifier", "w99")))
    };
    let error = |text: &str| {
        response("400 X", format!(r#"{{"status":"Error","statusCode":1,"statusLine":"no","errors":["{text}"]}}"#))
    };
    let history = |status: &str| response("200 OK", HISTORY.replace("COMPLETED", status));
    let wait = |status: &'static str, polls: usize| {
        call("wait", vec![history(status); polls], Some(("/resultData/status", status)))
    };
    let echoing = |text: &str| hiding("c2VjcmV0LXRva2Vu", None, error(text));
    let in_hex: String = TOKEN.bytes().map(|byte| format!("{byte:02x}")).collect();
    let in_entities: String = TOKEN.bytes().map(|byte| format!("&#{byte};")).collect();
    vec![
        case(98, "the end of a list", Accepted, None).read().delivered(2).attempted(2)
            .or("an empty page", list(&[&page(0..100), &page(0..0)], "/resultData/99/identifier", "w99"))
            .or("a page that is null", list(&[&page(0..100), &page(0..0).replace("[]", "null")], "/resultData/99/identifier", "w99"))
            .or("a short page again", list(&[&page(0..5), &page(0..5)], "/resultData/4/identifier", "w4")),
        case(98, "a list from a gateway that ignores paging", Accepted, None).read().delivered(3).attempted(3)
            .by(list(&[&page(0..100), &page(0..100), &page(0..100)], "/resultData/99/identifier", "w99")),
        case(98, "a list in pages that the gateway cuts to 5", Accepted, None).read().delivered(3).attempted(3)
            .by(list(&[&page(0..5), &page(5..10), &page(0..0)], "/resultData/9/identifier", "w9")),
        case(98, "a list that is null", Accepted, None).read()
            .by(list(&[&page(0..0).replace("[]", "null")], "/status", "Success")),
        case(99, "a list whose second page fails", Unknown, E::ListIncomplete).read().delivered(2).attempted(2)
            .says("the list is incomplete after 100 elements")
            .or("HTML", failing(response("200 OK", "<html>")))
            .or("cut off", failing(response("200 OK", page(100..200))[..99].to_vec())),
        case(99, "a list whose second page is refused", Rejected, E::ListIncomplete).read().delivered(2).attempted(2)
            .says("the list is incomplete after 100 elements")
            .or("401", failing(response("401 X", "")))
            .or("an error envelope", failing(response("200 OK", VALIDATION_ERROR))),
        case(100, "a wait for a run with a status that is not listed", Accepted, None).read().delivered(2).attempted(2)
            .or("CANCELLED", wait("CANCELLED", 2))
            .or("COMPLETED_WITH_ERRORS", wait("COMPLETED_WITH_ERRORS", 2)),
        case(100, "a wait for a run with a status in mixed case", Accepted, None).read()
            .by(wait("Completed", 1)),
        case(100, "a wait for a run that is not known yet", Accepted, None).read().delivered(2).attempted(2)
            .or("404", call("wait", [response("404 X", ""), history("FAILED")], Some(("/resultData/status", "FAILED"))))
            .or("an error envelope", call("wait", [error("no such run"), history("FAILED")], Some(("/resultData/status", "FAILED")))),
        case(101, "an error that echoes the token", Rejected, E::Refused).says("[secret]")
            .or("as it is", echoing(TOKEN))
            .or("percent-encoded", hiding("c2VjcmV0", None, error(&TOKEN.replace('.', "%2E"))))
            .or("broken by a line break", hiding("bGciOiJub25l", None, error(&TOKEN.replace("LXRva2Vu", "LXR\\nva2Vu"))))
            .or("in hexadecimal", hiding("65794a68624763694f694a75", None, error(&in_hex)))
            .or("in HTML entities", hiding("&#74;&#104;&#98;&#71;", None, error(&in_entities))),
        case(102, "an error of a token regeneration that contains a token", Unknown, E::UnexpectedResponse).read()
            .or("named", hiding(NEW_TOKEN, Some("token"), error(&format!("accessToken={NEW_TOKEN}, but the audit failed"))))
            .or("not named", hiding(NEW_TOKEN, Some("token"), error(&format!("{NEW_TOKEN} was not stored")))),
        case(102, "an error of a token regeneration without a token", Rejected, E::Refused).read()
            .or("a trace id", call("token", [error("no such tenant (traceId: 4bf92f3577b34da6a3ce929d0e0e4736)")], None))
            .or("XHTML", call("token", [response("400 X", concat!(
                r#"<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "#,
                r#""http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd"><title>Bad Request</title>"#,
            ))], None)),
        case(103, "an error of a launch URL that contains an access key", Unknown, E::UnexpectedResponse).read()
            .by(hiding("tmp-4f1c", Some("launch-url"), error("https://acme.example/execution?accessKey=tmp-4f1c was not stored"))),
    ]
}

/// A page of workflow definitions.
fn page(numbers: std::ops::Range<usize>) -> String {
    let elements: Vec<_> =
        numbers.map(|number| format!(r#"{{"identifier":"w{number}","name":"n"}}"#)).collect();
    format!(
        r#"{{"status":"Success","statusCode":0,"statusLine":"ok","errors":null,"resultData":[{}]}}"#,
        elements.join(",")
    )
}

/// Invalid arguments, which are never sent.
#[rustfmt::skip]
fn invalid_arguments() -> Vec<Case> {
    let url = |change: fn(&str) -> String| not_contacted(move |order| order.url = change(&order.url));
    vec![
        case(70, "CR and LF in the token", NotSent, E::AccessToken).attempted(0)
            .by(not_contacted(|order| order.token = format!("{TOKEN}\r\nX-Injected: yes"))),
        case(71, "../ in an id", NotSent, E::TriggerId).attempted(0)
            .by(not_contacted(|order| order.trigger_id = Some("../../platform/apiaccesskeys".into()))),
        case(72, "a port above 65535", NotSent, E::BaseUrlPort).attempted(0)
            .by(url(|url| {
                // Truncated to 16 bits, it is the port of a server.
                let (host, port) = url.rsplit_once(':').unwrap();
                format!("{host}:{}", port.parse::<u32>().unwrap() + 65536)
            })),
        case(73, "a user in the URL", NotSent, E::BaseUrlUserInfo).attempted(0)
            .by(url(|url| url.replace("//", "//jdoe:s3cr3t@"))),
    ]
}

/// Further responses.
#[rustfmt::skip]
fn further_responses() -> Vec<Case> {
    let length = SUCCESS.len();
    let hex = format!("{length:x}");
    let error = VALIDATION_ERROR.replace("DataValidationError", "AuthorizationError");
    let error_with_id =
        error.replacen("\"name\"", &format!("\"triggerId\":\"{TRIGGER_ID}\",\"name\""), 1);
    let with_length = format!("{HEAD}Content-Length: {length}\r\n\r\n");
    let mut wrong_checksum = gzip(SUCCESS);
    let checksum = wrong_checksum.len() - 8;
    wrong_checksum[checksum] ^= 1;
    let line = "\"Successfully submitted workflow trigger request.\"";
    vec![
        case(74, "a success in every valid form", Accepted, None)
            .or("200", body(SUCCESS))
            .or("201", answer(response("201 Created", SUCCESS)))
            .or("no reason phrase", answer(format!("HTTP/1.1 200\r\nContent-Length: {length}\r\n\r\n{SUCCESS}")))
            .or("HTTP/1.0", answer(format!("HTTP/1.0 200 OK\r\n\r\n{SUCCESS}")))
            .or("chunks", chunked(&format!("{hex}\r\n{SUCCESS}\r\n0\r\n\r\n")))
            .or("chunks and trailers", chunked(&format!("{hex};x=y\r\n{SUCCESS}\r\n0\r\nX-Y: z\r\n\r\n")))
            .or("chunks with long extensions", chunked(&format!("{hex};{}\r\n{SUCCESS}\r\n0;{}\r\n\r\n", "x=\"y\";".repeat(1000), "z".repeat(1000))))
            .or("chunks with padded sizes", chunked(&format!("0000000000000000000{hex}  \r\n{SUCCESS}\r\n00000000\r\n\r\n")))
            .or("chunks byte by byte", http([Read, Drip(format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n{hex};x\r\n{SUCCESS}\r\n0\r\n\r\n").into(), Duration::from_micros(50))]))
            .or("chunks without the final CR LF", chunked(&format!("{hex}\r\n{SUCCESS}\r\n0\r\n")))
            .or("chunks without the final CR LF, then silence", http([Read, Send(format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n{hex}\r\n{SUCCESS}\r\n0\r\n").into()), Wait]))
            .or("chunks with trailers that stall", http([Read, Send(format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n{hex}\r\n{SUCCESS}\r\n0\r\nX: y").into()), Wait]))
            .or("a blank before a colon", answer(format!("{HEAD}Server : x\r\nTransfer-Encoding : chunked\r\n\r\n{hex}\r\n{SUCCESS}\r\n0\r\n\r\n")))
            .or("a folded header", answer(format!("{HEAD}Set-Cookie: a=b;\r\n\tpath=/\r\nContent-Length: {length}\r\n\r\n{SUCCESS}")))
            .or("control characters in a header", answer(format!("{HEAD}Set-Cookie: \u{1}\x7f\0\r\nContent-Length: {length}\r\n\r\n{SUCCESS}")))
            .or("invalid headers that nobody uses", answer(format!("{HEAD}no colon\r\n: x\r\nA b: c\r\nX: a\rb\r\nContent-Length: {length}\r\n\r\n{SUCCESS}")))
            .or("1,000 headers", answer(format!("{HEAD}{}Content-Length: {length}\r\n\r\n{SUCCESS}", "X: y\r\n".repeat(1000))))
            .or("white space around the JSON", body(format!(" \r\n\t{SUCCESS}\n")))
            .or("byte by byte", http([Read, Send(with_length.into()), Drip(SUCCESS.into(), Duration::from_micros(50))]))
            .or("bytes after the response", answer([&ok()[..], &b"HTTP/1.1 200"[..]].concat()))
            .or("an unknown member", with_meta("{\"a\":[1e999,12345678901234567890123]}"))
            .or("a duplicate member that libluma does not read", with_meta("{\"a\":1,\"a\":2}"))
            .or("gzip", answer(gzipped(SUCCESS)))
            .or("a warning", body(with("\"warnings\":null", "\"warnings\":[\"w\"]")))
            .or("half a surrogate pair in statusLine", body(with(line, "\"\\ud800\""))),
        case(75, "a validation error", Rejected, E::Validation)
            .or("with 200", body(VALIDATION_ERROR))
            .or("with 400", status("400", VALIDATION_ERROR))
            .or("with a trigger id that is null", body(VALIDATION_ERROR.replace("\"name\"", "\"triggerId\": null, \"name\""))),
        case(76, "another error with 200", Rejected, E::Refused)
            .by(body(&error)),
        case(77, "a rejection before the request was read (413)", Rejected, E::Refused).delivered(0)
            .by(http([ReadBytes(16), Send(response("413 X", "")), Wait])),
        case(78, "a success without a usable trigger id", Unknown, E::UnexpectedResponse)
            .or("no trigger id", body(with(&format!("\"triggerId\":\"{TRIGGER_ID}\","), "")))
            .or("empty", body(with(TRIGGER_ID, "")))
            .or("a number", body(with(&format!("\"{TRIGGER_ID}\""), "7"))),
        case(79, "a response with a trigger id that is not a success", Unknown, E::UnexpectedResponse)
            .or("an error with 200", body(&error_with_id))
            .or("a success with 400", status("400", SUCCESS))
            .or("a status that is a number, with 400", status("400", with("\"Success\"", "7")))
            .or("a validation error with an id elsewhere", body(VALIDATION_ERROR.replace("\"warnings\":null", "\"warnings\":[{\"triggerId\" : \"x\"}]")))
            .or("the status in lower case", body(with("\"Success\"", "\"success\"").replace(TRIGGER_ID, "x"))),
        case(79, "a trigger id in an error, however it is spelled", Unknown, E::UnexpectedResponse)
            .says("the response contains a trigger id")
            .or("in a sentence", refusal(&format!("run triggerId={TRIGGER_ID} was started, but the audit failed")))
            .or("in lower case", refusal("the triggerid is 1a2b3c4d"))
            .or("with an underscore", refusal("{\\\"trigger_id\\\": \\\"1a2b3c4d\\\"}"))
            .or("with an escape", status("400", "{\"trigger\\u0049d\":\"a\"}"))
            .or("XML", status("400", format!("<error><triggerId>{TRIGGER_ID}</triggerId></error>")))
            .or("HTML", status("422", "<p>&quot;triggerId&quot;: &quot;1a2b3c4d&quot;</p>"))
            .or("Latin-1", status("400", b"Lauf gest\xf6rt: TriggerID 1a2b3c4d")),
        case(79, "a trigger id in an error, however it is spelled", Unknown, E::Unauthorized)
            .or("UTF-16", status("401", utf_16(&format!("triggerId={TRIGGER_ID}"), u16::to_be_bytes))),
        case(79, "an error that names a trigger id without a value", Rejected, E::Refused)
            .or("in an envelope", refusal("triggerId is required"))
            .or("as a member", refusal("{\\\"triggerId\\\": \\\"must not be null\\\"}"))
            .or("with 400", status("400", r#"{"field":"triggerId","requestId":"1a2b3c4d"}"#))
            .or("XML", status("422", "<triggerId/>")),
        case(79, "an error that repeats a trigger id of the request", Rejected, E::Refused)
            .by(http_with([Read, Send(response("400 X", r#"{"rejected":{"triggerId":"1a2b3c4d"}}"#))], |order| {
                order.variables = r#"{"triggerId":"1a2b3c4d"}"#;
            })),
        case(79, "an error with another trigger id than the request", Unknown, E::UnexpectedResponse)
            .by(http_with([Read, Send(response("400 X", r#"{"rejected":{"triggerId":"5e6f7a8b"}}"#))], |order| {
                order.variables = r#"{"triggerId":"1a2b3c4d"}"#;
            })),
        case(80, "JSON that is not the gateway's", Unknown, E::UnexpectedResponse)
            .or("an array", body("[]"))
            .or("a success's values in an array", body(r#"["Success",0,"l",null,{"executionConfig":{"triggerId":"x"}}]"#))
            .or("an error's values in an array", body(r#"["Error",1,"l",["e"],null]"#))
            .or("a health check", body(r#"{"status":"UP"}"#))
            .or("an unknown status without an error", body(r#"{"status":"SUCCESS","statusCode":200,"statusLine":"Workflow submitted"}"#)),
        case(81, "a 500 with an envelope that proves nothing", Unknown, E::ServerFailed)
            .or("another error", status("500", &error))
            .or("a success", status("500", SUCCESS)),
        case(82, "an HTTP status that proves nothing", Unknown, E::Refused)
            .or("402", status("402", ""))
            .or("406", status("406", "")),
        case(82, "an HTTP status that proves nothing", Unknown, E::UnexpectedResponse)
            .or("101", answer("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")),
        case(82, "an HTTP status that proves nothing", Unknown, E::InvalidHttp)
            .or("099", answer("HTTP/1.1 099 X\r\nContent-Length: 0\r\n\r\n")),
        case(83, "invalid gzip", Unknown, E::InvalidHttp)
            .or("truncated", answer(response("200 OK\r\nContent-Encoding: gzip", &gzip(SUCCESS)[..99])))
            .or("a wrong checksum", answer(response("200 OK\r\nContent-Encoding: gzip", wrong_checksum)))
            .or("only its first bytes", answer(response("200 OK\r\nContent-Encoding: gzip", b"\x1f\x8bab"))),
        case(83, "an error that cannot be read", Unknown, E::Refused)
            .or("broken gzip", status("400 X\r\nContent-Encoding: gzip", &gzip(&error)[..99]))
            .or("gzip without Content-Encoding", status("400", gzip(&error)))
            .or("UTF-16", status("409", utf_16(&error, u16::to_le_bytes)))
            .or("neither UTF-8 nor Latin-1", status("422", b"{\"a\":\"\x80\xff\"}")),
        case(83, "an error that cannot be read", Unknown, E::Redirected)
            .or("307", status("307", gzip(&error))),
        case(83, "an error that cannot be read, but HTTP refuses it", Rejected, E::Unauthorized)
            .or("broken gzip", status("401 X\r\nContent-Encoding: gzip", &gzip(&error)[..99]))
            .or("UTF-16", status("401", utf_16(&error, u16::to_le_bytes))),
        case(83, "an error that cannot be read, but HTTP refuses it", Rejected, E::RateLimited)
            .or("429", status("429", b"\x80\xff")),
    ]
}

/// An error envelope with this error.
fn refusal(error: &str) -> Peer {
    body(format!(
        r#"{{"status":"Error","statusCode":1,"statusLine":"no","errors":["{error}"],"resultData":null}}"#
    ))
}

fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

/// Real servers and proxies in front of a gateway.
#[rustfmt::skip]
fn real_peers() -> Vec<Case> {
    let squid = Squid::default();
    vec![
        case(84, "nginx in front of the gateway", Accepted, None)
            .or("TLS 1.2 only", nginx_to_gateway("ssl_protocols TLSv1.2;"))
            .or("TLS 1.3 only", nginx_to_gateway("ssl_protocols TLSv1.3;")),
        case(84, "nginx in front of the gateway", Accepted, None).read()
            .or("gzip", nginx_to_run("gzip on; gzip_types application/json; gzip_min_length 0; gzip_proxied any; if ($http_accept_encoding !~ gzip) { return 406; }")),
        case(85, "nginx that requires a client certificate (400)", Rejected, E::Refused).delivered(0)
            .or("TLS 1.2", nginx_to_gateway("ssl_protocols TLSv1.2; ssl_verify_client on; ssl_client_certificate CLIENTS_CA;"))
            .or("TLS 1.3", nginx_to_gateway("ssl_protocols TLSv1.3; ssl_verify_client on; ssl_client_certificate CLIENTS_CA;")),
        case(85, "nginx that requires a client certificate and gets it", Accepted, None)
            .or("TLS 1.2", nginx_for_clients("ssl_protocols TLSv1.2;"))
            .or("TLS 1.3", nginx_for_clients("ssl_protocols TLSv1.3;")),
        case(86, "nginx that cannot reach the gateway", Unknown, E::ServerFailed).delivered(0)
            .or("502", nginx_at("proxy_pass http://127.0.0.1:9;"))
            .or("503", nginx_at("return 503;")),
        case(87, "nginx that refuses the size of the request (413)", Rejected, E::Refused).delivered(0)
            .by(nginx_to_gateway("client_max_body_size 10;")),
        case(88, "nginx that redirects", Unknown, E::Redirected).delivered(0)
            .or("301", nginx_at("return 301 https://localhost/elsewhere;")),
        case(89, "squid as the proxy", Accepted, None)
            .by(squid.to_gateway("jdoe:s3cr3t@")),
        case(90, "squid that requires a password (407)", NotSent, E::ProxyFailed).says("(407)")
            .or("no password", squid.to_gateway(""))
            .or("a wrong password", squid.to_gateway("mallory:s3cr3t@")),
        case(91, "squid that forbids the tunnel (403)", NotSent, E::ProxyFailed).says("(403)")
            .by(squid.to("https://localhost:9")),
        case(92, "squid that cannot reach the gateway (503)", NotSent, E::ProxyFailed).says("(503)")
            .by(squid.to("https://127.0.0.1:1")),
        case(93, "tinyproxy as the proxy", Accepted, None)
            .by(tinyproxy("jdoe:s3cr3t@")),
        case(94, "tinyproxy that requires a password", NotSent, E::ProxyFailed)
            .or("no password", tinyproxy(""))
            .or("a wrong password", tinyproxy("jdoe:s3cr3t2@")),
    ]
}
