//! An entry of the journal, as the caller sees it: one key, its state and its last request.

use std::fmt;

use crate::error::Outcome;
use crate::response::Response;

use super::record::{Event, ObjectWriter};
use super::state::{History, State};

/// The state of a key.
///
/// Since 0.1.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyState {
    /// A call with this key is in progress, in this process or another.
    InProgress,
    /// It is unknown whether the gateway acted: the outcome was UNKNOWN, or the process died before
    /// it wrote one. [`Journal::resolve`](crate::Journal::resolve) settles it.
    Unknown,
    /// The gateway accepted the request.
    Accepted,
    /// The gateway refused the request. The next call sends.
    Rejected,
    /// Nothing was sent. The next call sends.
    NotSent,
    /// A person found that nothing runs, or allowed another attempt. The next call sends.
    Released,
    /// The file of the key cannot be read. Nothing is sent.
    Damaged,
}

impl KeyState {
    /// Returns `IN_PROGRESS`, `UNKNOWN`, `ACCEPTED`, `REJECTED`, `NOT_SENT`, `RELEASED` or
    /// `DAMAGED`.
    pub fn name(self) -> &'static str {
        match self {
            KeyState::InProgress => "IN_PROGRESS",
            KeyState::Unknown => "UNKNOWN",
            KeyState::Accepted => "ACCEPTED",
            KeyState::Rejected => "REJECTED",
            KeyState::NotSent => "NOT_SENT",
            KeyState::Released => "RELEASED",
            KeyState::Damaged => "DAMAGED",
        }
    }

    /// Returns what is certain about the last request with this key.
    pub fn outcome(self) -> Outcome {
        match self {
            KeyState::InProgress | KeyState::Unknown | KeyState::Damaged => Outcome::Unknown,
            KeyState::Accepted => Outcome::Accepted,
            KeyState::Rejected => Outcome::Rejected,
            KeyState::NotSent | KeyState::Released => Outcome::NotSent,
        }
    }
}

/// The state of a key, and its last request. Never contains a variable or a token.
///
/// Since 0.1.0.
#[derive(Debug, Clone)]
pub struct JournalEntry {
    key: String,
    state: KeyState,
    time_ms: i64,
    trigger_id: Option<String>,
    is_acknowledged: bool,
    response: Response,
}

impl JournalEntry {
    /// Describes a key that has at least one intent.
    pub(super) fn new(history: &History, is_in_progress: bool) -> Option<Self> {
        let intent = history.intent()?;
        let (state, is_acknowledged) = match history.state() {
            State::Open if is_in_progress => (KeyState::InProgress, false),
            State::Nothing | State::Open | State::Unknown => (KeyState::Unknown, false),
            State::Accepted { is_acknowledged } => (KeyState::Accepted, is_acknowledged),
            State::Rejected => (KeyState::Rejected, false),
            State::NotSent => (KeyState::NotSent, false),
            State::Released => (KeyState::Released, false),
        };
        let mut trigger_id = None;
        let mut time_ms = -1;
        for record in history.records() {
            match &record.event {
                // The time of the acceptance stays.
                Event::Acknowledged => continue,
                Event::Outcome { trigger_id: id, .. } | Event::Resolved { trigger_id: id, .. } => {
                    trigger_id = id.clone();
                }
                Event::Intent(_) | Event::NewAttempt(_) => trigger_id = None,
            }
            // An unknown outcome: when the request may have been sent.
            if !matches!(record.event, Event::Outcome { outcome: Outcome::Unknown, .. }) {
                time_ms = record.at;
            }
        }
        let mut json = ObjectWriter::new();
        json.text("key", &intent.key);
        json.text("state", state.name());
        json.number("time", time_ms);
        json.number("attempt", intent.attempt.into());
        json.request(&intent.request);
        json.optional_text("triggerId", trigger_id.as_deref());
        json.text("requestId", &intent.request_id);
        json.json("acknowledged", if is_acknowledged { "true" } else { "false" });
        let lines: Vec<String> = history.records().iter().map(|record| record.to_line()).collect();
        let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
        json.json("history", &["[", &lines.join(","), "]"].concat());
        Some(JournalEntry {
            key: intent.key.clone(),
            state,
            time_ms,
            trigger_id,
            is_acknowledged,
            response: Response::from_json(0, json.finish()),
        })
    }

    /// Describes a file that cannot be read.
    pub(super) fn damaged(file: &str, problem: &str) -> Self {
        Self::without_history("", KeyState::Damaged, None, &[("file", file), ("problem", problem)])
    }

    /// Describes a key that a store of the caller knows to be accepted.
    pub(crate) fn in_store(key: &str, trigger_id: String) -> Self {
        Self::without_history(key, KeyState::Accepted, Some(trigger_id), &[])
    }

    fn without_history(
        key: &str,
        state: KeyState,
        trigger_id: Option<String>,
        members: &[(&str, &str)],
    ) -> Self {
        let mut json = ObjectWriter::new();
        json.text("key", key);
        json.text("state", state.name());
        json.optional_text("triggerId", trigger_id.as_deref());
        for (name, text) in members {
            json.text(name, text);
        }
        JournalEntry {
            key: key.to_owned(),
            state,
            time_ms: -1,
            trigger_id,
            is_acknowledged: false,
            response: Response::from_json(0, json.finish()),
        }
    }

    /// Returns the key; empty if the state is [`KeyState::Damaged`].
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns the state of the key.
    pub fn state(&self) -> KeyState {
        self.state
    }

    /// Returns when the state was reached, in milliseconds since 1970, by the clock of the machine
    /// at that time. For [`KeyState::Unknown`], when the request may have been sent. -1 if it is in
    /// a [`OnceStore`](crate::OnceStore).
    pub fn time_ms(&self) -> i64 {
        self.time_ms
    }

    /// Returns the trigger id of the accepted run.
    pub fn trigger_id(&self) -> Option<&str> {
        self.trigger_id.as_deref()
    }

    /// True if the end of the run was seen, see
    /// [`Journal::acknowledge`](crate::Journal::acknowledge).
    pub fn is_acknowledged(&self) -> bool {
        self.is_acknowledged
    }

    /// Returns everything as a JSON object: `key`, `state`, `time`, `attempt`, `workflow`,
    /// `contact`, `application`, `ticket`, `channel`, `triggerId`, `requestId`, `acknowledged` and
    /// `history`, without those that do not apply. If the state is [`KeyState::Damaged`]: `key`,
    /// `state`, `file` and `problem`.
    pub fn json(&self) -> &str {
        self.response.text()
    }

    /// Returns the JSON object, for pointers into it.
    pub(crate) fn response(&self) -> &Response {
        &self.response
    }

    /// True if the key needs attention.
    pub(super) fn is_unfinished(&self) -> bool {
        match self.state {
            KeyState::InProgress | KeyState::Unknown | KeyState::Damaged => true,
            KeyState::Accepted => !self.is_acknowledged,
            KeyState::Rejected | KeyState::NotSent | KeyState::Released => false,
        }
    }
}

impl fmt::Display for JournalEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "key \"{}\" is {}", self.key, self.state.name())?;
        match &self.trigger_id {
            Some(trigger_id) => write!(f, " with trigger id {trigger_id}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTENT: &str = r#"{"v":1,"at":3,"event":"intent","key":"k","attempt":1,"workflow":"w","digest":"d","requestId":"id"}"#;

    /// The entry of a key whose first line is an intent at 3 ms, followed by lines with these
    /// members at 4, 5, ... ms.
    fn entry(members: &[&str], is_in_progress: bool) -> JournalEntry {
        let mut text = INTENT.to_owned() + "\n";
        for (at, members) in (4..).zip(members) {
            text += &format!("{{\"v\":1,\"at\":{at},{members}}}\n");
        }
        let (history, _) = History::parse(text.as_bytes(), Some("k")).unwrap();
        JournalEntry::new(&history, is_in_progress).unwrap()
    }

    #[test]
    fn the_lines_of_a_key_decide_its_state_time_and_trigger_id() {
        let accepted = r#""event":"outcome","outcome":"ACCEPTED","triggerId":"t""#;
        let unknown = r#""event":"outcome","outcome":"UNKNOWN""#;
        let acknowledged = r#""event":"acknowledged""#;
        let found = r#""event":"resolved","triggerId":"t2","who":"a","reason":"b""#;
        let none = r#""event":"resolved","who":"a","reason":"b""#;
        let again = r#""event":"newAttempt","who":"a","reason":"b""#;
        let rejected = r#""event":"outcome","outcome":"REJECTED""#;
        let not_sent = r#""event":"outcome","outcome":"NOT_SENT""#;
        #[rustfmt::skip]
        let rows = [
            (&[][..], KeyState::Unknown, Outcome::Unknown, 3, None, true),
            (&[unknown], KeyState::Unknown, Outcome::Unknown, 3, None, true),
            (&[rejected], KeyState::Rejected, Outcome::Rejected, 4, None, false),
            (&[not_sent], KeyState::NotSent, Outcome::NotSent, 4, None, false),
            (&[accepted], KeyState::Accepted, Outcome::Accepted, 4, Some("t"), true),
            (&[accepted, acknowledged], KeyState::Accepted, Outcome::Accepted, 4, Some("t"), false),
            (&[accepted, again], KeyState::Released, Outcome::NotSent, 5, None, false),
            (&[unknown, found], KeyState::Accepted, Outcome::Accepted, 5, Some("t2"), true),
            (&[unknown, none], KeyState::Released, Outcome::NotSent, 5, None, false),
            (&[found], KeyState::Accepted, Outcome::Accepted, 4, Some("t2"), true),
            (&[unknown, found, acknowledged], KeyState::Accepted, Outcome::Accepted, 5, Some("t2"), false),
        ];
        for (lines, state, outcome, time_ms, trigger_id, is_unfinished) in rows {
            let entry = entry(lines, false);
            assert_eq!(entry.key(), "k");
            assert_eq!(entry.state(), state, "{lines:?}");
            assert_eq!(entry.state().outcome(), outcome, "{lines:?}");
            assert_eq!(entry.time_ms(), time_ms, "{lines:?}");
            assert_eq!(entry.trigger_id(), trigger_id, "{lines:?}");
            assert_eq!(entry.is_unfinished(), is_unfinished, "{lines:?}");
            assert_eq!(entry.is_acknowledged(), lines.contains(&acknowledged), "{lines:?}");
            assert_eq!(entry.response().text(), entry.json());
            let shown = format!("key \"k\" is {}", state.name());
            let with_id = trigger_id.map(|id| format!(" with trigger id {id}"));
            assert_eq!(entry.to_string(), shown + &with_id.unwrap_or_default());
        }
        let in_progress = entry(&[], true);
        assert_eq!(in_progress.state(), KeyState::InProgress);
        assert_eq!(in_progress.state().outcome(), Outcome::Unknown);
        assert!(in_progress.is_unfinished());
        // Only an intent without an outcome can be in progress.
        assert_eq!(entry(&[unknown], true).state(), KeyState::Unknown);
        assert!(JournalEntry::new(&History::EMPTY, true).is_none());
        assert_eq!(
            entry(&[accepted, acknowledged], false).json(),
            [
                r#"{"key":"k","state":"ACCEPTED","time":4,"attempt":1,"workflow":"w","triggerId":"t","requestId":"id","acknowledged":true,"history":["#,
                INTENT,
                r#",{"v":1,"at":4,"event":"outcome","outcome":"ACCEPTED","triggerId":"t"},{"v":1,"at":5,"event":"acknowledged"}]}"#
            ]
            .concat()
        );
    }

    #[test]
    fn the_names_of_the_states_are_those_of_the_c_header() {
        for (state, name) in [
            (KeyState::InProgress, "IN_PROGRESS"),
            (KeyState::Unknown, "UNKNOWN"),
            (KeyState::Accepted, "ACCEPTED"),
            (KeyState::Rejected, "REJECTED"),
            (KeyState::NotSent, "NOT_SENT"),
            (KeyState::Released, "RELEASED"),
            (KeyState::Damaged, "DAMAGED"),
        ] {
            assert_eq!(state.name(), name);
        }
    }

    #[test]
    fn an_entry_without_lines_says_what_is_known() {
        let damaged = JournalEntry::damaged("00/a", "it is \"odd\"");
        assert_eq!((damaged.key(), damaged.state()), ("", KeyState::Damaged));
        assert_eq!((damaged.time_ms(), damaged.trigger_id()), (-1, None));
        assert!(damaged.is_unfinished() && !damaged.is_acknowledged());
        assert_eq!(
            damaged.json(),
            r#"{"key":"","state":"DAMAGED","file":"00/a","problem":"it is \"odd\""}"#
        );
        let in_store = JournalEntry::in_store("k", "t".into());
        assert_eq!((in_store.key(), in_store.state()), ("k", KeyState::Accepted));
        assert_eq!((in_store.time_ms(), in_store.trigger_id()), (-1, Some("t")));
        assert_eq!(in_store.json(), r#"{"key":"k","state":"ACCEPTED","triggerId":"t"}"#);
    }
}
