//! A run goes its way, and its history tells.

mod support;

use std::time::Duration;

use luma_simulator::{Simulator, VIRTUAL_EPOCH_MS};
use serde_json::{Value, json};
use support::{Client, fetch, in_virtual_time, named, reset_password, result, start};

fn history(simulator: &Simulator, trigger_id: &str) -> Value {
    result(&fetch(simulator, &format!("/workflowhistory/{trigger_id}")))
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
        fetch(&simulator, &path).body,
        r#"{"status":"Success","statusCode":0,"statusLine":"Successfully retrieved workflow history record.","errors":null,"resultData":{"initiatorContactId":1,"initiatorApplicationId":-2,"inputParameters":"{\"inputParameters\":[{\"value\":\"jdoe\",\"caption\":null,\"dataType\":\"TEXT\",\"parameter\":\"userName\",\"description\":null},{\"value\":\"email\",\"caption\":null,\"dataType\":\"TEXT\",\"parameter\":\"notifyBy\",\"description\":null}]}","startTime":1700000000000,"timeSpent":2999,"status":"RUNNING","href":"/api/v1/workflowHistory/1","id":1},"warnings":[],"timestamp":1700000002999,"reasonPhrase":null,"metaInfo":null}"#
    );

    simulator.advance(Duration::from_secs(60)).unwrap();
    let over = history(&simulator, id);
    assert_eq!(over["status"], "COMPLETED");
    assert_eq!(over["endTime"], VIRTUAL_EPOCH_MS + 3000);
    assert_eq!(over["timeSpent"], 3000);
}

/// A workflow, what it wants, and from which millisecond on it is what, with how many steps begun.
type Life = (&'static str, Value, &'static [(u64, &'static str, usize)]);

#[test]
fn every_run_follows_its_script() {
    let table: [Life; 7] = [
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
    for (workflow, variables, life) in table {
        let simulator = in_virtual_time();
        let id = start(&simulator, workflow, variables);
        let mut elapsed = 0;
        let mut before = None;
        for (from, status, begun) in life {
            // The last moment of what was, and the first of what is.
            for (at, (status, begun)) in [
                (from.saturating_sub(1), before.unwrap_or((status, begun))),
                (*from, (status, begun)),
            ] {
                simulator.advance(Duration::from_millis(at - elapsed)).unwrap();
                elapsed = at;
                let history = history(&simulator, &id);
                assert_eq!(history["status"], *status, "{workflow} after {at} ms");
                assert_eq!(simulator.runs()[0].status, *status);
                assert_eq!(history["timeSpent"], at);
                assert_eq!(history.get("endTime").is_some(), at >= last(life));
                let steps =
                    fetch(&simulator, &format!("/workflowhistory/{id}/stephistory?top=999"));
                let steps = result(&steps);
                assert_eq!(steps.as_array().unwrap().len(), *begun, "{workflow} after {at} ms");
            }
            before = Some((status, begun));
        }
        simulator.advance(Duration::from_secs(3600)).unwrap();
        let over = history(&simulator, &id);
        assert_eq!(over["status"], life.last().unwrap().1);
        assert_eq!(over["timeSpent"], last(life));
        assert_eq!(over["endTime"], VIRTUAL_EPOCH_MS + last(life));
    }
}

fn last(life: &[(u64, &str, usize)]) -> u64 {
    life.last().unwrap().0
}

#[test]
fn every_variable_is_among_the_input_parameters() {
    let simulator = in_virtual_time();
    let variables = json!({
        "zeta": 1.5, "hostName": "srv", "alpha": true, "many": 3, "groups": ["vpn", "mail"],
        "nothing": null, "mixed": [1, "a"], "deep": { "a": 1 }, "maintenanceWindow": "PT1H"
    });
    let id = start(&simulator, "patch_server", variables.clone());
    let text = history(&simulator, &id)["inputParameters"].as_str().unwrap().to_owned();
    let parameters: Value = serde_json::from_str(&text).unwrap();
    let told: Vec<_> = parameters["inputParameters"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let name = one["parameter"].as_str().unwrap();
            assert_eq!(one["value"], variables[name]);
            (name, one["dataType"].as_str().unwrap())
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
    assert_eq!(told, expected);
}

#[test]
fn runs_are_apart_and_unknown_ones_are_not_found() {
    let simulator = in_virtual_time();
    let first = start(&simulator, "unlock_account", json!({ "userName": "a" }));
    simulator.advance(Duration::from_millis(700)).unwrap();
    let second = start(&simulator, "unlock_account", json!({ "userName": "b" }));
    simulator.advance(Duration::from_millis(700)).unwrap();
    assert_eq!(history(&simulator, &first)["status"], "COMPLETED");
    assert_eq!(history(&simulator, &second)["status"], "RUNNING");
    assert_eq!(history(&simulator, &second)["id"], 2);
    // An id may come percent-encoded.
    let encoded: String = second.bytes().map(|byte| format!("%{byte:02x}")).collect();
    assert_eq!(history(&simulator, &encoded)["id"], 2);

    for path in ["/workflowhistory/nope", "/workflowhistory/%zz", "/workflowhistory/a%2Fb%"] {
        for tail in ["", "/stephistory", "/stephistory/1001"] {
            let response = fetch(&simulator, &format!("{path}{tail}"));
            assert_eq!((response.status, &response.json()["status"]), (404, &json!("NotFound")));
            assert!(response.json()["errors"][0].as_str().unwrap().contains("trigger id"));
        }
    }
}

#[test]
fn a_run_that_a_fault_started_goes_on() {
    let simulator = in_virtual_time();
    let mut client = Client::connect(&simulator);
    assert_eq!(client.trigger(&simulator.token(), &named("fault-status-500")).status, 500);
    let id = simulator.runs()[0].trigger_id.clone();
    assert_eq!(history(&simulator, &id)["status"], "RUNNING");
    simulator.advance(Duration::from_secs(1)).unwrap();
    assert_eq!(history(&simulator, &id)["status"], "COMPLETED");
}
