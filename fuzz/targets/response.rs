//! Checks the response to a trigger, whatever a server sends: the outcome matches a simple
//! reference, no text of an error contains the token, and memory stays within its limit.
#![no_main]

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::{Read, Write};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use libfuzzer_sys::fuzz_target;
use luma::{Client, Config, Error, Outcome, TriggerRequest};

mod tree;
mod wire;

use tree::{Parsed, Tree};

const TOKEN: &str = "s3cr3t/0123456789-token";
const MAX_RESPONSE_BYTES: usize = 4096;
/// Enough for the buffers of a connection, a head of 64 KiB, the gzip decoder, ureq, and some
/// copies of the longest response.
const MAX_MEMORY: usize = 512 * 1024;

const STATUSES: [u16; 40] = [
    200, 201, 202, 204, 299, 300, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403, 404, 405, 406,
    408, 409, 410, 413, 415, 418, 422, 429, 431, 499, 500, 501, 502, 503, 504, 599, 600, 999, 101,
    250, 206,
];

/// The system's allocator, counting the memory in use.
struct Counting;

static IN_USE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let in_use = IN_USE.fetch_add(layout.size(), Relaxed) + layout.size();
        PEAK.fetch_max(in_use, Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    let mut config = Config::new("http://127.0.0.1:9", TOKEN).unwrap();
    config.set_proxy("direct").unwrap();
    config.set_retries(false).set_max_idle_connections(0).unwrap();
    config.set_max_response_bytes(MAX_RESPONSE_BYTES as u64).unwrap();
    Client::with_config(&config).unwrap()
});

/// The bytes that a server sends.
struct Sent {
    bytes: Vec<u8>,
    /// The status and the body, if this file wrote the framing.
    known: Option<(u16, Vec<u8>)>,
}

/// Frames a response with the given body.
fn framed(status: u16, is_chunked: bool, is_gzip: bool, body: &[u8]) -> Sent {
    let mut head = format!("HTTP/1.1 {status} Reason\r\nServer: fuzz\r\nRetry-After: 1\r\n");
    let mut content = body.to_vec();
    if is_gzip {
        let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(body).unwrap();
        content = encoder.finish().unwrap();
        head += "Content-Encoding: gzip\r\n";
    }
    let has_no_body = matches!(status, 101 | 204 | 304);
    if has_no_body {
        content.clear();
    } else if is_chunked {
        head += "Transfer-Encoding: chunked\r\n";
        let chunks = content
            .chunks(100)
            .map(|chunk| [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat());
        content = chunks.flatten().chain(*b"0\r\n\r\n").collect();
    } else {
        head += &format!("Content-Length: {}\r\n", content.len());
    }
    let body = if has_no_body { Vec::new() } else { body.to_vec() };
    Sent { bytes: [head.as_bytes(), b"\r\n", &content].concat(), known: Some((status, body)) }
}

/// Returns the status and the body of the final response in a server's bytes, if it is complete.
fn whole_response(mut bytes: &[u8], ends_in_reset: bool) -> Option<(u16, Vec<u8>)> {
    let (status, headers, rest) = loop {
        let (lines, rest) = head_lines(bytes)?;
        let (version_and_status, headers) = lines.split_first()?;
        let status = version_and_status.strip_prefix("HTTP/1.")?.get(2..5)?.parse().ok()?;
        if !(100..200).contains(&status) || status == 101 {
            break (status, headers.to_vec(), rest);
        }
        bytes = rest;
    };
    let values = |name: &str| -> Vec<&str> {
        let lines = headers.iter().filter_map(|line| line.split_once(':'));
        lines
            .filter(|line| line.0.trim_end().eq_ignore_ascii_case(name))
            .map(|line| line.1.trim())
            .collect()
    };
    let lengths = values("content-length");
    let body = match (status, &values("transfer-encoding")[..], &lengths[..]) {
        (101 | 204 | 304, ..) => Vec::new(),
        (_, [], []) if !ends_in_reset => rest.to_vec(),
        (_, [], [length, others @ ..]) if others.iter().all(|other| other == length) => {
            rest.get(..length.parse().ok()?)?.to_vec()
        }
        (_, [encoding], []) if encoding.eq_ignore_ascii_case("chunked") => dechunked(rest)?,
        _ => return None,
    };
    if body.len() > MAX_RESPONSE_BYTES {
        return None;
    }
    let is_gzip = values("content-encoding").iter().any(|value| value.contains("gzip"));
    if !is_gzip && !values("content-encoding").iter().any(|v| v.eq_ignore_ascii_case("x-gzip")) {
        return Some((status, body));
    }
    let mut decoded = Vec::new();
    match MultiGzDecoder::new(&body[..]).take(5000).read_to_end(&mut decoded) {
        Ok(length) if length > MAX_RESPONSE_BYTES => None,
        Ok(_) => Some((status, decoded)),
        // The body may be plain text, and an error is judged by its status.
        Err(_) => Some((status, body)),
    }
}

fn head_lines(bytes: &[u8]) -> Option<(Vec<&str>, &[u8])> {
    let mut lines = Vec::new();
    let mut rest = bytes;
    loop {
        let end = rest.iter().position(|&byte| byte == b'\n')?;
        let line = &rest[..end];
        rest = &rest[end + 1..];
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match std::str::from_utf8(line) {
            // Skip empty lines before a head.
            Ok("") if lines.is_empty() => {}
            Ok("") => return Some((lines, rest)),
            Ok(line) => lines.push(line),
            // No relevant header has a value that is not UTF-8.
            Err(_) => {}
        }
    }
}

fn dechunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.iter().position(|&byte| byte == b'\n')?;
        let size = std::str::from_utf8(&rest[..end]).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        rest = &rest[end + 1..];
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(..size)?);
        rest = &rest[size..];
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n"))?;
    }
}

/// Returns the outcome that the outcome table has for a response, or `None` where this simple
/// reference cannot decide.
fn expected(status: u16, body: &[u8]) -> Option<Outcome> {
    const REJECTED: [u16; 12] = [307, 308, 400, 401, 403, 404, 405, 409, 413, 415, 422, 429];
    let is_rejection = REJECTED.contains(&status);
    let mentions_id = body.windows(9).any(|window| window == b"triggerId");
    let by_status = || match (mentions_id, is_rejection) {
        (true, true) => None,
        (false, true) => Some(Outcome::Rejected),
        (_, false) => Some(Outcome::Unknown),
    };
    if tree::is_nested_too_deep(body) {
        return by_status();
    }
    let tree = match tree::parse(body) {
        Parsed::Tree(tree) => tree,
        Parsed::Odd => return None,
        Parsed::NotJson => return by_status(),
    };
    let names = ["status", "statusCode", "statusLine", "errors", "resultData"];
    let Some(envelope_status) = tree.get("status").and_then(Tree::text) else {
        return by_status();
    };
    if names.iter().any(|name| tree.has_twice(name)) || !matches!(tree, Tree::Object(_)) {
        return by_status();
    }
    let config = tree.get("resultData").and_then(|data| data.get("executionConfig"));
    let has_twice = tree.get("resultData").is_some_and(|data| data.has_twice("executionConfig"))
        || config.is_some_and(|config| config.has_twice("triggerId"));
    // The library reads objects only.
    let is_list = matches!(tree.get("resultData"), Some(Tree::Array(_)))
        || matches!(config, Some(Tree::Array(_)));
    if has_twice || is_list {
        return None;
    }
    let id = config.and_then(|config| config.get("triggerId"));
    match id {
        Some(Tree::Text(id)) if !id.trim().is_empty() => {
            let is_plain = id.len() <= 1024 && id.bytes().all(|byte| byte.is_ascii_graphic());
            let is_success = envelope_status == "Success" && (200..300).contains(&status);
            return match is_success {
                true if is_plain && !id.contains(TOKEN) => Some(Outcome::Accepted),
                true => None,
                // With a trigger id, something may be running, whatever the rest says.
                false => Some(Outcome::Unknown),
            };
        }
        Some(Tree::Text(_) | Tree::Null) | None => {}
        Some(_) => return Some(Outcome::Unknown),
    }
    if mentions_id {
        // Elsewhere in the body, or without a value: only certain not to be accepted.
        return None;
    }
    let may_have_acted = status == 408 || status >= 500;
    let is_error = match (tree.get("statusCode"), tree.get("errors")) {
        (Some(Tree::Integer(code)), _) if *code != 0 && !(200..300).contains(code) => true,
        (_, Some(Tree::Array(errors))) => !errors.is_empty(),
        (_, Some(Tree::Object(errors))) => !errors.is_empty(),
        (_, Some(Tree::Text(error))) if error.trim().is_empty() => return None,
        (_, Some(Tree::Text(_))) => true,
        _ => false,
    };
    match envelope_status {
        "Success" => by_status(),
        "DataValidationError" => Some(Outcome::Rejected),
        _ if is_error && !may_have_acted => Some(Outcome::Rejected),
        _ => by_status(),
    }
}

/// Checks that no text of an error contains the token.
fn check_secrecy(error: &Error) {
    let escaped = TOKEN.replace('/', "\\/");
    let texts = [error.message(), &error.to_string(), &format!("{error:?}")];
    let shown = texts.into_iter().chain(error.errors().iter().map(String::as_str));
    for text in shown {
        assert!(!text.contains(TOKEN) && !text.contains(&escaped), "{text}");
        assert!(!text.chars().any(char::is_control), "{text:?}");
    }
    if let Some(response) = error.response() {
        assert!(!response.text().contains(TOKEN) && !response.text().contains(&escaped));
        let text = tree::without_surrogates(response.text());
        if let Parsed::Tree(tree) = tree::parse(text.as_bytes()) {
            assert!(!tree.any_text(&|text| text.contains(TOKEN)), "{}", response.text());
        }
    }
}

/// Checks that a message does not contain a part of the token, if the body contains whole tokens
/// only.
fn check_parts(message: &str, body: &[u8]) {
    const PART: usize = 12;
    let escaped = TOKEN.replace('/', "\\/");
    let others = String::from_utf8_lossy(body).replace(TOKEN, "\0").replace(&escaped, "\0");
    let part_of = |text: &str| {
        let mut parts = (0..=TOKEN.len() - PART).map(|at| &TOKEN[at..at + PART]);
        parts.find(|part| text.contains(part))
    };
    if !others.contains('\\') && part_of(&others).is_none() {
        assert_eq!(part_of(message), None, "{message}");
    }
}

fuzz_target!(|data: &[u8]| {
    // Letters and digits are enough for these bytes, so that seeds can be written by hand.
    let Some((&[kind, status, first, others], content)) = data.split_first_chunk() else { return };
    let bit = |bit: u8| kind >> bit & 1 == 1;
    let (is_raw, is_chunked, is_gzip, ends_in_reset) = (bit(0), bit(1), bit(2), bit(3));
    let piece = |byte: u8| usize::from(byte.wrapping_sub(b'0'));
    let sent = match is_raw {
        true => Sent { bytes: content.to_vec(), known: None },
        false => {
            let status = STATUSES[piece(status) % STATUSES.len()];
            framed(status, is_chunked, is_gzip, content)
        }
    };
    let request = TriggerRequest::new("w").unwrap();
    LazyLock::force(&CLIENT);
    wire::script(wire::split(&sent.bytes, piece(first), piece(others)), ends_in_reset);

    let before = IN_USE.load(Relaxed);
    PEAK.store(before, Relaxed);
    let result = CLIENT.trigger_workflow(&request);
    let memory = PEAK.load(Relaxed) - before;
    assert!(memory <= MAX_MEMORY, "{memory}");

    let request = wire::sent();
    assert!(request.starts_with(b"POST /gateway/api/v1/workflow/trigger HTTP/1.1\r\n"));
    assert!(request.ends_with(br#"{"workflowIdentifier":"w","variables":{}}"#));

    let outcome = match &result {
        Ok(_) => Outcome::Accepted,
        Err(error) => error.outcome(),
    };
    if let Err(error) = &result {
        check_secrecy(error);
        if let Some((_, body)) = &sent.known {
            check_parts(error.message(), body);
        }
        assert_ne!(outcome, Outcome::Accepted);
        assert_ne!(error.kind(), luma::ErrorKind::Internal);
    }
    assert_ne!(outcome, Outcome::NotSent);

    let whole = match &sent.known {
        Some((_, body)) if body.len() > MAX_RESPONSE_BYTES => None,
        Some(known) => Some(known.clone()),
        None => whole_response(&sent.bytes, ends_in_reset),
    };
    let Some((status, body)) = whole else {
        assert_eq!(outcome, Outcome::Unknown);
        return;
    };
    let expected = expected(status, &body);
    match (outcome, expected) {
        // In arbitrary bytes, the reference accepts more as a response than the library does.
        (Outcome::Unknown, _) if is_raw => {}
        (outcome, Some(expected)) => assert_eq!(outcome, expected, "{status} {body:?}"),
        (_, None) => {}
    }
    if let (Ok(trigger), Parsed::Tree(tree)) = (&result, tree::parse(&body)) {
        let id = ["resultData", "executionConfig", "triggerId"];
        let id = id.iter().try_fold(&tree, |at, name| at.get(name)).and_then(Tree::text);
        assert_eq!(id, Some(trigger.trigger_id()));
        assert!(!trigger.trigger_id().trim().is_empty());
        assert!((200..300).contains(&status));
    }
});
