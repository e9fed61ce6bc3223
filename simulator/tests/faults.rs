//! Every fault, as the bytes that arrive.

mod support;

use std::io::ErrorKind;
use std::thread;
use std::time::{Duration, Instant};

use luma_simulator::{
    DEFAULT_SUPER_ADMIN_TOKEN, DEFAULT_TOKEN, FAULTS, Simulator, TENANT_EXTERNAL_ID,
};
use serde_json::{Value, json};
use support::{
    API, Client, Response, bearer, named, request, reset_password, result, start, trigger_request,
};

/// What a client gets to see.
enum Seen {
    /// An orderly close, and these bytes before it.
    Close(fn(&[u8]) -> bool),
    Reset,
    Silence,
    /// A whole response, on a connection that can be used again.
    Response(fn(&Response) -> bool),
    /// Bytes that differ from all that.
    Bytes(fn(&mut Client)),
}

#[rustfmt::skip] // one row, one fault
const TABLE: &[(&str, Seen)] = &[
    ("close-before-reading", Seen::Close(<[u8]>::is_empty)),
    ("reset-before-reading", Seen::Reset),
    ("close-after-reading", Seen::Close(<[u8]>::is_empty)),
    ("reset-after-reading", Seen::Reset),
    ("hang", Seen::Silence),
    ("half-status-line", Seen::Close(|bytes| bytes == b"HTTP/1.1 20")),
    ("truncated-response", Seen::Close(|bytes| {
        let (head, body) = split(bytes);
        is_success(body) && head.contains(&format!("Content-Length: {}\r\n", body.len() + 100))
    })),
    ("cut-chunk", Seen::Close(|bytes| {
        let (head, body) = split(bytes);
        let (size, chunk) = body.split_once("\r\n").unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        head.contains("Transfer-Encoding: chunked\r\n") && !chunk.is_empty() && chunk.len() < size
    })),
    ("cut-json", Seen::Response(|response| {
        response.status == 200 && response.body.starts_with("{\"status\":\"Success\"") && !is_json(&response.body)
    })),
    ("slow-response", Seen::Bytes(|client| {
        let started = Instant::now();
            let mut bytes = Vec::new();
            while bytes.len() < 8 {
                bytes.extend(client.receive().unwrap());
            }
            assert!(started.elapsed() > Duration::from_millis(650));
            assert!(b"HTTP/1.1 200 OK\r\n".starts_with(&bytes));
    })),
    ("endless-body", Seen::Bytes(|client| {
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
    ("garbage", Seen::Close(|bytes| bytes == b"SSH-2.0-OpenSSH_9.6\r\n")),
    ("html-200", Seen::Response(|response| response.status == 200 && is_html(response))),
    ("empty-200", Seen::Response(|response| response.status == 200 && is_empty(response))),
    ("no-content-204", Seen::Response(|response| response.status == 204 && response.header("content-length").is_none())),
    ("success-without-trigger-id", Seen::Response(|response| {
        response.json()["status"] == "Success" && !is_success(&response.body)
    })),
    ("duplicate-trigger-id", Seen::Response(|response| {
        let counts = ["\"triggerId\":", "\"resultData\":"].map(|key| response.body.matches(key).count());
        is_success(&response.body) && matches!(counts, [2, 1] | [0, 2])
    })),
    ("trailing-bytes", Seen::Response(|response| {
        let (json, rest) = response.body.split_once('\n').unwrap();
        is_success(json) && rest == "{\"status\":\"Again\"}"
    })),
    ("deep-nesting", Seen::Response(|response| {
        response.status == 200 && response.body.contains(&"[".repeat(100_000)) && response.body.ends_with("]]}")
    })),
    ("status-400", Seen::Response(|response| response.status == 400 && is_empty(response))),
    ("status-401", Seen::Response(|response| response.status == 401 && is_empty(response))),
    ("status-403", Seen::Response(|response| response.status == 403 && is_empty(response))),
    ("status-404", Seen::Response(|response| response.status == 404 && is_empty(response))),
    ("status-409", Seen::Response(|response| response.status == 409 && is_empty(response))),
    ("status-500", Seen::Response(|response| response.status == 500 && is_empty(response))),
    ("status-503", Seen::Response(|response| response.status == 503 && is_empty(response))),
    ("html-502", Seen::Response(|response| response.status == 502 && is_html(response))),
    ("rate-limited-429", Seen::Response(|response| {
        response.status == 429 && response.header("retry-after") == Some("7") && response.json()["errors"].is_array()
    })),
    ("validation-error-500", Seen::Response(|response| {
        response.status == 500 && response.json()["status"] == "DataValidationError" && response.json()["statusCode"] == 1
    })),
    ("error-envelope-500", Seen::Response(|response| {
        response.status == 500 && response.json()["status"] == "InternalError" && response.json()["resultData"].is_null()
    })),
    ("error-with-trigger-id", Seen::Response(|response| {
        let (status, healthy) = ("\"InternalError\",\"statusCode\":500", "\"Success\",\"statusCode\":0");
        response.status == 200 && is_success(&response.body.replacen(status, healthy, 1)) && !is_success(&response.body)
    })),
    ("redirect-302", Seen::Response(|response| response.status == 302 && leads_elsewhere(response))),
    ("redirect-307", Seen::Response(|response| response.status == 307 && leads_elsewhere(response))),
    ("huge-header", Seen::Response(|response| response.head.len() > 1024 * 1024 && is_success(&response.body))),
    ("early-hints-103", Seen::Bytes(|client| {
        assert_eq!(client.response().status, 103);
        assert!(is_success(&client.response().body));
    })),
    ("continue-100", Seen::Bytes(|client| {
        assert_eq!(client.response().head, "HTTP/1.1 100 Continue\r\n\r\n");
        assert!(is_success(&client.response().body));
    })),
    ("bytes-after-response", Seen::Bytes(|client| {
        assert!(is_success(&client.response().body));
        assert!(is_empty(&client.response()));
    })),
    ("close-after-success", Seen::Close(|bytes| {
        let (head, body) = split(bytes);
        head.contains("Connection: close\r\n") && is_success(body)
    })),
    ("close-while-idle", Seen::Close(|bytes| {
        let (head, body) = split(bytes);
        !head.contains("Connection:") && is_success(body)
    })),
];

/// A request that asks for a fault, with this token.
type Ask = fn(token: &str, fault: &str) -> String;

fn get_request(token: &str, path: &str) -> String {
    request("GET", &format!("{API}{path}"), &bearer(token), "")
}

/// How each endpoint is asked for a fault, and the token it demands.
#[rustfmt::skip] // one row, one way
const WAYS: &[(&str, Ask)] = &[
    (DEFAULT_TOKEN, |token, fault| trigger_request(token, &named(fault))),
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
fn every_fault_shows_what_it_promises() {
    // At once, since some faults take their time.
    thread::scope(|scope| {
        for (number, (token, ask)) in WAYS.iter().enumerate() {
            scope.spawn(move || every_fault_shows(number == 0, |fault| ask(token, fault)));
        }
    });
}

fn every_fault_shows(is_trigger: bool, ask: impl Fn(&str) -> String) {
    let simulator = Simulator::start().unwrap();
    for (name, seen) in TABLE {
        let fault = FAULTS.iter().find(|fault| fault.name == *name).unwrap();
        let (runs, delivered) = (simulator.runs().len(), simulator.journal().len());
        let request = ask(&fault.identifier());
        println!("{}", request.lines().next().unwrap()); // shown when a row fails
        let mut client = Client::connect(&simulator);
        client.send(request);
        watch(&mut client, name, seen);

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

fn watch(client: &mut Client, name: &str, seen: &Seen) {
    match seen {
        Seen::Close(check) => {
            let bytes = client.until_close();
            assert!(check(&bytes), "{name}: {}", String::from_utf8_lossy(&bytes));
        }
        Seen::Reset => {
            let error = client.receive().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ConnectionReset);
        }
        Seen::Silence => {
            client.wait_at_most(Duration::from_millis(300));
            let error = client.receive().unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut));
        }
        Seen::Response(check) => {
            let response = client.response();
            assert!(check(&response), "{name}: {response:?}");
            let next = client.trigger(DEFAULT_TOKEN, &named("nothing"));
            assert_eq!(next.json()["status"], "DataValidationError");
        }
        Seen::Bytes(check) => check(client),
    }
}

/// What stands in the success that a fault begins with, by endpoint.
#[test]
fn the_success_of_each_endpoint_is_its_own() {
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
        // The old token stays, so a client that takes the new one up can go on.
        &|result| {
            result["tenantExternalId"] == TENANT_EXTERNAL_ID
                && result["tenantAccessToken"] == DEFAULT_TOKEN
        },
        &|result| result.as_array().unwrap().len() == 1 && result[0]["name"] == fault,
    ];
    for ((token, ask), check) in WAYS.iter().zip(checks) {
        let mut client = Client::connect(&simulator);
        client.send(ask(token, fault));
        let result = result(&client.response());
        assert!(check(&result), "{result}");
    }
}

#[test]
fn an_unknown_fault_is_none() {
    let simulator = Simulator::start().unwrap();
    let id = start(&simulator, "unlock_account", json!({ "userName": "jdoe" }));
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
fn the_table_has_every_fault_once() {
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
fn a_wrong_token_comes_before_a_fault_that_reads() {
    let simulator = Simulator::start().unwrap();
    for (_, ask) in WAYS {
        for fault in FAULTS {
            let mut client = Client::connect(&simulator);
            client.send(ask("wrong", &fault.identifier()));
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
fn a_reused_connection_can_be_closed_before_reading() {
    let simulator = Simulator::start().unwrap();
    let mut client = Client::connect(&simulator);
    client.trigger(DEFAULT_TOKEN, &reset_password());
    client.send(trigger_request(DEFAULT_TOKEN, &named("fault-close-before-reading")));
    assert_eq!(client.until_close(), b"");
    assert_eq!(simulator.journal().len(), 1);
}

#[test]
fn a_peek_waits_for_a_request_in_two_pieces() {
    let simulator = Simulator::start().unwrap();
    let request = trigger_request(DEFAULT_TOKEN, &named("fault-reset-before-reading"));
    let mut client = Client::connect(&simulator);
    let (head, body) = request.split_at(request.len() - 5);
    client.send(head);
    client.wait_at_most(Duration::from_millis(50));
    assert!(client.receive().is_err());
    client.send(body);
    client.wait_at_most(Duration::from_secs(10));
    assert_eq!(client.receive().unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert!(simulator.journal().is_empty());
}

#[test]
fn what_is_too_large_to_peek_at_is_closed_after_reading() {
    let simulator = Simulator::start().unwrap();
    let mut body = named("fault-close-before-reading");
    body["variables"] = serde_json::json!({ "note": "x".repeat(100_000) });
    let mut client = Client::connect(&simulator);
    client.send(trigger_request(DEFAULT_TOKEN, &body));
    assert_eq!(client.until_close(), b"");
    assert_eq!(simulator.journal()[0].fault, Some("close-before-reading"));
}

/// Head and body of a response.
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
    let holds_it = match result.get("executionConfig") {
        Some(config) => config["triggerId"].is_string(),
        None => !result.is_null(),
    };
    envelope["status"] == "Success" && holds_it
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
    location.starts_with("http://127.0.0.1:") && location.ends_with("/elsewhere")
}
