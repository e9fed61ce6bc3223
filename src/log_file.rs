//! A log file: one line for each event, in UTC, as text or as JSON.
//!
//! The file is opened for each line, so a program that rotates logs can rename or delete it at any
//! time, on Windows too, where the standard library shares files for that. Nothing is kept that a
//! forked process could inherit, and no lock is held. Errors are ignored: a full disk must not
//! change a call.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::call_info::RequestId;
use crate::error::{Error, ErrorKind};
use crate::files;
use crate::json;

#[derive(Debug, Clone)]
pub(crate) struct LogFile {
    path: PathBuf,
    is_json: bool,
}

impl LogFile {
    /// Opens the file once, to report what is wrong with it. Creates it if it does not exist.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::LogFile`].
    pub(crate) fn new(path: &Path, is_json: bool) -> Result<Self, Error> {
        // The host process may change its working directory later.
        let opened = std::path::absolute(path).and_then(|path| open(&path).map(|_| path));
        match opened {
            Ok(path) => Ok(LogFile { path, is_json }),
            Err(error) => {
                let path = files::display(path);
                let message = format!("the log file {path} cannot be opened: {error}");
                Err(Error::local(ErrorKind::LogFile, message))
            }
        }
    }

    /// Appends a line, with one write.
    pub(crate) fn append(&self, level: &str, id: Option<&RequestId>, text: &str) {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let time = Utc(since_epoch);
        let line = if self.is_json {
            let id = id.map(|id| format!(r#""requestId":{},"#, &*json::quoted(&id.to_string())));
            let (id, text) = (id.unwrap_or_default(), json::quoted(text));
            format!("{{\"time\":\"{time}\",\"level\":\"{level}\",{id}\"message\":{}}}\n", &*text)
        } else {
            let id = id.map_or_else(|| "-".to_owned(), RequestId::to_string);
            format!("{time} {level} {id} {}\n", text.replace(char::is_control, " "))
        };
        let _ = open(&self.path).and_then(|mut file| file.write_all(line.as_bytes()));
    }
}

/// Opens a regular file. Anything else, such as a named pipe, could block or raise a signal.
fn open(path: &Path) -> io::Result<File> {
    let file = files::open(OpenOptions::new().append(true).create(true), path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    Ok(file)
}

/// A time since 1970, such as `2026-11-27T09:30:00.125Z`.
struct Utc(Duration);

impl fmt::Display for Utc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let (days, second) = (seconds / 86_400, seconds % 86_400);
        // Eras of 400 years that begin in March, so that a leap day is the last day of a year.
        let days = days + 719_468;
        let (era, day) = (days / 146_097, days % 146_097);
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let march_month = (5 * day + 2) / 153;
        let day = day - (153 * march_month + 2) / 5 + 1;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        let year = era * 400 + year + u64::from(month <= 2);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        let milliseconds = self.0.subsec_millis();
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milliseconds:03}Z"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_utc() {
        for (milliseconds, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (951_868_800_000, "2000-03-01T00:00:00.000Z"),
            (1_700_000_000_125, "2023-11-14T22:13:20.125Z"),
            (1_735_689_599_000, "2024-12-31T23:59:59.000Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(Utc(Duration::from_millis(milliseconds)).to_string(), text);
        }
    }
}
