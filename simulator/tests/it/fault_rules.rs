//! Faults that a test asks for, on requests that need not be about `fault-NAME`.

use crate::client::{
    API, Client, Response, bearer, get, get_api, request, result, start_run, trigger_body,
};
use luma_simulator::{DEFAULT_SUPER_ADMIN_TOKEN, DEFAULT_TOKEN, FaultRule, Simulator};
use serde_json::{Value, json};

fn control(simulator: &Simulator, method: &str, query: &str) -> Response {
    let mut client = Client::connect(simulator);
    client.send(request(method, &format!("/simulator/faults{query}"), "", ""));
    client.response()
}

fn add(simulator: &Simulator, query: &str) {
    let response = control(simulator, "POST", query);
    assert_eq!(response.status, 204, "{query}: {response:?}");
}

fn status(simulator: &Simulator, path: &str) -> u16 {
    get_api(simulator, path).status
}

fn trigger(simulator: &Simulator, workflow: &str) -> Response {
    let mut body = trigger_body(workflow);
    body["variables"] = json!({ "userName": "jdoe" });
    Client::connect(simulator).trigger(DEFAULT_TOKEN, &body)
}

#[test]
fn a_rule_concerns_an_endpoint_a_workflow_or_a_run() {
    let simulator = Simulator::start().unwrap();
    let run = |workflow| start_run(&simulator, workflow, json!({ "userName": "jdoe" }));
    let (reset, unlock) = (run("reset_password"), run("unlock_account"));
    let history = |id: &str| status(&simulator, &format!("/workflowhistory/{id}"));
    let steps = |id: &str| status(&simulator, &format!("/workflowhistory/{id}/stephistory"));

    add(&simulator, "?fault=status-503&endpoint=history");
    assert_eq!([history(&reset), history(&unlock), history("unknown")], [503; 3]);
    assert_eq!([steps(&reset), trigger(&simulator, "reset_password").status], [200; 2]);

    simulator.clear_faults();
    add(&simulator, "?fault=status-503&workflowIdentifier=reset_password");
    assert_eq!([history(&reset), history(&unlock)], [503, 200]);
    assert_eq!([steps(&reset), steps(&unlock)], [503, 200]);
    assert_eq!(trigger(&simulator, "reset_password").status, 503);
    assert_eq!(trigger(&simulator, "unlock_account").status, 200);

    assert_eq!(control(&simulator, "DELETE", "").status, 204);
    add(&simulator, &format!("?fault=status-503&triggerId={unlock}"));
    assert_eq!([history(&reset), history(&unlock)], [200, 503]);
    assert_eq!(trigger(&simulator, "unlock_account").status, 200);
}

#[test]
fn every_endpoint_can_be_named() {
    let simulator = Simulator::start().unwrap();
    let id = start_run(&simulator, "unlock_account", json!({ "userName": "jdoe" }));
    let post = |path: &str, body: Value| {
        request("POST", &format!("{API}{path}"), &bearer(DEFAULT_TOKEN), &body.to_string())
    };
    let get = |token, path: &str| request("GET", &format!("{API}{path}"), &bearer(token), "");
    let context = json!({ "triggerId": id });
    let launch = json!({ "launchContext": "WORKFLOW_EXECUTION_STATUS", "contextInfo": context });
    let admin = "/platform/apiaccesskeys/generate?tenantExternalId=x";
    for (endpoint, request) in [
        ("trigger", post("/workflow/trigger", trigger_body("unlock_account"))),
        ("history", get(DEFAULT_TOKEN, &format!("/workflowhistory/{id}"))),
        ("steps", get(DEFAULT_TOKEN, &format!("/workflowhistory/{id}/stephistory"))),
        ("step", get(DEFAULT_TOKEN, &format!("/workflowhistory/{id}/stephistory/1001"))),
        ("launch-url", post("/launchincontexturl/generate", launch)),
        ("access-key", get(DEFAULT_SUPER_ADMIN_TOKEN, admin)),
        ("definitions", get(DEFAULT_TOKEN, "/workflowdefinition")),
    ] {
        add(&simulator, &format!("?fault=html-502&endpoint={endpoint}&times=1"));
        let mut client = Client::connect(&simulator);
        client.send(&request);
        assert_eq!(client.response().status, 502, "{endpoint}");
        client.send(&request);
        assert_ne!(client.response().status, 502, "{endpoint}");
        assert!(simulator.journal().iter().rev().nth(1).unwrap().fault == Some("html-502"));
    }
}

#[test]
fn rules_skip_requests_end_and_follow_each_other() {
    let simulator = Simulator::start().unwrap();
    add(&simulator, "?fault=status-503&endpoint=definitions&skip=1&times=2");
    add(&simulator, "?fault=status-404&times=1");
    let statuses: Vec<_> = (0..5).map(|_| status(&simulator, "/workflowdefinition")).collect();
    assert_eq!(statuses, [200, 503, 503, 404, 200]);

    let listed = get(&simulator, "/simulator/faults").json();
    let rule = json!({
        "fault": "status-503", "endpoint": "definitions", "workflowIdentifier": null,
        "triggerId": null, "skip": 1, "times": 2, "applied": 2,
    });
    assert_eq!(listed["rules"][0], rule);
    assert_eq!(listed["rules"][1]["applied"], 1);
    assert_eq!(listed["faults"].as_array().unwrap().len(), luma_simulator::FAULTS.len());
    assert!(listed["faults"][0]["description"].is_string());
}

#[test]
fn a_fault_before_reading_is_counted_once() {
    let simulator = Simulator::start().unwrap();
    add(&simulator, "?fault=close-before-reading&endpoint=history&skip=1&times=1");
    let request = request("GET", &format!("{API}/workflowhistory/x"), &bearer(DEFAULT_TOKEN), "");
    let mut client = Client::connect(&simulator);
    client.send(&request);
    assert_eq!(client.response().status, 404);
    client.send(&request);
    assert_eq!(client.until_close(), b"");
    let mut client = Client::connect(&simulator);
    client.send(&request);
    assert_eq!(client.response().status, 404);
    assert_eq!(simulator.journal().len(), 2);
}

#[test]
fn a_fault_that_sends_a_success_sends_the_real_one() {
    let simulator = Simulator::start().unwrap();
    let id = start_run(&simulator, "inventory_scan", json!({ "siteName": "x" }));
    simulator
        .add_fault(FaultRule { fault: "early-hints-103".to_owned(), ..FaultRule::default() })
        .unwrap();
    let mut client = Client::connect(&simulator);
    let mut get = |path: &str| {
        client.send(request("GET", &format!("{API}{path}"), &bearer(DEFAULT_TOKEN), ""));
        assert_eq!(client.response().status, 103);
        result(&client.response())
    };
    let steps = get(&format!("/workflowhistory/{id}/stephistory?skip=240&top=20"));
    assert_eq!(steps.as_array().unwrap().len(), 10);
    assert_eq!(get(&format!("/workflowhistory/{id}"))["status"], "COMPLETED");
    assert!(get("/workflowdefinition").as_array().unwrap().len() > 5);

    client.send(crate::client::trigger_request(DEFAULT_TOKEN, &trigger_body("unlock_account")));
    assert_eq!(client.response().status, 103);
    let config = &result(&client.response())["executionConfig"];
    assert_eq!(config["name"], "Unlock Account");
    assert_eq!(simulator.runs().last().unwrap().trigger_id, config["triggerId"]);
}

#[test]
fn an_invalid_rule_is_refused_by_name() {
    let simulator = Simulator::start().unwrap();
    for (query, part) in [
        ("", "fault is required"),
        ("?fault=nope", "There is no fault 'nope'"),
        ("?fault=hang&endpoint=x", "endpoint must be one of: trigger, history"),
        ("?fault=hang&times=-1", "times must be a whole number, not '-1'"),
        ("?fault=hang&skip=", "skip must be a whole number, not ''"),
        ("?fault=hang&workflow=x", "There is no parameter 'workflow'"),
    ] {
        let response = control(&simulator, "POST", query);
        let message = response.json()["errors"][0].as_str().unwrap().to_owned();
        assert!(response.status == 400 && message.contains(part), "{query}: {message}");
    }
    assert_eq!(get(&simulator, "/simulator/faults").json()["rules"], json!([]));
}
