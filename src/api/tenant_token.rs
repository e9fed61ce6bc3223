//! Regenerate tenant access token (`GET /gateway/api/v1/platform/apiaccesskeys/generate`).

use std::fmt;

use zeroize::Zeroizing;

use crate::json::{Json, JsonType};
use crate::redact::CallTexts;
use crate::response::Response;
use crate::token::AccessToken;

use super::endpoint::{self, Endpoint, Extracted, Phrases, RawData, RetrySafety, Unusable};
use super::id::Id;
use super::token_evidence;

pub(crate) fn path(tenant_external_id: &Id<'_>) -> String {
    format!("/gateway/api/v1/platform/apiaccesskeys/generate?tenantExternalId={tenant_external_id}")
}

/// A tenant's new access token; the old token has stopped working. `Display` and `Debug` do not
/// show it, and it is wiped from memory when dropped.
///
/// Since 0.1.0.
#[derive(Debug, Clone)]
pub struct TenantToken {
    pub(crate) token: AccessToken,
    pub(crate) response: Response,
}

impl TenantToken {
    /// Returns the new access token. It is a secret: do not log it.
    pub fn access_token(&self) -> &str {
        self.token.expose()
    }

    /// Returns the whole response, with `[secret]` in place of the token.
    pub fn response(&self) -> &Response {
        &self.response
    }
}

impl fmt::Display for TenantToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a new access token was generated")
    }
}

pub(crate) struct TenantTokenEndpoint;

impl Endpoint for TenantTokenEndpoint {
    type Data<'a> = RawData<'a>;
    type Value = AccessToken;
    const RETRY_SAFETY: RetrySafety = RetrySafety::Never;
    const PHRASES: Phrases = Phrases {
        value: "an access token",
        if_rejected: "the old token stays valid",
        if_unknown: "the old token may no longer be valid",
    };
    const SECRET: Option<&'static str> = Some("/resultData/tenantAccessToken");

    fn extract(data: Option<&RawData<'_>>, _: &[u8], _: &str) -> Extracted<AccessToken> {
        let data = endpoint::json(data);
        let token = data.and_then(|data| data.get("tenantAccessToken")).and_then(Json::as_text);
        let token = Zeroizing::new(token.unwrap_or_default().into_owned());
        if let Ok(token) = AccessToken::new(token.trim()) {
            return Ok(Some(token));
        }
        // If the response may contain a token in some other form, the old one may be invalid.
        let is_other = data.is_some_and(|data| data.json_type() != JsonType::Object);
        if is_other { Err(Unusable) } else { Ok(None) }
    }

    fn may_contain_value(body: &[u8], texts: &CallTexts<'_>) -> bool {
        token_evidence::may_contain_token(body, texts)
    }
}
