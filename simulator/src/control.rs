//! The simulator's own endpoints under `/simulator`. They need no token and are not journaled.

use std::time::Duration;

use serde_json::json;

use crate::envelope::{self, Envelope};
use crate::fault_rules::FaultRule;
use crate::faults::FAULTS;
use crate::http::{Request, Response, query};
use crate::journal::Journal;
use crate::state::State;

/// True if the path is one of the simulator's own.
pub(crate) fn handles(path: &str) -> bool {
    path == "/simulator" || path.starts_with("/simulator/")
}

pub(crate) fn respond(request: &Request, journal: &Journal, state: &State) -> Response {
    let head = &request.head;
    let now = state.clock().now_ms();
    match (state.without_path_prefix(head.path()), head.method.as_str()) {
        ("/simulator/journal", "GET") => {
            let identifier = query::parameter(head.query(), "workflowIdentifier");
            let deliveries = match identifier {
                Some(identifier) => journal.of_workflow(&identifier),
                None => journal.all(),
            };
            Response::json(200, &json!({ "deliveries": deliveries }))
        }
        ("/simulator/journal", "DELETE") => {
            journal.clear();
            Response::empty(204)
        }
        ("/simulator/journal", _) => envelope::method_not_allowed(now, "GET, DELETE"),
        ("/simulator/faults", "GET") => {
            Response::json(200, &json!({ "rules": state.fault_rules().all(), "faults": FAULTS }))
        }
        ("/simulator/faults", "POST") => add_fault(head.query(), state),
        ("/simulator/faults", "DELETE") => {
            state.fault_rules().clear();
            Response::empty(204)
        }
        ("/simulator/faults", _) => envelope::method_not_allowed(now, "GET, POST, DELETE"),
        ("/simulator/runs", "GET") => Response::json(200, &json!({ "runs": state.runs() })),
        ("/simulator/runs", _) => envelope::method_not_allowed(now, "GET"),
        ("/simulator/time", "POST") => advance_time(head.query(), state),
        ("/simulator/time", _) => envelope::method_not_allowed(now, "POST"),
        _ => envelope::not_found(now),
    }
}

/// Adds the fault that the parameters describe.
fn add_fault(query: &str, state: &State) -> Response {
    match fault_rule(query).and_then(|rule| state.fault_rules().add(rule)) {
        Ok(()) => Response::empty(204),
        Err(message) => {
            let now = state.clock().now_ms();
            Envelope::bad_request(now, message).response(400)
        }
    }
}

/// Reads a rule. The error is a message for users.
fn fault_rule(query: &str) -> Result<FaultRule, String> {
    let mut rule = FaultRule::default();
    for (name, value) in query::parameters(query) {
        let number = || {
            let invalid = |_| format!("{name} must be a whole number, not '{value}'.");
            value.parse().map_err(invalid)
        };
        match &*name {
            "fault" => rule.fault = value,
            "endpoint" => rule.endpoint = Some(value),
            "workflowIdentifier" => rule.workflow_identifier = Some(value),
            "triggerId" => rule.trigger_id = Some(value),
            "skip" => rule.skip = number()?,
            "times" => rule.times = Some(number()?),
            _ => return Err(format!("There is no parameter '{name}'.")),
        }
    }
    if rule.fault.is_empty() {
        return Err("fault is required: the name of a fault.".to_owned());
    }
    Ok(rule)
}

/// Advances virtual time by the `advanceMs` parameter.
fn advance_time(query: &str, state: &State) -> Response {
    let clock = state.clock();
    let Some(by) = query::parameter(query, "advanceMs").and_then(|text| text.parse().ok()) else {
        let message = "advanceMs must be a whole number of milliseconds.";
        return envelope::error(clock.now_ms(), 400, "BadRequest", message);
    };
    match clock.advance(Duration::from_millis(by)) {
        Ok(()) => Response::json(200, &json!({ "now": clock.now_ms() })),
        Err(message) => envelope::error(clock.now_ms(), 409, "Conflict", message),
    }
}
