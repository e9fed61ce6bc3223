//! What a fault needs to know about the endpoint on which it strikes.

use super::endpoint::Endpoint;
use super::envelope::Envelope;
use super::{Call, access_key, definitions, history, launch_url, steps, trigger};
use crate::faults::Fault;
use crate::http::Response;
use crate::state::{Run, State};

/// A fault that was asked for.
pub(crate) struct Misbehaviour {
    pub(crate) fault: &'static Fault,
    /// What the gateway would answer in good health.
    pub(crate) success: Envelope,
}

impl Misbehaviour {
    /// Nothing is validated, and no token is retired: the fault is what the caller came for.
    pub(super) fn of(fault: &'static Fault, endpoint: &Endpoint, call: &Call<'_>) -> Self {
        let identifier = fault.identifier();
        let finished = || finished_run(&identifier, call.now);
        let success = match endpoint {
            Endpoint::Trigger => {
                let run = trigger::run(&identifier, &identifier, call);
                let success = trigger::success(call.now, &run);
                if fault.starts_run() {
                    call.state.add(run);
                }
                success
            }
            Endpoint::History { .. } => history::of(&finished(), call.now),
            Endpoint::Steps { .. } => steps::all_of(&finished(), call.now),
            Endpoint::Step { .. } => steps::last_of(&finished(), call.now),
            Endpoint::LaunchUrl => launch_url::of(&identifier, call),
            Endpoint::AccessKey => access_key::of(call.state.tokens().tenant(), call.now),
            Endpoint::Definitions => definitions::only(&identifier, call.now),
        };
        Self { fault, success }
    }
}

/// A tempting answer at the end of a redirect: a client that follows takes it for the success of its trigger.
pub(crate) fn reply_from_elsewhere(state: &State) -> Response {
    let now = state.clock().now_ms();
    let trigger_id = "e15e0000-0000-4000-8000-000000000000".to_owned();
    trigger::success(now, &Run { trigger_id, ..finished_run("elsewhere", now) }).reply(200)
}

/// A run to tell of when there is none.
fn finished_run(identifier: &str, now: u64) -> Run {
    let run = Run::submitted(1, identifier, identifier, now);
    let start_time = now.saturating_sub(run.script().duration());
    Run { start_time, ..run }.at(now)
}
