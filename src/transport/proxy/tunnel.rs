//! Opens a tunnel to the gateway. No byte of a request is sent before it is established.

use std::io;
use std::time::Instant;

use crate::error::ErrorKind;
use crate::log::LogLevel;
use crate::panic_points;
use crate::transport::base_url::BaseUrl;
use crate::transport::context::CallContext;
use crate::transport::dial::Dialer;
use crate::transport::exchange::Fault;
use crate::transport::socket;
use crate::transport::stream::Stream;
use crate::transport::tls::{self, TlsClient};

use super::connect;
use super::error::TunnelError;
use super::socks5::{self, Destination};
use super::url::{Protocol, Proxy};

/// Connects to a proxy and asks it to connect to the target.
pub(in crate::transport) fn open_tunnel<'a>(
    proxy: &Proxy,
    target: &BaseUrl,
    dialer: &Dialer,
    tls: impl FnOnce(&CallContext<'_>) -> Result<&'a TlsClient, Fault>,
    deadline: Instant,
    call: &mut CallContext<'_>,
) -> Result<Stream, Fault> {
    let destination = match (proxy.protocol, target.host.parse()) {
        (_, Ok(address)) => Destination::Address(address),
        (Protocol::Socks5, Err(_)) => {
            let addresses = dialer.resolver.resolve(target, deadline, call)?;
            // IPv4 if possible: every proxy can reach it.
            let address = addresses.iter().find(|address| address.is_ipv4()).or(addresses.first());
            address.map_or(Destination::Name(&target.host), |address| {
                Destination::Address(address.ip())
            })
        }
        (_, Err(_)) => Destination::Name(&target.host),
    };
    let at_proxy = |Fault { kind, message }| match kind {
        ErrorKind::ConnectTimeout => Fault::new(kind, format!("{message} ({proxy})")),
        _ => Fault::new(kind, format!("{proxy}: {message}")),
    };
    let mut stream = Stream::Plain(dialer.dial(&proxy.server, deadline, call).map_err(at_proxy)?);
    if proxy.protocol == Protocol::Https {
        stream = stream.into_tls(&tls(call)?.proxy, &proxy.server).map_err(at_proxy)?;
        call.log(LogLevel::Debug, format_args!("{stream} with {proxy}"));
    }
    panic_points::pass("a tunnel is opened");
    let auth = proxy.auth.as_ref();
    let result = match proxy.protocol {
        Protocol::Http | Protocol::Https => connect::open(&mut stream, target, auth),
        Protocol::Socks5 | Protocol::Socks5h => {
            socks5::open(&mut stream, destination, target.port, auth)
        }
    };
    panic_points::pass("a tunnel was opened");
    let target = target.host_and_port();
    match result {
        Ok(()) => {
            call.log(LogLevel::Debug, format_args!("{proxy} opened a tunnel to {target}"));
            Ok(stream)
        }
        Err(error) => {
            let Fault { kind, mut message } = explain(error, proxy, &target);
            if stream.has_renegotiation() {
                message = format!("{message}; {}", tls::RENEGOTIATION);
            }
            Err(Fault { kind, message })
        }
    }
}

fn explain(error: TunnelError, proxy: &Proxy, target: &str) -> Fault {
    let failed = |problem: &str| Fault::new(ErrorKind::ProxyFailed, format!("{proxy} {problem}"));
    match error {
        TunnelError::Io(error) if socket::is_deadline(&error) => {
            Fault::connect_timeout(format!("waiting for {proxy} to open a tunnel to {target}"))
        }
        TunnelError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            failed(&format!("closed the connection instead of opening a tunnel to {target}"))
        }
        TunnelError::Io(error) => {
            let cause = tls::cause(&error);
            failed(&format!("failed while opening a tunnel to {target}: {cause}"))
        }
        TunnelError::Response(problem) => failed(&problem),
    }
}
