//! Decides which requests may see the overview, and press its button.

use std::net::IpAddr;

use crate::http::Request;

/// True if the client addressed the simulator by a loopback name, and not by a name that somebody
/// else controls.
pub(super) fn is_loopback(request: &Request) -> bool {
    request.head.header("host").is_none_or(|host| {
        let host = match host.strip_prefix('[') {
            Some(address) => address.split(']').next().unwrap_or_default(),
            None => host.split(':').next().unwrap_or_default(),
        };
        let host = host.to_ascii_lowercase();
        host == "localhost"
            || host.ends_with(".localhost")
            || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
    })
}

/// True if the page of another site sent the request. Programs send no `Origin`.
pub(super) fn is_cross_site(request: &Request) -> bool {
    let host = request.head.header("host").unwrap_or_default();
    request.head.header("origin").is_some_and(|origin| {
        origin.split_once("://").is_none_or(|(_, origin)| !origin.eq_ignore_ascii_case(host))
    })
}
