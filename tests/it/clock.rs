//! A machine whose clock is wrong: the reason is named, and no byte is sent.

use luma::Outcome::NotSent;
use luma::{Client, ErrorKind as E};

use crate::support::Step::{Read, Send, Wait};
use crate::support::child::{assert_passes, child, is_child};
use crate::support::preload::preload;
use crate::support::tls::{TapServer, localhost};
use crate::support::{ScriptServer, assert_accepted, config, failure, https, ok, trusting};

/// Runs a test in a child process whose clock shows this time.
fn assert_passes_at(test: &str, seconds: i64) {
    assert_passes(preload(&mut child(test)).env("LUMA_TEST_CLOCK", seconds.to_string()));
}

/// The server and the client share the clock, so the server does nothing with TLS.
fn assert_says(says: &str) {
    let (ca, _) = localhost();
    for proxied in [false, true] {
        let server = TapServer::start(|tap| tap.drain());
        let mut config = config(if proxied { "https://acme.example" } else { "https://localhost" });
        config.set_ca_pem(&ca.pem).unwrap();
        let client = if proxied {
            config.set_proxy(&https(server.port)).unwrap();
            Client::with_config(&config).unwrap()
        } else {
            trusting(&https(server.port), &ca.pem)
        };
        let error = failure(&client);
        assert_eq!((error.outcome(), error.kind()), (NotSent, E::Tls), "{error}");
        assert!(error.message().contains(says), "{says}: {error}");
    }
}

#[test]
fn a_clock_before_1970_is_the_reason_and_nothing_is_sent() {
    if is_child() {
        return assert_says("this machine's clock is set to the year 1967; set it");
    }
    assert_passes_at("clock::a_clock_before_1970_is_the_reason_and_nothing_is_sent", -80_000_000);
}

#[test]
fn a_clock_before_1970_does_not_disturb_http() {
    if is_child() {
        let mut busy =
            b"HTTP/1.1 429 Busy\r\nRetry-After: Fri, 01 Jan 2027 00:00:00 GMT\r\n".to_vec();
        busy.extend(b"Content-Length: 0\r\n\r\n");
        let server =
            ScriptServer::start(vec![vec![Read, Send(busy), Wait], vec![Read, Send(ok()), Wait]]);
        let client = Client::with_config(&config(&server.url)).unwrap();
        assert_eq!(failure(&client).kind(), E::RateLimited);
        return assert_accepted(&client);
    }
    assert_passes_at("clock::a_clock_before_1970_does_not_disturb_http", -80_000_000);
}

#[test]
fn a_clock_without_a_battery_is_named_before_the_certificate() {
    if is_child() {
        let (ca, tls) = {
            let ca = crate::support::tls::TestCa::new("The test's CA");
            let mut params = crate::support::tls::params_for(&["127.0.0.1"]);
            params.not_before = rcgen::date_time_ymd(2024, 1, 1);
            let tls = ca.issue(&params).served(rustls::ALL_VERSIONS);
            (ca, tls)
        };
        let server = TapServer::answering(tls, ok());
        let error = failure(&trusting(&https(server.port), &ca.pem));
        assert_eq!((error.outcome(), error.kind()), (NotSent, E::Tls), "{error}");
        let says = "this machine's clock is set to Thu, 01 Jan 1970 00:01:00 GMT; set it";
        assert!(error.message().contains(says), "{error}");
        return;
    }
    assert_passes_at("clock::a_clock_without_a_battery_is_named_before_the_certificate", 60);
}

/// Not an error of the clock: the certificate is from the future, but the time is plausible.
#[test]
fn a_plausible_clock_is_not_blamed() {
    let ca = crate::support::tls::TestCa::new("The test's CA");
    let mut params = crate::support::tls::params_for(&["127.0.0.1"]);
    params.not_before = rcgen::date_time_ymd(2100, 1, 1);
    let server = TapServer::answering(ca.issue(&params).served(rustls::ALL_VERSIONS), ok());
    let error = failure(&trusting(&https(server.port), &ca.pem));
    assert!(error.message().contains("is not valid yet: valid from Fri, 01 Jan 2100"), "{error}");
    assert!(!error.message().contains("clock is set"), "{error}");
}
