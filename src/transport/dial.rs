//! Opens a TCP connection: resolves the host and tries its addresses in turn.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::PollFlags;
use rustix::io::Errno;
use socket2::{Domain, Protocol, Type};

use crate::error::ErrorKind;
use crate::log::LogLevel;

use super::Fault;
use super::base_url::BaseUrl;
use super::cancel::CancellationToken;
use super::context::{CallContext, cancelled};
use super::socket::{self, Socket};

/// Enough for the system's resolver and its modules; threads that hang may be many.
const RESOLVER_STACK: usize = 512 * 1024;

pub(super) fn dial(
    origin: &BaseUrl,
    deadline: Instant,
    call: &mut CallContext<'_>,
) -> Result<Socket, Fault> {
    let addresses = resolve(origin, deadline, call)?;
    // It takes place; who asked for it measures how long.
    call.info.timings.connect = Some(Duration::ZERO);
    let mut last_error = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for (tried, address) in addresses.iter().enumerate() {
        // An address that never answers leaves the others their share.
        let share = left(deadline) / (addresses.len() - tried) as u32;
        let started = Instant::now();
        match connect(address, started + share, call.cancellation) {
            Ok(stream) => {
                let took = started.elapsed().as_millis();
                call.log(LogLevel::Debug, format_args!("connected to {address} in {took} ms"));
                return Socket::new(stream, deadline, call.cancellation).ok_or_else(cancelled);
            }
            Err(error) => {
                call.check()?;
                call.log(LogLevel::Debug, format_args!("cannot connect to {address}: {error}"));
                last_error = error;
            }
        }
        if left(deadline).is_zero() && tried + 1 < addresses.len() {
            last_error = io::ErrorKind::TimedOut.into();
            break;
        }
    }
    if socket::is_deadline(&last_error) {
        return Err(timed_out(format!("connecting to {origin}")));
    }
    let message = format!("cannot connect to {origin}: {last_error}");
    Err(Fault::new(ErrorKind::Connect, message))
}

/// The fault of a connection that was not ready in time. Which time, who sets the deadline tells.
pub(super) fn timed_out(doing: String) -> Fault {
    Fault::new(ErrorKind::ConnectTimeout, doing)
}

pub(super) fn resolve(
    origin: &BaseUrl,
    deadline: Instant,
    call: &mut CallContext<'_>,
) -> Result<Vec<SocketAddr>, Fault> {
    if let Ok(address) = origin.host.parse::<IpAddr>() {
        return Ok(vec![(address, origin.port).into()]);
    }
    if origin.is_localhost() {
        // Never looked up (RFC 6761 section 6.3): plain HTTP is allowed because it is this machine.
        let loopback = [IpAddr::from(Ipv4Addr::LOCALHOST), Ipv6Addr::LOCALHOST.into()];
        return Ok(loopback.map(|address| (address, origin.port).into()).into());
    }
    let started = Instant::now();
    let found = look_up(origin, deadline, call.cancellation);
    let took = started.elapsed();
    *call.info.timings.dns.get_or_insert_default() += took;
    let found = found?;
    let (host, took) = (&origin.host, took.as_millis());
    call.log(LogLevel::Debug, format_args!("resolved {host} in {took} ms: {found:?}"));
    Ok(found)
}

/// The system's resolver knows no deadline, so it runs in a thread of its own. One that outlives the
/// deadline ends by itself when the resolver gives up.
fn look_up(
    origin: &BaseUrl,
    deadline: Instant,
    cancellation: CancellationToken<'_>,
) -> Result<Vec<SocketAddr>, Fault> {
    let answer = Arc::new(OnceLock::new());
    let (sender, canceller) = (answer.clone(), cancellation.canceller().clone());
    let host_and_port = (origin.host.clone(), origin.port);
    let builder = thread::Builder::new().name("luma-resolve".into()).stack_size(RESOLVER_STACK);
    let thread = builder.spawn(move || {
        let found = host_and_port.to_socket_addrs().map(Vec::from_iter);
        let _ = sender.set(found);
        canceller.notify();
    });
    let host = &origin.host;
    let failed = |error: &io::Error| {
        Fault::new(ErrorKind::Dns, format!("cannot resolve host {host}: {error}"))
    };
    let thread = thread.map_err(|error| failed(&error))?;
    cancellation.wait_while(Some(deadline), || answer.get().is_none());
    if cancellation.is_cancelled() {
        return Err(cancelled());
    }
    let Some(found) = answer.get() else {
        return Err(timed_out(format!("resolving host {host}")));
    };
    // It has answered, so this waits for no more than its end.
    let _ = thread.join();
    match found {
        Ok(addresses) if addresses.is_empty() => {
            Err(failed(&io::Error::other("it has no address")))
        }
        Ok(addresses) => Ok(addresses.clone()),
        Err(error) => Err(failed(error)),
    }
}

/// Connects as [`TcpStream::connect_timeout`] does, and ends when it is cancelled.
fn connect(
    address: &SocketAddr,
    deadline: Instant,
    cancellation: CancellationToken<'_>,
) -> io::Result<TcpStream> {
    let socket =
        socket2::Socket::new(Domain::for_address(*address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    match socket.connect(&(*address).into()) {
        Err(error) if is_under_way(&error) => complete(&socket, deadline, cancellation)?,
        result => result?,
    }
    socket.set_nonblocking(false)?;
    socket.set_tcp_nodelay(true)?;
    Ok(socket.into())
}

fn is_under_way(error: &io::Error) -> bool {
    matches!(Errno::from_io_error(error), Some(Errno::INPROGRESS | Errno::WOULDBLOCK))
}

fn complete(
    socket: &socket2::Socket,
    deadline: Instant,
    cancellation: CancellationToken<'_>,
) -> io::Result<()> {
    while !cancellation.is_cancelled() {
        let left = left(deadline);
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let is_ready = socket::poll_once(socket, PollFlags::OUT, left)?;
        // Asked each time: older Windows does not tell of a connection that was refused.
        match socket.take_error()? {
            Some(error) => return Err(error),
            None if is_ready => return Ok(()),
            None => {}
        }
    }
    Err(io::ErrorKind::Interrupted.into())
}

fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}
