//! The value of an accepted call, whichever call it was.

use std::fmt;

use crate::{
    LaunchUrl, Response, TenantToken, Trigger, WorkflowDefinitions, WorkflowHistory, WorkflowStep,
    WorkflowSteps,
};

/// The value of an accepted call.
pub(super) enum Success {
    Trigger(Trigger),
    History(WorkflowHistory),
    Steps(WorkflowSteps),
    Step(WorkflowStep),
    LaunchUrl(LaunchUrl),
    WorkflowDefinitions(WorkflowDefinitions),
    TenantToken(TenantToken),
}

impl Success {
    pub(super) fn response(&self) -> &Response {
        match self {
            Success::Trigger(value) => value.response(),
            Success::History(value) => value.response(),
            Success::Steps(value) => value.response(),
            Success::Step(value) => value.response(),
            Success::LaunchUrl(value) => value.response(),
            Success::WorkflowDefinitions(value) => value.response(),
            Success::TenantToken(value) => value.response(),
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
        }
    }
}
