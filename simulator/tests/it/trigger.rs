//! The trigger endpoint, and the order of the checks that all endpoints share.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::client::{API, Client, Response, TRIGGER, request, reset_password};
use luma_simulator::{AuthScheme, DEFAULT_TOKEN, Options, Simulator};
use serde_json::{Value, json};

fn trigger(simulator: &Simulator, body: &Value) -> Response {
    Client::connect(simulator).trigger(&simulator.token(), body)
}

fn errors(simulator: &Simulator, body: &Value) -> Value {
    let response = trigger(simulator, body);
    assert_eq!(response.status, 200);
    let envelope = response.json();
    assert_eq!(envelope["status"], "DataValidationError");
    assert_eq!(envelope["resultData"]["executionConfig"].get("triggerId"), None);
    envelope["errors"].clone()
}

#[test]
fn a_success_has_the_documented_bytes() {
    let simulator = Simulator::start().unwrap();
    let response = trigger(&simulator, &reset_password());

    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-type"), Some("application/json"));
    let envelope = response.json();
    let id = envelope["resultData"]["executionConfig"]["triggerId"].as_str().unwrap();
    let timestamp = envelope["timestamp"].as_u64().unwrap();
    assert_eq!(
        response.body,
        format!(
            r#"{{"status":"Success","statusCode":0,"statusLine":"Successfully submitted workflow trigger request.","errors":null,"resultData":{{"executionConfig":{{"triggerId":"{id}","identifier":"reset_password","name":"Reset Password"}},"statusInfo":{{"status":"SUBMITTED"}}}},"warnings":null,"timestamp":{timestamp},"reasonPhrase":null,"metaInfo":null}}"#
        )
    );
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    assert!(now.abs_diff(u128::from(timestamp)) < 60_000);

    let runs = simulator.runs();
    assert_eq!(runs.len(), 1);
    assert_eq!(runs[0].trigger_id, id);
    assert_eq!(runs[0].variables["userName"], "jdoe");
    assert_eq!(runs[0].initiator.application_id, Some(-2));
}

#[test]
fn a_validation_error_has_the_documented_bytes() {
    let simulator = Simulator::start().unwrap();
    let body =
        json!({ "workflowIdentifier": "reset_password", "variables": { "notifyBy": "pigeon" } });
    let response = trigger(&simulator, &body);

    assert_eq!(response.status, 200);
    let timestamp = &response.json()["timestamp"];
    assert_eq!(
        response.body,
        format!(
            r#"{{"status":"DataValidationError","statusCode":1,"statusLine":"Failed to submit workflow trigger request due to validation errors.","errors":["User name is required","Notify by must be one of: email, sms"],"resultData":{{"executionConfig":{{"identifier":"reset_password","name":"Reset Password"}}}},"warnings":null,"timestamp":{timestamp},"reasonPhrase":null,"metaInfo":null}}"#
        )
    );
    assert!(simulator.runs().is_empty());
}

#[test]
fn a_validation_error_names_every_problem() {
    let simulator = Simulator::start().unwrap();
    let table = [
        (json!({}), json!(["Workflow identifier is required"])),
        (json!({ "workflowIdentifier": "" }), json!(["Workflow identifier is required"])),
        (json!({ "workflowIdentifier": 7 }), json!(["Workflow identifier must be a string"])),
        (json!({ "workflowIdentifier": "nope" }), json!(["Workflow 'nope' does not exist"])),
        (
            json!({ "workflowIdentifier": "fault-nope" }),
            json!(["Workflow 'fault-nope' does not exist"]),
        ),
        (json!({ "workflowIdentifier": "unlock_account" }), json!(["User name is required"])),
        (
            json!({ "workflowIdentifier": "unlock_account", "variables": { "userName": "x".repeat(65) } }),
            json!(["User name is too long"]),
        ),
        (
            json!({ "workflowIdentifier": "rotate_keys", "variables": { "keyName": "", "keyBits": 1024 } }),
            json!(["Key name is required", "Key bits must be at least 2048"]),
        ),
        (
            json!({ "workflowIdentifier": "rotate_keys", "variables": { "keyName": "k", "keyBits": "8193" } }),
            json!(["Key bits must be at most 8192"]),
        ),
        (
            json!({ "workflowIdentifier": "unlock_account", "variables": [] }),
            json!(["Variables must be an object"]),
        ),
        (
            json!({ "workflowIdentifier": "patch_server", "initiatorApplicationId": -4 }),
            json!([
                "Host name is required",
                "initiationInfo.ticketIdentifier is required when initiatorApplicationId is -4"
            ]),
        ),
        (
            json!({
                "workflowIdentifier": "patch_server",
                "variables": { "hostName": "srv" },
                "initiatorApplicationId": -2,
                "initiationInfo": { "ticketIdentifier": "100-1" }
            }),
            json!([
                "initiationInfo.lumaChannelAccountId is required when initiatorApplicationId is -2"
            ]),
        ),
        (
            json!({
                "workflowIdentifier": "patch_server",
                "variables": { "hostName": "srv" },
                "initiatorContactId": "1",
                "initiationInfo": 1
            }),
            json!(["initiatorContactId must be an integer", "initiationInfo must be an object"]),
        ),
    ];
    for (body, expected) in table {
        assert_eq!(errors(&simulator, &body), expected, "{body}");
    }
}

#[test]
fn variables_of_any_type_and_unknown_applications_are_accepted() {
    let simulator = Simulator::start().unwrap();
    let bodies = [
        json!({
            "workflowIdentifier": "reset_password",
            "variables": { "userName": "jdoe", "attempts": 3, "groups": ["vpn"], "force": true },
            "initiatorContactId": 4021,
            "initiatorApplicationId": -4,
            "initiationInfo": { "ticketIdentifier": "100-1" }
        }),
        json!({
            "workflowIdentifier": "patch_server",
            "variables": { "hostName": "srv", "maintenanceWindow": "PT1H" },
            "initiatorApplicationId": -99
        }),
    ];
    let ids: Vec<_> = bodies
        .iter()
        .map(|body| {
            let envelope = trigger(&simulator, body).json();
            assert_eq!(envelope["status"], "Success");
            envelope["resultData"]["executionConfig"]["triggerId"].clone()
        })
        .collect();
    assert_ne!(ids[0], ids[1]);
    assert_eq!(ids[0].as_str().unwrap().len(), 36);
}

#[test]
fn one_header_and_one_path_prefix_can_be_required() {
    let bearer = "Authorization: Bearer right\r\n";
    let key = "itas-api-access-key: right\r\n";
    for (scheme, prefix, headers, path, status) in [
        (Some(AuthScheme::Bearer), None, bearer, "", 200),
        (Some(AuthScheme::Bearer), None, key, "", 401),
        (Some(AuthScheme::ApiAccessKey), None, key, "/any", 200),
        (Some(AuthScheme::ApiAccessKey), None, bearer, "", 401),
        (None, Some("/luma"), key, "/luma", 200),
        (None, Some("/luma/"), bearer, "/luma", 200),
        (None, Some("/luma"), bearer, "", 404),
        (None, Some("/luma"), bearer, "/luma2", 404),
        (None, Some("/luma"), bearer, "/x/luma", 404),
        (None, Some("/"), bearer, "", 200),
    ] {
        let simulator = Simulator::start_with(Options {
            token: "right".to_owned(),
            auth_scheme: scheme,
            path_prefix: prefix.map(str::to_owned),
            ..Options::default()
        });
        let simulator = simulator.unwrap();
        let prefix_of_url = prefix.unwrap_or_default().trim_end_matches('/');
        assert!(simulator.url().ends_with(prefix_of_url), "{}", simulator.url());
        let mut client = Client::connect(&simulator);
        // The simulator's own endpoints are below the prefix too.
        for prefix in ["", prefix_of_url] {
            client.send(request("GET", &format!("{prefix}/simulator/runs"), "", ""));
            assert_eq!(client.response().status, 200);
        }
        let path = [path, TRIGGER].concat();
        client.send(request("POST", &path, headers, &reset_password().to_string()));
        assert_eq!(client.response().status, status, "{scheme:?} {prefix:?} {headers} {path}");
    }
}

#[test]
fn the_token_is_accepted_in_either_header() {
    let options = Options { token: "right".to_owned(), ..Options::default() };
    let simulator = Simulator::start_with(options).unwrap();
    let table = [
        ("Authorization: Bearer right\r\n", 200, AuthScheme::Bearer),
        ("authorization: bearer right\r\n", 200, AuthScheme::Bearer),
        ("itas-api-access-key: right\r\n", 200, AuthScheme::ApiAccessKey),
        ("Authorization: Bearer wrong\r\n", 401, AuthScheme::Bearer),
        ("itas-api-access-key: wrong\r\n", 401, AuthScheme::ApiAccessKey),
        ("Authorization: Basic right\r\n", 401, AuthScheme::None),
        ("", 401, AuthScheme::None),
    ];
    for (headers, status, scheme) in table {
        let mut client = Client::connect(&simulator);
        client.send(request("POST", TRIGGER, headers, &reset_password().to_string()));
        let response = client.response();
        assert_eq!(response.status, status, "{headers}");
        if status == 401 {
            assert_eq!(response.json()["status"], "Unauthorized");
        }
        assert_eq!(simulator.journal().last().unwrap().auth_scheme, scheme);
    }
    assert_eq!(simulator.runs().len(), 3);
}

#[test]
fn requests_are_checked_in_the_gateways_order() {
    let simulator = Simulator::start().unwrap();
    let auth = &format!("Authorization: Bearer {DEFAULT_TOKEN}\r\n");
    let text = |path: &str, headers: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\n{headers}Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n[]"
        )
    };
    let table = [
        (request("GET", "/gateway/api/v1/nothing", "", ""), 404),
        (request("POST", "/workflow/trigger", auth, "{}"), 404),
        (request("POST", &format!("{TRIGGER}/"), auth, "{}"), 404),
        (request("GET", "/gateway/api/v1/workflowhistory/", auth, ""), 404),
        (request("GET", "/gateway/api/v1/workflowhistory//stephistory", auth, ""), 404),
        (request("GET", "/gateway/api/v1/workflowhistory/x/steps", auth, ""), 404),
        (request("GET", "/gateway/api/v1", auth, ""), 404),
        (request("GET", "/gateway/api/v1/launchincontexturl/generate", "", ""), 405),
        (request("PUT", "/gateway/api/v1/launchincontexturl/generate", auth, "{}"), 405),
        (request("GET", TRIGGER, "", ""), 405),
        (text(TRIGGER, ""), 401),
        (text(TRIGGER, auth), 415),
        (request("POST", TRIGGER, auth, "[]"), 400),
        (request("POST", TRIGGER, auth, "{"), 400),
        (request("POST", TRIGGER, auth, ""), 400),
        (request("POST", TRIGGER, auth, "{}"), 200),
        (request("POST", &format!("/some/prefix{TRIGGER}?x=1"), auth, "{}"), 200),
        (request("POST", &format!("http://localhost{TRIGGER}"), auth, "{}"), 200),
    ];
    let mut client = Client::connect(&simulator);
    for (request, status) in table {
        client.send(&request);
        let response = client.response();
        assert_eq!(response.status, status, "{request}");
        assert!(response.json()["errors"].is_array());
        if status == 405 {
            assert_eq!(response.header("allow"), Some("POST"));
        }
        if status == 400 {
            assert_eq!(response.json()["status"], "DataValidationError");
        }
    }
}

#[test]
fn every_endpoint_supports_one_method() {
    let simulator = Simulator::start().unwrap();
    let mut client = Client::connect(&simulator);
    for (allowed, path) in [
        ("POST", "/workflow/trigger"),
        ("GET", "/workflowhistory/x"),
        ("GET", "/workflowhistory/x/stephistory"),
        ("GET", "/workflowhistory/x/stephistory/1"),
        ("POST", "/launchincontexturl/generate"),
        ("GET", "/platform/apiaccesskeys/generate"),
        ("GET", "/workflowdefinition"),
    ] {
        for method in ["GET", "POST", "PUT", "DELETE", "OPTIONS"] {
            client.send(request(method, &format!("/tenant{API}{path}?x=1"), "", "{}"));
            let response = client.response();
            let expected = if method == allowed { 401 } else { 405 };
            assert_eq!(response.status, expected, "{method} {path}");
            let allow = (expected == 405).then_some(allowed);
            assert_eq!(response.header("allow"), allow, "{method} {path}");
        }
    }
    assert_eq!(simulator.journal().len(), 7 * 5);
    assert_eq!(simulator.journal()[34].path, "/tenant/gateway/api/v1/workflowdefinition?x=1");
}
