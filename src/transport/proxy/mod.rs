//! The proxy between the client and the gateway. It is only used for a tunnel: even requests to an
//! `http://` gateway go through CONNECT, so that no proxy has a reason to inspect them.

#[cfg(any(windows, test))]
mod automatic;
mod config;
mod connect;
mod environment;
mod error;
mod no_proxy;
mod select;
mod socks5;
#[cfg(any(windows, test))]
mod system;
mod tunnel;
mod url;

pub(crate) use config::ProxyConfig;
pub(super) use select::{Chosen, Selection, select};
pub(super) use tunnel::open_tunnel;
pub(super) use url::Proxy;
