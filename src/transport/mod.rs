//! Bytes to the gateway and back. The only room that names ureq, TLS or sockets.
//!
//! ureq speaks HTTP/1.1; everything below that is ours, because an honest outcome needs to know
//! what left the machine: connections are opened before ureq is asked, so that every fault up to
//! there is known to have sent nothing, and each one counts the bytes of the request it carries.

mod base_url;
mod buffers;
mod cancel;
mod connection;
mod context;
mod dial;
mod gzip;
mod header_filter;
mod http1;
mod proxy;
mod socket;
mod stream;
mod tls;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use secrecy::SecretString;
use ureq::http::uri::{PathAndQuery, Uri};
use ureq::http::{self, HeaderValue, Method, Request, header};

use crate::call_info::{RequestId, Timings};
use crate::error::{Error, ErrorKind};
use crate::log::{Log, LogLevel};

pub(crate) use base_url::BaseUrl;
pub(crate) use cancel::CancellationToken;
use cancel::Canceller;
use connection::{Connection, RawHeaders};
pub(crate) use context::CallContext;
use http1::Http1;
pub(crate) use proxy::{Proxy, ProxyConfig};
use stream::Stream;
use tls::TlsClient;
pub(crate) use tls::{CaCertificates, ClientCertificate, TrustAnchors};

/// What the transport has to know of the configuration.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) origin: BaseUrl,
    pub(crate) connect_timeout: Duration,
    pub(crate) max_response_bytes: u64,
    /// No idle connection is kept for longer.
    pub(crate) max_idle: Duration,
    /// Threads that call at once beyond this number open connections of their own.
    pub(crate) max_idle_connections: usize,
    pub(crate) log: Log,
    pub(crate) trust_anchors: TrustAnchors,
    pub(crate) client_certificate: Option<ClientCertificate>,
    pub(crate) proxy: ProxyConfig,
}

/// Connections to one origin. Shared by any number of threads; each call has a connection to itself.
pub(crate) struct Transport {
    settings: Settings,
    template: Template,
    proxy: Option<Proxy>,
    /// Built at the first connection: reading the system's store takes milliseconds.
    tls: OnceLock<TlsClient>,
    /// The last is the one that was used last.
    pool: Mutex<Vec<Idle>>,
    canceller: Arc<Canceller>,
}

/// Connections that were used within this time of each other are equally fresh. It is short against
/// the time for which any server keeps one, and lets those that a burst has opened grow old.
const SAME_TIME: Duration = Duration::from_millis(100);

/// No thread that calls has a smaller stack, so addresses nearer than this are of one thread. One
/// that is taken for another loses warm caches, no more.
const SMALL_STACK: usize = 64 * 1024;

/// What all requests have in common.
struct Template {
    /// The origin's, with the path in front of all others.
    uri: Uri,
    host: HeaderValue,
    /// RawHeaders of the head, see [`RawHeaders`].
    lines: Arc<str>,
    gzip_lines: Arc<str>,
    post_lines: Arc<str>,
}

/// A connection that waits for another call, and its channel. What it is chosen by stands beside it,
/// so that nobody touches it, which another processor used last, while the pool is locked.
struct Idle {
    since: Instant,
    /// Of the thread that used it last, see [`stack_address`].
    stack: usize,
    channel: Http1,
    connection: Box<Connection>,
}

impl Idle {
    fn is_stale(&self, now: Instant, max_idle: Duration) -> bool {
        now.saturating_duration_since(self.since) >= max_idle
    }
}

/// A request but for its token and its body, ready to be sent many times.
pub(crate) struct PreparedRequest {
    request: Request<()>,
    lines: Arc<str>,
}

/// Which connection a request goes out on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reuse {
    /// One that stands open and was idle for less than this, if there is one; and it is kept for
    /// the next.
    Pool(Duration),
    /// One of its own, which is closed behind it.
    OwnConnection,
}

/// What was handed over and what came back.
pub(crate) struct Exchange {
    /// Bytes of requests that the operating system took for sending in this call, TLS included.
    pub(crate) bytes_sent: u64,
    /// How long after the request the first byte of the response came.
    first_byte: Option<Duration>,
    pub(crate) response: Result<HttpResponse, Fault>,
}

/// A complete HTTP response.
pub(crate) struct HttpResponse {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Vec<u8>,
}

/// Why no complete response came.
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

impl Template {
    fn new(origin: &BaseUrl, user_agent: &str) -> Result<Self, http::Error> {
        let user_agent = format!("User-Agent: {user_agent}\r\n");
        Ok(Template {
            uri: origin.url("/").try_into()?,
            host: origin.to_string().try_into()?,
            gzip_lines: [&user_agent, "Accept-Encoding: gzip\r\n"].concat().into(),
            post_lines: [&user_agent, "Content-Type: application/json\r\n"].concat().into(),
            lines: user_agent.into(),
        })
    }

    fn request(&self, method: Method, path: &str) -> Result<Request<()>, http::Error> {
        let mut uri = self.uri.clone().into_parts();
        let prefix = self.uri.path().trim_end_matches('/');
        uri.path_and_query = Some(PathAndQuery::try_from([prefix, path].concat())?);
        let mut request = Request::new(());
        *request.method_mut() = method;
        *request.uri_mut() = Uri::from_parts(uri)?;
        request.headers_mut().insert(header::HOST, self.host.clone());
        Ok(request)
    }
}

fn unusable(error: http::Error) -> Error {
    Error::local(ErrorKind::Internal, error.to_string())
}

/// Method and path, for a log.
impl fmt::Display for PreparedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.request.uri().path_and_query().map_or("/", |path| path.as_str());
        write!(f, "{} {path}", self.request.method())
    }
}

impl Transport {
    /// # Errors
    ///
    /// [`ErrorKind::Proxy`] if the environment, or the system, names one that cannot be used.
    pub(crate) fn new(settings: Settings, user_agent: &str) -> Result<Self, Error> {
        let proxy = settings.proxy.proxy_for(&settings.origin)?;
        let template = Template::new(&settings.origin, user_agent).map_err(unusable)?;
        Ok(Transport {
            settings,
            template,
            proxy,
            tls: OnceLock::new(),
            pool: Mutex::default(),
            canceller: Arc::default(),
        })
    }

    /// Prepares a GET of a path, with its query, below the origin.
    pub(crate) fn prepare_get(
        &self,
        path: &str,
        accepts_gzip: bool,
    ) -> Result<PreparedRequest, Error> {
        let request = self.template.request(Method::GET, path).map_err(unusable)?;
        let Template { lines, gzip_lines, .. } = &self.template;
        let lines = if accepts_gzip { gzip_lines } else { lines };
        Ok(PreparedRequest { request, lines: lines.clone() })
    }

    /// Prepares a POST of JSON to a path below the origin.
    pub(crate) fn prepare_post(&self, path: &str) -> Result<PreparedRequest, Error> {
        let mut request = self.template.request(Method::POST, path).map_err(unusable)?;
        // The place for the length of each body.
        request.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        Ok(PreparedRequest { request, lines: self.template.post_lines.clone() })
    }

    /// Begins a call, which has to end after `timeout`.
    pub(crate) fn begin_call(&self, timeout: Duration, request_id: RequestId) -> CallContext<'_> {
        CallContext::begin(timeout, request_id, self.canceller.begin(), &self.settings.log)
    }

    pub(crate) fn log(&self) -> &Log {
        &self.settings.log
    }

    /// Ends every call that has begun.
    pub(crate) fn cancel(&self) {
        self.canceller.cancel();
        self.empty_pool();
    }

    /// Ends every call that has begun, and those that begin later.
    pub(crate) fn close(&self) {
        self.canceller.close();
        self.empty_pool();
    }

    /// Drops connections that are closed, and so of no more use.
    fn empty_pool(&self) {
        let closed = std::mem::take(&mut *self.lock_pool());
        drop(closed);
    }

    /// Sends one request and reads its response, at most once and until the call's deadline at the
    /// latest. `credential` is the line of its head that carries the token; a GET has no `body`.
    pub(crate) fn exchange(
        &self,
        request: &PreparedRequest,
        credential: &Arc<SecretString>,
        body: Option<&[u8]>,
        via: Reuse,
        call: &mut CallContext<'_>,
    ) -> Exchange {
        call.info.attempts += 1;
        call.info.timings = Timings::default();
        // The first attempt begins with its call.
        let now = if call.info.attempts == 1 { call.began } else { Instant::now() };
        let pooled = match via {
            Reuse::Pool(max_idle) => self.take_pooled(now, max_idle, call.cancellation),
            Reuse::OwnConnection => None,
        };
        call.info.is_connection_reused = pooled.is_some();
        let opened = match pooled {
            Some(pooled) => Ok(pooled),
            None => self.connect(call).map(|connection| (Http1::new(), connection)),
        };
        if opened.is_ok() {
            let age = if call.info.is_connection_reused { "pooled" } else { "new" };
            call.log(LogLevel::Info, format_args!("{request} on a {age} connection"));
        }
        // Who is told may have cancelled.
        let mut exchange = match opened.and_then(|opened| call.check().map(|()| opened)) {
            Ok((channel, mut connection)) => {
                let max_response_bytes = self.settings.max_response_bytes;
                let lines = RawHeaders {
                    credential: credential.clone(),
                    fixed: request.lines.clone(),
                    request_id: call.info.request_id.clone(),
                };
                connection.begin_request(lines, call, max_response_bytes);
                let request = request.request.clone();
                let (exchange, connection) =
                    channel.exchange(connection, request, body, max_response_bytes);
                // One that was cancelled is closed, and nobody would take it out again.
                if let (Reuse::Pool(_), Some(connection)) = (via, connection)
                    && !call.cancellation.is_cancelled()
                {
                    self.give_back(channel, connection);
                }
                exchange
            }
            Err(fault) => Exchange { bytes_sent: 0, first_byte: None, response: Err(fault) },
        };
        call.info.timings.first_byte = exchange.first_byte;
        if let Err(fault) = &mut exchange.response
            && call.cancellation.is_cancelled()
        {
            // What closing the connection looked like is not the cause.
            *fault = context::cancelled();
        }
        log_end(&exchange, call);
        call.bytes_sent += exchange.bytes_sent;
        exchange.bytes_sent = call.bytes_sent;
        exchange
    }

    /// The connection that was used last, if it was idle for less than `max_idle`; the others are older.
    /// But where this thread used one at much the same time, that one: what both sides keep of it
    /// lies in the caches of the processors that they ran on.
    fn take_pooled(
        &self,
        now: Instant,
        max_idle: Duration,
        cancellation: CancellationToken<'_>,
    ) -> Option<(Http1, Box<Connection>)> {
        let here = stack_address();
        loop {
            let mut pool = self.lock_pool();
            let newest = pool.last().filter(|idle| !idle.is_stale(now, max_idle))?.since;
            let is_as_fresh =
                |idle: &Idle| !idle.is_stale(newest, SAME_TIME) && !idle.is_stale(now, max_idle);
            let mut fresh = (0..pool.len()).rev().take_while(|&at| is_as_fresh(&pool[at]));
            let own = fresh.find(|&at| pool[at].stack.abs_diff(here) < SMALL_STACK);
            let at = own.unwrap_or(pool.len() - 1);
            let Idle { channel, connection, .. } = pool.remove(at);
            // Looking whether it lives is a system call, so not under the lock.
            drop(pool);
            if connection.is_usable(cancellation) {
                return Some((channel, connection));
            }
        }
    }

    #[cold] // It would take the room of what most calls do.
    fn connect(&self, call: &mut CallContext<'_>) -> Result<Box<Connection>, Fault> {
        call.check()?;
        let connect_timeout = self.settings.connect_timeout;
        let deadline = call.deadline.min(Instant::now() + connect_timeout);
        let (limit, length) = if deadline == call.deadline {
            ("timeout", call.timeout)
        } else {
            ("connect_timeout", connect_timeout)
        };
        self.open(deadline, call).map_err(|Fault { kind, message }| match kind {
            ErrorKind::ConnectTimeout => {
                let length = length.as_millis();
                Fault::new(kind, format!("the {limit} of {length} ms ended while {message}"))
            }
            _ => Fault { kind, message },
        })
    }

    fn open(
        &self,
        deadline: Instant,
        call: &mut CallContext<'_>,
    ) -> Result<Box<Connection>, Fault> {
        let origin = &self.settings.origin;
        let started = Instant::now();
        match &self.proxy {
            None => call.log(LogLevel::Debug, format_args!("connecting to {origin} directly")),
            Some(proxy) => {
                call.log(LogLevel::Debug, format_args!("connecting to {origin} through {proxy}"));
            }
        }
        let stream = match &self.proxy {
            None => dial::dial(origin, deadline, call).map(Stream::Plain),
            Some(proxy) => proxy::open_tunnel(proxy, origin, || self.tls(), deadline, call),
        };
        let Timings { dns, connect, .. } = &mut call.info.timings;
        if let Some(connect) = connect {
            *connect = started.elapsed().saturating_sub(dns.unwrap_or_default());
        }
        let stream = stream?;
        if !origin.is_https {
            return Ok(Connection::new(stream));
        }
        let started = Instant::now();
        let stream = self.tls()?.handshake(origin, stream);
        let took = started.elapsed();
        // Also of one that failed, as the timings above: there one needs to know.
        call.info.timings.tls = Some(took);
        let stream = stream.map_err(|fault| match &self.proxy {
            None => fault,
            Some(proxy) => Fault::new(fault.kind, format!("{} (through {proxy})", fault.message)),
        })?;
        let took = took.as_millis();
        call.log(LogLevel::Debug, format_args!("{stream} with {origin} in {took} ms"));
        Ok(Connection::new(stream))
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

    fn give_back(&self, channel: Http1, mut connection: Box<Connection>) {
        connection.mark_idle();
        let since = connection.last_read();
        let given = Idle { since, stack: stack_address(), channel, connection };
        let mut pool = self.lock_pool();
        // The first are the oldest: what a burst of threads left behind.
        let Settings { max_idle, max_idle_connections: most, .. } = self.settings;
        let stale = pool.iter().take_while(|idle| idle.is_stale(since, max_idle)).count();
        pool.push(given);
        let surplus = pool.len().saturating_sub(most);
        let dropped: Vec<_> = pool.drain(..stale.max(surplus)).collect();
        // Closing is a system call, so not under the lock.
        drop(pool);
        drop(dropped);
    }

    fn lock_pool(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells threads apart, well enough to choose by, where nothing may be thread-local.
fn stack_address() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(&here).addr()
}

fn log_end(exchange: &Exchange, call: &CallContext<'_>) {
    let (sent, waited) = (exchange.bytes_sent, exchange.first_byte);
    let waited = waited.map_or(0, |waited| waited.as_millis());
    match &exchange.response {
        Ok(HttpResponse { status, body, .. }) => {
            let received = body.len();
            call.log(
                LogLevel::Info,
                format_args!(
                    "HTTP {status} after {waited} ms; {sent} bytes sent, a body of {received} received"
                ),
            );
        }
        Err(fault) => {
            call.log(LogLevel::Info, format_args!("{}; {sent} bytes sent", fault.message));
        }
    }
}
