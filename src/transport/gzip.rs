//! Decodes complete gzip bodies (RFC 1952), up to a size limit.

use std::io::{self, Read};

use flate2::bufread::MultiGzDecoder;

/// The first bytes of every gzip body.
pub(super) const MAGIC: &[u8] = &[0x1F, 0x8B];

/// Decodes a body. Stops one byte after `max_bytes`, so that the caller can reject a larger one.
///
/// # Errors
///
/// If the body is not valid gzip.
#[inline(never)] // The decoder needs 50 KB of stack, which responses without gzip must not pay for.
pub(super) fn decode(body: &[u8], max_bytes: u64) -> io::Result<Vec<u8>> {
    let mut decoded = Vec::new();
    MultiGzDecoder::new(body).take(max_bytes.saturating_add(1)).read_to_end(&mut decoded)?;
    Ok(decoded)
}
