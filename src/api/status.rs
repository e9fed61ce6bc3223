//! The status of a run or a step.

use std::fmt;

/// The status of a run or a step.
///
/// Since 0.1.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RunStatus {
    /// `RUNNING`
    Running,
    /// `SUSPENDED`: waiting, for instance for a person.
    Suspended,
    /// `ACTIVATED`
    Activated,
    /// `COMPLETED`; final.
    Completed,
    /// `FAILED`; final.
    Failed,
    /// `TERMINATED`; final.
    Terminated,
    /// A status that the vendor's documentation does not list; not final.
    Other,
}

impl RunStatus {
    pub(crate) fn from_text(text: &str) -> Self {
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

    /// Returns true if the status will not change any more: completed, failed or terminated.
    pub fn is_final(self) -> bool {
        use RunStatus::{Completed, Failed, Terminated};
        matches!(self, Completed | Failed | Terminated)
    }
}

/// The gateway's spelling; `OTHER` for a status that is not listed.
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
