//! Reads one request at a time from a connection, whole or only peeked at.

mod body;
mod head;
pub(crate) mod query;
mod response;

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use body::Body;
use head::Head;
pub(crate) use response::Response;

/// How long a peer may be silent, and how long one request may take to arrive: no thread is left for ever.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// How much of a request a peek can see. Well below any system's receive buffer.
const PEEK_WINDOW: usize = 32 * 1024;

/// How long a peek waits for the rest of a request that has stopped growing.
const PEEK_PATIENCE: Duration = Duration::from_secs(1);

/// A request that was read, or seen, whole.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) head: Head,
    pub(crate) body: Vec<u8>,
}

/// Why a request cannot be taken: the status to answer with, and a sentence for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) why: &'static str,
}

impl Refusal {
    fn malformed(why: &'static str) -> Self {
        Self { status: 400, why }
    }
}

/// What an attempt to read a request came to.
pub(crate) enum Incoming {
    Request(Request),
    Refused(Refusal),
    /// Closed, reset or silent for too long, before a request was whole.
    Gone,
}

/// The server's end of one connection.
pub(crate) struct Connection {
    stream: Arc<TcpStream>,
    /// Bytes taken from the socket that belong to the next request.
    unread: Vec<u8>,
    /// Whether the request under way has had its `100 Continue`.
    continued: bool,
}

impl Connection {
    pub(crate) fn new(stream: Arc<TcpStream>) -> io::Result<Self> {
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, unread: Vec::new(), continued: false })
    }

    pub(crate) fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// Waits for the next request and looks at it without taking a byte from the socket.
    ///
    /// `None` when it cannot be seen whole that way (it is larger than the window, pipelined, malformed or never
    /// completed): reading it then says what is the matter. Unread bytes can be peeked at even after the connection was
    /// shut down, so it has to be told when to stop.
    pub(crate) fn peek_request(&mut self, is_stopping: impl Fn() -> bool) -> Option<Request> {
        if !self.unread.is_empty() {
            return None;
        }
        let mut window = vec![0; PEEK_WINDOW];
        let mut seen = 0;
        let mut last_growth = Instant::now();
        loop {
            let available = self.stream.peek(&mut window).ok()?;
            if available == 0 {
                return None;
            }
            if available > seen {
                seen = available;
                last_growth = Instant::now();
                if let Some(request) = self.request_in(&window[..seen])? {
                    return Some(request);
                }
            } else if last_growth.elapsed() > PEEK_PATIENCE || is_stopping() {
                return None;
            }
            if seen == PEEK_WINDOW {
                return None;
            }
            // A peek returns at once while anything is unread, so waiting for more has to be a poll.
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// The request in these bytes: `Some(None)` while it is not whole, `None` when it never will be.
    fn request_in(&mut self, bytes: &[u8]) -> Option<Option<Request>> {
        let Some((head, length)) = Head::parse(bytes).ok()? else {
            return Some(None);
        };
        let mut body = Body::of(&head).ok()?;
        body.feed(&bytes[length..]).ok()?;
        if body.is_whole() {
            let body = body.into_bytes();
            return Some(Some(Request { head, body }));
        }
        self.invite_body(&head).ok()?;
        Some(None)
    }

    /// Reads the next request whole.
    pub(crate) fn read_request(&mut self) -> Incoming {
        let mut deadline = None;
        let (head, length) = loop {
            match Head::parse(&self.unread) {
                Ok(Some(parsed)) => break parsed,
                Ok(None) => {}
                Err(refusal) => return Incoming::Refused(refusal),
            }
            if self.fill(&mut deadline).is_err() {
                return Incoming::Gone;
            }
        };
        self.unread.drain(..length);
        let mut body = match Body::of(&head) {
            Ok(body) => body,
            Err(refusal) => return Incoming::Refused(refusal),
        };
        loop {
            match body.feed(&self.unread) {
                Ok(used) => drop(self.unread.drain(..used)),
                Err(refusal) => return Incoming::Refused(refusal),
            }
            if body.is_whole() {
                break;
            }
            if self.invite_body(&head).is_err() || self.fill(&mut deadline).is_err() {
                return Incoming::Gone;
            }
        }
        self.continued = false;
        let body = body.into_bytes();
        Incoming::Request(Request { head, body })
    }

    /// Takes more bytes from the socket. The deadline starts with the first of them, so that being idle is no crime.
    fn fill(&mut self, deadline: &mut Option<Instant>) -> io::Result<()> {
        let mut piece = [0; 16 * 1024];
        let count = loop {
            match (&*self.stream).read(&mut piece) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                outcome => break outcome?,
            }
        };
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let now = Instant::now();
        if now > *deadline.get_or_insert(now + PATIENCE) {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.unread.extend_from_slice(&piece[..count]);
        Ok(())
    }

    /// Sends `100 Continue` once to a client that waits for it before it sends its body.
    fn invite_body(&mut self, head: &Head) -> io::Result<()> {
        if head.expects_continue() && !self.continued {
            self.continued = true;
            self.write(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        Ok(())
    }

    pub(crate) fn write(&self, bytes: &[u8]) -> io::Result<()> {
        (&*self.stream).write_all(bytes)
    }

    /// Closes after a response to a request that was not read to its end.
    ///
    /// Closing with bytes unread resets the connection, and the response may be lost with it; so the rest is drained, within reason.
    pub(crate) fn close_after_unread_rest(self) {
        let deadline = Instant::now() + Duration::from_secs(1);
        let _ = self.stream.shutdown(Shutdown::Write);
        let _ = self.stream.set_read_timeout(Some(Duration::from_millis(250)));
        let mut sink = [0; 16 * 1024];
        while Instant::now() < deadline {
            match (&*self.stream).read(&mut sink) {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
        }
    }
}
