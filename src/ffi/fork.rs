//! Has the library notice that its process was forked.

use std::sync::Once;

use crate::fork;

/// From the first client on, a child process knows that it is one. With glibc the handler goes when
/// the library is unloaded.
pub(super) fn watch() {
    extern "C" fn in_child() {
        fork::note_child();
    }
    static ONCE: Once = Once::new();
    // It fails only without memory; then a child is where it would be without it.
    ONCE.call_once(|| {
        unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
    });
}
