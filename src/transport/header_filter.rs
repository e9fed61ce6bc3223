//! Which headers of a response are worth reading. One costs ureq about 1,500 instructions and one or two
//! allocations; skipped, it costs 300. A Rust program that logs what ureq does does not see it.

use std::mem::MaybeUninit;
use std::ops::Range;

use httparse::{ParserConfig, Response, Status};

/// The headers that decide something here or in ureq, beside `Connection`.
const DECISIVE: [&str; 4] =
    ["Content-Encoding", "Content-Length", "Retry-After", "Transfer-Encoding"];

/// A head with more headers, or with more that are decisive, is left to ureq.
const MAX_HEADERS: usize = 64;
const MAX_DECISIVE: usize = 8;

/// Moves what is decisive in the head at the start of `input` towards its end, over all the rest, and
/// tells where it starts then.
///
/// ureq's own parser says what a head is. One that is not whole, not of HTTP/1.1 or not that of a
/// final response stays as it came: ureq judges it, and by all of its headers.
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
    // Nearly always they are written so, which is cheaper to see.
    let is = |name: &str| header.name == name || header.name.eq_ignore_ascii_case(name);
    if is("Connection") {
        // Every connection of HTTP/1.1 is kept (RFC 9112 section 9.3).
        return !header.value.eq_ignore_ascii_case(b"keep-alive");
    }
    DECISIVE.into_iter().any(is)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skipped(input: &str) -> String {
        let mut input = input.as_bytes().to_vec();
        let start = keep_decisive_headers(&mut input);
        String::from_utf8(input.split_off(start)).unwrap()
    }

    #[test]
    fn what_is_decisive_stays_and_so_does_the_body() {
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
            assert_eq!(skipped(head), kept);
        }
    }

    #[test]
    fn what_ureq_has_to_judge_stays_as_it_came() {
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
            assert_eq!(skipped(head), head);
        }
        assert_ne!(
            skipped(&many("Content-Length: 4\r\n", MAX_DECISIVE)),
            many("Content-Length: 4\r\n", MAX_DECISIVE)
        );
        assert_ne!(skipped(&many("A: b\r\n", MAX_HEADERS - 1)), many("A: b\r\n", MAX_HEADERS - 1));
    }
}
