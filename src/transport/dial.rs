//! Opens TCP connections: tries the addresses of a host in turn.

use std::io;
use std::net::{SocketAddr, TcpStream};
#[cfg(unix)]
use std::os::fd::AsRawFd;
use std::time::{Duration, Instant};

use rustix::event::PollFlags;
use rustix::io::Errno;
use socket2::{Domain, Protocol, Type};

use crate::error::ErrorKind;
use crate::log::LogLevel;

use super::base_url::BaseUrl;
use super::cancel::CancellationToken;
use super::context::CallContext;
use super::exchange::Fault;
use super::resolver::Resolver;
use super::socket::{self, Socket};

pub(super) fn dial(
    resolver: &Resolver,
    base_url: &BaseUrl,
    deadline: Instant,
    call: &mut CallContext<'_>,
) -> Result<Socket, Fault> {
    let addresses = resolver.resolve(base_url, deadline, call)?;
    // Marks that connecting was attempted; the caller measures how long it took.
    call.info.timings.connect = Some(Duration::ZERO);
    let mut last_error = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for (tried, address) in addresses.iter().enumerate() {
        // An equal share each, so that an unresponsive address leaves time for the others.
        let share = remaining(deadline) / (addresses.len() - tried) as u32;
        let started = Instant::now();
        match connect(address, started + share, call.cancellation) {
            Ok(stream) => {
                let took = started.elapsed();
                let ms = took.as_millis();
                call.log(LogLevel::Debug, format_args!("connected to {address} in {ms} ms"));
                return Socket::new(stream, took, deadline, call.cancellation)
                    .ok_or_else(|| Fault::cancelled(call.cancellation));
            }
            Err(error) => {
                call.check_cancelled()?;
                call.log(LogLevel::Debug, format_args!("cannot connect to {address}: {error}"));
                last_error = error;
            }
        }
        if remaining(deadline).is_zero() && tried + 1 < addresses.len() {
            last_error = io::ErrorKind::TimedOut.into();
            break;
        }
    }
    if socket::is_deadline(&last_error) {
        return Err(Fault::connect_timeout(format!("connecting to {base_url}")));
    }
    let message = format!("cannot connect to {base_url}: {last_error}");
    Err(Fault::new(ErrorKind::Connect, message))
}

/// Connects like [`TcpStream::connect_timeout`], but can be cancelled.
fn connect(
    address: &SocketAddr,
    deadline: Instant,
    cancellation: CancellationToken<'_>,
) -> io::Result<TcpStream> {
    let socket = new_socket(address)?;
    socket.set_nonblocking(true)?;
    match socket.connect(&(*address).into()) {
        Err(error) if is_in_progress(&error) => complete(&socket, deadline, cancellation)?,
        result => result?,
    }
    // A socket that is connected to itself (RFC 9293 section 3.5): without a server on a port of
    // this machine that the system also assigns to clients, a connection attempt can meet itself.
    if socket.local_addr()?.as_socket() == socket.peer_addr()?.as_socket() {
        let message = "no server is listening, and the connection led back to its own port";
        return Err(io::Error::new(io::ErrorKind::ConnectionRefused, message));
    }
    // On Windows it stays non-blocking, see `Socket`.
    socket.set_nonblocking(cfg!(windows))?;
    socket.set_tcp_nodelay(true)?;
    Ok(socket.into())
}

/// Creates a socket that is not standard input, output or error: a host process that runs with
/// these closed, as some daemons do, may still print, and that would corrupt a request.
fn new_socket(address: &SocketAddr) -> io::Result<socket2::Socket> {
    let socket =
        socket2::Socket::new(Domain::for_address(*address), Type::STREAM, Some(Protocol::TCP))?;
    #[cfg(unix)]
    if socket.as_raw_fd() <= libc::STDERR_FILENO {
        let above = rustix::io::fcntl_dupfd_cloexec(&socket, libc::STDERR_FILENO + 1)?;
        return Ok(above.into());
    }
    Ok(socket)
}

fn is_in_progress(error: &io::Error) -> bool {
    matches!(Errno::from_io_error(error), Some(Errno::INPROGRESS | Errno::WOULDBLOCK))
}

/// Waits until a connection attempt in progress succeeds or fails.
fn complete(
    socket: &socket2::Socket,
    deadline: Instant,
    cancellation: CancellationToken<'_>,
) -> io::Result<()> {
    while !cancellation.is_cancelled() {
        let remaining = remaining(deadline);
        if remaining.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let is_ready = socket::poll_once(socket, PollFlags::OUT, remaining)?;
        // Checked every time: older versions of Windows do not signal a refused connection.
        match socket.take_error()? {
            Some(error) => return Err(error),
            None if is_ready => return Ok(()),
            None => {}
        }
    }
    Err(io::ErrorKind::Interrupted.into())
}

fn remaining(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}
