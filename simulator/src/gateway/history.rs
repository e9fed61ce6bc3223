//! The history of one run: what it is now.

use serde::Serialize;
use serde_json::Value;

use super::Call;
use super::envelope::{self, Envelope};
use crate::http::Response;
use crate::state::Run;
use crate::workflows;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct History {
    initiator_contact_id: Option<i64>,
    initiator_application_id: Option<i64>,
    /// JSON in a string.
    input_parameters: String,
    start_time: u64,
    /// Left out until the run is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<u64>,
    time_spent: u64,
    status: &'static str,
    href: String,
    id: u64,
}

/// What that string holds.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InputParameters<'a> {
    input_parameters: Vec<InputParameter<'a>>,
}

/// One of a run's variables, as the history tells of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InputParameter<'a> {
    value: &'a Value,
    caption: (),
    data_type: &'static str,
    parameter: &'a str,
    description: (),
}

pub(super) fn show(call: &Call<'_>, trigger_id: &str) -> Result<Envelope, Response> {
    Ok(of(&find(call, trigger_id)?, call.now))
}

/// The run with this trigger id, or the response that there is none.
pub(super) fn find(call: &Call<'_>, trigger_id: &str) -> Result<Run, Response> {
    let run = call.state.find(trigger_id, call.now);
    run.ok_or_else(|| {
        envelope::error(call.now, 404, "NotFound", "There is no run with this trigger id.")
    })
}

pub(super) fn of(run: &Run, now: u64) -> Envelope {
    let duration = run.script().duration();
    let elapsed = run.elapsed(now);
    let history = History {
        initiator_contact_id: run.initiator.contact_id,
        initiator_application_id: run.initiator.application_id,
        input_parameters: input_parameters(run),
        start_time: run.start_time,
        end_time: (elapsed >= duration).then(|| run.start_time + duration),
        time_spent: elapsed.min(duration),
        status: run.status,
        href: format!("/api/v1/workflowHistory/{}", run.id),
        id: run.id,
    };
    let line = "Successfully retrieved workflow history record.";
    Envelope::success(now, line, &history).with_empty_warnings()
}

/// What was given, in the workflow's order, and then what it does not know.
fn input_parameters(run: &Run) -> String {
    let wanted =
        workflows::find(&run.workflow_identifier).map_or(&[][..], |workflow| workflow.variables);
    let known = wanted.iter().filter_map(|wanted| {
        let value = run.variables.get(wanted.parameter)?;
        Some((wanted.parameter, value, wanted.data_type))
    });
    let is_wanted = |name: &str| wanted.iter().any(|wanted| wanted.parameter == name);
    let others = run.variables.iter().filter(|(name, _)| !is_wanted(name));
    let input_parameters = known
        .chain(others.map(|(name, value)| (name.as_str(), value, data_type(value))))
        .map(|(parameter, value, data_type)| InputParameter {
            value,
            caption: (),
            data_type,
            parameter,
            description: (),
        })
        .collect();
    serde_json::to_string(&InputParameters { input_parameters })
        .expect("plain data always serializes")
}

/// The data type that a value of this kind has when no workflow declares one.
fn data_type(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "TEXT",
        Value::Bool(_) => "BOOLEAN",
        Value::Number(number) if number.is_f64() => "DECIMAL",
        Value::Number(_) => "LONG",
        Value::Array(items) if items.iter().all(Value::is_string) => "STRING_LIST",
        Value::Null | Value::Array(_) | Value::Object(_) => "JSON",
    }
}
