package Luma::Automation::Native;

# Generated from include/luma.h by bindings/generate.py (make bindings). Do not edit.
# Strings are bytes: UTF-8, encoded and decoded by the caller.

use strict;
use warnings;

our %CONSTANTS = (
    LUMA_VERSION_NUMBER => 256,
    LUMA_OK => 0,
    LUMA_ERROR_NULL_ARGUMENT_1 => 1,
    LUMA_ERROR_NULL_ARGUMENT_2 => 2,
    LUMA_ERROR_NULL_ARGUMENT_3 => 3,
    LUMA_ERROR_NULL_ARGUMENT_4 => 4,
    LUMA_ERROR_NULL_ARGUMENT_5 => 5,
    LUMA_ERROR_NULL_ARGUMENT_6 => 6,
    LUMA_ERROR_NULL_ARGUMENT_7 => 7,
    LUMA_ERROR_NULL_ARGUMENT_8 => 8,
    LUMA_ERROR_UTF8_ARGUMENT_1 => 11,
    LUMA_ERROR_UTF8_ARGUMENT_2 => 12,
    LUMA_ERROR_UTF8_ARGUMENT_3 => 13,
    LUMA_ERROR_UTF8_ARGUMENT_4 => 14,
    LUMA_ERROR_UTF8_ARGUMENT_5 => 15,
    LUMA_ERROR_UTF8_ARGUMENT_6 => 16,
    LUMA_ERROR_BASE_URL_SYNTAX => 21,
    LUMA_ERROR_BASE_URL_SCHEME => 22,
    LUMA_ERROR_BASE_URL_USER_INFO => 23,
    LUMA_ERROR_BASE_URL_PORT => 24,
    LUMA_ERROR_BASE_URL_INSECURE => 25,
    LUMA_ERROR_ACCESS_TOKEN => 26,
    LUMA_ERROR_AUTH_SCHEME => 27,
    LUMA_ERROR_TIMEOUT_RANGE => 28,
    LUMA_ERROR_MAX_RESPONSE_BYTES => 29,
    LUMA_ERROR_CA_PEM => 30,
    LUMA_ERROR_APPLICATION_ID => 31,
    LUMA_ERROR_WORKFLOW_IDENTIFIER => 32,
    LUMA_ERROR_VARIABLE_NAME => 33,
    LUMA_ERROR_VARIABLES => 34,
    LUMA_ERROR_JSON => 35,
    LUMA_ERROR_INITIATOR_APPLICATION => 36,
    LUMA_ERROR_LUMA_CHANNEL_ACCOUNT_ID => 37,
    LUMA_ERROR_TICKET_IDENTIFIER => 38,
    LUMA_ERROR_INITIATION_INFO => 39,
    LUMA_ERROR_REQUEST_TOO_LARGE => 40,
    LUMA_ERROR_INITIATOR_CONTACT => 41,
    LUMA_ERROR_TRIGGER_ID => 42,
    LUMA_ERROR_STEP_ID => 43,
    LUMA_ERROR_TENANT_EXTERNAL_ID => 44,
    LUMA_ERROR_SUPER_ADMIN_TOKEN => 45,
    LUMA_ERROR_FILTER => 46,
    LUMA_ERROR_ORDER_BY => 47,
    LUMA_ERROR_SKIP => 48,
    LUMA_ERROR_TOP => 49,
    LUMA_ERROR_PROXY => 50,
    LUMA_ERROR_POINTER_SYNTAX => 51,
    LUMA_ERROR_POINTER_NOT_FOUND => 52,
    LUMA_ERROR_POINTER_TYPE => 53,
    LUMA_ERROR_POINTER_RANGE => 54,
    LUMA_ERROR_CA_FILE => 55,
    LUMA_ERROR_CLIENT_CERTIFICATE => 56,
    LUMA_ERROR_CLIENT_KEY => 57,
    LUMA_ERROR_LOG_LEVEL => 58,
    LUMA_ERROR_REQUEST_ID => 59,
    LUMA_ERROR_MAX_IDLE => 60,
    LUMA_ERROR_MAX_IDLE_CONNECTIONS => 61,
    LUMA_ERROR_HEADER => 62,
    LUMA_ERROR_LOG_FILE => 63,
    LUMA_ERROR_CONFIG_FILE_MISSING => 71,
    LUMA_ERROR_CONFIG_FILE_UNREADABLE => 72,
    LUMA_ERROR_CONFIG_FILE => 73,
    LUMA_ERROR_PROFILE => 74,
    LUMA_ERROR_FILE_PERMISSIONS => 75,
    LUMA_ERROR_TOKEN_SOURCE => 76,
    LUMA_ERROR_ENVIRONMENT => 77,
    LUMA_ERROR_IN_CALLBACK => 80,
    LUMA_ERROR_MAX_POLLS_PER_SECOND => 85,
    LUMA_ERROR_ALREADY_IN_SET => 86,
    LUMA_ERROR_NOT_IN_SET => 87,
    LUMA_ERROR_NOTHING_CHANGED => 88,
    LUMA_ERROR_WOKEN => 89,
    LUMA_ERROR_SET_EMPTY => 90,
    LUMA_ERROR_SET_CLOSED => 91,
    LUMA_ERROR_DNS => 100,
    LUMA_ERROR_CONNECT => 101,
    LUMA_ERROR_CONNECT_TIMEOUT => 102,
    LUMA_ERROR_TLS => 103,
    LUMA_ERROR_PROXY_FAILED => 104,
    LUMA_ERROR_RESPONSE_TIMEOUT => 110,
    LUMA_ERROR_CONNECTION_LOST => 111,
    LUMA_ERROR_INVALID_HTTP => 112,
    LUMA_ERROR_RESPONSE_TOO_LARGE => 113,
    LUMA_ERROR_CANCELLED => 114,
    LUMA_ERROR_WAIT_TIMEOUT => 120,
    LUMA_ERROR_WAIT_STOPPED => 121,
    LUMA_ERROR_WAIT_OPEN => 122,
    LUMA_ERROR_LIST_INCOMPLETE => 130,
    LUMA_ERROR_VALIDATION => 200,
    LUMA_ERROR_UNAUTHORIZED => 201,
    LUMA_ERROR_FORBIDDEN => 202,
    LUMA_ERROR_NOT_FOUND => 203,
    LUMA_ERROR_RATE_LIMITED => 204,
    LUMA_ERROR_REFUSED => 205,
    LUMA_ERROR_REDIRECTED => 206,
    LUMA_ERROR_SERVER_FAILED => 207,
    LUMA_ERROR_UNEXPECTED_RESPONSE => 208,
    LUMA_ALREADY_ACCEPTED => 300,
    LUMA_ERROR_KEY_IN_PROGRESS => 301,
    LUMA_ERROR_KEY_UNRESOLVED => 302,
    LUMA_ERROR_KEY_OTHER_REQUEST => 303,
    LUMA_ERROR_KEY => 304,
    LUMA_ERROR_KEY_NOT_FOUND => 305,
    LUMA_ERROR_KEY_STATE => 306,
    LUMA_ERROR_JOURNAL_FOLDER => 310,
    LUMA_ERROR_JOURNAL_EXISTS => 311,
    LUMA_ERROR_JOURNAL_DAMAGED => 312,
    LUMA_ERROR_JOURNAL_VERSION => 313,
    LUMA_ERROR_JOURNAL_GATEWAY => 314,
    LUMA_ERROR_JOURNAL_IO => 315,
    LUMA_ERROR_JOURNAL_NETWORK => 316,
    LUMA_ERROR_JOURNAL_NOTE => 317,
    LUMA_ERROR_JOURNAL_AGE => 318,
    LUMA_ERROR_JOURNAL_STORE => 319,
    LUMA_ERROR_OUT_OF_MEMORY => 800,
    LUMA_ERROR_INTERNAL => 900,
    LUMA_OUTCOME_ACCEPTED => 1,
    LUMA_OUTCOME_REJECTED => 2,
    LUMA_OUTCOME_NOT_SENT => 3,
    LUMA_OUTCOME_UNKNOWN => 4,
    LUMA_RUN_NONE => 0,
    LUMA_RUN_RUNNING => 1,
    LUMA_RUN_SUSPENDED => 2,
    LUMA_RUN_ACTIVATED => 3,
    LUMA_RUN_COMPLETED => 4,
    LUMA_RUN_FAILED => 5,
    LUMA_RUN_TERMINATED => 6,
    LUMA_RUN_OTHER => 7,
    LUMA_COUNTER_CALLS_ACCEPTED => 1,
    LUMA_COUNTER_CALLS_REJECTED => 2,
    LUMA_COUNTER_CALLS_NOT_SENT => 3,
    LUMA_COUNTER_CALLS_UNKNOWN => 4,
    LUMA_COUNTER_RETRIES => 5,
    LUMA_COUNTER_CONNECTIONS_OPENED => 6,
    LUMA_COUNTER_CONNECTIONS_REUSED => 7,
    LUMA_COUNTER_BYTES_SENT => 8,
    LUMA_COUNTER_BYTES_RECEIVED => 9,
    LUMA_COUNTER_WAITS_OPEN => 10,
    LUMA_AUTH_BEARER => 1,
    LUMA_AUTH_API_ACCESS_KEY => 2,
    LUMA_LOG_OFF => 0,
    LUMA_LOG_ERROR => 1,
    LUMA_LOG_WARN => 2,
    LUMA_LOG_INFO => 3,
    LUMA_LOG_DEBUG => 4,
    LUMA_APPLICATION_LUMA => -2,
    LUMA_APPLICATION_ISM => -4,
    LUMA_APPLICATION_CHANGEGEAR => -7,
    LUMA_APPLICATION_POB => -8,
    LUMA_CLAIM_GRANTED => 1,
    LUMA_CLAIM_ACCEPTED => 2,
    LUMA_CLAIM_IN_PROGRESS => 3,
    LUMA_CLAIM_UNRESOLVED => 4,
    LUMA_CLAIM_OTHER_REQUEST => 5,
    LUMA_JSON_ABSENT => 0,
    LUMA_JSON_NULL => 1,
    LUMA_JSON_BOOL => 2,
    LUMA_JSON_NUMBER => 3,
    LUMA_JSON_STRING => 4,
    LUMA_JSON_ARRAY => 5,
    LUMA_JSON_OBJECT => 6,
    LUMA_TIMING_DNS => 1,
    LUMA_TIMING_CONNECT => 2,
    LUMA_TIMING_TLS => 3,
    LUMA_TIMING_FIRST_BYTE => 4,
    LUMA_TIMING_TOTAL => 5,
);

use constant {
    LUMA_VERSION_NUMBER => 256,
    LUMA_OK => 0,
    LUMA_ERROR_NULL_ARGUMENT_1 => 1,
    LUMA_ERROR_NULL_ARGUMENT_2 => 2,
    LUMA_ERROR_NULL_ARGUMENT_3 => 3,
    LUMA_ERROR_NULL_ARGUMENT_4 => 4,
    LUMA_ERROR_NULL_ARGUMENT_5 => 5,
    LUMA_ERROR_NULL_ARGUMENT_6 => 6,
    LUMA_ERROR_NULL_ARGUMENT_7 => 7,
    LUMA_ERROR_NULL_ARGUMENT_8 => 8,
    LUMA_ERROR_UTF8_ARGUMENT_1 => 11,
    LUMA_ERROR_UTF8_ARGUMENT_2 => 12,
    LUMA_ERROR_UTF8_ARGUMENT_3 => 13,
    LUMA_ERROR_UTF8_ARGUMENT_4 => 14,
    LUMA_ERROR_UTF8_ARGUMENT_5 => 15,
    LUMA_ERROR_UTF8_ARGUMENT_6 => 16,
    LUMA_ERROR_BASE_URL_SYNTAX => 21,
    LUMA_ERROR_BASE_URL_SCHEME => 22,
    LUMA_ERROR_BASE_URL_USER_INFO => 23,
    LUMA_ERROR_BASE_URL_PORT => 24,
    LUMA_ERROR_BASE_URL_INSECURE => 25,
    LUMA_ERROR_ACCESS_TOKEN => 26,
    LUMA_ERROR_AUTH_SCHEME => 27,
    LUMA_ERROR_TIMEOUT_RANGE => 28,
    LUMA_ERROR_MAX_RESPONSE_BYTES => 29,
    LUMA_ERROR_CA_PEM => 30,
    LUMA_ERROR_APPLICATION_ID => 31,
    LUMA_ERROR_WORKFLOW_IDENTIFIER => 32,
    LUMA_ERROR_VARIABLE_NAME => 33,
    LUMA_ERROR_VARIABLES => 34,
    LUMA_ERROR_JSON => 35,
    LUMA_ERROR_INITIATOR_APPLICATION => 36,
    LUMA_ERROR_LUMA_CHANNEL_ACCOUNT_ID => 37,
    LUMA_ERROR_TICKET_IDENTIFIER => 38,
    LUMA_ERROR_INITIATION_INFO => 39,
    LUMA_ERROR_REQUEST_TOO_LARGE => 40,
    LUMA_ERROR_INITIATOR_CONTACT => 41,
    LUMA_ERROR_TRIGGER_ID => 42,
    LUMA_ERROR_STEP_ID => 43,
    LUMA_ERROR_TENANT_EXTERNAL_ID => 44,
    LUMA_ERROR_SUPER_ADMIN_TOKEN => 45,
    LUMA_ERROR_FILTER => 46,
    LUMA_ERROR_ORDER_BY => 47,
    LUMA_ERROR_SKIP => 48,
    LUMA_ERROR_TOP => 49,
    LUMA_ERROR_PROXY => 50,
    LUMA_ERROR_POINTER_SYNTAX => 51,
    LUMA_ERROR_POINTER_NOT_FOUND => 52,
    LUMA_ERROR_POINTER_TYPE => 53,
    LUMA_ERROR_POINTER_RANGE => 54,
    LUMA_ERROR_CA_FILE => 55,
    LUMA_ERROR_CLIENT_CERTIFICATE => 56,
    LUMA_ERROR_CLIENT_KEY => 57,
    LUMA_ERROR_LOG_LEVEL => 58,
    LUMA_ERROR_REQUEST_ID => 59,
    LUMA_ERROR_MAX_IDLE => 60,
    LUMA_ERROR_MAX_IDLE_CONNECTIONS => 61,
    LUMA_ERROR_HEADER => 62,
    LUMA_ERROR_LOG_FILE => 63,
    LUMA_ERROR_CONFIG_FILE_MISSING => 71,
    LUMA_ERROR_CONFIG_FILE_UNREADABLE => 72,
    LUMA_ERROR_CONFIG_FILE => 73,
    LUMA_ERROR_PROFILE => 74,
    LUMA_ERROR_FILE_PERMISSIONS => 75,
    LUMA_ERROR_TOKEN_SOURCE => 76,
    LUMA_ERROR_ENVIRONMENT => 77,
    LUMA_ERROR_IN_CALLBACK => 80,
    LUMA_ERROR_MAX_POLLS_PER_SECOND => 85,
    LUMA_ERROR_ALREADY_IN_SET => 86,
    LUMA_ERROR_NOT_IN_SET => 87,
    LUMA_ERROR_NOTHING_CHANGED => 88,
    LUMA_ERROR_WOKEN => 89,
    LUMA_ERROR_SET_EMPTY => 90,
    LUMA_ERROR_SET_CLOSED => 91,
    LUMA_ERROR_DNS => 100,
    LUMA_ERROR_CONNECT => 101,
    LUMA_ERROR_CONNECT_TIMEOUT => 102,
    LUMA_ERROR_TLS => 103,
    LUMA_ERROR_PROXY_FAILED => 104,
    LUMA_ERROR_RESPONSE_TIMEOUT => 110,
    LUMA_ERROR_CONNECTION_LOST => 111,
    LUMA_ERROR_INVALID_HTTP => 112,
    LUMA_ERROR_RESPONSE_TOO_LARGE => 113,
    LUMA_ERROR_CANCELLED => 114,
    LUMA_ERROR_WAIT_TIMEOUT => 120,
    LUMA_ERROR_WAIT_STOPPED => 121,
    LUMA_ERROR_WAIT_OPEN => 122,
    LUMA_ERROR_LIST_INCOMPLETE => 130,
    LUMA_ERROR_VALIDATION => 200,
    LUMA_ERROR_UNAUTHORIZED => 201,
    LUMA_ERROR_FORBIDDEN => 202,
    LUMA_ERROR_NOT_FOUND => 203,
    LUMA_ERROR_RATE_LIMITED => 204,
    LUMA_ERROR_REFUSED => 205,
    LUMA_ERROR_REDIRECTED => 206,
    LUMA_ERROR_SERVER_FAILED => 207,
    LUMA_ERROR_UNEXPECTED_RESPONSE => 208,
    LUMA_ALREADY_ACCEPTED => 300,
    LUMA_ERROR_KEY_IN_PROGRESS => 301,
    LUMA_ERROR_KEY_UNRESOLVED => 302,
    LUMA_ERROR_KEY_OTHER_REQUEST => 303,
    LUMA_ERROR_KEY => 304,
    LUMA_ERROR_KEY_NOT_FOUND => 305,
    LUMA_ERROR_KEY_STATE => 306,
    LUMA_ERROR_JOURNAL_FOLDER => 310,
    LUMA_ERROR_JOURNAL_EXISTS => 311,
    LUMA_ERROR_JOURNAL_DAMAGED => 312,
    LUMA_ERROR_JOURNAL_VERSION => 313,
    LUMA_ERROR_JOURNAL_GATEWAY => 314,
    LUMA_ERROR_JOURNAL_IO => 315,
    LUMA_ERROR_JOURNAL_NETWORK => 316,
    LUMA_ERROR_JOURNAL_NOTE => 317,
    LUMA_ERROR_JOURNAL_AGE => 318,
    LUMA_ERROR_JOURNAL_STORE => 319,
    LUMA_ERROR_OUT_OF_MEMORY => 800,
    LUMA_ERROR_INTERNAL => 900,
    LUMA_OUTCOME_ACCEPTED => 1,
    LUMA_OUTCOME_REJECTED => 2,
    LUMA_OUTCOME_NOT_SENT => 3,
    LUMA_OUTCOME_UNKNOWN => 4,
    LUMA_RUN_NONE => 0,
    LUMA_RUN_RUNNING => 1,
    LUMA_RUN_SUSPENDED => 2,
    LUMA_RUN_ACTIVATED => 3,
    LUMA_RUN_COMPLETED => 4,
    LUMA_RUN_FAILED => 5,
    LUMA_RUN_TERMINATED => 6,
    LUMA_RUN_OTHER => 7,
    LUMA_COUNTER_CALLS_ACCEPTED => 1,
    LUMA_COUNTER_CALLS_REJECTED => 2,
    LUMA_COUNTER_CALLS_NOT_SENT => 3,
    LUMA_COUNTER_CALLS_UNKNOWN => 4,
    LUMA_COUNTER_RETRIES => 5,
    LUMA_COUNTER_CONNECTIONS_OPENED => 6,
    LUMA_COUNTER_CONNECTIONS_REUSED => 7,
    LUMA_COUNTER_BYTES_SENT => 8,
    LUMA_COUNTER_BYTES_RECEIVED => 9,
    LUMA_COUNTER_WAITS_OPEN => 10,
    LUMA_AUTH_BEARER => 1,
    LUMA_AUTH_API_ACCESS_KEY => 2,
    LUMA_LOG_OFF => 0,
    LUMA_LOG_ERROR => 1,
    LUMA_LOG_WARN => 2,
    LUMA_LOG_INFO => 3,
    LUMA_LOG_DEBUG => 4,
    LUMA_APPLICATION_LUMA => -2,
    LUMA_APPLICATION_ISM => -4,
    LUMA_APPLICATION_CHANGEGEAR => -7,
    LUMA_APPLICATION_POB => -8,
    LUMA_CLAIM_GRANTED => 1,
    LUMA_CLAIM_ACCEPTED => 2,
    LUMA_CLAIM_IN_PROGRESS => 3,
    LUMA_CLAIM_UNRESOLVED => 4,
    LUMA_CLAIM_OTHER_REQUEST => 5,
    LUMA_JSON_ABSENT => 0,
    LUMA_JSON_NULL => 1,
    LUMA_JSON_BOOL => 2,
    LUMA_JSON_NUMBER => 3,
    LUMA_JSON_STRING => 4,
    LUMA_JSON_ARRAY => 5,
    LUMA_JSON_OBJECT => 6,
    LUMA_TIMING_DNS => 1,
    LUMA_TIMING_CONNECT => 2,
    LUMA_TIMING_TLS => 3,
    LUMA_TIMING_FIRST_BYTE => 4,
    LUMA_TIMING_TOTAL => 5,
};

# Declares the types of the callbacks and attaches every function to this package.
sub attach {
    my ($ffi) = @_;
    $ffi->type('(opaque, size_t, opaque)->size_t' => 'luma_token_fn');
    $ffi->type('(opaque)->void' => 'luma_free_fn');
    $ffi->type('(sint32, string, opaque)->void' => 'luma_log_fn');
    $ffi->type('(opaque, opaque)->sint32' => 'luma_poll_fn');
    $ffi->type('(string, string, string, opaque, size_t, opaque)->sint32' => 'luma_claim_fn');
    $ffi->type('(string, sint32, string, opaque)->sint32' => 'luma_complete_fn');
    $ffi->attach(luma_version => [] => 'string');
    $ffi->attach(luma_status_message => ['sint32'] => 'string');
    $ffi->attach(luma_status_name => ['sint32'] => 'string');
    $ffi->attach(luma_outcome_name => ['sint32'] => 'string');
    $ffi->attach(luma_run_status_name => ['sint32'] => 'string');
    $ffi->attach(luma_run_status_is_final => ['sint32'] => 'sint32');
    $ffi->attach(luma_counter_name => ['sint32'] => 'string');
    $ffi->attach(luma_config_new => ['string', 'string', 'opaque*'] => 'sint32');
    $ffi->attach(luma_config_new_with_reason => ['string', 'string', 'opaque*', 'opaque*'] => 'sint32');
    $ffi->attach(luma_config_new_from_file => ['string', 'string', 'opaque*', 'opaque*'] => 'sint32');
    $ffi->attach(luma_config_new_from_environment => ['opaque*', 'opaque*'] => 'sint32');
    $ffi->attach(luma_config_set_token_provider => ['opaque', 'luma_token_fn', 'opaque'] => 'sint32');
    $ffi->attach(luma_config_set_token_provider_with_free => ['opaque', 'luma_token_fn', 'opaque', 'luma_free_fn'] => 'sint32');
    $ffi->attach(luma_config_set_auth_scheme => ['opaque', 'sint32'] => 'sint32');
    $ffi->attach(luma_config_add_header => ['opaque', 'string', 'string'] => 'sint32');
    $ffi->attach(luma_config_set_connect_timeout_ms => ['opaque', 'sint64'] => 'sint32');
    $ffi->attach(luma_config_set_timeout_ms => ['opaque', 'sint64'] => 'sint32');
    $ffi->attach(luma_config_set_max_response_bytes => ['opaque', 'sint64'] => 'sint32');
    $ffi->attach(luma_config_set_trigger_max_idle_ms => ['opaque', 'sint64'] => 'sint32');
    $ffi->attach(luma_config_set_read_max_idle_ms => ['opaque', 'sint64'] => 'sint32');
    $ffi->attach(luma_config_set_max_idle_connections => ['opaque', 'sint64'] => 'sint32');
    $ffi->attach(luma_config_set_retries => ['opaque', 'sint32'] => 'sint32');
    $ffi->attach(luma_config_set_log => ['opaque', 'sint32', 'luma_log_fn', 'opaque'] => 'sint32');
    $ffi->attach(luma_config_set_log_with_free => ['opaque', 'sint32', 'luma_log_fn', 'opaque', 'luma_free_fn'] => 'sint32');
    $ffi->attach(luma_config_log_to_file => ['opaque', 'sint32', 'string'] => 'sint32');
    $ffi->attach(luma_config_log_to_json_file => ['opaque', 'sint32', 'string'] => 'sint32');
    $ffi->attach(luma_config_set_allow_http => ['opaque', 'sint32'] => 'sint32');
    $ffi->attach(luma_config_set_ca_pem => ['opaque', 'string'] => 'sint32');
    $ffi->attach(luma_config_set_ca_file => ['opaque', 'string'] => 'sint32');
    $ffi->attach(luma_config_add_ca_pem => ['opaque', 'string'] => 'sint32');
    $ffi->attach(luma_config_add_ca_file => ['opaque', 'string'] => 'sint32');
    $ffi->attach(luma_config_set_client_certificate_pem => ['opaque', 'string', 'string'] => 'sint32');
    $ffi->attach(luma_config_set_client_certificate_file => ['opaque', 'string', 'string'] => 'sint32');
    $ffi->attach(luma_config_set_proxy => ['opaque', 'string'] => 'sint32');
    $ffi->attach(luma_config_set_auto_proxy => ['opaque', 'sint32'] => 'sint32');
    $ffi->attach(luma_config_set_application_id => ['opaque', 'string'] => 'sint32');
    $ffi->attach(luma_config_journal_folder => ['opaque'] => 'string');
    $ffi->attach(luma_config_message => ['opaque'] => 'string');
    $ffi->attach(luma_config_free => ['opaque'] => 'void');
    $ffi->attach(luma_log_level_name => ['sint32'] => 'string');
    $ffi->attach(luma_trigger_request_new => ['string', 'opaque*'] => 'sint32');
    $ffi->attach(luma_trigger_request_new_with_reason => ['string', 'opaque*', 'opaque*'] => 'sint32');
    $ffi->attach(luma_trigger_request_set_variable => ['opaque', 'string', 'string'] => 'sint32');
    $ffi->attach(luma_trigger_request_set_secret_variable => ['opaque', 'string', 'string'] => 'sint32');
    $ffi->attach(luma_trigger_request_set_variable_json => ['opaque', 'string', 'string'] => 'sint32');
    $ffi->attach(luma_trigger_request_set_variable_int64 => ['opaque', 'string', 'sint64'] => 'sint32');
    $ffi->attach(luma_trigger_request_set_variable_double => ['opaque', 'string', 'double'] => 'sint32');
    $ffi->attach(luma_trigger_request_set_variable_bool => ['opaque', 'string', 'sint32'] => 'sint32');
    $ffi->attach(luma_trigger_request_set_variables_json => ['opaque', 'string'] => 'sint32');
    $ffi->attach(luma_trigger_request_set_initiator => ['opaque', 'sint64', 'sint64'] => 'sint32');
    $ffi->attach(luma_trigger_request_set_initiation_info => ['opaque', 'string', 'string'] => 'sint32');
    $ffi->attach(luma_trigger_request_message => ['opaque'] => 'string');
    $ffi->attach(luma_trigger_request_exclude_from_digest => ['opaque', 'string'] => 'sint32');
    $ffi->attach(luma_trigger_request_free => ['opaque'] => 'void');
    $ffi->attach(luma_client_new => ['string', 'string', 'opaque*'] => 'sint32');
    $ffi->attach(luma_client_new_with_config => ['opaque', 'opaque*'] => 'sint32');
    $ffi->attach(luma_client_new_with_reason => ['opaque', 'opaque*', 'opaque*'] => 'sint32');
    $ffi->attach(luma_client_new_from_environment => ['opaque*', 'opaque*'] => 'sint32');
    $ffi->attach(luma_client_with_request_id => ['opaque', 'string', 'opaque*'] => 'sint32');
    $ffi->attach(luma_client_with_timeout_ms => ['opaque', 'sint64', 'opaque*'] => 'sint32');
    $ffi->attach(luma_client_with_own_cancel => ['opaque', 'opaque*'] => 'sint32');
    $ffi->attach(luma_client_set_access_token => ['opaque', 'string'] => 'sint32');
    $ffi->attach(luma_client_set_access_token_with_reason => ['opaque', 'string', 'opaque*'] => 'sint32');
    $ffi->attach(luma_client_cancel => ['opaque'] => 'sint32');
    $ffi->attach(luma_client_close => ['opaque'] => 'sint32');
    $ffi->attach(luma_client_drain => ['opaque', 'sint64'] => 'sint32');
    $ffi->attach(luma_client_counter => ['opaque', 'sint32'] => 'sint64');
    $ffi->attach(luma_client_free => ['opaque'] => 'void');
    $ffi->attach(luma_client_connect => ['opaque', 'opaque*'] => 'sint32');
    $ffi->attach(luma_trigger_workflow => ['opaque', 'opaque', 'opaque*'] => 'sint32');
    $ffi->attach(luma_trigger_workflow_json => ['opaque', 'string', 'opaque*'] => 'sint32');
    $ffi->attach(luma_wait_for_workflow => ['opaque', 'string', 'sint64', 'luma_poll_fn', 'opaque', 'opaque*'] => 'sint32');
    $ffi->attach(luma_wait_for_workflow_or_suspension => ['opaque', 'string', 'sint64', 'luma_poll_fn', 'opaque', 'opaque*'] => 'sint32');
    $ffi->attach(luma_get_workflow_history => ['opaque', 'string', 'opaque*'] => 'sint32');
    $ffi->attach(luma_list_workflow_steps => ['opaque', 'string', 'string', 'string', 'sint64', 'sint64', 'opaque*'] => 'sint32');
    $ffi->attach(luma_get_workflow_step => ['opaque', 'string', 'string', 'opaque*'] => 'sint32');
    $ffi->attach(luma_generate_launch_url => ['opaque', 'string', 'opaque*'] => 'sint32');
    $ffi->attach(luma_list_workflow_definitions => ['opaque', 'string', 'string', 'sint64', 'sint64', 'opaque*'] => 'sint32');
    $ffi->attach(luma_regenerate_tenant_token => ['opaque', 'string', 'string', 'opaque*'] => 'sint32');
    $ffi->attach(luma_journal_create => ['string', 'string', 'opaque*'] => 'sint32');
    $ffi->attach(luma_journal_open => ['string', 'opaque*', 'opaque*'] => 'sint32');
    $ffi->attach(luma_trigger_workflow_once => ['opaque', 'opaque', 'string', 'opaque', 'opaque*'] => 'sint32');
    $ffi->attach(luma_trigger_workflow_once_with_store => ['opaque', 'luma_claim_fn', 'luma_complete_fn', 'opaque', 'string', 'string', 'opaque', 'opaque*'] => 'sint32');
    $ffi->attach(luma_journal_find => ['opaque', 'string', 'opaque*'] => 'sint32');
    $ffi->attach(luma_journal_unfinished => ['opaque', 'opaque*'] => 'sint32');
    $ffi->attach(luma_journal_acknowledge => ['opaque', 'string', 'opaque*'] => 'sint32');
    $ffi->attach(luma_journal_resolve => ['opaque', 'string', 'string', 'string', 'string', 'opaque*'] => 'sint32');
    $ffi->attach(luma_journal_new_attempt => ['opaque', 'string', 'string', 'string', 'opaque*'] => 'sint32');
    $ffi->attach(luma_journal_prune => ['opaque', 'sint64', 'opaque*'] => 'sint32');
    $ffi->attach(luma_journal_free => ['opaque'] => 'void');
    $ffi->attach(luma_wait_new => ['opaque', 'string', 'sint64', 'opaque*'] => 'sint32');
    $ffi->attach(luma_wait_set_until_suspended => ['opaque', 'sint32'] => 'sint32');
    $ffi->attach(luma_wait_poll => ['opaque', 'opaque*'] => 'sint32');
    $ffi->attach(luma_wait_next_poll_ms => ['opaque'] => 'sint64');
    $ffi->attach(luma_wait_free => ['opaque'] => 'void');
    $ffi->attach(luma_wait_set_new => ['opaque', 'opaque*'] => 'sint32');
    $ffi->attach(luma_wait_set_max_polls_per_second => ['opaque', 'sint64'] => 'sint32');
    $ffi->attach(luma_wait_set_add => ['opaque', 'string', 'sint64', 'opaque'] => 'sint32');
    $ffi->attach(luma_wait_set_remove => ['opaque', 'string'] => 'sint32');
    $ffi->attach(luma_wait_set_next => ['opaque', 'sint64', 'opaque*', 'opaque*'] => 'sint32');
    $ffi->attach(luma_wait_set_count => ['opaque'] => 'size_t');
    $ffi->attach(luma_wait_set_wake => ['opaque'] => 'sint32');
    $ffi->attach(luma_wait_set_close => ['opaque'] => 'sint32');
    $ffi->attach(luma_wait_set_free => ['opaque'] => 'void');
    $ffi->attach(luma_result_free => ['opaque'] => 'void');
    $ffi->attach(luma_result_status => ['opaque'] => 'sint32');
    $ffi->attach(luma_result_page_status => ['opaque'] => 'sint32');
    $ffi->attach(luma_result_outcome => ['opaque'] => 'sint32');
    $ffi->attach(luma_result_http_status => ['opaque'] => 'sint32');
    $ffi->attach(luma_result_message => ['opaque'] => 'string');
    $ffi->attach(luma_result_error_count => ['opaque'] => 'size_t');
    $ffi->attach(luma_result_error => ['opaque', 'size_t'] => 'string');
    $ffi->attach(luma_result_retry_after_ms => ['opaque'] => 'sint64');
    $ffi->attach(luma_result_trigger_id => ['opaque'] => 'string');
    $ffi->attach(luma_result_run_status => ['opaque'] => 'sint32');
    $ffi->attach(luma_result_run_status_text => ['opaque'] => 'string');
    $ffi->attach(luma_result_run_start_time_ms => ['opaque'] => 'sint64');
    $ffi->attach(luma_result_run_end_time_ms => ['opaque'] => 'sint64');
    $ffi->attach(luma_result_run_time_spent_ms => ['opaque'] => 'sint64');
    $ffi->attach(luma_result_poll_count => ['opaque'] => 'sint32');
    $ffi->attach(luma_result_wait_elapsed_ms => ['opaque'] => 'sint64');
    $ffi->attach(luma_result_step_count => ['opaque'] => 'size_t');
    $ffi->attach(luma_result_step_id => ['opaque', 'size_t'] => 'string');
    $ffi->attach(luma_result_step_name => ['opaque', 'size_t'] => 'string');
    $ffi->attach(luma_result_step_status => ['opaque', 'size_t'] => 'sint32');
    $ffi->attach(luma_result_step_status_text => ['opaque', 'size_t'] => 'string');
    $ffi->attach(luma_result_step_start_time_ms => ['opaque', 'size_t'] => 'sint64');
    $ffi->attach(luma_result_step_end_time_ms => ['opaque', 'size_t'] => 'sint64');
    $ffi->attach(luma_result_step_time_spent_ms => ['opaque', 'size_t'] => 'sint64');
    $ffi->attach(luma_result_definition_count => ['opaque'] => 'size_t');
    $ffi->attach(luma_result_definition_identifier => ['opaque', 'size_t'] => 'string');
    $ffi->attach(luma_result_definition_name => ['opaque', 'size_t'] => 'string');
    $ffi->attach(luma_result_definition_description => ['opaque', 'size_t'] => 'string');
    $ffi->attach(luma_result_launch_url => ['opaque'] => 'string');
    $ffi->attach(luma_result_access_token => ['opaque'] => 'string');
    $ffi->attach(luma_result_parameter_count => ['opaque'] => 'size_t');
    $ffi->attach(luma_result_parameter_name => ['opaque', 'size_t'] => 'string');
    $ffi->attach(luma_result_parameter_value => ['opaque', 'size_t'] => 'string');
    $ffi->attach(luma_result_parameter_data_type => ['opaque', 'size_t'] => 'string');
    $ffi->attach(luma_result_parameter_caption => ['opaque', 'size_t'] => 'string');
    $ffi->attach(luma_result_parameter_description => ['opaque', 'size_t'] => 'string');
    $ffi->attach(luma_result_definition_parameter_count => ['opaque', 'size_t'] => 'size_t');
    $ffi->attach(luma_result_definition_parameter_name => ['opaque', 'size_t', 'size_t'] => 'string');
    $ffi->attach(luma_result_definition_parameter_data_type => ['opaque', 'size_t', 'size_t'] => 'string');
    $ffi->attach(luma_result_definition_parameter_required => ['opaque', 'size_t', 'size_t'] => 'sint32');
    $ffi->attach(luma_result_definition_parameter_caption => ['opaque', 'size_t', 'size_t'] => 'string');
    $ffi->attach(luma_result_definition_parameter_description => ['opaque', 'size_t', 'size_t'] => 'string');
    $ffi->attach(luma_result_json => ['opaque'] => 'string');
    $ffi->attach(luma_result_json_length => ['opaque'] => 'size_t');
    $ffi->attach(luma_result_json_type => ['opaque', 'string'] => 'sint32');
    $ffi->attach(luma_result_string => ['opaque', 'string'] => 'string');
    $ffi->attach(luma_result_string_length => ['opaque', 'string'] => 'size_t');
    $ffi->attach(luma_result_text => ['opaque', 'string', 'opaque*', 'size_t*'] => 'sint32');
    $ffi->attach(luma_result_int64 => ['opaque', 'string', 'sint64*'] => 'sint32');
    $ffi->attach(luma_result_bool => ['opaque', 'string', 'sint32*'] => 'sint32');
    $ffi->attach(luma_result_count => ['opaque', 'string', 'size_t*'] => 'sint32');
    $ffi->attach(luma_result_request_id => ['opaque'] => 'string');
    $ffi->attach(luma_result_attempts => ['opaque'] => 'sint32');
    $ffi->attach(luma_result_timing_us => ['opaque', 'sint32'] => 'sint64');
    $ffi->attach(luma_result_connection_reused => ['opaque'] => 'sint32');
    $ffi->attach(luma_result_peer_address => ['opaque'] => 'string');
    $ffi->attach(luma_result_tls_version => ['opaque'] => 'string');
    $ffi->attach(luma_result_certificate_expires_ms => ['opaque'] => 'sint64');
    $ffi->attach(luma_result_journal_key => ['opaque'] => 'string');
    $ffi->attach(luma_result_journal_time_ms => ['opaque'] => 'sint64');
    $ffi->attach(luma_result_journal_recorded => ['opaque'] => 'sint32');
    $ffi->attach(luma_result_journal_count => ['opaque'] => 'size_t');
    return;
}

1;
