//! A simple reference for which outcome a response to a trigger has.
#![allow(dead_code, reason = "not every target uses all of it")]

use std::io::{Read, Write};

use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use luma::Outcome;

use crate::tree::{self, Parsed, Tree};

pub const STATUSES: [u16; 50] = [
    200, 201, 202, 204, 299, 300, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403, 404, 405, 406,
    408, 409, 410, 413, 415, 418, 422, 429, 431, 499, 500, 501, 502, 503, 504, 599, 600, 999, 101,
    250, 206, 407, 411, 412, 414, 416, 421, 425, 426, 428, 511,
];

/// The bytes that a server sends.
pub struct Sent {
    pub bytes: Vec<u8>,
    /// The status and the body, if `framed` wrote the framing.
    pub known: Option<(u16, Vec<u8>)>,
}

/// Frames a response with the given body.
pub fn framed(status: u16, is_chunked: bool, is_gzip: bool, body: &[u8]) -> Sent {
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

/// True if a text contains a token, as it is or as JSON escapes it.
pub fn contains_token(text: &str, token: &str) -> bool {
    text.contains(token) || text.contains(&token.replace('/', "\\/"))
}

/// Returns the status and the body of the final response in a server's bytes, if it is complete.
pub fn whole_response(
    mut bytes: &[u8],
    ends_in_reset: bool,
    max_bytes: usize,
) -> Option<(u16, Vec<u8>)> {
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
        let lines = headers.iter().filter_map(|line: &String| line.split_once(':'));
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
    if body.len() > max_bytes {
        return None;
    }
    let is_gzip = values("content-encoding").iter().any(|value| value.contains("gzip"));
    if !is_gzip && !values("content-encoding").iter().any(|v| v.eq_ignore_ascii_case("x-gzip")) {
        return Some((status, body));
    }
    let mut decoded = Vec::new();
    match MultiGzDecoder::new(&body[..]).take(max_bytes as u64 + 1).read_to_end(&mut decoded) {
        Ok(length) if length > max_bytes => None,
        Ok(_) => Some((status, decoded)),
        // The body may be plain text, and an error is judged by its status.
        Err(_) => Some((status, body)),
    }
}

fn head_lines(bytes: &[u8]) -> Option<(Vec<String>, &[u8])> {
    let mut lines = Vec::new();
    let mut rest = bytes;
    loop {
        let end = rest.iter().position(|&byte| byte == b'\n')?;
        let line = &rest[..end];
        rest = &rest[end + 1..];
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match (line.is_empty(), lines.is_empty()) {
            // Skip empty lines before a head.
            (true, true) => {}
            (true, false) => return Some((lines, rest)),
            (false, _) => lines.push(String::from_utf8_lossy(line).into_owned()),
        }
    }
}

fn dechunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.iter().position(|&byte| byte == b'\n')?;
        // What follows a semicolon is ignored, whatever it is.
        let size = rest[..end].split(|&byte| byte == b';').next()?;
        let size = usize::from_str_radix(std::str::from_utf8(size).ok()?.trim(), 16).ok()?;
        rest = &rest[end + 1..];
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(..size)?);
        rest = &rest[size..];
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n"))?;
    }
}

/// Returns the outcome that the outcome table has for a response to a trigger, or `None` where this
/// simple reference cannot decide.
pub fn expected(status: u16, body: &[u8], token: &str) -> Option<Outcome> {
    const UNPROCESSED: [u16; 15] =
        [401, 403, 404, 405, 407, 411, 413, 414, 415, 421, 425, 426, 428, 429, 431];
    const REFUSED: [u16; 6] = [307, 308, 400, 409, 410, 422];
    let may_name_id = may_name_trigger_id(body);
    let by_status = || match status {
        _ if UNPROCESSED.contains(&status) || status == 511 => {
            (!may_name_id).then_some(Outcome::Rejected)
        }
        _ if REFUSED.contains(&status) => {
            (!may_name_id && is_plain_text(body)).then_some(Outcome::Rejected)
        }
        _ => Some(Outcome::Unknown),
    };
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
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
    let has_twice = tree
        .get("resultData")
        .is_some_and(|data| data.has_twice("executionConfig") || data.has_twice("statusInfo"))
        || config
            .is_some_and(|config| config.has_twice("triggerId") || config.has_twice("identifier"));
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
                true if is_plain && !id.contains(token) => Some(Outcome::Accepted),
                true => None,
                // With a trigger id, something may be running, whatever the rest says.
                false if !id.contains(token) => Some(Outcome::Unknown),
                false => None,
            };
        }
        Some(Tree::Text(_) | Tree::Null) | None => {}
        Some(_) => return Some(Outcome::Unknown),
    }
    if may_name_id {
        // Elsewhere in the body, or without a value: only certain not to be accepted.
        return None;
    }
    let may_have_acted = status == 408 || status >= 500;
    let is_error = tree.is_error()?;
    match envelope_status {
        "Success" => by_status(),
        "DataValidationError" => Some(Outcome::Rejected),
        _ if is_error && !may_have_acted => Some(Outcome::Rejected),
        _ => by_status(),
    }
}

/// True if a body may contain a name for a trigger id, in any spelling.
fn may_name_trigger_id(body: &[u8]) -> bool {
    let text: Vec<u8> = body.iter().filter(|byte| **byte != 0).copied().collect();
    let contains = |part: &[u8]| text.windows(part.len()).any(|w| w.eq_ignore_ascii_case(part));
    let escapes: [&[u8]; 5] = [b"\\u", b"\\x", b"\\\\", b"&", b"%"];
    contains(b"trigger") || escapes.into_iter().any(contains)
}

/// True if a body is certainly text.
fn is_plain_text(body: &[u8]) -> bool {
    let is_plain = |byte: char| !byte.is_control() || matches!(byte, '\t' | '\n' | '\r');
    std::str::from_utf8(body).is_ok_and(|text| text.chars().all(is_plain))
}
