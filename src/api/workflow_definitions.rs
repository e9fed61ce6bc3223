//! Workflow definitions (`GET /gateway/api/v1/workflowdefinition`): what can be triggered.

use std::borrow::Cow;
use std::fmt;

use crate::json::{Json, text};
use crate::response::Response;

pub(crate) const PATH: &str = "/gateway/api/v1/workflowdefinition";

/// A workflow that can be triggered, within the response that tells of it.
#[derive(Debug, Clone, Copy)]
pub struct WorkflowDefinition<'a> {
    json: Json<'a>,
    identifier: Option<Json<'a>>,
    name: Option<Json<'a>>,
    description: Option<Json<'a>>,
}

impl<'a> WorkflowDefinition<'a> {
    fn of(json: Json<'a>) -> Self {
        let [identifier, name, description] = json.members(["identifier", "name", "description"]);
        WorkflowDefinition { json, identifier, name, description }
    }

    /// The identifier by which it is triggered; empty if absent.
    pub fn identifier(self) -> Cow<'a, str> {
        text(self.identifier)
    }

    /// The name for people; empty if absent.
    pub fn name(self) -> Cow<'a, str> {
        text(self.name)
    }

    /// What it does; empty if absent.
    pub fn description(self) -> Cow<'a, str> {
        text(self.description)
    }

    /// Its JSON. Its parameters are best reached by a pointer into the response:
    /// `/resultData/0/inputParameters/parameters/0/parameter`.
    pub fn json(self) -> Json<'a> {
        self.json
    }
}

/// The workflows of a tenant, in the order in which the gateway gave them.
#[derive(Debug, Clone)]
pub struct WorkflowDefinitions {
    pub(crate) response: Response,
}

impl WorkflowDefinitions {
    /// How many workflows there are.
    pub fn len(&self) -> usize {
        self.response.element_count()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The workflow at an index, counted from 0.
    pub fn get(&self, index: usize) -> Option<WorkflowDefinition<'_>> {
        self.response.element(index).map(WorkflowDefinition::of)
    }

    /// All workflows.
    pub fn iter(
        &self,
    ) -> impl ExactSizeIterator<Item = WorkflowDefinition<'_>> + DoubleEndedIterator {
        (0..self.len())
            .map(|index| WorkflowDefinition::of(self.response.element(index).unwrap_or(Json::NULL)))
    }

    /// The whole response.
    pub fn response(&self) -> &Response {
        &self.response
    }
}

impl fmt::Display for WorkflowDefinitions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} workflows", self.len())
    }
}
