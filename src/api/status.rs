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
    /// A status that the vendor's documentation does not list.
    Other,
}

impl RunStatus {
    const LISTED: [RunStatus; 6] = [
        RunStatus::Running,
        RunStatus::Suspended,
        RunStatus::Activated,
        RunStatus::Completed,
        RunStatus::Failed,
        RunStatus::Terminated,
    ];

    /// Reads a status in upper or lower case.
    pub(crate) fn from_text(text: &str) -> Self {
        let text = text.trim();
        let is_meant = |status: &RunStatus| status.name().eq_ignore_ascii_case(text);
        RunStatus::LISTED.into_iter().find(is_meant).unwrap_or(RunStatus::Other)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            RunStatus::Running => "RUNNING",
            RunStatus::Suspended => "SUSPENDED",
            RunStatus::Activated => "ACTIVATED",
            RunStatus::Completed => "COMPLETED",
            RunStatus::Failed => "FAILED",
            RunStatus::Terminated => "TERMINATED",
            RunStatus::Other => "OTHER",
        }
    }

    /// Returns true if the status will not change any more: completed, failed or terminated. False
    /// for [`Other`](Self::Other), although a run with such a status may have ended: then it has an
    /// end time, see [`WaitOptions`](crate::WaitOptions).
    pub fn is_final(self) -> bool {
        use RunStatus::{Completed, Failed, Terminated};
        matches!(self, Completed | Failed | Terminated)
    }
}

/// The gateway's spelling; `OTHER` for a status that is not listed.
impl fmt::Display for RunStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
