//! `keep_decisive_headers`: a head without the headers that decide nothing says the same, and one
//! that is not whole or not final stays as it came.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../src/transport/header_filter.rs"]
mod header_filter;

const DECISIVE: [&str; 4] =
    ["content-encoding", "content-length", "retry-after", "transfer-encoding"];

/// A head as ureq's parser reads it, and the bytes behind it; none if it is not a whole one.
#[derive(Debug, PartialEq)]
struct Head<'a> {
    version: u8,
    status: u16,
    reason: &'a str,
    headers: Vec<(&'a str, &'a [u8])>,
    behind: &'a [u8],
}

fn parse(bytes: &[u8], max_headers: usize) -> Option<Head<'_>> {
    let mut headers = vec![httparse::EMPTY_HEADER; max_headers];
    let mut response = httparse::Response::new(&mut headers);
    let Ok(httparse::Status::Complete(length)) = response.parse(bytes) else { return None };
    Some(Head {
        version: response.version?,
        status: response.code?,
        reason: response.reason?,
        headers: response.headers.iter().map(|header| (header.name, header.value)).collect(),
        behind: &bytes[length..],
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
    let skipped = &input[start..];
    // As many as ureq takes.
    let Some(mut before) = parse(data, 128) else {
        assert_eq!(skipped, data);
        return;
    };
    if skipped == data {
        // Something has to be there to skip.
        let kept = before.headers.iter().filter(|header| is_decisive(header)).count();
        let is_final = before.version == 1 && before.status >= 200;
        let is_usual = is_final && before.headers.len() <= 64 && kept <= 8;
        assert!(!is_usual || kept == before.headers.len());
        return;
    }
    assert!(before.version == 1 && before.status >= 200);
    let after = parse(skipped, 8).expect("what is left of a head is a head");
    before.headers.retain(is_decisive);
    assert_eq!(after, before);
});
