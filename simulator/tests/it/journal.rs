//! The journal, and the other endpoints under `/simulator`.

use std::time::Duration;

use crate::client::{Client, TRIGGER, get, in_virtual_time, request, reset_password, trigger_body};
use luma_simulator::{AuthScheme, DEFAULT_TOKEN, Simulator, VIRTUAL_EPOCH_MS};
use serde_json::json;

#[test]
fn a_delivery_has_every_field_but_the_token() {
    let simulator = Simulator::start().unwrap();
    let headers = format!("User-Agent: test/1\r\nitas-api-access-key: {DEFAULT_TOKEN}\r\n");
    let body = trigger_body("fault-status-503").to_string();
    let mut client = Client::connect(&simulator);
    client.send(request("POST", &format!("/tenant{TRIGGER}"), &headers, &body));
    assert_eq!(client.response().status, 503);
    client.send(request("GET", "/elsewhere", "", ""));
    assert_eq!(client.response().json()["status"], "Success");

    let journal = simulator.journal();
    assert_eq!(journal.len(), 2);
    let first = &journal[0];
    assert_eq!((first.sequence, first.connection), (1, 1));
    assert_eq!(first.method, "POST");
    assert_eq!(first.path, "/tenant/gateway/api/v1/workflow/trigger");
    assert_eq!(first.content_type.as_deref(), Some("application/json"));
    assert_eq!(first.user_agent.as_deref(), Some("test/1"));
    assert_eq!(first.auth_scheme, AuthScheme::ApiAccessKey);
    assert_eq!(first.body, body);
    assert_eq!(first.workflow_identifier.as_deref(), Some("fault-status-503"));
    assert_eq!(first.fault, Some("status-503"));
    assert_eq!(journal[1].path, "/elsewhere");
    assert_eq!(journal[1].fault, None);
    assert!(!format!("{journal:?}").contains(DEFAULT_TOKEN));
}

#[test]
fn the_journal_can_be_read_filtered_and_cleared_over_http() {
    let simulator = Simulator::start().unwrap();
    let mut client = Client::connect(&simulator);
    client.trigger(DEFAULT_TOKEN, &reset_password());
    client.trigger(DEFAULT_TOKEN, &trigger_body("no such/workflow"));
    client.trigger("wrong", &reset_password());

    let all = get(&simulator, "/simulator/journal").json();
    assert_eq!(all["deliveries"].as_array().unwrap().len(), 3);
    assert_eq!(
        all["deliveries"][1],
        json!({
            "sequence": 2, "connection": 1, "method": "POST", "path": TRIGGER,
            "contentType": "application/json", "userAgent": null, "requestId": null,
            "authScheme": "bearer",
            "body": "{\"workflowIdentifier\":\"no such/workflow\"}",
            "workflowIdentifier": "no such/workflow", "fault": null
        })
    );
    for (identifier, count) in [("reset_password", 2), ("no+such%2fworkflow", 1), ("other", 0)] {
        let path = format!("/simulator/journal?workflowIdentifier={identifier}");
        let found = get(&simulator, &path).json();
        assert_eq!(found["deliveries"].as_array().unwrap().len(), count, "{identifier}");
    }

    client.send(request("DELETE", "/simulator/journal", "", ""));
    assert_eq!(client.response().status, 204);
    assert!(simulator.journal().is_empty());
    client.trigger(DEFAULT_TOKEN, &reset_password());
    assert_eq!(simulator.journal()[0].sequence, 4);
}

#[test]
fn started_runs_can_be_listed_over_http() {
    let simulator = in_virtual_time();
    let mut client = Client::connect(&simulator);
    client.trigger(DEFAULT_TOKEN, &reset_password());
    client.trigger(DEFAULT_TOKEN, &trigger_body("reset_password"));
    assert_eq!(simulator.runs()[0].status, "RUNNING");
    simulator.advance(Duration::from_secs(3)).unwrap();
    let runs = get(&simulator, "/simulator/runs").json();
    let sent = reset_password();
    assert_eq!(
        runs,
        json!({ "runs": [{
            "id": 1,
            "triggerId": simulator.runs()[0].trigger_id,
            "workflowIdentifier": "reset_password",
            "name": "Reset Password",
            "variables": sent["variables"],
            "initiator": { "contactId": 1, "applicationId": -2, "initiationInfo": sent["initiationInfo"] },
            "startTime": VIRTUAL_EPOCH_MS,
            "status": "COMPLETED"
        }] })
    );
}

#[test]
fn other_methods_and_paths_are_refused() {
    let simulator = Simulator::start().unwrap();
    let mut client = Client::connect(&simulator);
    for (method, path, status) in [
        ("POST", "/simulator/journal", 405),
        ("DELETE", "/simulator/runs", 405),
        ("GET", "/simulator/time", 405),
        ("GET", "/simulator/other", 404),
        ("GET", "/simulator", 404),
    ] {
        client.send(request(method, path, "", ""));
        assert_eq!(client.response().status, status, "{method} {path}");
    }
    assert!(simulator.journal().is_empty());
}
