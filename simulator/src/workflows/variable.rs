//! The input parameters of workflows, and the constraints on their values.

use serde_json::Value;

/// An input parameter that a workflow declares. A trigger may pass others too.
pub(crate) struct Variable {
    pub(crate) parameter: &'static str,
    /// Its name in messages.
    pub(super) caption: &'static str,
    pub(crate) data_type: &'static str,
    pub(crate) constraints: &'static [Constraint],
}

/// A constraint on a value.
pub(crate) enum Constraint {
    Required,
    OneOf(&'static [&'static str]),
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
            Self::OneOf(choice) => value.as_str().is_some_and(|text| choice.contains(&text)),
            Self::MaximumLength(max) => {
                value.as_str().is_none_or(|text| text.chars().count() <= *max)
            }
            Self::Minimum(min) => number(value).is_some_and(|number| number >= *min as f64),
            Self::Maximum(max) => number(value).is_some_and(|number| number <= *max as f64),
        }
    }

    /// Its `constraintType` in the API.
    pub(crate) fn constraint_type(&self) -> &'static str {
        match self {
            Self::Required => "REQUIRED",
            Self::OneOf(_) => "PATTERN",
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
            Self::MaximumLength(max) => max.to_string(),
            Self::Minimum(limit) | Self::Maximum(limit) => limit.to_string(),
        }
    }

    /// The message for a value that does not meet it.
    pub(crate) fn message(&self, variable: &Variable) -> String {
        let caption = variable.caption;
        match self {
            Self::Required => format!("{caption} is required"),
            Self::OneOf(choice) => format!("{caption} must be one of: {}", choice.join(", ")),
            Self::MaximumLength(_) => format!("{caption} is too long"),
            Self::Minimum(min) => format!("{caption} must be at least {min}"),
            Self::Maximum(max) => format!("{caption} must be at most {max}"),
        }
    }
}

/// Converts a number, or a string that contains one.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        _ => value.as_f64(),
    }
}
