//! HTTP/1.1 as clients really speak it.

mod support;

use std::time::{Duration, Instant};

use luma_simulator::{DEFAULT_TOKEN, Simulator};
use support::{Client, TRIGGER, named, request, reset_password, trigger_request};

fn head(framing: &str) -> String {
    format!(
        "POST {TRIGGER} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {DEFAULT_TOKEN}\r\n\
         Content-Type: application/json; charset=utf-8\r\n{framing}\r\n"
    )
}

#[test]
fn a_connection_serves_many_requests() {
    let simulator = Simulator::start().unwrap();
    let mut client = Client::connect(&simulator);
    for _ in 0..2 {
        assert_eq!(client.trigger(DEFAULT_TOKEN, &reset_password()).json()["status"], "Success");
    }
    // And two at once, of which the second is already here when the first is answered.
    let one = trigger_request(DEFAULT_TOKEN, &reset_password());
    client.send([one.as_str(), &one].concat());
    assert_eq!(client.response().status, 200);
    assert_eq!(client.response().status, 200);
    Client::connect(&simulator).trigger(DEFAULT_TOKEN, &reset_password());

    let connections: Vec<_> = simulator.journal().iter().map(|d| d.connection).collect();
    assert_eq!(connections, [1, 1, 1, 1, 2]);
}

#[test]
fn connection_close_is_honoured() {
    let simulator = Simulator::start().unwrap();
    for request in [
        trigger_request(DEFAULT_TOKEN, &reset_password()).replacen(
            "Host",
            "Connection: close\r\nHost",
            1,
        ),
        trigger_request(DEFAULT_TOKEN, &reset_password()).replacen("HTTP/1.1", "HTTP/1.0", 1),
    ] {
        let mut client = Client::connect(&simulator);
        client.send(request);
        assert_eq!(client.response().header("connection"), Some("close"));
        assert_eq!(client.until_close(), b"");
    }
}

#[test]
fn a_head_request_gets_no_body() {
    let simulator = Simulator::start().unwrap();
    let mut client = Client::connect(&simulator);
    client.send(request("HEAD", "/simulator/runs", "Connection: close\r\n", ""));
    let bytes = client.until_close();
    assert!(bytes.starts_with(b"HTTP/1.1 405 ") && bytes.ends_with(b"\r\n\r\n"));
}

#[test]
fn a_body_may_come_in_chunks_and_in_pieces() {
    let simulator = Simulator::start().unwrap();
    let body = reset_password().to_string();
    let (a, b) = body.split_at(10);
    let request = format!(
        "{}{:x}\r\n{a}\r\n{:X};extension=1\r\n{b}\r\n0\r\nTrailer: 1\r\n\r\n",
        head("Transfer-Encoding: chunked\r\n"),
        a.len(),
        b.len()
    );
    let mut client = Client::connect(&simulator);
    client.send(&request);
    assert_eq!(client.response().json()["status"], "Success");
    for byte in request.bytes() {
        client.send([byte]);
    }
    assert_eq!(client.response().json()["status"], "Success");

    let bodies: Vec<_> = simulator.journal().into_iter().map(|d| d.body).collect();
    assert_eq!(bodies, [body.clone(), body]);
}

#[test]
fn a_large_body_passes() {
    let simulator = Simulator::start().unwrap();
    let mut body = reset_password();
    body["variables"]["note"] = "x".repeat(3 * 1024 * 1024).into();
    let mut client = Client::connect(&simulator);
    assert_eq!(client.trigger(DEFAULT_TOKEN, &body).json()["status"], "Success");
    assert_eq!(simulator.journal()[0].body, body.to_string());
}

#[test]
fn an_expected_100_is_sent_once_and_only_when_waited_for() {
    let simulator = Simulator::start().unwrap();
    let mut client = Client::connect(&simulator);
    for body in [reset_password().to_string(), " ".repeat(100_000)] {
        client.send(head(&format!("Expect: 100-continue\r\nContent-Length: {}\r\n", body.len())));
        assert_eq!(client.response().head, "HTTP/1.1 100 Continue\r\n\r\n");
        client.send(&body);
        assert_eq!(client.response().header("content-type"), Some("application/json"));
    }
    let body = reset_password().to_string();
    let head = head(&format!("Expect: 100-continue\r\nContent-Length: {}\r\n", body.len()));
    client.send(head + &body);
    assert_eq!(client.response().status, 200);

    // Also where the request is then not read at all.
    let body = named("fault-close-before-reading").to_string();
    client.send(self::head(&format!("Expect: 100-continue\r\nContent-Length: {}\r\n", body.len())));
    assert_eq!(client.response().status, 100);
    client.send(&body);
    assert_eq!(client.until_close(), b"");
    assert_eq!(simulator.journal().len(), 3);
}

#[test]
fn what_is_no_http_is_refused_and_not_journaled() {
    let simulator = Simulator::start().unwrap();
    let table = [
        ("nonsense\r\n\r\n".to_owned(), 400),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), 400),
        ("GET / HTTP/1.1\r\n\r\n".to_owned(), 400),
        (head("Content-Length: 2x\r\n"), 400),
        (head("Content-Length: +2\r\n"), 400),
        (head("Content-Length: 2\r\nContent-Length: 3\r\n"), 400),
        (head("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n"), 400),
        (head("Transfer-Encoding: gzip, chunked\r\n"), 400),
        (head("Transfer-Encoding: chunked\r\n") + "zz\r\n", 400),
        (head("Transfer-Encoding: chunked\r\n") + "1\r\nabc\r\n", 400),
        (head("Transfer-Encoding: chunked\r\n") + "ffffffffffffffff1\r\n", 400),
        (head("Transfer-Encoding: chunked\r\n") + "ffffffffffffffff\r\n", 413),
        (head("Content-Length: 33554433\r\n"), 413),
        (head("Content-Length: 99999999999999999999999\r\n"), 413),
        (head(&format!("X: {}\r\n", "x".repeat(70_000))), 431),
        (head(&"X: x\r\n".repeat(200)), 431),
    ];
    for (request, status) in table {
        let mut client = Client::connect(&simulator);
        client.send(&request);
        let response = client.response();
        assert_eq!(response.status, status, "{request}");
        assert_eq!(response.header("connection"), Some("close"));
        assert!(response.json()["errors"].is_array());
    }
    assert!(simulator.journal().is_empty());
}

#[test]
fn a_request_that_breaks_off_is_not_journaled() {
    let simulator = Simulator::start().unwrap();
    let whole = trigger_request(DEFAULT_TOKEN, &reset_password());
    let mut clients: Vec<_> = [1, 40, whole.len() - 1]
        .into_iter()
        .map(|length| {
            let mut client = Client::connect(&simulator);
            client.send(&whole[..length]);
            client.send_no_more();
            client
        })
        .collect();
    for client in &mut clients {
        assert_eq!(client.until_close(), b"");
    }
    assert!(simulator.journal().is_empty());
    Client::connect(&simulator).trigger(DEFAULT_TOKEN, &reset_password());
    assert_eq!(simulator.journal().len(), 1);
    assert_eq!(simulator.journal()[0].connection, 4);
}

#[test]
fn dropping_it_ends_everything_promptly() {
    let simulator = Simulator::start().unwrap();
    let mut idle = Client::connect(&simulator);
    idle.trigger(DEFAULT_TOKEN, &reset_password());
    let mut busy: Vec<_> = ["fault-hang", "fault-slow-response", "fault-endless-body"]
        .into_iter()
        .map(|fault| {
            let mut client = Client::connect(&simulator);
            client.send(trigger_request(DEFAULT_TOKEN, &named(fault)));
            client
        })
        .collect();
    busy[1].receive().unwrap();
    busy[2].receive().unwrap();
    let mut half = Client::connect(&simulator);
    half.send(&trigger_request(DEFAULT_TOKEN, &reset_password())[..100]);
    let url = simulator.url().to_owned();

    let started = Instant::now();
    drop(simulator);
    assert!(started.elapsed() < Duration::from_millis(900), "{:?}", started.elapsed());
    assert_eq!(idle.until_close(), b"");
    assert!(std::net::TcpStream::connect(url.strip_prefix("http://").unwrap()).is_err());
}
