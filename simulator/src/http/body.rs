//! Request bodies: by length or in chunks, decoded as they arrive.

use super::error::RequestError;
use super::head::Head;

const MAX_BYTES: usize = 32 * 1024 * 1024;
/// Limit for a chunk-size line with its extensions, and for all trailers together.
const MAX_LINE_BYTES: usize = 4 * 1024;

const TOO_LARGE: RequestError =
    RequestError { status: 413, message: "The request body is too large." };

/// A partly received body.
#[derive(Debug)]
pub(super) struct Body {
    state: State,
    bytes: Vec<u8>,
}

/// The part of the body that comes next.
#[derive(Debug, Clone, Copy)]
enum State {
    /// This many more bytes of a body with a Content-Length.
    Content(usize),
    ChunkSize,
    /// This many more bytes of the chunk.
    Chunk(usize),
    ChunkEnd,
    /// Trailer lines, of which this many bytes were received.
    Trailers(usize),
    Complete,
}

impl Body {
    /// Reads the framing of the body from the headers.
    pub(super) fn from_head(head: &Head) -> Result<Self, RequestError> {
        let mut lengths = head.all("content-length");
        let length = lengths.next();
        let codings: Vec<_> = head.all("transfer-encoding").collect();
        let state = match (length, codings.as_slice()) {
            (None, []) => State::Complete,
            (None, [coding]) if coding.eq_ignore_ascii_case("chunked") => State::ChunkSize,
            (None, _) => {
                return Err(RequestError::malformed("Transfer-Encoding must be chunked."));
            }
            (Some(text), []) => {
                if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(RequestError::malformed("Content-Length must be a number."));
                }
                if lengths.any(|other| other != text) {
                    return Err(RequestError::malformed("The Content-Length headers differ."));
                }
                match text.parse() {
                    Ok(0) => State::Complete,
                    Ok(length) if length <= MAX_BYTES => State::Content(length),
                    _ => return Err(TOO_LARGE),
                }
            }
            (Some(_), _) => {
                return Err(RequestError::malformed(
                    "Content-Length and Transfer-Encoding must not be combined.",
                ));
            }
        };
        Ok(Self { state, bytes: Vec::new() })
    }

    pub(super) fn is_complete(&self) -> bool {
        matches!(self.state, State::Complete)
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Consumes the part of `input` that belongs to the body, and returns its length.
    pub(super) fn feed(&mut self, input: &[u8]) -> Result<usize, RequestError> {
        let mut used = 0;
        while let Some((state, count)) = self.step(&input[used..])? {
            self.state = state;
            used += count;
        }
        Ok(used)
    }

    /// Makes one step: returns the next state and the number of bytes consumed, or `None` if the
    /// body is complete or needs more input.
    fn step(&mut self, input: &[u8]) -> Result<Option<(State, usize)>, RequestError> {
        if input.is_empty() {
            return Ok(None);
        }
        Ok(match self.state {
            State::Complete => None,
            State::Content(left) => {
                let count = self.keep(input, left);
                let next =
                    if count == left { State::Complete } else { State::Content(left - count) };
                Some((next, count))
            }
            State::ChunkSize => self.parse_chunk_size(input)?,
            State::Chunk(left) => {
                let count = self.keep(input, left);
                let next = if count == left { State::ChunkEnd } else { State::Chunk(left - count) };
                Some((next, count))
            }
            State::ChunkEnd if b"\r\n".starts_with(&input[..input.len().min(2)]) => {
                (input.len() >= 2).then_some((State::ChunkSize, 2))
            }
            State::ChunkEnd => {
                return Err(RequestError::malformed("A chunk is longer than its size."));
            }
            State::Trailers(seen) => match input.iter().position(|byte| *byte == b'\n') {
                _ if seen + input.len().min(MAX_LINE_BYTES) > MAX_LINE_BYTES => {
                    return Err(RequestError::malformed("The trailers are too long."));
                }
                Some(end) if matches!(&input[..end], b"" | b"\r") => {
                    Some((State::Complete, end + 1))
                }
                Some(end) => Some((State::Trailers(seen + end + 1), end + 1)),
                None => None,
            },
        })
    }

    fn parse_chunk_size(&self, input: &[u8]) -> Result<Option<(State, usize)>, RequestError> {
        const INVALID: RequestError = RequestError { status: 400, message: "Invalid chunk size." };
        if !input[0].is_ascii_hexdigit() {
            return Err(INVALID);
        }
        match httparse::parse_chunk_size(input) {
            Ok(httparse::Status::Complete((count, 0))) => Ok(Some((State::Trailers(0), count))),
            Ok(httparse::Status::Complete((count, size))) => {
                let room = MAX_BYTES - self.bytes.len();
                match usize::try_from(size) {
                    Ok(size) if size <= room => Ok(Some((State::Chunk(size), count))),
                    _ => Err(TOO_LARGE),
                }
            }
            Ok(httparse::Status::Partial) if input.len() < MAX_LINE_BYTES => Ok(None),
            _ => Err(INVALID),
        }
    }

    /// Keeps at most `max` bytes of the input, and returns their number.
    fn keep(&mut self, input: &[u8], max: usize) -> usize {
        let count = input.len().min(max);
        self.bytes.extend_from_slice(&input[..count]);
        count
    }
}
