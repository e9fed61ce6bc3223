//! Getters for the response, by JSON pointer.

use std::ffi::c_char;

use crate::ffi::boundary::{Argument, Failure, guard, set_out};
use crate::ffi::status::{
    LUMA_ERROR_POINTER_NOT_FOUND, LUMA_ERROR_POINTER_RANGE, LUMA_ERROR_POINTER_SYNTAX,
    LUMA_ERROR_POINTER_TYPE,
};
use crate::ffi::strings;
use crate::memory;
use crate::{Json, JsonType, PointerError, Response};

use super::{get, luma_result};

/// No value: the pointer finds nothing, the result has no response, or an argument is invalid.
pub const LUMA_JSON_ABSENT: i32 = 0;
/// null.
pub const LUMA_JSON_NULL: i32 = 1;
/// true or false.
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
    fn at(&self, pointer: &str) -> Result<Json<'_>, Failure> {
        let response = self.response().ok_or(PointerError::NotFound)?;
        response.check_memory()?;
        Ok(response.pointer(pointer)?)
    }

    /// Returns the text at a pointer, and its length without the terminating NUL.
    ///
    /// # Safety
    ///
    /// As for [`Argument::text`].
    unsafe fn text_at(
        &self,
        json_pointer: *const c_char,
    ) -> Result<(*const c_char, usize), Failure> {
        // SAFETY: the caller's promise.
        let pointer = unsafe { POINTER.text(json_pointer)? };
        let text = || {
            let found = self.at(pointer)?;
            memory::check(4 * found.raw().len())?;
            Ok::<_, Failure>(found.text())
        };
        self.values.get(pointer, text)
    }
}

/// Reads a value at a pointer, and writes it to `out`.
///
/// # Safety
///
/// As for [`Argument::handle`], [`Argument::text`] and [`Argument::out`].
unsafe fn read_at<T: Default>(
    result: *const luma_result,
    json_pointer: *const c_char,
    out: *mut T,
    read: impl FnOnce(&Response, &str) -> Result<T, PointerError>,
) -> i32 {
    guard(|| {
        // SAFETY: the caller's promise.
        let (out, result, pointer) = unsafe {
            (
                Argument(3, "out").out(out, T::default())?,
                RESULT.handle(result)?,
                POINTER.text(json_pointer)?,
            )
        };
        let response = result.response().ok_or(PointerError::NotFound)?;
        response.check_memory()?;
        *out = read(response, pointer)?;
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

/// Returns the JSON of the response, as the server sent it. For an accepted trigger, for example:
///
/// @code{.json}
/// {"status":"Success","statusCode":0,"statusLine":"Successfully submitted ...","errors":null,
/// "resultData":{"executionConfig":{"triggerId":"0b6f...","identifier":"reset_password",
/// "name":"Reset Password"},"statusInfo":{"status":"SUBMITTED"}},"warnings":null,
/// "timestamp":1641460724098,"reasonPhrase":null,"metaInfo":null}
/// @endcode
///
/// There are three exceptions. A list of several pages is returned in the envelope of the first
/// page, also if it is incomplete. A launch URL, a new access token, a secret variable of the
/// trigger, and an access token that an error repeats are replaced by `[secret]`. A wait returns
/// the response with the last state seen.
///
/// @param result The result of any call; may be NULL.
/// @return A string borrowed from the result; it contains no NUL. "" if there was no response, if
///     it was not JSON, if a call for a launch URL or a token got none, or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_json(result: *const luma_result) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe {
        get(result, strings::empty(), |result| match result.response() {
            Some(response) => result.json.get_large(response.text()),
            None => strings::empty(),
        })
    }
}

/// Returns the length of the string that luma_result_json() returns.
///
/// @param result The result of any call; may be NULL.
/// @return Bytes, without the terminating NUL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_json_length(result: *const luma_result) -> usize {
    // SAFETY: the ABI contract.
    unsafe {
        get(result, 0, |result| result.response().map_or(0, |response| response.text().len()))
    }
}

/// Returns the type of a value in the response.
///
/// @param result The result of any call; may be NULL.
/// @param json_pointer A JSON pointer (RFC 6901), such as `/resultData/executionConfig/name`.
/// @return LUMA_JSON_NULL, LUMA_JSON_BOOL, LUMA_JSON_NUMBER, LUMA_JSON_STRING, LUMA_JSON_ARRAY or
///     LUMA_JSON_OBJECT; LUMA_JSON_ABSENT if there is no value or an argument is invalid.
///     The status of luma_result_count() distinguishes the two.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_json_type(
    result: *const luma_result,
    json_pointer: *const c_char,
) -> i32 {
    // SAFETY: the ABI contract.
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

/// Returns a value in the response as text: the characters of a string, or the JSON of any other
/// value. Numbers keep every digit.
///
/// The short way, where "" may stand for a missing value and a NUL may end the string, as in
/// printf(). luma_result_text() also returns the length and distinguishes a missing value.
///
/// @param result The result of any call; may be NULL.
/// @param json_pointer A JSON pointer (RFC 6901), such as `/resultData/statusInfo/status`. "" is
///     the whole response. The gateway sends `inputParameters` as JSON within a string; a pointer
///     reaches into it, such as `/resultData/inputParameters/inputParameters/0/value`.
/// @return A string borrowed from the result; the same pointer always gets the same string. "" for
///     null, if there is no value, or if an argument is invalid; luma_result_json_type()
///     distinguishes null. The string may contain a NUL, see luma_result_string_length().
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_string(
    result: *const luma_result,
    json_pointer: *const c_char,
) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe {
        get(result, strings::empty(), |result| {
            result.text_at(json_pointer).map_or(strings::empty(), |(text, _)| text)
        })
    }
}

/// Returns the length of the string that luma_result_string() returns. luma_result_text() returns
/// both with one call.
///
/// @param result The result of any call; may be NULL.
/// @param json_pointer A JSON pointer, as for luma_result_string().
/// @return Bytes, without the terminating NUL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_string_length(
    result: *const luma_result,
    json_pointer: *const c_char,
) -> usize {
    // SAFETY: the ABI contract.
    unsafe { get(result, 0, |result| result.text_at(json_pointer).map_or(0, |(_, length)| length)) }
}

/// Reads a value in the response as text, with its length: the characters of a string, or the JSON
/// of any other value. Use it where a string may contain a NUL, as in the output of a script, or
/// where a missing value must not pass for an empty one; otherwise luma_result_string() is shorter.
///
/// @param result The result of any call.
/// @param json_pointer A JSON pointer, as for luma_result_string().
/// @param[out] text Receives the string, or "" on failure; never NULL. Borrowed from the result;
///     the same pointer always gets the same string. "" for null, see luma_result_json_type().
/// @param[out] length Receives the length in bytes, without the terminating NUL; 0 on failure.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _4; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_POINTER_SYNTAX; LUMA_ERROR_POINTER_NOT_FOUND.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_text(
    result: *const luma_result,
    json_pointer: *const c_char,
    text: *mut *const c_char,
    length: *mut usize,
) -> i32 {
    guard(|| {
        // SAFETY: the ABI contract. Both are set, also if one of them is NULL.
        let (text, length) = unsafe {
            set_out(text, strings::empty());
            set_out(length, 0);
            (Argument(3, "text").out(text, strings::empty()), Argument(4, "length").out(length, 0))
        };
        // SAFETY: the ABI contract.
        let result = unsafe { RESULT.handle(result)? };
        // SAFETY: the ABI contract.
        let found = unsafe { result.text_at(json_pointer)? };
        let (text, length) = (text?, length?);
        (*text, *length) = found;
        Ok(())
    })
}

/// Reads an integer from the response.
///
/// @param result The result of any call.
/// @param json_pointer A JSON pointer (RFC 6901), such as `/timestamp`.
/// @param[out] out Receives the integer, or 0 on failure.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_POINTER_SYNTAX; LUMA_ERROR_POINTER_NOT_FOUND; LUMA_ERROR_POINTER_TYPE if the
///     value is not a number; LUMA_ERROR_POINTER_RANGE if it has a fraction, an exponent or too
///     many digits: read it with luma_result_string().
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_int64(
    result: *const luma_result,
    json_pointer: *const c_char,
    out: *mut i64,
) -> i32 {
    // SAFETY: the ABI contract.
    unsafe { read_at(result, json_pointer, out, |response, at| response.pointer(at)?.as_i64()) }
}

/// Reads true or false from the response.
///
/// @param result The result of any call.
/// @param json_pointer A JSON pointer (RFC 6901), such as
///     `/resultData/0/inputParameters/parameters/0/required`.
/// @param[out] out Receives 1 for true and 0 for false, or 0 on failure.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_POINTER_SYNTAX; LUMA_ERROR_POINTER_NOT_FOUND; LUMA_ERROR_POINTER_TYPE if the
///     value is neither true nor false.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_bool(
    result: *const luma_result,
    json_pointer: *const c_char,
    out: *mut i32,
) -> i32 {
    // SAFETY: the ABI contract.
    unsafe {
        read_at(result, json_pointer, out, |response, at| {
            response.pointer(at)?.as_bool().map(i32::from)
        })
    }
}

/// Counts the elements of an array, or the members of an object, in the response.
///
/// @param result The result of any call.
/// @param json_pointer A JSON pointer (RFC 6901), such as `/errors`.
/// @param[out] out Receives the number, or 0 on failure.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_POINTER_SYNTAX; LUMA_ERROR_POINTER_NOT_FOUND; LUMA_ERROR_POINTER_TYPE if the
///     value is neither an array nor an object.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_count(
    result: *const luma_result,
    json_pointer: *const c_char,
    out: *mut usize,
) -> i32 {
    // SAFETY: the ABI contract.
    unsafe { read_at(result, json_pointer, out, Response::count) }
}
