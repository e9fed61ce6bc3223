//! Responses in gzip (RFC 1952), decoded when they are whole, and no further than they may be long.

use std::io::{self, Read};

use flate2::bufread::MultiGzDecoder;

/// What every body in gzip starts with.
pub(super) const MAGIC: &[u8] = &[0x1F, 0x8B];

/// The text in a body; at most one byte more than `max_bytes` of it.
///
/// # Errors
///
/// What is wrong with the body.
#[inline(never)] // The decoder needs 50 KB of stack, which no other response shall cost.
pub(super) fn decode(body: &[u8], max_bytes: u64) -> io::Result<Vec<u8>> {
    let mut decoded = Vec::new();
    MultiGzDecoder::new(body).take(max_bytes.saturating_add(1)).read_to_end(&mut decoded)?;
    Ok(decoded)
}
