//! Launch-in-context URLs.

use crate::client::{
    API, Client, Response, bearer, in_virtual_time, request, result, start_run, validation_errors,
};
use luma_simulator::Simulator;
use serde_json::{Value, json};

fn generate(simulator: &Simulator, body: &Value) -> Response {
    let path = format!("{API}/launchincontexturl/generate");
    let mut client = Client::connect(simulator);
    client.send(request("POST", &path, &bearer(&simulator.token()), &body.to_string()));
    client.response()
}

fn launch_body(trigger_id: &str) -> Value {
    json!({ "launchContext": "WORKFLOW_EXECUTION_STATUS", "contextInfo": { "triggerId": trigger_id } })
}

#[test]
fn a_launch_url_has_the_documented_bytes_and_a_new_key() {
    let simulator = in_virtual_time();
    let id = start_run(&simulator, "unlock_account", json!({ "userName": "jdoe" }));
    let base_url = simulator.url();
    assert_eq!(
        generate(&simulator, &launch_body(&id)).body,
        format!(
            r#"{{"status":"Success","statusCode":0,"statusLine":"Successfully generated the launch in context URL.","errors":null,"resultData":" {base_url}/execution/{id}?accessKey=tmp-0001","warnings":null,"timestamp":1700000000000,"reasonPhrase":null,"metaInfo":null}}"#
        )
    );
    let next = result(&generate(&simulator, &launch_body(&id)));
    assert_eq!(next, format!(" {base_url}/execution/{id}?accessKey=tmp-0002"));
}

#[test]
fn a_validation_error_names_every_problem() {
    let simulator = in_virtual_time();
    let id = start_run(&simulator, "unlock_account", json!({ "userName": "jdoe" }));
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
        (launch_body("nope"), json!([unknown])),
        (
            json!({ "launchContext": "WORKFLOW_EXECUTION_STATUS", "contextInfo": { "triggerId": 1 } }),
            json!([required]),
        ),
    ];
    for (body, expected) in table {
        assert_eq!(validation_errors(&generate(&simulator, &body)), expected, "{body}");
    }
    // None of these used up an access key.
    assert!(
        result(&generate(&simulator, &launch_body(&id))).as_str().unwrap().ends_with("=tmp-0001")
    );
}
