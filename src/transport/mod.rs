//! Bytes to the gateway and back. The only room that names ureq, TLS or sockets.
//!
//! ureq speaks HTTP/1.1; everything below that is ours, because an honest outcome needs to know
//! what left the machine: connections are opened before ureq is asked, so that every fault up to
//! there is known to have sent nothing, and each one counts the bytes of the request it carries.

mod buffers;
mod channel;
mod connection;
mod dial;
mod origin;
mod proxy;
mod socket;
mod stream;
mod tls;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use secrecy::SecretString;
use ureq::http::{Method, Request, request};

use crate::error::{Error, ErrorKind};

use channel::Channel;
use connection::Connection;
pub(crate) use origin::Origin;
pub(crate) use proxy::{Proxy, ProxyChoice};
use stream::Stream;
use tls::TlsClient;
pub(crate) use tls::{CaCertificates, ClientCertificate, TrustAnchors};

/// A trigger uses a pooled connection only while it was idle for less than this: well under the
/// common 5 s after which servers close, so that closing and sending rarely cross.
const MAX_IDLE: Duration = Duration::from_secs(2);

/// Threads that call at once beyond this number open connections of their own.
const MAX_POOLED: usize = 64;

/// What the transport has to know of the configuration.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) origin: Origin,
    pub(crate) connect_timeout: Duration,
    pub(crate) max_response_bytes: u64,
    pub(crate) trust_anchors: TrustAnchors,
    pub(crate) client_certificate: Option<ClientCertificate>,
    pub(crate) proxy: ProxyChoice,
}

/// Connections to one origin. Shared by any number of threads; each call has a connection to itself.
pub(crate) struct Transport {
    settings: Settings,
    proxy: Option<Proxy>,
    /// Built at the first connection: reading the system's store takes milliseconds.
    tls: OnceLock<TlsClient>,
    /// Last in, first out, so that a busy connection stays warm and the others grow old.
    pool: Mutex<Vec<Channel>>,
}

/// A request but for its token and its body, ready to be sent many times.
pub(crate) struct PreparedRequest(Request<()>);

/// Which connection a request goes out on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Via {
    /// One that stands open, if there is one, and it is kept for the next.
    Pool,
    /// One of its own, which is closed behind it.
    OwnConnection,
}

/// What was handed over and what came back.
pub(crate) struct Exchange {
    /// Bytes of the request that the operating system took for sending, TLS included.
    pub(crate) handed_over: u64,
    pub(crate) reply: Result<HttpReply, Fault>,
}

/// A complete HTTP reply.
pub(crate) struct HttpReply {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Vec<u8>,
}

/// Why no complete reply came.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) kind: ErrorKind,
    pub(crate) message: String,
}

impl Fault {
    fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Fault { kind, message: message.into() }
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Transport").field(&self.settings).finish()
    }
}

fn prepared(builder: request::Builder) -> Result<PreparedRequest, Error> {
    let request = builder.body(());
    request
        .map(PreparedRequest)
        .map_err(|error| Error::local(ErrorKind::Internal, error.to_string()))
}

impl Transport {
    /// # Errors
    ///
    /// [`ErrorKind::Proxy`] if the environment, or the system, names one that cannot be used.
    pub(crate) fn new(settings: Settings) -> Result<Self, Error> {
        let proxy = settings.proxy.proxy_for(&settings.origin)?;
        Ok(Transport { settings, proxy, tls: OnceLock::new(), pool: Mutex::default() })
    }

    /// Prepares a GET of a path, with its query, below the origin.
    pub(crate) fn prepare_get(
        &self,
        path: &str,
        user_agent: &str,
    ) -> Result<PreparedRequest, Error> {
        prepared(self.builder(Method::GET, path, user_agent))
    }

    /// Prepares a POST of JSON to a path below the origin.
    pub(crate) fn prepare_post(
        &self,
        path: &str,
        user_agent: &str,
    ) -> Result<PreparedRequest, Error> {
        prepared(
            self.builder(Method::POST, path, user_agent).header("content-type", "application/json"),
        )
    }

    fn builder(&self, method: Method, path: &str, user_agent: &str) -> request::Builder {
        let origin = &self.settings.origin;
        Request::builder()
            .method(method)
            .uri(origin.url(path))
            .header("host", origin.to_string())
            .header("user-agent", user_agent)
    }

    /// Sends one request and reads its reply, at most once and until `deadline` at the latest.
    /// `secret` is the line of its head that carries the token; a GET has no `body`.
    pub(crate) fn exchange(
        &self,
        request: &PreparedRequest,
        secret: &Arc<SecretString>,
        body: Option<&[u8]>,
        via: Via,
        deadline: Instant,
    ) -> Exchange {
        let pooled = if via == Via::Pool { self.lock_pool().pop() } else { None };
        let mut channel = pooled.unwrap_or_else(Channel::new);
        let connection = match channel.take_connection(MAX_IDLE) {
            Some(connection) => Ok(connection),
            None => self.connect(deadline),
        };
        let exchange = match connection {
            Ok(mut connection) => {
                let max_response_bytes = self.settings.max_response_bytes;
                connection.begin_request(secret.clone(), deadline, max_response_bytes);
                channel.exchange(connection, request.0.clone(), body, max_response_bytes)
            }
            Err(fault) => Exchange { handed_over: 0, reply: Err(fault) },
        };
        if via == Via::Pool {
            self.give_back(channel);
        }
        exchange
    }

    fn connect(&self, deadline: Instant) -> Result<Box<Connection>, Fault> {
        let origin = &self.settings.origin;
        let deadline = deadline.min(Instant::now() + self.settings.connect_timeout);
        let stream = match &self.proxy {
            None => Stream::Plain(dial::dial(origin, deadline)?),
            Some(proxy) => proxy::open_tunnel(proxy, origin, || self.tls(), deadline)?,
        };
        if !origin.is_https {
            return Ok(Connection::new(stream));
        }
        let stream = self.tls()?.handshake(origin, stream);
        stream.map(Connection::new).map_err(|fault| match &self.proxy {
            None => fault,
            Some(proxy) => Fault::new(fault.kind, format!("{} (through {proxy})", fault.message)),
        })
    }

    fn tls(&self) -> Result<&TlsClient, Fault> {
        match self.tls.get() {
            Some(tls) => Ok(tls),
            // A failure is not kept: the store may be readable the next time.
            None => {
                let certificate = self.settings.client_certificate.clone();
                let tls = TlsClient::new(&self.settings.trust_anchors, certificate)?;
                Ok(self.tls.get_or_init(|| tls))
            }
        }
    }

    fn give_back(&self, channel: Channel) {
        let mut pool = self.lock_pool();
        // The first are the oldest: what a burst of threads left behind.
        let stale = pool.iter().take_while(|channel| channel.is_stale(MAX_IDLE)).count();
        let mut dropped: Vec<_> = pool.drain(..stale).collect();
        if pool.len() < MAX_POOLED {
            pool.push(channel);
        } else {
            dropped.push(channel);
        }
        // Closing is a system call, so not under the lock.
        drop(pool);
        drop(dropped);
    }

    fn lock_pool(&self) -> MutexGuard<'_, Vec<Channel>> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
