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
#[path = "../../src/wiped.rs"]
mod wiped;

use chunked::ChunkFilter;
use header_filter::HeadFinder;

const DECISIVE: [&str; 5] =
    ["content-encoding", "content-length", "keep-alive", "retry-after", "transfer-encoding"];

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
        headers: headers.map(|h| (h.name.to_ascii_lowercase(), h.value)).collect(),
        rest: &bytes[length..],
    })
}

/// Keeps the first of each decisive header.
fn shorten(head: &mut Head<'_>) {
    let is_old = head.version == 0;
    let mut seen = Vec::new();
    head.headers.retain(|(name, _)| {
        let is_decisive = DECISIVE.contains(&name.as_str()) || is_old && name == "connection";
        let is_kept = is_decisive && !seen.contains(name);
        seen.push(name.clone());
        is_kept
    });
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
    if let Some(mut before) = before {
        shorten(&mut before);
        assert_eq!(after, before);
    }
}

/// Decodes a chunked body; `None` if it is not complete. Accepts more than is valid.
fn decoded(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n")?;
        let size = std::str::from_utf8(&rest[..end]).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
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
