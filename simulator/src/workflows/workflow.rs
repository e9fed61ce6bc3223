//! One workflow.

use super::script::{Activity, Script};
use super::variable::Variable;

/// A workflow that can be triggered.
#[derive(Debug, PartialEq)]
pub(crate) struct Workflow {
    pub(crate) identifier: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) variables: Vec<Variable>,
    pub(crate) script: Script,
}

impl Workflow {
    /// The workflow of the runs that a fault starts.
    pub(crate) fn for_fault(identifier: &str) -> Self {
        let activity = |kind: &str, name: &str, id: &str, start, duration| Activity {
            name: name.to_owned(),
            id: id.to_owned(),
            kind: kind.to_owned(),
            start,
            duration,
            final_status: "COMPLETED".to_owned(),
            attempts: 1,
            repetitions: 1,
        };
        Self {
            identifier: identifier.to_owned(),
            name: identifier.to_owned(),
            description: "Provokes a fault".to_owned(),
            variables: Vec::new(),
            script: Script {
                phases: vec![("RUNNING".to_owned(), 1000)],
                end: "COMPLETED".to_owned(),
                activities: vec![
                    activity("startEvent", "Start", "StartEvent_1", 0, 20),
                    activity("serviceTask", "do the work", "Activity_0w0rk00", 100, 850),
                    activity("endEvent", "End", "EndEvent_1", 980, 20),
                ],
                irregular_steps: false,
            },
        }
    }
}
