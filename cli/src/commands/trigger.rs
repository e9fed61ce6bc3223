//! `luma trigger`.

use std::path::Path;

use luma::{Client, TriggerRequest};
use serde_json::json;
use zeroize::Zeroizing;

use crate::arguments::Trigger;
use crate::commands::wait::wait;
use crate::exit::{Exit, Failure};
use crate::output::{self, Output, note};
use crate::settings::read_text;

const MAX_BYTES: u64 = 16 * 1024 * 1024;

pub fn run(client: &Client, arguments: &Trigger, output: Output) -> Result<Exit, Failure> {
    let trigger = match (&arguments.body, &arguments.workflow) {
        (Some(path), _) => {
            let mut body = Zeroizing::new(String::new());
            read_text(path, MAX_BYTES, &mut body)?;
            client.trigger_workflow_json(&body)
        }
        (None, Some(workflow)) => client.trigger_workflow(&request(workflow, arguments)?),
        (None, None) => return Err(Failure::mistake("a workflow or --request is needed")),
    };
    let trigger = trigger.map_err(|error| {
        if output.is_json {
            output::document(&output::object([
                ("event", json!("failed")),
                ("outcome", json!(error.outcome().to_string())),
                ("message", json!(error.message())),
                ("errors", json!(error.errors())),
                ("httpStatus", json!(error.http_status())),
                ("requestId", json!(error.info().request_id())),
            ]));
        }
        Failure::from(error)
    })?;
    let id = trigger.trigger_id();
    match output.is_json {
        true => output::document(&output::object([
            ("event", json!("accepted")),
            ("outcome", json!("ACCEPTED")),
            ("triggerId", json!(id)),
            ("requestId", json!(trigger.response().info().request_id())),
        ])),
        false => output::line(id),
    }
    if !arguments.wait {
        if output.is_terminal && !output.is_json {
            note(&format!("To follow it: luma wait {id}"));
        }
        return Ok(Exit::Accepted);
    }
    wait(client, &[id.to_owned()], arguments.timeout, arguments.until_suspended, output)
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
    for argument in &arguments.variables {
        set_variable(&mut request, argument)?;
    }
    Ok(request)
}

fn set_variable(request: &mut TriggerRequest, argument: &str) -> Result<(), Failure> {
    let Some((name, value)) = argument.split_once('=') else {
        // The argument may be a password that was meant as something else: it is not repeated.
        return Err(Failure::mistake("a variable has the form NAME=VALUE; one has no ="));
    };
    if let Some(name) = name.strip_suffix(':') {
        request.set_variable_json(name, value)?;
    } else if let Some(path) = value.strip_prefix('@') {
        let mut text = Zeroizing::new(String::new());
        read_text(Path::new(path), MAX_BYTES, &mut text)?;
        let length = text.trim_end_matches(['\r', '\n']).len();
        request.set_secret_variable(name, &text[..length])?;
    } else {
        request.set_variable(name, value)?;
    }
    Ok(())
}
