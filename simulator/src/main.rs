//! The executable: arguments in, one line of JSON out, then it serves until it is killed.

#![forbid(unsafe_code)]

use std::io::{self, Write};
use std::process::ExitCode;
use std::thread;

use luma_simulator::{FAULTS, Options, Simulator};
use serde::Serialize;

const HELP: &str = "\
A Luma Automation gateway on loopback, which misbehaves when asked.

Usage: luma-simulator [--port N] [--token TOKEN]

  --port N       the port on 127.0.0.1 (default: a free one)
  --token TOKEN  the access token to demand (default: a fixed, fake one)
  --faults       list the faults, by the workflow identifier that provokes each
  --help         print this text
  --version      print the version

When it is ready it prints one line, {\"url\":\"http://127.0.0.1:PORT\",\"token\":\"...\"}, and serves until it is killed.

  POST   /gateway/api/v1/workflow/trigger  the gateway
  GET    /simulator/journal                every request that arrived whole; ?workflowIdentifier=ID for one workflow's
  DELETE /simulator/journal                forget them
  GET    /simulator/runs                   every run that was started
";

/// What the arguments ask for.
enum Wanted {
    Serve(Options),
    Print(String),
}

/// The line that says it is ready.
#[derive(Serialize)]
struct Ready<'a> {
    url: &'a str,
    token: &'a str,
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
    let ready = serde_json::to_string(&Ready { url: simulator.url(), token: simulator.token() })?;
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
