//! Hides unused response headers from ureq, which spends about 1,500 instructions and one or two
//! allocations on each; skipping one here costs 300. This is also the place where malformed headers
//! that nobody uses could be tolerated.
//!
//! Side effect: a Rust program that enables ureq's own logging does not see the hidden headers.

use std::mem::MaybeUninit;
use std::ops::Range;

use httparse::{ParserConfig, Response, Status};

/// The headers that change how a response is handled, here or in ureq. `Connection` is one too,
/// unless its value is `keep-alive`.
const DECISIVE: [&str; 5] =
    ["Content-Encoding", "Content-Length", "Keep-Alive", "Retry-After", "Transfer-Encoding"];

/// A head with more headers, or more decisive ones, is left unchanged.
const MAX_HEADERS: usize = 64;
const MAX_DECISIVE: usize = 8;

/// Moves the status line and the decisive headers towards the end of the head that starts `input`,
/// over the other headers. Returns where the shortened head starts.
///
/// Uses ureq's own parser. A head that is incomplete, not HTTP/1.1 or not that of a final response
/// is left unchanged, so that ureq judges it by all of its headers.
pub(super) fn keep_decisive_headers(input: &mut [u8]) -> usize {
    let mut headers = [const { MaybeUninit::uninit() }; MAX_HEADERS];
    let mut head = Response::new(&mut []);
    let parsed =
        ParserConfig::default().parse_response_with_uninit_headers(&mut head, input, &mut headers);
    let (Ok(Status::Complete(length)), Some(1), Some(200..)) = (parsed, head.version, head.code)
    else {
        return 0;
    };
    let Some(first) = head.headers.first() else { return 0 };
    let position = |name: &str| name.as_ptr() as usize - input.as_ptr() as usize;
    let blank_line = if input[..length].ends_with(b"\r\n") { length - 2 } else { length - 1 };

    // The status line and the decisive headers.
    let mut kept: [Range<usize>; MAX_DECISIVE + 1] = Default::default();
    let mut count = 1;
    kept[0] = 0..position(first.name);
    for (index, header) in head.headers.iter().enumerate() {
        if is_decisive(header) {
            let next = head.headers.get(index + 1);
            let Some(line) = kept.get_mut(count) else { return 0 };
            *line = position(header.name)..next.map_or(blank_line, |next| position(next.name));
            count += 1;
        }
    }
    let mut start = blank_line;
    for line in kept[..count].iter().rev() {
        start -= line.len();
        input.copy_within(line.clone(), start);
    }
    start
}

fn is_decisive(header: &httparse::Header<'_>) -> bool {
    // Nearly all servers use this capitalization, which is cheaper to compare.
    let is = |name: &str| header.name == name || header.name.eq_ignore_ascii_case(name);
    if is("Connection") {
        // In HTTP/1.1, keep-alive is the default (RFC 9112 section 9.3).
        return !header.value.eq_ignore_ascii_case(b"keep-alive");
    }
    DECISIVE.into_iter().any(is)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filtered(input: &str) -> String {
        let mut input = input.as_bytes().to_vec();
        let start = keep_decisive_headers(&mut input);
        String::from_utf8(input.split_off(start)).unwrap()
    }

    #[test]
    fn decisive_headers_and_the_body_are_kept() {
        for (head, kept) in [
            (
                "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: 4\r\nDate: now\r\n\r\n{\r\n}",
                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n{\r\n}",
            ),
            (
                "HTTP/1.1 429 Too Many Requests\r\nretry-after:  7 \r\nX:\r\nTRANSFER-ENCODING: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 429 Too Many Requests\r\nretry-after:  7 \r\nTRANSFER-ENCODING: chunked\r\n\r\n0\r\n\r\n",
            ),
            (
                "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nConnection: close\r\nContent-Encoding: gzip\r\n\r\n",
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Encoding: gzip\r\n\r\n",
            ),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: keep-alive\r\nTransfer-Encoding: keep-alive\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: keep-alive\r\nTransfer-Encoding: keep-alive\r\n\r\n",
            ),
            ("HTTP/1.1 204\r\nconnection: Keep-Alive\r\n\r\n", "HTTP/1.1 204\r\n\r\n"),
            (
                "HTTP/1.1 200 OK\nA: b\nContent-Length: 0\n\n",
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
            ),
            ("HTTP/1.1 200 OK\nA: b\n\nrest", "HTTP/1.1 200 OK\n\nrest"),
        ] {
            assert_eq!(filtered(head), kept);
        }
    }

    #[test]
    fn a_head_that_ureq_must_judge_is_left_unchanged() {
        let many =
            |line: &str, count| format!("HTTP/1.1 200 OK\r\nA: b\r\n{}\r\n", line.repeat(count));
        for head in [
            "",
            "{}",
            "HTTP/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 4\r\n",
            "HTTP/1.0 200 OK\r\nA: b\r\nConnection: keep-alive\r\n\r\n",
            "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n",
            "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
            "HTTP/1.1 200 OK\r\nA: b\0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nno colon\r\nA: b\r\n\r\n",
            "HTTP/1.1 100 Continue\r\nA: b\r\n\r\n",
            "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\n",
            "HTTP/1.1 abc OK\r\nA: b\r\n\r\n",
            &many("Content-Length: 4\r\n", MAX_DECISIVE + 1),
            &many("A: b\r\n", MAX_HEADERS),
        ] {
            assert_eq!(filtered(head), head);
        }
        assert_ne!(
            filtered(&many("Content-Length: 4\r\n", MAX_DECISIVE)),
            many("Content-Length: 4\r\n", MAX_DECISIVE)
        );
        assert_ne!(filtered(&many("A: b\r\n", MAX_HEADERS - 1)), many("A: b\r\n", MAX_HEADERS - 1));
    }
}
