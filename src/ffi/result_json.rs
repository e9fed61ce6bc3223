//! `luma_result`: the whole response, by JSON pointers.

use std::ffi::c_char;

use crate::{Json, JsonType, PointerError};

use super::boundary::{Argument, Failure, guard};
use super::result::{get, luma_result};
use super::status::{
    LUMA_ERROR_POINTER_NOT_FOUND, LUMA_ERROR_POINTER_RANGE, LUMA_ERROR_POINTER_SYNTAX,
    LUMA_ERROR_POINTER_TYPE,
};
use super::strings;

/// Nothing stands there, there is no response as luma_result_json has it, or an argument cannot be read.
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

const RESULT: Argument = Argument(1, "result");
const POINTER: Argument = Argument(2, "json_pointer");

impl luma_result {
    fn at(&self, pointer: &str) -> Result<Json<'_>, PointerError> {
        self.response().ok_or(PointerError::NotFound)?.pointer(pointer)
    }

    /// The text at a pointer, and its length without the NUL.
    pub(super) fn text_at(&self, pointer: &str) -> Option<(*const c_char, usize)> {
        self.values.get(pointer, || Some(self.at(pointer).ok()?.text()))
    }
}

/// Writes what stands at a pointer to `out`.
///
/// # Safety
///
/// As [`Argument::handle`], [`Argument::text`] and [`Argument::out`].
unsafe fn read_at<T: Default>(
    result: *const luma_result,
    json_pointer: *const c_char,
    out: *mut T,
    read: impl FnOnce(Json<'_>) -> Result<T, PointerError>,
) -> i32 {
    guard(|| {
        let out = unsafe { Argument(3, "out").out(out, T::default()) }?;
        let result = unsafe { RESULT.handle(result) }?;
        let pointer = unsafe { POINTER.text(json_pointer) }?;
        *out = read(result.at(pointer)?)?;
        Ok(())
    })
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

/// The JSON of the response as it came, whatever a server put into it. That of an accepted trigger:
///
///   {"status":"Success","statusCode":0,"statusLine":"Successfully submitted ...","errors":null,
///   "resultData":{"executionConfig":{"triggerId":"0b6f...","identifier":"reset_password",
///   "name":"Reset Password"},"statusInfo":{"status":"SUBMITTED"}},"warnings":null,
///   "timestamp":1641460724098,"reasonPhrase":null,"metaInfo":null}
///
/// Three things differ from what came: a list of several pages stands in the envelope of the first;
/// `[secret]` stands in place of a launch URL, a new access token, or an access token that an error
/// sends back; a wait gives the response with the last state seen.
///
/// result: the result.
/// Returns: a string borrowed from the result; "" if there was no response, it was no JSON, the call
///     was for a launch URL or a token and gave none, or result is NULL. JSON never holds a NUL.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_json(result: *const luma_result) -> *const c_char {
    unsafe {
        get(result, strings::empty(), |result| match result.response() {
            Some(response) => result.json.get(|| response.text()),
            None => strings::empty(),
        })
    }
}

/// The length of what luma_result_json gives.
///
/// result: the result.
/// Returns: bytes, without the terminating NUL; 0 where that gives "".
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_json_length(result: *const luma_result) -> usize {
    unsafe {
        get(result, 0, |result| result.response().map_or(0, |response| response.text().len()))
    }
}

/// The type of a value in the response.
///
/// result: the result.
/// json_pointer: where it stands (RFC 6901), such as `/resultData/executionConfig/name`.
/// Returns: LUMA_JSON_NULL, _BOOL, _NUMBER, _STRING, _ARRAY or _OBJECT; LUMA_JSON_ABSENT if
///     nothing stands there or an argument cannot be read; luma_result_count tells these apart.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
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

/// A value in the response as text: a string's text; a number with every digit, true, false, an array
/// or an object as JSON.
///
/// result: the result.
/// json_pointer: where it stands (RFC 6901), such as `/resultData/statusInfo/status`; "" is the
///     whole response. The gateway writes `inputParameters` as JSON within a string; a pointer leads
///     into it: `/resultData/inputParameters/inputParameters/0/value`.
/// Returns: a string borrowed from the result, the same one when asked again; "" for null, for which
///     luma_result_json_type gives LUMA_JSON_NULL, and if nothing stands there or an argument cannot
///     be read, for which it gives LUMA_JSON_ABSENT. A string of the gateway's may hold a NUL:
///     luma_result_string_length tells its length.
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_string(
    result: *const luma_result,
    json_pointer: *const c_char,
) -> *const c_char {
    unsafe {
        get(result, strings::empty(), |result| {
            let text = POINTER.text(json_pointer).ok().and_then(|pointer| result.text_at(pointer));
            text.map_or(strings::empty(), |(text, _)| text)
        })
    }
}

/// The length of what luma_result_string gives.
///
/// result: the result.
/// json_pointer: as for luma_result_string.
/// Returns: bytes, without the terminating NUL; 0 where that gives "".
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_string_length(
    result: *const luma_result,
    json_pointer: *const c_char,
) -> usize {
    unsafe {
        get(result, 0, |result| {
            let text = POINTER.text(json_pointer).ok().and_then(|pointer| result.text_at(pointer));
            text.map_or(0, |(_, length)| length)
        })
    }
}

/// An integer in the response.
///
/// result: the result.
/// json_pointer: where it stands (RFC 6901), such as `/timestamp`.
/// out: receives the integer, or 0 on failure.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_POINTER_SYNTAX, _NOT_FOUND, _TYPE (no number), _RANGE (a fraction, an exponent
///     or too many digits; luma_result_string gives them).
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_int64(
    result: *const luma_result,
    json_pointer: *const c_char,
    out: *mut i64,
) -> i32 {
    unsafe { read_at(result, json_pointer, out, |json| json.as_i64()) }
}

/// A truth value in the response.
///
/// result: the result.
/// json_pointer: where it stands (RFC 6901), such as
///     `/resultData/0/inputParameters/parameters/0/required`.
/// out: receives 1 for true and 0 for false, or 0 on failure.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_POINTER_SYNTAX, _NOT_FOUND, _TYPE (neither true nor false).
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_bool(
    result: *const luma_result,
    json_pointer: *const c_char,
    out: *mut i32,
) -> i32 {
    unsafe { read_at(result, json_pointer, out, |json| json.as_bool().map(i32::from)) }
}

/// How many elements an array in the response has, or members an object.
///
/// result: the result.
/// json_pointer: where it stands (RFC 6901), such as `/errors`.
/// out: receives the number, or 0 on failure.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_POINTER_SYNTAX, _NOT_FOUND, _TYPE (neither an array nor an object).
/// Threads: any number at once. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_count(
    result: *const luma_result,
    json_pointer: *const c_char,
    out: *mut usize,
) -> i32 {
    unsafe { read_at(result, json_pointer, out, |json| json.count()) }
}
