//! The calls of the API: the request each sends, how its response is read, and its outcome.

use std::ops::ControlFlow::Continue;
use std::time::Duration;

use luma::Outcome::{self, *};
use luma::{AuthScheme, Client, ErrorKind as E, ListQuery, PointerError, RunStatus, WaitOptions};
use serde_json::Value;

use crate::support::Step::{self, *};
use crate::support::calls::*;
use crate::support::{
    SUCCESS as TRIGGER, ScriptServer, TOKEN, TRIGGER_ID, VALIDATION_ERROR, closed_port, config,
    request, response,
};

#[test]
fn each_call_sends_its_request_and_accepts_its_fixture() {
    for scheme in [AuthScheme::Bearer, AuthScheme::ApiAccessKey] {
        for call in &CALLS {
            let server = ScriptServer::start(vec![answers(&[ok(call.fixture), ok(call.fixture)])]);
            let mut config = config(&format!("{}/tenants/acme", server.url));
            let client = Client::with_config(config.set_auth_scheme(scheme)).unwrap();
            let (_, response) = (call.run)(&client).unwrap();
            assert_eq!(response.http_status(), 200);
            let text = call.fixture.replace(&format!(" {URL}"), "[secret]");
            assert_eq!(response.text(), text.replace(NEW_TOKEN, "[secret]"));
            assert_eq!(response.pointer("").unwrap().raw(), response.text().trim());

            let requests = server.requests();
            assert_eq!(requests.len(), if call.is_list() { 2 } else { 1 }, "{requests:?}");
            let request = &requests[0];
            let (head, body) = request.split_once("\r\n\r\n").unwrap();
            let mut lines = head.split("\r\n");
            let (method, path) = call.request_line.split_once(' ').unwrap();
            let line = format!("{method} /tenants/acme/gateway/api/v1{path} HTTP/1.1");
            assert_eq!(lines.next(), Some(&line[..]));
            let mut expected = vec![
                format!("Host: {}", server.url.trim_start_matches("http://")),
                concat!("User-Agent: libluma/", env!("CARGO_PKG_VERSION")).to_owned(),
                match scheme {
                    _ if call.name == "tenant token" => {
                        format!("Authorization: Bearer {SUPER_ADMIN}")
                    }
                    AuthScheme::Bearer => format!("Authorization: Bearer {TOKEN}"),
                    _ => format!("itas-api-access-key: {TOKEN}"),
                },
            ];
            if method == "POST" {
                expected.push("Content-Type: application/json".into());
                expected.push(format!("Content-Length: {}", call.body.len()));
            } else if call.name != "tenant token" {
                expected.push("Accept-Encoding: gzip".into());
            }
            expected.push(format!("X-Request-Id: {}", response.info().request_id()));
            let mut headers: Vec<_> = lines.map(str::to_owned).collect();
            headers.sort();
            expected.sort();
            assert_eq!(headers, expected, "{}", call.name);
            assert_eq!(body, call.body, "{}", call.name);
        }
    }
}

#[test]
fn every_field_of_a_fixture_can_be_read() {
    let history = with_body(HISTORY, |client| client.get_workflow_history(TRIGGER_ID)).unwrap();
    assert_eq!(history.status(), RunStatus::Completed);
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
        assert_eq!(step.status(), Some(RunStatus::Completed));
        let times = (step.start_time_ms(), step.end_time_ms(), step.time_spent_ms());
        assert_eq!(times, (Some(1641823983894), Some(1641823986906), Some(3012)));
    }

    let workflows =
        with_body(WORKFLOWS, |client| client.list_workflow_definitions(&QUERY)).unwrap();
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
    for (response, pointer, text) in [
        (history.response(), "/timestamp", "1641879020256"),
        (history.response(), "/resultData/id", "427"),
        (history.response(), "/resultData/initiatorApplicationId", "-2"),
        (history.response(), "/resultData/href", "/api/v1/workflowHistory/427"),
        (history.response(), "/resultData/inputParameters/inputParameters/0/value", "jdoe"),
        (history.response(), "/resultData/inputParameters/inputParameters/1/parameter", "notifyBy"),
        (history.response(), "/warnings", "[]"),
        (steps.response(), "/resultData/1/activityId", "Activity_0onlkqz"),
        (steps.response(), "/resultData/0/activityType", "startEvent"),
        (detail.response(), "/resultData/activityRuntimeAttributes/userName", "jdoe"),
        (detail.response(), "/resultData/totalAttempts", "1"),
        (workflows.response(), "/resultData/0/inputParameters/parameters/1/parameter", "notifyBy"),
        (workflows.response(), validation, "64"),
        (url.response(), "/resultData", "[secret]"),
        (token.response(), "/resultData/tenantId", "1000"),
        (token.response(), "/resultData/tenantExternalId", "6c9a2b1e-3f5d-4d0e-8a67-1f2e3d4c5b6a"),
        (token.response(), "/resultData/tenantAccessToken", "[secret]"),
        (trigger.response(), "/resultData/statusInfo/status", "SUBMITTED"),
    ] {
        assert_eq!(response.pointer(pointer).unwrap().text(), text, "{pointer}");
    }
    let parameters = history.response().pointer("/resultData/inputParameters/inputParameters");
    assert_eq!(parameters.unwrap().count(), Ok(2));
    // The string that contains JSON is still available unchanged.
    let string = history.response().pointer("/resultData/inputParameters").unwrap();
    assert!(string.raw().starts_with(r#""{\"inputParameters\": ["#), "{}", string.raw());
}

#[test]
fn a_history_is_read_leniently_where_the_documentation_is_vague() {
    use RunStatus::*;
    for (word, status) in [
        ("RUNNING", Running),
        ("SUSPENDED", Suspended),
        ("ACTIVATED", Activated),
        ("FAILED", Failed),
        ("TERMINATED", Terminated),
        ("ON_HOLD", Other),
        ("completed", Completed),
        ("Suspended", Suspended),
        ("completed_with_errors", Other),
        ("Wird geprüft", Other),
    ] {
        let body = replaced(HISTORY, "COMPLETED", word);
        let history = with_body(body, |client| client.get_workflow_history("x")).unwrap();
        assert_eq!((history.status(), &*history.status_text()), (status, word));
        assert_eq!(status.is_final(), matches!(status, Completed | Failed | Terminated));
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
fn input_parameters_may_be_any_json() {
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
        // Only one level is decoded.
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
        let found = history.response().pointer(&format!("/resultData/inputParameters{pointer}"));
        match expected {
            Some(text) => assert_eq!(found.unwrap().text(), text, "{parameters}"),
            None => assert_eq!(found.unwrap_err(), PointerError::NotFound, "{parameters}"),
        }
    }
}

#[test]
fn parameters_are_read_leniently() {
    let history = with_body(HISTORY, |client| client.get_workflow_history("x")).unwrap();
    let all: Vec<_> = history
        .parameters()
        .iter()
        .map(|parameter| {
            format!("{}={} {}", parameter.name(), parameter.value(), parameter.data_type())
        })
        .collect();
    assert_eq!(all, ["userName=jdoe TEXT", "notifyBy=email TEXT"]);
    let list = with_body(WORKFLOWS, |client| client.list_workflow_definitions(&QUERY)).unwrap();
    let [user, notify] = list.get(0).unwrap().parameters()[..] else { panic!("two parameters") };
    assert_eq!((&*user.name(), &*user.data_type(), user.is_required()), ("userName", "TEXT", true));
    assert_eq!((&*notify.name(), notify.is_required()), ("notifyBy", false));
    assert_eq!(user.json().get("validations").unwrap().elements().len(), 2);

    // Names, values, and which of them are required.
    let cases = [
        ("null", ""),
        ("7", ""),
        (r#""""#, ""),
        (r#""{}""#, ""),
        (r#""no JSON""#, ""),
        (r#""{\"inputParameters\":null,\"parameters\":{}}""#, ""),
        (r#""{\"inputParameters\":{\"parameter\":\"a\"}}""#, ""),
        (r#""[{\"parameter\":\"a\",\"value\":1.50}]""#, "a=1.50"),
        (
            r#"{"inputParameters":[{"parameter":"a","value":{"b":[1]},"caption":"C"}]}"#,
            r#"a={"b":[1]}"#,
        ),
        (r#"[{"parameter":"a","value":null,"required":"true"},{"required":true}]"#, "a=!|=!"),
        (r#"[7,null,{"parameter":7,"value":"\u00e4"},{"value":"v","value":"w"}]"#, "=|=|7=ä|="),
    ];
    for (parameters, expected) in cases {
        let object = format!(r#"{{"status":"RUNNING","inputParameters":{parameters}}}"#);
        let history =
            with_body(success(&object), |client| client.get_workflow_history("x")).unwrap();
        let list = success(&format!("[{{}},{object}]"));
        let list = with_body(list, |client| client.list_workflow_definitions(&QUERY)).unwrap();
        for parameters in [history.parameters(), list.get(1).unwrap().parameters()] {
            let shown = parameters.iter().map(|parameter| {
                let mark = if parameter.is_required() { "!" } else { "" };
                format!("{}={}{mark}", parameter.name(), parameter.value())
            });
            assert_eq!(shown.collect::<Vec<_>>().join("|"), expected, "{object}");
        }
        assert!(list.get(0).unwrap().parameters().is_empty());
    }
}

#[test]
fn lists_are_read_leniently_where_the_documentation_is_vague() {
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
        let list = with_body(list, |client| client.list_workflow_definitions(&QUERY)).unwrap();
        let workflow = list.get(0).unwrap();
        assert_eq!((workflow.identifier(), workflow.name()), ("".into(), "".into()));
        assert_eq!((workflow.description(), workflow.json().raw()), ("".into(), step));
    }
    for empty in ["[ ]", "null"] {
        let list =
            with_body(success(empty), |client| client.list_workflow_definitions(&QUERY)).unwrap();
        assert!(list.is_empty() && list.response().pointer("/resultData/0").is_err());
    }
}

#[test]
fn a_success_without_the_requested_data_is_not_accepted() {
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
        ("steps", ["{}", "7", "[7]", "[{},null]"].map(success).to_vec()),
        ("workflows", ["{}", "\"[]\"", "[[]]", r#"null,"errors":["no"]"#].map(success).to_vec()),
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
            assert_eq!(failure, (Unknown, E::UnexpectedResponse), "{body}");
        }
    }
}

/// A fault: its name, the server's steps, and the outcome and kind of the call.
type Case = (&'static str, Vec<Step>, Outcome, E);

fn cases(fixture: &str) -> Vec<Case> {
    let details = r#""statusLine":"no way","errors":["first",{"code":7}],"resultData":null"#;
    let envelope = format!(r#"{{"status":"AuthorizationError","statusCode":9,{details}}}"#);
    let answer = |status: &str, body: &str| vec![Read, Send(response(status, body)), Wait];
    let cut = &fixture[..fixture.trim_end().len() - 1];
    let data = "\"resultData\":";
    let html = "<html>no</html>";
    let elsewhere = "302 X\r\nLocation: /elsewhere";
    let twice = replaced(fixture, data, &format!("{data}null,{data}"));
    #[rustfmt::skip]
    let mut cases = vec![
        ("400", answer("400 X", ""), Rejected, E::Refused),
        ("400 with an envelope", answer("400 X", &envelope), Rejected, E::Refused),
        ("an envelope with 200", answer("200 OK", &envelope), Rejected, E::Refused),
        ("500", answer("500 X", ""), Unknown, E::ServerFailed),
        ("500 in HTML", answer("500 X", html), Unknown, E::ServerFailed),
        ("500 with an envelope", answer("500 X", &envelope), Unknown, E::ServerFailed),
        ("503 with Retry-After", answer("503 X\r\nRetry-After: 7", ""), Unknown, E::ServerFailed),
        ("302", answer(elsewhere, ""), Unknown, E::Redirected),
        ("302 with a success", answer(elsewhere, fixture), Unknown, E::Redirected),
        ("307", answer("307 X\r\nLocation: /elsewhere", ""), Rejected, E::Redirected),
        ("a success with 500", answer("500 X", fixture), Unknown, E::ServerFailed),
        ("a success with 404", answer("404 X", fixture), Unknown, E::NotFound),
        ("closed after reading", vec![Read], Unknown, E::ConnectionLost),
        ("reset after reading", vec![Read, Reset], Unknown, E::ConnectionLost),
        ("half a response", vec![Read, Send(ok(fixture)[..99].to_vec())], Unknown, E::ConnectionLost),
    ];
    for body in [html, "", "null", "{}", r#"{"status":"UP"}"#, cut, &twice] {
        cases.push(("no success", answer("200 OK", body), Unknown, E::UnexpectedResponse));
    }
    for (status, kind) in [
        ("401 X", E::Unauthorized),
        ("403 X", E::Forbidden),
        ("404 X", E::NotFound),
        ("429 X\r\nRetry-After: 7", E::RateLimited),
    ] {
        for body in ["", html, &envelope] {
            cases.push(("a rejection", answer(status, body), Rejected, kind));
        }
    }
    for status in ["200 OK", "400 X", "500 X"] {
        let steps = answer(status, &success("null").replace("Success", "DataValidationError"));
        cases.push(("a validation error", steps, Rejected, E::Validation));
    }
    cases
}

#[test]
fn each_call_is_delivered_once_and_has_the_right_outcome_for_every_response() {
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
                let status_code = error.response().map(|response| response.pointer("/statusCode"));
                let status_code = status_code.map(|status_code| status_code.unwrap().raw());
                // The response is not kept if the call was to return a secret.
                let is_kept = !["launch URL", "tenant token"].contains(&call.name);
                assert_eq!(status_code, is_kept.then_some("9"), "{case}");
            }
            if call.name == "tenant token" {
                let note = match outcome {
                    Rejected => "the old token stays valid",
                    _ => "the old token may no longer be valid",
                };
                assert!(error.message().contains(note), "{case}");
            }
            assert_error_shows_no_secret(&error, &case);
            assert_response_has_no_secret(&error, &case);
        }
    }
}

#[test]
fn a_call_that_cannot_connect_sends_nothing() {
    let (_socket, url) = closed_port();
    let client = client(&url);
    for call in &CALLS {
        assert_eq!(failure((call.run)(&client)), (NotSent, E::Connect), "{}", call.name);
    }
}

#[test]
fn a_validation_error_is_rejected_even_if_it_repeats_the_request() {
    for call in &CALLS {
        let result = with_body(VALIDATION_ERROR, call.run);
        assert_eq!(failure(result), (Rejected, E::Validation), "{}", call.name);
    }
}

#[test]
fn a_trigger_id_that_is_accepted_is_an_argument_of_the_other_calls() {
    let long = "ä".repeat(512);
    for (written, id, path) in [
        (" run-1\u{a0}", "run-1", "run-1"),
        ("run 1?\\r\\n", "run 1?", "run%201%3F"),
        (&long, &long, &"%C3%A4".repeat(512)),
    ] {
        let body = TRIGGER.replace(TRIGGER_ID, written);
        let (server, client) = serving(&[ok(body), ok(HISTORY), ok(STEP), ok(HISTORY)]);
        let trigger = client.trigger_workflow(&request()).unwrap();
        assert_eq!((trigger.trigger_id(), trigger.to_string().contains("polled")), (id, false));
        client.get_workflow_history(trigger.trigger_id()).unwrap();
        client.get_workflow_step(&format!("\t{id} "), " 1\n").unwrap();
        let options = WaitOptions::new(Duration::from_secs(5)).unwrap();
        let wait = client.wait_for_workflow(trigger.trigger_id(), &options, |_| Continue(()));
        assert!(wait.error().is_none(), "{wait:?}");
        let root = format!("GET /gateway/api/v1/workflowhistory/{path}");
        for (request, rest) in server.requests()[1..].iter().zip(["", "/stephistory/1", ""]) {
            assert!(request.starts_with(&format!("{root}{rest} HTTP/1.1")), "{request}");
        }
    }
    // It is safe to accept, but not to put into a path.
    for id in ["a/b", "..", "a..b"] {
        let body = TRIGGER.replace(TRIGGER_ID, id);
        let trigger = with_body(body, |client| client.trigger_workflow(&request())).unwrap();
        assert_eq!(trigger.trigger_id(), id);
        assert!(trigger.to_string().contains("this run cannot be polled"), "{trigger}");
    }
}

#[test]
fn invalid_arguments_are_not_sent() {
    let server = ScriptServer::start(vec![vec![]]);
    let client = client(&server.url);
    let long = "a".repeat(1025);
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
            assert_eq!(
                failure(client.list_workflow_definitions(&query)),
                (NotSent, kind),
                "{text:?}"
            );
            assert_eq!(failure(client.list_workflow_steps("x", &query)), (NotSent, kind));
        }
    }
    for token in ["", "s3 cr3t", "s3cr3t\r\nX: y", "ä", &"s3cr3t".repeat(1400)] {
        let error = client.regenerate_tenant_token(token, "x").unwrap_err();
        assert_eq!((error.outcome(), error.kind()), (NotSent, E::SuperAdminToken));
        assert!(!error.message().contains("s3"), "{error}");
    }
    assert_eq!(server.connections(), 0);
    with_body(HISTORY, |client| client.get_workflow_history(&"a".repeat(1024))).unwrap();
}

#[test]
fn the_longest_request_line_is_sent_completely() {
    let long = "ä".repeat(512);
    let (server, client) = serving(&[ok(success("[]"))]);
    client.set_access_token(&"t".repeat(8192)).unwrap();
    let query = ListQuery { filter: &long, order_by: &long, skip: u64::MAX, top: u64::MAX };
    assert!(client.list_workflow_steps(&"a b ".repeat(32), &query).unwrap().is_empty());
    let end = format!("orderBy={} HTTP/1.1\r\n", "%C3%A4".repeat(512));
    assert!(server.requests()[0].contains(&end));
    assert_eq!(tokens(&server), ["t".repeat(8192)]);
}
