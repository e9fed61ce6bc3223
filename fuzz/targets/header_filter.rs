//! The filters for what a server sends: a shortened head has the same meaning as the original, and
//! what is left of a chunked body decodes to the same data, however the bytes arrive.
#![no_main]
#![allow(dead_code, unused_imports, reason = "the library's own files are included as they are")]

use libfuzzer_sys::fuzz_target;

#[path = "../../src/transport/chunked.rs"]
mod chunked;
#[path = "../../src/transport/gzip.rs"]
mod gzip;
#[path = "../../src/transport/header_filter.rs"]
mod header_filter;
#[path = "../../src/limits.rs"]
mod limits;
#[path = "../../src/memory.rs"]
mod memory;
#[path = "../../src/transport/retry_after.rs"]
mod retry_after;
#[path = "../../src/wiped.rs"]
mod wiped;

use std::time::Duration;

use chunked::ChunkFilter;
use header_filter::HeadFinder;

/// A head as ureq's parser reads it, and the bytes that follow it.
#[derive(Debug, PartialEq)]
struct Head<'a> {
    version: u8,
    status: u16,
    headers: Vec<(String, &'a [u8])>,
    rest: &'a [u8],
}

/// Parses a head; `None` if it is not complete.
fn parse(bytes: &[u8]) -> Option<Head<'_>> {
    let mut headers = vec![httparse::EMPTY_HEADER; 1000];
    let mut response = httparse::Response::new(&mut headers);
    let Ok(httparse::Status::Complete(length)) = response.parse(bytes) else { return None };
    let headers = response.headers.iter();
    Some(Head {
        version: response.version?,
        status: response.code?,
        headers: headers.map(|h| (h.name.to_ascii_lowercase(), h.value.trim_ascii())).collect(),
        rest: &bytes[length..],
    })
}

impl Head<'_> {
    /// Keeps the first header of each kind that decides something, and whose value has a meaning.
    fn shorten(&mut self) {
        let mut seen = Vec::new();
        let (is_old, is_redirect) = (self.version == 0, (300..400).contains(&self.status));
        self.headers.retain_mut(|(name, value)| {
            let is = |expected: &str| value.eq_ignore_ascii_case(expected.as_bytes());
            let is_decisive = match name.as_str() {
                "content-length" | "transfer-encoding" => true,
                "content-encoding" => is("gzip") || is("x-gzip"),
                "retry-after" => is_retry_after(value),
                "location" => is_redirect,
                "connection" => is_old && is("keep-alive"),
                _ => false,
            };
            let is_kept = is_decisive && !seen.contains(name);
            if is_kept {
                seen.push(name.clone());
                if name == "location"
                    && let Some(end) = value.iter().position(|byte| b"?#".contains(byte))
                {
                    *value = &value[..=end];
                }
            }
            is_kept
        });
    }

    fn closes(&self) -> bool {
        let is_close = |token: &[u8]| token.trim_ascii().eq_ignore_ascii_case(b"close");
        let connection = self.headers.iter().filter(|(name, _)| name == "connection");
        connection.flat_map(|(_, value)| value.split(|byte| *byte == b',')).any(is_close)
    }

    /// The first timeout of a Keep-Alive header.
    fn keep_alive(&self) -> Option<Duration> {
        let headers = self.headers.iter().filter(|(name, _)| name == "keep-alive");
        headers.into_iter().find_map(|(_, value)| {
            let value = std::str::from_utf8(value).ok()?;
            let parameters = value.split([',', ';']).filter_map(|one| one.split_once('='));
            let mut timeouts =
                parameters.filter(|(name, _)| name.trim().eq_ignore_ascii_case("timeout"));
            let (_, seconds) = timeouts.next()?;
            let seconds = seconds.trim_start_matches([' ', '\t', '"']);
            let digits: String = seconds.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok().map(Duration::from_secs)
        })
    }
}

/// True for digits, or for what has the form of a date in HTTP. Its numbers may be too large.
fn is_retry_after(value: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(value) else { return false };
    let parsed = retry_after::parse(text);
    assert!(parsed.is_none_or(|pause| pause <= Duration::from_secs(86_400)));
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = text.trim_start_matches('0');
        let expected = if seconds.len() > 5 { 86_400 } else { seconds.parse().unwrap_or(0) };
        assert_eq!(parsed, Some(Duration::from_secs(expected.min(86_400))));
        return true;
    }
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let is_date = DAYS.iter().any(|day| text.starts_with(day)) && text.contains(':');
    assert!(is_date || parsed.is_none(), "{text}");
    parsed.is_some()
}

fn check_head(data: &[u8]) {
    let found = HeadFinder::default().find(data);
    let mut finder = HeadFinder::default();
    let by_byte = (0..=data.len()).find_map(|length| finder.find(&data[..length]).transpose());
    assert_eq!(by_byte, found.clone().transpose());
    let before = parse(data);
    let Ok(Some(head)) = found else {
        assert!(before.is_none_or(|head| head.status < 100));
        return;
    };
    if head.is_interim() {
        return;
    }
    let mut input = data.to_vec();
    let Ok(shortened) = header_filter::shorten(&mut input, &head) else { return };
    let after = parse(&input[shortened.start..]).expect("a shortened head is a valid head");
    assert_eq!(after.rest, &data[head.end..]);
    let Some(mut before) = before else { return };
    assert_eq!(shortened.must_close, before.closes());
    assert_eq!(shortened.keep_alive, before.keep_alive());
    let is_chunked = before.headers.iter().any(|(name, _)| name == "transfer-encoding");
    assert_eq!(shortened.is_chunked, is_chunked);
    before.shorten();
    assert_eq!(after, before);
}

/// Decodes a chunked body; `None` if it is not complete. Accepts more than is valid.
fn decoded(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n")?;
        // An extension may contain any bytes.
        let size = rest[..end].split(|byte| *byte == b';').next()?;
        let size = usize::from_str_radix(std::str::from_utf8(size).ok()?.trim(), 16).ok()?;
        rest = &rest[end + 2..];
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(..size)?);
        rest = rest.get(size..)?.strip_prefix(b"\r\n")?;
    }
}

fn check_chunks(data: &[u8]) {
    let mut whole = data.to_vec();
    let mut filter = ChunkFilter::default();
    let kept = filter.filter(&mut whole).map(|length| decoded(&whole[..length]));
    let mut by_byte = ChunkFilter::default();
    let mut bytes = Vec::new();
    for byte in data {
        let mut piece = [*byte];
        match by_byte.filter(&mut piece) {
            Ok(length) => bytes.extend_from_slice(&piece[..length]),
            Err(problem) => {
                assert_eq!(kept, Err(problem));
                return;
            }
        }
        if by_byte.is_complete() {
            break;
        }
    }
    assert_eq!(by_byte.is_complete(), filter.is_complete());
    if filter.is_complete() {
        let body = decoded(data);
        assert!(body.is_some());
        assert_eq!(kept, Ok(body.clone()));
        assert_eq!(decoded(&bytes), body);
    }
}

fuzz_target!(|data: &[u8]| {
    check_head(data);
    check_chunks(data);
});
