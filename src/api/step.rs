//! One step of a run (`GET /gateway/api/v1/workflowhistory/<triggerId>/stephistory/<stepHistoryId>`).

use std::borrow::Cow;
use std::fmt;

use crate::json::{Json, JsonType, integer, text};
use crate::outcome::Payload;
use crate::response::Response;

use super::endpoint::{self, Endpoint, Phrases, RawData};
use super::history;
use super::id::Id;
use super::status::RunStatus;

pub(crate) fn path(trigger_id: &Id<'_>, step_id: &Id<'_>) -> String {
    format!("{}/stephistory/{step_id}", history::path(trigger_id))
}

/// One step of a run, within the response that tells of it.
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
    pub(crate) fn of(json: Json<'a>) -> Self {
        let names = ["id", "activityName", "status", "startTime", "endTime", "timeSpent"];
        let [id, name, status, start_time, end_time, time_spent] = json.members(names);
        Step { json, id, name, status, start_time, end_time, time_spent }
    }

    /// The id by which the step is asked for; a number is given in its digits. Empty if absent.
    pub fn id(self) -> Cow<'a, str> {
        text(self.id)
    }

    /// The name for people (`activityName`); empty if absent.
    pub fn name(self) -> Cow<'a, str> {
        text(self.name)
    }

    /// The step's status; none if the response does not say.
    pub fn status(self) -> Option<RunStatus> {
        let text = self.status_text();
        if text.is_empty() { None } else { Some(RunStatus::of(&text)) }
    }

    /// The step's status in the gateway's word, also where that is not listed; empty if absent.
    pub fn status_text(self) -> Cow<'a, str> {
        text(self.status)
    }

    /// When the step started, in milliseconds since 1970 (UTC); none if the response does not say.
    pub fn start_time_ms(self) -> Option<i64> {
        integer(self.start_time)
    }

    /// When the step ended, in milliseconds since 1970 (UTC); none if the response does not say, as
    /// while it runs.
    pub fn end_time_ms(self) -> Option<i64> {
        integer(self.end_time)
    }

    /// How long the step took, or has taken so far, in milliseconds; none if the response does not say.
    pub fn time_spent_ms(self) -> Option<i64> {
        integer(self.time_spent)
    }

    /// The step's JSON, with what the vendor's pages leave open.
    pub fn json(self) -> Json<'a> {
        self.json
    }
}

/// One step of a run in detail.
#[derive(Debug, Clone)]
pub struct WorkflowStep {
    pub(crate) response: Response,
}

impl WorkflowStep {
    /// The step.
    pub fn step(&self) -> Step<'_> {
        Step::of(self.response.data())
    }

    /// The whole response.
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

/// The endpoint, as far as its response is concerned.
pub(crate) struct StepEndpoint;

impl Endpoint for StepEndpoint {
    type Data<'a> = RawData<'a>;
    type Found = ();
    const PHRASES: Phrases = Phrases::of_a_read("a step");

    fn find(data: Option<&RawData<'_>>, _: &[u8], _: &str) -> Payload<()> {
        let is_step = endpoint::json(data).is_some_and(|data| {
            let named = data.members(["id", "activityId", "activityName"]);
            named
                .into_iter()
                .flatten()
                .map(Json::json_type)
                .any(|json_type| matches!(json_type, JsonType::String | JsonType::Number))
        });
        if is_step { Payload::Present(()) } else { Payload::Absent }
    }
}
