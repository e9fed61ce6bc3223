//! Sends bytes to the gateway and receives its responses. The only module that knows ureq, TLS and
//! sockets.
//!
//! ureq implements HTTP/1.1 here; connecting, TLS and the pool are our own, because an honest
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
mod pool;
mod proxy;
mod request;
mod resolver;
mod settings;
mod socket;
mod stream;
mod tls;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use secrecy::SecretString;

use crate::call_info::{RequestId, Timings};
use crate::error::{Error, ErrorKind};
use crate::log::{Log, LogLevel};

use cancel::Canceller;
use connection::{Connection, RawHeaders};
use http1::Http1;
use lazy_tls::LazyTls;
use pool::Pool;
use proxy::Proxy;
use request::RequestTemplate;
use resolver::Resolver;
use stream::Stream;

pub(crate) use base_url::BaseUrl;
pub(crate) use cancel::CancellationToken;
pub(crate) use context::CallContext;
pub(crate) use exchange::{Exchange, Fault, HttpResponse};
pub(crate) use proxy::ProxyConfig;
pub(crate) use request::PreparedRequest;
pub(crate) use settings::Settings;
pub(crate) use tls::{CaCertificates, ClientCertificate, TrustAnchors};

/// The connections to one gateway. Shared by any number of threads; each call uses a connection
/// exclusively.
pub(crate) struct Transport {
    settings: Settings,
    requests: RequestTemplate,
    proxy: Option<Proxy>,
    resolver: Resolver,
    tls: LazyTls,
    pool: Pool,
    canceller: Arc<Canceller>,
}

/// Which connection carries a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reuse {
    /// A pooled connection that was idle for less than this, or else a new one. Returned to the
    /// pool afterwards.
    Pool(Duration),
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
        let proxy = proxy::select(&settings.proxy, &settings.base_url)?;
        let requests = RequestTemplate::new(&settings.base_url, user_agent)?;
        let pool = Pool::new(settings.max_idle, settings.max_idle_connections);
        Ok(Transport {
            settings,
            requests,
            proxy,
            resolver: Resolver::default(),
            tls: LazyTls::new(),
            pool,
            canceller: Arc::default(),
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
    pub(crate) fn begin_call(&self, timeout: Duration, request_id: RequestId) -> CallContext<'_> {
        CallContext::new(timeout, request_id, self.canceller.token(), &self.settings.log)
    }

    pub(crate) fn log(&self) -> &Log {
        &self.settings.log
    }

    /// Cancels every call that has started.
    pub(crate) fn cancel(&self) {
        self.canceller.cancel();
        self.pool.clear();
    }

    /// Cancels every call that has started and every call that starts later.
    pub(crate) fn close(&self) {
        self.canceller.close();
        self.pool.clear();
    }

    /// Sends one request, at most once, and reads its response, until the call's deadline.
    /// `auth_header` is the header line with the token. A GET has no `body`.
    pub(crate) fn exchange(
        &self,
        request: &PreparedRequest,
        auth_header: &Arc<SecretString>,
        body: Option<&[u8]>,
        reuse: Reuse,
        call: &mut CallContext<'_>,
    ) -> Exchange {
        call.info.attempts += 1;
        call.info.timings = Timings::default();
        let connected = self.pooled_or_new(reuse, call);
        if connected.is_ok() {
            let age = if call.info.is_connection_reused { "pooled" } else { "new" };
            call.log(LogLevel::Info, format_args!("{request} on a {age} connection"));
        }
        // The log callback may have cancelled the call.
        let mut exchange = match connected.and_then(|c| call.check_cancelled().map(|()| c)) {
            Ok((http1, mut connection)) => {
                let max_response_bytes = self.settings.max_response_bytes;
                let raw_headers = RawHeaders {
                    auth: auth_header.clone(),
                    fixed: request.fixed_headers.clone(),
                    request_id: call.info.request_id.clone(),
                };
                connection.begin_exchange(raw_headers, call, max_response_bytes);
                call.may_have_sent = true;
                let (exchange, connection) =
                    http1.exchange(connection, &request.head, body, max_response_bytes, call);
                call.bytes_sent += exchange.bytes_sent;
                call.may_have_sent = call.bytes_sent > 0;
                // A cancelled connection is closed, and no later call would use it.
                if let (Reuse::Pool(_), Some(connection)) = (reuse, connection)
                    && !call.cancellation.is_cancelled()
                {
                    self.pool.put(http1, connection);
                }
                exchange
            }
            Err(fault) => Exchange::not_sent(fault),
        };
        call.info.timings.first_byte = exchange.first_byte;
        if let Err(fault) = &mut exchange.response
            && call.cancellation.is_cancelled()
        {
            // Replaces the error that shutting down the connection caused.
            *fault = Fault::cancelled(call.cancellation);
        }
        log_exchange(&exchange, call);
        exchange.bytes_sent = call.bytes_sent;
        exchange
    }

    fn pooled_or_new(
        &self,
        reuse: Reuse,
        call: &mut CallContext<'_>,
    ) -> Result<(Http1, Box<Connection>), Fault> {
        // The first attempt starts with its call, which saves reading the clock again.
        let now = if call.info.attempts == 1 { call.started } else { Instant::now() };
        let pooled = match reuse {
            Reuse::Pool(max_idle) => self.pool.take(now, max_idle, call.cancellation),
            Reuse::OwnConnection => None,
        };
        call.info.is_connection_reused = pooled.is_some();
        match pooled {
            Some(pooled) => Ok(pooled),
            None => self.connect(call).map(|connection| (Http1::new(), connection)),
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
        self.open(deadline, call).map_err(|Fault { kind, message }| match kind {
            ErrorKind::ConnectTimeout => {
                let timeout = timeout.as_millis();
                Fault::new(kind, format!("the {name} of {timeout} ms expired while {message}"))
            }
            _ => Fault { kind, message },
        })
    }

    /// Opens a connection: directly or through the proxy, with TLS if the base URL is `https`.
    fn open(
        &self,
        deadline: Instant,
        call: &mut CallContext<'_>,
    ) -> Result<Box<Connection>, Fault> {
        let base_url = &self.settings.base_url;
        let started = Instant::now();
        match &self.proxy {
            None => call.log(LogLevel::Debug, format_args!("connecting to {base_url} directly")),
            Some(proxy) => {
                call.log(LogLevel::Debug, format_args!("connecting to {base_url} through {proxy}"));
            }
        }
        let stream = match &self.proxy {
            None => dial::dial(&self.resolver, base_url, deadline, call).map(Stream::Plain),
            Some(proxy) => {
                let tls = |call: &CallContext<'_>| self.tls.get(&self.settings, deadline, call);
                proxy::open_tunnel(proxy, base_url, &self.resolver, tls, deadline, call)
            }
        };
        let Timings { dns, connect, .. } = &mut call.info.timings;
        if let Some(connect) = connect {
            *connect = started.elapsed().saturating_sub(dns.unwrap_or_default());
        }
        let stream = stream?;
        if !base_url.is_https {
            return Ok(Connection::new(stream));
        }
        let started = Instant::now();
        let through_proxy = |Fault { kind, message }| match &self.proxy {
            None => Fault { kind, message },
            Some(proxy) => Fault::new(kind, format!("{message} (through {proxy})")),
        };
        let stream = self
            .tls
            .get(&self.settings, deadline, call)
            .and_then(|tls| stream.into_tls(&tls.gateway, base_url).map_err(through_proxy));
        let took = started.elapsed();
        // Like the timings above, also recorded for a failure, where it matters most.
        call.info.timings.tls = Some(took);
        let stream = stream?;
        let took = took.as_millis();
        call.log(LogLevel::Debug, format_args!("{stream} with {base_url} in {took} ms"));
        Ok(Connection::new(stream))
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
