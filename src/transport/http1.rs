//! A ureq agent and the connection it may use.
//!
//! ureq asks its connector for a transport in every exchange. Here that transport is a connection
//! which was opened beforehand and lies in a slot; when ureq is done with it, it comes back to the
//! slot, whatever became of the exchange, and tells what was sent. One agent serves one exchange
//! at a time, so the slot needs to hold no more than one connection.

use std::fmt;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use ureq::config::Config;
use ureq::http::{HeaderValue, Request, Response, header};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{self, Buffers, ConnectionDetails, Connector, NextTimeout};
use ureq::{Agent, Body};
use zeroize::Zeroize;

use crate::error::ErrorKind;

use super::buffers::MAX_HEAD_BYTES;
use super::connection::Connection;
use super::{Exchange, Fault, HttpResponse, gzip};

const USUAL_BODY_BYTES: u64 = 16 * 1024;

pub(super) struct Http1 {
    agent: Agent,
    slot: Slot,
}

#[derive(Clone, Default)]
struct Slot(Arc<Mutex<Option<Box<Connection>>>>);

impl Http1 {
    pub(super) fn new() -> Self {
        let config = Config::builder()
            // A redirect is an answer, and an error status has a body worth reading.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            // ureq would read a proxy from the environment, and keep connections of its own.
            .proxy(None)
            .max_idle_connections(0)
            // `*/*` says no more than saying nothing, and costs as much as any header.
            .accept("")
            // These two are in the lines that pass it by.
            .accept_encoding("")
            .user_agent("")
            .max_response_header_size(MAX_HEAD_BYTES)
            .build();
        let slot = Slot::default();
        Http1 { agent: Agent::with_parts(config, slot.clone(), NoResolver), slot }
    }

    /// Sends a request and reads its response. Gives the connection back if it is fit for another.
    pub(super) fn exchange(
        &self,
        connection: Box<Connection>,
        request: Request<()>,
        body: Option<&[u8]>,
        max_response_bytes: u64,
    ) -> (Exchange, Option<Box<Connection>>) {
        self.slot.put(connection);
        let response = match body {
            Some(body) => {
                // In the place that the request has for it: ureq would add a header, which costs
                // it two allocations more.
                let length = HeaderValue::try_from(body.len().to_string());
                let length = length.expect("digits are a value"); // cannot fail
                let mut request = request.map(|()| body);
                request.headers_mut().insert(header::CONTENT_LENGTH, length);
                self.agent.run(request)
            }
            None => self.agent.run(request),
        };
        let response = response
            .map_err(fault_of)
            .and_then(|response| read_response(response, max_response_bytes));
        let Some(mut connection) = self.slot.take() else {
            // Cannot happen while ureq drops what it borrows; if it did, bytes may have gone out.
            let fault = Fault::new(ErrorKind::Internal, "the HTTP agent kept the connection");
            return (Exchange { bytes_sent: 1, first_byte: None, response: Err(fault) }, None);
        };
        let (bytes_sent, first_byte) = (connection.bytes_sent(), connection.first_byte());
        let first_fault = connection.take_fault();
        // A success without a body is none of the gateway's, so what follows may be no response either.
        let is_sound =
            |response: &HttpResponse| response.status >= 300 || !response.body.is_empty();
        let is_fit = connection.is_reusable
            && first_fault.is_none()
            && response.as_ref().is_ok_and(is_sound);
        // What the connection saw is closer to the cause than what ureq made of it.
        let response = response.map_err(|fault| first_fault.unwrap_or(fault));
        (Exchange { bytes_sent, first_byte, response }, is_fit.then_some(connection))
    }
}

fn read_response(mut response: Response<Body>, max_bytes: u64) -> Result<HttpResponse, Fault> {
    let headers = response.headers();
    let mut encodings = headers.get_all(header::TRANSFER_ENCODING).iter();
    if let Some(encoding) = encodings.next() {
        let message = if headers.contains_key(header::CONTENT_LENGTH) {
            // RFC 9112 section 6.3: two lengths, and no way to tell which one is meant.
            "the response has both Content-Length and Transfer-Encoding"
        } else if !encoding.as_bytes().eq_ignore_ascii_case(b"chunked")
            || encodings.next().is_some()
        {
            "the response has a Transfer-Encoding other than chunked"
        } else {
            ""
        };
        if !message.is_empty() {
            return Err(Fault::new(ErrorKind::InvalidHttp, message));
        }
    }
    let status = response.status();
    let retry_after = if status.is_success() { None } else { headers.get(header::RETRY_AFTER) };
    let retry_after = retry_after.and_then(|value| retry_after_of(value.to_str().ok()?));
    // Room for any usual body, so that a secret in it is not left behind where it grew from.
    let announced = response.body().content_length().unwrap_or(USUAL_BODY_BYTES).min(max_bytes);
    let mut body = Vec::with_capacity(announced.min(MAX_HEAD_BYTES as u64) as usize);
    let mut read = response
        .body_mut()
        .as_reader()
        .take(max_bytes + 1)
        .read_to_end(&mut body)
        .map_err(|error| fault_of(error.into()));
    // No JSON starts like it, so the header need not be looked for in every response.
    if read.is_ok() && body.starts_with(gzip::MAGIC) && is_gzip(&response) {
        read = decode_gzip(&mut body, max_bytes, status.is_success());
    }
    if read.is_err() || body.len() as u64 > max_bytes {
        // A part of a response may hold a new token.
        body.zeroize();
    }
    if read? as u64 > max_bytes {
        let message = format!("the response is larger than max_response_bytes, {max_bytes}");
        return Err(Fault::new(ErrorKind::ResponseTooLarge, message));
    }
    Ok(HttpResponse { status: status.as_u16(), retry_after, body })
}

fn is_gzip(response: &Response<Body>) -> bool {
    response.headers().get(header::CONTENT_ENCODING).is_some_and(|value| {
        [&b"gzip"[..], b"x-gzip"].iter().any(|name| value.as_bytes().eq_ignore_ascii_case(name))
    })
}

/// Puts the text in a body in its place.
fn decode_gzip(body: &mut Vec<u8>, max_bytes: u64, is_success: bool) -> Result<usize, Fault> {
    let decoded = match gzip::decode(body, max_bytes) {
        Ok(decoded) => decoded,
        // An error is judged by its status, whatever it brings.
        Err(_) if !is_success => Vec::new(),
        Err(error) => {
            let message = format!("the response's gzip cannot be decoded: {error}");
            return Err(Fault::new(ErrorKind::InvalidHttp, message));
        }
    };
    body.zeroize();
    *body = decoded;
    Ok(body.len())
}

/// Seconds or a date (RFC 9110 section 10.2.3).
fn retry_after_of(value: &str) -> Option<Duration> {
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

#[cold] // So that it stands once.
fn fault_of(error: ureq::Error) -> Fault {
    match error {
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => Fault::new(
            ErrorKind::ConnectionLost,
            "the connection was closed before the response was complete",
        ),
        ureq::Error::LargeResponseHeader(..) => {
            Fault::new(ErrorKind::ResponseTooLarge, "the response's head is larger than 64 KiB")
        }
        error => {
            let flaw = error.to_string();
            let flaw = in_our_words(&flaw);
            let message = ["the response is not valid HTTP/1.1: ", flaw].concat();
            Fault { kind: ErrorKind::InvalidHttp, message }
        }
    }
}

/// What ureq finds wrong with a response, as it is said here. Its errors have no other form that may be
/// named.
fn in_our_words(error: &str) -> &str {
    let error = error.strip_prefix("protocol: ").unwrap_or(error);
    match error.strip_prefix("http parse fail: ").unwrap_or(error) {
        "invalid HTTP version" => "it begins with neither HTTP/1.1 nor HTTP/1.0",
        "invalid response status" => "its status line is none of HTTP's",
        "invalid header name" => "a header has a name that none has",
        "invalid header value" => "the value of a header holds a control character",
        "invalid new line" => "a line of its head does not end as lines do",
        "http parse resulted in too many headers" => "it has more than 128 headers",
        "conflicting content-length headers" => "it has two lengths that contradict each other",
        "content-length header not a number" => "its Content-Length is no number",
        "received headers with 100-continue response" => "a 100 (Continue) before it has headers",
        "chunk length cannot be read as a number" | "chunk length is not ascii" => {
            "a chunk of it has no length"
        }
        "chunk expected crlf as next character" => "a chunk of it is not as long as it says",
        other if other.starts_with("invalid status code") => "its status is below 100",
        other => other,
    }
}

impl Slot {
    fn put(&self, connection: Box<Connection>) {
        *self.lock() = Some(connection);
    }

    fn take(&self) -> Option<Box<Connection>> {
        self.lock().take()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Box<Connection>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connector for Slot {
    type Out = Loan;

    fn connect(&self, _: &ConnectionDetails, _: Option<()>) -> Result<Option<Loan>, ureq::Error> {
        Ok(self.take().map(|connection| Loan { connection: Some(connection), slot: self.clone() }))
    }
}

/// A connection in ureq's hands. It goes back to its slot when it is dropped.
struct Loan {
    connection: Option<Box<Connection>>,
    slot: Slot,
}

impl Loan {
    fn connection(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("taken only by drop") // cannot fail
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.slot.put(connection);
        }
    }
}

// ureq asks for these two, and shows them nowhere.
impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Slot")
    }
}
impl fmt::Debug for Loan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Loan")
    }
}

impl transport::Transport for Loan {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.connection().buffers
    }

    /// Collects; what is collected leaves when ureq waits for the response, or when it gets too much.
    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), ureq::Error> {
        self.connection().add_output(amount);
        Ok(())
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, ureq::Error> {
        let connection = self.connection();
        connection.send();
        match connection.receive() {
            Ok(amount) => Ok(amount > 0),
            // Not the error itself: ureq takes some kinds for the end of a body.
            Err(()) => Err(io::Error::other("see the connection's fault").into()),
        }
    }

    /// ureq asks this once, when an exchange ended well and it would keep the connection. The
    /// connection is noted as reusable and taken back instead.
    fn is_open(&mut self) -> bool {
        self.connection().is_reusable = true;
        false
    }

    fn is_tls(&self) -> bool {
        self.connection.as_ref().is_some_and(|connection| connection.is_tls())
    }
}

/// Connections are opened before ureq is asked, so there is nothing to resolve.
#[derive(Debug)]
struct NoResolver;

impl Resolver for NoResolver {
    fn resolve(
        &self,
        _: &ureq::http::Uri,
        _: &Config,
        _: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        Ok(self.empty())
    }
}
