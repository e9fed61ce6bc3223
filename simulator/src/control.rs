//! The simulator's own endpoints, below `/simulator`. They need no token and are not journaled.

use std::time::Duration;

use serde_json::json;

use crate::gateway::envelope;
use crate::http::{Request, Response, query};
use crate::journal::Journal;
use crate::state::State;

/// Whether this path is one of the simulator's own.
pub(crate) fn owns(path: &str) -> bool {
    path == "/simulator" || path.starts_with("/simulator/")
}

pub(crate) fn answer(request: &Request, journal: &Journal, state: &State) -> Response {
    let head = &request.head;
    let now = state.clock().now_ms();
    match (head.path(), head.method.as_str()) {
        ("/simulator/journal", "GET") => {
            let wanted = query::value(head.query(), "workflowIdentifier");
            let mut deliveries = journal.all();
            if wanted.is_some() {
                deliveries.retain(|delivery| delivery.workflow_identifier == wanted);
            }
            Response::json(200, &json!({ "deliveries": deliveries }))
        }
        ("/simulator/journal", "DELETE") => {
            journal.clear();
            Response::status(204)
        }
        ("/simulator/journal", _) => envelope::method_not_allowed(now, "GET, DELETE"),
        ("/simulator/runs", "GET") => Response::json(200, &json!({ "runs": state.runs() })),
        ("/simulator/runs", _) => envelope::method_not_allowed(now, "GET"),
        ("/simulator/time", "POST") => advance(head.query(), state),
        ("/simulator/time", _) => envelope::method_not_allowed(now, "POST"),
        _ => envelope::not_found(now),
    }
}

/// Moves virtual time forward by `advanceMs`.
fn advance(query: &str, state: &State) -> Response {
    let clock = state.clock();
    let Some(by) = query::value(query, "advanceMs").and_then(|text| text.parse().ok()) else {
        let line = "advanceMs must be a number of milliseconds.";
        return envelope::error(clock.now_ms(), 400, "BadRequest", line);
    };
    match clock.advance(Duration::from_millis(by)) {
        Ok(()) => Response::json(200, &json!({ "now": clock.now_ms() })),
        Err(why) => envelope::error(clock.now_ms(), 409, "Conflict", why),
    }
}
