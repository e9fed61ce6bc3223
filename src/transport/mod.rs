//! Sends bytes to the gateway and receives its responses. The only module that knows ureq, TLS and
//! sockets.
//!
//! ureq reads the responses; connecting, TLS, sending and the pool are our own, because an honest
//! outcome needs to know which bytes were sent. A connection is opened before ureq is involved, so
//! every fault up to that point is known to have sent nothing, and each connection counts the
//! request bytes it carries.

mod background;
mod base_url;
mod buffers;
mod cancel;
mod chunked;
mod connection;
mod context;
mod dial;
mod exchange;
mod gzip;
mod header_filter;
mod http1;
mod lazy_tls;
mod lease;
mod pool;
mod proxy;
mod request;
mod resolver;
mod retry_after;
mod settings;
mod socket;
mod stream;
mod tls;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::call_info::{CallInfo, RequestId, Timings};
use crate::connected::Connected;
use crate::counters::{Counter, Tally};
use crate::error::{Error, ErrorKind};
use crate::log::{Log, LogLevel};
use crate::panic_points;
use crate::seen::Hash;

use connection::Connection;
use dial::Dialer;
use http1::Http1;
use lazy_tls::LazyTls;
use pool::{Pool, Terms};
use proxy::{Chosen, Selection};
use request::RequestTemplate;
use stream::Stream;

pub(crate) use background::SharedWork;
pub(crate) use base_url::BaseUrl;
pub(crate) use cancel::{ActiveCall, CancellationToken, Canceller, Undrained};
pub(crate) use context::{CallContext, PausedCall};
pub(crate) use exchange::{Exchange, Fault, HttpResponse};
pub(crate) use lease::Lease;
pub(crate) use proxy::ProxyConfig;
pub(crate) use request::PreparedRequest;
pub(crate) use settings::Settings;
pub(crate) use tls::{CaCertificates, ClientCertificate, TrustAnchors};

/// The connections to one gateway. Shared by any number of threads; each call uses a connection
/// exclusively.
pub(crate) struct Transport {
    settings: Settings,
    requests: RequestTemplate,
    proxies: Selection,
    dialer: Dialer,
    tls: LazyTls,
    pool: Pool,
    tally: Arc<Tally>,
}

/// Which connection carries a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reuse {
    /// A pooled connection that was idle for less than this, or else a new one. Also one on which
    /// this read failed.
    Pool(Duration, Hash),
    /// The same for a request that must not be lost, because it cannot be retried.
    Careful(Duration),
    /// A new connection.
    New,
    /// A dedicated connection, closed afterwards.
    OwnConnection,
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Transport").field(&self.settings).finish()
    }
}

impl Transport {
    /// # Errors
    ///
    /// [`ErrorKind::Proxy`] if the environment or the system names an invalid proxy.
    pub(crate) fn new(settings: Settings, user_agent: &str) -> Result<Self, Error> {
        panic_points::pass("a client is created");
        let proxies = proxy::select(&settings.proxy, settings.auto_proxy, &settings.base_url)?;
        let requests = RequestTemplate::new(&settings.base_url, user_agent);
        let pool = Pool::new(settings.max_idle, settings.max_idle_connections);
        Ok(Transport {
            settings,
            requests,
            proxies,
            dialer: Dialer::default(),
            tls: LazyTls::new(),
            pool,
            tally: Arc::default(),
        })
    }

    /// Prepares a GET of a path, with its query, below the base URL.
    pub(crate) fn prepare_get(
        &self,
        path: &str,
        accepts_gzip: bool,
    ) -> Result<PreparedRequest, Error> {
        self.requests.get(path, accepts_gzip)
    }

    /// Prepares a POST of JSON to a path below the base URL.
    pub(crate) fn prepare_post(&self, path: &str) -> Result<PreparedRequest, Error> {
        self.requests.post(path)
    }

    /// Begins a call that ends after `timeout` at the latest.
    pub(crate) fn begin_call<'a>(
        &'a self,
        timeout: Duration,
        request_id: RequestId,
        active: ActiveCall<'a>,
    ) -> CallContext<'a> {
        CallContext::new(timeout, request_id, active, &self.tally, &self.settings.log)
    }

    /// Returns the host and port of the proxy that was chosen last, if there is one.
    pub(crate) fn proxy(&self) -> Option<String> {
        Some(self.proxies.proxy()?.host_and_port())
    }

    pub(crate) fn base_url(&self) -> &BaseUrl {
        &self.settings.base_url
    }

    pub(crate) fn log(&self) -> &Log {
        &self.settings.log
    }

    pub(crate) fn tally(&self) -> &Arc<Tally> {
        &self.tally
    }

    /// Cancels every call of a canceller that has started.
    pub(crate) fn cancel(&self, canceller: &Arc<Canceller>) {
        canceller.cancel();
        self.after_cancelling(canceller);
    }

    /// Cancels every call of a canceller that has started and every call that starts later.
    pub(crate) fn close(&self, canceller: &Arc<Canceller>) {
        canceller.close();
        self.after_cancelling(canceller);
    }

    /// Refuses new calls of a canceller at once, waits until those in progress have ended, for at
    /// most this long, and then closes it.
    ///
    /// # Errors
    ///
    /// As [`Canceller::drain`].
    pub(crate) fn drain(
        &self,
        canceller: &Arc<Canceller>,
        timeout: Duration,
    ) -> Result<(), Undrained> {
        let result = canceller.drain(timeout);
        if !matches!(result, Err(Undrained::InCallback)) {
            self.close(canceller);
        }
        result
    }

    /// Closes the idle connections, which were shut down too, unless other calls may use them.
    fn after_cancelling(&self, canceller: &Canceller) {
        if canceller.is_root() {
            self.pool.clear();
        }
    }

    /// Sends one request, at most once, and reads its response, until the call's deadline.
    /// `auth_header` has the line with the token and those that the caller added, each with its
    /// line end. A GET has no `body`. Also returns the connection, if one was opened, for
    /// [`put_back`](Self::put_back).
    pub(crate) fn exchange(
        &self,
        request: &PreparedRequest,
        auth_header: &str,
        body: Option<&[u8]>,
        reuse: Reuse,
        call: &mut CallContext<'_>,
    ) -> (Exchange, Option<Lease>) {
        call.info.attempts += 1;
        call.info.timings = Timings::default();
        let connected = self.pooled_or_new(reuse, call);
        if connected.is_ok() {
            let age = if call.info.is_connection_reused { "pooled" } else { "new" };
            call.log(LogLevel::Info, format_args!("{request} on a {age} connection"));
        }
        // The log callback may have cancelled the call.
        let connected = connected.and_then(|c| call.check_cancelled().map(|()| c));
        let (mut exchange, mut lease) = match connected {
            Ok((lease, idle_time)) => {
                let (exchange, lease) = self.exchange_on(lease, request, auth_header, body, call);
                if let (Some(idle_time), Some(lease)) = (idle_time, &lease)
                    && !call.cancellation.is_cancelled()
                {
                    self.note_reuse(&exchange, &lease.connection, idle_time);
                }
                (exchange, lease)
            }
            Err(fault) => (Exchange::not_sent(fault), None),
        };
        if let (Reuse::OwnConnection, Some(lease)) = (reuse, &mut lease) {
            lease.connection.is_reusable = false;
        }
        call.info.timings.first_byte = exchange.first_byte;
        if let Err(fault) = &mut exchange.response {
            if call.cancellation.is_cancelled() {
                // Replaces the error that shutting down the connection caused.
                *fault = Fault::cancelled(call.cancellation);
            } else if !call.info.is_connection_reused {
                self.dialer.note_failure();
            }
        }
        log_exchange(&exchange, call);
        exchange.bytes_sent = call.bytes_sent;
        exchange.was_refused = call.was_refused;
        (exchange, lease)
    }

    /// Opens a connection and keeps it for a later call. Sends nothing to the gateway.
    pub(crate) fn connect_ahead(&self, call: &mut CallContext<'_>) -> Result<Connected, Fault> {
        call.info.attempts += 1;
        call.info.timings = Timings::default();
        let connected = self.connect(call).and_then(|mut connection| {
            connection.prepare(call)?;
            Ok(connection)
        });
        match connected {
            Ok(mut connection) => {
                // Without TLS of the gateway, the outermost is that of a proxy.
                let is_https = self.settings.base_url.is_https;
                let connected = Connected {
                    peer: connection.peer(),
                    tls: connection.tls_peer().filter(|_| is_https),
                    info: CallInfo::default(),
                };
                call.log(LogLevel::Info, format_args!("{connected}"));
                connection.is_reusable = true;
                self.put_back(Lease { http1: Http1::new(), connection }, call);
                call.check_cancelled()?;
                Ok(connected)
            }
            Err(_) if call.cancellation.is_cancelled() => Err(Fault::cancelled(call.cancellation)),
            Err(fault) => {
                self.dialer.note_failure();
                call.log(LogLevel::Info, format_args!("{}; 0 bytes sent", fault.message));
                Err(fault)
            }
        }
    }

    fn exchange_on(
        &self,
        lease: Lease,
        request: &PreparedRequest,
        auth_header: &str,
        body: Option<&[u8]>,
        call: &mut CallContext<'_>,
    ) -> (Exchange, Option<Lease>) {
        let Lease { http1, mut connection } = lease;
        let max_response_bytes = self.settings.max_response_bytes;
        connection.begin_exchange(call, max_response_bytes);
        call.is_first_response = connection.requests() == 1;
        // A pooled connection was checked when it was taken.
        if !call.info.is_connection_reused
            && let Err(fault) = connection.check_silence("sending the request")
        {
            return (Exchange::not_sent(fault), None);
        }
        call.may_have_sent = true;
        let length = body.map(|body| body.len().to_string()).unwrap_or_default();
        let body = body.unwrap_or_default();
        let parts = request.parts(auth_header, &call.info.request_id, &length, body);
        let (exchange, connection) = http1.exchange(connection, &parts, max_response_bytes, call);
        call.bytes_sent += exchange.bytes_sent;
        self.tally.add(Counter::BytesSent, exchange.bytes_sent);
        if let Some(connection) = &connection {
            self.tally.add(Counter::BytesReceived, connection.bytes_received());
        }
        call.may_have_sent = call.bytes_sent > 0;
        (exchange, connection.map(|connection| Lease { http1, connection }))
    }

    /// Learns from an exchange on a connection that was idle before.
    fn note_reuse(&self, exchange: &Exchange, connection: &Connection, idle_time: Duration) {
        match &exchange.response {
            Ok(_) => self.pool.note_reuse(),
            Err(fault)
                if fault.kind == ErrorKind::ConnectionLost && exchange.first_byte.is_none() =>
            {
                self.pool.note_loss(idle_time, connection.requests());
            }
            Err(_) => {}
        }
    }

    /// Keeps a connection for another request if it is fit for one, and closes it otherwise.
    pub(crate) fn put_back(&self, mut lease: Lease, call: &CallContext<'_>) {
        panic_points::pass("a connection is put back");
        // A cancelled connection is closed, and no later call would use it.
        if lease.connection.is_reusable && lease.connection.release(call.cancellation) {
            self.pool.put(lease);
        }
    }

    /// Returns a pooled connection and for how long it was idle, or a new connection.
    fn pooled_or_new(
        &self,
        reuse: Reuse,
        call: &mut CallContext<'_>,
    ) -> Result<(Lease, Option<Duration>), Fault> {
        // The first attempt starts with its call, which saves reading the clock again.
        let now = if call.info.attempts == 1 { call.started } else { Instant::now() };
        let terms = match reuse {
            Reuse::Pool(max_idle, read) => Some(Terms { max_idle, read: Some(read) }),
            Reuse::Careful(max_idle) => Some(Terms { max_idle, read: None }),
            Reuse::New | Reuse::OwnConnection => None,
        };
        call.check_cancelled()?;
        let pooled = terms.and_then(|terms| self.pool.take(now, terms, call));
        call.info.is_connection_reused = pooled.is_some();
        if pooled.is_some() {
            self.tally.add(Counter::ConnectionsReused, 1);
        }
        match pooled {
            Some((mut lease, idle_time)) => {
                if !lease.connection.claim(call.cancellation) {
                    // Other calls may still use it.
                    self.pool.put(lease);
                    return Err(Fault::cancelled(call.cancellation));
                }
                Ok((lease, idle_time))
            }
            None => {
                let connection = self.connect(call)?;
                Ok((Lease { http1: Http1::new(), connection }, None))
            }
        }
    }

    fn connect(&self, call: &mut CallContext<'_>) -> Result<Box<Connection>, Fault> {
        call.check_cancelled()?;
        let connect_timeout = self.settings.connect_timeout;
        let deadline = call.deadline.min(Instant::now() + connect_timeout);
        let (name, timeout) = if deadline == call.deadline {
            ("timeout", call.timeout)
        } else {
            ("connect_timeout", connect_timeout)
        };
        let complete = |mut fault: Fault| {
            if fault.kind == ErrorKind::ConnectTimeout {
                let (timeout, doing) = (timeout.as_millis(), &fault.message);
                fault.message = format!("the {name} of {timeout} ms expired while {doing}");
            }
            fault
        };
        let chosen = self.proxies.choose(deadline, call).map_err(complete)?;
        let opened = self
            .open(&chosen, deadline, call)
            .map_err(|fault| self.proxies.failed(complete(fault), &chosen))?;
        self.tally.add(Counter::ConnectionsOpened, 1);
        Ok(opened)
    }

    /// Opens a connection: directly or through the proxy, with TLS if the base URL is `https`.
    fn open(
        &self,
        chosen: &Chosen,
        deadline: Instant,
        call: &mut CallContext<'_>,
    ) -> Result<Box<Connection>, Fault> {
        let base_url = &self.settings.base_url;
        let proxy = chosen.proxy.clone()?;
        let reason = chosen.reason;
        let started = Instant::now();
        match &proxy {
            None => {
                call.log(LogLevel::Debug, format_args!("connecting to {base_url} directly{reason}"))
            }
            Some(proxy) => call.log(
                LogLevel::Debug,
                format_args!("connecting to {base_url} through {proxy}{reason}"),
            ),
        }
        let stream = match &proxy {
            None => self.dialer.dial(base_url, deadline, call).map(Stream::Plain),
            Some(proxy) => {
                let tls = |call: &CallContext<'_>| self.tls.get(&self.settings, deadline, call);
                proxy::open_tunnel(proxy, base_url, &self.dialer, tls, deadline, call)
            }
        };
        let Timings { dns, connect, .. } = &mut call.info.timings;
        if let Some(connect) = connect {
            *connect = started.elapsed().saturating_sub(dns.unwrap_or_default());
        }
        let stream = stream?;
        if !base_url.is_https {
            return Ok(Connection::new(stream, proxy));
        }
        let started = Instant::now();
        let stream = self.tls.get(&self.settings, deadline, call).and_then(|tls| {
            let secured = stream.into_tls(&tls.gateway, base_url);
            secured.map_err(|fault| fault.through(proxy.as_ref()))
        });
        let took = started.elapsed();
        // Like the timings above, also recorded for a failure, where it matters most.
        call.info.timings.tls = Some(took);
        let stream = stream?;
        let took = took.as_millis();
        call.log(LogLevel::Debug, format_args!("{stream} with {base_url} in {took} ms"));
        Ok(Connection::new(stream, proxy))
    }
}

fn log_exchange(exchange: &Exchange, call: &CallContext<'_>) {
    let sent = exchange.bytes_sent;
    match &exchange.response {
        Ok(HttpResponse { status, body, .. }) => {
            let waited = exchange.first_byte.map_or(0, |waited| waited.as_millis());
            let received = body.len();
            call.log(
                LogLevel::Info,
                format_args!(
                    "HTTP {status} after {waited} ms; {sent} bytes sent, body of {received} bytes"
                ),
            );
        }
        Err(fault) => {
            call.log(LogLevel::Info, format_args!("{}; {sent} bytes sent", fault.message));
        }
    }
}
