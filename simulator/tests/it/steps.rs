//! The steps of a run: filtered, sorted and paged lists, and one step in detail.

use std::time::Duration;

use crate::client::{get_api, in_virtual_time, result, start_run, validation_errors};
use luma_simulator::{Simulator, VIRTUAL_EPOCH_MS};
use serde_json::{Value, json};

fn path(trigger_id: &str, tail: &str) -> String {
    format!("/workflowhistory/{trigger_id}/stephistory{tail}")
}

fn list(simulator: &Simulator, trigger_id: &str, query: &str) -> Vec<Value> {
    let response = get_api(simulator, &path(trigger_id, query));
    result(&response).as_array().unwrap().clone()
}

/// Returns a string field of every step.
fn strings(steps: &[Value], field: &str) -> Vec<String> {
    steps.iter().map(|step| step[field].as_str().unwrap().to_owned()).collect()
}

fn failed_restart(simulator: &Simulator) -> String {
    let variables = json!({ "hostName": "srv", "serviceName": "spooler" });
    let id = start_run(simulator, "restart_service", variables);
    simulator.advance(Duration::from_secs(2)).unwrap();
    id
}

#[test]
fn lists_and_details_have_the_documented_bytes() {
    let simulator = in_virtual_time();
    let id = start_run(&simulator, "reset_password", json!({ "userName": "jdoe" }));
    simulator.advance(Duration::from_millis(500)).unwrap();
    let begin = r#""status":"Success","statusCode":0,"statusLine":"Successfully retrieved workflow step history record"#;
    let end = r#","warnings":[],"timestamp":1700000000500,"reasonPhrase":null,"metaInfo":null}"#;
    assert_eq!(
        get_api(&simulator, &path(&id, "")).body,
        format!(
            r#"{{{begin}s.","errors":null,"resultData":[{{"activityName":"Start - Reset Password","activityId":"StartEvent_1","activityType":"startEvent","startTime":1700000000000,"endTime":1700000000018,"status":"COMPLETED","totalAttempts":1,"timeSpent":18,"id":1001}},{{"activityName":"get user","activityId":"Activity_0onlkqz","activityType":"serviceTask","startTime":1700000000120,"status":"RUNNING","totalAttempts":1,"timeSpent":380,"id":1002}}]{end}"#
        )
    );
    assert_eq!(
        get_api(&simulator, &path(&id, "/1001")).body,
        format!(
            r#"{{{begin}.","errors":null,"resultData":{{"activityName":"Start - Reset Password","activityId":"StartEvent_1","activityType":"startEvent","startTime":1700000000000,"endTime":1700000000018,"status":"COMPLETED","totalAttempts":1,"timeSpent":18,"activityRuntimeAttributes":{{"userName":"jdoe"}},"id":1001}}{end}"#
        )
    );
    assert_eq!(result(&get_api(&simulator, &path(&id, "/%31002")))["status"], "RUNNING");
    for unknown in ["/1003", "/1", "/x", "/%2f"] {
        let response = get_api(&simulator, &path(&id, unknown));
        assert_eq!(
            (response.status, &response.json()["status"]),
            (404, &json!("NotFound")),
            "{unknown}"
        );
    }
}

#[test]
fn a_step_ends_as_its_script_says() {
    let simulator = in_virtual_time();
    let id = failed_restart(&simulator);
    let steps = list(&simulator, &id, "");
    let failed = &steps[2];
    assert_eq!(failed["status"], "FAILED");
    assert_eq!(failed["totalAttempts"], 3);
    assert_eq!(failed["endTime"], VIRTUAL_EPOCH_MS + 2000);

    let id = start_run(&simulator, "patch_server", json!({ "hostName": "srv" }));
    simulator.advance(Duration::from_secs(90)).unwrap();
    let waiting = list(&simulator, &id, "?filter=activityType==userTask");
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0]["status"], "RUNNING");
    assert_eq!(waiting[0]["timeSpent"], 30_000);
    assert_eq!(waiting[0].get("endTime"), None);
}

#[test]
fn filter_selects_steps() {
    let simulator = in_virtual_time();
    let id = failed_restart(&simulator);
    let names = ["Start - Restart Service", "stop service", "start service"];
    let table: [(&str, &[usize]); 17] = [
        ("status==FAILED", &[2]),
        ("status=='FAILED'", &[2]),
        ("status%3D%3D%27FAILED%27", &[2]),
        ("+status+==+FAILED+", &[2]),
        ("status==failed", &[2]),
        ("status==FAIL", &[]),
        ("status==FAIL*", &[2]),
        ("activityName=='*service'", &[0, 1, 2]),
        ("activityName=='*t*'", &[0, 1, 2]),
        ("activityName=='stop+service'", &[1]),
        ("activityName=='st*ice'", &[]),
        ("activityName==*", &[0, 1, 2]),
        ("activityName==''", &[]),
        ("totalAttempts==3", &[2]),
        ("id==1002", &[1]),
        ("timeSpent==800", &[1]),
        ("activityType==startEvent", &[0]),
    ];
    for (filter, expected) in table {
        let steps = list(&simulator, &id, &format!("?filter={filter}"));
        let expected: Vec<_> = expected.iter().map(|index| names[*index]).collect();
        assert_eq!(strings(&steps, "activityName"), expected, "{filter}");
    }
}

#[test]
fn order_by_sorts_steps() {
    let simulator = in_virtual_time();
    let id = failed_restart(&simulator);
    let table = [
        ("activityName+asc", [1001, 1003, 1002]),
        ("activityName%20desc", [1002, 1003, 1001]),
        ("startTime+desc", [1003, 1002, 1001]),
        ("timeSpent+asc", [1001, 1002, 1003]),
        ("totalAttempts+desc", [1003, 1001, 1002]),
        ("++id+++asc+", [1001, 1002, 1003]),
    ];
    for (order, expected) in table {
        let steps = list(&simulator, &id, &format!("?orderBy={order}"));
        let ids: Vec<_> = steps.iter().map(|step| step["id"].as_u64().unwrap()).collect();
        assert_eq!(ids, expected, "{order}");
    }
    let steps = list(&simulator, &id, "?top=1&orderBy=id+desc&skip=1&filter=status==COMPLETED");
    assert_eq!(steps.len(), 1);
    assert_eq!(steps[0]["id"], 1001);
}

#[test]
fn invalid_parameters_are_a_validation_error() {
    let simulator = in_virtual_time();
    let id = failed_restart(&simulator);
    let table = [
        ("filter=", "filter"),
        ("filter", "filter"),
        ("filter=status", "filter"),
        ("filter=status=FAILED", "filter"),
        ("filter=status==", "filter"),
        ("filter=status===FAILED", "filter"),
        ("filter==FAILED", "filter"),
        ("filter===FAILED", "filter"),
        ("filter=nope==1", "filter"),
        ("filter=status=='FAILED", "filter"),
        ("filter=status=='", "filter"),
        ("filter=status=='a'b'", "filter"),
        ("filter=status==FAILED+or+status==RUNNING", "filter"),
        ("filter=%FF%00==1", "filter"),
        ("orderBy=", "orderBy"),
        ("orderBy=startTime", "orderBy"),
        ("orderBy=startTime+up", "orderBy"),
        ("orderBy=nope+asc", "orderBy"),
        ("orderBy=startTime+asc+x", "orderBy"),
        ("skip=-1", "skip"),
        ("skip=x", "skip"),
        ("skip=", "skip"),
        ("skip=99999999999999999999999", "skip"),
        ("top=1.5", "top"),
        ("top=-1", "top"),
    ];
    for (query, parameter) in table {
        let errors = validation_errors(&get_api(&simulator, &path(&id, &format!("?{query}"))));
        assert_eq!(errors.as_array().unwrap().len(), 1, "{query}");
        assert!(
            errors[0].as_str().unwrap().starts_with(&format!("{parameter} must be")),
            "{errors}"
        );
    }
    let errors =
        validation_errors(&get_api(&simulator, &path(&id, "?top=x&skip=x&orderBy=x&filter=x")));
    assert_eq!(errors.as_array().unwrap().len(), 4);
}

#[test]
fn pages_cover_all_250_steps() {
    let simulator = in_virtual_time();
    let id = start_run(&simulator, "inventory_scan", json!({ "siteName": "north" }));
    assert_eq!(list(&simulator, &id, "").len(), 10);
    for top in [1, 7, 10, 100, 125, 250, 251] {
        let mut ids = Vec::new();
        loop {
            let page = list(&simulator, &id, &format!("?skip={}&top={top}", ids.len()));
            ids.extend(strings(&page, "id"));
            if page.len() < top {
                break;
            }
        }
        let expected: Vec<_> = (1001..=1250).map(|number| format!("s-{number}")).collect();
        assert_eq!(ids, expected, "{top}");
    }
    assert!(list(&simulator, &id, "?skip=250").is_empty());
    assert!(list(&simulator, &id, "?skip=18446744073709551615").is_empty());
    assert!(list(&simulator, &id, "?top=0").is_empty());
    assert_eq!(list(&simulator, &id, "?top=18446744073709551615").len(), 250);
}

#[test]
fn an_inventory_scan_has_irregular_steps() {
    let simulator = in_virtual_time();
    let id = start_run(&simulator, "inventory_scan", json!({ "siteName": "north" }));
    let steps = list(&simulator, &id, "?top=7");
    assert_eq!(steps[1]["activityName"], "scan host 1");
    assert_eq!(steps[1]["endTime"], VIRTUAL_EPOCH_MS);
    assert_eq!(
        (&steps[2]["endTime"], steps[2].get("timeSpent")),
        (&Value::Null, Some(&Value::Null))
    );
    assert!(steps[2].get("endTime").is_some());
    for missing in ["endTime", "timeSpent", "totalAttempts"] {
        assert_eq!(steps[6].get(missing), None);
    }
    assert_eq!(list(&simulator, &id, "?filter=endTime==null&top=99").len(), 50);
    let first = &list(&simulator, &id, "?orderBy=endTime+asc&top=1")[0];
    assert_eq!(first["id"], "s-1003");

    let detail = result(&get_api(&simulator, &path(&id, "/s-1003")));
    assert_eq!(detail.get("activityRuntimeAttributes"), Some(&Value::Null));
}
