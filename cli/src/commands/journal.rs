//! `luma journal`, and the journal of `luma trigger --once`.

use std::env;
use std::path::PathBuf;

use luma::{Client, Config, ErrorKind, Journal, JournalEntry};
use serde_json::{Value, json};

use crate::arguments::{self, Finding, Global, Note};
use crate::exit::{Exit, Failure};
use crate::output::{self, Output, local_time};

/// Opens the journal of the option or of the settings.
pub fn open(global: &Global, config: &Config) -> Result<Journal, Failure> {
    Ok(Journal::open(folder(global, config)?)?)
}

fn folder(global: &Global, config: &Config) -> Result<PathBuf, Failure> {
    let folder = global.journal.as_deref().or_else(|| config.journal_folder());
    folder.map(PathBuf::from).ok_or_else(|| {
        Failure::mistake(match env::var_os("LUMA_JOURNAL") {
            Some(_) => {
                "no journal: LUMA_JOURNAL is ignored with --url, --config and --profile; use \
                 --journal FOLDER"
            }
            None => "no journal: use --journal FOLDER, LUMA_JOURNAL or the key journal",
        })
    })
}

pub fn run(
    global: &Global,
    config: &Config,
    command: &arguments::Journal,
    output: Output,
) -> Result<Exit, Failure> {
    use arguments::Journal::*;
    if let Create = command {
        Journal::create(folder(global, config)?, &config.base_url())?;
        return Ok(Exit::Accepted);
    }
    let journal = open(global, config)?;
    let entry = match command {
        Create => return Ok(Exit::Accepted),
        List => {
            list(&journal.unfinished()?, output)?;
            return Ok(Exit::Accepted);
        }
        Prune { older_than } => {
            let count = journal.prune(*older_than)?;
            match output.is_json {
                true => output::document(&json!({ "removed": count }))?,
                false => output::line(&format!("{count} removed"))?,
            }
            return Ok(Exit::Accepted);
        }
        Find { key } => journal.find(key)?,
        Acknowledge { key } => journal.acknowledge(key)?,
        Resolve { key, finding: Finding { run, .. }, note: Note { who, reason } } => {
            if let Some(run) = run {
                check_run(config, run)?;
            }
            journal.resolve(key, run.as_deref(), who, reason)?
        }
        NewAttempt { key, note: Note { who, reason } } => journal.new_attempt(key, who, reason)?,
    };
    match output.is_json {
        true => output::document(&document(&entry))?,
        false => output.pairs(&[
            ("key", Some(entry.key().to_owned())),
            ("state", Some(entry.state().name().to_owned())),
            ("since", local_time(entry.time_ms())),
            ("trigger id", entry.trigger_id().map(str::to_owned)),
            ("acknowledged", entry.is_acknowledged().then(|| "yes".to_owned())),
        ])?,
    }
    Ok(Exit::Accepted)
}

/// Asks the gateway: with a mistyped id, the key would count as accepted, and nothing would run.
fn check_run(config: &Config, trigger_id: &str) -> Result<(), Failure> {
    let client = Client::with_config(config)?;
    match client.get_workflow_history(trigger_id) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(Failure::mistake(format!(
            "the gateway has no run {trigger_id}; nothing was recorded; if there is no run of the \
             key, use --no-run"
        ))),
        Err(error) => Err(error.into()),
    }
}

fn list(entries: &[JournalEntry], output: Output) -> Result<(), Failure> {
    if output.is_json {
        return output::document(&Value::Array(entries.iter().map(document).collect()));
    }
    let row = |entry: &JournalEntry| {
        vec![
            entry.key().to_owned(),
            entry.state().name().to_owned(),
            local_time(entry.time_ms()).unwrap_or_default(),
            entry.trigger_id().unwrap_or_default().to_owned(),
        ]
    };
    let rows: Vec<_> = entries.iter().map(row).collect();
    output.rows(&["key", "state", "since", "trigger id"], &rows)
}

fn document(entry: &JournalEntry) -> Value {
    serde_json::from_str(entry.json()).unwrap_or(Value::Null)
}
