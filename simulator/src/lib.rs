//! A Luma Automation gateway on loopback, for people who integrate without a tenant and for tests.
//!
//! It demands a token, validates like the gateway, lets the runs it started go their way, in virtual time when asked, keeps
//! a journal of every request that reached it whole, and misbehaves on purpose when a workflow is called `fault-NAME` (see
//! [`FAULTS`]).
//!
//! ```
//! let simulator = luma_simulator::Simulator::start()?;
//! println!("POST {}/gateway/api/v1/workflow/trigger", simulator.url());
//! assert!(simulator.journal().is_empty());
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! The rooms: `connections` admits connections, `serve` walks one of them, `http` turns bytes into requests and
//! responses into bytes, `gateway` judges a request, `workflows` is the table of what can be run, `faults` that of
//! misbehaviour, `control` answers below `/simulator`, `state` and `journal` remember, `clock` and `tokens` are what they say.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod clock;
mod connections;
mod control;
mod faults;
mod gateway;
mod http;
mod journal;
mod serve;
mod state;
mod tokens;
mod workflows;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use clock::Clock;
use connections::Connections;
use serve::Service;
use state::State;
use tokens::Tokens;

pub use clock::{Time, VIRTUAL_EPOCH_MS};
pub use faults::{FAULTS, Fault};
pub use gateway::TENANT_EXTERNAL_ID;
pub use journal::{AuthScheme, Delivery};
pub use state::{Initiator, Run};
pub use tokens::{DEFAULT_SUPER_ADMIN_TOKEN, DEFAULT_TOKEN};

/// How long a stop waits for the threads of open connections. They are woken, so this is never used up in practice.
const STOP_PATIENCE: Duration = Duration::from_secs(2);

/// What may be chosen when a simulator is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// The port on 127.0.0.1; 0 lets the system choose a free one.
    pub port: u16,
    /// The tenant's token, to demand: visible ASCII, not empty.
    pub token: String,
    /// The super-admin's token, likewise, and another.
    pub super_admin_token: String,
    /// What moves the clock: time itself unless told otherwise.
    pub time: Time,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            token: DEFAULT_TOKEN.to_owned(),
            super_admin_token: DEFAULT_SUPER_ADMIN_TOKEN.to_owned(),
            time: Time::Real,
        }
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
    /// Starts a simulator on a free port with [`DEFAULT_TOKEN`], in real time.
    pub fn start() -> io::Result<Self> {
        Self::start_with(Options::default())
    }

    /// Starts a simulator with the given options.
    ///
    /// # Errors
    ///
    /// `InvalidInput` when a token could not stand in a header, or both are the same; otherwise what the system says about the port.
    pub fn start_with(options: Options) -> io::Result<Self> {
        let tokens = Tokens::new(options.token, options.super_admin_token)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
        let address = listener.local_addr()?;
        let state = State::new(Clock::new(options.time), tokens);
        let service = Arc::new(Service::new(format!("http://{address}"), state));
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

    /// The tenant token it demands now. It changes when a new one is generated.
    pub fn token(&self) -> String {
        self.service.state().tokens().tenant()
    }

    /// The super-admin token it demands where a new tenant token is generated.
    pub fn super_admin_token(&self) -> &str {
        self.service.state().tokens().super_admin()
    }

    /// Moves virtual time forward, and every run with it.
    ///
    /// # Errors
    ///
    /// `Unsupported` in real time.
    pub fn advance(&self, by: Duration) -> io::Result<()> {
        let outcome = self.service.state().clock().advance(by);
        outcome.map_err(|why| io::Error::new(io::ErrorKind::Unsupported, why))
    }

    /// Every request that reached it whole, oldest first.
    pub fn journal(&self) -> Vec<Delivery> {
        self.service.journal().all()
    }

    /// Every run it started, oldest first, as it is now.
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
