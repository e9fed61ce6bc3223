//! The launch-in-context URL.

mod support;

use luma_simulator::Simulator;
use serde_json::{Value, json};
use support::{API, Client, bearer, in_virtual_time, invalid, request, result, start};

fn generate(simulator: &Simulator, body: &Value) -> support::Response {
    let path = format!("{API}/launchincontexturl/generate");
    let mut client = Client::connect(simulator);
    client.send(request("POST", &path, &bearer(&simulator.token()), &body.to_string()));
    client.response()
}

fn wanted(trigger_id: &str) -> Value {
    json!({ "launchContext": "WORKFLOW_EXECUTION_STATUS", "contextInfo": { "triggerId": trigger_id } })
}

#[test]
fn it_has_the_documented_bytes_and_a_key_of_its_own() {
    let simulator = in_virtual_time();
    let id = start(&simulator, "unlock_account", json!({ "userName": "jdoe" }));
    let origin = simulator.url();
    assert_eq!(
        generate(&simulator, &wanted(&id)).body,
        format!(
            r#"{{"status":"Success","statusCode":0,"statusLine":"Successfully generated the launch in context URL.","errors":null,"resultData":" {origin}/execution/{id}?accessKey=tmp-0001","warnings":null,"timestamp":1700000000000,"reasonPhrase":null,"metaInfo":null}}"#
        )
    );
    let next = result(&generate(&simulator, &wanted(&id)));
    assert_eq!(next, format!(" {origin}/execution/{id}?accessKey=tmp-0002"));
}

#[test]
fn every_problem_is_named() {
    let simulator = in_virtual_time();
    let id = start(&simulator, "unlock_account", json!({ "userName": "jdoe" }));
    let context = "launchContext must be WORKFLOW_EXECUTION_STATUS";
    let required = "contextInfo.triggerId is required";
    let unknown = "There is no run with the trigger id 'nope'";
    let table = [
        (json!({}), json!([context, required])),
        (json!({ "launchContext": 1, "contextInfo": [] }), json!([context, required])),
        (json!({ "contextInfo": { "triggerId": id } }), json!([context])),
        (
            json!({ "launchContext": "OTHER", "contextInfo": { "triggerId": "nope" } }),
            json!([context, unknown]),
        ),
        (wanted("nope"), json!([unknown])),
        (
            json!({ "launchContext": "WORKFLOW_EXECUTION_STATUS", "contextInfo": { "triggerId": 1 } }),
            json!([required]),
        ),
    ];
    for (body, expected) in table {
        assert_eq!(invalid(&generate(&simulator, &body)), expected, "{body}");
    }
    // None of these took a key.
    assert!(result(&generate(&simulator, &wanted(&id))).as_str().unwrap().ends_with("=tmp-0001"));
}
