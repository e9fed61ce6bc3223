//! System calls that neither the standard library nor a dependency offers safely, and those that
//! several modules share.

#[cfg(unix)]
use std::sync::atomic::{AtomicI32, Ordering};

#[cfg(windows)]
mod winhttp;
#[cfg(windows)]
pub(crate) use winhttp::proxy_for_url;

/// Runs `body` with all signals blocked in this thread, so that a thread started by it never
/// receives one: the host process may expect its signals in its own threads.
///
/// Signals that report a fault of the thread itself are not blocked.
#[cfg(unix)]
pub(crate) fn with_signals_blocked<T>(body: impl FnOnce() -> T) -> T {
    use std::mem::MaybeUninit;

    /// Restores the mask, also if `body` panics.
    struct Restore(libc::sigset_t);
    impl Drop for Restore {
        fn drop(&mut self) {
            // SAFETY: the mask is the one that pthread_sigmask stored. Setting it back cannot fail.
            unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &self.0, std::ptr::null_mut()) };
        }
    }

    let faults = [
        libc::SIGABRT,
        libc::SIGBUS,
        libc::SIGFPE,
        libc::SIGILL,
        libc::SIGSEGV,
        libc::SIGSYS,
        libc::SIGTRAP,
    ];
    let mut mask = MaybeUninit::uninit();
    let mut before = MaybeUninit::uninit();
    // SAFETY: sigfillset initialises `mask`. The signals are valid, so sigdelset and
    // pthread_sigmask cannot fail, and pthread_sigmask initialises `before`.
    let _restore = unsafe {
        libc::sigfillset(mask.as_mut_ptr());
        for fault in faults {
            libc::sigdelset(mask.as_mut_ptr(), fault);
        }
        libc::pthread_sigmask(libc::SIG_SETMASK, mask.as_ptr(), before.as_mut_ptr());
        Restore(before.assume_init())
    };
    body()
}

#[cfg(not(unix))]
pub(crate) fn with_signals_blocked<T>(body: impl FnOnce() -> T) -> T {
    body()
}

/// Returns a number that no other running thread has. Not [`std::thread::current`]: in a thread of
/// the host process, that would register a destructor.
#[cfg(unix)]
pub(crate) fn thread_id() -> u64 {
    // SAFETY: it has no preconditions.
    unsafe { libc::pthread_self() as u64 }
}

#[cfg(windows)]
pub(crate) fn thread_id() -> u64 {
    // SAFETY: it has no preconditions.
    unsafe { windows::GetCurrentThreadId() }.into()
}

/// Returns a file or a socket that is not standard input, output or error: a host process that runs
/// with these closed, as some daemons do, may still print, and that would corrupt a request or a
/// log.
#[cfg(unix)]
pub(crate) fn above_standard_streams<F>(file: F) -> std::io::Result<F>
where
    F: std::os::fd::AsRawFd + std::os::fd::AsFd + From<std::os::fd::OwnedFd>,
{
    if file.as_raw_fd() > libc::STDERR_FILENO {
        return Ok(file);
    }
    Ok(rustix::io::fcntl_dupfd_cloexec(&file, libc::STDERR_FILENO + 1)?.into())
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "it can fail on Unix")]
pub(crate) fn above_standard_streams<F>(file: F) -> std::io::Result<F> {
    Ok(file)
}

/// Registers a function that a forked child process calls before `fork` returns in it.
///
/// The shared library is never unloaded (`-z nodelete`). A plug-in that contains the static library
/// may be: glibc then removes the handler, if the plug-in was linked with gcc's start files, which
/// call `__cxa_finalize`. A plug-in without them, for instance one that Zig linked, needs
/// `-z nodelete` too; registering with `__dso_handle` would not help.
///
/// `in_child` may only do what is allowed in a forked child: store to an atomic, close a file.
#[cfg(unix)]
pub(crate) fn at_fork(in_child: extern "C" fn()) {
    // It fails only without memory. Then a child process is not detected.
    //
    // SAFETY: a function of this library, which obeys the rule above.
    unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
}

/// A locked file that a forked child closes: the lock belongs to the open file, of which the child
/// has a duplicate, so it would otherwise last until the child ends or starts another program.
///
/// Between opening a file and registering it, and between dropping this and closing the file, there
/// are a few nanoseconds in which a fork is not noticed. Then, and if more than 256 files are
/// registered, a child keeps the lock. That is safe: a locked key is never sent.
pub(crate) struct ClosedInChild {
    #[cfg(unix)]
    slot: Option<&'static AtomicI32>,
}

/// The descriptors of the registered files, else [`NO_FILE`]. A list without a lock, because a
/// forked child must not wait for a lock that another thread of its parent held.
#[cfg(unix)]
static CLOSED_IN_CHILD: [AtomicI32; 256] = [const { AtomicI32::new(NO_FILE) }; 256];
#[cfg(unix)]
const NO_FILE: i32 = -1;

#[cfg(unix)]
impl ClosedInChild {
    pub(crate) fn register(file: &std::fs::File) -> Self {
        use std::os::fd::AsRawFd;

        let descriptor = file.as_raw_fd();
        let is_taken = |slot: &&AtomicI32| {
            slot.compare_exchange(NO_FILE, descriptor, Ordering::SeqCst, Ordering::Relaxed).is_ok()
        };
        ClosedInChild { slot: CLOSED_IN_CHILD.iter().find(is_taken) }
    }
}

#[cfg(unix)]
impl Drop for ClosedInChild {
    fn drop(&mut self) {
        if let Some(slot) = self.slot {
            slot.store(NO_FILE, Ordering::SeqCst);
        }
    }
}

/// Closes the registered files, in a forked child.
#[cfg(unix)]
pub(crate) fn close_in_child() {
    for slot in &CLOSED_IN_CHILD {
        let descriptor = slot.swap(NO_FILE, Ordering::SeqCst);
        if descriptor != NO_FILE {
            // SAFETY: the owner of the file is a thread of the parent, or code that checks the
            // process before it uses or closes the file. close may be called in a forked child.
            unsafe { libc::close(descriptor) };
        }
    }
}

/// Windows does not fork.
#[cfg(not(unix))]
impl ClosedInChild {
    pub(crate) fn register(_: &std::fs::File) -> Self {
        ClosedInChild {}
    }
}

/// Kills a child process that leads a group, and the other processes of that group, which may
/// outlive it. Does nothing if somebody has waited for the child.
#[cfg(unix)]
pub(crate) fn kill_group(child: &std::process::Child) {
    use std::mem::MaybeUninit;

    let Ok(group @ 1..) = libc::pid_t::try_from(child.id()) else { return };
    let mut state = MaybeUninit::<libc::siginfo_t>::uninit();
    let options = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
    // SAFETY: `state` is valid for writing. As long as nobody has waited for the child, which
    // WNOWAIT does not do either, its number belongs to no other process and no other group.
    unsafe {
        if libc::waitid(libc::P_PID, group as libc::id_t, state.as_mut_ptr(), options) == 0 {
            libc::kill(-group, libc::SIGKILL);
        }
    }
}

/// True if the system has ended a thread, so that joining it cannot block. On Windows, a thread
/// needs the lock of the loader to end, and the caller may hold that.
#[cfg(windows)]
pub(crate) fn has_ended(thread: &std::thread::JoinHandle<()>) -> bool {
    use std::os::windows::io::AsRawHandle;

    // SAFETY: the handle is open.
    unsafe { windows::WaitForSingleObject(thread.as_raw_handle(), 0) == 0 }
}

#[cfg(not(windows))]
pub(crate) fn has_ended(thread: &std::thread::JoinHandle<()>) -> bool {
    thread.is_finished()
}

/// Keeps the code of this library in memory for a thread of its own, even if the host process
/// unloads the DLL meanwhile. Elsewhere it is not needed: `libluma.so` is never unloaded.
///
/// Dropping it without [`release`](Self::release) keeps the library until the process ends.
#[must_use]
pub(crate) struct LoadedLibrary {
    /// The handle of the DLL, or of the program that contains this library.
    #[cfg(windows)]
    module: windows::Module,
}

#[cfg(windows)]
impl LoadedLibrary {
    /// # Errors
    ///
    /// That of the system.
    pub(crate) fn hold() -> std::io::Result<Self> {
        let mut module = 0;
        // SAFETY: with this flag, the second argument is an address in the module, and that of a
        // function is one. `module` is valid for writing.
        let is_held = unsafe {
            windows::GetModuleHandleExW(
                windows::FROM_ADDRESS,
                Self::hold as *const () as *const u16,
                &raw mut module,
            )
        };
        if is_held == 0 {
            return Err(std::io::Error::last_os_error());
        }
        Ok(LoadedLibrary { module })
    }

    /// Undoes `hold`, after the thread has ended. The caller's own code must remain loaded for
    /// another reason: the host process must not unload the library during a call.
    pub(crate) fn release(self) {
        // SAFETY: the handle was counted by `hold`.
        unsafe { windows::FreeLibrary(self.module) };
    }
}

#[cfg(not(windows))]
impl LoadedLibrary {
    #[allow(clippy::unnecessary_wraps, reason = "it can fail on Windows")]
    pub(crate) fn hold() -> std::io::Result<Self> {
        Ok(LoadedLibrary {})
    }

    pub(crate) fn release(self) {}
}

/// The functions of kernel32.dll that the standard library does not offer.
#[cfg(windows)]
mod windows {
    /// An HMODULE, as a number because it is only passed on.
    pub(super) type Module = isize;

    /// GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS. Without further flags, the module is counted once
    /// more, as by LoadLibrary.
    pub(super) const FROM_ADDRESS: u32 = 4;

    #[link(name = "kernel32")]
    unsafe extern "system" {
        pub(super) fn GetModuleHandleExW(
            flags: u32,
            address: *const u16,
            module: *mut Module,
        ) -> i32;
        pub(super) fn FreeLibrary(module: Module) -> i32;
        pub(super) fn WaitForSingleObject(handle: *mut std::ffi::c_void, milliseconds: u32) -> u32;
        pub(super) fn GetCurrentThreadId() -> u32;
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::thread;

    use super::*;

    /// The mask of the current thread, as the kernel prints it.
    fn blocked_signals() -> u64 {
        let status = std::fs::read_to_string("/proc/thread-self/status").unwrap();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigBlk:")).unwrap();
        u64::from_str_radix(mask.trim(), 16).unwrap()
    }

    #[test]
    fn only_a_thread_that_is_started_meanwhile_blocks_signals() {
        let before = blocked_signals();
        let thread = with_signals_blocked(|| thread::spawn(blocked_signals));
        assert_eq!(blocked_signals(), before);
        let blocked = thread.join().unwrap();
        for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGUSR1, libc::SIGALRM, libc::SIGCHLD] {
            assert_ne!(blocked & 1 << (signal - 1), 0, "{signal}");
        }
        for signal in [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL] {
            assert_eq!(blocked & 1 << (signal - 1), before & 1 << (signal - 1), "{signal}");
        }
    }
}
