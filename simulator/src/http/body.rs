//! A request's body, by length or in chunks, decoded as it arrives.

use super::{Head, Refusal};

const MOST_BYTES: usize = 32 * 1024 * 1024;
/// A chunk's size with its extensions, or the trailers: nobody needs much of either.
const MOST_LINE_BYTES: usize = 4 * 1024;

const TOO_LARGE: Refusal = Refusal { status: 413, why: "the request's body is too large" };

/// A body under way.
#[derive(Debug)]
pub(super) struct Body {
    awaited: Awaited,
    bytes: Vec<u8>,
}

/// What has to come next.
#[derive(Debug, Clone, Copy)]
enum Awaited {
    Rest(usize),
    ChunkSize,
    Chunk(usize),
    ChunkEnd,
    /// Trailer lines, of which so many bytes have come.
    Trailers(usize),
    Nothing,
}

impl Body {
    /// The body that this head announces.
    pub(super) fn of(head: &Head) -> Result<Self, Refusal> {
        let mut lengths = head.all("content-length");
        let length = lengths.next();
        let codings: Vec<_> = head.all("transfer-encoding").collect();
        let awaited = match (length, codings.as_slice()) {
            (None, []) => Awaited::Nothing,
            (None, [coding]) if coding.eq_ignore_ascii_case("chunked") => Awaited::ChunkSize,
            (None, _) => return Err(Refusal::malformed("only the chunked coding is known")),
            (Some(text), []) => {
                if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(Refusal::malformed("Content-Length must be a number"));
                }
                if lengths.any(|other| other != text) {
                    return Err(Refusal::malformed("two different Content-Lengths"));
                }
                match text.parse() {
                    Ok(0) => Awaited::Nothing,
                    Ok(length) if length <= MOST_BYTES => Awaited::Rest(length),
                    _ => return Err(TOO_LARGE),
                }
            }
            (Some(_), _) => {
                return Err(Refusal::malformed(
                    "Content-Length and Transfer-Encoding exclude each other",
                ));
            }
        };
        Ok(Self { awaited, bytes: Vec::new() })
    }

    pub(super) fn is_whole(&self) -> bool {
        matches!(self.awaited, Awaited::Nothing)
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Takes what belongs to the body from the start of `input`, and says how many bytes that were.
    pub(super) fn feed(&mut self, input: &[u8]) -> Result<usize, Refusal> {
        let mut used = 0;
        while let Some((awaited, count)) = self.step(&input[used..])? {
            self.awaited = awaited;
            used += count;
        }
        Ok(used)
    }

    /// One step: what is awaited afterwards and how many bytes it took; `None` when more bytes are needed, or none any more.
    fn step(&mut self, input: &[u8]) -> Result<Option<(Awaited, usize)>, Refusal> {
        if input.is_empty() {
            return Ok(None);
        }
        Ok(match self.awaited {
            Awaited::Nothing => None,
            Awaited::Rest(left) => {
                let count = self.keep(input, left);
                let after =
                    if count == left { Awaited::Nothing } else { Awaited::Rest(left - count) };
                Some((after, count))
            }
            Awaited::ChunkSize => self.chunk_size(input)?,
            Awaited::Chunk(left) => {
                let count = self.keep(input, left);
                let after =
                    if count == left { Awaited::ChunkEnd } else { Awaited::Chunk(left - count) };
                Some((after, count))
            }
            Awaited::ChunkEnd if b"\r\n".starts_with(&input[..input.len().min(2)]) => {
                (input.len() >= 2).then_some((Awaited::ChunkSize, 2))
            }
            Awaited::ChunkEnd => return Err(Refusal::malformed("a chunk is longer than it says")),
            Awaited::Trailers(seen) => match input.iter().position(|byte| *byte == b'\n') {
                _ if seen + input.len().min(MOST_LINE_BYTES) > MOST_LINE_BYTES => {
                    return Err(Refusal::malformed("the trailers are too long"));
                }
                Some(end) if matches!(&input[..end], b"" | b"\r") => {
                    Some((Awaited::Nothing, end + 1))
                }
                Some(end) => Some((Awaited::Trailers(seen + end + 1), end + 1)),
                None => None,
            },
        })
    }

    fn chunk_size(&self, input: &[u8]) -> Result<Option<(Awaited, usize)>, Refusal> {
        const MALFORMED: &str = "a chunk's size is not a number";
        if !input[0].is_ascii_hexdigit() {
            return Err(Refusal::malformed(MALFORMED));
        }
        match httparse::parse_chunk_size(input) {
            Ok(httparse::Status::Complete((count, 0))) => Ok(Some((Awaited::Trailers(0), count))),
            Ok(httparse::Status::Complete((count, size))) => {
                let room = MOST_BYTES - self.bytes.len();
                match usize::try_from(size) {
                    Ok(size) if size <= room => Ok(Some((Awaited::Chunk(size), count))),
                    _ => Err(TOO_LARGE),
                }
            }
            Ok(httparse::Status::Partial) if input.len() < MOST_LINE_BYTES => Ok(None),
            _ => Err(Refusal::malformed(MALFORMED)),
        }
    }

    fn keep(&mut self, input: &[u8], most: usize) -> usize {
        let count = input.len().min(most);
        self.bytes.extend_from_slice(&input[..count]);
        count
    }
}
