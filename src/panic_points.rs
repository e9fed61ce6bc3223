//! Places at which `tests/it/panics.rs` forces a panic. They exist only with the feature
//! `panic-points`, which only that test enables.

/// Does nothing.
#[cfg(not(feature = "panic-points"))]
#[inline(always)]
pub(crate) fn pass(_: &str) {}

#[cfg(feature = "panic-points")]
pub(crate) use enabled::pass;
#[cfg(feature = "panic-points")]
pub use enabled::{arm, disarm};

#[cfg(feature = "panic-points")]
mod enabled {
    use std::sync::{Mutex, MutexGuard, PoisonError};

    static PASSED: Mutex<Passed> = Mutex::new(Passed { names: Vec::new(), left: None });

    struct Passed {
        /// The points that were passed since [`arm`].
        names: Vec<&'static str>,
        /// How many are left until one panics. `None` once it has.
        left: Option<usize>,
    }

    fn lock() -> MutexGuard<'static, Passed> {
        PASSED.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Panics if the point is the one that was armed.
    pub(crate) fn pass(name: &'static str) {
        let mut passed = lock();
        let Some(left) = &mut passed.left else { return };
        // A second panic, in a destructor, would abort.
        if std::thread::panicking() {
            return;
        }
        *left -= 1;
        let must_panic = *left == 0;
        passed.names.push(name);
        if must_panic {
            passed.left = None;
            drop(passed);
            panic!("forced: {name}");
        }
    }

    /// Lets the point of this number panic, in whichever thread. The next one has number 1.
    pub fn arm(number: usize) {
        *lock() = Passed { names: Vec::new(), left: Some(number) };
    }

    /// Returns the points that were passed, and whether the last one has panicked.
    pub fn disarm() -> (Vec<&'static str>, bool) {
        let mut passed = lock();
        let has_panicked = passed.left.take().is_none();
        (std::mem::take(&mut passed.names), has_panicked)
    }
}
