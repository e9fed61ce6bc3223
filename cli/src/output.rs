//! What a command prints: aligned and coloured on a terminal, plain and stable in a pipe, or JSON.

use std::io::{self, ErrorKind, IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use comfy_table::{ContentArrangement, Table, presets};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use luma::RunStatus;
use serde_json::{Map, Value, json};
use terminal_size::Width;

use crate::exit::Failure;

/// Where and how to print.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    pub is_json: bool,
    pub is_terminal: bool,
}

impl Output {
    pub fn new(is_json: bool) -> Self {
        Output { is_json, is_terminal: io::stdout().is_terminal() }
    }

    /// Prints rows of text. In a pipe: no header, a tab between the columns.
    pub fn rows(&self, header: &[&str], rows: &[Vec<String>]) -> Result<(), Failure> {
        if !self.is_terminal {
            for row in rows {
                let cells: Vec<_> = row.iter().map(|cell| one_line(cell)).collect();
                line(&cells.join("\t"))?;
            }
            return Ok(());
        }
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        if let Some((Width(columns), _)) = terminal_size::terminal_size() {
            table.set_width(columns);
        }
        let bold = Style::new().bold();
        // Columns without a value only take room.
        let is_used = |column: &usize| rows.iter().any(|row| !row[*column].is_empty());
        let used: Vec<_> = (0..header.len()).filter(is_used).collect();
        table.set_header(used.iter().map(|column| header[*column].to_uppercase()));
        table.add_rows(rows.iter().map(|row| used.iter().map(|column| row[*column].as_str())));
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        for (number, text) in table.to_string().lines().enumerate() {
            match number {
                0 => line(&format!("{bold}{}{bold:#}", text.trim_end()))?,
                _ => line(&with_colored_status(text.trim_end()))?,
            }
        }
        Ok(())
    }

    /// Prints names and values, one pair per line. Pairs without a value are left out.
    pub fn pairs(&self, pairs: &[(&str, Option<String>)]) -> Result<(), Failure> {
        let width = pairs.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        let dim = Style::new().dimmed();
        for (name, value) in pairs {
            let Some(value) = value else { continue };
            match self.is_terminal {
                true => line(&format!("{dim}{name:width$}{dim:#}  {value}"))?,
                false => line(&format!("{name}\t{}", one_line(value)))?,
            }
        }
        Ok(())
    }
}

/// Prints a line to stdout.
///
/// # Errors
///
/// If it cannot be written; without a message if the reader is gone, which it knows.
pub fn line(text: &str) -> Result<(), Failure> {
    let mut stdout = anstream::stdout();
    writeln!(stdout, "{text}").and_then(|()| stdout.flush()).map_err(|error| {
        Failure::mistake(match error.kind() {
            ErrorKind::BrokenPipe => String::new(),
            _ => format!("cannot write to stdout: {error}"),
        })
    })
}

/// Prints a note for the user to stderr.
pub fn note(text: &str) {
    // Nobody may be reading.
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Returns a text for a program that writes to stderr itself, without colours if `NO_COLOR` is set.
pub fn for_stderr(text: &str) -> String {
    match anstream::AutoStream::choice(&io::stderr()) {
        anstream::ColorChoice::Never => anstream::adapter::strip_str(text).to_string(),
        _ => text.to_owned(),
    }
}

/// Prints a JSON document on one line.
pub fn document(value: &Value) -> Result<(), Failure> {
    line(&value.to_string())
}

/// Returns an object without the members that are null.
pub fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    let members = members.into_iter().filter(|(_, value)| !value.is_null());
    Value::Object(members.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
}

/// Returns a local time: "2026-11-27 10:30:05".
pub fn local_time(ms: i64) -> Option<String> {
    let time = Timestamp::from_millisecond(ms).ok()?;
    Some(time.to_zoned_datetime(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// Returns a time in UTC, as RFC 3339 has it.
pub fn utc_time(ms: Option<i64>) -> Value {
    ms.and_then(|ms| Timestamp::from_millisecond(ms).ok())
        .map_or(Value::Null, |time| json!(time.to_string()))
}

/// Returns a duration in words: "1.2 s", "3 min 05 s", "2 h 10 min".
pub fn duration(ms: i64) -> String {
    let seconds = ms / 1000;
    match seconds {
        ..10 => format!("{}.{} s", seconds, ms % 1000 / 100),
        10..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds / 60 % 60),
    }
}

/// Returns a status with its colour.
pub fn status(status: Option<RunStatus>, text: &str) -> String {
    let color = match status {
        Some(RunStatus::Completed) => AnsiColor::Green,
        Some(RunStatus::Failed | RunStatus::Terminated) => AnsiColor::Red,
        Some(RunStatus::Suspended) => AnsiColor::Yellow,
        Some(RunStatus::Running) => AnsiColor::Cyan,
        _ => return text.to_owned(),
    };
    let style = color.on_default();
    format!("{style}{text}{style:#}")
}

/// Colours the status in a line of a table, which cannot contain colours while it is aligned.
fn with_colored_status(text: &str) -> String {
    use RunStatus::{Completed, Failed, Running, Suspended, Terminated};
    let statuses = [Completed, Failed, Running, Suspended, Terminated];
    let names = statuses.map(|status| (status, status.to_string()));
    match names.iter().find(|(_, name)| text.contains(&format!("  {name}  "))) {
        Some((known, name)) => text.replacen(name, &status(Some(*known), name), 1),
        None => text.to_owned(),
    }
}

fn one_line(text: &str) -> String {
    text.replace(['\t', '\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_two_units_at_most() {
        for (ms, text) in [
            (0, "0.0 s"),
            (1_250, "1.2 s"),
            (12_900, "12 s"),
            (185_000, "3 min 05 s"),
            (7_800_000, "2 h 10 min"),
        ] {
            assert_eq!(duration(ms), text);
        }
    }
}
