//! Real and virtual time.

use std::io::ErrorKind;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::client::{Client, Response, get_api, in_virtual_time, request, result, start_run};
use luma_simulator::{Simulator, VIRTUAL_EPOCH_MS};
use serde_json::json;

fn advance(simulator: &Simulator, query: &str) -> Response {
    let mut client = Client::connect(simulator);
    client.send(request("POST", &format!("/simulator/time{query}"), "", ""));
    client.response()
}

fn timestamp(simulator: &Simulator) -> u64 {
    get_api(simulator, "/workflowdefinition").json()["timestamp"].as_u64().unwrap()
}

#[test]
fn virtual_time_moves_only_when_advanced() {
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
fn virtual_time_stops_at_its_maximum() {
    let simulator = in_virtual_time();
    simulator.advance(Duration::MAX).unwrap();
    let last = i64::MAX.unsigned_abs();
    assert_eq!(advance(&simulator, "?advanceMs=18446744073709551615").json()["now"], last);
    let id = start_run(&simulator, "patch_server", json!({ "hostName": "srv" }));
    let history = result(&get_api(&simulator, &format!("/workflowhistory/{id}")));
    assert_eq!((&history["startTime"], &history["status"]), (&json!(last), &json!("ACTIVATED")));
}

#[test]
fn advance_ms_must_be_a_whole_number() {
    let simulator = in_virtual_time();
    for query in ["", "?advanceMs", "?advanceMs=", "?advanceMs=-1", "?advanceMs=1.5", "?advance=1"]
    {
        assert_eq!(advance(&simulator, query).status, 400, "{query}");
    }
    assert_eq!(timestamp(&simulator), VIRTUAL_EPOCH_MS);
}

#[test]
fn real_time_passes_and_cannot_be_advanced() {
    let simulator = Simulator::start().unwrap();
    let error = simulator.advance(Duration::from_millis(1)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    let response = advance(&simulator, "?advanceMs=1");
    assert_eq!((response.status, &response.json()["status"]), (409, &json!("Conflict")));

    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    assert!(now.abs_diff(u128::from(timestamp(&simulator))) < 60_000);
    let id = start_run(&simulator, "unlock_account", json!({ "userName": "jdoe" }));
    let path = format!("/workflowhistory/{id}");
    // The run takes one second, however long these requests take.
    while result(&get_api(&simulator, &path))["status"] == "RUNNING" {
        std::thread::sleep(Duration::from_millis(20));
    }
    let history = result(&get_api(&simulator, &path));
    assert_eq!((&history["status"], &history["timeSpent"]), (&json!("COMPLETED"), &json!(1000)));
}
