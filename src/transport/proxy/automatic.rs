//! Finds the proxy as Windows does: by detection (WPAD), or else with the script (PAC) that is
//! configured. Both run in a thread, because they have no timeout.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::error::ErrorKind;
use crate::log::LogLevel;
use crate::transport::background::{Background, SharedWork};
use crate::transport::base_url::BaseUrl;
use crate::transport::context::CallContext;
use crate::transport::exchange::Fault;

use super::system;
use super::url::Proxy;

/// How long an answer is used, unless connecting fails.
const MAX_AGE: Duration = Duration::from_secs(10 * 60);

/// An answer without a proxy is used for at least this long, also if connecting fails. It costs
/// time to get, and the gateway itself may be what fails.
const MIN_AGE: Duration = Duration::from_secs(30);

/// How long calls wait for detection. Windows detects by default, and where nothing responds that
/// may take many seconds: nobody has chosen to wait. Half of the time to the deadline, if that is
/// shorter, so that the connection can still be opened.
const DETECTION_LIMIT: Duration = Duration::from_secs(3);

const INSTEAD: &str = "set the proxy with set_proxy";

/// The settings of Windows that find a proxy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sources {
    pub(super) has_detection: bool,
    /// The URL of the script.
    pub(super) script: Option<String>,
}

impl Sources {
    #[cfg(windows)]
    pub(super) fn is_empty(&self) -> bool {
        *self == Sources::default()
    }
}

/// Finds the proxies for a URL, with the script at a URL or, without one, by detection. `None`
/// means a direct connection; errors are numbers of the system.
type Find = fn(url: &str, script: Option<&str>) -> Result<Option<String>, u32>;

/// Finds the proxy of one client.
pub(super) struct Automatic {
    sources: Sources,
    gateway: BaseUrl,
    find: Find,
    /// Its result is the answer until it is too old: one thread for all calls.
    work: SharedWork<Answer>,
    /// Set by the first warning.
    has_warned: AtomicBool,
}

/// Contains where to connect, and what else the calls have to know.
struct Answer {
    found: Found,
    since: Instant,
    took: Duration,
    /// Set when a connection to this proxy failed.
    has_failed: AtomicBool,
}

#[derive(Debug, Clone)]
pub(super) enum Found {
    Proxy(Arc<Proxy>, Source),
    Direct(Source),
    /// All proxies of the list are invalid or not supported, for this reason.
    Unsupported(Source, String),
    /// Detection found no script, or has not found one yet; and none is configured.
    Nothing,
    /// The script that is configured cannot be used, for this reason.
    Failed(String),
}

/// What found the proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Detection,
    Script,
}

impl Source {
    /// Why a proxy or none is used, to follow it in a line of the log.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Source::Detection => ", as the PAC script says that Windows detected",
            Source::Script => ", as the PAC script says",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Source::Detection => "the PAC script that Windows detected",
            Source::Script => "the PAC script of the Windows settings",
        })
    }
}

impl Automatic {
    pub(super) fn new(sources: Sources, gateway: &BaseUrl, find: Find) -> Self {
        let gateway = BaseUrl {
            is_https: gateway.is_https,
            host: gateway.host.clone(),
            port: gateway.port,
            // Not for a script to see.
            path_prefix: String::new(),
        };
        Automatic {
            sources,
            gateway,
            find,
            work: SharedWork::default(),
            has_warned: AtomicBool::new(false),
        }
    }

    /// Returns the answer, if need be after waiting for it.
    ///
    /// # Errors
    ///
    /// The call was cancelled; or its deadline passed while a script was evaluated; or no thread
    /// could be started.
    pub(super) fn find(&self, deadline: Instant, call: &CallContext<'_>) -> Result<Found, Fault> {
        let work = self.start_or_join(call)?;
        let was_finished = work.is_finished();
        let limit = match self.sources.script {
            Some(_) => deadline,
            None => {
                let now = Instant::now();
                let half = now + deadline.saturating_duration_since(now) / 2;
                half.min(work.started() + DETECTION_LIMIT)
            }
        };
        let doing = || format!("finding the proxy with {}", Source::Script);
        let answer = match work.wait(limit, call.cancellation, doing) {
            Ok(answer) => answer,
            Err(fault) if fault.kind == ErrorKind::ConnectTimeout && limit < deadline => {
                call.log(LogLevel::Debug, format_args!("Windows has not detected a proxy yet"));
                return Ok(Found::Nothing);
            }
            Err(fault) => return Err(fault),
        };
        if !was_finished {
            answer.log(call);
        }
        if let Found::Failed(reason) = &answer.found
            && !self.has_warned.swap(true, Ordering::Relaxed)
        {
            call.log(LogLevel::Warn, format_args!("{}", failed(reason)));
        }
        Ok(answer.found.clone())
    }

    fn start_or_join(&self, call: &CallContext<'_>) -> Result<Arc<Background<Answer>>, Fault> {
        let (sources, url, find) = (self.sources.clone(), self.gateway.url("/"), self.find);
        let gateway = self.gateway.clone();
        let work = move || {
            let started = Instant::now();
            let found = evaluate(&sources, &gateway, |script| find(&url, script));
            let since = Instant::now();
            let took = since.saturating_duration_since(started);
            Ok(Answer { found, since, took, has_failed: AtomicBool::new(false) })
        };
        let is_fresh = |result: &Result<Answer, Fault>| result.as_ref().is_ok_and(Answer::is_fresh);
        let canceller = call.cancellation.canceller().root();
        self.work.start_or_join("luma-proxy", canceller, is_fresh, work).map_err(
            |error: io::Error| {
                let message = format!("cannot start a thread that finds the proxy: {error}");
                Fault::new(ErrorKind::Connect, message)
            },
        )
    }

    /// Returns the latest answer, without waiting for one.
    fn latest<T>(&self, read: impl FnOnce(&Answer) -> T) -> Option<T> {
        let work = self.work.current()?;
        let answer = work.result()?.as_ref().ok()?;
        Some(read(answer))
    }

    /// Returns the proxy that was found last, or that there is none. `None` if nothing was found.
    pub(super) fn chosen(&self) -> Option<Option<Arc<Proxy>>> {
        self.latest(|answer| match &answer.found {
            Found::Proxy(proxy, _) => Some(Some(proxy.clone())),
            Found::Direct(_) => Some(None),
            Found::Unsupported(..) | Found::Nothing | Found::Failed(_) => None,
        })?
    }

    /// Notes that a connection failed, so that the next one asks again.
    pub(super) fn note_failure(&self) {
        self.latest(|answer| answer.has_failed.store(true, Ordering::Relaxed));
    }

    /// Returns what the message of a failed connection should say. `is_direct`: there is no other
    /// proxy.
    pub(super) fn explanation(&self, is_direct: bool) -> Option<String> {
        match self.latest(|answer| answer.found.clone()) {
            Some(Found::Failed(reason)) => Some(failed(&reason)),
            Some(Found::Nothing) | None if is_direct && self.sources.script.is_none() => {
                Some(format!(
                    "Windows is configured to detect its proxy automatically, and found none; if \
                     this network has one, {INSTEAD}"
                ))
            }
            _ => None,
        }
    }
}

fn failed(reason: &str) -> String {
    format!(
        "Windows is configured to find its proxy with a PAC script, which cannot be used: \
         {reason}; {INSTEAD}"
    )
}

impl Answer {
    fn is_fresh(&self) -> bool {
        let age = self.since.elapsed();
        let has_failed = self.has_failed.load(Ordering::Relaxed);
        age < MAX_AGE && !(has_failed && (matches!(self.found, Found::Proxy(..)) || age >= MIN_AGE))
    }

    fn log(&self, call: &CallContext<'_>) {
        let took = self.took.as_millis();
        match &self.found {
            Found::Proxy(proxy, source) => {
                call.log(LogLevel::Debug, format_args!("{source} named {proxy} in {took} ms"));
            }
            Found::Direct(source) => {
                call.log(LogLevel::Debug, format_args!("{source} named no proxy in {took} ms"));
            }
            Found::Nothing => {
                call.log(LogLevel::Debug, format_args!("Windows detected no proxy in {took} ms"));
            }
            // The message of the call, and a warning.
            Found::Unsupported(..) | Found::Failed(_) => {}
        }
    }
}

/// Asks detection and then the script, as Windows does.
fn evaluate(
    sources: &Sources,
    gateway: &BaseUrl,
    find: impl Fn(Option<&str>) -> Result<Option<String>, u32>,
) -> Found {
    let answer = |source, servers: Option<String>| match servers {
        None => Found::Direct(source),
        Some(servers) => match system::first_supported(gateway, &servers) {
            Ok(proxy) => Found::Proxy(Arc::new(proxy), source),
            Err(problem) => Found::Unsupported(source, problem),
        },
    };
    // Nobody may have chosen detection, so its failure is not worth a warning.
    if sources.has_detection
        && let Ok(servers) = find(None)
    {
        return answer(Source::Detection, servers);
    }
    let Some(script) = &sources.script else { return Found::Nothing };
    match find(Some(script)) {
        Ok(servers) => answer(Source::Script, servers),
        Err(error) => Found::Failed(reason(error)),
    }
}

fn reason(error: u32) -> String {
    let text = match error {
        12002 | 12007 | 12029 | 12030 | 12152 | 12167 => "it cannot be downloaded",
        12005 | 12006 => "its URL is not valid, or neither http nor https",
        12015 => "its server requires a login",
        12166 => "it has an error",
        12178 => "the service WinHttpAutoProxySvc does not run",
        _ => return format!("error {error} of WinHTTP"),
    };
    format!("{text} (error {error} of WinHTTP)")
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::sync::{Mutex, RwLock};
    use std::thread;

    use super::*;
    use crate::call_info::RequestId;
    use crate::counters::Tally;
    use crate::log::Log;
    use crate::transport::cancel::Canceller;

    const LONG: Duration = Duration::from_secs(60);
    const SHORT: Duration = Duration::from_millis(50);

    fn gateway() -> BaseUrl {
        BaseUrl::parse("https://acme.example/prefix").unwrap()
    }

    fn sources(has_detection: bool, script: &str) -> Sources {
        let script = (!script.is_empty()).then(|| script.to_owned());
        Sources { has_detection, script }
    }

    fn shown(found: &Found) -> String {
        match found {
            Found::Proxy(proxy, source) => format!("{proxy}: {source}"),
            Found::Direct(source) => format!("direct: {source}"),
            Found::Unsupported(source, problem) => format!("{source} {problem}"),
            Found::Nothing => "nothing".into(),
            Found::Failed(reason) => format!("failed: {reason}"),
        }
    }

    #[test]
    fn detection_comes_before_the_script() {
        let proxy = |name: &str| Ok(Some(name.to_owned()));
        let (by_detection, by_script) =
            ("the PAC script that Windows detected", "the PAC script of the Windows settings");
        for (sources, detected, scripted, expected) in [
            (sources(true, "s"), proxy("d:1"), proxy("s:1"), format!("proxy d:1: {by_detection}")),
            (sources(true, "s"), Ok(None), proxy("s:1"), format!("direct: {by_detection}")),
            (sources(true, "s"), Err(12180), proxy("s:1"), format!("proxy s:1: {by_script}")),
            (sources(true, "s"), Err(12180), Ok(None), format!("direct: {by_script}")),
            (sources(true, ""), Err(12180), proxy("s:1"), "nothing".into()),
            (sources(true, ""), Err(12167), proxy("s:1"), "nothing".into()),
            (sources(false, "s"), proxy("d:1"), proxy("s:1"), format!("proxy s:1: {by_script}")),
            (
                sources(false, "s"),
                proxy("d:1"),
                Err(12167),
                "failed: it cannot be downloaded (error 12167 of WinHTTP)".into(),
            ),
            (sources(true, "s"), Err(12180), Err(5), "failed: error 5 of WinHTTP".into()),
            (
                sources(false, "s"),
                Err(12180),
                proxy("socks=s:1"),
                format!("{by_script} names only a SOCKS 4 proxy"),
            ),
        ] {
            let find = |script: Option<&str>| match script {
                None => detected.clone(),
                Some(script) => {
                    assert_eq!(script, "s");
                    scripted.clone()
                }
            };
            let found = shown(&evaluate(&sources, &gateway(), find));
            assert!(found.starts_with(&expected), "{sources:?}: {found}");
        }
    }

    /// Runs one call, and returns what it found and logged.
    fn find(
        automatic: &Automatic,
        canceller: &Arc<Canceller>,
        timeout: Duration,
    ) -> (Result<Found, Fault>, Vec<String>) {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let (mut log, collected) = (Log::default(), lines.clone());
        let collect = move |_, line: &str| collected.lock().unwrap().push(line.to_owned());
        log.set_callback(Some((LogLevel::Warn, Arc::new(collect))));
        let tally = Tally::default();
        let call = CallContext::new(timeout, RequestId::None, canceller.begin(false), &tally, &log);
        let found = automatic.find(call.deadline, &call);
        drop(call);
        let lines = lines.lock().unwrap().clone();
        (found, lines)
    }

    #[test]
    fn all_calls_share_one_answer_until_it_fails() {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        let number = |url: &str, script: Option<&str>| {
            assert_eq!((url, script), ("https://acme.example/", Some("s")));
            thread::sleep(SHORT);
            Ok(Some(format!("p:{}", ASKED.fetch_add(1, Ordering::SeqCst) + 1)))
        };
        let root = Arc::<Canceller>::default();
        let automatic = Automatic::new(sources(false, "s"), &gateway(), number);
        assert!(automatic.chosen().is_none());
        let found = || shown(&find(&automatic, &root, LONG).0.unwrap());
        for expected in 1..=2 {
            let expected = format!("proxy p:{expected}: {}", Source::Script);
            thread::scope(|threads| {
                for thread in [(); 20].map(|()| threads.spawn(found)) {
                    assert_eq!(thread.join().unwrap(), expected);
                }
            });
            assert_eq!(found(), expected);
            assert_eq!(automatic.explanation(true), None);
            automatic.note_failure();
            // Still known, for a message.
            let chosen = automatic.chosen().unwrap().unwrap().to_string();
            assert!(expected.starts_with(&chosen), "{chosen}");
        }
        assert_eq!(ASKED.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn an_answer_expires() {
        let proxy = || Found::Proxy(Arc::new(Proxy::parse("http://a").unwrap()), Source::Script);
        let now = Instant::now();
        for (found, age, has_failed, expected) in [
            (proxy(), Duration::ZERO, false, true),
            (proxy(), Duration::ZERO, true, false),
            (proxy(), MAX_AGE - LONG, false, true),
            (proxy(), MAX_AGE, false, false),
            (Found::Nothing, MAX_AGE - LONG, false, true),
            (Found::Nothing, MAX_AGE, false, false),
            (Found::Nothing, MIN_AGE / 2, true, true),
            (Found::Nothing, MIN_AGE, true, false),
            (Found::Failed(String::new()), MIN_AGE / 2, true, true),
            (Found::Direct(Source::Script), MIN_AGE, true, false),
        ] {
            // A machine that was started just now has no earlier time.
            let Some(since) = now.checked_sub(age) else { continue };
            let has_failed = AtomicBool::new(has_failed);
            let answer = Answer { found, since, took: age, has_failed };
            assert_eq!(answer.is_fresh(), expected, "{:?} {age:?}", answer.found);
        }
    }

    #[test]
    fn a_script_that_hangs_lasts_until_the_deadline_and_detection_does_not() {
        static GATE: RwLock<()> = RwLock::new(());
        let closed = GATE.write().unwrap();
        let hangs = |_: &str, script: Option<&str>| {
            let _open = GATE.read();
            Ok(Some(format!("{}:1", script.unwrap_or("d"))))
        };
        let root = Arc::<Canceller>::default();
        let script = Automatic::new(sources(false, "s"), &gateway(), hangs);
        let fault = find(&script, &root, SHORT).0.unwrap_err();
        assert_eq!(fault.kind, ErrorKind::ConnectTimeout);
        assert!(fault.message.contains("finding the proxy with the PAC script"));

        let detection = Automatic::new(sources(true, ""), &gateway(), hangs);
        let started = Instant::now();
        assert_eq!(shown(&find(&detection, &root, SHORT * 4).0.unwrap()), "nothing");
        assert!(started.elapsed() < SHORT * 4);
        let explanation = detection.explanation(true).unwrap();
        assert!(explanation.contains("detect its proxy automatically, and found none"));
        assert_eq!(detection.explanation(false), None);

        // A cancellation ends the wait.
        thread::scope(|threads| {
            let waiting = threads.spawn(|| find(&script, &root, LONG).0.unwrap_err().kind);
            while !waiting.is_finished() {
                thread::sleep(Duration::from_millis(1));
                root.cancel();
            }
            assert_eq!(waiting.join().unwrap(), ErrorKind::Cancelled);
        });
        drop(closed);
        // The next call gets the answer of the first thread.
        for (automatic, expected) in [(&script, "proxy s:1"), (&detection, "proxy d:1")] {
            let found = shown(&find(automatic, &root, LONG).0.unwrap());
            assert!(found.starts_with(expected), "{found}");
        }
    }

    #[test]
    fn a_script_that_fails_is_reported_once_and_in_messages() {
        let root = Arc::<Canceller>::default();
        let automatic = Automatic::new(sources(true, "s"), &gateway(), |_, _| Err(12166));
        let says = "Windows is configured to find its proxy with a PAC script, which cannot be \
                    used: it has an error (error 12166 of WinHTTP)";
        let (found, lines) = find(&automatic, &root, LONG);
        assert!(matches!(found, Ok(Found::Failed(_))));
        assert!(matches!(&lines[..], [line] if line.contains(says)), "{lines:?}");
        assert!(find(&automatic, &root, LONG).1.is_empty());
        assert!(automatic.explanation(false).unwrap().starts_with(says));
        assert!(automatic.chosen().is_none());

        // Nobody may have chosen detection.
        let automatic = Automatic::new(sources(true, ""), &gateway(), |_, _| Err(12180));
        let (found, lines) = find(&automatic, &root, LONG);
        assert!(matches!(found, Ok(Found::Nothing)) && lines.is_empty(), "{lines:?}");
    }
}
