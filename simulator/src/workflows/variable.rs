//! A workflow's input parameter, and what its value must satisfy.

use serde_json::Value;

/// One of a workflow's input parameters. Others may be given too; they are passed on.
pub(crate) struct Variable {
    pub(crate) parameter: &'static str,
    /// What messages call it.
    pub(super) caption: &'static str,
    pub(crate) data_type: &'static str,
    pub(crate) constraints: &'static [Constraint],
}

/// What a value must satisfy.
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

    /// What is wrong with this value. Null and the empty string count as not given.
    pub(crate) fn problems(&self, value: Option<&Value>) -> impl Iterator<Item = String> {
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
            Self::MaximumLength(most) => {
                value.as_str().is_none_or(|text| text.chars().count() <= *most)
            }
            Self::Minimum(least) => number(value).is_some_and(|number| number >= *least as f64),
            Self::Maximum(most) => number(value).is_some_and(|number| number <= *most as f64),
        }
    }

    /// What the API calls it.
    pub(crate) fn constraint_type(&self) -> &'static str {
        match self {
            Self::Required => "REQUIRED",
            Self::OneOf(_) => "PATTERN",
            Self::MaximumLength(_) => "MAXIMUM_LENGTH",
            Self::Minimum(_) => "MINIMUM",
            Self::Maximum(_) => "MAXIMUM",
        }
    }

    /// What it compares with, as the API writes it.
    pub(crate) fn enforcement_value(&self) -> String {
        match self {
            Self::Required => "true".to_owned(),
            Self::OneOf(choice) => format!("^({})$", choice.join("|")),
            Self::MaximumLength(most) => most.to_string(),
            Self::Minimum(limit) | Self::Maximum(limit) => limit.to_string(),
        }
    }

    /// What is said about a value that does not satisfy it.
    pub(crate) fn message(&self, variable: &Variable) -> String {
        let caption = variable.caption;
        match self {
            Self::Required => format!("{caption} is required"),
            Self::OneOf(choice) => format!("{caption} must be one of: {}", choice.join(", ")),
            Self::MaximumLength(_) => format!("{caption} is too long"),
            Self::Minimum(least) => format!("{caption} must be at least {least}"),
            Self::Maximum(most) => format!("{caption} must be at most {most}"),
        }
    }
}

/// A number, or the text of one.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        _ => value.as_f64(),
    }
}
