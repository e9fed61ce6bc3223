//! The status of a run, and of a step of it.

use std::fmt;

/// How far a run, or a step of it, has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RunStatus {
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

impl RunStatus {
    pub(crate) fn of(text: &str) -> Self {
        match text {
            "RUNNING" => RunStatus::Running,
            "SUSPENDED" => RunStatus::Suspended,
            "ACTIVATED" => RunStatus::Activated,
            "COMPLETED" => RunStatus::Completed,
            "FAILED" => RunStatus::Failed,
            "TERMINATED" => RunStatus::Terminated,
            _ => RunStatus::Other,
        }
    }

    /// Whether nothing will change any more.
    pub fn is_final(self) -> bool {
        use RunStatus::{Completed, Failed, Terminated};
        matches!(self, Completed | Failed | Terminated)
    }
}

/// As the gateway writes it; `OTHER` for one that is not listed.
impl fmt::Display for RunStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RunStatus::Running => "RUNNING",
            RunStatus::Suspended => "SUSPENDED",
            RunStatus::Activated => "ACTIVATED",
            RunStatus::Completed => "COMPLETED",
            RunStatus::Failed => "FAILED",
            RunStatus::Terminated => "TERMINATED",
            RunStatus::Other => "OTHER",
        })
    }
}
