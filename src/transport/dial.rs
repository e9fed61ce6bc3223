//! Opens a TCP connection: resolves the host and tries its addresses in turn.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::ErrorKind;

use super::Fault;
use super::origin::Origin;
use super::socket::{self, Socket};

pub(super) fn dial(origin: &Origin, deadline: Instant) -> Result<Socket, Fault> {
    let addresses = resolve(origin, deadline)?;
    let mut last_error = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for (tried, address) in addresses.iter().enumerate() {
        // An address that never answers leaves the others their share.
        let share = left(deadline) / (addresses.len() - tried) as u32;
        if share.is_zero() {
            last_error = io::ErrorKind::TimedOut.into();
            break;
        }
        match TcpStream::connect_timeout(address, share).and_then(without_delay) {
            Ok(stream) => return Ok(Socket::new(stream, deadline)),
            Err(error) => last_error = error,
        }
    }
    if socket::is_deadline(&last_error) {
        return Err(timed_out(format!("connecting to {origin}")));
    }
    let message = format!("cannot connect to {origin}: {last_error}");
    Err(Fault::new(ErrorKind::Connect, message))
}

/// The fault of a connection that was not ready in time.
pub(super) fn timed_out(doing: String) -> Fault {
    Fault::new(ErrorKind::ConnectTimeout, format!("the time ran out while {doing}"))
}

pub(super) fn resolve(origin: &Origin, deadline: Instant) -> Result<Vec<SocketAddr>, Fault> {
    if let Ok(address) = origin.host.parse::<IpAddr>() {
        return Ok(vec![(address, origin.port).into()]);
    }
    if origin.is_localhost() {
        // Never looked up (RFC 6761 section 6.3): plain HTTP is allowed because it is this machine.
        let loopback = [IpAddr::from(Ipv4Addr::LOCALHOST), Ipv6Addr::LOCALHOST.into()];
        return Ok(loopback.map(|address| (address, origin.port).into()).into());
    }
    // The system's resolver knows no deadline, so it runs in a thread of its own. One that
    // outlives the deadline ends by itself when the resolver gives up. Not a channel: waiting on
    // one leaves a thread-local value behind in the host's thread.
    let answer = Arc::new((Mutex::new(None), Condvar::new()));
    let (host_and_port, sender) = ((origin.host.clone(), origin.port), answer.clone());
    let thread = thread::Builder::new().name("luma-resolve".into()).spawn(move || {
        let found = host_and_port.to_socket_addrs().map(Vec::from_iter);
        *sender.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
        sender.1.notify_one();
    });
    let failed = |error: io::Error| {
        Fault::new(ErrorKind::Dns, format!("cannot resolve host {}: {error}", origin.host))
    };
    let thread = thread.map_err(failed)?;
    let found = answer.0.lock().unwrap_or_else(PoisonError::into_inner);
    let (mut found, _) = answer
        .1
        .wait_timeout_while(found, left(deadline), |found| found.is_none())
        .unwrap_or_else(PoisonError::into_inner);
    let Some(found) = found.take() else {
        return Err(timed_out(format!("resolving host {}", origin.host)));
    };
    // It has answered, so this waits for no more than its end.
    let _ = thread.join();
    match found.map_err(failed)? {
        addresses if addresses.is_empty() => Err(failed(io::Error::other("it has no address"))),
        addresses => Ok(addresses),
    }
}

fn without_delay(stream: TcpStream) -> io::Result<TcpStream> {
    stream.set_nodelay(true)?;
    Ok(stream)
}

fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}
