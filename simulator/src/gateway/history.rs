//! The history of one run: its current status.

use serde::Serialize;
use serde_json::Value;

use super::call::Call;
use crate::envelope::{self, Envelope};
use crate::http::Response;
use crate::state::Run;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct History<'a> {
    initiator_contact_id: Option<i64>,
    initiator_application_id: Option<i64>,
    /// [`InputParameters`] as a JSON string.
    input_parameters: String,
    start_time: u64,
    /// Absent until the run has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<u64>,
    time_spent: u64,
    status: &'a str,
    href: String,
    id: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InputParameters<'a> {
    input_parameters: Vec<InputParameter<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InputParameter<'a> {
    value: &'a Value,
    caption: (),
    data_type: &'a str,
    parameter: &'a str,
    description: (),
}

pub(super) fn get(call: &Call<'_>, trigger_id: &str) -> Result<Envelope, Response> {
    Ok(success(call.now, &find(call, trigger_id)?))
}

/// Returns the run with this trigger id, or a 404 response.
pub(super) fn find(call: &Call<'_>, trigger_id: &str) -> Result<Run, Response> {
    let run = call.state.find(trigger_id, call.now);
    run.ok_or_else(|| {
        envelope::error(call.now, 404, "NotFound", "There is no run with this trigger id.")
    })
}

pub(super) fn success(now: u64, run: &Run) -> Envelope {
    let duration = run.script().duration();
    let elapsed = run.elapsed(now);
    let history = History {
        initiator_contact_id: run.initiator.contact_id,
        initiator_application_id: run.initiator.application_id,
        input_parameters: input_parameters(run),
        start_time: run.start_time,
        end_time: (elapsed >= duration).then(|| run.start_time + duration),
        time_spent: elapsed.min(duration),
        status: &run.status,
        href: format!("/api/v1/workflowHistory/{}", run.id),
        id: run.id,
    };
    let status_line = "Successfully retrieved workflow history record.";
    Envelope::success(now, status_line, &history).with_empty_warnings()
}

/// An input parameter of a run.
pub(crate) struct Parameter<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: &'a Value,
    pub(crate) data_type: &'a str,
    /// True if the workflow declares it as a secret.
    pub(crate) is_secret: bool,
}

/// The run's variables: declared ones in the order of the definition, then the others.
pub(crate) fn parameters(run: &Run) -> impl Iterator<Item = Parameter<'_>> {
    let declared = &run.workflow.variables;
    let known = declared.iter().filter_map(|variable| {
        Some(Parameter {
            name: &variable.parameter,
            value: run.variables.get(&variable.parameter)?,
            data_type: &variable.data_type,
            is_secret: variable.is_secret,
        })
    });
    let is_declared = |name: &str| declared.iter().any(|variable| variable.parameter == name);
    let others = run.variables.iter().filter(move |(name, _)| !is_declared(name));
    known.chain(others.map(|(name, value)| Parameter {
        name,
        value,
        data_type: data_type(value),
        is_secret: false,
    }))
}

fn input_parameters(run: &Run) -> String {
    let input_parameters = parameters(run)
        .map(|Parameter { name, value, data_type, .. }| InputParameter {
            value,
            caption: (),
            data_type,
            parameter: name,
            description: (),
        })
        .collect();
    serde_json::to_string(&InputParameters { input_parameters })
        .expect("plain data always serializes")
}

/// The data type of a variable that the workflow does not declare.
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
