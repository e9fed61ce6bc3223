//! Random numbers for jitter, and to tell clients apart. They keep no secret.

use std::process;
use std::time::SystemTime;

/// Not `Rng::new`, which keeps a state for each thread of the host.
pub(crate) fn generator() -> fastrand::Rng {
    let nanoseconds = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |elapsed| elapsed.as_nanos());
    fastrand::Rng::with_seed(nanoseconds as u64 ^ u64::from(process::id()).rotate_left(32))
}
