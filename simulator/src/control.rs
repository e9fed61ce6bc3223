//! The simulator's own endpoints, below `/simulator`. They need no token and are not journaled.

use serde_json::json;

use crate::gateway::envelope;
use crate::http::{Request, Response};
use crate::journal::Journal;
use crate::state::State;

/// Whether this path is one of the simulator's own.
pub(crate) fn owns(path: &str) -> bool {
    path == "/simulator" || path.starts_with("/simulator/")
}

pub(crate) fn answer(request: &Request, journal: &Journal, state: &State) -> Response {
    let method = request.head.method.as_str();
    match (request.head.path(), method) {
        ("/simulator/journal", "GET") => {
            let wanted = query_value(request.head.query(), "workflowIdentifier");
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
        ("/simulator/journal", _) => envelope::method_not_allowed("GET, DELETE"),
        ("/simulator/runs", "GET") => Response::json(200, &json!({ "runs": state.runs() })),
        ("/simulator/runs", _) => envelope::method_not_allowed("GET"),
        _ => envelope::not_found(),
    }
}

/// The decoded value of the first parameter of this name.
fn query_value(query: &str, name: &str) -> Option<String> {
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .find(|(given, _)| *given == name)
        .map(|(_, value)| decoded(value))
}

/// Undoes percent-encoding; what is not well encoded is left as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let (byte, after) = match (first, tail) {
            (b'+', _) => (b' ', tail),
            (b'%', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, after),
                _ => (b'%', tail),
            },
            _ => (*first, tail),
        };
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::query_value;

    #[test]
    fn a_query_value_is_decoded() {
        let query = "top=1&workflowIdentifier=a%2Fb+c%&x";
        assert_eq!(query_value(query, "workflowIdentifier").as_deref(), Some("a/b c%"));
        assert_eq!(query_value(query, "x").as_deref(), Some(""));
        assert_eq!(query_value(query, "y"), None);
    }
}
