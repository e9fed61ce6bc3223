//! Tells a child process from its parent, whose connections it must not use.

#[cfg(unix)]
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

/// Kept, because asking the system would be a system call in every call.
static CHILD: AtomicU32 = AtomicU32::new(0);

/// 0 in the process that loaded the library, another number in each that was forked from it.
pub(crate) fn process() -> u32 {
    CHILD.load(Ordering::Relaxed)
}

/// To be called in the child.
#[cfg(unix)]
pub(crate) fn note_child() {
    CHILD.store(process::id(), Ordering::Relaxed);
}
