//! `luma_trigger_request`: a workflow to run, with its variables and its initiator.

use std::ffi::c_char;
use std::ptr;

use crate::api::trigger_request;
use crate::{Error, TriggerRequest};

use super::boundary::{Argument, Failure, LastMessage, free, guard, guard_value};
use super::result::{give_handle, luma_result};
use super::strings;

/// Luma/VSA. Requires `lumaChannelAccountId` in the initiation info.
#[allow(dead_code, reason = "for the header")]
pub const LUMA_APPLICATION_LUMA: i64 = -2;
/// ISM (Intelligent Service Management). Requires `ticketIdentifier` in the initiation info.
#[allow(dead_code, reason = "for the header")]
pub const LUMA_APPLICATION_ISM: i64 = -4;
/// ChangeGear.
#[allow(dead_code, reason = "for the header")]
pub const LUMA_APPLICATION_CHANGEGEAR: i64 = -7;
/// POB.
#[allow(dead_code, reason = "for the header")]
pub const LUMA_APPLICATION_POB: i64 = -8;

/// A workflow to run, with its variables and its initiator. Used by one thread at a time. Freed
/// with luma_trigger_request_free().
pub struct luma_trigger_request {
    pub(super) request: TriggerRequest,
    message: LastMessage,
}

const REQUEST: Argument = Argument(1, "request");

/// Creates a request to run a workflow. luma_trigger_request_new_with_reason() also explains a
/// failure.
///
/// @param workflow_identifier The workflow's unique identifier, 1 to 1024 bytes. Copied.
/// @param[out] out Receives the request, or NULL on failure. Free it with
///     luma_trigger_request_free().
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_1;
///     LUMA_ERROR_WORKFLOW_IDENTIFIER.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_request_new(
    workflow_identifier: *const c_char,
    out: *mut *mut luma_trigger_request,
) -> i32 {
    guard(|| {
        // SAFETY: the ABI contract.
        let out = unsafe { Argument(2, "out").out(out, ptr::null_mut())? };
        // SAFETY: the ABI contract.
        *out = unsafe { create(workflow_identifier)? };
        Ok(())
    })
}

/// Creates a request to run a workflow, and explains a failure. Otherwise the same as
/// luma_trigger_request_new().
///
/// @param workflow_identifier The workflow's unique identifier, 1 to 1024 bytes. Copied.
/// @param[out] out Receives the request, or NULL on failure. Free it with
///     luma_trigger_request_free().
/// @param[out] reason Receives NULL on success, else a result that has the status and the reason,
///     see luma_result_message(). Free it with luma_result_free().
/// @return As luma_trigger_request_new(), and LUMA_ERROR_NULL_ARGUMENT_3.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_request_new_with_reason(
    workflow_identifier: *const c_char,
    out: *mut *mut luma_trigger_request,
    reason: *mut *mut luma_result,
) -> i32 {
    // SAFETY: the ABI contract.
    let create = || unsafe { create(workflow_identifier) };
    // SAFETY: the ABI contract.
    unsafe { give_handle((Argument(2, "out"), out), (Argument(3, "reason"), reason), &create) }
}

/// Creates a request.
///
/// # Safety
///
/// As for [`Argument::text`].
unsafe fn create(workflow_identifier: *const c_char) -> Result<*mut luma_trigger_request, Failure> {
    // SAFETY: the caller's promise.
    let identifier = unsafe { Argument(1, "workflow_identifier").text(workflow_identifier)? };
    let request = TriggerRequest::new(identifier)?;
    let message = LastMessage::default();
    Ok(Box::into_raw(Box::new(luma_trigger_request { request, message })))
}

/// Sets a variable to a string, or replaces it.
///
/// @param request The request to change.
/// @param name The variable's name; not empty. Copied.
/// @param value The variable's value. Copied.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_2, _3;
///     LUMA_ERROR_VARIABLE_NAME.
/// @note One thread at a time per request. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_request_set_variable(
    request: *mut luma_trigger_request,
    name: *const c_char,
    value: *const c_char,
) -> i32 {
    let set = |request: &mut TriggerRequest, name: &str, value: &str| request.set_text(name, value);
    // SAFETY: the ABI contract.
    unsafe { change_named(request, "variable", ("name", name), ("value", value), set) }
}

/// Sets a variable to a string that is secret, such as a password, or replaces it.
///
/// The library wipes the value from its memory after it was sent, and when the request is freed. It
/// masks it in messages, errors, the JSON and the log of the call that sends it, however the
/// gateway writes it: 16 characters of it are enough. A shorter value is masked as a whole; one of
/// 4 to 7 characters only where no letter, digit, hyphen or underscore is next to it, and a shorter
/// one only where a string of the response equals it. Other calls do not know it, so the history of
/// the run shows what the gateway stored.
///
/// @param request The request to change. It is unchanged on failure.
/// @param name The variable's name; not empty, and not secret. Copied.
/// @param value The variable's value. All secret variables together have at most 65536 bytes.
///     Copied.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_2, _3;
///     LUMA_ERROR_VARIABLE_NAME; LUMA_ERROR_REQUEST_TOO_LARGE.
/// @note One thread at a time per request. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_request_set_secret_variable(
    request: *mut luma_trigger_request,
    name: *const c_char,
    value: *const c_char,
) -> i32 {
    let set = |request: &mut TriggerRequest, name: &str, value: &str| {
        request.set_secret_variable(name, value).map(drop)
    };
    // SAFETY: the ABI contract.
    unsafe { change_named(request, "variable", ("name", name), ("value", value), set) }
}

/// Sets a variable to any JSON value, such as a number, an array or an object, or replaces it.
///
/// @param request The request to change. It is unchanged on failure.
/// @param name The variable's name; not empty. Copied.
/// @param json One JSON value, nested at most 128 levels deep. A string needs its quotes. Copied
///     and sent verbatim, so numbers keep every digit.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_2, _3;
///     LUMA_ERROR_VARIABLE_NAME; LUMA_ERROR_JSON.
/// @note One thread at a time per request. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_request_set_variable_json(
    request: *mut luma_trigger_request,
    name: *const c_char,
    json: *const c_char,
) -> i32 {
    let set = |request: &mut TriggerRequest, name: &str, json: &str| {
        request.set_variable_json(name, json).map(drop)
    };
    // SAFETY: the ABI contract.
    unsafe { change_named(request, "variable", ("name", name), ("json", json), set) }
}

/// Sets a variable to an integer, or replaces it. Every digit is sent.
///
/// @param request The request to change. It is unchanged on failure.
/// @param name The variable's name; not empty. Copied.
/// @param value The variable's value.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_VARIABLE_NAME.
/// @note One thread at a time per request. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_request_set_variable_int64(
    request: *mut luma_trigger_request,
    name: *const c_char,
    value: i64,
) -> i32 {
    // SAFETY: the ABI contract.
    unsafe {
        change_typed(request, name, &|request, name| {
            request.insert_variable(name, value.to_string()).map(drop)
        })
    }
}

/// Sets a variable to a floating-point number, or replaces it. It is sent in the shortest decimal
/// form that reads back as the same number, such as `0.1` or `3.0`.
///
/// @param request The request to change. It is unchanged on failure.
/// @param name The variable's name; not empty. Copied.
/// @param value The variable's value: not NaN and not infinite, which JSON cannot express.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_VARIABLE_NAME; LUMA_ERROR_JSON if the value is NaN or infinite.
/// @note One thread at a time per request. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_request_set_variable_double(
    request: *mut luma_trigger_request,
    name: *const c_char,
    value: f64,
) -> i32 {
    // SAFETY: the ABI contract.
    unsafe {
        change_typed(request, name, &|request, name| {
            request.set_variable_f64(name, value).map(drop)
        })
    }
}

/// Sets a variable to true or false, or replaces it.
///
/// @param request The request to change. It is unchanged on failure.
/// @param name The variable's name; not empty. Copied.
/// @param value 0 is false; any other value is true.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_VARIABLE_NAME.
/// @note One thread at a time per request. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_request_set_variable_bool(
    request: *mut luma_trigger_request,
    name: *const c_char,
    value: i32,
) -> i32 {
    // SAFETY: the ABI contract.
    unsafe {
        change_typed(request, name, &|request, name| {
            request.insert_variable(name, (value != 0).to_string()).map(drop)
        })
    }
}

/// Replaces all variables with the members of a JSON object.
///
/// @param request The request to change. It is unchanged on failure.
/// @param json_object The variables by name, such as `{"userName":"jdoe","attempts":3}`. Copied.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2; LUMA_ERROR_JSON;
///     LUMA_ERROR_VARIABLES; LUMA_ERROR_VARIABLE_NAME.
/// @note One thread at a time per request. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_request_set_variables_json(
    request: *mut luma_trigger_request,
    json_object: *const c_char,
) -> i32 {
    let set = |request: &mut TriggerRequest| {
        // SAFETY: the ABI contract.
        let json_object = unsafe { Argument(2, "json_object").text(json_object)? };
        request.set_variables_json(json_object)?;
        Ok(())
    };
    // SAFETY: the ABI contract.
    unsafe { change(request, &set) }
}

/// Sets the contact on whose behalf the workflow runs.
///
/// @param request The request to change.
/// @param contact_id The contact's id in the application.
/// @param application_id One of LUMA_APPLICATION_*, or another application that is registered for
///     your tenant. It must fit in 32 bits.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1; LUMA_ERROR_INITIATOR_APPLICATION, also if you
///     swapped the two: contact_id is one of LUMA_APPLICATION_* and application_id is not.
/// @note One thread at a time per request. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_request_set_initiator(
    request: *mut luma_trigger_request,
    contact_id: i64,
    application_id: i64,
) -> i32 {
    let set = |request: &mut TriggerRequest| {
        let application_id = trigger_request::check_application(contact_id, application_id)?;
        request.set_initiator(contact_id, application_id);
        Ok(())
    };
    // SAFETY: the ABI contract.
    unsafe { change(request, &set) }
}

/// Sets one entry of the initiation info, or replaces it.
///
/// @param request The request to change.
/// @param key The entry's key; not empty. Copied. LUMA_APPLICATION_ISM requires `ticketIdentifier`,
///     LUMA_APPLICATION_LUMA requires `lumaChannelAccountId`.
/// @param value The entry's value, such as `100-1`. Copied.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_2, _3;
///     LUMA_ERROR_INITIATION_INFO.
/// @note One thread at a time per request. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_request_set_initiation_info(
    request: *mut luma_trigger_request,
    key: *const c_char,
    value: *const c_char,
) -> i32 {
    let set = |request: &mut TriggerRequest, key: &str, value: &str| {
        request.set_initiation_info(key, value).map(drop)
    };
    // SAFETY: the ABI contract.
    unsafe { change_named(request, "initiation info", ("key", key), ("value", value), set) }
}

/// Explains in one line why the last setter of a request failed. It names the variable or the
/// argument, and for JSON the line and the column.
///
/// @param request The request; may be NULL.
/// @return A string borrowed from the request, valid until the next setter call on it, so do not
///     use both in one expression. "" if the last setter succeeded, or if request is NULL. It never
///     contains the value of a variable.
/// @note One thread at a time per request. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_request_message(
    request: *const luma_trigger_request,
) -> *const c_char {
    guard_value(strings::empty(), || {
        // SAFETY: the ABI contract.
        let request = unsafe { request.as_ref() };
        request.map_or(strings::empty(), |request| request.message.as_ptr())
    })
}

/// Leaves a variable out when luma_trigger_workflow_once() compares the request with an earlier one
/// of the same key. Use it for a variable that differs each time, such as a time or a new password.
/// The variable is still sent, whether it is set before or after this call.
///
/// @param request The request to change.
/// @param name The variable's name; not empty. Copied.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_VARIABLE_NAME.
/// @note One thread at a time per request. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_request_exclude_from_digest(
    request: *mut luma_trigger_request,
    name: *const c_char,
) -> i32 {
    let exclude = |request: &mut TriggerRequest| {
        // SAFETY: the ABI contract.
        let name = unsafe { Argument(2, "name").text(name)? };
        request.exclude_from_digest(name)?;
        Ok(())
    };
    // SAFETY: the ABI contract.
    unsafe { change(request, &exclude) }
}

/// Frees a request.
///
/// @param request A request that no thread uses any more. NULL does nothing.
/// @note Exclusive. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_request_free(request: *mut luma_trigger_request) {
    // SAFETY: the ABI contract.
    unsafe { free(request) }
}

/// Runs the body of a setter, and keeps the message if it fails.
///
/// # Safety
///
/// As for [`Argument::handle_mut`].
unsafe fn change(
    request: *mut luma_trigger_request,
    body: &dyn Fn(&mut TriggerRequest) -> Result<(), Failure>,
) -> i32 {
    guard(|| {
        // SAFETY: the caller's promise.
        let luma_trigger_request { request, message } = unsafe { REQUEST.handle_mut(request)? };
        message.keep(body(request))
    })
}

/// Runs a setter of a named `thing`. `name` and `value` are the arguments 2 and 3, each after its
/// name in the header. A message about the value begins with the name.
///
/// # Safety
///
/// As for [`change`] and [`Argument::text`].
unsafe fn change_named(
    request: *mut luma_trigger_request,
    thing: &str,
    (key, name): (&'static str, *const c_char),
    (value_name, value): (&'static str, *const c_char),
    set: fn(&mut TriggerRequest, &str, &str) -> Result<(), Error>,
) -> i32 {
    let body = |request: &mut TriggerRequest| {
        // SAFETY: the caller's promise.
        let name = unsafe { Argument(2, key).text(name)? };
        // SAFETY: the caller's promise.
        let value = unsafe { Argument(3, value_name).text(value) };
        let value =
            value.map_err(|failure| failure.in_context(&trigger_request::quoted(thing, name)))?;
        Ok(set(request, name, value)?)
    };
    // SAFETY: the caller's promise.
    unsafe { change(request, &body) }
}

/// Runs a setter of a variable whose value is not a string.
///
/// # Safety
///
/// As for [`change`] and [`Argument::text`].
unsafe fn change_typed(
    request: *mut luma_trigger_request,
    name: *const c_char,
    set: &dyn Fn(&mut TriggerRequest, &str) -> Result<(), Error>,
) -> i32 {
    let body = |request: &mut TriggerRequest| {
        // SAFETY: the caller's promise.
        let name = unsafe { Argument(2, "name").text(name)? };
        Ok(set(request, name)?)
    };
    // SAFETY: the caller's promise.
    unsafe { change(request, &body) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::application;

    #[test]
    fn the_application_ids_agree_in_c_and_rust() {
        // cbindgen does not evaluate expressions, so the numbers are written twice.
        assert_eq!(LUMA_APPLICATION_LUMA, i64::from(application::LUMA));
        assert_eq!(LUMA_APPLICATION_ISM, i64::from(application::ISM));
        assert_eq!(LUMA_APPLICATION_CHANGEGEAR, i64::from(application::CHANGEGEAR));
        assert_eq!(LUMA_APPLICATION_POB, i64::from(application::POB));
    }
}
