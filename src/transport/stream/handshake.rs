//! The TLS handshake with a gateway or a proxy.

use std::io::{Read, Write};

use rustls::client::ClientConnection;
use rustls::pki_types::ServerName;

use crate::error::ErrorKind;
use crate::panic_points;
use crate::transport::base_url::BaseUrl;
use crate::transport::exchange::Fault;
use crate::transport::socket;
use crate::transport::tls::{self, ConfigPool};

use super::session::TlsSession;

/// `has_renegotiation` is true of a stream whose own TLS, that of a proxy, was to be renegotiated.
pub(super) fn complete<S: Read + Write>(
    configs: &ConfigPool,
    base_url: &BaseUrl,
    stream: S,
    has_renegotiation: impl Fn(&S) -> bool,
) -> Result<TlsSession<S>, Fault> {
    let failed = |cause: String| {
        Fault::new(ErrorKind::Tls, format!("TLS handshake with {base_url} failed: {cause}"))
    };
    tls::check_clock().map_err(failed)?;
    let name = ServerName::try_from(base_url.host.clone())
        .map_err(|_| failed("a certificate cannot contain this host name".into()))?;
    let config = configs.take().map_err(|error| failed(error.to_string()))?;
    let session = ClientConnection::new(config.client.clone(), name)
        .map_err(|error| failed(error.to_string()))?;
    let mut session = TlsSession::new(session, stream);
    panic_points::pass("a handshake begins");
    let result = session.complete_handshake();
    panic_points::pass("a handshake has ended");
    let record = config.verifier.take_record();
    configs.put(config);
    match result {
        Ok(()) => {
            session.certificate_request = record.certificate_request;
            Ok(session)
        }
        Err(error) if socket::is_deadline(&error) => {
            Err(Fault::connect_timeout(format!("negotiating TLS with {base_url}")))
        }
        // Together with the last message of the handshake, or by the proxy that carries it.
        Err(_) if session.has_renegotiation() || has_renegotiation(session.inner()) => {
            Err(failed(tls::RENEGOTIATION.into()))
        }
        Err(error) => {
            Err(failed(tls::handshake_cause(&error, record, session.last_record_header())))
        }
    }
}
