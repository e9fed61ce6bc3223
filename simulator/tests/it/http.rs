//! HTTP/1.1, as clients send it and as they should not.

use std::io::ErrorKind;

use crate::client::{Client, TRIGGER, request, reset_password, trigger_body, trigger_request};
use luma_simulator::{DEFAULT_TOKEN, Simulator};

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
    // Pipelined: the second request is received before the first response is sent.
    let one = trigger_request(DEFAULT_TOKEN, &reset_password());
    client.send([one.as_str(), &one].concat());
    assert_eq!(client.response().status, 200);
    assert_eq!(client.response().status, 200);
    Client::connect(&simulator).trigger(DEFAULT_TOKEN, &reset_password());

    let connections: Vec<_> = simulator.journal().iter().map(|d| d.connection).collect();
    assert_eq!(connections, [1, 1, 1, 1, 2]);
}

#[test]
fn a_connection_is_closed_when_the_client_asks() {
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
fn a_body_is_accepted_in_chunks_and_byte_by_byte() {
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
fn a_large_body_is_accepted() {
    let simulator = Simulator::start().unwrap();
    let mut body = reset_password();
    body["variables"]["note"] = "x".repeat(3 * 1024 * 1024).into();
    let mut client = Client::connect(&simulator);
    assert_eq!(client.trigger(DEFAULT_TOKEN, &body).json()["status"], "Success");
    assert_eq!(simulator.journal()[0].body, body.to_string());
}

#[test]
fn continue_is_sent_once_and_only_if_the_client_waits_for_it() {
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

    // Also for a fault that is applied before the request is read.
    let body = trigger_body("fault-close-before-reading").to_string();
    client.send(self::head(&format!("Expect: 100-continue\r\nContent-Length: {}\r\n", body.len())));
    assert_eq!(client.response().status, 100);
    client.send(&body);
    assert_eq!(client.until_close(), b"");
    assert_eq!(simulator.journal().len(), 3);
}

#[test]
fn an_invalid_request_is_refused_and_not_journaled() {
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
fn an_incomplete_request_is_not_journaled() {
    let simulator = Simulator::start().unwrap();
    let complete = trigger_request(DEFAULT_TOKEN, &reset_password());
    let mut clients: Vec<_> = [1, 40, complete.len() - 1]
        .into_iter()
        .map(|length| {
            let mut client = Client::connect(&simulator);
            client.send(&complete[..length]);
            client.shutdown_write();
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

/// Without the shutdown, these connections would stay open for a minute.
#[test]
fn dropping_the_simulator_ends_every_connection() {
    let simulator = Simulator::start().unwrap();
    let mut idle = Client::connect(&simulator);
    idle.trigger(DEFAULT_TOKEN, &reset_password());
    let mut incomplete = Client::connect(&simulator);
    incomplete.send(&trigger_request(DEFAULT_TOKEN, &reset_password())[..100]);
    let mut hanging = Client::connect(&simulator);
    hanging.send(trigger_request(DEFAULT_TOKEN, &trigger_body("fault-hang")));
    let mut busy = ["fault-slow-response", "fault-endless-body"].map(|fault| {
        let mut client = Client::connect(&simulator);
        client.send(trigger_request(DEFAULT_TOKEN, &trigger_body(fault)));
        client.receive().unwrap();
        client
    });
    let url = simulator.url().to_owned();

    drop(simulator);
    assert_eq!(idle.until_close(), b"");
    for client in [&mut incomplete, &mut hanging].into_iter().chain(&mut busy) {
        // Closed or reset, depending on how much was unread, but not a timeout.
        loop {
            match client.receive() {
                Ok(piece) if piece.is_empty() => break,
                Ok(_) => {}
                Err(error) => {
                    assert!(!matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut));
                    break;
                }
            }
        }
    }
    assert!(std::net::TcpStream::connect(url.strip_prefix("http://").unwrap()).is_err());
}
