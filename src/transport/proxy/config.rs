//! Which proxy a client uses, if any.

use crate::error::{Error, ErrorKind};

use super::super::BaseUrl;
use super::{Proxy, environment};

#[derive(Debug, Clone)]
pub(crate) enum ProxyConfig {
    /// What the environment says, or else the system.
    System,
    Direct,
    Through(Proxy),
}

impl ProxyConfig {
    /// # Errors
    ///
    /// As [`Proxy::parse`].
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        if text == "direct" {
            return Ok(ProxyConfig::Direct);
        }
        Proxy::parse(text).map(ProxyConfig::Through)
    }

    /// Whether it is a proxy that was set, on another machine.
    pub(crate) fn is_elsewhere(&self) -> bool {
        matches!(self, ProxyConfig::Through(proxy) if !proxy.origin.is_loopback())
    }

    /// The proxy on the way to an origin.
    pub(in crate::transport) fn proxy_for(&self, origin: &BaseUrl) -> Result<Option<Proxy>, Error> {
        match self {
            ProxyConfig::Direct => Ok(None),
            ProxyConfig::Through(proxy) => Ok(Some(proxy.clone())),
            ProxyConfig::System => match environment::choose(origin, |name| std::env::var_os(name))
                .and_then(|choice| or_of_the_system(choice, origin))
                .map_err(|wrong| Error::local(ErrorKind::Proxy, wrong))?
            {
                ProxyConfig::Through(proxy) => Ok(Some(proxy)),
                ProxyConfig::Direct | ProxyConfig::System => Ok(None),
            },
        }
    }
}

/// What the system says where the environment is silent.
fn or_of_the_system(choice: ProxyConfig, _origin: &BaseUrl) -> Result<ProxyConfig, String> {
    match choice {
        #[cfg(windows)]
        ProxyConfig::System => super::windows::choose(_origin),
        choice => Ok(choice),
    }
}
