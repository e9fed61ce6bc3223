//! Regenerate tenant access token (`GET /gateway/api/v1/platform/apiaccesskeys/generate`).

use std::fmt;

use zeroize::Zeroizing;

use crate::json::{Json, JsonType};
use crate::outcome::Payload;
use crate::response::Response;
use crate::token::AccessToken;

use super::endpoint::{self, Endpoint, Phrases, RawData, RetrySafety};
use super::id::Id;

pub(crate) fn path(tenant_external_id: &Id<'_>) -> String {
    format!("/gateway/api/v1/platform/apiaccesskeys/generate?tenantExternalId={tenant_external_id}")
}

/// A tenant's new access token; the old one has stopped working. It is wiped from memory when it
/// is dropped, and its text and `Debug` form do not show it.
#[derive(Debug, Clone)]
pub struct TenantToken {
    pub(crate) token: AccessToken,
    pub(crate) response: Response,
}

impl TenantToken {
    /// The new access token. It is a secret.
    pub fn access_token(&self) -> &str {
        self.token.expose()
    }

    /// The whole response, with `[secret]` in place of the token.
    pub fn response(&self) -> &Response {
        &self.response
    }
}

impl fmt::Display for TenantToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a new access token was generated")
    }
}

/// The endpoint, as far as its response is concerned.
pub(crate) struct TenantTokenEndpoint;

impl Endpoint for TenantTokenEndpoint {
    type Data<'a> = RawData<'a>;
    type Found = AccessToken;
    const RETRY_SAFETY: RetrySafety = RetrySafety::Never;
    const PHRASES: Phrases = Phrases {
        wanted: "an access token",
        if_rejected: "the old token stays valid",
        if_unknown: "the old token may no longer be valid",
    };
    const SECRET: Option<&'static str> = Some("/resultData/tenantAccessToken");

    fn find(data: Option<&RawData<'_>>, body: &[u8], _: &str) -> Payload<AccessToken> {
        let data = endpoint::json(data);
        let token = data.and_then(|data| data.get("tenantAccessToken")).and_then(Json::as_text);
        let token = Zeroizing::new(token.unwrap_or_default().into_owned());
        if let Ok(token) = AccessToken::new(token.trim()) {
            return Payload::Present(token);
        }
        // What may hold a token in another way does not say that the old one stays valid.
        let is_other = data.is_some_and(|data| data.json_type() != JsonType::Object);
        let lower_case = Zeroizing::new(body.to_ascii_lowercase());
        if is_other || endpoint::names(&lower_case, "accesstoken") {
            Payload::Unusable
        } else {
            Payload::Absent
        }
    }
}
