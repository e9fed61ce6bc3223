//! What the lines of a key mean, and what a call may do: pure functions, so that tests can search
//! them exhaustively.

use crate::error::Outcome;

use super::record::{Event, Intent, LineProblem, Record};

/// The number of attempts without an effect after which some are dropped, and how many stay. A
/// line has at most 4 KB, so that a file stays below 1 MiB.
const MAX_FAILURES: usize = 100;
const KEPT_FAILURES: usize = 50;

/// The state of a key after its last line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum State {
    /// There is no line.
    Nothing,
    /// An intent without an outcome: in progress, or its process has died.
    Open,
    Unknown,
    Accepted {
        is_acknowledged: bool,
    },
    Rejected,
    NotSent,
    /// A person found that there is no run, or allowed another attempt.
    Released,
}

impl State {
    /// True if a request may be sent.
    pub(crate) fn may_send(self) -> bool {
        matches!(self, State::Nothing | State::Rejected | State::NotSent | State::Released)
    }

    /// Returns the state after an event; `None` if the event cannot follow.
    fn after(self, event: &Event) -> Option<State> {
        use State::{Accepted, NotSent, Open, Rejected, Released, Unknown};

        Some(match (self, event) {
            (state, Event::Intent(_)) if state.may_send() => Open,
            (Open, Event::Outcome { outcome, .. }) => match outcome {
                Outcome::Accepted => Accepted { is_acknowledged: false },
                Outcome::Rejected => Rejected,
                Outcome::NotSent => NotSent,
                Outcome::Unknown => Unknown,
            },
            (Open | Unknown, Event::Resolved { trigger_id: Some(_), .. }) => {
                Accepted { is_acknowledged: false }
            }
            (Open | Unknown, Event::Resolved { trigger_id: None, .. }) => Released,
            (Accepted { is_acknowledged: false }, Event::Acknowledged) => {
                Accepted { is_acknowledged: true }
            }
            (Accepted { .. }, Event::NewAttempt(_)) => Released,
            _ => return None,
        })
    }
}

/// All lines of a key.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct History {
    records: Vec<Record>,
    state: State,
    /// The number of the next attempt.
    next_attempt: u32,
}

/// Why the lines of a key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) problem: LineProblem,
}

/// What a call has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    Send,
    /// The same request was accepted.
    AlreadyAccepted,
    /// The same request may have been sent.
    Unresolved,
    /// A different request was accepted, or may have been sent.
    OtherRequest,
}

impl History {
    pub(crate) const EMPTY: History =
        History { records: Vec::new(), state: State::Nothing, next_attempt: 1 };

    /// Parses the complete lines of a key. Returns them and their length in bytes: what follows is
    /// a torn line, which counts as not written.
    pub(crate) fn parse(text: &[u8], key: Option<&str>) -> Result<(Self, usize), Problem> {
        let length = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let mut history = History::EMPTY;
        for (index, line) in text[..length].split_inclusive(|byte| *byte == b'\n').enumerate() {
            let at = |problem| Problem { line: index + 1, problem };
            let record = Record::parse(&line[..line.len() - 1]).map_err(at)?;
            if history.push(record).is_none() || key.is_some_and(|key| !history.is_of(key)) {
                return Err(at(LineProblem::Unreadable));
            }
        }
        Ok((history, length))
    }

    /// Returns how much of a text is kept when the next intent is written. An agent that tries again
    /// during a long outage must not fill the file: of the attempts at its end that certainly had no
    /// effect, the first [`KEPT_FAILURES`] stay.
    pub(crate) fn kept_length(text: &[u8], history: &History) -> usize {
        let is_failure = |record: &Record| match &record.event {
            Event::Intent(_) => true,
            Event::Outcome { outcome, .. } => {
                matches!(outcome, Outcome::Rejected | Outcome::NotSent)
            }
            _ => false,
        };
        let records = &history.records;
        let failures = records.iter().rev().take_while(|record| is_failure(record)).count();
        if !history.state.may_send() || failures <= 2 * MAX_FAILURES {
            return text.len();
        }
        // An attempt has two lines.
        let kept = records.len() - failures + 2 * KEPT_FAILURES;
        text.split_inclusive(|byte| *byte == b'\n').take(kept).map(<[u8]>::len).sum()
    }

    /// Adds an event; `None` if it cannot follow.
    pub(crate) fn push(&mut self, record: Record) -> Option<()> {
        let state = self.state.after(&record.event)?;
        match &record.event {
            // A file has one key and no gap.
            Event::Intent(intent) => {
                let is_same = self.intent().is_none_or(|earlier| earlier.key == intent.key);
                if !is_same || intent.attempt != self.next_attempt {
                    return None;
                }
            }
            Event::NewAttempt(_) => self.next_attempt = self.next_attempt.checked_add(1)?,
            _ => {}
        }
        self.state = state;
        self.records.push(record);
        Some(())
    }

    fn is_of(&self, key: &str) -> bool {
        self.intent().is_none_or(|intent| intent.key == key)
    }

    pub(crate) fn state(&self) -> State {
        self.state
    }

    pub(crate) fn next_attempt(&self) -> u32 {
        self.next_attempt
    }

    pub(crate) fn records(&self) -> &[Record] {
        &self.records
    }

    /// Returns the last intent.
    pub(crate) fn intent(&self) -> Option<&Intent> {
        self.records.iter().rev().find_map(|record| match &record.event {
            Event::Intent(intent) => Some(intent),
            _ => None,
        })
    }

    /// Decides about a call with a request that has this digest.
    pub(crate) fn decide(&self, digest: &str) -> Decision {
        let is_same = self.intent().is_some_and(|intent| intent.digest == digest);
        match self.state {
            state if state.may_send() => Decision::Send,
            _ if !is_same => Decision::OtherRequest,
            State::Accepted { .. } => Decision::AlreadyAccepted,
            _ => Decision::Unresolved,
        }
    }
}
