//! Trigger workflow (`POST /gateway/api/v1/workflow/trigger`): the response.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;

use crate::limits::MAX_TEXT_BYTES;
use crate::redact;
use crate::response::{self, Response};
use crate::seen::Seen;

use super::endpoint::{self, Endpoint, Extracted, Phrases, RetrySafety, Unusable};
use super::lenient::Lenient;

pub(crate) const PATH: &str = "/gateway/api/v1/workflow/trigger";

/// A run that the gateway accepted. From here on it runs on its own.
///
/// Since 0.1.0.
#[derive(Debug, Clone)]
pub struct Trigger {
    pub(crate) trigger_id: TriggerId,
    pub(crate) response: Response,
}

/// The range of the trigger id in the response, or a copy if JSON escapes it there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TriggerId {
    Range(Range<usize>),
    Copy(String),
}

impl TriggerId {
    fn from_json_text(id: Cow<'_, str>, body: &[u8]) -> Self {
        match id {
            Cow::Borrowed(id) => TriggerId::Range(response::range_in(body, id)),
            Cow::Owned(id) => TriggerId::Copy(id),
        }
    }

    pub(crate) fn text<'a>(&'a self, response: &'a Response) -> &'a str {
        match self {
            TriggerId::Range(range) => &response.text()[range.clone()],
            TriggerId::Copy(id) => id,
        }
    }
}

impl Trigger {
    /// Returns the trigger id, which names this run in all other calls.
    pub fn trigger_id(&self) -> &str {
        self.trigger_id.text(&self.response)
    }

    /// Returns the whole response.
    pub fn response(&self) -> &Response {
        &self.response
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("accepted with trigger id ")?;
        f.write_str(self.trigger_id())
    }
}

pub(crate) struct TriggerEndpoint;

impl Endpoint for TriggerEndpoint {
    type Data<'a> = Lenient<'a, ResultData<'a>>;
    type Value = TriggerId;
    const RETRY_SAFETY: RetrySafety = RetrySafety::UnlessSent;
    const PHRASES: Phrases = Phrases {
        value: "a trigger id",
        if_rejected: "nothing runs",
        if_unknown: "the workflow may be running",
    };

    fn extract(data: Option<&Self::Data<'_>>, body: &[u8], token: &str) -> Extracted<TriggerId> {
        trigger_id(data, body, token)
    }

    fn recognize(
        data: Option<&Self::Data<'_>>,
        asked: &str,
        seen: &mut Seen,
    ) -> Option<&'static str> {
        let config = match data {
            Some(Lenient::Object(ResultData { execution_config: Lenient::Object(config) })) => {
                Some(config)
            }
            _ => None,
        };
        let id = config.and_then(|config| config.trigger_id.as_text());
        let identifier = config.and_then(|config| config.identifier.as_text());
        seen.trigger(asked, id, identifier)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResultData<'a> {
    #[serde(borrow, default)]
    execution_config: Lenient<'a, ExecutionConfig<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExecutionConfig<'a> {
    #[serde(borrow, default)]
    trigger_id: Lenient<'a>,
    #[serde(borrow, default)]
    identifier: Lenient<'a>,
}

/// Extracts the trigger id from its documented place. A trigger id anywhere else is unusable, but
/// keeps the response from being judged a rejection.
fn trigger_id(
    data: Option<&Lenient<'_, ResultData<'_>>>,
    body: &[u8],
    token: &str,
) -> Extracted<TriggerId> {
    if let Some(Lenient::Object(data)) = data
        && let Lenient::Object(config) = &data.execution_config
    {
        match &config.trigger_id {
            Lenient::Text(id) if is_id(id) && !redact::repeats(id, token) => {
                return Ok(Some(TriggerId::from_json_text(id.clone(), body)));
            }
            Lenient::Text(id) if id.trim().is_empty() => {}
            Lenient::Nothing => {}
            _ => return Err(Unusable),
        }
    }
    if endpoint::mentions_key(body, "\"triggerId") { Err(Unusable) } else { Ok(None) }
}

fn is_id(text: &str) -> bool {
    (1..=MAX_TEXT_BYTES).contains(&text.len())
        && !text.trim().is_empty()
        && !text.chars().any(redact::is_invisible)
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
        for config in ["null", "[1, {}]", "\"x\"", "{}", r#"{"name":"n"}"#, r#"{"triggerId":null}"#]
        {
            assert_eq!(id(config), Ok(None), "{config}");
        }
        assert_eq!(id(r#"{"triggerId":" "}"#), Ok(None));
        for config in [
            r#"{"triggerId":7}"#,
            r#"{"triggerId":"a\u0000"}"#,
            r#"{"triggerId":"\u202eabc"}"#,
            r#"{"triggerId":["a"]}"#,
            r#"[{"triggerId":"a"}]"#,
        ] {
            assert_eq!(id(config), Err(Unusable), "{config}");
        }
        let long = format!(r#"{{"triggerId":"{}"}}"#, "a".repeat(1025));
        assert_eq!(id(&long), Err(Unusable));
        assert_eq!(id(r#"{"triggerId":"a-\u00e9"}"#), Ok(Some(TriggerId::Copy("a-é".into()))));
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
        }
        for body in [
            r#"{"triggerId":"a"}"#,
            "{\"triggerId\" \t:\n \"a\"}",
            r#"[{"triggerId":null},{"triggerId":"a"}]"#,
            r#"{"text":"{\"triggerId\": \"a\"}"}"#,
            r#"{"triggerId"#,
        ] {
            assert_eq!(trigger_id(None, body.as_bytes(), ""), Err(Unusable), "{body}");
        }
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
