//! What the simulated tenant has: its clock, its tokens, and the runs it remembers.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::clock::Clock;
use crate::tokens::Tokens;
use crate::workflows::{self, Script};

/// A run of a workflow that a trigger started.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Run {
    /// The id of its history record, counted from 1.
    pub id: u64,
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
    /// When it started, in milliseconds since the Unix epoch.
    pub start_time: u64,
    /// What it was at the moment it was looked at, `COMPLETED` for example.
    pub status: &'static str,
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

/// The clock, the tokens, the runs and the ids given out.
#[derive(Debug)]
pub(crate) struct State {
    clock: Clock,
    tokens: Tokens,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    ids_given: u64,
    keys_given: u64,
    runs: Vec<Run>,
}

impl State {
    pub(crate) fn new(clock: Clock, tokens: Tokens) -> Self {
        Self { clock, tokens, inner: Mutex::default() }
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(crate) fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// A run that has just been submitted and is not kept yet. Its ids were never given before; they are counted, so that
    /// a failing test fails the same way twice.
    pub(crate) fn new_run(&self, workflow_identifier: &str, name: &str, now: u64) -> Run {
        let mut inner = self.lock();
        inner.ids_given += 1;
        Run::submitted(inner.ids_given, workflow_identifier, name, now)
    }

    /// A temporary access key that was never given before.
    pub(crate) fn new_access_key(&self) -> String {
        let mut inner = self.lock();
        inner.keys_given += 1;
        format!("tmp-{:04}", inner.keys_given)
    }

    pub(crate) fn add(&self, run: Run) {
        self.lock().runs.push(run);
    }

    /// Every run, as it is now.
    pub(crate) fn runs(&self) -> Vec<Run> {
        let now = self.clock.now_ms();
        self.lock().runs.iter().map(|run| run.at(now)).collect()
    }

    /// One run, as it is at this moment.
    pub(crate) fn find(&self, trigger_id: &str, now: u64) -> Option<Run> {
        self.lock().runs.iter().find(|run| run.trigger_id == trigger_id).map(|run| run.at(now))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Run {
    pub(crate) fn submitted(id: u64, workflow_identifier: &str, name: &str, now: u64) -> Self {
        Self {
            id,
            trigger_id: format!("51a70000-0000-4000-8000-{:012x}", id & 0xffff_ffff_ffff),
            workflow_identifier: workflow_identifier.to_owned(),
            name: name.to_owned(),
            variables: Map::new(),
            initiator: Initiator::default(),
            start_time: now,
            status: "SUBMITTED",
        }
    }

    pub(crate) fn script(&self) -> &'static Script {
        workflows::script(&self.workflow_identifier)
    }

    /// For how long it has been going at this moment.
    pub(crate) fn elapsed(&self, now: u64) -> u64 {
        now.saturating_sub(self.start_time)
    }

    /// The same, with what it is at this moment.
    pub(crate) fn at(&self, now: u64) -> Self {
        Self { status: self.script().status_at(self.elapsed(now)), ..self.clone() }
    }
}
