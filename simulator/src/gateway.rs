//! The gateway's API: what it makes of a request, in the order in which the gateway checks.

pub(crate) mod envelope;
mod trigger;
mod workflows;

use serde_json::Value;

use crate::faults::{self, Fault};
use crate::http::{Request, Response};
use crate::journal::AuthScheme;
use crate::state::{Run, State};

const API: &str = "/gateway/api/v1";

/// What the gateway makes of a request.
pub(crate) enum Verdict {
    /// This is the answer, and nothing runs.
    Answer(Response),
    /// The request is one for misbehaviour; this is the run it is about.
    Fault(&'static Fault, Run),
    /// The request is in order and this run starts.
    Start(Run),
}

/// Judges a request. `body` is its body as JSON, if it is that.
pub(crate) fn judge(
    request: &Request,
    body: Option<&Value>,
    token: &str,
    state: &State,
) -> Verdict {
    let head = &request.head;
    if !is_trigger(request) {
        return Verdict::Answer(envelope::not_found());
    }
    if head.method != "POST" {
        return Verdict::Answer(envelope::method_not_allowed("POST"));
    }
    if !is_authorized(request, token) {
        return Verdict::Answer(envelope::unauthorized());
    }
    if !is_json(head.header("content-type").unwrap_or_default()) {
        return Verdict::Answer(envelope::unsupported_media_type());
    }
    let Some(body) = body.and_then(Value::as_object) else {
        return Verdict::Answer(envelope::body_is_no_object());
    };
    let fault = workflow_identifier_in(body.get("workflowIdentifier")).and_then(faults::find);
    match fault {
        Some(fault) => Verdict::Fault(fault, trigger::run_of_fault(fault, body, state)),
        None => match trigger::validate(body, state) {
            Ok(run) => Verdict::Start(run),
            Err(invalid) => Verdict::Answer(envelope::trigger_invalid(200, &invalid)),
        },
    }
}

/// The fault to be applied before this request is read, if it asks for one.
pub(crate) fn fault_before_reading(request: &Request) -> Option<&'static Fault> {
    if !is_trigger(request) {
        return None;
    }
    let body: Value = serde_json::from_slice(&request.body).ok()?;
    workflow_identifier(&body).and_then(faults::find).filter(|fault| fault.comes_before_reading())
}

/// The workflow that a body names.
pub(crate) fn workflow_identifier(body: &Value) -> Option<&str> {
    workflow_identifier_in(body.get("workflowIdentifier"))
}

fn workflow_identifier_in(value: Option<&Value>) -> Option<&str> {
    value.and_then(Value::as_str)
}

/// Where a request gives a token, whether it is right or not.
pub(crate) fn auth_scheme(request: &Request) -> AuthScheme {
    if bearer_token(request).is_some() {
        AuthScheme::Bearer
    } else if request.head.header("itas-api-access-key").is_some() {
        AuthScheme::ApiAccessKey
    } else {
        AuthScheme::None
    }
}

fn is_authorized(request: &Request, token: &str) -> bool {
    bearer_token(request) == Some(token)
        || request.head.header("itas-api-access-key") == Some(token)
}

fn bearer_token(request: &Request) -> Option<&str> {
    let (scheme, token) = request.head.header("authorization")?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim_start())
}

/// Whether the path is the trigger's, whatever prefix it has.
fn is_trigger(request: &Request) -> bool {
    let path = request.head.path();
    path.starts_with('/')
        && path.rfind(API).is_some_and(|start| &path[start + API.len()..] == "/workflow/trigger")
}

fn is_json(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case("application/json")
}
