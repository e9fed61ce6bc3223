//! The workflows this tenant has: what each wants to be given, and how its runs go.

mod script;
mod table;
mod variable;

pub(crate) use script::{Begun, Script};
pub(crate) use table::WORKFLOWS;
pub(crate) use variable::{Constraint, Variable};

/// A workflow that can be triggered.
pub(crate) struct Workflow {
    pub(crate) identifier: &'static str,
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) variables: &'static [Variable],
    script: Script,
}

pub(crate) fn find(identifier: &str) -> Option<&'static Workflow> {
    WORKFLOWS.iter().find(|workflow| workflow.identifier == identifier)
}

/// How the runs of a workflow go; those that a fault started are not in the table.
pub(crate) fn script(identifier: &str) -> &'static Script {
    find(identifier).map_or(&table::SCRIPT_OF_FAULTS, |workflow| &workflow.script)
}
