//! Trigger workflow (`POST /gateway/api/v1/workflow/trigger`): the response.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;

use crate::redact::{self, CallTexts};
use crate::response::{self, Response};
use crate::seen::Seen;

use super::endpoint::{Endpoint, Extracted, Phrases, RetrySafety, Unusable};
use super::id;
use super::lenient::Lenient;
use super::status::RunStatus;
use super::trigger_id_evidence::has_trigger_id;

pub(crate) const PATH: &str = "/gateway/api/v1/workflow/trigger";

/// A run that the gateway accepted. From here on it runs on its own. `Display` also says if the
/// gateway reports it as `FAILED` or `TERMINATED` already, or if it cannot be polled.
///
/// Since 0.1.0.
#[derive(Debug, Clone)]
pub struct Trigger {
    pub(crate) run: AcceptedRun,
    pub(crate) response: Response,
}

/// A run as the response to its trigger describes it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AcceptedRun {
    trigger_id: TriggerId,
    /// Why the run cannot be polled, to continue a sentence about its trigger id.
    id_problem: Option<&'static str>,
    /// `None` if it is absent or not a text.
    status: Option<RunStatus>,
}

impl AcceptedRun {
    /// Copies the trigger id, so that the response can be changed.
    pub(crate) fn detach_from(&mut self, response: &Response) {
        self.trigger_id = TriggerId::Copy(self.trigger_id.text(response).to_owned());
    }
}

/// The range of the trigger id in the response, or a copy if JSON escapes it there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TriggerId {
    Range(Range<usize>),
    Copy(String),
}

impl TriggerId {
    /// Returns `None` if a text is not usable as a trigger id.
    fn from_json_text(text: Cow<'_, str>, body: &[u8]) -> Option<Self> {
        Some(match text {
            Cow::Borrowed(text) => {
                TriggerId::Range(response::range_in(body, id::trimmed(text).ok()?))
            }
            Cow::Owned(text) => TriggerId::Copy(id::trimmed(&text).ok()?.to_owned()),
        })
    }

    pub(crate) fn text<'a>(&'a self, response: &'a Response) -> &'a str {
        match self {
            TriggerId::Range(range) => &response.text()[range.clone()],
            TriggerId::Copy(id) => id,
        }
    }
}

impl Trigger {
    /// Returns the trigger id, which names this run in all other calls, without surrounding blanks.
    /// Other calls take it as it is, unless it contains a slash, a backslash or `..`: such an id is
    /// not safe in a path. `Display` says so.
    pub fn trigger_id(&self) -> &str {
        self.run.trigger_id.text(&self.response)
    }

    /// Returns the whole response.
    pub fn response(&self) -> &Response {
        &self.response
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("accepted with ")?;
        describe(&self.run, &self.response).fmt(f)
    }
}

/// Describes an accepted run: its trigger id, and what may surprise the caller later.
pub(crate) fn describe<'a>(
    run: &'a AcceptedRun,
    response: &'a Response,
) -> impl fmt::Display + use<'a> {
    let trigger_id = run.trigger_id.text(response);
    fmt::from_fn(move |f| {
        f.write_str("trigger id ")?;
        f.write_str(trigger_id)?;
        if let Some(status @ (RunStatus::Failed | RunStatus::Terminated)) = run.status {
            write!(f, ", but the gateway reports the run as {status}")?;
        }
        if let Some(problem) = run.id_problem {
            write!(f, ", but this run cannot be polled: its trigger id {problem}")?;
        }
        Ok(())
    })
}

pub(crate) struct TriggerEndpoint;

impl Endpoint for TriggerEndpoint {
    type Data<'a> = Lenient<'a, ResultData<'a>>;
    type Value = AcceptedRun;
    const RETRY_SAFETY: RetrySafety = RetrySafety::UnlessSent;
    const PHRASES: Phrases = Phrases {
        value: "a trigger id",
        if_rejected: "nothing runs",
        if_unknown: "the workflow may be running",
    };

    fn may_contain_value(body: &[u8], texts: &CallTexts<'_>) -> bool {
        has_trigger_id(body, texts.request)
    }

    fn extract(data: Option<&Self::Data<'_>>, body: &[u8], token: &str) -> Extracted<AcceptedRun> {
        let Some(trigger_id) = trigger_id(data, body, token)? else { return Ok(None) };
        let id_problem = match &trigger_id {
            TriggerId::Range(range) => std::str::from_utf8(&body[range.clone()]).ok(),
            TriggerId::Copy(id) => Some(id.as_str()),
        }
        .and_then(id::path_problem);
        Ok(Some(AcceptedRun { trigger_id, id_problem, status: data.and_then(run_status) }))
    }

    fn recognize(
        data: Option<&Self::Data<'_>>,
        asked: &str,
        seen: &mut Seen,
    ) -> Option<&'static str> {
        let config = match data {
            Some(Lenient::Object(ResultData {
                execution_config: Lenient::Object(config), ..
            })) => Some(config),
            _ => None,
        };
        let id = config.and_then(|config| config.trigger_id.as_text());
        let identifier = config.and_then(|config| config.identifier.as_text());
        seen.check_trigger(asked, id, identifier)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResultData<'a> {
    #[serde(borrow, default)]
    execution_config: Lenient<'a, ExecutionConfig<'a>>,
    #[serde(borrow, default)]
    status_info: Lenient<'a, StatusInfo<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExecutionConfig<'a> {
    #[serde(borrow, default)]
    trigger_id: Lenient<'a>,
    #[serde(borrow, default)]
    identifier: Lenient<'a>,
}

#[derive(Deserialize)]
struct StatusInfo<'a> {
    #[serde(borrow, default)]
    status: Lenient<'a>,
}

fn run_status(data: &Lenient<'_, ResultData<'_>>) -> Option<RunStatus> {
    match data {
        Lenient::Object(ResultData { status_info: Lenient::Object(info), .. }) => {
            match &info.status {
                Lenient::Text(status) => Some(RunStatus::from_text(status)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Extracts the trigger id from its documented place.
fn trigger_id(
    data: Option<&Lenient<'_, ResultData<'_>>>,
    body: &[u8],
    token: &str,
) -> Extracted<TriggerId> {
    if let Some(Lenient::Object(data)) = data
        && let Lenient::Object(config) = &data.execution_config
    {
        match &config.trigger_id {
            Lenient::Text(id) if id.trim().is_empty() => {}
            Lenient::Text(id) if !redact::repeats(id, token) => {
                return TriggerId::from_json_text(id.clone(), body).map(Some).ok_or(Unusable);
            }
            Lenient::Nothing => {}
            _ => return Err(Unusable),
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::envelope::Envelope;

    fn parsed(text: &str) -> Option<(Envelope<'_>, Lenient<'_, ResultData<'_>>)> {
        Envelope::parse(text)
    }

    #[test]
    fn only_a_printable_string_in_its_place_is_a_trigger_id() {
        let id = |config: &str| {
            let data = format!(r#"{{"executionConfig":{config}}}"#);
            let text = format!(r#"{{"status":"x","resultData":{data}}}"#);
            let (_, data) = parsed(&text).expect(&text);
            trigger_id(Some(&data), text.as_bytes(), "")
        };
        for config in [
            "null",
            "[1, {}]",
            "\"x\"",
            "{}",
            r#"{"name":"n"}"#,
            r#"{"triggerId":null}"#,
            r#"[{"triggerId":"a"}]"#,
        ] {
            assert_eq!(id(config), Ok(None), "{config}");
        }
        assert_eq!(id(r#"{"triggerId":" "}"#), Ok(None));
        for config in [
            r#"{"triggerId":7}"#,
            r#"{"triggerId":"a\u0000"}"#,
            r#"{"triggerId":"\u202eabc"}"#,
            r#"{"triggerId":["a"]}"#,
        ] {
            assert_eq!(id(config), Err(Unusable), "{config}");
        }
        let of_length = |length| format!(r#"{{"triggerId":"{}"}}"#, "a".repeat(length));
        assert!(id(&of_length(1024)).is_ok());
        assert_eq!(id(&of_length(1025)), Err(Unusable));
        assert_eq!(id(r#"{"triggerId":"a-\u00e9"}"#), Ok(Some(TriggerId::Copy("a-é".into()))));
        let may_contain =
            |body: &str| TriggerEndpoint::may_contain_value(body.as_bytes(), &CallTexts::new(""));
        for body in [
            "<html>",
            r#"{"triggerId" : null}"#,
            r#"{"triggerId":" "}"#,
            r#"{"parenttriggerId":"a"}"#,
            r#"{"text":"{\"triggerId\": null}"}"#,
            r#"{"errors":["no \"triggerId\" was given"]}"#,
            r#"{"triggerIds":[]}"#,
        ] {
            assert_eq!(trigger_id(None, body.as_bytes(), ""), Ok(None), "{body}");
            assert!(!may_contain(body), "{body}");
        }
        for body in [
            r#"{"triggerId":"a"}"#,
            "{\"triggerId\" \t:\n \"a\"}",
            r#"[{"triggerId":null},{"triggerId":"a"}]"#,
            r#"{"text":"{\"triggerId\": \"a\"}"}"#,
            r#"{"triggerId"#,
        ] {
            assert!(may_contain(body), "{body}");
        }
    }

    #[test]
    fn an_accepted_trigger_says_what_may_surprise_later() {
        let shown = |id: &str, status: &str| {
            let text = format!(
                r#"{{"status":"Success","resultData":{{"executionConfig":{{"triggerId":"{id}"}},"statusInfo":{status}}}}}"#
            );
            let (_, data) = parsed(&text).unwrap();
            let run = TriggerEndpoint::extract(Some(&data), text.as_bytes(), "").unwrap().unwrap();
            Trigger { run, response: Response::from_json(200, text.clone()) }.to_string()
        };
        for status in ["null", "{}", "7", r#"{"status":"SUBMITTED"}"#, r#"{"status":"WHO KNOWS"}"#]
        {
            assert_eq!(shown("a", status), "accepted with trigger id a");
        }
        for (status, word) in [("FAILED", "FAILED"), ("Terminated", "TERMINATED")] {
            assert_eq!(
                shown("a", &format!(r#"{{"status":"{status}"}}"#)),
                format!("accepted with trigger id a, but the gateway reports the run as {word}")
            );
        }
        for (id, shown_id, problem) in [
            ("a/b", "a/b", "contains a slash"),
            ("a\\\\b", "a\\b", "contains a slash"),
            (" ..\\n", "..", "contains a dot segment"),
        ] {
            let expected = format!(
                "accepted with trigger id {shown_id}, but this run cannot be polled: \
                 its trigger id {problem}"
            );
            assert_eq!(shown(id, "null"), expected);
        }
        assert_eq!(shown(" \\u00a0a b\\r\\n", "null"), "accepted with trigger id a b");
        assert_eq!(shown(" a b ", "null"), "accepted with trigger id a b");
    }

    #[test]
    fn envelopes_are_recognized_and_classified() {
        for text in [
            r#"{"status":"Success","resultData":{"executionConfig":{"triggerId":"a","triggerId":"b"}}}"#,
            r#"{"status":"Success","status":"Success"}"#,
            r#"{"resultData":{}}"#,
            r#"{"status":1}"#,
            "[]",
            r#"["Success",0,"line",null,{"executionConfig":{"triggerId":"x"}}]"#,
        ] {
            assert!(parsed(text).is_none(), "{text}");
        }
        for odd in ["null", "7", "-7", "1.5", "true", "\"x\"", "\"\\ud800\"", "[{}]", "{}"] {
            let text = format!(r#"{{"status":"Success","statusLine":{odd},"errors":{odd}}}"#);
            assert!(parsed(&text).is_some(), "{odd}");
        }
        use crate::outcome::EnvelopeKind::*;
        for (text, kind) in [
            (r#"{"status":"Success","statusCode":1}"#, Success),
            (r#"{"status":"DataValidationError"}"#, ValidationError),
            (r#"{"status":"X","statusCode":2}"#, OtherError),
            (r#"{"status":"X","errors":["e"]}"#, OtherError),
            (r#"{"status":"X","errors":"e"}"#, OtherError),
            (r#"{"status":"X","errors":{"a":1}}"#, OtherError),
            (r#"{"status":"X","statusCode":500,"errors":null}"#, OtherError),
            (r#"{"status":"X","statusCode":0,"statusLine":"queued","errors": [ ] }"#, Missing),
            (r#"{"status":"SUCCESS","statusLine":"Workflow submitted"}"#, Missing),
            (r#"{"status":"Accepted","statusCode":202}"#, Missing),
            (r#"{"status":"X","statusCode":"0","errors":""}"#, Missing),
            (r#"{"status":"X","errors":{}}"#, Missing),
            (r#"{"status":"X","errors":false}"#, Missing),
            (r#"{"status":"UP"}"#, Missing),
        ] {
            assert_eq!(parsed(text).unwrap().0.kind(), kind, "{text}");
        }
    }
}
