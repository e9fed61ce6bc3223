//! Finds the proxy as Windows does: by detection (WPAD), or else with the script (PAC) that is
//! configured. Both run in a thread, because they have no timeout.

use std::fmt;
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
pub(super) struct AutoSettings {
    pub(super) has_detection: bool,
    /// The URL of the script.
    pub(super) script: Option<String>,
}

impl AutoSettings {
    pub(super) fn is_empty(&self) -> bool {
        *self == AutoSettings::default()
    }
}

/// Finds the proxies for a URL, with the script at a URL or, without one, by detection. `None`
/// means a direct connection; errors are numbers of the system.
pub(super) type ProxyForUrl = fn(url: &str, script: Option<&str>) -> Result<Option<String>, u32>;

/// Finds the proxy of one client.
pub(super) struct Automatic {
    settings: AutoSettings,
    gateway: BaseUrl,
    proxy_for_url: ProxyForUrl,
    /// Their results are used until they are too old: one thread each, for all calls.
    detection: SharedWork<Arc<Evaluation>>,
    script: SharedWork<Arc<Evaluation>>,
    /// True if detection found nothing and no connection has failed since: calls do not wait for it
    /// again.
    detects_nothing: AtomicBool,
    /// Set by the first warning.
    has_warned: AtomicBool,
}

/// The result of one evaluation.
struct Evaluation {
    found: Found,
    since: Instant,
    took: Duration,
    /// Set when a connection that depends on it failed.
    has_failed: AtomicBool,
}

#[derive(Debug, Clone)]
pub(super) enum Found {
    Proxy(Arc<Proxy>, FoundBy),
    Direct(FoundBy),
    /// All proxies of the list are invalid or not supported, for this reason.
    Unsupported(FoundBy, String),
    /// Detection found no script.
    Nothing,
    /// The script that is configured cannot be used, for this reason.
    Failed(String),
}

/// What found the proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FoundBy {
    Detection,
    Script,
}

impl FoundBy {
    /// Why a proxy or none is used, to follow it in a line of the log.
    pub(super) fn reason(self) -> &'static str {
        match self {
            FoundBy::Detection => ", as the PAC script says, which Windows detected",
            FoundBy::Script => ", as the PAC script says",
        }
    }
}

impl fmt::Display for FoundBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FoundBy::Detection => "the PAC script that Windows detected",
            FoundBy::Script => "the PAC script of the Windows settings",
        })
    }
}

/// What a connection depends on: the evaluations that have ended, of which the last one counts.
#[derive(Default)]
pub(super) struct Evaluations(Vec<Arc<Evaluation>>);

impl Evaluations {
    /// Returns what was found. Nothing if detection has not ended in time, and no script is
    /// configured.
    pub(super) fn found(&self) -> &Found {
        self.0.last().map_or(&Found::Nothing, |evaluation| &evaluation.found)
    }

    /// Returns what the message of a failed connection should say. `is_direct`: there is no other
    /// proxy.
    pub(super) fn explanation(&self, is_direct: bool) -> Option<String> {
        match self.found() {
            Found::Failed(reason) => Some(failed(reason)),
            Found::Nothing if is_direct => Some(format!(
                "Windows is configured to detect its proxy automatically, and found none; if this \
                 network has one, {INSTEAD}"
            )),
            _ => None,
        }
    }
}

impl Automatic {
    pub(super) fn new(
        settings: AutoSettings,
        gateway: &BaseUrl,
        proxy_for_url: ProxyForUrl,
    ) -> Self {
        let gateway = BaseUrl {
            is_https: gateway.is_https,
            host: gateway.host.clone(),
            port: gateway.port,
            // Not for a script to see.
            path_prefix: String::new(),
        };
        Automatic {
            settings,
            gateway,
            proxy_for_url,
            detection: SharedWork::default(),
            script: SharedWork::default(),
            detects_nothing: AtomicBool::new(false),
            has_warned: AtomicBool::new(false),
        }
    }

    /// Returns the answer of detection, or else that of the script, if need be after waiting.
    ///
    /// # Errors
    ///
    /// The call was cancelled; or its deadline passed while a script was evaluated; or no thread
    /// could be started.
    pub(super) fn answer(
        &self,
        deadline: Instant,
        call: &CallContext<'_>,
    ) -> Result<Evaluations, Fault> {
        let mut evaluations = Vec::new();
        if self.settings.has_detection
            && let Some(detected) = self.detected(deadline, call)?
        {
            let is_nothing = matches!(detected.found, Found::Nothing);
            let has_failed = detected.has_failed.load(Ordering::Relaxed);
            self.detects_nothing.store(is_nothing && !has_failed, Ordering::Relaxed);
            evaluations.push(detected);
            if !is_nothing {
                return Ok(Evaluations(evaluations));
            }
        }
        if let Some(url) = &self.settings.script {
            let work = self.start_or_join(&self.script, Some(url), call)?;
            let evaluation = wait(&work, deadline, call)?;
            if let Found::Failed(reason) = &evaluation.found
                && !self.has_warned.swap(true, Ordering::Relaxed)
            {
                call.log(LogLevel::Warn, format_args!("{}", failed(reason)));
            }
            evaluations.push(evaluation);
        }
        Ok(Evaluations(evaluations))
    }

    /// Returns the result of detection, or `None` if calls need not wait for it any longer.
    fn detected(
        &self,
        deadline: Instant,
        call: &CallContext<'_>,
    ) -> Result<Option<Arc<Evaluation>>, Fault> {
        let work = self.start_or_join(&self.detection, None, call)?;
        let now = Instant::now();
        let limit = match self.detects_nothing.load(Ordering::Relaxed) {
            true => now,
            false => {
                let half = now + deadline.saturating_duration_since(now) / 2;
                half.min(work.started() + DETECTION_LIMIT)
            }
        };
        match wait(&work, limit, call) {
            Ok(evaluation) => Ok(Some(evaluation)),
            Err(fault) if fault.kind == ErrorKind::ConnectTimeout && limit < deadline => {
                call.log(LogLevel::Debug, format_args!("Windows has not detected a proxy yet"));
                Ok(None)
            }
            Err(fault) => Err(fault),
        }
    }

    fn start_or_join(
        &self,
        work: &SharedWork<Arc<Evaluation>>,
        script: Option<&str>,
        call: &CallContext<'_>,
    ) -> Result<Arc<Background<Arc<Evaluation>>>, Fault> {
        let (gateway, script) = (self.gateway.clone(), script.map(str::to_owned));
        let proxy_for_url = self.proxy_for_url;
        let evaluate = move || {
            let started = Instant::now();
            let found = evaluate(&gateway, script.as_deref(), proxy_for_url);
            let since = Instant::now();
            let took = since.saturating_duration_since(started);
            Ok(Arc::new(Evaluation { found, since, took, has_failed: AtomicBool::new(false) }))
        };
        let is_fresh = |result: &Result<Arc<Evaluation>, Fault>| {
            result.as_ref().is_ok_and(|evaluation| evaluation.is_fresh())
        };
        let canceller = call.cancellation.canceller().root();
        let started = work.start_or_join("luma-proxy", canceller, is_fresh, evaluate);
        started.map_err(|error| Fault::no_thread("finds the proxy", &error))
    }

    /// Notes that a connection failed, so that the next one asks again.
    pub(super) fn note_failure(&self, evaluations: &Evaluations) {
        self.detects_nothing.store(false, Ordering::Relaxed);
        for evaluation in &evaluations.0 {
            evaluation.has_failed.store(true, Ordering::Relaxed);
        }
    }
}

/// Waits for an evaluation until a deadline.
fn wait(
    work: &Background<Arc<Evaluation>>,
    deadline: Instant,
    call: &CallContext<'_>,
) -> Result<Arc<Evaluation>, Fault> {
    let was_finished = work.is_finished();
    let doing = || "finding the proxy with the automatic settings of Windows".to_owned();
    let evaluation = work.wait(deadline, call.cancellation, doing)?;
    if !was_finished {
        evaluation.log(call);
    }
    Ok(evaluation.clone())
}

fn failed(reason: &str) -> String {
    format!(
        "Windows is configured to find its proxy with a PAC script, which cannot be used: \
         {reason}; {INSTEAD}"
    )
}

impl Evaluation {
    fn is_fresh(&self) -> bool {
        let age = self.since.elapsed();
        let has_failed = self.has_failed.load(Ordering::Relaxed);
        age < MAX_AGE && !(has_failed && (matches!(self.found, Found::Proxy(..)) || age >= MIN_AGE))
    }

    fn log(&self, call: &CallContext<'_>) {
        let took = self.took.as_millis();
        match &self.found {
            Found::Proxy(proxy, by) => {
                call.log(LogLevel::Debug, format_args!("{by} named {proxy} in {took} ms"));
            }
            Found::Direct(by) => {
                call.log(LogLevel::Debug, format_args!("{by} named no proxy in {took} ms"));
            }
            Found::Nothing => {
                call.log(LogLevel::Debug, format_args!("Windows detected no proxy in {took} ms"));
            }
            // The message of the call, and a warning.
            Found::Unsupported(..) | Found::Failed(_) => {}
        }
    }
}

/// Evaluates a script: the one at this URL, or the one that Windows detects.
fn evaluate(gateway: &BaseUrl, script: Option<&str>, proxy_for_url: ProxyForUrl) -> Found {
    let by = if script.is_some() { FoundBy::Script } else { FoundBy::Detection };
    match proxy_for_url(&gateway.url("/"), script) {
        Ok(None) => Found::Direct(by),
        Ok(Some(servers)) => match system::first_supported(gateway, &servers) {
            Ok(proxy) => Found::Proxy(Arc::new(proxy), by),
            Err(problem) => Found::Unsupported(by, problem),
        },
        // Nobody may have chosen detection, so its failure is not worth a warning.
        Err(_) if script.is_none() => Found::Nothing,
        Err(error) => Found::Failed(reason(error)),
    }
}

fn reason(error: u32) -> String {
    // The names of the numbers begin with ERROR_WINHTTP_.
    let text = match error {
        // TIMEOUT, NAME_NOT_RESOLVED, CANNOT_CONNECT, CONNECTION_ERROR, INVALID_SERVER_RESPONSE,
        // UNABLE_TO_DOWNLOAD_SCRIPT, SECURE_FAILURE.
        12002 | 12007 | 12029 | 12030 | 12152 | 12167 | 12175 => "it cannot be downloaded",
        // INVALID_URL, UNRECOGNIZED_SCHEME.
        12005 | 12006 => "its URL is not valid, or neither http nor https",
        // LOGIN_FAILURE.
        12015 => "its server requires a login",
        // BAD_AUTO_PROXY_SCRIPT, SCRIPT_EXECUTION_ERROR.
        12166 | 12177 => "it has an error",
        // UNHANDLED_SCRIPT_TYPE.
        12176 => "it is not written in JavaScript",
        // AUTO_PROXY_SERVICE_ERROR.
        12178 => "the service WinHttpAutoProxySvc does not run",
        _ => return format!("Windows error {error}"),
    };
    format!("{text} (Windows error {error})")
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

    fn settings(has_detection: bool, script: &str) -> AutoSettings {
        let script = (!script.is_empty()).then(|| script.to_owned());
        AutoSettings { has_detection, script }
    }

    fn shown(found: &Found) -> String {
        match found {
            Found::Proxy(proxy, by) => format!("{proxy}: {by}"),
            Found::Direct(by) => format!("direct: {by}"),
            Found::Unsupported(by, problem) => format!("{by} {problem}"),
            Found::Nothing => "nothing".into(),
            Found::Failed(reason) => format!("failed: {reason}"),
        }
    }

    #[test]
    fn detection_comes_before_the_script() {
        let root = Arc::<Canceller>::default();
        let (by_detection, by_script) =
            ("the PAC script that Windows detected", "the PAC script of the Windows settings");
        // The function is a pointer, so the answers are in the name of the gateway's host.
        let answers = |url: &str, script: Option<&str>| {
            let host = url.trim_start_matches("https://").trim_end_matches(".example/");
            let (detected, scripted) = host.split_once('.').unwrap();
            match if script == Some("s") { scripted } else { detected } {
                "direct" => Ok(None),
                "socks" => Ok(Some("socks=s:1".to_owned())),
                text => text.parse().map_or(Ok(Some(format!("{text}:1"))), Err),
            }
        };
        for (settings, host, expected) in [
            (settings(true, "s"), "d.s", format!("proxy d:1: {by_detection}")),
            (settings(true, "s"), "direct.s", format!("direct: {by_detection}")),
            (settings(true, "s"), "12180.s", format!("proxy s:1: {by_script}")),
            (settings(true, "s"), "12180.direct", format!("direct: {by_script}")),
            (settings(true, ""), "12180.s", "nothing".into()),
            (settings(true, ""), "12167.s", "nothing".into()),
            (settings(false, "s"), "d.s", format!("proxy s:1: {by_script}")),
            (
                settings(false, "s"),
                "d.12167",
                "failed: it cannot be downloaded (Windows error 12167)".into(),
            ),
            (settings(true, "s"), "12180.5", "failed: Windows error 5".into()),
            (
                settings(false, "s"),
                "12180.socks",
                format!("{by_script} names only a SOCKS 4 proxy"),
            ),
        ] {
            let gateway = BaseUrl::parse(&format!("https://{host}.example/prefix")).unwrap();
            let automatic = Automatic::new(settings, &gateway, answers);
            let found = shown(find(&automatic, &root, LONG).0.unwrap().found());
            assert!(found.starts_with(&expected), "{host}: {found}");
        }
    }

    /// Runs one call, and returns what it found and logged.
    fn find(
        automatic: &Automatic,
        canceller: &Arc<Canceller>,
        timeout: Duration,
    ) -> (Result<Evaluations, Fault>, Vec<String>) {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let (mut log, collected) = (Log::default(), lines.clone());
        let collect = move |_, line: &str| collected.lock().unwrap().push(line.to_owned());
        log.set_callback(Some((LogLevel::Warn, Arc::new(collect))));
        let tally = Tally::default();
        let call = CallContext::new(timeout, RequestId::None, canceller.begin(false), &tally, &log);
        let answer = automatic.answer(call.deadline, &call);
        drop(call);
        let lines = lines.lock().unwrap().clone();
        (answer, lines)
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
        let automatic = Automatic::new(settings(false, "s"), &gateway(), number);
        let found = || shown(find(&automatic, &root, LONG).0.unwrap().found());
        for expected in 1..=2 {
            let expected = format!("proxy p:{expected}: {}", FoundBy::Script);
            thread::scope(|threads| {
                for thread in [(); 20].map(|()| threads.spawn(found)) {
                    assert_eq!(thread.join().unwrap(), expected);
                }
            });
            let answer = find(&automatic, &root, LONG).0.unwrap();
            assert_eq!(shown(answer.found()), expected);
            assert_eq!(answer.explanation(true), None);
            automatic.note_failure(&answer);
        }
        assert_eq!(ASKED.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn an_answer_expires() {
        let proxy = || Found::Proxy(Arc::new(Proxy::parse("http://a").unwrap()), FoundBy::Script);
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
            (Found::Direct(FoundBy::Script), MIN_AGE, true, false),
        ] {
            // A machine that was started just now has no earlier time.
            let Some(since) = now.checked_sub(age) else { continue };
            let has_failed = AtomicBool::new(has_failed);
            let evaluation = Evaluation { found, since, took: age, has_failed };
            assert_eq!(evaluation.is_fresh(), expected, "{:?} {age:?}", evaluation.found);
        }
    }

    #[test]
    fn a_script_that_hangs_lasts_until_the_deadline_and_detection_does_not() {
        static GATE: RwLock<()> = RwLock::new(());
        let closed = GATE.write().unwrap();
        let hangs = |_: &str, script: Option<&str>| {
            if script != Some("works") {
                let _open = GATE.read();
            }
            Ok(Some(format!("{}:1", script.unwrap_or("d"))))
        };
        let root = Arc::<Canceller>::default();
        let script = Automatic::new(settings(false, "s"), &gateway(), hangs);
        let both = Automatic::new(settings(true, "s"), &gateway(), hangs);
        for automatic in [&script, &both] {
            let fault = find(automatic, &root, SHORT).0.err().unwrap();
            assert_eq!(fault.kind, ErrorKind::ConnectTimeout);
            assert!(fault.message.contains("finding the proxy with the automatic settings"));
        }
        // The script is used while detection hangs.
        let detection = Automatic::new(settings(true, ""), &gateway(), hangs);
        let works = Automatic::new(settings(true, "works"), &gateway(), hangs);
        for (automatic, expected) in [(&detection, "nothing"), (&works, "proxy works:1")] {
            let started = Instant::now();
            let found = shown(find(automatic, &root, SHORT * 8).0.unwrap().found());
            assert!(found.starts_with(expected), "{found}");
            assert!(started.elapsed() < SHORT * 8);
        }
        let answer = find(&detection, &root, SHORT).0.unwrap();
        let explanation = answer.explanation(true).unwrap();
        assert!(explanation.contains("detect its proxy automatically, and found none"));
        assert_eq!(answer.explanation(false), None);

        // A cancellation ends the wait.
        thread::scope(|threads| {
            let waiting = threads.spawn(|| find(&script, &root, LONG).0.err().unwrap().kind);
            while !waiting.is_finished() {
                thread::sleep(Duration::from_millis(1));
                root.cancel();
            }
            assert_eq!(waiting.join().unwrap(), ErrorKind::Cancelled);
        });
        drop(closed);
        // The next call gets the answer of the first thread.
        for (automatic, expected) in
            [(&script, "proxy s:1"), (&both, "proxy d:1"), (&detection, "proxy d:1")]
        {
            let found = shown(find(automatic, &root, LONG).0.unwrap().found());
            assert!(found.starts_with(expected), "{found}");
        }
    }

    #[test]
    fn calls_wait_again_for_detection_that_found_nothing_only_after_a_failure() {
        static GATE: RwLock<()> = RwLock::new(());
        let nothing = |_: &str, _: Option<&str>| {
            let _open = GATE.read();
            Err(12180)
        };
        let root = Arc::<Canceller>::default();
        let automatic = Automatic::new(settings(true, ""), &gateway(), nothing);
        assert_eq!(shown(find(&automatic, &root, LONG).0.unwrap().found()), "nothing");
        let took = || {
            let started = Instant::now();
            assert_eq!(shown(find(&automatic, &root, SHORT * 8).0.unwrap().found()), "nothing");
            started.elapsed()
        };
        // As if it had expired.
        let closed = GATE.write().unwrap();
        automatic.detection.drop_ended();
        assert!(took() < SHORT * 4);
        // The thread that was started ends, and finds nothing again.
        drop(closed);
        let ended = loop {
            let answer = find(&automatic, &root, LONG).0.unwrap();
            if !answer.0.is_empty() {
                break answer;
            }
            thread::sleep(Duration::from_millis(1));
        };
        automatic.note_failure(&ended);
        // The answer is still used for a while, but calls will wait for the next.
        assert!(took() < SHORT * 4);
        let closed = GATE.write().unwrap();
        automatic.detection.drop_ended();
        assert!(took() >= SHORT * 4);
        drop(closed);
    }

    #[test]
    fn a_script_that_fails_is_reported_once_and_in_messages() {
        let root = Arc::<Canceller>::default();
        let automatic = Automatic::new(settings(true, "s"), &gateway(), |_, _| Err(12166));
        let says = "Windows is configured to find its proxy with a PAC script, which cannot be \
                    used: it has an error (Windows error 12166)";
        let (answer, lines) = find(&automatic, &root, LONG);
        let answer = answer.unwrap();
        assert!(matches!(answer.found(), Found::Failed(_)));
        assert!(matches!(&lines[..], [line] if line.contains(says)), "{lines:?}");
        assert!(find(&automatic, &root, LONG).1.is_empty());
        assert!(answer.explanation(false).unwrap().starts_with(says));

        // Nobody may have chosen detection.
        let automatic = Automatic::new(settings(true, ""), &gateway(), |_, _| Err(12180));
        let (answer, lines) = find(&automatic, &root, LONG);
        assert!(matches!(answer.unwrap().found(), Found::Nothing));
        assert!(lines.is_empty(), "{lines:?}");
    }
}
