//! Custom workflows.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::client::{
    API, Client, bearer, get, get_api, request, result, start_run, validation_errors,
};
use luma_simulator::{Options, Simulator, Time, Workflows};
use serde_json::{Value, json};

/// Starts a simulator in virtual time with these workflows.
fn simulate(workflows: &str) -> Simulator {
    let workflows = Workflows::from_json(workflows).unwrap();
    Simulator::start_with(Options { time: Time::Virtual, workflows, ..Options::default() }).unwrap()
}

fn with_steps(steps: &Value) -> String {
    json!({ "workflows": [{ "identifier": "w", "steps": steps }] }).to_string()
}

fn status(simulator: &Simulator, id: &str) -> Value {
    result(&get_api(simulator, &format!("/workflowhistory/{id}")))["status"].clone()
}

fn steps(simulator: &Simulator, id: &str) -> Value {
    result(&get_api(simulator, &format!("/workflowhistory/{id}/stephistory?top=1000")))
}

#[test]
fn the_printed_workflows_behave_as_the_built_in_ones() {
    let output =
        Command::new(env!("CARGO_BIN_EXE_luma-simulator")).arg("--print-workflows").output();
    let template = String::from_utf8(output.unwrap().stdout).unwrap();
    let built_in =
        Simulator::start_with(Options { time: Time::Virtual, ..Options::default() }).unwrap();
    let loaded = simulate(&template);
    let both = [&built_in, &loaded];
    let [expected, given] = both.map(|it| get_api(it, "/workflowdefinition?top=100").body);
    assert_eq!(given, expected);
    let definitions: Value = serde_json::from_str(&expected).unwrap();
    let definitions = definitions["resultData"].as_array().unwrap();
    assert_eq!(definitions.len(), 7);

    let variables = json!({
        "userName": "jdoe", "hostName": "h", "serviceName": "s", "keyName": "k", "siteName": "x",
    });
    let identifiers = definitions.iter().map(|it| it["identifier"].as_str().unwrap());
    let ids: Vec<_> = identifiers
        .map(|identifier| both.map(|it| start_run(it, identifier, variables.clone())))
        .collect();
    // Most runs end within three seconds, and one takes three minutes.
    for ms in [[97; 32], [6007; 32]].as_flattened() {
        for [expected, given] in &ids {
            let expected = (status(&built_in, expected), steps(&built_in, expected));
            assert_eq!((status(&loaded, given), steps(&loaded, given)), expected);
        }
        for simulator in both {
            simulator.advance(Duration::from_millis(*ms)).unwrap();
        }
    }
    assert_eq!(status(&loaded, &ids[2][1]), "COMPLETED");
}

#[test]
fn a_file_replaces_the_built_in_workflows() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join("workflows.json");
    let run = |json: &str| {
        fs::write(&file, json).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_luma-simulator"));
        command.arg("--workflows").arg(&file).arg("--version").output().unwrap()
    };
    assert!(run(Workflows::BUILT_IN).status.success());

    let output = run("{\"workflows\": [\n  {\"identifier\": \"w\", \"steps\": 1}]}");
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8(output.stderr).unwrap();
    let expected = format!(
        "luma-simulator: {}, line 2: workflows[0].steps: must be an array: […]\n",
        file.display()
    );
    assert!(message.starts_with(&expected), "{message}");

    fs::remove_file(&file).unwrap();
    let missing = Command::new(env!("CARGO_BIN_EXE_luma-simulator"))
        .args(["--workflows", "no-such-file.json"])
        .output()
        .unwrap();
    assert_eq!(missing.status.code(), Some(2));
    let message = String::from_utf8(missing.stderr).unwrap();
    assert!(message.starts_with("luma-simulator: cannot read no-such-file.json: "), "{message}");

    let simulator = simulate(&with_steps(&json!([{ "name": "a", "durationMs": 1 }])));
    let list = result(&get_api(&simulator, "/workflowdefinition"));
    assert_eq!(list.as_array().unwrap().len(), 1);
}

#[test]
fn steps_follow_each_other_unless_they_say_when_they_start() {
    let simulator = simulate(&with_steps(&json!([
        { "name": "one", "durationMs": 1000 },
        { "name": "two", "durationMs": 500, "id": "Task_2", "type": "userTask" },
        { "name": "beside", "durationMs": 100, "startMs": 200 },
    ])));
    let id = start_run(&simulator, "w", json!({}));
    let mut seen = Vec::new();
    for _ in 0..16 {
        let steps = steps(&simulator, &id);
        let running = steps.as_array().unwrap().iter().filter(|it| it["status"] == "RUNNING");
        let names: Vec<_> = running.map(|it| it["activityName"].as_str().unwrap()).collect();
        seen.push((names.join("+"), status(&simulator, &id).as_str().unwrap().to_owned()));
        simulator.advance(Duration::from_millis(100)).unwrap();
    }
    let expected = |n: usize| match n {
        2 => ("one+beside", "RUNNING"),
        0..10 => ("one", "RUNNING"),
        10..15 => ("two", "RUNNING"),
        _ => ("", "COMPLETED"),
    };
    for (n, (names, status)) in seen.iter().enumerate() {
        assert_eq!((&**names, &**status), expected(n), "{n}");
    }
    let steps = steps(&simulator, &id);
    assert_eq!(steps[0]["activityId"], "Activity_1");
    assert_eq!(steps[0]["activityType"], "serviceTask");
    assert_eq!(
        (&steps[1]["activityId"], &steps[1]["activityType"]),
        (&json!("Task_2"), &json!("userTask"))
    );
}

#[test]
fn statuses_and_the_final_status_are_those_of_the_file() {
    let simulator = simulate(
        &json!({ "workflows": [{
            "identifier": "w",
            "statuses": [
                { "status": "WAITING_FOR_MOON", "durationMs": 1000 },
                { "status": "RUNNING", "durationMs": 2000 },
            ],
            "finalStatus": "TERMINATED",
            "steps": [{ "name": "a", "durationMs": 1500, "startMs": 1500, "finalStatus": "FAILED" }],
        }] })
        .to_string(),
    );
    let id = start_run(&simulator, "w", json!({}));
    for expected in ["WAITING_FOR_MOON", "RUNNING", "RUNNING", "TERMINATED"] {
        assert_eq!(status(&simulator, &id), expected);
        let page = get(&simulator, &format!("/simulator/page/runs/{id}")).body;
        assert!(page.contains(&format!(">{expected}</span>")), "{page}");
        simulator.advance(Duration::from_secs(1)).unwrap();
    }
    assert_eq!(steps(&simulator, &id)[0]["status"], "FAILED");
}

#[test]
fn a_trigger_is_checked_against_the_constraints() {
    let simulator = simulate(
        &json!({ "workflows": [{
            "identifier": "w",
            "parameters": [
                { "parameter": "a", "caption": "A", "required": true, "length": 2 },
                { "parameter": "b", "pattern": "^[a-z]+-[0-9]+$" },
                { "parameter": "c", "minimumLength": 2, "maximumLength": 3 },
                { "parameter": "d", "dataType": "INTEGER", "minimum": -1, "maximum": 1 },
                { "parameter": "e", "oneOf": ["x", "y"] },
            ],
            "steps": [{ "name": "a", "durationMs": 1 }],
        }] })
        .to_string(),
    );
    let definitions = result(&get_api(&simulator, "/workflowdefinition"));
    let declared: Value =
        serde_json::from_str(definitions[0]["inputParameters"].as_str().unwrap()).unwrap();
    let expected = json!([
        { "constraintType": "REQUIRED", "enforcementValue": "true", "errorMessage": "A is required" },
        { "constraintType": "LENGTH", "enforcementValue": "2", "errorMessage": "A must have 2 characters" },
    ]);
    assert_eq!(declared["parameters"][0]["validations"], expected);
    assert_eq!(declared["parameters"][0]["dataType"], "TEXT");
    assert_eq!(declared["parameters"][1]["validations"][0]["enforcementValue"], "^[a-z]+-[0-9]+$");
    assert_eq!(declared["parameters"][3]["dataType"], "INTEGER");
    for (variables, expected) in [
        (json!({}), json!(["A is required"])),
        (json!({ "a": "äöü" }), json!(["A must have 2 characters"])),
        (json!({ "a": "äö", "b": "x1" }), json!(["b must match ^[a-z]+-[0-9]+$"])),
        (
            json!({ "a": "äö", "b": 1, "c": "x" }),
            json!(["b must match ^[a-z]+-[0-9]+$", "c is too short"]),
        ),
        (
            json!({ "a": "äö", "c": "xxxx", "d": "2" }),
            json!(["c is too long", "d must be at most 1"]),
        ),
        (
            json!({ "a": "äö", "d": -2, "e": "z" }),
            json!(["d must be at least -1", "e must be one of: x, y"]),
        ),
    ] {
        let body = json!({ "workflowIdentifier": "w", "variables": variables });
        let response = Client::connect(&simulator).trigger(&simulator.token(), &body);
        assert_eq!(validation_errors(&response), expected, "{variables}");
    }
    start_run(&simulator, "w", json!({ "a": "äö", "b": "db-7", "c": "xx", "d": 1, "e": "y" }));
}

#[test]
fn secrets_are_masked_on_the_web_pages() {
    let simulator = simulate(
        &json!({ "workflows": [{
            "identifier": "w",
            "parameters": [{ "parameter": "password", "secret": true }, { "parameter": "user" }],
            "steps": [{ "name": "a", "durationMs": 1 }],
        }] })
        .to_string(),
    );
    let id = start_run(&simulator, "w", json!({ "password": "hunter2", "user": "jdoe" }));
    let path = format!("{API}/workflow/trigger");
    let mut client = Client::connect(&simulator);
    // The journal contains requests that were rejected, too.
    let body =
        r#"{"workflowIdentifier":"w","variables":{"password":["hunter2"]},"initiationInfo":1}"#;
    client.send(request("POST", &path, &bearer(&simulator.token()), body));
    validation_errors(&client.response());
    for path in ["/", &format!("/simulator/page/runs/{id}")] {
        let page = get(&simulator, path).body;
        assert!(page.contains("(secret)") && page.contains("jdoe"), "{page}");
        assert!(!page.contains("hunter2"), "{page}");
    }
    // A program sees everything.
    assert_eq!(simulator.runs()[0].variables["password"], "hunter2");
}

#[test]
fn a_mistake_is_reported_with_its_line_and_field() {
    let step = r#""steps":[{"name":"a","durationMs":1}]"#;
    let parameter = |members: &str| {
        format!(
            "{{\"workflows\":[\n{{\"identifier\":\"w\",{step},\"parameters\":[\n{{{members}}}]}}]}}"
        )
    };
    let steps =
        |steps: &str| format!("{{\"workflows\":[{{\"identifier\":\"w\",\n\"steps\":{steps}}}]}}");
    let workflow = |members: &str| format!("{{\"workflows\":[\n{{{step},\n{members}}}]}}");
    let table = [
        (String::new(), 1, "", "invalid JSON in column 0: EOF while parsing a value"),
        ("{\"workflows\":\n\n[}".to_owned(), 3, "", "invalid JSON in column 2: expected value"),
        ("[]".to_owned(), 1, "", "must be an object: {…}"),
        ("{}".to_owned(), 1, "", "workflows is missing; add it"),
        ("{\"workflow\":[]}".to_owned(), 1, "workflow", "unknown field; use one of: workflows"),
        ("{\n\"workflows\":{}}".to_owned(), 2, "workflows", "must be an array: […]"),
        ("{\"workflows\":[]}".to_owned(), 1, "workflows", "must have at least one workflow"),
        (
            "{\"workflows\":[\n\"reset_password\"]}".to_owned(),
            2,
            "workflows[0]",
            "must be an object: {…}",
        ),
        (workflow("\"name\":\"W\""), 2, "workflows[0]", "identifier is missing; add it"),
        (
            workflow("\"identifier\":\"\""),
            3,
            "workflows[0].identifier",
            "must be a string that is not empty: \"…\"",
        ),
        (
            workflow("\"identifier\":7"),
            3,
            "workflows[0].identifier",
            "must be a string that is not empty: \"…\"",
        ),
        (
            workflow("\"identifier\":\"fault-hang\""),
            3,
            "workflows[0].identifier",
            "must not start with 'fault-', which names a fault",
        ),
        (
            workflow("\"identifier\":\"w\",\"identifier\":\"x\""),
            3,
            "workflows[0].identifier",
            "is there twice; remove one of them",
        ),
        (
            workflow("\"identifier\":\"w\",\n\"colour\":1"),
            4,
            "workflows[0].colour",
            "unknown field; use one of: identifier, name, description, parameters, statuses, finalStatus, steps, irregularSteps",
        ),
        (
            workflow("\"identifier\":\"w\",\"finalStatus\":\"DONE\""),
            3,
            "workflows[0].finalStatus",
            "'DONE' must be one of: COMPLETED, FAILED, TERMINATED",
        ),
        (
            workflow("\"identifier\":\"w\",\"irregularSteps\":1"),
            3,
            "workflows[0].irregularSteps",
            "must be true or false",
        ),
        (
            workflow(
                "\"identifier\":\"w\",\"statuses\":[{\"status\":\"FAILED\",\"durationMs\":1}]",
            ),
            3,
            "workflows[0].statuses[0].status",
            "FAILED ends a run; use finalStatus for it",
        ),
        (
            format!(
                "{{\"workflows\":[{{\"identifier\":\"w\",{step}}},\n{{\"identifier\":\"w\",{step}}}]}}"
            ),
            2,
            "workflows[1].identifier",
            "another workflow has this identifier; change one",
        ),
        (
            parameter("\"dataType\":\"TEXT\""),
            3,
            "workflows[0].parameters[0]",
            "parameter is missing; add it",
        ),
        (
            parameter("\"parameter\":\"p\",\n\"dataType\":\"STRING\""),
            4,
            "workflows[0].parameters[0].dataType",
            "'STRING' must be one of: TEXT, INTEGER, DECIMAL, BOOLEAN, URL, DATETIME, DATE, TIME, TIMESTAMP, STRING_LIST, LONG, GEOPOINT, YEAR, YEARMONTH, DURATION, IPADDRESS, JSON, XML",
        ),
        (
            parameter("\"parameter\":\"p\",\"minimum\":1.5"),
            3,
            "workflows[0].parameters[0].minimum",
            "must be a whole number from -9223372036854775808 to 9223372036854775807",
        ),
        (
            parameter("\"parameter\":\"p\",\"maximumLength\":-1"),
            3,
            "workflows[0].parameters[0].maximumLength",
            "must be a whole number from 0 to 1000000",
        ),
        (
            parameter("\"parameter\":\"p\",\"oneOf\":[\"a\",\n1]"),
            4,
            "workflows[0].parameters[0].oneOf[1]",
            "must be a string that is not empty: \"…\"",
        ),
        (
            parameter("\"parameter\":\"p\"},\n{\"parameter\":\"p\""),
            4,
            "workflows[0].parameters[1]",
            "another parameter has this name; change one",
        ),
        (steps("[]"), 2, "workflows[0].steps", "must have at least one step"),
        (steps("[{\"name\":\"a\"}]"), 2, "workflows[0].steps[0]", "durationMs is missing; add it"),
        (
            steps("[{\"name\":\"a\",\n\"durationMs\":\"1 s\"}]"),
            3,
            "workflows[0].steps[0].durationMs",
            "must be a whole number from 0 to 315360000000",
        ),
        (
            steps("[{\"name\":\"a\",\"durationMs\":1,\"repetitions\":1000}]"),
            2,
            "workflows[0].steps[0].repetitions",
            "must be a whole number from 1 to 999",
        ),
        (
            steps(
                "[{\"name\":\"a\",\"durationMs\":1,\"repetitions\":600},{\"name\":\"b\",\"durationMs\":1,\"repetitions\":600}]",
            ),
            2,
            "workflows[0].steps",
            "a run has at most 999 steps, and these are 1200",
        ),
        (
            steps(
                "[{\"name\":\"a\",\"durationMs\":1},\n{\"name\":\"b\",\"durationMs\":2}],\"statuses\":[{\"status\":\"RUNNING\",\"durationMs\":2}]",
            ),
            3,
            "workflows[0].steps[1]",
            "ends 3 ms after the start of the run, which ends after 2 ms; shorten the step, or lengthen the statuses",
        ),
    ];
    for (json, line, field, message) in table {
        let invalid = Workflows::from_json(&json).unwrap_err();
        assert_eq!(
            (invalid.line, &*invalid.field, &*invalid.message),
            (line, field, message),
            "{json}"
        );
        let expected = match field {
            "" => format!("line {line}: {message}"),
            field => format!("line {line}: {field}: {message}"),
        };
        assert_eq!(invalid.to_string(), expected);
    }
    let invalid =
        Workflows::from_json(&parameter("\"parameter\":\"p\",\"pattern\":\"(\"")).unwrap_err();
    assert_eq!((invalid.line, &*invalid.field), (3, "workflows[0].parameters[0].pattern"));
    assert!(invalid.message.starts_with("is not a valid regular expression: "), "{invalid}");
    // Editors on Windows write a byte order mark.
    Workflows::from_json(&format!("\u{feff}{}\r\n", steps("[{\"name\":\"a\",\"durationMs\":1}]")))
        .unwrap();
}

#[test]
fn the_example_of_the_documentation_is_valid() {
    let page = include_str!("../../../docs/simulator.md");
    let (_, example) = page.split_once("```json\n").unwrap();
    let simulator = simulate(example.split_once("```").unwrap().0);
    let id =
        start_run(&simulator, "order_laptop", json!({ "model": "air-13", "costCentre": 4711 }));
    assert_eq!(status(&simulator, &id), "RUNNING");
    simulator.advance(Duration::from_secs(60 * 60)).unwrap();
    assert_eq!(status(&simulator, &id), "COMPLETED");
}
