//! Workflow history (`GET /gateway/api/v1/workflowhistory/<triggerId>`): how far a run has come.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use crate::json::{self, Json};
use crate::limits::MAX_ID_BYTES;
use crate::outcome::Payload;
use crate::redact;
use crate::response::{self, Response};

use super::endpoint::{self, Endpoint, Phrases, RawData};
use super::id::Id;
use super::status::RunStatus;

pub(crate) fn path(trigger_id: &Id<'_>) -> String {
    format!("/gateway/api/v1/workflowhistory/{trigger_id}")
}

/// How far a run has come.
#[derive(Debug, Clone)]
pub struct WorkflowHistory {
    pub(crate) state: State,
    pub(crate) response: Response,
}

/// What a history tells of its run.
#[derive(Debug, Clone)]
pub(crate) struct State {
    status: RunStatus,
    /// The JSON of the status, within the response.
    status_json: Range<usize>,
    start_time_ms: Option<i64>,
    end_time_ms: Option<i64>,
    time_spent_ms: Option<i64>,
}

impl WorkflowHistory {
    /// The run's status.
    pub fn status(&self) -> RunStatus {
        self.state.status
    }

    /// The run's status in the gateway's word, also where that is not listed.
    pub fn status_text(&self) -> Cow<'_, str> {
        Json::of(&self.response.text()[self.state.status_json.clone()]).text()
    }

    /// When the run started, in milliseconds since 1970 (UTC); none if the response does not say.
    pub fn start_time_ms(&self) -> Option<i64> {
        self.state.start_time_ms
    }

    /// When the run ended, in milliseconds since 1970 (UTC); none if the response does not say, as
    /// while it runs.
    pub fn end_time_ms(&self) -> Option<i64> {
        self.state.end_time_ms
    }

    /// How long the run took, or has taken so far, in milliseconds; none if the response does not say.
    pub fn time_spent_ms(&self) -> Option<i64> {
        self.state.time_spent_ms
    }

    /// The whole response.
    pub fn response(&self) -> &Response {
        &self.response
    }
}

impl fmt::Display for WorkflowHistory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the run is {}", self.status_text())
    }
}

/// The endpoint, as far as its response is concerned.
pub(crate) struct HistoryEndpoint;

impl Endpoint for HistoryEndpoint {
    type Data<'a> = RawData<'a>;
    type Found = State;
    const PHRASES: Phrases = Phrases::of_a_read("a workflow status");

    fn find(data: Option<&RawData<'_>>, body: &[u8], token: &str) -> Payload<State> {
        let names = ["status", "startTime", "endTime", "timeSpent"];
        let members = endpoint::json(data).map(|data| data.members(names));
        let Some([Some(status), start_time, end_time, time_spent]) = members else {
            return Payload::Absent;
        };
        let text = status.as_text().unwrap_or_default();
        // It goes into messages.
        let is_word = (1..=MAX_ID_BYTES).contains(&text.len())
            && !text.trim().is_empty()
            && !text.chars().any(redact::is_invisible)
            && !redact::repeats(&text, token);
        if !is_word {
            return Payload::Absent;
        }
        Payload::Present(State {
            status: RunStatus::of(&text),
            status_json: response::range_in(body, status.raw()),
            start_time_ms: json::integer(start_time),
            end_time_ms: json::integer(end_time),
            time_spent_ms: json::integer(time_spent),
        })
    }
}
