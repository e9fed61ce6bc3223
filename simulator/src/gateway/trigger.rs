//! Triggers a workflow: validates the request and starts a run.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use super::call::Call;
use crate::envelope::Envelope;
use crate::http::Response;
use crate::state::{Initiator, Run};
use crate::workflows::Workflow;

type Object = Map<String, Value>;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TriggerResult<'a> {
    execution_config: ExecutionConfig<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_info: Option<StatusInfo>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExecutionConfig<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    trigger_id: Option<&'a str>,
    identifier: Option<&'a str>,
    name: Option<&'a str>,
}

#[derive(Serialize)]
struct StatusInfo {
    status: &'static str,
}

/// The key that each of these applications requires in `initiationInfo`.
const REQUIRED_INFO: &[(i64, &str)] = &[(-2, "lumaChannelAccountId"), (-4, "ticketIdentifier")];

/// The response for a started run.
pub(super) fn success(now: u64, run: &Run) -> Envelope {
    submitted(now, Some(&run.trigger_id), run)
}

/// The same response without the trigger id.
pub(super) fn success_without_trigger_id(now: u64, run: &Run) -> Envelope {
    submitted(now, None, run)
}

fn submitted(now: u64, trigger_id: Option<&str>, run: &Run) -> Envelope {
    let (identifier, name) = (Some(&*run.workflow_identifier), Some(&*run.name));
    let result = TriggerResult {
        execution_config: ExecutionConfig { trigger_id, identifier, name },
        status_info: Some(StatusInfo { status: "SUBMITTED" }),
    };
    Envelope::success(now, "Successfully submitted workflow trigger request.", &result)
}

/// The response to an invalid trigger. `identifier` and `name` are those of its workflow, if known.
pub(super) fn validation_error(
    now: u64,
    identifier: Option<&str>,
    name: Option<&str>,
    errors: Vec<String>,
) -> Envelope {
    let status_line = "Failed to submit workflow trigger request due to validation errors.";
    let execution_config = ExecutionConfig { trigger_id: None, identifier, name };
    let result = TriggerResult { execution_config, status_info: None };
    Envelope::validation_error(now, status_line, errors).with_result(&result)
}

/// Starts a run.
pub(super) fn submit(call: &Call<'_>) -> Result<Envelope, Response> {
    let run = validate(call)?;
    let success = success(call.now, &run);
    call.state.add(run);
    Ok(success)
}

/// Returns the run to start, or an error response that names every problem.
fn validate(call: &Call<'_>) -> Result<Run, Response> {
    let body = call.body;
    let mut errors = Vec::new();
    let identifier = match body.get("workflowIdentifier") {
        Some(Value::String(identifier)) if !identifier.is_empty() => Some(identifier.as_str()),
        Some(value) if !value.is_null() && value.as_str().is_none() => {
            errors.push("Workflow identifier must be a string".to_owned());
            None
        }
        _ => {
            errors.push("Workflow identifier is required".to_owned());
            None
        }
    };
    let workflow = identifier.and_then(|identifier| call.state.workflows().find(identifier));
    if let (Some(identifier), None) = (identifier, workflow) {
        errors.push(format!("Workflow '{identifier}' does not exist"));
    }
    match (object(body, "variables"), workflow) {
        (Err(()), _) => errors.push("Variables must be an object".to_owned()),
        (Ok(variables), Some(workflow)) => {
            let given = |name| variables.and_then(|variables| variables.get(name));
            let declared = workflow.variables.iter();
            errors.extend(declared.flat_map(|declared| declared.check(given(&declared.parameter))));
        }
        (Ok(_), None) => {}
    }
    check_initiator(body, &mut errors);

    match workflow {
        Some(workflow) if errors.is_empty() => Ok(new_run(call, workflow)),
        _ => {
            let name = workflow.map(|workflow| &*workflow.name);
            Err(validation_error(call.now, identifier, name, errors).response(200))
        }
    }
}

/// Creates the run for a request, which need not be valid.
pub(super) fn new_run(call: &Call<'_>, workflow: &Arc<Workflow>) -> Run {
    let body = call.body;
    let copy = |field| object(body, field).ok().flatten().cloned();
    let integer = |field| body.get(field).and_then(Value::as_i64);
    Run {
        variables: copy("variables").unwrap_or_default(),
        initiator: Initiator {
            contact_id: integer("initiatorContactId"),
            application_id: integer("initiatorApplicationId"),
            initiation_info: copy("initiationInfo").unwrap_or_default(),
        },
        ..call.state.new_run(workflow, call.now)
    }
}

fn check_initiator(body: &Object, errors: &mut Vec<String>) {
    for field in ["initiatorContactId", "initiatorApplicationId"] {
        if body.get(field).is_some_and(|value| !value.is_i64()) {
            errors.push(format!("{field} must be an integer"));
        }
    }
    let Ok(info) = object(body, "initiationInfo") else {
        errors.push("initiationInfo must be an object".to_owned());
        return;
    };
    let application = body.get("initiatorApplicationId").and_then(Value::as_i64);
    for (id, key) in REQUIRED_INFO {
        let given = info.and_then(|info| info.get(*key)).and_then(Value::as_str);
        if application == Some(*id) && given.is_none_or(str::is_empty) {
            errors.push(format!(
                "initiationInfo.{key} is required when initiatorApplicationId is {id}"
            ));
        }
    }
}

/// Returns an optional field, which must be an object.
fn object<'a>(body: &'a Object, field: &str) -> Result<Option<&'a Object>, ()> {
    match body.get(field) {
        None => Ok(None),
        Some(Value::Object(object)) => Ok(Some(object)),
        Some(_) => Err(()),
    }
}
