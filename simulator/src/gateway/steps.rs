//! The started steps of a run: a list of them, and one in detail.

use serde::Serialize;
use serde_json::Value;

use super::call::Call;
use super::history;
use super::list_query::ListQuery;
use crate::envelope::{self, Envelope};
use crate::http::Response;
use crate::state::Run;
use crate::workflows::StartedStep;

/// A step's id is the id of its run, followed by its number in the run with three digits.
const MAX_STEPS: u64 = 1000;

/// A step. Fields that are `None` are absent, and those that are `Some(None)` are null.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Step<'a> {
    activity_name: String,
    activity_id: &'a str,
    activity_type: &'a str,
    start_time: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<Option<u64>>,
    status: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_attempts: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_spent: Option<Option<u64>>,
    /// Only in the detailed form.
    #[serde(skip_serializing_if = "Option::is_none")]
    activity_runtime_attributes: Option<Value>,
    id: StepId,
}

#[derive(Serialize)]
#[serde(untagged)]
enum StepId {
    Number(u64),
    Text(String),
}

/// Fields for `filter` and `orderBy`.
const FIELDS: &[&str] = &[
    "activityName",
    "activityId",
    "activityType",
    "startTime",
    "endTime",
    "status",
    "totalAttempts",
    "timeSpent",
    "id",
];

pub(super) fn list(call: &Call<'_>, trigger_id: &str) -> Result<Envelope, Response> {
    let run = history::find(call, trigger_id)?;
    let query = ListQuery::from_call(call, FIELDS)?;
    Ok(list_success(call.now, query.apply(started_steps(&run, call.now))))
}

pub(super) fn get(call: &Call<'_>, trigger_id: &str, step_id: &str) -> Result<Envelope, Response> {
    let run = history::find(call, trigger_id)?;
    let step = started_steps(&run, call.now).into_iter().find(|step| step.id.is(step_id));
    let step = step.ok_or_else(|| {
        envelope::error(call.now, 404, "NotFound", "The run has no step with this id.")
    })?;
    Ok(detail_success(call.now, &run, step))
}

/// Every step of a finished run.
pub(super) fn all_steps(now: u64, run: &Run) -> Envelope {
    list_success(now, started_steps(run, now))
}

/// The last step of a finished run in detail.
pub(super) fn last_step(now: u64, run: &Run) -> Envelope {
    let last = started_steps(run, now).pop().expect("every script has steps");
    detail_success(now, run, last)
}

fn list_success(now: u64, steps: Vec<Step<'_>>) -> Envelope {
    let status_line = "Successfully retrieved workflow step history records.";
    Envelope::success(now, status_line, &steps).with_empty_warnings()
}

fn detail_success(now: u64, run: &Run, step: Step<'_>) -> Envelope {
    let attributes = match run.script().has_irregular_steps() {
        true => Value::Null,
        false => Value::Object(run.variables.clone()),
    };
    let step = Step { activity_runtime_attributes: Some(attributes), ..step };
    let status_line = "Successfully retrieved workflow step history record.";
    Envelope::success(now, status_line, &step).with_empty_warnings()
}

fn started_steps(run: &Run, now: u64) -> Vec<Step<'_>> {
    let elapsed = run.elapsed(now);
    let steps = run.script().steps_started_at(elapsed).into_iter();
    steps.map(|step| encode(step, run, elapsed)).collect()
}

fn encode<'a>(started: StartedStep<'a>, run: &Run, elapsed: u64) -> Step<'a> {
    let activity = started.activity;
    let start_time = run.start_time + activity.start;
    let spent = elapsed - activity.start;
    let id = run.id * MAX_STEPS + started.number;
    let step = Step {
        activity_name: started.name,
        activity_id: &activity.id,
        activity_type: &activity.kind,
        start_time,
        end_time: (spent >= activity.duration).then(|| Some(start_time + activity.duration)),
        status: started.status,
        total_attempts: Some(activity.attempts),
        time_spent: Some(Some(spent.min(activity.duration))),
        activity_runtime_attributes: None,
        id: StepId::Number(id),
    };
    if run.script().has_irregular_steps() { make_irregular(step, started.number, id) } else { step }
}

/// Changes a step to a form that the API allows but clients may not expect.
fn make_irregular(step: Step<'_>, number: u64, id: u64) -> Step<'_> {
    let step = Step { id: StepId::Text(format!("s-{id}")), ..step };
    match number % 10 {
        3 => Step { end_time: Some(None), time_spent: Some(None), ..step },
        7 => Step { end_time: None, time_spent: None, total_attempts: None, ..step },
        _ => step,
    }
}

impl StepId {
    fn is(&self, text: &str) -> bool {
        match self {
            Self::Number(id) => id.to_string() == text,
            Self::Text(id) => id == text,
        }
    }
}
