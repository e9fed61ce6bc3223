//! Explains TLS failures.

use std::fmt;
use std::io;
use std::time::SystemTime;

use rustls::{AlertDescription, Error, HandshakeType, PeerIncompatible};

use super::diagnose;
use super::verifier::{CertificateRequest, HandshakeRecord};

/// The server ended the connection because of the client certificate, or because it got none.
#[derive(Debug)]
pub(in crate::transport) enum ClientCertificateRejection {
    /// The server sent an alert that says so.
    Stated(String),
    /// The server closed the connection without an alert, so this is a guess.
    Suspected(String),
}

impl ClientCertificateRejection {
    pub(in crate::transport) fn from_io(
        error: &io::Error,
        request: CertificateRequest,
    ) -> Option<Self> {
        match tls_error(error) {
            Some(Error::AlertReceived(alert)) => {
                explain_client_alert(*alert, request).map(ClientCertificateRejection::Stated)
            }
            Some(error) if is_late_request(error) => {
                Some(ClientCertificateRejection::Stated(LATE_REQUEST.into()))
            }
            Some(_) => None,
            None => {
                let hint = client_certificate_hint(request)?;
                Some(ClientCertificateRejection::Suspected(cause(error) + hint))
            }
        }
    }

    /// Returns the objection inside `error`, if the server stated one.
    pub(in crate::transport) fn stated(error: &io::Error) -> Option<&str> {
        match error.get_ref()?.downcast_ref()? {
            ClientCertificateRejection::Stated(objection) => Some(objection),
            ClientCertificateRejection::Suspected(_) => None,
        }
    }
}

impl fmt::Display for ClientCertificateRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClientCertificateRejection::Stated(text)
            | ClientCertificateRejection::Suspected(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for ClientCertificateRejection {}

/// Why a server that requests TLS renegotiation fails. It usually wants a client certificate, for
/// some URLs only.
pub(in crate::transport) const RENEGOTIATION: &str = "the server requested TLS renegotiation, which is not supported; if it needs a client \
     certificate, configure it to request that in the first handshake (IIS: netsh http, \
     clientcertnegotiation=enable)";
const LATE_REQUEST: &str = "the server requested a client certificate after the handshake, which is not supported; \
     configure it to request that in the handshake";

/// True if the server requested a certificate after the handshake: the post-handshake
/// authentication of TLS 1.3 (RFC 8446 section 4.6.2).
fn is_late_request(error: &Error) -> bool {
    let Error::InappropriateHandshakeMessage { got_type, .. } = error else { return false };
    *got_type == HandshakeType::CertificateRequest
}

/// Returns the cause of an error on an established connection.
pub(in crate::transport) fn cause(error: &io::Error) -> String {
    match (tls_error(error), error.kind()) {
        (Some(error), _) => error.to_string(),
        (None, io::ErrorKind::UnexpectedEof) => "the server closed the connection".into(),
        (None, _) => error.to_string(),
    }
}

/// Checks the clock before a handshake: rustls needs it only when the server has responded.
///
/// # Errors
///
/// The cause, if the clock is set to before 1970.
pub(in crate::transport) fn check_clock() -> Result<(), String> {
    let is_valid = SystemTime::now() >= SystemTime::UNIX_EPOCH;
    match diagnose::wrong_clock() {
        Some(problem) if !is_valid => Err(problem),
        _ => Ok(()),
    }
}

/// Returns the cause of an error during a handshake. `header` is that of the last record received.
pub(in crate::transport) fn handshake_cause(
    error: &io::Error,
    record: HandshakeRecord,
    header: [u8; 5],
) -> String {
    match tls_error(error) {
        Some(Error::InvalidCertificate(_)) if record.certificate_problem.is_some() => {
            record.certificate_problem.unwrap_or_default()
        }
        Some(error @ Error::FailedToGetCurrentTime) => {
            diagnose::wrong_clock().unwrap_or_else(|| error.to_string())
        }
        Some(Error::AlertReceived(alert)) => {
            explain_client_alert(*alert, record.certificate_request)
                .unwrap_or_else(|| explain_alert(*alert))
        }
        Some(Error::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13
            | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        )) => OLD_TLS.into(),
        Some(Error::InvalidMessage(_)) if header == *b"HTTP/" => {
            "the server does not speak TLS on this port, but plain HTTP".into()
        }
        Some(Error::InvalidMessage(_)) if !is_record_header(header) => {
            "the server does not speak TLS".into()
        }
        Some(error) if is_late_request(error) => LATE_REQUEST.into(),
        Some(_) => cause(error),
        None => {
            cause(error) + client_certificate_hint(record.certificate_request).unwrap_or_default()
        }
    }
}

const OLD_TLS: &str =
    "the server supports only TLS 1.1 or older, which is insecure; it must support 1.2 or 1.3";

fn tls_error(error: &io::Error) -> Option<&Error> {
    error.get_ref().and_then(|error| error.downcast_ref())
}

/// True if this can be the header of a record: a type and a version (RFC 8446 section 5.1).
fn is_record_header(header: [u8; 5]) -> bool {
    matches!(header[0], 20..=24) && header[1] == 3
}

/// Explains an alert that concerns the client certificate. `None` for other alerts.
fn explain_client_alert(alert: AlertDescription, request: CertificateRequest) -> Option<String> {
    use AlertDescription as Alert;
    const REQUIRED: &str = "the server requires a client certificate";
    match (alert, request) {
        (
            Alert::CertificateRequired,
            CertificateRequest::NotRequested | CertificateRequest::NotConfigured,
        ) => return Some(REQUIRED.into()),
        // All of these occur in practice, mostly with TLS 1.2: some servers use one alert for
        // everything.
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
        CertificateRequest::NotRequested => None,
        CertificateRequest::NotConfigured => Some(REQUIRED.into()),
        CertificateRequest::Unsuitable => {
            Some(format!("{REQUIRED}, but does not accept the configured one's type of key"))
        }
        CertificateRequest::Sent => {
            let reason = match alert {
                Alert::UnknownCA => ": it does not trust the issuer".into(),
                Alert::CertificateExpired => ": it has expired".into(),
                Alert::CertificateRevoked => ": it has been revoked".into(),
                alert => format!(" (alert {alert:?})"),
            };
            Some(format!("the server rejected the client certificate{reason}"))
        }
    }
}

/// Explains any other alert during a handshake.
fn explain_alert(alert: AlertDescription) -> String {
    match alert {
        AlertDescription::ProtocolVersion => OLD_TLS.into(),
        AlertDescription::UnrecognisedName => "the server does not know this host name".into(),
        AlertDescription::HandshakeFailure | AlertDescription::InsufficientSecurity => {
            format!(
                "the server refused the handshake: no common cipher suite, a certificate whose type \
                 of key is not supported, or another unmet requirement (alert {alert:?})"
            )
        }
        alert => format!("the server aborted the handshake (alert {alert:?})"),
    }
}

/// A possible reason for a connection that the server closed without an alert.
fn client_certificate_hint(request: CertificateRequest) -> Option<&'static str> {
    match request {
        CertificateRequest::NotRequested => None,
        CertificateRequest::NotConfigured => {
            Some("; it had requested a client certificate, and none is configured")
        }
        CertificateRequest::Unsuitable => {
            Some("; it had requested a client certificate with another type of key")
        }
        CertificateRequest::Sent => Some("; it had requested the client certificate"),
    }
}
