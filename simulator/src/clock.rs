//! The simulator's clock: real time, or virtual time that only moves when it is advanced.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Start of virtual time, in milliseconds since the Unix epoch: 2023-11-14, 22:13:20 UTC.
pub const VIRTUAL_EPOCH_MS: u64 = 1_700_000_000_000;

/// End of virtual time. Most clients read timestamps as signed numbers.
const MAX_MS: u64 = i64::MAX as u64;

/// Real or virtual time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Time {
    /// The system's time.
    #[default]
    Real,
    /// Starts at [`VIRTUAL_EPOCH_MS`] and moves only with
    /// [`Simulator::advance`](crate::Simulator::advance) or `POST /simulator/time`.
    Virtual,
}

/// A clock in milliseconds since the Unix epoch. It never goes back.
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

    pub(crate) fn is_virtual(&self) -> bool {
        matches!(self, Self::Virtual { .. })
    }

    /// Advances virtual time. The error is a message for users.
    pub(crate) fn advance(&self, by: Duration) -> Result<(), &'static str> {
        let Self::Virtual { now_ms } = self else {
            return Err("Only virtual time can be advanced: start the simulator with \
                        --virtual-time.");
        };
        let advanced = |now: u64| Some(now.saturating_add(milliseconds(by)).min(MAX_MS));
        let _ = now_ms.fetch_update(Ordering::SeqCst, Ordering::SeqCst, advanced);
        Ok(())
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
