//! Generates a launch-in-context URL. It starts with a space, as in the vendor's sample.

use serde_json::Value;

use super::call::Call;
use crate::envelope::Envelope;
use crate::http::Response;
use crate::page::LAUNCH_PATH;

/// The only supported context.
const LAUNCH_CONTEXT: &str = "WORKFLOW_EXECUTION_STATUS";

pub(super) fn generate(call: &Call<'_>) -> Result<Envelope, Response> {
    let mut errors = Vec::new();
    if call.body.get("launchContext").and_then(Value::as_str) != Some(LAUNCH_CONTEXT) {
        errors.push(format!("launchContext must be {LAUNCH_CONTEXT}"));
    }
    let info = call.body.get("contextInfo");
    let trigger_id = info.and_then(|info| info.get("triggerId")).and_then(Value::as_str);
    match trigger_id {
        None => errors.push("contextInfo.triggerId is required".to_owned()),
        Some(id) if call.state.find(id, call.now).is_none() => {
            errors.push(format!("There is no run with the trigger id '{id}'"));
        }
        Some(id) if errors.is_empty() => return Ok(success(call, id)),
        Some(_) => {}
    }
    let status_line = "Failed to generate the launch in context URL due to validation errors.";
    Err(Envelope::validation_error(call.now, status_line, errors).response(200))
}

pub(super) fn success(call: &Call<'_>, trigger_id: &str) -> Envelope {
    let key = call.state.new_access_key(trigger_id);
    let url = format!(" {}{LAUNCH_PATH}{trigger_id}?accessKey={key}", call.base_url);
    let status_line = "Successfully generated the launch in context URL.";
    Envelope::success(call.now, status_line, &url)
}
