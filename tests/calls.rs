//! The calls of the API: what goes out, what is read from what comes back, and what is certain then.

mod support;

use std::collections::BTreeSet;
use std::fmt::{Debug, Display};
use std::ops::ControlFlow::{self, Break, Continue};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use luma::Outcome::{self, *};
use luma::{
    AuthScheme, Client, Error, ErrorKind as E, ListQuery, PointerError, Poll, Reply, Wait,
    WaitOptions, WorkflowStatus,
};
use luma_simulator::{Options, Simulator, TENANT_EXTERNAL_ID, Time};
use serde_json::Value;

use support::Step::{self, *};
use support::{
    SUCCESS as TRIGGER, ScriptServer, TOKEN, TRIGGER_ID, VALIDATION_ERROR, config, reply, request,
};

const HISTORY: &str = include_str!("fixtures/history-completed.json");
const STEPS: &str = include_str!("fixtures/steps.json");
const STEP: &str = include_str!("fixtures/step-detail.json");
const LAUNCH_URL: &str = include_str!("fixtures/launch-url.json");
const TENANT_TOKEN: &str = include_str!("fixtures/regenerate-token.json");
const WORKFLOWS: &str = include_str!("fixtures/definitions.json");

const NEXT_TOKEN: &str = "bmV4dC10b2tlbg.bmV4dC10b2tlbg/bmV4dC10b2tlbg";
const SUPER_ADMIN: &str = "eyJhbGciOiJub25lIn0/c3VwZXItYWRtaW4.c2lnbmF0dXJl";
const URL: &str = "https://acme.automation.example/execution/0b6f6f5e-6d0c-4d3c-9d3b-7b8f0f6f1c55?accessKey=tmp-4f1c";
const NEW_TOKEN: &str = "example-not-a-real-token.payload.signature";
/// A piece of each secret, which is found however the rest of it is written.
const PIECES: [&str; 5] =
    ["c2VjcmV0LXRva2Vu", "bmV4dC10b2tlbg", "c3VwZXItYWRtaW4", "tmp-4f1c", "example-not-a-real"];

const QUERY: ListQuery<'_> =
    ListQuery { filter: "name=='*a&b+c#ä*'", order_by: "startTime asc", skip: 7, top: 20 };

struct Call {
    name: &'static str,
    fixture: &'static str,
    /// Below `/gateway/api/v1`.
    request_line: &'static str,
    body: &'static str,
    run: fn(&Client) -> Result<Told, Error>,
}

/// What a call that succeeded says of itself, and its reply.
type Told = (String, Reply);

fn told<T: Debug + Display>(
    result: Result<T, Error>,
    reply: fn(&T) -> &Reply,
) -> Result<Told, Error> {
    result.map(|found| (format!("{found} {found:?}"), reply(&found).clone()))
}

#[rustfmt::skip]
const CALLS: [Call; 7] = [
    Call {
        name: "trigger",
        fixture: TRIGGER,
        request_line: "POST /workflow/trigger",
        body: r#"{"workflowIdentifier":"reset_password","variables":{"userName":"jdoe"},"initiatorContactId":4021,"initiatorApplicationId":-4,"initiationInfo":{"ticketIdentifier":"100-1"}}"#,
        run: |client| told(client.trigger_workflow(&request()), |trigger| trigger.reply()),
    },
    Call {
        name: "history",
        fixture: HISTORY,
        request_line: "GET /workflowhistory/run%201%25%C3%A4",
        body: "",
        run: |client| told(client.get_workflow_history("run 1%ä"), |history| history.reply()),
    },
    Call {
        name: "steps",
        fixture: STEPS,
        request_line: "GET /workflowhistory/a%3Fb/stephistory?skip=7&top=20&filter=name%3D%3D%27%2Aa%26b%2Bc%23%C3%A4%2A%27&orderBy=startTime%20asc",
        body: "",
        run: |client| told(client.list_workflow_steps("a?b", &QUERY), |steps| steps.reply()),
    },
    Call {
        name: "step",
        fixture: STEP,
        request_line: "GET /workflowhistory/a%3Fb/stephistory/8%230%3B0",
        body: "",
        run: |client| told(client.get_workflow_step("a?b", "8#0;0"), |step| step.reply()),
    },
    Call {
        name: "launch URL",
        fixture: LAUNCH_URL,
        request_line: "POST /launchincontexturl/generate",
        body: r#"{"launchContext":"WORKFLOW_EXECUTION_STATUS","contextInfo":{"triggerId":"a\"b?c"}}"#,
        run: |client| told(client.generate_launch_url("a\"b?c"), |url| url.reply()),
    },
    Call {
        name: "tenant token",
        fixture: TENANT_TOKEN,
        request_line: "GET /platform/apiaccesskeys/generate?tenantExternalId=a%26b%3D1",
        body: "",
        run: |client| {
            told(client.regenerate_tenant_token(SUPER_ADMIN, "a&b=1"), |token| token.reply())
        },
    },
    Call {
        name: "workflows",
        fixture: WORKFLOWS,
        request_line: "GET /workflowdefinition?skip=7&top=20&filter=name%3D%3D%27%2Aa%26b%2Bc%23%C3%A4%2A%27&orderBy=startTime%20asc",
        body: "",
        run: |client| told(client.list_workflows(&QUERY), |workflows| workflows.reply()),
    },
];

fn call(name: &str) -> &'static Call {
    CALLS.iter().find(|call| call.name == name).unwrap()
}

fn client(url: &str) -> Client {
    Client::with_config(&config(url)).unwrap()
}

fn ok(body: impl AsRef<[u8]>) -> Vec<u8> {
    reply("200 OK", body)
}

/// Answers one request after another, then waits for the client to close.
fn answers(replies: &[Vec<u8>]) -> Vec<Step> {
    let steps = replies.iter().flat_map(|reply| [Read, Send(reply.clone())]);
    steps.chain([Wait]).collect()
}

/// A server that gives these replies on each connection, and a client of it.
fn serving(replies: &[Vec<u8>]) -> (ScriptServer, Client) {
    let server = ScriptServer::start(vec![answers(replies)]);
    let client = client(&server.url);
    (server, client)
}

/// What a call makes of this reply.
fn with<T>(reply: Vec<u8>, call: impl FnOnce(&Client) -> T) -> T {
    let (_server, client) = serving(&[reply]);
    call(&client)
}

/// What a call makes of this body behind 200.
fn with_body<T>(body: impl AsRef<[u8]>, call: impl FnOnce(&Client) -> T) -> T {
    with(ok(body), call)
}

/// A success with this in `resultData`.
fn success(data: &str) -> String {
    format!(r#"{{"status":"Success","statusCode":0,"statusLine":"ok","resultData":{data}}}"#)
}

fn replaced(text: &str, find: &str, replace: &str) -> String {
    assert!(text.contains(find), "{find}");
    text.replace(find, replace)
}

fn failure<T: Debug>(result: Result<T, Error>) -> (Outcome, E) {
    let error = result.expect_err("a failure");
    println!("{error}");
    (error.outcome(), error.kind())
}

/// No secret in anything that an error tells.
fn assert_tells_no_secret(error: &Error, case: &str) {
    let shown = format!("{error} {error:?} {:?} {}", error.errors(), error.message());
    assert!(!PIECES.iter().any(|piece| shown.contains(piece)), "{case}: {shown}");
}

/// Nor in its reply, however it is written there.
fn assert_reply_has_no_secret(error: &Error, case: &str) {
    let text = error.reply().map_or("", Reply::text);
    let decoded: Value = serde_json::from_str(text).unwrap_or_default();
    let shown = format!("{text} {decoded}");
    assert!(!PIECES.iter().any(|piece| shown.contains(piece)), "{case}: {shown}");
}

#[test]
fn each_call_sends_one_request_of_its_own_form_and_takes_its_fixture() {
    for scheme in [AuthScheme::Bearer, AuthScheme::ApiAccessKey] {
        for call in &CALLS {
            let server = ScriptServer::start(vec![answers(&[ok(call.fixture)])]);
            let mut config = config(&format!("{}/tenants/acme", server.url));
            let client = Client::with_config(config.set_auth_scheme(scheme)).unwrap();
            let (_, reply) = (call.run)(&client).unwrap();
            assert_eq!(reply.http_status(), 200);
            let text = call.fixture.replace(&format!(" {URL}"), "[secret]");
            assert_eq!(reply.text(), text.replace(NEW_TOKEN, "[secret]"));
            assert_eq!(reply.pointer("").unwrap().raw(), reply.text().trim());

            let [request] = &server.requests()[..] else { panic!("{:?}", server.requests()) };
            let (head, body) = request.split_once("\r\n\r\n").unwrap();
            let mut lines = head.split("\r\n");
            let (method, path) = call.request_line.split_once(' ').unwrap();
            let line = format!("{method} /tenants/acme/gateway/api/v1{path} HTTP/1.1");
            assert_eq!(lines.next(), Some(&line[..]));
            let mut expected = vec![
                format!("host: {}", server.url.trim_start_matches("http://")),
                concat!("user-agent: libluma/", env!("CARGO_PKG_VERSION")).to_owned(),
                match scheme {
                    _ if call.name == "tenant token" => {
                        format!("Authorization: Bearer {SUPER_ADMIN}")
                    }
                    AuthScheme::Bearer => format!("Authorization: Bearer {TOKEN}"),
                    _ => format!("itas-api-access-key: {TOKEN}"),
                },
            ];
            if method == "POST" {
                expected.push("content-type: application/json".into());
                expected.push(format!("content-length: {}", call.body.len()));
            } else {
                expected.push("accept-encoding: gzip".into());
            }
            expected.push(format!("X-Request-Id: {}", reply.info().request_id()));
            let mut headers: Vec<_> = lines.map(str::to_owned).collect();
            headers.sort();
            expected.sort();
            assert_eq!(headers, expected, "{}", call.name);
            assert_eq!(body, call.body, "{}", call.name);
        }
    }
}

#[test]
fn every_field_of_a_fixture_is_reached() {
    let history = with_body(HISTORY, |client| client.get_workflow_history(TRIGGER_ID)).unwrap();
    assert_eq!(history.status(), WorkflowStatus::Completed);
    assert!(history.status().is_final() && history.status_text() == "COMPLETED");
    assert_eq!(history.start_time_ms(), Some(1641823983772));
    assert_eq!(history.end_time_ms(), Some(1641823988914));
    assert_eq!(history.time_spent_ms(), Some(5142));
    assert_eq!(history.to_string(), "the run is COMPLETED");

    let steps = with_body(STEPS, |client| client.list_workflow_steps("x", &QUERY)).unwrap();
    assert_eq!((steps.len(), steps.is_empty(), steps.iter().count()), (2, false, 2));
    assert_eq!(steps.get(0).unwrap().name(), "Start - Reset Password");
    assert!(steps.get(2).is_none());
    let detail = with_body(STEP, |client| client.get_workflow_step("x", "800")).unwrap();
    for step in [steps.get(1).unwrap(), detail.step()] {
        assert_eq!((&*step.id(), &*step.name()), ("800", "get user"));
        assert_eq!(step.status(), Some(WorkflowStatus::Completed));
        let times = (step.start_time_ms(), step.end_time_ms(), step.time_spent_ms());
        assert_eq!(times, (Some(1641823983894), Some(1641823986906), Some(3012)));
    }

    let workflows = with_body(WORKFLOWS, |client| client.list_workflows(&QUERY)).unwrap();
    let workflow = workflows.get(0).unwrap();
    assert_eq!((workflows.len(), &*workflow.identifier()), (1, "reset_password"));
    assert_eq!(workflow.name(), "Reset Password");
    assert_eq!(workflow.description(), "Resets a directory password and tells the user");

    let url = with_body(LAUNCH_URL, |client| client.generate_launch_url("x")).unwrap();
    assert_eq!(url.url(), URL);
    let regenerate = |client: &Client| client.regenerate_tenant_token(SUPER_ADMIN, "x");
    let token = with_body(TENANT_TOKEN, regenerate).unwrap();
    assert_eq!(token.access_token(), NEW_TOKEN);
    let trigger = with_body(TRIGGER, |client| client.trigger_workflow(&request())).unwrap();
    assert_eq!(trigger.trigger_id(), TRIGGER_ID);

    let validation = "/resultData/0/inputParameters/parameters/0/validations/1/enforcementValue";
    for (reply, pointer, text) in [
        (history.reply(), "/timestamp", "1641879020256"),
        (history.reply(), "/resultData/id", "427"),
        (history.reply(), "/resultData/initiatorApplicationId", "-2"),
        (history.reply(), "/resultData/href", "/api/v1/workflowHistory/427"),
        (history.reply(), "/resultData/inputParameters/inputParameters/0/value", "jdoe"),
        (history.reply(), "/resultData/inputParameters/inputParameters/1/parameter", "notifyBy"),
        (history.reply(), "/warnings", "[]"),
        (steps.reply(), "/resultData/1/activityId", "Activity_0onlkqz"),
        (steps.reply(), "/resultData/0/activityType", "startEvent"),
        (detail.reply(), "/resultData/activityRuntimeAttributes/userName", "jdoe"),
        (detail.reply(), "/resultData/totalAttempts", "1"),
        (workflows.reply(), "/resultData/0/inputParameters/parameters/1/parameter", "notifyBy"),
        (workflows.reply(), validation, "64"),
        (url.reply(), "/resultData", "[secret]"),
        (token.reply(), "/resultData/tenantId", "1000"),
        (token.reply(), "/resultData/tenantExternalId", "6c9a2b1e-3f5d-4d0e-8a67-1f2e3d4c5b6a"),
        (token.reply(), "/resultData/tenantAccessToken", "[secret]"),
        (trigger.reply(), "/resultData/statusInfo/status", "SUBMITTED"),
    ] {
        assert_eq!(reply.pointer(pointer).unwrap().text(), text, "{pointer}");
    }
    let parameters = history.reply().pointer("/resultData/inputParameters/inputParameters");
    assert_eq!(parameters.unwrap().count(), Ok(2));
    // The string itself is still one, as it came.
    let string = history.reply().pointer("/resultData/inputParameters").unwrap();
    assert!(string.raw().starts_with(r#""{\"inputParameters\": ["#), "{}", string.raw());
}

#[test]
fn a_history_puts_up_with_what_the_pages_leave_open() {
    use WorkflowStatus::*;
    for (word, status) in [
        ("RUNNING", Running),
        ("SUSPENDED", Suspended),
        ("ACTIVATED", Activated),
        ("FAILED", Failed),
        ("TERMINATED", Terminated),
        ("ON_HOLD", Other),
        ("completed", Other),
        ("Wird geprüft", Other),
    ] {
        let body = replaced(HISTORY, "COMPLETED", word);
        let history = with_body(body, |client| client.get_workflow_history("x")).unwrap();
        assert_eq!((history.status(), &*history.status_text()), (status, word));
        assert_eq!(status.is_final(), matches!(status, Failed | Terminated));
    }
    for (end, expected) in [
        ("", None),
        (r#""endTime":null,"#, None),
        (r#""endTime":0,"#, Some(0)),
        (r#""endTime":-1,"#, Some(-1)),
        (r#""endTime":"soon","#, None),
        (r#""endTime":9223372036854775808,"#, None),
        (r#""endTime":1641823988914.0,"#, None),
    ] {
        let body = replaced(HISTORY, r#""endTime":1641823988914,"timeSpent":5142,"#, end);
        let history = with_body(body, |client| client.get_workflow_history("x")).unwrap();
        assert_eq!((history.end_time_ms(), history.time_spent_ms()), (expected, None), "{end}");
        assert_eq!(history.start_time_ms(), Some(1641823983772));
    }
    for (find, replace) in [
        (r#""warnings":[]"#, r#""warnings":null"#),
        (r#""warnings":[]"#, r#""warnings":[{"code":1},"w"]"#),
        (r#""metaInfo":null"#, r#""metaInfo":{"status":"x","page":{"top":10}}"#),
        (r#""errors":null"#, r#""errors":[]"#),
        (r#""statusCode":0,"#, ""),
        (r#""statusCode":0"#, r#""statusCode":"OK""#),
        (r#""status":"Success""#, r#""stat\u0075s":"\u0053uccess""#),
        (r#""reasonPhrase":null"#, r#""reasonPhrase":"OK","more":{"resultData":7}"#),
    ] {
        let body = replaced(HISTORY, find, replace);
        let history = with_body(body, |client| client.get_workflow_history("x")).unwrap();
        assert_eq!(history.status(), Completed, "{replace}");
    }
}

#[test]
fn input_parameters_of_any_kind_break_nothing() {
    let deep = |depth: usize| format!("\"{}{}\"", "[".repeat(depth), "]".repeat(depth));
    for (parameters, pointer, expected) in [
        ("null", "", Some("")),
        ("\"no JSON\"", "", Some("no JSON")),
        ("\"no JSON\"", "/0", None),
        ("\"{} x\"", "/x", None),
        ("\"\"", "/x", None),
        ("\"\\ud800\"", "/x", None),
        (r#""{\"a\":1,\"a\":2}""#, "/a", None),
        (r#"{"a":[{"b":7}]}"#, "/a/0/b", Some("7")),
        (r#"[{"a":"{\"b\":7}"}]"#, "/0/a", Some(r#"{"b":7}"#)),
        // Decoded once only.
        (r#""{\"a\":\"{\\\"b\\\":7}\"}""#, "/a", Some(r#"{"b":7}"#)),
        (r#""{\"a\":\"{\\\"b\\\":7}\"}""#, "/a/b", None),
        (r#"" {\"\\u00e4\\n\" : \"\\\"\\u20ac\\\\\" } ""#, "/ä\n", Some("\"€\\")),
        (r#""{\"m~n\":{\"a\/b\":1}}""#, "/m~0n/a~1b", Some("1")),
        (r#""7""#, "", Some("7")),
        (&deep(128), &"/0".repeat(127), Some("[]")),
        (&deep(129), "/0", None),
        (&deep(100_000), "/0", None),
    ] {
        let body = success(&format!(r#"{{"status":"RUNNING","inputParameters":{parameters}}}"#));
        let history = with_body(body, |client| client.get_workflow_history("x")).unwrap();
        let found = history.reply().pointer(&format!("/resultData/inputParameters{pointer}"));
        match expected {
            Some(text) => assert_eq!(found.unwrap().text(), text, "{parameters}"),
            None => assert_eq!(found.unwrap_err(), PointerError::NotFound, "{parameters}"),
        }
    }
}

#[test]
fn steps_and_workflows_put_up_with_what_the_pages_leave_open() {
    for (step, id, name, status) in [
        (r#"{"id":9007199254740993,"status":"RUNNING"}"#, "9007199254740993", "", "RUNNING"),
        (r#"{"id":"a-1","activityName":null,"status":"?"}"#, "a-1", "", "OTHER"),
        (r#"{"activityName":"n\u00e4me","status":7}"#, "", "näme", "OTHER"),
        (r#"{"id":7,"status":null,"endTime":null}"#, "7", "", ""),
        (r#"{"id":1,"id":2,"activityName":"n","status":"FAILED"}"#, "", "n", "FAILED"),
    ] {
        let one = with_body(success(step), |client| client.get_workflow_step("x", "1")).unwrap();
        let list = success(&format!("[{step}]"));
        let list = with_body(list, |client| client.list_workflow_steps("x", &QUERY)).unwrap();
        for step in [one.step(), list.get(0).unwrap()] {
            assert_eq!((&*step.id(), &*step.name()), (id, name));
            assert_eq!(step.status().map_or("".into(), |status| status.to_string()), status);
            assert_eq!((step.end_time_ms(), step.time_spent_ms()), (None, None));
        }
        let list = success(&format!("[ {step} ]"));
        let list = with_body(list, |client| client.list_workflows(&QUERY)).unwrap();
        let workflow = list.get(0).unwrap();
        assert_eq!((workflow.identifier(), workflow.name()), ("".into(), "".into()));
        assert_eq!((workflow.description(), workflow.json().raw()), ("".into(), step));
    }
    let list = with_body(success("[ ]"), |client| client.list_workflows(&QUERY)).unwrap();
    assert!(list.is_empty() && list.reply().pointer("/resultData/0").is_err());
}

#[test]
fn what_is_not_what_the_call_is_for_is_not_accepted() {
    let url = |url: &str| success(&Value::from(url).to_string());
    let token = |member: &str| success(&format!(r#"{{"tenantId":1000{member}}}"#));
    #[rustfmt::skip]
    let cases = [
        ("history", vec![
            "null".into(), "[]".into(), "\"RUNNING\"".into(), "{}".into(),
            r#"{"status":7}"#.into(), r#"{"status":null}"#.into(), r#"{"status":" "}"#.into(),
            r#"{"status":["RUNNING"]}"#.into(), r#"{"status":"A\nB"}"#.into(),
            r#"{"status":"RUNNING","status":"RUNNING"}"#.into(),
            r#"{"status":"FAILED","stat\u0075s":"RUNNING"}"#.into(),
            format!(r#"{{"status":"{TOKEN}"}}"#), format!(r#"{{"status":"{}"}}"#, "S".repeat(129)),
        ].into_iter().map(|data: String| success(&data)).collect()),
        ("steps", ["null", "{}", "7", "[7]", "[{},null]"].map(success).to_vec()),
        ("workflows", ["null", "{}", "\"[]\"", "[[]]"].map(success).to_vec()),
        ("step", ["null", "[]", "\"{}\"", "7"].map(success).to_vec()),
        ("launch URL", vec![
            url("javascript:alert(1)"), url("file:///etc/passwd"), url("data:text/html,x"),
            url(""), url("  "), url("https://"), url("acme.example/x"), url("https://a/\u{1}"),
            url("https://a/b\r\nc"), url("https://a/\" onload=\"x"), url(" \u{202e}https://a/"),
            success("7"), success("null"), success("[\"https://a/\"]"), success("{\"url\":\"https://a/\"}"),
        ]),
        ("tenant token", vec![
            token(""), token(r#","tenantAccessToken":null"#), token(r#","tenantAccessToken":"""#),
            token(r#","tenantAccessToken":7"#), token(r#","tenantAccessToken":"a b c""#),
            token(r#","tenantAccessToken":"abc\r\nX: y""#), success("null"), success("\"abc\""),
            token(r#","tenantAccessToken":"abc","tenantAccessToken":"abc""#),
        ]),
    ];
    for (name, bodies) in cases {
        for body in bodies {
            let failure = failure(with_body(&body, call(name).run));
            assert_eq!(failure, (Unknown, E::UnexpectedReply), "{body}");
        }
    }
}

/// How a call ends that has its fixture and these steps of a server for it.
type Case = (&'static str, Vec<Step>, Outcome, E);

fn cases(fixture: &str) -> Vec<Case> {
    let said = r#""statusLine":"no way","errors":["first",{"code":7}],"resultData":null"#;
    let envelope = format!(r#"{{"status":"AuthorizationError","statusCode":9,{said}}}"#);
    let answer = |status: &str, body: &str| vec![Read, Send(reply(status, body)), Wait];
    let cut = &fixture[..fixture.trim_end().len() - 1];
    let data = "\"resultData\":";
    let html = "<html>no</html>";
    let elsewhere = "302 X\r\nLocation: /elsewhere";
    let twice = replaced(fixture, data, &format!("{data}null,{data}"));
    #[rustfmt::skip]
    let mut cases = vec![
        ("400", answer("400 X", ""), Rejected, E::Refused),
        ("400 with an envelope", answer("400 X", &envelope), Rejected, E::Refused),
        ("an envelope behind 200", answer("200 OK", &envelope), Rejected, E::Refused),
        ("500", answer("500 X", ""), Unknown, E::ServerFailed),
        ("500 in HTML", answer("500 X", html), Unknown, E::ServerFailed),
        ("500 with an envelope", answer("500 X", &envelope), Unknown, E::ServerFailed),
        ("503 and later", answer("503 X\r\nRetry-After: 7", ""), Unknown, E::ServerFailed),
        ("302", answer(elsewhere, ""), Unknown, E::Redirected),
        ("302 with a success", answer(elsewhere, fixture), Unknown, E::Redirected),
        ("307", answer("307 X\r\nLocation: /elsewhere", ""), Rejected, E::Redirected),
        ("a success behind 500", answer("500 X", fixture), Unknown, E::ServerFailed),
        ("a success behind 404", answer("404 X", fixture), Unknown, E::NotFound),
        ("closed after reading", vec![Read], Unknown, E::ConnectionLost),
        ("reset after reading", vec![Read, Reset], Unknown, E::ConnectionLost),
        ("half a reply", vec![Read, Send(ok(fixture)[..99].to_vec())], Unknown, E::ConnectionLost),
    ];
    for body in [html, "", "null", "{}", r#"{"status":"UP"}"#, cut, &twice] {
        cases.push(("no success", answer("200 OK", body), Unknown, E::UnexpectedReply));
    }
    for (status, kind) in [
        ("401 X", E::Unauthorized),
        ("403 X", E::Forbidden),
        ("404 X", E::NotFound),
        ("429 X\r\nRetry-After: 7", E::RateLimited),
    ] {
        for body in ["", html, &envelope] {
            cases.push(("a refusal", answer(status, body), Rejected, kind));
        }
    }
    for status in ["200 OK", "400 X", "500 X"] {
        let steps = answer(status, &success("null").replace("Success", "DataValidationError"));
        cases.push(("a validation error", steps, Rejected, E::ValidationFailed));
    }
    cases
}

#[test]
fn each_call_is_delivered_once_and_has_the_right_outcome_whatever_comes_back() {
    for call in &CALLS {
        for (case, script, outcome, kind) in cases(call.fixture) {
            let sent = script.iter().find_map(|step| match step {
                Send(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
                _ => None,
            });
            let sent = sent.unwrap_or_default();
            let server = ScriptServer::start(vec![script]);
            let error = (call.run)(&client(&server.url)).expect_err(case);
            let case = format!("{}, {case}: {error}", call.name);
            assert_eq!((error.outcome(), error.kind()), (outcome, kind), "{case}");
            assert_eq!((server.connections(), server.deliveries()), (1, 1), "{case}");
            let retry_after = sent.contains("Retry-After").then_some(Duration::from_secs(7));
            assert_eq!(error.retry_after(), retry_after, "{case}");
            if sent.contains("no way") {
                assert_eq!(error.errors(), ["first", r#"{"code":7}"#], "{case}");
                assert!(error.message().contains("no way first"), "{case}");
                let status_code = error.reply().map(|reply| reply.pointer("/statusCode"));
                let status_code = status_code.map(|status_code| status_code.unwrap().raw());
                // A failing reply to a call for a secret is not kept.
                let is_kept = !["launch URL", "tenant token"].contains(&call.name);
                assert_eq!(status_code, is_kept.then_some("9"), "{case}");
            }
            if call.name == "tenant token" {
                let is_told = match outcome {
                    Rejected => "the old token stays valid",
                    _ => "the old token may no longer be valid",
                };
                assert!(error.message().contains(is_told), "{case}");
            }
            assert_tells_no_secret(&error, &case);
            assert_reply_has_no_secret(&error, &case);
        }
    }
}

#[test]
fn a_call_that_finds_nobody_sends_nothing() {
    // Bound, so that nobody else has the port, but not listening.
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    socket.bind(&"127.0.0.1:0".parse::<std::net::SocketAddr>().unwrap().into()).unwrap();
    let address = socket.local_addr().unwrap().as_socket().unwrap();
    let client = client(&format!("http://{address}"));
    for call in &CALLS {
        assert_eq!(failure((call.run)(&client)), (NotSent, E::Connect), "{}", call.name);
    }
}

#[test]
fn a_validation_error_that_describes_what_was_asked_for_is_a_refusal() {
    for call in &CALLS {
        let refused = with_body(VALIDATION_ERROR, call.run);
        assert_eq!(failure(refused), (Rejected, E::ValidationFailed), "{}", call.name);
    }
}

/// A fixture in which the secret stands in `metaInfo` and `statusLine` as well.
fn repeating(fixture: &str, secret: &str) -> String {
    let fixture =
        replaced(fixture, "\"metaInfo\":null", &format!(r#""metaInfo":{{"it":"{secret}"}}"#));
    replaced(&fixture, "\"statusLine\":\"", &format!("\"statusLine\":\"{secret} "))
}

/// The calls for a secret, and replies that hold it in more than one place and way.
fn secret_replies() -> Vec<(&'static Call, String)> {
    let mut replies = Vec::new();
    for (name, secret) in [("launch URL", URL), ("tenant token", "a/new/token/example-not-a-real")]
    {
        let call = call(name);
        let fixture = call.fixture.replace(NEW_TOKEN, secret);
        let slashed = secret.replace('/', "\\/");
        replies.push((call, repeating(&fixture, secret)));
        replies.push((call, repeating(&fixture, &slashed)));
        replies.push((call, repeating(&replaced(&fixture, secret, &slashed), secret)));
        // As Gson writes it.
        let escaped = secret.replace('=', "\\u003d").replace("not", "\\u006eot");
        replies.push((call, replaced(&fixture, secret, &escaped)));
    }
    replies
}

#[test]
fn a_secret_that_was_made_is_nowhere_but_in_its_getter() {
    for (call, body) in secret_replies() {
        let (text, reply) = with_body(&body, call.run).unwrap();
        let decoded: Value = serde_json::from_str(reply.text()).unwrap();
        let shown = format!("{text} {reply:?} {} {decoded}", reply.text());
        assert!(!PIECES.iter().any(|piece| shown.contains(piece)), "{body}: {shown}");
    }
}

#[test]
fn a_secret_that_is_repeated_with_other_escapes_is_not_shown() {
    let url = URL.replace('=', "\\u003d");
    let (_, reply) = with_body(repeating(LAUNCH_URL, &url), call("launch URL").run).unwrap();
    assert!(!reply.text().contains("tmp-4f1c"), "{}", reply.text());
}

#[test]
fn a_secret_is_not_shown_by_any_failing_reply_that_holds_it() {
    for (call, body) in secret_replies() {
        let error = "\"status\":\"X\",\"statusCode\":2";
        let other = replaced(&body, "\"status\":\"Success\",\"statusCode\":0", error);
        let data = "\"resultData\":";
        for failing in [
            body[..body.trim_end().len() - 1].to_owned(),
            body[..body.len() / 2].to_owned(),
            replaced(&body, "\"Success\"", "\"DataValidationError\""),
            replaced(&body, "\"Success\"", "7"),
            replaced(&body, "\"Success\"", "\"UP\""),
            replaced(&body, "{\"status\"", "{\"status\":\"X\",\"status\""),
            replaced(&body, data, &format!("{data}null,{data}")),
            replaced(&other, "\"errors\":null", "\"errors\":[\"e\"]"),
            format!("<pre>{body}</pre>"),
            other,
            body,
        ] {
            for status in ["200 OK", "302 X", "400 X", "401 X", "500 X"] {
                let result = with(reply(status, &failing), call.run);
                assert!(result.is_err() || status == "200 OK" && failing.contains("\"Success\""));
                let case = format!("{} {status} {failing}", call.name);
                if let Err(error) = result {
                    assert_tells_no_secret(&error, &case);
                    assert_reply_has_no_secret(&error, &case);
                }
            }
        }
    }
}

#[test]
fn a_secret_in_an_odd_place_of_a_failing_reply_is_not_shown() {
    for (name, secret) in [("launch URL", URL), ("tenant token", NEW_TOKEN)] {
        let said = r#""statusLine":"no","errors":["no"]"#;
        for (code, rest) in [
            (2, format!(r#""resultData":null,"metaInfo":{{"it":"{secret}"}}"#)),
            (0, format!(r#""data":{{"it":"{secret}"}}"#)),
        ] {
            let status = if code == 0 { "Success" } else { "X" };
            let body = format!(r#"{{"status":"{status}","statusCode":{code},{said},{rest}}}"#);
            let error = with_body(&body, call(name).run).unwrap_err();
            assert_tells_no_secret(&error, &body);
            assert_reply_has_no_secret(&error, &body);
        }
    }
}

/// Every call with replies that repeat the token that went out, as it is and as JSON may write it.
fn with_echoes(check: fn(&Error, &str)) {
    for call in &CALLS {
        let token = if call.name == "tenant token" { SUPER_ADMIN } else { NEXT_TOKEN };
        for token in [token, &token.replace('/', "\\/")] {
            let said =
                format!(r#""statusLine":"no {token}","errors":["{token}",{{"t":"{token}"}}]"#);
            for body in [
                format!(r#"{{"status":"X","statusCode":1,{said},"resultData":null}}"#),
                format!(r#"{{"status":"DataValidationError","statusCode":1,{said}}}"#),
                format!(r#"{{"status":"{token}","statusCode":1}}"#),
                format!("<html>you sent {token}</html>"),
                format!("[\"{token}\"]"),
            ] {
                for status in ["200 OK", "302 X", "401 X", "500 X"] {
                    let error = with(reply(status, &body), |client| {
                        client.set_access_token(NEXT_TOKEN).unwrap();
                        (call.run)(client).unwrap_err()
                    });
                    check(&error, &format!("{} {status} {body}", call.name));
                }
            }
        }
    }
}

#[test]
fn a_token_that_the_server_sends_back_is_not_told() {
    with_echoes(assert_tells_no_secret);
}

#[test]
fn a_token_that_the_server_sends_back_is_not_in_the_reply_of_a_failure() {
    with_echoes(assert_reply_has_no_secret);
}

#[test]
fn a_reply_that_may_hold_a_new_token_is_no_refusal() {
    let twice = r#""tenantAccessToken":"first","tenantAccessToken""#;
    for (status, body) in [
        ("400 X", replaced(TENANT_TOKEN, "\"Success\"", "7")),
        ("400 X", TENANT_TOKEN[..TENANT_TOKEN.len() - 9].to_owned()),
        ("401 X", replaced(TENANT_TOKEN, "\"tenantAccessToken\"", twice)),
        ("400 X", success("\"eyJ0.a-new.token\"")),
        ("404 X", success(r#"[{"token":"eyJ0.a-new.token"}]"#)),
        ("409 X", success(r#"{"TenantAccessToken":"eyJ0.a-new.token"}"#)),
        (
            "200 OK",
            replaced(
                VALIDATION_ERROR,
                "{\"executionConfig",
                "{\"accessToken\":\"x\",\"executionConfig",
            ),
        ),
        // Not what a token is written in.
        ("200 OK", success(r#"{"tenantAccessToken":"\ud800abcdef"}"#)),
    ] {
        let error = with(reply(status, &body), call("tenant token").run).unwrap_err();
        assert_eq!(error.outcome(), Unknown, "{error}: {body}");
    }
}

#[test]
fn what_cannot_be_sent_is_refused_and_nothing_is() {
    let server = ScriptServer::start(vec![vec![]]);
    let client = client(&server.url);
    let long = "a".repeat(129);
    for id in ["", " ", "a/b", "/", "..", "a/../b", ".", "a\\b", "a\nb", "a\0b", "a\u{85}b", &long]
    {
        for (result, kind) in [
            (client.get_workflow_history(id).map(drop), E::TriggerId),
            (client.list_workflow_steps(id, &QUERY).map(drop), E::TriggerId),
            (client.get_workflow_step(id, "1").map(drop), E::TriggerId),
            (client.get_workflow_step("x", id).map(drop), E::StepId),
            (client.generate_launch_url(id).map(drop), E::TriggerId),
            (client.regenerate_tenant_token(SUPER_ADMIN, id).map(drop), E::TenantExternalId),
        ] {
            assert_eq!(failure(result), (NotSent, kind), "{id:?}");
        }
    }
    for text in ["a\nb", "\r", "a\0", "\u{7f}", &"a".repeat(4097)] {
        let (filter, order) =
            (ListQuery { filter: text, ..QUERY }, ListQuery { order_by: text, ..QUERY });
        for (query, kind) in [(filter, E::Filter), (order, E::OrderBy)] {
            assert_eq!(failure(client.list_workflows(&query)), (NotSent, kind), "{text:?}");
            assert_eq!(failure(client.list_workflow_steps("x", &query)), (NotSent, kind));
        }
    }
    for token in ["", "s3 cr3t", "s3cr3t\r\nX: y", "ä", &"s3cr3t".repeat(1400)] {
        let error = client.regenerate_tenant_token(token, "x").unwrap_err();
        assert_eq!((error.outcome(), error.kind()), (NotSent, E::SuperAdminToken));
        assert!(!error.message().contains("s3"), "{error}");
    }
    assert_eq!(server.connections(), 0);
    with_body(HISTORY, |client| client.get_workflow_history(&"a".repeat(128))).unwrap();
}

#[test]
fn all_steps_of_a_run_are_one_list() {
    let options = Options { time: Time::Virtual, ..Options::default() };
    let simulator = Simulator::start_with(options).unwrap();
    let client = Client::new(simulator.url(), &simulator.token()).unwrap();
    let mut scan = luma::TriggerRequest::new("inventory_scan").unwrap();
    scan.set_variable("siteName", "north").unwrap();
    let id = client.trigger_workflow(&scan).unwrap().trigger_id().to_owned();
    simulator.advance(Duration::from_secs(3600)).unwrap();

    let pages = |query: &ListQuery<'_>| {
        let before = simulator.journal().len();
        let steps = client.list_workflow_steps(&id, query).unwrap();
        let ids: Vec<_> = steps.iter().map(|step| step.id().into_owned()).collect();
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len());
        let last = steps.reply().pointer(&format!("/resultData/{}/id", ids.len() - 1));
        assert_eq!(&last.unwrap().text(), ids.last().unwrap());
        (ids, simulator.journal().len() - before)
    };
    let all = ListQuery::default();
    let (ids, requests) = pages(&all);
    assert_eq!((ids.len(), requests), (250, 4));
    assert_eq!(pages(&ListQuery { skip: 245, ..all }), (ids[245..].to_vec(), 1));
    assert_eq!(pages(&ListQuery { skip: 50, ..all }), (ids[50..].to_vec(), 3));
    assert_eq!(pages(&ListQuery { skip: 99, top: 120, ..all }), (ids[99..219].to_vec(), 2));
    let (backwards, _) = pages(&ListQuery { order_by: "id desc", ..all });
    assert!(backwards.iter().eq(ids.iter().rev()));
    let scans = ListQuery { filter: "activityName=='scan host*'", ..all };
    assert_eq!(pages(&scans), (ids[1..249].to_vec(), 4));
}

/// A page with workflows of these numbers.
fn page(numbers: std::ops::Range<usize>) -> String {
    let one =
        |number| format!(r#"{{"identifier":"w{number}","inputParameters":"{{\"n\":{number}}}"}}"#);
    success(&format!("[{}]", numbers.map(one).collect::<Vec<_>>().join(",\n")))
}

#[test]
fn pages_are_fetched_until_one_is_short() {
    for total in [205, 200] {
        let replies = [0..100, 100..200, 200..total].map(|numbers| ok(page(numbers)));
        let (server, client) = serving(&replies);
        let list = client.list_workflows(&ListQuery { skip: 5, ..ListQuery::default() }).unwrap();
        assert_eq!((list.len(), list.reply().http_status()), (total, 200));
        for number in 0..total {
            assert_eq!(list.get(number).unwrap().identifier(), format!("w{number}"));
            let inner = list.reply().pointer(&format!("/resultData/{number}/inputParameters/n"));
            assert_eq!(inner.unwrap().as_i64(), Ok(number as i64));
        }
        let whole: Value = serde_json::from_str(list.reply().text()).unwrap();
        assert_eq!(whole["resultData"].as_array().unwrap().len(), total);
        let line = |request: String| request.split(" HTTP").next().unwrap().to_owned();
        let lines: Vec<_> = server.requests().into_iter().map(line).collect();
        let expected = [5, 105, 205]
            .map(|skip| format!("GET /gateway/api/v1/workflowdefinition?skip={skip}&top=100"));
        assert_eq!((lines, server.connections()), (expected.to_vec(), 1));
    }
}

#[test]
fn a_list_with_a_page_that_fails_is_no_list() {
    for (second, outcome, kind) in [
        (reply("500 X", ""), Unknown, E::ServerFailed),
        (reply("401 X", ""), Rejected, E::Unauthorized),
        (ok("<html>"), Unknown, E::UnexpectedReply),
        (ok(page(100..200).replace("Success", "X")), Unknown, E::UnexpectedReply),
        (ok(page(0..100)), Unknown, E::UnexpectedReply),
        (ok(success("null")), Unknown, E::UnexpectedReply),
        (ok(page(100..200))[..5000].to_vec(), Unknown, E::ConnectionLost),
    ] {
        let script = vec![Read, Send(ok(page(0..100))), Read, Send(second)];
        let server = ScriptServer::start(vec![script]);
        let error = client(&server.url).list_workflows(&ListQuery::default()).unwrap_err();
        assert_eq!((error.outcome(), error.kind()), (outcome, kind), "{error}");
        assert_eq!((server.connections(), server.deliveries()), (1, 2));
    }
}

#[test]
fn a_list_is_bounded_in_length_bytes_and_time() {
    let big = |number: usize| {
        let element =
            format!(r#"{{"identifier":"w{number}","description":"{}"}}"#, "x".repeat(9000));
        ok(success(&format!("[{}]", vec![element; 100].join(","))))
    };
    let pages: Vec<_> = (0..20).map(big).collect();
    let many: Vec<_> = (0..102).map(|number| ok(page(number * 100..number * 100 + 100))).collect();
    for (replies, requests) in [(pages, 19), (many, 101)] {
        let (server, client) = serving(&replies);
        assert_eq!(
            failure(client.list_workflows(&ListQuery::default())),
            (Unknown, E::ResponseTooLarge)
        );
        assert_eq!(server.deliveries(), requests);
    }
    let pause = Duration::from_millis(10);
    let (slow, rest) = (ok(page(0..100))[..10].to_vec(), ok(page(0..100))[10..].to_vec());
    let script = vec![Read, Drip(slow, pause), Send(rest), Read, Wait];
    let server = ScriptServer::start(vec![script]);
    let mut config = config(&server.url);
    config.set_timeout(Duration::from_millis(400)).unwrap();
    let started = Instant::now();
    let list = Client::with_config(&config).unwrap().list_workflows(&ListQuery::default());
    assert_eq!(failure(list), (Unknown, E::ReplyTimeout));
    // One timeout for all pages.
    assert!(started.elapsed() < Duration::from_millis(480), "{:?}", started.elapsed());
}

/// The token of each request.
fn tokens(server: &ScriptServer) -> Vec<String> {
    let token = |request: String| {
        let lines = request.lines().filter_map(|line| line.strip_prefix("Authorization: Bearer "));
        let [token] = lines.collect::<Vec<_>>()[..] else { panic!("{request}") };
        token.to_owned()
    };
    server.requests().into_iter().map(token).collect()
}

/// A server that runs `script`, and a client of it that the script may use too.
fn with_shared_client(
    script: impl FnOnce(Arc<OnceLock<Client>>) -> Vec<Step>,
) -> (ScriptServer, Arc<OnceLock<Client>>) {
    let shared = Arc::new(OnceLock::new());
    let server = ScriptServer::start(vec![script(shared.clone())]);
    assert!(shared.set(client(&server.url)).is_ok());
    (server, shared)
}

fn replace_token(shared: &Arc<OnceLock<Client>>) -> Step {
    let shared = shared.clone();
    Do(Arc::new(move || shared.get().unwrap().set_access_token(NEXT_TOKEN).unwrap()))
}

#[test]
fn a_call_under_way_keeps_its_token_and_the_next_has_the_new_one() {
    let (server, client) = with_shared_client(|client| {
        let under_way = vec![Read, replace_token(&client), Send(ok(HISTORY))];
        [under_way, answers(&[ok(HISTORY), ok(HISTORY)])].concat()
    });
    let client = client.get().unwrap();
    client.get_workflow_history("x").unwrap();
    client.get_workflow_history("x").unwrap();
    for bad in ["", "a b", "a\r\nX: y", "ä", &"a".repeat(8193)] {
        assert_eq!(failure(client.set_access_token(bad)), (NotSent, E::AccessToken));
    }
    client.get_workflow_history("x").unwrap();
    assert_eq!(tokens(&server), [TOKEN, NEXT_TOKEN, NEXT_TOKEN]);
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_list_under_way_keeps_its_token_for_all_its_pages() {
    let (server, client) = with_shared_client(|client| {
        let first = vec![Read, replace_token(&client), Send(ok(page(0..100)))];
        [first, answers(&[ok(page(100..105))])].concat()
    });
    assert_eq!(client.get().unwrap().list_workflows(&ListQuery::default()).unwrap().len(), 105);
    assert_eq!(tokens(&server), [TOKEN, TOKEN]);
}

#[test]
fn threads_see_either_token_whole_while_it_is_replaced() {
    let (server, client) = serving(&vec![ok(HISTORY); 200]);
    let left = AtomicUsize::new(8);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let looks = (0..25).filter(|_| client.get_workflow_history("x").is_ok()).count();
                left.fetch_sub(1, Ordering::SeqCst);
                assert_eq!(looks, 25);
            });
        }
        for token in [NEXT_TOKEN, TOKEN].into_iter().cycle() {
            client.set_access_token(token).unwrap();
            if left.load(Ordering::SeqCst) == 0 {
                break;
            }
            thread::yield_now();
        }
    });
    let tokens = tokens(&server);
    assert_eq!(tokens.len(), 200);
    assert!(tokens.iter().all(|token| [TOKEN, NEXT_TOKEN].contains(&&**token)));
}

#[test]
fn regenerating_has_a_connection_of_its_own_and_is_sent_once() {
    let answer = |reply| vec![Read, Send(reply), Wait];
    let redirect = reply("307 X\r\nLocation: /gateway", "");
    for (script, expected) in [
        (answer(ok(TENANT_TOKEN)), None),
        (answer(reply("503 X\r\nRetry-After: 0", "")), Some((Unknown, E::ServerFailed))),
        (answer(redirect), Some((Rejected, E::Redirected))),
        (vec![Read], Some((Unknown, E::ConnectionLost))),
        (vec![], Some((Unknown, E::ConnectionLost))),
        (vec![Read, Reset], Some((Unknown, E::ConnectionLost))),
    ] {
        let is_read = script.iter().any(|step| matches!(step, Read));
        let is_left_open = script.iter().any(|step| matches!(step, Wait));
        let server = ScriptServer::start(vec![answers(&[ok(HISTORY), ok(HISTORY)]), script]);
        let client = client(&server.url);
        client.get_workflow_history("x").unwrap();
        let result = client.regenerate_tenant_token(SUPER_ADMIN, "x");
        assert_eq!(result.err().map(|error| (error.outcome(), error.kind())), expected);
        if is_left_open {
            server.wait_until_closed(1);
        }
        // The connection of the first call still stands, and the client has the token that it had.
        client.get_workflow_history("x").unwrap();
        let expected = [TOKEN, SUPER_ADMIN, TOKEN];
        let expected = expected.into_iter().filter(|&token| is_read || token != SUPER_ADMIN);
        assert!(expected.eq(tokens(&server)));
        assert_eq!(server.connections(), 2);
    }
}

#[test]
fn a_regenerated_token_retires_the_old_one_and_serves_the_client() {
    let simulator = Simulator::start().unwrap();
    let client = Client::new(simulator.url(), &simulator.token()).unwrap();
    let id = client.trigger_workflow(&request()).unwrap().trigger_id().to_owned();
    let wrong = client.regenerate_tenant_token(&simulator.token(), TENANT_EXTERNAL_ID);
    assert_eq!(failure(wrong), (Rejected, E::Unauthorized));
    let token = client.regenerate_tenant_token(simulator.super_admin_token(), TENANT_EXTERNAL_ID);
    let token = token.unwrap();
    assert_eq!(token.access_token(), simulator.token());
    assert_eq!(failure(client.get_workflow_history(&id)), (Rejected, E::Unauthorized));
    client.set_access_token(token.access_token()).unwrap();
    client.get_workflow_history(&id).unwrap();
    let url = client.generate_launch_url(&id).unwrap();
    assert!(url.url().starts_with(simulator.url()), "{}", url.url());
    let journal = simulator.journal();
    let connections: Vec<_> = journal.iter().map(|delivery| delivery.connection).collect();
    assert_eq!(connections, [1, 2, 3, 1, 1, 1]);
}

fn history(status: &str) -> Vec<u8> {
    ok(replaced(HISTORY, "COMPLETED", status))
}

fn wait_options(milliseconds: u64) -> WaitOptions {
    WaitOptions::new(Duration::from_millis(milliseconds)).unwrap()
}

/// Waits at most 5 s for a run of which these replies tell; gives how it ended, and how long it took.
fn wait(replies: &[Vec<u8>], on_poll: impl FnMut(&Poll) -> ControlFlow<()>) -> (Wait, Duration) {
    let (server, client) = serving(replies);
    let started = Instant::now();
    let wait = client.wait_for_workflow("x", &wait_options(5000), on_poll);
    assert_eq!((wait.polls() as usize, server.connections()), (server.deliveries(), 1));
    (wait, started.elapsed())
}

#[test]
fn a_wait_ends_with_the_run() {
    for (first, last) in [
        (history("RUNNING"), "COMPLETED"),
        (history("SUSPENDED"), "FAILED"),
        (history("WHO_KNOWS"), "TERMINATED"),
        (reply("404 X", ""), "COMPLETED"),
        (reply("500 X", ""), "FAILED"),
        (ok("<html>"), "COMPLETED"),
    ] {
        let mut seen = Vec::new();
        let (wait, took) = wait(&[first, history(last)], |poll| {
            seen.push((poll.number, poll.seen.is_ok()));
            Continue(())
        });
        assert_eq!((wait.polls(), wait.error().is_none()), (2, true), "{wait:?}");
        assert_eq!((seen.len(), seen[1]), (2, (2, true)));
        assert!((500..1500).contains(&took.as_millis()), "{took:?}");
        assert_eq!(wait.last().unwrap().status_text(), last);
        assert_eq!(wait.into_result().unwrap().status().to_string(), last);
    }
}

#[test]
fn a_wait_passes_over_what_looking_again_may_mend() {
    let server = ScriptServer::start(vec![vec![Read], answers(&[history("FAILED")])]);
    let wait = client(&server.url).wait_for_workflow("x", &wait_options(5000), |_| Continue(()));
    assert_eq!((wait.polls(), wait.error().is_none()), (2, true), "{wait:?}");
    let later = reply("429 X\r\nRetry-After: 1", "");
    let (wait, took) = self::wait(&[later, history("COMPLETED")], |_| Continue(()));
    assert_eq!((wait.polls(), wait.error().is_none()), (2, true), "{wait:?}");
    assert!((1000..2000).contains(&took.as_millis()), "{took:?}");
}

#[test]
fn a_wait_ends_at_once_where_looking_again_mends_nothing() {
    for (status, kind) in [("401 X", E::Unauthorized), ("403 X", E::Forbidden)] {
        let (wait, _) = wait(&[history("RUNNING"), reply(status, "")], |_| Continue(()));
        let error = wait.error().unwrap();
        assert_eq!((wait.polls(), error.kind()), (2, kind));
        assert!(error.message().contains("after 2 looks; the run is RUNNING: HTTP 40"), "{error}");
        assert_eq!(wait.last().unwrap().status(), WorkflowStatus::Running);
        assert!(wait.into_result().is_err());
    }
    // These may pass once the run was seen.
    for (status, kind) in [("400 X", E::Refused), ("302 X", E::Redirected)] {
        let (wait, _) = wait(&[reply(status, "")], |_| Continue(()));
        assert_eq!((wait.polls(), wait.error().unwrap().kind()), (1, kind));
        let replies = [history("RUNNING"), reply(status, ""), history("FAILED")];
        assert!(self::wait(&replies, |_| Continue(())).0.error().is_none());
    }
}

#[test]
fn a_callback_ends_a_wait_and_never_the_run() {
    let (wait, took) = wait(&[history("RUNNING")], |poll| {
        assert_eq!((poll.number, poll.seen.as_ref().unwrap().status_text()), (1, "RUNNING".into()));
        Break(())
    });
    let error = wait.error().unwrap();
    assert_eq!((wait.polls(), error.kind(), error.outcome()), (1, E::WaitStopped, Unknown));
    assert_eq!(wait.last().unwrap().status(), WorkflowStatus::Running);
    assert!(error.message().contains("RUNNING") && took.as_millis() < 400, "{error}, {took:?}");
    // A final state is one, stopped or not.
    assert!(self::wait(&[history("COMPLETED")], |_| Break(())).0.error().is_none());
}

#[test]
fn a_wait_for_a_suspended_run_ends_if_that_is_asked_for() {
    let options = wait_options(5000).or_suspended();
    let wait = with(history("SUSPENDED"), |client| {
        client.wait_for_workflow("x", &options, |_| Continue(()))
    });
    assert_eq!((wait.polls(), wait.error().is_none()), (1, true));
    assert_eq!(wait.into_result().unwrap().status(), WorkflowStatus::Suspended);
}

#[test]
fn a_wait_is_over_in_time_whatever_the_server_does() {
    let running = || vec![Read, Send(history("RUNNING"))];
    let later = reply("429 X\r\nRetry-After: 60", "");
    let drip = Drip(history("COMPLETED"), Duration::from_millis(5));
    for (case, scripts, polls, last) in [
        ("running", vec![answers(&[(); 5].map(|()| history("RUNNING")))], 2, Some("RUNNING")),
        ("hanging", vec![[running(), vec![Read, Wait]].concat()], 2, Some("RUNNING")),
        ("dripping", vec![[running(), vec![Read, drip]].concat()], 2, Some("RUNNING")),
        ("hanging at once", vec![vec![Read, Wait]], 1, None),
        ("asking for more time", vec![answers(&[(); 5].map(|()| later.clone()))], 2, None),
        ("closing", vec![vec![Read]], 2, None),
    ] {
        let server = ScriptServer::start(scripts);
        let (client, started) = (client(&server.url), Instant::now());
        let wait = client.wait_for_workflow("x", &wait_options(300), |_| Continue(()));
        let took = started.elapsed();
        let error = wait.error().unwrap();
        println!("{case}: {took:?} {error}");
        assert_eq!(error.kind(), E::WaitTimeout, "{case}");
        // On a loaded machine a look takes long, and there may be time for another.
        assert!((polls..=polls + 2).contains(&wait.polls()), "{case}: {}", wait.polls());
        assert_eq!(wait.last().map(|last| last.status_text().into_owned()).as_deref(), last);
        assert!((220..350).contains(&took.as_millis()), "{case}: {took:?}");
        assert_tells_no_secret(error, case);
    }
}

#[test]
fn a_wait_with_a_bad_id_sends_nothing() {
    let server = ScriptServer::start(vec![vec![]]);
    let client = client(&server.url);
    for id in ["", "..", "a/b"] {
        let wait = client.wait_for_workflow(id, &wait_options(5000), |_| panic!("a poll"));
        assert_eq!((wait.polls(), wait.error().map(Error::kind)), (0, Some(E::TriggerId)));
    }
    for bad in [Duration::ZERO, Duration::from_secs(86_401)] {
        assert_eq!(failure(WaitOptions::new(bad)), (NotSent, E::TimeoutRange));
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn the_longest_request_line_is_sent_whole() {
    let long = "ä".repeat(512);
    let (server, client) = serving(&[ok(success("[]"))]);
    client.set_access_token(&"t".repeat(8192)).unwrap();
    let query = ListQuery { filter: &long, order_by: &long, skip: u64::MAX, top: u64::MAX };
    assert!(client.list_workflow_steps(&"a b ".repeat(32), &query).unwrap().is_empty());
    let end = format!("orderBy={} HTTP/1.1\r\n", "%C3%A4".repeat(512));
    assert!(server.requests()[0].contains(&end));
    assert_eq!(tokens(&server), ["t".repeat(8192)]);
}
