//! Detects a fork.

use std::sync::Once;

use crate::fork;

/// Registers a fork handler, once, when the first client is created. It marks a child process as
/// such. glibc removes the handler when the library is unloaded.
pub(super) fn watch() {
    extern "C" fn in_child() {
        fork::note_child();
    }
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // It fails only without memory. Then a child process is not detected.
        //
        // SAFETY: `in_child` only stores to an atomic, which is allowed in a forked child.
        unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
    });
}
