//! One workflow.

use super::script::Script;
use super::variable::Variable;

/// A workflow that can be triggered.
pub(crate) struct Workflow {
    pub(crate) identifier: &'static str,
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) variables: &'static [Variable],
    pub(super) script: Script,
}
