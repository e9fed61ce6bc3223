//! The bytes between ureq and a stream: requests are collected so that head and body leave in one
//! write, and responses are read into a buffer that grows only for a large head.

use std::ops::Range;

use memchr::memchr;
use ureq::unversioned::transport;
use zeroize::Zeroize;

use super::header_filter;

/// Also the largest record of TLS.
const OUTPUT_BYTES: usize = 16 * 1024;
/// Less room than this and the output is sent before more is added.
const MIN_OUTPUT_ROOM: usize = 1024;

const INPUT_BYTES: usize = 8 * 1024;
pub(super) const MAX_HEAD_BYTES: usize = 64 * 1024;

pub(super) struct Buffers {
    output: Vec<u8>,
    /// Bytes of `output` that wait to be sent.
    pending: usize,
    /// Where the token stands in `output`, until it is wiped.
    secret: Range<usize>,
    input: Vec<u8>,
    /// The part of `input` that was read and not yet consumed.
    unread: Range<usize>,
    /// How much of `input` was written to, until it is wiped.
    used: usize,
    /// Whether the last look at the input consumed something, see `can_use_input`.
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

    pub(super) fn reset(&mut self) {
        self.pending = 0;
        self.unread = 0..0;
        self.has_progress = false;
    }

    pub(super) fn add_output(&mut self, amount: usize) {
        self.pending += amount;
    }

    /// Puts the line with the token, and further ones in parts, behind the request line, which waits
    /// to be sent with all of its head.
    pub(super) fn insert_lines(&mut self, credential: &str, others: [&[u8]; 4]) {
        let length = credential.len() + others.iter().map(|part| part.len()).sum::<usize>();
        let end = self.pending + length;
        if self.output.len() < end {
            self.output.resize(end, 0);
        }
        let at = memchr(b'\n', &self.output[..self.pending]).map_or(0, |newline| newline + 1);
        self.output.copy_within(at..self.pending, at + length);
        self.secret = at..at + credential.len();
        self.pending = end;
        let mut at = at;
        for part in [credential.as_bytes()].into_iter().chain(others) {
            self.output[at..at + part.len()].copy_from_slice(part);
            at += part.len();
        }
    }

    /// Wipes the token once it was sent.
    pub(super) fn wipe_secret(&mut self) {
        let secret = std::mem::take(&mut self.secret);
        self.output[secret].zeroize();
    }

    /// Wipes what was received: a new token or a launch URL may have been in it.
    pub(super) fn wipe_input(&mut self) {
        let used = std::mem::take(&mut self.used);
        self.input[..used].zeroize();
    }

    /// To be called when the first bytes of a response have come.
    pub(super) fn keep_decisive_headers(&mut self) {
        self.unread.start +=
            header_filter::keep_decisive_headers(&mut self.input[self.unread.clone()]);
    }

    pub(super) fn is_output_full(&self) -> bool {
        self.output.len() - self.pending < MIN_OUTPUT_ROOM
    }

    /// What waits to be sent; it is sent, or lost with the connection.
    pub(super) fn take_output(&mut self) -> &[u8] {
        let pending = std::mem::take(&mut self.pending);
        &self.output[..pending]
    }
}

impl Drop for Buffers {
    fn drop(&mut self) {
        self.wipe_secret();
        self.wipe_input();
    }
}

impl transport::Buffers for Buffers {
    fn output(&mut self) -> &mut [u8] {
        &mut self.output[self.pending..]
    }

    fn input(&self) -> &[u8] {
        &self.input[self.unread.clone()]
    }

    fn input_append_buf(&mut self) -> &mut [u8] {
        if self.unread.start > 0 {
            self.input.copy_within(self.unread.clone(), 0);
            self.unread = 0..self.unread.len();
        }
        if self.unread.end == self.input.len() && self.input.len() < MAX_HEAD_BYTES {
            self.input.resize(self.input.len() * 2, 0);
        }
        &mut self.input[self.unread.end..]
    }

    fn input_appended(&mut self, amount: usize) {
        self.unread.end += amount;
        self.used = self.used.max(self.unread.end);
    }

    fn input_consume(&mut self, amount: usize) {
        self.has_progress = amount > 0;
        self.unread.start += amount;
    }

    fn tmp_and_output(&mut self) -> (&mut [u8], &mut [u8]) {
        // The first is scratch space for chunked request bodies, which are never sent here.
        (&mut [], &mut self.output[self.pending..])
    }

    fn can_use_input(&self) -> bool {
        !self.unread.is_empty() && self.has_progress
    }
}
