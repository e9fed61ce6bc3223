//! The JSON envelope of every gateway response.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;
use zeroize::Zeroize;

use crate::json::{Json, JsonType};
use crate::outcome::EnvelopeKind;

const SUCCESS: &str = "Success";
const DATA_VALIDATION_ERROR: &str = "DataValidationError";

/// The limit for `errors`: an element can be two bytes in a response, but takes far more as a
/// `String`.
const MAX_ERRORS: usize = 1000;

/// The members of an envelope except `resultData`. Members whose type the vendor's documentation
/// leaves open are kept as raw JSON, so that an unexpected type breaks nothing.
pub(crate) struct Envelope<'a> {
    status: Cow<'a, str>,
    status_code: Option<&'a RawValue>,
    status_line: Option<&'a RawValue>,
    errors: Option<&'a RawValue>,
}

/// Texts stay raw JSON here, because serde_json leaves copies of those with escapes in memory.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "T: Deserialize<'de> + Default"))]
struct Members<'a, T> {
    #[serde(borrow)]
    status: &'a RawValue,
    #[serde(borrow)]
    status_code: Option<&'a RawValue>,
    #[serde(borrow)]
    status_line: Option<&'a RawValue>,
    #[serde(borrow)]
    errors: Option<&'a RawValue>,
    #[serde(default)]
    result_data: T,
}

impl Drop for Envelope<'_> {
    fn drop(&mut self) {
        // A server may have sent a secret back.
        if let Cow::Owned(status) = &mut self.status {
            status.zeroize();
        }
    }
}

impl<'a> Envelope<'a> {
    /// Parses an envelope and its `resultData`. Returns `None` if the text is not a JSON object,
    /// lacks a `status`, or contains a member twice.
    pub(crate) fn parse<T: Deserialize<'a> + Default>(text: &'a str) -> Option<(Self, T)> {
        // serde would accept the members as an array, too.
        let is_object = text.trim_ascii_start().starts_with('{');
        let members = serde_json::from_str(text).ok().filter(|_| is_object)?;
        let Members { status, status_code, status_line, errors, result_data } = members;
        let status = Json::from(status).as_text()?;
        Some((Envelope { status, status_code, status_line, errors }, result_data))
    }

    /// Describes why a JSON text cannot be read as an envelope.
    pub(crate) fn problem(text: &str) -> &'static str {
        let json = Json::new(text);
        if json.json_type() != JsonType::Object {
            return "the body is not a JSON object";
        }
        if json.count().is_err() {
            return "a member name is not valid Unicode";
        }
        match json.unique_members(["status"]) {
            Some([None]) => "status is missing",
            Some([Some(status)]) if status.as_text().is_none() => "status is not a string",
            _ => "a member appears twice, or resultData is not valid",
        }
    }

    /// Classifies the envelope for the judgement of the outcome.
    pub(crate) fn kind(&self) -> EnvelopeKind {
        match &*self.status {
            SUCCESS => EnvelopeKind::Success,
            DATA_VALIDATION_ERROR => EnvelopeKind::ValidationError,
            _ if self.has_error() => EnvelopeKind::OtherError,
            // JSON from something in front of the gateway, such as `{"status":"UP"}`.
            _ => EnvelopeKind::Missing,
        }
    }

    /// True if the envelope reports an error, whatever its status is.
    pub(crate) fn has_error(&self) -> bool {
        let code = self.status_code.and_then(|code| code.get().parse::<i64>().ok());
        let is_error_code = code.is_some_and(|code| code != 0 && !(200..300).contains(&code));
        let errors = self.errors.map_or("", RawValue::get);
        // A string, array or object that is not empty.
        let has_errors = errors.starts_with(['"', '[', '{'])
            && !errors[1..errors.len() - 1].trim_ascii().is_empty();
        is_error_code || has_errors
    }

    /// Returns `statusLine`, or `status` if it is missing or blank.
    pub(crate) fn status_line(&self) -> String {
        self.status_line
            .and_then(|line| Json::from(line).as_text())
            .filter(|line| !line.trim().is_empty())
            .unwrap_or_else(|| self.status.clone())
            .into_owned()
    }

    /// Returns `errors`, one text per element. Elements are strings as a rule; others are returned
    /// as JSON.
    pub(crate) fn errors(&self) -> Vec<String> {
        let Some(errors) = self.errors else { return Vec::new() };
        let texts = serde_json::Deserializer::from_str(errors.get()).deserialize_seq(Texts);
        texts.unwrap_or_else(|_| vec![text(errors)])
    }
}

/// Collects the first elements of an array as texts.
struct Texts;

impl<'de> Visitor<'de> for Texts {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let mut texts = Vec::new();
        while texts.len() < MAX_ERRORS
            && let Some(element) = elements.next_element()?
        {
            texts.push(text(element));
        }
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(texts)
    }
}

fn text(value: &RawValue) -> String {
    Json::from(value).lossy_text().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_become_texts_up_to_a_limit() {
        let errors = |errors: &str| {
            let text = format!(r#"{{"status":"X","errors":{errors}}}"#);
            Envelope::parse::<IgnoredAny>(&text).unwrap().0.errors()
        };
        assert_eq!(
            errors(r#"["a\n",{"b":1}, 1.50,null,"\ud800"]"#).join("|"),
            "a\n|{\"b\":1}|1.50|null|\u{fffd}"
        );
        assert_eq!(errors(r#""a""#), ["a"]);
        assert_eq!(errors(r#"{"a": 1}"#), [r#"{"a": 1}"#]);
        assert_eq!(errors("[]").len(), 0);
        for (count, given) in [(1000, 1000), (1001, 1000), (300_000, 1000)] {
            assert_eq!(errors(&format!("[{}0]", "0,".repeat(count - 1))).len(), given);
        }
    }

    fn parse(text: &str) -> Envelope<'_> {
        Envelope::parse::<IgnoredAny>(text).unwrap().0
    }

    #[test]
    fn only_an_object_with_a_status_is_an_envelope() {
        for (text, problem) in [
            ("[]", "the body is not a JSON object"),
            (r#"["Success",0,"","",{}]"#, "the body is not a JSON object"),
            (r#""Success""#, "the body is not a JSON object"),
            (r#"{"\ud800":1,"status":"Success"}"#, "a member name is not valid Unicode"),
            ("{}", "status is missing"),
            (r#"{"Status":"Success"}"#, "status is missing"),
            (r#"{"status":1}"#, "status is not a string"),
            (
                r#"{"status":"a","status":"b"}"#,
                "a member appears twice, or resultData is not valid",
            ),
            (
                r#"{"status":"a","errors":1,"errors":2}"#,
                "a member appears twice, or resultData is not valid",
            ),
        ] {
            assert!(Envelope::parse::<IgnoredAny>(text).is_none(), "{text}");
            assert_eq!(Envelope::problem(text), problem, "{text}");
        }
        assert!(Envelope::parse::<IgnoredAny>(" \n{\"status\":\"X\"}").is_some());
    }

    #[test]
    fn an_error_is_a_code_or_text_that_says_so() {
        use EnvelopeKind::{Missing, OtherError, Success, ValidationError};
        for (members, kind, has_error) in [
            (r#""status":"Success""#, Success, false),
            (r#""status":"Success","statusCode":500"#, Success, true),
            (r#""status":"DataValidationError""#, ValidationError, false),
            (r#""status":"UP""#, Missing, false),
            (r#""status":"success""#, Missing, false),
            (r#""status":"X","statusCode":0"#, Missing, false),
            (r#""status":"X","statusCode":199"#, OtherError, true),
            (r#""status":"X","statusCode":200"#, Missing, false),
            (r#""status":"X","statusCode":299"#, Missing, false),
            (r#""status":"X","statusCode":300"#, OtherError, true),
            (r#""status":"X","statusCode":-1"#, OtherError, true),
            (r#""status":"X","statusCode":"500""#, Missing, false),
            (r#""status":"X","errors":null"#, Missing, false),
            (r#""status":"X","errors":1"#, Missing, false),
            (r#""status":"X","errors":[]"#, Missing, false),
            (r#""status":"X","errors":[ ]"#, Missing, false),
            (r#""status":"X","errors":{}"#, Missing, false),
            (r#""status":"X","errors":"""#, Missing, false),
            (r#""status":"X","errors":"a""#, OtherError, true),
            (r#""status":"X","errors":["a"]"#, OtherError, true),
            (r#""status":"X","errors":{"a":1}"#, OtherError, true),
            (r#""status":"X","statusCode":0,"errors":["a"]"#, OtherError, true),
            (r#""status":"X","statusCode":500,"errors":[]"#, OtherError, true),
        ] {
            let text = format!("{{{members}}}");
            assert_eq!(parse(&text).kind(), kind, "{text}");
            assert_eq!(parse(&text).has_error(), has_error, "{text}");
        }
    }

    #[test]
    fn the_status_line_is_replaced_by_the_status_if_it_says_nothing() {
        for (line, expected) in [
            (r#","statusLine":"Failed.""#, "Failed."),
            (r#","statusLine":" a ""#, " a "),
            (r#","statusLine":"  ""#, "X"),
            (r#","statusLine":"""#, "X"),
            (r#","statusLine":null"#, "X"),
            (r#","statusLine":5"#, "X"),
            ("", "X"),
        ] {
            assert_eq!(parse(&format!(r#"{{"status":"X"{line}}}"#)).status_line(), expected);
        }
    }
}
