//! The exit codes: the outcome of the call, and after an accepted trigger the end of the wait.

use luma::{Error, ErrorKind, Outcome, RunStatus, Wait, WorkflowHistory};

/// How a command ends. The numbers are part of the interface: scripts depend on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Accepted = 0,
    Mistake = 1,
    Rejected = 2,
    NotSent = 3,
    Unknown = 4,
    RunFailed = 5,
    TimedOut = 6,
    BrokeOff = 7,
}

/// The section of `luma --help` and of the man page.
pub const HELP: &str = "\
Exit codes:
  0  the gateway accepted the request; with --wait: the run completed
  1  a mistake in arguments, settings or environment; nothing was triggered
  2  rejected: the gateway refused the request, nothing runs
  3  not sent: nothing reached the gateway, trying again is safe
  4  unknown: a trigger may have started a run; look before you trigger again
  5  the run ended without completing: it failed or was terminated
  6  the wait timed out; the run continues
  7  the wait ended in another way, or the run is suspended; the run continues
Any other code, or death by a signal, means unknown. luma check has its own.";

impl Exit {
    /// Returns the exit code of a call that failed.
    pub fn of_call(error: &Error) -> Self {
        match error.outcome() {
            Outcome::Accepted => Exit::Accepted,
            Outcome::Rejected => Exit::Rejected,
            // The lines of the journal that say what was sent cannot be read.
            Outcome::NotSent if error.kind() == ErrorKind::JournalDamaged => Exit::Unknown,
            Outcome::NotSent if is_mistake(error.kind()) => Exit::Mistake,
            Outcome::NotSent => Exit::NotSent,
            Outcome::Unknown => Exit::Unknown,
        }
    }

    /// Returns the exit code of a wait. 0 means that the run is COMPLETED, and nothing else does:
    /// also a run that ended with a status that is not listed has not certainly succeeded.
    pub fn of_wait(wait: &Wait) -> Self {
        match (wait.error().map(Error::kind), wait.last().map(WorkflowHistory::status)) {
            (None, Some(RunStatus::Completed)) => Exit::Accepted,
            // --until-suspended
            (None, Some(RunStatus::Suspended)) => Exit::BrokeOff,
            (None, _) => Exit::RunFailed,
            (Some(ErrorKind::WaitTimeout), _) => Exit::TimedOut,
            (Some(ErrorKind::TriggerId), _) => Exit::Mistake,
            (Some(_), _) => Exit::BrokeOff,
        }
    }
}

/// True if trying again does not help: an argument, a setting or the journal is wrong.
fn is_mistake(kind: ErrorKind) -> bool {
    use ErrorKind::{
        JournalExists, JournalFolder, JournalGateway, JournalNetwork, JournalNote, JournalVersion,
        Key, KeyNotFound, KeyOtherRequest, KeyState,
    };
    let is_of_journal = matches!(
        kind,
        Key | KeyOtherRequest
            | KeyNotFound
            | KeyState
            | JournalFolder
            | JournalExists
            | JournalGateway
            | JournalNetwork
            | JournalVersion
            | JournalNote
    );
    kind.is_mistake() || is_of_journal
}

/// A command that failed: its exit code and the message for the user.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    /// Empty if there is nothing to say.
    pub message: String,
}

impl Failure {
    /// A mistake of the user.
    pub fn mistake(message: impl Into<String>) -> Self {
        Failure { exit: Exit::Mistake, message: message.into() }
    }
}

/// Returns the message of an error. Only a signal cancels a call, by closing the client.
pub fn reason(error: &Error) -> String {
    match error.kind() {
        ErrorKind::Cancelled => error.message().replace("the client was closed", "interrupted"),
        _ => error.message().to_owned(),
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let exit = Exit::of_call(&error);
        let message = match exit {
            Exit::Mistake => reason(&error),
            _ => format!("{}: {}", error.outcome(), reason(&error)),
        };
        Failure { exit, message }
    }
}
