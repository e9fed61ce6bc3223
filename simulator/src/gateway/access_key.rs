//! A new tenant token for the old one, which is retired.

use serde::Serialize;

use super::Call;
use super::envelope::{self, Envelope};
use crate::http::{Response, query};

/// The external id of the one tenant there is.
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
    match query::value(call.query, "tenantExternalId") {
        Some(id) if id.eq_ignore_ascii_case(TENANT_EXTERNAL_ID) => {
            Ok(of(call.state.tokens().regenerate(), call.now))
        }
        Some(_) => Err(envelope::error(
            call.now,
            404,
            "NotFound",
            "There is no tenant with this external id.",
        )),
        None => {
            let line = "Failed to generate a new access key due to validation errors.";
            let errors = vec!["tenantExternalId is required".to_owned()];
            Err(Envelope::invalid(call.now, line, errors).response(200))
        }
    }
}

pub(super) fn of(token: String, now: u64) -> Envelope {
    let key = AccessKey {
        tenant_id: TENANT_ID,
        tenant_external_id: TENANT_EXTERNAL_ID,
        tenant_access_token: token,
    };
    let line = "Able to generate new access key successfully.";
    Envelope::success(now, line, &key)
}
