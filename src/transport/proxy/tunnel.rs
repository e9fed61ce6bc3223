//! Opens a tunnel to the gateway. Nothing of a request is sent before it stands.

use std::io;
use std::time::Instant;

use crate::error::ErrorKind;
use crate::log::LogLevel;

use super::super::base_url::BaseUrl;
use super::super::context::CallContext;
use super::super::stream::Stream;
use super::super::tls::{self, TlsClient};
use super::super::{Fault, dial, socket};
use super::error::TunnelError;
use super::socks5::{self, Destination};
use super::{Protocol, Proxy, connect};

/// Connects to a proxy and has it connect to the target.
pub(in crate::transport) fn open_tunnel<'a>(
    proxy: &Proxy,
    target: &BaseUrl,
    tls: impl FnOnce() -> Result<&'a TlsClient, Fault>,
    deadline: Instant,
    call: &mut CallContext<'_>,
) -> Result<Stream, Fault> {
    let destination = match (proxy.protocol, target.host.parse()) {
        (_, Ok(address)) => Destination::Address(address),
        (Protocol::Socks5, Err(_)) => {
            let addresses = dial::resolve(target, deadline, call)?;
            // One of version 4 if there is one, since every proxy reaches that.
            let address = addresses.iter().find(|address| address.is_ipv4()).or(addresses.first());
            address.map_or(Destination::Name(&target.host), |address| {
                Destination::Address(address.ip())
            })
        }
        (_, Err(_)) => Destination::Name(&target.host),
    };
    let at_proxy = |fault: Fault| Fault::new(fault.kind, format!("{proxy}: {}", fault.message));
    let mut stream = Stream::Plain(dial::dial(&proxy.origin, deadline, call).map_err(at_proxy)?);
    if proxy.protocol == Protocol::Https {
        stream = tls()?.handshake_with_proxy(&proxy.origin, stream).map_err(at_proxy)?;
        call.log(LogLevel::Debug, format_args!("{stream} with {proxy}"));
    }
    let login = proxy.credentials.as_ref();
    let opened = match proxy.protocol {
        Protocol::Http | Protocol::Https => connect::open(&mut stream, target, login),
        Protocol::Socks5 | Protocol::Socks5h => {
            socks5::open(&mut stream, destination, target.port, login)
        }
    };
    let target = target.host_and_port();
    let failed = |what: &str| Fault::new(ErrorKind::ProxyFailed, format!("{proxy} {what}"));
    opened
        .inspect(|()| {
            call.log(LogLevel::Debug, format_args!("{proxy} opened a tunnel to {target}"));
        })
        .map(|()| stream)
        .map_err(|refusal| match refusal {
            TunnelError::Io(error) if socket::is_deadline(&error) => {
                dial::timed_out(format!("{proxy} was to open a tunnel to {target}"))
            }
            TunnelError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                failed(&format!("closed the connection instead of opening a tunnel to {target}"))
            }
            TunnelError::Io(error) => {
                let cause = tls::cause(&error);
                failed(&format!("broke off while it was to open a tunnel to {target}: {cause}"))
            }
            TunnelError::Said(said) => failed(&said),
        })
}
