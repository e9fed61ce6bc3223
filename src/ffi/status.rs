//! The status numbers of the ABI. A number is never reused, and a name never changes its number.

use std::ffi::{CStr, c_char};

use crate::error::ErrorKind;

/// Success.
pub const LUMA_OK: i32 = 0;
/// Argument 1 is NULL and must not be.
pub const LUMA_ERROR_NULL_ARGUMENT_1: i32 = 1;
/// Argument 2 is NULL and must not be.
pub const LUMA_ERROR_NULL_ARGUMENT_2: i32 = 2;
/// Argument 3 is NULL and must not be.
pub const LUMA_ERROR_NULL_ARGUMENT_3: i32 = 3;
/// Argument 4 is NULL and must not be.
pub const LUMA_ERROR_NULL_ARGUMENT_4: i32 = 4;
/// Argument 6 is NULL and must not be.
pub const LUMA_ERROR_NULL_ARGUMENT_6: i32 = 6;
/// Argument 7 is NULL and must not be.
pub const LUMA_ERROR_NULL_ARGUMENT_7: i32 = 7;
/// Argument 1 is not valid UTF-8.
pub const LUMA_ERROR_UTF8_ARGUMENT_1: i32 = 11;
/// Argument 2 is not valid UTF-8.
pub const LUMA_ERROR_UTF8_ARGUMENT_2: i32 = 12;
/// Argument 3 is not valid UTF-8.
pub const LUMA_ERROR_UTF8_ARGUMENT_3: i32 = 13;
/// Argument 4 is not valid UTF-8.
pub const LUMA_ERROR_UTF8_ARGUMENT_4: i32 = 14;
/// `base_url` is not of the form https://host[:port][/prefix].
pub const LUMA_ERROR_BASE_URL_SYNTAX: i32 = 21;
/// `base_url` has no scheme, or neither https nor http.
pub const LUMA_ERROR_BASE_URL_SCHEME: i32 = 22;
/// `base_url` holds a user name or password.
pub const LUMA_ERROR_BASE_URL_USER_INFO: i32 = 23;
/// `base_url` has a port that is not 1 to 65535.
pub const LUMA_ERROR_BASE_URL_PORT: i32 = 24;
/// `base_url` is http:// to another host, see luma_config_set_allow_http.
pub const LUMA_ERROR_BASE_URL_INSECURE: i32 = 25;
/// `access_token` is empty, longer than 8192 bytes, or holds a blank, a line break or a character beyond ASCII.
pub const LUMA_ERROR_ACCESS_TOKEN: i32 = 26;
/// `scheme` is none of LUMA_AUTH_...
pub const LUMA_ERROR_AUTH_SCHEME: i32 = 27;
/// A timeout is not 1 to 86,400,000 ms.
pub const LUMA_ERROR_TIMEOUT_RANGE: i32 = 28;
/// `max_response_bytes` is not 1 to 1,073,741,824.
pub const LUMA_ERROR_MAX_RESPONSE_BYTES: i32 = 29;
/// The PEM text or file holds no CA certificate, one that cannot be read, or a private key.
pub const LUMA_ERROR_CA_PEM: i32 = 30;
/// `application_id` of the configuration is not 1 to 128 visible ASCII characters, with single blanks between words.
pub const LUMA_ERROR_APPLICATION_ID: i32 = 31;
/// The workflow identifier is empty or blank, longer than 1024 bytes or holds a control character.
pub const LUMA_ERROR_WORKFLOW_IDENTIFIER: i32 = 32;
/// The `name` of a variable is empty.
pub const LUMA_ERROR_VARIABLE_NAME: i32 = 33;
/// The variables are no JSON object.
pub const LUMA_ERROR_VARIABLES: i32 = 34;
/// A JSON text does not parse, or is nested deeper than 128.
pub const LUMA_ERROR_JSON: i32 = 35;
/// The initiator's application id does not fit 32 bits.
pub const LUMA_ERROR_INITIATOR_APPLICATION: i32 = 36;
/// Application -2 (Luma/VSA) needs `lumaChannelAccountId` in the initiation info.
pub const LUMA_ERROR_LUMA_CHANNEL_ACCOUNT_ID: i32 = 37;
/// Application -4 (ISM) needs `ticketIdentifier` in the initiation info.
pub const LUMA_ERROR_TICKET_IDENTIFIER: i32 = 38;
/// A `key` of the initiation info is empty, or the info is no JSON object.
pub const LUMA_ERROR_INITIATION_INFO: i32 = 39;
/// The request is larger than 16 MiB, or a string that any function was given.
pub const LUMA_ERROR_REQUEST_TOO_LARGE: i32 = 40;
/// The initiator's contact id is no 64-bit integer.
pub const LUMA_ERROR_INITIATOR_CONTACT: i32 = 41;
/// `trigger_id` is blank, longer than 128 bytes, or holds a slash, a backslash, `..` or a control character.
pub const LUMA_ERROR_TRIGGER_ID: i32 = 42;
/// `step_id` is blank, longer than 128 bytes, or holds a slash, a backslash, `..` or a control character.
pub const LUMA_ERROR_STEP_ID: i32 = 43;
/// `tenant_external_id` is blank, longer than 128 bytes, or holds a slash, a backslash, `..` or a control character.
pub const LUMA_ERROR_TENANT_EXTERNAL_ID: i32 = 44;
/// `super_admin_token` is empty, longer than 8192 bytes, or holds a blank, a line break or a character beyond ASCII.
pub const LUMA_ERROR_SUPER_ADMIN_TOKEN: i32 = 45;
/// `filter` is longer than 1024 bytes or holds a control character.
pub const LUMA_ERROR_FILTER: i32 = 46;
/// `order_by` is longer than 1024 bytes or holds a control character.
pub const LUMA_ERROR_ORDER_BY: i32 = 47;
/// `skip` is negative.
pub const LUMA_ERROR_SKIP: i32 = 48;
/// `top` is negative.
pub const LUMA_ERROR_TOP: i32 = 49;
/// The proxy, as it was set or in the environment, is none.
pub const LUMA_ERROR_PROXY: i32 = 50;
/// `json_pointer` is no JSON pointer (RFC 6901).
pub const LUMA_ERROR_POINTER_SYNTAX: i32 = 51;
/// Nothing stands at `json_pointer`, or the result has no response.
pub const LUMA_ERROR_POINTER_NOT_FOUND: i32 = 52;
/// What stands at `json_pointer` has another type.
pub const LUMA_ERROR_POINTER_TYPE: i32 = 53;
/// The number at `json_pointer` is no 64-bit integer.
pub const LUMA_ERROR_POINTER_RANGE: i32 = 54;
/// The file of CA certificates cannot be read.
pub const LUMA_ERROR_CA_FILE: i32 = 55;
/// The client certificate cannot be read, or there is none.
pub const LUMA_ERROR_CLIENT_CERTIFICATE: i32 = 56;
/// The client's private key is missing, encrypted, of another certificate, or cannot be used.
pub const LUMA_ERROR_CLIENT_KEY: i32 = 57;
/// `level` is none of LUMA_LOG_...
pub const LUMA_ERROR_LOG_LEVEL: i32 = 58;
/// `request_id` is empty, longer than 128 bytes or holds anything but visible ASCII.
pub const LUMA_ERROR_REQUEST_ID: i32 = 59;
/// `max_idle_ms` is not 0 to 86,400,000.
pub const LUMA_ERROR_MAX_IDLE: i32 = 60;
/// `max_idle_connections` is not 0 to 1024.
pub const LUMA_ERROR_MAX_IDLE_CONNECTIONS: i32 = 61;
/// The host name could not be resolved. NOT_SENT, unless an earlier attempt of the call was sent.
pub const LUMA_ERROR_DNS: i32 = 100;
/// No connection could be opened. NOT_SENT, unless an earlier attempt of the call was sent.
pub const LUMA_ERROR_CONNECT: i32 = 101;
/// No connection was ready in time. NOT_SENT, unless an earlier attempt of the call was sent.
pub const LUMA_ERROR_CONNECT_TIMEOUT: i32 = 102;
/// TLS could not be set up: certificate, protocol or trust store. NOT_SENT; UNKNOWN where a server asks for a client certificate by TLS 1.3 and objects.
pub const LUMA_ERROR_TLS: i32 = 103;
/// The proxy opened no tunnel to the gateway. NOT_SENT, unless an earlier look of a wait was sent.
pub const LUMA_ERROR_PROXY_FAILED: i32 = 104;
/// No complete response within the timeout. UNKNOWN once bytes were sent.
pub const LUMA_ERROR_RESPONSE_TIMEOUT: i32 = 110;
/// The connection ended before the response did. UNKNOWN once bytes were sent.
pub const LUMA_ERROR_CONNECTION_LOST: i32 = 111;
/// The response is not HTTP/1.1 or contradicts itself. UNKNOWN once bytes were sent.
pub const LUMA_ERROR_INVALID_HTTP: i32 = 112;
/// The response, or a whole list, is larger than allowed. UNKNOWN once bytes were sent.
pub const LUMA_ERROR_RESPONSE_TOO_LARGE: i32 = 113;
/// luma_client_cancel or _close ended the call. NOT_SENT if nothing was sent, else UNKNOWN; between two attempts, the outcome of the last.
pub const LUMA_ERROR_CANCELLED: i32 = 114;
/// The time of a wait is over and the run is not final. UNKNOWN: see luma_result_run_status.
pub const LUMA_ERROR_WAIT_TIMEOUT: i32 = 120;
/// The callback ended a wait. UNKNOWN: see luma_result_run_status.
pub const LUMA_ERROR_WAIT_STOPPED: i32 = 121;
/// The gateway answered DataValidationError; luma_result_error tells the reasons.
pub const LUMA_ERROR_VALIDATION: i32 = 200;
/// 401: the token is wrong or no longer valid.
pub const LUMA_ERROR_UNAUTHORIZED: i32 = 201;
/// 403: the token does not allow this.
pub const LUMA_ERROR_FORBIDDEN: i32 = 202;
/// 404: the gateway does not know what was asked for.
pub const LUMA_ERROR_NOT_FOUND: i32 = 203;
/// 429: too many requests, see luma_result_retry_after_ms.
pub const LUMA_ERROR_RATE_LIMITED: i32 = 204;
/// The gateway answered with another error.
pub const LUMA_ERROR_REFUSED: i32 = 205;
/// 3xx: redirects are never followed.
pub const LUMA_ERROR_REDIRECTED: i32 = 206;
/// 408 or 5xx: the gateway, or something in front of it, failed.
pub const LUMA_ERROR_SERVER_FAILED: i32 = 207;
/// The response is not the gateway's, or a success without what the call is for. UNKNOWN.
pub const LUMA_ERROR_UNEXPECTED_RESPONSE: i32 = 208;
/// A fault of this library; please report it.
pub const LUMA_ERROR_INTERNAL: i32 = 900;

// Arguments are counted from 1; the numbers up to 10 and 20 are kept for functions with more of them.

/// The status of a Rust error.
pub(super) fn of_kind(kind: ErrorKind) -> i32 {
    match kind {
        ErrorKind::BaseUrlSyntax => LUMA_ERROR_BASE_URL_SYNTAX,
        ErrorKind::BaseUrlScheme => LUMA_ERROR_BASE_URL_SCHEME,
        ErrorKind::BaseUrlUserInfo => LUMA_ERROR_BASE_URL_USER_INFO,
        ErrorKind::BaseUrlPort => LUMA_ERROR_BASE_URL_PORT,
        ErrorKind::BaseUrlInsecure => LUMA_ERROR_BASE_URL_INSECURE,
        ErrorKind::AccessToken => LUMA_ERROR_ACCESS_TOKEN,
        ErrorKind::TimeoutRange => LUMA_ERROR_TIMEOUT_RANGE,
        ErrorKind::MaxResponseBytes => LUMA_ERROR_MAX_RESPONSE_BYTES,
        ErrorKind::CaPem => LUMA_ERROR_CA_PEM,
        ErrorKind::CaFile => LUMA_ERROR_CA_FILE,
        ErrorKind::ClientCertificate => LUMA_ERROR_CLIENT_CERTIFICATE,
        ErrorKind::ClientKey => LUMA_ERROR_CLIENT_KEY,
        ErrorKind::ApplicationId => LUMA_ERROR_APPLICATION_ID,
        ErrorKind::Proxy => LUMA_ERROR_PROXY,
        ErrorKind::WorkflowIdentifier => LUMA_ERROR_WORKFLOW_IDENTIFIER,
        ErrorKind::VariableName => LUMA_ERROR_VARIABLE_NAME,
        ErrorKind::Variables => LUMA_ERROR_VARIABLES,
        ErrorKind::Json => LUMA_ERROR_JSON,
        ErrorKind::InitiatorApplication => LUMA_ERROR_INITIATOR_APPLICATION,
        ErrorKind::LumaChannelAccountId => LUMA_ERROR_LUMA_CHANNEL_ACCOUNT_ID,
        ErrorKind::TicketIdentifier => LUMA_ERROR_TICKET_IDENTIFIER,
        ErrorKind::InitiationInfo => LUMA_ERROR_INITIATION_INFO,
        ErrorKind::RequestTooLarge => LUMA_ERROR_REQUEST_TOO_LARGE,
        ErrorKind::InitiatorContact => LUMA_ERROR_INITIATOR_CONTACT,
        ErrorKind::TriggerId => LUMA_ERROR_TRIGGER_ID,
        ErrorKind::StepId => LUMA_ERROR_STEP_ID,
        ErrorKind::TenantExternalId => LUMA_ERROR_TENANT_EXTERNAL_ID,
        ErrorKind::SuperAdminToken => LUMA_ERROR_SUPER_ADMIN_TOKEN,
        ErrorKind::Filter => LUMA_ERROR_FILTER,
        ErrorKind::OrderBy => LUMA_ERROR_ORDER_BY,
        ErrorKind::Dns => LUMA_ERROR_DNS,
        ErrorKind::Connect => LUMA_ERROR_CONNECT,
        ErrorKind::ConnectTimeout => LUMA_ERROR_CONNECT_TIMEOUT,
        ErrorKind::Tls => LUMA_ERROR_TLS,
        ErrorKind::ProxyFailed => LUMA_ERROR_PROXY_FAILED,
        ErrorKind::ResponseTimeout => LUMA_ERROR_RESPONSE_TIMEOUT,
        ErrorKind::ConnectionLost => LUMA_ERROR_CONNECTION_LOST,
        ErrorKind::InvalidHttp => LUMA_ERROR_INVALID_HTTP,
        ErrorKind::ResponseTooLarge => LUMA_ERROR_RESPONSE_TOO_LARGE,
        ErrorKind::WaitTimeout => LUMA_ERROR_WAIT_TIMEOUT,
        ErrorKind::WaitStopped => LUMA_ERROR_WAIT_STOPPED,
        ErrorKind::ValidationFailed => LUMA_ERROR_VALIDATION,
        ErrorKind::Unauthorized => LUMA_ERROR_UNAUTHORIZED,
        ErrorKind::Forbidden => LUMA_ERROR_FORBIDDEN,
        ErrorKind::NotFound => LUMA_ERROR_NOT_FOUND,
        ErrorKind::RateLimited => LUMA_ERROR_RATE_LIMITED,
        ErrorKind::Refused => LUMA_ERROR_REFUSED,
        ErrorKind::Redirected => LUMA_ERROR_REDIRECTED,
        ErrorKind::ServerFailed => LUMA_ERROR_SERVER_FAILED,
        ErrorKind::UnexpectedResponse => LUMA_ERROR_UNEXPECTED_RESPONSE,
        ErrorKind::RequestId => LUMA_ERROR_REQUEST_ID,
        ErrorKind::MaxIdle => LUMA_ERROR_MAX_IDLE,
        ErrorKind::MaxIdleConnections => LUMA_ERROR_MAX_IDLE_CONNECTIONS,
        ErrorKind::Cancelled => LUMA_ERROR_CANCELLED,
        ErrorKind::Internal => LUMA_ERROR_INTERNAL,
    }
}

/// What a status means, in one line of English.
///
/// status: any number.
/// Returns: a string that lives as long as the library is loaded; for a number that is no status,
///     one that says so. luma_result_message says more about one call.
/// Threads: any. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub extern "C" fn luma_status_message(status: i32) -> *const c_char {
    message(status).as_ptr()
}

pub(super) fn message(status: i32) -> &'static CStr {
    match status {
        LUMA_OK => c"success",
        LUMA_ERROR_NULL_ARGUMENT_1 => c"the first argument of the function is NULL",
        LUMA_ERROR_NULL_ARGUMENT_2 => c"the second argument of the function is NULL",
        LUMA_ERROR_NULL_ARGUMENT_3 => c"the third argument of the function is NULL",
        LUMA_ERROR_NULL_ARGUMENT_4 => c"the fourth argument of the function is NULL",
        LUMA_ERROR_NULL_ARGUMENT_6 => c"the sixth argument of the function is NULL",
        LUMA_ERROR_NULL_ARGUMENT_7 => c"the seventh argument of the function is NULL",
        LUMA_ERROR_UTF8_ARGUMENT_1 => c"the first argument of the function is not valid UTF-8",
        LUMA_ERROR_UTF8_ARGUMENT_2 => c"the second argument of the function is not valid UTF-8",
        LUMA_ERROR_UTF8_ARGUMENT_3 => c"the third argument of the function is not valid UTF-8",
        LUMA_ERROR_UTF8_ARGUMENT_4 => c"the fourth argument of the function is not valid UTF-8",
        LUMA_ERROR_BASE_URL_SYNTAX => c"base_url is not of the form https://host[:port][/prefix], with no query and nothing from /gateway/api/v1 on",
        LUMA_ERROR_BASE_URL_SCHEME => c"base_url has no scheme, or one that is neither https nor http",
        LUMA_ERROR_BASE_URL_USER_INFO => c"base_url holds a user name or password",
        LUMA_ERROR_BASE_URL_PORT => c"base_url has a port that is not 1 to 65535",
        LUMA_ERROR_BASE_URL_INSECURE => c"base_url is http:// to a host other than loopback, which luma_config_set_allow_http has to allow",
        LUMA_ERROR_ACCESS_TOKEN => c"access_token is empty, too long, or holds a blank, a line break or a character beyond ASCII",
        LUMA_ERROR_AUTH_SCHEME => c"scheme is none of LUMA_AUTH_BEARER and LUMA_AUTH_API_ACCESS_KEY",
        LUMA_ERROR_TIMEOUT_RANGE => c"the timeout is not 1 to 86400000 ms",
        LUMA_ERROR_MAX_RESPONSE_BYTES => c"max_response_bytes is not 1 to 1073741824",
        LUMA_ERROR_CA_PEM => c"the PEM text or file holds no CA certificate, one that cannot be read, or a private key",
        LUMA_ERROR_APPLICATION_ID => c"application_id is not 1 to 128 visible ASCII characters, with single blanks between words",
        LUMA_ERROR_WORKFLOW_IDENTIFIER => c"the workflow identifier is empty or blank, longer than 1024 bytes or holds a control character",
        LUMA_ERROR_VARIABLE_NAME => c"the name of a variable is empty",
        LUMA_ERROR_VARIABLES => c"the variables are no JSON object",
        LUMA_ERROR_JSON => c"the JSON text does not parse, or is nested deeper than 128",
        LUMA_ERROR_INITIATOR_APPLICATION => c"the initiator's application id is no 32-bit integer",
        LUMA_ERROR_LUMA_CHANNEL_ACCOUNT_ID => c"application -2 (Luma/VSA) needs lumaChannelAccountId in the initiation info",
        LUMA_ERROR_TICKET_IDENTIFIER => c"application -4 (ISM) needs ticketIdentifier in the initiation info",
        LUMA_ERROR_INITIATION_INFO => c"a key of the initiation info is empty, or the info is no JSON object",
        LUMA_ERROR_REQUEST_TOO_LARGE => c"the request, or an argument, is larger than 16 MiB",
        LUMA_ERROR_INITIATOR_CONTACT => c"the initiator's contact id is no 64-bit integer",
        LUMA_ERROR_TRIGGER_ID => c"trigger_id is blank, longer than 128 bytes, or holds a slash, a backslash, '..' or a control character",
        LUMA_ERROR_STEP_ID => c"step_id is blank, longer than 128 bytes, or holds a slash, a backslash, '..' or a control character",
        LUMA_ERROR_TENANT_EXTERNAL_ID => c"tenant_external_id is blank, longer than 128 bytes, or holds a slash, a backslash, '..' or a control character",
        LUMA_ERROR_SUPER_ADMIN_TOKEN => c"super_admin_token is empty, too long, or holds a blank, a line break or a character beyond ASCII",
        LUMA_ERROR_FILTER => c"filter is longer than 1024 bytes or holds a control character",
        LUMA_ERROR_ORDER_BY => c"order_by is longer than 1024 bytes or holds a control character",
        LUMA_ERROR_SKIP => c"skip is negative",
        LUMA_ERROR_TOP => c"top is negative",
        LUMA_ERROR_PROXY => c"the proxy, as it was set or in the environment, is no scheme://[user:password@]host[:port]",
        LUMA_ERROR_POINTER_SYNTAX => c"json_pointer is no JSON pointer (RFC 6901)",
        LUMA_ERROR_POINTER_NOT_FOUND => c"nothing stands at json_pointer in the response",
        LUMA_ERROR_POINTER_TYPE => c"what stands at json_pointer has another type",
        LUMA_ERROR_POINTER_RANGE => c"the number at json_pointer is no 64-bit integer",
        LUMA_ERROR_CA_FILE => c"the file of CA certificates cannot be read",
        LUMA_ERROR_CLIENT_CERTIFICATE => c"the client certificate cannot be read, or there is none",
        LUMA_ERROR_CLIENT_KEY => c"the client's private key is missing, encrypted, of another certificate, or cannot be used",
        LUMA_ERROR_LOG_LEVEL => c"level is none of LUMA_LOG_OFF, _ERROR, _WARN, _INFO and _DEBUG",
        LUMA_ERROR_REQUEST_ID => c"request_id is not 1 to 128 visible ASCII characters",
        LUMA_ERROR_MAX_IDLE => c"the limit of idling is not 0 to 86400000 ms",
        LUMA_ERROR_MAX_IDLE_CONNECTIONS => c"max_idle_connections is not 0 to 1024",
        LUMA_ERROR_DNS => c"the host name could not be resolved",
        LUMA_ERROR_CONNECT => c"no connection could be opened",
        LUMA_ERROR_CONNECT_TIMEOUT => c"no connection was ready in time",
        LUMA_ERROR_TLS => c"TLS could not be set up: the certificate, the protocol or the trust store",
        LUMA_ERROR_PROXY_FAILED => c"the proxy opened no tunnel to the gateway",
        LUMA_ERROR_RESPONSE_TIMEOUT => c"no complete response came within the timeout",
        LUMA_ERROR_CONNECTION_LOST => c"the connection ended before the response was complete",
        LUMA_ERROR_INVALID_HTTP => c"the response is not valid HTTP/1.1",
        LUMA_ERROR_RESPONSE_TOO_LARGE => c"the response is larger than allowed",
        LUMA_ERROR_CANCELLED => c"the call was cancelled",
        LUMA_ERROR_WAIT_TIMEOUT => c"the time of the wait is over and the run is not final",
        LUMA_ERROR_WAIT_STOPPED => c"the callback ended the wait",
        LUMA_ERROR_VALIDATION => c"the gateway found the request not valid",
        LUMA_ERROR_UNAUTHORIZED => c"the access token was not accepted (401)",
        LUMA_ERROR_FORBIDDEN => c"the access token does not allow this (403)",
        LUMA_ERROR_NOT_FOUND => c"the gateway does not know what was asked for (404)",
        LUMA_ERROR_RATE_LIMITED => c"too many requests (429)",
        LUMA_ERROR_REFUSED => c"the gateway refused the request",
        LUMA_ERROR_REDIRECTED => c"the gateway redirected the request, which is never followed (3xx)",
        LUMA_ERROR_SERVER_FAILED => c"the gateway, or something in front of it, failed (408, 5xx)",
        LUMA_ERROR_UNEXPECTED_RESPONSE => c"the response is not the gateway's, or a success without what the call is for",
        LUMA_ERROR_INTERNAL => c"a fault of this library",
        _ => c"not a status of this library",
    }
}

/// The name of a status in this header, such as "LUMA_ERROR_UNAUTHORIZED", for logs.
///
/// status: any number.
/// Returns: a string that lives as long as the library is loaded; "" for a number that is no
///     status.
/// Threads: any. Blocks: no. Since: 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub extern "C" fn luma_status_name(status: i32) -> *const c_char {
    match status {
        LUMA_OK => c"LUMA_OK",
        LUMA_ERROR_NULL_ARGUMENT_1 => c"LUMA_ERROR_NULL_ARGUMENT_1",
        LUMA_ERROR_NULL_ARGUMENT_2 => c"LUMA_ERROR_NULL_ARGUMENT_2",
        LUMA_ERROR_NULL_ARGUMENT_3 => c"LUMA_ERROR_NULL_ARGUMENT_3",
        LUMA_ERROR_NULL_ARGUMENT_4 => c"LUMA_ERROR_NULL_ARGUMENT_4",
        LUMA_ERROR_NULL_ARGUMENT_6 => c"LUMA_ERROR_NULL_ARGUMENT_6",
        LUMA_ERROR_NULL_ARGUMENT_7 => c"LUMA_ERROR_NULL_ARGUMENT_7",
        LUMA_ERROR_UTF8_ARGUMENT_1 => c"LUMA_ERROR_UTF8_ARGUMENT_1",
        LUMA_ERROR_UTF8_ARGUMENT_2 => c"LUMA_ERROR_UTF8_ARGUMENT_2",
        LUMA_ERROR_UTF8_ARGUMENT_3 => c"LUMA_ERROR_UTF8_ARGUMENT_3",
        LUMA_ERROR_UTF8_ARGUMENT_4 => c"LUMA_ERROR_UTF8_ARGUMENT_4",
        LUMA_ERROR_BASE_URL_SYNTAX => c"LUMA_ERROR_BASE_URL_SYNTAX",
        LUMA_ERROR_BASE_URL_SCHEME => c"LUMA_ERROR_BASE_URL_SCHEME",
        LUMA_ERROR_BASE_URL_USER_INFO => c"LUMA_ERROR_BASE_URL_USER_INFO",
        LUMA_ERROR_BASE_URL_PORT => c"LUMA_ERROR_BASE_URL_PORT",
        LUMA_ERROR_BASE_URL_INSECURE => c"LUMA_ERROR_BASE_URL_INSECURE",
        LUMA_ERROR_ACCESS_TOKEN => c"LUMA_ERROR_ACCESS_TOKEN",
        LUMA_ERROR_AUTH_SCHEME => c"LUMA_ERROR_AUTH_SCHEME",
        LUMA_ERROR_TIMEOUT_RANGE => c"LUMA_ERROR_TIMEOUT_RANGE",
        LUMA_ERROR_MAX_RESPONSE_BYTES => c"LUMA_ERROR_MAX_RESPONSE_BYTES",
        LUMA_ERROR_CA_PEM => c"LUMA_ERROR_CA_PEM",
        LUMA_ERROR_APPLICATION_ID => c"LUMA_ERROR_APPLICATION_ID",
        LUMA_ERROR_WORKFLOW_IDENTIFIER => c"LUMA_ERROR_WORKFLOW_IDENTIFIER",
        LUMA_ERROR_VARIABLE_NAME => c"LUMA_ERROR_VARIABLE_NAME",
        LUMA_ERROR_VARIABLES => c"LUMA_ERROR_VARIABLES",
        LUMA_ERROR_JSON => c"LUMA_ERROR_JSON",
        LUMA_ERROR_INITIATOR_APPLICATION => c"LUMA_ERROR_INITIATOR_APPLICATION",
        LUMA_ERROR_LUMA_CHANNEL_ACCOUNT_ID => c"LUMA_ERROR_LUMA_CHANNEL_ACCOUNT_ID",
        LUMA_ERROR_TICKET_IDENTIFIER => c"LUMA_ERROR_TICKET_IDENTIFIER",
        LUMA_ERROR_INITIATION_INFO => c"LUMA_ERROR_INITIATION_INFO",
        LUMA_ERROR_REQUEST_TOO_LARGE => c"LUMA_ERROR_REQUEST_TOO_LARGE",
        LUMA_ERROR_INITIATOR_CONTACT => c"LUMA_ERROR_INITIATOR_CONTACT",
        LUMA_ERROR_TRIGGER_ID => c"LUMA_ERROR_TRIGGER_ID",
        LUMA_ERROR_STEP_ID => c"LUMA_ERROR_STEP_ID",
        LUMA_ERROR_TENANT_EXTERNAL_ID => c"LUMA_ERROR_TENANT_EXTERNAL_ID",
        LUMA_ERROR_SUPER_ADMIN_TOKEN => c"LUMA_ERROR_SUPER_ADMIN_TOKEN",
        LUMA_ERROR_FILTER => c"LUMA_ERROR_FILTER",
        LUMA_ERROR_ORDER_BY => c"LUMA_ERROR_ORDER_BY",
        LUMA_ERROR_SKIP => c"LUMA_ERROR_SKIP",
        LUMA_ERROR_TOP => c"LUMA_ERROR_TOP",
        LUMA_ERROR_PROXY => c"LUMA_ERROR_PROXY",
        LUMA_ERROR_POINTER_SYNTAX => c"LUMA_ERROR_POINTER_SYNTAX",
        LUMA_ERROR_POINTER_NOT_FOUND => c"LUMA_ERROR_POINTER_NOT_FOUND",
        LUMA_ERROR_POINTER_TYPE => c"LUMA_ERROR_POINTER_TYPE",
        LUMA_ERROR_POINTER_RANGE => c"LUMA_ERROR_POINTER_RANGE",
        LUMA_ERROR_CA_FILE => c"LUMA_ERROR_CA_FILE",
        LUMA_ERROR_CLIENT_CERTIFICATE => c"LUMA_ERROR_CLIENT_CERTIFICATE",
        LUMA_ERROR_CLIENT_KEY => c"LUMA_ERROR_CLIENT_KEY",
        LUMA_ERROR_LOG_LEVEL => c"LUMA_ERROR_LOG_LEVEL",
        LUMA_ERROR_REQUEST_ID => c"LUMA_ERROR_REQUEST_ID",
        LUMA_ERROR_MAX_IDLE => c"LUMA_ERROR_MAX_IDLE",
        LUMA_ERROR_MAX_IDLE_CONNECTIONS => c"LUMA_ERROR_MAX_IDLE_CONNECTIONS",
        LUMA_ERROR_DNS => c"LUMA_ERROR_DNS",
        LUMA_ERROR_CONNECT => c"LUMA_ERROR_CONNECT",
        LUMA_ERROR_CONNECT_TIMEOUT => c"LUMA_ERROR_CONNECT_TIMEOUT",
        LUMA_ERROR_TLS => c"LUMA_ERROR_TLS",
        LUMA_ERROR_PROXY_FAILED => c"LUMA_ERROR_PROXY_FAILED",
        LUMA_ERROR_RESPONSE_TIMEOUT => c"LUMA_ERROR_RESPONSE_TIMEOUT",
        LUMA_ERROR_CONNECTION_LOST => c"LUMA_ERROR_CONNECTION_LOST",
        LUMA_ERROR_INVALID_HTTP => c"LUMA_ERROR_INVALID_HTTP",
        LUMA_ERROR_RESPONSE_TOO_LARGE => c"LUMA_ERROR_RESPONSE_TOO_LARGE",
        LUMA_ERROR_CANCELLED => c"LUMA_ERROR_CANCELLED",
        LUMA_ERROR_WAIT_TIMEOUT => c"LUMA_ERROR_WAIT_TIMEOUT",
        LUMA_ERROR_WAIT_STOPPED => c"LUMA_ERROR_WAIT_STOPPED",
        LUMA_ERROR_VALIDATION => c"LUMA_ERROR_VALIDATION",
        LUMA_ERROR_UNAUTHORIZED => c"LUMA_ERROR_UNAUTHORIZED",
        LUMA_ERROR_FORBIDDEN => c"LUMA_ERROR_FORBIDDEN",
        LUMA_ERROR_NOT_FOUND => c"LUMA_ERROR_NOT_FOUND",
        LUMA_ERROR_RATE_LIMITED => c"LUMA_ERROR_RATE_LIMITED",
        LUMA_ERROR_REFUSED => c"LUMA_ERROR_REFUSED",
        LUMA_ERROR_REDIRECTED => c"LUMA_ERROR_REDIRECTED",
        LUMA_ERROR_SERVER_FAILED => c"LUMA_ERROR_SERVER_FAILED",
        LUMA_ERROR_UNEXPECTED_RESPONSE => c"LUMA_ERROR_UNEXPECTED_RESPONSE",
        LUMA_ERROR_INTERNAL => c"LUMA_ERROR_INTERNAL",
        _ => c"",
    }
    .as_ptr()
}
