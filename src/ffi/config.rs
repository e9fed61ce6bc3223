//! `luma_config`: where a client calls and how.

use std::ffi::{c_char, c_void};
use std::time::Duration;

use crate::{AuthScheme, Config, LogLevel};

use super::boundary::{Argument, Failure, guard, guard_value};
use super::status::{LUMA_ERROR_AUTH_SCHEME, LUMA_ERROR_LOG_LEVEL};
use super::strings::{self, Terminated};

/// `Authorization: Bearer <token>`, the default.
pub const LUMA_AUTH_BEARER: i32 = 1;
/// `itas-api-access-key: <token>`, for gateways of the later generation.
pub const LUMA_AUTH_API_ACCESS_KEY: i32 = 2;

/// Nothing is logged.
pub const LUMA_LOG_OFF: i32 = 0;
/// A call that did not end ACCEPTED, and why.
pub const LUMA_LOG_ERROR: i32 = 1;
/// Also: a request is sent again, and why.
pub const LUMA_LOG_WARN: i32 = 2;
/// Also: each request and its response, and every call that ended well.
pub const LUMA_LOG_INFO: i32 = 3;
/// Also: resolving, connecting, proxies, TLS.
pub const LUMA_LOG_DEBUG: i32 = 4;

/// Settings that a client is made of.
pub struct luma_config {
    pub(super) config: Config,
    /// Why the last setter refused.
    message: Option<Terminated>,
}

const CONFIG: Argument = Argument(1, "config");

/// Makes a configuration with default settings.
///
/// base_url: `https://host[:port][/prefix]`, without `/gateway/api/v1`; copied.
/// access_token: the tenant's access token; copied, never shown.
/// out: receives the configuration, or NULL on failure; free it with luma_config_free.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_1, _2;
///     LUMA_ERROR_BASE_URL_SYNTAX, _SCHEME, _USER_INFO, _PORT; LUMA_ERROR_ACCESS_TOKEN.
/// Threads: any. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_new(
    base_url: *const c_char,
    access_token: *const c_char,
    out: *mut *mut luma_config,
) -> i32 {
    guard(|| {
        let out = unsafe { Argument(3, "out").out(out, std::ptr::null_mut()) }?;
        let base_url = unsafe { Argument(1, "base_url").text(base_url) }?;
        let access_token = unsafe { Argument(2, "access_token").text(access_token) }?;
        let config = Config::new(base_url, access_token)?;
        *out = Box::into_raw(Box::new(luma_config { config, message: None }));
        Ok(())
    })
}

/// Chooses the header that carries the token.
///
/// config: the configuration to change.
/// scheme: LUMA_AUTH_BEARER (default) or LUMA_AUTH_API_ACCESS_KEY.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1; LUMA_ERROR_AUTH_SCHEME.
/// Threads: one at a time per configuration. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_auth_scheme(config: *mut luma_config, scheme: i32) -> i32 {
    change(config, |config| {
        let scheme = match scheme {
            LUMA_AUTH_BEARER => AuthScheme::Bearer,
            LUMA_AUTH_API_ACCESS_KEY => AuthScheme::ApiAccessKey,
            _ => return Err(Failure::Status(LUMA_ERROR_AUTH_SCHEME)),
        };
        config.set_auth_scheme(scheme);
        Ok(())
    })
}

/// Limits resolving, connecting, the proxy and the TLS handshake together.
///
/// config: the configuration to change.
/// connect_timeout_ms: 1 to 86,400,000 milliseconds; 10,000 unless set. The timeout of the whole
///     call ends them as well. For Windows, see luma_config_set_timeout_ms.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1; LUMA_ERROR_TIMEOUT_RANGE.
/// Threads: one at a time per configuration. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_connect_timeout_ms(
    config: *mut luma_config,
    connect_timeout_ms: i64,
) -> i32 {
    change(config, |config| {
        config.set_connect_timeout(milliseconds(connect_timeout_ms))?;
        Ok(())
    })
}

/// Limits a whole call, from its start to its last byte. On Windows, unless luma_config_set_ca_ is
/// used, a TLS handshake may end up to 10 s later: for so long Windows may fetch what it verifies a
/// certificate by, revocation lists say, and nothing here ends that.
///
/// config: the configuration to change.
/// timeout_ms: 1 to 86,400,000 milliseconds; 30,000 unless set.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1; LUMA_ERROR_TIMEOUT_RANGE.
/// Threads: one at a time per configuration. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_timeout_ms(
    config: *mut luma_config,
    timeout_ms: i64,
) -> i32 {
    change(config, |config| {
        config.set_timeout(milliseconds(timeout_ms))?;
        Ok(())
    })
}

/// Limits the body of a response. A larger one ends the call as UNKNOWN.
///
/// config: the configuration to change.
/// max_response_bytes: 1 to 1,073,741,824 bytes; 1,048,576 unless set.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1; LUMA_ERROR_MAX_RESPONSE_BYTES.
/// Threads: one at a time per configuration. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_max_response_bytes(
    config: *mut luma_config,
    max_response_bytes: i64,
) -> i32 {
    change(config, |config| {
        config.set_max_response_bytes(u64::try_from(max_response_bytes).unwrap_or(0))?;
        Ok(())
    })
}

/// Limits how long a connection may have been idle to carry a trigger or another request with an
/// effect. Servers commonly close after 5 seconds; a request that crosses with that would be UNKNOWN.
///
/// config: the configuration to change.
/// max_idle_ms: 0 (each such request opens a connection) to 86,400,000 milliseconds; 2,000 unless
///     set.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1; LUMA_ERROR_MAX_IDLE.
/// Threads: one at a time per configuration. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_trigger_max_idle_ms(
    config: *mut luma_config,
    max_idle_ms: i64,
) -> i32 {
    change(config, |config| {
        config.set_trigger_max_idle(idle_milliseconds(max_idle_ms))?;
        Ok(())
    })
}

/// Limits how long a connection may have been idle to carry a request that only reads. One that
/// crosses with a close is sent again.
///
/// config: the configuration to change.
/// max_idle_ms: 0 to 86,400,000 milliseconds; 15,000 unless set.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1; LUMA_ERROR_MAX_IDLE.
/// Threads: one at a time per configuration. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_read_max_idle_ms(
    config: *mut luma_config,
    max_idle_ms: i64,
) -> i32 {
    change(config, |config| {
        config.set_read_max_idle(idle_milliseconds(max_idle_ms))?;
        Ok(())
    })
}

/// Limits how many idle connections a client keeps: as many as threads called at once, but no more
/// than this.
///
/// config: the configuration to change.
/// max_idle_connections: 0 (each request opens a connection) to 1024; 64 unless set.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1; LUMA_ERROR_MAX_IDLE_CONNECTIONS.
/// Threads: one at a time per configuration. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_max_idle_connections(
    config: *mut luma_config,
    max_idle_connections: i64,
) -> i32 {
    change(config, |config| {
        let count = usize::try_from(max_idle_connections).unwrap_or(usize::MAX);
        config.set_max_idle_connections(count)?;
        Ok(())
    })
}

/// Sets whether a request is sent again by itself where that is safe. A trigger and a launch URL are
/// tried up to 2 times more, and only if nothing was sent (LUMA_ERROR_DNS, _CONNECT,
/// _CONNECT_TIMEOUT, or a connection that ended before the first byte). What only reads is tried up
/// to 3 times more: in these cases, after LUMA_ERROR_CONNECTION_LOST, and on 408, 429 and 5xx. A
/// fault of TLS and a refusal of a proxy's are not tried again, a new token never asked for twice. The pauses
/// are random up to 0.8 s, 1.6 s and 3.2 s, or as long as `Retry-After` asks, and everything happens
/// within the timeout of the call. luma_result_attempts tells how often it was tried.
///
/// config: the configuration to change.
/// enabled: 0 turns it off, anything else turns it on (default).
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1.
/// Threads: one at a time per configuration. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_retries(config: *mut luma_config, enabled: i32) -> i32 {
    change(config, |config| {
        config.set_retries(enabled != 0);
        Ok(())
    })
}

/// What is told what happens, line by line.
///
/// It is called on the thread that makes the call, within it, so the time that it takes counts; by
/// several threads at once if several call. It has to return: neither an exception nor longjmp may
/// leave it. It may call any function but luma_client_free for this client; a call of the gateway is
/// logged in its turn.
///
/// level: how much the line matters: LUMA_LOG_ERROR, _WARN, _INFO or _DEBUG.
/// line: what happened, without a line break, behind the id of the call if it is one's; valid until the
///     callback returns. It never holds a token, a launch URL, the user or password of a proxy, or
///     the body of a request; of a call that failed it holds what the gateway said, or the start of
///     a response that is not the gateway's, 512 characters at most.
/// user_data: what was given to luma_config_set_log.
#[luma_stdcall::also]
pub type luma_log_fn =
    Option<unsafe extern "C" fn(level: i32, line: *const c_char, user_data: *mut c_void)>;

/// Has a callback told what the clients of this configuration do. Nothing is logged unless it is
/// set, and nothing goes anywhere else.
///
/// config: the configuration to change.
/// level: LUMA_LOG_ERROR, _WARN, _INFO or _DEBUG: lines up to this one are told; LUMA_LOG_OFF for
///     none.
/// callback: what is told; NULL for nothing. It must stay callable, and user_data valid, until the
///     last client of this configuration is freed, those of luma_client_with_request_id included.
/// user_data: handed to the callback, by several threads at once; may be NULL.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1; LUMA_ERROR_LOG_LEVEL.
/// Threads: one at a time per configuration. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_log(
    config: *mut luma_config,
    level: i32,
    callback: luma_log_fn,
    user_data: *mut c_void,
) -> i32 {
    change(config, |config| {
        let level = match level {
            LUMA_LOG_OFF => None,
            LUMA_LOG_ERROR => Some(LogLevel::Error),
            LUMA_LOG_WARN => Some(LogLevel::Warn),
            LUMA_LOG_INFO => Some(LogLevel::Info),
            LUMA_LOG_DEBUG => Some(LogLevel::Debug),
            _ => return Err(Failure::Status(LUMA_ERROR_LOG_LEVEL)),
        };
        match level.zip(callback) {
            Some((level, callback)) => {
                let call =
                    move |level, line, user_data| unsafe { callback(level, line, user_data) };
                let callback = LogCallback { call, user_data };
                config.set_log(level, move |level, line| callback.tell(level, line));
            }
            None => {
                config.clear_log();
            }
        }
        Ok(())
    })
}

/// A callback of the host's and what it is to be handed.
struct LogCallback<F> {
    call: F,
    user_data: *mut c_void,
}

// SAFETY: the header says that several threads call it, each with the pointer as it was given.
unsafe impl<F: Send> Send for LogCallback<F> {}
unsafe impl<F: Sync> Sync for LogCallback<F> {}

impl<F: Fn(i32, *const c_char, *mut c_void)> LogCallback<F> {
    fn tell(&self, level: LogLevel, line: &str) {
        let level = match level {
            LogLevel::Error => LUMA_LOG_ERROR,
            LogLevel::Warn => LUMA_LOG_WARN,
            LogLevel::Info => LUMA_LOG_INFO,
            LogLevel::Debug => LUMA_LOG_DEBUG,
        };
        let line = Terminated::new(line);
        (self.call)(level, line.as_ptr(), self.user_data);
    }
}

/// Allows `http://` to a host other than loopback, or through a proxy on one. The token then travels
/// readable: for test networks only.
///
/// config: the configuration to change.
/// allow: 0 refuses (default), anything else allows.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1.
/// Threads: one at a time per configuration. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_allow_http(config: *mut luma_config, allow: i32) -> i32 {
    change(config, |config| {
        config.set_allow_http(allow != 0);
        Ok(())
    })
}

/// Trusts CA certificates of your own instead of the operating system's.
///
/// config: the configuration to change.
/// pem: one or more certificates in PEM (`-----BEGIN CERTIFICATE-----`); copied. It replaces what
///     an earlier luma_config_set_ca_ call set, and leaves what is added. They must be those of the
///     issuer; a server's own counts only if it is self-signed and not marked as a CA's.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_CA_PEM.
/// Threads: one at a time per configuration. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_ca_pem(
    config: *mut luma_config,
    pem: *const c_char,
) -> i32 {
    change(config, |config| {
        let pem = unsafe { Argument(2, "pem").text(pem) }?;
        config.set_ca_pem(pem)?;
        Ok(())
    })
}

/// Trusts CA certificates of your own instead of the operating system's, from a file.
///
/// config: the configuration to change.
/// path: a file in PEM as luma_config_set_ca_pem takes it, of 16 MiB at most. UTF-8, on Windows
///     too. The file is read in this call.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_CA_FILE if the file cannot be read; LUMA_ERROR_CA_PEM.
/// Threads: one at a time per configuration. Blocks: for reading the file. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_ca_file(
    config: *mut luma_config,
    path: *const c_char,
) -> i32 {
    change(config, |config| {
        let path = unsafe { Argument(2, "path").text(path) }?;
        config.set_ca_file(path)?;
        Ok(())
    })
}

/// Trusts CA certificates of your own too: beside the operating system's, or beside those that
/// luma_config_set_ca_pem or luma_config_set_ca_file set, whichever is called first.
///
/// config: the configuration to change.
/// pem: as for luma_config_set_ca_pem; copied. Each call adds to those before.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_CA_PEM.
/// Threads: one at a time per configuration. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_add_ca_pem(
    config: *mut luma_config,
    pem: *const c_char,
) -> i32 {
    change(config, |config| {
        let pem = unsafe { Argument(2, "pem").text(pem) }?;
        config.add_ca_pem(pem)?;
        Ok(())
    })
}

/// Trusts CA certificates of your own too, as luma_config_add_ca_pem does, from a file.
///
/// config: the configuration to change.
/// path: as for luma_config_set_ca_file.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_CA_FILE if the file cannot be read; LUMA_ERROR_CA_PEM.
/// Threads: one at a time per configuration. Blocks: for reading the file. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_add_ca_file(
    config: *mut luma_config,
    path: *const c_char,
) -> i32 {
    change(config, |config| {
        let path = unsafe { Argument(2, "path").text(path) }?;
        config.add_ca_file(path)?;
        Ok(())
    })
}

/// Shows a client certificate to a gateway that asks for one. A proxy never gets it.
///
/// config: the configuration to change.
/// chain_pem: certificates in PEM, the client's own first, then those that lead to its CA; copied.
/// key_pem: the private key of the first, in PEM: PKCS #8, PKCS #1 (RSA with 2048 to 4096 bits) or
///     SEC 1 (ECDSA on P-256 or P-384); not encrypted. Read here, never shown, not kept as text; it
///     may be the same text as chain_pem.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_2, _3;
///     LUMA_ERROR_CLIENT_CERTIFICATE; LUMA_ERROR_CLIENT_KEY, also if it is another certificate's.
/// Threads: one at a time per configuration. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_client_certificate_pem(
    config: *mut luma_config,
    chain_pem: *const c_char,
    key_pem: *const c_char,
) -> i32 {
    change(config, |config| {
        let chain_pem = unsafe { Argument(2, "chain_pem").text(chain_pem) }?;
        let key_pem = unsafe { Argument(3, "key_pem").text(key_pem) }?;
        config.set_client_certificate_pem(chain_pem, key_pem)?;
        Ok(())
    })
}

/// Shows a client certificate as luma_config_set_client_certificate_pem does, from files.
///
/// config: the configuration to change.
/// chain_path, key_path: files that hold what chain_pem and key_pem are there, of 16 MiB at most;
///     one file may be both. UTF-8, on Windows too. They are read in this call.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_2, _3;
///     LUMA_ERROR_CLIENT_CERTIFICATE and LUMA_ERROR_CLIENT_KEY, also if the file cannot be read.
/// Threads: one at a time per configuration. Blocks: for reading the files. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_client_certificate_file(
    config: *mut luma_config,
    chain_path: *const c_char,
    key_path: *const c_char,
) -> i32 {
    change(config, |config| {
        let chain_path = unsafe { Argument(2, "chain_path").text(chain_path) }?;
        let key_path = unsafe { Argument(3, "key_path").text(key_path) }?;
        config.set_client_certificate_file(chain_path, key_path)?;
        Ok(())
    })
}

/// Sends everything through a proxy, or through none. Unless set, the environment names it: by the
/// scheme of the base URL https_proxy or http_proxy, then all_proxy, except for the hosts in
/// no_proxy; each in lower or else in upper case, HTTP_PROXY not where REQUEST_METHOD is set. On
/// Windows the current user's setting comes after that. Neither is asked for a loopback host. They
/// are read once, when a client is made.
///
/// config: the configuration to change.
/// url: `scheme://[user:password@]host[:port]`, user and password percent-encoded; the scheme is
///     http (port 80 unless given), https (443), socks5 or socks5h (1080; the proxy resolves the
///     gateway's name); or `direct` for no proxy. Copied, its password never shown.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_PROXY.
/// Threads: one at a time per configuration. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_proxy(
    config: *mut luma_config,
    url: *const c_char,
) -> i32 {
    change(config, |config| {
        let url = unsafe { Argument(2, "url").text(url) }?;
        config.set_proxy(url)?;
        Ok(())
    })
}

/// Names your application in front of the User-Agent (RFC 9110 section 10.1.5), so that the
/// gateway's operators know who calls.
///
/// config: the configuration to change.
/// application_id: such as `AcmeDesk/4.2`; 1 to 128 visible ASCII characters, with single blanks
///     between words; copied.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_APPLICATION_ID.
/// Threads: one at a time per configuration. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_application_id(
    config: *mut luma_config,
    application_id: *const c_char,
) -> i32 {
    change(config, |config| {
        let application_id = unsafe { Argument(2, "application_id").text(application_id) }?;
        config.set_application_id(application_id)?;
        Ok(())
    })
}

/// Why the last setter of a configuration refused, in one line that names what was wrong.
///
/// config: the configuration.
/// Returns: a string borrowed from the configuration, valid until its next setter (so not to be asked
///     for in the same expression as one); "" if that went well, or if config is NULL. It never holds the access token, a key, or the user or password of
///     a proxy.
/// Threads: one at a time per configuration. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_message(config: *const luma_config) -> *const c_char {
    guard_value(strings::empty(), || {
        let message = unsafe { config.as_ref() }.and_then(|config| config.message.as_ref());
        message.map_or(strings::empty(), Terminated::as_ptr)
    })
}

/// Frees a configuration. Clients made of it are not affected.
///
/// config: a configuration, or NULL, which does nothing.
/// Threads: exclusive. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_free(config: *mut luma_config) {
    guard_value((), || {
        if !config.is_null() {
            drop(unsafe { Box::from_raw(config) });
        }
    })
}

/// Runs the body of a setter, and keeps why it refused.
fn change(config: *mut luma_config, body: impl FnOnce(&mut Config) -> Result<(), Failure>) -> i32 {
    guard(|| {
        let luma_config { config, message } = unsafe { CONFIG.handle_mut(config) }?;
        let result = body(config);
        *message = result.as_ref().err().map(|failure| Terminated::new(failure.message()));
        result
    })
}

/// What is negative becomes more than is allowed.
fn idle_milliseconds(value: i64) -> Duration {
    Duration::from_millis(u64::try_from(value).unwrap_or(u64::MAX))
}

/// What is negative becomes 0, which no limit allows.
pub(super) fn milliseconds(value: i64) -> Duration {
    Duration::from_millis(u64::try_from(value).unwrap_or(0))
}
