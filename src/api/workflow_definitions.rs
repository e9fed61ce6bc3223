//! Workflow definitions (`GET /gateway/api/v1/workflowdefinition`): the workflows that can be
//! triggered.

use std::borrow::Cow;
use std::fmt;

use crate::json::{Json, text};
use crate::response::Response;

pub(crate) const PATH: &str = "/gateway/api/v1/workflowdefinition";

/// A workflow that can be triggered. It borrows from the response that contains it.
///
/// Since 0.1.0.
#[derive(Debug, Clone, Copy)]
pub struct WorkflowDefinition<'a> {
    json: Json<'a>,
    identifier: Option<Json<'a>>,
    name: Option<Json<'a>>,
    description: Option<Json<'a>>,
}

impl<'a> WorkflowDefinition<'a> {
    fn from_json(json: Json<'a>) -> Self {
        let [identifier, name, description] = json.members(["identifier", "name", "description"]);
        WorkflowDefinition { json, identifier, name, description }
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

    /// Returns the definition's JSON. To read its parameters, use [`Response::pointer`] with a
    /// pointer such as `/resultData/0/inputParameters/parameters/0/parameter`.
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
        self.response.element(index).map(WorkflowDefinition::from_json)
    }

    /// Iterates over the workflow definitions.
    pub fn iter(
        &self,
    ) -> impl ExactSizeIterator<Item = WorkflowDefinition<'_>> + DoubleEndedIterator {
        (0..self.len()).map(|index| {
            WorkflowDefinition::from_json(self.response.element(index).unwrap_or(Json::NULL))
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
