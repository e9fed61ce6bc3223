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
//! - `http` is the server: ports, connections, requests and responses
//! - `tls` makes the certificates, and `handshake_faults` are handshakes that fail
//! - `service` serves one connection
//! - `control` handles `/simulator`
//! - `page` renders the web pages
//! - `gateway` handles the gateway's API, one file per endpoint
//! - `faults` is the table of faults, and `fault_rules` are those that a test has asked for
//! - `rate_limit` counts requests
//! - `envelope` is the JSON object around every response
//! - `state`, `run_store` and `journal` hold the runs and the received requests
//! - `workflows` reads workflows, which say how their runs proceed
//! - `tokens` and `clock` hold the access tokens and the time

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod clock;
mod control;
mod envelope;
mod fault_rules;
mod faults;
mod gateway;
mod handshake_faults;
mod http;
mod journal;
mod page;
mod rate_limit;
mod run_store;
mod service;
mod state;
mod tls;
mod tokens;
mod workflows;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use clock::Clock;
use http::{Port, Protocol, Server};
use service::Service;
use state::State;
use tls::CertificateAuthority;
use tokens::Tokens;

pub use clock::{Time, VIRTUAL_EPOCH_MS};
pub use fault_rules::FaultRule;
pub use faults::{FAULTS, Fault};
pub use gateway::TENANT_EXTERNAL_ID;
pub use handshake_faults::{HANDSHAKE_FAULTS, HandshakeFault};
pub use journal::{AuthScheme, Delivery};
pub use rate_limit::RateLimit;
pub use state::{Initiator, Run};
pub use tls::{BAD_CERTIFICATES, BadCertificate};
pub use tokens::{DEFAULT_SUPER_ADMIN_TOKEN, DEFAULT_TOKEN};
pub use workflows::{InvalidWorkflows, Workflows};

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
    /// The prefix of every path of the gateway's API, such as `/luma`; any prefix by default.
    pub path_prefix: Option<String>,
    /// True to speak TLS, with a certificate of a new CA, and to open a further port for each of
    /// the [`BAD_CERTIFICATES`] and of the [`HANDSHAKE_FAULTS`].
    pub tls: bool,
    /// How many requests with a valid token are accepted in which time; any number by default.
    pub rate_limit: Option<RateLimit>,
    /// The workflows that can be triggered.
    pub workflows: Workflows,
    /// The time between a request to the gateway's API and its response. Always real time.
    pub latency: Duration,
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
            tls: false,
            rate_limit: None,
            workflows: Workflows::default(),
            latency: Duration::ZERO,
        }
    }
}

/// A running simulator. Dropping it closes its ports and all connections and ends the threads.
#[derive(Debug)]
pub struct Simulator {
    service: Arc<Service>,
    url: String,
    ca_pem: Option<String>,
    bad_certificate_urls: Vec<(&'static BadCertificate, String)>,
    handshake_fault_urls: Vec<(&'static HandshakeFault, String)>,
    _server: Server,
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
        let tokens = Tokens::new(options.token.clone(), options.super_admin_token.clone())?;
        let ca = options.tls.then(CertificateAuthority::new).transpose()?;
        let protocol = match &ca {
            Some(ca) => Protocol::Https(ca.valid_server()?),
            None => Protocol::Http,
        };
        let mut ports = vec![Port::open(options.port, protocol)?];
        let mut bad_certificate_urls = Vec::new();
        let mut handshake_fault_urls = Vec::new();
        if let Some(ca) = &ca {
            for bad in BAD_CERTIFICATES {
                let port = Port::open(0, Protocol::Https(ca.bad_server(bad)?))?;
                bad_certificate_urls.push((bad, port.url()));
                ports.push(port);
            }
            for fault in HANDSHAKE_FAULTS {
                let port = Port::open(0, fault.protocol(ca)?)?;
                handshake_fault_urls.push((fault, port.url()));
                ports.push(port);
            }
        }
        let origin = ports[0].url();
        let prefix = options.path_prefix.as_deref().unwrap_or_default().trim_end_matches('/');
        let url = format!("{origin}{prefix}");
        let state = State::new(Clock::new(options.time), tokens, &options);
        let service = Arc::new(Service::new(origin, state, options.latency));
        let serving = Arc::clone(&service);
        let serve = Arc::new(move |connection, slot: &_| serving.serve(connection, slot));
        let server = Server::start(ports, serve)?;
        let ca_pem = ca.map(|ca| ca.pem().to_owned());
        Ok(Self {
            service,
            url,
            ca_pem,
            bad_certificate_urls,
            handshake_fault_urls,
            _server: server,
        })
    }

    /// Base URL: `http://127.0.0.1:PORT`, or `https` with [`Options::tls`], followed by
    /// [`Options::path_prefix`].
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The CA certificate that clients must trust, in PEM, with [`Options::tls`].
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// The base URLs with a bad certificate, with [`Options::tls`]. They lack the path prefix.
    pub fn bad_certificate_urls(&self) -> &[(&'static BadCertificate, String)] {
        &self.bad_certificate_urls
    }

    /// The base URLs with a TLS handshake that fails, with [`Options::tls`]. They lack the path
    /// prefix.
    pub fn handshake_fault_urls(&self) -> &[(&'static HandshakeFault, String)] {
        &self.handshake_fault_urls
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

    /// Applies a fault to the requests that a rule describes. Rules are tried in the order in which
    /// they were added.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if there is no such fault or endpoint.
    pub fn add_fault(&self, rule: FaultRule) -> io::Result<()> {
        let result = self.service.state().fault_rules().add(rule);
        result.map_err(|message| io::Error::new(io::ErrorKind::InvalidInput, message))
    }

    /// Removes all faults that were added.
    pub fn clear_faults(&self) {
        self.service.state().fault_rules().clear();
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
