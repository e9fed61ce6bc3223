//! The tenant's workflows: their variables, and how their runs proceed.

mod script;
mod table;
mod variable;
mod workflow;

pub(crate) use script::{Activity, Script, StartedStep};
pub(crate) use table::{WORKFLOWS, find, script};
pub(crate) use variable::{Constraint, Variable};
pub(crate) use workflow::Workflow;
