//! The steps of a run that have begun: a list of them, and one in detail.

use serde::Serialize;
use serde_json::Value;

use super::Call;
use super::envelope::{self, Envelope};
use super::history;
use super::listing::Listing;
use crate::http::Response;
use crate::state::Run;
use crate::workflows::Begun;

/// The id of a run's step is the run's, and then its number in this many digits.
const NUMBERS: u64 = 1000;

/// A step. A field that is `None` is left out, one that is `Some(None)` is null.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Step {
    activity_name: String,
    activity_id: &'static str,
    activity_type: &'static str,
    start_time: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<Option<u64>>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_attempts: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_spent: Option<Option<u64>>,
    /// Only in detail.
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

/// What a list can be filtered and ordered by.
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
    let listing = Listing::of(call, FIELDS)?;
    Ok(listed(listing.apply(begun(&run, call.now)), call.now))
}

pub(super) fn show(call: &Call<'_>, trigger_id: &str, step_id: &str) -> Result<Envelope, Response> {
    let run = history::find(call, trigger_id)?;
    let step = begun(&run, call.now).into_iter().find(|step| step.id.is(step_id));
    let step = step.ok_or_else(|| {
        envelope::error(call.now, 404, "NotFound", "The run has no step with this id.")
    })?;
    Ok(detailed(step, &run, call.now))
}

/// Every step of a run that is over.
pub(super) fn all_of(run: &Run, now: u64) -> Envelope {
    listed(begun(run, now), now)
}

/// The last step of a run that is over, in detail.
pub(super) fn last_of(run: &Run, now: u64) -> Envelope {
    let last = begun(run, now).pop().expect("every script has steps");
    detailed(last, run, now)
}

fn listed(steps: Vec<Step>, now: u64) -> Envelope {
    let line = "Successfully retrieved workflow step history records.";
    Envelope::success(now, line, &steps).with_empty_warnings()
}

fn detailed(step: Step, run: &Run, now: u64) -> Envelope {
    let attributes = match run.script().is_loose() {
        true => Value::Null,
        false => Value::Object(run.variables.clone()),
    };
    let step = Step { activity_runtime_attributes: Some(attributes), ..step };
    let line = "Successfully retrieved workflow step history record.";
    Envelope::success(now, line, &step).with_empty_warnings()
}

fn begun(run: &Run, now: u64) -> Vec<Step> {
    let elapsed = run.elapsed(now);
    let steps = run.script().begun_at(elapsed).into_iter();
    steps.map(|step| told(step, run, elapsed)).collect()
}

fn told(begun: Begun, run: &Run, elapsed: u64) -> Step {
    let activity = begun.activity;
    let start_time = run.start_time + activity.start;
    let spent = elapsed - activity.start;
    let id = run.id * NUMBERS + begun.number;
    let step = Step {
        activity_name: begun.name,
        activity_id: activity.id,
        activity_type: activity.kind,
        start_time,
        end_time: (spent >= activity.duration).then(|| Some(start_time + activity.duration)),
        status: begun.status,
        total_attempts: Some(activity.attempts),
        time_spent: Some(Some(spent.min(activity.duration))),
        activity_runtime_attributes: None,
        id: StepId::Number(id),
    };
    if run.script().is_loose() { loosely(step, begun.number, id) } else { step }
}

/// The same step told as loosely as the API allows.
fn loosely(step: Step, number: u64, id: u64) -> Step {
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
