//! Finds the boundaries of TLS records in received bytes.

/// The position in the TLS record being received. rustls buffers an incomplete record without
/// saying so; on an idle connection, it could be the start of an unsolicited response.
#[derive(Default)]
pub(super) struct Records {
    header: [u8; 5],
    header_length: usize,
    body_left: usize,
    /// Records with handshake messages since the last change of keys, if there was one.
    handshakes: Option<u32>,
}

/// Types of records (RFC 5246 section 6.2.1).
const CHANGE_CIPHER_SPEC: u8 = 20;
const HANDSHAKE: u8 = 22;

impl Records {
    pub(super) fn advance(&mut self, mut bytes: &[u8]) {
        while let Some((&byte, rest)) = bytes.split_first() {
            if self.body_left > 0 {
                let skipped = self.body_left.min(bytes.len());
                self.body_left -= skipped;
                bytes = &bytes[skipped..];
                continue;
            }
            // Type, version, and the length of the body (RFC 8446 section 5.1).
            self.header[self.header_length] = byte;
            self.header_length = (self.header_length + 1) % self.header.len();
            if self.header_length == 0 {
                self.body_left = u16::from_be_bytes([self.header[3], self.header[4]]).into();
                match self.header[0] {
                    CHANGE_CIPHER_SPEC => self.handshakes = Some(0),
                    HANDSHAKE => {
                        self.handshakes = self.handshakes.map(|count| count.saturating_add(1));
                    }
                    _ => {}
                }
            }
            bytes = rest;
        }
    }

    pub(super) fn is_at_boundary(&self) -> bool {
        self.header_length == 0 && self.body_left == 0
    }

    /// True if the peer started another handshake. Only for TLS 1.2: after the change of keys, one
    /// record completes the first handshake.
    pub(super) fn has_renegotiation(&self) -> bool {
        self.handshakes.is_some_and(|count| count > 1)
    }

    /// Returns the header of the last record.
    pub(super) fn header(&self) -> [u8; 5] {
        self.header
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_are_found_however_the_bytes_arrive() {
        let record = [&[23, 3, 3, 0, 3][..], b"abc"].concat();
        let bytes = [&record[..], &[22, 3, 3, 0, 0], &record].concat();
        for size in 1..=bytes.len() {
            let mut records = Records::default();
            let mut boundaries = Vec::new();
            let mut position = 0;
            for piece in bytes.chunks(size) {
                records.advance(piece);
                position += piece.len();
                if records.is_at_boundary() {
                    boundaries.push(position);
                }
            }
            let expected: Vec<_> =
                [8, 13, 21].into_iter().filter(|&end| end % size == 0 || end == 21).collect();
            assert_eq!(boundaries, expected, "in pieces of {size}");
        }
    }

    #[test]
    fn a_handshake_after_the_first_is_noticed() {
        let record = |kind: u8| [kind, 3, 3, 0, 1, 0];
        let first = [22, 22, 22, 20, 22].map(record).concat();
        for (more, is_another) in
            [(&[][..], false), (&[23, 23, 21], false), (&[22], true), (&[23, 22, 21], true)]
        {
            let more: Vec<u8> = more.iter().flat_map(|&kind| record(kind)).collect();
            let mut records = Records::default();
            records.advance(&first);
            records.advance(&more);
            assert_eq!(records.has_renegotiation(), is_another, "{more:?}");
        }
    }
}
