//! The response envelope, with its fields in the gateway's order.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::http::Response;

/// The JSON object around every response. Fields of type `()` are always null.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Envelope {
    status: &'static str,
    status_code: i32,
    status_line: &'static str,
    errors: Option<Vec<String>>,
    /// The result of the call, as JSON.
    result_data: Option<Box<RawValue>>,
    warnings: Option<[(); 0]>,
    timestamp: u64,
    reason_phrase: (),
    meta_info: (),
}

impl Envelope {
    /// A success with this result. Its warnings are null.
    pub(crate) fn success(now: u64, status_line: &'static str, result: &impl Serialize) -> Self {
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

    pub(crate) fn with_result(self, result: &impl Serialize) -> Self {
        let json = to_raw_value(result).expect("plain data always serializes");
        Self { result_data: Some(json), ..self }
    }

    pub(crate) fn without_result(self) -> Self {
        Self { result_data: None, ..self }
    }

    /// Replaces the null of `warnings` with an empty array, which some endpoints return.
    pub(crate) fn with_empty_warnings(self) -> Self {
        Self { warnings: Some([]), ..self }
    }

    /// An error. Its `errors` repeat the status line.
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

    /// A validation error with a message for each problem.
    pub(crate) fn validation_error(
        now: u64,
        status_line: &'static str,
        errors: Vec<String>,
    ) -> Self {
        Self { errors: Some(errors), ..Self::error(now, "DataValidationError", status_line) }
    }

    /// An error in a request to the simulator itself, with this message.
    pub(crate) fn bad_request(now: u64, message: String) -> Self {
        let error = Self::error(now, "BadRequest", "The request is not valid.");
        Self { errors: Some(vec![message]), ..error }
    }

    pub(crate) fn response(&self, http_status: u16) -> Response {
        Response::json(http_status, self)
    }
}

/// A response with an error envelope, whose only error repeats its status line.
pub(crate) fn error(
    now: u64,
    http_status: u16,
    status: &'static str,
    status_line: &'static str,
) -> Response {
    Envelope::error(now, status, status_line).response(http_status)
}

pub(crate) fn not_found(now: u64) -> Response {
    error(now, 404, "NotFound", "There is nothing at this path.")
}

pub(crate) fn method_not_allowed(now: u64, allow: &'static str) -> Response {
    error(now, 405, "MethodNotAllowed", "The method is not allowed at this path.")
        .with_header("Allow", allow)
}

pub(crate) fn unauthorized(now: u64) -> Response {
    error(now, 401, "Unauthorized", "The access token is missing or invalid.")
        .with_header("WWW-Authenticate", "Bearer")
}

/// The response to a request that exceeds the rate limit.
pub(crate) fn too_many_requests(now: u64, retry_after_seconds: u64) -> Response {
    error(now, 429, "TooManyRequests", "Too many requests. Try again later.")
        .with_header("Retry-After", retry_after_seconds.to_string())
}

pub(crate) fn unsupported_media_type(now: u64) -> Response {
    error(now, 415, "UnsupportedMediaType", "The Content-Type must be application/json.")
}

pub(crate) fn body_not_an_object(now: u64) -> Response {
    error(now, 400, "DataValidationError", "The request body must be a JSON object")
}
