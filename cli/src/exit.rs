//! The exit codes: the outcome of the call, and after an accepted trigger the end of the wait.

use luma::{Error, ErrorKind, Outcome};

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
  1  a mistake in the arguments, the settings or the environment; nothing was sent
  2  rejected: the gateway refused the request, nothing runs
  3  not sent: nothing reached the gateway, trying again is safe
  4  unknown: a trigger may have started a run; look before you trigger again
  5  the run failed or was terminated
  6  the wait timed out; the run continues
  7  the wait broke off; the run continues
Any other code, and death by a signal, means unknown. luma check has its own codes.";

impl Exit {
    /// Returns the exit code of a call that failed.
    pub fn of_call(error: &Error) -> Self {
        use ErrorKind::*;
        let is_of_journal = matches!(
            error.kind(),
            Key | KeyOtherRequest
                | KeyNotFound
                | KeyState
                | JournalFolder
                | JournalExists
                | JournalGateway
                | JournalNetwork
                | JournalVersion
                | JournalDamaged
                | JournalNote
        );
        if error.kind().is_mistake() || is_of_journal {
            return Exit::Mistake;
        }
        match error.outcome() {
            Outcome::Accepted => Exit::Accepted,
            Outcome::Rejected => Exit::Rejected,
            Outcome::NotSent => Exit::NotSent,
            Outcome::Unknown => Exit::Unknown,
        }
    }

    /// Returns the exit code of a wait that ended with an error: the run was accepted before.
    pub fn of_wait(error: &Error) -> Self {
        match error.kind() {
            kind if kind.is_mistake() => Exit::Mistake,
            ErrorKind::WaitTimeout => Exit::TimedOut,
            _ => Exit::BrokeOff,
        }
    }
}

/// A command that failed: its exit code and the message for the user.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    pub message: String,
}

impl Failure {
    /// A mistake of the user.
    pub fn mistake(message: impl Into<String>) -> Self {
        Failure { exit: Exit::Mistake, message: message.into() }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let exit = Exit::of_call(&error);
        let message = match exit {
            Exit::Mistake => error.message().to_owned(),
            _ => format!("{}: {}", error.outcome(), error.message()),
        };
        Failure { exit, message }
    }
}
