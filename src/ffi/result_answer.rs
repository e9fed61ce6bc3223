//! `luma_result`: what the call was for.

use std::ffi::c_char;

use crate::{RunStatus, Step, WorkflowDefinition, WorkflowHistory};

use super::answer::Answer;
use super::result::{get, in_milliseconds, luma_result};
use super::strings::{self, Terminated};

/// The result tells of no run or step.
pub const LUMA_RUN_NONE: i32 = 0;
/// RUNNING
pub const LUMA_RUN_RUNNING: i32 = 1;
/// SUSPENDED: it waits, for a person perhaps.
pub const LUMA_RUN_SUSPENDED: i32 = 2;
/// ACTIVATED
pub const LUMA_RUN_ACTIVATED: i32 = 3;
/// COMPLETED; final.
pub const LUMA_RUN_COMPLETED: i32 = 4;
/// FAILED; final.
pub const LUMA_RUN_FAILED: i32 = 5;
/// TERMINATED; final.
pub const LUMA_RUN_TERMINATED: i32 = 6;
/// Another one, not final; luma_result_run_status_text and luma_result_step_status_text tell it.
pub const LUMA_RUN_OTHER: i32 = 7;

impl luma_result {
    fn history(&self) -> Option<&WorkflowHistory> {
        match &self.answer {
            Some(Answer::History(history)) => Some(history),
            _ => None,
        }
    }

    fn step_count(&self) -> usize {
        match &self.answer {
            Some(Answer::Steps(steps)) => steps.len(),
            Some(Answer::Step(_)) => 1,
            _ => 0,
        }
    }

    fn step(&self, index: usize) -> Option<&StepStrings> {
        self.steps.get(index, self.step_count(), || match &self.answer {
            Some(Answer::Steps(steps)) => steps.get(index).map(StepStrings::of),
            Some(Answer::Step(step)) => Some(StepStrings::of(step.step())),
            _ => None,
        })
    }

    fn definition_count(&self) -> usize {
        match &self.answer {
            Some(Answer::WorkflowDefinitions(workflows)) => workflows.len(),
            _ => 0,
        }
    }

    fn definition(&self, index: usize) -> Option<&DefinitionStrings> {
        self.definitions.get(index, self.definition_count(), || match &self.answer {
            Some(Answer::WorkflowDefinitions(workflows)) => {
                workflows.get(index).map(DefinitionStrings::of)
            }
            _ => None,
        })
    }
}

/// What a result tells of a step.
pub(super) struct StepStrings {
    id: Terminated,
    name: Terminated,
    status: i32,
    status_text: Terminated,
    start_time_ms: Option<i64>,
    end_time_ms: Option<i64>,
    time_spent_ms: Option<i64>,
}

impl StepStrings {
    fn of(step: Step<'_>) -> Self {
        StepStrings {
            id: Terminated::new(step.id()),
            name: Terminated::new(step.name()),
            status: step.status().map_or(LUMA_RUN_NONE, number_of),
            status_text: Terminated::new(step.status_text()),
            start_time_ms: step.start_time_ms(),
            end_time_ms: step.end_time_ms(),
            time_spent_ms: step.time_spent_ms(),
        }
    }
}

/// What a result tells of a workflow that can be triggered.
pub(super) struct DefinitionStrings {
    identifier: Terminated,
    name: Terminated,
    description: Terminated,
}

impl DefinitionStrings {
    fn of(workflow: WorkflowDefinition<'_>) -> Self {
        DefinitionStrings {
            identifier: Terminated::new(workflow.identifier()),
            name: Terminated::new(workflow.name()),
            description: Terminated::new(workflow.description()),
        }
    }
}

fn text(string: Option<&Terminated>) -> *const c_char {
    string.map_or(strings::empty(), Terminated::as_ptr)
}

const STATUSES: [RunStatus; 7] = [
    RunStatus::Running,
    RunStatus::Suspended,
    RunStatus::Activated,
    RunStatus::Completed,
    RunStatus::Failed,
    RunStatus::Terminated,
    RunStatus::Other,
];

fn number_of(status: RunStatus) -> i32 {
    match status {
        RunStatus::Running => LUMA_RUN_RUNNING,
        RunStatus::Suspended => LUMA_RUN_SUSPENDED,
        RunStatus::Activated => LUMA_RUN_ACTIVATED,
        RunStatus::Completed => LUMA_RUN_COMPLETED,
        RunStatus::Failed => LUMA_RUN_FAILED,
        RunStatus::Terminated => LUMA_RUN_TERMINATED,
        RunStatus::Other => LUMA_RUN_OTHER,
    }
}

/// The name of a workflow status: "RUNNING", "COMPLETED" and so on; "OTHER" for LUMA_RUN_OTHER.
///
/// run_status: LUMA_RUN_...; any other number, and LUMA_RUN_NONE, gives "".
/// Returns: a string that lives as long as the library is loaded.
/// Threads: any. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub extern "C" fn luma_run_status_name(run_status: i32) -> *const c_char {
    match run_status {
        LUMA_RUN_RUNNING => c"RUNNING",
        LUMA_RUN_SUSPENDED => c"SUSPENDED",
        LUMA_RUN_ACTIVATED => c"ACTIVATED",
        LUMA_RUN_COMPLETED => c"COMPLETED",
        LUMA_RUN_FAILED => c"FAILED",
        LUMA_RUN_TERMINATED => c"TERMINATED",
        LUMA_RUN_OTHER => c"OTHER",
        _ => c"",
    }
    .as_ptr()
}

/// Whether a run or a step with this status will not change any more.
///
/// run_status: LUMA_RUN_...
/// Returns: 1 for LUMA_RUN_COMPLETED, _FAILED and _TERMINATED, else 0.
/// Threads: any. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub extern "C" fn luma_run_status_is_final(run_status: i32) -> i32 {
    STATUSES.iter().any(|s| number_of(*s) == run_status && s.is_final()).into()
}

/// The id of the run that the gateway accepted.
///
/// result: the result of a trigger that was ACCEPTED.
/// Returns: a string borrowed from the result; "" for any other, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_trigger_id(result: *const luma_result) -> *const c_char {
    unsafe {
        get(result, strings::empty(), |result| match &result.answer {
            Some(Answer::Trigger(trigger)) => result.trigger_id(trigger),
            _ => strings::empty(),
        })
    }
}

/// How far a run has come. After a wait, however it ended, this is the last state seen.
///
/// result: the result of luma_get_workflow_history or of a wait.
/// Returns: LUMA_RUN_RUNNING, _SUSPENDED, _ACTIVATED, _COMPLETED, _FAILED, _TERMINATED or
///     _OTHER; LUMA_RUN_NONE if no state was seen, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_run_status(result: *const luma_result) -> i32 {
    unsafe {
        get(result, LUMA_RUN_NONE, |result| {
            result.history().map_or(LUMA_RUN_NONE, |history| number_of(history.status()))
        })
    }
}

/// How far a run has come, in the gateway's word, also where that is not listed.
///
/// result: the result of luma_get_workflow_history or of a wait.
/// Returns: a string borrowed from the result, without control characters; "" where
///     luma_result_run_status gives LUMA_RUN_NONE.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_run_status_text(result: *const luma_result) -> *const c_char {
    unsafe {
        get(result, strings::empty(), |result| {
            let text = |history| result.status_text.get(|| WorkflowHistory::status_text(history));
            result.history().map_or(strings::empty(), text)
        })
    }
}

/// When a run started.
///
/// result: the result of luma_get_workflow_history or of a wait.
/// Returns: milliseconds since 1970 (UTC); -1 if the gateway did not say, if the
///     result tells of no run, or if it is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_run_start_time_ms(result: *const luma_result) -> i64 {
    unsafe {
        get(result, -1, |result| {
            result.history().and_then(WorkflowHistory::start_time_ms).unwrap_or(-1)
        })
    }
}

/// When a run ended.
///
/// result: the result of luma_get_workflow_history or of a wait.
/// Returns: milliseconds since 1970 (UTC); -1 if the gateway did not say, as while it runs, if the
///     result tells of no run, or if it is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_run_end_time_ms(result: *const luma_result) -> i64 {
    unsafe {
        get(result, -1, |result| {
            result.history().and_then(WorkflowHistory::end_time_ms).unwrap_or(-1)
        })
    }
}

/// How long a run took, or has taken so far.
///
/// result: the result of luma_get_workflow_history or of a wait.
/// Returns: milliseconds; -1 if the gateway did not say, if the result tells of no run, or if it is
///     NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_run_time_spent_ms(result: *const luma_result) -> i64 {
    unsafe {
        get(result, -1, |result| {
            result.history().and_then(WorkflowHistory::time_spent_ms).unwrap_or(-1)
        })
    }
}

/// How often a wait has looked at the run.
///
/// result: the result of a wait, or the one that its callback is given.
/// Returns: the number of looks; 0 for the result of any other call, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_poll_count(result: *const luma_result) -> i32 {
    unsafe { get(result, 0, |result| i32::try_from(result.polls).unwrap_or(i32::MAX)) }
}

/// How long a wait had lasted when its last look came back.
///
/// result: the result of a wait, or the one that its callback is given.
/// Returns: milliseconds; -1 for the result of any other call, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_elapsed_ms(result: *const luma_result) -> i64 {
    unsafe { get(result, -1, |result| result.waited.map_or(-1, in_milliseconds)) }
}

/// How many steps a result tells of.
///
/// result: the result of luma_list_workflow_steps or luma_get_workflow_step (which tells of one).
/// Returns: their number; 0 if the call failed, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_step_count(result: *const luma_result) -> usize {
    unsafe { get(result, 0, luma_result::step_count) }
}

/// The id of a step, for luma_get_workflow_step. A number is given in its digits.
///
/// result: the result of luma_list_workflow_steps or luma_get_workflow_step.
/// index: from 0 to luma_result_step_count - 1.
/// Returns: a string borrowed from the result; "" if the gateway did not give one, beyond the last
///     step, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_step_id(
    result: *const luma_result,
    index: usize,
) -> *const c_char {
    unsafe { get(result, strings::empty(), |result| text(result.step(index).map(|step| &step.id))) }
}

/// The name of a step, for people (`activityName`).
///
/// result: the result of luma_list_workflow_steps or luma_get_workflow_step.
/// index: from 0 to luma_result_step_count - 1.
/// Returns: a string borrowed from the result; "" if the gateway did not give one, beyond the last
///     step, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_step_name(
    result: *const luma_result,
    index: usize,
) -> *const c_char {
    unsafe {
        get(result, strings::empty(), |result| text(result.step(index).map(|step| &step.name)))
    }
}

/// The status of a step.
///
/// result: the result of luma_list_workflow_steps or luma_get_workflow_step.
/// index: from 0 to luma_result_step_count - 1.
/// Returns: LUMA_RUN_RUNNING, ... or _OTHER; LUMA_RUN_NONE if the gateway did not give one,
///     beyond the last step, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_step_status(result: *const luma_result, index: usize) -> i32 {
    unsafe {
        get(result, LUMA_RUN_NONE, |result| {
            result.step(index).map_or(LUMA_RUN_NONE, |step| step.status)
        })
    }
}

/// When a step started.
///
/// result: the result of luma_list_workflow_steps or luma_get_workflow_step.
/// index: from 0 to luma_result_step_count - 1.
/// Returns: milliseconds since 1970 (UTC); -1 if the gateway did not say, beyond
///     the last step, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_step_start_time_ms(
    result: *const luma_result,
    index: usize,
) -> i64 {
    unsafe {
        get(result, -1, |result| {
            result.step(index).and_then(|step| step.start_time_ms).unwrap_or(-1)
        })
    }
}

/// The status of a step in the gateway's word, also where that is not listed.
///
/// result: the result of luma_list_workflow_steps or luma_get_workflow_step.
/// index: from 0 to luma_result_step_count - 1.
/// Returns: a string borrowed from the result; "" if the gateway did not give one, beyond the last
///     step, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_step_status_text(
    result: *const luma_result,
    index: usize,
) -> *const c_char {
    unsafe {
        get(result, strings::empty(), |result| {
            text(result.step(index).map(|step| &step.status_text))
        })
    }
}

/// When a step ended.
///
/// result: the result of luma_list_workflow_steps or luma_get_workflow_step.
/// index: from 0 to luma_result_step_count - 1.
/// Returns: milliseconds since 1970 (UTC); -1 if the gateway did not say, as while it runs, beyond
///     the last step, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_step_end_time_ms(
    result: *const luma_result,
    index: usize,
) -> i64 {
    unsafe {
        get(result, -1, |result| result.step(index).and_then(|step| step.end_time_ms).unwrap_or(-1))
    }
}

/// How long a step took, or has taken so far.
///
/// result: the result of luma_list_workflow_steps or luma_get_workflow_step.
/// index: from 0 to luma_result_step_count - 1.
/// Returns: milliseconds; -1 if the gateway did not say, beyond the last
///     step, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_step_time_spent_ms(
    result: *const luma_result,
    index: usize,
) -> i64 {
    unsafe {
        get(result, -1, |result| {
            result.step(index).and_then(|step| step.time_spent_ms).unwrap_or(-1)
        })
    }
}

/// How many workflows a result tells of.
///
/// result: the result of luma_list_workflow_definitions.
/// Returns: their number; 0 if the call failed, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_definition_count(result: *const luma_result) -> usize {
    unsafe { get(result, 0, luma_result::definition_count) }
}

/// The identifier of a workflow, for luma_trigger_request_new.
///
/// result: the result of luma_list_workflow_definitions.
/// index: from 0 to luma_result_definition_count - 1.
/// Returns: a string borrowed from the result; "" if the gateway did not give one, beyond the last
///     workflow, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_definition_identifier(
    result: *const luma_result,
    index: usize,
) -> *const c_char {
    unsafe {
        get(result, strings::empty(), |result| {
            text(result.definition(index).map(|definition| &definition.identifier))
        })
    }
}

/// The name of a workflow, for people.
///
/// result: the result of luma_list_workflow_definitions.
/// index: from 0 to luma_result_definition_count - 1.
/// Returns: a string borrowed from the result; "" if the gateway did not give one, beyond the last
///     workflow, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_definition_name(
    result: *const luma_result,
    index: usize,
) -> *const c_char {
    unsafe {
        get(result, strings::empty(), |result| {
            text(result.definition(index).map(|definition| &definition.name))
        })
    }
}

/// What a workflow does.
///
/// result: the result of luma_list_workflow_definitions.
/// index: from 0 to luma_result_definition_count - 1.
/// Returns: a string borrowed from the result; "" if the gateway did not give one, beyond the last
///     workflow, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_definition_description(
    result: *const luma_result,
    index: usize,
) -> *const c_char {
    unsafe {
        get(result, strings::empty(), |result| {
            text(result.definition(index).map(|definition| &definition.description))
        })
    }
}

/// A URL that shows a run to whoever opens it in a browser. It is a secret, for it holds a temporary
/// access key; it is wiped from memory when the result is freed.
///
/// result: the result of luma_generate_launch_url that was ACCEPTED.
/// Returns: a string borrowed from the result, an http or https URL; "" for any other, or if result
///     is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_launch_url(result: *const luma_result) -> *const c_char {
    unsafe {
        get(result, strings::empty(), |result| match &result.answer {
            Some(Answer::LaunchUrl(launch)) => result.secret.get(launch.url()),
            _ => strings::empty(),
        })
    }
}

/// The new access token of a tenant. It is a secret; it is wiped from memory when the result is
/// freed.
///
/// result: the result of luma_regenerate_tenant_token that was ACCEPTED.
/// Returns: a string borrowed from the result; "" for any other, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_access_token(result: *const luma_result) -> *const c_char {
    unsafe {
        get(result, strings::empty(), |result| match &result.answer {
            Some(Answer::TenantToken(tenant)) => result.secret.get(tenant.access_token()),
            _ => strings::empty(),
        })
    }
}
