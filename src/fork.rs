//! Detects that the process was forked: a child must not use the connections of its parent.

#[cfg(unix)]
use std::process;
#[cfg(unix)]
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};
#[cfg(unix)]
use std::time::SystemTime;

#[cfg(unix)]
use crate::sys;

/// Why a call ends in a forked child.
pub(crate) const FORKED: &str =
    "the process was forked during the call, which the parent continues";

/// Cached, because asking for the process id would cost a system call in every call.
static CHILD: AtomicU64 = AtomicU64::new(0);

/// Returns 0 in the process that loaded the library, and a different number in each process forked
/// from it.
pub(crate) fn process() -> u64 {
    CHILD.load(Ordering::Relaxed)
}

/// Registers a fork handler, once. It marks a child process as such, and closes the files that the
/// child must not keep.
#[cfg(unix)]
pub(crate) fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| sys::at_fork(in_child));
}

/// Windows does not fork.
#[cfg(not(unix))]
pub(crate) fn watch() {}

#[cfg(unix)]
extern "C" fn in_child() {
    // A process id may be used again later; together with the time, the number is unique.
    let time = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |elapsed| elapsed.subsec_nanos());
    CHILD.store(u64::from(process::id()) << 32 | u64::from(time), Ordering::Relaxed);
    sys::close_in_child();
}
