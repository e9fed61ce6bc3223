//! Responses of proxies: the request is sent if and only if the proxy granted the tunnel.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use luma::{Client, Config, ErrorKind, Outcome, TriggerRequest};

mod wire;

const GATEWAY: &str = "http://gateway.example:8080";
const REQUEST: &[u8] = b"POST /gateway/api/v1/workflow/trigger HTTP/1.1\r\n";
const PASSWORD: &str = "pr0xy-s3cr3t";

/// One per kind of proxy: HTTP and SOCKS 5, each without and with credentials.
static CLIENTS: LazyLock<[Client; 4]> = LazyLock::new(|| {
    [
        "http://127.0.0.1",
        "http://u:pr0xy-s3cr3t@127.0.0.1",
        "socks5h://127.0.0.1",
        "socks5h://u:pr0xy-s3cr3t@127.0.0.1",
    ]
    .map(|proxy| {
        let mut config = Config::new(GATEWAY, "t0ken").unwrap();
        config.set_proxy(proxy).unwrap().set_allow_http(true);
        config.set_retries(false).set_max_idle_connections(0).unwrap();
        Client::with_config(&config).unwrap()
    })
});

/// The size of the buffer into which the library reads a proxy's response.
const READ_BYTES: usize = 1024;

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

/// True if an HTTP proxy's bytes grant a tunnel: the last head has a 2xx status, and no more bytes
/// arrived with it, because a server does not speak first.
fn grants_by_http(pieces: &[Vec<u8>]) -> bool {
    let bytes = pieces.concat();
    let mut end = 0;
    loop {
        let Some((status, length)) = head(&bytes[end..]) else { return false };
        end += length;
        match status {
            100 | 102..=199 => {}
            200..=299 => break,
            _ => return false,
        }
    }
    let mut read = 0;
    pieces.iter().flat_map(|piece| piece.chunks(READ_BYTES)).any(|chunk| {
        read += chunk.len();
        read == end
    })
}

/// True if a SOCKS 5 proxy's bytes grant a tunnel.
fn grants_by_socks(bytes: &[u8], has_auth: bool) -> bool {
    let granted = || {
        let ([5, method], mut rest) = bytes.split_first_chunk()? else { return None };
        match (method, has_auth) {
            (0, _) => {}
            (2, true) => {
                let ([_, 0], after) = rest.split_first_chunk()? else { return None };
                rest = after;
            }
            _ => return None,
        }
        let ([5, 0, _, kind], rest) = rest.split_first_chunk()? else { return None };
        let length = match kind {
            1 => 4,
            4 => 16,
            3 => 1 + usize::from(*rest.first()?),
            _ => return None,
        };
        rest.get(..length + 2)
    };
    granted().is_some()
}

fuzz_target!(|data: &[u8]| {
    let Some((&[kind, first, others], bytes)) = data.split_first_chunk() else { return };
    let piece = |byte: u8| usize::from(byte.wrapping_sub(b'0'));
    let pieces = wire::split(bytes, piece(first), piece(others));
    let (is_socks, has_auth) = (kind & 2 != 0, kind & 1 != 0);
    let client = &CLIENTS[usize::from(kind & 3)];
    wire::script(pieces.clone(), kind & 4 != 0);
    let request = TriggerRequest::new("w").unwrap();
    let result = client.trigger_workflow(&request);

    let sent = wire::sent();
    let expected_start: &[u8] =
        if is_socks { b"\x05" } else { b"CONNECT gateway.example:8080 HTTP/1.1\r\n" };
    assert!(sent.starts_with(expected_start));
    let has_tunnel = sent.windows(REQUEST.len()).any(|window| window == REQUEST);
    let grants = match is_socks {
        true => grants_by_socks(bytes, has_auth),
        false => grants_by_http(&pieces),
    };
    assert_eq!(has_tunnel, grants);
    let token = b"t0ken";
    assert_eq!(sent.windows(token.len()).any(|window| window == token), has_tunnel);
    match result {
        Ok(_) => assert!(has_tunnel),
        Err(error) => {
            assert_eq!(error.outcome() == Outcome::NotSent, !has_tunnel, "{error}");
            assert_eq!(error.kind() == ErrorKind::ProxyFailed, !has_tunnel, "{error}");
            assert!(!error.message().chars().any(char::is_control), "{error:?}");
            assert!(!error.message().contains(PASSWORD), "{error}");
        }
    }
});
