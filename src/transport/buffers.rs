//! The buffers between ureq and a stream. Requests are collected, so that head and body leave in
//! one write; responses are read into a buffer that grows only for large headers.

use std::ops::Range;

use memchr::memchr;
use zeroize::Zeroize;

use super::header_filter;

/// Also the size of the largest TLS record.
const OUTPUT_BYTES: usize = 16 * 1024;
/// With less room than this, the output is sent before more is added.
const MIN_OUTPUT_ROOM: usize = 1024;

const INPUT_BYTES: usize = 8 * 1024;
pub(super) const MAX_HEAD_BYTES: usize = 64 * 1024;

pub(super) struct Buffers {
    output: Vec<u8>,
    /// Number of bytes in `output` that have not been sent.
    pending: usize,
    /// The part of `output` that holds the token, until it is wiped.
    secret: Range<usize>,
    input: Vec<u8>,
    /// The part of `input` that has been received but not consumed.
    unread: Range<usize>,
    /// Length of the part of `input` that was ever written to, until it is wiped.
    used: usize,
    /// True if ureq consumed something the last time, or has not yet seen what was received; see
    /// `can_use_input`.
    has_progress: bool,
}

impl Buffers {
    pub(super) fn new() -> Self {
        Buffers {
            output: vec![0; OUTPUT_BYTES],
            pending: 0,
            secret: 0..0,
            input: vec![0; INPUT_BYTES],
            unread: 0..0,
            used: 0,
            has_progress: false,
        }
    }

    /// Discards the remains of an exchange.
    pub(super) fn reset(&mut self) {
        self.pending = 0;
        self.unread = 0..0;
        self.has_progress = false;
    }

    /// Returns the free part of the output buffer.
    pub(super) fn output_room(&mut self) -> &mut [u8] {
        &mut self.output[self.pending..]
    }

    /// Appends the first `amount` bytes of the free part to the output.
    pub(super) fn add_output(&mut self, amount: usize) {
        self.pending += amount;
    }

    /// Inserts header lines after the request line: first the one with the token, then others,
    /// given in parts. The complete head must be pending.
    pub(super) fn insert_headers(&mut self, auth_header: &str, others: [&[u8]; 4]) {
        let length = auth_header.len() + others.iter().map(|part| part.len()).sum::<usize>();
        let end = self.pending + length;
        if self.output.len() < end {
            self.output.resize(end, 0);
        }
        let at = memchr(b'\n', &self.output[..self.pending]).map_or(0, |newline| newline + 1);
        self.output.copy_within(at..self.pending, at + length);
        self.secret = at..at + auth_header.len();
        self.pending = end;
        let mut at = at;
        for part in [auth_header.as_bytes()].into_iter().chain(others) {
            self.output[at..at + part.len()].copy_from_slice(part);
            at += part.len();
        }
    }

    pub(super) fn is_output_full(&self) -> bool {
        self.output.len() - self.pending < MIN_OUTPUT_ROOM
    }

    /// Returns the pending output.
    pub(super) fn output(&self) -> &[u8] {
        &self.output[..self.pending]
    }

    /// Discards the pending output and wipes the token in it.
    pub(super) fn clear_output(&mut self) {
        self.pending = 0;
        self.wipe_secret();
    }

    fn wipe_secret(&mut self) {
        let secret = std::mem::take(&mut self.secret);
        self.output[secret].zeroize();
    }

    /// Returns the received bytes that have not been consumed.
    pub(super) fn input(&self) -> &[u8] {
        &self.input[self.unread.clone()]
    }

    /// Returns room for more input; empty if the limit for the response's head is reached.
    pub(super) fn input_room(&mut self) -> &mut [u8] {
        if self.unread.start > 0 {
            self.input.copy_within(self.unread.clone(), 0);
            self.unread = 0..self.unread.len();
        }
        if self.unread.end == self.input.len() && self.input.len() < MAX_HEAD_BYTES {
            self.input.resize(self.input.len() * 2, 0);
        }
        &mut self.input[self.unread.end..]
    }

    /// Appends the first `amount` bytes of the room to the input.
    pub(super) fn add_input(&mut self, amount: usize) {
        self.unread.end += amount;
        self.used = self.used.max(self.unread.end);
    }

    /// Hides headers that nobody uses from ureq. Called after the first read of a response.
    pub(super) fn keep_decisive_headers(&mut self) {
        self.unread.start +=
            header_filter::keep_decisive_headers(&mut self.input[self.unread.clone()]);
    }

    pub(super) fn consume_input(&mut self, amount: usize) {
        self.has_progress = amount > 0;
        self.unread.start += amount;
    }

    /// Makes ureq try input that was received before it asked for any.
    pub(super) fn offer_input(&mut self) {
        self.has_progress = true;
    }

    /// True if ureq should try the input it has before it asks for more: there is some, and ureq
    /// consumed something the last time it looked.
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
        self.wipe_secret();
        self.wipe_input();
    }
}
