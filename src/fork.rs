//! Tells a forked child process from its parent, whose connections it must not use.

#[cfg(unix)]
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

/// Cached, because asking for the process id would cost a system call in every call.
static CHILD: AtomicU32 = AtomicU32::new(0);

/// Returns 0 in the process that loaded the library, and a different number in each process forked
/// from it.
pub(crate) fn process() -> u32 {
    CHILD.load(Ordering::Relaxed)
}

/// Records that this process is a forked child. The fork handler calls it in the child.
#[cfg(unix)]
pub(crate) fn note_child() {
    CHILD.store(process::id(), Ordering::Relaxed);
}
