//! Reads workflows from JSON.

use regex_lite::Regex;

use super::document::{InvalidWorkflows, Node, Object};
use super::script::{Activity, Script};
use super::variable::{Constraint, Variable};
use super::workflow::Workflow;
use crate::faults;

/// The data types that the vendor documents.
const DATA_TYPES: &[&str] = &[
    "TEXT",
    "INTEGER",
    "DECIMAL",
    "BOOLEAN",
    "URL",
    "DATETIME",
    "DATE",
    "TIME",
    "TIMESTAMP",
    "STRING_LIST",
    "LONG",
    "GEOPOINT",
    "YEAR",
    "YEARMONTH",
    "DURATION",
    "IPADDRESS",
    "JSON",
    "XML",
];

/// The statuses that end a run or a step.
const FINAL_STATUSES: &[&str] = &["COMPLETED", "FAILED", "TERMINATED"];

/// Ten years. Sums of these do not overflow.
const MAX_MS: i64 = 10 * 365 * 24 * 3600 * 1000;

/// A step's id is the id of its run, followed by its number in the run with three digits.
const MAX_STEPS: usize = 999;

const MAX_LENGTH: i64 = 1_000_000;

pub(super) fn read(json: &str) -> Result<Vec<Workflow>, InvalidWorkflows> {
    let document = json.strip_prefix('\u{feff}').unwrap_or(json);
    let root = Node::root(document)?.object(&["workflows"])?;
    let list = root.require("workflows")?;
    let mut workflows: Vec<Workflow> = Vec::new();
    for node in list.array()? {
        let (identifier, workflow) = workflow(node)?;
        if workflows.iter().any(|earlier| earlier.identifier == workflow.identifier) {
            return Err(identifier.error("another workflow has this identifier; change one"));
        }
        workflows.push(workflow);
    }
    if workflows.is_empty() {
        return Err(list.error("must have at least one workflow"));
    }
    Ok(workflows)
}

/// Reads a workflow. Returns the node of its identifier too.
fn workflow(node: Node<'_>) -> Result<(Node<'_>, Workflow), InvalidWorkflows> {
    let object = node.object(&[
        "identifier",
        "name",
        "description",
        "parameters",
        "statuses",
        "finalStatus",
        "steps",
        "irregularSteps",
    ])?;
    let identifier_node = object.require("identifier")?;
    let identifier = identifier_node.text()?;
    if identifier.starts_with(faults::PREFIX) {
        let problem = format!("must not start with '{}', which names a fault", faults::PREFIX);
        return Err(identifier_node.error(problem));
    }
    let mut variables: Vec<Variable> = Vec::new();
    for node in array(&object, "parameters")? {
        let variable = variable(node.clone())?;
        if variables.iter().any(|earlier| earlier.parameter == variable.parameter) {
            return Err(node.error("another parameter has this name; change one"));
        }
        variables.push(variable);
    }
    let workflow = Workflow {
        name: text_or(&object, "name", &identifier)?,
        description: text_or(&object, "description", "")?,
        identifier,
        variables,
        script: script(&object)?,
    };
    Ok((identifier_node, workflow))
}

fn variable(node: Node<'_>) -> Result<Variable, InvalidWorkflows> {
    let object = node.object(&[
        "parameter",
        "caption",
        "dataType",
        "required",
        "secret",
        "oneOf",
        "pattern",
        "length",
        "minimumLength",
        "maximumLength",
        "minimum",
        "maximum",
    ])?;
    let parameter = object.require("parameter")?.text()?;
    Ok(Variable {
        caption: text_or(&object, "caption", &parameter)?,
        parameter,
        data_type: choice_or(&object, "dataType", DATA_TYPES, "TEXT")?,
        is_secret: flag(&object, "secret")?,
        constraints: constraints(&object)?,
    })
}

fn constraints(object: &Object<'_>) -> Result<Vec<Constraint>, InvalidWorkflows> {
    let integer = |name, min, max| object.get(name).map(|node| node.integer(min, max)).transpose();
    let length = |name| Ok(integer(name, 0, MAX_LENGTH)?.map(|length| length as usize));
    let mut constraints = Vec::new();
    if flag(object, "required")? {
        constraints.push(Constraint::Required);
    }
    if let Some(node) = object.get("oneOf") {
        let choice: Result<Vec<String>, _> = node.array()?.iter().map(Node::text).collect();
        constraints.push(Constraint::OneOf(choice?));
    }
    if let Some(node) = object.get("pattern") {
        let pattern = node.text()?;
        let invalid = |error| node.error(format!("is not a valid regular expression: {error}"));
        constraints.push(Constraint::Pattern(Regex::new(&pattern).map_err(invalid)?));
    }
    constraints.extend(length("length")?.map(Constraint::Length));
    constraints.extend(length("minimumLength")?.map(Constraint::MinimumLength));
    constraints.extend(length("maximumLength")?.map(Constraint::MaximumLength));
    constraints.extend(integer("minimum", i64::MIN, i64::MAX)?.map(Constraint::Minimum));
    constraints.extend(integer("maximum", i64::MIN, i64::MAX)?.map(Constraint::Maximum));
    Ok(constraints)
}

fn script(object: &Object<'_>) -> Result<Script, InvalidWorkflows> {
    let steps = object.require("steps")?;
    let nodes = steps.array()?;
    let mut activities: Vec<Activity> = Vec::new();
    for node in &nodes {
        // Without a start, a step follows the one before it.
        let start = activities.last().map_or(0, Activity::end);
        activities.push(activity(node.clone(), activities.len() + 1, start)?);
    }
    match activities.iter().map(|activity| activity.repetitions).sum() {
        1..=MAX_STEPS => {}
        0 => return Err(steps.error("must have at least one step")),
        count => {
            let problem = format!("a run has at most {MAX_STEPS} steps, and these are {count}");
            return Err(steps.error(problem));
        }
    }
    let phases = match object.get("statuses") {
        Some(node) => node.array()?.into_iter().map(phase).collect::<Result<Vec<_>, _>>()?,
        None => {
            let end = activities.iter().map(Activity::end).max().unwrap_or_default();
            vec![("RUNNING".to_owned(), end)]
        }
    };
    let script = Script {
        phases,
        end: choice_or(object, "finalStatus", FINAL_STATUSES, "COMPLETED")?,
        activities,
        irregular_steps: flag(object, "irregularSteps")?,
    };
    let duration = script.duration();
    for (activity, node) in script.activities.iter().zip(nodes) {
        if activity.end() > duration {
            return Err(node.error(format!(
                "ends {} ms after the start of the run, which ends after {duration} ms; shorten \
                 the step, or lengthen the statuses",
                activity.end()
            )));
        }
    }
    Ok(script)
}

fn phase(node: Node<'_>) -> Result<(String, u64), InvalidWorkflows> {
    let object = node.object(&["status", "durationMs"])?;
    let status = object.require("status")?;
    let text = status.text()?;
    if FINAL_STATUSES.contains(&&*text) {
        return Err(status.error(format!("{text} ends a run; use finalStatus for it")));
    }
    Ok((text, milliseconds(&object.require("durationMs")?)?))
}

/// Reads the step with this number, which starts here unless it says otherwise.
fn activity(node: Node<'_>, number: usize, start: u64) -> Result<Activity, InvalidWorkflows> {
    let object = node.object(&[
        "type",
        "name",
        "id",
        "startMs",
        "durationMs",
        "finalStatus",
        "attempts",
        "repetitions",
    ])?;
    let count = |name, max| match object.get(name) {
        Some(node) => node.integer(1, max),
        None => Ok(1),
    };
    Ok(Activity {
        name: object.require("name")?.text()?,
        id: text_or(&object, "id", &format!("Activity_{number}"))?,
        kind: text_or(&object, "type", "serviceTask")?,
        start: object.get("startMs").map_or(Ok(start), |node| milliseconds(&node))?,
        duration: milliseconds(&object.require("durationMs")?)?,
        final_status: choice_or(&object, "finalStatus", FINAL_STATUSES, "COMPLETED")?,
        attempts: count("attempts", 1000)? as u32,
        repetitions: count("repetitions", MAX_STEPS as i64)? as usize,
    })
}

fn milliseconds(node: &Node<'_>) -> Result<u64, InvalidWorkflows> {
    node.integer(0, MAX_MS).map(|ms| ms as u64)
}

fn array<'a>(object: &Object<'a>, name: &str) -> Result<Vec<Node<'a>>, InvalidWorkflows> {
    object.get(name).map_or(Ok(Vec::new()), |node| node.array())
}

fn flag(object: &Object<'_>, name: &str) -> Result<bool, InvalidWorkflows> {
    object.get(name).map_or(Ok(false), |node| node.boolean())
}

fn text_or(object: &Object<'_>, name: &str, default: &str) -> Result<String, InvalidWorkflows> {
    object.get(name).map_or(Ok(default.to_owned()), |node| node.text())
}

/// A string that is one of these.
fn choice_or(
    object: &Object<'_>,
    name: &str,
    choice: &[&str],
    default: &str,
) -> Result<String, InvalidWorkflows> {
    let Some(node) = object.get(name) else {
        return Ok(default.to_owned());
    };
    match node.text()? {
        text if choice.contains(&&*text) => Ok(text),
        text => Err(node.error(format!("'{text}' must be one of: {}", choice.join(", ")))),
    }
}
