//! Tells a child process from its parent, whose connections it must not use.

use std::sync::atomic::{AtomicU32, Ordering};

/// A process identifier would tell as well, but asking for it is a system call in every call.
static FORKS: AtomicU32 = AtomicU32::new(0);

/// How often the process was forked, counted in the child.
pub(super) fn count() -> u32 {
    FORKS.load(Ordering::Relaxed)
}

/// To be called in the child.
#[cfg(unix)]
pub(crate) fn has_happened() {
    FORKS.fetch_add(1, Ordering::Relaxed);
}
