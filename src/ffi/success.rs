//! The value of an accepted call: one variant for each kind of call.

use std::fmt;

use crate::{
    CallInfo, Connected, LaunchUrl, Response, TenantToken, Trigger, WorkflowDefinitions,
    WorkflowHistory, WorkflowStep, WorkflowSteps,
};

use super::strings::LazyString;

/// The value of an accepted call.
pub(super) enum Success {
    Trigger(Trigger),
    History(WorkflowHistory),
    Steps(WorkflowSteps),
    Step(WorkflowStep),
    LaunchUrl(LaunchUrl),
    WorkflowDefinitions(WorkflowDefinitions),
    TenantToken(TenantToken),
    Connected(Box<Connection>),
    /// The entries of a journal as JSON, `{"entries":[...]}`, and their number.
    Entries(Response, usize),
    /// The number of keys that were removed from a journal.
    Pruned(usize),
}

/// A connection that was opened ahead of time, and the string that a getter returns.
pub(super) struct Connection {
    pub(super) connected: Connected,
    pub(super) peer: LazyString,
}

impl From<Connected> for Success {
    fn from(connected: Connected) -> Self {
        Success::Connected(Box::new(Connection { connected, peer: LazyString::default() }))
    }
}

impl Success {
    pub(super) fn response(&self) -> Option<&Response> {
        Some(match self {
            Success::Trigger(value) => value.response(),
            Success::History(value) => value.response(),
            Success::Steps(value) => value.response(),
            Success::Step(value) => value.response(),
            Success::LaunchUrl(value) => value.response(),
            Success::WorkflowDefinitions(value) => value.response(),
            Success::TenantToken(value) => value.response(),
            Success::Entries(entries, _) => entries,
            Success::Connected(_) | Success::Pruned(_) => return None,
        })
    }

    pub(super) fn info(&self) -> &CallInfo {
        match (self, self.response()) {
            (Success::Connected(value), _) => value.connected.info(),
            (_, response) => response.map_or(CallInfo::NONE, Response::info),
        }
    }
}

impl fmt::Display for Success {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Success::Trigger(value) => value.fmt(f),
            Success::History(value) => value.fmt(f),
            Success::Steps(value) => value.fmt(f),
            Success::Step(value) => value.fmt(f),
            Success::LaunchUrl(value) => value.fmt(f),
            Success::WorkflowDefinitions(value) => value.fmt(f),
            Success::TenantToken(value) => value.fmt(f),
            Success::Connected(value) => value.connected.fmt(f),
            Success::Entries(_, 1) => f.write_str("1 key is unfinished"),
            Success::Entries(_, count) => write!(f, "{count} keys are unfinished"),
            Success::Pruned(1) => f.write_str("1 key was removed"),
            Success::Pruned(count) => write!(f, "{count} keys were removed"),
        }
    }
}
