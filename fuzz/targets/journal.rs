//! The file of a key in the journal, with any bytes: it is read as by a simple reference, and a
//! request may be sent only if nothing that is written there may still be running.
#![no_main]
#![allow(dead_code, unused_imports, reason = "the library's own files are included as they are")]

use libfuzzer_sys::fuzz_target;

#[path = "../../src/arrays.rs"]
mod arrays;
#[path = "../../src/call_info.rs"]
mod call_info;
#[path = "../../src/error.rs"]
mod error;
#[path = "../../src/json.rs"]
mod json;
#[path = "../../src/limits.rs"]
mod limits;
#[path = "../../src/memory.rs"]
mod memory;
#[path = "../../src/redact/mod.rs"]
mod redact;
#[path = "../../src/response.rs"]
mod response;
mod tree;
#[path = "../../src/wiped.rs"]
mod wiped;

/// The lines and the states, without the files.
#[path = "../../src/journal"]
mod journal {
    pub(crate) mod entry;
    pub(crate) mod record;
    pub(crate) mod state;

    pub(crate) fn entry(history: &state::History) -> Option<entry::JournalEntry> {
        entry::JournalEntry::new(history, false)
    }
}

use error::Outcome;
use journal::entry::KeyState;
use journal::record::Record;
use journal::state::{Decision, History};
use tree::{Parsed, Tree};

/// What the reference knows about a key.
#[derive(Default)]
struct Known {
    key: Option<String>,
    /// The digest of the last intent.
    digest: String,
    attempt: i64,
    /// Intents without an outcome that says that nothing runs.
    unsettled: u32,
    /// True while the last intent has no outcome.
    is_open: bool,
    is_accepted: bool,
    is_acknowledged: bool,
}

/// Why a line is not read.
enum Refused {
    Line,
    /// The reference cannot decide.
    Unsure,
}

impl Known {
    /// Takes a line.
    fn take(&mut self, line: &[u8]) -> Result<(), Refused> {
        let tree = match tree::parse(line) {
            Parsed::Tree(tree) => tree,
            Parsed::Odd => return Err(Refused::Unsure),
            Parsed::NotJson => return Err(Refused::Line),
        };
        self.follow(&tree).ok_or(Refused::Line)
    }

    fn follow(&mut self, line: &Tree) -> Option<()> {
        const NAMES: [&str; 16] = [
            "v",
            "at",
            "event",
            "key",
            "attempt",
            "workflow",
            "contact",
            "application",
            "ticket",
            "channel",
            "digest",
            "requestId",
            "outcome",
            "triggerId",
            "who",
            "reason",
        ];
        if !matches!(line, Tree::Object(_)) || NAMES.iter().any(|name| line.has_twice(name)) {
            return None;
        }
        let number = |name: &str| match line.get(name) {
            Some(Tree::Integer(number)) => Some(*number),
            _ => None,
        };
        let text = |name: &str| line.get(name).and_then(Tree::text);
        let is_text_or_absent = |name: &str| line.get(name).is_none() || text(name).is_some();
        let is_number_or_absent = |name: &str| line.get(name).is_none() || number(name).is_some();
        if number("v") != Some(1) {
            return None;
        }
        number("at")?;
        let may_send = self.unsettled == 0;
        match text("event")? {
            "intent" => {
                let (key, attempt) = (text("key")?, u32::try_from(number("attempt")?).ok()?);
                (text("workflow")?, text("digest")?, text("requestId")?);
                let is_application = number("application").is_none_or(|n| i32::try_from(n).is_ok());
                let is_valid = is_number_or_absent("contact")
                    && is_number_or_absent("application")
                    && is_application
                    && is_text_or_absent("ticket")
                    && is_text_or_absent("channel");
                let is_next = i64::from(attempt) == self.attempt + 1;
                let is_same = self.key.as_deref().is_none_or(|known| known == key);
                if !is_valid || !is_next || !is_same || !may_send {
                    return None;
                }
                self.key = Some(key.to_owned());
                self.digest = text("digest")?.to_owned();
                self.unsettled += 1;
                (self.is_open, self.is_accepted, self.is_acknowledged) = (true, false, false);
            }
            "outcome" => {
                let outcome = text("outcome")?;
                let is_valid = is_text_or_absent("triggerId")
                    && text("triggerId").is_some() == (outcome == "ACCEPTED")
                    && ["ACCEPTED", "REJECTED", "NOT_SENT", "UNKNOWN"].contains(&outcome);
                if !is_valid || !self.is_open {
                    return None;
                }
                self.is_open = false;
                match outcome {
                    "ACCEPTED" => self.is_accepted = true,
                    "REJECTED" | "NOT_SENT" => self.unsettled -= 1,
                    _ => {}
                }
            }
            "resolved" => {
                (text("who")?, text("reason")?);
                if may_send || self.is_accepted || !is_text_or_absent("triggerId") {
                    return None;
                }
                self.is_open = false;
                match text("triggerId") {
                    Some(_) => self.is_accepted = true,
                    None => self.unsettled -= 1,
                }
            }
            "newAttempt" => {
                (text("who")?, text("reason")?);
                if !self.is_accepted {
                    return None;
                }
                self.is_accepted = false;
                self.unsettled -= 1;
                self.attempt += 1;
            }
            "acknowledged" => {
                if !self.is_accepted || self.is_acknowledged {
                    return None;
                }
                self.is_acknowledged = true;
            }
            _ => return None,
        }
        Some(())
    }

    fn decision(&self, digest: &str) -> Decision {
        match (self.unsettled, self.is_accepted) {
            (0, _) => Decision::Send,
            _ if digest != self.digest => Decision::OtherRequest,
            (_, true) => Decision::AlreadyAccepted,
            (_, false) => Decision::Unresolved,
        }
    }
}

fn check(text: &[u8]) {
    let length = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let mut known = Known::default();
    let lines = text[..length].split_inclusive(|byte| *byte == b'\n');
    let expected = lines.map(|line| &line[..line.len() - 1]).try_for_each(|line| known.take(line));
    let parsed = History::parse(text, None);
    let (history, kept) = match (parsed, expected) {
        (Ok(parsed), Ok(())) => parsed,
        // It may say the same about what the reference cannot represent.
        (Ok(parsed), Err(Refused::Unsure)) => parsed,
        (Err(_), Err(_)) => return,
        // As an integer, -0 is 0; the reference reads it as a float.
        (Ok(_), Err(Refused::Line)) if text.windows(2).any(|window| window == b"-0") => return,
        (Ok(_), Err(Refused::Line)) => panic!("a line is read that the reference refuses"),
        (Err(problem), Ok(())) => panic!("{problem:?}, but the reference reads it"),
    };
    assert_eq!(kept, length);
    // What is written again is the same.
    let written: String = history.records().iter().map(Record::to_line).collect();
    assert_eq!(History::parse(written.as_bytes(), None), Ok((history.clone(), written.len())));
    let is_sure = text[..length]
        .split(|byte| *byte == b'\n')
        .all(|line| !matches!(tree::parse(line), Parsed::Odd));
    if is_sure {
        for digest in [known.digest.as_str(), "another"] {
            assert_eq!(history.decide(digest), known.decision(digest));
        }
        assert_eq!(i64::from(history.next_attempt()), known.attempt + 1);
        assert_eq!(history.intent().map(|intent| &*intent.key), known.key.as_deref());
    }
    // Only attempts without an effect are dropped.
    let kept = History::kept_length(&text[..length], &history);
    let shorter = History::parse(&text[..kept], None).expect("whole lines").0;
    assert_eq!(shorter.next_attempt(), history.next_attempt());
    let digest = known.digest.as_str();
    assert_eq!(shorter.decide(digest) == Decision::Send, history.decide(digest) == Decision::Send);

    let Some(entry) = journal::entry(&history) else { return };
    assert!(json::is_json(entry.json()), "{}", entry.json());
    let may_send =
        matches!(entry.state(), KeyState::Rejected | KeyState::NotSent | KeyState::Released);
    assert_eq!(may_send, history.decide(digest) == Decision::Send);
    assert_eq!(entry.state() == KeyState::Accepted, entry.state().outcome() == Outcome::Accepted);
    let _ = (entry.to_string(), entry.time_ms(), entry.trigger_id(), entry.is_acknowledged());
}

fuzz_target!(|data: &[u8]| {
    check(data);
    // Wherever the last write ended.
    if let Some(end) = data.iter().rposition(|byte| *byte == b'\n') {
        check(&data[..end]);
        check(&data[..end / 2]);
    }
});
