//! A Luma Automation gateway on loopback, for people who integrate without a tenant and for tests.
//!
//! It demands a token, validates like the gateway, keeps the runs it started, keeps a journal of every request that
//! reached it whole, and misbehaves on purpose when a workflow is called `fault-NAME` (see [`FAULTS`]).
//!
//! ```
//! let simulator = luma_simulator::Simulator::start()?;
//! println!("POST {}/gateway/api/v1/workflow/trigger", simulator.url());
//! assert!(simulator.journal().is_empty());
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! The rooms: `connections` admits connections, `serve` walks one of them, `http` turns bytes into requests and
//! responses into bytes, `gateway` judges a request, `faults` is the table of misbehaviour, `control` answers below
//! `/simulator`, `state` and `journal` remember.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod connections;
mod control;
mod faults;
mod gateway;
mod http;
mod journal;
mod serve;
mod state;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use connections::Connections;
use serve::Service;

pub use faults::{FAULTS, Fault};
pub use journal::{AuthScheme, Delivery};
pub use state::{Initiator, Run};

/// The token a simulator demands unless told otherwise. As long and as shaped as a real one, and no secret.
pub const DEFAULT_TOKEN: &str = concat!(
    "fake-header.this-is-no-secret.luma-simulator-token.",
    "0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_",
    "0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_",
    "0123456789_0123456789_0123456789_0123456789_0123456789_0123456789_",
    "0123456789_0123456789_0123456789.fake-signature",
);

/// How long a stop waits for the threads of open connections. They are woken, so this is never used up in practice.
const STOP_PATIENCE: Duration = Duration::from_secs(2);

/// What may be chosen when a simulator is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// The port on 127.0.0.1; 0 lets the system choose a free one.
    pub port: u16,
    /// The token to demand: visible ASCII, not empty.
    pub token: String,
}

impl Default for Options {
    fn default() -> Self {
        Self { port: 0, token: DEFAULT_TOKEN.to_owned() }
    }
}

/// A running simulator. Dropping it closes the listener and every connection, and ends the threads.
#[derive(Debug)]
pub struct Simulator {
    address: SocketAddr,
    service: Arc<Service>,
    connections: Arc<Connections>,
    listening: Option<JoinHandle<()>>,
}

impl Simulator {
    /// Starts a simulator on a free port with [`DEFAULT_TOKEN`].
    pub fn start() -> io::Result<Self> {
        Self::start_with(Options::default())
    }

    /// Starts a simulator on the given port with the given token.
    ///
    /// # Errors
    ///
    /// `InvalidInput` when the token could not stand in a header; otherwise what the system says about the port.
    pub fn start_with(options: Options) -> io::Result<Self> {
        if options.token.is_empty() || !options.token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the token must be visible ASCII without blanks, and not empty",
            ));
        }
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
        let address = listener.local_addr()?;
        let service = Arc::new(Service::new(format!("http://{address}"), options.token));
        let connections = Arc::new(Connections::default());
        let listening = {
            let service = Arc::clone(&service);
            let connections = Arc::clone(&connections);
            thread::Builder::new()
                .name("luma-simulator".to_owned())
                .spawn(move || listen(&listener, &service, &connections))?
        };
        Ok(Self { address, service, connections, listening: Some(listening) })
    }

    /// Where it listens: `http://127.0.0.1:PORT`, without a path.
    pub fn url(&self) -> &str {
        self.service.origin()
    }

    /// The token it demands.
    pub fn token(&self) -> &str {
        self.service.token()
    }

    /// Every request that reached it whole, oldest first.
    pub fn journal(&self) -> Vec<Delivery> {
        self.service.journal().all()
    }

    /// Every run it started, oldest first.
    pub fn runs(&self) -> Vec<Run> {
        self.service.state().runs()
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.connections.stop();
        // The listener sits in accept(); a connection of our own is the portable way to wake it.
        let woken = TcpStream::connect_timeout(&self.address, STOP_PATIENCE).is_ok();
        if let Some(listening) = self.listening.take().filter(|_| woken) {
            let _ = listening.join();
        }
        self.connections.wait_until_none(STOP_PATIENCE);
    }
}

/// Accepts connections until the simulator stops, each served by a thread of its own.
fn listen(listener: &TcpListener, service: &Arc<Service>, connections: &Arc<Connections>) {
    while connections.wait_for_room() {
        let Ok((stream, _)) = listener.accept() else {
            // Out of file descriptors, say: trying again at once would only burn a processor.
            thread::sleep(Duration::from_millis(10));
            continue;
        };
        let stream = Arc::new(stream);
        let Some(place) = Connections::admit(connections, &stream) else {
            return;
        };
        let service = Arc::clone(service);
        // When no thread can be had, the closure is dropped, and the connection with it.
        let _ = thread::Builder::new().name(format!("luma-simulator-{}", place.number())).spawn(
            move || {
                service.serve(stream, &place);
                drop(place);
            },
        );
    }
}
