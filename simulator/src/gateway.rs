//! The gateway's API: what it makes of a request, in the order in which the gateway checks.

mod access;
mod access_key;
mod definitions;
mod endpoint;
pub(crate) mod envelope;
mod history;
mod launch_url;
mod listing;
mod misbehaviour;
mod steps;
mod trigger;

use serde_json::{Map, Value};

use crate::faults::{Answers, Fault};
use crate::http::{Request, Response};
use crate::state::State;
pub(crate) use access::auth_scheme;
use endpoint::Endpoint;
pub(crate) use misbehaviour::response_from_elsewhere;

pub use access_key::TENANT_EXTERNAL_ID;

/// What the gateway makes of a request.
pub(crate) enum Verdict {
    /// This is the answer.
    Answer(Response),
    /// The request is one for this fault, which can choose from these answers.
    Fault(&'static Fault, Box<Answers>),
}

/// A request, and what there is to answer it with.
struct Call<'a> {
    /// Undecoded.
    query: &'a str,
    /// Empty where the endpoint takes none.
    body: &'a Map<String, Value>,
    /// Where the simulator is.
    origin: &'a str,
    state: &'a State,
    /// One moment for everything in the answer.
    now: u64,
}

/// Judges a request. `body` is its body as JSON, if it is that.
pub(crate) fn judge(
    request: &Request,
    body: Option<&Value>,
    origin: &str,
    state: &State,
) -> Verdict {
    let head = &request.head;
    let now = state.clock().now_ms();
    let Some(endpoint) = Endpoint::at(head.path()) else {
        return Verdict::Answer(envelope::not_found(now));
    };
    let method = endpoint.method();
    if head.method != method {
        return Verdict::Answer(envelope::method_not_allowed(now, method));
    }
    if !access::is_allowed(request, &endpoint, state.tokens()) {
        return Verdict::Answer(envelope::unauthorized(now));
    }
    let none = Map::new();
    let body = if method == "POST" {
        if !is_json(head.header("content-type").unwrap_or_default()) {
            return Verdict::Answer(envelope::unsupported_media_type(now));
        }
        let Some(body) = body.and_then(Value::as_object) else {
            return Verdict::Answer(envelope::body_is_no_object(now));
        };
        body
    } else {
        &none
    };
    let call = Call { query: head.query(), body, origin, state, now };
    match endpoint.fault(call.query, call.body) {
        Some(fault) => {
            Verdict::Fault(fault, Box::new(misbehaviour::answers(fault, &endpoint, &call)))
        }
        None => Verdict::Answer(answer(&endpoint, &call)),
    }
}

fn answer(endpoint: &Endpoint, call: &Call<'_>) -> Response {
    let outcome = match endpoint {
        Endpoint::Trigger => trigger::submit(call),
        Endpoint::History { trigger_id } => history::show(call, trigger_id),
        Endpoint::Steps { trigger_id } => steps::list(call, trigger_id),
        Endpoint::Step { trigger_id, step_id } => steps::show(call, trigger_id, step_id),
        Endpoint::LaunchUrl => launch_url::generate(call),
        Endpoint::AccessKey => access_key::generate(call),
        Endpoint::Definitions => definitions::list(call),
    };
    outcome.map_or_else(|refusal| refusal, |envelope| envelope.response(200))
}

/// The fault to be applied before this request is read, if it asks for one.
pub(crate) fn fault_before_reading(request: &Request) -> Option<&'static Fault> {
    let endpoint = Endpoint::at(request.head.path())?;
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let none = Map::new();
    endpoint
        .fault(request.head.query(), body.as_object().unwrap_or(&none))
        .filter(|fault| fault.comes_before_reading())
}

/// The workflow that a body names.
pub(crate) fn workflow_identifier(body: &Value) -> Option<&str> {
    body.get("workflowIdentifier").and_then(Value::as_str)
}

fn is_json(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case("application/json")
}
