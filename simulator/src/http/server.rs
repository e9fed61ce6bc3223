//! Listens on ports of 127.0.0.1, and serves each connection on a thread of its own.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::ServerConfig;

use super::connection::Connection;
use super::connections::{Connections, Slot};

/// Limit for stopping. Not reached in practice, because stopping wakes every thread.
const STOP_TIMEOUT: Duration = Duration::from_secs(2);

/// How the connections of a port begin.
#[derive(Debug, Clone)]
pub(crate) enum Protocol {
    Http,
    Https(Arc<ServerConfig>),
    /// With a TLS handshake that fails: this function serves them in place of the service.
    Spoiled(fn(Connection)),
}

/// One port.
#[derive(Debug)]
pub(crate) struct Port {
    listener: TcpListener,
    address: SocketAddr,
    protocol: Protocol,
}

/// Serves one connection to its end.
type Serve = dyn Fn(Connection, &Slot) + Send + Sync;

/// A running server. Dropping it closes its ports and all connections and ends the threads.
#[derive(Debug)]
pub(crate) struct Server {
    connections: Arc<Connections>,
    acceptors: Vec<(SocketAddr, JoinHandle<()>)>,
}

impl Port {
    /// Opens a port; 0 picks a free one. The error names the port and says what to do.
    pub(crate) fn open(number: u16, protocol: Protocol) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, number)).map_err(|error| {
            let problem = match error.kind() {
                io::ErrorKind::AddrInUse => {
                    "is already in use: stop the program that uses it".to_owned()
                }
                _ => format!("cannot be opened ({error})"),
            };
            let advice = "or choose another port; port 0 picks a free one";
            io::Error::new(error.kind(), format!("port {number} of 127.0.0.1 {problem}, {advice}"))
        })?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address, protocol })
    }

    /// `http://127.0.0.1:PORT` or `https://127.0.0.1:PORT`.
    pub(crate) fn url(&self) -> String {
        let scheme = match self.protocol {
            Protocol::Http => "http",
            Protocol::Https(_) | Protocol::Spoiled(_) => "https",
        };
        format!("{scheme}://{}", self.address)
    }
}

impl Server {
    pub(crate) fn start(ports: Vec<Port>, serve: Arc<Serve>) -> io::Result<Self> {
        let mut server = Self { connections: Arc::default(), acceptors: Vec::new() };
        for port in ports {
            let (connections, serve) = (Arc::clone(&server.connections), Arc::clone(&serve));
            let address = port.address;
            let acceptor = thread::Builder::new()
                .name("luma-simulator".to_owned())
                .spawn(move || accept_connections(&port, &connections, &serve))?;
            server.acceptors.push((address, acceptor));
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.connections.stop();
        for (address, acceptor) in self.acceptors.drain(..) {
            // It blocks in accept(). Connecting to it is the portable way to wake it.
            if TcpStream::connect_timeout(&address, STOP_TIMEOUT).is_ok() {
                let _ = acceptor.join();
            }
        }
        self.connections.wait_until_all_closed(STOP_TIMEOUT);
    }
}

/// Accepts connections until the server stops.
fn accept_connections(port: &Port, connections: &Arc<Connections>, serve: &Arc<Serve>) {
    while connections.wait_for_slot() {
        let Ok((stream, _)) = port.listener.accept() else {
            // Out of file descriptors, for example: retrying at once would only burn CPU time.
            thread::sleep(Duration::from_millis(10));
            continue;
        };
        let stream = Arc::new(stream);
        let Some(slot) = Connections::register(connections, &stream) else {
            return;
        };
        let (serve, protocol) = (Arc::clone(serve), port.protocol.clone());
        // If the thread cannot be created, dropping the closure closes the connection.
        let _ = thread::Builder::new().name(format!("luma-simulator-{}", slot.number())).spawn(
            move || {
                // The connection has the only reference to the stream: a reset happens when the
                // last one is dropped.
                let (tls, spoil) = match protocol {
                    Protocol::Http => (None, None),
                    Protocol::Https(config) => (Some(config), None),
                    Protocol::Spoiled(spoil) => (None, Some(spoil)),
                };
                if let Ok(connection) = Connection::new(stream, tls) {
                    match spoil {
                        Some(spoil) => spoil(connection),
                        None => serve(connection, &slot),
                    }
                }
                drop(slot);
            },
        );
    }
}
