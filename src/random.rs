//! Random numbers for jitter and request ids. Not for cryptographic use.

use std::process;
use std::time::SystemTime;

use crate::sys;

/// Creates a generator, seeded by the time, the process and the thread. `fastrand`'s global
/// functions and `Rng::new` would leave thread-local state in the host process.
pub(crate) fn generator() -> fastrand::Rng {
    let nanoseconds = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |elapsed| elapsed.as_nanos());
    fastrand::Rng::with_seed(seed(nanoseconds as u64, process::id(), sys::thread_id()))
}

/// Two threads read the same time about once in a hundred times that they read it in parallel. They
/// must not generate the same ids, or pause for the same time before a retry.
fn seed(nanoseconds: u64, process: u32, thread: u64) -> u64 {
    // Multiplied, because the numbers of threads are addresses, which differ in few bits.
    let thread = thread.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    nanoseconds ^ u64::from(process).rotate_left(32) ^ thread
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_and_processes_that_read_the_same_time_have_different_seeds() {
        let (time, stack) = (1_700_000_000_123_456_789, 0x7f12_3400_0000);
        let seeds = [(1, stack), (1, stack + 0x80_1000), (2, stack)]
            .map(|(process, thread)| seed(time, process, thread));
        assert!(seeds[0] != seeds[1] && seeds[0] != seeds[2] && seeds[1] != seeds[2]);
    }
}
