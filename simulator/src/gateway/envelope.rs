//! The response envelope, its fields in the gateway's order.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::http::Response;

/// What every response is wrapped in. The fields that are always null stay null.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Envelope {
    status: &'static str,
    status_code: i32,
    status_line: &'static str,
    errors: Option<Vec<String>>,
    /// What the call is for, as JSON.
    result_data: Option<Box<RawValue>>,
    warnings: Option<[(); 0]>,
    timestamp: u64,
    reason_phrase: (),
    meta_info: (),
}

impl Envelope {
    /// A success whose warnings are null.
    pub(super) fn success(now: u64, status_line: &'static str, result: &impl Serialize) -> Self {
        Self {
            status: "Success",
            status_code: 0,
            status_line,
            errors: None,
            result_data: None,
            warnings: None,
            timestamp: now,
            reason_phrase: (),
            meta_info: (),
        }
        .with_result(result)
    }

    pub(super) fn with_result(self, result: &impl Serialize) -> Self {
        let json = to_raw_value(result).expect("plain data always serializes");
        Self { result_data: Some(json), ..self }
    }

    /// The same with a list for its warnings, an empty one.
    pub(super) fn with_empty_warnings(self) -> Self {
        Self { warnings: Some([]), ..self }
    }

    /// An error. Without errors of its own, it repeats its status line.
    fn error(now: u64, status: &'static str, status_line: &'static str) -> Self {
        Self {
            status,
            status_code: 1,
            status_line,
            errors: Some(vec![status_line.to_owned()]),
            result_data: None,
            warnings: None,
            timestamp: now,
            reason_phrase: (),
            meta_info: (),
        }
    }

    /// Why a request does not pass validation: every problem.
    pub(super) fn invalid(now: u64, status_line: &'static str, errors: Vec<String>) -> Self {
        Self { errors: Some(errors), ..Self::error(now, "DataValidationError", status_line) }
    }

    /// The same without what the call is for.
    pub(super) fn emptied(self) -> Self {
        Self { result_data: None, ..self }
    }

    pub(crate) fn response(&self, http_status: u16) -> Response {
        Response::json(http_status, self)
    }
}

/// An error envelope other than a validation error. Its one error says the same as its status line.
pub(crate) fn error(
    now: u64,
    http_status: u16,
    status: &'static str,
    line: &'static str,
) -> Response {
    Envelope::error(now, status, line).response(http_status)
}

pub(crate) fn not_found(now: u64) -> Response {
    error(now, 404, "NotFound", "There is nothing at this path.")
}

pub(crate) fn method_not_allowed(now: u64, allow: &'static str) -> Response {
    error(now, 405, "MethodNotAllowed", "The method is not allowed at this path.")
        .with("Allow", allow)
}

pub(super) fn unauthorized(now: u64) -> Response {
    error(now, 401, "Unauthorized", "The access token is missing or not valid.")
        .with("WWW-Authenticate", "Bearer")
}

pub(super) fn unsupported_media_type(now: u64) -> Response {
    error(now, 415, "UnsupportedMediaType", "The Content-Type must be application/json.")
}

pub(super) fn body_is_no_object(now: u64) -> Response {
    error(now, 400, "DataValidationError", "The request body must be a JSON object")
}
