//! What the calls are for, whichever it is.

use std::fmt;

use crate::{
    LaunchUrl, Reply, TenantToken, Trigger, WorkflowHistory, WorkflowStep, WorkflowSteps, Workflows,
};

/// What a call is for.
pub(super) enum Answer {
    Trigger(Trigger),
    History(WorkflowHistory),
    Steps(WorkflowSteps),
    Step(WorkflowStep),
    LaunchUrl(LaunchUrl),
    Workflows(Workflows),
    TenantToken(TenantToken),
}

impl Answer {
    pub(super) fn reply(&self) -> &Reply {
        match self {
            Answer::Trigger(answer) => answer.reply(),
            Answer::History(answer) => answer.reply(),
            Answer::Steps(answer) => answer.reply(),
            Answer::Step(answer) => answer.reply(),
            Answer::LaunchUrl(answer) => answer.reply(),
            Answer::Workflows(answer) => answer.reply(),
            Answer::TenantToken(answer) => answer.reply(),
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
            Answer::Workflows(answer) => answer.fmt(f),
            Answer::TenantToken(answer) => answer.fmt(f),
        }
    }
}
