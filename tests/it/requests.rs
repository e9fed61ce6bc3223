//! Promise 3: what a request contains, and that no redirect takes it elsewhere.

use std::io::Write;

use luma::Outcome::*;
use luma::{AuthScheme, Client, Config};

use crate::support::tls::{TapServer, read_request};
use crate::support::{
    ScriptServer, Step, TOKEN, VALIDATION_ERROR, assert_accepted, config, failure, ok, response,
};

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

/// The head of a request sent to this path with this configuration.
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
fn the_token_is_in_exactly_one_header() {
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
fn a_path_in_the_base_url_precedes_the_endpoint() {
    for (path, prefix) in [("", ""), ("/", ""), ("/acme", "/acme"), ("/a/b-c/d_e~/", "/a/b-c/d_e~")]
    {
        let head = head_of_request(path, |_| {});
        assert_eq!(head[0], format!("POST {prefix}/gateway/api/v1/workflow/trigger HTTP/1.1"));
        assert_eq!(values(&head, "host"), ["127.0.0.1:PORT"]);
    }
}
