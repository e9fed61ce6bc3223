//! The status of a run, and of a step of it.

use std::fmt;

/// How far a run, or a step of it, has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WorkflowStatus {
    /// `RUNNING`
    Running,
    /// `SUSPENDED`: it waits, for a person perhaps.
    Suspended,
    /// `ACTIVATED`
    Activated,
    /// `COMPLETED`; final.
    Completed,
    /// `FAILED`; final.
    Failed,
    /// `TERMINATED`; final.
    Terminated,
    /// One that the vendor's pages do not list; not final.
    Other,
}

impl WorkflowStatus {
    pub(crate) fn of(text: &str) -> Self {
        match text {
            "RUNNING" => WorkflowStatus::Running,
            "SUSPENDED" => WorkflowStatus::Suspended,
            "ACTIVATED" => WorkflowStatus::Activated,
            "COMPLETED" => WorkflowStatus::Completed,
            "FAILED" => WorkflowStatus::Failed,
            "TERMINATED" => WorkflowStatus::Terminated,
            _ => WorkflowStatus::Other,
        }
    }

    /// Whether nothing will change any more.
    pub fn is_final(self) -> bool {
        use WorkflowStatus::{Completed, Failed, Terminated};
        matches!(self, Completed | Failed | Terminated)
    }
}

/// As the gateway writes it; `OTHER` for one that is not listed.
impl fmt::Display for WorkflowStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            WorkflowStatus::Running => "RUNNING",
            WorkflowStatus::Suspended => "SUSPENDED",
            WorkflowStatus::Activated => "ACTIVATED",
            WorkflowStatus::Completed => "COMPLETED",
            WorkflowStatus::Failed => "FAILED",
            WorkflowStatus::Terminated => "TERMINATED",
            WorkflowStatus::Other => "OTHER",
        })
    }
}
