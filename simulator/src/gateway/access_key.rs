//! Generates a new tenant access token, which invalidates the old one.

use serde::Serialize;

use super::call::Call;
use crate::envelope::{self, Envelope};
use crate::http::{Response, query};

/// External id of the only tenant.
pub const TENANT_EXTERNAL_ID: &str = "6c9a2b1e-3f5d-4d0e-8a67-1f2e3d4c5b6a";

const TENANT_ID: u64 = 1000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AccessKey {
    tenant_id: u64,
    tenant_external_id: &'static str,
    tenant_access_token: String,
}

pub(super) fn generate(call: &Call<'_>) -> Result<Envelope, Response> {
    match query::parameter(call.query, "tenantExternalId") {
        Some(id) if id.eq_ignore_ascii_case(TENANT_EXTERNAL_ID) => {
            Ok(success(call.now, call.state.tokens().regenerate()))
        }
        Some(_) => Err(envelope::error(
            call.now,
            404,
            "NotFound",
            "There is no tenant with this external id.",
        )),
        None => {
            let status_line = "Failed to generate a new access key due to validation errors.";
            let errors = vec!["tenantExternalId is required".to_owned()];
            Err(Envelope::validation_error(call.now, status_line, errors).response(200))
        }
    }
}

pub(super) fn success(now: u64, token: String) -> Envelope {
    let key = AccessKey {
        tenant_id: TENANT_ID,
        tenant_external_id: TENANT_EXTERNAL_ID,
        tenant_access_token: token,
    };
    let status_line = "Able to generate new access key successfully.";
    Envelope::success(now, status_line, &key)
}
