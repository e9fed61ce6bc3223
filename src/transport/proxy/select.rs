//! Selects the proxy for a base URL: the configured one, or else the environment's or the system's.

use crate::error::{Error, ErrorKind};
use crate::transport::base_url::BaseUrl;

use super::config::ProxyConfig;
use super::environment;
#[cfg(windows)]
use super::system;
use super::url::Proxy;

/// Returns `None` for a direct connection.
///
/// # Errors
///
/// [`ErrorKind::Proxy`] if the environment or the system names an invalid proxy.
pub(in crate::transport) fn select(
    config: &ProxyConfig,
    base_url: &BaseUrl,
) -> Result<Option<Proxy>, Error> {
    let selected = match config {
        ProxyConfig::System => from_environment_or_system(base_url)
            .map_err(|message| Error::local(ErrorKind::Proxy, message))?,
        configured => configured.clone(),
    };
    match selected {
        ProxyConfig::Through(proxy) => Ok(Some(proxy)),
        ProxyConfig::Direct | ProxyConfig::System => Ok(None),
    }
}

fn from_environment_or_system(base_url: &BaseUrl) -> Result<ProxyConfig, String> {
    match environment::select(base_url, |name| std::env::var_os(name))? {
        #[cfg(windows)]
        ProxyConfig::System => system::select(base_url),
        selected => Ok(selected),
    }
}
