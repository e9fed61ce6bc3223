//! `luma_config`: where a client calls and how.

use std::ffi::c_char;
use std::time::Duration;

use crate::{AuthScheme, Config};

use super::boundary::{Argument, Failure, guard, guard_value};
use super::status::LUMA_ERROR_AUTH_SCHEME;

/// `Authorization: Bearer <token>`, the default.
pub const LUMA_AUTH_BEARER: i32 = 1;
/// `itas-api-access-key: <token>`, for gateways of the later generation.
pub const LUMA_AUTH_API_ACCESS_KEY: i32 = 2;

/// Settings that a client is made of.
pub struct luma_config(pub(super) Config);

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
        *out = Box::into_raw(Box::new(luma_config(config)));
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
    guard(|| {
        let config = unsafe { CONFIG.handle_mut(config) }?;
        let scheme = match scheme {
            LUMA_AUTH_BEARER => AuthScheme::Bearer,
            LUMA_AUTH_API_ACCESS_KEY => AuthScheme::ApiAccessKey,
            _ => return Err(Failure::Status(LUMA_ERROR_AUTH_SCHEME)),
        };
        config.0.set_auth_scheme(scheme);
        Ok(())
    })
}

/// Limits resolving, connecting, the proxy and the TLS handshake together.
///
/// config: the configuration to change.
/// connect_timeout_ms: 1 to 86,400,000 milliseconds; 10,000 unless set. The timeout of the whole
///     call ends them as well.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1; LUMA_ERROR_TIMEOUT_RANGE.
/// Threads: one at a time per configuration. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_connect_timeout_ms(
    config: *mut luma_config,
    connect_timeout_ms: i64,
) -> i32 {
    guard(|| {
        let config = unsafe { CONFIG.handle_mut(config) }?;
        config.0.set_connect_timeout(milliseconds(connect_timeout_ms))?;
        Ok(())
    })
}

/// Limits a whole call, from its start to its last byte.
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
    guard(|| {
        let config = unsafe { CONFIG.handle_mut(config) }?;
        config.0.set_timeout(milliseconds(timeout_ms))?;
        Ok(())
    })
}

/// Limits the body of a reply. A larger one ends the call as UNKNOWN.
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
    guard(|| {
        let config = unsafe { CONFIG.handle_mut(config) }?;
        config.0.set_max_response_bytes(u64::try_from(max_response_bytes).unwrap_or(0))?;
        Ok(())
    })
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
    guard(|| {
        let config = unsafe { CONFIG.handle_mut(config) }?;
        config.0.set_allow_http(allow != 0);
        Ok(())
    })
}

/// Trusts CA certificates of your own instead of the operating system's.
///
/// config: the configuration to change.
/// pem: one or more certificates in PEM (`-----BEGIN CERTIFICATE-----`); copied. It replaces what
///     an earlier call set. They must be those of the issuer: a server's own certificate is taken
///     here and then vouches for nothing.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_CA_PEM.
/// Threads: one at a time per configuration. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_ca_pem(
    config: *mut luma_config,
    pem: *const c_char,
) -> i32 {
    guard(|| {
        let config = unsafe { CONFIG.handle_mut(config) }?;
        let pem = unsafe { Argument(2, "pem").text(pem) }?;
        config.0.set_ca_pem(pem)?;
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
    guard(|| {
        let config = unsafe { CONFIG.handle_mut(config) }?;
        let url = unsafe { Argument(2, "url").text(url) }?;
        config.0.set_proxy(url)?;
        Ok(())
    })
}

/// Names your application in front of the User-Agent (RFC 9110 section 10.1.5), so that the
/// gateway's operators know who calls.
///
/// config: the configuration to change.
/// application_id: such as `AcmeDesk/4.2`; 1 to 128 visible ASCII characters and single blanks;
///     copied.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_APPLICATION_ID.
/// Threads: one at a time per configuration. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_application_id(
    config: *mut luma_config,
    application_id: *const c_char,
) -> i32 {
    guard(|| {
        let config = unsafe { CONFIG.handle_mut(config) }?;
        let application_id = unsafe { Argument(2, "application_id").text(application_id) }?;
        config.0.set_application_id(application_id)?;
        Ok(())
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

/// What is negative becomes 0, which no limit allows.
pub(super) fn milliseconds(value: i64) -> Duration {
    Duration::from_millis(u64::try_from(value).unwrap_or(0))
}
