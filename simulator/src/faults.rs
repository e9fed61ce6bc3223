//! The faults: what the simulator does, instead of answering well, when what a request is about is called `fault-NAME`.
//!
//! That is the workflow of a trigger or a list of definitions, the run or the step of a history, the run of a launch URL, the
//! tenant of a new token. A run starts, if it does, with a trigger only.
//!
//! One row of [`FAULTS`] is one fault. A new one needs a row here and a row in the test that walks them all.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use crate::gateway::envelope::{self, Envelope};
use crate::http::{PATIENCE, Response};

/// Where redirects lead. Requests that arrive there are journaled like any other.
pub(crate) const ELSEWHERE: &str = "/elsewhere";

const PREFIX: &str = "fault-";

/// One way to misbehave.
#[derive(Debug)]
pub struct Fault {
    /// The name; the identifier that provokes it is `fault-NAME`.
    pub name: &'static str,
    /// What happens, in one line.
    pub description: &'static str,
    act: Act,
}

/// When a fault strikes, and what it does.
#[derive(Debug)]
enum Act {
    /// The connection ends while the request is only peeked at: never read, never journaled, and no token asked for.
    Unread(After),
    /// Read and journaled, but nothing runs.
    Refused(Deed),
    /// Read and journaled, and a trigger's run starts, whatever the client gets to know about it.
    Started(Deed),
}

type Deed = fn(&Stage<'_>) -> io::Result<After>;

/// What becomes of the connection after an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) enum After {
    KeepOpen,
    Close,
    Reset,
}

/// What a request could come to.
pub(crate) struct Answers {
    /// What the gateway would answer in good health.
    pub(crate) success: Envelope,
    /// The same without what the call is for.
    pub(crate) emptied: Envelope,
    /// A validation error.
    pub(crate) invalid: Envelope,
}

/// What a fault has to work with.
pub(crate) struct Stage<'a> {
    pub(crate) stream: &'a TcpStream,
    pub(crate) origin: &'a str,
    pub(crate) answers: &'a Answers,
    /// The moment of the answer.
    pub(crate) now: u64,
    /// Whether the client would use the connection again.
    pub(crate) keeps_alive: bool,
}

const fn fault(name: &'static str, description: &'static str, act: Act) -> Fault {
    Fault { name, description, act }
}

/// Every fault there is.
#[rustfmt::skip] // one row, one fault
pub static FAULTS: &[Fault] = &[
    // The connection ends, or nothing comes.
    fault("close-before-reading", "closes without having read the request (up to 32 KiB of it); not journaled",
        Act::Unread(After::Close)),
    fault("reset-before-reading", "resets without having read the request (up to 32 KiB of it); not journaled",
        Act::Unread(After::Reset)),
    fault("close-after-reading", "reads the request, then closes without a response",
        Act::Started(|_| Ok(After::Close))),
    fault("reset-after-reading", "reads the request, then resets the connection",
        Act::Started(|_| Ok(After::Reset))),
    fault("hang", "reads the request and never answers, until the client closes or 60 s have passed",
        Act::Started(hang)),

    // The response breaks off, or is none.
    fault("half-status-line", "sends 'HTTP/1.1 20' and closes",
        Act::Started(|stage| stage.send_and_close(b"HTTP/1.1 20"))),
    fault("truncated-response", "a success whose Content-Length is 100 larger than what is sent, then closes",
        Act::Started(truncated_response)),
    fault("cut-chunk", "a chunked success that closes in the middle of a chunk",
        Act::Started(cut_chunk)),
    fault("cut-json", "a whole response whose JSON breaks off in the middle",
        Act::Started(|stage| {
            let response = stage.success();
            let half = response.body[..response.body.len() / 2].to_vec();
            stage.response(response.with_body(half))
        })),
    fault("slow-response", "a success, one byte each 100 ms",
        Act::Started(slow_response)),
    fault("endless-body", "a success whose chunked body does not end (64 MiB at most, then closes)",
        Act::Started(endless_body)),
    fault("garbage", "an SSH banner, then closes",
        Act::Refused(|stage| stage.send_and_close(b"SSH-2.0-OpenSSH_9.6\r\n"))),

    // A 2xx that is not what was asked for.
    fault("html-200", "200 with an HTML page, as a login page or a captive portal gives",
        Act::Refused(|stage| stage.response(Response::html(200, "<html><body><h1>Please sign in</h1></body></html>\n")))),
    fault("empty-200", "200 without a body",
        Act::Started(|stage| stage.response(Response::status(200)))),
    fault("no-content-204", "204 No Content",
        Act::Started(|stage| stage.response(Response::status(204)))),
    fault("success-without-trigger-id", "a Success envelope without a trigger id; elsewhere with null for its resultData",
        Act::Refused(|stage| stage.response(stage.answers.emptied.response(200)))),
    fault("duplicate-trigger-id", "a success whose JSON has two different triggerId keys; elsewhere two resultData keys",
        Act::Started(duplicate_trigger_id)),
    fault("trailing-bytes", "a success whose body goes on after the JSON",
        Act::Started(|stage| {
            let response = stage.success();
            let body = [&response.body[..], b"\n{\"status\":\"Again\"}"].concat();
            stage.response(response.with_body(body))
        })),
    fault("deep-nesting", "a success with 100000 arrays in each other in metaInfo",
        Act::Started(|stage| {
            let nested = ["[".repeat(100_000), "]".repeat(100_000)].concat();
            stage.response_edited(r#""metaInfo":null"#, &format!(r#""metaInfo":{nested}"#))
        })),

    // An error of the service, or of something before it.
    fault("status-400", "400 without a body", Act::Refused(|stage| stage.response(Response::status(400)))),
    fault("status-401", "401 without a body", Act::Refused(|stage| stage.response(Response::status(401)))),
    fault("status-403", "403 without a body", Act::Refused(|stage| stage.response(Response::status(403)))),
    fault("status-404", "404 without a body", Act::Refused(|stage| stage.response(Response::status(404)))),
    fault("status-409", "409 without a body", Act::Refused(|stage| stage.response(Response::status(409)))),
    fault("status-500", "500 without a body; the run has started", Act::Started(|stage| stage.response(Response::status(500)))),
    fault("status-503", "503 without a body", Act::Refused(|stage| stage.response(Response::status(503)))),
    fault("html-502", "502 with a proxy's HTML page; the run has started",
        Act::Started(|stage| stage.response(Response::html(502, "<html><body><h1>502 Bad Gateway</h1></body></html>\n")))),
    fault("rate-limited-429", "429 with Retry-After: 7 and an error envelope",
        Act::Refused(|stage| {
            let response = envelope::error(stage.now, 429, "TooManyRequests", "Too many requests. Try again later.");
            stage.response(response.with("Retry-After", "7"))
        })),
    fault("validation-error-500", "a DataValidationError envelope behind a 500",
        Act::Refused(|stage| stage.response(stage.answers.invalid.response(500)))),
    fault("error-envelope-500", "an error envelope of another kind behind a 500; the run has started",
        Act::Started(|stage| stage.response(envelope::error(stage.now, 500, "InternalError", "Something went wrong.")))),
    fault("error-with-trigger-id", "an error envelope that holds a trigger id all the same; the run has started",
        Act::Started(|stage| {
            stage.response_edited(r#""status":"Success","statusCode":0"#, r#""status":"InternalError","statusCode":500"#)
        })),

    // Redirects, which must not be followed.
    fault("redirect-302", "302 to /elsewhere on the simulator",
        Act::Refused(|stage| stage.redirect(302))),
    fault("redirect-307", "307 to /elsewhere on the simulator",
        Act::Refused(|stage| stage.redirect(307))),

    // Correct, but unusual.
    fault("huge-header", "a success with a header of 1 MiB",
        Act::Started(|stage| stage.response(stage.success().with("X-Padding", "x".repeat(1024 * 1024))))),
    fault("early-hints-103", "a 103 before the success",
        Act::Started(|stage| stage.response_after(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"))),
    fault("continue-100", "an uncalled-for 100 before the success",
        Act::Started(|stage| stage.response_after(b"HTTP/1.1 100 Continue\r\n\r\n"))),

    // The connection after a success.
    fault("bytes-after-response", "a success, and after it a second response nobody asked for, on an open connection",
        Act::Started(|stage| {
            let uncalled_for = Response::status(200).to_bytes();
            stage.send(&[stage.success().to_bytes(), uncalled_for].concat())?;
            Ok(After::KeepOpen)
        })),
    fault("close-after-success", "a success with Connection: close, then closes",
        Act::Started(|stage| stage.send_and_close(&stage.success().with("Connection", "close").to_bytes()))),
    fault("close-while-idle", "a success on an open connection, which is silently closed 50 ms later",
        Act::Started(|stage| {
            stage.send(&stage.success().to_bytes())?;
            thread::sleep(Duration::from_millis(50));
            Ok(After::Close)
        })),
];

/// The fault an identifier asks for.
pub(crate) fn find(identifier: &str) -> Option<&'static Fault> {
    let name = identifier.strip_prefix(PREFIX)?;
    FAULTS.iter().find(|fault| fault.name == name)
}

impl Fault {
    /// What to call a workflow, or on the other endpoints a run, a step or a tenant, to provoke it.
    pub fn identifier(&self) -> String {
        format!("{PREFIX}{}", self.name)
    }

    /// Whether a run starts when it strikes on a trigger. On other endpoints none does.
    pub fn starts_run(&self) -> bool {
        matches!(self.act, Act::Started(_))
    }

    pub(crate) fn comes_before_reading(&self) -> bool {
        matches!(self.act, Act::Unread(_))
    }

    /// How the connection ends when the request was only peeked at.
    pub(crate) fn end_before_reading(&self) -> After {
        match self.act {
            Act::Unread(after) => after,
            Act::Refused(_) | Act::Started(_) => After::Close,
        }
    }

    /// Strikes after the request was read: also where a peek could not see that it should have been earlier.
    pub(crate) fn apply(&self, stage: &Stage<'_>) -> io::Result<After> {
        match self.act {
            Act::Unread(after) => Ok(after),
            Act::Refused(deed) | Act::Started(deed) => deed(stage),
        }
    }
}

impl Stage<'_> {
    /// The response a gateway in good health would give.
    fn success(&self) -> Response {
        self.answers.success.response(200)
    }

    fn send(&self, bytes: &[u8]) -> io::Result<()> {
        let mut stream = self.stream;
        stream.write_all(bytes)
    }

    fn send_and_close(&self, bytes: &[u8]) -> io::Result<After> {
        self.send(bytes)?;
        Ok(After::Close)
    }

    /// Sends a whole response and keeps the connection.
    fn response(&self, response: Response) -> io::Result<After> {
        let response =
            if self.keeps_alive { response } else { response.with("Connection", "close") };
        self.send(&response.to_bytes())?;
        Ok(After::KeepOpen)
    }

    /// Sends the success after something else.
    fn response_after(&self, interim: &[u8]) -> io::Result<After> {
        self.send(interim)?;
        self.response(self.success())
    }

    /// Sends the success with a part of its JSON replaced.
    fn response_edited(&self, part: &str, by: &str) -> io::Result<After> {
        let response = self.success();
        let body = String::from_utf8_lossy(&response.body).replacen(part, by, 1);
        self.response(response.with_body(body))
    }

    fn redirect(&self, status: u16) -> io::Result<After> {
        let location = format!("{}{ELSEWHERE}", self.origin);
        self.response(Response::status(status).with("Location", location))
    }
}

fn hang(stage: &Stage<'_>) -> io::Result<After> {
    let deadline = Instant::now() + PATIENCE;
    let mut stream = stage.stream;
    let mut sink = [0; 1024];
    while Instant::now() < deadline && stream.read(&mut sink)? > 0 {}
    Ok(After::Close)
}

fn truncated_response(stage: &Stage<'_>) -> io::Result<After> {
    let response = stage.success();
    let promised = format!("Content-Length: {}\r\n", response.body.len() + 100);
    stage.send_and_close(&[response.head(&promised), response.body].concat())
}

fn cut_chunk(stage: &Stage<'_>) -> io::Result<After> {
    let response = stage.success();
    let size = format!("{:x}\r\n", response.body.len());
    let half = &response.body[..response.body.len() / 2];
    let head = response.head("Transfer-Encoding: chunked\r\n");
    stage.send_and_close(&[&head, size.as_bytes(), half].concat())
}

fn slow_response(stage: &Stage<'_>) -> io::Result<After> {
    for byte in stage.success().to_bytes() {
        stage.send(&[byte])?;
        thread::sleep(Duration::from_millis(100));
    }
    Ok(After::KeepOpen)
}

fn duplicate_trigger_id(stage: &Stage<'_>) -> io::Result<After> {
    const TRIGGER_ID: &str = r#""triggerId":"#;
    let body = stage.success().body;
    let is_trigger = body.windows(TRIGGER_ID.len()).any(|part| part == TRIGGER_ID.as_bytes());
    let key = if is_trigger { TRIGGER_ID } else { r#""resultData":"# };
    let twice = format!(r#"{key}"d0b1e000-0000-4000-8000-000000000000",{key}"#);
    stage.response_edited(key, &twice)
}

/// The envelope without its last brace, and then blanks: JSON that could still end well.
fn endless_body(stage: &Stage<'_>) -> io::Result<After> {
    const CHUNK: usize = 64 * 1024;
    const CHUNKS: usize = 64 * 1024 * 1024 / CHUNK - 1;
    let deadline = Instant::now() + PATIENCE;
    let response = stage.success();
    let start = &response.body[..response.body.len() - 1];
    let size = format!("{:x}\r\n", start.len());
    let head = response.head("Transfer-Encoding: chunked\r\n");
    stage.send(&[&head, size.as_bytes(), start, b"\r\n"].concat())?;

    let chunk = format!("{CHUNK:x}\r\n{}\r\n", " ".repeat(CHUNK)).into_bytes();
    for _ in 0..CHUNKS {
        if Instant::now() > deadline {
            break;
        }
        stage.send(&chunk)?;
    }
    Ok(After::Close)
}
