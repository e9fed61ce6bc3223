//! The gateway's API. Requests are checked in the gateway's order: path, method, token, body.

mod access;
mod access_key;
mod call;
mod definitions;
mod endpoint;
mod fault_envelopes;
mod history;
mod launch_url;
mod list_query;
mod steps;
mod trigger;

use serde_json::{Map, Value};

use crate::envelope;
use crate::faults::{Disposition, Fault, FaultEnvelopes};
use crate::http::{Request, Response};
use crate::state::State;
pub(crate) use access::auth_scheme;
use call::Call;
pub(crate) use endpoint::API;
use endpoint::Endpoint;
pub(crate) use fault_envelopes::redirect_target;
pub(crate) use history::parameters;

pub use access_key::TENANT_EXTERNAL_ID;

/// How to respond to a request.
pub(crate) enum Decision {
    Respond(Response),
    /// Apply this fault, which may use these envelopes.
    Fault(&'static Fault, Box<FaultEnvelopes>),
}

/// Checks and executes a request. `body` is its body, if that is valid JSON.
pub(crate) fn decide(
    request: &Request,
    body: Option<&Value>,
    base_url: &str,
    state: &State,
) -> Decision {
    let head = &request.head;
    let now = state.clock().now_ms();
    let endpoint = Endpoint::from_path(head.path());
    let Some(endpoint) = endpoint.filter(|_| state.has_path_prefix(head.path())) else {
        return Decision::Respond(envelope::not_found(now));
    };
    let method = endpoint.method();
    if head.method != method {
        return Decision::Respond(envelope::method_not_allowed(now, method));
    }
    if !access::is_allowed(request, &endpoint, state) {
        return Decision::Respond(envelope::unauthorized(now));
    }
    let empty = Map::new();
    let body = if method == "POST" {
        if !is_json(head.header("content-type").unwrap_or_default()) {
            return Decision::Respond(envelope::unsupported_media_type(now));
        }
        let Some(body) = body.and_then(Value::as_object) else {
            return Decision::Respond(envelope::body_not_an_object(now));
        };
        body
    } else {
        &empty
    };
    let call = Call { query: head.query(), body, base_url, state, now };
    match endpoint.fault(call.query, call.body) {
        Some(fault) => {
            Decision::Fault(fault, Box::new(fault_envelopes::create(fault, &endpoint, &call)))
        }
        None => Decision::Respond(execute(&endpoint, &call)),
    }
}

fn execute(endpoint: &Endpoint, call: &Call<'_>) -> Response {
    let result = match endpoint {
        Endpoint::Trigger => trigger::submit(call),
        Endpoint::History { trigger_id } => history::get(call, trigger_id),
        Endpoint::Steps { trigger_id } => steps::list(call, trigger_id),
        Endpoint::Step { trigger_id, step_id } => steps::get(call, trigger_id, step_id),
        Endpoint::LaunchUrl => launch_url::generate(call),
        Endpoint::AccessKey => access_key::generate(call),
        Endpoint::Definitions => definitions::list(call),
    };
    result.map_or_else(|error| error, |envelope| envelope.response(200))
}

/// Returns how the connection ends if a request asks for a fault that is applied before reading it.
pub(crate) fn fault_before_reading(request: &Request) -> Option<Disposition> {
    let endpoint = Endpoint::from_path(request.head.path())?;
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let empty = Map::new();
    endpoint
        .fault(request.head.query(), body.as_object().unwrap_or(&empty))
        .and_then(Fault::before_reading)
}

/// Returns the body's `workflowIdentifier`.
pub(crate) fn workflow_identifier(body: &Value) -> Option<&str> {
    body.get("workflowIdentifier").and_then(Value::as_str)
}

fn is_json(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case("application/json")
}
