//! Every fault, as the client sees it.

use std::io::ErrorKind;
use std::thread;
use std::time::Duration;

use crate::client::{
    API, Client, Response, bearer, request, reset_password, result, start_run, trigger_body,
    trigger_request,
};
use luma_simulator::{
    DEFAULT_SUPER_ADMIN_TOKEN, DEFAULT_TOKEN, FAULTS, Options, Simulator, TENANT_EXTERNAL_ID,
};
use serde_json::{Value, json};

/// The effect of a fault on the client.
enum Effect {
    /// An orderly close after bytes that satisfy this check.
    Close(fn(&[u8]) -> bool),
    Reset,
    Silence,
    /// A complete response that satisfies this check, on a connection that can be reused.
    Response(fn(&Response) -> bool),
    /// Anything else.
    Other(fn(&mut Client)),
}

#[rustfmt::skip] // one row per fault
const TABLE: &[(&str, Effect)] = &[
    ("close-before-reading", Effect::Close(<[u8]>::is_empty)),
    ("reset-before-reading", Effect::Reset),
    ("close-after-reading", Effect::Close(<[u8]>::is_empty)),
    ("reset-after-reading", Effect::Reset),
    ("hang", Effect::Silence),
    ("half-status-line", Effect::Close(|bytes| bytes == b"HTTP/1.1 20")),
    ("truncated-response", Effect::Close(|bytes| {
        let (head, body) = split(bytes);
        is_success(body) && head.contains(&format!("Content-Length: {}\r\n", body.len() + 100))
    })),
    ("cut-chunk", Effect::Close(|bytes| {
        let (head, body) = split(bytes);
        let (size, chunk) = body.split_once("\r\n").unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        head.contains("Transfer-Encoding: chunked\r\n") && !chunk.is_empty() && chunk.len() < size
    })),
    ("cut-json", Effect::Response(|response| {
        response.status == 200 && response.body.starts_with("{\"status\":\"Success\"") && !is_json(&response.body)
    })),
    ("slow-response", Effect::Other(|client| {
        let mut bytes = Vec::new();
        while bytes.len() < 8 {
            bytes.extend(client.receive().unwrap());
        }
        // Seven pauses lie between the eight bytes.
        assert!(client.elapsed() >= Duration::from_millis(700));
        assert!(b"HTTP/1.1 200 OK\r\n".starts_with(&bytes));
    })),
    ("endless-body", Effect::Other(|client| {
        let (mut first, mut total) = (Vec::new(), 0);
        loop {
            let piece = client.receive().unwrap();
            if piece.is_empty() { break }
            total += piece.len();
            if first.len() < 1024 { first.extend(piece) }
        }
        assert!(split(&first[..1024]).1.contains("{\"status\":\"Success\""));
        assert!((60 << 20..66 << 20).contains(&total), "{total}");
    })),
    ("garbage", Effect::Close(|bytes| bytes == b"SSH-2.0-OpenSSH_9.6\r\n")),
    ("html-200", Effect::Response(|response| response.status == 200 && is_html(response))),
    ("empty-200", Effect::Response(|response| response.status == 200 && is_empty(response))),
    ("no-content-204", Effect::Response(|response| response.status == 204 && response.header("content-length").is_none())),
    ("success-without-trigger-id", Effect::Response(|response| {
        response.json()["status"] == "Success" && !is_success(&response.body)
    })),
    ("duplicate-trigger-id", Effect::Response(|response| {
        let counts = ["\"triggerId\":", "\"resultData\":"].map(|key| response.body.matches(key).count());
        is_success(&response.body) && matches!(counts, [2, 1] | [0, 2])
    })),
    ("trailing-bytes", Effect::Response(|response| {
        let (json, rest) = response.body.split_once('\n').unwrap();
        is_success(json) && rest == "{\"status\":\"Again\"}"
    })),
    ("deep-nesting", Effect::Response(|response| {
        response.status == 200 && response.body.contains(&"[".repeat(100_000)) && response.body.ends_with("]]}")
    })),
    ("status-400", Effect::Response(|response| response.status == 400 && is_empty(response))),
    ("status-401", Effect::Response(|response| response.status == 401 && is_empty(response))),
    ("status-403", Effect::Response(|response| response.status == 403 && is_empty(response))),
    ("status-404", Effect::Response(|response| response.status == 404 && is_empty(response))),
    ("status-409", Effect::Response(|response| response.status == 409 && is_empty(response))),
    ("status-500", Effect::Response(|response| response.status == 500 && is_empty(response))),
    ("status-503", Effect::Response(|response| response.status == 503 && is_empty(response))),
    ("html-502", Effect::Response(|response| response.status == 502 && is_html(response))),
    ("rate-limited-429", Effect::Response(|response| {
        response.status == 429 && response.header("retry-after") == Some("7") && response.json()["errors"].is_array()
    })),
    ("validation-error-500", Effect::Response(|response| {
        response.status == 500 && response.json()["status"] == "DataValidationError" && response.json()["statusCode"] == 1
    })),
    ("error-envelope-500", Effect::Response(|response| {
        response.status == 500 && response.json()["status"] == "InternalError" && response.json()["resultData"].is_null()
    })),
    ("error-with-trigger-id", Effect::Response(|response| {
        let (status, healthy) = ("\"InternalError\",\"statusCode\":500", "\"Success\",\"statusCode\":0");
        response.status == 200 && is_success(&response.body.replacen(status, healthy, 1)) && !is_success(&response.body)
    })),
    ("redirect-302", Effect::Response(|response| response.status == 302 && leads_elsewhere(response))),
    ("redirect-307", Effect::Response(|response| response.status == 307 && leads_elsewhere(response))),
    ("huge-header", Effect::Response(|response| response.head.len() > 1024 * 1024 && is_success(&response.body))),
    ("early-hints-103", Effect::Other(|client| {
        assert_eq!(client.response().status, 103);
        assert!(is_success(&client.response().body));
    })),
    ("continue-100", Effect::Other(|client| {
        assert_eq!(client.response().head, "HTTP/1.1 100 Continue\r\n\r\n");
        assert!(is_success(&client.response().body));
    })),
    ("bytes-after-response", Effect::Other(|client| {
        assert!(is_success(&client.response().body));
        assert!(is_empty(&client.response()));
    })),
    ("close-after-success", Effect::Close(|bytes| {
        let (head, body) = split(bytes);
        head.contains("Connection: close\r\n") && is_success(body)
    })),
    ("close-while-idle", Effect::Close(|bytes| {
        let (head, body) = split(bytes);
        !head.contains("Connection:") && is_success(body)
    })),
];

/// Builds a request that asks for a fault.
type BuildRequest = fn(token: &str, fault: &str) -> String;

fn get_request(token: &str, path: &str) -> String {
    request("GET", &format!("{API}{path}"), &bearer(token), "")
}

/// The requests that can ask for a fault, each with the token that its endpoint requires.
#[rustfmt::skip] // one row per request
const REQUESTS: &[(&str, BuildRequest)] = &[
    (DEFAULT_TOKEN, |token, fault| trigger_request(token, &trigger_body(fault))),
    (DEFAULT_TOKEN, |token, fault| get_request(token, &format!("/workflowhistory/{fault}"))),
    (DEFAULT_TOKEN, |token, fault| get_request(token, &format!("/workflowhistory/{fault}/stephistory?top=5"))),
    (DEFAULT_TOKEN, |token, fault| get_request(token, &format!("/workflowhistory/{fault}/stephistory/1001"))),
    (DEFAULT_TOKEN, |token, fault| get_request(token, &format!("/workflowhistory/x/stephistory/{fault}"))),
    (DEFAULT_TOKEN, |token, fault| {
        let body = json!({ "launchContext": "WORKFLOW_EXECUTION_STATUS", "contextInfo": { "triggerId": fault } });
        request("POST", &format!("{API}/launchincontexturl/generate"), &bearer(token), &body.to_string())
    }),
    (DEFAULT_SUPER_ADMIN_TOKEN, |token, fault| {
        get_request(token, &format!("/platform/apiaccesskeys/generate?tenantExternalId={fault}"))
    }),
    (DEFAULT_TOKEN, |token, fault| get_request(token, &format!("/workflowdefinition?filter=name%3D%3D'{fault}'"))),
];

#[test]
fn every_fault_has_its_effect_on_every_endpoint() {
    // In parallel, because some faults take long.
    thread::scope(|scope| {
        for (number, (token, build)) in REQUESTS.iter().enumerate() {
            scope.spawn(move || {
                let simulator = Simulator::start().unwrap();
                check_every_fault(&simulator, number == 0, |fault| build(token, fault));
            });
        }
    });
}

#[test]
fn every_fault_has_its_effect_over_tls() {
    let simulator = Simulator::start_with(Options { tls: true, ..Options::default() }).unwrap();
    let (token, build) = REQUESTS[0];
    check_every_fault(&simulator, true, |fault| build(token, fault));
}

fn check_every_fault(simulator: &Simulator, is_trigger: bool, build: impl Fn(&str) -> String) {
    for (name, effect) in TABLE {
        let fault = FAULTS.iter().find(|fault| fault.name == *name).unwrap();
        let (runs, delivered) = (simulator.runs().len(), simulator.journal().len());
        let request = build(&fault.identifier());
        println!("{}", request.lines().next().unwrap()); // printed if the test fails
        let mut client = Client::connect(simulator);
        client.send(request);
        check_effect(&mut client, name, effect);

        let journal = simulator.journal();
        if name.ends_with("-before-reading") {
            assert_eq!(journal.len(), delivered);
        } else {
            assert_eq!(journal[delivered].fault, Some(*name));
            assert!(journal[delivered + 1..].iter().all(|delivery| delivery.fault.is_none()));
        }
        let started = usize::from(is_trigger && fault.starts_run());
        assert_eq!(simulator.runs().len() - runs, started);
    }
    assert_eq!(simulator.token(), DEFAULT_TOKEN);
}

fn check_effect(client: &mut Client, name: &str, effect: &Effect) {
    match effect {
        Effect::Close(check) => {
            let bytes = client.until_close();
            assert!(check(&bytes), "{name}: {}", String::from_utf8_lossy(&bytes));
        }
        Effect::Reset => {
            let error = client.receive().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ConnectionReset);
        }
        Effect::Silence => client.expect_silence(Duration::from_millis(300)),
        Effect::Response(check) => {
            let response = client.response();
            assert!(check(&response), "{name}: {response:?}");
            let next = client.trigger(DEFAULT_TOKEN, &trigger_body("nothing"));
            assert_eq!(next.json()["status"], "DataValidationError");
        }
        Effect::Other(check) => check(client),
    }
}

#[test]
fn a_fault_that_sends_a_success_sends_that_of_its_endpoint() {
    let simulator = Simulator::start().unwrap();
    let fault = "fault-close-while-idle";
    let url = format!(" {}/execution/{fault}?accessKey=tmp-0001", simulator.url());
    let checks: [&dyn Fn(&Value) -> bool; 8] = [
        &|result| result["executionConfig"]["triggerId"].is_string(),
        &|result| result["status"] == "COMPLETED" && result["endTime"].is_u64(),
        &|result| result.as_array().unwrap().len() == 3,
        &|result| result["activityType"] == "endEvent" && result["id"].is_u64(),
        &|result| result["activityType"] == "endEvent" && result["id"].is_u64(),
        &|result| *result == url,
        // The current token, so that a client that adopts it keeps working.
        &|result| {
            result["tenantExternalId"] == TENANT_EXTERNAL_ID
                && result["tenantAccessToken"] == DEFAULT_TOKEN
        },
        &|result| result.as_array().unwrap().len() == 1 && result[0]["name"] == fault,
    ];
    for ((token, build), check) in REQUESTS.iter().zip(checks) {
        let mut client = Client::connect(&simulator);
        client.send(build(token, fault));
        let result = result(&client.response());
        assert!(check(&result), "{result}");
    }
}

#[test]
fn only_exact_names_are_faults() {
    let simulator = Simulator::start().unwrap();
    let id = start_run(&simulator, "unlock_account", json!({ "userName": "jdoe" }));
    let mut client = Client::connect(&simulator);
    for path in [
        "/workflowhistory/fault-nope".to_owned(),
        "/workflowhistory/FAULT-hang".to_owned(),
        format!("/workflowhistory/{id}/stephistory/fault-nope"),
    ] {
        client.send(get_request(DEFAULT_TOKEN, &path));
        assert_eq!(client.response().status, 404, "{path}");
    }
    for filter in ["name==fault-hang", "name=='fault-hang*'", "name=='*fault-hang'"] {
        client.send(get_request(DEFAULT_TOKEN, &format!("/workflowdefinition?filter={filter}")));
        assert_eq!(result(&client.response()), json!([]), "{filter}");
    }
}

#[test]
fn the_table_of_this_test_is_complete() {
    let mut tested: Vec<_> = TABLE.iter().map(|(name, _)| *name).collect();
    let mut existing: Vec<_> = FAULTS.iter().map(|fault| fault.name).collect();
    tested.sort_unstable();
    existing.sort_unstable();
    assert_eq!(tested, existing);
    existing.dedup();
    assert_eq!(existing.len(), FAULTS.len());
    assert!(FAULTS.iter().all(|fault| !fault.description.is_empty()));
}

#[test]
fn the_token_is_checked_before_a_fault_unless_it_is_applied_before_reading() {
    let simulator = Simulator::start().unwrap();
    for (_, build) in REQUESTS {
        for fault in FAULTS {
            let mut client = Client::connect(&simulator);
            client.send(build("wrong", &fault.identifier()));
            match fault.name {
                "close-before-reading" => assert_eq!(client.until_close(), b""),
                "reset-before-reading" => assert!(client.receive().is_err()),
                _ => assert_eq!(client.response().status, 401, "{}", fault.name),
            }
        }
    }
    assert!(simulator.journal().iter().all(|delivery| delivery.fault.is_none()));
    assert!(simulator.runs().is_empty());
}

#[test]
fn a_reused_connection_is_closed_before_reading() {
    let simulator = Simulator::start().unwrap();
    let mut client = Client::connect(&simulator);
    client.trigger(DEFAULT_TOKEN, &reset_password());
    client.send(trigger_request(DEFAULT_TOKEN, &trigger_body("fault-close-before-reading")));
    assert_eq!(client.until_close(), b"");
    assert_eq!(simulator.journal().len(), 1);
}

#[test]
fn a_peek_waits_for_the_second_half_of_a_request() {
    let simulator = Simulator::start().unwrap();
    let request = trigger_request(DEFAULT_TOKEN, &trigger_body("fault-reset-before-reading"));
    let mut client = Client::connect(&simulator);
    let (head, body) = request.split_at(request.len() - 5);
    client.send(head);
    client.expect_silence(Duration::from_millis(50));
    client.send(body);
    assert_eq!(client.receive().unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert!(simulator.journal().is_empty());
}

#[test]
fn a_request_that_is_too_large_for_a_peek_is_closed_after_reading() {
    let simulator = Simulator::start().unwrap();
    let mut body = trigger_body("fault-close-before-reading");
    body["variables"] = json!({ "note": "x".repeat(100_000) });
    let mut client = Client::connect(&simulator);
    client.send(trigger_request(DEFAULT_TOKEN, &body));
    assert_eq!(client.until_close(), b"");
    assert_eq!(simulator.journal()[0].fault, Some("close-before-reading"));
}

/// Splits a response into its head and its body.
fn split(bytes: &[u8]) -> (&str, &str) {
    let text = std::str::from_utf8(bytes).unwrap();
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    text.split_at(head.len() + 4)
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<Value>(text).is_ok()
}

fn is_success(body: &str) -> bool {
    let envelope: Value = serde_json::from_str(body).unwrap();
    let result = &envelope["resultData"];
    let is_complete = match result.get("executionConfig") {
        Some(config) => config["triggerId"].is_string(),
        None => !result.is_null(),
    };
    envelope["status"] == "Success" && is_complete
}

fn is_html(response: &Response) -> bool {
    response.header("content-type").unwrap().starts_with("text/html")
        && response.body.starts_with("<html>")
}

fn is_empty(response: &Response) -> bool {
    response.header("content-length") == Some("0")
}

fn leads_elsewhere(response: &Response) -> bool {
    let location = response.header("location").unwrap();
    location.contains("://127.0.0.1:") && location.ends_with("/elsewhere")
}
