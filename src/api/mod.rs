//! The gateway's API, one file per endpoint: requests to JSON and responses from JSON. Pure data,
//! no I/O.

pub(crate) mod endpoint;
pub(crate) mod envelope;
pub(crate) mod history;
pub(crate) mod id;
pub(crate) mod launch_url;
mod lenient;
pub(crate) mod list;
pub(crate) mod parameter;
pub(crate) mod status;
pub(crate) mod step;
pub(crate) mod steps;
pub(crate) mod tenant_token;
mod token_evidence;
pub(crate) mod trigger;
mod trigger_id_evidence;
pub(crate) mod trigger_request;
pub(crate) mod workflow_definitions;
