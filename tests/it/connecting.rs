//! Promises 1 and 4: connecting ahead of time sends nothing, and the first call may rely on it.

use std::io::Write;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use luma::Outcome::NotSent;
use luma::{Client, ErrorKind as E};
use luma_simulator::Simulator;
use rustls::version::{TLS12, TLS13};

use crate::support::Step::*;
use crate::support::tls::{TapServer, TestCa, localhost, params_for, read_request};
use crate::support::{
    self, LIMIT, ScriptServer, assert_accepted, calls, certificates, closing_server, config,
    config_with_token, https, numbered, ok, trigger, trusting,
};

/// Kind and message of connecting that must fail.
#[track_caller]
fn failure(client: &Client) -> (E, String) {
    let error = client.connect().expect_err("a failure");
    println!("{error}");
    assert_eq!(error.outcome(), NotSent, "{error}");
    (error.kind(), error.message().to_owned())
}

#[test]
fn connecting_sends_nothing_and_the_first_call_uses_the_connection() {
    let simulator = Simulator::start().unwrap();
    let config = config_with_token(simulator.url(), &simulator.token());
    let client = Client::with_config(&config).unwrap();
    let connected = client.connect().unwrap();
    let address = simulator.url().trim_start_matches("http://");
    assert_eq!(connected.peer_address().to_string(), address);
    assert_eq!(connected.to_string(), format!("connected to {address}"));
    assert_eq!((connected.tls_version(), connected.certificate_expires()), (None, None));
    let info = connected.info();
    assert!(info.connect() <= info.total() && info.connect().is_some() && info.tls().is_none());
    assert!((info.attempts(), info.is_connection_reused()) == (1, false));
    assert!(info.first_byte().is_none() && !info.request_id().is_empty());
    assert!(simulator.journal().is_empty());

    let trigger = trigger(&client).unwrap();
    assert!(trigger.response().info().is_connection_reused());
    assert_eq!(simulator.journal().len(), 1);
}

#[test]
fn the_tls_version_and_the_expiry_of_the_certificate_are_reported() {
    for (versions, expected) in [(&TLS12, "TLS 1.2"), (&TLS13, "TLS 1.3")] {
        let ca = TestCa::new("The test's CA");
        let mut params = params_for(&["127.0.0.1"]);
        params.not_after = rcgen::date_time_ymd(2120, 2, 3);
        let server = TapServer::answering(ca.issue(&params).served(&[versions]), ok());
        let client = trusting(&https(server.port), &ca.pem);
        let connected = client.connect().unwrap();
        assert_eq!(connected.tls_version(), Some(expected));
        let expires = connected.certificate_expires().unwrap();
        let expires = expires.duration_since(SystemTime::UNIX_EPOCH).unwrap();
        assert_eq!(expires, Duration::from_secs(4_736_361_600));
        let text = connected.to_string();
        let start =
            format!("connected to 127.0.0.1:{} with {expected}; the gateway's ", server.port);
        assert!(text.starts_with(&start) && text.ends_with(" days"), "{text}");
        assert!(connected.info().tls().is_some());
        // The session tickets of TLS 1.3 are no reason not to use the connection.
        assert_accepted(&client);
        drop(client);
        let seen = server.finish();
        assert_eq!(seen.connections, 1, "{expected}");
    }
}

/// A record that is no response, like a session ticket that is late.
#[test]
fn what_tls_itself_receives_does_not_end_an_unused_connection() {
    let (ca, tls) = localhost();
    let server = TapServer::tls(tls, |tls| {
        tls.complete_handshake();
        thread::sleep(Duration::from_millis(300));
        tls.session.refresh_traffic_keys().unwrap();
        tls.flush().unwrap();
        if read_request(tls).is_some() {
            tls.write_all(&ok()).unwrap();
        }
    });
    let client = trusting(&https(server.port), &ca.pem);
    client.connect().unwrap();
    thread::sleep(Duration::from_millis(600));
    assert_accepted(&client);
    drop(client);
    assert_eq!(server.finish().connections, 1);
}

#[test]
fn a_connection_that_ended_before_its_first_use_is_replaced() {
    let answering = vec![Read, Send(ok()), Wait];
    for disturbance in [
        vec![Close, Wait],
        vec![Send(b"HTTP/1.1 408 Request Timeout\r\n\r\n".to_vec()), Read, Send(ok()), Wait],
        vec![Send(numbered(ok(), 1)), Read, Send(ok()), Wait],
    ] {
        let late = Do(Arc::new(|| thread::sleep(Duration::from_millis(200))));
        let first = [vec![late], disturbance].concat();
        let server = ScriptServer::start(vec![first, answering.clone()]);
        let client = Client::with_config(&config(&server.url)).unwrap();
        client.connect().unwrap();
        thread::sleep(Duration::from_millis(400));
        assert_accepted(&client);
        assert_eq!((server.connections(), server.deliveries()), (2, 1));
    }
}

/// Otherwise the second trigger would not wait for the server to close.
#[test]
fn the_first_use_does_not_prove_that_connections_can_be_reused() {
    let url = closing_server(Duration::from_millis(5), |number| numbered(ok(), number));
    for _ in 0..20 {
        let client = Client::with_config(&config(&url)).unwrap();
        client.connect().unwrap();
        assert_accepted(&client);
        assert_accepted(&client);
    }
}

#[test]
fn every_failure_is_not_sent() {
    let (_socket, url) = support::closed_port();
    let client = Client::with_config(&config(&url)).unwrap();
    let (kind, message) = failure(&client);
    assert_eq!(kind, E::Connect);
    assert!(message.starts_with("cannot connect to "), "{message}");

    let name = Client::with_config(&config("https://no-such-host.invalid")).unwrap();
    assert_eq!(failure(&name).0, E::Dns);

    let closing = ScriptServer::start(vec![vec![Close]]);
    let client = Client::with_config(&config(&closing.url)).unwrap();
    assert_eq!(failure(&client).0, E::ConnectionLost);
    let busy = b"HTTP/1.1 503 Service Unavailable\r\n\r\n".to_vec();
    let busy = ScriptServer::start(vec![vec![Send(busy), Wait]]);
    let client = Client::with_config(&config(&busy.url)).unwrap();
    let (kind, message) = failure(&client);
    assert_eq!(kind, E::ConnectionLost);
    assert!(message.ends_with("HTTP/1.1 503"), "{message}");
    assert_eq!(busy.deliveries() + closing.deliveries(), 0);

    let (_, tls) = localhost();
    let server = TapServer::answering(tls, ok());
    let client = Client::with_config(&config(&https(server.port))).unwrap();
    assert_eq!(failure(&client).0, E::Tls);
    // In TLS 1.3 the client learns this after the handshake.
    for version in [&TLS12, &TLS13] {
        let (ca, tls) = certificates::requiring_client_certificate(&[version]);
        let server = TapServer::answering(tls, ok());
        let (kind, message) = failure(&trusting(&https(server.port), &ca));
        assert_eq!(kind, E::Tls, "{message}");
        assert!(message.contains("client certificate"), "{message}");
    }
}

#[test]
fn failures_are_retried_like_those_of_a_trigger() {
    let server = ScriptServer::start(vec![vec![Close], vec![Wait]]);
    let mut config = config(&server.url);
    let connected = Client::with_config(config.set_retries(true)).unwrap().connect().unwrap();
    assert_eq!((connected.info().attempts(), server.connections()), (2, 2));
}

#[test]
fn connecting_can_be_cancelled_and_ends_in_time() {
    // A server that never completes the handshake.
    let server = ScriptServer::start(vec![vec![Wait]]);
    let mut config = config(&server.url.replace("http:", "https:"));
    // Otherwise a slow machine may still be reading the system's CAs.
    config.set_ca_pem(&TestCa::new("The test's CA").pem).unwrap();
    let client = Client::with_config(&config).unwrap();
    let started = Instant::now();
    let kind = thread::scope(|scope| {
        let call = scope.spawn(|| failure(&client).0);
        thread::sleep(Duration::from_millis(300));
        client.cancel();
        call.join().unwrap()
    });
    assert_eq!(kind, E::Cancelled);
    assert!(started.elapsed() < LIMIT / 2);
    config.set_connect_timeout(Duration::from_millis(300)).unwrap();
    let (kind, message) = failure(&Client::with_config(&config).unwrap());
    assert_eq!(kind, E::ConnectTimeout);
    assert!(message.contains("while negotiating TLS"), "{message}");
    client.close();
    assert_eq!(failure(&client).0, E::Cancelled);
}

#[test]
fn the_pool_keeps_as_many_connections_as_it_may() {
    let server = ScriptServer::start(vec![vec![Wait], calls::answers(&[ok()]), vec![Wait]]);
    let mut config = config(&server.url);
    config.set_max_idle_connections(1).unwrap();
    let client = Client::with_config(&config).unwrap();
    client.connect().unwrap();
    client.connect().unwrap();
    server.wait_until_closed(1);
    assert_accepted(&client);
    assert_eq!(server.connections(), 2);

    config.set_max_idle_connections(0).unwrap();
    let client = Client::with_config(&config).unwrap();
    client.connect().unwrap();
    server.wait_until_closed(2);
}
