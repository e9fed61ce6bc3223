//! Promise 1: a response counts only for the request it answers. Responses that arrive too early,
//! twice, or after the deadline.

use std::io::{Read as _, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use luma::{
    Client, Config, Error, ErrorKind as E, ListQuery, LogLevel, Outcome::*, TriggerRequest,
};
use rustls::version::{TLS12, TLS13};

use crate::support::Step::*;
use crate::support::tls::{TapServer, TestCa, params_for, read_request};
use crate::support::{
    self, LIMIT, SUCCESS, ScriptServer, TOKEN, TRIGGER_ID, VALIDATION_ERROR, calls, config,
    numbered, ok, response,
};

const UNAVAILABLE: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";

/// A configuration whose calls pause before they send a request on a new connection, so that what
/// the server sends at once has arrived.
fn pausing(url: &str) -> Config {
    let mut config = config(url);
    config.set_log(LogLevel::Info, |_, line| {
        if line.contains("on a new connection") {
            thread::sleep(Duration::from_millis(100));
        }
    });
    config
}

/// Asserts that a trigger with this configuration is not sent, because something came first.
#[track_caller]
fn assert_not_sent(config: &Config, says: &str) {
    let error = support::failure(&Client::with_config(config).unwrap());
    assert_eq!((error.outcome(), error.kind()), (NotSent, E::ConnectionLost), "{error}");
    assert!(error.message().contains(says), "{error}");
}

#[test]
fn what_a_server_sends_before_the_request_is_not_a_response() {
    for (bytes, says) in [
        (UNAVAILABLE.to_vec(), "a response before the request: HTTP/1.1 503 "),
        (ok(), "a response before the request: HTTP/1.1 200 "),
        (b"SSH-2.0-OpenSSH_9.6\r\n".to_vec(), "data before the request"),
        (b"\r\n".to_vec(), "data before the request"),
        (TOKEN.into(), "data before the request"),
        (vec![], "closed the connection before the request"),
    ] {
        for end in [Close, HalfClose, Wait] {
            if bytes.is_empty() && matches!(end, Wait) {
                continue;
            }
            let server = ScriptServer::start(vec![vec![Send(bytes.clone()), end, Wait]]);
            assert_not_sent(&pausing(&server.url), says);
            assert_eq!((server.connections(), server.deliveries()), (1, 0));
        }
    }
    // The reset may also end connecting.
    let server = ScriptServer::start(vec![vec![Reset]]);
    let error = support::failure(&Client::with_config(&pausing(&server.url)).unwrap());
    assert_eq!(error.outcome(), NotSent, "{error}");
}

#[test]
fn a_call_is_retried_if_a_busy_server_responds_before_the_request() {
    let server =
        ScriptServer::start(vec![vec![Send(UNAVAILABLE.into())], vec![Read, Send(ok()), Wait]]);
    let client = Client::with_config(pausing(&server.url).set_retries(true)).unwrap();
    let trigger = support::trigger(&client).unwrap();
    assert_eq!(trigger.response().info().attempts(), 2);
    assert_eq!((server.connections(), server.deliveries()), (2, 1));
}

#[test]
fn what_a_server_sends_over_tls_before_the_request_is_not_a_response() {
    let ca = TestCa::new("The test's CA");
    for version in [&TLS12, &TLS13] {
        let tls = || ca.issue(&params_for(&["127.0.0.1"])).served(&[version]);
        for (bytes, is_closed) in [(UNAVAILABLE, false), (UNAVAILABLE, true), (b"", true)] {
            let server = TapServer::tls(tls(), move |tls| {
                while tls.session.is_handshaking() {
                    tls.session.complete_io(tls.tap).unwrap();
                }
                let _ = tls.write_all(bytes);
                if is_closed {
                    tls.close_notify();
                }
            });
            let mut config = pausing(&support::https(server.port));
            config.set_ca_pem(&ca.pem).unwrap();
            assert_not_sent(&config, "before the request");
            let seen = server.finish();
            assert_eq!((seen.connections, seen.plain.len()), (1, 0));
        }
        // Session tickets are not application data.
        let server = TapServer::answering(tls(), ok());
        let mut config = pausing(&support::https(server.port));
        support::assert_accepted(
            &Client::with_config(config.set_ca_pem(&ca.pem).unwrap()).unwrap(),
        );
    }
}

#[test]
fn what_follows_the_reply_of_a_socks_proxy_is_not_a_response() {
    for is_in_one_piece in [true, false] {
        let proxy = TapServer::start(move |tap| {
            let mut bytes = [0; 64];
            let _ = tap.read(&mut bytes);
            let _ = tap.write_all(&[5, 0]);
            let _ = tap.read(&mut bytes);
            let granted = [5, 0, 0, 1, 10, 0, 0, 1, 0, 80];
            if is_in_one_piece {
                let _ = tap.write_all(&[&granted[..], &ok()].concat());
            } else {
                let _ = tap.write_all(&granted).and_then(|()| tap.write_all(&ok()));
            }
            tap.drain();
        });
        let mut config = pausing("http://gateway.test");
        config.set_allow_http(true);
        config.set_proxy(&format!("socks5h://127.0.0.1:{}", proxy.port)).unwrap();
        assert_not_sent(&config, "HTTP/1.1 200 (through ");
        assert!(!String::from_utf8_lossy(&proxy.finish().wire).contains("POST"));
    }
}

#[test]
fn what_follows_a_tunnel_s_opening_over_tls_is_not_a_response() {
    let (ca, tls) = support::tls::localhost();
    let proxy = TapServer::tls(tls, |tls| {
        if read_request(tls).is_some() {
            tls.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
            tls.write_all(&ok()).unwrap();
        }
    });
    let mut config = pausing("http://gateway.test");
    config.set_allow_http(true).set_ca_pem(&ca.pem).unwrap();
    config.set_proxy(&format!("https://127.0.0.1:{}", proxy.port)).unwrap();
    let error = support::failure(&Client::with_config(&config).unwrap());
    assert_eq!(error.outcome(), NotSent, "{error}");
    assert!(!String::from_utf8_lossy(&proxy.finish().plain).contains("POST"));
}

/// A response that accepts a trigger of this workflow, with the trigger id of this number.
fn accepting(workflow: &str, number: usize) -> Vec<u8> {
    response("200 OK", numbered(SUCCESS.replace("reset_password", workflow), number))
}

/// How triggers of these workflows end on one connection with these responses; each trigger is
/// preceded by the given number of history reads.
fn ends(responses: &[Vec<u8>], workflows: &[&str], reads: usize) -> Vec<Result<String, String>> {
    let server = ScriptServer::start(vec![calls::answers(responses)]);
    let client = calls::client(&server.url);
    let call = |workflow: &&str| {
        for _ in 0..reads {
            client.get_workflow_history("x").unwrap();
        }
        let result = client.trigger_workflow(&TriggerRequest::new(workflow).unwrap());
        result.map(|trigger| trigger.trigger_id().to_owned()).map_err(|error| {
            assert_eq!(
                (error.outcome(), error.kind()),
                (Unknown, E::UnexpectedResponse),
                "{error}"
            );
            assert_eq!(error.http_status(), Some(200));
            error.to_string()
        })
    };
    let ends = workflows.iter().map(call).collect();
    assert_eq!(server.connections(), 1);
    ends
}

#[test]
fn a_response_that_was_received_before_is_not_credited_to_another_trigger() {
    let history = || response("200 OK", calls::HISTORY);
    let id = |number| Ok(String::from_utf8(numbered(TRIGGER_ID, number)).unwrap());
    // The same response again, for the same workflow and for another.
    for second in ["a", "b"] {
        let twice = ends(&[accepting("a", 0), accepting("a", 0)], &["a", second], 0);
        assert_eq!(twice[0], id(0));
        assert!(twice[1].as_ref().unwrap_err().contains("earlier request"), "{twice:?}");
        let after_reads =
            [history(), history(), accepting("a", 0), history(), history(), accepting("a", 0)];
        let twice = ends(&after_reads, &["a", second], 2);
        assert_eq!(twice[0], id(0));
        assert!(twice[1].as_ref().unwrap_err().contains("its trigger id"), "{twice:?}");
    }
    // The response to the workflow before, with an id that was not seen yet.
    let late = ends(&[accepting("a", 0), accepting("a", 1)], &["a", "b"], 0);
    assert!(late[1].as_ref().unwrap_err().contains("names the workflow"), "{late:?}");
    // An alias.
    let alias = ends(&[accepting("a", 0), accepting("c", 1)], &["a", "b"], 0);
    assert_eq!(alias, [id(0), id(1)]);
    let case = ends(&[accepting("A", 0), accepting("A", 1)], &["A", "a"], 0);
    assert_eq!(case, [id(0), id(1)]);
    let same = ends(&[accepting("a", 0), accepting("a", 1)], &["a", "a"], 0);
    assert_eq!(same, [id(0), id(1)]);
}

#[test]
fn a_rejection_of_the_workflow_before_is_not_one_of_this_workflow() {
    let rejecting = response("200 OK", VALIDATION_ERROR);
    assert!(VALIDATION_ERROR.contains("\"identifier\":\"reset_password\""));
    for (workflow, expected) in
        [("reset_password", (Rejected, E::Validation)), ("b", (Unknown, E::UnexpectedResponse))]
    {
        let responses = [accepting("reset_password", 0), rejecting.clone()];
        let server = ScriptServer::start(vec![calls::answers(&responses)]);
        let client = calls::client(&server.url);
        support::assert_accepted(&client);
        let error = client.trigger_workflow(&TriggerRequest::new(workflow).unwrap()).unwrap_err();
        assert_eq!((error.outcome(), error.kind()), expected, "{error}");
    }
}

/// Nothing in an error tells which request it is a response to.
#[test]
fn an_error_that_is_sent_twice_does_not_refuse_the_next_request() {
    let refused = r#"{"status":"Error","statusLine":"no","errors":["no"],"resultData":null}"#;
    for error in [
        response("200 OK", VALIDATION_ERROR),
        response("400 Bad Request", VALIDATION_ERROR),
        response("400 Bad Request", refused),
        response("401 Unauthorized", ""),
        response("404 Not Found", refused),
        response("422 Unprocessable Content", "no"),
    ] {
        for is_read in [false, true] {
            let server = ScriptServer::start(vec![
                vec![Read, Send(error.clone()), Read, Send(error.clone()), Wait],
                calls::answers(&[ok(), response("200 OK", calls::HISTORY)]),
            ]);
            let client = calls::client(&server.url);
            let outcome = match is_read {
                true => client.get_workflow_history("x").unwrap_err().outcome(),
                false => support::failure(&client).outcome(),
            };
            assert_eq!(outcome, Rejected);
            support::assert_accepted(&client);
            client.get_workflow_history("y").unwrap();
            assert_eq!((server.connections(), server.deliveries()), (2, 3));
        }
    }
}

#[test]
fn a_read_that_failed_may_be_repeated_on_its_connection() {
    let missing = response("404 Not Found", "");
    let history = response("200 OK", calls::HISTORY);
    let server = ScriptServer::start(vec![
        calls::answers(&[missing.clone(), missing.clone(), history.clone(), ok(), missing]),
        calls::answers(&[history]),
    ]);
    let client = calls::client(&server.url);
    for _ in 0..2 {
        assert_eq!(client.get_workflow_history("x").unwrap_err().kind(), E::NotFound);
    }
    client.get_workflow_history("x").unwrap();
    support::assert_accepted(&client);
    assert_eq!(client.get_workflow_history("x").unwrap_err().kind(), E::NotFound);
    assert_eq!(server.connections(), 1);
    client.get_workflow_history("y").unwrap();
    assert_eq!(server.connections(), 2);
}

#[test]
fn triggers_behind_a_server_that_sends_each_response_twice_get_no_wrong_id() {
    for pause in [0, 1, 3] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let _server = thread::spawn(move || {
            for stream in listener.incoming() {
                thread::spawn(move || twice(&mut stream.unwrap(), Duration::from_millis(pause)));
            }
        });
        let client = calls::client(&url);
        let mut accepted = 0;
        for number in 0..100 {
            let workflow = format!("w{number}");
            let request = TriggerRequest::new(&workflow).unwrap();
            match client.trigger_workflow(&request) {
                Ok(trigger) => {
                    assert_eq!(trigger.trigger_id(), format!("id-of-{workflow}"));
                    accepted += 1;
                }
                Err(error) => assert_eq!(error.outcome(), Unknown, "{error}"),
            }
        }
        assert!(accepted > 0);
    }
}

fn twice(stream: &mut TcpStream, pause: Duration) {
    while let Some(request) = read_request(stream) {
        let request = String::from_utf8(request).unwrap();
        let workflow = request.split("workflowIdentifier\":\"").nth(1).unwrap();
        let workflow = workflow.split('"').next().unwrap();
        let text = SUCCESS.replace("reset_password", workflow);
        let response = response("200 OK", text.replace(TRIGGER_ID, &format!("id-of-{workflow}")));
        let _ = stream.write_all(&response);
        thread::sleep(pause);
        if stream.write_all(&response).is_err() {
            break;
        }
    }
}

#[test]
fn a_response_to_another_kind_of_call_is_not_credited_and_ends_the_connection() {
    // A trigger's response as a history, and a history as a trigger's.
    let server = ScriptServer::start(vec![
        calls::answers(&[ok(), ok()]),
        calls::answers(&vec![response("200 OK", calls::HISTORY); 2]),
        calls::answers(&[numbered(ok(), 2)]),
    ]);
    let client = calls::client(&server.url);
    support::assert_accepted(&client);
    let error = client.get_workflow_history("x").unwrap_err();
    assert_eq!(error.kind(), E::UnexpectedResponse);
    server.wait_until_closed(1);
    client.get_workflow_history("x").unwrap();
    let error = support::failure(&client);
    assert_eq!((error.outcome(), error.kind()), (Unknown, E::UnexpectedResponse), "{error}");
    server.wait_until_closed(2);
    support::assert_accepted(&client);
    assert_eq!((server.connections(), server.deliveries()), (3, 5));
}

#[test]
fn a_history_that_was_received_before_is_not_credited_to_another_run() {
    let of = |id: &str| {
        let text = calls::HISTORY.replace("\"id\":427", &format!("\"id\":{id}"));
        response("200 OK", text)
    };
    let server = ScriptServer::start(vec![calls::answers(&[
        of("1"),
        of("1"),
        of("2"),
        of("null"),
        of("null"),
        of("2"),
        of("2"),
    ])]);
    let client = calls::client(&server.url);
    for (run, is_right) in
        [("a", true), ("a", true), ("b", true), ("c", true), ("d", true), ("e", true), ("f", false)]
    {
        let result = client.get_workflow_history(run);
        assert_eq!(result.is_ok(), is_right, "{run}: {result:?}");
    }
    server.wait_until_closed(1);
}

#[test]
fn steps_that_were_received_before_are_not_credited_to_another_run() {
    let list = |id: &str| calls::success(&format!(r#"[{{"id":"{id}","activityName":"a"}}]"#));
    let step = |id: &str| calls::success(&format!(r#"{{"id":"{id}","activityName":"a"}}"#));
    // An empty page ends a list.
    let end = || calls::success("[]");
    let bodies = [list("1"), end(), list("1"), end(), list("2"), end(), end(), end(), list("2")];
    let server = ScriptServer::start(vec![calls::answers(&bodies.map(calls::ok))]);
    let client = calls::client(&server.url);
    // The same run may be asked for again, and may have no steps.
    for (run, is_right) in
        [("a", true), ("a", true), ("b", true), ("c", true), ("d", true), ("e", false)]
    {
        let result = client.list_workflow_steps(run, &ListQuery::default());
        assert_eq!(result.is_ok(), is_right, "{run}: {result:?}");
    }
    server.wait_until_closed(1);

    let server = ScriptServer::start(vec![calls::answers(
        &[step("1"), step("1"), step("1")].map(calls::ok),
    )]);
    let client = calls::client(&server.url);
    for (id, is_right) in [("1", true), ("1", true), ("2", false)] {
        let result = client.get_workflow_step("a", id);
        assert_eq!(result.is_ok(), is_right, "{id}: {result:?}");
    }
}

/// More than the system buffers.
const BIG: usize = 8 << 20;

/// A request of a little more than this size.
fn big_request() -> TriggerRequest {
    let mut request = support::request();
    request.set_variable_json("text", &format!("\"{}\"", "x".repeat(BIG))).unwrap();
    request
}

/// How a server behaves that gets a big request.
#[derive(Clone)]
struct Early {
    /// Sent after the first bytes of the request.
    first: Vec<u8>,
    /// Sent after the whole request, or `None` if the server does not read the rest.
    last: Option<Vec<u8>>,
}

impl Early {
    fn serve(&self, stream: &mut impl Duplex, until: &Mutex<Receiver<()>>) {
        let mut buffer = vec![0; 16 * 1024];
        let mut received = stream.read(&mut buffer).unwrap();
        if stream.write_all(&self.first).is_err() {
            return;
        }
        match &self.last {
            None => drop(until.lock().unwrap().recv_timeout(LIMIT)),
            Some(last) => {
                // Later than the client, so that its writes wait.
                thread::sleep(Duration::from_millis(300));
                while received < BIG {
                    match stream.read(&mut buffer).unwrap() {
                        0 => return,
                        amount => received += amount,
                    }
                }
                let _ = stream.write_all(last);
            }
        }
    }
}

const LAYERS: [&str; 4] = ["TCP", "TLS 1.2", "TLS 1.3", "TLS within TLS"];

trait Duplex: std::io::Read + Write {}

impl<T: std::io::Read + Write> Duplex for T {}

/// A server that is reached through one of the layers.
struct Layered {
    url: String,
    proxy: Option<String>,
    ca_pem: String,
    _server: TapServer,
}

impl Layered {
    fn start(
        layer: &str,
        serve: impl Fn(&mut dyn Duplex) + std::marker::Send + Sync + 'static,
    ) -> Self {
        let (ca, tls) = support::tls::localhost();
        let version = if layer == "TLS 1.2" { &TLS12 } else { &TLS13 };
        let served = ca.issue(&params_for(&["127.0.0.1"])).served(&[version]);
        let is_nested = layer == "TLS within TLS";
        let server = match layer {
            "TCP" => TapServer::start(move |tap| serve(tap)),
            _ if is_nested => TapServer::tls(tls.clone(), move |outer| {
                read_request(outer).expect("a CONNECT");
                outer.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
                let mut session = rustls::ServerConnection::new(tls.clone()).unwrap();
                serve(&mut rustls::Stream::new(&mut session, outer));
            }),
            _ => TapServer::tls(served, move |tls| serve(tls)),
        };
        let address = support::https(server.port);
        let (url, proxy) = match layer {
            "TCP" => (address.replace("https", "http"), None),
            _ if is_nested => ("https://localhost".into(), Some(address)),
            _ => (address, None),
        };
        Layered { url, proxy, ca_pem: ca.pem, _server: server }
    }
}

/// How a big trigger ends at such a server: over TCP, over TLS, and over TLS within TLS to a proxy.
/// Also returns the number of bytes sent, as logged.
fn ends_early(early: &Early) -> Vec<(Result<(), Error>, u64)> {
    LAYERS
        .into_iter()
        .map(|layer| {
            let (ended, until) = channel();
            let (early, until) = (early.clone(), Mutex::new(until));
            let layered = Layered::start(layer, move |mut stream| early.serve(&mut stream, &until));
            let mut config = config(&layered.url);
            if let Some(proxy) = &layered.proxy {
                config.set_proxy(proxy).unwrap();
            }
            config.set_ca_pem(&layered.ca_pem).unwrap().set_timeout(TIMEOUT).unwrap();
            let sent = Arc::new(AtomicU64::new(0));
            let logged = sent.clone();
            config.set_log(LogLevel::Info, move |_, line| {
                let words = line.split(" bytes sent").next().filter(|start| *start != line);
                let number = words.and_then(|words| words.rsplit(' ').next()?.parse().ok());
                if let Some(number) = number {
                    logged.store(number, Ordering::SeqCst);
                }
            });
            let client = Client::with_config(&config).unwrap();
            let result = client.trigger_workflow(&big_request()).map(drop);
            println!("{layer}: {result:?}");
            drop(ended);
            (result, sent.load(Ordering::SeqCst))
        })
        .collect()
}

/// Long enough for everything that must not wait for it.
const TIMEOUT: Duration = Duration::from_secs(20);

#[test]
#[cfg_attr(unix, ignore = "takes long: make test")]
fn a_refusal_is_received_while_a_big_request_is_being_sent() {
    for (status, outcome, kind) in [
        ("401 Unauthorized", Rejected, E::Unauthorized),
        ("413 Content Too Large", Rejected, E::Refused),
        ("503 Service Unavailable", Unknown, E::ServerFailed),
    ] {
        for interim in ["", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 X\r\nLink: y\r\n\r\n"] {
            let first = [interim.as_bytes(), &response(status, "")].concat();
            let started = Instant::now();
            for (result, sent) in ends_early(&Early { first, last: None }) {
                let error = result.unwrap_err();
                assert_eq!((error.outcome(), error.kind()), (outcome, kind), "{error}");
                assert!((1..BIG as u64).contains(&sent), "{sent}");
            }
            assert!(started.elapsed() < TIMEOUT, "{:?}", started.elapsed());
        }
    }
}

#[test]
fn a_success_before_the_request_was_sent_proves_nothing() {
    for (result, sent) in ends_early(&Early { first: ok(), last: None }) {
        let error = result.unwrap_err();
        assert_eq!((error.outcome(), error.kind()), (Unknown, E::UnexpectedResponse), "{error}");
        assert!(error.message().contains("before the request was completely sent"), "{error}");
        assert!((1..BIG as u64).contains(&sent), "{sent}");
    }
}

/// The write that fails takes the error of the socket, so that the response seems to end well.
#[test]
fn a_response_without_a_length_is_not_complete_if_the_connection_was_reset() {
    let request = big_request();
    for status in ["400 Bad Request", "413 Content Too Large"] {
        let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n\r\n").into_bytes();
        let server = ScriptServer::start(vec![vec![ReadBytes(16), Send(head), Reset]]);
        let client = Client::with_config(&config(&server.url)).unwrap();
        for _ in 0..3 {
            let error = client.trigger_workflow(&request).unwrap_err();
            assert_eq!((error.outcome(), error.kind()), (Unknown, E::ConnectionLost), "{error}");
        }
    }
}

#[test]
#[cfg_attr(unix, ignore = "takes long: make test")]
fn what_is_not_http_ends_a_big_request_at_once() {
    for first in ["SSH-2.0-OpenSSH_9.6\r\n", "HTTP/2 401\r\n\r\n"] {
        let started = Instant::now();
        for (result, sent) in ends_early(&Early { first: first.into(), last: None }) {
            let error = result.unwrap_err();
            assert_eq!((error.outcome(), error.kind()), (Unknown, E::InvalidHttp), "{error}");
            assert!((1..BIG as u64).contains(&sent), "{sent}");
        }
        assert!(started.elapsed() < TIMEOUT, "{:?}", started.elapsed());
    }
}

#[test]
#[cfg_attr(unix, ignore = "takes long: make test")]
fn an_interim_response_does_not_end_a_big_request() {
    for first in ["", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 X\r\nLink: y\r\n\r\n"] {
        for count in 1..=2 {
            let early = Early { first: first.repeat(count).into(), last: Some(ok()) };
            for (result, sent) in ends_early(&early) {
                result.unwrap();
                assert!(sent > BIG as u64, "{sent}");
            }
        }
    }
    // In two parts.
    let early = Early {
        first: "HTTP/1.1 100 Con".into(),
        last: Some([b"tinue\r\n\r\n", &ok()[..]].concat()),
    };
    for (result, _) in ends_early(&early) {
        result.unwrap();
    }
}

#[test]
fn nothing_is_sent_after_the_deadline() {
    let server = ScriptServer::start(vec![vec![Read, Send(ok()), Read, Wait]]);
    let timeout = Duration::from_millis(300);
    let mut config = config(&server.url);
    config.set_timeout(timeout).unwrap();
    let is_slow = Arc::new(AtomicBool::new(false));
    let slow = is_slow.clone();
    config.set_log(LogLevel::Info, move |_, line| {
        if slow.load(Ordering::SeqCst) && line.contains("connection") {
            thread::sleep(2 * timeout);
        }
    });
    let client = Client::with_config(&config).unwrap();
    // On a reused connection, and then on a new one.
    support::assert_accepted(&client);
    is_slow.store(true, Ordering::SeqCst);
    for _ in 0..2 {
        let error = support::failure(&client);
        assert_eq!((error.outcome(), error.kind()), (NotSent, E::ResponseTimeout), "{error}");
    }
    assert_eq!(server.deliveries(), 1);
}

/// Processes that are stopped by a signal and continued later.
#[cfg(unix)]
mod stopped {
    use std::process::{Command, Stdio};

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;
    use crate::support::child::child;

    const CHILD_URL: &str = "LUMA_TEST_URL";
    const CHILD_PROXY: &str = "LUMA_TEST_PROXY";
    const CHILD_CA: &str = "LUMA_TEST_CA";
    const CHILD_IS_BIG: &str = "LUMA_TEST_IS_BIG";

    /// A trigger of a process that is stopped before the response arrives, and continued after the
    /// deadline.
    #[test]
    fn a_response_that_arrived_while_the_process_was_stopped_counts() {
        if let Ok(url) = std::env::var(CHILD_URL) {
            let mut config = config(&url);
            config.set_ca_pem(&std::env::var(CHILD_CA).unwrap()).unwrap();
            config.set_timeout(Duration::from_millis(1500)).unwrap();
            if let Ok(proxy) = std::env::var(CHILD_PROXY) {
                config.set_proxy(&proxy).unwrap();
            }
            let request = match std::env::var(CHILD_IS_BIG) {
                Ok(_) => big_request(),
                Err(_) => support::request(),
            };
            match Client::with_config(&config).unwrap().trigger_workflow(&request) {
                Ok(trigger) => println!("it is {trigger}"),
                Err(error) => println!("it is {} {:?}: {error}", error.outcome(), error.kind()),
            }
            return;
        }
        let large = response("200 OK", SUCCESS.to_owned() + &" ".repeat(60_000));
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(SUCCESS.as_bytes()).unwrap();
        let gzip = response("200 OK\r\nContent-Encoding: gzip", gzip.finish().unwrap());
        let half = ok()[..ok().len() / 2].to_vec();
        let accepted = format!("it is accepted with trigger id {TRIGGER_ID}");
        thread::scope(|scope| {
            for layer in LAYERS {
                for (response, expected) in [
                    (ok(), accepted.as_str()),
                    (large.clone(), accepted.as_str()),
                    (gzip.clone(), accepted.as_str()),
                    (half.clone(), "it is UNKNOWN ResponseTimeout: the timeout of 1500 ms expired"),
                ] {
                    scope.spawn(move || {
                        let output = output_of_stopped_child(layer, response, false);
                        assert!(output.contains(expected), "{layer}: {output}");
                    });
                }
            }
        });
    }

    /// On Linux, the time for which a process is stopped does not count in every kind of wait.
    #[test]
    fn a_call_that_is_stopped_while_it_sends_ends_after_the_deadline() {
        thread::scope(|scope| {
            for layer in LAYERS {
                scope.spawn(move || {
                    let output = output_of_stopped_child(layer, Vec::new(), true);
                    let expected = "expired while sending the request";
                    assert!(
                        output.contains("it is UNKNOWN") && output.contains(expected),
                        "{output}"
                    );
                });
            }
        });
    }

    fn output_of_stopped_child(layer: &'static str, response: Vec<u8>, is_big: bool) -> String {
        const TEST: &str =
            "exchanges::stopped::a_response_that_arrived_while_the_process_was_stopped_counts";
        let (read, is_read) = channel();
        let (stopped, is_stopped) = channel();
        let is_stopped = Mutex::new(is_stopped);
        let (ended, until) = channel::<usize>();
        let until = Mutex::new(until);
        let layered = Layered::start(layer, move |stream: &mut dyn Duplex| {
            let mut stream = stream;
            if is_big {
                let _ = stream.read(&mut [0; 1]);
            } else {
                let _ = read_request(&mut stream);
            }
            let _ = read.send(());
            let _ = is_stopped.lock().unwrap().recv_timeout(LIMIT);
            let _ = stream.write_all(&response);
            // Until the client closes.
            let _ = match is_big {
                true => until.lock().unwrap().recv_timeout(LIMIT).unwrap_or(0),
                false => stream.read(&mut [0; 1]).unwrap_or(0),
            };
        });
        let mut command = child(TEST);
        if is_big {
            command.env(CHILD_IS_BIG, "1");
        }
        command.env(CHILD_URL, &layered.url).env(CHILD_CA, &layered.ca_pem);
        command.envs(layered.proxy.iter().map(|proxy| (CHILD_PROXY, proxy)));
        let child = command.stdout(Stdio::piped()).spawn().unwrap();
        let signal = |name: &str| {
            let id = child.id().to_string();
            assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
        };
        is_read.recv_timeout(LIMIT).unwrap();
        if is_big {
            // Until it has to wait.
            thread::sleep(Duration::from_millis(100));
        }
        signal("-STOP");
        stopped.send(()).unwrap();
        thread::sleep(Duration::from_secs(2));
        signal("-CONT");
        let continued = Instant::now();
        let output = child.wait_with_output().unwrap();
        drop(ended);
        assert!(continued.elapsed() < Duration::from_secs(1), "{:?}", continued.elapsed());
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}
