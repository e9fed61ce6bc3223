//! The endpoints and their paths.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::faults::{self, Fault};
use crate::http::query;

pub(crate) const API: &str = "/gateway/api/v1/";

/// The names of the endpoints, in the order of [`Endpoint`].
pub(crate) const ENDPOINTS: [&str; 7] =
    ["trigger", "history", "steps", "step", "launch-url", "access-key", "definitions"];

/// An endpoint, with the ids from its path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    Trigger,
    History { trigger_id: String },
    Steps { trigger_id: String },
    Step { trigger_id: String, step_id: String },
    LaunchUrl,
    AccessKey,
    Definitions,
}

impl Endpoint {
    /// Returns the endpoint at this path. Any prefix before `/gateway` is accepted.
    pub(super) fn from_path(path: &str) -> Option<Self> {
        let start = path.rfind(API).filter(|_| path.starts_with('/'))?;
        let segments: Vec<_> = path[start + API.len()..].split('/').collect();
        if segments.contains(&"") {
            return None;
        }
        let id = |segment: &str| percent_decode_str(segment).decode_utf8_lossy().into_owned();
        Some(match segments.as_slice() {
            ["workflow", "trigger"] => Self::Trigger,
            ["workflowhistory", run] => Self::History { trigger_id: id(run) },
            ["workflowhistory", run, "stephistory"] => Self::Steps { trigger_id: id(run) },
            ["workflowhistory", run, "stephistory", step] => {
                Self::Step { trigger_id: id(run), step_id: id(step) }
            }
            ["launchincontexturl", "generate"] => Self::LaunchUrl,
            ["platform", "apiaccesskeys", "generate"] => Self::AccessKey,
            ["workflowdefinition"] => Self::Definitions,
            _ => return None,
        })
    }

    pub(super) fn name(&self) -> &'static str {
        ENDPOINTS[match self {
            Self::Trigger => 0,
            Self::History { .. } => 1,
            Self::Steps { .. } => 2,
            Self::Step { .. } => 3,
            Self::LaunchUrl => 4,
            Self::AccessKey => 5,
            Self::Definitions => 6,
        }]
    }

    /// The only method that the endpoint supports.
    pub(super) fn method(&self) -> &'static str {
        match self {
            Self::Trigger | Self::LaunchUrl => "POST",
            _ => "GET",
        }
    }

    pub(super) fn requires_super_admin(&self) -> bool {
        matches!(self, Self::AccessKey)
    }

    /// Returns the run that a request is about.
    pub(super) fn trigger_id<'a>(&'a self, body: &'a Map<String, Value>) -> Option<&'a str> {
        match self {
            Self::History { trigger_id }
            | Self::Steps { trigger_id }
            | Self::Step { trigger_id, .. } => Some(trigger_id),
            Self::LaunchUrl => body.get("contextInfo")?.get("triggerId")?.as_str(),
            Self::Trigger | Self::AccessKey | Self::Definitions => None,
        }
    }

    /// Returns the fault that a request asks for by naming its subject `fault-NAME`.
    pub(super) fn named_fault(
        &self,
        query: &str,
        body: &Map<String, Value>,
    ) -> Option<&'static Fault> {
        match self {
            Self::Trigger => faults::find(body.get("workflowIdentifier")?.as_str()?),
            Self::History { .. } | Self::Steps { .. } | Self::LaunchUrl => {
                faults::find(self.trigger_id(body)?)
            }
            Self::Step { trigger_id, step_id } => {
                faults::find(trigger_id).or_else(|| faults::find(step_id))
            }
            Self::AccessKey => faults::find(&query::parameter(query, "tenantExternalId")?),
            Self::Definitions => {
                let filter = query::parameter(query, "filter")?;
                faults::find(filter.strip_prefix("name=='")?.strip_suffix('\'')?)
            }
        }
    }
}
