//! The launch-in-context URL, with the blank before it that the vendor's own sample has.

use serde_json::Value;

use super::Call;
use super::envelope::Envelope;
use crate::http::Response;

/// The only context there is.
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
        Some(id) if errors.is_empty() => return Ok(of(id, call)),
        Some(_) => {}
    }
    let line = "Failed to generate the launch in context URL due to validation errors.";
    Err(Envelope::invalid(call.now, line, errors).response(200))
}

pub(super) fn of(trigger_id: &str, call: &Call<'_>) -> Envelope {
    let key = call.state.new_access_key();
    let url = format!(" {}/execution/{trigger_id}?accessKey={key}", call.origin);
    let line = "Successfully generated the launch in context URL.";
    Envelope::success(call.now, line, &url)
}
