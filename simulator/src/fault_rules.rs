//! The faults that a test has asked for: which requests they concern, and how often.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use crate::faults::{self, Fault};
use crate::gateway::ENDPOINTS;

/// Asks for a fault, on the requests that fit every field that is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FaultRule {
    /// The name of the fault, such as `status-503`.
    pub fault: String,
    /// The endpoint: `trigger`, `history`, `steps`, `step`, `launch-url`, `access-key` or
    /// `definitions`.
    pub endpoint: Option<String>,
    /// The workflow that is triggered, or whose run is asked for.
    pub workflow_identifier: Option<String>,
    /// The run that is asked for.
    pub trigger_id: Option<String>,
    /// The number of fitting requests that are served before the first one with the fault.
    pub skip: u64,
    /// The number of requests with the fault; all by default.
    pub times: Option<u64>,
}

/// The properties of a request that rules match.
pub(crate) struct Subject<'a> {
    /// The endpoint's name.
    pub(crate) endpoint: &'static str,
    pub(crate) workflow_identifier: Option<&'a str>,
    pub(crate) trigger_id: Option<&'a str>,
}

/// All rules, in the order in which they were added.
#[derive(Debug, Default)]
pub(crate) struct FaultRules {
    rules: Mutex<Vec<ActiveRule>>,
}

/// A rule, and how far it was used.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActiveRule {
    #[serde(flatten)]
    pub(crate) rule: FaultRule,
    /// The number of requests that had the fault.
    pub(crate) applied: u64,
    #[serde(skip)]
    to_skip: u64,
    #[serde(skip)]
    action: &'static Fault,
}

impl FaultRules {
    /// Adds a rule. The error is a message for users.
    pub(crate) fn add(&self, rule: FaultRule) -> Result<(), String> {
        let Some(action) = faults::named(&rule.fault) else {
            let name = &rule.fault;
            return Err(format!("There is no fault '{name}': luma-simulator --faults lists them."));
        };
        if let Some(name) = rule.endpoint.as_deref().filter(|name| !ENDPOINTS.contains(name)) {
            let known = ENDPOINTS.join(", ");
            return Err(format!(
                "There is no endpoint '{name}'. endpoint must be one of: {known}."
            ));
        }
        self.lock().push(ActiveRule { to_skip: rule.skip, rule, applied: 0, action });
        Ok(())
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    pub(crate) fn all(&self) -> Vec<ActiveRule> {
        self.lock().clone()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// Returns the fault of the first rule that applies to a request, and counts it. A fault for
    /// which `is_wanted` is false is neither returned nor counted.
    pub(crate) fn take(
        &self,
        subject: &Subject<'_>,
        is_wanted: impl Fn(&Fault) -> bool,
    ) -> Option<&'static Fault> {
        let mut rules = self.lock();
        let mut rules = rules.iter_mut().filter(|rule| rule.fits(subject));
        let rule = rules.find(|rule| rule.to_skip > 0 || rule.is_left())?;
        if !is_wanted(rule.action) {
            return None;
        }
        if rule.to_skip > 0 {
            rule.to_skip -= 1;
            return None;
        }
        rule.applied += 1;
        Some(rule.action)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<ActiveRule>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ActiveRule {
    fn fits(&self, subject: &Subject<'_>) -> bool {
        let fits = |wanted: &Option<String>, given: Option<&str>| {
            wanted.is_none() || wanted.as_deref() == given
        };
        fits(&self.rule.endpoint, Some(subject.endpoint))
            && fits(&self.rule.workflow_identifier, subject.workflow_identifier)
            && fits(&self.rule.trigger_id, subject.trigger_id)
    }

    fn is_left(&self) -> bool {
        self.rule.times.is_none_or(|times| self.applied < times)
    }
}
