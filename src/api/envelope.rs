//! The envelope that every reply of the gateway stands in.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::outcome::{self, Asked};

use super::loose::Loose;

const SUCCESS: &str = "Success";
const DATA_VALIDATION_ERROR: &str = "DataValidationError";

/// The members of an envelope that decide something; `T` is what the call is for. Where the
/// vendor's pages leave a type open, an odd value breaks nothing.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "T: Deserialize<'de>"))]
pub(crate) struct Envelope<'a, T> {
    #[serde(borrow)]
    status: Cow<'a, str>,
    #[serde(borrow, default)]
    status_line: Loose<'a>,
    #[serde(borrow)]
    errors: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(crate) result_data: Loose<'a, T>,
}

impl<'a, T: Deserialize<'a>> Envelope<'a, T> {
    /// The envelope in `text`; none if the text is no JSON object, has no `status`, or names a
    /// member twice.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// What the outcome is judged by, given whether what the call is for was found.
    pub(crate) fn judged(&self, asked: Asked) -> outcome::Envelope {
        match &*self.status {
            SUCCESS => outcome::Envelope::Success(asked),
            DATA_VALIDATION_ERROR => outcome::Envelope::ValidationError(asked),
            _ => outcome::Envelope::OtherError(asked),
        }
    }

    /// The gateway's own sentence, or its status where there is none.
    pub(crate) fn status_line(&self) -> String {
        match &self.status_line {
            Loose::Text(line) if !line.trim().is_empty() => line.to_string(),
            _ => self.status.to_string(),
        }
    }

    /// One text per error. Strings are the rule; anything else is given as JSON.
    pub(crate) fn errors(&self) -> Vec<String> {
        let Some(errors) = self.errors else { return Vec::new() };
        match serde_json::from_str::<Vec<&RawValue>>(errors.get()) {
            Ok(errors) => errors.into_iter().map(text).collect(),
            Err(_) => vec![text(errors)],
        }
    }
}

fn text(value: &RawValue) -> String {
    serde_json::from_str(value.get()).unwrap_or_else(|_| value.get().to_owned())
}
