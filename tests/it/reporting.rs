//! Promises 1 and 3: what a call reports in the log and in its result, and what it never reports.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use luma::{Client, Config, ErrorKind as E, LogLevel, WaitOptions};
use luma_simulator::Simulator;

use crate::support::Step::{self, *};
use crate::support::tls::{self, TapServer};
use crate::support::{self, LIMIT, SUCCESS, ScriptServer, TOKEN, config, request, response};

type Lines = Arc<Mutex<Vec<(LogLevel, String)>>>;

/// Collects the lines that are logged.
fn collect(config: &mut Config, level: LogLevel) -> Lines {
    let lines = Lines::default();
    let collected = lines.clone();
    config.set_log(level, move |level, line| collected.lock().unwrap().push((level, line.into())));
    lines
}

fn take(lines: &Lines) -> Vec<(LogLevel, String)> {
    std::mem::take(&mut *lines.lock().unwrap())
}

/// Asserts that each line has the expected level and contains the expected text.
fn assert_logged(lines: &[(LogLevel, String)], expected: &[(LogLevel, &str)]) {
    println!("{lines:#?}");
    assert_eq!(lines.len(), expected.len());
    for ((level, line), (expected_level, text)) in lines.iter().zip(expected) {
        assert!(line.contains(text) && level == expected_level, "{line}: {text}");
    }
}

#[test]
fn a_panic_in_the_log_callback_reaches_the_caller_and_leaves_the_client_usable() {
    let server = ScriptServer::start(vec![answers(&[response("200 OK", SUCCESS)])]);
    let mut config = config(&server.url);
    let is_panicking = Arc::new(std::sync::atomic::AtomicBool::new(true));
    let switch = is_panicking.clone();
    config.set_log(LogLevel::Info, move |_, _| {
        assert!(!switch.load(std::sync::atomic::Ordering::SeqCst), "in the callback");
    });
    let client = Client::with_config(&config).unwrap();
    let call = || client.trigger_workflow(&request());
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(call)).unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"in the callback"));
    is_panicking.store(false, std::sync::atomic::Ordering::SeqCst);
    support::assert_accepted(&client);
    assert_eq!(server.deliveries(), 1);
}

fn answers(responses: &[Vec<u8>]) -> Vec<Step> {
    responses.iter().flat_map(|response| [Read, Send(response.clone())]).chain([Wait]).collect()
}

const TRIGGERING: &str =
    "triggering \"reset_password\" for contact 4021, application -4, ticket 100-1";
const TRIGGER: &str = "POST /gateway/api/v1/workflow/trigger on a ";

#[test]
fn every_event_is_one_line() {
    use LogLevel::*;
    let ok = response("200 OK", SUCCESS);
    let server = ScriptServer::start(vec![answers(&[ok.clone(), response("502 X", ""), ok])]);
    let mut config = config(&server.url.replace("127.0.0.1", "localhost"));
    let lines = collect(&mut config, Debug);
    let client = Client::with_config(&config).unwrap().with_request_id("INC-1").unwrap();

    client.trigger_workflow(&request()).unwrap();
    let port = server.url.rsplit(':').next().unwrap();
    let first = take(&lines);
    assert!(first.iter().all(|(_, line)| line.starts_with("[INC-1] ")), "{first:?}");
    assert_logged(
        &first,
        &[
            (Info, TRIGGERING),
            (Debug, &format!("connecting to localhost:{port} directly")),
            (Debug, &format!("connected to 127.0.0.1:{port} in ")),
            (Info, &format!("{TRIGGER}new connection")),
            (Info, "HTTP 200 after "),
            (Info, "trigger id 0b6f6f5e-"),
            (Info, "ACCEPTED"),
        ],
    );
    client.trigger_workflow(&request()).unwrap_err();
    assert_logged(
        &take(&lines),
        &[
            (Info, TRIGGERING),
            (Info, &format!("{TRIGGER}pooled connection")),
            (Info, "HTTP 502 after "),
            (Error, "UNKNOWN: HTTP 502: "),
        ],
    );
    client.get_workflow_history("a/b").unwrap_err();
    assert_logged(&take(&lines), &[(Error, "NOT_SENT: trigger_id contains a slash")]);
}

#[test]
fn the_tls_session_is_logged_and_timed() {
    let (ca, server) = tls::localhost();
    let server = TapServer::answering(server, response("200 OK", SUCCESS));
    let mut config = config(&format!("https://localhost:{}", server.port));
    config.set_ca_pem(&ca.pem).unwrap();
    let lines = collect(&mut config, LogLevel::Debug);
    let client = Client::with_config(&config).unwrap();
    let trigger = client.trigger_workflow(&request()).unwrap();
    let expected = format!("TLS 1.3 (TLS13_AES_256_GCM_SHA384) with localhost:{} in ", server.port);
    let lines = take(&lines);
    assert!(lines.iter().any(|(_, line)| line.contains(&expected)), "{lines:?}");

    let info = trigger.response().info();
    assert!(info.tls().is_some() && info.connect().is_some() && info.dns().is_none(), "{info:?}");
    let parts = [info.connect(), info.tls(), info.first_byte()].map(Option::unwrap);
    assert!(parts.iter().sum::<Duration>() <= info.total().unwrap(), "{info:?}");
    assert!(!info.is_connection_reused());
    let trigger = client.trigger_workflow(&request()).unwrap();
    let info = trigger.response().info();
    assert!(info.is_connection_reused() && info.tls().is_none() && info.connect().is_none());
    assert!(info.first_byte().is_some());
}

#[test]
fn each_retry_is_logged_with_its_reason() {
    use LogLevel::*;
    let mut config = Config::new("https://no-such-host.invalid", TOKEN).unwrap();
    config.set_timeout(Duration::from_secs(60)).unwrap();
    let lines = collect(&mut config, Warn);
    let error = Client::with_config(&config).unwrap().trigger_workflow(&request()).unwrap_err();
    assert_eq!((error.kind(), error.info().attempts()), (E::Dns, 3), "{error}");
    let again = " ms: cannot resolve host no-such-host.invalid: ";
    assert_logged(&take(&lines), &[(Warn, again), (Warn, again), (Error, "NOT_SENT: cannot ")]);
}

#[test]
fn a_proxy_and_every_failure_are_logged() {
    use LogLevel::*;
    let (_socket, url) = support::closed_port();
    let mut config = config(&url);
    let lines = collect(&mut config, Debug);
    Client::with_config(&config).unwrap().trigger_workflow(&request()).unwrap_err();
    let address = url.trim_start_matches("http://");
    assert_logged(
        &take(&lines),
        &[
            (Info, TRIGGERING),
            (Debug, " directly"),
            (Debug, &format!("cannot connect to {address}: ")),
            (Info, "; 0 bytes sent"),
            (Error, "NOT_SENT: cannot connect to "),
        ],
    );

    let opened = response("200 OK", "").into_iter().take(17).chain(*b"\r\n").collect();
    let proxy = ScriptServer::start(vec![vec![
        Read,
        Send(opened),
        Read,
        Send(response("200 OK", SUCCESS)),
    ]]);
    let proxy_url = proxy.url.clone();
    config.set_proxy(&proxy_url).unwrap().set_allow_http(true);
    let lines = collect(&mut config, Debug);
    Client::with_config(&config).unwrap().trigger_workflow(&request()).unwrap();
    let proxy = proxy_url.trim_start_matches("http://");
    assert_logged(
        &take(&lines),
        &[
            (Info, TRIGGERING),
            (Debug, &format!("connecting to {address} through proxy {proxy}")),
            (Debug, &format!("connected to {proxy} in ")),
            (Debug, &format!("proxy {proxy} opened a tunnel to {address}")),
            (Info, TRIGGER),
            (Info, "HTTP 200 after "),
            (Info, "trigger id "),
            (Info, "ACCEPTED"),
        ],
    );
}

/// The kind of a trigger's error, and which of resolving, connecting and TLS took place.
fn failed(config: &Config) -> (E, [bool; 3]) {
    let error = support::failure(&Client::with_config(config).unwrap());
    let info = error.info();
    let parts = [info.dns(), info.connect(), info.tls()];
    assert!(parts.iter().flatten().sum::<Duration>() <= info.total().unwrap(), "{info:?}");
    (error.kind(), parts.map(|part| part.is_some()))
}

#[test]
fn a_phase_that_failed_is_timed_and_one_that_did_not_take_place_is_not() {
    let unknown = config("https://no-such-host.invalid");
    assert_eq!(failed(&unknown), (E::Dns, [true, false, false]));
    let (_socket, closed) = support::closed_port();
    let mut refused = config(&closed);
    assert_eq!(failed(&refused), (E::Connect, [false, true, false]));
    refused.set_allow_http(true);
    assert_eq!(failed(refused.set_proxy(&closed).unwrap()), (E::Connect, [false, true, false]));
    let no_proxy = refused.set_proxy("http://no-such-host.invalid").unwrap();
    assert_eq!(failed(no_proxy), (E::Dns, [true, false, false]));
    let proxy = ScriptServer::start(vec![vec![Read, Send(response("407 X", ""))]]);
    let refusing = refused.set_proxy(&proxy.url).unwrap();
    assert_eq!(failed(refusing), (E::ProxyFailed, [false, true, false]));

    let (ca, server) = tls::localhost();
    let server = TapServer::answering(server, response("200 OK", SUCCESS));
    let mut distrusted = config(&support::https(server.port));
    distrusted.set_ca_pem(&tls::TestCa::new("Another CA").pem).unwrap();
    assert_eq!(failed(&distrusted), (E::Tls, [false, true, true]));
    let silent = ScriptServer::start(vec![vec![Wait]]);
    let mut late = config(&silent.url.replace("http:", "https:"));
    late.set_ca_pem(&ca.pem).unwrap();
    late.set_connect_timeout(Duration::from_secs(2)).unwrap();
    assert_eq!(failed(&late), (E::ConnectTimeout, [false, true, true]));
    let error = support::failure(&Client::with_config(&late).unwrap());
    assert!(error.info().tls().unwrap() >= Duration::from_secs(1), "{:?}", error.info());
}

#[test]
fn the_level_limits_what_is_logged() {
    for (level, count) in
        [(LogLevel::Error, 0), (LogLevel::Warn, 0), (LogLevel::Info, 5), (LogLevel::Debug, 7)]
    {
        let server = ScriptServer::start(vec![answers(&[response("200 OK", SUCCESS)])]);
        let mut config = config(&server.url);
        let lines = collect(&mut config, level);
        Client::with_config(&config).unwrap().trigger_workflow(&request()).unwrap();
        assert_eq!(take(&lines).len(), count, "{level:?}");
    }
}

#[test]
fn no_line_contains_a_secret() {
    let simulator = Simulator::start().unwrap();
    let token = simulator.token();
    let mut config = Config::new(simulator.url(), &token).unwrap();
    let lines = collect(&mut config, LogLevel::Debug);
    let client = Client::with_config(config.set_retries(false)).unwrap();
    let mut request = request();
    request.set_variable("userName", "the-value-of-a-variable").unwrap();
    let trigger = client.trigger_workflow(&request).unwrap();
    let url = client.generate_launch_url(trigger.trigger_id()).unwrap();
    let key = url.url().split_once("accessKey=").unwrap().1.to_owned();
    let super_admin = simulator.super_admin_token();
    let tenant = luma_simulator::TENANT_EXTERNAL_ID;
    let new_token = client.regenerate_tenant_token(super_admin, tenant).unwrap();
    client.set_access_token(new_token.access_token()).unwrap();
    let _ = client.trigger_workflow_json(r#"{"workflowIdentifier":"fault-redirect-302"}"#);

    // A proxy that refuses, and a server that repeats the token.
    let proxy = ScriptServer::start(vec![vec![Read, Send(response("407 X", ""))]]);
    let proxy = proxy.url.replace("http://", "http://a-user:a-password@");
    config.set_proxy(&proxy).unwrap().set_allow_http(true);
    Client::with_config(&config).unwrap().trigger_workflow(&request).unwrap_err();
    let echo = ScriptServer::start(vec![answers(&[response("400 X", &token)])]);
    let mut config = Config::new(&echo.url, &token).unwrap();
    let echoed = collect(&mut config, LogLevel::Debug);
    Client::with_config(&config).unwrap().trigger_workflow(&request).unwrap_err();

    let all: Vec<_> = [take(&lines), take(&echoed)].concat();
    assert!(all.len() > 15, "{all:?}");
    let secrets = [
        &token,
        super_admin,
        new_token.access_token(),
        &key,
        "a-user",
        "a-password",
        "YS11c2Vy",
        "the-value-of-a-variable",
    ];
    for (_, line) in &all {
        assert!(secrets.iter().all(|secret| !line.contains(secret)), "{line}");
        assert!(!line.contains(['\n', '\r']), "{line}");
    }
}

#[test]
fn a_request_id_is_the_same_in_the_request_and_in_the_result() {
    let simulator = Simulator::start().unwrap();
    let responses = [0, 1, 2].map(|number| support::numbered(response("200 OK", SUCCESS), number));
    let server = ScriptServer::start(vec![answers(&responses)]);
    let client = Client::with_config(&config(&server.url)).unwrap();
    let named = client.with_request_id("INC-100/1").unwrap();
    let mut ids = Vec::new();
    for client in [&client, &named, &client] {
        let trigger = client.trigger_workflow(&request()).unwrap();
        ids.push(trigger.response().info().request_id());
    }
    assert_eq!(ids[1], "INC-100/1");
    assert_ne!(ids[0], ids[2]);
    for (id, request) in ids.iter().zip(server.requests()) {
        let head = request.split("\r\n\r\n").next().unwrap().to_owned();
        assert_eq!(head.matches(&format!("\r\nX-Request-Id: {id}")).count(), 1, "{head}");
    }
    assert_eq!(server.connections(), 1);
    assert_eq!(client.with_request_id("a b").unwrap_err().kind(), E::RequestId);

    // All polls of a wait have the same one.
    let client = Client::new(simulator.url(), &simulator.token()).unwrap();
    let json = r#"{"workflowIdentifier":"unlock_account","variables":{"userName":"x"}}"#;
    let trigger = client.trigger_workflow_json(json).unwrap();
    let options = WaitOptions::new(LIMIT).unwrap();
    let mut seen = Vec::new();
    let wait = client.wait_for_workflow(trigger.trigger_id(), &options, |poll| {
        seen.push(poll.result.as_ref().unwrap().response().info().request_id());
        ControlFlow::Continue(())
    });
    assert!(seen.len() > 1 && seen.iter().all(|id| *id == wait.info().request_id()), "{seen:?}");
    assert_eq!(wait.info().attempts(), wait.polls());
}
