//! The input parameters of a run or of a workflow definition.

use std::borrow::Cow;

use crate::json::{Json, JsonType, text};
use crate::response::Response;

/// An input parameter of a run, with its value, or of a workflow definition. It borrows from the
/// response that contains it.
///
/// Since 0.1.0.
#[derive(Debug, Clone, Copy)]
pub struct Parameter<'a>(Json<'a>);

impl<'a> Parameter<'a> {
    /// Returns the name for [`TriggerRequest::set_variable`](crate::TriggerRequest::set_variable)
    /// (`parameter`); empty if absent.
    pub fn name(self) -> Cow<'a, str> {
        self.text("parameter")
    }

    /// Returns the value in a run: the text of a string, or the JSON of any other value. Empty if
    /// absent or null.
    pub fn value(self) -> Cow<'a, str> {
        self.text("value")
    }

    /// Returns the data type, such as `TEXT` or `INTEGER`; empty if absent.
    pub fn data_type(self) -> Cow<'a, str> {
        self.text("dataType")
    }

    /// Returns the caption, for people; empty if absent.
    pub fn caption(self) -> Cow<'a, str> {
        self.text("caption")
    }

    /// Returns the description, for people; empty if absent.
    pub fn description(self) -> Cow<'a, str> {
        self.text("description")
    }

    /// Returns true if a workflow definition requires this parameter.
    pub fn is_required(self) -> bool {
        self.text("required") == "true"
    }

    /// Returns the parameter's JSON, for members without a method here, such as `validations`.
    pub fn json(self) -> Json<'a> {
        self.0
    }

    fn text(self, name: &str) -> Cow<'a, str> {
        text(self.0.get(name))
    }
}

/// Returns the parameters in `inputParameters` of an object in a response.
pub(crate) fn all<'a>(response: &'a Response, holder: Json<'a>) -> Vec<Parameter<'a>> {
    array(response, holder).map_or(Vec::new(), Json::elements).into_iter().map(Parameter).collect()
}

/// Returns the number of those parameters.
pub(crate) fn count(response: &Response, holder: Json<'_>) -> usize {
    let array = array(response, holder).filter(|array| array.json_type() == JsonType::Array);
    array.and_then(|array| array.count().ok()).unwrap_or_default()
}

fn array<'a>(response: &'a Response, holder: Json<'a>) -> Option<Json<'a>> {
    let parameters = response.input_parameters(holder)?;
    match parameters.json_type() {
        JsonType::Object => {
            // A history has the first name, a workflow definition the second one.
            let [in_run, in_definition] = parameters.members(["inputParameters", "parameters"]);
            in_run.or(in_definition)
        }
        _ => Some(parameters),
    }
}
