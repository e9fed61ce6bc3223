//! Promise 3: the token goes nowhere but where it was sent.

use std::io::Write;

use luma::Outcome::*;
use luma::{AuthScheme, Client, Config, ErrorKind as E};

use crate::support::child::{assert_passes, child};
use crate::support::tls::{TapServer, localhost, read_request};
use crate::support::{
    SUCCESS, ScriptServer, Step, TOKEN, VALIDATION_ERROR, assert_accepted, config, failure, https,
    ok, response, trigger, trusting,
};

#[test]
fn without_close_notify_only_a_response_with_a_length_is_whole() {
    let without_length = format!("HTTP/1.1 200 OK\r\n\r\n{SUCCESS}").into_bytes();
    for (response, says_so, is_whole) in [
        (without_length.clone(), false, false),
        (without_length, true, true),
        (ok(), false, true),
        (ok(), true, true),
        (ok()[..ok().len() - 1].to_vec(), true, false),
    ] {
        let (ca, tls) = localhost();
        let server = TapServer::tls(tls, move |tls| {
            if read_request(tls).is_some() {
                tls.write_all(&response).unwrap();
                if says_so {
                    tls.close_notify();
                }
                tls.tap.stream.shutdown(std::net::Shutdown::Write).unwrap();
            }
        });
        let client = trusting(&https(server.port), &ca.pem);
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
            let redirect = response(&format!("{status} Moved\r\nLocation: {location}"), body);
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

#[test]
fn proxies_of_the_environment_are_not_used_to_loopback() {
    if let Ok(url) = std::env::var(CHILD_URL) {
        assert_accepted(&trusting(&url, &std::env::var(CHILD_CA).unwrap()));
        return;
    }
    let proxy = ScriptServer::start(vec![vec![Step::Read, Step::Send(ok()), Step::Wait]]);
    let (ca, tls) = localhost();
    let plain =
        TapServer::start(
            |tap| {
                while read_request(tap).is_some() && tap.write_all(&ok()).is_ok() {}
            },
        );
    let secure = TapServer::answering(tls, ok());
    for url in [format!("http://127.0.0.1:{}", plain.port), https(secure.port)] {
        let mut child = child("origin::proxies_of_the_environment_are_not_used_to_loopback");
        child.env(CHILD_URL, url).env(CHILD_CA, &ca.pem);
        for variable in PROXY_VARIABLES {
            let is_socks = variable.to_ascii_lowercase().starts_with("socks");
            let scheme = if is_socks { "socks5" } else { "http" };
            child.env(variable, proxy.url.replacen("http", scheme, 1));
        }
        assert_passes(&mut child);
    }
    assert_eq!(proxy.connections(), 0);
    let line = "POST /gateway/api/v1/workflow/trigger HTTP/1.1\r\n";
    assert!(plain.finish().wire.starts_with(line.as_bytes()));
    assert!(secure.finish().plain.starts_with(line.as_bytes()));
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
        response("502 Bad Gateway", format!("<html>Authorization: Bearer {TOKEN}</html>")),
        response("502 Bad Gateway", [b"\xFF\xFE", TOKEN.as_bytes(), b"\xFF"].concat()),
        // Where the message is cut.
        response("502 Bad Gateway", &long),
        response("401 Unauthorized", format!(r#"{{"message":"no such token: {TOKEN}"}}"#)),
        response("200 OK", envelope("null")),
        response("200 OK", envelope(&format!(r#"["{TOKEN}","a {TOKEN} b {TOKEN}"]"#))),
        response("400 Bad Request", envelope(&format!(r#"[{{"token":"{TOKEN}"}},["{TOKEN}"]]"#))),
        response("400 Bad Request", envelope(&format!(r#""{TOKEN}""#))),
        // Spelt another way.
        response(
            "400 Bad Request",
            envelope(&format!(r#"["{TOKEN}"]"#)).replace(TOKEN, &escaped(TOKEN)),
        ),
        response(&format!("302 {TOKEN}\r\nLocation: https://acme.example/{TOKEN}"), ""),
        response(&format!("429 X\r\nRetry-After: {TOKEN}"), TOKEN),
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
