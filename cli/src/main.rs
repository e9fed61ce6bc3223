//! The `luma` command.

mod arguments;
mod commands;
mod exit;
mod interrupt;
mod output;
mod settings;

use std::process;

use clap::{CommandFactory, Parser};
use luma::Client;

use arguments::{Arguments, Command, Token};
use commands::{check, definitions, journal, man, runs, token, trigger, wait};
use exit::{Exit, Failure};
use output::{Output, note};

fn main() {
    let arguments = Arguments::try_parse().unwrap_or_else(|error| {
        let is_printed = error.print().is_ok();
        process::exit(not_run(error.use_stderr(), is_printed));
    });
    process::exit(match run(&arguments) {
        Ok(code) => code,
        Err(Failure { exit, message }) => {
            if !message.is_empty() {
                note(&format!("luma: {message}"));
            }
            exit as i32
        }
    });
}

/// Returns the exit code if the arguments are wrong, or ask for help or the version. 0 means
/// "accepted" to a script, so it is for help alone: not if one of the script's arguments is, by
/// chance, `--help`.
fn not_run(is_mistake: bool, is_printed: bool) -> i32 {
    let mut command = Arguments::command();
    let mut is_only_help = true;
    for word in std::env::args_os().skip(1) {
        match command.find_subcommand(&word).cloned() {
            Some(subcommand) => command = subcommand,
            None => {
                is_only_help &= matches!(
                    &*word.to_string_lossy(),
                    "help" | "-h" | "--help" | "-V" | "--version"
                )
            }
        }
    }
    match command.get_name() {
        "check" if is_mistake => check::NOT_CHECKED,
        _ if is_mistake || !is_only_help || !is_printed => Exit::Mistake as i32,
        _ => Exit::Accepted as i32,
    }
}

fn run(arguments: &Arguments) -> Result<i32, Failure> {
    let output = Output::new(arguments.global.json);
    match &arguments.command {
        Command::Check(check) => return Ok(check::run(&arguments.global, check, output)),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "luma", &mut script);
            output::line(String::from_utf8_lossy(&script).trim_end())?;
            return Ok(0);
        }
        Command::Man { folder } => {
            man::write(&Arguments::command(), folder).map_err(|error| {
                Failure::mistake(format!("cannot write to {}: {error}", folder.display()))
            })?;
            return Ok(0);
        }
        _ => {}
    }
    let config = settings::read(&arguments.global)?;
    if let Command::Journal { command } = &arguments.command {
        let exit = journal::run(&arguments.global, &config, command, output)?;
        return Ok(exit as i32);
    }
    let client = Client::with_config(&config)?;
    // The others read their input first, see there.
    if !matches!(arguments.command, Command::Trigger(_) | Command::Token { .. }) {
        interrupt::closes(&client);
    }
    let exit = match &arguments.command {
        Command::Workflows { filter } => definitions::list(&client, filter.as_deref(), output),
        Command::Describe { workflow } => definitions::describe(&client, workflow, output),
        Command::Trigger(trigger) => {
            let journal = match &trigger.once {
                Some(_) => Some(journal::open(&arguments.global, &config)?),
                None => None,
            };
            trigger::run(&client, journal.as_ref(), trigger, output)
        }
        Command::Wait(wait) => {
            let options = wait::options(wait.timeout, wait.until_suspended)?;
            wait::wait(&client, &wait.ids, &options, output)
        }
        Command::Status { id } => runs::status(&client, id, output),
        Command::Steps { id, follow: true, timeout } => {
            runs::follow_steps(&client, id, *timeout, output)
        }
        Command::Steps { id, .. } => runs::steps(&client, id, output),
        Command::Step { id, step } => runs::step(&client, id, step, output),
        Command::Open { id, print } => runs::open(&client, id, *print, output),
        Command::Token { command: Token::Regenerate { tenant, super_admin_token } } => {
            token::regenerate(&client, tenant, super_admin_token, output)
        }
        Command::Check(_)
        | Command::Journal { .. }
        | Command::Completions { .. }
        | Command::Man { .. } => Ok(Exit::Accepted),
    };
    exit.map(|exit| exit as i32)
}
