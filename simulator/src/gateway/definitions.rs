//! The workflow definitions.

use serde::Serialize;

use super::Call;
use super::envelope::Envelope;
use super::listing::Listing;
use crate::http::Response;
use crate::workflows::{Constraint, Variable, WORKFLOWS, Workflow};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Definition {
    identifier: String,
    name: String,
    description: &'static str,
    /// JSON in a string.
    input_parameters: String,
}

/// What that string holds.
#[derive(Serialize)]
struct InputParameters {
    parameters: Vec<Parameter>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Parameter {
    parameter: &'static str,
    data_type: &'static str,
    required: bool,
    validations: Vec<Validation>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Validation {
    constraint_type: &'static str,
    enforcement_value: String,
    error_message: String,
}

/// What the list can be filtered and ordered by.
const FIELDS: &[&str] = &["name", "identifier", "description", "inputParameters"];

pub(super) fn list(call: &Call<'_>) -> Result<Envelope, Response> {
    let listing = Listing::of(call, FIELDS)?;
    let definitions = WORKFLOWS.iter().map(Definition::of).collect();
    Ok(listed(listing.apply(definitions), call.now))
}

/// A list that holds but one workflow, which wants nothing.
pub(super) fn only(identifier: &str, now: u64) -> Envelope {
    let definition = Definition {
        identifier: identifier.to_owned(),
        name: identifier.to_owned(),
        description: "Provokes a fault",
        input_parameters: input_parameters(&[]),
    };
    listed(vec![definition], now)
}

fn listed(definitions: Vec<Definition>, now: u64) -> Envelope {
    let line = "Successfully retrieved Workflow definition.";
    Envelope::success(now, line, &definitions).with_empty_warnings()
}

impl Definition {
    fn of(workflow: &Workflow) -> Self {
        Self {
            identifier: workflow.identifier.to_owned(),
            name: workflow.name.to_owned(),
            description: workflow.description,
            input_parameters: input_parameters(workflow.variables),
        }
    }
}

fn input_parameters(variables: &[Variable]) -> String {
    let parameters = InputParameters { parameters: variables.iter().map(Parameter::of).collect() };
    serde_json::to_string(&parameters).expect("plain data always serializes")
}

impl Parameter {
    fn of(variable: &Variable) -> Self {
        let validation = |constraint: &Constraint| Validation {
            constraint_type: constraint.constraint_type(),
            enforcement_value: constraint.enforcement_value(),
            error_message: constraint.message(variable),
        };
        Self {
            parameter: variable.parameter,
            data_type: variable.data_type,
            required: variable.is_required(),
            validations: variable.constraints.iter().map(validation).collect(),
        }
    }
}
