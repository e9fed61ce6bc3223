//! The envelope that every response of the gateway stands in.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::json::{Json, JsonType};
use crate::outcome::EnvelopeKind;

const SUCCESS: &str = "Success";
const DATA_VALIDATION_ERROR: &str = "DataValidationError";

/// A text takes far more memory than the two bytes that an error may have in a response.
const MAX_ERRORS: usize = 1000;

/// The members of an envelope that decide something, but for `resultData`. Where the vendor's pages
/// leave a type open, an odd value breaks nothing.
pub(crate) struct Envelope<'a> {
    status: Cow<'a, str>,
    status_code: Option<&'a RawValue>,
    status_line: Option<&'a RawValue>,
    errors: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "T: Deserialize<'de> + Default"))]
struct Members<'a, T> {
    #[serde(borrow)]
    status: Cow<'a, str>,
    #[serde(borrow)]
    status_code: Option<&'a RawValue>,
    #[serde(borrow)]
    status_line: Option<&'a RawValue>,
    #[serde(borrow)]
    errors: Option<&'a RawValue>,
    #[serde(default)]
    result_data: T,
}

impl<'a> Envelope<'a> {
    /// The envelope in `text` and its `resultData`; none if the text is no JSON object, has no
    /// `status`, or names a member twice.
    #[inline(never)] // Most endpoints share it.
    pub(crate) fn parse<T: Deserialize<'a> + Default>(text: &'a str) -> Option<(Self, T)> {
        // Members could be read from an array as well.
        let is_object = text.trim_ascii_start().starts_with('{');
        let members = serde_json::from_str(text).ok().filter(|_| is_object)?;
        let Members { status, status_code, status_line, errors, result_data } = members;
        Some((Envelope { status, status_code, status_line, errors }, result_data))
    }

    /// What keeps a JSON text from being an envelope that can be read.
    pub(crate) fn flaw(text: &str) -> &'static str {
        let json = Json::of(text);
        if json.json_type() != JsonType::Object {
            return "it is no JSON object";
        }
        if json.count().is_err() {
            return "a name in it is no text";
        }
        match json.single_members(["status"]) {
            Some([None]) => "it has no status",
            Some([Some(status)]) if status.as_text().is_none() => "its status is no text",
            _ => "it names a member twice, or its resultData cannot be read",
        }
    }

    /// What the outcome is judged by.
    pub(crate) fn kind(&self) -> EnvelopeKind {
        match &*self.status {
            SUCCESS => EnvelopeKind::Success,
            DATA_VALIDATION_ERROR => EnvelopeKind::ValidationError,
            _ if self.tells_of_an_error() => EnvelopeKind::OtherError,
            // `{"status":"UP"}`, say: JSON of something else that stands in between.
            _ => EnvelopeKind::Missing,
        }
    }

    fn tells_of_an_error(&self) -> bool {
        let code = self.status_code.and_then(|code| code.get().parse::<i64>().ok());
        let is_error_code = code.is_some_and(|code| code != 0 && !(200..300).contains(&code));
        let errors = self.errors.map_or("", RawValue::get);
        // A text, a list or an object with something in it.
        let has_errors = errors.starts_with(['"', '[', '{'])
            && !errors[1..errors.len() - 1].trim_ascii().is_empty();
        is_error_code || has_errors
    }

    /// The gateway's own sentence and its errors.
    pub(crate) fn said(&self) -> (String, Vec<String>) {
        (self.status_line(), self.errors())
    }

    /// Its status where there is none.
    fn status_line(&self) -> String {
        self.status_line
            .and_then(|line| serde_json::from_str::<String>(line.get()).ok())
            .filter(|line| !line.trim().is_empty())
            .unwrap_or_else(|| self.status.to_string())
    }

    /// One text per error. Strings are the rule; anything else is given as JSON.
    fn errors(&self) -> Vec<String> {
        let Some(errors) = self.errors else { return Vec::new() };
        let texts = serde_json::Deserializer::from_str(errors.get()).deserialize_seq(Texts);
        texts.unwrap_or_else(|_| vec![text(errors)])
    }
}

/// The texts of a list's first elements.
struct Texts;

impl<'de> Visitor<'de> for Texts {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
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
    fn errors_are_texts_and_not_too_many() {
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
}
