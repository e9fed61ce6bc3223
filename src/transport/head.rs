//! Which headers of a reply are worth reading: each one costs ureq 1,000 instructions and an
//! allocation.

use std::mem::MaybeUninit;
use std::ops::Range;

use httparse::{ParserConfig, Response, Status};

/// The headers that decide something here or in ureq.
const READ: [&str; 5] =
    ["Connection", "Content-Encoding", "Content-Length", "Retry-After", "Transfer-Encoding"];

/// A head with more of them is left to ureq, as is one with more than this of those that are read.
const MAX_HEADERS: usize = 64;
const MAX_READ: usize = 8;

/// Moves what is read of the head at the start of `input` towards its end, over all the rest, and
/// tells where it starts then. ureq's own parser decides what a head is; one that is incomplete,
/// or none of HTTP/1.1, stays as it came, for ureq to judge.
pub(super) fn skip_unread_headers(input: &mut [u8]) -> usize {
    let mut headers = [const { MaybeUninit::uninit() }; MAX_HEADERS];
    let mut head = Response::new(&mut []);
    let parsed =
        ParserConfig::default().parse_response_with_uninit_headers(&mut head, input, &mut headers);
    let (Ok(Status::Complete(length)), Some(1)) = (parsed, head.version) else { return 0 };
    let Some(first) = head.headers.first() else { return 0 };
    let position = |name: &str| name.as_ptr() as usize - input.as_ptr() as usize;
    let blank_line = if input[..length].ends_with(b"\r\n") { length - 2 } else { length - 1 };

    let mut kept: [Range<usize>; MAX_READ + 1] = Default::default();
    let mut count = 1;
    kept[0] = 0..position(first.name);
    for (index, header) in head.headers.iter().enumerate() {
        if is_read(header) {
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

fn is_read(header: &httparse::Header<'_>) -> bool {
    // Nearly always they are written so, which is cheaper to see.
    (READ.contains(&header.name) || READ.iter().any(|name| name.eq_ignore_ascii_case(header.name)))
        // All connections of HTTP/1.1 are kept (RFC 9112 section 9.3).
        && !header.value.eq_ignore_ascii_case(b"keep-alive")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skipped(input: &str) -> String {
        let mut input = input.as_bytes().to_vec();
        let start = skip_unread_headers(&mut input);
        String::from_utf8(input.split_off(start)).unwrap()
    }

    #[test]
    fn what_is_read_stays_and_so_does_the_body() {
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
            ("HTTP/1.1 204\r\nconnection: Keep-Alive\r\n\r\n", "HTTP/1.1 204\r\n\r\n"),
            (
                "HTTP/1.1 200 OK\nA: b\nContent-Length: 0\n\n",
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
            ),
            ("HTTP/1.1 200 OK\nA: b\n\nrest", "HTTP/1.1 200 OK\n\nrest"),
            // What comes behind is another head.
            (
                "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\n",
                "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\n",
            ),
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
            "HTTP/1.1 abc OK\r\nA: b\r\n\r\n",
            &many("Content-Length: 4\r\n", MAX_READ + 1),
            &many("A: b\r\n", MAX_HEADERS),
        ] {
            assert_eq!(skipped(head), head);
        }
        assert_ne!(
            skipped(&many("Content-Length: 4\r\n", MAX_READ)),
            many("Content-Length: 4\r\n", MAX_READ)
        );
        assert_ne!(skipped(&many("A: b\r\n", MAX_HEADERS - 1)), many("A: b\r\n", MAX_HEADERS - 1));
    }
}
