//! The simulator's own endpoints under `/simulator`. They need no token and are not journaled.

use std::time::Duration;

use serde_json::json;

use crate::envelope;
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
    match (head.path(), head.method.as_str()) {
        ("/simulator/journal", "GET") => {
            let identifier = query::parameter(head.query(), "workflowIdentifier");
            let mut deliveries = journal.all();
            if identifier.is_some() {
                deliveries.retain(|delivery| delivery.workflow_identifier == identifier);
            }
            Response::json(200, &json!({ "deliveries": deliveries }))
        }
        ("/simulator/journal", "DELETE") => {
            journal.clear();
            Response::empty(204)
        }
        ("/simulator/journal", _) => envelope::method_not_allowed(now, "GET, DELETE"),
        ("/simulator/runs", "GET") => Response::json(200, &json!({ "runs": state.runs() })),
        ("/simulator/runs", _) => envelope::method_not_allowed(now, "GET"),
        ("/simulator/time", "POST") => advance_time(head.query(), state),
        ("/simulator/time", _) => envelope::method_not_allowed(now, "POST"),
        _ => envelope::not_found(now),
    }
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
