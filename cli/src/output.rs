//! The output of commands: aligned and coloured on a terminal, plain and stable in a pipe, or JSON.

use std::io::{self, ErrorKind, IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use comfy_table::{ContentArrangement, Table, presets};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use luma::RunStatus;
use serde_json::{Map, Value, json};
use terminal_size::Width;

use crate::exit::Failure;

/// In a narrower terminal, a table is wrapped by the terminal.
const MIN_COLUMNS: u16 = 40;

/// The format of the output.
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
            return rows.iter().try_for_each(|row| cells(row));
        }
        let printable = |row: &Vec<String>| row.iter().map(|cell| printable(cell)).collect();
        let rows: Vec<Vec<String>> = rows.iter().map(printable).collect();
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        if let Some((Width(columns), _)) = terminal_size::terminal_size() {
            table.set_width(columns.max(MIN_COLUMNS));
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

    /// Prints names and values, one pair per line. Pairs without a value are left out. A status is
    /// coloured.
    pub fn pairs(&self, pairs: &[(&str, Option<String>)]) -> Result<(), Failure> {
        let width = pairs.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        let dim = Style::new().dimmed();
        for (name, value) in pairs {
            let Some(value) = value else { continue };
            let (name, value) = (printable(name), printable(value));
            match self.is_terminal {
                true => line(&format!("{dim}{name:width$}{dim:#}  {}", status(&value)))?,
                false => line(&format!("{name}\t{value}"))?,
            }
        }
        Ok(())
    }
}

/// Prints the cells of a row, with a tab between them.
pub fn cells(row: &[String]) -> Result<(), Failure> {
    let cells: Vec<_> = row.iter().map(|cell| printable(cell)).collect();
    line(&cells.join("\t"))
}

/// Prints a line to stdout. A text from outside must be [`printable`].
///
/// # Errors
///
/// If it cannot be written; without a message if the reader is gone, which it knows.
pub fn line(text: &str) -> Result<(), Failure> {
    write_line(anstream::stdout(), text)
}

fn write_line(mut stdout: impl Write, text: &str) -> Result<(), Failure> {
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
    // As it is: JSON has no colours, and `anstream` removes characters that look like some.
    write_line(io::stdout(), &value.to_string())
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

const COLORS: [(RunStatus, AnsiColor); 5] = [
    (RunStatus::Completed, AnsiColor::Green),
    (RunStatus::Failed, AnsiColor::Red),
    (RunStatus::Terminated, AnsiColor::Red),
    (RunStatus::Suspended, AnsiColor::Yellow),
    (RunStatus::Running, AnsiColor::Cyan),
];

/// Returns a status with its colour, and any other text without a colour.
pub fn status(text: &str) -> String {
    match COLORS.iter().find(|(status, _)| status.to_string().eq_ignore_ascii_case(text)) {
        Some((_, color)) => colored(*color, text),
        None => printable(text),
    }
}

/// Colours the status in a line of a table, which cannot contain colours while it is aligned.
fn with_colored_status(text: &str) -> String {
    for (status, color) in COLORS {
        let name = status.to_string();
        if text.contains(&format!("  {name}  ")) {
            return text.replacen(&name, &colored(color, &name), 1);
        }
    }
    text.to_owned()
}

fn colored(color: AnsiColor, text: &str) -> String {
    let style = color.on_default();
    format!("{style}{text}{style:#}")
}

/// Returns a text from outside on one line, and without the characters that control a terminal:
/// they could clear the screen, or make a line look like another one.
pub fn printable(text: &str) -> String {
    let replaced = |c: char| match c {
        '\t' | '\n' | '\r' => ' ',
        // The others change the direction of the text behind them.
        _ if c.is_control() => char::REPLACEMENT_CHARACTER,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            char::REPLACEMENT_CHARACTER
        }
        _ => c,
    };
    text.chars().map(replaced).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_from_outside_does_not_control_the_terminal() {
        let text = "a\x1b[2Jb\tc\nd\u{9b}31m\u{202e}e\u{7f} \u{e4}\u{200d}";
        let shown = "a\u{fffd}[2Jb c d\u{fffd}31m\u{fffd}e\u{fffd} \u{e4}\u{200d}";
        assert_eq!(printable(text), shown);
    }

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
