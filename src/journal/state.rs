//! Derives the state of a key from its lines, and the calls that this state allows. Pure functions:
//! tests search them exhaustively.

use crate::error::Outcome;

use super::record::{Event, Intent, LineProblem, Record};

/// The number of attempts without an effect after which some are dropped, and how many stay. A
/// line has at most 8 KB, so that they do not fill the file.
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

/// The next step of a call.
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

    /// Returns how much of a text is kept when the next intent is written. An agent that tries
    /// again during a long outage must not fill the file: of the attempts at its end that certainly
    /// had no effect, the first [`KEPT_FAILURES`] stay.
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
        let mut next_attempt = self.next_attempt;
        match &record.event {
            // A file has one key and no gap.
            Event::Intent(intent) => {
                let is_same = self.intent().is_none_or(|earlier| earlier.key == intent.key);
                if !is_same || intent.attempt != self.next_attempt {
                    return None;
                }
            }
            Event::NewAttempt(_) => next_attempt = next_attempt.checked_add(1)?,
            _ => {}
        }
        self.next_attempt = next_attempt;
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::journal::record::{Note, RequestSummary};

    fn intent(attempt: u32, digest: &str) -> Event {
        let request = RequestSummary {
            workflow: "w".into(),
            contact: Some(-1),
            application: Some(-4),
            ticket: Some("a\"b\n".into()),
            channel: None,
        };
        let (key, digest, request_id) = ("k\u{fc}".into(), digest.into(), "id".into());
        Event::Intent(Intent { key, attempt, request, digest, request_id })
    }

    /// Every kind of event, and intents of three attempts.
    fn events() -> Vec<Event> {
        let note = || Note { who: "me".into(), reason: "seen".into() };
        let outcome = |outcome| {
            let trigger_id = (outcome == Outcome::Accepted).then(|| "t".to_owned());
            Event::Outcome { outcome, trigger_id }
        };
        vec![
            intent(1, "a"),
            intent(2, "a"),
            intent(3, "b"),
            outcome(Outcome::Accepted),
            outcome(Outcome::Rejected),
            outcome(Outcome::NotSent),
            outcome(Outcome::Unknown),
            Event::Resolved { trigger_id: Some("r".into()), note: note() },
            Event::Resolved { trigger_id: None, note: note() },
            Event::NewAttempt(note()),
            Event::Acknowledged,
        ]
    }

    #[test]
    fn every_line_is_read_as_it_was_written() {
        for event in events() {
            for at in [0, -1, i64::MAX, 1_700_000_000_125] {
                let record = Record { at, event: event.clone() };
                let line = record.to_line();
                assert_eq!(line.matches('\n').count(), 1, "{line}");
                let read = Record::parse(line.strip_suffix('\n').unwrap().as_bytes());
                assert_eq!(read, Ok(record), "{line}");
            }
        }
    }

    /// Searches all sequences of up to seven lines. A request may be sent only if every earlier
    /// intent is settled: by REJECTED, NOT_SENT, or a decision of a person. It is decided the same
    /// from the lines in memory and from the file.
    #[test]
    fn no_sequence_of_lines_allows_a_second_request_that_nobody_allowed() {
        let mut states = BTreeSet::new();
        let mut pending = vec![(History::EMPTY, 0)];
        while let Some((history, length)) = pending.pop() {
            let records = history.records();
            let intents = records.iter().filter(|r| matches!(r.event, Event::Intent(_))).count();
            let settled = records.iter().filter(|record| {
                matches!(
                    record.event,
                    Event::Outcome { outcome: Outcome::Rejected | Outcome::NotSent, .. }
                        | Event::Resolved { trigger_id: None, .. }
                        | Event::NewAttempt(_)
                )
            });
            let is_settled = intents == settled.count();
            for digest in ["a", "b"] {
                assert_eq!(history.decide(digest) == Decision::Send, is_settled, "{records:?}");
            }
            let text: String = records.iter().map(Record::to_line).collect();
            assert_eq!(History::parse(text.as_bytes(), None), Ok((history.clone(), text.len())));
            let torn = [text.as_bytes(), b"{\"v\":1"].concat();
            assert_eq!(History::parse(&torn, None), Ok((history.clone(), text.len())));
            states.insert(format!("{:?}", history.state()));
            for event in events().into_iter().filter(|_| length < 7) {
                let mut next = history.clone();
                if next.push(Record { at: 0, event: event.clone() }).is_some() {
                    pending.push((next, length + 1));
                } else {
                    assert_eq!(next, history, "{event:?}");
                }
            }
        }
        assert_eq!(states.len(), 8, "{states:?}");
    }

    fn history(events: impl IntoIterator<Item = Event>) -> History {
        let mut history = History::EMPTY;
        for event in events {
            history.push(Record { at: 0, event }).expect("an event that can follow");
        }
        history
    }

    fn note() -> Note {
        Note { who: "me".into(), reason: "seen".into() }
    }

    fn outcome(outcome: Outcome) -> Event {
        let trigger_id = (outcome == Outcome::Accepted).then(|| "t".to_owned());
        Event::Outcome { outcome, trigger_id }
    }

    fn text(history: &History) -> String {
        history.records().iter().map(Record::to_line).collect()
    }

    #[test]
    fn the_last_event_decides_about_the_same_and_about_another_request() {
        use Decision::{AlreadyAccepted, OtherRequest, Send, Unresolved};
        let found = || Event::Resolved { trigger_id: Some("r".into()), note: note() };
        let not_found = || Event::Resolved { trigger_id: None, note: note() };
        let accepted = || outcome(Outcome::Accepted);
        for (events, same, other, next_attempt) in [
            (vec![], Unresolved, OtherRequest, 1),
            (vec![outcome(Outcome::Unknown)], Unresolved, OtherRequest, 1),
            (vec![accepted()], AlreadyAccepted, OtherRequest, 1),
            (vec![accepted(), Event::Acknowledged], AlreadyAccepted, OtherRequest, 1),
            (vec![accepted(), Event::NewAttempt(note())], Send, Send, 2),
            (vec![outcome(Outcome::Rejected)], Send, Send, 1),
            (vec![outcome(Outcome::NotSent)], Send, Send, 1),
            (vec![found()], AlreadyAccepted, OtherRequest, 1),
            (vec![outcome(Outcome::Unknown), found()], AlreadyAccepted, OtherRequest, 1),
            (vec![not_found()], Send, Send, 1),
            (vec![outcome(Outcome::Unknown), not_found()], Send, Send, 1),
        ] {
            let history = history([intent(1, "a")].into_iter().chain(events.clone()));
            assert_eq!((history.decide("a"), history.decide("b")), (same, other), "{events:?}");
            assert_eq!(history.next_attempt(), next_attempt, "{events:?}");
            assert_eq!(history.intent().map(|intent| &*intent.digest), Some("a"));
        }
        assert_eq!(History::EMPTY.decide("a"), Send);
        assert_eq!(History::EMPTY.intent(), None);
    }

    #[test]
    fn an_intent_has_the_key_of_the_file_and_the_number_that_follows() {
        let key = |key: &str| {
            let Event::Intent(intent) = intent(1, "a") else { unreachable!() };
            Record { at: 0, event: Event::Intent(Intent { key: key.into(), ..intent }) }
        };
        let rejected = history([intent(1, "a"), outcome(Outcome::Rejected)]);
        let mut next = rejected.clone();
        assert_eq!(next.push(key("other")), None);
        assert_eq!(next, rejected);
        assert_eq!(next.push(Record { at: 0, event: intent(2, "a") }), None);
        assert_eq!(next.push(Record { at: 0, event: intent(1, "b") }), Some(()));
        let mut next =
            history([intent(1, "a"), outcome(Outcome::Accepted), Event::NewAttempt(note())]);
        assert_eq!(next.push(Record { at: 0, event: intent(1, "a") }), None);
        assert_eq!(next.push(Record { at: 0, event: intent(2, "a") }), Some(()));
    }

    #[test]
    fn a_problem_has_the_number_of_its_line() {
        let history = history([intent(1, "a"), outcome(Outcome::Rejected)]);
        let lines = text(&history);
        let problem = |text: &str, key| History::parse(text.as_bytes(), key).unwrap_err();
        let unreadable = |line| Problem { line, problem: LineProblem::Unreadable };
        assert_eq!(History::parse(lines.as_bytes(), Some("k\u{fc}")), Ok((history, lines.len())));
        assert_eq!(problem(&lines, Some("other")), unreadable(1));
        assert_eq!(problem(&(lines.clone() + "{}\n"), None), unreadable(3));
        let again = Record { at: 0, event: outcome(Outcome::Rejected) }.to_line();
        assert_eq!(problem(&(lines + &again), None), unreadable(3));
    }

    #[test]
    fn of_more_than_a_hundred_failures_the_first_fifty_stay() {
        let failures = |count: usize| {
            (0..count).flat_map(|number| {
                let end = if number % 2 == 0 { Outcome::Rejected } else { Outcome::NotSent };
                [intent(2, "a"), outcome(end)]
            })
        };
        let before =
            || [intent(1, "a"), outcome(Outcome::Accepted), Event::NewAttempt(note())].into_iter();
        for (count, kept) in [(0, 0), (1, 1), (99, 99), (100, 100), (101, 50), (300, 50)] {
            let long = history(before().chain(failures(count)));
            let expected = text(&history(before().chain(failures(kept))));
            assert_eq!(History::kept_length(text(&long).as_bytes(), &long), expected.len());
        }
        // While a request may be running, nothing is dropped; nor after a decision of a person.
        for end in [outcome(Outcome::Unknown), outcome(Outcome::Accepted)] {
            let long = before().chain(failures(150)).chain([intent(2, "a"), end]);
            let long = history(long);
            assert_eq!(History::kept_length(text(&long).as_bytes(), &long), text(&long).len());
        }
        let not_found = Event::Resolved { trigger_id: None, note: note() };
        let long = history(before().chain(failures(150)).chain([intent(2, "a"), not_found]));
        assert_eq!(History::kept_length(text(&long).as_bytes(), &long), text(&long).len());
    }
}
