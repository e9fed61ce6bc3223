//! The log of a client: lines for a callback of the caller, and for a file.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

use crate::call_info::RequestId;
use crate::log_file::LogFile;
use crate::panic_points;

/// The importance of a log line, most important first.
///
/// Since 0.1.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogLevel {
    /// A call did not end in [`Outcome::Accepted`](crate::Outcome::Accepted), or a client could not
    /// be created.
    Error,
    /// A request is retried, or a setting of the system is not supported.
    Warn,
    /// Requests, responses, and the end of each call.
    Info,
    /// Name resolution, connections, proxies and TLS.
    Debug,
}

impl LogLevel {
    /// Returns `ERROR`, `WARN`, `INFO` or `DEBUG`.
    pub fn name(self) -> &'static str {
        match self {
            LogLevel::Error => "ERROR",
            LogLevel::Warn => "WARN",
            LogLevel::Info => "INFO",
            LogLevel::Debug => "DEBUG",
        }
    }
}

type Callback = Arc<dyn Fn(LogLevel, &str) + Send + Sync>;

/// The destinations of log lines, each with its level; none by default.
#[derive(Clone, Default)]
pub(crate) struct Log(Option<Arc<Sinks>>);

#[derive(Clone, Default)]
struct Sinks {
    callback: Option<(LogLevel, Callback)>,
    file: Option<(LogLevel, LogFile)>,
}

impl Log {
    pub(crate) fn set_callback(&mut self, callback: Option<(LogLevel, Callback)>) {
        self.change(|sinks| sinks.callback = callback);
    }

    pub(crate) fn set_file(&mut self, file: Option<(LogLevel, LogFile)>) {
        self.change(|sinks| sinks.file = file);
    }

    fn change(&mut self, change: impl FnOnce(&mut Sinks)) {
        let mut sinks = self.0.take().map_or_else(Sinks::default, Arc::unwrap_or_clone);
        change(&mut sinks);
        let is_empty = sinks.callback.is_none() && sinks.file.is_none();
        self.0 = (!is_empty).then(|| Arc::new(sinks));
    }

    pub(crate) fn has_callback(&self) -> bool {
        self.0.as_ref().is_some_and(|sinks| sinks.callback.is_some())
    }

    /// Writes a line that belongs to no call.
    pub(crate) fn line(&self, level: LogLevel, line: fmt::Arguments<'_>) {
        if let Some(sinks) = &self.0 {
            sinks.write(level, None, line, &Cell::default());
        }
    }

    /// Writes a line of a call. It is only formatted if its level is logged. `is_in_callback` is
    /// true while the callback runs.
    pub(crate) fn call_line(
        &self,
        level: LogLevel,
        id: &RequestId,
        line: fmt::Arguments<'_>,
        is_in_callback: &Cell<bool>,
    ) {
        if let Some(sinks) = &self.0 {
            sinks.write(level, Some(id), line, is_in_callback);
        }
    }
}

impl Sinks {
    fn write(
        &self,
        level: LogLevel,
        id: Option<&RequestId>,
        line: fmt::Arguments<'_>,
        is_in_callback: &Cell<bool>,
    ) {
        // The callback may panic, so the file comes first.
        if let Some((max_level, file)) = &self.file
            && level <= *max_level
        {
            file.append(level.name(), id, &line.to_string());
        }
        if let Some((max_level, callback)) = &self.callback
            && level <= *max_level
        {
            let line = match id {
                Some(id) => format!("[{id}] {line}"),
                None => line.to_string(),
            };
            panic_points::pass("a line is logged");
            is_in_callback.set(true);
            callback(level, &line);
            is_in_callback.set(false);
        }
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Log(on)" } else { "Log(off)" })
    }
}
