//! HTTP/1.1 by ureq. The only file that imports it.
//!
//! ureq reads the responses. `connection.rs` sends the requests: ureq-proto would write their
//! bytes, with the token, to a Rust program's log, and preparing a request for ureq costs 2,600
//! instructions. So ureq is given a placeholder, `GET http://gateway/`, and what it writes is
//! dropped.
//!
//! For every exchange, ureq asks its connector for a transport. Here, the transport is a connection
//! that was opened beforehand and waits in a slot. When ureq drops the transport, whatever the
//! result, the connection returns to the slot and can report how many bytes were sent. An agent
//! serves one exchange at a time, so a slot for one connection is enough.

use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::uri::Uri;
use ureq::http::{HeaderValue, Request, Response, header};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers as UreqBuffers, ConnectionDetails, Connector, NextTimeout, Transport as UreqTransport,
};
use ureq::{Agent, Body};

use crate::error::ErrorKind;
use crate::panic_points;
use crate::panics;
use crate::wiped;

use super::buffers::{Buffers, MAX_HEAD_BYTES};
use super::connection::Connection;
use super::context::CallContext;
use super::exchange::{Exchange, Fault, HttpResponse};
use super::{gzip, retry_after};

const USUAL_BODY_BYTES: u64 = 16 * 1024;
/// How long after its deadline a complete response may still be decoded: a call must end 50 ms
/// after the deadline, and the JSON is parsed after that. Counts from the end of reading if that is
/// later: the process may have been stopped.
const DECODING_GRACE: Duration = Duration::from_millis(20);
/// A server that announces more must send it before memory is allocated for it.
const MAX_EXPECTED_BYTES: u64 = 64 * 1024;

/// A ureq agent and the slot for its connection.
pub(super) struct Http1 {
    agent: Agent,
    placeholder: Request<()>,
    slot: Slot,
}

#[derive(Clone, Default)]
struct Slot(Arc<Mutex<Option<Box<Connection>>>>);

impl Http1 {
    pub(super) fn new() -> Box<Self> {
        let config = Config::builder()
            // A redirect is a response, and an error status has a body worth reading.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            // ureq would read a proxy from the environment, and pool connections itself.
            .proxy(None)
            .max_idle_connections(0)
            // `*/*` means the same as no Accept header, and costs as much as any header.
            .accept("")
            .accept_encoding("")
            .user_agent("")
            .max_response_header_size(MAX_HEAD_BYTES)
            .build();
        let slot = Slot::default();
        let agent = Agent::with_parts(config, slot.clone(), NoResolver);
        let mut placeholder = Request::new(());
        *placeholder.uri_mut() = Uri::from_static("http://gateway/");
        Box::new(Http1 { agent, placeholder, slot })
    }

    /// Sends a request, given in parts, and reads its response. Returns the connection, which knows
    /// if it can be used again.
    pub(super) fn exchange(
        &self,
        connection: Box<Connection>,
        request: &[&[u8]],
        max_response_bytes: u64,
        call: &CallContext<'_>,
    ) -> (Exchange, Option<Box<Connection>>) {
        self.slot.put(connection);
        let response = || {
            // In the slot, so that a panic loses neither the connection nor its count of bytes.
            let mut slot = self.slot.lock();
            slot.as_mut().expect("it was put there").send(request); // cannot fail
            drop(slot);
            let response = self.agent.run(self.placeholder.clone()).map_err(fault_from_ureq)?;
            panic_points::pass("the head of a response was read");
            read_response(response, max_response_bytes, call)
        };
        // After a panic, the connection still knows how much was sent.
        let mut has_panicked = false;
        let response = catch_unwind(AssertUnwindSafe(response)).unwrap_or_else(|panic| {
            has_panicked = true;
            Err(Fault::new(ErrorKind::Internal, panics::message(panic)))
        });
        let Some(mut connection) = self.slot.take() else {
            // Cannot happen while ureq drops its transport. If it did, bytes may have been sent.
            let fault = Fault::new(ErrorKind::Internal, "ureq did not return the connection");
            return (
                Exchange {
                    bytes_sent: 1,
                    was_refused: false,
                    first_byte: None,
                    response: Err(fault),
                },
                None,
            );
        };
        let (mut bytes_sent, first_byte) = (connection.bytes_sent(), connection.first_byte());
        if has_panicked && connection.has_begun_sending() {
            // It may have been in between sending bytes and counting them.
            bytes_sent = bytes_sent.max(1);
        }
        let first_fault = connection.take_fault();
        // A success without a body is not from the gateway, so the bytes that follow it may not be
        // a response either.
        let is_sound =
            |response: &HttpResponse| response.status >= 300 || !response.body.is_empty();
        let is_reusable = connection.is_reusable
            && first_fault.is_none()
            && !connection.is_request_cut()
            && response.as_ref().is_ok_and(is_sound);
        // The connection's fault is closer to the cause than the error that ureq made of it.
        let response =
            response.map_err(|fault| connection.with_renegotiation(first_fault.unwrap_or(fault)));
        let response = match response {
            Ok(response) if connection.is_request_cut() => refusal(response),
            response => response,
        };
        connection.is_reusable = is_reusable;
        (Exchange { bytes_sent, was_refused: false, first_byte, response }, Some(connection))
    }
}

/// Returns the response to a request that was not completely sent. It can only refuse the request:
/// nobody knows to which request a success belongs.
fn refusal(mut response: HttpResponse) -> Result<HttpResponse, Fault> {
    let status = response.status;
    if !(200..300).contains(&status) {
        return Ok(response);
    }
    wiped::wipe(&mut response.body);
    let message = format!("HTTP {status} was received before the request was completely sent");
    Err(Fault::new(ErrorKind::UnexpectedResponse, message))
}

fn read_response(
    mut response: Response<Body>,
    max_bytes: u64,
    call: &CallContext<'_>,
) -> Result<HttpResponse, Fault> {
    let status = response.status();
    let retry_after =
        if status.is_success() { None } else { response.headers().get(header::RETRY_AFTER) };
    let retry_after = retry_after.and_then(|value| retry_after::parse(value.to_str().ok()?));
    let location = match status.is_redirection() {
        true => response.headers().get(header::LOCATION).map(redirect_target),
        false => None,
    };
    let expected = response.body().content_length().unwrap_or(USUAL_BODY_BYTES).min(max_bytes);
    let expected = expected.min(MAX_EXPECTED_BYTES) as usize;
    // Its memory is wiped where it grows: the body may contain a secret.
    let mut body = wiped::read_to_end(response.body_mut().as_reader(), expected, max_bytes)
        .map_err(|error| fault_from_ureq(error.into()))?;
    // JSON never starts with this, so most responses need no search for the header.
    if body.starts_with(gzip::MAGIC) && is_gzip(&response) {
        decode_gzip(&mut body, max_bytes, status.is_success(), call)?;
    }
    if body.len() as u64 > max_bytes {
        wiped::wipe(&mut body);
        let message = format!("the response is larger than max_response_bytes ({max_bytes})");
        return Err(Fault::new(ErrorKind::ResponseTooLarge, message));
    }
    Ok(HttpResponse { status: status.as_u16(), retry_after, location, body })
}

fn is_gzip(response: &Response<Body>) -> bool {
    let encoding = response.headers().get(header::CONTENT_ENCODING);
    encoding.is_some_and(|value| gzip::is_name(value.as_bytes()))
}

/// Replaces a body by its decoded form.
fn decode_gzip(
    body: &mut Vec<u8>,
    max_bytes: u64,
    is_success: bool,
    call: &CallContext<'_>,
) -> Result<(), Fault> {
    let until = call.deadline.max(Instant::now()) + DECODING_GRACE;
    let must_stop = || call.cancellation.is_cancelled() || Instant::now() > until;
    let decoded = match gzip::decode(body, max_bytes, &must_stop) {
        Ok(decoded) => decoded,
        // An error response is judged by its status. Its body stays as it is: it might contain a
        // trigger id.
        Err(_) if !is_success => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::TimedOut => {
            let timeout = call.timeout.as_millis();
            let message =
                format!("the timeout of {timeout} ms expired while decoding the gzip response");
            return Err(Fault::new(ErrorKind::ResponseTimeout, message));
        }
        Err(error) if error.kind() == io::ErrorKind::OutOfMemory => return Err(out_of_memory()),
        Err(error) => {
            let message = format!("the gzip body of the response cannot be decoded: {error}");
            return Err(Fault::new(ErrorKind::InvalidHttp, message));
        }
    };
    wiped::wipe(body);
    *body = decoded;
    Ok(())
}

/// Returns where a redirect leads to, with what may be secret replaced.
fn redirect_target(location: &HeaderValue) -> String {
    let location = String::from_utf8_lossy(location.as_bytes());
    let (target, has_more) = match location.find(['?', '#']) {
        Some(at) => (&location[..at], true),
        None => (&*location, false),
    };
    // The last at sign: a password that is not percent-encoded may contain one, or a slash.
    let (start, login, host) = match (target.find("//"), target.rfind('@')) {
        (_, None) => (target, "", ""),
        (Some(at), Some(end)) if at < end => (&target[..at + 2], "[secret]", &target[end..]),
        (_, Some(end)) => ("", "[secret]", &target[end..]),
    };
    [start, login, host, if has_more { "?[secret]" } else { "" }].concat()
}

fn fault_from_ureq(error: ureq::Error) -> Fault {
    match error {
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => Fault::cut_off(),
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::OutOfMemory => out_of_memory(),
        ureq::Error::LargeResponseHeader(..) => {
            Fault::new(ErrorKind::ResponseTooLarge, "the response headers are larger than 64 KiB")
        }
        error => {
            // The prefixes name ureq's layers.
            let text = error.to_string();
            let text = text.strip_prefix("protocol: ").unwrap_or(&text);
            let text = text.strip_prefix("http parse fail: ").unwrap_or(text);
            Fault::invalid_http(text)
        }
    }
}

fn out_of_memory() -> Fault {
    Fault::new(ErrorKind::OutOfMemory, "not enough memory for the response")
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

/// A connection lent to ureq. Returns to its slot when it is dropped.
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

// ureq requires Debug of these two, but never prints them.
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

impl UreqTransport for Loan {
    fn buffers(&mut self) -> &mut dyn UreqBuffers {
        &mut self.connection().buffers
    }

    /// Does nothing: the request was sent before.
    fn transmit_output(&mut self, _: usize, _: NextTimeout) -> Result<(), ureq::Error> {
        Ok(())
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, ureq::Error> {
        match self.connection().receive() {
            Ok(amount) => Ok(amount > 0),
            // Not the error itself: ureq takes some kinds for the end of a body.
            Err(()) => Err(io::Error::other("see the connection's fault").into()),
        }
    }

    /// ureq calls this once, when an exchange ended well and it would pool the connection. Records
    /// that the connection is reusable, and returns false so that ureq drops it.
    fn is_open(&mut self) -> bool {
        let connection = self.connection();
        connection.is_reusable = !connection.buffers.must_close();
        false
    }
}

impl UreqBuffers for Buffers {
    fn output(&mut self) -> &mut [u8] {
        self.scratch()
    }

    fn input(&self) -> &[u8] {
        Buffers::input(self)
    }

    fn input_append_buf(&mut self) -> &mut [u8] {
        self.input_room()
    }

    fn input_appended(&mut self, _: usize) {
        // Only transports of ureq's own call this.
    }

    fn input_consume(&mut self, amount: usize) {
        self.consume_input(amount);
    }

    fn tmp_and_output(&mut self) -> (&mut [u8], &mut [u8]) {
        // The first is for chunked request bodies, which are never sent here.
        (&mut [], self.scratch())
    }

    fn can_use_input(&self) -> bool {
        Buffers::can_use_input(self)
    }
}

/// Connections are opened before ureq is asked, so there is nothing to resolve.
#[derive(Debug)]
struct NoResolver;

impl Resolver for NoResolver {
    fn resolve(
        &self,
        _: &Uri,
        _: &Config,
        _: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        Ok(self.empty())
    }
}
