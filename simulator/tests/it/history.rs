//! The history of a run follows its script.

use std::time::Duration;

use crate::client::{
    Client, get_api, in_virtual_time, reset_password, result, start_run, trigger_body,
};
use luma_simulator::{Simulator, VIRTUAL_EPOCH_MS};
use serde_json::{Value, json};

fn history(simulator: &Simulator, trigger_id: &str) -> Value {
    result(&get_api(simulator, &format!("/workflowhistory/{trigger_id}")))
}

#[test]
fn a_history_has_the_documented_bytes() {
    let simulator = in_virtual_time();
    let mut client = Client::connect(&simulator);
    let trigger = client.trigger(&simulator.token(), &reset_password()).json();
    let id = trigger["resultData"]["executionConfig"]["triggerId"].as_str().unwrap();
    let path = format!("/workflowhistory/{id}");
    simulator.advance(Duration::from_millis(2999)).unwrap();
    assert_eq!(
        get_api(&simulator, &path).body,
        r#"{"status":"Success","statusCode":0,"statusLine":"Successfully retrieved workflow history record.","errors":null,"resultData":{"initiatorContactId":1,"initiatorApplicationId":-2,"inputParameters":"{\"inputParameters\":[{\"value\":\"jdoe\",\"caption\":null,\"dataType\":\"TEXT\",\"parameter\":\"userName\",\"description\":null},{\"value\":\"email\",\"caption\":null,\"dataType\":\"TEXT\",\"parameter\":\"notifyBy\",\"description\":null}]}","startTime":1700000000000,"timeSpent":2999,"status":"RUNNING","href":"/api/v1/workflowHistory/1","id":1},"warnings":[],"timestamp":1700000002999,"reasonPhrase":null,"metaInfo":null}"#
    );

    simulator.advance(Duration::from_secs(60)).unwrap();
    let ended = history(&simulator, id);
    assert_eq!(ended["status"], "COMPLETED");
    assert_eq!(ended["endTime"], VIRTUAL_EPOCH_MS + 3000);
    assert_eq!(ended["timeSpent"], 3000);
}

/// A workflow, its variables, and its changes: time in ms, the status from then on, and the number
/// of started steps.
type Course = (&'static str, Value, &'static [(u64, &'static str, usize)]);

#[test]
fn every_run_follows_its_script() {
    let table: [Course; 7] = [
        (
            "reset_password",
            json!({ "userName": "jdoe" }),
            &[
                (0, "RUNNING", 1),
                (120, "RUNNING", 2),
                (1000, "RUNNING", 3),
                (2200, "RUNNING", 4),
                (2980, "RUNNING", 5),
                (3000, "COMPLETED", 5),
            ],
        ),
        (
            "unlock_account",
            json!({ "userName": "jdoe" }),
            &[(0, "RUNNING", 1), (100, "RUNNING", 2), (980, "RUNNING", 3), (1000, "COMPLETED", 3)],
        ),
        (
            "patch_server",
            json!({ "hostName": "srv" }),
            &[
                (0, "ACTIVATED", 0),
                (5_000, "RUNNING", 1),
                (5_100, "RUNNING", 2),
                (35_200, "RUNNING", 3),
                (60_000, "SUSPENDED", 4),
                (120_000, "RUNNING", 5),
                (165_000, "RUNNING", 6),
                (179_980, "RUNNING", 7),
                (180_000, "COMPLETED", 7),
            ],
        ),
        (
            "restart_service",
            json!({ "hostName": "srv", "serviceName": "spooler" }),
            &[(0, "RUNNING", 1), (100, "RUNNING", 2), (1000, "RUNNING", 3), (2000, "FAILED", 3)],
        ),
        (
            "offboard_user",
            json!({ "userName": "jdoe", "lastDay": "2026-01-31" }),
            &[(0, "RUNNING", 1), (100, "RUNNING", 2), (800, "RUNNING", 3), (2000, "TERMINATED", 3)],
        ),
        (
            "rotate_keys",
            json!({ "keyName": "tls", "keyBits": 4096 }),
            &[
                (0, "QUEUED", 0),
                (1000, "RUNNING", 1),
                (1100, "RUNNING", 2),
                (1500, "RUNNING", 3),
                (1980, "RUNNING", 4),
                (2000, "COMPLETED", 4),
            ],
        ),
        ("inventory_scan", json!({ "siteName": "north" }), &[(0, "COMPLETED", 250)]),
    ];
    for (workflow, variables, changes) in table {
        let simulator = in_virtual_time();
        let id = start_run(&simulator, workflow, variables);
        let duration = changes.last().unwrap().0;
        let mut elapsed = 0;
        let mut previous = None;
        for (from, status, started) in changes {
            // One millisecond before the change, and at the change.
            for (at, (status, started)) in [
                (from.saturating_sub(1), previous.unwrap_or((status, started))),
                (*from, (status, started)),
            ] {
                simulator.advance(Duration::from_millis(at - elapsed)).unwrap();
                elapsed = at;
                let history = history(&simulator, &id);
                assert_eq!(history["status"], *status, "{workflow} after {at} ms");
                assert_eq!(simulator.runs()[0].status, *status);
                assert_eq!(history["timeSpent"], at);
                assert_eq!(history.get("endTime").is_some(), at >= duration);
                let steps =
                    get_api(&simulator, &format!("/workflowhistory/{id}/stephistory?top=999"));
                let steps = result(&steps);
                assert_eq!(steps.as_array().unwrap().len(), *started, "{workflow} after {at} ms");
            }
            previous = Some((status, started));
        }
        simulator.advance(Duration::from_secs(3600)).unwrap();
        let ended = history(&simulator, &id);
        assert_eq!(ended["status"], changes.last().unwrap().1);
        assert_eq!(ended["timeSpent"], duration);
        assert_eq!(ended["endTime"], VIRTUAL_EPOCH_MS + duration);
    }
}

#[test]
fn the_input_parameters_contain_every_variable() {
    let simulator = in_virtual_time();
    let variables = json!({
        "zeta": 1.5, "hostName": "srv", "alpha": true, "many": 3, "groups": ["vpn", "mail"],
        "nothing": null, "mixed": [1, "a"], "deep": { "a": 1 }, "maintenanceWindow": "PT1H"
    });
    let id = start_run(&simulator, "patch_server", variables.clone());
    let text = history(&simulator, &id)["inputParameters"].as_str().unwrap().to_owned();
    let parameters: Value = serde_json::from_str(&text).unwrap();
    let types: Vec<_> = parameters["inputParameters"]
        .as_array()
        .unwrap()
        .iter()
        .map(|parameter| {
            let name = parameter["parameter"].as_str().unwrap();
            assert_eq!(parameter["value"], variables[name]);
            (name, parameter["dataType"].as_str().unwrap())
        })
        .collect();
    let expected = [
        ("hostName", "TEXT"),
        ("maintenanceWindow", "DURATION"),
        ("alpha", "BOOLEAN"),
        ("deep", "JSON"),
        ("groups", "STRING_LIST"),
        ("many", "LONG"),
        ("mixed", "JSON"),
        ("nothing", "JSON"),
        ("zeta", "DECIMAL"),
    ];
    assert_eq!(types, expected);
}

#[test]
fn runs_are_independent_and_unknown_ones_are_not_found() {
    let simulator = in_virtual_time();
    let first = start_run(&simulator, "unlock_account", json!({ "userName": "a" }));
    simulator.advance(Duration::from_millis(700)).unwrap();
    let second = start_run(&simulator, "unlock_account", json!({ "userName": "b" }));
    simulator.advance(Duration::from_millis(700)).unwrap();
    assert_eq!(history(&simulator, &first)["status"], "COMPLETED");
    assert_eq!(history(&simulator, &second)["status"], "RUNNING");
    assert_eq!(history(&simulator, &second)["id"], 2);
    // A percent-encoded id works too.
    let encoded: String = second.bytes().map(|byte| format!("%{byte:02x}")).collect();
    assert_eq!(history(&simulator, &encoded)["id"], 2);

    for path in ["/workflowhistory/nope", "/workflowhistory/%zz", "/workflowhistory/a%2Fb%"] {
        for tail in ["", "/stephistory", "/stephistory/1001"] {
            let response = get_api(&simulator, &format!("{path}{tail}"));
            assert_eq!((response.status, &response.json()["status"]), (404, &json!("NotFound")));
            assert!(response.json()["errors"][0].as_str().unwrap().contains("trigger id"));
        }
    }
}

#[test]
fn a_run_started_by_a_fault_completes() {
    let simulator = in_virtual_time();
    let mut client = Client::connect(&simulator);
    assert_eq!(client.trigger(&simulator.token(), &trigger_body("fault-status-500")).status, 500);
    let id = simulator.runs()[0].trigger_id.clone();
    assert_eq!(history(&simulator, &id)["status"], "RUNNING");
    simulator.advance(Duration::from_secs(1)).unwrap();
    assert_eq!(history(&simulator, &id)["status"], "COMPLETED");
}
