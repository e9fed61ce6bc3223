//! Step history (`GET /gateway/api/v1/workflowhistory/<triggerId>/stephistory`): the steps of a
//! run.

use std::fmt;

use crate::error::Error;
use crate::json::Json;
use crate::response::Response;

use super::history;
use super::id::Id;
use super::step::Step;

pub(crate) fn path(trigger_id: &Id<'_>) -> String {
    format!("{}/stephistory", history::path(trigger_id))
}

/// The steps of a run, in the gateway's order.
///
/// Since 0.1.0.
#[derive(Debug, Clone)]
pub struct WorkflowSteps {
    pub(crate) response: Response,
}

impl WorkflowSteps {
    /// Takes the steps of an incomplete list out of its error, see
    /// [`ErrorKind::ListIncomplete`](crate::ErrorKind::ListIncomplete). `None` if no step was
    /// received.
    pub fn take_from(error: &mut Error) -> Option<Self> {
        error.take_incomplete_list().map(|response| WorkflowSteps { response })
    }

    /// Returns the number of steps.
    pub fn len(&self) -> usize {
        self.response.element_count()
    }

    /// Returns true if there are no steps.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the step at an index, counted from 0.
    pub fn get(&self, index: usize) -> Option<Step<'_>> {
        self.response.element(index).map(Step::from_json)
    }

    /// Iterates over the steps.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Step<'_>> + DoubleEndedIterator {
        (0..self.len())
            .map(|index| Step::from_json(self.response.element(index).unwrap_or(Json::NULL)))
    }

    /// Returns the whole response: all pages as one list.
    pub fn response(&self) -> &Response {
        &self.response
    }
}

impl fmt::Display for WorkflowSteps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} steps", self.len())
    }
}
