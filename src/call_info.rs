//! How a call went: what it was called, how often it was tried, and how long it took.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::limits::{MAX_ID_BYTES, is_visible_ascii};

const CLIENT_BYTES: usize = 16;
const MADE_BYTES: usize = CLIENT_BYTES + 1 + 8;

/// How a call went, whatever came of it.
#[derive(Debug, Clone, Default)]
pub struct CallInfo {
    pub(crate) request_id: RequestId,
    pub(crate) attempts: u32,
    pub(crate) is_connection_reused: bool,
    pub(crate) timings: Timings,
}

/// How long the parts of a call took.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Timings {
    pub(crate) dns: Option<Duration>,
    pub(crate) connect: Option<Duration>,
    pub(crate) tls: Option<Duration>,
    pub(crate) first_byte: Option<Duration>,
    pub(crate) total: Option<Duration>,
}

impl CallInfo {
    /// Of what was refused before it was a call.
    pub(crate) const NONE: &'static CallInfo = &CallInfo {
        request_id: RequestId::None,
        attempts: 0,
        is_connection_reused: false,
        timings: Timings { dns: None, connect: None, tls: None, first_byte: None, total: None },
    };

    /// What goes out as `X-Request-Id`.
    pub fn request_id(&self) -> String {
        self.request_id.to_string()
    }

    /// How many requests were tried, whether or not anything of them was sent: one, and one for
    /// each time it was tried again; of a list one for each page, of a wait one for each look, and
    /// one more where the token was replaced meanwhile.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Whether the last request went out on a connection of the pool.
    pub fn is_connection_reused(&self) -> bool {
        self.is_connection_reused
    }

    /// How long the last attempt took to resolve the host, or the proxy's, or until that failed;
    /// none if it did not.
    pub fn dns(&self) -> Option<Duration> {
        self.timings.dns
    }

    /// How long the last attempt took to connect, with the proxy's tunnel, or until that failed; none
    /// if it did not.
    pub fn connect(&self) -> Option<Duration> {
        self.timings.connect
    }

    /// How long the last attempt took for the TLS handshake, or until that failed; none if there was
    /// none.
    pub fn tls(&self) -> Option<Duration> {
        self.timings.tls
    }

    /// How long after the last request was sent the first byte came; none if none came.
    pub fn first_byte(&self) -> Option<Duration> {
        self.timings.first_byte
    }

    /// How long the call took, with all attempts and the pauses between them; none if it was
    /// refused before it began.
    pub fn total(&self) -> Option<Duration> {
        self.timings.total
    }
}

/// What a call is called in the logs of both sides.
#[derive(Debug, Clone, Default)]
pub(crate) enum RequestId {
    #[default]
    None,
    /// By the caller.
    Given(Arc<str>),
    /// A number of the client's, and one of the call's.
    Made([u8; MADE_BYTES]),
}

impl RequestId {
    /// # Errors
    ///
    /// What is wrong with the text, to follow its name.
    pub(crate) fn given(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() {
            Err("is empty")
        } else if text.len() > MAX_ID_BYTES {
            Err("is longer than 128 bytes")
        } else if !is_visible_ascii(text) {
            Err("holds a blank, a line break or another character that is not visible ASCII")
        } else {
            Ok(RequestId::Given(text.into()))
        }
    }

    /// The ids of a client's calls begin with a number of the client's, in hexadecimal digits.
    pub(crate) fn of_client(number: u64) -> Self {
        let mut text = [b'-'; MADE_BYTES];
        write_digits(&mut text[..CLIENT_BYTES], number);
        RequestId::Made(text)
    }

    /// The id of a call of that client; one that was given is that of every call.
    pub(crate) fn of_call(&self, number: u32) -> Self {
        let mut id = self.clone();
        if let RequestId::Made(text) = &mut id {
            write_digits(&mut text[CLIENT_BYTES + 1..], number.into());
        }
        id
    }

    /// Its text, in ASCII.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            RequestId::None => b"",
            RequestId::Given(text) => text.as_bytes(),
            RequestId::Made(text) => text,
        }
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.as_bytes()))
    }
}

/// As many hexadecimal digits as there is room for, without what `format!` costs each call.
fn write_digits(room: &mut [u8], mut number: u64) {
    for digit in room.iter_mut().rev() {
        *digit = b"0123456789abcdef"[(number % 16) as usize];
        number /= 16;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_ids() {
        for wrong in ["", "a b", "a\r\nX: y", "\u{fc}", &"a".repeat(129)] {
            assert!(RequestId::given(wrong).is_err(), "{wrong}");
        }
        let longest = "a".repeat(128);
        for id in [
            RequestId::None,
            RequestId::given("INC-100/1").unwrap(),
            RequestId::given(&longest).unwrap(),
        ] {
            assert_eq!(id.to_string().as_bytes(), id.as_bytes(), "{id}");
        }
        for (client, call) in [(0, 0), (0xab, 12), (u64::MAX, u32::MAX)] {
            let id = RequestId::of_client(client).of_call(call).to_string();
            assert_eq!(id, format!("{client:016x}-{call:08x}"));
        }
    }
}
