//! Callers: programs that create a client, make one call and print its result, one in Rust (this
//! program) and one in C (`tests/c/catalogue.c`). Each call has its own process, so that its memory
//! can be measured.

use std::collections::HashMap;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write, stdin};
use std::ops::ControlFlow::Continue;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use luma::{
    Client, Config, Error, ErrorKind, ListQuery, LogLevel, Outcome, Response, WaitOptions,
    WorkflowDefinitions,
};

use crate::peers::Running;
use crate::support::TOKEN;
use crate::support::c;
use crate::{MAX_KIB, TIMEOUT};

/// A program that makes calls.
pub struct Caller {
    pub name: &'static str,
    /// How much memory a call may need. Without optimisation the code alone needs a few MiB.
    pub max_kib: u64,
    command: Vec<OsString>,
}

/// What a caller observed.
pub struct Observed {
    pub outcome: String,
    pub status: String,
    pub message: String,
    pub attempts: u32,
    pub trigger_id: String,
    pub value: String,
    pub took: Duration,
    /// The longest delay of a thread that only slept meanwhile: the machine's part in `took`.
    pub delay: Duration,
    /// Peak memory in addition to that at the start; only on Linux.
    pub kib: Option<u64>,
}

pub fn in_rust() -> Caller {
    let exe = std::env::current_exe().unwrap();
    let max_kib = if cfg!(debug_assertions) { 2 * MAX_KIB } else { MAX_KIB };
    Caller { name: "Rust", max_kib, command: vec![exe.into(), "call".into()] }
}

pub fn in_c() -> Caller {
    let is_release = std::env::var_os("LUMA_LIB_DIR").is_some();
    let max_kib = if is_release { MAX_KIB } else { 2 * MAX_KIB };
    Caller { name: "C", max_kib, command: vec![c::compile_c("tests/c/catalogue.c").into()] }
}

impl Caller {
    /// Runs the program, and the action between its two calls.
    pub fn call(
        &self,
        running: &mut Running,
        connect_timeout: Duration,
        timeout: Duration,
    ) -> Observed {
        let line: Vec<_> = running.within.iter().chain(&self.command).collect();
        let mut command = Command::new(line[0]);
        command.args(&line[1..]);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().to_ascii_lowercase().ends_with("_proxy") {
                command.env_remove(name);
            }
        }
        let order = &running.order;
        command
            .env("LUMA_URL", &order.url)
            .env("LUMA_TOKEN", &order.token)
            .env("LUMA_CONNECT_TIMEOUT_MS", connect_timeout.as_millis().to_string())
            .env("LUMA_TIMEOUT_MS", timeout.as_millis().to_string())
            .envs(order.ca_pem.iter().map(|pem| ("LUMA_CA_PEM", pem)))
            .envs(order.client.iter().flat_map(|(certificate, key)| {
                [("LUMA_CLIENT_CERTIFICATE", certificate), ("LUMA_CLIENT_KEY", key)]
            }))
            .envs((!order.retries).then_some(("LUMA_NO_RETRIES", "1")))
            .envs(order.cancel_after.map(|after| ("LUMA_CANCEL_MS", after.as_millis().to_string())))
            .envs(order.pauses.then_some(("LUMA_PAUSE", "1")))
            .envs(order.proxy.iter().map(|proxy| ("LUMA_PROXY", proxy)))
            .env("LUMA_VARIABLES", order.variables)
            .envs(order.call.iter().map(|call| ("LUMA_CALL", call)))
            .envs(order.trigger_id.iter().map(|id| ("LUMA_TRIGGER_ID", id)))
            .envs(order.value.iter().map(|value| ("LUMA_POINTER", value.0)))
            .envs(order.is_second.then_some(("LUMA_FIRST", "1")))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut text = String::new();
        if order.is_second {
            output.read_line(&mut text).unwrap();
            if let Some(between) = running.between.take() {
                between();
            }
            let _ = child.stdin.take().unwrap().write_all(b"\n");
        }
        output.read_to_string(&mut text).unwrap();
        let rest = child.wait_with_output().unwrap();
        let errors = String::from_utf8_lossy(&rest.stderr);
        assert!(rest.status.success() && errors.is_empty(), "{}: {errors}", rest.status);
        assert!(!text.contains(TOKEN), "the token is shown: {text}");
        let is_shown = order.hidden.is_some_and(|hidden| text.contains(hidden));
        assert!(!is_shown, "a secret is shown: {text}");
        if order.is_second {
            assert!(text.starts_with("first LUMA_OK\n"), "{text}");
        }
        Observed::parse(&text)
    }
}

impl Observed {
    fn parse(text: &str) -> Self {
        let facts: HashMap<_, _> = text.lines().filter_map(|line| line.split_once(' ')).collect();
        let fact = |name| facts.get(name).unwrap_or(&"").to_string();
        Observed {
            outcome: fact("outcome"),
            status: fact("status"),
            message: fact("message"),
            attempts: fact("attempts").parse().unwrap_or_default(),
            trigger_id: fact("trigger_id"),
            value: fact("value"),
            took: Duration::from_micros(fact("microseconds").parse().unwrap()),
            delay: Duration::from_micros(fact("delay").parse().unwrap()),
            kib: fact("kib").parse().ok(),
        }
    }
}

/// The name of a status in the C ABI.
pub fn status_name(kind: Option<ErrorKind>) -> String {
    let kind = match kind {
        None => return "LUMA_OK".into(),
        Some(kind) => format!("{kind:?}"),
    };
    let mut name = "LUMA_ERROR".to_owned();
    for letter in kind.chars() {
        if letter.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

/// The caller in Rust.
pub fn call() {
    thread::spawn(|| {
        // Ends a call that hangs.
        thread::sleep(2 * TIMEOUT);
        std::process::exit(3);
    });
    let delay = measure_delay();
    let before = memory("VmRSS:");
    let client = new_client();
    if let (Ok(client), Some(_)) = (&client, variable("LUMA_FIRST")) {
        println!("first {}", status_name(make(client).err().map(|error| error.kind())));
        stdin().read_line(&mut String::new()).unwrap();
    }
    let started = Instant::now();
    delay.store(0, Ordering::SeqCst);
    if let (Ok(client), Some(milliseconds)) = (&client, variable("LUMA_CANCEL_MS")) {
        let (client, after) =
            (client.clone(), Duration::from_millis(milliseconds.parse().unwrap()));
        thread::spawn(move || {
            thread::sleep(after);
            client.cancel();
        });
    }
    let result = client.as_ref().map_err(Clone::clone).and_then(make);
    println!("microseconds {}", started.elapsed().as_micros());
    println!("delay {}", delay.load(Ordering::SeqCst));
    if let (Some(before), Some(most)) = (before, memory("VmHWM:")) {
        println!("kib {}", most.saturating_sub(before));
    }
    match result {
        Ok((id, response)) => {
            println!("attempts {}", response.info().attempts());
            println!("outcome {}\nstatus LUMA_OK\ntrigger_id {id}", Outcome::Accepted);
            if let Some(pointer) = variable("LUMA_POINTER") {
                println!("value {}", response.pointer(&pointer).unwrap().text());
            }
        }
        Err(mut error) => {
            let list = WorkflowDefinitions::take_from(&mut error);
            if let (Some(list), Some(pointer)) = (list, variable("LUMA_POINTER")) {
                println!("value {}", list.response().pointer(&pointer).unwrap().text());
            }
            println!("attempts {}", error.info().attempts());
            println!("outcome {}\nstatus {}", error.outcome(), status_name(Some(error.kind())));
            println!("message {error}");
        }
    }
}

/// Starts a thread that sleeps repeatedly, and returns the longest delay of a wake-up so far, in
/// microseconds.
fn measure_delay() -> Arc<AtomicU64> {
    const PAUSE: Duration = Duration::from_millis(5);
    let delay = Arc::new(AtomicU64::new(0));
    let measured = delay.clone();
    thread::spawn(move || {
        loop {
            let started = Instant::now();
            thread::sleep(PAUSE);
            let late = started.elapsed().saturating_sub(PAUSE);
            measured.fetch_max(u64::try_from(late.as_micros()).unwrap(), Ordering::SeqCst);
        }
    });
    delay
}

fn new_client() -> Result<Client, Error> {
    let text = |name| variable(name).unwrap();
    let milliseconds = |name| Duration::from_millis(text(name).parse().unwrap());
    let mut config = Config::new(&text("LUMA_URL"), &text("LUMA_TOKEN"))?;
    config.set_connect_timeout(milliseconds("LUMA_CONNECT_TIMEOUT_MS"))?;
    config.set_timeout(milliseconds("LUMA_TIMEOUT_MS"))?;
    if let Some(pem) = variable("LUMA_CA_PEM") {
        config.set_ca_pem(&pem)?;
    }
    if let Some(certificate) = variable("LUMA_CLIENT_CERTIFICATE") {
        config.set_client_certificate_pem(&certificate, &text("LUMA_CLIENT_KEY"))?;
    }
    config.set_retries(variable("LUMA_NO_RETRIES").is_none());
    if variable("LUMA_PAUSE").is_some() {
        config.set_log(LogLevel::Info, |_, line| {
            if line.contains("on a new connection") {
                thread::sleep(Duration::from_millis(100));
            }
        });
    }
    if let Some(proxy) = variable("LUMA_PROXY") {
        // The gateways of some cases are http://.
        config.set_proxy(&proxy)?.set_allow_http(true);
    }
    Client::with_config(&config)
}

/// Makes the call; returns the trigger id and the response.
fn make(client: &Client) -> Result<(String, Response), Error> {
    let without_id = |response: &Response| (String::new(), response.clone());
    match variable("LUMA_CALL").as_deref() {
        Some("list") => {
            let list = client.list_workflow_definitions(&ListQuery::default())?;
            return Ok(without_id(list.response()));
        }
        Some("wait") => {
            let options = WaitOptions::new(TIMEOUT)?;
            let wait = client.wait_for_workflow("x", &options, |_| Continue(()));
            return Ok(without_id(wait.into_result()?.response()));
        }
        Some("launch-url") => return Ok(without_id(client.generate_launch_url("x")?.response())),
        Some("token") => {
            return Ok(without_id(client.regenerate_tenant_token(TOKEN, "acme")?.response()));
        }
        _ => {}
    }
    if let Some(trigger_id) = variable("LUMA_TRIGGER_ID") {
        let history = client.get_workflow_history(&trigger_id)?;
        return Ok(without_id(history.response()));
    }
    let variables = variable("LUMA_VARIABLES").unwrap();
    let request = format!(r#"{{"workflowIdentifier":"reset_password","variables":{variables}}}"#);
    let trigger = client.trigger_workflow_json(&request)?;
    Ok((trigger.trigger_id().to_owned(), trigger.response().clone()))
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Memory of this process in KiB, current ("VmRSS:") or peak ("VmHWM:"), on Linux.
fn memory(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}
