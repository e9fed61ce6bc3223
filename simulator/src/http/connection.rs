//! The server's end of a connection. It reads one request at a time, or peeks at it.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rustls::ServerConfig;

use super::body::Body;
use super::error::RequestError;
use super::head::Head;
use super::stream::Stream;

/// Limit for one read, one write, and one whole request, so that no thread is left forever.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(60);

/// Largest request that a peek can see. Well below every system's receive buffer.
const PEEK_WINDOW: usize = 32 * 1024;

/// How long a peek waits for more bytes of an incomplete request.
const PEEK_TIMEOUT: Duration = Duration::from_secs(1);

/// A complete request.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) head: Head,
    pub(crate) body: Vec<u8>,
}

/// The result of reading a request.
pub(crate) enum Incoming {
    Request(Request),
    Invalid(RequestError),
    /// The connection was closed, reset or silent for too long before a request was complete.
    Disconnected,
}

/// The server's end of one connection.
pub(crate) struct Connection {
    stream: Stream,
    /// Bytes read from the socket and not parsed yet.
    buffer: Vec<u8>,
    /// True once `100 Continue` was sent for the current request.
    sent_continue: bool,
}

impl Connection {
    pub(super) fn new(stream: Arc<TcpStream>, tls: Option<Arc<ServerConfig>>) -> io::Result<Self> {
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.set_write_timeout(Some(TIMEOUT))?;
        stream.set_nodelay(true)?;
        let stream = Stream::new(stream, tls)?;
        Ok(Self { stream, buffer: Vec::new(), sent_continue: false })
    }

    pub(crate) fn stream(&self) -> &Stream {
        &self.stream
    }

    /// Waits for the next request and parses it without reading it from the socket. Over TLS it is
    /// read and kept for [`read_request`](Self::read_request), because records cannot be peeked at.
    ///
    /// Returns `None` if a peek cannot see a complete request: it is larger than the window,
    /// pipelined, malformed or never completed. Reading it then gives the reason. Peeking still
    /// returns unread bytes after the connection was shut down, hence `is_stopping`.
    pub(crate) fn peek_request(&mut self, is_stopping: impl Fn() -> bool) -> Option<Request> {
        if self.stream.is_tls() {
            return self.read_ahead();
        }
        if !self.buffer.is_empty() {
            return None;
        }
        let mut window = vec![0; PEEK_WINDOW];
        let mut seen = 0;
        let mut last_growth = Instant::now();
        loop {
            let available = self.stream.tcp().peek(&mut window).ok()?;
            if available == 0 {
                return None;
            }
            if available > seen {
                seen = available;
                last_growth = Instant::now();
                if let Some(request) = self.parse_complete(&window[..seen])? {
                    return Some(request);
                }
            } else if last_growth.elapsed() > PEEK_TIMEOUT || is_stopping() {
                return None;
            }
            if seen == PEEK_WINDOW {
                return None;
            }
            // A peek returns immediately while bytes are unread, so waiting for more means polling.
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Reads the next request into the buffer and parses it.
    fn read_ahead(&mut self) -> Option<Request> {
        let mut deadline = None;
        while self.buffer.len() <= PEEK_WINDOW {
            let buffer = std::mem::take(&mut self.buffer);
            let parsed = self.parse_complete(&buffer);
            self.buffer = buffer;
            if let Some(request) = parsed? {
                return Some(request);
            }
            self.fill_buffer(&mut deadline).ok()?;
        }
        None
    }

    /// Parses a request: `Some(None)` while it is incomplete, `None` if it is invalid.
    fn parse_complete(&mut self, bytes: &[u8]) -> Option<Option<Request>> {
        let Some((head, length)) = Head::parse(bytes).ok()? else {
            return Some(None);
        };
        let mut body = Body::from_head(&head).ok()?;
        body.feed(&bytes[length..]).ok()?;
        if body.is_complete() {
            let body = body.into_bytes();
            return Some(Some(Request { head, body }));
        }
        self.send_continue_if_expected(&head).ok()?;
        Some(None)
    }

    /// Reads the next request completely.
    pub(crate) fn read_request(&mut self) -> Incoming {
        let mut deadline = None;
        let (head, length) = loop {
            match Head::parse(&self.buffer) {
                Ok(Some(parsed)) => break parsed,
                Ok(None) => {}
                Err(error) => return Incoming::Invalid(error),
            }
            if self.fill_buffer(&mut deadline).is_err() {
                return Incoming::Disconnected;
            }
        };
        self.buffer.drain(..length);
        let mut body = match Body::from_head(&head) {
            Ok(body) => body,
            Err(error) => return Incoming::Invalid(error),
        };
        loop {
            match body.feed(&self.buffer) {
                Ok(used) => drop(self.buffer.drain(..used)),
                Err(error) => return Incoming::Invalid(error),
            }
            if body.is_complete() {
                break;
            }
            if self.send_continue_if_expected(&head).is_err()
                || self.fill_buffer(&mut deadline).is_err()
            {
                return Incoming::Disconnected;
            }
        }
        self.sent_continue = false;
        let body = body.into_bytes();
        Incoming::Request(Request { head, body })
    }

    /// Reads more bytes from the socket. The deadline starts with the first byte of a request, so
    /// that an idle connection is not cut off.
    fn fill_buffer(&mut self, deadline: &mut Option<Instant>) -> io::Result<()> {
        let mut piece = [0; 16 * 1024];
        let count = loop {
            match (&self.stream).read(&mut piece) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let now = Instant::now();
        if now > *deadline.get_or_insert(now + TIMEOUT) {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.buffer.extend_from_slice(&piece[..count]);
        Ok(())
    }

    /// Sends `100 Continue` once to a client that waits for it before it sends its body.
    fn send_continue_if_expected(&mut self, head: &Head) -> io::Result<()> {
        if head.expects_continue() && !self.sent_continue {
            self.sent_continue = true;
            self.write(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        Ok(())
    }

    pub(crate) fn write(&self, bytes: &[u8]) -> io::Result<()> {
        (&self.stream).write_all(bytes)
    }

    /// Closes a connection in an orderly way.
    pub(crate) fn close(self) {
        self.stream.close_writing();
    }

    /// Resets the connection.
    pub(crate) fn reset(self) {
        self.stream.reset_on_close();
    }

    /// Closes a connection on which a request was not read to its end.
    ///
    /// Closing with unread bytes resets the connection, and the client may lose a response that was
    /// already sent. So this sends the end of the stream first and then discards input, for at most
    /// a second.
    pub(crate) fn discard_input_and_close(self) {
        let deadline = Instant::now() + Duration::from_secs(1);
        self.stream.close_writing();
        let _ = self.stream.tcp().set_read_timeout(Some(Duration::from_millis(250)));
        let mut discarded = [0; 16 * 1024];
        while Instant::now() < deadline {
            match (&self.stream).read(&mut discarded) {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
        }
    }
}
