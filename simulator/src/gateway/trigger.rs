//! What a trigger's body must say.

use serde_json::{Map, Value};

use super::workflows::{self, Variable};
use crate::faults::Fault;
use crate::state::{Initiator, Run, State};

type Object = Map<String, Value>;

/// Why a trigger is not valid: every problem, not only the first.
#[derive(Debug)]
pub(crate) struct Invalid {
    pub(crate) identifier: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) errors: Vec<String>,
}

/// What an application must say about the contact or the ticket.
const MANDATORY_INFO: &[(i64, &str)] = &[(-2, "lumaChannelAccountId"), (-4, "ticketIdentifier")];

/// The run that this body starts, or everything that is wrong with it.
pub(super) fn validate(body: &Object, state: &State) -> Result<Run, Invalid> {
    let mut errors = Vec::new();
    let identifier = match body.get("workflowIdentifier") {
        Some(Value::String(identifier)) if !identifier.is_empty() => Some(identifier.as_str()),
        Some(value) if !value.is_null() && value.as_str().is_none() => {
            errors.push("Workflow identifier must be a string".to_owned());
            None
        }
        _ => {
            errors.push("Workflow identifier is required".to_owned());
            None
        }
    };
    let workflow = identifier.and_then(workflows::find);
    if let (Some(identifier), None) = (identifier, workflow) {
        errors.push(format!("Workflow '{identifier}' does not exist"));
    }
    match (object(body, "variables"), workflow) {
        (Err(()), _) => errors.push("Variables must be an object".to_owned()),
        (Ok(variables), Some(workflow)) => {
            let problems = workflow.variables.iter();
            errors.extend(problems.filter_map(|wanted| problem(wanted, variables)));
        }
        (Ok(_), None) => {}
    }
    check_initiator(body, &mut errors);

    match (identifier, workflow) {
        (Some(identifier), Some(workflow)) if errors.is_empty() => {
            Ok(run(identifier, workflow.name.to_owned(), body, state))
        }
        _ => Err(Invalid {
            identifier: identifier.map(str::to_owned),
            name: workflow.map(|workflow| workflow.name.to_owned()),
            errors,
        }),
    }
}

/// The run that a fault is about. Nothing is validated: the fault is what the caller came for.
pub(super) fn run_of_fault(fault: &Fault, body: &Object, state: &State) -> Run {
    run(&fault.identifier(), fault.identifier(), body, state)
}

fn run(identifier: &str, name: String, body: &Object, state: &State) -> Run {
    let copied = |field| object(body, field).ok().flatten().cloned();
    let integer = |field| body.get(field).and_then(Value::as_i64);
    Run {
        trigger_id: state.new_trigger_id(),
        workflow_identifier: identifier.to_owned(),
        name,
        variables: copied("variables").unwrap_or_default(),
        initiator: Initiator {
            contact_id: integer("initiatorContactId"),
            application_id: integer("initiatorApplicationId"),
            initiation_info: copied("initiationInfo").unwrap_or_default(),
        },
    }
}

/// What is wrong with one variable. Null and the empty string count as not given.
fn problem(wanted: &Variable, variables: Option<&Object>) -> Option<String> {
    let given = variables
        .and_then(|variables| variables.get(wanted.parameter))
        .filter(|value| !value.is_null() && value.as_str() != Some(""));
    match given {
        None if wanted.required => Some(format!("{} is required", wanted.caption)),
        Some(value) if !wanted.one_of.is_empty() => {
            let known = value.as_str().is_some_and(|v| wanted.one_of.contains(&v));
            (!known).then(|| {
                let choice = wanted.one_of.join(", ");
                format!("{} must be one of: {choice}", wanted.caption)
            })
        }
        _ => None,
    }
}

fn check_initiator(body: &Object, errors: &mut Vec<String>) {
    for field in ["initiatorContactId", "initiatorApplicationId"] {
        if body.get(field).is_some_and(|value| !value.is_i64()) {
            errors.push(format!("{field} must be an integer"));
        }
    }
    let Ok(info) = object(body, "initiationInfo") else {
        errors.push("initiationInfo must be an object".to_owned());
        return;
    };
    let application = body.get("initiatorApplicationId").and_then(Value::as_i64);
    for (needing, key) in MANDATORY_INFO {
        let given = info.and_then(|info| info.get(*key)).and_then(Value::as_str);
        if application == Some(*needing) && given.is_none_or(str::is_empty) {
            errors.push(format!(
                "initiationInfo.{key} is required when initiatorApplicationId is {needing}"
            ));
        }
    }
}

/// A field that must be an object where it is given at all.
fn object<'a>(body: &'a Object, field: &str) -> Result<Option<&'a Object>, ()> {
    match body.get(field) {
        None => Ok(None),
        Some(Value::Object(object)) => Ok(Some(object)),
        Some(_) => Err(()),
    }
}
