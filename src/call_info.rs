//! Metadata of a call: its request id, its attempts and its timings.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::limits::{MAX_ID_BYTES, visible_ascii_problem};

const CLIENT_BYTES: usize = 16;
const GENERATED_BYTES: usize = CLIENT_BYTES + "-01234567".len();

/// Metadata of a call, whether it succeeded or failed.
///
/// Since 0.1.0.
#[derive(Debug, Clone, Default)]
pub struct CallInfo {
    pub(crate) request_id: RequestId,
    pub(crate) attempts: u32,
    pub(crate) is_connection_reused: bool,
    pub(crate) timings: Timings,
}

#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Timings {
    pub(crate) dns: Option<Duration>,
    pub(crate) connect: Option<Duration>,
    pub(crate) tls: Option<Duration>,
    pub(crate) first_byte: Option<Duration>,
    pub(crate) total: Option<Duration>,
}

impl CallInfo {
    /// The metadata of a call that was refused before it began.
    pub(crate) const NONE: &'static CallInfo = &CallInfo {
        request_id: RequestId::None,
        attempts: 0,
        is_connection_reused: false,
        timings: Timings { dns: None, connect: None, tls: None, first_byte: None, total: None },
    };

    /// Returns the correlation id that was sent as `X-Request-Id` and that starts the call's log
    /// lines; empty if the call was refused before it began.
    pub fn request_id(&self) -> String {
        self.request_id.to_string()
    }

    /// Returns the number of requests that were attempted, whether or not any byte of them was
    /// sent: one for each page of a list and each poll of a wait, and one more for each retry.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns true if the last request used a pooled connection.
    pub fn is_connection_reused(&self) -> bool {
        self.is_connection_reused
    }

    /// Returns how long the last attempt took to resolve the host, or the proxy's host,
    /// successfully or not; `None` if it did not resolve one.
    pub fn dns(&self) -> Option<Duration> {
        self.timings.dns
    }

    /// Returns how long the last attempt took to connect, including the proxy's tunnel,
    /// successfully or not; `None` if it did not connect.
    pub fn connect(&self) -> Option<Duration> {
        self.timings.connect
    }

    /// Returns how long the last attempt took for the TLS handshake, successfully or not; `None` if
    /// there was no handshake.
    pub fn tls(&self) -> Option<Duration> {
        self.timings.tls
    }

    /// Returns the time from the end of the last request to the first byte of its response; `None`
    /// if no byte was received.
    pub fn first_byte(&self) -> Option<Duration> {
        self.timings.first_byte
    }

    /// Returns how long the call took, including all attempts and the pauses between them; `None`
    /// if the call was refused before it began.
    pub fn total(&self) -> Option<Duration> {
        self.timings.total
    }
}

/// The correlation id of a call, logged by the client and sent to the gateway.
#[derive(Debug, Clone, Default)]
pub(crate) enum RequestId {
    /// The call was refused before it began.
    #[default]
    None,
    /// Chosen by the caller.
    Given(Arc<str>),
    /// Generated from the client's number and the call's number. ASCII.
    Generated { client: u64, text: [u8; GENERATED_BYTES] },
}

impl RequestId {
    /// # Errors
    ///
    /// The problem, to follow the name of the argument in a message.
    pub(crate) fn given(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() {
            Err("is empty")
        } else if text.len() > MAX_ID_BYTES {
            Err("is longer than 128 bytes")
        } else {
            match visible_ascii_problem(text) {
                Some(problem) => Err(problem),
                None => Ok(RequestId::Given(text.into())),
            }
        }
    }

    /// Generates the first part of a client's ids from its number.
    pub(crate) fn generated(client: u64) -> Self {
        let mut text = [0; GENERATED_BYTES];
        write_hex(&mut text[..CLIENT_BYTES], client);
        text[CLIENT_BYTES] = b'-';
        RequestId::Generated { client, text }
    }

    /// Returns the id of a client's call. An id that the caller chose is the same for all calls.
    ///
    /// `process` comes from [`fork::process`](crate::fork::process). In a forked child, a client
    /// that it inherited gets another first part, because both processes continue to count from the
    /// same call.
    pub(crate) fn for_call(&self, call: u32, process: u64) -> Self {
        let mut id = self.clone();
        if let RequestId::Generated { client, text } = &mut id {
            if process != 0 {
                write_hex(&mut text[..CLIENT_BYTES], mixed(*client, process));
            }
            write_hex(&mut text[CLIENT_BYTES + 1..], call.into());
        }
        id
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            RequestId::None => b"",
            RequestId::Given(text) => text.as_bytes(),
            RequestId::Generated { text, .. } => text,
        }
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.as_bytes()))
    }
}

/// Mixes a client's number with that of a forked process: a bijection of `process`, so that two
/// processes never share a result (the finaliser of SplitMix64).
fn mixed(client: u64, process: u64) -> u64 {
    let mut number = process;
    number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    client ^ number ^ number >> 31
}

/// Fills `text` with the hexadecimal digits of a number. `write!` would cost 700 instructions more,
/// 2 % of a trigger.
fn write_hex(text: &mut [u8], mut number: u64) {
    for digit in text.iter_mut().rev() {
        *digit = b"0123456789abcdef"[(number % 16) as usize];
        number /= 16;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn request_ids_are_checked_or_generated() {
        for wrong in ["", "a b", "a\r\nX: y", "\u{fc}", &"a".repeat(129)] {
            assert!(RequestId::given(wrong).is_err(), "{wrong}");
        }
        let longest = "a".repeat(128);
        for id in ["INC-100/1", &longest] {
            assert_eq!(RequestId::given(id).unwrap().to_string(), id);
        }
        for (client, call, id) in [
            (0, 0, "0000000000000000-00000000"),
            (0xab, 12, "00000000000000ab-0000000c"),
            (u64::MAX, u32::MAX, "ffffffffffffffff-ffffffff"),
        ] {
            assert_eq!(RequestId::generated(client).for_call(call, 0).to_string(), id);
        }
        let in_process = |process| RequestId::generated(7).for_call(1, process).to_string();
        let ids: HashSet<_> = (0..1000).map(|pid| in_process(pid << 32)).collect();
        assert_eq!(ids.len(), 1000);
    }
}
