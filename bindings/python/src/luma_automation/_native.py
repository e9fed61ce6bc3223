"""The functions and constants of luma.h.

Generated from include/luma.h by bindings/generate.py (make bindings). Do not edit.
"""

from ctypes import (CDLL, CFUNCTYPE, POINTER, c_char_p, c_double, c_int32, c_int64, c_size_t,
                    c_void_p)
from typing import Any, Callable, Optional, Union

Pointer = Union[c_void_p, int, None]
Out = Any  # byref() of the value, or None

TokenFn = CFUNCTYPE(
    c_size_t, c_void_p, c_size_t, c_void_p)
FreeFn = CFUNCTYPE(
    None, c_void_p)
LogFn = CFUNCTYPE(
    None, c_int32, c_char_p, c_void_p)
PollFn = CFUNCTYPE(
    c_int32, c_void_p, c_void_p)
ClaimFn = CFUNCTYPE(
    c_int32, c_char_p, c_char_p, c_char_p, c_void_p, c_size_t, c_void_p)
CompleteFn = CFUNCTYPE(
    c_int32, c_char_p, c_int32, c_char_p, c_void_p)

VERSION = "0.1.0"

CONSTANTS = {
    "LUMA_VERSION_NUMBER": 256,
    "LUMA_OK": 0,
    "LUMA_ERROR_NULL_ARGUMENT_1": 1,
    "LUMA_ERROR_NULL_ARGUMENT_2": 2,
    "LUMA_ERROR_NULL_ARGUMENT_3": 3,
    "LUMA_ERROR_NULL_ARGUMENT_4": 4,
    "LUMA_ERROR_NULL_ARGUMENT_5": 5,
    "LUMA_ERROR_NULL_ARGUMENT_6": 6,
    "LUMA_ERROR_NULL_ARGUMENT_7": 7,
    "LUMA_ERROR_NULL_ARGUMENT_8": 8,
    "LUMA_ERROR_UTF8_ARGUMENT_1": 11,
    "LUMA_ERROR_UTF8_ARGUMENT_2": 12,
    "LUMA_ERROR_UTF8_ARGUMENT_3": 13,
    "LUMA_ERROR_UTF8_ARGUMENT_4": 14,
    "LUMA_ERROR_UTF8_ARGUMENT_5": 15,
    "LUMA_ERROR_UTF8_ARGUMENT_6": 16,
    "LUMA_ERROR_BASE_URL_SYNTAX": 21,
    "LUMA_ERROR_BASE_URL_SCHEME": 22,
    "LUMA_ERROR_BASE_URL_USER_INFO": 23,
    "LUMA_ERROR_BASE_URL_PORT": 24,
    "LUMA_ERROR_BASE_URL_INSECURE": 25,
    "LUMA_ERROR_ACCESS_TOKEN": 26,
    "LUMA_ERROR_AUTH_SCHEME": 27,
    "LUMA_ERROR_TIMEOUT_RANGE": 28,
    "LUMA_ERROR_MAX_RESPONSE_BYTES": 29,
    "LUMA_ERROR_CA_PEM": 30,
    "LUMA_ERROR_APPLICATION_ID": 31,
    "LUMA_ERROR_WORKFLOW_IDENTIFIER": 32,
    "LUMA_ERROR_VARIABLE_NAME": 33,
    "LUMA_ERROR_VARIABLES": 34,
    "LUMA_ERROR_JSON": 35,
    "LUMA_ERROR_INITIATOR_APPLICATION": 36,
    "LUMA_ERROR_LUMA_CHANNEL_ACCOUNT_ID": 37,
    "LUMA_ERROR_TICKET_IDENTIFIER": 38,
    "LUMA_ERROR_INITIATION_INFO": 39,
    "LUMA_ERROR_REQUEST_TOO_LARGE": 40,
    "LUMA_ERROR_INITIATOR_CONTACT": 41,
    "LUMA_ERROR_TRIGGER_ID": 42,
    "LUMA_ERROR_STEP_ID": 43,
    "LUMA_ERROR_TENANT_EXTERNAL_ID": 44,
    "LUMA_ERROR_SUPER_ADMIN_TOKEN": 45,
    "LUMA_ERROR_FILTER": 46,
    "LUMA_ERROR_ORDER_BY": 47,
    "LUMA_ERROR_SKIP": 48,
    "LUMA_ERROR_TOP": 49,
    "LUMA_ERROR_PROXY": 50,
    "LUMA_ERROR_POINTER_SYNTAX": 51,
    "LUMA_ERROR_POINTER_NOT_FOUND": 52,
    "LUMA_ERROR_POINTER_TYPE": 53,
    "LUMA_ERROR_POINTER_RANGE": 54,
    "LUMA_ERROR_CA_FILE": 55,
    "LUMA_ERROR_CLIENT_CERTIFICATE": 56,
    "LUMA_ERROR_CLIENT_KEY": 57,
    "LUMA_ERROR_LOG_LEVEL": 58,
    "LUMA_ERROR_REQUEST_ID": 59,
    "LUMA_ERROR_MAX_IDLE": 60,
    "LUMA_ERROR_MAX_IDLE_CONNECTIONS": 61,
    "LUMA_ERROR_HEADER": 62,
    "LUMA_ERROR_LOG_FILE": 63,
    "LUMA_ERROR_CONFIG_FILE_MISSING": 71,
    "LUMA_ERROR_CONFIG_FILE_UNREADABLE": 72,
    "LUMA_ERROR_CONFIG_FILE": 73,
    "LUMA_ERROR_PROFILE": 74,
    "LUMA_ERROR_FILE_PERMISSIONS": 75,
    "LUMA_ERROR_TOKEN_SOURCE": 76,
    "LUMA_ERROR_ENVIRONMENT": 77,
    "LUMA_ERROR_IN_CALLBACK": 80,
    "LUMA_ERROR_MAX_POLLS_PER_SECOND": 85,
    "LUMA_ERROR_ALREADY_IN_SET": 86,
    "LUMA_ERROR_NOT_IN_SET": 87,
    "LUMA_ERROR_NOTHING_CHANGED": 88,
    "LUMA_ERROR_WOKEN": 89,
    "LUMA_ERROR_SET_EMPTY": 90,
    "LUMA_ERROR_SET_CLOSED": 91,
    "LUMA_ERROR_DNS": 100,
    "LUMA_ERROR_CONNECT": 101,
    "LUMA_ERROR_CONNECT_TIMEOUT": 102,
    "LUMA_ERROR_TLS": 103,
    "LUMA_ERROR_PROXY_FAILED": 104,
    "LUMA_ERROR_RESPONSE_TIMEOUT": 110,
    "LUMA_ERROR_CONNECTION_LOST": 111,
    "LUMA_ERROR_INVALID_HTTP": 112,
    "LUMA_ERROR_RESPONSE_TOO_LARGE": 113,
    "LUMA_ERROR_CANCELLED": 114,
    "LUMA_ERROR_WAIT_TIMEOUT": 120,
    "LUMA_ERROR_WAIT_STOPPED": 121,
    "LUMA_ERROR_WAIT_OPEN": 122,
    "LUMA_ERROR_LIST_INCOMPLETE": 130,
    "LUMA_ERROR_VALIDATION": 200,
    "LUMA_ERROR_UNAUTHORIZED": 201,
    "LUMA_ERROR_FORBIDDEN": 202,
    "LUMA_ERROR_NOT_FOUND": 203,
    "LUMA_ERROR_RATE_LIMITED": 204,
    "LUMA_ERROR_REFUSED": 205,
    "LUMA_ERROR_REDIRECTED": 206,
    "LUMA_ERROR_SERVER_FAILED": 207,
    "LUMA_ERROR_UNEXPECTED_RESPONSE": 208,
    "LUMA_ALREADY_ACCEPTED": 300,
    "LUMA_ERROR_KEY_IN_PROGRESS": 301,
    "LUMA_ERROR_KEY_UNRESOLVED": 302,
    "LUMA_ERROR_KEY_OTHER_REQUEST": 303,
    "LUMA_ERROR_KEY": 304,
    "LUMA_ERROR_KEY_NOT_FOUND": 305,
    "LUMA_ERROR_KEY_STATE": 306,
    "LUMA_ERROR_JOURNAL_FOLDER": 310,
    "LUMA_ERROR_JOURNAL_EXISTS": 311,
    "LUMA_ERROR_JOURNAL_DAMAGED": 312,
    "LUMA_ERROR_JOURNAL_VERSION": 313,
    "LUMA_ERROR_JOURNAL_GATEWAY": 314,
    "LUMA_ERROR_JOURNAL_IO": 315,
    "LUMA_ERROR_JOURNAL_NETWORK": 316,
    "LUMA_ERROR_JOURNAL_NOTE": 317,
    "LUMA_ERROR_JOURNAL_AGE": 318,
    "LUMA_ERROR_JOURNAL_STORE": 319,
    "LUMA_ERROR_OUT_OF_MEMORY": 800,
    "LUMA_ERROR_INTERNAL": 900,
    "LUMA_OUTCOME_ACCEPTED": 1,
    "LUMA_OUTCOME_REJECTED": 2,
    "LUMA_OUTCOME_NOT_SENT": 3,
    "LUMA_OUTCOME_UNKNOWN": 4,
    "LUMA_RUN_NONE": 0,
    "LUMA_RUN_RUNNING": 1,
    "LUMA_RUN_SUSPENDED": 2,
    "LUMA_RUN_ACTIVATED": 3,
    "LUMA_RUN_COMPLETED": 4,
    "LUMA_RUN_FAILED": 5,
    "LUMA_RUN_TERMINATED": 6,
    "LUMA_RUN_OTHER": 7,
    "LUMA_COUNTER_CALLS_ACCEPTED": 1,
    "LUMA_COUNTER_CALLS_REJECTED": 2,
    "LUMA_COUNTER_CALLS_NOT_SENT": 3,
    "LUMA_COUNTER_CALLS_UNKNOWN": 4,
    "LUMA_COUNTER_RETRIES": 5,
    "LUMA_COUNTER_CONNECTIONS_OPENED": 6,
    "LUMA_COUNTER_CONNECTIONS_REUSED": 7,
    "LUMA_COUNTER_BYTES_SENT": 8,
    "LUMA_COUNTER_BYTES_RECEIVED": 9,
    "LUMA_COUNTER_WAITS_OPEN": 10,
    "LUMA_AUTH_BEARER": 1,
    "LUMA_AUTH_API_ACCESS_KEY": 2,
    "LUMA_LOG_OFF": 0,
    "LUMA_LOG_ERROR": 1,
    "LUMA_LOG_WARN": 2,
    "LUMA_LOG_INFO": 3,
    "LUMA_LOG_DEBUG": 4,
    "LUMA_APPLICATION_LUMA": -2,
    "LUMA_APPLICATION_ISM": -4,
    "LUMA_APPLICATION_CHANGEGEAR": -7,
    "LUMA_APPLICATION_POB": -8,
    "LUMA_CLAIM_GRANTED": 1,
    "LUMA_CLAIM_ACCEPTED": 2,
    "LUMA_CLAIM_IN_PROGRESS": 3,
    "LUMA_CLAIM_UNRESOLVED": 4,
    "LUMA_CLAIM_OTHER_REQUEST": 5,
    "LUMA_JSON_ABSENT": 0,
    "LUMA_JSON_NULL": 1,
    "LUMA_JSON_BOOL": 2,
    "LUMA_JSON_NUMBER": 3,
    "LUMA_JSON_STRING": 4,
    "LUMA_JSON_ARRAY": 5,
    "LUMA_JSON_OBJECT": 6,
    "LUMA_TIMING_DNS": 1,
    "LUMA_TIMING_CONNECT": 2,
    "LUMA_TIMING_TLS": 3,
    "LUMA_TIMING_FIRST_BYTE": 4,
    "LUMA_TIMING_TOTAL": 5,
}
LUMA_VERSION_NUMBER = 256
LUMA_OK = 0
LUMA_ERROR_NULL_ARGUMENT_1 = 1
LUMA_ERROR_NULL_ARGUMENT_2 = 2
LUMA_ERROR_NULL_ARGUMENT_3 = 3
LUMA_ERROR_NULL_ARGUMENT_4 = 4
LUMA_ERROR_NULL_ARGUMENT_5 = 5
LUMA_ERROR_NULL_ARGUMENT_6 = 6
LUMA_ERROR_NULL_ARGUMENT_7 = 7
LUMA_ERROR_NULL_ARGUMENT_8 = 8
LUMA_ERROR_UTF8_ARGUMENT_1 = 11
LUMA_ERROR_UTF8_ARGUMENT_2 = 12
LUMA_ERROR_UTF8_ARGUMENT_3 = 13
LUMA_ERROR_UTF8_ARGUMENT_4 = 14
LUMA_ERROR_UTF8_ARGUMENT_5 = 15
LUMA_ERROR_UTF8_ARGUMENT_6 = 16
LUMA_ERROR_BASE_URL_SYNTAX = 21
LUMA_ERROR_BASE_URL_SCHEME = 22
LUMA_ERROR_BASE_URL_USER_INFO = 23
LUMA_ERROR_BASE_URL_PORT = 24
LUMA_ERROR_BASE_URL_INSECURE = 25
LUMA_ERROR_ACCESS_TOKEN = 26
LUMA_ERROR_AUTH_SCHEME = 27
LUMA_ERROR_TIMEOUT_RANGE = 28
LUMA_ERROR_MAX_RESPONSE_BYTES = 29
LUMA_ERROR_CA_PEM = 30
LUMA_ERROR_APPLICATION_ID = 31
LUMA_ERROR_WORKFLOW_IDENTIFIER = 32
LUMA_ERROR_VARIABLE_NAME = 33
LUMA_ERROR_VARIABLES = 34
LUMA_ERROR_JSON = 35
LUMA_ERROR_INITIATOR_APPLICATION = 36
LUMA_ERROR_LUMA_CHANNEL_ACCOUNT_ID = 37
LUMA_ERROR_TICKET_IDENTIFIER = 38
LUMA_ERROR_INITIATION_INFO = 39
LUMA_ERROR_REQUEST_TOO_LARGE = 40
LUMA_ERROR_INITIATOR_CONTACT = 41
LUMA_ERROR_TRIGGER_ID = 42
LUMA_ERROR_STEP_ID = 43
LUMA_ERROR_TENANT_EXTERNAL_ID = 44
LUMA_ERROR_SUPER_ADMIN_TOKEN = 45
LUMA_ERROR_FILTER = 46
LUMA_ERROR_ORDER_BY = 47
LUMA_ERROR_SKIP = 48
LUMA_ERROR_TOP = 49
LUMA_ERROR_PROXY = 50
LUMA_ERROR_POINTER_SYNTAX = 51
LUMA_ERROR_POINTER_NOT_FOUND = 52
LUMA_ERROR_POINTER_TYPE = 53
LUMA_ERROR_POINTER_RANGE = 54
LUMA_ERROR_CA_FILE = 55
LUMA_ERROR_CLIENT_CERTIFICATE = 56
LUMA_ERROR_CLIENT_KEY = 57
LUMA_ERROR_LOG_LEVEL = 58
LUMA_ERROR_REQUEST_ID = 59
LUMA_ERROR_MAX_IDLE = 60
LUMA_ERROR_MAX_IDLE_CONNECTIONS = 61
LUMA_ERROR_HEADER = 62
LUMA_ERROR_LOG_FILE = 63
LUMA_ERROR_CONFIG_FILE_MISSING = 71
LUMA_ERROR_CONFIG_FILE_UNREADABLE = 72
LUMA_ERROR_CONFIG_FILE = 73
LUMA_ERROR_PROFILE = 74
LUMA_ERROR_FILE_PERMISSIONS = 75
LUMA_ERROR_TOKEN_SOURCE = 76
LUMA_ERROR_ENVIRONMENT = 77
LUMA_ERROR_IN_CALLBACK = 80
LUMA_ERROR_MAX_POLLS_PER_SECOND = 85
LUMA_ERROR_ALREADY_IN_SET = 86
LUMA_ERROR_NOT_IN_SET = 87
LUMA_ERROR_NOTHING_CHANGED = 88
LUMA_ERROR_WOKEN = 89
LUMA_ERROR_SET_EMPTY = 90
LUMA_ERROR_SET_CLOSED = 91
LUMA_ERROR_DNS = 100
LUMA_ERROR_CONNECT = 101
LUMA_ERROR_CONNECT_TIMEOUT = 102
LUMA_ERROR_TLS = 103
LUMA_ERROR_PROXY_FAILED = 104
LUMA_ERROR_RESPONSE_TIMEOUT = 110
LUMA_ERROR_CONNECTION_LOST = 111
LUMA_ERROR_INVALID_HTTP = 112
LUMA_ERROR_RESPONSE_TOO_LARGE = 113
LUMA_ERROR_CANCELLED = 114
LUMA_ERROR_WAIT_TIMEOUT = 120
LUMA_ERROR_WAIT_STOPPED = 121
LUMA_ERROR_WAIT_OPEN = 122
LUMA_ERROR_LIST_INCOMPLETE = 130
LUMA_ERROR_VALIDATION = 200
LUMA_ERROR_UNAUTHORIZED = 201
LUMA_ERROR_FORBIDDEN = 202
LUMA_ERROR_NOT_FOUND = 203
LUMA_ERROR_RATE_LIMITED = 204
LUMA_ERROR_REFUSED = 205
LUMA_ERROR_REDIRECTED = 206
LUMA_ERROR_SERVER_FAILED = 207
LUMA_ERROR_UNEXPECTED_RESPONSE = 208
LUMA_ALREADY_ACCEPTED = 300
LUMA_ERROR_KEY_IN_PROGRESS = 301
LUMA_ERROR_KEY_UNRESOLVED = 302
LUMA_ERROR_KEY_OTHER_REQUEST = 303
LUMA_ERROR_KEY = 304
LUMA_ERROR_KEY_NOT_FOUND = 305
LUMA_ERROR_KEY_STATE = 306
LUMA_ERROR_JOURNAL_FOLDER = 310
LUMA_ERROR_JOURNAL_EXISTS = 311
LUMA_ERROR_JOURNAL_DAMAGED = 312
LUMA_ERROR_JOURNAL_VERSION = 313
LUMA_ERROR_JOURNAL_GATEWAY = 314
LUMA_ERROR_JOURNAL_IO = 315
LUMA_ERROR_JOURNAL_NETWORK = 316
LUMA_ERROR_JOURNAL_NOTE = 317
LUMA_ERROR_JOURNAL_AGE = 318
LUMA_ERROR_JOURNAL_STORE = 319
LUMA_ERROR_OUT_OF_MEMORY = 800
LUMA_ERROR_INTERNAL = 900
LUMA_OUTCOME_ACCEPTED = 1
LUMA_OUTCOME_REJECTED = 2
LUMA_OUTCOME_NOT_SENT = 3
LUMA_OUTCOME_UNKNOWN = 4
LUMA_RUN_NONE = 0
LUMA_RUN_RUNNING = 1
LUMA_RUN_SUSPENDED = 2
LUMA_RUN_ACTIVATED = 3
LUMA_RUN_COMPLETED = 4
LUMA_RUN_FAILED = 5
LUMA_RUN_TERMINATED = 6
LUMA_RUN_OTHER = 7
LUMA_COUNTER_CALLS_ACCEPTED = 1
LUMA_COUNTER_CALLS_REJECTED = 2
LUMA_COUNTER_CALLS_NOT_SENT = 3
LUMA_COUNTER_CALLS_UNKNOWN = 4
LUMA_COUNTER_RETRIES = 5
LUMA_COUNTER_CONNECTIONS_OPENED = 6
LUMA_COUNTER_CONNECTIONS_REUSED = 7
LUMA_COUNTER_BYTES_SENT = 8
LUMA_COUNTER_BYTES_RECEIVED = 9
LUMA_COUNTER_WAITS_OPEN = 10
LUMA_AUTH_BEARER = 1
LUMA_AUTH_API_ACCESS_KEY = 2
LUMA_LOG_OFF = 0
LUMA_LOG_ERROR = 1
LUMA_LOG_WARN = 2
LUMA_LOG_INFO = 3
LUMA_LOG_DEBUG = 4
LUMA_APPLICATION_LUMA = -2
LUMA_APPLICATION_ISM = -4
LUMA_APPLICATION_CHANGEGEAR = -7
LUMA_APPLICATION_POB = -8
LUMA_CLAIM_GRANTED = 1
LUMA_CLAIM_ACCEPTED = 2
LUMA_CLAIM_IN_PROGRESS = 3
LUMA_CLAIM_UNRESOLVED = 4
LUMA_CLAIM_OTHER_REQUEST = 5
LUMA_JSON_ABSENT = 0
LUMA_JSON_NULL = 1
LUMA_JSON_BOOL = 2
LUMA_JSON_NUMBER = 3
LUMA_JSON_STRING = 4
LUMA_JSON_ARRAY = 5
LUMA_JSON_OBJECT = 6
LUMA_TIMING_DNS = 1
LUMA_TIMING_CONNECT = 2
LUMA_TIMING_TLS = 3
LUMA_TIMING_FIRST_BYTE = 4
LUMA_TIMING_TOTAL = 5


class Native:
    """The functions of a loaded library."""

    luma_version: Callable[[], bytes]
    luma_status_message: Callable[[int], bytes]
    luma_status_name: Callable[[int], bytes]
    luma_outcome_name: Callable[[int], bytes]
    luma_run_status_name: Callable[[int], bytes]
    luma_run_status_is_final: Callable[[int], int]
    luma_counter_name: Callable[[int], bytes]
    luma_config_new: Callable[[Optional[bytes], Optional[bytes], Out], int]
    luma_config_new_with_reason: Callable[[Optional[bytes], Optional[bytes], Out, Out], int]
    luma_config_new_from_file: Callable[[Optional[bytes], Optional[bytes], Out, Out], int]
    luma_config_new_from_environment: Callable[[Out, Out], int]
    luma_config_set_token_provider: Callable[[Pointer, Any, Pointer], int]
    luma_config_set_token_provider_with_free: Callable[[Pointer, Any, Pointer, Any], int]
    luma_config_set_auth_scheme: Callable[[Pointer, int], int]
    luma_config_add_header: Callable[[Pointer, Optional[bytes], Optional[bytes]], int]
    luma_config_set_connect_timeout_ms: Callable[[Pointer, int], int]
    luma_config_set_timeout_ms: Callable[[Pointer, int], int]
    luma_config_set_max_response_bytes: Callable[[Pointer, int], int]
    luma_config_set_trigger_max_idle_ms: Callable[[Pointer, int], int]
    luma_config_set_read_max_idle_ms: Callable[[Pointer, int], int]
    luma_config_set_max_idle_connections: Callable[[Pointer, int], int]
    luma_config_set_retries: Callable[[Pointer, int], int]
    luma_config_set_log: Callable[[Pointer, int, Any, Pointer], int]
    luma_config_set_log_with_free: Callable[[Pointer, int, Any, Pointer, Any], int]
    luma_config_log_to_file: Callable[[Pointer, int, Optional[bytes]], int]
    luma_config_log_to_json_file: Callable[[Pointer, int, Optional[bytes]], int]
    luma_config_set_allow_http: Callable[[Pointer, int], int]
    luma_config_set_ca_pem: Callable[[Pointer, Optional[bytes]], int]
    luma_config_set_ca_file: Callable[[Pointer, Optional[bytes]], int]
    luma_config_add_ca_pem: Callable[[Pointer, Optional[bytes]], int]
    luma_config_add_ca_file: Callable[[Pointer, Optional[bytes]], int]
    luma_config_set_client_certificate_pem: Callable[[
        Pointer, Optional[bytes], Optional[bytes]],
        int]
    luma_config_set_client_certificate_file: Callable[[
        Pointer, Optional[bytes], Optional[bytes]],
        int]
    luma_config_set_proxy: Callable[[Pointer, Optional[bytes]], int]
    luma_config_set_auto_proxy: Callable[[Pointer, int], int]
    luma_config_set_application_id: Callable[[Pointer, Optional[bytes]], int]
    luma_config_journal_folder: Callable[[Pointer], bytes]
    luma_config_message: Callable[[Pointer], bytes]
    luma_config_free: Callable[[Pointer], None]
    luma_log_level_name: Callable[[int], bytes]
    luma_trigger_request_new: Callable[[Optional[bytes], Out], int]
    luma_trigger_request_new_with_reason: Callable[[Optional[bytes], Out, Out], int]
    luma_trigger_request_set_variable: Callable[[Pointer, Optional[bytes], Optional[bytes]], int]
    luma_trigger_request_set_secret_variable: Callable[[
        Pointer, Optional[bytes], Optional[bytes]],
        int]
    luma_trigger_request_set_variable_json: Callable[[
        Pointer, Optional[bytes], Optional[bytes]],
        int]
    luma_trigger_request_set_variable_int64: Callable[[Pointer, Optional[bytes], int], int]
    luma_trigger_request_set_variable_double: Callable[[Pointer, Optional[bytes], float], int]
    luma_trigger_request_set_variable_bool: Callable[[Pointer, Optional[bytes], int], int]
    luma_trigger_request_set_variables_json: Callable[[Pointer, Optional[bytes]], int]
    luma_trigger_request_set_initiator: Callable[[Pointer, int, int], int]
    luma_trigger_request_set_initiation_info: Callable[[
        Pointer, Optional[bytes], Optional[bytes]],
        int]
    luma_trigger_request_message: Callable[[Pointer], bytes]
    luma_trigger_request_exclude_from_digest: Callable[[Pointer, Optional[bytes]], int]
    luma_trigger_request_free: Callable[[Pointer], None]
    luma_client_new: Callable[[Optional[bytes], Optional[bytes], Out], int]
    luma_client_new_with_config: Callable[[Pointer, Out], int]
    luma_client_new_with_reason: Callable[[Pointer, Out, Out], int]
    luma_client_new_from_environment: Callable[[Out, Out], int]
    luma_client_with_request_id: Callable[[Pointer, Optional[bytes], Out], int]
    luma_client_with_timeout_ms: Callable[[Pointer, int, Out], int]
    luma_client_with_own_cancel: Callable[[Pointer, Out], int]
    luma_client_set_access_token: Callable[[Pointer, Optional[bytes]], int]
    luma_client_set_access_token_with_reason: Callable[[Pointer, Optional[bytes], Out], int]
    luma_client_cancel: Callable[[Pointer], int]
    luma_client_close: Callable[[Pointer], int]
    luma_client_drain: Callable[[Pointer, int], int]
    luma_client_counter: Callable[[Pointer, int], int]
    luma_client_free: Callable[[Pointer], None]
    luma_client_connect: Callable[[Pointer, Out], int]
    luma_trigger_workflow: Callable[[Pointer, Pointer, Out], int]
    luma_trigger_workflow_json: Callable[[Pointer, Optional[bytes], Out], int]
    luma_wait_for_workflow: Callable[[Pointer, Optional[bytes], int, Any, Pointer, Out], int]
    luma_wait_for_workflow_or_suspension: Callable[[
        Pointer, Optional[bytes], int, Any, Pointer, Out],
        int]
    luma_get_workflow_history: Callable[[Pointer, Optional[bytes], Out], int]
    luma_list_workflow_steps: Callable[[
        Pointer, Optional[bytes], Optional[bytes], Optional[bytes], int, int, Out],
        int]
    luma_get_workflow_step: Callable[[Pointer, Optional[bytes], Optional[bytes], Out], int]
    luma_generate_launch_url: Callable[[Pointer, Optional[bytes], Out], int]
    luma_list_workflow_definitions: Callable[[
        Pointer, Optional[bytes], Optional[bytes], int, int, Out],
        int]
    luma_regenerate_tenant_token: Callable[[Pointer, Optional[bytes], Optional[bytes], Out], int]
    luma_journal_create: Callable[[Optional[bytes], Optional[bytes], Out], int]
    luma_journal_open: Callable[[Optional[bytes], Out, Out], int]
    luma_trigger_workflow_once: Callable[[Pointer, Pointer, Optional[bytes], Pointer, Out], int]
    luma_trigger_workflow_once_with_store: Callable[[
        Pointer, Any, Any, Pointer, Optional[bytes], Optional[bytes], Pointer, Out],
        int]
    luma_journal_find: Callable[[Pointer, Optional[bytes], Out], int]
    luma_journal_unfinished: Callable[[Pointer, Out], int]
    luma_journal_acknowledge: Callable[[Pointer, Optional[bytes], Out], int]
    luma_journal_resolve: Callable[[
        Pointer, Optional[bytes], Optional[bytes], Optional[bytes], Optional[bytes], Out],
        int]
    luma_journal_new_attempt: Callable[[
        Pointer, Optional[bytes], Optional[bytes], Optional[bytes], Out],
        int]
    luma_journal_prune: Callable[[Pointer, int, Out], int]
    luma_journal_free: Callable[[Pointer], None]
    luma_wait_new: Callable[[Pointer, Optional[bytes], int, Out], int]
    luma_wait_set_until_suspended: Callable[[Pointer, int], int]
    luma_wait_poll: Callable[[Pointer, Out], int]
    luma_wait_next_poll_ms: Callable[[Pointer], int]
    luma_wait_free: Callable[[Pointer], None]
    luma_wait_set_new: Callable[[Pointer, Out], int]
    luma_wait_set_max_polls_per_second: Callable[[Pointer, int], int]
    luma_wait_set_add: Callable[[Pointer, Optional[bytes], int, Pointer], int]
    luma_wait_set_remove: Callable[[Pointer, Optional[bytes]], int]
    luma_wait_set_next: Callable[[Pointer, int, Out, Out], int]
    luma_wait_set_count: Callable[[Pointer], int]
    luma_wait_set_wake: Callable[[Pointer], int]
    luma_wait_set_close: Callable[[Pointer], int]
    luma_wait_set_free: Callable[[Pointer], None]
    luma_result_free: Callable[[Pointer], None]
    luma_result_status: Callable[[Pointer], int]
    luma_result_page_status: Callable[[Pointer], int]
    luma_result_outcome: Callable[[Pointer], int]
    luma_result_http_status: Callable[[Pointer], int]
    luma_result_message: Callable[[Pointer], bytes]
    luma_result_error_count: Callable[[Pointer], int]
    luma_result_error: Callable[[Pointer, int], bytes]
    luma_result_retry_after_ms: Callable[[Pointer], int]
    luma_result_trigger_id: Callable[[Pointer], bytes]
    luma_result_run_status: Callable[[Pointer], int]
    luma_result_run_status_text: Callable[[Pointer], bytes]
    luma_result_run_start_time_ms: Callable[[Pointer], int]
    luma_result_run_end_time_ms: Callable[[Pointer], int]
    luma_result_run_time_spent_ms: Callable[[Pointer], int]
    luma_result_poll_count: Callable[[Pointer], int]
    luma_result_wait_elapsed_ms: Callable[[Pointer], int]
    luma_result_step_count: Callable[[Pointer], int]
    luma_result_step_id: Callable[[Pointer, int], bytes]
    luma_result_step_name: Callable[[Pointer, int], bytes]
    luma_result_step_status: Callable[[Pointer, int], int]
    luma_result_step_status_text: Callable[[Pointer, int], bytes]
    luma_result_step_start_time_ms: Callable[[Pointer, int], int]
    luma_result_step_end_time_ms: Callable[[Pointer, int], int]
    luma_result_step_time_spent_ms: Callable[[Pointer, int], int]
    luma_result_definition_count: Callable[[Pointer], int]
    luma_result_definition_identifier: Callable[[Pointer, int], bytes]
    luma_result_definition_name: Callable[[Pointer, int], bytes]
    luma_result_definition_description: Callable[[Pointer, int], bytes]
    luma_result_launch_url: Callable[[Pointer], bytes]
    luma_result_access_token: Callable[[Pointer], bytes]
    luma_result_parameter_count: Callable[[Pointer], int]
    luma_result_parameter_name: Callable[[Pointer, int], bytes]
    luma_result_parameter_value: Callable[[Pointer, int], bytes]
    luma_result_parameter_data_type: Callable[[Pointer, int], bytes]
    luma_result_parameter_caption: Callable[[Pointer, int], bytes]
    luma_result_parameter_description: Callable[[Pointer, int], bytes]
    luma_result_definition_parameter_count: Callable[[Pointer, int], int]
    luma_result_definition_parameter_name: Callable[[Pointer, int, int], bytes]
    luma_result_definition_parameter_data_type: Callable[[Pointer, int, int], bytes]
    luma_result_definition_parameter_required: Callable[[Pointer, int, int], int]
    luma_result_definition_parameter_caption: Callable[[Pointer, int, int], bytes]
    luma_result_definition_parameter_description: Callable[[Pointer, int, int], bytes]
    luma_result_json: Callable[[Pointer], bytes]
    luma_result_json_length: Callable[[Pointer], int]
    luma_result_json_type: Callable[[Pointer, Optional[bytes]], int]
    luma_result_string: Callable[[Pointer, Optional[bytes]], bytes]
    luma_result_string_length: Callable[[Pointer, Optional[bytes]], int]
    luma_result_text: Callable[[Pointer, Optional[bytes], Out, Out], int]
    luma_result_int64: Callable[[Pointer, Optional[bytes], Out], int]
    luma_result_bool: Callable[[Pointer, Optional[bytes], Out], int]
    luma_result_count: Callable[[Pointer, Optional[bytes], Out], int]
    luma_result_request_id: Callable[[Pointer], bytes]
    luma_result_attempts: Callable[[Pointer], int]
    luma_result_timing_us: Callable[[Pointer, int], int]
    luma_result_connection_reused: Callable[[Pointer], int]
    luma_result_peer_address: Callable[[Pointer], bytes]
    luma_result_tls_version: Callable[[Pointer], bytes]
    luma_result_certificate_expires_ms: Callable[[Pointer], int]
    luma_result_journal_key: Callable[[Pointer], bytes]
    luma_result_journal_time_ms: Callable[[Pointer], int]
    luma_result_journal_recorded: Callable[[Pointer], int]
    luma_result_journal_count: Callable[[Pointer], int]

    def __init__(self, library: CDLL) -> None:
        _declare(self, library, "luma_version", c_char_p)
        _declare(self, library, "luma_status_message", c_char_p, c_int32)
        _declare(self, library, "luma_status_name", c_char_p, c_int32)
        _declare(self, library, "luma_outcome_name", c_char_p, c_int32)
        _declare(self, library, "luma_run_status_name", c_char_p, c_int32)
        _declare(self, library, "luma_run_status_is_final", c_int32, c_int32)
        _declare(self, library, "luma_counter_name", c_char_p, c_int32)
        _declare(self, library, "luma_config_new", c_int32, c_char_p, c_char_p, POINTER(c_void_p))
        _declare(self, library, "luma_config_new_with_reason", c_int32,
                 c_char_p, c_char_p, POINTER(c_void_p), POINTER(c_void_p))
        _declare(self, library, "luma_config_new_from_file", c_int32,
                 c_char_p, c_char_p, POINTER(c_void_p), POINTER(c_void_p))
        _declare(self, library, "luma_config_new_from_environment", c_int32,
                 POINTER(c_void_p), POINTER(c_void_p))
        _declare(self, library, "luma_config_set_token_provider", c_int32,
                 c_void_p, TokenFn, c_void_p)
        _declare(self, library, "luma_config_set_token_provider_with_free", c_int32,
                 c_void_p, TokenFn, c_void_p, FreeFn)
        _declare(self, library, "luma_config_set_auth_scheme", c_int32, c_void_p, c_int32)
        _declare(self, library, "luma_config_add_header", c_int32, c_void_p, c_char_p, c_char_p)
        _declare(self, library, "luma_config_set_connect_timeout_ms", c_int32, c_void_p, c_int64)
        _declare(self, library, "luma_config_set_timeout_ms", c_int32, c_void_p, c_int64)
        _declare(self, library, "luma_config_set_max_response_bytes", c_int32, c_void_p, c_int64)
        _declare(self, library, "luma_config_set_trigger_max_idle_ms", c_int32, c_void_p, c_int64)
        _declare(self, library, "luma_config_set_read_max_idle_ms", c_int32, c_void_p, c_int64)
        _declare(self, library, "luma_config_set_max_idle_connections", c_int32, c_void_p, c_int64)
        _declare(self, library, "luma_config_set_retries", c_int32, c_void_p, c_int32)
        _declare(self, library, "luma_config_set_log", c_int32, c_void_p, c_int32, LogFn, c_void_p)
        _declare(self, library, "luma_config_set_log_with_free", c_int32,
                 c_void_p, c_int32, LogFn, c_void_p, FreeFn)
        _declare(self, library, "luma_config_log_to_file", c_int32, c_void_p, c_int32, c_char_p)
        _declare(self, library, "luma_config_log_to_json_file", c_int32,
                 c_void_p, c_int32, c_char_p)
        _declare(self, library, "luma_config_set_allow_http", c_int32, c_void_p, c_int32)
        _declare(self, library, "luma_config_set_ca_pem", c_int32, c_void_p, c_char_p)
        _declare(self, library, "luma_config_set_ca_file", c_int32, c_void_p, c_char_p)
        _declare(self, library, "luma_config_add_ca_pem", c_int32, c_void_p, c_char_p)
        _declare(self, library, "luma_config_add_ca_file", c_int32, c_void_p, c_char_p)
        _declare(self, library, "luma_config_set_client_certificate_pem", c_int32,
                 c_void_p, c_char_p, c_char_p)
        _declare(self, library, "luma_config_set_client_certificate_file", c_int32,
                 c_void_p, c_char_p, c_char_p)
        _declare(self, library, "luma_config_set_proxy", c_int32, c_void_p, c_char_p)
        _declare(self, library, "luma_config_set_auto_proxy", c_int32, c_void_p, c_int32)
        _declare(self, library, "luma_config_set_application_id", c_int32, c_void_p, c_char_p)
        _declare(self, library, "luma_config_journal_folder", c_char_p, c_void_p)
        _declare(self, library, "luma_config_message", c_char_p, c_void_p)
        _declare(self, library, "luma_config_free", None, c_void_p)
        _declare(self, library, "luma_log_level_name", c_char_p, c_int32)
        _declare(self, library, "luma_trigger_request_new", c_int32, c_char_p, POINTER(c_void_p))
        _declare(self, library, "luma_trigger_request_new_with_reason", c_int32,
                 c_char_p, POINTER(c_void_p), POINTER(c_void_p))
        _declare(self, library, "luma_trigger_request_set_variable", c_int32,
                 c_void_p, c_char_p, c_char_p)
        _declare(self, library, "luma_trigger_request_set_secret_variable", c_int32,
                 c_void_p, c_char_p, c_char_p)
        _declare(self, library, "luma_trigger_request_set_variable_json", c_int32,
                 c_void_p, c_char_p, c_char_p)
        _declare(self, library, "luma_trigger_request_set_variable_int64", c_int32,
                 c_void_p, c_char_p, c_int64)
        _declare(self, library, "luma_trigger_request_set_variable_double", c_int32,
                 c_void_p, c_char_p, c_double)
        _declare(self, library, "luma_trigger_request_set_variable_bool", c_int32,
                 c_void_p, c_char_p, c_int32)
        _declare(self, library, "luma_trigger_request_set_variables_json", c_int32,
                 c_void_p, c_char_p)
        _declare(self, library, "luma_trigger_request_set_initiator", c_int32,
                 c_void_p, c_int64, c_int64)
        _declare(self, library, "luma_trigger_request_set_initiation_info", c_int32,
                 c_void_p, c_char_p, c_char_p)
        _declare(self, library, "luma_trigger_request_message", c_char_p, c_void_p)
        _declare(self, library, "luma_trigger_request_exclude_from_digest", c_int32,
                 c_void_p, c_char_p)
        _declare(self, library, "luma_trigger_request_free", None, c_void_p)
        _declare(self, library, "luma_client_new", c_int32, c_char_p, c_char_p, POINTER(c_void_p))
        _declare(self, library, "luma_client_new_with_config", c_int32, c_void_p, POINTER(c_void_p))
        _declare(self, library, "luma_client_new_with_reason", c_int32,
                 c_void_p, POINTER(c_void_p), POINTER(c_void_p))
        _declare(self, library, "luma_client_new_from_environment", c_int32,
                 POINTER(c_void_p), POINTER(c_void_p))
        _declare(self, library, "luma_client_with_request_id", c_int32,
                 c_void_p, c_char_p, POINTER(c_void_p))
        _declare(self, library, "luma_client_with_timeout_ms", c_int32,
                 c_void_p, c_int64, POINTER(c_void_p))
        _declare(self, library, "luma_client_with_own_cancel", c_int32, c_void_p, POINTER(c_void_p))
        _declare(self, library, "luma_client_set_access_token", c_int32, c_void_p, c_char_p)
        _declare(self, library, "luma_client_set_access_token_with_reason", c_int32,
                 c_void_p, c_char_p, POINTER(c_void_p))
        _declare(self, library, "luma_client_cancel", c_int32, c_void_p)
        _declare(self, library, "luma_client_close", c_int32, c_void_p)
        _declare(self, library, "luma_client_drain", c_int32, c_void_p, c_int64)
        _declare(self, library, "luma_client_counter", c_int64, c_void_p, c_int32)
        _declare(self, library, "luma_client_free", None, c_void_p)
        _declare(self, library, "luma_client_connect", c_int32, c_void_p, POINTER(c_void_p))
        _declare(self, library, "luma_trigger_workflow", c_int32,
                 c_void_p, c_void_p, POINTER(c_void_p))
        _declare(self, library, "luma_trigger_workflow_json", c_int32,
                 c_void_p, c_char_p, POINTER(c_void_p))
        _declare(self, library, "luma_wait_for_workflow", c_int32,
                 c_void_p, c_char_p, c_int64, PollFn, c_void_p, POINTER(c_void_p))
        _declare(self, library, "luma_wait_for_workflow_or_suspension", c_int32,
                 c_void_p, c_char_p, c_int64, PollFn, c_void_p, POINTER(c_void_p))
        _declare(self, library, "luma_get_workflow_history", c_int32,
                 c_void_p, c_char_p, POINTER(c_void_p))
        _declare(self, library, "luma_list_workflow_steps", c_int32,
                 c_void_p, c_char_p, c_char_p, c_char_p, c_int64, c_int64, POINTER(c_void_p))
        _declare(self, library, "luma_get_workflow_step", c_int32,
                 c_void_p, c_char_p, c_char_p, POINTER(c_void_p))
        _declare(self, library, "luma_generate_launch_url", c_int32,
                 c_void_p, c_char_p, POINTER(c_void_p))
        _declare(self, library, "luma_list_workflow_definitions", c_int32,
                 c_void_p, c_char_p, c_char_p, c_int64, c_int64, POINTER(c_void_p))
        _declare(self, library, "luma_regenerate_tenant_token", c_int32,
                 c_void_p, c_char_p, c_char_p, POINTER(c_void_p))
        _declare(self, library, "luma_journal_create", c_int32,
                 c_char_p, c_char_p, POINTER(c_void_p))
        _declare(self, library, "luma_journal_open", c_int32,
                 c_char_p, POINTER(c_void_p), POINTER(c_void_p))
        _declare(self, library, "luma_trigger_workflow_once", c_int32,
                 c_void_p, c_void_p, c_char_p, c_void_p, POINTER(c_void_p))
        _declare(self, library, "luma_trigger_workflow_once_with_store", c_int32,
                 c_void_p, ClaimFn, CompleteFn, c_void_p, c_char_p, c_char_p, c_void_p,
                 POINTER(c_void_p))
        _declare(self, library, "luma_journal_find", c_int32, c_void_p, c_char_p, POINTER(c_void_p))
        _declare(self, library, "luma_journal_unfinished", c_int32, c_void_p, POINTER(c_void_p))
        _declare(self, library, "luma_journal_acknowledge", c_int32,
                 c_void_p, c_char_p, POINTER(c_void_p))
        _declare(self, library, "luma_journal_resolve", c_int32,
                 c_void_p, c_char_p, c_char_p, c_char_p, c_char_p, POINTER(c_void_p))
        _declare(self, library, "luma_journal_new_attempt", c_int32,
                 c_void_p, c_char_p, c_char_p, c_char_p, POINTER(c_void_p))
        _declare(self, library, "luma_journal_prune", c_int32, c_void_p, c_int64, POINTER(c_void_p))
        _declare(self, library, "luma_journal_free", None, c_void_p)
        _declare(self, library, "luma_wait_new", c_int32,
                 c_void_p, c_char_p, c_int64, POINTER(c_void_p))
        _declare(self, library, "luma_wait_set_until_suspended", c_int32, c_void_p, c_int32)
        _declare(self, library, "luma_wait_poll", c_int32, c_void_p, POINTER(c_void_p))
        _declare(self, library, "luma_wait_next_poll_ms", c_int64, c_void_p)
        _declare(self, library, "luma_wait_free", None, c_void_p)
        _declare(self, library, "luma_wait_set_new", c_int32, c_void_p, POINTER(c_void_p))
        _declare(self, library, "luma_wait_set_max_polls_per_second", c_int32, c_void_p, c_int64)
        _declare(self, library, "luma_wait_set_add", c_int32, c_void_p, c_char_p, c_int64, c_void_p)
        _declare(self, library, "luma_wait_set_remove", c_int32, c_void_p, c_char_p)
        _declare(self, library, "luma_wait_set_next", c_int32,
                 c_void_p, c_int64, POINTER(c_void_p), POINTER(c_void_p))
        _declare(self, library, "luma_wait_set_count", c_size_t, c_void_p)
        _declare(self, library, "luma_wait_set_wake", c_int32, c_void_p)
        _declare(self, library, "luma_wait_set_close", c_int32, c_void_p)
        _declare(self, library, "luma_wait_set_free", None, c_void_p)
        _declare(self, library, "luma_result_free", None, c_void_p)
        _declare(self, library, "luma_result_status", c_int32, c_void_p)
        _declare(self, library, "luma_result_page_status", c_int32, c_void_p)
        _declare(self, library, "luma_result_outcome", c_int32, c_void_p)
        _declare(self, library, "luma_result_http_status", c_int32, c_void_p)
        _declare(self, library, "luma_result_message", c_char_p, c_void_p)
        _declare(self, library, "luma_result_error_count", c_size_t, c_void_p)
        _declare(self, library, "luma_result_error", c_char_p, c_void_p, c_size_t)
        _declare(self, library, "luma_result_retry_after_ms", c_int64, c_void_p)
        _declare(self, library, "luma_result_trigger_id", c_char_p, c_void_p)
        _declare(self, library, "luma_result_run_status", c_int32, c_void_p)
        _declare(self, library, "luma_result_run_status_text", c_char_p, c_void_p)
        _declare(self, library, "luma_result_run_start_time_ms", c_int64, c_void_p)
        _declare(self, library, "luma_result_run_end_time_ms", c_int64, c_void_p)
        _declare(self, library, "luma_result_run_time_spent_ms", c_int64, c_void_p)
        _declare(self, library, "luma_result_poll_count", c_int32, c_void_p)
        _declare(self, library, "luma_result_wait_elapsed_ms", c_int64, c_void_p)
        _declare(self, library, "luma_result_step_count", c_size_t, c_void_p)
        _declare(self, library, "luma_result_step_id", c_char_p, c_void_p, c_size_t)
        _declare(self, library, "luma_result_step_name", c_char_p, c_void_p, c_size_t)
        _declare(self, library, "luma_result_step_status", c_int32, c_void_p, c_size_t)
        _declare(self, library, "luma_result_step_status_text", c_char_p, c_void_p, c_size_t)
        _declare(self, library, "luma_result_step_start_time_ms", c_int64, c_void_p, c_size_t)
        _declare(self, library, "luma_result_step_end_time_ms", c_int64, c_void_p, c_size_t)
        _declare(self, library, "luma_result_step_time_spent_ms", c_int64, c_void_p, c_size_t)
        _declare(self, library, "luma_result_definition_count", c_size_t, c_void_p)
        _declare(self, library, "luma_result_definition_identifier", c_char_p, c_void_p, c_size_t)
        _declare(self, library, "luma_result_definition_name", c_char_p, c_void_p, c_size_t)
        _declare(self, library, "luma_result_definition_description", c_char_p, c_void_p, c_size_t)
        _declare(self, library, "luma_result_launch_url", c_char_p, c_void_p)
        _declare(self, library, "luma_result_access_token", c_char_p, c_void_p)
        _declare(self, library, "luma_result_parameter_count", c_size_t, c_void_p)
        _declare(self, library, "luma_result_parameter_name", c_char_p, c_void_p, c_size_t)
        _declare(self, library, "luma_result_parameter_value", c_char_p, c_void_p, c_size_t)
        _declare(self, library, "luma_result_parameter_data_type", c_char_p, c_void_p, c_size_t)
        _declare(self, library, "luma_result_parameter_caption", c_char_p, c_void_p, c_size_t)
        _declare(self, library, "luma_result_parameter_description", c_char_p, c_void_p, c_size_t)
        _declare(self, library, "luma_result_definition_parameter_count", c_size_t,
                 c_void_p, c_size_t)
        _declare(self, library, "luma_result_definition_parameter_name", c_char_p,
                 c_void_p, c_size_t, c_size_t)
        _declare(self, library, "luma_result_definition_parameter_data_type", c_char_p,
                 c_void_p, c_size_t, c_size_t)
        _declare(self, library, "luma_result_definition_parameter_required", c_int32,
                 c_void_p, c_size_t, c_size_t)
        _declare(self, library, "luma_result_definition_parameter_caption", c_char_p,
                 c_void_p, c_size_t, c_size_t)
        _declare(self, library, "luma_result_definition_parameter_description", c_char_p,
                 c_void_p, c_size_t, c_size_t)
        _declare(self, library, "luma_result_json", c_char_p, c_void_p)
        _declare(self, library, "luma_result_json_length", c_size_t, c_void_p)
        _declare(self, library, "luma_result_json_type", c_int32, c_void_p, c_char_p)
        _declare(self, library, "luma_result_string", c_char_p, c_void_p, c_char_p)
        _declare(self, library, "luma_result_string_length", c_size_t, c_void_p, c_char_p)
        _declare(self, library, "luma_result_text", c_int32,
                 c_void_p, c_char_p, POINTER(c_void_p), POINTER(c_size_t))
        _declare(self, library, "luma_result_int64", c_int32, c_void_p, c_char_p, POINTER(c_int64))
        _declare(self, library, "luma_result_bool", c_int32, c_void_p, c_char_p, POINTER(c_int32))
        _declare(self, library, "luma_result_count", c_int32, c_void_p, c_char_p, POINTER(c_size_t))
        _declare(self, library, "luma_result_request_id", c_char_p, c_void_p)
        _declare(self, library, "luma_result_attempts", c_int32, c_void_p)
        _declare(self, library, "luma_result_timing_us", c_int64, c_void_p, c_int32)
        _declare(self, library, "luma_result_connection_reused", c_int32, c_void_p)
        _declare(self, library, "luma_result_peer_address", c_char_p, c_void_p)
        _declare(self, library, "luma_result_tls_version", c_char_p, c_void_p)
        _declare(self, library, "luma_result_certificate_expires_ms", c_int64, c_void_p)
        _declare(self, library, "luma_result_journal_key", c_char_p, c_void_p)
        _declare(self, library, "luma_result_journal_time_ms", c_int64, c_void_p)
        _declare(self, library, "luma_result_journal_recorded", c_int32, c_void_p)
        _declare(self, library, "luma_result_journal_count", c_size_t, c_void_p)


def _declare(native: Native, library: CDLL, name: str, returns: Any, *arguments: Any) -> None:
    function = library[name]
    function.restype, function.argtypes = returns, arguments
    setattr(native, name, function)
