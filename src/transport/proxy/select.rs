//! Selects the proxy for a base URL: the configured one, or else the environment's or the system's.

use std::sync::Arc;
use std::time::Instant;

use crate::error::{Error, ErrorKind};
use crate::transport::base_url::BaseUrl;
use crate::transport::context::CallContext;
use crate::transport::exchange::Fault;

#[cfg(any(windows, test))]
use super::automatic::{Automatic, Found, Source};
use super::config::ProxyConfig;
use super::environment;
use super::url::Proxy;

/// The proxy of a client.
#[derive(Default)]
pub(in crate::transport) struct Selection {
    /// `None` for a direct connection.
    proxy: Option<Arc<Proxy>>,
    /// Finds the proxy for each connection. If it finds nothing, `proxy` is used.
    #[cfg(any(windows, test))]
    automatic: Option<Automatic>,
    /// A setting of the system that is not used. Continues the message of a failed connection.
    #[cfg(any(windows, test))]
    unused: Option<&'static str>,
}

/// The proxy of one connection.
pub(in crate::transport) struct Chosen {
    /// `None` for a direct connection.
    pub(in crate::transport) proxy: Option<Arc<Proxy>>,
    /// Why, to follow the proxy in a line of the log.
    pub(in crate::transport) reason: &'static str,
}

impl Selection {
    fn fixed(proxy: Option<Proxy>) -> Self {
        Selection {
            proxy: proxy.map(Arc::new),
            #[cfg(any(windows, test))]
            automatic: None,
            #[cfg(any(windows, test))]
            unused: None,
        }
    }

    /// Returns the proxy for a connection, if need be after waiting for the system.
    ///
    /// # Errors
    ///
    /// The call was cancelled, or its deadline passed meanwhile; the system names only proxies that
    /// cannot be used.
    #[cfg(any(windows, test))]
    pub(in crate::transport) fn choose(
        &self,
        deadline: Instant,
        call: &CallContext<'_>,
    ) -> Result<Chosen, Fault> {
        let (proxy, source) = match &self.automatic {
            None => return Ok(Chosen { proxy: self.proxy.clone(), reason: "" }),
            Some(automatic) => match automatic.find(deadline, call)? {
                Found::Proxy(proxy, source) => (Some(proxy), Some(source)),
                Found::Direct(source) => (None, Some(source)),
                Found::Unsupported(source, problem) => {
                    let message = format!("{source} {problem}");
                    return Err(Fault::new(ErrorKind::ProxyFailed, message));
                }
                Found::Nothing | Found::Failed(_) => (self.proxy.clone(), None),
            },
        };
        Ok(Chosen { proxy, reason: source.map_or("", Source::reason) })
    }

    #[cfg(not(any(windows, test)))]
    #[allow(clippy::unnecessary_wraps, reason = "it can fail on Windows")]
    pub(in crate::transport) fn choose(
        &self,
        _: Instant,
        _: &CallContext<'_>,
    ) -> Result<Chosen, Fault> {
        Ok(Chosen { proxy: self.proxy.clone(), reason: "" })
    }

    /// Returns the proxy that was chosen last.
    pub(in crate::transport) fn proxy(&self) -> Option<Arc<Proxy>> {
        #[cfg(any(windows, test))]
        if let Some(chosen) = self.automatic.as_ref().and_then(Automatic::chosen) {
            return chosen;
        }
        self.proxy.clone()
    }

    /// Notes that a connection failed. Adds what the system would do to its message.
    #[cfg(any(windows, test))]
    pub(in crate::transport) fn failed(&self, mut fault: Fault) -> Fault {
        if fault.kind == ErrorKind::Cancelled {
            return fault;
        }
        let mut explanation = self.unused.map(str::to_owned);
        if let Some(automatic) = &self.automatic {
            automatic.note_failure();
            explanation = automatic.explanation(self.proxy.is_none());
        }
        if let Some(explanation) = explanation {
            fault.message = [&fault.message, "; ", &*explanation].concat();
        }
        fault
    }

    #[cfg(not(any(windows, test)))]
    #[allow(clippy::unused_self, reason = "used on Windows")]
    pub(in crate::transport) fn failed(&self, fault: Fault) -> Fault {
        fault
    }
}

/// # Errors
///
/// [`ErrorKind::Proxy`] if the environment or the system names an invalid proxy.
pub(in crate::transport) fn select(
    config: &ProxyConfig,
    auto_proxy: bool,
    base_url: &BaseUrl,
) -> Result<Selection, Error> {
    match config {
        ProxyConfig::Direct => Ok(Selection::default()),
        ProxyConfig::Through(proxy) => Ok(Selection::fixed(Some(proxy.clone()))),
        ProxyConfig::System => from_environment_or_system(base_url, auto_proxy)
            .map_err(|message| Error::local(ErrorKind::Proxy, message)),
    }
}

fn from_environment_or_system(base_url: &BaseUrl, auto_proxy: bool) -> Result<Selection, String> {
    match environment::select(base_url, |name| std::env::var_os(name))? {
        ProxyConfig::System => from_system(base_url, auto_proxy),
        ProxyConfig::Direct => Ok(Selection::default()),
        ProxyConfig::Through(proxy) => Ok(Selection::fixed(Some(proxy))),
    }
}

#[cfg(windows)]
fn from_system(base_url: &BaseUrl, auto_proxy: bool) -> Result<Selection, String> {
    use super::system::{self, Selected};
    use crate::sys;

    let Selected { config, sources } = system::select(base_url)?;
    let proxy = match config {
        ProxyConfig::Through(proxy) => Some(Arc::new(proxy)),
        ProxyConfig::Direct | ProxyConfig::System => None,
    };
    let unused = (!auto_proxy && sources.script.is_some()).then_some(UNUSED);
    let automatic = (auto_proxy && !sources.is_empty())
        .then(|| Automatic::new(sources, base_url, sys::proxy_for_url));
    Ok(Selection { proxy, automatic, unused })
}

#[cfg(any(windows, test))]
const UNUSED: &str = "Windows is configured to find its proxy with a PAC script, which \
                      set_auto_proxy has turned off";

#[cfg(not(windows))]
#[allow(clippy::unnecessary_wraps, reason = "it can fail on Windows")]
fn from_system(_: &BaseUrl, _: bool) -> Result<Selection, String> {
    Ok(Selection::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_connection_names_the_setting_that_is_not_used() {
        let selection = Selection { unused: Some(UNUSED), ..Selection::default() };
        let explained = |kind| selection.failed(Fault::new(kind, "no connection")).message;
        for kind in [ErrorKind::Dns, ErrorKind::Connect, ErrorKind::ConnectTimeout, ErrorKind::Tls]
        {
            assert_eq!(explained(kind), format!("no connection; {UNUSED}"));
        }
        assert_eq!(explained(ErrorKind::Cancelled), "no connection");
        let fault = Selection::default().failed(Fault::new(ErrorKind::Dns, "no connection"));
        assert_eq!(fault.message, "no connection");
    }
}
