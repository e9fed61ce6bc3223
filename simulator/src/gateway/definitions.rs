//! Lists the workflow definitions.

use serde::Serialize;

use super::call::Call;
use super::list_query::ListQuery;
use crate::envelope::Envelope;
use crate::http::Response;
use crate::workflows::{Constraint, Variable, Workflow};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Definition<'a> {
    identifier: &'a str,
    name: &'a str,
    description: &'a str,
    /// [`InputParameters`] as a JSON string.
    input_parameters: String,
}

#[derive(Serialize)]
struct InputParameters<'a> {
    parameters: Vec<Parameter<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Parameter<'a> {
    parameter: &'a str,
    data_type: &'a str,
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

/// Fields for `filter` and `orderBy`.
const FIELDS: &[&str] = &["name", "identifier", "description", "inputParameters"];

pub(super) fn list(call: &Call<'_>) -> Result<Envelope, Response> {
    let query = ListQuery::from_call(call, FIELDS)?;
    let definitions = call.state.workflows().iter().map(Definition::from_workflow).collect();
    Ok(success(call.now, query.apply(definitions)))
}

/// A list with a single workflow, which has no parameters.
pub(super) fn list_of_one(identifier: &str, now: u64) -> Envelope {
    success(now, vec![Definition::from_workflow(&Workflow::for_fault(identifier))])
}

fn success(now: u64, definitions: Vec<Definition<'_>>) -> Envelope {
    let status_line = "Successfully retrieved Workflow definition.";
    Envelope::success(now, status_line, &definitions).with_empty_warnings()
}

impl<'a> Definition<'a> {
    fn from_workflow(workflow: &'a Workflow) -> Self {
        Self {
            identifier: &workflow.identifier,
            name: &workflow.name,
            description: &workflow.description,
            input_parameters: input_parameters(&workflow.variables),
        }
    }
}

fn input_parameters(variables: &[Variable]) -> String {
    let parameters = variables.iter().map(Parameter::from_variable).collect();
    serde_json::to_string(&InputParameters { parameters }).expect("plain data always serializes")
}

impl<'a> Parameter<'a> {
    fn from_variable(variable: &'a Variable) -> Self {
        let validation = |constraint: &Constraint| Validation {
            constraint_type: constraint.constraint_type(),
            enforcement_value: constraint.enforcement_value(),
            error_message: constraint.message(variable),
        };
        Self {
            parameter: &variable.parameter,
            data_type: &variable.data_type,
            required: variable.is_required(),
            validations: variable.constraints.iter().map(validation).collect(),
        }
    }
}
