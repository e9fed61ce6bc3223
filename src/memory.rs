//! Reports that memory is short, instead of aborting the host process. Only allocations that the
//! caller or the server can make large are checked, not the many small ones.

use std::hint::black_box;
use std::io::{self, Write};

use memchr::memchr2_iter;
use zeroize::Zeroize;

/// Smaller amounts are not checked, so that a usual call does not pay for it.
pub(crate) const MIN_CHECKED: usize = 128 * 1024;
/// Memory that is left for the small allocations that follow a large one.
const SPARE_BYTES: usize = 1024 * 1024;

/// A large allocation failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OutOfMemory;

impl From<OutOfMemory> for io::Error {
    fn from(_: OutOfMemory) -> Self {
        io::ErrorKind::OutOfMemory.into()
    }
}

/// The message of an error for it.
pub(crate) const MESSAGE: &str = "not enough memory";

/// Checks that this much memory can be allocated now. For code whose own allocations cannot report
/// a failure: that of the standard library and of dependencies.
///
/// # Errors
///
/// If it cannot. An amount below 128 KiB always passes.
#[inline]
pub(crate) fn check(bytes: usize) -> Result<(), OutOfMemory> {
    if bytes < MIN_CHECKED { Ok(()) } else { check_large(bytes) }
}

// Out of line: a usual call makes only the comparison.
#[cold]
#[inline(never)]
fn check_large(bytes: usize) -> Result<(), OutOfMemory> {
    let mut probe = Vec::<u8>::new();
    let result = probe.try_reserve_exact(bytes.saturating_add(SPARE_BYTES));
    // Otherwise, the compiler may remove an allocation that nobody uses.
    black_box(&probe);
    result.map_err(|_| OutOfMemory)
}

/// Checks that JSON text can be read: that there is memory for some copies of it, and for `each`
/// bytes per object in it. An object may have only two bytes of text.
///
/// # Errors
///
/// If there is not. A text below 64 KiB always passes.
pub(crate) fn check_for_objects(json: &[u8], each: usize) -> Result<(), OutOfMemory> {
    if json.len() < MIN_CHECKED / 2 {
        return Ok(());
    }
    // In JSON inside a string, the brace of an object may be escaped.
    let count = memchr2_iter(b'{', b'\\', json).count();
    check((4 * json.len()).saturating_add(each.saturating_mul(count)))
}

/// Copies a text.
///
/// # Errors
///
/// If the memory does not suffice.
pub(crate) fn copy(text: &str) -> Result<String, OutOfMemory> {
    check(text.len())?;
    Ok(text.to_owned())
}

/// Makes room for exactly this many bytes more.
///
/// # Errors
///
/// If the memory does not suffice. The bytes stay as they are.
pub(crate) fn reserve(bytes: &mut Vec<u8>, amount: usize) -> Result<(), OutOfMemory> {
    check(bytes.len().saturating_add(amount))?;
    bytes.try_reserve_exact(amount).map_err(|_| OutOfMemory)
}

/// Collects bytes, and remembers whether the memory sufficed for all of them.
pub(crate) struct Collector {
    bytes: Vec<u8>,
    /// True if bytes are missing.
    is_cut: bool,
}

impl Collector {
    /// Allocates memory for this many bytes.
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        let mut bytes = Vec::new();
        let is_cut = reserve(&mut bytes, capacity).is_err();
        Collector { bytes, is_cut }
    }

    pub(crate) fn push(&mut self, part: &[u8]) {
        if self.bytes.capacity() - self.bytes.len() < part.len() {
            self.grow(part.len());
        }
        if !self.is_cut {
            self.bytes.extend_from_slice(part);
        }
    }

    #[cold]
    fn grow(&mut self, amount: usize) {
        let amount = amount.max(self.bytes.capacity());
        self.is_cut |= reserve(&mut self.bytes, amount).is_err();
    }

    /// Returns the bytes.
    ///
    /// # Errors
    ///
    /// If some are missing. The others are wiped.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, OutOfMemory> {
        if self.is_cut {
            self.bytes.as_mut_slice().zeroize();
            return Err(OutOfMemory);
        }
        Ok(self.bytes)
    }
}

impl Write for Collector {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.push(part);
        Ok(part.len())
    }

    fn write_all(&mut self, part: &[u8]) -> io::Result<()> {
        self.push(part);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error, ErrorKind};

    /// More than any machine has.
    const HUGE: usize = isize::MAX as usize - 2 * SPARE_BYTES;

    #[test]
    fn too_large_an_amount_is_an_error() {
        assert_eq!(check(0), Ok(()));
        assert_eq!(check(MIN_CHECKED), Ok(()));
        assert_eq!(check_for_objects(b"{{{", HUGE), Ok(()));
        assert_eq!(check_for_objects(&[b'{'; MIN_CHECKED], HUGE), Err(OutOfMemory));
        assert_eq!(copy("a").as_deref(), Ok("a"));
        assert_eq!(check(HUGE), Err(OutOfMemory));
        assert_eq!(check(usize::MAX), Err(OutOfMemory));
        assert_eq!(Error::from(OutOfMemory).kind(), ErrorKind::OutOfMemory);
    }

    #[test]
    fn bytes_are_collected_or_missed() {
        let mut collector = Collector::with_capacity(2);
        for part in ["a", "bc", "", "def"] {
            collector.push(part.as_bytes());
        }
        assert_eq!(collector.finish().unwrap(), b"abcdef");
        let mut collector = Collector::with_capacity(HUGE);
        collector.push(b"a");
        assert_eq!(collector.finish(), Err(OutOfMemory));
    }
}
