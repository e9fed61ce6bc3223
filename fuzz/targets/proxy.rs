//! Responses of proxies, and of the gateway behind them: the request is sent if and only if the
//! proxy granted the tunnel, and sent nothing else.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use luma::{Client, Config, ErrorKind, Outcome, TriggerRequest};

mod reference;
mod tree;
mod wire;

use wire::{End, Messages};

const GATEWAY: &str = "http://gateway.example:8080";
const REQUEST: &[u8] = b"POST /gateway/api/v1/workflow/trigger HTTP/1.1\r\n";
// Long enough to be masked everywhere: see SECURITY.md.
const TOKEN: &str = "t0ken-of-16-characters-or-more";
const PASSWORD: &str = "pr0xy-s3cr3t";

/// One per kind of proxy: HTTP and SOCKS 5, each without and with credentials.
static CLIENTS: LazyLock<[Client; 4]> = LazyLock::new(|| {
    ["http://", "http://u:pr0xy-s3cr3t@", "socks5h://", "socks5h://u:pr0xy-s3cr3t@"].map(|proxy| {
        let mut config = Config::new(GATEWAY, TOKEN).unwrap();
        config
            .set_proxy(&format!("{proxy}127.0.0.1:{}", wire::port()))
            .unwrap()
            .set_allow_http(true);
        config.set_retries(false).set_max_idle_connections(0).unwrap();
        Client::with_config(&config).unwrap()
    })
});

/// Returns the status of a head and its length. Headers are not checked.
fn head(bytes: &[u8]) -> Option<(u16, usize)> {
    let start = bytes.iter().position(|byte| !b"\r\n".contains(byte))?;
    let rest = bytes[start..].strip_prefix(b"HTTP/1.")?;
    let ([b'0' | b'1', b' ', status @ .., b' ' | b'\r' | b'\n'], _) =
        rest.split_first_chunk::<6>()?
    else {
        return None;
    };
    let status = std::str::from_utf8(status).ok()?.parse().ok()?;
    let is_end = |at: &usize| bytes[..*at].ends_with(b"\n\n") || bytes[..*at].ends_with(b"\n\r\n");
    let end = (start..=bytes.len()).skip(12).find(is_end)?;
    (status >= 100).then_some((status, end))
}

/// True if an HTTP proxy's bytes grant a tunnel and contain nothing else.
fn grants_by_http(bytes: &[u8]) -> bool {
    let mut end = 0;
    loop {
        let Some((status, length)) = head(&bytes[end..]) else { return false };
        end += length;
        match status {
            100 | 102..=199 => {}
            // A server does not speak first, so what follows would not be its response.
            status => return (200..300).contains(&status) && end == bytes.len(),
        }
    }
}

/// What a SOCKS client receives: a message arrives for each that it sends.
struct Input<'a> {
    arrived: Vec<u8>,
    messages: std::slice::Iter<'a, Vec<u8>>,
}

impl Input<'_> {
    fn receive(&mut self) {
        self.arrived.extend(self.messages.next().into_iter().flatten());
    }

    fn read<const LENGTH: usize>(&mut self) -> Option<[u8; LENGTH]> {
        let bytes = *self.arrived.first_chunk()?;
        self.arrived.drain(..LENGTH);
        Some(bytes)
    }
}

/// Returns the number of messages that a SOCKS 5 proxy has sent when it has granted a tunnel;
/// `None` if it does not, or if it sent more.
fn grants_by_socks(messages: &[Vec<u8>], has_auth: bool) -> Option<usize> {
    let mut input = Input { arrived: Vec::new(), messages: messages.iter() };
    input.receive();
    input.receive();
    match (input.read()?, has_auth) {
        ([5, 0], _) => {}
        ([5, 2], true) => {
            input.receive();
            let [_, 0] = input.read()? else { return None };
        }
        _ => return None,
    }
    input.receive();
    let [5, 0, _, kind] = input.read()? else { return None };
    let length = match kind {
        1 => 4,
        4 => 16,
        3 => input.read::<1>()?[0].into(),
        _ => return None,
    };
    (input.arrived.len() == length + 2).then_some(messages.len() - input.messages.len())
}

fuzz_target!(|data: &[u8]| {
    let Some((&[kind, first, others], bytes)) = data.split_first_chunk() else { return };
    // Letters and digits are enough for these bytes, so that seeds can be written by hand.
    let piece = |byte: u8| usize::from(byte.wrapping_sub(b'0'));
    let (is_socks, has_auth, is_early) = (kind & 2 != 0, kind & 1 != 0, kind & 8 != 0);
    let end = if kind & 4 != 0 { End::Reset } else { End::Wait };
    // The first is sent at once, each other one when something has arrived.
    let mut messages: Vec<_> = bytes.split(|byte| *byte == b'~').map(<[u8]>::to_vec).collect();
    if !is_early {
        messages.insert(0, Vec::new());
    }
    let client = &CLIENTS[usize::from(kind & 3)];
    let served = messages.clone();
    wire::serve(move || Messages(served.clone(), end));
    wire::limit(piece(first), piece(others), 0);
    let result = client.trigger_workflow(&TriggerRequest::new("w").unwrap());
    let sent = wire::received();
    wire::close();

    let expected_start: &[u8] =
        if is_socks { b"\x05" } else { b"CONNECT gateway.example:8080 HTTP/1.1\r\n" };
    let granted = match is_socks {
        true => grants_by_socks(&messages, has_auth),
        false => {
            let until = messages.len().min(2);
            grants_by_http(&messages[..until].concat()).then_some(until)
        }
    };
    let is_reset = |count: &usize| end == End::Reset && *count == messages.len();
    let granted = granted.filter(|count| !is_reset(count));
    // A proxy that resets the connection at once gets nothing.
    assert!(sent.starts_with(expected_start) || sent.is_empty() && messages.len() == 1);
    let has_request = sent.windows(REQUEST.len()).any(|window| window == REQUEST);
    assert_eq!(has_request, granted.is_some());
    let has_token = sent.windows(TOKEN.len()).any(|window| window == TOKEN.as_bytes());
    assert_eq!(has_token, has_request);

    let outcome = result.as_ref().map_or_else(luma::Error::outcome, |_| Outcome::Accepted);
    assert_eq!(outcome == Outcome::NotSent, !has_request, "{result:?}");
    if let Err(error) = &result {
        use ErrorKind::{Connect, ConnectionLost, ProxyFailed};
        let is_of_proxy = matches!(error.kind(), ProxyFailed | ConnectionLost | Connect);
        assert!(is_of_proxy || has_request, "{error:?}");
        assert!(error.kind() != ProxyFailed || !has_request, "{error:?}");
        assert!(!error.message().chars().any(char::is_control), "{error:?}");
        assert!(!error.message().contains(PASSWORD) && !error.message().contains(TOKEN), "{error}");
    }
    if let Some(count) = granted {
        let response = messages.get(count).map_or(&[][..], Vec::as_slice);
        let is_reset = is_reset(&(count + 1));
        let whole = reference::whole_response(response, is_reset, response.len());
        let expected = match whole {
            Some((status, body)) => reference::expected(status, &body, TOKEN),
            None => Some(Outcome::Unknown),
        };
        // The reference accepts more as a response than the library does.
        assert!(outcome == Outcome::Unknown || expected.is_none_or(|e| e == outcome), "{result:?}");
    }
});
