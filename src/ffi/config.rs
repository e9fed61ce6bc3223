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
///     an earlier luma_config_set_ca_ call set, and leaves what is added. They must be those of the
///     issuer; a server's own counts only if it is self-signed and not marked as a CA's.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_CA_PEM.
/// Threads: one at a time per configuration. Blocks: no. Since: 0.1.0
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

/// Trusts CA certificates of your own instead of the operating system's, from a file.
///
/// config: the configuration to change.
/// path: a file in PEM as luma_config_set_ca_pem takes it, of 16 MiB at most. UTF-8, on Windows
///     too. The file is read in this call.
/// Returns: LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_CA_FILE if the file cannot be read; LUMA_ERROR_CA_PEM.
/// Threads: one at a time per configuration. Blocks: for reading the file. Since: 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_ca_file(
    config: *mut luma_config,
    path: *const c_char,
) -> i32 {
    guard(|| {
        let config = unsafe { CONFIG.handle_mut(config) }?;
        let path = unsafe { Argument(2, "path").text(path) }?;
        config.0.set_ca_file(path)?;
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
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_add_ca_pem(
    config: *mut luma_config,
    pem: *const c_char,
) -> i32 {
    guard(|| {
        let config = unsafe { CONFIG.handle_mut(config) }?;
        let pem = unsafe { Argument(2, "pem").text(pem) }?;
        config.0.add_ca_pem(pem)?;
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
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_add_ca_file(
    config: *mut luma_config,
    path: *const c_char,
) -> i32 {
    guard(|| {
        let config = unsafe { CONFIG.handle_mut(config) }?;
        let path = unsafe { Argument(2, "path").text(path) }?;
        config.0.add_ca_file(path)?;
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
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_client_certificate_pem(
    config: *mut luma_config,
    chain_pem: *const c_char,
    key_pem: *const c_char,
) -> i32 {
    guard(|| {
        let config = unsafe { CONFIG.handle_mut(config) }?;
        let chain_pem = unsafe { Argument(2, "chain_pem").text(chain_pem) }?;
        let key_pem = unsafe { Argument(3, "key_pem").text(key_pem) }?;
        config.0.set_client_certificate_pem(chain_pem, key_pem)?;
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
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_client_certificate_file(
    config: *mut luma_config,
    chain_path: *const c_char,
    key_path: *const c_char,
) -> i32 {
    guard(|| {
        let config = unsafe { CONFIG.handle_mut(config) }?;
        let chain_path = unsafe { Argument(2, "chain_path").text(chain_path) }?;
        let key_path = unsafe { Argument(3, "key_path").text(key_path) }?;
        config.0.set_client_certificate_file(chain_path, key_path)?;
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
