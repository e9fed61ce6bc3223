//! The tenant's workflows: their variables, and how their runs proceed.
//!
//! `built-in.json` has the built-in ones. They are read as a user's file is, so each of them is an
//! example of the format.

mod document;
mod file;
mod script;
mod variable;
mod workflow;

use std::sync::{Arc, LazyLock};

pub use document::InvalidWorkflows;
pub(crate) use script::{Activity, Script, StartedStep};
pub(crate) use variable::{Constraint, Variable};
pub(crate) use workflow::Workflow;

/// The workflows that can be triggered.
#[derive(Debug, Clone)]
pub struct Workflows(Arc<[Arc<Workflow>]>);

impl Workflows {
    /// The built-in workflows as JSON: a template for a file of your own.
    pub const BUILT_IN: &str = include_str!("workflows/built-in.json");

    /// Reads workflows from JSON. The project's `docs/simulator.md` describes the format.
    ///
    /// # Errors
    ///
    /// The first mistake, with its line and field.
    pub fn from_json(json: &str) -> Result<Self, InvalidWorkflows> {
        file::read(json).map(|workflows| Self(workflows.into_iter().map(Arc::new).collect()))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Workflow> {
        self.0.iter().map(|workflow| &**workflow)
    }

    pub(crate) fn find(&self, identifier: &str) -> Option<&Arc<Workflow>> {
        self.0.iter().find(|workflow| workflow.identifier == identifier)
    }
}

impl Default for Workflows {
    /// The built-in workflows.
    fn default() -> Self {
        static BUILT_IN: LazyLock<Workflows> = LazyLock::new(|| {
            Workflows::from_json(Workflows::BUILT_IN).expect("the built-in workflows are valid")
        });
        BUILT_IN.clone()
    }
}
