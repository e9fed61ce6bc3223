//! Which proxy a client uses, if any.

use crate::error::{Error, ErrorKind};

use super::super::Origin;
use super::{Proxy, environment};

#[derive(Debug, Clone)]
pub(crate) enum ProxyChoice {
    /// What the environment says, or else the system.
    System,
    Direct,
    Through(Proxy),
}

impl ProxyChoice {
    /// # Errors
    ///
    /// As [`Proxy::parse`].
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        if text == "direct" {
            return Ok(ProxyChoice::Direct);
        }
        Proxy::parse(text).map(ProxyChoice::Through)
    }

    /// Whether it is a proxy that was set, on another machine.
    pub(crate) fn is_elsewhere(&self) -> bool {
        matches!(self, ProxyChoice::Through(proxy) if !proxy.origin.is_loopback())
    }

    /// The proxy on the way to an origin.
    pub(in crate::transport) fn proxy_for(&self, origin: &Origin) -> Result<Option<Proxy>, Error> {
        match self {
            ProxyChoice::Direct => Ok(None),
            ProxyChoice::Through(proxy) => Ok(Some(proxy.clone())),
            ProxyChoice::System => match environment::choose(origin, |name| std::env::var_os(name))
                .and_then(|choice| or_of_the_system(choice, origin))
                .map_err(|wrong| Error::local(ErrorKind::Proxy, wrong))?
            {
                ProxyChoice::Through(proxy) => Ok(Some(proxy)),
                ProxyChoice::Direct | ProxyChoice::System => Ok(None),
            },
        }
    }
}

/// What the system says where the environment is silent.
fn or_of_the_system(choice: ProxyChoice, _origin: &Origin) -> Result<ProxyChoice, String> {
    match choice {
        #[cfg(windows)]
        ProxyChoice::System => super::windows::choose(_origin),
        choice => Ok(choice),
    }
}
