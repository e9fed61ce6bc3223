//! Step history detail
//! (`GET /gateway/api/v1/workflowhistory/<triggerId>/stephistory/<stepHistoryId>`).

use std::borrow::Cow;
use std::fmt;

use crate::json::{Json, JsonType, integer, text};
use crate::response::Response;
use crate::seen::Seen;

use super::endpoint::{self, Endpoint, Extracted, Phrases, RawData};
use super::history;
use super::id::Id;
use super::status::RunStatus;

pub(crate) fn path(trigger_id: &Id<'_>, step_id: &Id<'_>) -> String {
    format!("{}/stephistory/{step_id}", history::path(trigger_id))
}

/// A step of a run. It borrows from the response that contains it.
///
/// Since 0.1.0.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    json: Json<'a>,
    id: Option<Json<'a>>,
    name: Option<Json<'a>>,
    status: Option<Json<'a>>,
    start_time: Option<Json<'a>>,
    end_time: Option<Json<'a>>,
    time_spent: Option<Json<'a>>,
}

impl<'a> Step<'a> {
    pub(crate) fn from_json(json: Json<'a>) -> Self {
        let names = ["id", "activityName", "status", "startTime", "endTime", "timeSpent"];
        let [id, name, status, start_time, end_time, time_spent] = json.members(names);
        Step { json, id, name, status, start_time, end_time, time_spent }
    }

    /// Returns the id for [`get_workflow_step`](crate::Client::get_workflow_step); empty if absent.
    /// A number is returned as its digits.
    pub fn id(self) -> Cow<'a, str> {
        text(self.id)
    }

    /// Returns the display name (`activityName`); empty if absent.
    pub fn name(self) -> Cow<'a, str> {
        text(self.name)
    }

    /// Returns the step's status, if the response contains it.
    pub fn status(self) -> Option<RunStatus> {
        let text = self.status_text();
        if text.is_empty() { None } else { Some(RunStatus::from_text(&text)) }
    }

    /// Returns the step's status as the gateway spells it; empty if absent.
    pub fn status_text(self) -> Cow<'a, str> {
        text(self.status)
    }

    /// Returns the start of the step in milliseconds since 1970 (UTC), if the response contains it.
    pub fn start_time_ms(self) -> Option<i64> {
        integer(self.start_time)
    }

    /// Returns the end of the step in milliseconds since 1970 (UTC), if the response contains it.
    /// It does not while the step is active.
    pub fn end_time_ms(self) -> Option<i64> {
        integer(self.end_time)
    }

    /// Returns how long the step took, or has taken so far, in milliseconds, if the response
    /// contains it.
    pub fn time_spent_ms(self) -> Option<i64> {
        integer(self.time_spent)
    }

    /// Returns the step's JSON, for members without a method here.
    pub fn json(self) -> Json<'a> {
        self.json
    }
}

/// A step of a run with its response, as [`get_workflow_step`](crate::Client::get_workflow_step)
/// returns it.
///
/// Since 0.1.0.
#[derive(Debug, Clone)]
pub struct WorkflowStep {
    pub(crate) response: Response,
}

impl WorkflowStep {
    /// Returns the step.
    pub fn step(&self) -> Step<'_> {
        Step::from_json(self.response.data())
    }

    /// Returns the whole response.
    pub fn response(&self) -> &Response {
        &self.response
    }
}

impl fmt::Display for WorkflowStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.step().status();
        write!(f, "the step is {}", status.unwrap_or(RunStatus::Other))
    }
}

pub(crate) struct StepEndpoint;

impl Endpoint for StepEndpoint {
    type Data<'a> = RawData<'a>;
    /// The step is read from the response when it is asked for.
    type Value = ();
    const PHRASES: Phrases = Phrases::for_read("a step");

    fn recognize(data: Option<&RawData<'_>>, asked: &str, seen: &mut Seen) -> Option<&'static str> {
        seen.check_steps(asked, endpoint::json(data).map(Json::raw))
    }

    fn extract(data: Option<&RawData<'_>>, _: &[u8], _: &str) -> Extracted<()> {
        let is_text =
            |json: Json<'_>| matches!(json.json_type(), JsonType::String | JsonType::Number);
        let is_step = endpoint::json(data).is_some_and(|data| {
            let names = data.members(["id", "activityId", "activityName"]);
            names.into_iter().flatten().any(is_text)
        });
        Ok(is_step.then_some(()))
    }
}
