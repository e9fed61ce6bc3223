//! The endpoints and their paths.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::faults::{self, Fault};
use crate::http::query;

pub(crate) const API: &str = "/gateway/api/v1/";

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

    /// Returns the fault that a request asks for by naming its subject `fault-NAME`.
    pub(super) fn fault(&self, query: &str, body: &Map<String, Value>) -> Option<&'static Fault> {
        match self {
            Self::Trigger => faults::find(body.get("workflowIdentifier")?.as_str()?),
            Self::History { trigger_id } | Self::Steps { trigger_id } => faults::find(trigger_id),
            Self::Step { trigger_id, step_id } => {
                faults::find(trigger_id).or_else(|| faults::find(step_id))
            }
            Self::LaunchUrl => faults::find(body.get("contextInfo")?.get("triggerId")?.as_str()?),
            Self::AccessKey => faults::find(&query::parameter(query, "tenantExternalId")?),
            Self::Definitions => {
                let filter = query::parameter(query, "filter")?;
                faults::find(filter.strip_prefix("name=='")?.strip_suffix('\'')?)
            }
        }
    }
}
