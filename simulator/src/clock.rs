//! The simulator's clock: the real one, or one that stands still until it is advanced.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// When virtual time begins, in milliseconds since the Unix epoch: 2023-11-14, 22:13:20 UTC.
pub const VIRTUAL_EPOCH_MS: u64 = 1_700_000_000_000;

/// Times are signed numbers for most clients; virtual time goes no further.
const LAST_MS: u64 = i64::MAX as u64;

/// What moves a simulator's clock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Time {
    /// Time itself.
    #[default]
    Real,
    /// Nothing but [`Simulator::advance`](crate::Simulator::advance). It begins at [`VIRTUAL_EPOCH_MS`].
    Virtual,
}

/// Tells the time in milliseconds since the Unix epoch. It never goes back.
#[derive(Debug)]
pub(crate) enum Clock {
    Real { started: Instant, started_ms: u64 },
    Virtual { now_ms: AtomicU64 },
}

impl Clock {
    pub(crate) fn new(time: Time) -> Self {
        match time {
            Time::Real => {
                let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH);
                let started_ms = since_epoch.map_or(0, milliseconds);
                Self::Real { started: Instant::now(), started_ms }
            }
            Time::Virtual => Self::Virtual { now_ms: AtomicU64::new(VIRTUAL_EPOCH_MS) },
        }
    }

    pub(crate) fn now_ms(&self) -> u64 {
        match self {
            Self::Real { started, started_ms } => started_ms + milliseconds(started.elapsed()),
            Self::Virtual { now_ms } => now_ms.load(Ordering::SeqCst),
        }
    }

    /// Moves virtual time forward, or says why not.
    pub(crate) fn advance(&self, by: Duration) -> Result<(), &'static str> {
        let Self::Virtual { now_ms } = self else {
            return Err("The clock is the real one: only virtual time can be advanced.");
        };
        let later = |now: u64| Some(now.saturating_add(milliseconds(by)).min(LAST_MS));
        let _ = now_ms.fetch_update(Ordering::SeqCst, Ordering::SeqCst, later);
        Ok(())
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
