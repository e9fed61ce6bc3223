//! Selects the proxy for a base URL: the configured one, or else the environment's or the system's.

use crate::error::{Error, ErrorKind};
use crate::log::Log;
use crate::transport::base_url::BaseUrl;
use crate::transport::exchange::Fault;

use super::config::ProxyConfig;
use super::environment;
use super::url::Proxy;

/// The proxy of a client.
#[derive(Default)]
pub(in crate::transport) struct Selection {
    /// `None` for a direct connection.
    pub(in crate::transport) proxy: Option<Proxy>,
    /// A setting of the system that finds the proxy automatically, and is not evaluated. Continues
    /// the message of a failed connection.
    not_evaluated: Option<&'static str>,
}

impl Selection {
    /// Adds what the system would have done differently to the message of a failed connection.
    pub(in crate::transport) fn explain(&self, mut fault: Fault) -> Fault {
        if let Some(setting) = self.not_evaluated
            && fault.kind != ErrorKind::Cancelled
        {
            fault.message = [&fault.message, "; ", setting].concat();
        }
        fault
    }
}

/// # Errors
///
/// [`ErrorKind::Proxy`] if the environment or the system names an invalid proxy.
pub(in crate::transport) fn select(
    config: &ProxyConfig,
    base_url: &BaseUrl,
    log: &Log,
) -> Result<Selection, Error> {
    let direct = Selection::default();
    match config {
        ProxyConfig::Direct => Ok(direct),
        ProxyConfig::Through(proxy) => Ok(Selection { proxy: Some(proxy.clone()), ..direct }),
        ProxyConfig::System => from_environment_or_system(base_url, log)
            .map_err(|message| Error::local(ErrorKind::Proxy, message)),
    }
}

fn from_environment_or_system(base_url: &BaseUrl, log: &Log) -> Result<Selection, String> {
    let direct = Selection::default();
    match environment::select(base_url, |name| std::env::var_os(name))? {
        ProxyConfig::System => from_system(base_url, log),
        ProxyConfig::Direct => Ok(direct),
        ProxyConfig::Through(proxy) => Ok(Selection { proxy: Some(proxy), ..direct }),
    }
}

#[cfg(windows)]
fn from_system(base_url: &BaseUrl, log: &Log) -> Result<Selection, String> {
    use super::system::{self, Selected};
    use crate::log::LogLevel;

    let Selected { config, not_evaluated, has_script } = system::select(base_url)?;
    if let (true, Some(setting)) = (has_script, not_evaluated) {
        log.line(LogLevel::Warn, format_args!("{setting}"));
    }
    let proxy = match config {
        ProxyConfig::Through(proxy) => Some(proxy),
        ProxyConfig::Direct | ProxyConfig::System => None,
    };
    Ok(Selection { proxy, not_evaluated })
}

#[cfg(not(windows))]
#[allow(clippy::unnecessary_wraps, reason = "it can fail on Windows")]
fn from_system(_: &BaseUrl, _: &Log) -> Result<Selection, String> {
    Ok(Selection::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_connection_names_the_setting_that_was_not_evaluated() {
        let selection = Selection { proxy: None, not_evaluated: Some("Windows has a script") };
        let explained = |kind| selection.explain(Fault::new(kind, "no connection")).message;
        for kind in [ErrorKind::Dns, ErrorKind::Connect, ErrorKind::ConnectTimeout, ErrorKind::Tls]
        {
            assert_eq!(explained(kind), "no connection; Windows has a script");
        }
        assert_eq!(explained(ErrorKind::Cancelled), "no connection");
        let fault = Selection::default().explain(Fault::new(ErrorKind::Dns, "no connection"));
        assert_eq!(fault.message, "no connection");
    }
}
