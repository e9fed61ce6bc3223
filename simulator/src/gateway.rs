//! The gateway's API. Requests are checked in the gateway's order: path, method, token, rate limit,
//! body.

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

use crate::envelope::{self, Envelope};
use crate::fault_rules::Subject;
use crate::faults::{Disposition, Fault, FaultEnvelopes};
use crate::http::{Request, Response};
use crate::state::State;
pub(crate) use access::auth_scheme;
use call::Call;
use endpoint::Endpoint;
pub(crate) use endpoint::{API, ENDPOINTS};
pub(crate) use fault_envelopes::redirect_target;
pub(crate) use history::{Parameter, parameters};

pub use access_key::TENANT_EXTERNAL_ID;

/// How to respond to a request.
pub(crate) enum Decision {
    Respond(Response),
    /// Apply this fault, which may use these envelopes.
    Fault(&'static Fault, Box<FaultEnvelopes>),
}

/// Checks and executes a request. `body` is its body, if that is valid JSON; `was_peeked` is true
/// after [`fault_before_reading`] returned `None` for it.
pub(crate) fn decide(
    request: &Request,
    body: Option<&Value>,
    was_peeked: bool,
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
    if let Err(retry_after) = state.count_request(now) {
        return Decision::Respond(envelope::too_many_requests(now, retry_after));
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
    let is_wanted = |fault: &Fault| !was_peeked || fault.before_reading().is_none();
    match find_fault(&endpoint, &call, is_wanted) {
        Some(fault) => {
            Decision::Fault(fault, Box::new(fault_envelopes::create(fault, &endpoint, &call)))
        }
        None => {
            let result = execute(&endpoint, &call);
            Decision::Respond(result.map_or_else(|error| error, |envelope| envelope.response(200)))
        }
    }
}

fn execute(endpoint: &Endpoint, call: &Call<'_>) -> Result<Envelope, Response> {
    match endpoint {
        Endpoint::Trigger => trigger::submit(call),
        Endpoint::History { trigger_id } => history::get(call, trigger_id),
        Endpoint::Steps { trigger_id } => steps::list(call, trigger_id),
        Endpoint::Step { trigger_id, step_id } => steps::get(call, trigger_id, step_id),
        Endpoint::LaunchUrl => launch_url::generate(call),
        Endpoint::AccessKey => access_key::generate(call),
        Endpoint::Definitions => definitions::list(call),
    }
}

/// Returns the fault that a request asks for, or else that of the first rule that applies.
fn find_fault(
    endpoint: &Endpoint,
    call: &Call<'_>,
    is_wanted: impl Fn(&Fault) -> bool,
) -> Option<&'static Fault> {
    if let Some(fault) = endpoint.named_fault(call.query, call.body) {
        return is_wanted(fault).then_some(fault);
    }
    let rules = call.state.fault_rules();
    if rules.is_empty() {
        return None;
    }
    let trigger_id = endpoint.trigger_id(call.body);
    let run = trigger_id.and_then(|id| call.state.find(id, call.now));
    let triggered = match endpoint {
        Endpoint::Trigger => call.body.get("workflowIdentifier").and_then(Value::as_str),
        _ => None,
    };
    let workflow_identifier = triggered.or(run.as_ref().map(|run| &*run.workflow_identifier));
    let subject = Subject { endpoint: endpoint.name(), workflow_identifier, trigger_id };
    rules.take(&subject, is_wanted)
}

/// Returns how the connection ends if a request asks for a fault that is applied before reading it.
pub(crate) fn fault_before_reading(request: &Request, state: &State) -> Option<Disposition> {
    let path = request.head.path();
    let endpoint = Endpoint::from_path(path).filter(|_| state.has_path_prefix(path))?;
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let empty = Map::new();
    let body = body.as_object().unwrap_or(&empty);
    let now = state.clock().now_ms();
    let call = Call { query: request.head.query(), body, base_url: "", state, now };
    find_fault(&endpoint, &call, |fault| fault.before_reading().is_some())?.before_reading()
}

/// Returns the body's `workflowIdentifier`.
pub(crate) fn workflow_identifier(body: &Value) -> Option<&str> {
    body.get("workflowIdentifier").and_then(Value::as_str)
}

fn is_json(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case("application/json")
}
