//! The settings of a client. Each is checked when it is set; a client copies them when it is
//! created.

use std::ffi::OsString;
use std::path::{self, Path};
use std::sync::Arc;
use std::time::Duration;

use crate::error::{Error, ErrorKind};
use crate::headers::ExtraHeaders;
use crate::limits::{MAX_ID_BYTES, is_visible_ascii, wrapping_problem};
use crate::log::{Log, LogLevel};
use crate::log_file::LogFile;
use crate::token::{AccessToken, AuthScheme};
use crate::token_provider::TokenProvider;
use crate::token_source::{self, TokenSource};
use crate::transport::{
    self, BaseUrl, CaCertificates, ClientCertificate, ProxyConfig, TrustAnchors,
};

const DEFAULT_READ_MAX_IDLE: Duration = Duration::from_secs(15);
const OWN_USER_AGENT: &str = concat!("libluma/", env!("CARGO_PKG_VERSION"));

/// The settings of a [`Client`](crate::Client): where it connects to, and how. `Debug` does not
/// show the access token.
///
/// A client copies its settings; changing a `Config` later does not affect it. No setter blocks,
/// except that those with a file name read the file.
///
/// Since 0.1.0.
#[derive(Debug, Clone)]
pub struct Config {
    pub(crate) transport: transport::Settings,
    pub(crate) token: AccessToken,
    pub(crate) token_provider: Option<TokenProvider>,
    pub(crate) extra_headers: ExtraHeaders,
    pub(crate) auth_scheme: AuthScheme,
    pub(crate) timeout: Duration,
    pub(crate) user_agent: String,
    pub(crate) trigger_max_idle: Duration,
    pub(crate) read_max_idle: Duration,
    pub(crate) retries: bool,
    /// The source of the settings, for messages: a file and variables.
    pub(crate) origin: Option<String>,
    pub(crate) journal_folder: Option<String>,
    allow_http: bool,
}

impl Config {
    /// Creates settings with defaults for everything but the gateway's base URL
    /// (`https://host[:port][/prefix]`, without `/gateway/api/v1`) and the tenant's access token.
    /// An `http://` URL is accepted here and checked when the client is created.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BaseUrlSyntax`], [`ErrorKind::BaseUrlScheme`],
    /// [`ErrorKind::BaseUrlUserInfo`], [`ErrorKind::BaseUrlPort`], [`ErrorKind::AccessToken`].
    pub fn new(base_url: &str, access_token: &str) -> Result<Self, Error> {
        let base_url = BaseUrl::parse(base_url)?;
        let token =
            AccessToken::from_argument("access_token", ErrorKind::AccessToken, access_token)?;
        Ok(Self::with_defaults(base_url, token))
    }

    pub(crate) fn with_defaults(base_url: BaseUrl, token: AccessToken) -> Self {
        Config {
            transport: transport::Settings {
                base_url,
                connect_timeout: Duration::from_secs(10),
                max_response_bytes: 1 << 20,
                max_idle: DEFAULT_READ_MAX_IDLE,
                max_idle_connections: 64,
                log: Log::default(),
                trust_anchors: TrustAnchors::default(),
                client_certificate: None,
                proxy: ProxyConfig::System,
                auto_proxy: true,
            },
            token,
            token_provider: None,
            extra_headers: ExtraHeaders::default(),
            auth_scheme: AuthScheme::default(),
            timeout: Duration::from_secs(30),
            user_agent: OWN_USER_AGENT.to_owned(),
            trigger_max_idle: Duration::from_secs(2),
            read_max_idle: DEFAULT_READ_MAX_IDLE,
            retries: true,
            origin: None,
            journal_folder: None,
            allow_http: false,
        }
    }

    /// Sets the header that carries the access token; [`AuthScheme::Bearer`] by default.
    pub fn set_auth_scheme(&mut self, scheme: AuthScheme) -> &mut Self {
        self.auth_scheme = scheme;
        self
    }

    /// Returns the header that carries the access token.
    pub fn auth_scheme(&self) -> AuthScheme {
        self.auth_scheme
    }

    /// Sets a callback that returns the current access token, from a vault or a file that rotates,
    /// or `None` if it has none. The token that was passed to [`new`](Self::new) is then not used.
    ///
    /// It is called on the thread of the first call that needs a token, and again after an HTTP
    /// 401, at most once per call and once per poll of a wait; several threads may call it at once.
    /// Its time counts towards the timeout of the call. It must not make calls with the client that
    /// asks. If [`Client::set_access_token`](crate::Client::set_access_token) sets a token in the
    /// meantime, that one is newer and is used. If it panics, the call ends with that panic. The
    /// library wipes the text that it returns.
    ///
    /// After a 401, a read goes on with the new token, and so does a wait. A trigger does if the
    /// 401 proves that nothing runs: it was the first response on its connection, and its body was
    /// readable. The second request uses a new connection. Otherwise the call fails, and the next
    /// one has the new token. Without retries, see [`set_retries`](Self::set_retries), only waits
    /// go on.
    ///
    /// If there is no token, or an invalid one, the call fails with [`ErrorKind::AccessToken`] and
    /// nothing sent.
    pub fn set_token_provider(
        &mut self,
        provider: impl Fn() -> Option<String> + Send + Sync + 'static,
    ) -> &mut Self {
        self.token_provider = Some(TokenProvider::Callback(Arc::new(provider)));
        self
    }

    /// Removes the token provider.
    pub fn clear_token_provider(&mut self) -> &mut Self {
        self.token_provider = None;
        self
    }

    /// Adds a header to every request to the gateway, such as the subscription key of an API
    /// gateway. It is never sent to a proxy. The value is a secret, like the access token.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Header`] if the name is not valid or longer than 128 bytes; if the value is
    /// empty, longer than 8192 bytes, starts or ends with a blank, or contains anything but visible
    /// ASCII, blanks and tabs; if the header was added before; if all added headers together have
    /// more than 8 KiB; or if the library sets the header itself: those with the token or the
    /// request id, `User-Agent`, and those about connections, bodies and their framing. The
    /// message does not contain the value.
    pub fn add_header(&mut self, name: &str, value: &str) -> Result<&mut Self, Error> {
        self.extra_headers.add(name, value)?;
        Ok(self)
    }

    /// Limits the time for name resolution, connecting, the proxy's tunnel and the TLS handshake
    /// together, 1 ms to 24 h; 10 s by default.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TimeoutRange`] if it is out of range.
    pub fn set_connect_timeout(&mut self, timeout: Duration) -> Result<&mut Self, Error> {
        self.transport.connect_timeout = CONNECT_TIMEOUT.check_duration(timeout)?;
        Ok(self)
    }

    /// Limits the time of a whole call, including retries and all pages of a list, 1 ms to 24 h; 30
    /// s by default.
    ///
    /// On Windows, a TLS handshake may overrun it by up to 10 s: Windows may fetch data to verify a
    /// certificate for that long, and this library cannot stop it.
    /// [`set_ca_pem`](Self::set_ca_pem) and [`set_ca_file`](Self::set_ca_file) avoid this.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TimeoutRange`] if it is out of range.
    pub fn set_timeout(&mut self, timeout: Duration) -> Result<&mut Self, Error> {
        self.timeout = TIMEOUT.check_duration(timeout)?;
        Ok(self)
    }

    /// Limits the body of a response, 1 byte to 1 GiB after decompression; 1 MiB by default.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::MaxResponseBytes`] if it is out of range.
    pub fn set_max_response_bytes(&mut self, bytes: u64) -> Result<&mut Self, Error> {
        MAX_RESPONSE_BYTES.check(bytes.into())?;
        self.transport.max_response_bytes = bytes;
        Ok(self)
    }

    /// Limits how long a connection may have been idle when it is reused for a trigger or another
    /// request with an effect, 0 to 24 h; 2 s by default. With 0, each of them opens a connection.
    ///
    /// If the server closes a connection while a trigger is being sent, the outcome is unknown.
    /// Servers commonly close idle connections after 5 s, so keep well below that.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::MaxIdle`] if it is more than 24 h.
    pub fn set_trigger_max_idle(&mut self, max_idle: Duration) -> Result<&mut Self, Error> {
        self.trigger_max_idle = TRIGGER_MAX_IDLE.check_duration(max_idle)?;
        self.transport.max_idle = self.trigger_max_idle.max(self.read_max_idle);
        Ok(self)
    }

    /// Limits how long a connection may have been idle when it is reused for a request that only
    /// reads, 0 to 24 h; 15 s by default. If the server closes the connection while the request is
    /// being sent, the request is retried.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::MaxIdle`] if it is more than 24 h.
    pub fn set_read_max_idle(&mut self, max_idle: Duration) -> Result<&mut Self, Error> {
        self.read_max_idle = READ_MAX_IDLE.check_duration(max_idle)?;
        self.transport.max_idle = self.trigger_max_idle.max(self.read_max_idle);
        Ok(self)
    }

    /// Limits the number of idle connections that are kept for reuse, 0 to 1024; 64 by default.
    /// There are never more than the number of threads that called at the same time.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::MaxIdleConnections`] if it is more than 1024.
    pub fn set_max_idle_connections(&mut self, count: usize) -> Result<&mut Self, Error> {
        MAX_IDLE_CONNECTIONS.check(count as i128)?;
        self.transport.max_idle_connections = count;
        Ok(self)
    }

    /// Sets whether requests are retried where that is safe; true by default.
    ///
    /// A trigger and the generation of a launch URL are retried up to 2 times, and only if that is
    /// certain to have no effect twice: nothing was sent because the host could not be resolved or
    /// connected to, or the gateway refused the request with HTTP 429, as the first response on its
    /// connection and with a readable body. The latter are sent again on a new connection. Requests
    /// that only read are retried up to 3 times, also after a lost connection or a timeout, and on
    /// HTTP 408, 429 and 5xx. The generation of an access token is never retried.
    ///
    /// The pauses before retries are random, up to 0.8 s, 1.6 s and 3.2 s, or as long as
    /// `Retry-After` demands. All retries happen within the timeout of the call.
    pub fn set_retries(&mut self, retries: bool) -> &mut Self {
        self.retries = retries;
        self
    }

    /// Sets the log callback, which receives each line up to `max_level`. It is called on the
    /// thread that makes the call, and its time counts towards the call's timeout. If it panics,
    /// the call ends with that panic. No line contains a token, a launch URL, the user name or
    /// password of a proxy, or a body.
    pub fn set_log(
        &mut self,
        max_level: LogLevel,
        callback: impl Fn(LogLevel, &str) + Send + Sync + 'static,
    ) -> &mut Self {
        self.transport.log.set_callback(Some((max_level, Arc::new(callback))));
        self
    }

    /// Removes the log callback.
    pub fn clear_log(&mut self) -> &mut Self {
        self.transport.log.set_callback(None);
        self
    }

    /// Appends each log line up to `max_level` to a file, in addition to the log callback: the time
    /// in UTC, the level, the request id (or a hyphen) and the text, separated by blanks. The file
    /// is opened for each line, so it can be rotated at any time, and created if it does not exist.
    /// Several processes may share it. Errors while writing are ignored.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::LogFile`] if the file cannot be opened or is not a regular file.
    pub fn set_log_file(
        &mut self,
        max_level: LogLevel,
        path: impl AsRef<Path>,
    ) -> Result<&mut Self, Error> {
        let file = LogFile::new(path.as_ref(), false)?;
        self.transport.log.set_file(Some((max_level, file)));
        Ok(self)
    }

    /// As [`set_log_file`](Self::set_log_file), with each line as a JSON object with the members
    /// `time`, `level`, `requestId` (if the line belongs to a call) and `message`.
    ///
    /// # Errors
    ///
    /// The same.
    pub fn set_log_file_json(
        &mut self,
        max_level: LogLevel,
        path: impl AsRef<Path>,
    ) -> Result<&mut Self, Error> {
        let file = LogFile::new(path.as_ref(), true)?;
        self.transport.log.set_file(Some((max_level, file)));
        Ok(self)
    }

    /// Ends the log file.
    pub fn clear_log_file(&mut self) -> &mut Self {
        self.transport.log.set_file(None);
        self
    }

    /// Sets whether `http://` is allowed to hosts other than loopback, or through a proxy (to
    /// loopback too, since the proxy decides where its tunnel leads); false by default. Then the
    /// access token is sent unencrypted.
    pub fn set_allow_http(&mut self, allow: bool) -> &mut Self {
        self.allow_http = allow;
        self
    }

    /// Trusts the CA certificates in a PEM text instead of the operating system's. Replaces
    /// certificates that were set before, but not those that were added.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CaPem`] if the text contains no certificate, an invalid certificate, or a
    /// private key.
    pub fn set_ca_pem(&mut self, pem: &str) -> Result<&mut Self, Error> {
        self.transport.trust_anchors.set(CaCertificates::from_pem(pem)?);
        Ok(self)
    }

    /// As [`set_ca_pem`](Self::set_ca_pem), from a file of at most 16 MiB, which is read now.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CaFile`] if the file cannot be read, else as [`set_ca_pem`](Self::set_ca_pem).
    pub fn set_ca_file(&mut self, path: impl AsRef<Path>) -> Result<&mut Self, Error> {
        self.transport.trust_anchors.set(CaCertificates::from_file(path.as_ref())?);
        Ok(self)
    }

    /// Trusts the CA certificates in a PEM text in addition to the operating system's, or to those
    /// of [`set_ca_pem`](Self::set_ca_pem), in whatever order they are called.
    ///
    /// # Errors
    ///
    /// As [`set_ca_pem`](Self::set_ca_pem).
    pub fn add_ca_pem(&mut self, pem: &str) -> Result<&mut Self, Error> {
        self.transport.trust_anchors.add(CaCertificates::from_pem(pem)?);
        Ok(self)
    }

    /// As [`add_ca_pem`](Self::add_ca_pem), from a file of at most 16 MiB, which is read now.
    ///
    /// # Errors
    ///
    /// As [`set_ca_file`](Self::set_ca_file).
    pub fn add_ca_file(&mut self, path: impl AsRef<Path>) -> Result<&mut Self, Error> {
        self.transport.trust_anchors.add(CaCertificates::from_file(path.as_ref())?);
        Ok(self)
    }

    /// Sets the client certificate, which is presented to a gateway that requests one, but never to
    /// a proxy. The PEM text `chain` starts with the client's own certificate, followed by those of
    /// its issuers. The PEM text `key` is PKCS #8, PKCS #1 or SEC 1, and not encrypted. Both may be
    /// in one text.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ClientCertificate`] and [`ErrorKind::ClientKey`]. No message contains the key.
    pub fn set_client_certificate_pem(
        &mut self,
        chain: &str,
        key: &str,
    ) -> Result<&mut Self, Error> {
        self.transport.client_certificate = Some(ClientCertificate::from_pem(chain, key)?);
        Ok(self)
    }

    /// As [`set_client_certificate_pem`](Self::set_client_certificate_pem), from files of at most
    /// 16 MiB, which are read now.
    ///
    /// # Errors
    ///
    /// The same, also if a file cannot be read.
    pub fn set_client_certificate_file(
        &mut self,
        chain: impl AsRef<Path>,
        key: impl AsRef<Path>,
    ) -> Result<&mut Self, Error> {
        let certificate = ClientCertificate::from_files(chain.as_ref(), key.as_ref())?;
        self.transport.client_certificate = Some(certificate);
        Ok(self)
    }

    /// Sets the proxy: `scheme://[user:password@]host[:port]` with the scheme `http` (default port
    /// 80), `https` (443), `socks5` or `socks5h` (1080), or `direct` for no proxy. User name and
    /// password are percent-encoded. With `socks5h`, `http` and `https` the proxy resolves the
    /// gateway's name. The CA certificates for the gateway are also trusted for an `https` proxy.
    ///
    /// By default, a client reads the environment when it is created, as curl does: `https_proxy`
    /// or `http_proxy`, depending on the scheme of the base URL, then `all_proxy`, except for hosts
    /// in `no_proxy`. Lower-case names take precedence over upper-case names, and `HTTP_PROXY` is
    /// ignored in CGI programs, where `REQUEST_METHOD` is set. If no variable is set on Windows,
    /// the current user's proxy setting applies, or else the machine's (`netsh winhttp`); see
    /// [`set_auto_proxy`](Self::set_auto_proxy). Environment and system proxies are never used for
    /// loopback hosts (unlike curl).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Proxy`]. The message does not contain the password.
    pub fn set_proxy(&mut self, url: &str) -> Result<&mut Self, Error> {
        self.transport.proxy = ProxyConfig::parse(url)
            .map_err(|problem| Error::local(ErrorKind::Proxy, format!("proxy {problem}")))?;
        Ok(self)
    }

    /// Sets whether Windows may find the proxy, by detection (WPAD) or with a script (PAC); true by
    /// default. It applies if neither this configuration nor the environment names a proxy, and
    /// Windows is configured to detect it or to use a script. Either takes precedence over a fixed
    /// proxy in the settings of Windows. No effect on other systems.
    ///
    /// WinHTTP finds the proxy for the first connection of a client, within its connect timeout.
    /// The client uses the answer for ten minutes, or until connecting fails.
    pub fn set_auto_proxy(&mut self, enabled: bool) -> &mut Self {
        self.transport.auto_proxy = enabled;
        self
    }

    /// Sets the name of the calling application, such as `AcmeDesk/4.2`. It precedes this library's
    /// name in the User-Agent (RFC 9110 section 10.1.5).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ApplicationId`] if it is empty, longer than 128 bytes or contains anything but
    /// visible ASCII and single spaces.
    pub fn set_application_id(&mut self, application_id: &str) -> Result<&mut Self, Error> {
        let is_user_agent = !application_id.is_empty()
            && application_id.len() <= MAX_ID_BYTES
            && application_id.split(' ').all(|word| !word.is_empty() && is_visible_ascii(word));
        if !is_user_agent {
            let problem = wrapping_problem(application_id).unwrap_or(
                "must be 1 to 128 visible ASCII characters, with single spaces between words",
            );
            let message = format!("application_id {problem}");
            return Err(Error::local(ErrorKind::ApplicationId, message));
        }
        self.user_agent = format!("{application_id} {OWN_USER_AGENT}");
        Ok(self)
    }

    /// Creates settings whose token is in a file, which is read now, and again after a 401. It
    /// contains nothing but the token and perhaps the end of its line.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new); [`ErrorKind::TokenSource`] if the file cannot be read;
    /// [`ErrorKind::FilePermissions`] if other users can read it.
    pub fn with_token_file(base_url: &str, path: impl AsRef<Path>) -> Result<Self, Error> {
        let base_url = BaseUrl::parse(base_url)?;
        // The host process may change its working directory later.
        let path = path::absolute(&path).unwrap_or_else(|_| path.as_ref().to_owned());
        let mut config = Config::with_defaults(base_url, token_source::read_file(&path)?);
        config.token_provider = Some(TokenProvider::Source(Arc::new(TokenSource::File(path))));
        Ok(config)
    }

    /// Creates settings whose token a program prints. It is run without a shell before the first
    /// call and after a 401, for at most 30 s.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new) for the URL. If the program fails, so does the call, with
    /// [`ErrorKind::TokenSource`].
    pub fn with_token_command(
        base_url: &str,
        program: impl Into<OsString>,
        arguments: Vec<String>,
    ) -> Result<Self, Error> {
        let mut config = Config::with_defaults(BaseUrl::parse(base_url)?, AccessToken::unset());
        let source = TokenSource::Command { program: program.into(), arguments };
        config.token_provider = Some(TokenProvider::Source(Arc::new(source)));
        Ok(config)
    }

    /// Returns the base URL, as far as it concerns the gateway: without a `/` at its end.
    pub fn base_url(&self) -> String {
        self.transport.base_url.url("")
    }

    /// Returns where the settings come from, for a message: a file, or variables of the
    /// environment; `None` if the program set them.
    pub fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    /// Returns the folder of the journal that the configuration file or the environment names. The
    /// library does not use it: a program passes it on.
    pub fn journal_folder(&self) -> Option<&Path> {
        self.journal_folder.as_deref().map(Path::new)
    }

    /// True if a call may run a callback of the caller.
    pub(crate) fn has_callbacks(&self) -> bool {
        self.token_provider.is_some() || self.transport.log.has_callback()
    }

    /// Checks the settings that depend on each other.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let transport = &self.transport;
        // A proxy, wherever it runs, decides where its tunnel leads: a loopback address may mean
        // another machine. Proxies of the environment and the system are not used for loopback.
        let is_local = transport.base_url.is_loopback() && !transport.proxy.is_set();
        if transport.base_url.is_https || self.allow_http || is_local {
            return Ok(());
        }
        let message = match transport.proxy.is_set() {
            true => {
                "base_url is http:// through a proxy, which would send the access token \
                 unencrypted; use https://, or allow it with set_allow_http"
            }
            false => {
                "base_url is http:// to a host other than loopback, which would send the access \
                 token unencrypted; use https://, or allow it with set_allow_http"
            }
        };
        let origin = self.origin.as_ref().map(|origin| format!(" (settings from {origin})"));
        let message = [message, &origin.unwrap_or_default()].concat();
        Err(Error::local(ErrorKind::BaseUrlInsecure, message))
    }
}

/// The range of a setting, and its name in messages.
pub(crate) struct Range {
    kind: ErrorKind,
    name: &'static str,
    min: u32,
    max: u32,
    unit: &'static str,
}

impl Range {
    const fn milliseconds(kind: ErrorKind, name: &'static str, min: u32) -> Self {
        Range { kind, name, min, max: 86_400_000, unit: " ms" }
    }

    /// Checks a number. It may be negative, because C passes signed numbers.
    ///
    /// # Errors
    ///
    /// If the number is out of range.
    pub(crate) fn check(&self, number: i128) -> Result<u32, Error> {
        let Range { kind, name, min, max, unit } = *self;
        match u32::try_from(number) {
            Ok(number) if (min..=max).contains(&number) => Ok(number),
            _ => {
                let message = format!("{name} must be {min} to {max}{unit}, not {number}");
                Err(Error::local(kind, message))
            }
        }
    }

    /// Checks a duration.
    pub(crate) fn check_duration(&self, duration: Duration) -> Result<Duration, Error> {
        self.check(duration.as_millis() as i128)?;
        Ok(duration)
    }

    /// Checks milliseconds, and converts them.
    pub(crate) fn duration(&self, milliseconds: i64) -> Result<Duration, Error> {
        Ok(Duration::from_millis(self.check(milliseconds.into())?.into()))
    }
}

pub(crate) const TIMEOUT: Range = Range::milliseconds(ErrorKind::TimeoutRange, "timeout", 1);
pub(crate) const DRAIN_TIMEOUT: Range = Range::milliseconds(ErrorKind::TimeoutRange, "timeout", 0);
pub(crate) const MAX_POLLS_PER_SECOND: Range = Range {
    kind: ErrorKind::MaxPollsPerSecond,
    name: "polls_per_second",
    min: 1,
    max: 1000,
    unit: "",
};
pub(crate) const CONNECT_TIMEOUT: Range =
    Range::milliseconds(ErrorKind::TimeoutRange, "connect_timeout", 1);
pub(crate) const TRIGGER_MAX_IDLE: Range =
    Range::milliseconds(ErrorKind::MaxIdle, "trigger_max_idle", 0);
pub(crate) const READ_MAX_IDLE: Range = Range::milliseconds(ErrorKind::MaxIdle, "read_max_idle", 0);
pub(crate) const MAX_RESPONSE_BYTES: Range = Range {
    kind: ErrorKind::MaxResponseBytes,
    name: "max_response_bytes",
    min: 1,
    max: 1 << 30,
    unit: "",
};
pub(crate) const MAX_IDLE_CONNECTIONS: Range = Range {
    kind: ErrorKind::MaxIdleConnections,
    name: "max_idle_connections",
    min: 0,
    max: 1024,
    unit: "",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_is_refused_except_for_loopback_or_if_allowed() {
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
    fn http_through_a_proxy_is_refused_unless_allowed() {
        for url in ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:1"] {
            for (proxy, is_allowed) in [
                ("direct", true),
                ("http://127.0.0.1:3128", false),
                ("https://[::1]:3128", false),
                ("socks5://127.0.0.1", false),
                ("socks5h://localhost", false),
                ("https://proxy.example", false),
            ] {
                let mut config = Config::new(url, "t").unwrap();
                config.set_proxy(proxy).unwrap();
                assert_eq!(config.check().is_ok(), is_allowed, "{url} {proxy}");
                config.set_allow_http(true);
                assert!(config.check().is_ok(), "{url} {proxy}");
            }
        }
        let mut https = Config::new("https://127.0.0.1:8080", "t").unwrap();
        assert!(https.set_proxy("http://127.0.0.1:3128").unwrap().check().is_ok());
    }

    #[test]
    fn values_out_of_range_are_refused() {
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
            assert!(error.message().starts_with("proxy "), "{error}");
        }
        let error = Config::new("https://acme.example", "a b").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AccessToken);
    }

    #[test]
    fn debug_hides_the_secrets() {
        let mut config = Config::new("https://acme.example", "s3cr3t").unwrap();
        config.set_proxy("http://u:s3cr3t@proxy.example").unwrap();
        config.add_header("X-Key", "s3cr3t").unwrap();
        assert!(!format!("{config:?}").contains("s3cr3t"));
    }
}
