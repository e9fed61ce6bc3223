//! Workflow definitions (`GET /gateway/api/v1/workflowdefinition`): the workflows that can be
//! triggered.

use std::borrow::Cow;
use std::fmt;

use crate::error::Error;
use crate::json::{Json, text};
use crate::response::Response;

use super::parameter::{self, Parameter};

pub(crate) const PATH: &str = "/gateway/api/v1/workflowdefinition";

/// A workflow that can be triggered. It borrows from the response that contains it.
///
/// Since 0.1.0.
#[derive(Debug, Clone, Copy)]
pub struct WorkflowDefinition<'a> {
    response: &'a Response,
    json: Json<'a>,
    identifier: Option<Json<'a>>,
    name: Option<Json<'a>>,
    description: Option<Json<'a>>,
}

impl<'a> WorkflowDefinition<'a> {
    /// `json` is an element of the list in `response`.
    fn new(response: &'a Response, json: Json<'a>) -> Self {
        let [identifier, name, description] = json.members(["identifier", "name", "description"]);
        WorkflowDefinition { response, json, identifier, name, description }
    }

    /// Returns the identifier for [`TriggerRequest::new`](crate::TriggerRequest::new); empty if
    /// absent.
    pub fn identifier(self) -> Cow<'a, str> {
        text(self.identifier)
    }

    /// Returns the display name; empty if absent.
    pub fn name(self) -> Cow<'a, str> {
        text(self.name)
    }

    /// Returns the description; empty if absent.
    pub fn description(self) -> Cow<'a, str> {
        text(self.description)
    }

    /// Returns the input parameters, in the gateway's order. Reads them all: call it once for a
    /// loop.
    pub fn parameters(self) -> Vec<Parameter<'a>> {
        parameter::all(self.response, self.json)
    }

    /// Returns the number of input parameters, and allocates nothing for them.
    pub(crate) fn parameter_count(self) -> usize {
        parameter::count(self.response, self.json)
    }

    /// Returns the definition's JSON, for members without a method here.
    pub fn json(self) -> Json<'a> {
        self.json
    }
}

/// The workflow definitions of a tenant, in the gateway's order.
///
/// Since 0.1.0.
#[derive(Debug, Clone)]
pub struct WorkflowDefinitions {
    pub(crate) response: Response,
}

impl WorkflowDefinitions {
    /// Takes the workflow definitions of an incomplete list out of its error, see
    /// [`ErrorKind::ListIncomplete`](crate::ErrorKind::ListIncomplete). `None` if no definition was
    /// received.
    pub fn take_from(error: &mut Error) -> Option<Self> {
        error.take_incomplete_list().map(|response| WorkflowDefinitions { response })
    }

    /// Returns the number of workflow definitions.
    pub fn len(&self) -> usize {
        self.response.element_count()
    }

    /// Returns true if there are no workflow definitions.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the workflow definition at an index, counted from 0.
    pub fn get(&self, index: usize) -> Option<WorkflowDefinition<'_>> {
        let json = self.response.element(index)?;
        Some(WorkflowDefinition::new(&self.response, json))
    }

    /// Iterates over the workflow definitions.
    pub fn iter(
        &self,
    ) -> impl ExactSizeIterator<Item = WorkflowDefinition<'_>> + DoubleEndedIterator {
        (0..self.len()).map(|index| {
            let json = self.response.element(index).unwrap_or(Json::NULL);
            WorkflowDefinition::new(&self.response, json)
        })
    }

    /// Returns the whole response: all pages as one list.
    pub fn response(&self) -> &Response {
        &self.response
    }
}

impl fmt::Display for WorkflowDefinitions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} workflow definitions", self.len())
    }
}
