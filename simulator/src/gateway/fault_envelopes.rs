//! The envelopes that a fault can send, for each endpoint.

use std::sync::Arc;

use serde_json::Value;

use super::call::Call;
use super::endpoint::Endpoint;
use super::{access_key, definitions, history, launch_url, steps, trigger};
use crate::envelope::Envelope;
use crate::faults::{Fault, FaultEnvelopes};
use crate::http::Response;
use crate::state::{Run, State};
use crate::workflows::Workflow;

/// The message of validation errors. It need not fit the request.
const VALIDATION_MESSAGE: &str = "User name is required";

/// Creates the envelopes for a fault. A request that is not valid gets an invented success, and no
/// token is regenerated: the caller only wants the fault. A trigger starts its run here.
pub(super) fn create(fault: &Fault, endpoint: &Endpoint, call: &Call<'_>) -> FaultEnvelopes {
    let identifier = fault.identifier();
    let is_named = endpoint.named_fault(call.query, call.body).is_some();
    let is_read = !matches!(endpoint, Endpoint::Trigger | Endpoint::AccessKey);
    let real = (is_read && !is_named).then(|| super::execute(endpoint, call));
    let run = || finished_run(&identifier, call.now);
    let success = match endpoint {
        Endpoint::Trigger => return create_for_trigger(fault, call),
        _ if let Some(Ok(success)) = real => success,
        Endpoint::History { .. } => history::success(call.now, &run()),
        Endpoint::Steps { .. } => steps::all_steps(call.now, &run()),
        Endpoint::Step { .. } => steps::last_step(call.now, &run()),
        Endpoint::LaunchUrl => launch_url::success(call, &identifier),
        Endpoint::AccessKey => access_key::success(call.now, call.state.tokens().tenant()),
        Endpoint::Definitions => definitions::list_of_one(&identifier, call.now),
    };
    let status_line = "Failed to process the request due to validation errors.";
    let errors = vec![VALIDATION_MESSAGE.to_owned()];
    let validation_error = Envelope::validation_error(call.now, status_line, errors);
    FaultEnvelopes { without_result: success.clone().without_result(), validation_error, success }
}

fn create_for_trigger(fault: &Fault, call: &Call<'_>) -> FaultEnvelopes {
    let identifier = call.body.get("workflowIdentifier").and_then(Value::as_str);
    let identifier = identifier.map_or_else(|| fault.identifier(), str::to_owned);
    let workflow = match call.state.workflows().find(&identifier) {
        Some(workflow) => Arc::clone(workflow),
        None => Arc::new(Workflow::for_fault(&identifier)),
    };
    let run = trigger::new_run(call, &workflow);
    let success = trigger::success(call.now, &run);
    let without_result = trigger::success_without_trigger_id(call.now, &run);
    if fault.starts_run() {
        call.state.add(run);
    }
    let errors = vec![VALIDATION_MESSAGE.to_owned()];
    let validation_error =
        trigger::validation_error(call.now, Some(&identifier), Some(&workflow.name), errors);
    FaultEnvelopes { success, without_result, validation_error }
}

/// The response at the target of redirects. A client that follows redirects mistakes it for the
/// success of its trigger.
pub(crate) fn redirect_target(state: &State) -> Response {
    let now = state.clock().now_ms();
    let trigger_id = "e15e0000-0000-4000-8000-000000000000".to_owned();
    trigger::success(now, &Run { trigger_id, ..finished_run("elsewhere", now) }).response(200)
}

/// A finished run for responses about a run that does not exist.
fn finished_run(identifier: &str, now: u64) -> Run {
    let run = Run::submitted(1, &Arc::new(Workflow::for_fault(identifier)), now);
    let start_time = now.saturating_sub(run.script().duration());
    Run { start_time, ..run }.at(now)
}
