//! The arguments of the command.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::exit;

/// Trigger and follow workflows of the Luma Automation gateway.
#[derive(Debug, Parser)]
#[command(name = "luma", version, after_help = exit::HELP, max_term_width = 100)]
pub struct Arguments {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// Options of all commands.
#[derive(Debug, Args)]
#[command(next_help_heading = "Settings")]
pub struct Global {
    /// The configuration file; without it, the default one
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The profile of the configuration file; the environment is ignored then
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// The gateway's base URL. It needs a token option, and the environment is ignored: both come
    /// from one source
    #[arg(long, global = true, conflicts_with_all = ["config", "profile"])]
    pub url: Option<String>,
    /// The access token of --url; `-` reads it from stdin
    #[arg(long, global = true, group = "token_source", requires = "url")]
    pub token: Option<String>,
    /// A file with the access token of --url
    #[arg(long, global = true, group = "token_source", requires = "url", value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// A command that prints the access token of --url
    #[arg(long, global = true, group = "token_source", requires = "url", value_name = "COMMAND")]
    pub token_command: Option<String>,
    /// A generic credential of Windows' credential store with the access token of --url
    #[arg(long, global = true, group = "token_source", requires = "url", value_name = "NAME")]
    pub token_credential: Option<String>,
    /// The header of the token: `Authorization: Bearer`, or `itas-api-access-key`
    #[arg(long, global = true, value_name = "HEADER")]
    pub header: Option<Header>,
    /// Trust the CA certificates in this PEM file, in place of the system's
    #[arg(long, global = true, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// The proxy, or `direct` for none
    #[arg(long, global = true, value_name = "URL")]
    pub proxy: Option<String>,
    /// The folder of the journal, in place of the settings' one
    #[arg(long, global = true, value_name = "FOLDER")]
    pub journal: Option<PathBuf>,
    /// Allow http:// to other hosts than this one: the token is sent in clear
    #[arg(long, global = true)]
    pub allow_http: bool,
    /// Print JSON: one document, or one line per event
    #[arg(long, global = true, help_heading = "Output")]
    pub json: bool,
    /// Print the log on stderr; -vv with details
    #[arg(short, global = true, action = clap::ArgAction::Count, help_heading = "Output")]
    pub verbose: u8,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Header {
    Bearer,
    Itas,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check settings, connection, TLS and token: what works, and what to change
    ///
    /// Exit codes, as for a Nagios plug-in: 0 all is well, 1 a warning (a certificate that expires
    /// soon, keys of the journal whose outcome is unknown), 2 something fails, 3 the settings are
    /// not usable.
    Check(Check),
    /// List the workflow definitions of the tenant
    Workflows {
        /// A condition, such as `name=='*password*'`
        #[arg(long)]
        filter: Option<String>,
    },
    /// Show a workflow definition: its parameters, and a command line to start with
    Describe {
        /// The workflow's identifier
        workflow: String,
    },
    /// Trigger a workflow
    #[command(after_help = exit::HELP)]
    Trigger(Box<Trigger>),
    /// Wait for runs
    Wait(Wait),
    /// Show the state of a run
    Status {
        /// The trigger id
        id: String,
    },
    /// List the steps of a run
    Steps {
        /// The trigger id
        id: String,
        /// Print each step as it starts and ends, until the run ends
        #[arg(long)]
        follow: bool,
        /// The longest time to follow
        #[arg(long, requires = "follow", value_name = "DURATION", default_value = "1h")]
        #[arg(value_parser = duration)]
        timeout: Duration,
    },
    /// Show a step of a run in detail
    Step {
        /// The trigger id
        id: String,
        /// The id of the step, see `luma steps`
        step: String,
    },
    /// Open a run in the browser
    Open {
        /// The trigger id
        id: String,
        /// Print the URL instead. It contains an access key of the run
        #[arg(long)]
        print: bool,
    },
    /// Manage the journal of keys, which `luma trigger --once` uses
    Journal {
        #[command(subcommand)]
        command: Journal,
    },
    /// Manage access tokens
    Token {
        #[command(subcommand)]
        command: Token,
    },
    /// Print a script that completes the arguments of luma in a shell
    Completions { shell: Shell },
    /// Write the man pages to a folder
    #[command(hide = true)]
    Man { folder: PathBuf },
}

#[derive(Debug, Args)]
pub struct Check {
    /// Warn this many days before the gateway's certificate expires
    #[arg(long, value_name = "DAYS", default_value_t = 14)]
    pub warn_days: i64,
}

#[derive(Debug, Args)]
pub struct Trigger {
    /// The workflow's identifier
    #[arg(required_unless_present = "body", conflicts_with = "body")]
    pub workflow: Option<String>,
    /// Variables: NAME=TEXT; NAME:=JSON for a number, a boolean or an object; NAME=@FILE for a
    /// secret
    #[arg(value_name = "NAME=VALUE", conflicts_with = "body")]
    pub variables: Vec<String>,
    /// A variable whose text somebody else chose: a leading @ is part of it
    #[arg(long = "text", value_name = "NAME=TEXT", conflicts_with = "body")]
    pub texts: Vec<String>,
    /// The contact on whose behalf it runs
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    pub contact: Option<i64>,
    /// The ticket in ISM
    #[arg(long, requires = "contact", conflicts_with = "channel")]
    pub ticket: Option<String>,
    /// The channel account in Luma
    #[arg(long, requires = "contact", value_name = "ACCOUNT")]
    pub channel: Option<String>,
    /// The whole request as JSON, in the gateway's format; `-` reads it from stdin
    #[arg(long = "request", value_name = "FILE")]
    #[arg(conflicts_with_all = ["contact", "ticket", "channel"])]
    pub body: Option<PathBuf>,
    /// Trigger at most once for this key, such as a ticket, whatever happens to this process
    #[arg(long, value_name = "KEY", conflicts_with = "body")]
    pub once: Option<String>,
    /// Wait until the run ends
    #[arg(long)]
    pub wait: bool,
    /// The longest time to wait, such as 90s, 10m or 2h
    #[arg(long, requires = "wait", value_name = "DURATION", default_value = "10m")]
    #[arg(value_parser = duration)]
    pub timeout: Duration,
    /// Also end the wait when the run is suspended, with exit code 7
    #[arg(long, requires = "wait")]
    pub until_suspended: bool,
}

#[derive(Debug, Args)]
pub struct Wait {
    /// The trigger ids
    #[arg(required = true, value_name = "ID")]
    pub ids: Vec<String>,
    /// The longest time to wait, such as 90s, 10m or 2h
    #[arg(long, value_name = "DURATION", default_value = "10m", value_parser = duration)]
    pub timeout: Duration,
    /// Also end the wait when a run is suspended, with exit code 7
    #[arg(long)]
    pub until_suspended: bool,
}

#[derive(Debug, Subcommand)]
pub enum Journal {
    /// Create a journal in a new folder, for the gateway of the settings
    Create,
    /// List the keys that somebody has to look at: unknown outcomes, and accepted runs whose end
    /// nobody acknowledged
    List,
    /// Show what is known about a key
    Find { key: String },
    /// Record that the end of a key's run was seen
    Acknowledge { key: String },
    /// Settle a key whose outcome is unknown, after you have looked
    Resolve {
        key: String,
        #[command(flatten)]
        finding: Finding,
        #[command(flatten)]
        note: Note,
    },
    /// Allow one more run for a key that was accepted
    NewAttempt {
        key: String,
        #[command(flatten)]
        note: Note,
    },
    /// Remove keys that have not changed for this long, except unfinished ones
    Prune {
        /// How long, such as 90d
        #[arg(long, value_name = "DURATION", value_parser = duration)]
        older_than: Duration,
    },
}

/// The finding of a person in the Execution History.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Finding {
    /// The trigger id of its run, which the gateway must know
    #[arg(long, value_name = "ID")]
    pub run: Option<String>,
    /// There is no run: the next trigger with this key sends
    #[arg(long)]
    pub no_run: bool,
}

/// The person who decided, and the reason. The journal keeps both.
#[derive(Debug, Args)]
pub struct Note {
    /// Who decided this
    #[arg(long, value_name = "NAME")]
    pub who: String,
    /// Why
    #[arg(long)]
    pub reason: String,
}

#[derive(Debug, Subcommand)]
pub enum Token {
    /// Generate a new token for a tenant; its old token stops working
    ///
    /// Prints the new token. The configured token is not sent: it may be invalid already.
    Regenerate {
        /// The external id of the tenant, a UUID
        #[arg(long, value_name = "UUID")]
        tenant: String,
        /// A file with the super-admin's token; `-` reads it from stdin
        #[arg(long, value_name = "FILE")]
        super_admin_token: PathBuf,
    },
}

/// Parses a duration such as `90s`, `10m`, `1h30m` or `90d`.
fn duration(text: &str) -> Result<Duration, String> {
    let span: jiff::Span = text.parse().map_err(|_| NO_DURATION)?;
    let days = jiff::SpanRelativeTo::days_are_24_hours();
    let signed = span.to_duration(days).map_err(|_| NO_DURATION)?;
    Duration::try_from(signed).map_err(|_| "a duration cannot be negative".to_owned())
}

const NO_DURATION: &str = "not a duration such as 90s, 10m, 2h or 90d";

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_duration_has_a_unit() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("1h30m"), Ok(Duration::from_secs(5400)));
        assert_eq!(duration("90d"), Ok(Duration::from_secs(90 * 24 * 3600)));
        for text in ["", "10", "-1s", "ten minutes", "3 months"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
