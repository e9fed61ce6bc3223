//! The input parameters of workflows, and the constraints on their values.

use regex_lite::Regex;
use serde_json::Value;

/// An input parameter that a workflow declares. A trigger may pass others too.
#[derive(Debug, PartialEq)]
pub(crate) struct Variable {
    pub(crate) parameter: String,
    /// Its name in messages.
    pub(super) caption: String,
    pub(crate) data_type: String,
    /// True if the web pages mask its value.
    pub(crate) is_secret: bool,
    pub(crate) constraints: Vec<Constraint>,
}

/// A constraint on a value.
#[derive(Debug)]
pub(crate) enum Constraint {
    Required,
    OneOf(Vec<String>),
    Pattern(Regex),
    Length(usize),
    MinimumLength(usize),
    MaximumLength(usize),
    Minimum(i64),
    Maximum(i64),
}

impl Variable {
    pub(crate) fn is_required(&self) -> bool {
        self.constraints.iter().any(|constraint| matches!(constraint, Constraint::Required))
    }

    /// Returns a message for each constraint that a value does not meet. Null and the empty string
    /// count as absent.
    pub(crate) fn check(&self, value: Option<&Value>) -> impl Iterator<Item = String> {
        let given = value.filter(|value| !value.is_null() && value.as_str() != Some(""));
        self.constraints
            .iter()
            .filter(move |constraint| !constraint.is_met_by(given))
            .map(|constraint| constraint.message(self))
    }
}

impl Constraint {
    fn is_met_by(&self, given: Option<&Value>) -> bool {
        let Some(value) = given else {
            return !matches!(self, Self::Required);
        };
        match self {
            Self::Required => true,
            Self::OneOf(choice) => {
                value.as_str().is_some_and(|text| choice.iter().any(|allowed| allowed == text))
            }
            Self::Pattern(pattern) => value.as_str().is_some_and(|text| pattern.is_match(text)),
            Self::Length(length) => has_length(value, |count| count == *length),
            Self::MinimumLength(min) => has_length(value, |count| count >= *min),
            Self::MaximumLength(max) => has_length(value, |count| count <= *max),
            Self::Minimum(min) => number(value).is_some_and(|number| number >= *min as f64),
            Self::Maximum(max) => number(value).is_some_and(|number| number <= *max as f64),
        }
    }

    /// Its `constraintType` in the API.
    pub(crate) fn constraint_type(&self) -> &'static str {
        match self {
            Self::Required => "REQUIRED",
            Self::OneOf(_) | Self::Pattern(_) => "PATTERN",
            Self::Length(_) => "LENGTH",
            Self::MinimumLength(_) => "MINIMUM_LENGTH",
            Self::MaximumLength(_) => "MAXIMUM_LENGTH",
            Self::Minimum(_) => "MINIMUM",
            Self::Maximum(_) => "MAXIMUM",
        }
    }

    /// Its `enforcementValue` in the API.
    pub(crate) fn enforcement_value(&self) -> String {
        match self {
            Self::Required => "true".to_owned(),
            Self::OneOf(choice) => format!("^({})$", choice.join("|")),
            Self::Pattern(pattern) => pattern.as_str().to_owned(),
            Self::Length(length) | Self::MinimumLength(length) | Self::MaximumLength(length) => {
                length.to_string()
            }
            Self::Minimum(limit) | Self::Maximum(limit) => limit.to_string(),
        }
    }

    /// The message for a value that does not meet it.
    pub(crate) fn message(&self, variable: &Variable) -> String {
        let caption = &variable.caption;
        match self {
            Self::Required => format!("{caption} is required"),
            Self::OneOf(choice) => format!("{caption} must be one of: {}", choice.join(", ")),
            Self::Pattern(pattern) => format!("{caption} must match {}", pattern.as_str()),
            Self::Length(length) => format!("{caption} must have {length} characters"),
            Self::MinimumLength(_) => format!("{caption} is too short"),
            Self::MaximumLength(_) => format!("{caption} is too long"),
            Self::Minimum(min) => format!("{caption} must be at least {min}"),
            Self::Maximum(max) => format!("{caption} must be at most {max}"),
        }
    }
}

/// Patterns are equal if they have the same text.
impl PartialEq for Constraint {
    fn eq(&self, other: &Self) -> bool {
        self.constraint_type() == other.constraint_type()
            && self.enforcement_value() == other.enforcement_value()
    }
}

/// Checks the number of characters of a string. Other values have none.
fn has_length(value: &Value, is_valid: impl Fn(usize) -> bool) -> bool {
    value.as_str().is_none_or(|text| is_valid(text.chars().count()))
}

/// Converts a number, or a string that contains one.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        _ => value.as_f64(),
    }
}
