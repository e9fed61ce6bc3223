//! Getters for the input parameters of a run and of workflow definitions.

use std::ffi::c_char;

use crate::ffi::strings::{self, Terminated};
use crate::ffi::success::Success;
use crate::memory;

use super::elements::{Parameters, Text};
use super::{get, luma_result};

/// The memory that a parameter takes, apart from its texts.
const PARAMETER_BYTES: usize = 512;

/// Returns `None` if there is not enough memory to read the parameters in this JSON.
fn check_memory(json: &str, count: impl FnOnce() -> usize) -> Option<()> {
    // They may be in a string, which is decoded before they can be counted.
    memory::check(4 * json.len()).ok()?;
    memory::check((4 * json.len()).saturating_add(PARAMETER_BYTES.saturating_mul(count()))).ok()
}

impl luma_result {
    /// Returns the parameters of the workflow definition at an index, or of the run for `None`.
    fn parameters(&self, definition: Option<usize>) -> Option<&Parameters> {
        match (&self.success, definition) {
            (Some(Success::History(history)), None) => {
                if let Some(known) = self.parameters.get() {
                    return Some(known);
                }
                check_memory(history.response().text(), || history.parameter_count())?;
                Some(self.parameters.get_or_init(|| Parameters::new(history.parameters())))
            }
            (Some(Success::WorkflowDefinitions(definitions)), Some(index)) => {
                let known = &self.definition(index)?.parameters;
                if let Some(known) = known.get() {
                    return Some(known);
                }
                // Takes time in proportion to the list.
                let definition = definitions.get(index)?;
                check_memory(definition.json().raw(), || definition.parameter_count())?;
                Some(known.get_or_init(|| Parameters::new(definition.parameters())))
            }
            _ => None,
        }
    }
}

/// Returns the number of parameters of the workflow definition at an index, or of the run for
/// `None`.
///
/// # Safety
///
/// As for [`get`].
unsafe fn count(result: *const luma_result, definition: Option<usize>) -> usize {
    let getter = |result: &luma_result| result.parameters(definition).map_or(0, Parameters::count);
    // SAFETY: the caller's promise.
    unsafe { get(result, 0, getter) }
}

/// Returns a text of a parameter of the workflow definition at an index, or of the run for `None`.
///
/// # Safety
///
/// As for [`get`].
unsafe fn text(
    result: *const luma_result,
    definition: Option<usize>,
    index: usize,
    text: Text,
) -> *const c_char {
    let getter = |result: &luma_result| {
        let text = result.parameters(definition).and_then(|found| found.text(index, text));
        text.map_or(strings::empty(), Terminated::as_ptr)
    };
    // SAFETY: the caller's promise.
    unsafe { get(result, strings::empty(), getter) }
}

/// Returns the number of input parameters of a run.
///
/// @param result The result of luma_get_workflow_history() or of a wait; may be NULL.
/// @return The number of parameters; 0 if the result has no run, or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_parameter_count(result: *const luma_result) -> usize {
    // SAFETY: the ABI contract.
    unsafe { count(result, None) }
}

/// Returns the name of an input parameter of a run.
///
/// @param result The result of luma_get_workflow_history() or of a wait; may be NULL.
/// @param index 0 to luma_result_parameter_count() - 1.
/// @return A string borrowed from the result; "" if the gateway sent none, or one that contains a
///     NUL, for a larger index, or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_parameter_name(
    result: *const luma_result,
    index: usize,
) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe { text(result, None, index, Text::Name) }
}

/// Returns the value of an input parameter of a run: the characters of a string, or the JSON of any
/// other value. Numbers keep every digit.
///
/// @param result The result of luma_get_workflow_history() or of a wait; may be NULL.
/// @param index 0 to luma_result_parameter_count() - 1.
/// @return A string borrowed from the result; "" for null, if the gateway sent none, for a larger
///     index, or if result is NULL. A NUL in it is replaced by U+FFFD; luma_result_string() has it.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_parameter_value(
    result: *const luma_result,
    index: usize,
) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe { text(result, None, index, Text::Value) }
}

/// Returns the data type of an input parameter of a run, such as TEXT, INTEGER or DATE.
///
/// @param result The result of luma_get_workflow_history() or of a wait; may be NULL.
/// @param index 0 to luma_result_parameter_count() - 1.
/// @return A string borrowed from the result; "" if the gateway sent none, for a larger index, or
///     if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_parameter_data_type(
    result: *const luma_result,
    index: usize,
) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe { text(result, None, index, Text::DataType) }
}

/// Returns the caption of an input parameter of a run, for people.
///
/// @param result The result of luma_get_workflow_history() or of a wait; may be NULL.
/// @param index 0 to luma_result_parameter_count() - 1.
/// @return A string borrowed from the result; "" if the gateway sent none, for a larger index, or
///     if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_parameter_caption(
    result: *const luma_result,
    index: usize,
) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe { text(result, None, index, Text::Caption) }
}

/// Returns the description of an input parameter of a run, for people.
///
/// @param result The result of luma_get_workflow_history() or of a wait; may be NULL.
/// @param index 0 to luma_result_parameter_count() - 1.
/// @return A string borrowed from the result; "" if the gateway sent none, for a larger index, or
///     if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_parameter_description(
    result: *const luma_result,
    index: usize,
) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe { text(result, None, index, Text::Description) }
}

/// Returns the number of input parameters of a workflow definition.
///
/// @param result The result of luma_list_workflow_definitions(); may be NULL.
/// @param definition_index 0 to luma_result_definition_count() - 1.
/// @return The number of parameters; 0 for a larger index, for any other call, or if result is
///     NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_definition_parameter_count(
    result: *const luma_result,
    definition_index: usize,
) -> usize {
    // SAFETY: the ABI contract.
    unsafe { count(result, Some(definition_index)) }
}

/// Returns the name of an input parameter of a workflow definition, for
/// luma_trigger_request_set_variable().
///
/// @param result The result of luma_list_workflow_definitions(); may be NULL.
/// @param definition_index 0 to luma_result_definition_count() - 1.
/// @param index 0 to luma_result_definition_parameter_count() - 1.
/// @return A string borrowed from the result; "" if the gateway sent none, or one that contains a
///     NUL, for a larger index, or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_definition_parameter_name(
    result: *const luma_result,
    definition_index: usize,
    index: usize,
) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe { text(result, Some(definition_index), index, Text::Name) }
}

/// Returns the data type of an input parameter of a workflow definition, such as TEXT, INTEGER or
/// DATE.
///
/// @param result The result of luma_list_workflow_definitions(); may be NULL.
/// @param definition_index 0 to luma_result_definition_count() - 1.
/// @param index 0 to luma_result_definition_parameter_count() - 1.
/// @return A string borrowed from the result; "" if the gateway sent none, for a larger index, or
///     if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_definition_parameter_data_type(
    result: *const luma_result,
    definition_index: usize,
    index: usize,
) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe { text(result, Some(definition_index), index, Text::DataType) }
}

/// Returns whether an input parameter of a workflow definition is required.
///
/// @param result The result of luma_list_workflow_definitions(); may be NULL.
/// @param definition_index 0 to luma_result_definition_count() - 1.
/// @param index 0 to luma_result_definition_parameter_count() - 1.
/// @return 1 if it is required; 0 if it is not, if the gateway did not say so, for a larger index,
///     or if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_definition_parameter_required(
    result: *const luma_result,
    definition_index: usize,
    index: usize,
) -> i32 {
    // SAFETY: the ABI contract.
    unsafe {
        get(result, 0, |result| {
            let parameters = result.parameters(Some(definition_index));
            parameters.is_some_and(|parameters| parameters.is_required(index)).into()
        })
    }
}

/// Returns the caption of an input parameter of a workflow definition, for people.
///
/// @param result The result of luma_list_workflow_definitions(); may be NULL.
/// @param definition_index 0 to luma_result_definition_count() - 1.
/// @param index 0 to luma_result_definition_parameter_count() - 1.
/// @return A string borrowed from the result; "" if the gateway sent none, for a larger index, or
///     if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_definition_parameter_caption(
    result: *const luma_result,
    definition_index: usize,
    index: usize,
) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe { text(result, Some(definition_index), index, Text::Caption) }
}

/// Returns the description of an input parameter of a workflow definition, for people.
///
/// @param result The result of luma_list_workflow_definitions(); may be NULL.
/// @param definition_index 0 to luma_result_definition_count() - 1.
/// @param index 0 to luma_result_definition_parameter_count() - 1.
/// @return A string borrowed from the result; "" if the gateway sent none, for a larger index, or
///     if result is NULL.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_result_definition_parameter_description(
    result: *const luma_result,
    definition_index: usize,
    index: usize,
) -> *const c_char {
    // SAFETY: the ABI contract.
    unsafe { text(result, Some(definition_index), index, Text::Description) }
}
