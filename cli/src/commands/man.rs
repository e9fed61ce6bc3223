//! The man pages: `luma(1)`, and a page for each command.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use clap::Command;
use clap_mangen::Man;

use crate::exit;

const ENVIRONMENT: &[(&str, &str)] = &[
    (
        "LUMA_URL, LUMA_TOKEN, LUMA_TOKEN_FILE",
        "The gateway's base URL, and its token or a file with it",
    ),
    ("LUMA_PROFILE", "The profile of the configuration file"),
    ("LUMA_AUTH, LUMA_CA_FILE, LUMA_PROXY, LUMA_LOG", "Override these settings of the file"),
    ("LUMA_JOURNAL", "The folder of the journal"),
    ("NO_COLOR", "If it is not empty, nothing is coloured"),
];

const FILES: &[(&str, &str)] = &[
    ("~/.config/luma/luma.json", "The configuration file of the user, or else"),
    ("/etc/luma/luma.json", "that of the machine"),
];

const EXAMPLES: &[(&str, &str)] = &[
    ("luma check", "What works, and what to change"),
    (
        "luma trigger reset_password userName=jdoe --contact 4021 --ticket 100-1 --wait",
        "Triggers a workflow and waits for its run",
    ),
    (
        "luma trigger reset_password userName=jdoe --once 100-1",
        "Triggers it once for this ticket, also if the program is killed and started again",
    ),
];

/// Writes the pages to a folder.
pub fn write(command: &Command, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    write_page(command, &[], folder)
}

fn write_page(command: &Command, parents: &[&str], folder: &Path) -> io::Result<()> {
    let words = [parents, &[command.get_name()]].concat();
    let name = words.join("-");
    for subcommand in command.get_subcommands().filter(|command| !command.is_hide_set()) {
        write_page(subcommand, &words, folder)?;
    }
    let mut page = fs::File::create(folder.join(format!("{name}.1")))?;
    let version = env!("CARGO_PKG_VERSION");
    // Not the options of all commands, which the first page has.
    let command = command.clone().bin_name(words.join(" ")).display_name(&name);
    let usage = command.clone().disable_help_subcommand(true).render_usage().to_string();
    let man = Man::new(command.clone().disable_help_subcommand(true));
    let title = name.to_uppercase();
    writeln!(page, ".TH {title} 1 \"\" \"luma {version}\" \"User Commands\"")?;
    man.render_name_section(&mut page)?;
    writeln!(page, ".SH SYNOPSIS\n{}", escaped(usage.trim_start_matches("Usage: ")))?;
    man.render_description_section(&mut page)?;
    if command.get_subcommands().next().is_some() {
        man.render_subcommands_section(&mut page)?;
    }
    man.render_options_section(&mut page)?;
    if parents.is_empty() || matches!(words[1], "trigger" | "wait" | "steps") {
        let (codes, last) = exit_codes();
        section(&mut page, "EXIT STATUS", &codes)?;
        writeln!(page, ".PP\n{}", escaped(last))?;
    }
    if parents.is_empty() {
        section(&mut page, "ENVIRONMENT", ENVIRONMENT)?;
        section(&mut page, "FILES", FILES)?;
        section(&mut page, "EXAMPLES", EXAMPLES)?;
        writeln!(page, ".SH SEE ALSO\n.BR luma-simulator (1)")
    } else {
        writeln!(page, ".SH SEE ALSO\n.BR luma (1)\nhas the options of all commands.")
    }
}

fn section(page: &mut impl Write, title: &str, rows: &[(&str, &str)]) -> io::Result<()> {
    writeln!(page, ".SH {title}")?;
    rows.iter()
        .try_for_each(|(name, text)| writeln!(page, ".TP\n.B {}\n{}", escaped(name), escaped(text)))
}

/// Returns the codes with their meanings, and the sentence after them.
fn exit_codes() -> (Vec<(&'static str, &'static str)>, &'static str) {
    let codes = exit::HELP.lines().filter_map(|line| line.strip_prefix("  ")?.split_once("  "));
    (codes.collect(), exit::HELP.lines().last().unwrap_or_default())
}

/// Escapes a text for roff.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-").replace('\n', "\n.br\n");
    if text.starts_with(['.', '\'']) { format!("\\&{text}") } else { text }
}
