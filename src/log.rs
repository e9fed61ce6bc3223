//! What a client tells its host line by line, if the host listens.

use std::fmt;
use std::sync::Arc;

/// How much a log line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogLevel {
    /// A call ended in anything but [`Outcome::Accepted`](crate::Outcome::Accepted).
    Error,
    /// A request is sent again.
    Warn,
    /// A request and its response, and how a call ended.
    Info,
    /// Resolving, connecting, proxies, TLS, and which connection is used.
    Debug,
}

type Callback = Arc<dyn Fn(LogLevel, &str) + Send + Sync>;

/// Where the lines go. Nobody listens unless it is set.
#[derive(Clone, Default)]
pub(crate) struct Log(Option<(LogLevel, Callback)>);

impl Log {
    pub(crate) fn new(level: LogLevel, callback: Callback) -> Self {
        Log(Some((level, callback)))
    }

    /// Hands out a line, which is made only if somebody listens.
    pub(crate) fn line(&self, level: LogLevel, line: fmt::Arguments<'_>) {
        if let Some((most, callback)) = &self.0
            && level <= *most
        {
            callback(level, &line.to_string());
        }
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Log").field(&self.0.as_ref().map(|(level, _)| level)).finish()
    }
}
