//! Messages: each names the cause first and then shows what was received.

use std::ops::ControlFlow::Continue;
use std::time::Duration;

use luma::{Client, Error, ErrorKind as E, Outcome, Wait, WaitOptions};

use crate::support::Step::{self, *};
use crate::support::calls::{client, ok, serving, with, with_body};
use crate::support::{self, SUCCESS, ScriptServer, TOKEN, config, failure, response, trigger};

const RUNNING: &str = "(the workflow may be running)";

/// The message of a trigger that gets this response.
fn message_for(response: impl AsRef<[u8]>) -> String {
    let script = vec![Read, Send(response.as_ref().into()), Wait];
    let server = ScriptServer::start(vec![script]);
    failure(&client(&server.url)).message().to_owned()
}

#[test]
fn a_response_from_another_server_is_described_by_its_flaw_first() {
    let long = format!(r#"{{"status":"UP","text":"{}"}}"#, "é".repeat(300));
    let twice = r#"{"status":"Success","resultData":{"executionConfig":{"triggerId":"x","triggerId":"x"}}}"#;
    for (body, flaw) in [
        ("", "the body is empty"),
        ("<html>", "the body is not JSON: <html>"),
        (&SUCCESS[..200], "the body is cut off: {"),
        ("\u{feff}{}", "status is missing: {}"),
        ("{}{}", "the body continues after its JSON: {}{}"),
        (&"[".repeat(200), "the body is nested deeper than 128 levels: [["),
        ("[]", "the body is not a JSON object: []"),
        ("{}", "status is missing: {}"),
        (r#"{"status":7}"#, "status is not a string: {"),
        (&long, "unknown status, and no error: {"),
        (
            r#"{"status":"Success","status":"Success"}"#,
            "a member appears twice, or resultData is not valid: {",
        ),
        (
            r#"{"status":"Success","errors":[],"errors":[]}"#,
            "a member appears twice, or resultData is not valid: {",
        ),
        (twice, "a member appears twice, or resultData is not valid: {"),
    ] {
        let message = message_for(ok(body));
        let start = format!("HTTP 200: not a response from the gateway: {flaw}");
        assert!(message.starts_with(&start) && message.ends_with(RUNNING), "{message}");
        let shown = message.chars().count() - start.chars().count() - RUNNING.len();
        assert!(shown <= 102, "{message}");
        assert_eq!(message.contains('…'), body.chars().count() > 100, "{message}");
    }
    let message = message_for(ok(b"{\"a\":\"\xff\"}"));
    assert!(message.contains(": the body is not UTF-8: {\"a\":\"\u{fffd}\"}"), "{message}");
    let message = message_for("HTTP/1.1 204 No Content\r\n\r\n");
    assert_eq!(
        message,
        format!("HTTP 204: not a response from the gateway: the body is empty {RUNNING}")
    );

    // A message shows neither a secret that the call requests nor the token.
    let secret = with_body("{\"resultData\":\"https://x\"", |c| c.generate_launch_url("x"));
    let message = secret.unwrap_err().message().to_owned();
    assert!(
        message.starts_with("HTTP 200: not a response from the gateway: the body is cut off ("),
        "{message}"
    );
    assert!(!message_for(ok(TOKEN.repeat(9))).contains(TOKEN));
}

#[test]
fn a_page_of_a_firewall_or_a_portal_is_not_attributed_to_the_token() {
    let page = "<!DOCTYPE html><title>Blocked</title>";
    let nothing = "(nothing runs)";
    for (status, body, says) in [
        ("403 Forbidden", page, "HTTP 403: refused, perhaps by a firewall or a proxy in between"),
        ("403 Forbidden", "\r\n <html>", "HTTP 403: refused, perhaps by a firewall or a proxy"),
        ("403 Forbidden", "", "HTTP 403: the access token does not allow this"),
        ("403 Forbidden", "blocked", "HTTP 403: the access token does not allow this"),
        ("403 Forbidden", "{\"a\":1}", "HTTP 403: the access token does not allow this"),
        ("511 Login", page, "HTTP 511: a network in between asks for a login"),
    ] {
        let message = message_for(response(status, body));
        assert!(message.starts_with(says) && message.contains(nothing), "{says}: {message}");
    }
}

#[test]
fn a_redirect_is_reported_with_its_target_but_without_what_may_be_secret() {
    let token = format!("https://sso.example/{TOKEN}/x");
    for (location, shown) in [
        ("https://acme.example/", "https://acme.example/"),
        ("https://sso.example:8443/login", "https://sso.example:8443/login"),
        ("/login", "/login"),
        ("//sso.example", "//sso.example"),
        ("https://sso.example/?key=s3cr3t", "https://sso.example/?[secret]"),
        ("/login#s3cr3t", "/login?[secret]"),
        ("https://u:s3cr3t@sso.example/x", "https://[secret]@sso.example/x"),
        ("https://u:s3cr3t/@x@sso.example/x", "https://[secret]@sso.example/x"),
        ("//s3cr3t@sso.example", "//[secret]@sso.example"),
        ("https:/s3cr3t@sso.example", "[secret]@sso.example"),
        (&token, "https:[secret]"),
        ("https://s\u{fc}d.example", "https://s\u{fc}d.example"),
        (&"a".repeat(300), &("a".repeat(200) + "…")),
    ] {
        for status in [300, 301, 302, 303, 307, 308] {
            for name in ["Location", "location", "LOCATION"] {
                let status = format!("{status} X\r\n{name}: {location}");
                let message = message_for(response(&status, "<html>"));
                let expected = format!(
                    "HTTP {} (Location: {shown}): redirects are not followed: <html>",
                    &status[..3]
                );
                assert!(message.starts_with(&expected), "{location}: {message}");
            }
        }
    }
    // Not a redirect; no location; and one that is malformed.
    for (status, start) in [
        ("201 X\r\nLocation: /login", "HTTP 201: "),
        ("400 X\r\nLocation: /login", "HTTP 400: "),
        ("302 X", "HTTP 302: "),
        ("302 X\r\nLocation: /\u{1}s3cr3t", "HTTP 302: "),
        ("302 X\r\nLocation: /a\r\n /s3cr3t", "HTTP 302: "),
    ] {
        let message = message_for(response(status, "<html>"));
        assert!(message.starts_with(start) && !message.contains("s3cr3t"), "{message}");
    }
    // Also if the body is the gateway's, if there is none, and for a call that yields a secret.
    let message = message_for(response("302 X\r\nLocation: /login", SUCCESS));
    assert!(message.starts_with("HTTP 302 (Location: /login): "), "{message}");
    let message = message_for(response(&format!("302 X\r\nLocation: /{TOKEN}"), ""));
    assert!(message.starts_with("HTTP 302 (Location: [secret]): "), "{message}");
    let answer = response("302 X\r\nLocation: https://sso.example/Zm9vYmFy0123456789", "");
    let error = with(answer, |client| client.generate_launch_url("x")).unwrap_err();
    assert!(!error.message().contains("Zm9v"), "{error}");
}

#[test]
fn invalid_http_is_explained_and_the_header_is_named() {
    let head = "HTTP/1.1 200 OK\r\n";
    let chunks = format!("{head}Transfer-Encoding: chunked\r\n\r\n");
    let no_status_line = "it does not start with a status line";
    for (response, problem) in [
        ("SSH-2.0-OpenSSH_9.6\r\n".into(), no_status_line),
        ("HTTP/2.0 200 OK\r\n\r\n".into(), no_status_line),
        ("HTTP/1.1 abc OK\r\n\r\n".into(), no_status_line),
        ("HTTP/1.1 099 X\r\n\r\n".into(), no_status_line),
        (
            format!("{head}Content-Length: 1\r\nContent-Length: 2\r\n\r\n"),
            "it has several Content-Length headers that differ",
        ),
        (format!("{head}Content-Length: x\r\n\r\n"), "its Content-Length is not a number of bytes"),
        (format!("{head}Content-Length: 1\0\r\n\r\n"), "its Content-Length header is malformed"),
        (
            format!("{head}Transfer-Encoding\u{1}: chunked\r\n\r\n"),
            "its Transfer-Encoding header is malformed",
        ),
        (
            format!("{head}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
            "it has both Content-Length and Transfer-Encoding",
        ),
        (
            format!("{head}Transfer-Encoding: gzip\r\n\r\n"),
            "it has a Transfer-Encoding other than chunked",
        ),
        (format!("{chunks}x\r\n"), "it has an invalid chunk size"),
        (format!("{chunks}+1\r\n"), "it has an invalid chunk size"),
        (format!("{chunks}1\r\nab\r\n"), "it has a chunk that is longer than its size"),
    ] {
        let message = message_for(&response);
        let expected = format!("the response is not valid HTTP/1.1: {problem} {RUNNING}");
        assert_eq!(message, expected, "{response:?}");
    }
}

#[test]
fn a_message_names_the_exceeded_limit() {
    let head = "HTTP/1.1 200 OK\r\n";
    let chunks = format!("{head}Transfer-Encoding: chunked\r\n\r\n");
    let large = "x".repeat(70_000);
    for (response, says) in [
        (format!("{head}X: {large}"), "the response headers are larger than 64 KiB"),
        (
            "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(3000),
            "the interim responses (HTTP 1xx) are larger than 64 KiB",
        ),
        (
            format!("{chunks}1;{large}{large}"),
            "the response with its chunk framing is larger than 6 times max_response_bytes plus 64 KiB",
        ),
        (
            format!("{chunks}{}", "0000000000000001\r\nx\r\n".repeat(10_000)),
            "the response with its chunk framing is larger than 6 times max_response_bytes plus 64 KiB",
        ),
        (format!("{head}\r\n{large}"), "the response is larger than max_response_bytes (9000)"),
    ] {
        let server = ScriptServer::start(vec![vec![Read, Send(response.into()), Wait]]);
        let mut config = config(&server.url);
        let client = Client::with_config(config.set_max_response_bytes(9000).unwrap()).unwrap();
        let error = failure(&client);
        assert_eq!(error.kind(), E::ResponseTooLarge);
        assert!(error.message().starts_with(says), "{error}");
    }
}

/// The error of a trigger whose timeout ends.
fn timed_out(script: Vec<Step>, milliseconds: u64) -> Error {
    let server = ScriptServer::start(vec![script]);
    let mut config = config(&server.url);
    config.set_timeout(Duration::from_millis(milliseconds)).unwrap();
    let error = failure(&Client::with_config(&config).unwrap());
    assert_eq!((error.kind(), error.outcome()), (E::ResponseTimeout, Outcome::Unknown), "{error}");
    error
}

#[test]
#[cfg_attr(unix, ignore = "takes long: make test")]
fn a_message_names_the_timeout_and_the_bytes_received_so_far() {
    let waiting = "ms expired while waiting for the response;";
    for (part, received) in [("", 0), ("H", 1), ("HTTP/1.1 200 OK\r\n", 17)] {
        let error = timed_out(vec![Read, Send(part.into()), Wait], 2000);
        let message = format!("the timeout of 2000 {waiting} {received} bytes received {RUNNING}");
        assert_eq!(error.message(), message);
    }
    let half = response("200 OK", SUCCESS)[..300].to_vec();
    let error = timed_out(vec![Read, Send(half), Wait], 2001);
    assert!(
        error.message().starts_with(&format!("the timeout of 2001 {waiting} 300 bytes received ("))
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_message_names_the_timeout_that_ended_while_connecting() {
    let (address, _filling) = support::black_hole();
    for (timeout, connect_timeout, says) in [
        (60_000, 200, "the connect_timeout of 200 ms expired while connecting to "),
        (201, 60_000, "the timeout of 201 ms expired while connecting to "),
    ] {
        let mut config = config(&format!("http://{address}"));
        config.set_timeout(Duration::from_millis(timeout)).unwrap();
        config.set_connect_timeout(Duration::from_millis(connect_timeout)).unwrap();
        let error = failure(&Client::with_config(&config).unwrap());
        assert_eq!((error.kind(), error.outcome()), (E::ConnectTimeout, Outcome::NotSent));
        assert!(error.message().starts_with(says), "{error}");
    }
}

#[test]
fn the_message_of_a_read_does_not_say_that_nothing_was_sent() {
    let (_socket, url) = support::closed_port();
    let client = client(&url);
    let refused = trigger(&client).unwrap_err();
    assert!(refused.message().ends_with(" (nothing was sent)"), "{refused}");
    let refused = client.get_workflow_history("x").unwrap_err();
    assert!(refused.message().starts_with("cannot connect to "), "{refused}");
    let failed =
        with(response("500 X", ""), |client| client.get_workflow_history("x")).unwrap_err();
    for error in [refused, failed] {
        assert!(!error.message().contains("nothing"), "{error}");
    }
}

#[test]
fn the_message_of_a_wait_for_an_unknown_run_does_not_say_that_it_continues() {
    let not_found =
        response("404 X", r#"{"status":"NotFound","statusCode":4,"statusLine":"There is no run"}"#);
    let (_server, client) = serving(&vec![not_found; 99]);
    let options = WaitOptions::new(Duration::from_millis(300)).unwrap();
    // On a loaded machine the last poll may not complete in time.
    let is_answered = |wait: &Wait| wait.error().unwrap().message().contains("HTTP 404");
    let wait = (0..10)
        .map(|_| client.wait_for_workflow("x", &options, |_| Continue(())))
        .find(is_answered)
        .expect("a wait whose last poll was answered");
    let polls = match wait.polls() {
        1 => "1 poll".into(),
        polls => format!("{polls} polls"),
    };
    let message = format!(
        "the wait timed out after {polls} without success; the last poll failed: HTTP 404: There is no run"
    );
    assert_eq!(wait.error().unwrap().message(), message);
}
