//! The state of the simulated tenant: its clock, its tokens and its runs.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::Options;
use crate::clock::Clock;
use crate::fault_rules::FaultRules;
use crate::gateway::API;
use crate::journal::AuthScheme;
use crate::rate_limit::RateLimiter;
use crate::run_store::{self, RunStore};
use crate::tokens::Tokens;
use crate::workflows::{Script, Workflow, Workflows};

const ACCESS_KEY_PREFIX: &str = "tmp-";

/// One run of a workflow.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Run {
    /// Id of its history record, counted from 1.
    pub id: u64,
    /// Trigger id: shaped like a UUID, unique among the runs of this simulator.
    pub trigger_id: String,
    /// The workflow's identifier.
    pub workflow_identifier: String,
    /// The workflow's name.
    pub name: String,
    /// The input parameters, as the trigger gave them.
    pub variables: Map<String, Value>,
    /// The contact on whose behalf it runs.
    pub initiator: Initiator,
    /// Start, in milliseconds since the Unix epoch.
    pub start_time: u64,
    /// Status at the time of the query, such as `COMPLETED`.
    pub status: String,
    #[serde(skip)]
    pub(crate) workflow: Arc<Workflow>,
}

/// The initiator of a run, as far as the trigger gave it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Initiator {
    /// The contact in the consuming application.
    pub contact_id: Option<i64>,
    /// The consuming application.
    pub application_id: Option<i64>,
    /// Further data about the contact or the ticket.
    pub initiation_info: Map<String, Value>,
}

/// The clock, the tokens, the runs and the counters for new ids.
#[derive(Debug)]
pub(crate) struct State {
    clock: Clock,
    tokens: Tokens,
    auth_scheme: Option<AuthScheme>,
    path_prefix: Option<String>,
    rate_limiter: Option<RateLimiter>,
    fault_rules: FaultRules,
    workflows: Workflows,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    last_run_id: u64,
    /// The trigger id that each access key opens.
    access_keys: Vec<Box<str>>,
    runs: RunStore,
}

impl State {
    pub(crate) fn new(clock: Clock, tokens: Tokens, options: &Options) -> Self {
        Self {
            clock,
            tokens,
            auth_scheme: options.auth_scheme,
            path_prefix: options.path_prefix.clone(),
            rate_limiter: options.rate_limit.map(RateLimiter::new),
            fault_rules: FaultRules::default(),
            workflows: options.workflows.clone(),
            inner: Mutex::default(),
        }
    }

    /// The only header in which the tenant token is accepted, if it is limited to one.
    pub(crate) fn auth_scheme(&self) -> Option<AuthScheme> {
        self.auth_scheme
    }

    /// True if a path of the gateway's API has the required prefix.
    pub(crate) fn has_path_prefix(&self, path: &str) -> bool {
        let Some(prefix) = &self.path_prefix else { return true };
        strip_path_prefix(path, prefix).is_some_and(|rest| rest.starts_with(API))
    }

    /// Removes the required prefix from a path that has it.
    pub(crate) fn without_path_prefix<'a>(&self, path: &'a str) -> &'a str {
        let prefix = self.path_prefix.as_deref();
        prefix.and_then(|prefix| strip_path_prefix(path, prefix)).unwrap_or(path)
    }

    /// Counts a request, unless any number is accepted. If it exceeds the limit, returns the
    /// seconds after which the next one is accepted.
    pub(crate) fn count_request(&self, now: u64) -> Result<(), u64> {
        self.rate_limiter.as_ref().map_or(Ok(()), |limiter| limiter.count(now))
    }

    pub(crate) fn fault_rules(&self) -> &FaultRules {
        &self.fault_rules
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(crate) fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// Creates a submitted run with unused ids, without storing it. Ids are counted, not random, so
    /// that a failing test fails the same way again.
    pub(crate) fn new_run(&self, workflow: &Arc<Workflow>, now: u64) -> Run {
        let mut inner = self.lock();
        inner.last_run_id += 1;
        Run::submitted(inner.last_run_id, workflow, now)
    }

    /// Creates a temporary access key for the page of a run.
    pub(crate) fn new_access_key(&self, trigger_id: &str) -> String {
        let mut inner = self.lock();
        inner.access_keys.push(trigger_id.into());
        access_key(inner.access_keys.len())
    }

    pub(crate) fn access_key_opens(&self, key: &str, trigger_id: &str) -> bool {
        let number = key.strip_prefix(ACCESS_KEY_PREFIX).and_then(|text| text.parse().ok());
        number.is_some_and(|number: usize| {
            let inner = self.lock();
            let opened = number.checked_sub(1).and_then(|index| inner.access_keys.get(index));
            opened.is_some_and(|opened| **opened == *trigger_id) && key == access_key(number)
        })
    }

    pub(crate) fn add(&self, run: Run) {
        self.lock().runs.push(run);
    }

    /// Every run, with its current status.
    pub(crate) fn runs(&self) -> Vec<Run> {
        let now = self.clock.now_ms();
        self.lock().runs.iter().map(|run| run.at(now)).collect()
    }

    /// Runs from the newest on, with their status at `now`, and the number of all.
    pub(crate) fn newest_runs(&self, skip: usize, count: usize, now: u64) -> (Vec<Run>, usize) {
        let runs = &self.lock().runs;
        let newest = runs.newest(skip, count).map(|run| run.at(now));
        (newest.collect(), runs.len())
    }

    /// The workflows that can be triggered.
    pub(crate) fn workflows(&self) -> &Workflows {
        &self.workflows
    }

    /// The run with this trigger id, with its status at `now`.
    pub(crate) fn find(&self, trigger_id: &str, now: u64) -> Option<Run> {
        self.lock().runs.find(trigger_id).map(|run| run.at(now))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The access key with this number, counted from 1.
fn access_key(number: usize) -> String {
    format!("{ACCESS_KEY_PREFIX}{number:04}")
}

fn strip_path_prefix<'a>(path: &'a str, prefix: &str) -> Option<&'a str> {
    path.strip_prefix(prefix.trim_end_matches('/')).filter(|rest| rest.starts_with('/'))
}

impl Run {
    pub(crate) fn submitted(id: u64, workflow: &Arc<Workflow>, now: u64) -> Self {
        Self {
            id,
            trigger_id: run_store::trigger_id(id),
            workflow_identifier: workflow.identifier.clone(),
            name: workflow.name.clone(),
            variables: Map::new(),
            initiator: Initiator::default(),
            start_time: now,
            status: "SUBMITTED".to_owned(),
            workflow: Arc::clone(workflow),
        }
    }

    pub(crate) fn script(&self) -> &Script {
        &self.workflow.script
    }

    /// Milliseconds since the start.
    pub(crate) fn elapsed(&self, now: u64) -> u64 {
        now.saturating_sub(self.start_time)
    }

    /// Returns the run with its status at `now`.
    pub(crate) fn at(self, now: u64) -> Self {
        Self { status: self.script().status_at(self.elapsed(now)).to_owned(), ..self }
    }
}
