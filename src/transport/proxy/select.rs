//! Selects the proxy for a base URL: the configured one, or else the environment's or the system's.

use std::sync::Arc;
#[cfg(any(windows, test))]
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::error::{Error, ErrorKind};
use crate::transport::base_url::BaseUrl;
use crate::transport::context::CallContext;
use crate::transport::exchange::Fault;

#[cfg(any(windows, test))]
use super::automatic::{Automatic, Evaluations, Found, FoundBy, ProxyForUrl};
use super::config::ProxyConfig;
use super::environment;
#[cfg(any(windows, test))]
use super::system::Selected;
use super::url::Proxy;

/// The proxy of a client.
#[derive(Default)]
pub(in crate::transport) struct Selection {
    /// `None` for a direct connection.
    proxy: Option<Arc<Proxy>>,
    /// Finds the proxy for each connection. If it finds nothing, `proxy` is used.
    #[cfg(any(windows, test))]
    automatic: Option<Automatic>,
    /// With `automatic`: what is wrong with the setting that names `proxy`.
    #[cfg(any(windows, test))]
    problem: Option<String>,
    /// With `automatic`: the proxy that was chosen last.
    #[cfg(any(windows, test))]
    latest: Mutex<Option<Arc<Proxy>>>,
    /// A setting of the system that is not used. Continues the message of a failed connection.
    #[cfg(any(windows, test))]
    unused: Option<&'static str>,
}

/// The proxy of one connection.
pub(in crate::transport) struct Chosen {
    /// `None` for a direct connection. An error if the system names only proxies that cannot be
    /// used.
    pub(in crate::transport) proxy: Result<Option<Arc<Proxy>>, Fault>,
    /// Why, to follow the proxy in a line of the log.
    pub(in crate::transport) reason: &'static str,
    #[cfg(any(windows, test))]
    evaluations: Evaluations,
}

impl Selection {
    #[allow(clippy::needless_update, reason = "it has more fields on Windows")]
    fn fixed(proxy: Option<Proxy>) -> Self {
        Selection { proxy: proxy.map(Arc::new), ..Selection::default() }
    }

    /// Returns the proxy for a connection, if need be after waiting for the system.
    ///
    /// # Errors
    ///
    /// The call was cancelled, or its deadline passed meanwhile.
    #[cfg(any(windows, test))]
    pub(in crate::transport) fn choose(
        &self,
        deadline: Instant,
        call: &CallContext<'_>,
    ) -> Result<Chosen, Fault> {
        let Some(automatic) = &self.automatic else {
            let evaluations = Evaluations::default();
            return Ok(Chosen { proxy: Ok(self.proxy.clone()), reason: "", evaluations });
        };
        let unusable = |message| Err(Fault::new(ErrorKind::ProxyFailed, message));
        let evaluations = automatic.answer(deadline, call)?;
        let (proxy, by) = match evaluations.found() {
            Found::Proxy(proxy, by) => (Ok(Some(proxy.clone())), Some(*by)),
            Found::Direct(by) => (Ok(None), Some(*by)),
            Found::Unsupported(by, problem) => (unusable(format!("{by} {problem}")), None),
            Found::Nothing | Found::Failed(_) => match &self.problem {
                None => (Ok(self.proxy.clone()), None),
                Some(problem) => (unusable(problem.clone()), None),
            },
        };
        let latest = proxy.clone().ok().flatten();
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = latest;
        Ok(Chosen { proxy, reason: by.map_or("", FoundBy::reason), evaluations })
    }

    #[cfg(not(any(windows, test)))]
    #[allow(clippy::unnecessary_wraps, reason = "it can fail on Windows")]
    pub(in crate::transport) fn choose(
        &self,
        _: Instant,
        _: &CallContext<'_>,
    ) -> Result<Chosen, Fault> {
        Ok(Chosen { proxy: Ok(self.proxy.clone()), reason: "" })
    }

    /// Returns the proxy that was chosen last.
    pub(in crate::transport) fn proxy(&self) -> Option<Arc<Proxy>> {
        #[cfg(any(windows, test))]
        if self.automatic.is_some() {
            return self.latest.lock().unwrap_or_else(PoisonError::into_inner).clone();
        }
        self.proxy.clone()
    }

    /// Notes that a connection failed. Adds what the system would do to its message.
    #[cfg(any(windows, test))]
    pub(in crate::transport) fn failed(&self, mut fault: Fault, chosen: &Chosen) -> Fault {
        if fault.kind == ErrorKind::Cancelled {
            return fault;
        }
        let mut explanation = self.unused.map(str::to_owned);
        if let Some(automatic) = &self.automatic {
            automatic.note_failure(&chosen.evaluations);
            let is_direct = self.proxy.is_none() && self.problem.is_none();
            explanation = chosen.evaluations.explanation(is_direct);
        }
        if let Some(explanation) = explanation {
            fault.message = [&fault.message, "; ", &*explanation].concat();
        }
        fault
    }

    #[cfg(not(any(windows, test)))]
    #[allow(clippy::unused_self, reason = "used on Windows")]
    pub(in crate::transport) fn failed(&self, fault: Fault, _: &Chosen) -> Fault {
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
    let selected = super::system::select(base_url);
    from_selected(selected, auto_proxy, base_url, crate::sys::proxy_for_url)
}

#[cfg(any(windows, test))]
fn from_selected(
    selected: Selected,
    auto_proxy: bool,
    base_url: &BaseUrl,
    proxy_for_url: ProxyForUrl,
) -> Result<Selection, String> {
    let Selected { auto, fixed } = selected;
    let is_automatic = auto_proxy && !auto.is_empty();
    let unused = (!auto_proxy && auto.script.is_some()).then_some(UNUSED);
    let (proxy, problem) = match fixed {
        Ok(ProxyConfig::Through(proxy)) => (Some(Arc::new(proxy)), None),
        Ok(ProxyConfig::Direct | ProxyConfig::System) => (None, None),
        Err(problem) if is_automatic => (None, Some(problem)),
        Err(problem) => return Err(problem),
    };
    let automatic = is_automatic.then(|| Automatic::new(auto, base_url, proxy_for_url));
    Ok(Selection { latest: Mutex::new(proxy.clone()), proxy, automatic, problem, unused })
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
    use std::sync::RwLock;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;
    use std::time::Duration;

    use super::super::automatic::AutoSettings;
    use super::*;
    use crate::call_info::RequestId;
    use crate::counters::Tally;
    use crate::log::Log;
    use crate::transport::cancel::Canceller;

    /// Calls `choose`, as a call of this client.
    fn choose(selection: &Selection) -> Chosen {
        let (log, tally) = (Log::default(), Tally::default());
        let active = Arc::<Canceller>::default();
        let timeout = Duration::from_secs(60);
        let call = CallContext::new(timeout, RequestId::None, active.begin(false), &tally, &log);
        selection.choose(call.deadline, &call).unwrap()
    }

    #[test]
    fn a_failed_connection_names_the_setting_that_is_not_used() {
        let selection = Selection { unused: Some(UNUSED), ..Selection::default() };
        let no_connection = |selection: &Selection, kind| {
            selection.failed(Fault::new(kind, "no connection"), &choose(selection)).message
        };
        let explained = |kind| no_connection(&selection, kind);
        for kind in [ErrorKind::Dns, ErrorKind::Connect, ErrorKind::ConnectTimeout, ErrorKind::Tls]
        {
            assert_eq!(explained(kind), format!("no connection; {UNUSED}"));
        }
        assert_eq!(explained(ErrorKind::Cancelled), "no connection");
        assert_eq!(no_connection(&Selection::default(), ErrorKind::Dns), "no connection");
    }

    fn selection(fixed: &str, proxy_for_url: ProxyForUrl) -> Selection {
        let fixed = match fixed {
            "invalid" => Err("the setting is invalid".to_owned()),
            proxy => Ok(ProxyConfig::Through(Proxy::parse_lenient(proxy).unwrap())),
        };
        let auto = AutoSettings { has_detection: false, script: Some("s".into()) };
        let base_url = BaseUrl::parse("https://acme.example").unwrap();
        from_selected(Selected { auto, fixed }, true, &base_url, proxy_for_url).unwrap()
    }

    #[test]
    fn an_invalid_fixed_proxy_matters_only_if_it_would_be_used() {
        let auto = || AutoSettings { has_detection: false, script: Some("s".into()) };
        let base_url = BaseUrl::parse("https://acme.example").unwrap();
        for (auto, auto_proxy) in [(AutoSettings::default(), true), (auto(), false)] {
            let fixed = Err("the setting is invalid".to_owned());
            let selected = Selected { auto, fixed };
            let selection = from_selected(selected, auto_proxy, &base_url, |_, _| Ok(None));
            assert!(matches!(selection, Err(message) if message == "the setting is invalid"));
        }
        let found = selection("invalid", |_, _| Ok(Some("p:1".into())));
        assert_eq!(choose(&found).proxy.unwrap().unwrap().host_and_port(), "p:1");
        assert!(choose(&selection("invalid", |_, _| Ok(None))).proxy.unwrap().is_none());
        let failed = selection("invalid", |_, _| Err(12166));
        let chosen = choose(&failed);
        let fault = failed.failed(chosen.proxy.clone().unwrap_err(), &chosen);
        assert_eq!(fault.kind, ErrorKind::ProxyFailed);
        let expected = "the setting is invalid; Windows is configured to find its proxy with a PAC";
        assert!(fault.message.starts_with(expected), "{}", fault.message);
    }

    #[test]
    fn the_proxy_chosen_last_is_known_while_another_is_being_found() {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        static GATE: RwLock<()> = RwLock::new(());
        let selection = selection("fixed:1", |_, _| {
            let _open = GATE.read();
            Ok(Some(format!("p{}:1", ASKED.fetch_add(1, Ordering::SeqCst))))
        });
        let latest = || selection.proxy().unwrap().host_and_port();
        assert_eq!(latest(), "fixed:1");
        let first = choose(&selection);
        assert_eq!(latest(), "p0:1");
        let fail = |chosen| selection.failed(Fault::new(ErrorKind::Connect, "x"), chosen);
        fail(&first);
        let closed = GATE.write().unwrap();
        thread::scope(|threads| {
            let second = threads.spawn(|| choose(&selection));
            thread::sleep(Duration::from_millis(20));
            assert_eq!(latest(), "p0:1");
            drop(closed);
            second.join().unwrap();
        });
        assert_eq!(latest(), "p1:1");
        // A failure through the first proxy says nothing about the second.
        fail(&first);
        choose(&selection);
        assert_eq!(latest(), "p1:1");
    }
}
