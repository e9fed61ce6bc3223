//! Decodes complete gzip bodies (RFC 1952), up to a size limit.

use std::io::{self, BufRead, Read};

use flate2::bufread::MultiGzDecoder;

/// The first bytes of every gzip body.
pub(super) const MAGIC: &[u8] = &[0x1F, 0x8B];

/// How much is decoded before checking whether to stop. The most expensive input, empty members of
/// 20 bytes, takes 7 us each, and the most that can become of this many bytes is 4 MB.
const STEP_BYTES: usize = 4096;

/// Decodes a body. Stops one byte after `max_bytes`, so that the caller can reject a larger one.
///
/// # Errors
///
/// If the body is not valid gzip; [`io::ErrorKind::TimedOut`] if `must_stop` returns true.
#[inline(never)] // The decoder needs 50 KB of stack, which responses without gzip must not pay for.
pub(super) fn decode(
    body: &[u8],
    max_bytes: u64,
    must_stop: &dyn Fn() -> bool,
) -> io::Result<Vec<u8>> {
    let mut decoded = Vec::new();
    let steps = Steps { rest: body, left: 0, must_stop };
    MultiGzDecoder::new(steps).take(max_bytes.saturating_add(1)).read_to_end(&mut decoded)?;
    Ok(decoded)
}

/// Gives the decoder its input in small steps. One read of the decoder may consume all of it: a
/// member, or a block in it, may decode to nothing.
struct Steps<'a> {
    rest: &'a [u8],
    /// How much of the current step is left.
    left: usize,
    must_stop: &'a dyn Fn() -> bool,
}

impl BufRead for Steps<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            if (self.must_stop)() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            self.left = STEP_BYTES.min(self.rest.len());
        }
        Ok(&self.rest[..self.left])
    }

    fn consume(&mut self, amount: usize) {
        self.rest = &self.rest[amount..];
        self.left -= amount;
    }
}

impl Read for Steps<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let amount = self.fill_buf()?.read(buffer)?;
        self.consume(amount);
        Ok(amount)
    }
}
