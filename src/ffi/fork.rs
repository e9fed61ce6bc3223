//! Detects a fork.

use std::sync::Once;

use crate::fork;

/// Registers a fork handler, once, when the first client is created. It marks a child process as
/// such. The shared library is never unloaded (`-z nodelete`). A plug-in that contains the static
/// library may be: glibc then removes the handler, if the plug-in was linked with gcc's start
/// files, which call `__cxa_finalize`. A plug-in without them, for instance one that Zig linked,
/// needs `-z nodelete` too; registering with `__dso_handle` would not help.
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
