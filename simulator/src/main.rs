//! The command: parses its arguments, prints one line of JSON, and serves until it is killed.

#![forbid(unsafe_code)]

use std::io::{self, Write};
use std::process::ExitCode;
use std::thread;

use luma_simulator::{AuthScheme, FAULTS, Options, Simulator, TENANT_EXTERNAL_ID, Time};
use serde::Serialize;

const HELP: &str = "\
A simulated Luma Automation gateway on loopback, with faults on demand.

Usage: luma-simulator [OPTION ...]

  --port N                   port on 127.0.0.1 (default: a free one)
  --token TOKEN              tenant access token to require (default: a fake one)
  --super-admin-token TOKEN  super-admin access token to require (default: a fake one)
  --auth-scheme SCHEME       accept the tenant token only in this header: bearer (Authorization:
                             Bearer) or api-access-key (itas-api-access-key)
  --path-prefix /PREFIX      serve the gateway's API only below this path (default: below any)
  --virtual-time             time passes only when POST /simulator/time advances it
  --faults                   list the faults and the workflow identifier that provokes each
  --help                     print this help
  --version                  print the version

When the simulator is ready, it prints one line of JSON with url, token, superAdminToken and
tenantExternalId. It serves until it is killed.

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
  GET    /                            overview of all of this, for a browser
";

/// The action that the arguments ask for.
enum Action {
    Serve(Options),
    Print(String),
}

/// The line that is printed when the simulator is ready.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ready<'a> {
    url: &'a str,
    token: &'a str,
    super_admin_token: &'a str,
    tenant_external_id: &'a str,
}

fn main() -> ExitCode {
    let arguments =
        std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    let result = match parse(arguments) {
        Ok(Action::Serve(options)) => serve(options),
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
    let mut options = Options::default();
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
            "--auth-scheme" => {
                options.auth_scheme = Some(match value()?.as_str() {
                    "bearer" => AuthScheme::Bearer,
                    "api-access-key" => AuthScheme::ApiAccessKey,
                    given => {
                        let problem = "--auth-scheme must be bearer or api-access-key, not";
                        return Err(format!("{problem} '{given}'"));
                    }
                });
            }
            "--path-prefix" => {
                let given = value()?;
                if !given.starts_with('/') {
                    return Err(format!("--path-prefix must start with a slash, not '{given}'"));
                }
                options.path_prefix = Some(given);
            }
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
    Ok(Action::Serve(options))
}

fn faults() -> String {
    FAULTS.iter().map(|fault| format!("{:34}{}\n", fault.identifier(), fault.description)).collect()
}

fn serve(options: Options) -> io::Result<()> {
    let simulator = Simulator::start_with(options)?;
    let ready = serde_json::to_string(&Ready {
        url: simulator.url(),
        token: &simulator.token(),
        super_admin_token: simulator.super_admin_token(),
        tenant_external_id: TENANT_EXTERNAL_ID,
    })?;
    print(&format!("{ready}\n"))?;
    loop {
        thread::park();
    }
}

fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}
