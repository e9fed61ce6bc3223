//! `luma_result`: what became of a call.

use std::ffi::c_char;

use crate::{Error, Json, JsonType, Outcome, PointerError, Reply, Trigger};

use super::boundary::{Argument, Failure, guard, guard_value};
use super::status::{
    LUMA_ERROR_NULL_ARGUMENT_1, LUMA_ERROR_POINTER_NOT_FOUND, LUMA_ERROR_POINTER_RANGE,
    LUMA_ERROR_POINTER_SYNTAX, LUMA_ERROR_POINTER_TYPE, LUMA_OK,
};
use super::strings::{self, LazyString, StringMap};

/// The gateway took the request and named what was asked for: go on.
pub const LUMA_OUTCOME_ACCEPTED: i32 = 1;
/// The gateway refused and nothing runs: mend the request, or wait if the status is
/// LUMA_ERROR_RATE_LIMITED.
pub const LUMA_OUTCOME_REJECTED: i32 = 2;
/// Not one byte of the request left: sending again is safe. Below 100 the status names what to mend
/// first.
pub const LUMA_OUTCOME_NOT_SENT: i32 = 3;
/// The request, or part of it, went out and no trustworthy answer came back. It may be running:
/// look before sending again.
pub const LUMA_OUTCOME_UNKNOWN: i32 = 4;

/// Nothing stands there, or the reply was no JSON.
pub const LUMA_JSON_ABSENT: i32 = 0;
/// null
pub const LUMA_JSON_NULL: i32 = 1;
/// true or false
pub const LUMA_JSON_BOOL: i32 = 2;
/// A number.
pub const LUMA_JSON_NUMBER: i32 = 3;
/// A string.
pub const LUMA_JSON_STRING: i32 = 4;
/// An array.
pub const LUMA_JSON_ARRAY: i32 = 5;
/// An object.
pub const LUMA_JSON_OBJECT: i32 = 6;

/// What became of a call. Any number of threads may read it at once.
pub struct luma_result {
    answer: Result<Trigger, Failure>,
    message: LazyString,
    trigger_id: LazyString,
    json: LazyString,
    errors: Vec<LazyString>,
    values: StringMap,
}

const RESULT: Argument = Argument(1, "result");
const POINTER: Argument = Argument(2, "json_pointer");

impl luma_result {
    pub(super) fn new(answer: Result<Trigger, Failure>) -> Self {
        let mut result = luma_result {
            answer,
            message: LazyString::default(),
            trigger_id: LazyString::default(),
            json: LazyString::default(),
            errors: Vec::new(),
            values: StringMap::default(),
        };
        let errors = result.error().map_or(0, |error| error.errors().len());
        result.errors.resize_with(errors, LazyString::default);
        result
    }

    pub(super) fn status(&self) -> i32 {
        self.answer.as_ref().err().map_or(LUMA_OK, Failure::status)
    }

    fn outcome(&self) -> i32 {
        match self.answer.as_ref().map_or_else(Failure::outcome, |_| Outcome::Accepted) {
            Outcome::Accepted => LUMA_OUTCOME_ACCEPTED,
            Outcome::Rejected => LUMA_OUTCOME_REJECTED,
            Outcome::NotSent => LUMA_OUTCOME_NOT_SENT,
            Outcome::Unknown => LUMA_OUTCOME_UNKNOWN,
        }
    }

    fn message(&self) -> String {
        match &self.answer {
            Ok(trigger) => trigger.message(),
            Err(failure) => failure.message().into_owned(),
        }
    }

    fn error(&self) -> Option<&Error> {
        self.answer.as_ref().err().and_then(Failure::error)
    }

    fn reply(&self) -> Option<&Reply> {
        match &self.answer {
            Ok(trigger) => Some(trigger.reply()),
            Err(failure) => failure.error().and_then(Error::reply),
        }
    }

    fn at(&self, pointer: &str) -> Result<Json<'_>, PointerError> {
        self.reply().ok_or(PointerError::NotFound)?.pointer(pointer)
    }

    /// # Safety
    ///
    /// As [`Argument::text`].
    unsafe fn text_at(&self, pointer: *const c_char) -> Option<(*const c_char, usize)> {
        let pointer = unsafe { POINTER.text(pointer) }.ok()?;
        self.values.get(pointer, || Some(self.at(pointer).ok()?.text().into_owned()))
    }
}

impl From<PointerError> for Failure {
    fn from(error: PointerError) -> Self {
        Failure::Status(match error {
            PointerError::Syntax => LUMA_ERROR_POINTER_SYNTAX,
            PointerError::NotFound => LUMA_ERROR_POINTER_NOT_FOUND,
            PointerError::WrongType => LUMA_ERROR_POINTER_TYPE,
            PointerError::OutOfRange => LUMA_ERROR_POINTER_RANGE,
        })
    }
}

/// Runs a getter; `otherwise` if the result is NULL.
///
/// # Safety
///
/// As [`Argument::handle`].
unsafe fn get<T: Copy>(
    result: *const luma_result,
    otherwise: T,
    getter: impl FnOnce(&luma_result) -> T,
) -> T {
    guard_value(otherwise, || unsafe { result.as_ref() }.map_or(otherwise, getter))
}

/// The name of an outcome: "ACCEPTED", "REJECTED", "NOT_SENT" or "UNKNOWN".
///
/// outcome: LUMA_OUTCOME_...; any other number gives "".
/// Returns: a string that lives as long as the library is loaded.
/// Threads: any. Blocks: no. Since: 0.1.0
#[unsafe(no_mangle)]
pub extern "C" fn luma_outcome_name(outcome: i32) -> *const c_char {
    match outcome {
        LUMA_OUTCOME_ACCEPTED => c"ACCEPTED",
        LUMA_OUTCOME_REJECTED => c"REJECTED",
        LUMA_OUTCOME_NOT_SENT => c"NOT_SENT",
        LUMA_OUTCOME_UNKNOWN => c"UNKNOWN",
        _ => c"",
    }
    .as_ptr()
}

/// The status of a call, the same as the call returned.
///
/// result: the result.
/// Returns: LUMA_OK if the outcome is ACCEPTED, else why it is not: 1 to 50 the caller's mistake,
///     100 to 199 transport, 200 to 299 the gateway's answer, 900 a fault of this library.
///     LUMA_ERROR_NULL_ARGUMENT_1 if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_status(result: *const luma_result) -> i32 {
    unsafe { get(result, LUMA_ERROR_NULL_ARGUMENT_1, luma_result::status) }
}

/// What is certain about the workflow.
///
/// result: the result.
/// Returns: LUMA_OUTCOME_ACCEPTED, _REJECTED, _NOT_SENT or _UNKNOWN; 0 if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_outcome(result: *const luma_result) -> i32 {
    unsafe { get(result, 0, luma_result::outcome) }
}

/// The HTTP status of the reply.
///
/// result: the result.
/// Returns: such as 200; 0 if no complete reply came, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_http_status(result: *const luma_result) -> i32 {
    unsafe {
        get(result, 0, |result| match &result.answer {
            Ok(trigger) => trigger.http_status().into(),
            Err(_) => result.error().and_then(Error::http_status).map_or(0, i32::from),
        })
    }
}

/// What happened, in one line for a log or a person. It never holds the access token.
///
/// result: the result.
/// Returns: a string borrowed from the result; "" if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_message(result: *const luma_result) -> *const c_char {
    unsafe { get(result, strings::empty(), |result| result.message.get(|| result.message())) }
}

/// How many errors the gateway told (`errors` in its reply).
///
/// result: the result.
/// Returns: their number; 0 if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_error_count(result: *const luma_result) -> usize {
    unsafe { get(result, 0, |result| result.errors.len()) }
}

/// One error that the gateway told, a sentence for a person; one that is no string, as JSON.
///
/// result: the result.
/// index: from 0 to luma_result_error_count - 1.
/// Returns: a string borrowed from the result; "" beyond the last one, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_error(
    result: *const luma_result,
    index: usize,
) -> *const c_char {
    unsafe {
        get(result, strings::empty(), |result| {
            let errors = result.error().map_or(&[][..], Error::errors);
            match (result.errors.get(index), errors.get(index)) {
                (Some(string), Some(error)) => string.get(|| error),
                _ => strings::empty(),
            }
        })
    }
}

/// The id of the run that the gateway accepted.
///
/// result: the result.
/// Returns: a string borrowed from the result; "" unless the outcome is ACCEPTED, or if result is
///     NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_trigger_id(result: *const luma_result) -> *const c_char {
    unsafe {
        get(result, strings::empty(), |result| match &result.answer {
            Ok(trigger) => result.trigger_id.get(|| trigger.trigger_id()),
            Err(_) => strings::empty(),
        })
    }
}

/// How long the gateway asks to wait before the next request (`Retry-After`).
///
/// result: the result.
/// Returns: milliseconds; -1 if it did not ask, or if result is NULL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_retry_after_ms(result: *const luma_result) -> i64 {
    unsafe {
        get(result, -1, |result| {
            let retry_after = result.error().and_then(Error::retry_after);
            retry_after.map_or(-1, |wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
        })
    }
}

/// The JSON of the reply as it came, whatever a server put into it. That of an accepted trigger:
///
///   {"status":"Success","statusCode":0,"statusLine":"Successfully submitted ...","errors":null,
///   "resultData":{"executionConfig":{"triggerId":"0b6f...","identifier":"reset_password",
///   "name":"Reset Password"},"statusInfo":{"status":"SUBMITTED"}},"warnings":null,
///   "timestamp":1641460724098,"reasonPhrase":null,"metaInfo":null}
///
/// result: the result.
/// Returns: a string borrowed from the result; "" if there was no reply, it was no JSON, or result
///     is NULL. JSON never holds a NUL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_json(result: *const luma_result) -> *const c_char {
    unsafe {
        get(result, strings::empty(), |result| match result.reply() {
            Some(reply) => result.json.get(|| reply.text()),
            None => strings::empty(),
        })
    }
}

/// The length of what luma_result_json gives.
///
/// result: the result.
/// Returns: bytes, without the terminating NUL; 0 where that gives "".
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_json_length(result: *const luma_result) -> usize {
    unsafe { get(result, 0, |result| result.reply().map_or(0, |reply| reply.text().len())) }
}

/// The type of a value in the reply.
///
/// result: the result.
/// json_pointer: where it stands (RFC 6901), such as `/resultData/executionConfig/name`.
/// Returns: LUMA_JSON_NULL, _BOOL, _NUMBER, _STRING, _ARRAY or _OBJECT; LUMA_JSON_ABSENT if
///     nothing stands there or an argument cannot be read.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_json_type(
    result: *const luma_result,
    json_pointer: *const c_char,
) -> i32 {
    unsafe {
        get(result, LUMA_JSON_ABSENT, |result| {
            let Ok(pointer) = POINTER.text(json_pointer) else { return LUMA_JSON_ABSENT };
            match result.at(pointer).map(Json::json_type) {
                Ok(JsonType::Null) => LUMA_JSON_NULL,
                Ok(JsonType::Bool) => LUMA_JSON_BOOL,
                Ok(JsonType::Number) => LUMA_JSON_NUMBER,
                Ok(JsonType::String) => LUMA_JSON_STRING,
                Ok(JsonType::Array) => LUMA_JSON_ARRAY,
                Ok(JsonType::Object) => LUMA_JSON_OBJECT,
                Err(_) => LUMA_JSON_ABSENT,
            }
        })
    }
}

/// A value in the reply as text: a string's text; a number with every digit, true, false, an array
/// or an object as JSON.
///
/// result: the result.
/// json_pointer: where it stands (RFC 6901), such as `/resultData/statusInfo/status`; "" is the
///     whole reply.
/// Returns: a string borrowed from the result, the same one when asked again; "" for null, if
///     nothing stands there, or if an argument cannot be read (luma_result_json_type tells which).
///     A string of the gateway's may hold a NUL: luma_result_string_length tells its length.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_string(
    result: *const luma_result,
    json_pointer: *const c_char,
) -> *const c_char {
    unsafe {
        get(result, strings::empty(), |result| {
            result.text_at(json_pointer).map_or(strings::empty(), |(text, _)| text)
        })
    }
}

/// The length of what luma_result_string gives.
///
/// result: the result.
/// json_pointer: as for luma_result_string.
/// Returns: bytes, without the terminating NUL; 0 where that gives "".
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_string_length(
    result: *const luma_result,
    json_pointer: *const c_char,
) -> usize {
    unsafe { get(result, 0, |result| result.text_at(json_pointer).map_or(0, |(_, length)| length)) }
}

/// An integer in the reply.
///
/// result: the result.
/// json_pointer: where it stands (RFC 6901), such as `/timestamp`.
/// out: receives the integer, or 0 on failure.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_POINTER_SYNTAX, _NOT_FOUND, _TYPE (no number), _RANGE (a fraction, an exponent
///     or too many digits; luma_result_string gives them).
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_int64(
    result: *const luma_result,
    json_pointer: *const c_char,
    out: *mut i64,
) -> i32 {
    guard(|| {
        let out = unsafe { Argument(3, "out").out(out, 0) }?;
        let result = unsafe { RESULT.handle(result) }?;
        let pointer = unsafe { POINTER.text(json_pointer) }?;
        *out = result.at(pointer)?.as_i64()?;
        Ok(())
    })
}

/// How many elements an array in the reply has, or members an object.
///
/// result: the result.
/// json_pointer: where it stands (RFC 6901), such as `/errors`.
/// out: receives the number, or 0 on failure.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_POINTER_SYNTAX, _NOT_FOUND, _TYPE (neither an array nor an object).
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_count(
    result: *const luma_result,
    json_pointer: *const c_char,
    out: *mut usize,
) -> i32 {
    guard(|| {
        let out = unsafe { Argument(3, "out").out(out, 0) }?;
        let result = unsafe { RESULT.handle(result) }?;
        let pointer = unsafe { POINTER.text(json_pointer) }?;
        *out = result.at(pointer)?.count()?;
        Ok(())
    })
}

/// Frees a result and every string borrowed from it.
///
/// result: a result, or NULL, which does nothing.
/// Threads: exclusive. Blocks: no. Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_free(result: *mut luma_result) {
    guard_value((), || {
        if !result.is_null() {
            drop(unsafe { Box::from_raw(result) });
        }
    })
}
