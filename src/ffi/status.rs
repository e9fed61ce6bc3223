//! The status numbers of the ABI. A number is never reused, and a name keeps its number.
//!
//! To add a status, declare its constant with the next free number of its range, and add a row to
//! the table below, with the `ErrorKind` that it stands for. `CONTRIBUTING.md` has the other steps.

use std::ffi::{CStr, c_char};

use crate::error::ErrorKind;

/// Success.
pub const LUMA_OK: i32 = 0;

// 1 to 10 and 11 to 20: arguments, counted from 1. The gaps are for functions with more of them.

/// Argument 1 is NULL.
pub const LUMA_ERROR_NULL_ARGUMENT_1: i32 = 1;
/// Argument 2 is NULL.
pub const LUMA_ERROR_NULL_ARGUMENT_2: i32 = 2;
/// Argument 3 is NULL.
pub const LUMA_ERROR_NULL_ARGUMENT_3: i32 = 3;
/// Argument 4 is NULL.
pub const LUMA_ERROR_NULL_ARGUMENT_4: i32 = 4;
/// Argument 5 is NULL.
pub const LUMA_ERROR_NULL_ARGUMENT_5: i32 = 5;
/// Argument 6 is NULL.
pub const LUMA_ERROR_NULL_ARGUMENT_6: i32 = 6;
/// Argument 7 is NULL.
pub const LUMA_ERROR_NULL_ARGUMENT_7: i32 = 7;
/// Argument 8 is NULL.
pub const LUMA_ERROR_NULL_ARGUMENT_8: i32 = 8;
/// Argument 1 is not valid UTF-8.
pub const LUMA_ERROR_UTF8_ARGUMENT_1: i32 = 11;
/// Argument 2 is not valid UTF-8.
pub const LUMA_ERROR_UTF8_ARGUMENT_2: i32 = 12;
/// Argument 3 is not valid UTF-8.
pub const LUMA_ERROR_UTF8_ARGUMENT_3: i32 = 13;
/// Argument 4 is not valid UTF-8.
pub const LUMA_ERROR_UTF8_ARGUMENT_4: i32 = 14;
/// Argument 5 is not valid UTF-8.
pub const LUMA_ERROR_UTF8_ARGUMENT_5: i32 = 15;
/// Argument 6 is not valid UTF-8.
pub const LUMA_ERROR_UTF8_ARGUMENT_6: i32 = 16;

// 21 to 99: the caller's mistakes.

/// `base_url` does not have the form `https://host[:port][/prefix]`.
pub const LUMA_ERROR_BASE_URL_SYNTAX: i32 = 21;
/// `base_url` has no scheme, or one other than https and http.
pub const LUMA_ERROR_BASE_URL_SCHEME: i32 = 22;
/// `base_url` contains a user name or password.
pub const LUMA_ERROR_BASE_URL_USER_INFO: i32 = 23;
/// The port in `base_url` is not 1 to 65535.
pub const LUMA_ERROR_BASE_URL_PORT: i32 = 24;
/// `base_url` is `http://` to a host other than loopback, or through a proxy. See
/// luma_config_set_allow_http().
pub const LUMA_ERROR_BASE_URL_INSECURE: i32 = 25;
/// `access_token` is not 1 to 8192 visible ASCII characters: it is empty or too long, contains a
/// blank, a line break or a non-ASCII character, or starts with a byte order mark, a quotation
/// mark, `Bearer ` or the name of a header.
pub const LUMA_ERROR_ACCESS_TOKEN: i32 = 26;
/// `scheme` is not one of LUMA_AUTH_*.
pub const LUMA_ERROR_AUTH_SCHEME: i32 = 27;
/// A timeout is not 1 to 86,400,000 ms.
pub const LUMA_ERROR_TIMEOUT_RANGE: i32 = 28;
/// `max_response_bytes` is not 1 to 1,073,741,824.
pub const LUMA_ERROR_MAX_RESPONSE_BYTES: i32 = 29;
/// The PEM text or file contains no CA certificate, an invalid one, or a private key.
pub const LUMA_ERROR_CA_PEM: i32 = 30;
/// `application_id` is not 1 to 128 visible ASCII characters, with single spaces between words.
pub const LUMA_ERROR_APPLICATION_ID: i32 = 31;
/// The workflow identifier is blank, longer than 1024 bytes, or contains a control character.
pub const LUMA_ERROR_WORKFLOW_IDENTIFIER: i32 = 32;
/// The name of a variable is empty.
pub const LUMA_ERROR_VARIABLE_NAME: i32 = 33;
/// The variables are not a JSON object.
pub const LUMA_ERROR_VARIABLES: i32 = 34;
/// A JSON text is invalid, or nested deeper than 128 levels.
pub const LUMA_ERROR_JSON: i32 = 35;
/// The initiator's application id does not fit in 32 bits, or is swapped with the contact's id.
pub const LUMA_ERROR_INITIATOR_APPLICATION: i32 = 36;
/// Application -2 (Luma/VSA) requires `lumaChannelAccountId` in the initiation info.
pub const LUMA_ERROR_LUMA_CHANNEL_ACCOUNT_ID: i32 = 37;
/// Application -4 (ISM) requires `ticketIdentifier` in the initiation info.
pub const LUMA_ERROR_TICKET_IDENTIFIER: i32 = 38;
/// A key of the initiation info is empty or swapped with its value, or the initiation info is not a
/// JSON object.
pub const LUMA_ERROR_INITIATION_INFO: i32 = 39;
/// The request, or any string argument, is larger than 16 MiB.
pub const LUMA_ERROR_REQUEST_TOO_LARGE: i32 = 40;
/// The initiator's contact id is not a 64-bit integer.
pub const LUMA_ERROR_INITIATOR_CONTACT: i32 = 41;
/// `trigger_id` is blank, longer than 1024 bytes, or contains a slash, a backslash, `..` or an
/// invisible character, such as a control character. Surrounding blanks are ignored.
pub const LUMA_ERROR_TRIGGER_ID: i32 = 42;
/// `step_id` is blank, longer than 1024 bytes, or contains a slash, a backslash, `..` or an
/// invisible character, such as a control character. Surrounding blanks are ignored.
pub const LUMA_ERROR_STEP_ID: i32 = 43;
/// `tenant_external_id` is blank, longer than 1024 bytes, or contains a slash, a backslash, `..` or
/// an invisible character, such as a control character. Surrounding blanks are ignored.
pub const LUMA_ERROR_TENANT_EXTERNAL_ID: i32 = 44;
/// `super_admin_token` is not a token, as for LUMA_ERROR_ACCESS_TOKEN, or it is swapped with
/// `tenant_external_id`.
pub const LUMA_ERROR_SUPER_ADMIN_TOKEN: i32 = 45;
/// `filter` is longer than 1024 bytes or contains a control character.
pub const LUMA_ERROR_FILTER: i32 = 46;
/// `order_by` is longer than 1024 bytes or contains a control character.
pub const LUMA_ERROR_ORDER_BY: i32 = 47;
/// `skip` is negative.
pub const LUMA_ERROR_SKIP: i32 = 48;
/// `top` is negative.
pub const LUMA_ERROR_TOP: i32 = 49;
/// The proxy that was set, or that the environment names, is invalid.
pub const LUMA_ERROR_PROXY: i32 = 50;
/// `json_pointer` is not a valid JSON pointer (RFC 6901).
pub const LUMA_ERROR_POINTER_SYNTAX: i32 = 51;
/// The response has no value at `json_pointer`, or the result has no response.
pub const LUMA_ERROR_POINTER_NOT_FOUND: i32 = 52;
/// The value at `json_pointer` has another type.
pub const LUMA_ERROR_POINTER_TYPE: i32 = 53;
/// The number at `json_pointer` is not a 64-bit integer.
pub const LUMA_ERROR_POINTER_RANGE: i32 = 54;
/// The file of CA certificates cannot be read.
pub const LUMA_ERROR_CA_FILE: i32 = 55;
/// The client certificate is missing or cannot be read.
pub const LUMA_ERROR_CLIENT_CERTIFICATE: i32 = 56;
/// The client's private key is missing, encrypted, unusable, or belongs to another certificate.
pub const LUMA_ERROR_CLIENT_KEY: i32 = 57;
/// `level` is not one of LUMA_LOG_*.
pub const LUMA_ERROR_LOG_LEVEL: i32 = 58;
/// `request_id` is not 1 to 128 visible ASCII characters.
pub const LUMA_ERROR_REQUEST_ID: i32 = 59;
/// `max_idle_ms` is not 0 to 86,400,000.
pub const LUMA_ERROR_MAX_IDLE: i32 = 60;
/// `max_idle_connections` is not 0 to 1024.
pub const LUMA_ERROR_MAX_IDLE_CONNECTIONS: i32 = 61;
/// A header to add has an invalid name or value, was added before, or is one that the library sets
/// itself.
pub const LUMA_ERROR_HEADER: i32 = 62;
/// The log file cannot be opened, or is not a regular file.
pub const LUMA_ERROR_LOG_FILE: i32 = 63;
/// There is no configuration file at the given path, or at any of the default paths.
pub const LUMA_ERROR_CONFIG_FILE_MISSING: i32 = 71;
/// The configuration file cannot be read: the system refuses it, it is not a regular file, or it is
/// larger than 1 MiB.
pub const LUMA_ERROR_CONFIG_FILE_UNREADABLE: i32 = 72;
/// The content of the configuration file is wrong: it is not JSON in UTF-8, or a key is unknown,
/// repeated, of the wrong type, or contradicts another. The message has the line, the column and
/// the key.
pub const LUMA_ERROR_CONFIG_FILE: i32 = 73;
/// The configuration file has no such profile, or none was selected and its top level has no
/// `base_url`.
pub const LUMA_ERROR_PROFILE: i32 = 74;
/// Other users can read a file with a secret in it (a token file, or a configuration file), or
/// every user can change the configuration file. The message has the command that corrects it.
pub const LUMA_ERROR_FILE_PERMISSIONS: i32 = 75;
/// The token file cannot be read, or the token command failed or took too long.
pub const LUMA_ERROR_TOKEN_SOURCE: i32 = 76;
/// The LUMA_ variables of the environment contradict each other, or one of them is empty or
/// invalid.
pub const LUMA_ERROR_ENVIRONMENT: i32 = 77;
/// The function would wait for the call in whose callback it was called.
pub const LUMA_ERROR_IN_CALLBACK: i32 = 80;
/// `polls_per_second` is not 1 to 1000.
pub const LUMA_ERROR_MAX_POLLS_PER_SECOND: i32 = 85;
/// The run is in the set of waits already.
pub const LUMA_ERROR_ALREADY_IN_SET: i32 = 86;
/// The run is not in the set of waits.
pub const LUMA_ERROR_NOT_IN_SET: i32 = 87;
/// No run of the set of waits changed within the timeout.
pub const LUMA_ERROR_NOTHING_CHANGED: i32 = 88;
/// luma_wait_set_wake() ended the call.
pub const LUMA_ERROR_WOKEN: i32 = 89;
/// The set of waits is empty.
pub const LUMA_ERROR_SET_EMPTY: i32 = 90;
/// The set of waits was closed.
pub const LUMA_ERROR_SET_CLOSED: i32 = 91;

// 100 to 199: transport and time.

/// The host name could not be resolved. NOT_SENT, unless an earlier attempt of the call was sent.
pub const LUMA_ERROR_DNS: i32 = 100;
/// No connection could be opened. NOT_SENT, unless an earlier attempt of the call was sent.
pub const LUMA_ERROR_CONNECT: i32 = 101;
/// No connection was ready in time. NOT_SENT, unless an earlier attempt of the call was sent.
pub const LUMA_ERROR_CONNECT_TIMEOUT: i32 = 102;
/// TLS failed: certificate, protocol or trust store. NOT_SENT; but UNKNOWN if a server that uses
/// TLS 1.3 rejects the client certificate, or requires one and gets none.
pub const LUMA_ERROR_TLS: i32 = 103;
/// The proxy did not open a tunnel to the gateway. NOT_SENT, unless an earlier poll of a wait was
/// sent.
pub const LUMA_ERROR_PROXY_FAILED: i32 = 104;
/// No complete response arrived within the timeout. UNKNOWN once bytes were sent.
pub const LUMA_ERROR_RESPONSE_TIMEOUT: i32 = 110;
/// The connection closed before the response was complete, or the server sent something before the
/// request (NOT_SENT). UNKNOWN once bytes were sent.
pub const LUMA_ERROR_CONNECTION_LOST: i32 = 111;
/// The response is not valid HTTP/1.1. UNKNOWN once bytes were sent.
pub const LUMA_ERROR_INVALID_HTTP: i32 = 112;
/// The response, or a list as a whole, is larger than allowed. UNKNOWN once bytes were sent.
pub const LUMA_ERROR_RESPONSE_TOO_LARGE: i32 = 113;
/// luma_client_cancel() or luma_client_close() ended the call. NOT_SENT if nothing was sent, else
/// UNKNOWN; between two attempts, the outcome of the earlier one.
pub const LUMA_ERROR_CANCELLED: i32 = 114;
/// The wait timed out before the run ended. UNKNOWN: see luma_result_run_status().
pub const LUMA_ERROR_WAIT_TIMEOUT: i32 = 120;
/// The callback stopped the wait. UNKNOWN: see luma_result_run_status().
pub const LUMA_ERROR_WAIT_STOPPED: i32 = 121;
/// The wait has not ended: poll again after luma_wait_next_poll_ms(). UNKNOWN: see
/// luma_result_run_status().
pub const LUMA_ERROR_WAIT_OPEN: i32 = 122;
/// The list is incomplete: a later page failed, or it exceeds a limit. The result has the elements
/// that were received. luma_result_page_status() and the message say why; the outcome is that of
/// the page.
pub const LUMA_ERROR_LIST_INCOMPLETE: i32 = 130;

// 200 to 299: the gateway's response.

/// The gateway found the request invalid (DataValidationError). luma_result_error() returns its
/// reasons.
pub const LUMA_ERROR_VALIDATION: i32 = 200;
/// HTTP 401: the access token is wrong or no longer valid.
pub const LUMA_ERROR_UNAUTHORIZED: i32 = 201;
/// HTTP 403: the access token does not permit this.
pub const LUMA_ERROR_FORBIDDEN: i32 = 202;
/// HTTP 404: the gateway does not know the requested run, step or tenant.
pub const LUMA_ERROR_NOT_FOUND: i32 = 203;
/// HTTP 429: too many requests. See luma_result_retry_after_ms().
pub const LUMA_ERROR_RATE_LIMITED: i32 = 204;
/// The gateway refused the request for another reason.
pub const LUMA_ERROR_REFUSED: i32 = 205;
/// HTTP 3xx: redirects are never followed.
pub const LUMA_ERROR_REDIRECTED: i32 = 206;
/// HTTP 408 or 5xx: the gateway, or a server in front of it, failed.
pub const LUMA_ERROR_SERVER_FAILED: i32 = 207;
/// The response is not from the gateway, reports success without the expected data, or belongs to
/// an earlier request on the connection. UNKNOWN.
pub const LUMA_ERROR_UNEXPECTED_RESPONSE: i32 = 208;

// 300 to 399: the journal, see luma_trigger_workflow_once().

/// The same request with this key was accepted before, and nothing was sent now. The outcome is
/// ACCEPTED: luma_result_trigger_id() returns the trigger id, luma_result_journal_time_ms() when.
pub const LUMA_ALREADY_ACCEPTED: i32 = 300;
/// A call with this key is in progress in another thread or process. Nothing was sent now. UNKNOWN:
/// call again later with the same key, which is safe. A trigger without the key is not.
pub const LUMA_ERROR_KEY_IN_PROGRESS: i32 = 301;
/// The outcome of an earlier call with this key is unknown: it was UNKNOWN, or its process died.
/// Nothing was sent now. UNKNOWN: find out whether the workflow runs, then luma_journal_resolve().
pub const LUMA_ERROR_KEY_UNRESOLVED: i32 = 302;
/// A different request with this key was accepted, or may be running. NOT_SENT: use one key for
/// each request, and luma_trigger_request_exclude_from_digest() for variables that differ each
/// time.
pub const LUMA_ERROR_KEY_OTHER_REQUEST: i32 = 303;
/// `key` is blank, longer than 1024 bytes, or contains a control character.
pub const LUMA_ERROR_KEY: i32 = 304;
/// The journal knows nothing about the key.
pub const LUMA_ERROR_KEY_NOT_FOUND: i32 = 305;
/// The state of the key does not allow this. luma_result_message() says what to do.
pub const LUMA_ERROR_KEY_STATE: i32 = 306;
/// There is no journal in the folder, or a part of it is missing. NOT_SENT: check the path, and
/// whether its disk is mounted; luma_journal_create() creates a new one.
pub const LUMA_ERROR_JOURNAL_FOLDER: i32 = 310;
/// The folder for a new journal is not empty, or has a journal already.
pub const LUMA_ERROR_JOURNAL_EXISTS: i32 = 311;
/// A file of the journal is not from this library, or cannot be understood. NOT_SENT: a person has
/// to look at the file that luma_result_message() names.
pub const LUMA_ERROR_JOURNAL_DAMAGED: i32 = 312;
/// The journal was written by another version of this library. NOT_SENT: use the newer library.
pub const LUMA_ERROR_JOURNAL_VERSION: i32 = 313;
/// The journal belongs to another gateway than the client. NOT_SENT: each gateway needs its own.
pub const LUMA_ERROR_JOURNAL_GATEWAY: i32 = 314;
/// The journal cannot be read or written: the disk is full or read-only, a limit is reached, or a
/// permission is missing. NOT_SENT: fix that, and call again with the same key.
pub const LUMA_ERROR_JOURNAL_IO: i32 = 315;
/// The journal is on a network file system, which cannot keep its promise. Use a local disk.
pub const LUMA_ERROR_JOURNAL_NETWORK: i32 = 316;
/// `who` or `reason` is blank, longer than 1024 bytes, or contains a control character.
pub const LUMA_ERROR_JOURNAL_NOTE: i32 = 317;
/// `older_than_ms` is negative.
pub const LUMA_ERROR_JOURNAL_AGE: i32 = 318;
/// The claim callback of luma_trigger_workflow_once_with_store() failed, or `digest_secret` is
/// empty. NOT_SENT: call again with the same key when the store works.
pub const LUMA_ERROR_JOURNAL_STORE: i32 = 319;

// 800: the host process.

/// A large amount of memory could not be allocated, for an argument, a request or a response.
/// NOT_SENT or UNKNOWN, as for any other failure at that point.
pub const LUMA_ERROR_OUT_OF_MEMORY: i32 = 800;

/// An error in this library. Please report it.
pub const LUMA_ERROR_INTERNAL: i32 = 900;

/// Generates the lookups from the table below: each row has a status, the kind of Rust error that
/// it reports, if any, and its message.
macro_rules! statuses {
    ($($status:ident $(($kind:ident))? => $message:literal,)+) => {
        /// Returns the status of a Rust error.
        pub(super) fn from_kind(kind: ErrorKind) -> i32 {
            match kind {
                $($(ErrorKind::$kind => $status,)?)+
            }
        }

        #[cfg(test)]
        const KINDS: &[ErrorKind] = &[$($(ErrorKind::$kind,)?)+];

        pub(super) fn message(status: i32) -> &'static CStr {
            match status {
                $($status => $message,)+
                _ => c"unknown status",
            }
        }

        fn name(status: i32) -> &'static CStr {
            match status {
                $($status => const { c_str(concat!(stringify!($status), "\0")) },)+
                _ => c"",
            }
        }
    };
}

const fn c_str(text: &'static str) -> &'static CStr {
    match CStr::from_bytes_with_nul(text.as_bytes()) {
        Ok(text) => text,
        Err(_) => panic!("no NUL at the end"),
    }
}

statuses! {
    LUMA_OK => c"success",
    LUMA_ERROR_NULL_ARGUMENT_1 => c"argument 1 is NULL",
    LUMA_ERROR_NULL_ARGUMENT_2 => c"argument 2 is NULL",
    LUMA_ERROR_NULL_ARGUMENT_3 => c"argument 3 is NULL",
    LUMA_ERROR_NULL_ARGUMENT_4 => c"argument 4 is NULL",
    LUMA_ERROR_NULL_ARGUMENT_5 => c"argument 5 is NULL",
    LUMA_ERROR_NULL_ARGUMENT_6 => c"argument 6 is NULL",
    LUMA_ERROR_NULL_ARGUMENT_7 => c"argument 7 is NULL",
    LUMA_ERROR_NULL_ARGUMENT_8 => c"argument 8 is NULL",
    LUMA_ERROR_UTF8_ARGUMENT_1 => c"argument 1 is not valid UTF-8",
    LUMA_ERROR_UTF8_ARGUMENT_2 => c"argument 2 is not valid UTF-8",
    LUMA_ERROR_UTF8_ARGUMENT_3 => c"argument 3 is not valid UTF-8",
    LUMA_ERROR_UTF8_ARGUMENT_4 => c"argument 4 is not valid UTF-8",
    LUMA_ERROR_UTF8_ARGUMENT_5 => c"argument 5 is not valid UTF-8",
    LUMA_ERROR_UTF8_ARGUMENT_6 => c"argument 6 is not valid UTF-8",
    LUMA_ERROR_BASE_URL_SYNTAX (BaseUrlSyntax) =>
        c"base_url must have the form https://host[:port][/prefix], without /gateway/api/v1, a query, blanks, line breaks and quotation marks",
    LUMA_ERROR_BASE_URL_SCHEME (BaseUrlScheme) => c"base_url must start with https:// or http://",
    LUMA_ERROR_BASE_URL_USER_INFO (BaseUrlUserInfo) =>
        c"base_url must not contain a user name or password",
    LUMA_ERROR_BASE_URL_PORT (BaseUrlPort) => c"the port in base_url must be 1 to 65535",
    LUMA_ERROR_BASE_URL_INSECURE (BaseUrlInsecure) =>
        c"base_url is http:// to a host other than loopback, or through a proxy: use https://, or allow it with luma_config_set_allow_http",
    LUMA_ERROR_ACCESS_TOKEN (AccessToken) =>
        c"access_token must be 1 to 8192 visible ASCII characters, without blanks, line breaks, quotation marks around it and 'Bearer ' before it",
    LUMA_ERROR_AUTH_SCHEME => c"scheme must be LUMA_AUTH_BEARER or LUMA_AUTH_API_ACCESS_KEY",
    LUMA_ERROR_TIMEOUT_RANGE (TimeoutRange) => c"the timeout must be 1 to 86400000 ms",
    LUMA_ERROR_MAX_RESPONSE_BYTES (MaxResponseBytes) =>
        c"max_response_bytes must be 1 to 1073741824",
    LUMA_ERROR_CA_PEM (CaPem) =>
        c"the PEM text or file has no CA certificate, an invalid one, or a private key",
    LUMA_ERROR_APPLICATION_ID (ApplicationId) =>
        c"application_id must be 1 to 128 visible ASCII characters, with single spaces between words",
    LUMA_ERROR_WORKFLOW_IDENTIFIER (WorkflowIdentifier) =>
        c"the workflow identifier must be 1 to 1024 bytes, not blank, without control characters",
    LUMA_ERROR_VARIABLE_NAME (VariableName) => c"the name of a variable must not be empty",
    LUMA_ERROR_VARIABLES (Variables) => c"the variables must be a JSON object",
    LUMA_ERROR_JSON (Json) => c"the JSON is invalid, or nested deeper than 128 levels",
    LUMA_ERROR_INITIATOR_APPLICATION (InitiatorApplication) =>
        c"the initiator's application id must be a 32-bit integer, and not swapped with the contact's id",
    LUMA_ERROR_LUMA_CHANNEL_ACCOUNT_ID (LumaChannelAccountId) =>
        c"application -2 (Luma/VSA) requires lumaChannelAccountId in the initiation info",
    LUMA_ERROR_TICKET_IDENTIFIER (TicketIdentifier) =>
        c"application -4 (ISM) requires ticketIdentifier in the initiation info",
    LUMA_ERROR_INITIATION_INFO (InitiationInfo) =>
        c"the initiation info must be a JSON object without empty keys",
    LUMA_ERROR_REQUEST_TOO_LARGE (RequestTooLarge) =>
        c"the request, or a string argument, is larger than 16 MiB",
    LUMA_ERROR_INITIATOR_CONTACT (InitiatorContact) =>
        c"the initiator's contact id must be a 64-bit integer",
    LUMA_ERROR_TRIGGER_ID (TriggerId) =>
        c"trigger_id must be 1 to 1024 bytes, not blank, without slash, backslash, '..' and invisible characters",
    LUMA_ERROR_STEP_ID (StepId) =>
        c"step_id must be 1 to 1024 bytes, not blank, without slash, backslash, '..' and invisible characters",
    LUMA_ERROR_TENANT_EXTERNAL_ID (TenantExternalId) =>
        c"tenant_external_id must be 1 to 1024 bytes, not blank, without slash, backslash, '..' and invisible characters",
    LUMA_ERROR_SUPER_ADMIN_TOKEN (SuperAdminToken) =>
        c"super_admin_token must be 1 to 8192 visible ASCII characters, without blanks, line breaks, quotation marks around it and 'Bearer ' before it",
    LUMA_ERROR_FILTER (Filter) => c"filter must be at most 1024 bytes, without control characters",
    LUMA_ERROR_ORDER_BY (OrderBy) =>
        c"order_by must be at most 1024 bytes, without control characters",
    LUMA_ERROR_SKIP => c"skip must not be negative",
    LUMA_ERROR_TOP => c"top must not be negative",
    LUMA_ERROR_PROXY (Proxy) =>
        c"the proxy, as set or as the environment names it, must have the form scheme://[user:password@]host[:port]",
    LUMA_ERROR_POINTER_SYNTAX => c"json_pointer is not a valid JSON pointer (RFC 6901): it is empty or starts with a slash, and writes ~ as ~0 and / as ~1",
    LUMA_ERROR_POINTER_NOT_FOUND => c"the response has no value at json_pointer",
    LUMA_ERROR_POINTER_TYPE => c"the value at json_pointer has another type",
    LUMA_ERROR_POINTER_RANGE => c"the number at json_pointer is not a 64-bit integer",
    LUMA_ERROR_CA_FILE (CaFile) => c"the file of CA certificates cannot be read",
    LUMA_ERROR_CLIENT_CERTIFICATE (ClientCertificate) =>
        c"the client certificate is missing or cannot be read",
    LUMA_ERROR_CLIENT_KEY (ClientKey) =>
        c"the client's private key is missing, encrypted, unusable, or belongs to another certificate",
    LUMA_ERROR_LOG_LEVEL =>
        c"level must be LUMA_LOG_OFF, LUMA_LOG_ERROR, LUMA_LOG_WARN, LUMA_LOG_INFO or LUMA_LOG_DEBUG",
    LUMA_ERROR_REQUEST_ID (RequestId) => c"request_id must be 1 to 128 visible ASCII characters",
    LUMA_ERROR_MAX_IDLE (MaxIdle) => c"max_idle_ms must be 0 to 86400000",
    LUMA_ERROR_MAX_IDLE_CONNECTIONS (MaxIdleConnections) =>
        c"max_idle_connections must be 0 to 1024",
    LUMA_ERROR_HEADER (Header) =>
        c"a header needs a valid name and value, and must not be added twice or be one that the library sets",
    LUMA_ERROR_LOG_FILE (LogFile) => c"the log file cannot be opened, or is not a regular file",
    LUMA_ERROR_CONFIG_FILE_MISSING (ConfigFileMissing) => c"there is no configuration file",
    LUMA_ERROR_CONFIG_FILE_UNREADABLE (ConfigFileUnreadable) =>
        c"the configuration file cannot be read",
    LUMA_ERROR_CONFIG_FILE (ConfigFile) => c"the content of the configuration file is wrong",
    LUMA_ERROR_PROFILE (Profile) => c"the configuration file lacks the profile, or a default one",
    LUMA_ERROR_FILE_PERMISSIONS (FilePermissions) =>
        c"other users can read a file with a secret in it, or change the configuration file",
    LUMA_ERROR_TOKEN_SOURCE (TokenSource) =>
        c"the token file cannot be read, or the token command failed or took too long",
    LUMA_ERROR_ENVIRONMENT (Environment) =>
        c"the LUMA_ variables of the environment contradict each other, or one is empty or invalid",
    LUMA_ERROR_MAX_POLLS_PER_SECOND (MaxPollsPerSecond) =>
        c"polls_per_second must be 1 to 1000",
    LUMA_ERROR_ALREADY_IN_SET (AlreadyInSet) => c"the run is in the set of waits already",
    LUMA_ERROR_NOT_IN_SET (NotInSet) => c"the run is not in the set of waits",
    LUMA_ERROR_NOTHING_CHANGED (NothingChanged) => c"no run changed within the timeout",
    LUMA_ERROR_WOKEN (Woken) => c"luma_wait_set_wake ended the call",
    LUMA_ERROR_SET_EMPTY (SetEmpty) => c"the set of waits is empty: add a run",
    LUMA_ERROR_SET_CLOSED (SetClosed) => c"the set of waits was closed",
    LUMA_ERROR_DNS (Dns) => c"the host name could not be resolved",
    LUMA_ERROR_CONNECT (Connect) => c"no connection could be opened",
    LUMA_ERROR_CONNECT_TIMEOUT (ConnectTimeout) => c"no connection was ready in time",
    LUMA_ERROR_TLS (Tls) => c"TLS failed: check the certificate, the protocol and the trust store",
    LUMA_ERROR_PROXY_FAILED (ProxyFailed) => c"the proxy did not open a tunnel to the gateway",
    LUMA_ERROR_RESPONSE_TIMEOUT (ResponseTimeout) =>
        c"no complete response arrived within the timeout",
    LUMA_ERROR_CONNECTION_LOST (ConnectionLost) =>
        c"the connection closed before the response was complete",
    LUMA_ERROR_INVALID_HTTP (InvalidHttp) => c"the response is not valid HTTP/1.1",
    LUMA_ERROR_RESPONSE_TOO_LARGE (ResponseTooLarge) => c"the response is larger than allowed",
    LUMA_ERROR_CANCELLED (Cancelled) => c"the call was cancelled, or the client was closed",
    LUMA_ERROR_WAIT_TIMEOUT (WaitTimeout) => c"the wait timed out before the run ended",
    LUMA_ERROR_WAIT_STOPPED (WaitStopped) => c"the callback stopped the wait",
    LUMA_ERROR_IN_CALLBACK (InCallback) =>
        c"a callback cannot wait for the end of its own call: use another thread",
    LUMA_ERROR_WAIT_OPEN (WaitOpen) => c"the wait has not ended: poll again later",
    LUMA_ERROR_LIST_INCOMPLETE (ListIncomplete) =>
        c"the list is incomplete: a later page failed, or the list exceeds a limit",
    LUMA_ERROR_VALIDATION (Validation) => c"the gateway found the request invalid",
    LUMA_ERROR_UNAUTHORIZED (Unauthorized) =>
        c"the access token is wrong or no longer valid (HTTP 401)",
    LUMA_ERROR_FORBIDDEN (Forbidden) => c"the access token does not permit this (HTTP 403)",
    LUMA_ERROR_NOT_FOUND (NotFound) =>
        c"the gateway does not know the requested run, step or tenant (HTTP 404)",
    LUMA_ERROR_RATE_LIMITED (RateLimited) => c"too many requests (HTTP 429)",
    LUMA_ERROR_REFUSED (Refused) => c"the gateway refused the request",
    LUMA_ERROR_REDIRECTED (Redirected) =>
        c"the gateway sent a redirect, which is never followed (HTTP 3xx): check base_url",
    LUMA_ERROR_SERVER_FAILED (ServerFailed) =>
        c"the gateway, or a server in front of it, failed (HTTP 408 or 5xx)",
    LUMA_ERROR_UNEXPECTED_RESPONSE (UnexpectedResponse) =>
        c"the response is not from the gateway, or lacks the expected data: check base_url",
    LUMA_ALREADY_ACCEPTED (AlreadyAccepted) =>
        c"the same request with this key was accepted before; nothing was sent now",
    LUMA_ERROR_KEY_IN_PROGRESS (KeyInProgress) =>
        c"another call with this key is in progress; nothing was sent now: call again later with the same key",
    LUMA_ERROR_KEY_UNRESOLVED (KeyUnresolved) =>
        c"the outcome of an earlier call with this key is unknown; nothing was sent now: find out whether the workflow runs, and resolve the key",
    LUMA_ERROR_KEY_OTHER_REQUEST (KeyOtherRequest) =>
        c"a different request with this key was accepted, or may be running: use one key for each request",
    LUMA_ERROR_KEY (Key) => c"key must be 1 to 1024 bytes, not blank, without control characters",
    LUMA_ERROR_KEY_NOT_FOUND (KeyNotFound) => c"the journal knows nothing about the key",
    LUMA_ERROR_KEY_STATE (KeyState) => c"the state of the key does not allow this",
    LUMA_ERROR_JOURNAL_FOLDER (JournalFolder) =>
        c"there is no journal in the folder, or a part of it is missing: check the path, and whether its disk is mounted",
    LUMA_ERROR_JOURNAL_EXISTS (JournalExists) =>
        c"the folder for a new journal must be empty, or not exist yet",
    LUMA_ERROR_JOURNAL_DAMAGED (JournalDamaged) =>
        c"a file of the journal is not from this library, or cannot be understood",
    LUMA_ERROR_JOURNAL_VERSION (JournalVersion) =>
        c"the journal was written by another version of this library: use the newer one",
    LUMA_ERROR_JOURNAL_GATEWAY (JournalGateway) =>
        c"the journal belongs to another gateway than the client",
    LUMA_ERROR_JOURNAL_IO (JournalIo) =>
        c"the journal cannot be read or written: check the disk, its space and the permissions",
    LUMA_ERROR_JOURNAL_NETWORK (JournalNetwork) =>
        c"the journal must not be on a network file system: use a local disk",
    LUMA_ERROR_JOURNAL_NOTE (JournalNote) =>
        c"who and reason must be 1 to 1024 bytes, not blank, without control characters",
    LUMA_ERROR_JOURNAL_AGE => c"older_than_ms must not be negative",
    LUMA_ERROR_JOURNAL_STORE (JournalStore) =>
        c"the store did not claim the key, or digest_secret is empty; nothing was sent",
    LUMA_ERROR_OUT_OF_MEMORY (OutOfMemory) =>
        c"not enough memory for an argument, a request or a response",
    LUMA_ERROR_INTERNAL (Internal) => c"internal error in libluma: please report it",
}

/// Describes a status in one line of English.
///
/// luma_result_message() says more about a particular call.
///
/// @param status Any number.
/// @return A static string; "unknown status" for a number that is not a status.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub extern "C" fn luma_status_message(status: i32) -> *const c_char {
    message(status).as_ptr()
}

/// Returns the name of a status in this header, such as "LUMA_ERROR_UNAUTHORIZED", for logs.
///
/// @param status Any number.
/// @return A static string; "" for a number that is not a status.
/// @note Thread-safe. Does not block.
/// @since 0.1.0
#[luma_stdcall::also]
#[unsafe(no_mangle)]
pub extern "C" fn luma_status_name(status: i32) -> *const c_char {
    name(status).as_ptr()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_have_the_statuses_up_to_79() {
        for kind in KINDS {
            assert_eq!(kind.is_mistake(), from_kind(*kind) < 80, "{kind:?}");
        }
    }
}
