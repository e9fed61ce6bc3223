//! Workflow history (`GET /gateway/api/v1/workflowhistory/<triggerId>`): how far a run has come.

use std::borrow::Cow;
use std::fmt;

use crate::json::Json;
use crate::outcome::Payload;
use crate::redact;
use crate::reply::Reply;

use super::endpoint::{self, Endpoint, RawData, Words};
use super::id::Id;
use super::status::WorkflowStatus;

const MAX_STATUS_BYTES: usize = 128;

pub(crate) fn path(trigger_id: &Id<'_>) -> String {
    format!("/gateway/api/v1/workflowhistory/{trigger_id}")
}

/// How far a run has come.
#[derive(Debug, Clone)]
pub struct WorkflowHistory {
    pub(crate) status: WorkflowStatus,
    pub(crate) reply: Reply,
}

impl WorkflowHistory {
    /// The run's status.
    pub fn status(&self) -> WorkflowStatus {
        self.status
    }

    /// The run's status in the gateway's word, also where that is not listed.
    pub fn status_text(&self) -> Cow<'_, str> {
        self.data().member_text("status")
    }

    /// When the run started, in milliseconds since 1970 (UTC); none if the reply does not say.
    pub fn start_time_ms(&self) -> Option<i64> {
        self.data().member_integer("startTime")
    }

    /// When the run ended, in milliseconds since 1970 (UTC); none if the reply does not say, as
    /// while it runs.
    pub fn end_time_ms(&self) -> Option<i64> {
        self.data().member_integer("endTime")
    }

    /// How long the run took, or has taken so far, in milliseconds; none if the reply does not say.
    pub fn time_spent_ms(&self) -> Option<i64> {
        self.data().member_integer("timeSpent")
    }

    fn data(&self) -> Json<'_> {
        self.reply.data()
    }

    /// The whole reply.
    pub fn reply(&self) -> &Reply {
        &self.reply
    }
}

impl fmt::Display for WorkflowHistory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the run is {}", self.status_text())
    }
}

/// The endpoint, as far as its reply is concerned.
pub(crate) struct HistoryEndpoint;

impl Endpoint for HistoryEndpoint {
    type Data<'a> = RawData<'a>;
    type Found = WorkflowStatus;
    const WORDS: Words = Words::of_a_read("a workflow status");

    fn find(data: Option<&RawData<'_>>, _: &[u8], token: &str) -> Payload<WorkflowStatus> {
        let Some(status) = endpoint::json(data).and_then(|data| data.get("status")) else {
            return Payload::Absent;
        };
        let text = status.as_text().unwrap_or_default();
        // It goes into messages.
        let is_word = (1..=MAX_STATUS_BYTES).contains(&text.len())
            && !text.trim().is_empty()
            && !text.chars().any(redact::is_invisible)
            && !redact::repeats(&text, token);
        if is_word { Payload::Present(WorkflowStatus::of(&text)) } else { Payload::Absent }
    }
}
