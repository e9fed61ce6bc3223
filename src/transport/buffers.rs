//! The buffers of a connection. Requests are collected, so that head and body leave in one write;
//! responses are read into a buffer that grows only for large headers.

use std::ops::Range;
use std::time::Duration;

use zeroize::Zeroize;

use crate::error::ErrorKind;
use crate::wiped;

use super::chunked::ChunkFilter;
use super::exchange::Fault;
use super::header_filter::{self, HeadFinder};

/// Also the size of the largest TLS record.
const OUTPUT_BYTES: usize = 16 * 1024;
/// Enough for the placeholder that ureq is given, see `http1.rs`.
const SCRATCH_BYTES: usize = 64;

const INPUT_BYTES: usize = 8 * 1024;
/// Limit for the head of a response, with all interim responses before it.
pub(super) const MAX_HEAD_BYTES: usize = 64 * 1024;

/// The part of a response that comes next.
enum Framing {
    Head(HeadFinder),
    /// A chunked body.
    Chunks(ChunkFilter),
    /// Any other body.
    Body,
}

pub(super) struct Buffers {
    /// What has not been sent. Never grows, which would leave a copy behind.
    output: Vec<u8>,
    /// Where ureq writes its placeholder, which is never sent.
    scratch: [u8; SCRATCH_BYTES],
    input: Vec<u8>,
    /// The part of `input` that has been received but not consumed.
    unread: Range<usize>,
    /// Length of the part of `input` that was ever written to, until it is wiped.
    used: usize,
    framing: Framing,
    /// Length of the interim responses that were dropped.
    interim_bytes: usize,
    /// True if the response permits no other after it on this connection.
    must_close: bool,
    /// How long the server keeps the connection open while it is idle, if it ever said so.
    keep_alive: Option<Duration>,
    /// True if ureq consumed something the last time, or has not yet seen the input; see
    /// `can_use_input`.
    has_progress: bool,
}

impl Buffers {
    pub(super) fn new() -> Self {
        Buffers {
            output: Vec::with_capacity(OUTPUT_BYTES),
            scratch: [0; SCRATCH_BYTES],
            input: vec![0; INPUT_BYTES],
            unread: 0..0,
            used: 0,
            framing: Framing::Head(HeadFinder::default()),
            interim_bytes: 0,
            must_close: false,
            keep_alive: None,
            has_progress: false,
        }
    }

    /// Discards the remains of an exchange.
    pub(super) fn reset(&mut self) {
        self.clear_output();
        self.unread = 0..0;
        self.framing = Framing::Head(HeadFinder::default());
        self.interim_bytes = 0;
        self.must_close = false;
        self.has_progress = false;
    }

    pub(super) fn scratch(&mut self) -> &mut [u8] {
        &mut self.scratch
    }

    /// Appends as much to the output as there is room for, and returns the rest.
    pub(super) fn add_output<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let room = OUTPUT_BYTES - self.output.len();
        let (added, rest) = bytes.split_at(bytes.len().min(room));
        self.output.extend_from_slice(added);
        rest
    }

    /// Returns what has not been sent.
    pub(super) fn output(&self) -> &[u8] {
        &self.output
    }

    /// Discards the output and wipes it: the token, and variables that may be passwords.
    pub(super) fn clear_output(&mut self) {
        wiped::wipe(&mut self.output);
    }

    /// Returns the received bytes that have not been consumed; none before the head is complete.
    pub(super) fn input(&self) -> &[u8] {
        match self.framing {
            Framing::Head(_) => &[],
            _ => &self.input[self.unread.clone()],
        }
    }

    /// True if the response is complete, whatever the server still sends.
    pub(super) fn is_complete(&self) -> bool {
        matches!(&self.framing, Framing::Chunks(chunks) if chunks.is_complete())
    }

    /// True if a response that ends here is certainly cut off. If false, ureq knows.
    pub(super) fn is_cut_off(&self) -> bool {
        !self.is_complete() && !matches!(self.framing, Framing::Body)
    }

    /// True if the head of the final response is complete.
    pub(super) fn has_final_head(&self) -> bool {
        !matches!(self.framing, Framing::Head(_))
    }

    /// Makes ureq try the input before it asks for any.
    pub(super) fn offer_input(&mut self) {
        self.has_progress = true;
    }

    pub(super) fn keep_alive(&self) -> Option<Duration> {
        self.keep_alive
    }

    pub(super) fn must_close(&self) -> bool {
        self.must_close
    }

    /// Returns room for more input; empty if the limit for the response's head is reached.
    pub(super) fn input_room(&mut self) -> &mut [u8] {
        if self.unread.start > 0 {
            self.input.copy_within(self.unread.clone(), 0);
            self.unread = 0..self.unread.len();
        }
        if self.unread.end == self.input.len() && self.input.len() < MAX_HEAD_BYTES {
            let mut larger = vec![0; self.input.len() * 2];
            larger[..self.unread.end].copy_from_slice(&self.input[self.unread.clone()]);
            self.wipe_input();
            self.used = self.unread.end;
            self.input = larger;
        }
        &mut self.input[self.unread.end..]
    }

    /// Appends the first `amount` bytes of the room to the input, except what ureq does not need.
    ///
    /// # Errors
    ///
    /// If the response is not valid HTTP, or its head is too large.
    pub(super) fn add_input(&mut self, amount: usize) -> Result<(), Fault> {
        let mut added = self.unread.end..self.unread.end + amount;
        self.unread.end = added.end;
        self.used = self.used.max(added.end);
        while let Framing::Head(finder) = &mut self.framing {
            let input = &mut self.input[self.unread.clone()];
            let found = finder.find(input).map_err(Fault::invalid_http)?;
            let Some(head) = found else { return Ok(()) };
            added.start = self.unread.start + head.end;
            if head.is_interim() {
                self.unread.start = added.start;
                self.interim_bytes += head.end;
                if self.interim_bytes > MAX_HEAD_BYTES {
                    let message = "the interim responses (HTTP 1xx) are larger than 64 KiB";
                    return Err(Fault::new(ErrorKind::ResponseTooLarge, message));
                }
            } else {
                let head = header_filter::shorten(input, &head).map_err(Fault::invalid_http)?;
                self.unread.start += head.start;
                self.must_close = head.must_close;
                self.keep_alive = head.keep_alive.or(self.keep_alive);
                self.framing = match head.is_chunked {
                    true => Framing::Chunks(ChunkFilter::default()),
                    false => Framing::Body,
                };
            }
        }
        if let Framing::Chunks(chunks) = &mut self.framing {
            let kept = chunks.filter(&mut self.input[added.clone()]);
            self.unread.end = added.start + kept.map_err(Fault::invalid_http)?;
        }
        Ok(())
    }

    pub(super) fn consume_input(&mut self, amount: usize) {
        self.has_progress = amount > 0;
        self.unread.start += amount;
    }

    /// True if ureq should try the input it has before it asks for more: there is some, and ureq's
    /// last attempt consumed something.
    pub(super) fn can_use_input(&self) -> bool {
        !self.unread.is_empty() && self.has_progress
    }

    /// Wipes everything received: it may have included a new token or a launch URL.
    pub(super) fn wipe_input(&mut self) {
        let used = std::mem::take(&mut self.used);
        self.input[..used].zeroize();
    }
}

impl Drop for Buffers {
    fn drop(&mut self) {
        self.clear_output();
        self.wipe_input();
    }
}
