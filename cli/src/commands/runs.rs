//! `luma status`, `luma steps`, `luma step` and `luma open`.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::time::Duration;

use luma::{Client, ErrorKind, ListQuery, Step, WaitOptions};
use serde_json::{Value, json};

use crate::exit::{Exit, Failure, reason};
use crate::output::{self, Output, duration, local_time, note, printable, utc_time};

pub fn status(client: &Client, id: &str, output: Output) -> Result<Exit, Failure> {
    let history = client.get_workflow_history(id)?;
    let parameters = history.parameters();
    if output.is_json {
        let parameters = parameters
            .iter()
            .map(|parameter| json!({ "name": parameter.name(), "value": parameter.value() }));
        output::document(&output::object([
            ("triggerId", json!(id)),
            ("status", json!(history.status_text())),
            ("isFinal", json!(history.status().is_final())),
            ("startTime", utc_time(history.start_time_ms())),
            ("endTime", utc_time(history.end_time_ms())),
            ("timeSpentMs", json!(history.time_spent_ms())),
            ("parameters", Value::Array(parameters.collect())),
        ]))?;
        return Ok(Exit::Accepted);
    }
    let mut pairs = vec![
        ("trigger id", Some(id.to_owned())),
        ("status", Some(history.status_text().into_owned())),
        ("started", history.start_time_ms().and_then(local_time)),
        ("ended", history.end_time_ms().and_then(local_time)),
        ("took", history.time_spent_ms().map(duration)),
    ];
    let names: Vec<_> = parameters.iter().map(|parameter| parameter.name()).collect();
    for (name, parameter) in names.iter().zip(&parameters) {
        pairs.push((name, Some(parameter.value().into_owned())));
    }
    output.pairs(&pairs)?;
    Ok(Exit::Accepted)
}

pub fn steps(client: &Client, id: &str, output: Output) -> Result<Exit, Failure> {
    let steps = client.list_workflow_steps(id, &ListQuery::default())?;
    if output.is_json {
        let steps = steps.iter().map(|step| step_json(&step)).collect();
        output::document(&Value::Array(steps))?;
        return Ok(Exit::Accepted);
    }
    let rows: Vec<_> = steps.iter().map(row).collect();
    output.rows(&["id", "step", "status", "started", "took"], &rows)?;
    Ok(Exit::Accepted)
}

/// Prints each step as it starts and ends, until the run ends.
pub fn follow_steps(
    client: &Client,
    id: &str,
    timeout: Duration,
    output: Output,
) -> Result<Exit, Failure> {
    let mut shown: HashMap<String, String> = HashMap::new();
    let mut failure = None;
    let mut printed = Ok(());
    let options = WaitOptions::new(timeout)?;
    let wait = client.wait_for_workflow(id, &options, |_| {
        match client.list_workflow_steps(id, &ListQuery::default()) {
            Ok(steps) => {
                printed = steps.iter().try_for_each(|step| {
                    let (key, status) = (step.id().into_owned(), step.status_text().into_owned());
                    if shown.insert(key, status.clone()).as_ref() == Some(&status) {
                        return Ok(());
                    }
                    match output.is_json {
                        true => output::document(&step_json(&step)),
                        false => output::cells(&row(step)),
                    }
                });
                failure = None;
            }
            // The next poll may succeed.
            Err(error) => failure = Some(error.message().to_owned()),
        }
        if printed.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    printed.map_err(|failure| Failure { exit: Exit::BrokeOff, ..failure })?;
    if let Some(failure) = failure {
        note(&format!("the last list of steps failed: {failure}"));
    }
    let exit = Exit::of_wait(&wait);
    match wait.error() {
        None => Ok(exit),
        Some(error) if exit == Exit::Mistake => Err(Failure::mistake(error.message())),
        Some(error) if error.kind() == ErrorKind::NotFound => {
            Err(Failure { exit, message: error.message().to_owned() })
        }
        Some(error) => {
            note(&reason(error));
            let message =
                format!("the run continues; to follow it again: luma steps {id} --follow");
            Err(Failure { exit, message })
        }
    }
}

fn row(step: Step<'_>) -> Vec<String> {
    vec![
        step.id().into_owned(),
        step.name().into_owned(),
        step.status_text().into_owned(),
        step.start_time_ms().and_then(local_time).unwrap_or_default(),
        step.time_spent_ms().map(duration).unwrap_or_default(),
    ]
}

fn step_json(step: &Step<'_>) -> Value {
    output::object([
        ("id", json!(step.id())),
        ("name", json!(step.name())),
        ("status", json!(step.status_text())),
        ("startTime", utc_time(step.start_time_ms())),
        ("endTime", utc_time(step.end_time_ms())),
        ("timeSpentMs", json!(step.time_spent_ms())),
    ])
}

pub fn step(client: &Client, id: &str, step_id: &str, output: Output) -> Result<Exit, Failure> {
    let detail = client.get_workflow_step(id, step_id)?;
    let step = detail.step();
    let data: Value = serde_json::from_str(step.json().raw()).unwrap_or(Value::Null);
    if output.is_json {
        output::document(&data)?;
        return Ok(Exit::Accepted);
    }
    output.pairs(&[
        ("id", Some(step.id().into_owned())),
        ("step", Some(step.name().into_owned())),
        ("status", Some(step.status_text().into_owned())),
        ("started", step.start_time_ms().and_then(local_time)),
        ("ended", step.end_time_ms().and_then(local_time)),
        ("took", step.time_spent_ms().map(duration)),
    ])?;
    if output.is_terminal {
        output::line("")?;
        format!("{data:#}").lines().try_for_each(|line| output::line(&printable(line)))?;
    }
    Ok(Exit::Accepted)
}

pub fn open(client: &Client, id: &str, print: bool, output: Output) -> Result<Exit, Failure> {
    let launch_url = client.generate_launch_url(id)?;
    let url = launch_url.url();
    if output.is_json {
        output::document(&json!({ "triggerId": id, "url": url }))?;
    } else if print {
        output::line(&printable(url))?;
    } else if let Err(error) = open::that_detached(url) {
        let message = format!("cannot open a browser: {error}; luma open --print shows the URL");
        return Err(Failure::mistake(message));
    }
    Ok(Exit::Accepted)
}
