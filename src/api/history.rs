//! Workflow history (`GET /gateway/api/v1/workflowhistory/<triggerId>`): the state of a run.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde_json::Value;

use crate::json::{self, Json, JsonType};
use crate::limits::MAX_ID_BYTES;
use crate::redact;
use crate::response::{self, Response};
use crate::seen::{Hash, Seen};

use super::endpoint::{self, Endpoint, Extracted, Phrases, RawData};
use super::id::Id;
use super::parameter::{self, Parameter};
use super::status::RunStatus;

pub(crate) fn path(trigger_id: &Id<'_>) -> String {
    format!("/gateway/api/v1/workflowhistory/{trigger_id}")
}

/// The state of a run, as
/// [`get_workflow_history`](crate::Client::get_workflow_history) and
/// [`wait_for_workflow`](crate::Client::wait_for_workflow) return it.
///
/// Since 0.1.0.
#[derive(Debug, Clone)]
pub struct WorkflowHistory {
    pub(crate) state: RunState,
    pub(crate) response: Response,
}

/// The members of a history that are read when it arrives.
#[derive(Debug, Clone)]
pub(crate) struct RunState {
    status: RunStatus,
    /// The range of the status, as JSON, in the response.
    status_json: Range<usize>,
    start_time_ms: Option<i64>,
    end_time_ms: Option<i64>,
    time_spent_ms: Option<i64>,
}

impl WorkflowHistory {
    /// Returns the run's status.
    pub fn status(&self) -> RunStatus {
        self.state.status
    }

    /// Returns the run's status as the gateway spells it, for example for [`RunStatus::Other`].
    pub fn status_text(&self) -> Cow<'_, str> {
        Json::new(&self.response.text()[self.state.status_json.clone()]).text()
    }

    /// Returns the start of the run in milliseconds since 1970 (UTC), if the response contains it.
    pub fn start_time_ms(&self) -> Option<i64> {
        self.state.start_time_ms
    }

    /// Returns the end of the run in milliseconds since 1970 (UTC), if the response contains it. It
    /// does not while the run is active.
    pub fn end_time_ms(&self) -> Option<i64> {
        self.state.end_time_ms
    }

    /// Returns how long the run took, or has taken so far, in milliseconds, if the response
    /// contains it.
    pub fn time_spent_ms(&self) -> Option<i64> {
        self.state.time_spent_ms
    }

    /// Returns the input parameters of the run, in the gateway's order. Reads them all: call it
    /// once for a loop.
    pub fn parameters(&self) -> Vec<Parameter<'_>> {
        parameter::all(&self.response, self.response.data())
    }

    /// Returns the number of input parameters, and allocates nothing for them.
    pub(crate) fn parameter_count(&self) -> usize {
        parameter::count(&self.response, self.response.data())
    }

    /// Returns the whole response.
    pub fn response(&self) -> &Response {
        &self.response
    }

    /// True if this state and an earlier one say that the run ended at the same time with the same
    /// status, one that is not listed. Such a status is final, or the end time would be missing or
    /// would change.
    pub(crate) fn has_ended_since(&self, earlier: &RunSummary) -> bool {
        let end = self.end_time_ms().filter(|end| *end > 0);
        let is_after_start =
            end.is_some_and(|end| self.start_time_ms().is_none_or(|start| start <= end));
        self.status() == RunStatus::Other
            && is_after_start
            && earlier.end_time_ms == end
            && earlier.has_status_of(self)
    }

    pub(crate) fn summary(&self) -> RunSummary {
        let text = self.status_text();
        RunSummary {
            status: self.status(),
            text: (text != self.status().name()).then(|| text.into()),
            start_time_ms: self.start_time_ms(),
            end_time_ms: self.end_time_ms(),
            time_spent_ms: self.time_spent_ms(),
        }
    }
}

/// The last state of a run, as its wait remembers it. Small, because there may be many waits.
#[derive(Debug, Clone)]
pub(crate) struct RunSummary {
    status: RunStatus,
    /// The gateway's spelling of the status, if it differs.
    text: Option<Box<str>>,
    start_time_ms: Option<i64>,
    end_time_ms: Option<i64>,
    time_spent_ms: Option<i64>,
}

impl RunSummary {
    fn status_text(&self) -> &str {
        self.text.as_deref().unwrap_or(self.status.name())
    }

    /// Returns a history with these members only.
    pub(crate) fn to_history(&self) -> WorkflowHistory {
        let number = |number: Option<i64>| Value::from(number).to_string();
        let before = r#"{"status":"Success","resultData":{"status":"#;
        let status = Value::from(self.status_text()).to_string();
        let text = format!(
            r#"{before}{status},"startTime":{},"endTime":{},"timeSpent":{}}}}}"#,
            number(self.start_time_ms),
            number(self.end_time_ms),
            number(self.time_spent_ms)
        );
        WorkflowHistory {
            state: RunState {
                status: self.status,
                status_json: before.len()..before.len() + status.len(),
                start_time_ms: self.start_time_ms,
                end_time_ms: self.end_time_ms,
                time_spent_ms: self.time_spent_ms,
            },
            response: Response::from_json(200, text),
        }
    }

    /// True if the gateway wrote the same status in this state.
    pub(crate) fn has_status_of(&self, history: &WorkflowHistory) -> bool {
        self.status_text() == history.status_text()
    }
}

impl fmt::Display for RunSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the run is {}", self.status_text())
    }
}

impl fmt::Display for WorkflowHistory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the run is {}", self.status_text())
    }
}

pub(crate) struct HistoryEndpoint;

impl Endpoint for HistoryEndpoint {
    type Data<'a> = RawData<'a>;
    type Value = RunState;
    const PHRASES: Phrases = Phrases::for_read("a workflow status");

    fn recognize(data: Option<&RawData<'_>>, asked: &str, seen: &mut Seen) -> Option<&'static str> {
        seen.check_history(asked, || {
            let [id, start] = endpoint::json(data)?.members(["id", "startTime"]);
            let id = id.filter(|id| id.json_type() != JsonType::Null)?;
            Some(Hash::of(&[id.raw(), " ", start?.raw()].concat()))
        })
    }

    fn extract(data: Option<&RawData<'_>>, body: &[u8], token: &str) -> Extracted<RunState> {
        let names = ["status", "startTime", "endTime", "timeSpent"];
        let members = endpoint::json(data).map(|data| data.members(names));
        let Some([Some(status), start_time, end_time, time_spent]) = members else {
            return Ok(None);
        };
        let text = status.as_text().unwrap_or_default();
        // The status is shown in messages and log lines.
        let is_printable = (1..=MAX_ID_BYTES).contains(&text.len())
            && !text.trim().is_empty()
            && !text.chars().any(redact::is_invisible)
            && !redact::repeats(&text, token);
        if !is_printable {
            return Ok(None);
        }
        Ok(Some(RunState {
            status: RunStatus::from_text(&text),
            status_json: response::range_in(body, status.raw()),
            start_time_ms: json::integer(start_time),
            end_time_ms: json::integer(end_time),
            time_spent_ms: json::integer(time_spent),
        }))
    }
}

#[cfg(test)]
pub(crate) mod test {
    use super::*;
    use crate::api::envelope::Envelope;

    /// A history with these members.
    pub(crate) fn with(members: &str) -> WorkflowHistory {
        let text = format!(r#"{{"status":"Success","resultData":{{{members}}}}}"#);
        let (_, data) = Envelope::parse::<RawData<'_>>(&text).unwrap();
        let Ok(Some(state)) = HistoryEndpoint::extract(Some(&data), text.as_bytes(), "") else {
            panic!("{text}");
        };
        WorkflowHistory { state, response: Response::from_json(200, text) }
    }

    /// A history of a run in this status, which started at 7 ms.
    pub(crate) fn with_status(status: &str) -> WorkflowHistory {
        with(&format!(r#""status":{},"startTime":7"#, Value::from(status)))
    }
}
