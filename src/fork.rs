//! Detects a fork: a child process must not use its parent's connections.

#[cfg(unix)]
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

/// Cached, because `getpid` would be a system call in every call.
static CHILD: AtomicU32 = AtomicU32::new(0);

/// Returns 0 in the process that loaded the library and a different number in each forked child.
pub(crate) fn process() -> u32 {
    CHILD.load(Ordering::Relaxed)
}

/// Records that this process is a child. Called in the child, by the handler of `pthread_atfork`.
#[cfg(unix)]
pub(crate) fn note_child() {
    CHILD.store(process::id(), Ordering::Relaxed);
}
