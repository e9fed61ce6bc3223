//! A TCP stream whose reads and writes end at a deadline or when their call is cancelled, and that
//! counts what it wrote.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::AsFd;
use rustix::io::Errno;

use crate::fork;

use super::cancel::{CancellationToken, Canceller};

/// How far the socket's own timeout may be from what is left of the deadline. It spares a system
/// call for every read and write, since calls on one connection mostly have the same timeout.
const TIMER_SLACK: Duration = Duration::from_millis(10);

/// How long it may take until a cancelled call notices, where nothing wakes it.
const CANCEL_POLL: Duration = Duration::from_millis(20);

/// Timers up to this are late by a few milliseconds at most.
const FINE_TIMER: Duration = Duration::from_millis(200);

pub(super) struct Socket {
    /// Cancelling shuts it down from another thread.
    stream: Arc<TcpStream>,
    canceller: Arc<Canceller>,
    /// Of the call that opened it.
    generation: u64,
    process: u32,
    deadline: Instant,
    /// What the operating system's timers are set to.
    read_timeout: Option<Duration>,
    write_timeout: Option<Duration>,
    written: u64,
    /// When the wait for what is read began, and when the last of it came.
    waiting_since: Option<Instant>,
    last_read: Instant,
}

impl Socket {
    /// None if the call is cancelled already.
    pub(super) fn new(
        stream: TcpStream,
        deadline: Instant,
        cancellation: CancellationToken<'_>,
    ) -> Option<Self> {
        let stream = Arc::new(stream);
        cancellation.register(&stream).then(|| Socket {
            stream,
            canceller: cancellation.canceller().clone(),
            generation: cancellation.generation(),
            process: fork::process(),
            deadline,
            read_timeout: None,
            write_timeout: None,
            written: 0,
            waiting_since: None,
            last_read: Instant::now(),
        })
    }

    /// Whether a call may use it, as far as cancelling and forking go.
    pub(super) fn belongs_to(&self, cancellation: CancellationToken<'_>) -> bool {
        self.generation == cancellation.generation() && self.process == fork::process()
    }

    /// Sets the deadline of what follows and counts from 0 again.
    pub(super) fn restart(&mut self, deadline: Instant) {
        self.deadline = deadline;
        self.written = 0;
        self.waiting_since = None;
    }

    /// Bytes that the operating system took for sending.
    pub(super) fn written(&self) -> u64 {
        self.written
    }

    /// When something was read last, or the connection opened.
    pub(super) fn last_read(&self) -> Instant {
        self.last_read
    }

    /// How long that was after the wait for it began.
    pub(super) fn waited(&self) -> Duration {
        self.waiting_since.map_or(Duration::ZERO, |since| self.last_read - since)
    }

    /// Whether the connection is open and nothing has come in: what comes unasked, a 408 before
    /// closing for instance, would be taken for the next request's response.
    pub(super) fn is_quiet(&self) -> bool {
        let mut look = [PollFd::new(&*self.stream, PollFlags::IN)];
        matches!(poll(&mut look, Some(&Default::default())), Ok(0))
    }

    fn is_cancelled(&self) -> bool {
        self.canceller.has_cancelled(self.generation)
    }

    /// Where shutting a socket down does not wake who reads or writes there, they only do so when it
    /// is ready.
    #[cfg(windows)]
    fn await_ready(&self, flags: PollFlags) -> io::Result<()> {
        while !poll_once(&*self.stream, flags, self.left(Instant::now())?)? {
            if self.is_cancelled() {
                return Err(ErrorKind::ConnectionAborted.into());
            }
        }
        Ok(())
    }

    fn left(&self, now: Instant) -> io::Result<Duration> {
        let left = self.deadline.saturating_duration_since(now);
        if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(left) }
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let now = Instant::now();
            self.waiting_since.get_or_insert(now);
            #[cfg(windows)]
            self.await_ready(PollFlags::IN)?;
            #[cfg(windows)]
            let now = Instant::now();
            let timer = timer(self.left(now)?);
            if !is_near(self.read_timeout, timer) {
                self.stream.set_read_timeout(Some(timer))?;
                self.read_timeout = Some(timer);
            }
            match (&*self.stream).read(buffer) {
                Err(error) if is_transient(&error) => {}
                // Or a response that ends with its connection would look whole.
                Ok(0) if self.is_cancelled() => {
                    return Err(ErrorKind::ConnectionAborted.into());
                }
                result => {
                    self.last_read = Instant::now();
                    return result;
                }
            }
        }
    }
}

impl Write for Socket {
    // Not write_vectored: the standard library's lacks MSG_NOSIGNAL, and SIGPIPE kills a C host.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            #[cfg(windows)]
            self.await_ready(PollFlags::OUT)?;
            let now = Instant::now();
            let timer = timer(self.left(now)?);
            if !is_near(self.write_timeout, timer) {
                self.stream.set_write_timeout(Some(timer))?;
                self.write_timeout = Some(timer);
            }
            match (&*self.stream).write(bytes) {
                Err(error) if is_transient(&error) => {}
                result => {
                    self.written += *result.as_ref().unwrap_or(&0) as u64;
                    return result;
                }
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Waits until a socket is ready, but no longer than a cancelled call may go on; whether it is.
pub(super) fn poll_once(socket: &impl AsFd, flags: PollFlags, most: Duration) -> io::Result<bool> {
    let most = Timespec { tv_sec: 0, tv_nsec: most.min(CANCEL_POLL).subsec_nanos() as _ };
    match poll(&mut [PollFd::new(socket, flags)], Some(&most)) {
        Err(Errno::INTR) => Ok(false),
        ready => Ok(ready? > 0),
    }
}

/// How long the operating system is to wait at once. Its timers may be late by an eighth of that
/// (Linux sorts long ones coarsely), so what then is left is waited for anew.
fn timer(left: Duration) -> Duration {
    if left > FINE_TIMER { left / 8 * 7 } else { left }
}

fn is_near(current: Option<Duration>, wanted: Duration) -> bool {
    current.is_some_and(|current| current.abs_diff(wanted) <= TIMER_SLACK)
}

/// Whether an error is the end of a deadline, and not a peer that the operating system gave up.
pub(super) fn is_deadline(error: &io::Error) -> bool {
    error.kind() == ErrorKind::TimedOut && error.raw_os_error().is_none()
}

/// A signal, or the socket's own timer: the deadline decides.
fn is_transient(error: &io::Error) -> bool {
    match error.kind() {
        ErrorKind::Interrupted | ErrorKind::WouldBlock => true,
        // Elsewhere it is a peer that does not answer any more.
        ErrorKind::TimedOut => cfg!(windows),
        _ => false,
    }
}
