//! The clock: real, or standing still until it is advanced.

mod support;

use std::io::ErrorKind;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use luma_simulator::{Simulator, VIRTUAL_EPOCH_MS};
use serde_json::json;
use support::{Client, Response, fetch, in_virtual_time, request, result, start};

fn advance(simulator: &Simulator, query: &str) -> Response {
    let mut client = Client::connect(simulator);
    client.send(request("POST", &format!("/simulator/time{query}"), "", ""));
    client.response()
}

fn timestamp(simulator: &Simulator) -> u64 {
    fetch(simulator, "/workflowdefinition").json()["timestamp"].as_u64().unwrap()
}

#[test]
fn virtual_time_moves_only_when_told() {
    let simulator = in_virtual_time();
    assert_eq!(timestamp(&simulator), VIRTUAL_EPOCH_MS);
    simulator.advance(Duration::from_millis(250)).unwrap();
    assert_eq!(timestamp(&simulator), VIRTUAL_EPOCH_MS + 250);
    let response = advance(&simulator, "?advanceMs=750");
    assert_eq!(
        (response.status, response.json()),
        (200, json!({ "now": VIRTUAL_EPOCH_MS + 1000 }))
    );
    assert_eq!(timestamp(&simulator), VIRTUAL_EPOCH_MS + 1000);
    assert!(simulator.journal().iter().all(|delivery| !delivery.path.starts_with("/simulator")));
}

#[test]
fn virtual_time_has_an_end() {
    let simulator = in_virtual_time();
    simulator.advance(Duration::MAX).unwrap();
    let last = i64::MAX.unsigned_abs();
    assert_eq!(advance(&simulator, "?advanceMs=18446744073709551615").json()["now"], last);
    let id = start(&simulator, "patch_server", json!({ "hostName": "srv" }));
    let history = result(&fetch(&simulator, &format!("/workflowhistory/{id}")));
    assert_eq!((&history["startTime"], &history["status"]), (&json!(last), &json!("ACTIVATED")));
}

#[test]
fn only_a_number_can_be_added() {
    let simulator = in_virtual_time();
    for query in ["", "?advanceMs", "?advanceMs=", "?advanceMs=-1", "?advanceMs=1.5", "?advance=1"]
    {
        assert_eq!(advance(&simulator, query).status, 400, "{query}");
    }
    assert_eq!(timestamp(&simulator), VIRTUAL_EPOCH_MS);
}

#[test]
fn real_time_moves_by_itself() {
    let simulator = Simulator::start().unwrap();
    let error = simulator.advance(Duration::from_millis(1)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    let response = advance(&simulator, "?advanceMs=1");
    assert_eq!((response.status, &response.json()["status"]), (409, &json!("Conflict")));

    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    assert!(now.abs_diff(u128::from(timestamp(&simulator))) < 60_000);
    let id = start(&simulator, "unlock_account", json!({ "userName": "jdoe" }));
    let path = format!("/workflowhistory/{id}");
    // It takes a second, however long these questions take.
    while result(&fetch(&simulator, &path))["status"] == "RUNNING" {
        std::thread::sleep(Duration::from_millis(20));
    }
    let history = result(&fetch(&simulator, &path));
    assert_eq!((&history["status"], &history["timeSpent"]), (&json!("COMPLETED"), &json!(1000)));
}
