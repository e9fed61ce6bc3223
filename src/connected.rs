//! The result of connecting ahead of time.

use std::fmt;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::call_info::CallInfo;

/// A connection that was opened ahead of time, see [`Client::connect`](crate::Client::connect).
///
/// Since 0.1.0.
#[derive(Debug, Clone)]
pub struct Connected {
    pub(crate) peer: SocketAddr,
    pub(crate) tls: Option<TlsPeer>,
    pub(crate) info: CallInfo,
}

/// A peer, as known after a TLS handshake.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TlsPeer {
    pub(crate) version: &'static str,
    /// When its certificate expires: time since 1970.
    pub(crate) expiry: Option<Duration>,
}

impl Connected {
    /// Returns the address of the gateway, or of the proxy if there is one.
    pub fn peer_address(&self) -> SocketAddr {
        self.peer
    }

    /// Returns the version of TLS with the gateway, "TLS 1.2" or "TLS 1.3"; `None` without TLS.
    pub fn tls_version(&self) -> Option<&'static str> {
        self.tls.map(|tls| tls.version)
    }

    /// Returns when the gateway's certificate expires; `None` without TLS.
    pub fn certificate_expires(&self) -> Option<SystemTime> {
        UNIX_EPOCH.checked_add(self.tls?.expiry?)
    }

    /// Returns the metadata of the call.
    pub fn info(&self) -> &CallInfo {
        &self.info
    }
}

impl fmt::Display for Connected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "connected to {}", self.peer)?;
        if let Some(TlsPeer { version, expiry }) = self.tls {
            write!(f, " with {version}")?;
            if let Some(days) = expiry.and_then(days_until) {
                write!(f, "; the gateway's certificate expires in {days} days")?;
            }
        }
        Ok(())
    }
}

/// Returns the number of whole days until a time since 1970.
fn days_until(time: Duration) -> Option<u64> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    Some(time.checked_sub(now)?.as_secs() / (24 * 60 * 60))
}
