//! Reads the head of a response before ureq does. Drops interim responses, and passes on only the
//! status and the headers that decide something.
//!
//! Headers that nobody uses are skipped unread, so that a malformed one does not invalidate the
//! response: real servers and firewalls send folded lines, blanks before the colon and control
//! characters. It is also cheaper: ureq spends about 1,500 instructions and one or two allocations
//! on each header. A decisive header must be well-formed, since two readers could understand it
//! differently (RFC 9112 section 11.2).
//!
//! Side effect: a Rust program that enables ureq's own logging does not see the dropped headers. In
//! place of the request, it sees a placeholder (`http1.rs`).

use std::ops::Range;
use std::time::Duration;

use memchr::{memchr, memchr2};

use super::{gzip, retry_after};
use crate::limits::is_header_name_byte;

/// The headers that change how a response is handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Header {
    ContentLength,
    TransferEncoding,
    ContentEncoding,
    Connection,
    // Hints, ignored if malformed.
    RetryAfter,
    KeepAlive,
    /// Of a redirect, for its message.
    Location,
}

const HEADERS: [(Header, &str); 7] = [
    (Header::ContentLength, "Content-Length"),
    (Header::TransferEncoding, "Transfer-Encoding"),
    (Header::ContentEncoding, "Content-Encoding"),
    (Header::Connection, "Connection"),
    (Header::RetryAfter, "Retry-After"),
    (Header::KeepAlive, "Keep-Alive"),
    (Header::Location, "Location"),
];

/// A status line without its reason, such as `HTTP/1.1 200`; `#` stands for a digit.
const STATUS_LINE: &[u8] = b"HTTP/1.# ###";

/// A complete head in the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// The minor version of HTTP/1.
    minor_version: u8,
    pub(super) status: u16,
    start: usize,
    pub(super) end: usize,
}

impl Head {
    /// True if another head follows. 101 is final: no request asks for it, and what follows is not
    /// HTTP.
    pub(super) fn is_interim(&self) -> bool {
        (100..200).contains(&self.status) && self.status != 101
    }
}

/// Finds the end of a head that arrives in pieces, without searching any piece twice.
#[derive(Debug, Default)]
pub(super) struct HeadFinder {
    /// Length of the input that has been searched.
    searched: usize,
}

impl HeadFinder {
    /// Returns the head that starts `input`, which is everything received since the last head, or
    /// `None` if it is not complete.
    ///
    /// # Errors
    ///
    /// If it is not the head of an HTTP/1 response.
    pub(super) fn find(&mut self, input: &[u8]) -> Result<Option<Head>, &'static str> {
        // Some servers send an empty line after the previous body; ureq tolerates it too.
        let start = input.iter().take_while(|&byte| matches!(byte, b'\r' | b'\n')).count();
        let Some((minor_version, status)) = parse_status_line(&input[start..])? else {
            return Ok(None);
        };
        let Some(end) = self.find_end(input, start + STATUS_LINE.len()) else { return Ok(None) };
        self.searched = 0;
        Ok(Some(Head { minor_version, status, start, end }))
    }

    /// Returns where the empty line after the head ends.
    fn find_end(&mut self, input: &[u8], start: usize) -> Option<usize> {
        let mut at = start.max(self.searched);
        while let Some(newline) = memchr(b'\n', &input[at..]) {
            at += newline + 1;
            match input[at..] {
                [b'\n', ..] => return Some(at + 1),
                [b'\r', b'\n', ..] => return Some(at + 2),
                [] | [b'\r'] => {
                    self.searched = at - 1;
                    return None;
                }
                _ => {}
            }
        }
        self.searched = input.len();
        None
    }
}

/// Returns the minor version and the status; `None` if the line is not complete. Rejects anything
/// else than HTTP at its first byte.
fn parse_status_line(head: &[u8]) -> Result<Option<(u8, u16)>, &'static str> {
    if let [
        b'H',
        b'T',
        b'T',
        b'P',
        b'/',
        b'1',
        b'.',
        minor @ b'0'..=b'1',
        b' ',
        a @ b'1'..=b'9',
        b @ b'0'..=b'9',
        c @ b'0'..=b'9',
        b' ' | b'\r' | b'\n',
        ..,
    ] = head
    {
        let digit = |byte: &u8| u16::from(byte - b'0');
        return Ok(Some((minor - b'0', digit(a) * 100 + digit(b) * 10 + digit(c))));
    }
    let is_like = |(at, &byte): (usize, &u8)| match (at, STATUS_LINE[at]) {
        (7, _) => matches!(byte, b'0' | b'1'),
        (9, _) => matches!(byte, b'1'..=b'9'),
        (_, b'#') => byte.is_ascii_digit(),
        (_, pattern) => byte == pattern,
    };
    if head.len() <= STATUS_LINE.len() && head.iter().enumerate().all(is_like) {
        return Ok(None);
    }
    Err("it does not start with a status line")
}

/// A final head without the headers that nobody uses.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shortened {
    /// The offset of its first byte.
    pub(super) start: usize,
    pub(super) is_chunked: bool,
    /// True if the server closes the connection after the response, or might.
    pub(super) must_close: bool,
    /// How long the server keeps the connection open while it is idle, if it says so.
    pub(super) keep_alive: Option<Duration>,
}

/// Moves the status line and the decisive headers towards the end of the head, over the others.
///
/// # Errors
///
/// Describes what is wrong with the headers.
pub(super) fn shorten(input: &mut [u8], head: &Head) -> Result<Shortened, String> {
    let mut kept = Kept::default();
    let mut content_length = None;
    let (mut is_chunked, mut must_close) = (false, false);
    let mut keep_alive = None;

    // Skips the reason phrase.
    let mut last = next_line(input, head.start + STATUS_LINE.len()..head.end);
    while last.next < head.end {
        let start = last.next;
        let line = next_line(input, start..head.end);
        if let Some((header, name, position)) = decisive(&input[start..line.end]) {
            let is_folded = matches!(input[line.next..head.end].first(), Some(b' ' | b'\t'));
            let is_whole = last.ends_well && line.ends_well && !is_folded && position.start == 0;
            let value = match is_whole {
                true => value_after_colon(input, start + position.end..line.end),
                false => None,
            };
            let is_kept = match (header, value.clone().map(|value| &input[value])) {
                (Header::RetryAfter, value) => value.is_some_and(is_retry_after),
                (Header::KeepAlive, value) => {
                    keep_alive = keep_alive.or(value.and_then(parse_keep_alive));
                    false
                }
                (Header::Location, _) => (300..400).contains(&head.status),
                (Header::Connection, value) => {
                    must_close |= value.is_none_or(|value| has_token(value, "close"));
                    // In HTTP/1.1, keep-alive is the default (RFC 9112 section 9.3).
                    head.minor_version == 0
                        && value.is_some_and(|value| value.eq_ignore_ascii_case(b"keep-alive"))
                }
                (_, None) => return Err(format!("its {name} header is malformed")),
                (Header::ContentLength, Some(value)) => {
                    check_content_length(value, &mut content_length)?;
                    true
                }
                (Header::TransferEncoding, Some(value)) => {
                    if is_chunked || !value.eq_ignore_ascii_case(b"chunked") {
                        return Err("it has a Transfer-Encoding other than chunked".into());
                    }
                    is_chunked = true;
                    true
                }
                (Header::ContentEncoding, Some(value)) => gzip::is_name(value),
            };
            let value = match header {
                Header::Location => value.map(|value| without_query(input, value)),
                _ => value,
            };
            if let Some(value) = value
                && is_kept
            {
                kept.add(name, value);
            }
        }
        last = line;
    }
    if is_chunked && content_length.is_some() {
        // RFC 9112 section 6.3: two lengths, and no way to know which one is meant.
        return Err("it has both Content-Length and Transfer-Encoding".into());
    }
    if is_chunked && head.minor_version == 0 {
        // RFC 9112 section 6.1: the framing is faulty.
        return Err("it is HTTP/1.0, but has a Transfer-Encoding".into());
    }

    let start = kept.rewrite(input, head);
    Ok(Shortened { start, is_chunked, must_close, keep_alive })
}

/// The headers that ureq needs: the first of each kind, with the range of its value.
#[derive(Default)]
struct Kept {
    headers: [(&'static str, Range<usize>); HEADERS.len()],
    count: usize,
}

impl Kept {
    fn add(&mut self, name: &'static str, value: Range<usize>) {
        if self.headers[..self.count].iter().all(|(other, _)| *other != name) {
            self.headers[self.count] = (name, value);
            self.count += 1;
        }
    }

    /// Writes a head of the status line and these headers to the end of the old one. Returns where
    /// it starts.
    fn rewrite(&self, input: &mut [u8], head: &Head) -> usize {
        // From the end to the start, so that nothing is overwritten before it is moved. No line
        // gets longer: each ends with a LF alone, which ureq accepts.
        let mut start = head.end;
        put(b"\n", input, &mut start);
        for (name, value) in self.headers[..self.count].iter().rev() {
            put(b"\n", input, &mut start);
            start -= value.len();
            input.copy_within(value.clone(), start);
            put(b":", input, &mut start);
            put(name.as_bytes(), input, &mut start);
        }
        put(b"\n", input, &mut start);
        start -= STATUS_LINE.len();
        input.copy_within(head.start..head.start + STATUS_LINE.len(), start);
        start
    }
}

/// Writes bytes before `start`, and moves it there.
fn put(bytes: &[u8], input: &mut [u8], start: &mut usize) {
    *start -= bytes.len();
    input[*start..*start + bytes.len()].copy_from_slice(bytes);
}

struct Line {
    end: usize,
    /// The offset of the next line.
    next: usize,
    /// False if it ends with a CR alone, which only some readers take for the end of a line.
    ends_well: bool,
}

/// Finds the end of a line in a complete head.
fn next_line(input: &[u8], rest: Range<usize>) -> Line {
    let end = memchr2(b'\r', b'\n', &input[rest.clone()]).map_or(rest.end, |at| rest.start + at);
    match input[end..rest.end] {
        [b'\r', b'\n', ..] => Line { end, next: end + 2, ends_well: true },
        [b'\n', ..] => Line { end, next: end + 1, ends_well: true },
        _ => Line { end, next: (end + 1).min(rest.end), ends_well: false },
    }
}

/// Returns the decisive header whose name is the first word of a line, and the position of the
/// name, which is 0 in a well-formed header.
fn decisive(line: &[u8]) -> Option<(Header, &'static str, Range<usize>)> {
    let start = line.iter().position(|&byte| is_header_name_byte(byte))?;
    // Ends the search early for most headers.
    if !matches!(line[start].to_ascii_lowercase(), b'c' | b'k' | b'l' | b'r' | b't') {
        return None;
    }
    let word = &line[start..];
    let is_name = |name: &str| {
        let (Some(first), next) = (word.get(..name.len()), word.get(name.len())) else {
            return false;
        };
        // The second comparison takes 13 instructions a byte, and most servers do not need it.
        !next.is_some_and(|&byte| is_header_name_byte(byte))
            && (first == name.as_bytes() || first.eq_ignore_ascii_case(name.as_bytes()))
    };
    let (header, name) = HEADERS.iter().find(|(_, name)| is_name(name))?;
    Some((*header, *name, start..start + name.len()))
}

/// Returns the range of a header's value without the blanks around it, given what follows the
/// name; `None` if it is malformed. Blanks before the colon are allowed: a proxy would remove them
/// (RFC 9112 section 5.1).
fn value_after_colon(input: &[u8], rest: Range<usize>) -> Option<Range<usize>> {
    let is_blank = |at: &usize| matches!(input[*at], b' ' | b'\t');
    let colon = rest.clone().find(|at| !is_blank(at)).filter(|&at| input[at] == b':')?;
    let value = colon + 1..rest.end;
    let is_control = |byte: &u8| byte.is_ascii_control() && *byte != b'\t';
    if input[value.clone()].iter().any(is_control) {
        return None;
    }
    let start = value.clone().find(|at| !is_blank(at)).unwrap_or(value.end);
    let end = value.rev().find(|at| !is_blank(at)).map_or(start, |last| last + 1);
    Some(start..end)
}

/// Checks a value, and that all values are the same. A list of equal lengths is valid (RFC 9110
/// section 8.6).
fn check_content_length(value: &[u8], known: &mut Option<u64>) -> Result<(), String> {
    for element in value.split(|&byte| byte == b',') {
        let element = element.trim_ascii();
        let is_number = !element.is_empty() && element.iter().all(u8::is_ascii_digit);
        let length = std::str::from_utf8(element).ok().filter(|_| is_number);
        let Some(length) = length.and_then(|length| length.parse().ok()) else {
            return Err("its Content-Length is not a number of bytes".into());
        };
        if *known.get_or_insert(length) != length {
            return Err("it has several Content-Length headers that differ".into());
        }
    }
    Ok(())
}

// A server may echo a secret anywhere, and ureq keeps copies of the values that it gets. So only
// values with a meaning are passed on.

/// Returns a URL up to the start of its query or fragment. They are not shown, and a server may put
/// a secret there.
fn without_query(input: &[u8], value: Range<usize>) -> Range<usize> {
    match memchr2(b'?', b'#', &input[value.clone()]) {
        Some(at) => value.start..value.start + at + 1,
        None => value,
    }
}

/// True for seconds or a date.
fn is_retry_after(value: &[u8]) -> bool {
    str::from_utf8(value).is_ok_and(|value| retry_after::parse(value).is_some())
}

/// Parses `timeout=N`, in seconds, in a Keep-Alive header (RFC 2068 section 19.7.1.1; later RFCs
/// only mention it).
fn parse_keep_alive(value: &[u8]) -> Option<Duration> {
    let value = std::str::from_utf8(value).ok()?;
    let seconds = value.split([',', ';']).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("timeout").then_some(value)
    })?;
    let seconds = seconds.trim_start_matches([' ', '\t', '"']);
    let end = seconds.find(|c: char| !c.is_ascii_digit()).unwrap_or(seconds.len());
    seconds[..end].parse().ok().map(Duration::from_secs)
}

fn has_token(list: &[u8], token: &str) -> bool {
    list.split(|&byte| byte == b',')
        .any(|element| element.trim_ascii().eq_ignore_ascii_case(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Filters one head; returns what is left of the input, with CR LF at the end of lines.
    fn filtered(input: &str) -> Result<(String, Shortened), String> {
        let mut bytes = input.as_bytes().to_vec();
        let head = HeadFinder::default().find(&bytes)?.expect("a complete head");
        let shortened = shorten(&mut bytes, &head)?;
        let lines =
            String::from_utf8_lossy(&bytes[shortened.start..head.end]).replace('\n', "\r\n");
        let rest = String::from_utf8_lossy(&bytes[head.end..]);
        assert!(input.ends_with(&*rest));
        Ok((lines + &rest, shortened))
    }

    fn kept(lines: &str) -> String {
        let (text, _) = filtered(&format!("HTTP/1.1 200 OK\r\n{lines}\r\n{{\r\n}}")).unwrap();
        let text = text.strip_prefix("HTTP/1.1 200\r\n").expect("a status line");
        text.strip_suffix("\r\n{\r\n}").expect("the body").to_owned()
    }

    fn refused(lines: &str) -> String {
        filtered(&format!("HTTP/1.1 200 OK\r\n{lines}\r\n")).expect_err(lines)
    }

    #[test]
    fn decisive_headers_and_the_body_are_kept() {
        for (lines, expected) in [
            ("", ""),
            ("Server: nginx\r\nContent-Length: 4\r\nDate: now\r\n", "Content-Length:4\r\n"),
            (
                "retry-after:  7 \r\nX:\r\nTRANSFER-ENCODING:Chunked\r\n",
                "Retry-After:7\r\nTransfer-Encoding:Chunked\r\n",
            ),
            ("Content-Encoding: gzip\r\ncontent-encoding: br\r\n", "Content-Encoding:gzip\r\n"),
            ("Content-Length: 4\r\nContent-Length: 4, 4\r\n", "Content-Length:4\r\n"),
            ("Keep-Alive: timeout=1\r\nConnection: keep-alive\r\n", ""),
            // RFC 9112 section 5.1.
            ("Transfer-Encoding \t: chunked\r\n", "Transfer-Encoding:chunked\r\n"),
            ("Content-Length : 4\r\n", "Content-Length:4\r\n"),
        ] {
            assert_eq!(kept(lines), expected, "{lines:?}");
        }
        let (text, _) = filtered("HTTP/1.1 200 OK\nA: b\nContent-Length: 0\n\nbody").unwrap();
        assert_eq!(text, "HTTP/1.1 200\r\nContent-Length:0\r\n\r\nbody");
        let (text, _) = filtered("\r\n\nHTTP/1.0 404\r\nConnection: Keep-Alive\r\n\r\n").unwrap();
        assert_eq!(text, "HTTP/1.0 404\r\nConnection:Keep-Alive\r\n\r\n");
    }

    #[test]
    fn the_timeout_of_keep_alive_is_read() {
        for (value, expected) in [
            ("timeout=5", Some(5)),
            ("max=100, TIMEOUT = \"7\"", Some(7)),
            ("timeout=0;max=1", Some(0)),
            ("timeout=-1", None),
            ("timeout=99999999999999999999", None),
            ("timeout", None),
            ("max=5", None),
        ] {
            let head = format!("HTTP/1.1 200\r\nKeep-Alive: {value}\r\n\r\n");
            let (_, shortened) = filtered(&head).unwrap();
            assert_eq!(shortened.keep_alive, expected.map(Duration::from_secs), "{value}");
        }
    }

    #[test]
    fn values_without_a_meaning_are_dropped() {
        for (name, value, is_kept) in [
            ("Retry-After", "120", true),
            ("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT", true),
            ("Retry-After", "a-secret-token", false),
            ("Keep-Alive", "timeout=5, MAX=100", false),
            ("Keep-Alive", "a-secret-token", false),
            ("Content-Encoding", "X-GZIP", true),
            ("Content-Encoding", "a-secret-token", false),
            ("Connection", "a-secret-token", false),
        ] {
            let (text, _) = filtered(&format!("HTTP/1.0 200\r\n{name}: {value}\r\n\r\n")).unwrap();
            let line = if is_kept { format!("{name}:{value}\r\n") } else { String::new() };
            assert_eq!(text, format!("HTTP/1.0 200\r\n{line}\r\n"));
        }
        let head = "HTTP/1.1 302\r\nLocation: https://a.example/b?token=a-secret\r\n\r\n";
        let (text, _) = filtered(head).unwrap();
        assert_eq!(text, "HTTP/1.1 302\r\nLocation:https://a.example/b?\r\n\r\n");
    }

    #[test]
    fn headers_that_nobody_uses_may_be_malformed() {
        let many = "X: y\r\n".repeat(1000);
        for lines in [
            "Set-Cookie: a\u{1}b\x7f\r\n",
            "Set-Cookie: a\0b\r\n",
            "Set-Cookie: a\rb\r\n",
            "Set-Cookie: caf\u{e9}\r\n",
            "Set-Cookie : a\r\n",
            "Set Cookie: a\r\n",
            "Set-Cookie\u{1}: a\r\n",
            "X: a\r\n folded\r\n\tagain\r\n",
            "X:\r\n \r\n",
            " folded without a header\r\n",
            "no colon\r\n",
            ": no name\r\n",
            "Content-Lengths: x\r\nX-Content-Length: y\r\nContent: z\r\n",
            "X: y\r\r\n",
            &many,
        ] {
            assert_eq!(kept(lines), "", "{lines:?}");
            let with_length = format!("{lines}Content-Length: 2\r\n");
            if !lines.ends_with("\r\r\n") {
                assert_eq!(kept(&with_length), "Content-Length:2\r\n", "{lines:?}");
            }
        }
        assert_eq!(filtered("HTTP/1.1 200 caf\u{e9} \u{1}\r\n\r\n").unwrap().0.len(), 16);
        // Hints.
        for lines in ["Retry-After: 7\r\n folded\r\n", "Keep-Alive\u{1}: timeout=1\r\n"] {
            assert_eq!(kept(lines), "", "{lines:?}");
        }
    }

    #[test]
    fn malformed_decisive_headers_are_refused_by_name() {
        for name in ["Content-Length", "Transfer-Encoding", "Content-Encoding"] {
            let value = match name {
                "Content-Length" => "2",
                "Transfer-Encoding" => "chunked",
                _ => "gzip",
            };
            let upper = name.to_uppercase();
            for lines in [
                format!("{name}: {value}\u{1}\r\n"),
                format!("{name}: {value}\x7f\r\n"),
                format!("{name}: {value}\0\r\n"),
                format!("{name}: {value}\r\r\n"),
                format!("{name}: {value}\rX: y\r\n"),
                format!("{name}:\r\n {value}\r\n"),
                format!("{name}: {value}\r\n \r\n"),
                format!("{name}: {value}\r\n\tfolded\r\n"),
                format!("{name}\u{1}: {value}\r\n"),
                format!("\u{1}{name}: {value}\r\n"),
                format!("\0{upper}: {value}\r\n"),
                format!("{name}\0: {value}\r\n"),
                format!("{name} {value}\r\n"),
                format!("{name}\r\n"),
                format!("{name}\r\n: {value}\r\n"),
                format!("{name} x: {value}\r\n"),
                format!(" {name}: {value}\r\n"),
                format!("X: y\r\n {name}: {value}\r\n"),
                format!("X: y\r{name}: {value}\r\n"),
                format!("X: y\r\r{upper}: {value}\r\n"),
            ] {
                assert_eq!(refused(&lines), format!("its {name} header is malformed"), "{lines:?}");
            }
            let hidden = format!("HTTP/1.1 200 OK\r{name}: {value}\r\n\r\n");
            assert_eq!(filtered(&hidden).unwrap_err(), format!("its {name} header is malformed"));
        }
    }

    #[test]
    fn an_ambiguous_length_is_refused() {
        for (lines, problem) in [
            ("Content-Length: -1\r\n", "its Content-Length is not a number of bytes"),
            ("Content-Length: +1\r\n", "its Content-Length is not a number of bytes"),
            ("Content-Length:\r\n", "its Content-Length is not a number of bytes"),
            ("Content-Length: 1,\r\n", "its Content-Length is not a number of bytes"),
            ("Content-Length: 0x1\r\n", "its Content-Length is not a number of bytes"),
            (
                "Content-Length: 99999999999999999999\r\n",
                "its Content-Length is not a number of bytes",
            ),
            (
                "Content-Length: 1\r\nContent-Length: 2\r\n",
                "it has several Content-Length headers that differ",
            ),
            ("Content-Length: 1, 2\r\n", "it has several Content-Length headers that differ"),
            ("Transfer-Encoding: gzip\r\n", "it has a Transfer-Encoding other than chunked"),
            (
                "Transfer-Encoding: gzip, chunked\r\n",
                "it has a Transfer-Encoding other than chunked",
            ),
            ("Transfer-Encoding: xchunked\r\n", "it has a Transfer-Encoding other than chunked"),
            ("Transfer-Encoding: chunked;x=y\r\n", "it has a Transfer-Encoding other than chunked"),
            ("Transfer-Encoding:\r\n", "it has a Transfer-Encoding other than chunked"),
            (
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                "it has a Transfer-Encoding other than chunked",
            ),
            (
                "Content-Length: 1\r\nTransfer-Encoding : chunked\r\n",
                "it has both Content-Length and Transfer-Encoding",
            ),
        ] {
            assert_eq!(refused(lines), problem, "{lines:?}");
        }
        let old = "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(filtered(old).unwrap_err(), "it is HTTP/1.0, but has a Transfer-Encoding");
    }

    #[test]
    fn a_malformed_connection_header_closes() {
        for (lines, must_close) in [
            ("", false),
            ("Connection: keep-alive\r\n", false),
            ("Connection: Upgrade\r\n", false),
            ("Connection: CLOSE\r\n", true),
            ("Connection: keep-alive , close\r\n", true),
            ("connection: keep-alive\r\nConnection : close\r\n", true),
            ("Connection: keep-alive\r\n close\r\n", true),
            ("Connection: keep-alive\u{1}\r\n", true),
            ("X: y\r\n Connection: keep-alive\r\n", true),
        ] {
            let (text, head) = filtered(&format!("HTTP/1.1 200 OK\r\n{lines}\r\n")).unwrap();
            assert_eq!(
                (&*text, head.must_close),
                ("HTTP/1.1 200\r\n\r\n", must_close),
                "{lines:?}"
            );
        }
    }

    #[test]
    fn a_head_with_a_status_below_200_is_interim_except_101() {
        for interim in [
            "HTTP/1.1 100 Continue\r\n\r\n",
            "HTTP/1.1 100\n\n",
            "HTTP/1.1 100 Continue\r\nContent-Length: 0\r\nX: y\r\n\r\n",
            "HTTP/1.0 102 Processing\r\nTransfer-Encoding : x\r\n\r\n",
            "\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n folded\r\n\r\n",
            "HTTP/1.1 199 X\r\n\r\n",
        ] {
            let input = format!("{interim}HTTP/1.1 200");
            let head = HeadFinder::default().find(input.as_bytes()).unwrap().unwrap();
            assert_eq!((head.is_interim(), head.end), (true, interim.len()), "{interim:?}");
        }
        for status in [101, 200, 234, 999] {
            let input = format!("HTTP/1.1 {status} X\r\n\r\n");
            let head = HeadFinder::default().find(input.as_bytes()).unwrap().unwrap();
            assert_eq!((head.status, head.is_interim()), (status, false));
        }
    }

    #[test]
    fn anything_but_http_is_refused_at_its_first_byte() {
        for line in [
            "{",
            "S",
            "h",
            "HTTP/2",
            "HTTP/1.2",
            "HTTP/1.1\t",
            "HTTP/1.1  ",
            "HTTP/1.1 0",
            "HTTP/1.1 20x",
            "HTTP/1.1 2000",
            "\r\n\r\nx",
        ] {
            for length in 1..=line.len() {
                let result = HeadFinder::default().find(&line.as_bytes()[..length]);
                let is_whole = length == line.len();
                assert!(matches!((result, is_whole), (Ok(None), false) | (Err(_), true)), "{line}");
            }
        }
    }

    #[test]
    fn a_head_in_pieces_is_the_same_as_in_one() {
        for text in [
            "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX : y\r\n z\r\n\r\nbody",
            "\r\nHTTP/1.1 200\nTransfer-Encoding: chunked\n\n0\r\n",
            "HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP",
        ] {
            let expected = HeadFinder::default().find(text.as_bytes()).unwrap().unwrap();
            let mut finder = HeadFinder::default();
            for length in 0..expected.end {
                assert_eq!(finder.find(&text.as_bytes()[..length]), Ok(None), "{length}");
            }
            assert_eq!(finder.find(&text.as_bytes()[..expected.end]), Ok(Some(expected)));
        }
    }
}
