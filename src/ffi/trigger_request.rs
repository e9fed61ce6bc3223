//! `luma_trigger_request`: a workflow to run, with its variables and who asks for it.

use std::ffi::c_char;
use std::ptr;

use crate::TriggerRequest;

use super::boundary::{Argument, Failure, guard, guard_value};
use super::status::LUMA_ERROR_INITIATOR_APPLICATION;

/// Application of the initiator: Luma/VSA. Needs `lumaChannelAccountId` in the initiation info.
#[allow(dead_code, reason = "for the header")]
pub const LUMA_APPLICATION_LUMA: i64 = -2;
/// Application of the initiator: ISM. Needs `ticketIdentifier` in the initiation info.
#[allow(dead_code, reason = "for the header")]
pub const LUMA_APPLICATION_ISM: i64 = -4;
/// Application of the initiator: ChangeGear.
#[allow(dead_code, reason = "for the header")]
pub const LUMA_APPLICATION_CHANGEGEAR: i64 = -7;
/// Application of the initiator: POB.
#[allow(dead_code, reason = "for the header")]
pub const LUMA_APPLICATION_POB: i64 = -8;

/// A workflow to run, with its variables and who asks for it.
pub struct luma_trigger_request(pub(super) TriggerRequest);

const REQUEST: Argument = Argument(1, "request");

/// Makes a request to run a workflow.
///
/// workflow_identifier: the workflow's unique identifier, 1 to 1024 bytes; copied.
/// out: receives the request, or NULL on failure; free it with luma_trigger_request_free.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_1;
///     LUMA_ERROR_WORKFLOW_IDENTIFIER.
/// Threads: any. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_request_new(
    workflow_identifier: *const c_char,
    out: *mut *mut luma_trigger_request,
) -> i32 {
    guard(|| {
        let out = unsafe { Argument(2, "out").out(out, ptr::null_mut()) }?;
        let identifier = unsafe { Argument(1, "workflow_identifier").text(workflow_identifier) }?;
        let request = TriggerRequest::new(identifier)?;
        *out = Box::into_raw(Box::new(luma_trigger_request(request)));
        Ok(())
    })
}

/// Sets a variable to a string. Set again, it is replaced.
///
/// request: the request to change.
/// name: the variable's name, not empty; copied.
/// value: its value; copied.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_2, _3;
///     LUMA_ERROR_VARIABLE_NAME.
/// Threads: one at a time per request. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_request_set_variable(
    request: *mut luma_trigger_request,
    name: *const c_char,
    value: *const c_char,
) -> i32 {
    guard(|| {
        let request = unsafe { REQUEST.handle_mut(request) }?;
        let name = unsafe { Argument(2, "name").text(name) }?;
        let value = unsafe { Argument(3, "value").text(value) }?;
        request.0.set_variable(name, value)?;
        Ok(())
    })
}

/// Sets a variable to any JSON value: a number, a list, an object. Set again, it is replaced.
///
/// request: the request to change.
/// name: the variable's name, not empty; copied.
/// json: one JSON value, nested at most 128 deep; copied as it is, so that numbers keep every
///     digit. A string needs its quotes.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_2, _3;
///     LUMA_ERROR_VARIABLE_NAME; LUMA_ERROR_JSON, and the request stays as it was.
/// Threads: one at a time per request. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_request_set_variable_json(
    request: *mut luma_trigger_request,
    name: *const c_char,
    json: *const c_char,
) -> i32 {
    guard(|| {
        let request = unsafe { REQUEST.handle_mut(request) }?;
        let name = unsafe { Argument(2, "name").text(name) }?;
        let json = unsafe { Argument(3, "json").text(json) }?;
        request.0.set_variable_json(name, json)?;
        Ok(())
    })
}

/// Replaces all variables by the members of a JSON object.
///
/// request: the request to change.
/// json_object: the variables by name, such as `{"userName":"jdoe","attempts":3}`; copied.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_JSON; LUMA_ERROR_VARIABLES; LUMA_ERROR_VARIABLE_NAME. On failure the request
///     stays as it was.
/// Threads: one at a time per request. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_request_set_variables_json(
    request: *mut luma_trigger_request,
    json_object: *const c_char,
) -> i32 {
    guard(|| {
        let request = unsafe { REQUEST.handle_mut(request) }?;
        let json_object = unsafe { Argument(2, "json_object").text(json_object) }?;
        request.0.set_variables_json(json_object)?;
        Ok(())
    })
}

/// Sets the contact on whose behalf the workflow runs.
///
/// request: the request to change.
/// contact_id: the contact's id in the application.
/// application_id: LUMA_APPLICATION_..., or another one that your tenant has registered; it must
///     fit 32 bits.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1; LUMA_ERROR_INITIATOR_APPLICATION.
/// Threads: one at a time per request. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_request_set_initiator(
    request: *mut luma_trigger_request,
    contact_id: i64,
    application_id: i64,
) -> i32 {
    guard(|| {
        let request = unsafe { REQUEST.handle_mut(request) }?;
        let application_id = i32::try_from(application_id)
            .map_err(|_| Failure::Status(LUMA_ERROR_INITIATOR_APPLICATION))?;
        request.0.set_initiator(contact_id, application_id);
        Ok(())
    })
}

/// Sets what the application has to tell about the initiation. Set again, it is replaced.
///
/// request: the request to change.
/// key: not empty; `ticketIdentifier` is mandatory for LUMA_APPLICATION_ISM,
///     `lumaChannelAccountId` for LUMA_APPLICATION_LUMA; copied.
/// value: its value, such as `100-1`; copied.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_2, _3;
///     LUMA_ERROR_INITIATION_INFO.
/// Threads: one at a time per request. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_request_set_initiation_info(
    request: *mut luma_trigger_request,
    key: *const c_char,
    value: *const c_char,
) -> i32 {
    guard(|| {
        let request = unsafe { REQUEST.handle_mut(request) }?;
        let key = unsafe { Argument(2, "key").text(key) }?;
        let value = unsafe { Argument(3, "value").text(value) }?;
        request.0.set_initiation_info(key, value)?;
        Ok(())
    })
}

/// Frees a request.
///
/// request: a request, or NULL, which does nothing.
/// Threads: exclusive. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_trigger_request_free(request: *mut luma_trigger_request) {
    guard_value((), || {
        if !request.is_null() {
            drop(unsafe { Box::from_raw(request) });
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::application;

    #[test]
    fn the_applications_are_the_same_in_c_and_rust() {
        // The header's generator does not compute, so the numbers stand twice.
        assert_eq!(LUMA_APPLICATION_LUMA, i64::from(application::LUMA));
        assert_eq!(LUMA_APPLICATION_ISM, i64::from(application::ISM));
        assert_eq!(LUMA_APPLICATION_CHANGEGEAR, i64::from(application::CHANGEGEAR));
        assert_eq!(LUMA_APPLICATION_POB, i64::from(application::POB));
    }
}
