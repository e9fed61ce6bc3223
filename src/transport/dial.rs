//! Opens TCP connections: resolves the host and tries its addresses in turn.

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

use super::base_url::BaseUrl;
use super::cancel::CancellationToken;
use super::context::CallContext;
use super::exchange::Fault;
use super::socket::{self, Socket};

/// Enough for the system's resolver and its modules, and small because many threads may hang.
const RESOLVER_STACK: usize = 512 * 1024;

pub(super) fn dial(
    base_url: &BaseUrl,
    deadline: Instant,
    call: &mut CallContext<'_>,
) -> Result<Socket, Fault> {
    let addresses = resolve(base_url, deadline, call)?;
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
                    .ok_or_else(Fault::cancelled);
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

pub(super) fn resolve(
    base_url: &BaseUrl,
    deadline: Instant,
    call: &mut CallContext<'_>,
) -> Result<Vec<SocketAddr>, Fault> {
    if let Ok(address) = base_url.host.parse::<IpAddr>() {
        return Ok(vec![(address, base_url.port).into()]);
    }
    if base_url.is_localhost() {
        // Never resolved (RFC 6761 section 6.3): plain HTTP is allowed because it is this machine.
        let loopback = [IpAddr::from(Ipv4Addr::LOCALHOST), Ipv6Addr::LOCALHOST.into()];
        return Ok(loopback.map(|address| (address, base_url.port).into()).into());
    }
    let started = Instant::now();
    let result = look_up(base_url, deadline, call.cancellation);
    let took = started.elapsed();
    *call.info.timings.dns.get_or_insert_default() += took;
    let addresses = result?;
    let (host, took) = (&base_url.host, took.as_millis());
    call.log(LogLevel::Debug, format_args!("resolved {host} in {took} ms: {addresses:?}"));
    Ok(addresses)
}

/// Calls the system's resolver, which has no timeout, in its own thread. If the deadline passes
/// first, the thread ends when the resolver gives up.
fn look_up(
    base_url: &BaseUrl,
    deadline: Instant,
    cancellation: CancellationToken<'_>,
) -> Result<Vec<SocketAddr>, Fault> {
    let result = Arc::new(OnceLock::new());
    let (sender, canceller) = (result.clone(), cancellation.canceller().clone());
    let host_and_port = (base_url.host.clone(), base_url.port);
    let builder = thread::Builder::new().name("luma-resolve".into()).stack_size(RESOLVER_STACK);
    let thread = builder.spawn(move || {
        let addresses = host_and_port.to_socket_addrs().map(Vec::from_iter);
        let _ = sender.set(addresses);
        canceller.notify();
    });
    let host = &base_url.host;
    let failed = |error: &io::Error| {
        Fault::new(ErrorKind::Dns, format!("cannot resolve host {host}: {error}"))
    };
    let thread = thread.map_err(|error| failed(&error))?;
    cancellation.wait_while(Some(deadline), || result.get().is_none());
    if cancellation.is_cancelled() {
        return Err(Fault::cancelled());
    }
    let Some(result) = result.get() else {
        return Err(Fault::connect_timeout(format!("resolving host {host}")));
    };
    // The thread has nothing left to do, so this does not block.
    let _ = thread.join();
    match result {
        Ok(addresses) if addresses.is_empty() => {
            Err(failed(&io::Error::other("the host has no address")))
        }
        Ok(addresses) => Ok(addresses.clone()),
        Err(error) => Err(failed(error)),
    }
}

/// Connects like [`TcpStream::connect_timeout`], but can be cancelled.
fn connect(
    address: &SocketAddr,
    deadline: Instant,
    cancellation: CancellationToken<'_>,
) -> io::Result<TcpStream> {
    let socket =
        socket2::Socket::new(Domain::for_address(*address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    match socket.connect(&(*address).into()) {
        Err(error) if is_in_progress(&error) => complete(&socket, deadline, cancellation)?,
        result => result?,
    }
    if socket.local_addr()?.as_socket().is_some_and(|local| is_same(&local, address)) {
        let message = "no server is listening, and the connection led back to its own port";
        return Err(io::Error::new(io::ErrorKind::ConnectionRefused, message));
    }
    // On Windows it stays non-blocking, see `Socket`.
    socket.set_nonblocking(cfg!(windows))?;
    socket.set_tcp_nodelay(true)?;
    Ok(socket.into())
}

/// True for a socket that is connected to itself (RFC 9293 section 3.5): without a server on a port
/// of this machine that the system also assigns to clients, a connection attempt can meet itself.
fn is_same(local: &SocketAddr, peer: &SocketAddr) -> bool {
    local.port() == peer.port() && local.ip() == peer.ip()
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
