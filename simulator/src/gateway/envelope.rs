//! The reply envelope, its fields in the gateway's order.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;

pub(crate) use super::trigger::Invalid;
use crate::http::Response;
use crate::state::Run;

/// What every reply is wrapped in. The fields that are always null stay null.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a> {
    status: &'a str,
    status_code: i32,
    status_line: &'a str,
    errors: Option<&'a [String]>,
    result_data: Option<TriggerResult<'a>>,
    warnings: (),
    timestamp: u64,
    reason_phrase: (),
    meta_info: (),
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TriggerResult<'a> {
    execution_config: ExecutionConfig<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_info: Option<StatusInfo>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ExecutionConfig<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    trigger_id: Option<&'a str>,
    identifier: Option<&'a str>,
    name: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct StatusInfo {
    status: &'static str,
}

/// The reply to a trigger that started this run.
pub(crate) fn trigger_success(run: &Run) -> Response {
    submitted(run, Some(&run.trigger_id))
}

/// A success in everything but the trigger id, which is missing.
pub(crate) fn trigger_success_without_id(run: &Run) -> Response {
    submitted(run, None)
}

fn submitted(run: &Run, trigger_id: Option<&str>) -> Response {
    let result = TriggerResult {
        execution_config: ExecutionConfig {
            trigger_id,
            identifier: Some(&run.workflow_identifier),
            name: Some(&run.name),
        },
        status_info: Some(StatusInfo { status: "SUBMITTED" }),
    };
    let line = "Successfully submitted workflow trigger request.";
    reply(200, "Success", 0, line, None, Some(result))
}

/// The reply to a trigger that does not pass validation.
pub(crate) fn trigger_invalid(http_status: u16, invalid: &Invalid) -> Response {
    let result = TriggerResult {
        execution_config: ExecutionConfig {
            trigger_id: None,
            identifier: invalid.identifier.as_deref(),
            name: invalid.name.as_deref(),
        },
        status_info: None,
    };
    let line = "Failed to submit workflow trigger request due to validation errors.";
    reply(http_status, "DataValidationError", 1, line, Some(&invalid.errors), Some(result))
}

pub(crate) fn body_is_no_object() -> Response {
    let invalid = Invalid {
        identifier: None,
        name: None,
        errors: vec!["The request body must be a JSON object".to_owned()],
    };
    trigger_invalid(400, &invalid)
}

pub(crate) fn not_found() -> Response {
    error(404, "NotFound", "There is nothing at this path.")
}

pub(crate) fn method_not_allowed(allow: &'static str) -> Response {
    error(405, "MethodNotAllowed", "The method is not allowed at this path.").with("Allow", allow)
}

pub(crate) fn unauthorized() -> Response {
    error(401, "Unauthorized", "The access token is missing or not valid.")
        .with("WWW-Authenticate", "Bearer")
}

pub(crate) fn unsupported_media_type() -> Response {
    error(415, "UnsupportedMediaType", "The Content-Type must be application/json.")
}

/// An error envelope other than a validation error. Its one error says the same as its status line.
pub(crate) fn error(http_status: u16, status: &str, line: &str) -> Response {
    reply(http_status, status, 1, line, Some(&[line.to_owned()]), None)
}

fn reply(
    http_status: u16,
    status: &str,
    status_code: i32,
    status_line: &str,
    errors: Option<&[String]>,
    result_data: Option<TriggerResult<'_>>,
) -> Response {
    let envelope = Envelope {
        status,
        status_code,
        status_line,
        errors,
        result_data,
        warnings: (),
        timestamp: now_ms(),
        reason_phrase: (),
        meta_info: (),
    };
    Response::json(http_status, &envelope)
}

fn now_ms() -> u64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH);
    since_epoch.map_or(0, |time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}
