//! Access control: the token of a request, and the token that its endpoint requires.

use super::endpoint::Endpoint;
use crate::http::Request;
use crate::journal::AuthScheme;
use crate::state::State;

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

pub(super) fn is_allowed(request: &Request, endpoint: &Endpoint, state: &State) -> bool {
    let tokens = state.tokens();
    if endpoint.requires_super_admin() {
        return bearer_token(request) == Some(tokens.super_admin());
    }
    let tenant = tokens.tenant();
    let accepts = |scheme| state.auth_scheme().is_none_or(|only| only == scheme);
    accepts(AuthScheme::Bearer) && bearer_token(request) == Some(&tenant)
        || accepts(AuthScheme::ApiAccessKey) && api_access_key(request) == Some(&tenant)
}

fn bearer_token(request: &Request) -> Option<&str> {
    let (scheme, token) = request.head.header("authorization")?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim_start())
}

fn api_access_key(request: &Request) -> Option<&str> {
    request.head.header("itas-api-access-key")
}
