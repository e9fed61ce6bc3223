//! What a fault needs to know about the endpoint on which it strikes.

use super::endpoint::Endpoint;
use super::envelope::Envelope;
use super::{Call, access_key, definitions, history, launch_url, steps, trigger};
use crate::faults::{Answers, Fault};
use crate::http::Response;
use crate::state::{Run, State};

/// Why the request could be invalid, whatever it is.
const ERROR: &str = "User name is required";

/// What this fault can choose from. Nothing is validated, and no token is retired: the fault is what the caller came for.
pub(super) fn answers(fault: &Fault, endpoint: &Endpoint, call: &Call<'_>) -> Answers {
    let identifier = fault.identifier();
    let finished = || finished_run(&identifier, call.now);
    let success = match endpoint {
        Endpoint::Trigger => return answers_to_trigger(fault, call),
        Endpoint::History { .. } => history::of(&finished(), call.now),
        Endpoint::Steps { .. } => steps::all_of(&finished(), call.now),
        Endpoint::Step { .. } => steps::last_of(&finished(), call.now),
        Endpoint::LaunchUrl => launch_url::of(&identifier, call),
        Endpoint::AccessKey => access_key::of(call.state.tokens().tenant(), call.now),
        Endpoint::Definitions => definitions::only(&identifier, call.now),
    };
    let line = "Failed to process the request due to validation errors.";
    let invalid = Envelope::invalid(call.now, line, vec![ERROR.to_owned()]);
    Answers { emptied: success.clone().emptied(), invalid, success }
}

/// The run starts here, if it does.
fn answers_to_trigger(fault: &Fault, call: &Call<'_>) -> Answers {
    let identifier = fault.identifier();
    let run = trigger::run(&identifier, &identifier, call);
    let success = trigger::success(call.now, &run);
    let emptied = trigger::success_without_id(call.now, &run);
    if fault.starts_run() {
        call.state.add(run);
    }
    let name = Some(&*identifier);
    let invalid = trigger::rejected(call.now, name, name, vec![ERROR.to_owned()]);
    Answers { success, emptied, invalid }
}

/// A tempting answer at the end of a redirect: a client that follows takes it for the success of its trigger.
pub(crate) fn response_from_elsewhere(state: &State) -> Response {
    let now = state.clock().now_ms();
    let trigger_id = "e15e0000-0000-4000-8000-000000000000".to_owned();
    trigger::success(now, &Run { trigger_id, ..finished_run("elsewhere", now) }).response(200)
}

/// A run to tell of when there is none.
fn finished_run(identifier: &str, now: u64) -> Run {
    let run = Run::submitted(1, identifier, identifier, now);
    let start_time = now.saturating_sub(run.script().duration());
    Run { start_time, ..run }.at(now)
}
