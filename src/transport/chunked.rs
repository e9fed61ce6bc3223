//! Checks the chunked coding of a body (RFC 9112 section 7.1) before ureq decodes it, and drops the
//! parts that ureq does not understand.
//!
//! ureq refuses lines of more than 20 bytes, although chunk extensions may be long, and accepts
//! sizes with a sign or a blank, which other readers understand differently or refuse.

/// Follows a body that arrives in pieces.
#[derive(Debug, Default)]
pub(super) struct ChunkFilter {
    state: State,
    /// The size of the current chunk, then how much of its data is still to come.
    size: usize,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first digit of a size.
    #[default]
    Start,
    Size,
    /// Blanks after a size; some servers pad it.
    Padding,
    Extension,
    /// Before the LF of a size line.
    SizeEnd,
    Data,
    /// Before the CR, and the LF, after the data.
    DataCr,
    DataLf,
    /// After the line of the last chunk.
    Complete,
}

impl ChunkFilter {
    /// True if the last chunk has arrived: the body is complete then, even if the server never
    /// sends the end of the trailer section (RFC 9112 section 8).
    pub(super) fn is_complete(&self) -> bool {
        self.state == State::Complete
    }

    /// Checks the next piece of the body. Moves the part that ureq needs to the front, and returns
    /// its length.
    ///
    /// If the trailer section did not end in the piece with the last chunk, ureq does not see its
    /// end either, and closes the connection.
    ///
    /// # Errors
    ///
    /// Describes what is wrong with the coding.
    pub(super) fn filter(&mut self, piece: &mut [u8]) -> Result<usize, &'static str> {
        let (mut at, mut kept) = (0, 0);
        while at < piece.len() {
            let (length, is_kept) = match self.state {
                State::Data => (self.take_data(piece.len() - at), true),
                _ => (1, self.step(piece[at])?),
            };
            if is_kept {
                if kept < at {
                    piece.copy_within(at..at + length, kept);
                }
                kept += length;
            }
            at += length;
            if self.state == State::Complete {
                // Keeps the empty line, and a surplus, for which ureq closes the connection.
                let rest = trailers_end(&piece[at..]).map_or(piece.len(), |end| at + end);
                piece.copy_within(rest.., kept);
                return Ok(kept + piece.len() - rest);
            }
        }
        Ok(kept)
    }

    /// Takes at most `available` bytes of a chunk's data.
    fn take_data(&mut self, available: usize) -> usize {
        let length = self.size.min(available);
        self.size -= length;
        if self.size == 0 {
            self.state = State::DataCr;
        }
        length
    }

    /// Takes one byte of the framing. Returns true if ureq needs it.
    fn step(&mut self, byte: u8) -> Result<bool, &'static str> {
        const INVALID_SIZE: &str = "it has an invalid chunk size";
        self.state = match (self.state, byte) {
            (State::Start | State::Size, byte) if byte.is_ascii_hexdigit() => {
                let digit = char::from(byte).to_digit(16).unwrap_or_default() as usize;
                // Any number of zeros may precede the size; ureq gets the first.
                let is_kept = digit > 0 || self.size > 0 || self.state == State::Start;
                self.size = self.size.checked_mul(16).ok_or(INVALID_SIZE)? + digit;
                self.state = State::Size;
                return Ok(is_kept);
            }
            (State::Size | State::Padding, b' ' | b'\t') => State::Padding,
            (State::Size | State::Padding, b';') => State::Extension,
            (State::Size | State::Padding | State::Extension, b'\r') => State::SizeEnd,
            (State::Extension, b'\n') => return Err("it has an invalid chunk extension"),
            (State::Extension, _) => State::Extension,
            (State::SizeEnd, b'\n') if self.size == 0 => State::Complete,
            (State::SizeEnd, b'\n') => State::Data,
            (State::DataCr, b'\r') => State::DataLf,
            (State::DataLf, b'\n') => State::Start,
            (State::DataCr | State::DataLf, _) => {
                return Err("it has a chunk that is longer than its size");
            }
            _ => return Err(INVALID_SIZE),
        };
        Ok(!matches!(self.state, State::Padding | State::Extension))
    }
}

/// Returns where the empty line starts that ends the trailer section; `None` if it is not there.
fn trailers_end(rest: &[u8]) -> Option<usize> {
    if rest.starts_with(b"\r\n") {
        return Some(0);
    }
    rest.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Filters a body that arrives in pieces of this length, or the first part of it up to the
    /// piece that completes it.
    fn in_pieces(body: &[u8], length: usize) -> Result<(String, bool), &'static str> {
        let mut filter = ChunkFilter::default();
        let mut kept = Vec::new();
        for piece in body.chunks(length) {
            let mut piece = piece.to_vec();
            let length = filter.filter(&mut piece)?;
            kept.extend_from_slice(&piece[..length]);
            if filter.is_complete() {
                break;
            }
        }
        Ok((String::from_utf8(kept).unwrap(), filter.is_complete()))
    }

    #[test]
    fn sizes_data_and_the_end_are_kept() {
        let extension = format!("4;{}\r\nbody\r\n0\r\n\r\n", "x".repeat(10_000));
        let zeros = format!("{}4\r\nbody\r\n000\r\n\r\n", "0".repeat(100));
        for (body, expected) in [
            ("4\r\nbody\r\n0\r\n\r\n", "4\r\nbody\r\n0\r\n\r\n"),
            (
                "a\r\n0123456789\r\nA\r\n0\r\n\r\n56789\r\n0\r\n\r\n",
                "a\r\n0123456789\r\nA\r\n0\r\n\r\n56789\r\n0\r\n\r\n",
            ),
            ("4;a=b;c=\"d;e\"\r\nbody\r\n0;x\r\n\r\n", "4\r\nbody\r\n0\r\n\r\n"),
            ("4 \t\r\nbody\r\n0  ; x\r\n\r\n", "4\r\nbody\r\n0\r\n\r\n"),
            (&extension, "4\r\nbody\r\n0\r\n\r\n"),
            (&zeros, "04\r\nbody\r\n0\r\n\r\n"),
            ("4\r\nbody\r\n0\r\nX: y\r\nZ: z\r\n\r\n", "4\r\nbody\r\n0\r\n\r\n"),
            ("0\r\n\r\nsurplus", "0\r\n\r\nsurplus"),
            ("0\r\nX: y\r\n\r\nsurplus", "0\r\n\r\nsurplus"),
            // Complete, but ureq must close the connection.
            ("0\r\n", "0\r\n"),
            ("0\r\n\r", "0\r\n"),
            ("0\r\n\n", "0\r\n"),
            ("0\r\nX: y\r\n", "0\r\n"),
            ("0\r\ngarbage", "0\r\n"),
        ] {
            assert_eq!(
                in_pieces(body.as_bytes(), body.len()),
                Ok((expected.into(), true)),
                "{body:?}"
            );
            // Nothing after the last chunk is read.
            let start = expected.split("0\r\n\r\n").next().unwrap();
            for length in 1..body.len().min(20) {
                let (kept, is_complete) = in_pieces(body.as_bytes(), length).unwrap();
                assert!(is_complete && kept.starts_with(start), "{body:?}");
            }
        }
    }

    #[test]
    fn a_body_that_is_cut_is_not_complete() {
        let body = b"04;x=y\r\nbody\r\n2 \r\n\r\n\r\n00\r\n";
        for end in 1..body.len() {
            for length in 1..=end {
                assert!(!in_pieces(&body[..end], length).unwrap().1);
            }
        }
    }

    #[test]
    fn invalid_framing_is_refused() {
        let size = "it has an invalid chunk size";
        let extension = "it has an invalid chunk extension";
        let longer = "it has a chunk that is longer than its size";
        for (body, problem) in [
            ("+4\r\n", size),
            ("-4\r\n", size),
            (" 4\r\n", size),
            ("\t4\r\n", size),
            ("0x4\r\n", size),
            ("4h\r\n", size),
            ("4_0\r\n", size),
            ("4 4\r\n", size),
            ("zz\r\n", size),
            ("\r\n", size),
            (";x\r\n", size),
            ("\u{ff14}\r\n", size),
            ("4\n", size),
            ("4\rx", size),
            ("4\r\r\n", size),
            ("4;x\ry", size),
            ("10000000000000000\r\n", size),
            ("4;x\nbody", extension),
            ("4\r\nbody!\r\n", longer),
            ("4\r\nbody\n", longer),
            ("4\r\nbody\rx", longer),
            ("4\r\nbody\r\n\r\n", size),
        ] {
            for length in 1..=body.len() {
                assert_eq!(in_pieces(body.as_bytes(), length), Err(problem), "{body:?}");
            }
        }
    }
}
