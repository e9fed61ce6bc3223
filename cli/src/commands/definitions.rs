//! `luma workflows` and `luma describe`.

use luma::{Client, ListQuery, Parameter, WorkflowDefinition};
use serde_json::Value;

use crate::exit::{Exit, Failure};
use crate::output::{self, Output, printable};

pub fn list(client: &Client, filter: Option<&str>, output: Output) -> Result<Exit, Failure> {
    let query = ListQuery { filter: filter.unwrap_or_default(), ..ListQuery::default() };
    let definitions = client.list_workflow_definitions(&query)?;
    if output.is_json {
        let definitions = definitions.iter().map(|definition| raw(definition.json().raw()));
        output::document(&Value::Array(definitions.collect()))?;
        return Ok(Exit::Accepted);
    }
    let row = |definition: WorkflowDefinition<'_>| {
        vec![
            definition.identifier().into_owned(),
            definition.name().into_owned(),
            definition.description().into_owned(),
        ]
    };
    let rows: Vec<_> = definitions.iter().map(row).collect();
    output.rows(&["workflow", "name", "description"], &rows)?;
    Ok(Exit::Accepted)
}

pub fn describe(client: &Client, workflow: &str, output: Output) -> Result<Exit, Failure> {
    // A filter is an expression of the gateway, and an identifier may contain its characters. So
    // the list is searched here.
    let definitions = client.list_workflow_definitions(&ListQuery::default())?;
    let Some(definition) = definitions.iter().find(|d| d.identifier() == workflow) else {
        let message = format!("there is no workflow {workflow}; luma workflows lists them");
        return Err(Failure::mistake(message));
    };
    if output.is_json {
        output::document(&raw(definition.json().raw()))?;
        return Ok(Exit::Accepted);
    }
    output.pairs(&[
        ("workflow", Some(definition.identifier().into_owned())),
        ("name", Some(definition.name().into_owned())),
        ("description", Some(definition.description().into_owned())),
    ])?;
    let parameters = definition.parameters();
    if !parameters.is_empty() {
        if output.is_terminal {
            output::line("")?;
        }
        let rows: Vec<_> = parameters.iter().map(|parameter| row(*parameter)).collect();
        output.rows(
            &["parameter", "type", "required", "constraints", "caption", "description"],
            &rows,
        )?;
    }
    if output.is_terminal {
        output::line(&format!("\n{}", printable(&command_line(workflow, &parameters))))?;
    }
    Ok(Exit::Accepted)
}

fn row(parameter: Parameter<'_>) -> Vec<String> {
    vec![
        parameter.name().into_owned(),
        parameter.data_type().into_owned(),
        if parameter.is_required() { "required" } else { "" }.to_owned(),
        constraints(parameter),
        parameter.caption().into_owned(),
        parameter.description().into_owned(),
    ]
}

/// Returns what a value has to be, such as "minimum 2048, maximum 8192".
fn constraints(parameter: Parameter<'_>) -> String {
    let parameter = raw(parameter.json().raw());
    let validations = parameter["validations"].as_array().into_iter().flatten();
    let constraints = validations.filter_map(|validation| {
        let kind = validation["constraintType"].as_str()?.to_lowercase().replace('_', " ");
        let value = match &validation["enforcementValue"] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        (kind != "required").then(|| format!("{kind} {value}"))
    });
    constraints.collect::<Vec<_>>().join(", ")
}

/// Returns a command line to start with: the types of the required parameters are their values.
fn command_line(workflow: &str, parameters: &[Parameter<'_>]) -> String {
    let quoted = |word: &str| shlex::try_quote(word).unwrap_or_default().into_owned();
    let mut line = format!("luma trigger {}", quoted(workflow));
    for parameter in parameters.iter().filter(|parameter| parameter.is_required()) {
        let (name, kind) = (quoted(&parameter.name()), parameter.data_type().to_uppercase());
        line += &match &*kind {
            "STRING" | "TEXT" | "" => format!(" {name}=TEXT"),
            _ => format!(" {name}:={kind}"),
        };
    }
    line + " --contact NUMBER --ticket TICKET --wait"
}

fn raw(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}
