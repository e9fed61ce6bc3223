//! The faults that the simulator applies instead of responding properly.
//!
//! A request asks for one by naming its subject `fault-NAME`: the workflow of a trigger or of a
//! list of definitions, the run or the step of a history, the run of a launch URL, or the tenant of
//! a new token. Any other request gets one by a rule, see [`FaultRule`](crate::FaultRule). Only a
//! trigger can start a run.
//!
//! Each row of [`FAULTS`] is one fault. To add one, add a row here and a row to the table in
//! `tests/it/faults.rs`.

use std::io::{self, Read, Write};
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::envelope::{self, Envelope};
use crate::http::{Response, Stream, TIMEOUT};

/// The target of redirects. Requests to it are journaled like any other.
pub(crate) const REDIRECT_PATH: &str = "/elsewhere";

/// Start of an identifier that asks for a fault.
pub(crate) const PREFIX: &str = "fault-";

/// One fault.
#[derive(Debug, Serialize)]
pub struct Fault {
    /// Its name. The identifier that provokes it is `fault-NAME`.
    pub name: &'static str,
    /// Its effect, in one line.
    pub description: &'static str,
    #[serde(skip)]
    action: Action,
}

/// The time at which a fault is applied, and its effect.
#[derive(Debug)]
enum Action {
    /// Ends the connection when the request was only peeked at. The request is neither read nor
    /// journaled, and its token is not checked.
    BeforeReading(Disposition),
    /// Applied after the request was read and journaled; a trigger starts no run.
    WithoutRun(Handler),
    /// Applied after the request was read and journaled; a trigger starts a run, even if the
    /// response does not say so.
    WithRun(Handler),
}

type Handler = fn(&FaultContext<'_>) -> io::Result<Disposition>;

/// How a connection continues after a request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Disposition {
    KeepOpen,
    Close,
    Reset,
}

/// The envelopes that a fault can send.
pub(crate) struct FaultEnvelopes {
    /// The response without the fault.
    pub(crate) success: Envelope,
    /// A success that lacks the result.
    pub(crate) without_result: Envelope,
    pub(crate) validation_error: Envelope,
}

/// Everything that a fault needs in order to respond.
pub(crate) struct FaultContext<'a> {
    pub(crate) stream: &'a Stream,
    pub(crate) base_url: &'a str,
    pub(crate) envelopes: &'a FaultEnvelopes,
    /// Time of the response.
    pub(crate) now: u64,
    /// True if the client wants to keep the connection.
    pub(crate) keep_alive: bool,
}

const fn fault(name: &'static str, description: &'static str, action: Action) -> Fault {
    Fault { name, description, action }
}

/// Every fault.
#[rustfmt::skip] // one row per fault
pub static FAULTS: &[Fault] = &[
    // No response at all.
    fault("close-before-reading", "closes the connection before reading the request (of up to 32 KiB); not journaled",
        Action::BeforeReading(Disposition::Close)),
    fault("reset-before-reading", "resets the connection before reading the request (of up to 32 KiB); not journaled",
        Action::BeforeReading(Disposition::Reset)),
    fault("close-after-reading", "reads the request, then closes without a response",
        Action::WithRun(|_| Ok(Disposition::Close))),
    fault("reset-after-reading", "reads the request, then resets the connection",
        Action::WithRun(|_| Ok(Disposition::Reset))),
    fault("hang", "reads the request and never responds; closes after 60 s",
        Action::WithRun(hang)),

    // The response is incomplete, endless or not HTTP.
    fault("half-status-line", "sends 'HTTP/1.1 20', then closes",
        Action::WithRun(|context| context.send_and_close(b"HTTP/1.1 20"))),
    fault("truncated-response", "a success that is 100 bytes shorter than its Content-Length, then closes",
        Action::WithRun(truncated_response)),
    fault("cut-chunk", "a chunked success that closes in the middle of a chunk",
        Action::WithRun(cut_chunk)),
    fault("cut-json", "a complete response whose JSON is cut off in the middle",
        Action::WithRun(|context| {
            let response = context.success();
            let half = response.body[..response.body.len() / 2].to_vec();
            context.respond(response.with_body(half))
        })),
    fault("slow-response", "a success at one byte per 100 ms",
        Action::WithRun(slow_response)),
    fault("endless-body", "a success with an endless chunked body (closes after 64 MiB)",
        Action::WithRun(endless_body)),
    fault("garbage", "an SSH banner instead of HTTP, then closes",
        Action::WithoutRun(|context| context.send_and_close(b"SSH-2.0-OpenSSH_9.6\r\n"))),

    // A 2xx without a valid result.
    fault("html-200", "200 with an HTML page, like a login page or a captive portal",
        Action::WithoutRun(|context| context.respond(Response::html(200, "<html><body><h1>Please sign in</h1></body></html>\n")))),
    fault("empty-200", "200 without a body",
        Action::WithRun(|context| context.respond(Response::empty(200)))),
    fault("no-content-204", "204 No Content",
        Action::WithRun(|context| context.respond(Response::empty(204)))),
    fault("success-without-trigger-id", "a Success envelope without a trigger id; on other endpoints resultData is null",
        Action::WithoutRun(|context| context.respond(context.envelopes.without_result.response(200)))),
    fault("duplicate-trigger-id", "a success with two different triggerId members; on other endpoints two resultData members",
        Action::WithRun(duplicate_trigger_id)),
    fault("trailing-bytes", "a success with more bytes after the JSON",
        Action::WithRun(|context| {
            let response = context.success();
            let body = [&response.body[..], b"\n{\"status\":\"Again\"}"].concat();
            context.respond(response.with_body(body))
        })),
    fault("deep-nesting", "a success with 100000 nested arrays in metaInfo",
        Action::WithRun(|context| {
            let nested = ["[".repeat(100_000), "]".repeat(100_000)].concat();
            context.respond_edited(r#""metaInfo":null"#, &format!(r#""metaInfo":{nested}"#))
        })),

    // An error of the gateway, or of a proxy in front of it.
    fault("status-400", "400 without a body", Action::WithoutRun(|context| context.respond(Response::empty(400)))),
    fault("status-401", "401 without a body", Action::WithoutRun(|context| context.respond(Response::empty(401)))),
    fault("status-403", "403 without a body", Action::WithoutRun(|context| context.respond(Response::empty(403)))),
    fault("status-404", "404 without a body", Action::WithoutRun(|context| context.respond(Response::empty(404)))),
    fault("status-409", "409 without a body", Action::WithoutRun(|context| context.respond(Response::empty(409)))),
    fault("status-500", "500 without a body, although the run was started", Action::WithRun(|context| context.respond(Response::empty(500)))),
    fault("status-503", "503 without a body", Action::WithoutRun(|context| context.respond(Response::empty(503)))),
    fault("html-502", "502 with a proxy's HTML page, although the run was started",
        Action::WithRun(|context| context.respond(Response::html(502, "<html><body><h1>502 Bad Gateway</h1></body></html>\n")))),
    fault("rate-limited-429", "429 with Retry-After: 7 and an error envelope",
        Action::WithoutRun(|context| context.respond(envelope::too_many_requests(context.now, 7)))),
    fault("validation-error-500", "500 with a DataValidationError envelope",
        Action::WithoutRun(|context| context.respond(context.envelopes.validation_error.response(500)))),
    fault("error-envelope-500", "500 with another error envelope, although the run was started",
        Action::WithRun(|context| context.respond(envelope::error(context.now, 500, "InternalError", "Something went wrong.")))),
    fault("error-with-trigger-id", "200 with an error envelope that contains a trigger id; the run was started",
        Action::WithRun(|context| {
            context.respond_edited(r#""status":"Success","statusCode":0"#, r#""status":"InternalError","statusCode":500"#)
        })),

    // Redirects, which must not be followed.
    fault("redirect-302", "302 to /elsewhere on the simulator",
        Action::WithoutRun(|context| context.redirect(302))),
    fault("redirect-307", "307 to /elsewhere on the simulator",
        Action::WithoutRun(|context| context.redirect(307))),

    // Valid but unusual.
    fault("huge-header", "a success with a header of 1 MiB",
        Action::WithRun(|context| context.respond(context.success().with_header("X-Padding", "x".repeat(1024 * 1024))))),
    fault("early-hints-103", "a 103 Early Hints before the success",
        Action::WithRun(|context| context.respond_after(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"))),
    fault("continue-100", "a 100 Continue, which the client did not ask for, before the success",
        Action::WithRun(|context| context.respond_after(b"HTTP/1.1 100 Continue\r\n\r\n"))),

    // A success, then something unexpected on the connection.
    fault("bytes-after-response", "a success followed by a second, unsolicited response; the connection stays open",
        Action::WithRun(|context| {
            let unsolicited = Response::empty(200).to_bytes();
            context.send(&[context.success().to_bytes(), unsolicited].concat())?;
            Ok(Disposition::KeepOpen)
        })),
    fault("close-after-success", "a success with Connection: close, then closes",
        Action::WithRun(|context| context.send_and_close(&context.success().with_header("Connection", "close").to_bytes()))),
    fault("close-while-idle", "a success on an open connection, which is closed 50 ms later",
        Action::WithRun(|context| {
            context.send(&context.success().to_bytes())?;
            thread::sleep(Duration::from_millis(50));
            Ok(Disposition::Close)
        })),
];

/// Returns the fault that an identifier asks for.
pub(crate) fn find(identifier: &str) -> Option<&'static Fault> {
    named(identifier.strip_prefix(PREFIX)?)
}

/// Returns the fault with this name.
pub(crate) fn named(name: &str) -> Option<&'static Fault> {
    FAULTS.iter().find(|fault| fault.name == name)
}

impl Fault {
    /// The identifier that provokes it, `fault-NAME`: of a workflow, or on other endpoints of a
    /// run, a step or a tenant.
    pub fn identifier(&self) -> String {
        format!("{PREFIX}{}", self.name)
    }

    /// True if a trigger with this fault starts a run. Other endpoints never start one.
    pub fn starts_run(&self) -> bool {
        matches!(self.action, Action::WithRun(_))
    }

    /// How the connection continues if the fault is applied before the request is read.
    pub(crate) fn before_reading(&self) -> Option<Disposition> {
        match self.action {
            Action::BeforeReading(disposition) => Some(disposition),
            Action::WithoutRun(_) | Action::WithRun(_) => None,
        }
    }

    /// Applies the fault after the request was read. This includes requests that a peek could not
    /// recognise, because they were too large for example.
    pub(crate) fn apply(&self, context: &FaultContext<'_>) -> io::Result<Disposition> {
        match self.action {
            Action::BeforeReading(disposition) => Ok(disposition),
            Action::WithoutRun(handler) | Action::WithRun(handler) => handler(context),
        }
    }
}

impl FaultContext<'_> {
    /// The response without the fault.
    fn success(&self) -> Response {
        self.envelopes.success.response(200)
    }

    fn send(&self, bytes: &[u8]) -> io::Result<()> {
        let mut stream = self.stream;
        stream.write_all(bytes)
    }

    fn send_and_close(&self, bytes: &[u8]) -> io::Result<Disposition> {
        self.send(bytes)?;
        Ok(Disposition::Close)
    }

    /// Sends a complete response and keeps the connection open.
    fn respond(&self, response: Response) -> io::Result<Disposition> {
        let response =
            if self.keep_alive { response } else { response.with_header("Connection", "close") };
        self.send(&response.to_bytes())?;
        Ok(Disposition::KeepOpen)
    }

    /// Sends an interim response, then the success.
    fn respond_after(&self, interim: &[u8]) -> io::Result<Disposition> {
        self.send(interim)?;
        self.respond(self.success())
    }

    /// Sends the success with a part of its JSON replaced.
    fn respond_edited(&self, part: &str, replacement: &str) -> io::Result<Disposition> {
        let response = self.success();
        let body = String::from_utf8_lossy(&response.body).replacen(part, replacement, 1);
        self.respond(response.with_body(body))
    }

    fn redirect(&self, status: u16) -> io::Result<Disposition> {
        let location = format!("{}{REDIRECT_PATH}", self.base_url);
        self.respond(Response::empty(status).with_header("Location", location))
    }
}

fn hang(context: &FaultContext<'_>) -> io::Result<Disposition> {
    let deadline = Instant::now() + TIMEOUT;
    let mut stream = context.stream;
    let mut discarded = [0; 1024];
    while Instant::now() < deadline && stream.read(&mut discarded)? > 0 {}
    Ok(Disposition::Close)
}

fn truncated_response(context: &FaultContext<'_>) -> io::Result<Disposition> {
    let response = context.success();
    let too_long = format!("Content-Length: {}\r\n", response.body.len() + 100);
    context.send_and_close(&[response.head(&too_long), response.body].concat())
}

fn cut_chunk(context: &FaultContext<'_>) -> io::Result<Disposition> {
    let response = context.success();
    let size = format!("{:x}\r\n", response.body.len());
    let half = &response.body[..response.body.len() / 2];
    let head = response.head("Transfer-Encoding: chunked\r\n");
    context.send_and_close(&[&head, size.as_bytes(), half].concat())
}

fn slow_response(context: &FaultContext<'_>) -> io::Result<Disposition> {
    for byte in context.success().to_bytes() {
        context.send(&[byte])?;
        thread::sleep(Duration::from_millis(100));
    }
    Ok(Disposition::KeepOpen)
}

fn duplicate_trigger_id(context: &FaultContext<'_>) -> io::Result<Disposition> {
    const TRIGGER_ID: &str = r#""triggerId":"#;
    let body = context.success().body;
    let is_trigger = body.windows(TRIGGER_ID.len()).any(|part| part == TRIGGER_ID.as_bytes());
    let key = if is_trigger { TRIGGER_ID } else { r#""resultData":"# };
    let twice = format!(r#"{key}"d0b1e000-0000-4000-8000-000000000000",{key}"#);
    context.respond_edited(key, &twice)
}

/// Sends the envelope without its last brace, and then spaces: JSON that could still become valid.
fn endless_body(context: &FaultContext<'_>) -> io::Result<Disposition> {
    const CHUNK: usize = 64 * 1024;
    const CHUNKS: usize = 64 * 1024 * 1024 / CHUNK - 1;
    let deadline = Instant::now() + TIMEOUT;
    let response = context.success();
    let start = &response.body[..response.body.len() - 1];
    let size = format!("{:x}\r\n", start.len());
    let head = response.head("Transfer-Encoding: chunked\r\n");
    context.send(&[&head, size.as_bytes(), start, b"\r\n"].concat())?;

    let chunk = format!("{CHUNK:x}\r\n{}\r\n", " ".repeat(CHUNK)).into_bytes();
    for _ in 0..CHUNKS {
        if Instant::now() > deadline {
            break;
        }
        context.send(&chunk)?;
    }
    Ok(Disposition::Close)
}
