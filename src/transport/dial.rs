//! Opens a TCP connection: resolves the host and tries its addresses in turn.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::ErrorKind;

use super::Fault;
use super::origin::Origin;
use super::socket::Socket;

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
    if last_error.kind() == io::ErrorKind::TimedOut {
        return Err(timed_out(origin, "connecting"));
    }
    let message = format!("cannot connect to {origin}: {last_error}");
    Err(Fault::new(ErrorKind::Connect, message))
}

/// The fault of a connection that was not ready in time.
pub(super) fn timed_out(origin: &Origin, doing: &str) -> Fault {
    let message = format!("{doing} to {origin} took longer than the connect timeout");
    Fault::new(ErrorKind::ConnectTimeout, message)
}

fn resolve(origin: &Origin, deadline: Instant) -> Result<Vec<SocketAddr>, Fault> {
    if let Ok(address) = origin.host.parse::<IpAddr>() {
        return Ok(vec![(address, origin.port).into()]);
    }
    // The system's resolver knows no deadline, so it runs in a thread of its own. One that
    // outlives the deadline ends by itself when the resolver gives up.
    let (sender, receiver) = sync_channel(1);
    let host_and_port = (origin.host.clone(), origin.port);
    let thread = thread::Builder::new().name("luma-resolve".into()).spawn(move || {
        let found = host_and_port.to_socket_addrs().map(Vec::from_iter);
        // The caller may have stopped waiting.
        let _ = sender.send(found);
    });
    let failed = |error: io::Error| {
        Fault::new(ErrorKind::Dns, format!("cannot resolve host {}: {error}", origin.host))
    };
    let thread = thread.map_err(failed)?;
    match receiver.recv_timeout(left(deadline)) {
        Err(RecvTimeoutError::Timeout) => Err(timed_out(origin, "resolving the host")),
        Err(RecvTimeoutError::Disconnected) => Err(failed(io::Error::other("no answer"))),
        Ok(found) => {
            // It has answered, so this waits for no more than its end.
            let _ = thread.join();
            let addresses = found.map_err(failed)?;
            if addresses.is_empty() {
                return Err(failed(io::Error::other("it has no address")));
            }
            Ok(addresses)
        }
    }
}

fn without_delay(stream: TcpStream) -> io::Result<TcpStream> {
    stream.set_nodelay(true)?;
    Ok(stream)
}

fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}
