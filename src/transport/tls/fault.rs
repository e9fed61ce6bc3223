//! Why TLS failed, in words that tell a person what to mend.

use std::fmt;
use std::io;

use rustls::{AlertDescription, Error, PeerIncompatible};

use super::verifier::{CertificateRequest, HandshakeRecord};

/// A server that ended the connection because of the client's certificate, or for want of one.
#[derive(Debug)]
pub(in crate::transport) enum RefusedClient {
    /// It said so.
    Said(String),
    /// It broke off without a word.
    Perhaps(String),
}

impl RefusedClient {
    pub(super) fn of(error: &io::Error, request: CertificateRequest) -> Option<Self> {
        match tls_error(error) {
            Some(Error::AlertReceived(alert)) => {
                objection(*alert, request).map(RefusedClient::Said)
            }
            Some(_) => None,
            None => hint(request).map(|hint| RefusedClient::Perhaps(cause(error) + hint)),
        }
    }

    /// That a server said so.
    pub(in crate::transport) fn said(error: &io::Error) -> Option<&str> {
        match error.get_ref()?.downcast_ref()? {
            RefusedClient::Said(words) => Some(words),
            RefusedClient::Perhaps(_) => None,
        }
    }
}

impl fmt::Display for RefusedClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RefusedClient::Said(words) | RefusedClient::Perhaps(words) => f.write_str(words),
        }
    }
}

impl std::error::Error for RefusedClient {}

/// The cause of a fault in a session.
pub(in crate::transport) fn cause(error: &io::Error) -> String {
    match (tls_error(error), error.kind()) {
        (Some(error), _) => error.to_string(),
        (None, io::ErrorKind::UnexpectedEof) => "the server closed the connection".into(),
        (None, _) => error.to_string(),
    }
}

/// The cause of a fault in a handshake; `header` is that of the last record that came in.
pub(super) fn handshake_cause(error: &io::Error, seen: HandshakeRecord, header: [u8; 5]) -> String {
    match tls_error(error) {
        Some(Error::InvalidCertificate(_)) if seen.flaw.is_some() => seen.flaw.unwrap_or_default(),
        Some(Error::AlertReceived(alert)) => {
            objection(*alert, seen.certificate_request).unwrap_or_else(|| refusal(*alert))
        }
        Some(Error::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13
            | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        )) => OLD_TLS.into(),
        Some(Error::InvalidMessage(_)) if header == *b"HTTP/" => {
            "the server does not speak TLS on this port, but plain HTTP".into()
        }
        Some(Error::InvalidMessage(_)) if !is_tls(header) => "the server does not speak TLS".into(),
        Some(_) => cause(error),
        None => cause(error) + hint(seen.certificate_request).unwrap_or_default(),
    }
}

const OLD_TLS: &str = "the server speaks only TLS 1.1 or older, which is not safe; it must offer \
                       1.2 or 1.3";

fn tls_error(error: &io::Error) -> Option<&Error> {
    error.get_ref().and_then(|error| error.downcast_ref())
}

/// Whether it can be the header of a record: a type and a version (RFC 8446 section 5.1).
fn is_tls(header: [u8; 5]) -> bool {
    matches!(header[0], 20..=24) && header[1] == 3
}

/// What an alert means when the server had asked for a client certificate.
fn objection(alert: AlertDescription, request: CertificateRequest) -> Option<String> {
    use AlertDescription as Alert;
    let requires = || Some("the server requires a client certificate".into());
    match (alert, request) {
        (Alert::CertificateRequired, CertificateRequest::None | CertificateRequest::Without) => {
            return requires();
        }
        // What servers say, of TLS 1.2 most of all: some have one word for everything.
        (
            Alert::HandshakeFailure
            | Alert::NoCertificate
            | Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::UnknownCA
            | Alert::AccessDenied
            | Alert::DecryptError
            | Alert::CertificateRequired,
            _,
        ) => {}
        _ => return None,
    }
    match request {
        CertificateRequest::None => None,
        CertificateRequest::Without => requires(),
        CertificateRequest::Unsuitable => Some(
            "the server requires a client certificate, and takes none with the kind of key that \
             was set"
                .into(),
        ),
        CertificateRequest::With => {
            let why = match alert {
                Alert::UnknownCA => ": it does not trust the issuer".into(),
                Alert::CertificateExpired => ": it has expired".into(),
                Alert::CertificateRevoked => ": it has been revoked".into(),
                alert => format!(" (alert {alert:?})"),
            };
            Some(format!("the server did not accept the client certificate{why}"))
        }
    }
}

/// What else an alert in a handshake means.
fn refusal(alert: AlertDescription) -> String {
    match alert {
        AlertDescription::ProtocolVersion => OLD_TLS.into(),
        AlertDescription::UnrecognisedName => "the server does not know this host name".into(),
        AlertDescription::HandshakeFailure | AlertDescription::InsufficientSecurity => {
            format!(
                "the server shares no cipher with this library, or wants more (alert {alert:?})"
            )
        }
        alert => format!("the server refused the handshake (alert {alert:?})"),
    }
}

/// What may be behind a connection that ended without a word.
fn hint(request: CertificateRequest) -> Option<&'static str> {
    match request {
        CertificateRequest::None => None,
        CertificateRequest::Without => {
            Some("; it had asked for a client certificate, and none is set")
        }
        CertificateRequest::Unsuitable => {
            Some("; it had asked for a client certificate with another kind of key")
        }
        CertificateRequest::With => Some("; it had asked for the client certificate"),
    }
}
