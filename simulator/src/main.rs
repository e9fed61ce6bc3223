//! The command: parses its arguments, prints one line of JSON, and serves until it is killed.

#![forbid(unsafe_code)]

mod parent;

use std::collections::BTreeMap;
use std::env;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{self, ExitCode};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use luma_simulator::{
    AuthScheme, FAULTS, Options, RateLimit, Simulator, TENANT_EXTERNAL_ID, Time, Workflows,
};
use serde::Serialize;

const HELP: &str = "\
A simulated Luma Automation gateway on loopback, with faults on demand.

Usage: luma-simulator [OPTION ...]

  --port N                   port on 127.0.0.1 (default: a free one)
  --token TOKEN              tenant access token to require (default: a fake one)
  --super-admin-token TOKEN  super-admin access token to require (default: a fake one)
  --header HEADER            accept the tenant token only in this header: bearer (Authorization:
                             Bearer) or itas (itas-api-access-key)
  --prefix /PREFIX           serve the gateway's API only below this path (default: below any)
  --tls                      serve https, with a certificate of a new CA; and on further ports,
                             with certificates that a client must refuse, and with TLS handshakes
                             that fail
  --ca-file FILE             with --tls: where to write the CA certificate, in PEM (default: a new
                             file in the system's temporary directory)
  --rate-limit N/SECONDS     accept N requests in each window of SECONDS, then respond 429
                             with Retry-After until the window ends
  --latency MS               wait before each response of the gateway's API
  --workflows FILE           simulate the workflows of this JSON file in place of the built-in ones
  --print-workflows          print the built-in workflows: a template for such a file
  --virtual-time             time passes only when POST /simulator/time advances it
  --exit-with-parent         exit when stdin, a pipe, is closed, or when the parent process ends
                             (on Windows only when stdin is closed)
  --faults                   list the faults and the workflow identifier that provokes each
  --help                     print this help
  --version                  print the version

When the simulator is ready, it prints one line of JSON with url, token, superAdminToken and
tenantExternalId; with --tls also caFile, and badCertificates and handshakeFaults with a URL for
each. It serves until it is killed.

The gateway's API, under /gateway/api/v1:
  POST   /workflow/trigger                                     start a run
  GET    /workflowhistory/TRIGGER_ID                           status of a run
  GET    /workflowhistory/TRIGGER_ID/stephistory               its steps; filter, orderBy, skip, top
  GET    /workflowhistory/TRIGGER_ID/stephistory/STEP_ID       one step in detail
  POST   /launchincontexturl/generate                          URL that shows a run
  GET    /platform/apiaccesskeys/generate?tenantExternalId=ID  new tenant token (super-admin only)
  GET    /workflowdefinition                                   workflows; filter, orderBy, skip, top

The simulator's own endpoints, which need no token:
  GET    /simulator/journal           requests received; ?workflowIdentifier=ID for one workflow
  DELETE /simulator/journal           clear the journal
  GET    /simulator/runs              runs and their status
  POST   /simulator/time?advanceMs=N  advance virtual time
  POST   /simulator/faults?fault=NAME provoke a fault: on the requests that fit endpoint (trigger,
                                      history, steps, step, launch-url, access-key, definitions),
                                      workflowIdentifier and triggerId; after skip requests, times
                                      times
  GET    /simulator/faults            the faults that were asked for, and all that exist
  DELETE /simulator/faults            no more faults
  GET    /                            overview of all of this, for a browser
";

/// The action that the arguments ask for.
enum Action {
    Serve(Command),
    Print(String),
}

/// The command line: options of the simulator, and of its process.
#[derive(Default)]
struct Command {
    options: Options,
    ca_file: Option<PathBuf>,
    exit_with_parent: bool,
}

/// The line that is printed when the simulator is ready.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ready<'a> {
    url: &'a str,
    token: &'a str,
    super_admin_token: &'a str,
    tenant_external_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ca_file: Option<&'a Path>,
    /// The base URL of each bad certificate.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    bad_certificates: BTreeMap<&'a str, &'a str>,
    /// The base URL of each TLS handshake that fails.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    handshake_faults: BTreeMap<&'a str, &'a str>,
}

fn main() -> ExitCode {
    let arguments =
        std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    let result = match parse(arguments) {
        Ok(Action::Serve(command)) => serve(command),
        Ok(Action::Print(text)) => print(&text),
        Err(message) => {
            eprintln!("luma-simulator: {message}\nTry 'luma-simulator --help'.");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("luma-simulator: {error}");
            ExitCode::from(match error.kind() {
                io::ErrorKind::InvalidInput => 2,
                _ => 1,
            })
        }
    }
}

fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Action, String> {
    let mut command = Command::default();
    let options = &mut command.options;
    while let Some(argument) = arguments.next() {
        let mut value = || {
            let missing = || format!("{argument} requires a value");
            arguments.next().ok_or_else(missing)
        };
        match argument.as_str() {
            "--port" => {
                let given = value()?;
                let invalid = |_| format!("--port must be 0 to 65535, not '{given}'");
                options.port = given.parse().map_err(invalid)?;
            }
            "--token" => options.token = value()?,
            "--super-admin-token" => options.super_admin_token = value()?,
            "--header" => {
                options.auth_scheme = Some(match value()?.as_str() {
                    "bearer" => AuthScheme::Bearer,
                    "itas" => AuthScheme::ApiAccessKey,
                    given => return Err(format!("--header must be bearer or itas, not '{given}'")),
                });
            }
            "--prefix" => {
                let given = value()?;
                let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~/".contains(c);
                if !given.starts_with('/') || !given.chars().all(is_plain) {
                    return Err(format!(
                        "--prefix must start with a slash and consist of letters, digits, - . _ ~ \
                         and slashes, not '{given}'"
                    ));
                }
                options.path_prefix = Some(given);
            }
            "--tls" => options.tls = true,
            "--ca-file" => command.ca_file = Some(value()?.into()),
            "--rate-limit" => {
                let given = value()?;
                let limit = rate_limit(&given);
                let message = "--rate-limit must be like 100/60, 100 requests in 60 seconds, not";
                options.rate_limit = Some(limit.ok_or_else(|| format!("{message} '{given}'"))?);
            }
            "--latency" => {
                let given = value()?;
                let invalid = || format!("--latency must be 0 to 60000 ms, not '{given}'");
                let ms = given.parse().ok().filter(|ms| *ms <= 60_000).ok_or_else(invalid)?;
                options.latency = Duration::from_millis(ms);
            }
            "--workflows" => options.workflows = workflows(&value()?)?,
            "--print-workflows" => return Ok(Action::Print(Workflows::BUILT_IN.to_owned())),
            "--exit-with-parent" => command.exit_with_parent = true,
            "--virtual-time" => options.time = Time::Virtual,
            "--faults" => return Ok(Action::Print(faults())),
            "--help" | "-h" => return Ok(Action::Print(HELP.to_owned())),
            "--version" | "-V" => {
                let version = concat!("luma-simulator ", env!("CARGO_PKG_VERSION"), "\n");
                return Ok(Action::Print(version.to_owned()));
            }
            unknown => return Err(format!("unknown option '{unknown}'")),
        }
    }
    if command.ca_file.is_some() && !command.options.tls {
        return Err("--ca-file requires --tls".to_owned());
    }
    Ok(Action::Serve(command))
}

/// Parses `N/SECONDS`.
fn rate_limit(text: &str) -> Option<RateLimit> {
    let (requests, seconds) = text.split_once('/')?;
    let seconds = seconds.parse().ok().filter(|seconds: &u32| *seconds > 0)?;
    Some(RateLimit {
        requests: requests.parse().ok()?,
        window: Duration::from_secs(seconds.into()),
    })
}

/// Reads workflows from a file. The error is a message for users.
fn workflows(file: &str) -> Result<Workflows, String> {
    let json = fs::read_to_string(file).map_err(|error| format!("cannot read {file}: {error}"))?;
    Workflows::from_json(&json).map_err(|invalid| format!("{file}, {invalid}"))
}

fn faults() -> String {
    FAULTS.iter().map(|fault| format!("{:34}{}\n", fault.identifier(), fault.description)).collect()
}

fn serve(command: Command) -> io::Result<()> {
    let simulator = Simulator::start_with(command.options)?;
    let is_temporary = command.ca_file.is_none();
    let ca_file = match simulator.ca_pem() {
        Some(pem) => Some(write_ca_file(pem, command.ca_file)?),
        None => None,
    };
    let bad_certificates = simulator.bad_certificate_urls().iter();
    let handshake_faults = simulator.handshake_fault_urls().iter();
    let ready = serde_json::to_string(&Ready {
        url: simulator.url(),
        token: &simulator.token(),
        super_admin_token: simulator.super_admin_token(),
        tenant_external_id: TENANT_EXTERNAL_ID,
        ca_file: ca_file.as_deref(),
        bad_certificates: bad_certificates.map(|(bad, url)| (bad.name, url.as_str())).collect(),
        handshake_faults: handshake_faults.map(|(fault, url)| (fault.name, url.as_str())).collect(),
    })?;
    print(&format!("{ready}\n"))?;
    if !command.exit_with_parent {
        loop {
            thread::park();
        }
    }
    let result = parent::wait_for_end();
    if let Some(file) = ca_file.filter(|_| is_temporary) {
        let _ = fs::remove_file(file);
    }
    result
}

/// Writes the CA certificate to this file, or to a new one in the temporary directory.
fn write_ca_file(pem: &str, path: Option<PathBuf>) -> io::Result<PathBuf> {
    let mut options = OpenOptions::new();
    // A file that another user prepared is refused.
    if path.is_some() {
        options.create(true).truncate(true)
    } else {
        options.create_new(true)
    };
    let path = path.unwrap_or_else(|| {
        let unique = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        env::temp_dir().join(format!("luma-simulator-{}-{unique:x}.pem", process::id()))
    });
    let written =
        options.write(true).open(&path).and_then(|mut file| file.write_all(pem.as_bytes()));
    written.map_err(|error| {
        let message = format!("cannot write the CA certificate to {}: {error}", path.display());
        io::Error::new(error.kind(), message)
    })?;
    Ok(path)
}

fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written
        .map_err(|error| io::Error::new(error.kind(), format!("cannot write to stdout: {error}")))
}
