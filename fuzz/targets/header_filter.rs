//! `keep_decisive_headers`: a filtered head has the same meaning as the original, and a head that
//! is incomplete or not final is left unchanged.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../src/transport/header_filter.rs"]
mod header_filter;

const DECISIVE: [&str; 4] =
    ["content-encoding", "content-length", "retry-after", "transfer-encoding"];

/// A head as ureq's parser reads it, and the bytes that follow it.
#[derive(Debug, PartialEq)]
struct Head<'a> {
    version: u8,
    status: u16,
    reason: &'a str,
    headers: Vec<(&'a str, &'a [u8])>,
    rest: &'a [u8],
}

/// Parses a head; `None` if it is not complete.
fn parse(bytes: &[u8], max_headers: usize) -> Option<Head<'_>> {
    let mut headers = vec![httparse::EMPTY_HEADER; max_headers];
    let mut response = httparse::Response::new(&mut headers);
    let Ok(httparse::Status::Complete(length)) = response.parse(bytes) else { return None };
    Some(Head {
        version: response.version?,
        status: response.code?,
        reason: response.reason?,
        headers: response.headers.iter().map(|header| (header.name, header.value)).collect(),
        rest: &bytes[length..],
    })
}

fn is_decisive((name, value): &(&str, &[u8])) -> bool {
    match name.to_ascii_lowercase().as_str() {
        "connection" => !value.eq_ignore_ascii_case(b"keep-alive"),
        name => DECISIVE.contains(&name),
    }
}

fuzz_target!(|data: &[u8]| {
    let mut input = data.to_vec();
    let start = header_filter::keep_decisive_headers(&mut input);
    let filtered = &input[start..];
    // ureq accepts up to 128 headers.
    let Some(mut before) = parse(data, 128) else {
        assert_eq!(filtered, data);
        return;
    };
    if filtered == data {
        // Unchanged: there was nothing to hide, or the filter does not handle such a head.
        let kept = before.headers.iter().filter(|header| is_decisive(header)).count();
        let is_final = before.version == 1 && before.status >= 200;
        let must_filter = is_final && before.headers.len() <= 64 && kept <= 8;
        assert!(!must_filter || kept == before.headers.len());
        return;
    }
    assert!(before.version == 1 && before.status >= 200);
    let after = parse(filtered, 8).expect("a filtered head is a valid head");
    before.headers.retain(is_decisive);
    assert_eq!(after, before);
});
