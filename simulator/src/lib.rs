//! A simulated Luma Automation gateway on loopback, for tests and for integrators without a tenant.
//!
//! It checks tokens, validates requests like the gateway, advances the runs it started in real or
//! virtual time, and keeps a journal of every request that it received completely. A workflow
//! called `fault-NAME` provokes a fault (see [`FAULTS`]).
//!
//! ```
//! let simulator = luma_simulator::Simulator::start()?;
//! println!("POST {}/gateway/api/v1/workflow/trigger", simulator.url());
//! assert!(simulator.journal().is_empty());
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # Modules, from the socket inwards
//!
//! - `connections` limits and registers the open connections
//! - `service` serves one connection
//! - `http` parses requests and encodes responses
//! - `control` handles `/simulator`
//! - `page` renders the web pages
//! - `gateway` handles the gateway's API, one file per endpoint
//! - `faults` is the table of faults
//! - `envelope` is the JSON object around every response
//! - `state` and `journal` hold the runs and the received requests
//! - `workflows` is the table of workflows and how their runs proceed
//! - `tokens` and `clock` hold the access tokens and the time

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod clock;
mod connections;
mod control;
mod envelope;
mod faults;
mod gateway;
mod http;
mod journal;
mod page;
mod service;
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
use service::Service;
use state::State;
use tokens::Tokens;

pub use clock::{Time, VIRTUAL_EPOCH_MS};
pub use faults::{FAULTS, Fault};
pub use gateway::TENANT_EXTERNAL_ID;
pub use journal::{AuthScheme, Delivery};
pub use state::{Initiator, Run};
pub use tokens::{DEFAULT_SUPER_ADMIN_TOKEN, DEFAULT_TOKEN};

/// Limit for stopping. Not reached in practice, because stopping wakes every thread.
const STOP_TIMEOUT: Duration = Duration::from_secs(2);

/// Settings of a simulator.
#[derive(Debug, Clone)]
pub struct Options {
    /// Port on 127.0.0.1; 0 picks a free one.
    pub port: u16,
    /// Tenant access token to require: visible ASCII, not empty.
    pub token: String,
    /// Super-admin access token to require: visible ASCII, not empty, different from `token`.
    pub super_admin_token: String,
    /// Real or virtual time.
    pub time: Time,
    /// The only header in which the tenant token is accepted; both by default. A super-admin token
    /// is always a bearer token.
    pub auth_scheme: Option<AuthScheme>,
    /// What every path of the gateway's API must start with, such as `/luma`; any prefix by
    /// default. [`Simulator::url`] does not contain it.
    pub path_prefix: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            token: DEFAULT_TOKEN.to_owned(),
            super_admin_token: DEFAULT_SUPER_ADMIN_TOKEN.to_owned(),
            time: Time::Real,
            auth_scheme: None,
            path_prefix: None,
        }
    }
}

/// A running simulator. Dropping it closes the listener and all connections and ends the threads.
#[derive(Debug)]
pub struct Simulator {
    address: SocketAddr,
    service: Arc<Service>,
    connections: Arc<Connections>,
    listener: Option<JoinHandle<()>>,
}

impl Simulator {
    /// Starts a simulator on a free port, with [`DEFAULT_TOKEN`] and in real time.
    pub fn start() -> io::Result<Self> {
        Self::start_with(Options::default())
    }

    /// Starts a simulator with the given options.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if a token cannot be sent in a header or both tokens are equal; otherwise the
    /// system's error for the port.
    pub fn start_with(options: Options) -> io::Result<Self> {
        let tokens = Tokens::new(options.token, options.super_admin_token)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
        let address = listener.local_addr()?;
        let state =
            State::new(Clock::new(options.time), tokens, options.auth_scheme, options.path_prefix);
        let service = Arc::new(Service::new(format!("http://{address}"), state));
        let connections = Arc::new(Connections::default());
        let listener = {
            let service = Arc::clone(&service);
            let connections = Arc::clone(&connections);
            thread::Builder::new()
                .name("luma-simulator".to_owned())
                .spawn(move || accept_connections(&listener, &service, &connections))?
        };
        Ok(Self { address, service, connections, listener: Some(listener) })
    }

    /// Base URL: `http://127.0.0.1:PORT`, without a path.
    pub fn url(&self) -> &str {
        self.service.base_url()
    }

    /// Tenant access token that is valid now. Generating a new one changes it.
    pub fn token(&self) -> String {
        self.service.state().tokens().tenant()
    }

    /// Super-admin access token, which is required for generating a new tenant token.
    pub fn super_admin_token(&self) -> &str {
        self.service.state().tokens().super_admin()
    }

    /// Advances virtual time, and every run with it.
    ///
    /// # Errors
    ///
    /// `Unsupported` in real time.
    pub fn advance(&self, by: Duration) -> io::Result<()> {
        let result = self.service.state().clock().advance(by);
        result.map_err(|message| io::Error::new(io::ErrorKind::Unsupported, message))
    }

    /// Every request that was received completely, oldest first.
    pub fn journal(&self) -> Vec<Delivery> {
        self.service.journal().all()
    }

    /// Every run that was started, oldest first, with its current status.
    pub fn runs(&self) -> Vec<Run> {
        self.service.state().runs()
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.connections.stop();
        // The listener blocks in accept(). Connecting to it is the portable way to wake it.
        let woken = TcpStream::connect_timeout(&self.address, STOP_TIMEOUT).is_ok();
        if let Some(listener) = self.listener.take().filter(|_| woken) {
            let _ = listener.join();
        }
        self.connections.wait_until_all_closed(STOP_TIMEOUT);
    }
}

/// Accepts connections until the simulator stops, and serves each on its own thread.
fn accept_connections(
    listener: &TcpListener,
    service: &Arc<Service>,
    connections: &Arc<Connections>,
) {
    while connections.wait_for_slot() {
        let Ok((stream, _)) = listener.accept() else {
            // Out of file descriptors, for example: retrying at once would only burn CPU time.
            thread::sleep(Duration::from_millis(10));
            continue;
        };
        let stream = Arc::new(stream);
        let Some(slot) = Connections::register(connections, &stream) else {
            return;
        };
        let service = Arc::clone(service);
        // If the thread cannot be created, dropping the closure closes the connection.
        let _ = thread::Builder::new().name(format!("luma-simulator-{}", slot.number())).spawn(
            move || {
                service.serve(stream, &slot);
                drop(slot);
            },
        );
    }
}
