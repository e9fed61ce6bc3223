//! The lines of a key's file: one JSON object for each event, in the order in which they happened.

use crate::error::Outcome;
use crate::json::{self, Json};

/// The version of the format. A line of another version is not read.
pub(crate) const VERSION: i64 = 1;

/// A line of a key's file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Record {
    /// Milliseconds since 1970. Only for people: nothing depends on its order.
    pub(crate) at: i64,
    pub(crate) event: Event,
}

/// An event in the life of a key.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Event {
    /// A request is about to be sent.
    Intent(Intent),
    /// The call that wrote the intent has ended. `trigger_id` belongs to
    /// [`Outcome::Accepted`].
    Outcome { outcome: Outcome, trigger_id: Option<String> },
    /// A person found the run, or found that there is none.
    Resolved { trigger_id: Option<String>, note: Note },
    /// A person allowed another attempt.
    NewAttempt(Note),
    /// The end of the run was seen.
    Acknowledged,
}

/// The person who decided something, and the reason.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Note {
    pub(crate) who: String,
    pub(crate) reason: String,
}

/// A request that is about to be sent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Intent {
    pub(crate) key: String,
    /// 1, and one more for each new attempt that was allowed.
    pub(crate) attempt: u32,
    pub(crate) request: RequestSummary,
    /// In hexadecimal, see [`digest`](super::digest).
    pub(crate) digest: String,
    pub(crate) request_id: String,
}

/// The data by which a person recognizes a request. No variables: they may be secret.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RequestSummary {
    pub(crate) workflow: String,
    pub(crate) contact: Option<i64>,
    pub(crate) application: Option<i32>,
    pub(crate) ticket: Option<String>,
    pub(crate) channel: Option<String>,
}

/// Why a line cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineProblem {
    /// It has another version.
    Version,
    /// It is not a line of this format.
    Unreadable,
}

impl Record {
    /// Returns the line, with its line feed.
    pub(crate) fn to_line(&self) -> String {
        let mut line = ObjectWriter::new();
        line.number("v", VERSION);
        line.number("at", self.at);
        match &self.event {
            Event::Intent(intent) => {
                let Intent { key, attempt, request, digest, request_id } = intent;
                line.text("event", "intent");
                line.text("key", key);
                line.number("attempt", (*attempt).into());
                line.request(request);
                line.text("digest", digest);
                line.text("requestId", request_id);
            }
            Event::Outcome { outcome, trigger_id } => {
                line.text("event", "outcome");
                line.text("outcome", outcome.name());
                line.optional_text("triggerId", trigger_id.as_deref());
            }
            Event::Resolved { trigger_id, note } => {
                line.text("event", "resolved");
                line.optional_text("triggerId", trigger_id.as_deref());
                line.note(note);
            }
            Event::NewAttempt(note) => {
                line.text("event", "newAttempt");
                line.note(note);
            }
            Event::Acknowledged => line.text("event", "acknowledged"),
        }
        let mut line = line.finish();
        line.push('\n');
        line
    }

    /// Parses a line, without its line feed. Strict: a member that is missing or has another type
    /// makes the line unreadable.
    pub(crate) fn parse(line: &[u8]) -> Result<Self, LineProblem> {
        let text = str::from_utf8(line).ok().filter(|text| json::is_json(text));
        let line = Json::new(text.ok_or(LineProblem::Unreadable)?);
        // A member that appears twice could be read either way.
        let members = line.unique_members(MEMBERS).ok_or(LineProblem::Unreadable)?;
        match members[0].map(Json::as_i64) {
            Some(Ok(VERSION)) => read(&members).ok_or(LineProblem::Unreadable),
            Some(Ok(_)) => Err(LineProblem::Version),
            _ => Err(LineProblem::Unreadable),
        }
    }
}

/// All members of a line; the version first.
const MEMBERS: [&str; 16] = [
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

fn read(members: &[Option<Json<'_>>; MEMBERS.len()]) -> Option<Record> {
    let [_, at, event, key, attempt, workflow, contact, application, ticket, channel, ..] =
        *members;
    let [.., digest, request_id, outcome, trigger_id, who, reason] = *members;
    let text = |member: Option<Json<'_>>| Some(member?.as_text()?.into_owned());
    let optional_text = |member: Option<Json<'_>>| match member {
        Some(_) => text(member).map(Some),
        None => Some(None),
    };
    let optional_number = |member: Option<Json<'_>>| match member {
        Some(value) => value.as_i64().ok().map(Some),
        None => Some(None),
    };
    let note = || Some(Note { who: text(who)?, reason: text(reason)? });
    let event = match &*event?.as_text()? {
        "intent" => Event::Intent(Intent {
            key: text(key)?,
            attempt: attempt?.as_i64().ok()?.try_into().ok()?,
            request: RequestSummary {
                workflow: text(workflow)?,
                contact: optional_number(contact)?,
                application: optional_number(application)?.map(i32::try_from).transpose().ok()?,
                ticket: optional_text(ticket)?,
                channel: optional_text(channel)?,
            },
            digest: text(digest)?,
            request_id: text(request_id)?,
        }),
        "outcome" => {
            let outcome = outcome_from_name(&text(outcome)?)?;
            let trigger_id = optional_text(trigger_id)?;
            if trigger_id.is_some() != (outcome == Outcome::Accepted) {
                return None;
            }
            Event::Outcome { outcome, trigger_id }
        }
        "resolved" => Event::Resolved { trigger_id: optional_text(trigger_id)?, note: note()? },
        "newAttempt" => Event::NewAttempt(note()?),
        "acknowledged" => Event::Acknowledged,
        _ => return None,
    };
    Some(Record { at: at?.as_i64().ok()?, event })
}

/// Describes an intent for a store of the caller.
pub(crate) fn intent_json(
    key: &str,
    request: &RequestSummary,
    digest: &str,
    request_id: &str,
) -> String {
    let mut json = ObjectWriter::new();
    json.text("key", key);
    json.request(request);
    json.text("digest", digest);
    json.text("requestId", request_id);
    json.finish()
}

fn outcome_from_name(name: &str) -> Option<Outcome> {
    [Outcome::Accepted, Outcome::Rejected, Outcome::NotSent, Outcome::Unknown]
        .into_iter()
        .find(|outcome| outcome.name() == name)
}

/// Writes a JSON object.
pub(crate) struct ObjectWriter(String);

impl ObjectWriter {
    pub(crate) fn new() -> Self {
        ObjectWriter("{".into())
    }

    /// Writes a member whose value is JSON.
    pub(crate) fn json(&mut self, name: &str, json: &str) {
        let comma = if self.0.len() > 1 { "," } else { "" };
        for part in [comma, "\"", name, "\":", json] {
            self.0.push_str(part);
        }
    }

    pub(crate) fn text(&mut self, name: &str, text: &str) {
        self.json(name, &json::quoted(text));
    }

    pub(crate) fn optional_text(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    pub(crate) fn number(&mut self, name: &str, number: i64) {
        self.json(name, &number.to_string());
    }

    fn note(&mut self, note: &Note) {
        self.text("who", &note.who);
        self.text("reason", &note.reason);
    }

    pub(crate) fn request(&mut self, request: &RequestSummary) {
        self.text("workflow", &request.workflow);
        for (name, number) in
            [("contact", request.contact), ("application", request.application.map(i64::from))]
        {
            if let Some(number) = number {
                self.number(name, number);
            }
        }
        self.optional_text("ticket", request.ticket.as_deref());
        self.optional_text("channel", request.channel.as_deref());
    }

    pub(crate) fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records() -> Vec<(Event, &'static str)> {
        let note = || Note { who: "me".into(), reason: "a \"b\"".into() };
        let request = |is_full: bool| RequestSummary {
            workflow: "w".into(),
            contact: is_full.then_some(-1),
            application: is_full.then_some(-4),
            ticket: is_full.then(|| "t\n".into()),
            channel: is_full.then(|| "c".into()),
        };
        let intent = |attempt, is_full| {
            let (key, digest, request_id) = ("k\u{fc}".into(), "0f".into(), "id".into());
            Event::Intent(Intent { key, attempt, request: request(is_full), digest, request_id })
        };
        let outcome = |outcome, trigger_id: Option<&str>| {
            let trigger_id = trigger_id.map(str::to_owned);
            Event::Outcome { outcome, trigger_id }
        };
        vec![
            (
                intent(1, false),
                r#""event":"intent","key":"kü","attempt":1,"workflow":"w","digest":"0f","requestId":"id""#,
            ),
            (
                intent(2, true),
                r#""event":"intent","key":"kü","attempt":2,"workflow":"w","contact":-1,"application":-4,"ticket":"t\n","channel":"c","digest":"0f","requestId":"id""#,
            ),
            (
                outcome(Outcome::Accepted, Some("t")),
                r#""event":"outcome","outcome":"ACCEPTED","triggerId":"t""#,
            ),
            (outcome(Outcome::Rejected, None), r#""event":"outcome","outcome":"REJECTED""#),
            (outcome(Outcome::NotSent, None), r#""event":"outcome","outcome":"NOT_SENT""#),
            (outcome(Outcome::Unknown, None), r#""event":"outcome","outcome":"UNKNOWN""#),
            (
                Event::Resolved { trigger_id: Some("t".into()), note: note() },
                r#""event":"resolved","triggerId":"t","who":"me","reason":"a \"b\"""#,
            ),
            (
                Event::Resolved { trigger_id: None, note: note() },
                r#""event":"resolved","who":"me","reason":"a \"b\"""#,
            ),
            (Event::NewAttempt(note()), r#""event":"newAttempt","who":"me","reason":"a \"b\"""#),
            (Event::Acknowledged, r#""event":"acknowledged""#),
        ]
    }

    #[test]
    fn a_line_is_read_as_it_was_written() {
        for (event, members) in records() {
            let record = Record { at: -7, event };
            let line = format!("{{\"v\":1,\"at\":-7,{members}}}");
            assert_eq!(record.to_line(), format!("{line}\n"));
            assert_eq!(Record::parse(line.as_bytes()), Ok(record));
        }
    }

    #[test]
    fn a_line_that_lacks_something_or_contradicts_itself_is_not_read() {
        use LineProblem::{Unreadable, Version};
        for (line, problem) in [
            (r#"{"v":2,"at":7,"event":"acknowledged"}"#, Version),
            (r#"{"v":2}"#, Version),
            (r#"{"v":"1","at":7,"event":"acknowledged"}"#, Unreadable),
            (r#"{"at":7,"event":"acknowledged"}"#, Unreadable),
            (r#"{"v":1,"event":"acknowledged"}"#, Unreadable),
            (r#"{"v":1,"at":7}"#, Unreadable),
            (r#"{"v":1,"at":7,"event":"other"}"#, Unreadable),
            (r#"{"v":1,"at":7,"at":7,"event":"acknowledged"}"#, Unreadable),
            (r#"{"v":1,"at":7.5,"event":"acknowledged"}"#, Unreadable),
            (r#"{"v":1,"at":7,"event":"outcome","outcome":"ACCEPTED"}"#, Unreadable),
            (r#"{"v":1,"at":7,"event":"outcome","outcome":"UNKNOWN","triggerId":"t"}"#, Unreadable),
            (r#"{"v":1,"at":7,"event":"outcome","outcome":"unknown"}"#, Unreadable),
            (
                r#"{"v":1,"at":7,"event":"resolved","triggerId":7,"who":"a","reason":"b"}"#,
                Unreadable,
            ),
            (r#"{"v":1,"at":7,"event":"resolved","who":"a"}"#, Unreadable),
            ("", Unreadable),
            ("[1]", Unreadable),
            ("{\"v\":1", Unreadable),
        ] {
            assert_eq!(Record::parse(line.as_bytes()), Err(problem), "{line}");
        }
        assert_eq!(Record::parse(b"\xff"), Err(Unreadable));
        // Each member of each line is needed, except what describes the request or the run.
        for (event, members) in records() {
            let optional = ["contact", "application", "ticket", "channel", "triggerId"];
            let line = format!("{{\"v\":1,\"at\":-7,{members}}}");
            for (name, _) in Json::new(&line).all_members() {
                let other = name.raw().replace('"', "");
                let without = line.replacen(name.raw(), &format!("\"no-{other}\""), 1);
                let is_optional = optional.contains(&&*other) && !line.contains("ACCEPTED");
                let result = Record::parse(without.as_bytes());
                assert_eq!(result.is_ok(), is_optional, "{without}: {event:?}");
            }
        }
    }

    #[test]
    fn a_store_gets_an_intent_as_json() {
        let (Event::Intent(intent), _) = records().remove(0) else { panic!("no intent") };
        let Intent { key, request, digest, request_id, .. } = intent;
        assert_eq!(
            intent_json(&key, &request, &digest, &request_id),
            r#"{"key":"kü","workflow":"w","digest":"0f","requestId":"id"}"#
        );
    }
}
