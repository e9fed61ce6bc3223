//! Access control: the token of a request, and the token that its endpoint requires.

use super::endpoint::Endpoint;
use crate::http::Request;
use crate::journal::AuthScheme;
use crate::tokens::Tokens;

/// Returns which header carries a token, valid or not.
pub(crate) fn auth_scheme(request: &Request) -> AuthScheme {
    if bearer_token(request).is_some() {
        AuthScheme::Bearer
    } else if api_access_key(request).is_some() {
        AuthScheme::ApiAccessKey
    } else {
        AuthScheme::None
    }
}

pub(super) fn is_allowed(request: &Request, endpoint: &Endpoint, tokens: &Tokens) -> bool {
    if endpoint.requires_super_admin() {
        return bearer_token(request) == Some(tokens.super_admin());
    }
    let tenant = tokens.tenant();
    bearer_token(request) == Some(&tenant) || api_access_key(request) == Some(&tenant)
}

fn bearer_token(request: &Request) -> Option<&str> {
    let (scheme, token) = request.head.header("authorization")?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim_start())
}

fn api_access_key(request: &Request) -> Option<&str> {
    request.head.header("itas-api-access-key")
}
