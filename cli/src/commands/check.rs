//! `luma check`: tests the settings one after another.

use std::time::{Duration, SystemTime};

use anstyle::AnsiColor;
use luma::{AuthScheme, Client, Config, Connected, Error, ErrorKind, ListQuery, Outcome};
use serde_json::{Value, json};

use crate::arguments::{Check, Global};
use crate::commands::journal;
use crate::exit::Failure;
use crate::output::{self, Output, note, object};
use crate::settings;

/// The exit codes of a Nagios plug-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Ok = 0,
    Warning = 1,
    Critical = 2,
    Unknown = 3,
}

/// The exit code if nothing was checked.
pub const NOT_CHECKED: i32 = State::Unknown as i32;

struct Line {
    name: &'static str,
    state: State,
    text: String,
    /// The next step for the user.
    advice: Option<&'static str>,
}

/// Prints a line for each part, and returns the exit code.
pub fn run(global: &Global, arguments: &Check, output: Output) -> i32 {
    let mut lines = Vec::new();
    let figures = check(global, arguments, &mut lines);
    let state = lines.iter().map(|line| line.state).max().unwrap_or(State::Unknown);
    let printed = if output.is_json {
        let lines = lines.iter().map(|line| {
            object([
                ("check", json!(line.name)),
                ("state", json!(line.state.name())),
                ("message", json!(line.text)),
                ("advice", json!(line.advice)),
            ])
        });
        output::document(&object([
            ("state", json!(state.name())),
            ("certificateDaysLeft", json!(figures.certificate_days)),
            ("unknownKeys", json!(figures.unknown_keys)),
            ("unacknowledgedKeys", json!(figures.unacknowledged_keys)),
            ("checks", Value::Array(lines.collect())),
        ]))
    } else {
        lines.iter().try_for_each(Line::print)
    };
    match printed {
        Ok(()) => state as i32,
        Err(failure) => {
            note(&failure.message);
            State::Unknown as i32
        }
    }
}

/// The figures for monitoring; `None` if not known.
#[derive(Default)]
struct Figures {
    /// Days until the certificate expires.
    certificate_days: Option<i64>,
    /// Keys of the journal whose outcome is unknown.
    unknown_keys: Option<usize>,
    /// Accepted keys of the journal that nobody acknowledged.
    unacknowledged_keys: Option<usize>,
}

/// Adds a line for each part, up to the first that fails.
fn check(global: &Global, arguments: &Check, lines: &mut Vec<Line>) -> Figures {
    let mut figures = Figures::default();
    let config = match settings::read(global) {
        Ok(config) => config,
        Err(failure) => {
            lines.push(Line::failed("settings", State::Unknown, failure.message, None));
            return figures;
        }
    };
    lines.push(Line::ok("settings", config.origin().unwrap_or("the options").to_owned()));
    let client = match Client::with_config(&config) {
        Ok(client) => client,
        Err(error) => {
            let name = if error.kind() == ErrorKind::Proxy { "proxy" } else { "url" };
            lines.push(Line::failed(name, State::Unknown, error.message().to_owned(), None));
            return figures;
        }
    };
    lines.push(Line::ok("url", config.base_url().to_owned()));
    let connected = client.connect();
    // Windows may have found it for the connection.
    let proxy = client.proxy().unwrap_or_else(|| "none".to_owned());
    let connected = match connected {
        Ok(connected) => connected,
        Err(error) => {
            connection_failed(&error, proxy, lines);
            return figures;
        }
    };
    lines.push(Line::ok("proxy", proxy));
    if let Some(took) = connected.info().dns() {
        lines.push(Line::ok("dns", format!("resolved in {}", milliseconds(took))));
    }
    let took = connected.info().connect().map(milliseconds).unwrap_or_default();
    let peer = connected.peer_address();
    lines.push(Line::ok("connection", format!("connected to {peer} in {took}")));
    figures.certificate_days = tls(&connected, arguments.warn_days, lines);
    match client.list_workflow_definitions(&SHORT) {
        Ok(definitions) => {
            let text = match definitions.is_empty() {
                true => "accepted; the tenant has no workflow definitions",
                false => "accepted",
            };
            lines.push(Line::ok("token", text.to_owned()));
            lines.push(Line::ok("header", header(config.auth_scheme()).to_owned()));
        }
        Err(error) if error.kind() == ErrorKind::Unauthorized => {
            lines.push(unauthorized(&error, &config));
        }
        Err(error) => lines.push(gateway_failed(&error, connected.tls_version().is_some())),
    }
    if global.journal.is_some() || config.journal_folder().is_some() {
        lines.push(unfinished(global, &config, &mut figures));
    }
    figures
}

/// A list of workflow definitions needs a valid token and changes nothing.
const SHORT: ListQuery<'static> = ListQuery { filter: "", order_by: "", skip: 0, top: 1 };

fn header(scheme: AuthScheme) -> &'static str {
    match scheme {
        AuthScheme::ApiAccessKey => "itas-api-access-key",
        _ => "Authorization: Bearer",
    }
}

/// Asks the gateway once more, with the other header, to distinguish a wrong header from a wrong
/// token.
fn unauthorized(error: &Error, config: &Config) -> Line {
    let (other, advice) = match config.auth_scheme() {
        AuthScheme::Bearer => (
            AuthScheme::ApiAccessKey,
            "use --header itas, LUMA_AUTH=api_access_key or the key auth_scheme",
        ),
        _ => (AuthScheme::Bearer, "use --header bearer, LUMA_AUTH=bearer or the key auth_scheme"),
    };
    let mut changed = config.clone();
    changed.set_auth_scheme(other);
    let accepted = Client::with_config(&changed)
        .and_then(|client| client.list_workflow_definitions(&SHORT))
        .is_ok();
    if accepted {
        let (sent, expected) = (header(config.auth_scheme()), header(other));
        let text = format!("the gateway refuses {sent}, and accepts the token in {expected}");
        return Line::failed("header", State::Critical, text, Some(advice));
    }
    let advice = "check the token: it may be mistyped, expired, or that of another tenant";
    Line::failed("token", State::Critical, error.message().to_owned(), Some(advice))
}

fn unfinished(global: &Global, config: &Config, figures: &mut Figures) -> Line {
    let entries = journal::open(global, config)
        .and_then(|journal| journal.unfinished().map_err(Failure::from));
    match entries {
        Ok(entries) => {
            let unknown =
                entries.iter().filter(|e| e.state().outcome() == Outcome::Unknown).count();
            figures.unknown_keys = Some(unknown);
            figures.unacknowledged_keys = Some(entries.len() - unknown);
            match unknown {
                0 => Line::ok("journal", format!("{} to acknowledge", keys(entries.len()))),
                unknown => {
                    let text = format!("{} whose outcome is unknown", keys(unknown));
                    let advice = "see luma journal list, and settle them with luma journal resolve";
                    Line::failed("journal", State::Warning, text, Some(advice))
                }
            }
        }
        Err(failure) => {
            let advice =
                "check the folder, and who may write there; luma journal create makes a new one";
            let message = failure.message.trim_start_matches("NOT_SENT: ").to_owned();
            Line::failed("journal", State::Critical, message, Some(advice))
        }
    }
}

fn keys(count: usize) -> String {
    if count == 1 { "1 key".to_owned() } else { format!("{count} keys") }
}

fn tls(connected: &Connected, warn_days: i64, lines: &mut Vec<Line>) -> Option<i64> {
    let Some(version) = connected.tls_version() else {
        if connected.peer_address().ip().is_loopback() {
            lines.push(Line::ok("tls", "none, on this machine".to_owned()));
            return None;
        }
        let advice = "use https";
        let text = "none: the token is sent in clear".to_owned();
        lines.push(Line::failed("tls", State::Warning, text, Some(advice)));
        return None;
    };
    let expires = connected.certificate_expires();
    let days = expires.map(|expires| match expires.duration_since(SystemTime::now()) {
        Ok(left) => (left.as_secs() / 86_400) as i64,
        Err(_) => 0,
    });
    let text = match days {
        Some(days) => format!("{version}; the certificate expires in {days} days"),
        None => version.to_owned(),
    };
    lines.push(match days {
        Some(days) if days < warn_days => {
            let advice = "renew the gateway's certificate";
            Line::failed("tls", State::Warning, text, Some(advice))
        }
        _ => Line::ok("tls", text),
    });
    days
}

/// Adds the line of the part that failed, and those of the parts before it.
fn connection_failed(error: &Error, proxy: String, lines: &mut Vec<Line>) {
    let info = error.info();
    let (name, advice) = match error.kind() {
        ErrorKind::Dns | ErrorKind::Connect | ErrorKind::ConnectTimeout
            if error.message().starts_with("proxy ") =>
        {
            ("proxy", "check the proxy's host and port, in --proxy or the settings")
        }
        ErrorKind::Dns => ("dns", "check the host in the URL, and the name server"),
        ErrorKind::ProxyFailed => ("proxy", proxy_advice(error.message())),
        ErrorKind::Tls => ("tls", tls_advice(error.message())),
        ErrorKind::Connect => ("connection", "check the port in the URL, and the firewall"),
        ErrorKind::ConnectTimeout if error.message().contains("finding the proxy") => {
            ("proxy", "check the PAC script in the Windows settings, or pass the proxy (--proxy)")
        }
        ErrorKind::ConnectTimeout if error.message().contains("negotiating TLS") => {
            ("tls", "check the port in the URL, and the proxies and firewalls on the way")
        }
        ErrorKind::ConnectTimeout => {
            ("connection", "check the firewall, and whether a proxy is needed (--proxy)")
        }
        _ => ("connection", "see docs/troubleshooting.md"),
    };
    // Without a tunnel, nobody knows whether the proxy works.
    if name == "tls" || proxy == "none" {
        lines.push(Line::ok("proxy", proxy));
    }
    if name != "dns"
        && let Some(took) = info.dns()
    {
        lines.push(Line::ok("dns", format!("resolved in {}", milliseconds(took))));
    }
    if name == "tls"
        && let Some(took) = info.connect()
    {
        lines.push(Line::ok("connection", format!("connected in {}", milliseconds(took))));
    }
    let message = error.message().to_owned();
    lines.push(Line::failed(name, State::Critical, message, Some(advice)));
}

fn proxy_advice(message: &str) -> &'static str {
    match message.contains("password") {
        true => "put the login into the proxy's URL: http://user:password@host:port",
        false => "check the proxy's URL (--proxy), and whether it allows this host and port",
    }
}

const FOREIGN_CA: &str = "if the issuer is your company's CA, pass its certificate with --ca-file";

/// Returns the next step after a failed handshake. The kind of the error is the same for all.
fn tls_advice(message: &str) -> &'static str {
    let causes = [
        ("speak TLS", "use http:// in the URL, or the port of https"),
        ("has expired", "renew the gateway's certificate, or set the clock of this machine"),
        ("not valid yet", "set the clock of this machine, or replace the gateway's certificate"),
        ("common name", "replace the gateway's certificate: it needs a subjectAltName"),
        ("is not valid for", "use a host name of the certificate in the URL"),
        ("serverAuth", "replace the gateway's certificate by one for servers"),
        ("name constraints", "replace the gateway's certificate: its CA must not issue it"),
        ("client certificate", "configure a client certificate in the configuration file"),
        ("TLS 1.1", "allow TLS 1.2 or 1.3 on the gateway"),
        ("trust", FOREIGN_CA),
        // Another system's own words for the same.
        ("the server's certificate", FOREIGN_CA),
    ];
    let cause = causes.iter().find(|(cause, _)| message.contains(cause));
    cause.map_or(
        "check the port in the URL; if it is right, a proxy or firewall on the way, or the gateway \
         itself, refuses TLS: ask its administrator",
        |(_, advice)| advice,
    )
}

fn gateway_failed(error: &Error, has_tls: bool) -> Line {
    let (name, advice) = match error.kind() {
        ErrorKind::Forbidden => ("token", "check the rights of the token"),
        ErrorKind::NotFound | ErrorKind::Redirected => {
            ("gateway", "check the URL: its path prefix, and http or https")
        }
        // In TLS 1.3, a server refuses a client after the handshake.
        ErrorKind::Tls => ("tls", tls_advice(error.message())),
        _ if !has_tls && is_of_https(error) => ("gateway", "use https:// in the URL"),
        ErrorKind::UnexpectedResponse | ErrorKind::InvalidHttp => {
            ("gateway", "check the URL: something else than the gateway responds there")
        }
        ErrorKind::ServerFailed | ErrorKind::RateLimited => {
            ("gateway", "try again later; if it stays like this, ask the gateway's administrator")
        }
        ErrorKind::AccessToken | ErrorKind::TokenSource => {
            ("token", "check the token's file or command")
        }
        _ => ("gateway", "see docs/troubleshooting.md"),
    };
    Line::failed(name, State::Critical, error.message().to_owned(), Some(advice))
}

/// True if a response without TLS is that of a port of https.
fn is_of_https(error: &Error) -> bool {
    error.kind() == ErrorKind::InvalidHttp || error.message().contains("HTTPS port")
}

fn milliseconds(duration: Duration) -> String {
    format!("{} ms", duration.as_millis())
}

impl State {
    fn name(self) -> &'static str {
        match self {
            State::Ok => "ok",
            State::Warning => "warning",
            State::Critical => "critical",
            State::Unknown => "unknown",
        }
    }
}

impl Line {
    fn ok(name: &'static str, text: String) -> Self {
        Line { name, state: State::Ok, text, advice: None }
    }

    fn failed(
        name: &'static str,
        state: State,
        text: String,
        advice: Option<&'static str>,
    ) -> Self {
        Line { name, state, text, advice }
    }

    fn print(&self) -> Result<(), Failure> {
        let (mark, color) = match self.state {
            State::Ok => ("✓", AnsiColor::Green),
            State::Warning => ("!", AnsiColor::Yellow),
            State::Critical | State::Unknown => ("✗", AnsiColor::Red),
        };
        let style = color.on_default().bold();
        let advice = self.advice.map(|advice| format!(" → {advice}")).unwrap_or_default();
        output::line(&format!("{style}{mark}{style:#} {:<10}  {}{advice}", self.name, self.text))
    }
}
