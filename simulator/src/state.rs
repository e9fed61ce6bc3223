//! What the simulated tenant remembers: the runs.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde_json::{Map, Value};

/// A run of a workflow that a trigger started.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Run {
    /// The trigger id, UUID-shaped and unique among this simulator's runs.
    pub trigger_id: String,
    /// The workflow's identifier.
    pub workflow_identifier: String,
    /// The workflow's name.
    pub name: String,
    /// The input parameters, as given.
    pub variables: Map<String, Value>,
    /// On whose behalf it runs.
    pub initiator: Initiator,
}

/// On whose behalf a run was started, as far as the trigger said.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Initiator {
    /// The contact in the consuming application.
    pub contact_id: Option<i64>,
    /// The consuming application.
    pub application_id: Option<i64>,
    /// What the application adds about the contact or the ticket.
    pub initiation_info: Map<String, Value>,
}

/// The runs and the ids given out.
#[derive(Debug, Default)]
pub(crate) struct State {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    ids_given: u64,
    runs: Vec<Run>,
}

impl State {
    /// A trigger id that was never given before. Counted, so that a failing test fails the same way twice.
    pub(crate) fn new_trigger_id(&self) -> String {
        let mut inner = self.lock();
        inner.ids_given += 1;
        format!("51a70000-0000-4000-8000-{:012x}", inner.ids_given & 0xffff_ffff_ffff)
    }

    pub(crate) fn add(&self, run: Run) {
        self.lock().runs.push(run);
    }

    pub(crate) fn runs(&self) -> Vec<Run> {
        self.lock().runs.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
