//! `luma_config`: the settings of a client.

use std::cell::Cell;
use std::ffi::{c_char, c_void};
use std::path::Path;
use std::ptr;

use crate::config;
use crate::{AuthScheme, Config};

use super::boundary::{Argument, Failure, LastMessage, free, guard, guard_value};
use super::callbacks::{LogCallback, TokenCallback, UserData};
use super::log_level;
use super::result::{give_handle, luma_result};
use super::status::LUMA_ERROR_AUTH_SCHEME;
use super::strings::{self, LazyString};

/// `Authorization: Bearer <token>`. The default.
pub const LUMA_AUTH_BEARER: i32 = 1;
/// `itas-api-access-key: <token>`, for later generations of the gateway.
pub const LUMA_AUTH_API_ACCESS_KEY: i32 = 2;

/// The settings of a client. Used by one thread at a time. Freed with luma_config_free().
pub struct luma_config {
    pub(super) config: Config,
    message: LastMessage,
    journal_folder: LazyString,
}

const CONFIG: Argument = Argument(1, "config");

/// Creates a configuration with default settings. luma_config_new_with_reason() also explains a
/// failure.
///
/// @param base_url `https://host[:port][/prefix]`, without `/gateway/api/v1`. Copied.
/// @param access_token The tenant's access token. Copied, and never logged.
/// @param[out] out Receives the configuration, or NULL on failure. Free it with luma_config_free().
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_1, _2;
///     LUMA_ERROR_BASE_URL_SYNTAX; LUMA_ERROR_BASE_URL_SCHEME; LUMA_ERROR_BASE_URL_USER_INFO;
///     LUMA_ERROR_BASE_URL_PORT; LUMA_ERROR_ACCESS_TOKEN.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_new(
    base_url: *const c_char,
    access_token: *const c_char,
    out: *mut *mut luma_config,
) -> i32 {
    guard(|| {
        // SAFETY: the ABI contract.
        let out = unsafe { Argument(3, "out").out(out, ptr::null_mut())? };
        // SAFETY: the ABI contract.
        *out = unsafe { create(base_url, access_token)? };
        Ok(())
    })
}

/// Creates a configuration with default settings, and explains a failure. Otherwise the same as
/// luma_config_new().
///
/// @param base_url The base URL, as for luma_config_new(). Copied.
/// @param access_token The tenant's access token. Copied, and never logged.
/// @param[out] out Receives the configuration, or NULL on failure. Free it with luma_config_free().
/// @param[out] reason Receives NULL on success, else a result that has the status and the reason,
///     see luma_result_message(). Free it with luma_result_free().
/// @return As luma_config_new(), and LUMA_ERROR_NULL_ARGUMENT_4.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_new_with_reason(
    base_url: *const c_char,
    access_token: *const c_char,
    out: *mut *mut luma_config,
    reason: *mut *mut luma_result,
) -> i32 {
    // SAFETY: the ABI contract.
    let create = || unsafe { create(base_url, access_token) };
    // SAFETY: the ABI contract.
    unsafe { give_handle((Argument(3, "out"), out), (Argument(4, "reason"), reason), &create) }
}

/// Creates a configuration.
///
/// # Safety
///
/// As for [`Argument::text`].
unsafe fn create(
    base_url: *const c_char,
    access_token: *const c_char,
) -> Result<*mut luma_config, Failure> {
    // SAFETY: the caller's promise.
    let (base_url, access_token) = unsafe {
        (Argument(1, "base_url").text(base_url)?, Argument(2, "access_token").text(access_token)?)
    };
    Ok(luma_config::into_handle(Config::new(base_url, access_token)?))
}

/// Reads a configuration from a configuration file: JSON with a key for each setter, and profiles
/// that override them. `docs/configuration-file.md` describes it.
///
/// The URL and the token come from the same place: a profile that has one of them has both. The
/// token itself is in another file, or a command prints it. The file is read, or the command run,
/// when a call needs a token, and again after an HTTP 401, like a token provider, see
/// luma_config_set_token_provider().
///
/// @param path The path of the file, in UTF-8, on Windows too. NULL for the default file: the
///     user's (`$XDG_CONFIG_HOME/luma/luma.json` or `~/.config/luma/luma.json`; on Windows
///     `%APPDATA%\Luma\luma.json`) if it exists, else the machine's (`/etc/luma/luma.json`; on
///     Windows `%ProgramData%\Luma\luma.json`). Only one file is read.
/// @param profile The name of a profile in the file, or NULL for the one that its key `profile`
///     names; without that, only the top level of the file applies.
/// @param[out] out Receives the configuration, or NULL on failure. Free it with luma_config_free().
///     It can be changed like any other. luma_config_message() says where its settings come from.
/// @param[out] reason Receives NULL on success, else a result that has the status and the reason
///     with file, line, column and key, see luma_result_message(). Free it with luma_result_free().
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_3, _4; LUMA_ERROR_UTF8_ARGUMENT_1, _2;
///     LUMA_ERROR_CONFIG_FILE_MISSING; LUMA_ERROR_CONFIG_FILE_UNREADABLE; LUMA_ERROR_CONFIG_FILE;
///     LUMA_ERROR_PROFILE; LUMA_ERROR_FILE_PERMISSIONS; LUMA_ERROR_TOKEN_SOURCE; and those of
///     luma_config_new() and of the setters.
/// @note Thread-safe, while no thread changes the environment (setenv). Blocks while it reads the
///     file and those that it names. A token command runs within a call.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_new_from_file(
    path: *const c_char,
    profile: *const c_char,
    out: *mut *mut luma_config,
    reason: *mut *mut luma_result,
) -> i32 {
    let create = || {
        // SAFETY: the ABI contract.
        let (path, profile) = unsafe {
            (Argument(1, "path").text_or_null(path)?, Argument(2, "profile").text_or_null(profile)?)
        };
        Ok(luma_config::into_handle(Config::from_file(path.map(Path::new), profile)?))
    };
    // SAFETY: the ABI contract.
    unsafe { give_handle((Argument(3, "out"), out), (Argument(4, "reason"), reason), &create) }
}

/// Reads a configuration from the environment, and from the configuration file that it selects.
///
/// If LUMA_URL is set, with LUMA_TOKEN or LUMA_TOKEN_FILE (the path of a file that contains the
/// token), no configuration file is read. Otherwise the default file is read, as by
/// luma_config_new_from_file(), with the profile that LUMA_PROFILE names. Any other combination is
/// an error, so that a variable that was left over cannot send a token elsewhere. These override a
/// single setting: LUMA_AUTH (`bearer` or `api_access_key`), LUMA_CA_FILE, LUMA_PROXY, LUMA_LOG
/// (`level:path`, such as `info:luma.log`, or `off`), and LUMA_JOURNAL, see
/// luma_config_journal_folder(). An empty variable is an error.
///
/// @param[out] out Receives the configuration, or NULL on failure. Free it with luma_config_free().
///     It can be changed like any other. luma_config_message() says where its settings come from.
/// @param[out] reason Receives NULL on success, else a result that has the status and the reason,
///     with the variable or the file, see luma_result_message(). Free it with luma_result_free().
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_ENVIRONMENT; the statuses of
///     luma_config_new_from_file().
/// @note Thread-safe, while no thread changes the environment (setenv). Blocks while it reads
///     files. Not for a set-user-ID program, whose environment belongs to another user.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_new_from_environment(
    out: *mut *mut luma_config,
    reason: *mut *mut luma_result,
) -> i32 {
    let create = || Ok(luma_config::into_handle(Config::from_environment()?));
    // SAFETY: the ABI contract.
    unsafe { give_handle((Argument(1, "out"), out), (Argument(2, "reason"), reason), &create) }
}

impl luma_config {
    fn into_handle(config: Config) -> *mut Self {
        let origin = config.origin.as_ref().map(|origin| format!("settings from {origin}"));
        let message = origin.map(|origin| LastMessage::new(&origin)).unwrap_or_default();
        let journal_folder = LazyString::default();
        Box::into_raw(Box::new(luma_config { config, message, journal_folder }))
    }
}

/// A token provider. It returns the current access token, such as one from a vault or from a file
/// that rotates.
///
/// It is called on the thread of the first call that needs a token, and again after an HTTP 401, at
/// most once per call and once per poll of a wait; several threads may call it at once. No lock is
/// held. Its time counts towards the timeout of the call. It must return: no exception and no
/// longjmp may leave it. It must not make calls with the client that asks. If
/// luma_client_set_access_token() sets a token in the meantime, that one is newer and is used.
///
/// @param buffer Receives the token, without a NUL. The library wipes it.
/// @param size The size of the buffer in bytes, 1024 at first.
/// @param user_data The pointer that was passed to luma_config_set_token_provider().
/// @return The length of the token in bytes. If it is larger than size, the library calls again
///     with a larger buffer, of at most 8192 bytes. 0 if there is no token: then the call fails
///     with LUMA_ERROR_ACCESS_TOKEN and NOT_SENT.
/// @since 0.1.0
#[luma_stdcall::also]
pub type luma_token_fn =
    Option<unsafe extern "C" fn(buffer: *mut c_char, size: usize, user_data: *mut c_void) -> usize>;

/// Frees the user data of a callback that the library does not use any more. Called exactly once.
///
/// It may run on any thread that frees a client or a configuration, or that ends a call on a client
/// that was freed meanwhile. No lock is held. It must return: no exception and no longjmp may leave
/// it.
///
/// @param user_data The pointer that was passed together with this function.
/// @since 0.1.0
#[luma_stdcall::also]
pub type luma_free_fn = Option<unsafe extern "C" fn(user_data: *mut c_void)>;

/// Sets a callback that returns the current access token. The token that was passed to
/// luma_config_new() is then not used.
///
/// After an HTTP 401, the callback is asked again. If it returns another token, a read and a wait
/// go on with that. A trigger and a launch URL do if the 401 proves that nothing runs: it was the
/// first response on its connection, and its body was readable. Otherwise the call fails, and the
/// next one has the new token. With luma_config_set_retries() off, only waits go on.
///
/// @param config The configuration to change.
/// @param callback The function to call, or NULL for none. It must stay callable, and user_data
///     valid, until the last client of this configuration is freed, including clients that were
///     created from it, and until their calls have ended.
///     luma_config_set_token_provider_with_free() says when that is.
/// @param user_data Passed to the callback, from several threads at once. May be NULL.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1.
/// @note One thread at a time per configuration. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_token_provider(
    config: *mut luma_config,
    callback: luma_token_fn,
    user_data: *mut c_void,
) -> i32 {
    let function = callback.map(|callback| {
        // SAFETY: the ABI contract.
        move |buffer, size, user_data| unsafe { callback(buffer, size, user_data) }
    });
    // SAFETY: the ABI contract.
    unsafe { set_token_provider(config, function, UserData::borrowed(user_data)) }
}

/// Sets a callback that returns the current access token, and a function that frees its user data.
/// Otherwise the same as luma_config_set_token_provider().
///
/// The user data belongs to the library from this call on, also if it fails. It is freed exactly
/// once, as soon as nothing uses it any more: the callback was replaced or not set, this
/// configuration was freed, and so were all clients that were created with the callback, after the
/// end of their calls.
///
/// @param config The configuration to change.
/// @param callback The function to call, or NULL for none.
/// @param user_data Passed to the callback, from several threads at once, and to free_user_data.
///     May be NULL.
/// @param free_user_data Frees user_data. NULL does nothing.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1.
/// @note One thread at a time per configuration. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_token_provider_with_free(
    config: *mut luma_config,
    callback: luma_token_fn,
    user_data: *mut c_void,
    free_user_data: luma_free_fn,
) -> i32 {
    let function = callback.map(|callback| {
        // SAFETY: the ABI contract.
        move |buffer, size, user_data| unsafe { callback(buffer, size, user_data) }
    });
    // SAFETY: the ABI contract.
    let free = free_user_data.map(|free| move |user_data| unsafe { free(user_data) });
    // SAFETY: the ABI contract.
    unsafe { set_token_provider(config, function, UserData::owned(user_data, free)) }
}

/// Sets the token provider.
///
/// # Safety
///
/// As for [`change`].
unsafe fn set_token_provider<F>(
    config: *mut luma_config,
    function: Option<F>,
    user_data: UserData,
) -> i32
where
    F: Fn(*mut c_char, usize, *mut c_void) -> usize + Send + Sync + 'static,
{
    let callback = Cell::new(function.map(|function| TokenCallback { function, user_data }));
    let set = |config: &mut Config| {
        match callback.take() {
            Some(callback) => config.set_token_provider(move || callback.token()),
            None => config.clear_token_provider(),
        };
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { change(config, &set) }
}

/// Sets the header that carries the access token.
///
/// @param config The configuration to change.
/// @param scheme LUMA_AUTH_BEARER (the default) or LUMA_AUTH_API_ACCESS_KEY.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1; LUMA_ERROR_AUTH_SCHEME.
/// @note One thread at a time per configuration. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_auth_scheme(config: *mut luma_config, scheme: i32) -> i32 {
    let set = |config: &mut Config| {
        let scheme = match scheme {
            LUMA_AUTH_BEARER => AuthScheme::Bearer,
            LUMA_AUTH_API_ACCESS_KEY => AuthScheme::ApiAccessKey,
            _ => return Err(Failure::number(LUMA_ERROR_AUTH_SCHEME, scheme.into())),
        };
        config.set_auth_scheme(scheme);
        Ok(())
    };
    // SAFETY: the ABI contract.
    unsafe { change(config, &set) }
}

/// Adds a header to every request to the gateway, such as the subscription key of an API gateway.
///
/// It is never sent to a proxy. The library sets these headers itself, so they cannot be added:
/// Authorization and itas-api-access-key (see luma_config_set_auth_scheme()), User-Agent (see
/// luma_config_set_application_id()), X-Request-Id (see luma_client_with_request_id()), and those
/// about the connection, the body and its framing, such as Host, Content-Type and Expect.
///
/// @param config The configuration to change.
/// @param name 1 to 128 ASCII letters, digits, hyphens and other characters that HTTP allows in a
///     name. Copied. The case does not matter. Each header can be added once.
/// @param value 1 to 8192 visible ASCII characters, with blanks only between them. Copied. It is a
///     secret like the access token: never logged, masked where a server repeats it in an error,
///     and wiped.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_2, _3;
///     LUMA_ERROR_HEADER, also if all added headers together have more than 8192 bytes.
/// @note One thread at a time per configuration. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_add_header(
    config: *mut luma_config,
    name: *const c_char,
    value: *const c_char,
) -> i32 {
    let set = |config: &mut Config| {
        // SAFETY: the ABI contract.
        let (name, value) =
            unsafe { (Argument(2, "name").text(name)?, Argument(3, "value").text(value)?) };
        config.add_header(name, value)?;
        Ok(())
    };
    // SAFETY: the ABI contract.
    unsafe { change(config, &set) }
}

/// Sets the connect timeout: the time for name resolution, connecting, the proxy and the TLS
/// handshake together.
///
/// The timeout of the whole call still applies. On Windows, a TLS handshake may overrun it, see
/// luma_config_set_timeout_ms().
///
/// @param config The configuration to change.
/// @param connect_timeout_ms Milliseconds, 1 to 86,400,000. The default is 10,000.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1; LUMA_ERROR_TIMEOUT_RANGE.
/// @note One thread at a time per configuration. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_connect_timeout_ms(
    config: *mut luma_config,
    connect_timeout_ms: i64,
) -> i32 {
    let set = |config: &mut Config| {
        config.set_connect_timeout(config::CONNECT_TIMEOUT.duration(connect_timeout_ms)?)?;
        Ok(())
    };
    // SAFETY: the ABI contract.
    unsafe { change(config, &set) }
}

/// Sets the timeout of a whole call, from its start to the last byte of the response.
///
/// On Windows, a TLS handshake may overrun it by up to 10 s, because Windows may download data such
/// as revocation lists to verify a certificate, and that cannot be interrupted. With
/// luma_config_set_ca_pem() or luma_config_set_ca_file() this does not happen.
///
/// @param config The configuration to change.
/// @param timeout_ms Milliseconds, 1 to 86,400,000. The default is 30,000.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1; LUMA_ERROR_TIMEOUT_RANGE.
/// @note One thread at a time per configuration. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_timeout_ms(
    config: *mut luma_config,
    timeout_ms: i64,
) -> i32 {
    let set = |config: &mut Config| {
        config.set_timeout(config::TIMEOUT.duration(timeout_ms)?)?;
        Ok(())
    };
    // SAFETY: the ABI contract.
    unsafe { change(config, &set) }
}

/// Sets the largest response body that is accepted. A larger one ends the call with
/// LUMA_ERROR_RESPONSE_TOO_LARGE; its outcome is UNKNOWN.
///
/// @param config The configuration to change.
/// @param max_response_bytes Bytes, 1 to 1,073,741,824. The default is 1,048,576.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1; LUMA_ERROR_MAX_RESPONSE_BYTES.
/// @note One thread at a time per configuration. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_max_response_bytes(
    config: *mut luma_config,
    max_response_bytes: i64,
) -> i32 {
    let set = |config: &mut Config| {
        let bytes = config::MAX_RESPONSE_BYTES.check(max_response_bytes.into())?;
        config.set_max_response_bytes(bytes.into())?;
        Ok(())
    };
    // SAFETY: the ABI contract.
    unsafe { change(config, &set) }
}

/// Sets how long a connection may have been idle to be reused for a trigger or another request that
/// has an effect.
///
/// Servers commonly close idle connections after 5 seconds. If a request crosses with the close,
/// its outcome is UNKNOWN.
///
/// @param config The configuration to change.
/// @param max_idle_ms Milliseconds, 0 to 86,400,000. With 0, each of these requests opens a
///     connection. The default is 2,000.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1; LUMA_ERROR_MAX_IDLE.
/// @note One thread at a time per configuration. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_trigger_max_idle_ms(
    config: *mut luma_config,
    max_idle_ms: i64,
) -> i32 {
    let set = |config: &mut Config| {
        config.set_trigger_max_idle(config::TRIGGER_MAX_IDLE.duration(max_idle_ms)?)?;
        Ok(())
    };
    // SAFETY: the ABI contract.
    unsafe { change(config, &set) }
}

/// Sets how long a connection may have been idle to be reused for a request that only reads.
///
/// If a read crosses with the server's close, it is retried.
///
/// @param config The configuration to change.
/// @param max_idle_ms Milliseconds, 0 to 86,400,000. With 0, each read opens a connection. The
///     default is 15,000.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1; LUMA_ERROR_MAX_IDLE.
/// @note One thread at a time per configuration. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_read_max_idle_ms(
    config: *mut luma_config,
    max_idle_ms: i64,
) -> i32 {
    let set = |config: &mut Config| {
        config.set_read_max_idle(config::READ_MAX_IDLE.duration(max_idle_ms)?)?;
        Ok(())
    };
    // SAFETY: the ABI contract.
    unsafe { change(config, &set) }
}

/// Sets how many idle connections a client keeps. It keeps one for each thread that called at the
/// same time, up to this number.
///
/// @param config The configuration to change.
/// @param max_idle_connections 0 to 1024. With 0, each request opens a connection. The default is
///     64.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1; LUMA_ERROR_MAX_IDLE_CONNECTIONS.
/// @note One thread at a time per configuration. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_max_idle_connections(
    config: *mut luma_config,
    max_idle_connections: i64,
) -> i32 {
    let set = |config: &mut Config| {
        let count = config::MAX_IDLE_CONNECTIONS.check(max_idle_connections.into())?;
        config.set_max_idle_connections(count as usize)?;
        Ok(())
    };
    // SAFETY: the ABI contract.
    unsafe { change(config, &set) }
}

/// Turns automatic retries on or off.
///
/// A trigger and a launch URL are retried up to 2 times, if nothing was sent (LUMA_ERROR_DNS,
/// LUMA_ERROR_CONNECT, LUMA_ERROR_CONNECT_TIMEOUT, or a connection that closed before the first
/// byte), or if HTTP 429 proves that nothing runs. It does if it was the first response on its
/// connection and its body was readable; the retry uses a new connection. If nothing was sent after
/// such a 429, the outcome is REJECTED. A read is retried up to 3 times: in the same cases, after
/// LUMA_ERROR_CONNECTION_LOST, and on HTTP 408, 429 and 5xx. TLS errors, a proxy's refusal, and the
/// request for a new access token are never retried.
///
/// The pauses are random, up to 0.8 s, 1.6 s and 3.2 s, or as long as `Retry-After` asks for.
/// Everything happens within the timeout of the call. luma_result_attempts() returns the number of
/// attempts.
///
/// @param config The configuration to change.
/// @param enabled 0 turns retries off; any other value turns them on (the default).
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1.
/// @note One thread at a time per configuration. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_retries(config: *mut luma_config, enabled: i32) -> i32 {
    let set = |config: &mut Config| {
        config.set_retries(enabled != 0);
        Ok(())
    };
    // SAFETY: the ABI contract.
    unsafe { change(config, &set) }
}

/// A log callback. It receives one line at a time.
///
/// It runs within the call that it reports, on the same thread, so its time counts towards the
/// timeout. If several threads make calls, it runs on several threads at once. It must return: no
/// exception and no longjmp may leave it. It may call any function; a gateway call from within it
/// is logged as well.
///
/// @param level The severity of the line: LUMA_LOG_ERROR, LUMA_LOG_WARN, LUMA_LOG_INFO or
///     LUMA_LOG_DEBUG.
/// @param line The text, without a line break; it starts with the request id if it belongs to a
///     call. Valid until the callback returns. It never contains an access token, a launch URL, the
///     user or password of a proxy, or a request body. For a call that failed, it contains the
///     gateway's errors, or the start of a response that is not from the gateway, at most 512
///     characters.
/// @param user_data The pointer that was passed to luma_config_set_log().
/// @since 0.1.0
#[luma_stdcall::also]
pub type luma_log_fn =
    Option<unsafe extern "C" fn(level: i32, line: *const c_char, user_data: *mut c_void)>;

/// Sets the log callback of all clients created from this configuration.
///
/// By default nothing is logged. The library writes to no other log.
///
/// @param config The configuration to change.
/// @param level The most verbose level to log: LUMA_LOG_OFF, LUMA_LOG_ERROR, LUMA_LOG_WARN,
///     LUMA_LOG_INFO or LUMA_LOG_DEBUG.
/// @param callback The function to call, or NULL to log nothing. It must stay callable, and
///     user_data valid, until the last client of this configuration is freed, including clients
///     that were created from it, and until their calls have ended. luma_config_set_log_with_free()
///     says when that is.
/// @param user_data Passed to the callback, from several threads at once. May be NULL.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1; LUMA_ERROR_LOG_LEVEL.
/// @note One thread at a time per configuration. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_log(
    config: *mut luma_config,
    level: i32,
    callback: luma_log_fn,
    user_data: *mut c_void,
) -> i32 {
    let function = callback.map(|callback| {
        // SAFETY: the ABI contract.
        move |level, line, user_data| unsafe { callback(level, line, user_data) }
    });
    // SAFETY: the ABI contract.
    unsafe { set_log(config, level, function, UserData::borrowed(user_data)) }
}

/// Sets the log callback, and a function that frees its user data. Otherwise the same as
/// luma_config_set_log().
///
/// The user data belongs to the library from this call on, also if it fails. It is freed exactly
/// once, as soon as nothing uses it any more: the callback was replaced or not set, this
/// configuration was freed, and so were all clients that were created with the callback, after the
/// end of their calls.
///
/// @param config The configuration to change.
/// @param level The most verbose level to log, as for luma_config_set_log().
/// @param callback The function to call, or NULL to log nothing.
/// @param user_data Passed to the callback, from several threads at once, and to free_user_data.
///     May be NULL.
/// @param free_user_data Frees user_data. NULL does nothing.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1; LUMA_ERROR_LOG_LEVEL.
/// @note One thread at a time per configuration. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_log_with_free(
    config: *mut luma_config,
    level: i32,
    callback: luma_log_fn,
    user_data: *mut c_void,
    free_user_data: luma_free_fn,
) -> i32 {
    let function = callback.map(|callback| {
        // SAFETY: the ABI contract.
        move |level, line, user_data| unsafe { callback(level, line, user_data) }
    });
    // SAFETY: the ABI contract.
    let free = free_user_data.map(|free| move |user_data| unsafe { free(user_data) });
    // SAFETY: the ABI contract.
    unsafe { set_log(config, level, function, UserData::owned(user_data, free)) }
}

/// Sets the log callback.
///
/// # Safety
///
/// As for [`change`].
unsafe fn set_log<F>(
    config: *mut luma_config,
    level: i32,
    function: Option<F>,
    user_data: UserData,
) -> i32
where
    F: Fn(i32, *const c_char, *mut c_void) + Send + Sync + 'static,
{
    let callback = Cell::new(function.map(|function| LogCallback { function, user_data }));
    let set = |config: &mut Config| {
        match log_level::parse(level)?.zip(callback.take()) {
            Some((level, callback)) => {
                config.set_log(level, move |level, line| callback.call(level, line))
            }
            None => config.clear_log(),
        };
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { change(config, &set) }
}

/// Appends log lines to a file, in addition to the log callback: an audit trail of what was
/// triggered, for whom, and with which outcome.
///
/// A line has the time in UTC, the level, the request id (a hyphen if the line belongs to no call)
/// and the text, separated by blanks: `2026-11-27T09:30:00.125Z INFO ID TEXT`. It contains no
/// secret and no variable's value, see luma_log_fn.
///
/// Each line is appended with one write, so several threads and processes may share the file. It is
/// opened for each line, so it can be renamed or deleted at any time, on Windows too; the next line
/// creates it again. What cannot be written is lost: a full disk does not change a call.
///
/// @param config The configuration to change.
/// @param level The most verbose level to log: LUMA_LOG_OFF (then path may be NULL),
///     LUMA_LOG_ERROR, LUMA_LOG_WARN, LUMA_LOG_INFO or LUMA_LOG_DEBUG.
/// @param path The path of the file, in UTF-8, on Windows too. Copied. The file is opened during
///     this call, and created if it does not exist. It replaces an earlier log file.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _3; LUMA_ERROR_UTF8_ARGUMENT_3;
///     LUMA_ERROR_LOG_LEVEL; LUMA_ERROR_LOG_FILE.
/// @note One thread at a time per configuration. Blocks while it opens the file.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_log_to_file(
    config: *mut luma_config,
    level: i32,
    path: *const c_char,
) -> i32 {
    // SAFETY: the ABI contract.
    unsafe { log_to_file(config, level, path, false) }
}

/// Appends log lines to a file, each as a JSON object with the members `time`, `level`, `requestId`
/// (if the line belongs to a call) and `message`. Otherwise the same as luma_config_log_to_file().
///
/// @param config The configuration to change.
/// @param level The most verbose level to log, as for luma_config_log_to_file().
/// @param path The path of the file, as for luma_config_log_to_file().
/// @return As luma_config_log_to_file().
/// @note One thread at a time per configuration. Blocks while it opens the file.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_log_to_json_file(
    config: *mut luma_config,
    level: i32,
    path: *const c_char,
) -> i32 {
    // SAFETY: the ABI contract.
    unsafe { log_to_file(config, level, path, true) }
}

/// Sets the log file.
///
/// # Safety
///
/// As for [`change`] and [`Argument::text`].
unsafe fn log_to_file(
    config: *mut luma_config,
    level: i32,
    path: *const c_char,
    is_json: bool,
) -> i32 {
    let set = |config: &mut Config| {
        let Some(level) = log_level::parse(level)? else {
            config.clear_log_file();
            return Ok(());
        };
        // SAFETY: the caller's promise.
        let path = unsafe { Argument(3, "path").text(path)? };
        if is_json {
            config.set_log_file_json(level, path)?;
        } else {
            config.set_log_file(level, path)?;
        }
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { change(config, &set) }
}

/// Allows `http://` to hosts other than loopback, and through proxies.
///
/// The access token then travels unencrypted. Use this in test networks only. `http://` to loopback
/// through a proxy set with luma_config_set_proxy() needs this setting too, wherever the proxy
/// runs, because the proxy decides where its tunnel leads.
///
/// @param config The configuration to change.
/// @param allow 0 refuses (the default); any other value allows.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1.
/// @note One thread at a time per configuration. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_allow_http(config: *mut luma_config, allow: i32) -> i32 {
    let set = |config: &mut Config| {
        config.set_allow_http(allow != 0);
        Ok(())
    };
    // SAFETY: the ABI contract.
    unsafe { change(config, &set) }
}

/// Trusts the given CA certificates instead of those of the operating system.
///
/// This replaces certificates from an earlier luma_config_set_ca_pem() or
/// luma_config_set_ca_file(). Certificates from luma_config_add_ca_pem() and
/// luma_config_add_ca_file() stay.
///
/// @param config The configuration to change.
/// @param pem One or more certificates in PEM (`-----BEGIN CERTIFICATE-----`). Copied. Usually
///     those of a CA. A server's own certificate is trusted too: for this server only, with the
///     names in its subjectAltName, until it expires.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2; LUMA_ERROR_CA_PEM.
/// @note One thread at a time per configuration. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_ca_pem(
    config: *mut luma_config,
    pem: *const c_char,
) -> i32 {
    let set = |config: &mut Config| {
        // SAFETY: the ABI contract.
        let pem = unsafe { Argument(2, "pem").text(pem)? };
        config.set_ca_pem(pem)?;
        Ok(())
    };
    // SAFETY: the ABI contract.
    unsafe { change(config, &set) }
}

/// Trusts the CA certificates in a file instead of those of the operating system. Otherwise the
/// same as luma_config_set_ca_pem().
///
/// @param config The configuration to change.
/// @param path The path of a PEM file of at most 16 MiB, in UTF-8, on Windows too. The file is read
///     during this call.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2; LUMA_ERROR_CA_FILE
///     if the file cannot be read; LUMA_ERROR_CA_PEM.
/// @note One thread at a time per configuration. Blocks while it reads the file.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_ca_file(
    config: *mut luma_config,
    path: *const c_char,
) -> i32 {
    let set = |config: &mut Config| {
        // SAFETY: the ABI contract.
        let path = unsafe { Argument(2, "path").text(path)? };
        config.set_ca_file(path)?;
        Ok(())
    };
    // SAFETY: the ABI contract.
    unsafe { change(config, &set) }
}

/// Trusts further CA certificates, in addition to those of the operating system or those that
/// luma_config_set_ca_pem() or luma_config_set_ca_file() set. The order of the calls does not
/// matter.
///
/// @param config The configuration to change.
/// @param pem One or more certificates, as for luma_config_set_ca_pem(). Copied. Each call adds to
///     the ones before.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2; LUMA_ERROR_CA_PEM.
/// @note One thread at a time per configuration. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_add_ca_pem(
    config: *mut luma_config,
    pem: *const c_char,
) -> i32 {
    let set = |config: &mut Config| {
        // SAFETY: the ABI contract.
        let pem = unsafe { Argument(2, "pem").text(pem)? };
        config.add_ca_pem(pem)?;
        Ok(())
    };
    // SAFETY: the ABI contract.
    unsafe { change(config, &set) }
}

/// Trusts the CA certificates in a file too. Otherwise the same as luma_config_add_ca_pem().
///
/// @param config The configuration to change.
/// @param path The path of a PEM file, as for luma_config_set_ca_file(). The file is read during
///     this call.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2; LUMA_ERROR_CA_FILE
///     if the file cannot be read; LUMA_ERROR_CA_PEM.
/// @note One thread at a time per configuration. Blocks while it reads the file.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_add_ca_file(
    config: *mut luma_config,
    path: *const c_char,
) -> i32 {
    let set = |config: &mut Config| {
        // SAFETY: the ABI contract.
        let path = unsafe { Argument(2, "path").text(path)? };
        config.add_ca_file(path)?;
        Ok(())
    };
    // SAFETY: the ABI contract.
    unsafe { change(config, &set) }
}

/// Sets the client certificate for a gateway that requests one. It is never sent to a proxy.
///
/// @param config The configuration to change.
/// @param chain_pem Certificates in PEM: the client's own first, then its issuers. Copied.
/// @param key_pem The private key of the first certificate in PEM, not encrypted: PKCS #8, PKCS #1
///     (RSA) or SEC 1 (ECDSA). RSA with 2048 to 4096 bits, ECDSA on P-256 or P-384, or Ed25519. It
///     may be the same text as chain_pem. The text is not kept, and the key is never logged.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_2, _3;
///     LUMA_ERROR_CLIENT_CERTIFICATE; LUMA_ERROR_CLIENT_KEY, also if the key belongs to another
///     certificate.
/// @note One thread at a time per configuration. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_client_certificate_pem(
    config: *mut luma_config,
    chain_pem: *const c_char,
    key_pem: *const c_char,
) -> i32 {
    let set = |config: &mut Config| {
        // SAFETY: the ABI contract.
        let (chain_pem, key_pem) = unsafe {
            (Argument(2, "chain_pem").text(chain_pem)?, Argument(3, "key_pem").text(key_pem)?)
        };
        config.set_client_certificate_pem(chain_pem, key_pem)?;
        Ok(())
    };
    // SAFETY: the ABI contract.
    unsafe { change(config, &set) }
}

/// Sets the client certificate from files. Otherwise the same as
/// luma_config_set_client_certificate_pem().
///
/// @param config The configuration to change.
/// @param chain_path The path of a file with the certificates, of at most 16 MiB. UTF-8, on Windows
///     too. The file is read during this call.
/// @param key_path The path of a file with the private key, with the same limits. It may be the
///     same file.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1 to _3; LUMA_ERROR_UTF8_ARGUMENT_2, _3;
///     LUMA_ERROR_CLIENT_CERTIFICATE; LUMA_ERROR_CLIENT_KEY. The last two also if the file cannot
///     be read.
/// @note One thread at a time per configuration. Blocks while it reads the files.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_client_certificate_file(
    config: *mut luma_config,
    chain_path: *const c_char,
    key_path: *const c_char,
) -> i32 {
    let set = |config: &mut Config| {
        // SAFETY: the ABI contract.
        let (chain_path, key_path) = unsafe {
            (Argument(2, "chain_path").text(chain_path)?, Argument(3, "key_path").text(key_path)?)
        };
        config.set_client_certificate_file(chain_path, key_path)?;
        Ok(())
    };
    // SAFETY: the ABI contract.
    unsafe { change(config, &set) }
}

/// Sets the proxy.
///
/// By default, the environment names it: https_proxy or http_proxy, depending on the scheme of the
/// base URL, then all_proxy; no_proxy lists the exceptions. Lower-case names take precedence over
/// upper-case ones, and HTTP_PROXY is ignored where REQUEST_METHOD is set (a CGI program). On
/// Windows, the current user's setting comes next, then the machine's (netsh winhttp), which also
/// applies to services; see luma_config_set_auto_proxy(). None of these is used for a loopback
/// host. The variables and settings are read once, when a client is created.
///
/// @param config The configuration to change.
/// @param url `scheme://[user:password@]host[:port]`, with user and password percent-encoded.
///     Copied; the password is never logged. Schemes and default ports: http (80), https (443),
///     socks5 and socks5h (1080; with socks5h the proxy resolves the gateway's name). Or `direct`,
///     to use no proxy.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2; LUMA_ERROR_PROXY.
/// @note One thread at a time per configuration. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_proxy(
    config: *mut luma_config,
    url: *const c_char,
) -> i32 {
    let set = |config: &mut Config| {
        // SAFETY: the ABI contract.
        let url = unsafe { Argument(2, "url").text(url)? };
        config.set_proxy(url)?;
        Ok(())
    };
    // SAFETY: the ABI contract.
    unsafe { change(config, &set) }
}

/// Sets whether Windows may find the proxy, by detection (WPAD) or with a script (PAC).
///
/// It applies if neither this configuration nor the environment names a proxy, see
/// luma_config_set_proxy(), and Windows is configured to detect it or to use a script. Either takes
/// precedence over a fixed proxy in the settings of Windows. WinHTTP finds the proxy for the first
/// connection of a client, in a thread, within the connect timeout. The client uses the answer for
/// ten minutes, or until connecting fails. No effect on other systems.
///
/// @param config The configuration to change.
/// @param enabled 0 ignores detection and scripts; any other value evaluates them (the default).
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1.
/// @note One thread at a time per configuration. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_auto_proxy(config: *mut luma_config, enabled: i32) -> i32 {
    let set = |config: &mut Config| {
        config.set_auto_proxy(enabled != 0);
        Ok(())
    };
    // SAFETY: the ABI contract.
    unsafe { change(config, &set) }
}

/// Sets the name of your application, which precedes the library's in the User-Agent header
/// (RFC 9110 section 10.1.5). It helps the gateway's operators to identify the caller.
///
/// @param config The configuration to change.
/// @param application_id Such as `AcmeDesk/4.2`: 1 to 128 visible ASCII characters, with single
///     spaces between words. Copied.
/// @return LUMA_OK; LUMA_ERROR_NULL_ARGUMENT_1, _2; LUMA_ERROR_UTF8_ARGUMENT_2;
///     LUMA_ERROR_APPLICATION_ID.
/// @note One thread at a time per configuration. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_set_application_id(
    config: *mut luma_config,
    application_id: *const c_char,
) -> i32 {
    let set = |config: &mut Config| {
        // SAFETY: the ABI contract.
        let application_id = unsafe { Argument(2, "application_id").text(application_id)? };
        config.set_application_id(application_id)?;
        Ok(())
    };
    // SAFETY: the ABI contract.
    unsafe { change(config, &set) }
}

/// Returns the folder of the journal that the configuration file (`journal`) or the environment
/// (LUMA_JOURNAL) names. The library does not open it: pass it to the functions of a journal.
///
/// @param config The configuration; may be NULL.
/// @return A string borrowed from the configuration, valid until it is freed. "" if there is none.
/// @note One thread at a time per configuration. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_journal_folder(config: *const luma_config) -> *const c_char {
    guard_value(strings::empty(), || {
        // SAFETY: the ABI contract.
        let Some(handle) = (unsafe { config.as_ref() }) else { return strings::empty() };
        handle.journal_folder.get(|| handle.config.journal_folder.as_deref().unwrap_or_default())
    })
}

/// Explains in one line why the last setter of a configuration failed. It names the invalid value,
/// unless that is a secret.
///
/// @param config The configuration; may be NULL.
/// @return A string borrowed from the configuration, valid until the next setter call on it, so do
///     not use both in one expression. "" if the last setter succeeded, or if config is NULL. For
///     a configuration that luma_config_new_from_file() or luma_config_new_from_environment()
///     created, and that was not changed, it says where the settings come from. It never contains
///     the access token, a private key, or the user or password of a proxy.
/// @note One thread at a time per configuration. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_message(config: *const luma_config) -> *const c_char {
    guard_value(strings::empty(), || {
        // SAFETY: the ABI contract.
        let config = unsafe { config.as_ref() };
        config.map_or(strings::empty(), |config| config.message.as_ptr())
    })
}

/// Frees a configuration. Clients created from it are not affected.
///
/// @param config A configuration that no thread uses any more. NULL does nothing.
/// @note Exclusive. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn luma_config_free(config: *mut luma_config) {
    // SAFETY: the ABI contract.
    unsafe { free(config) }
}

/// Runs the body of a setter, and keeps the message if it fails. Not generic, to save code.
///
/// # Safety
///
/// As for [`Argument::handle_mut`].
unsafe fn change(
    config: *mut luma_config,
    body: &dyn Fn(&mut Config) -> Result<(), Failure>,
) -> i32 {
    guard(|| {
        // SAFETY: the caller's promise.
        let luma_config { config, message, .. } = unsafe { CONFIG.handle_mut(config)? };
        message.keep(body(config))
    })
}
