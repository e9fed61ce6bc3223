//! What the calls are for, whichever it is.

use std::fmt;

use crate::{
    LaunchUrl, Response, TenantToken, Trigger, WorkflowDefinitions, WorkflowHistory, WorkflowStep,
    WorkflowSteps,
};

/// What a call is for.
pub(super) enum Answer {
    Trigger(Trigger),
    History(WorkflowHistory),
    Steps(WorkflowSteps),
    Step(WorkflowStep),
    LaunchUrl(LaunchUrl),
    WorkflowDefinitions(WorkflowDefinitions),
    TenantToken(TenantToken),
}

impl Answer {
    pub(super) fn response(&self) -> &Response {
        match self {
            Answer::Trigger(answer) => answer.response(),
            Answer::History(answer) => answer.response(),
            Answer::Steps(answer) => answer.response(),
            Answer::Step(answer) => answer.response(),
            Answer::LaunchUrl(answer) => answer.response(),
            Answer::WorkflowDefinitions(answer) => answer.response(),
            Answer::TenantToken(answer) => answer.response(),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Trigger(answer) => answer.fmt(f),
            Answer::History(answer) => answer.fmt(f),
            Answer::Steps(answer) => answer.fmt(f),
            Answer::Step(answer) => answer.fmt(f),
            Answer::LaunchUrl(answer) => answer.fmt(f),
            Answer::WorkflowDefinitions(answer) => answer.fmt(f),
            Answer::TenantToken(answer) => answer.fmt(f),
        }
    }
}
