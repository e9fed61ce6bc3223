//! Random numbers for jitter and request ids. Not for cryptographic use.

use std::process;
use std::time::SystemTime;

/// Creates a generator, seeded by the time and the process id. `fastrand`'s global functions and
/// `Rng::new` would leave thread-local state in the host process.
pub(crate) fn generator() -> fastrand::Rng {
    let nanoseconds = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |elapsed| elapsed.as_nanos());
    fastrand::Rng::with_seed(nanoseconds as u64 ^ u64::from(process::id()).rotate_left(32))
}
