//! The log of a client: lines for a callback of the caller.

use std::fmt;
use std::sync::Arc;

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

type Callback = Arc<dyn Fn(LogLevel, &str) + Send + Sync>;

/// The log callback and its level; nothing is logged by default.
#[derive(Clone, Default)]
pub(crate) struct Log(Option<(LogLevel, Callback)>);

impl Log {
    pub(crate) fn new(max_level: LogLevel, callback: Callback) -> Self {
        Log(Some((max_level, callback)))
    }

    /// Passes a line to the callback. The line is only formatted if its level is logged.
    pub(crate) fn line(&self, level: LogLevel, line: fmt::Arguments<'_>) {
        if let Some((max_level, callback)) = &self.0
            && level <= *max_level
        {
            callback(level, &line.to_string());
        }
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Log").field(&self.0.as_ref().map(|(max_level, _)| max_level)).finish()
    }
}
