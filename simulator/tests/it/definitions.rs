//! Workflow definitions.

use crate::client::{Client, get_api, in_virtual_time, result, validation_errors};
use luma_simulator::Simulator;
use serde_json::{Value, json};

fn identifiers(simulator: &Simulator, query: &str) -> Vec<String> {
    let list = result(&get_api(simulator, &format!("/workflowdefinition{query}")));
    let identifier = |definition: &Value| definition["identifier"].as_str().unwrap().to_owned();
    list.as_array().unwrap().iter().map(identifier).collect()
}

#[test]
fn a_definition_has_the_documented_bytes() {
    let simulator = in_virtual_time();
    assert_eq!(
        get_api(&simulator, "/workflowdefinition?filter=name=='*Password*'").body,
        r#"{"status":"Success","statusCode":0,"statusLine":"Successfully retrieved Workflow definition.","errors":null,"resultData":[{"identifier":"reset_password","name":"Reset Password","description":"Resets a directory password and tells the user","inputParameters":"{\"parameters\":[{\"parameter\":\"userName\",\"dataType\":\"TEXT\",\"required\":true,\"validations\":[{\"constraintType\":\"REQUIRED\",\"enforcementValue\":\"true\",\"errorMessage\":\"User name is required\"},{\"constraintType\":\"MAXIMUM_LENGTH\",\"enforcementValue\":\"64\",\"errorMessage\":\"User name is too long\"}]},{\"parameter\":\"notifyBy\",\"dataType\":\"TEXT\",\"required\":false,\"validations\":[{\"constraintType\":\"PATTERN\",\"enforcementValue\":\"^(email|sms)$\",\"errorMessage\":\"Notify by must be one of: email, sms\"}]}]}"}],"warnings":[],"timestamp":1700000000000,"reasonPhrase":null,"metaInfo":null}"#
    );
}

#[test]
fn the_list_can_be_filtered_sorted_and_paged() {
    let simulator = in_virtual_time();
    let all = identifiers(&simulator, "");
    assert_eq!(
        all,
        [
            "reset_password",
            "unlock_account",
            "patch_server",
            "restart_service",
            "offboard_user",
            "rotate_keys",
            "inventory_scan",
        ]
    );
    assert_eq!(identifiers(&simulator, "?skip=2&top=2"), all[2..4]);
    assert_eq!(
        identifiers(&simulator, "?orderBy=name+desc&top=3"),
        ["unlock_account", "rotate_keys", "restart_service"]
    );
    assert_eq!(
        identifiers(&simulator, "?filter=identifier==re*"),
        ["reset_password", "restart_service"]
    );
    assert_eq!(
        identifiers(&simulator, "?filter=inputParameters=='*userName*'&orderBy=name+asc"),
        ["offboard_user", "reset_password", "unlock_account"]
    );
    assert!(identifiers(&simulator, "?filter=name=='fault-nope'").is_empty());
    for query in ["filter=status==FAILED", "orderBy=id+asc", "top=x"] {
        validation_errors(&get_api(&simulator, &format!("/workflowdefinition?{query}")));
    }
}

#[test]
fn a_trigger_is_validated_as_its_definition_says() {
    let simulator = in_virtual_time();
    let list = result(&get_api(&simulator, "/workflowdefinition"));
    for definition in list.as_array().unwrap() {
        let parameters: Value =
            serde_json::from_str(definition["inputParameters"].as_str().unwrap()).unwrap();
        let expected: Vec<_> = parameters["parameters"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|parameter| parameter["validations"].as_array().unwrap())
            .filter(|validation| validation["constraintType"] == "REQUIRED")
            .map(|validation| validation["errorMessage"].clone())
            .collect();
        assert!(!expected.is_empty());
        let body = json!({ "workflowIdentifier": definition["identifier"] });
        let response = Client::connect(&simulator).trigger(&simulator.token(), &body);
        assert_eq!(validation_errors(&response), Value::Array(expected));
    }
}
