//! A TCP stream whose reads and writes end at a deadline or a cancellation, and which counts the
//! bytes it wrote.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::AsFd;
use rustix::io::Errno;

use crate::fork;

use super::cancel::{CancellationToken, Canceller};

/// How far the socket's timeout may differ from the time to the deadline before it is set again.
/// Calls on one connection mostly have the same timeout, so this saves a system call per read and
/// write.
const TIMER_SLACK: Duration = Duration::from_millis(10);

/// How long a cancelled call takes at most to notice, where nothing wakes it.
const CANCEL_POLL: Duration = Duration::from_millis(20);

/// Timers of at most this duration are late by no more than a few milliseconds.
const FINE_TIMER: Duration = Duration::from_millis(200);

pub(super) struct Socket {
    /// Shared, because a cancellation shuts it down from another thread.
    stream: Arc<TcpStream>,
    canceller: Arc<Canceller>,
    /// The generation of the call that opened it.
    generation: u64,
    process: u64,
    deadline: Instant,
    /// The timeouts that are set in the operating system.
    read_timeout: Option<Duration>,
    write_timeout: Option<Duration>,
    written: u64,
    /// When the current exchange first waited for input.
    waiting_since: Option<Instant>,
    last_read: Instant,
}

impl Socket {
    /// Returns `None` if the call is already cancelled.
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

    /// True unless a cancellation or a fork came between the call that opened the socket and the
    /// call of this token.
    pub(super) fn belongs_to(&self, cancellation: CancellationToken<'_>) -> bool {
        self.generation == cancellation.generation() && self.process == fork::process()
    }

    /// Prepares for the next exchange: sets its deadline and resets the counters.
    pub(super) fn begin_exchange(&mut self, deadline: Instant) {
        self.deadline = deadline;
        self.written = 0;
        self.waiting_since = None;
    }

    /// Returns the number of bytes that the operating system accepted in this exchange.
    pub(super) fn written(&self) -> u64 {
        self.written
    }

    /// Returns when input last arrived, or when the connection was opened.
    pub(super) fn last_read(&self) -> Instant {
        self.last_read
    }

    /// Returns the time from the start of the wait for input to the last input.
    pub(super) fn wait_time(&self) -> Duration {
        self.waiting_since.map_or(Duration::ZERO, |since| self.last_read - since)
    }

    /// True if the connection is open and no input has arrived. Unsolicited input, such as a 408
    /// before the server closes, would be taken for the response to the next request.
    pub(super) fn is_quiet(&self) -> bool {
        let mut sockets = [PollFd::new(&*self.stream, PollFlags::IN)];
        matches!(poll(&mut sockets, Some(&Default::default())), Ok(0))
    }

    fn is_cancelled(&self) -> bool {
        self.canceller.has_cancelled(self.generation)
    }

    /// # Errors
    ///
    /// If the process was forked since the connection was opened, for example by the log callback:
    /// it remains the parent's, whose bytes would mix with those of this process.
    fn check_process(&self) -> io::Result<()> {
        if self.process == fork::process() {
            Ok(())
        } else {
            Err(ErrorKind::ConnectionAborted.into())
        }
    }

    /// Waits until the socket is ready. On Windows, shutting down a socket does not wake a thread
    /// that blocks in a read or write, so such a call is made only on a ready socket.
    #[cfg(windows)]
    fn await_ready(&self, flags: PollFlags) -> io::Result<()> {
        while !poll_once(&*self.stream, flags, self.remaining(Instant::now())?)? {
            if self.is_cancelled() {
                return Err(ErrorKind::ConnectionAborted.into());
            }
        }
        Ok(())
    }

    /// # Errors
    ///
    /// [`ErrorKind::TimedOut`] if the deadline has passed.
    fn remaining(&self, now: Instant) -> io::Result<Duration> {
        let remaining = self.deadline.saturating_duration_since(now);
        if remaining.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(remaining) }
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.check_process()?;
        loop {
            let now = Instant::now();
            self.waiting_since.get_or_insert(now);
            #[cfg(windows)]
            self.await_ready(PollFlags::IN)?;
            #[cfg(windows)]
            let now = Instant::now();
            let timer = timer(self.remaining(now)?);
            if !is_near(self.read_timeout, timer) {
                self.stream.set_read_timeout(Some(timer))?;
                self.read_timeout = Some(timer);
            }
            match (&*self.stream).read(buffer) {
                Err(error) if is_transient(&error) => {}
                // Otherwise a response that is delimited by its connection would look complete.
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
    // Not write_vectored: the standard library's lacks MSG_NOSIGNAL, and SIGPIPE kills the host
    // process.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.check_process()?;
        loop {
            #[cfg(windows)]
            self.await_ready(PollFlags::OUT)?;
            let now = Instant::now();
            let timer = timer(self.remaining(now)?);
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

/// Waits for a socket to become ready, for at most `CANCEL_POLL`, so that the caller can check for
/// a cancellation. Returns whether the socket is ready.
pub(super) fn poll_once(
    socket: &impl AsFd,
    flags: PollFlags,
    max_wait: Duration,
) -> io::Result<bool> {
    let wait = Timespec { tv_sec: 0, tv_nsec: max_wait.min(CANCEL_POLL).subsec_nanos() as _ };
    match poll(&mut [PollFd::new(socket, flags)], Some(&wait)) {
        Err(Errno::INTR) => Ok(false),
        ready => Ok(ready? > 0),
    }
}

/// Returns the timeout to set in the operating system. Its timers may be late by an eighth (Linux
/// groups long ones coarsely), so a long wait is split: first seven eighths, then the rest.
fn timer(remaining: Duration) -> Duration {
    if remaining > FINE_TIMER { remaining / 8 * 7 } else { remaining }
}

fn is_near(current: Option<Duration>, wanted: Duration) -> bool {
    current.is_some_and(|current| current.abs_diff(wanted) <= TIMER_SLACK)
}

/// True if the deadline passed. False for the operating system's own timeout, after which it gives
/// up an unresponsive peer.
pub(super) fn is_deadline(error: &io::Error) -> bool {
    error.kind() == ErrorKind::TimedOut && error.raw_os_error().is_none()
}

/// True for a signal and for the socket's own timer; the deadline decides whether to go on.
fn is_transient(error: &io::Error) -> bool {
    match error.kind() {
        ErrorKind::Interrupted | ErrorKind::WouldBlock => true,
        // On other systems this is a peer that no longer responds.
        ErrorKind::TimedOut => cfg!(windows),
        _ => false,
    }
}
