//! The executable: arguments in, one line of JSON out, then it serves until it is killed.

#![forbid(unsafe_code)]

use std::io::{self, Write};
use std::process::ExitCode;
use std::thread;

use luma_simulator::{FAULTS, Options, Simulator, TENANT_EXTERNAL_ID, Time};
use serde::Serialize;

const HELP: &str = "\
A Luma Automation gateway on loopback, which misbehaves when asked.

Usage: luma-simulator [OPTION ...]

  --port N                   the port on 127.0.0.1 (default: a free one)
  --token TOKEN              the tenant's access token, to demand (default: a fixed, fake one)
  --super-admin-token TOKEN  the super-admin's access token, likewise
  --virtual-time             the clock stands still until POST /simulator/time advances it
  --faults                   list the faults, by the workflow identifier that provokes each
  --help                     print this text
  --version                  print the version

When it is ready it prints one line of JSON, with url, token, superAdminToken and tenantExternalId, and serves until it is
killed.

The gateway, below /gateway/api/v1:
  POST   /workflow/trigger                                     start a run
  GET    /workflowhistory/TRIGGER_ID                           what a run is now
  GET    /workflowhistory/TRIGGER_ID/stephistory               its steps; filter, orderBy, skip, top
  GET    /workflowhistory/TRIGGER_ID/stephistory/STEP_ID       one of them
  POST   /launchincontexturl/generate                          a URL that shows a run
  GET    /platform/apiaccesskeys/generate?tenantExternalId=ID  a new tenant token; for the super-admin's only
  GET    /workflowdefinition                                   the workflows; filter, orderBy, skip, top

The simulator's own, without a token:
  GET    /simulator/journal           every request that arrived whole; ?workflowIdentifier=ID for one workflow's
  DELETE /simulator/journal           forget them
  GET    /simulator/runs              every run that was started, and its status
  POST   /simulator/time?advanceMs=N  advance virtual time
";

/// What the arguments ask for.
enum Wanted {
    Serve(Options),
    Print(String),
}

/// The line that says it is ready.
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
    let outcome = match wanted(arguments) {
        Ok(Wanted::Serve(options)) => serve(options),
        Ok(Wanted::Print(text)) => print(&text),
        Err(message) => {
            eprintln!("luma-simulator: {message}\nTry 'luma-simulator --help'.");
            return ExitCode::from(2);
        }
    };
    match outcome {
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

fn wanted(mut arguments: impl Iterator<Item = String>) -> Result<Wanted, String> {
    let mut options = Options::default();
    while let Some(argument) = arguments.next() {
        let mut value = || {
            let missing = || format!("{argument} needs a value");
            arguments.next().ok_or_else(missing)
        };
        match argument.as_str() {
            "--port" => {
                let given = value()?;
                options.port = given.parse().map_err(|_| format!("'{given}' is not a port"))?;
            }
            "--token" => options.token = value()?,
            "--super-admin-token" => options.super_admin_token = value()?,
            "--virtual-time" => options.time = Time::Virtual,
            "--faults" => return Ok(Wanted::Print(faults())),
            "--help" | "-h" => return Ok(Wanted::Print(HELP.to_owned())),
            "--version" | "-V" => {
                let version = concat!("luma-simulator ", env!("CARGO_PKG_VERSION"), "\n");
                return Ok(Wanted::Print(version.to_owned()));
            }
            unknown => return Err(format!("unknown argument '{unknown}'")),
        }
    }
    Ok(Wanted::Serve(options))
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
