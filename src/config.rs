//! What a caller may set, checked as it is set and unchanged once a client is made of it.

use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::error::{Error, ErrorKind};
use crate::limits::{MAX_ID_BYTES, is_visible_ascii};
use crate::log::{Log, LogLevel};
use crate::token::{AccessToken, AuthScheme};
use crate::transport::{
    self, BaseUrl, CaCertificates, ClientCertificate, ProxyConfig, TrustAnchors,
};

const MAX_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);
const RESPONSE_BYTES: RangeInclusive<u64> = 1..=1 << 30;
const MAX_IDLE_CONNECTIONS: usize = 1024;
const READ_MAX_IDLE: Duration = Duration::from_secs(15);
const OWN_USER_AGENT: &str = concat!("libluma/", env!("CARGO_PKG_VERSION"));

/// Where a client calls and how. Its `Debug` form does not show the token.
#[derive(Debug, Clone)]
pub struct Config {
    pub(crate) transport: transport::Settings,
    pub(crate) token: AccessToken,
    pub(crate) auth_scheme: AuthScheme,
    pub(crate) timeout: Duration,
    pub(crate) user_agent: String,
    pub(crate) trigger_max_idle: Duration,
    pub(crate) read_max_idle: Duration,
    pub(crate) retries: bool,
    allow_http: bool,
}

impl Config {
    /// The gateway's base URL (`https://host[:port][/prefix]`, without `/gateway/api/v1`) and the
    /// tenant's access token. An `http://` URL is taken here and checked when the client is made.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BaseUrlSyntax`], [`ErrorKind::BaseUrlScheme`],
    /// [`ErrorKind::BaseUrlUserInfo`], [`ErrorKind::BaseUrlPort`], [`ErrorKind::AccessToken`].
    pub fn new(base_url: &str, access_token: &str) -> Result<Self, Error> {
        let base_url = BaseUrl::parse(base_url)?;
        let token = AccessToken::checked("access_token", ErrorKind::AccessToken, access_token)?;
        Ok(Config {
            transport: transport::Settings {
                base_url,
                connect_timeout: Duration::from_secs(10),
                max_response_bytes: 1 << 20,
                max_idle: READ_MAX_IDLE,
                max_idle_connections: 64,
                log: Log::default(),
                trust_anchors: TrustAnchors::default(),
                client_certificate: None,
                proxy: ProxyConfig::System,
            },
            token,
            auth_scheme: AuthScheme::default(),
            timeout: Duration::from_secs(30),
            user_agent: OWN_USER_AGENT.to_owned(),
            trigger_max_idle: Duration::from_secs(2),
            read_max_idle: READ_MAX_IDLE,
            retries: true,
            allow_http: false,
        })
    }

    /// Sets the header that carries the token.
    pub fn set_auth_scheme(&mut self, scheme: AuthScheme) -> &mut Self {
        self.auth_scheme = scheme;
        self
    }

    /// Limits resolving, connecting, the proxy and the TLS handshake together; 10 s unless set.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TimeoutRange`] if it is not 1 ms to 24 h.
    pub fn set_connect_timeout(&mut self, timeout: Duration) -> Result<&mut Self, Error> {
        self.transport.connect_timeout = checked_timeout("connect_timeout", timeout)?;
        Ok(self)
    }

    /// Limits the whole call; 30 s unless set. On Windows, unless [`set_ca_pem`](Self::set_ca_pem) or
    /// [`set_ca_file`](Self::set_ca_file) is used, a TLS handshake may end up to 10 s later: for so long
    /// Windows may fetch what it verifies a certificate by, and nothing here ends that.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TimeoutRange`] if it is not 1 ms to 24 h.
    pub fn set_timeout(&mut self, timeout: Duration) -> Result<&mut Self, Error> {
        self.timeout = checked_timeout("timeout", timeout)?;
        Ok(self)
    }

    /// Limits the body of a response; 1 MiB unless set.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::MaxResponseBytes`] if it is not 1 byte to 1 GiB.
    pub fn set_max_response_bytes(&mut self, bytes: u64) -> Result<&mut Self, Error> {
        if !RESPONSE_BYTES.contains(&bytes) {
            let message = format!("max_response_bytes {bytes} is not 1 to 1073741824");
            return Err(Error::local(ErrorKind::MaxResponseBytes, message));
        }
        self.transport.max_response_bytes = bytes;
        Ok(self)
    }

    /// Limits how long a connection may have been idle to carry a trigger or another request with
    /// an effect; 2 s unless set, well under the common 5 s after which servers close, so that
    /// closing and sending rarely cross, which would leave the outcome unknown. With 0 each opens a
    /// connection of its own.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::MaxIdle`] if it is more than 24 h.
    pub fn set_trigger_max_idle(&mut self, max_idle: Duration) -> Result<&mut Self, Error> {
        self.trigger_max_idle = checked_max_idle("trigger_max_idle", max_idle)?;
        self.transport.max_idle = self.trigger_max_idle.max(self.read_max_idle);
        Ok(self)
    }

    /// The same for requests that only read; 15 s unless set. One that crosses with a close is sent
    /// again.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::MaxIdle`] if it is more than 24 h.
    pub fn set_read_max_idle(&mut self, max_idle: Duration) -> Result<&mut Self, Error> {
        self.read_max_idle = checked_max_idle("read_max_idle", max_idle)?;
        self.transport.max_idle = self.trigger_max_idle.max(self.read_max_idle);
        Ok(self)
    }

    /// Limits how many idle connections are kept; 64 unless set. As many are kept as threads called
    /// at once.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::MaxIdleConnections`] if it is more than 1024.
    pub fn set_max_idle_connections(&mut self, count: usize) -> Result<&mut Self, Error> {
        if count > MAX_IDLE_CONNECTIONS {
            let message =
                format!("max_idle_connections {count} is not 0 to {MAX_IDLE_CONNECTIONS}");
            return Err(Error::local(ErrorKind::MaxIdleConnections, message));
        }
        self.transport.max_idle_connections = count;
        Ok(self)
    }

    /// Whether a request is sent again by itself where that is safe; it is, unless set. A trigger
    /// and a launch URL are tried up to 2 times more, and only if nothing was sent: the host could
    /// not be resolved or connected to. What only reads is tried up to 3 times more, also if the
    /// connection was lost, on 408, 429 and 5xx. The pauses are random up to 0.8 s, 1.6 s and 3.2 s,
    /// or as long as `Retry-After` asks. All of it happens within the one timeout.
    pub fn set_retries(&mut self, retries: bool) -> &mut Self {
        self.retries = retries;
        self
    }

    /// Has a callback told what happens, line by line, up to a level. It is called on the thread
    /// that makes the call, within it, and the time that it takes counts. No line holds a token, a
    /// launch URL, the user or password of a proxy, or a body.
    pub fn set_log(
        &mut self,
        max_level: LogLevel,
        callback: impl Fn(LogLevel, &str) + Send + Sync + 'static,
    ) -> &mut Self {
        self.transport.log = Log::new(max_level, Arc::new(callback));
        self
    }

    /// Turns the log off.
    pub fn clear_log(&mut self) -> &mut Self {
        self.transport.log = Log::default();
        self
    }

    /// Allows `http://` to a host other than loopback, or through a proxy on one: the token then
    /// travels readable.
    pub fn set_allow_http(&mut self, allow: bool) -> &mut Self {
        self.allow_http = allow;
        self
    }

    /// Trusts the CA certificates in a PEM text instead of the operating system's. It replaces what
    /// was set before, and leaves what is added.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CaPem`] if it holds no certificate, one that cannot be read, or a private key.
    pub fn set_ca_pem(&mut self, pem: &str) -> Result<&mut Self, Error> {
        self.transport.trust_anchors.set(CaCertificates::from_pem(pem)?);
        Ok(self)
    }

    /// As [`set_ca_pem`](Self::set_ca_pem), from a file of 16 MiB at most, which is read now.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CaFile`] if the file cannot be read, and [`ErrorKind::CaPem`].
    pub fn set_ca_file(&mut self, path: impl AsRef<Path>) -> Result<&mut Self, Error> {
        self.transport.trust_anchors.set(CaCertificates::from_file(path.as_ref())?);
        Ok(self)
    }

    /// Trusts the CA certificates in a PEM text too, beside the operating system's or those that
    /// are set, whichever of both is called first.
    ///
    /// # Errors
    ///
    /// As [`set_ca_pem`](Self::set_ca_pem).
    pub fn add_ca_pem(&mut self, pem: &str) -> Result<&mut Self, Error> {
        self.transport.trust_anchors.add(CaCertificates::from_pem(pem)?);
        Ok(self)
    }

    /// As [`add_ca_pem`](Self::add_ca_pem), from a file of 16 MiB at most, which is read now.
    ///
    /// # Errors
    ///
    /// As [`set_ca_file`](Self::set_ca_file).
    pub fn add_ca_file(&mut self, path: impl AsRef<Path>) -> Result<&mut Self, Error> {
        self.transport.trust_anchors.add(CaCertificates::from_file(path.as_ref())?);
        Ok(self)
    }

    /// Shows a certificate to a gateway that asks for one, never to a proxy. The chain has the
    /// client's own certificate first, then those that lead to its CA. The key is PKCS #8, PKCS #1
    /// or SEC 1, and not encrypted. One text may be both.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ClientCertificate`] and [`ErrorKind::ClientKey`]; they do not show the key.
    pub fn set_client_certificate_pem(
        &mut self,
        chain: &str,
        key: &str,
    ) -> Result<&mut Self, Error> {
        self.transport.client_certificate = Some(ClientCertificate::from_pem(chain, key)?);
        Ok(self)
    }

    /// As [`set_client_certificate_pem`](Self::set_client_certificate_pem), from files of 16 MiB at
    /// most, which are read now.
    ///
    /// # Errors
    ///
    /// The same, also for a file that cannot be read.
    pub fn set_client_certificate_file(
        &mut self,
        chain: impl AsRef<Path>,
        key: impl AsRef<Path>,
    ) -> Result<&mut Self, Error> {
        let certificate = ClientCertificate::from_files(chain.as_ref(), key.as_ref())?;
        self.transport.client_certificate = Some(certificate);
        Ok(self)
    }

    /// Sends everything through a proxy: `scheme://[user:password@]host[:port]` with the scheme
    /// `http` (port 80 unless given), `https` (443), `socks5` or `socks5h` (1080), or `direct` for
    /// none. User and password are percent-encoded. `socks5h` has the proxy resolve the gateway's
    /// name, and so have `http` and `https`. The CA certificates that vouch for the gateway vouch
    /// for an `https` proxy too.
    ///
    /// Unless set, a client reads the environment when it is made, as curl does: `https_proxy` or
    /// `http_proxy` by the scheme of the base URL, then `all_proxy`, but for the hosts in
    /// `no_proxy`; each in lower case or else in upper case, and `HTTP_PROXY` only where no
    /// `REQUEST_METHOD` tells of a CGI program. Where it is silent on Windows, the current user's
    /// setting counts, without scripts (PAC). A loopback host is never reached through a proxy of
    /// either.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Proxy`]; it does not show the password.
    pub fn set_proxy(&mut self, url: &str) -> Result<&mut Self, Error> {
        let choice = ProxyConfig::parse(url)
            .map_err(|wrong| Error::local(ErrorKind::Proxy, format!("proxy {wrong}")))?;
        self.transport.proxy = choice;
        Ok(self)
    }

    /// Names the calling application, in front of this library in the User-Agent
    /// (RFC 9110 section 10.1.5), for example `AcmeDesk/4.2`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ApplicationId`] if it is empty, longer than 128 bytes or holds anything but
    /// visible ASCII and single blanks.
    pub fn set_application_id(&mut self, application_id: &str) -> Result<&mut Self, Error> {
        let is_user_agent = !application_id.is_empty()
            && application_id.len() <= MAX_ID_BYTES
            && application_id.split(' ').all(|word| !word.is_empty() && is_visible_ascii(word));
        if !is_user_agent {
            let message = "application_id must be 1 to 128 visible ASCII characters, \
                           with single blanks between words";
            return Err(Error::local(ErrorKind::ApplicationId, message));
        }
        self.user_agent = format!("{application_id} {OWN_USER_AGENT}");
        Ok(self)
    }

    /// What can only be checked when everything is set.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let transport = &self.transport;
        // A loopback address is another machine behind a proxy on another machine.
        let is_local = transport.base_url.is_loopback() && !transport.proxy.is_remote();
        if transport.base_url.is_https || self.allow_http || is_local {
            return Ok(());
        }
        let message = "base_url is http:// to a host other than loopback, or through a proxy on \
                       one, which would send the token readable; use https://, or allow it with \
                       allow_http";
        Err(Error::local(ErrorKind::BaseUrlInsecure, message))
    }
}

fn checked_max_idle(name: &str, max_idle: Duration) -> Result<Duration, Error> {
    if max_idle <= MAX_TIMEOUT {
        return Ok(max_idle);
    }
    let message = format!("{name} of {} ms is not 0 to 86400000", max_idle.as_millis());
    Err(Error::local(ErrorKind::MaxIdle, message))
}

pub(crate) fn checked_timeout(name: &str, timeout: Duration) -> Result<Duration, Error> {
    if timeout >= Duration::from_millis(1) && timeout <= MAX_TIMEOUT {
        return Ok(timeout);
    }
    let message = format!("{name} of {} ms is not 1 to 86400000", timeout.as_millis());
    Err(Error::local(ErrorKind::TimeoutRange, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_loopback_unless_allowed() {
        for (url, is_allowed) in [
            ("http://localhost:8080", true),
            ("http://127.1.2.3", true),
            ("http://[::1]", true),
            ("http://10.0.0.1", false),
            ("http://localhost.example", false),
            ("http://127.0.0.1.example", false),
            ("https://10.0.0.1", true),
        ] {
            let mut config = Config::new(url, "t").unwrap();
            assert_eq!(config.check().is_ok(), is_allowed, "{url}");
            config.set_allow_http(true);
            assert!(config.check().is_ok(), "{url}");
        }
    }

    #[test]
    fn plain_http_through_a_proxy_is_for_loopback_unless_allowed() {
        for (proxy, is_allowed) in [
            ("direct", true),
            ("http://127.0.0.1:3128", true),
            ("socks5h://localhost", true),
            ("https://proxy.example", false),
        ] {
            let mut config = Config::new("http://127.0.0.1:8080", "t").unwrap();
            config.set_proxy(proxy).unwrap();
            assert_eq!(config.check().is_ok(), is_allowed, "{proxy}");
            config.set_allow_http(true);
            assert!(config.check().is_ok(), "{proxy}");
        }
    }

    #[test]
    fn limits_and_texts() {
        let mut config = Config::new("https://acme.example", "t").unwrap();
        for bad in [
            Duration::ZERO,
            Duration::from_micros(999),
            Duration::from_millis(86_400_001),
            Duration::MAX,
        ] {
            assert_eq!(config.set_timeout(bad).unwrap_err().kind(), ErrorKind::TimeoutRange);
            assert_eq!(
                config.set_connect_timeout(bad).unwrap_err().kind(),
                ErrorKind::TimeoutRange
            );
        }
        for bad in [0, (1 << 30) + 1, u64::MAX] {
            let error = config.set_max_response_bytes(bad).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::MaxResponseBytes);
        }
        for bad in ["", " a", "a  b", "a\n", "ü", &"a".repeat(129)] {
            let error = config.set_application_id(bad).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ApplicationId);
        }
        config.set_application_id("AcmeDesk/4.2 (Windows)").unwrap();
        assert!(config.user_agent.starts_with("AcmeDesk/4.2 (Windows) libluma/"));
        for bad in ["", "Direct", "proxy.example:3128", "http://u:s3cr3t@"] {
            let error = config.set_proxy(bad).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Proxy);
            assert!(error.message().starts_with("proxy has "), "{error}");
        }
        let error = Config::new("https://acme.example", "a b").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AccessToken);
    }

    #[test]
    fn debug_hides_the_secrets() {
        let mut config = Config::new("https://acme.example", "s3cr3t").unwrap();
        config.set_proxy("http://u:s3cr3t@proxy.example").unwrap();
        assert!(!format!("{config:?}").contains("s3cr3t"));
    }
}
