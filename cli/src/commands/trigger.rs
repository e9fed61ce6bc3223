//! `luma trigger`.

use std::collections::HashSet;
use std::path::Path;

use luma::{Client, Error, Journal, TriggerRequest};
use serde_json::json;
use zeroize::Zeroizing;

use crate::arguments::Trigger;
use crate::commands::wait;
use crate::exit::{Exit, Failure};
use crate::interrupt;
use crate::output::{self, Output, local_time, note};
use crate::settings::{read_text, secret_from};

const MAX_BYTES: u64 = 16 * 1024 * 1024;

pub fn run(
    client: &Client,
    journal: Option<&Journal>,
    arguments: &Trigger,
    output: Output,
) -> Result<Exit, Failure> {
    // Everything that can be wrong on this side, before anything is sent.
    let options = wait::options(arguments.timeout, arguments.until_suspended)?;
    let id = match (&arguments.body, &arguments.workflow) {
        (Some(path), _) => {
            let mut body = Zeroizing::new(String::new());
            read_text(path, MAX_BYTES, &mut body)?;
            // Not earlier: Ctrl-C ends a program that reads stdin.
            interrupt::closes(client);
            accepted(client.trigger_workflow_json(&body), output)?
        }
        (None, Some(workflow)) => {
            let request = request(workflow, arguments)?;
            interrupt::closes(client);
            match (journal, &arguments.once) {
                (Some(journal), Some(key)) => once(client, journal, key, &request, output)?,
                _ => accepted(client.trigger_workflow(&request), output)?,
            }
        }
        (None, None) => return Err(Failure::mistake("a workflow or --request is needed")),
    };
    if !arguments.wait {
        if output.is_terminal && !output.is_json {
            note(&format!("To follow it: luma wait {id}"));
        }
        return Ok(Exit::Accepted);
    }
    // The gateway has accepted the request, whatever goes wrong now.
    wait::wait(client, &[id], &options, output)
        .map_err(|failure| Failure { exit: Exit::BrokeOff, ..failure })
}

/// Triggers at most once for a key. Returns the trigger id, also of a run that was accepted before.
fn once(
    client: &Client,
    journal: &Journal,
    key: &str,
    request: &TriggerRequest,
    output: Output,
) -> Result<String, Failure> {
    let once = client.trigger_workflow_once(journal, key, request);
    if !once.is_recorded() {
        note(&format!(
            "warning: the outcome could not be written to the journal; settle key {key} with luma \
             journal resolve"
        ));
    }
    match once.result() {
        Ok(trigger) => print_accepted(trigger.trigger_id(), output),
        Err(_) if once.was_accepted_before() => {
            let since = once.entry().and_then(|entry| local_time(entry.time_ms()));
            let since = since.map(|since| format!(" at {since}")).unwrap_or_default();
            note(&format!("nothing was sent: {key} was accepted before{since}"));
            print_accepted(once.trigger_id().unwrap_or_default(), output)
        }
        Err(error) => Err(failed(error, output)),
    }
}

/// Prints the result of a trigger at once, and returns its trigger id.
fn accepted(trigger: Result<luma::Trigger, Error>, output: Output) -> Result<String, Failure> {
    match trigger {
        Ok(trigger) => print_accepted(trigger.trigger_id(), output),
        Err(error) => Err(failed(&error, output)),
    }
}

fn print_accepted(id: &str, output: Output) -> Result<String, Failure> {
    let printed = match output.is_json {
        true => output::document(&output::object([
            ("event", json!("accepted")),
            ("outcome", json!("ACCEPTED")),
            ("triggerId", json!(id)),
        ])),
        false => output::line(id),
    };
    match printed {
        Ok(()) => Ok(id.to_owned()),
        // The run exists, but the caller cannot know which one it is.
        Err(_) => Err(Failure {
            exit: Exit::Unknown,
            message: format!("cannot write to stdout; the gateway accepted the request as {id}"),
        }),
    }
}

fn failed(error: &Error, output: Output) -> Failure {
    if output.is_json {
        // The exit code is the outcome, also if nobody reads this.
        let _ = output::document(&output::object([
            ("event", json!("failed")),
            ("outcome", json!(error.outcome().to_string())),
            ("message", json!(error.message())),
            ("errors", json!(error.errors())),
            ("httpStatus", json!(error.http_status())),
            ("requestId", json!(error.info().request_id())),
        ]));
    }
    Failure::from(error.clone())
}

fn request(workflow: &str, arguments: &Trigger) -> Result<TriggerRequest, Failure> {
    let mut request = match (arguments.contact, &arguments.ticket, &arguments.channel) {
        (None, _, _) => TriggerRequest::new(workflow)?,
        (Some(contact), Some(ticket), _) => TriggerRequest::for_ism(workflow, contact, ticket)?,
        (Some(contact), None, Some(channel)) => {
            TriggerRequest::for_luma(workflow, contact, channel)?
        }
        (Some(_), None, None) => {
            return Err(Failure::mistake("--contact needs --ticket or --channel"));
        }
    };
    let mut names = HashSet::new();
    let mut is_new = |name: &str| match names.insert(name.to_owned()) {
        true => Ok(()),
        false => Err(Failure::mistake(format!("the variable {name} appears twice"))),
    };
    for argument in &arguments.variables {
        let (name, _) = split(argument)?;
        is_new(name.strip_suffix(':').unwrap_or(name))?;
        set_variable(&mut request, argument)?;
    }
    for argument in &arguments.texts {
        let (name, text) = split(argument)?;
        is_new(name)?;
        request.set_variable(name, text)?;
    }
    Ok(request)
}

fn set_variable(request: &mut TriggerRequest, argument: &str) -> Result<(), Failure> {
    let (name, value) = split(argument)?;
    if let Some(name) = name.strip_suffix(':') {
        request.set_variable_json(name, value)?;
    } else if value == "@" {
        return Err(Failure::mistake(format!("{name}=@ needs the name of a file")));
    } else if let Some(path) = value.strip_prefix('@') {
        request.set_secret_variable(name, &secret_from(Path::new(path), MAX_BYTES)?)?;
    } else {
        request.set_variable(name, value)?;
    }
    Ok(())
}

fn split(argument: &str) -> Result<(&str, &str), Failure> {
    // The argument may be a password that was meant as something else: it is not repeated.
    argument
        .split_once('=')
        .ok_or_else(|| Failure::mistake("a variable has the form NAME=VALUE; one has no ="))
}
