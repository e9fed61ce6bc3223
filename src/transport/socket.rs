//! A TCP stream whose reads and writes end at a deadline or a cancellation, and which counts the
//! bytes it wrote.
//!
//! On Unix the socket blocks in reads, so that a read is one system call; writes never block. On
//! Windows it is non-blocking, because shutting it down does not wake a thread that blocks in it.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::AsFd;
#[cfg(unix)]
use socket2::SockRef;

use crate::fork;

use super::cancel::{CancellationToken, Canceller};

/// How far the socket's timeout may differ from the time to the deadline before it is set again.
/// Calls on one connection mostly have the same timeout, so this saves a system call per read and
/// write.
#[cfg(unix)]
const TIMER_SLACK: Duration = Duration::from_millis(10);

/// How long a call takes at most to notice that it is cancelled or late, where nothing wakes it.
pub(super) const CANCEL_POLL: Duration = Duration::from_millis(20);

/// Timers of at most this duration are late by no more than a few milliseconds.
#[cfg(unix)]
const FINE_TIMER: Duration = Duration::from_millis(200);

/// How long input that has already arrived is read after the deadline: a process that was stopped
/// may find its response complete. Leaves time for decoding it.
const LATE_READING: Duration = Duration::from_millis(30);

/// Not blocking and, where a socket has no option for it, without the signal that kills the host
/// process.
#[cfg(all(unix, not(target_vendor = "apple")))]
const SEND_FLAGS: libc::c_int = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
#[cfg(target_vendor = "apple")]
const SEND_FLAGS: libc::c_int = libc::MSG_DONTWAIT;

pub(super) struct Socket {
    /// Shared, because a cancellation shuts it down from another thread.
    stream: Arc<TcpStream>,
    /// The canceller of the call that uses it, and the generation of that call. Of the root, if the
    /// connection is in the pool.
    canceller: Arc<Canceller>,
    generation: u64,
    /// The generation of the root in which it was opened.
    root_generation: u64,
    process: u64,
    peer: SocketAddr,
    round_trip: Duration,
    deadline: Instant,
    /// When reading after the deadline ends; set by the first such read.
    late_until: Option<Instant>,
    /// The timeout of reads that is set in the operating system.
    #[cfg(unix)]
    read_timeout: Option<Duration>,
    /// True while a request is being sent. Then reads do not wait, and input ends a write that
    /// waits.
    is_sending: bool,
    /// True if every further write must fail.
    is_output_closed: bool,
    written: u64,
    received: u64,
    /// When the current exchange first waited for input.
    waiting_since: Option<Instant>,
    last_read: Instant,
}

impl Socket {
    /// `round_trip` is how long connecting took. Returns `None` if the call is already cancelled.
    pub(super) fn new(
        stream: TcpStream,
        peer: SocketAddr,
        round_trip: Duration,
        deadline: Instant,
        cancellation: CancellationToken<'_>,
    ) -> Option<Self> {
        let stream = Arc::new(stream);
        let root_generation = cancellation.register(&stream)?;
        Some(Socket {
            stream,
            canceller: cancellation.canceller().clone(),
            generation: cancellation.generation(),
            root_generation,
            process: fork::process(),
            peer,
            round_trip,
            deadline,
            late_until: None,
            #[cfg(unix)]
            read_timeout: None,
            is_sending: false,
            is_output_closed: false,
            written: 0,
            received: 0,
            waiting_since: None,
            last_read: Instant::now(),
        })
    }

    /// True unless a cancellation or a fork came between the call that opened the socket and the
    /// call of this token.
    pub(super) fn belongs_to(&self, cancellation: CancellationToken<'_>) -> bool {
        self.root_generation == cancellation.root_generation() && self.process == fork::process()
    }

    /// Gives the socket to a call. Returns false if the call is cancelled.
    pub(super) fn claim(&mut self, cancellation: CancellationToken<'_>) -> bool {
        if cancellation.canceller().is_root() {
            return true; // It is the root's already.
        }
        if !cancellation.claim(&self.stream) {
            return false;
        }
        self.canceller = cancellation.canceller().clone();
        self.generation = cancellation.generation();
        true
    }

    /// Returns the socket from a call to the root, for the pool. Returns false if the call is
    /// cancelled: then the socket must be closed.
    pub(super) fn release(&mut self, cancellation: CancellationToken<'_>) -> bool {
        if cancellation.canceller().is_root() {
            return !cancellation.is_cancelled();
        }
        self.canceller = cancellation.canceller().root().clone();
        self.generation = self.root_generation;
        cancellation.release(&self.stream)
    }

    /// Prepares for the next exchange, which starts with sending: sets its deadline and resets the
    /// counters.
    pub(super) fn begin_exchange(&mut self, deadline: Instant) {
        self.deadline = deadline;
        self.late_until = None;
        self.is_sending = true;
        self.written = 0;
        self.received = 0;
        self.waiting_since = None;
    }

    /// Makes reads wait for input.
    pub(super) fn end_sending(&mut self) {
        self.is_sending = false;
    }

    /// Makes every further write fail.
    pub(super) fn close_output(&mut self) {
        self.is_output_closed = true;
    }

    /// Returns the address that the socket is connected to.
    pub(super) fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Returns how long the peer, or its proxy, took to accept the connection.
    pub(super) fn round_trip(&self) -> Duration {
        self.round_trip
    }

    /// Returns the number of bytes that the operating system accepted in this exchange.
    pub(super) fn written(&self) -> u64 {
        self.written
    }

    /// Returns the number of bytes that were read in this exchange.
    pub(super) fn received(&self) -> u64 {
        self.received
    }

    /// Returns when input last arrived, or when the connection was opened.
    pub(super) fn last_read(&self) -> Instant {
        self.last_read
    }

    /// Returns the time from the start of the wait for input to the last input.
    pub(super) fn wait_time(&self) -> Duration {
        self.waiting_since.map_or(Duration::ZERO, |since| self.last_read - since)
    }

    /// True if the connection is open and no input has arrived, nor does for the given time.
    /// Unsolicited input, such as a 408 before the server closes, would be taken for the response
    /// to the next request.
    pub(super) fn is_quiet(&self, rest: Duration) -> bool {
        poll_for(&*self.stream, PollFlags::IN, rest).is_ok_and(|events| events.is_empty())
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

    /// Waits for input, until the deadline.
    #[cfg(windows)]
    fn await_input(&mut self, mut remaining: Duration) -> io::Result<()> {
        while !poll_once(&mut [PollFd::new(&*self.stream, PollFlags::IN)], remaining)? {
            if self.is_cancelled() {
                return Err(ErrorKind::ConnectionAborted.into());
            }
            remaining = self.remaining(Instant::now())?;
        }
        Ok(())
    }

    /// Lets the read that follows wait for at most this long.
    #[cfg(unix)]
    fn await_input(&mut self, remaining: Duration) -> io::Result<()> {
        let timer = timer(remaining);
        if self.read_timeout.is_none_or(|current| current.abs_diff(timer) > TIMER_SLACK) {
            self.stream.set_read_timeout(Some(timer))?;
            self.read_timeout = Some(timer);
        }
        Ok(())
    }

    /// Returns at once.
    ///
    /// # Errors
    ///
    /// `otherwise` if no input has arrived.
    fn check_input(&self, otherwise: ErrorKind) -> io::Result<()> {
        loop {
            match poll_for(&*self.stream, PollFlags::IN, Duration::ZERO) {
                Ok(events) if events.is_empty() => return Err(otherwise.into()),
                Err(error) if is_transient(&error) => {}
                result => return result.map(drop),
            }
        }
    }

    /// Waits until something can be written, or the connection has failed.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WouldBlock`] if input arrives first while a request is being sent.
    fn await_output(&self, remaining: Duration) -> io::Result<()> {
        let input = if self.is_sending { PollFlags::IN } else { PollFlags::empty() };
        // In short waits: on Linux, poll does not count the time for which the process is stopped.
        let max_wait = remaining.min(CANCEL_POLL);
        match poll_for(&*self.stream, PollFlags::OUT | input, max_wait) {
            _ if self.is_cancelled() => Err(ErrorKind::ConnectionAborted.into()),
            // Windows sets a part of `IN`.
            Ok(events) if !events.is_empty() && PollFlags::IN.contains(events) => {
                Err(ErrorKind::WouldBlock.into())
            }
            Err(error) if !is_transient(&error) => Err(error),
            // If the connection has failed, the next write reports it.
            _ => Ok(()),
        }
    }

    /// Writes without blocking.
    fn write_now(&self, bytes: &[u8]) -> io::Result<usize> {
        // Not write_vectored: the standard library's lacks MSG_NOSIGNAL.
        #[cfg(unix)]
        return SockRef::from(&*self.stream).send_with_flags(bytes, SEND_FLAGS);
        #[cfg(windows)]
        return (&*self.stream).write(bytes);
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
    /// Waits for input until the deadline. After the deadline, and while a request is being sent,
    /// reads only what has arrived.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TimedOut`], as [`is_deadline`] recognizes it, after the deadline;
    /// [`ErrorKind::WouldBlock`] while a request is being sent.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.check_process()?;
        loop {
            let now = Instant::now();
            if !self.is_sending {
                self.waiting_since.get_or_insert(now);
            }
            if now >= self.deadline {
                if now >= *self.late_until.get_or_insert(now + LATE_READING) {
                    return Err(ErrorKind::TimedOut.into());
                }
                self.check_input(ErrorKind::TimedOut)?;
            } else if self.is_sending {
                self.check_input(ErrorKind::WouldBlock)?;
            } else {
                self.await_input(self.deadline - now)?;
            }
            match (&*self.stream).read(buffer) {
                Err(error) if is_transient(&error) => {}
                // Otherwise a response that is delimited by its connection would look complete.
                Ok(0) if self.is_cancelled() => {
                    return Err(ErrorKind::ConnectionAborted.into());
                }
                result => {
                    self.last_read = Instant::now();
                    self.received += *result.as_ref().unwrap_or(&0) as u64;
                    return result;
                }
            }
        }
    }
}

impl Write for Socket {
    /// Waits until the operating system accepts output, until the deadline.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WouldBlock`] if it accepts none and input has arrived while a request is being
    /// sent.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.check_process()?;
        if self.is_output_closed {
            return Err(ErrorKind::BrokenPipe.into());
        }
        loop {
            let remaining = self.remaining(Instant::now())?;
            match self.write_now(bytes) {
                Err(error) if is_would_block(&error) => {
                    self.await_output(remaining)?;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
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

/// Waits for one of these sockets to become ready, for at most `CANCEL_POLL`, so that the caller
/// can check for a cancellation. Returns whether one is ready.
pub(super) fn poll_once(sockets: &mut [PollFd<'_>], max_wait: Duration) -> io::Result<bool> {
    match poll(sockets, Some(&timespec(max_wait.min(CANCEL_POLL)))) {
        Err(error) if is_transient(&error.into()) => Ok(false),
        ready => Ok(ready? > 0),
    }
}

/// Waits until a socket is ready or has failed, for at most this long. Returns the events.
fn poll_for(socket: &impl AsFd, flags: PollFlags, max_wait: Duration) -> io::Result<PollFlags> {
    let mut sockets = [PollFd::new(socket, flags)];
    poll(&mut sockets, Some(&timespec(max_wait)))?;
    Ok(sockets[0].revents())
}

fn timespec(duration: Duration) -> Timespec {
    Timespec { tv_sec: duration.as_secs() as _, tv_nsec: duration.subsec_nanos() as _ }
}

/// Returns the timeout to set in the operating system. Its timers may be late by an eighth (Linux
/// groups long ones coarsely), so a long wait is split: first seven eighths, then the rest.
#[cfg(unix)]
fn timer(remaining: Duration) -> Duration {
    if remaining > FINE_TIMER { remaining / 8 * 7 } else { remaining }
}

/// True if the deadline passed. False for the operating system's own timeout, after which it gives
/// up an unresponsive peer.
pub(super) fn is_deadline(error: &io::Error) -> bool {
    error.kind() == ErrorKind::TimedOut && error.raw_os_error().is_none()
}

/// True if a read or write would have to wait; see [`Socket`] for when that is an error.
pub(super) fn is_would_block(error: &io::Error) -> bool {
    error.kind() == ErrorKind::WouldBlock
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
