//! The part of the configuration that concerns the transport.

use std::time::Duration;

use crate::log::Log;

use super::base_url::BaseUrl;
use super::proxy::ProxyConfig;
use super::tls::{ClientCertificate, TrustAnchors};

#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) base_url: BaseUrl,
    pub(crate) connect_timeout: Duration,
    pub(crate) max_response_bytes: u64,
    /// Connections that were idle for longer are closed.
    pub(crate) max_idle: Duration,
    /// With more idle connections than this, the oldest is closed.
    pub(crate) max_idle_connections: usize,
    pub(crate) log: Log,
    pub(crate) trust_anchors: TrustAnchors,
    pub(crate) client_certificate: Option<ClientCertificate>,
    pub(crate) proxy: ProxyConfig,
    /// Whether the system may find the proxy, by detection or with a script.
    pub(crate) auto_proxy: bool,
}
