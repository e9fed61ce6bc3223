//! Headers that the caller adds for an API gateway: sent with every request, and never shown.

use luma::{AuthScheme, Client, ErrorKind as E, LogLevel};
use std::sync::{Arc, Mutex};

use crate::support::calls::*;
use crate::support::{ScriptServer, config, response};

const KEY: &str = "c2VjcmV0LXRva2Vu/a-key-of-16-or-more";
const SHORT: &str = "k3y-bmV4dC10b2tlbg";

fn config_with_headers(url: &str) -> luma::Config {
    let mut config = config(url);
    config.add_header("Ocp-Apim-Subscription-Key", KEY).unwrap();
    config.add_header("CF-Access-Client-Secret", SHORT).unwrap();
    config
}

#[test]
fn every_request_has_the_added_headers_once() {
    for scheme in [AuthScheme::Bearer, AuthScheme::ApiAccessKey] {
        for call in &CALLS {
            let body = ok(call.fixture);
            let server = ScriptServer::start(vec![answers(&vec![body; 5])]);
            let config = config_with_headers(&server.url).set_auth_scheme(scheme).clone();
            let client = Client::with_config(&config).unwrap();
            if call.is_list() {
                client.set_access_token(NEXT_TOKEN).unwrap();
            }
            (call.run)(&client).unwrap();
            let wait = luma::WaitOptions::new(crate::support::LIMIT).unwrap();
            let _ = client.wait_for_workflow("a", &wait, |_| std::ops::ControlFlow::Break(()));
            for request in server.requests() {
                let (head, body) = request.split_once("\r\n\r\n").unwrap();
                for (name, value) in
                    [("Ocp-Apim-Subscription-Key", KEY), ("CF-Access-Client-Secret", SHORT)]
                {
                    let line = format!("{name}: {value}");
                    assert_eq!(head.lines().filter(|l| *l == line).count(), 1, "{request}");
                    assert_eq!(request.matches(value).count(), 1, "{request}");
                }
                assert!(!body.contains("Ocp-"), "{request}");
            }
        }
    }
}

#[test]
fn an_added_header_that_the_server_repeats_is_never_shown() {
    let escaped: String = KEY.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
    for call in &CALLS {
        for key in [KEY, SHORT, &escaped, &KEY.replace('/', "\\/")] {
            let said = format!(r#""statusLine":"no {key}","errors":["{key}",{{"t":"{key}"}}]"#);
            for body in [
                format!(r#"{{"status":"X","statusCode":1,{said},"resultData":null}}"#),
                format!(r#"{{"status":"DataValidationError","statusCode":1,{said}}}"#),
                format!("<html>Access denied for key {key}</html>"),
                format!(r#"{{"statusCode":401,"message":"invalid key {key}"}}"#),
            ] {
                for status in ["200 OK", "302 X", "401 X", "403 X", "500 X"] {
                    let response = response(status, &body);
                    let server = ScriptServer::start(vec![answers(&[response.clone(), response])]);
                    let lines = Arc::new(Mutex::new(String::new()));
                    let log = lines.clone();
                    let mut config = config_with_headers(&server.url);
                    config.set_log(LogLevel::Debug, move |_, line| {
                        *log.lock().unwrap() += line;
                    });
                    let client = Client::with_config(&config).unwrap();
                    let error = (call.run)(&client).unwrap_err();
                    let case = format!("{} {status} {body}", call.name);
                    assert_error_shows_no_secret(&error, &case);
                    assert_response_has_no_secret(&error, &case);
                    let shown = format!("{} {config:?} {client:?}", lines.lock().unwrap());
                    assert!(!PIECES.iter().any(|piece| shown.contains(piece)), "{case}: {shown}");
                }
            }
        }
    }
}

#[test]
fn an_added_header_that_an_accepted_trigger_repeats_is_masked() {
    let body =
        replaced(call("trigger").fixture, "\"statusLine\":\"", &format!("\"statusLine\":\"{KEY} "));
    let server = ScriptServer::start(vec![answers(&[ok(body)])]);
    let client = Client::with_config(&config_with_headers(&server.url)).unwrap();
    let trigger = crate::support::trigger(&client).unwrap();
    assert_eq!(trigger.trigger_id(), crate::support::TRIGGER_ID);
    assert!(trigger.response().text().contains("\"[secret] "), "{}", trigger.response().text());
}

#[test]
fn a_header_that_is_refused_changes_nothing() {
    let mut config = config_with_headers("https://acme.example");
    for (name, value) in [("Host", "x"), ("X-A", "a\r\nHost: x"), ("X-A:", "a"), ("X-A", "")] {
        assert_eq!(config.add_header(name, value).unwrap_err().kind(), E::Header);
    }
    config.add_header("X-A", "a").unwrap();
}
