//! Decodes complete gzip bodies (RFC 1952), up to a size limit.

use std::io::{self, BufRead, Read};

use flate2::bufread::MultiGzDecoder;

use crate::wiped;

/// The first bytes of every gzip body.
pub(super) const MAGIC: &[u8] = &[0x1F, 0x8B];

/// True if this is the name of gzip in `Content-Encoding` (RFC 9110 section 8.4.1.3).
pub(super) fn is_name(encoding: &[u8]) -> bool {
    [&b"gzip"[..], b"x-gzip"].iter().any(|name| encoding.eq_ignore_ascii_case(name))
}

/// How much is decoded before checking whether to stop. The most expensive input, empty blocks of
/// 10 bits, takes 5 us each, so 1 ms per step; a MiB of it takes 4 s.
const STEP_BYTES: usize = 256;

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
    let steps = Steps { rest: body, left: 0, must_stop };
    wiped::read_to_end(MultiGzDecoder::new(steps), 4 * body.len(), max_bytes)
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

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    const NEVER: &dyn Fn() -> bool = &|| false;

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn all_members_are_decoded_up_to_the_limit() {
        let text = "0123456789".repeat(1000);
        assert_eq!(decode(&gzip(&text), 10_000, NEVER).unwrap(), text.as_bytes());
        let two = [gzip("a"), gzip(""), gzip("b")].concat();
        assert_eq!(decode(&two, 10, NEVER).unwrap(), b"ab");
        // One byte more, so that the caller notices.
        assert_eq!(decode(&gzip(&text), 99, NEVER).unwrap().len(), 100);
        assert!(decode(&gzip(&text)[..30], 10_000, NEVER).is_err());
        assert!(decode(&[gzip("a"), vec![0]].concat(), 10, NEVER).is_err());
    }

    #[test]
    fn decoding_stops_within_a_step_whatever_the_input_decodes_to() {
        let empty_members = gzip("").repeat(2000);
        // Blocks that store nothing.
        let empty_blocks = [&gzip("")[..10], &[0, 0, 0, 0xFF, 0xFF].repeat(8000)].concat();
        let text = "0123456789abcdef".repeat(1 << 18);
        for body in [&empty_members, &empty_blocks, &gzip(&text)] {
            let steps = Cell::new(0);
            let must_stop = || {
                steps.set(steps.get() + 1);
                steps.get() > 3
            };
            let error = decode(body, u64::MAX, &must_stop).unwrap_err();
            assert_eq!((error.kind(), steps.get()), (io::ErrorKind::TimedOut, 4));
        }
    }
}
