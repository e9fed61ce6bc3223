# frozen_string_literal: true

# Generated from include/luma.h by bindings/generate.py (make bindings). Do not edit.

require 'ffi'

module LumaAutomation
  # The functions and constants of luma.h.
  module Native
    extend FFI::Library

    CONSTANTS = {
      LUMA_VERSION_NUMBER: 256,
      LUMA_OK: 0,
      LUMA_ERROR_NULL_ARGUMENT_1: 1,
      LUMA_ERROR_NULL_ARGUMENT_2: 2,
      LUMA_ERROR_NULL_ARGUMENT_3: 3,
      LUMA_ERROR_NULL_ARGUMENT_4: 4,
      LUMA_ERROR_NULL_ARGUMENT_5: 5,
      LUMA_ERROR_NULL_ARGUMENT_6: 6,
      LUMA_ERROR_NULL_ARGUMENT_7: 7,
      LUMA_ERROR_NULL_ARGUMENT_8: 8,
      LUMA_ERROR_UTF8_ARGUMENT_1: 11,
      LUMA_ERROR_UTF8_ARGUMENT_2: 12,
      LUMA_ERROR_UTF8_ARGUMENT_3: 13,
      LUMA_ERROR_UTF8_ARGUMENT_4: 14,
      LUMA_ERROR_UTF8_ARGUMENT_5: 15,
      LUMA_ERROR_UTF8_ARGUMENT_6: 16,
      LUMA_ERROR_BASE_URL_SYNTAX: 21,
      LUMA_ERROR_BASE_URL_SCHEME: 22,
      LUMA_ERROR_BASE_URL_USER_INFO: 23,
      LUMA_ERROR_BASE_URL_PORT: 24,
      LUMA_ERROR_BASE_URL_INSECURE: 25,
      LUMA_ERROR_ACCESS_TOKEN: 26,
      LUMA_ERROR_AUTH_SCHEME: 27,
      LUMA_ERROR_TIMEOUT_RANGE: 28,
      LUMA_ERROR_MAX_RESPONSE_BYTES: 29,
      LUMA_ERROR_CA_PEM: 30,
      LUMA_ERROR_APPLICATION_ID: 31,
      LUMA_ERROR_WORKFLOW_IDENTIFIER: 32,
      LUMA_ERROR_VARIABLE_NAME: 33,
      LUMA_ERROR_VARIABLES: 34,
      LUMA_ERROR_JSON: 35,
      LUMA_ERROR_INITIATOR_APPLICATION: 36,
      LUMA_ERROR_LUMA_CHANNEL_ACCOUNT_ID: 37,
      LUMA_ERROR_TICKET_IDENTIFIER: 38,
      LUMA_ERROR_INITIATION_INFO: 39,
      LUMA_ERROR_REQUEST_TOO_LARGE: 40,
      LUMA_ERROR_INITIATOR_CONTACT: 41,
      LUMA_ERROR_TRIGGER_ID: 42,
      LUMA_ERROR_STEP_ID: 43,
      LUMA_ERROR_TENANT_EXTERNAL_ID: 44,
      LUMA_ERROR_SUPER_ADMIN_TOKEN: 45,
      LUMA_ERROR_FILTER: 46,
      LUMA_ERROR_ORDER_BY: 47,
      LUMA_ERROR_SKIP: 48,
      LUMA_ERROR_TOP: 49,
      LUMA_ERROR_PROXY: 50,
      LUMA_ERROR_POINTER_SYNTAX: 51,
      LUMA_ERROR_POINTER_NOT_FOUND: 52,
      LUMA_ERROR_POINTER_TYPE: 53,
      LUMA_ERROR_POINTER_RANGE: 54,
      LUMA_ERROR_CA_FILE: 55,
      LUMA_ERROR_CLIENT_CERTIFICATE: 56,
      LUMA_ERROR_CLIENT_KEY: 57,
      LUMA_ERROR_LOG_LEVEL: 58,
      LUMA_ERROR_REQUEST_ID: 59,
      LUMA_ERROR_MAX_IDLE: 60,
      LUMA_ERROR_MAX_IDLE_CONNECTIONS: 61,
      LUMA_ERROR_HEADER: 62,
      LUMA_ERROR_LOG_FILE: 63,
      LUMA_ERROR_CONFIG_FILE_MISSING: 71,
      LUMA_ERROR_CONFIG_FILE_UNREADABLE: 72,
      LUMA_ERROR_CONFIG_FILE: 73,
      LUMA_ERROR_PROFILE: 74,
      LUMA_ERROR_FILE_PERMISSIONS: 75,
      LUMA_ERROR_TOKEN_SOURCE: 76,
      LUMA_ERROR_ENVIRONMENT: 77,
      LUMA_ERROR_IN_CALLBACK: 80,
      LUMA_ERROR_MAX_POLLS_PER_SECOND: 85,
      LUMA_ERROR_ALREADY_IN_SET: 86,
      LUMA_ERROR_NOT_IN_SET: 87,
      LUMA_ERROR_NOTHING_CHANGED: 88,
      LUMA_ERROR_WOKEN: 89,
      LUMA_ERROR_SET_EMPTY: 90,
      LUMA_ERROR_SET_CLOSED: 91,
      LUMA_ERROR_DNS: 100,
      LUMA_ERROR_CONNECT: 101,
      LUMA_ERROR_CONNECT_TIMEOUT: 102,
      LUMA_ERROR_TLS: 103,
      LUMA_ERROR_PROXY_FAILED: 104,
      LUMA_ERROR_RESPONSE_TIMEOUT: 110,
      LUMA_ERROR_CONNECTION_LOST: 111,
      LUMA_ERROR_INVALID_HTTP: 112,
      LUMA_ERROR_RESPONSE_TOO_LARGE: 113,
      LUMA_ERROR_CANCELLED: 114,
      LUMA_ERROR_WAIT_TIMEOUT: 120,
      LUMA_ERROR_WAIT_STOPPED: 121,
      LUMA_ERROR_WAIT_OPEN: 122,
      LUMA_ERROR_LIST_INCOMPLETE: 130,
      LUMA_ERROR_VALIDATION: 200,
      LUMA_ERROR_UNAUTHORIZED: 201,
      LUMA_ERROR_FORBIDDEN: 202,
      LUMA_ERROR_NOT_FOUND: 203,
      LUMA_ERROR_RATE_LIMITED: 204,
      LUMA_ERROR_REFUSED: 205,
      LUMA_ERROR_REDIRECTED: 206,
      LUMA_ERROR_SERVER_FAILED: 207,
      LUMA_ERROR_UNEXPECTED_RESPONSE: 208,
      LUMA_ALREADY_ACCEPTED: 300,
      LUMA_ERROR_KEY_IN_PROGRESS: 301,
      LUMA_ERROR_KEY_UNRESOLVED: 302,
      LUMA_ERROR_KEY_OTHER_REQUEST: 303,
      LUMA_ERROR_KEY: 304,
      LUMA_ERROR_KEY_NOT_FOUND: 305,
      LUMA_ERROR_KEY_STATE: 306,
      LUMA_ERROR_JOURNAL_FOLDER: 310,
      LUMA_ERROR_JOURNAL_EXISTS: 311,
      LUMA_ERROR_JOURNAL_DAMAGED: 312,
      LUMA_ERROR_JOURNAL_VERSION: 313,
      LUMA_ERROR_JOURNAL_GATEWAY: 314,
      LUMA_ERROR_JOURNAL_IO: 315,
      LUMA_ERROR_JOURNAL_NETWORK: 316,
      LUMA_ERROR_JOURNAL_NOTE: 317,
      LUMA_ERROR_JOURNAL_AGE: 318,
      LUMA_ERROR_JOURNAL_STORE: 319,
      LUMA_ERROR_OUT_OF_MEMORY: 800,
      LUMA_ERROR_INTERNAL: 900,
      LUMA_OUTCOME_ACCEPTED: 1,
      LUMA_OUTCOME_REJECTED: 2,
      LUMA_OUTCOME_NOT_SENT: 3,
      LUMA_OUTCOME_UNKNOWN: 4,
      LUMA_RUN_NONE: 0,
      LUMA_RUN_RUNNING: 1,
      LUMA_RUN_SUSPENDED: 2,
      LUMA_RUN_ACTIVATED: 3,
      LUMA_RUN_COMPLETED: 4,
      LUMA_RUN_FAILED: 5,
      LUMA_RUN_TERMINATED: 6,
      LUMA_RUN_OTHER: 7,
      LUMA_COUNTER_CALLS_ACCEPTED: 1,
      LUMA_COUNTER_CALLS_REJECTED: 2,
      LUMA_COUNTER_CALLS_NOT_SENT: 3,
      LUMA_COUNTER_CALLS_UNKNOWN: 4,
      LUMA_COUNTER_RETRIES: 5,
      LUMA_COUNTER_CONNECTIONS_OPENED: 6,
      LUMA_COUNTER_CONNECTIONS_REUSED: 7,
      LUMA_COUNTER_BYTES_SENT: 8,
      LUMA_COUNTER_BYTES_RECEIVED: 9,
      LUMA_COUNTER_WAITS_OPEN: 10,
      LUMA_AUTH_BEARER: 1,
      LUMA_AUTH_API_ACCESS_KEY: 2,
      LUMA_LOG_OFF: 0,
      LUMA_LOG_ERROR: 1,
      LUMA_LOG_WARN: 2,
      LUMA_LOG_INFO: 3,
      LUMA_LOG_DEBUG: 4,
      LUMA_APPLICATION_LUMA: -2,
      LUMA_APPLICATION_ISM: -4,
      LUMA_APPLICATION_CHANGEGEAR: -7,
      LUMA_APPLICATION_POB: -8,
      LUMA_CLAIM_GRANTED: 1,
      LUMA_CLAIM_ACCEPTED: 2,
      LUMA_CLAIM_IN_PROGRESS: 3,
      LUMA_CLAIM_UNRESOLVED: 4,
      LUMA_CLAIM_OTHER_REQUEST: 5,
      LUMA_JSON_ABSENT: 0,
      LUMA_JSON_NULL: 1,
      LUMA_JSON_BOOL: 2,
      LUMA_JSON_NUMBER: 3,
      LUMA_JSON_STRING: 4,
      LUMA_JSON_ARRAY: 5,
      LUMA_JSON_OBJECT: 6,
      LUMA_TIMING_DNS: 1,
      LUMA_TIMING_CONNECT: 2,
      LUMA_TIMING_TLS: 3,
      LUMA_TIMING_FIRST_BYTE: 4,
      LUMA_TIMING_TOTAL: 5,
    }.freeze
    CONSTANTS.each { |name, value| const_set(name, value) }

    # Loads a library and attaches its functions.
    def self.attach(library)
      ffi_lib library
      callback :luma_token_fn, [:pointer, :size_t, :pointer], :size_t
      callback :luma_free_fn, [:pointer], :void
      callback :luma_log_fn, [:int32, :pointer, :pointer], :void
      callback :luma_poll_fn, [:pointer, :pointer], :int32
      callback :luma_claim_fn, [:pointer, :pointer, :pointer, :pointer, :size_t, :pointer], :int32
      callback :luma_complete_fn, [:pointer, :int32, :pointer, :pointer], :int32
      attach_function :luma_version, [], :string
      attach_function :luma_status_message, [:int32], :string
      attach_function :luma_status_name, [:int32], :string
      attach_function :luma_outcome_name, [:int32], :string
      attach_function :luma_run_status_name, [:int32], :string
      attach_function :luma_run_status_is_final, [:int32], :int32
      attach_function :luma_counter_name, [:int32], :string
      attach_function :luma_config_new, [:string, :string, :pointer], :int32
      attach_function :luma_config_new_with_reason, [:string, :string, :pointer, :pointer], :int32
      attach_function :luma_config_new_from_file, [:string, :string, :pointer, :pointer], :int32, blocking: true
      attach_function :luma_config_new_from_environment, [:pointer, :pointer], :int32, blocking: true
      attach_function :luma_config_set_token_provider, [:pointer, :luma_token_fn, :pointer], :int32
      attach_function :luma_config_set_token_provider_with_free, [:pointer, :luma_token_fn, :pointer, :luma_free_fn], :int32
      attach_function :luma_config_set_auth_scheme, [:pointer, :int32], :int32
      attach_function :luma_config_add_header, [:pointer, :string, :string], :int32
      attach_function :luma_config_set_connect_timeout_ms, [:pointer, :int64], :int32
      attach_function :luma_config_set_timeout_ms, [:pointer, :int64], :int32
      attach_function :luma_config_set_max_response_bytes, [:pointer, :int64], :int32
      attach_function :luma_config_set_trigger_max_idle_ms, [:pointer, :int64], :int32
      attach_function :luma_config_set_read_max_idle_ms, [:pointer, :int64], :int32
      attach_function :luma_config_set_max_idle_connections, [:pointer, :int64], :int32
      attach_function :luma_config_set_retries, [:pointer, :int32], :int32
      attach_function :luma_config_set_log, [:pointer, :int32, :luma_log_fn, :pointer], :int32
      attach_function :luma_config_set_log_with_free, [:pointer, :int32, :luma_log_fn, :pointer, :luma_free_fn], :int32
      attach_function :luma_config_log_to_file, [:pointer, :int32, :string], :int32, blocking: true
      attach_function :luma_config_log_to_json_file, [:pointer, :int32, :string], :int32, blocking: true
      attach_function :luma_config_set_allow_http, [:pointer, :int32], :int32
      attach_function :luma_config_set_ca_pem, [:pointer, :string], :int32
      attach_function :luma_config_set_ca_file, [:pointer, :string], :int32, blocking: true
      attach_function :luma_config_add_ca_pem, [:pointer, :string], :int32
      attach_function :luma_config_add_ca_file, [:pointer, :string], :int32, blocking: true
      attach_function :luma_config_set_client_certificate_pem, [:pointer, :string, :string], :int32
      attach_function :luma_config_set_client_certificate_file, [:pointer, :string, :string], :int32, blocking: true
      attach_function :luma_config_set_proxy, [:pointer, :string], :int32
      attach_function :luma_config_set_auto_proxy, [:pointer, :int32], :int32
      attach_function :luma_config_set_application_id, [:pointer, :string], :int32
      attach_function :luma_config_journal_folder, [:pointer], :string
      attach_function :luma_config_message, [:pointer], :string
      attach_function :luma_config_free, [:pointer], :void
      attach_function :luma_log_level_name, [:int32], :string
      attach_function :luma_trigger_request_new, [:string, :pointer], :int32
      attach_function :luma_trigger_request_new_with_reason, [:string, :pointer, :pointer], :int32
      attach_function :luma_trigger_request_set_variable, [:pointer, :string, :string], :int32
      attach_function :luma_trigger_request_set_secret_variable, [:pointer, :string, :string], :int32
      attach_function :luma_trigger_request_set_variable_json, [:pointer, :string, :string], :int32
      attach_function :luma_trigger_request_set_variable_int64, [:pointer, :string, :int64], :int32
      attach_function :luma_trigger_request_set_variable_double, [:pointer, :string, :double], :int32
      attach_function :luma_trigger_request_set_variable_bool, [:pointer, :string, :int32], :int32
      attach_function :luma_trigger_request_set_variables_json, [:pointer, :string], :int32
      attach_function :luma_trigger_request_set_initiator, [:pointer, :int64, :int64], :int32
      attach_function :luma_trigger_request_set_initiation_info, [:pointer, :string, :string], :int32
      attach_function :luma_trigger_request_message, [:pointer], :string
      attach_function :luma_trigger_request_exclude_from_digest, [:pointer, :string], :int32
      attach_function :luma_trigger_request_free, [:pointer], :void
      attach_function :luma_client_new, [:string, :string, :pointer], :int32
      attach_function :luma_client_new_with_config, [:pointer, :pointer], :int32
      attach_function :luma_client_new_with_reason, [:pointer, :pointer, :pointer], :int32
      attach_function :luma_client_new_from_environment, [:pointer, :pointer], :int32, blocking: true
      attach_function :luma_client_with_request_id, [:pointer, :string, :pointer], :int32
      attach_function :luma_client_with_timeout_ms, [:pointer, :int64, :pointer], :int32
      attach_function :luma_client_with_own_cancel, [:pointer, :pointer], :int32
      attach_function :luma_client_set_access_token, [:pointer, :string], :int32
      attach_function :luma_client_set_access_token_with_reason, [:pointer, :string, :pointer], :int32
      attach_function :luma_client_cancel, [:pointer], :int32
      attach_function :luma_client_close, [:pointer], :int32
      attach_function :luma_client_drain, [:pointer, :int64], :int32, blocking: true
      attach_function :luma_client_counter, [:pointer, :int32], :int64
      attach_function :luma_client_free, [:pointer], :void
      attach_function :luma_client_connect, [:pointer, :pointer], :int32, blocking: true
      attach_function :luma_trigger_workflow, [:pointer, :pointer, :pointer], :int32, blocking: true
      attach_function :luma_trigger_workflow_json, [:pointer, :string, :pointer], :int32, blocking: true
      attach_function :luma_wait_for_workflow, [:pointer, :string, :int64, :luma_poll_fn, :pointer, :pointer], :int32, blocking: true
      attach_function :luma_wait_for_workflow_or_suspension, [:pointer, :string, :int64, :luma_poll_fn, :pointer, :pointer], :int32, blocking: true
      attach_function :luma_get_workflow_history, [:pointer, :string, :pointer], :int32, blocking: true
      attach_function :luma_list_workflow_steps, [:pointer, :string, :string, :string, :int64, :int64, :pointer], :int32, blocking: true
      attach_function :luma_get_workflow_step, [:pointer, :string, :string, :pointer], :int32, blocking: true
      attach_function :luma_generate_launch_url, [:pointer, :string, :pointer], :int32, blocking: true
      attach_function :luma_list_workflow_definitions, [:pointer, :string, :string, :int64, :int64, :pointer], :int32, blocking: true
      attach_function :luma_regenerate_tenant_token, [:pointer, :string, :string, :pointer], :int32, blocking: true
      attach_function :luma_journal_create, [:string, :string, :pointer], :int32, blocking: true
      attach_function :luma_journal_open, [:string, :pointer, :pointer], :int32, blocking: true
      attach_function :luma_trigger_workflow_once, [:pointer, :pointer, :string, :pointer, :pointer], :int32, blocking: true
      attach_function :luma_trigger_workflow_once_with_store, [:pointer, :luma_claim_fn, :luma_complete_fn, :pointer, :string, :string, :pointer, :pointer], :int32, blocking: true
      attach_function :luma_journal_find, [:pointer, :string, :pointer], :int32, blocking: true
      attach_function :luma_journal_unfinished, [:pointer, :pointer], :int32, blocking: true
      attach_function :luma_journal_acknowledge, [:pointer, :string, :pointer], :int32, blocking: true
      attach_function :luma_journal_resolve, [:pointer, :string, :string, :string, :string, :pointer], :int32, blocking: true
      attach_function :luma_journal_new_attempt, [:pointer, :string, :string, :string, :pointer], :int32, blocking: true
      attach_function :luma_journal_prune, [:pointer, :int64, :pointer], :int32, blocking: true
      attach_function :luma_journal_free, [:pointer], :void
      attach_function :luma_wait_new, [:pointer, :string, :int64, :pointer], :int32
      attach_function :luma_wait_set_until_suspended, [:pointer, :int32], :int32
      attach_function :luma_wait_poll, [:pointer, :pointer], :int32, blocking: true
      attach_function :luma_wait_next_poll_ms, [:pointer], :int64
      attach_function :luma_wait_free, [:pointer], :void
      attach_function :luma_wait_set_new, [:pointer, :pointer], :int32
      attach_function :luma_wait_set_max_polls_per_second, [:pointer, :int64], :int32
      attach_function :luma_wait_set_add, [:pointer, :string, :int64, :pointer], :int32
      attach_function :luma_wait_set_remove, [:pointer, :string], :int32
      attach_function :luma_wait_set_next, [:pointer, :int64, :pointer, :pointer], :int32, blocking: true
      attach_function :luma_wait_set_count, [:pointer], :size_t
      attach_function :luma_wait_set_wake, [:pointer], :int32
      attach_function :luma_wait_set_close, [:pointer], :int32
      attach_function :luma_wait_set_free, [:pointer], :void
      attach_function :luma_result_free, [:pointer], :void
      attach_function :luma_result_status, [:pointer], :int32
      attach_function :luma_result_page_status, [:pointer], :int32
      attach_function :luma_result_outcome, [:pointer], :int32
      attach_function :luma_result_http_status, [:pointer], :int32
      attach_function :luma_result_message, [:pointer], :string
      attach_function :luma_result_error_count, [:pointer], :size_t
      attach_function :luma_result_error, [:pointer, :size_t], :string
      attach_function :luma_result_retry_after_ms, [:pointer], :int64
      attach_function :luma_result_trigger_id, [:pointer], :string
      attach_function :luma_result_run_status, [:pointer], :int32
      attach_function :luma_result_run_status_text, [:pointer], :string
      attach_function :luma_result_run_start_time_ms, [:pointer], :int64
      attach_function :luma_result_run_end_time_ms, [:pointer], :int64
      attach_function :luma_result_run_time_spent_ms, [:pointer], :int64
      attach_function :luma_result_poll_count, [:pointer], :int32
      attach_function :luma_result_wait_elapsed_ms, [:pointer], :int64
      attach_function :luma_result_step_count, [:pointer], :size_t
      attach_function :luma_result_step_id, [:pointer, :size_t], :string
      attach_function :luma_result_step_name, [:pointer, :size_t], :string
      attach_function :luma_result_step_status, [:pointer, :size_t], :int32
      attach_function :luma_result_step_status_text, [:pointer, :size_t], :string
      attach_function :luma_result_step_start_time_ms, [:pointer, :size_t], :int64
      attach_function :luma_result_step_end_time_ms, [:pointer, :size_t], :int64
      attach_function :luma_result_step_time_spent_ms, [:pointer, :size_t], :int64
      attach_function :luma_result_definition_count, [:pointer], :size_t
      attach_function :luma_result_definition_identifier, [:pointer, :size_t], :string
      attach_function :luma_result_definition_name, [:pointer, :size_t], :string
      attach_function :luma_result_definition_description, [:pointer, :size_t], :string
      attach_function :luma_result_launch_url, [:pointer], :string
      attach_function :luma_result_access_token, [:pointer], :string
      attach_function :luma_result_parameter_count, [:pointer], :size_t
      attach_function :luma_result_parameter_name, [:pointer, :size_t], :string
      attach_function :luma_result_parameter_value, [:pointer, :size_t], :string
      attach_function :luma_result_parameter_data_type, [:pointer, :size_t], :string
      attach_function :luma_result_parameter_caption, [:pointer, :size_t], :string
      attach_function :luma_result_parameter_description, [:pointer, :size_t], :string
      attach_function :luma_result_definition_parameter_count, [:pointer, :size_t], :size_t
      attach_function :luma_result_definition_parameter_name, [:pointer, :size_t, :size_t], :string
      attach_function :luma_result_definition_parameter_data_type, [:pointer, :size_t, :size_t], :string
      attach_function :luma_result_definition_parameter_required, [:pointer, :size_t, :size_t], :int32
      attach_function :luma_result_definition_parameter_caption, [:pointer, :size_t, :size_t], :string
      attach_function :luma_result_definition_parameter_description, [:pointer, :size_t, :size_t], :string
      attach_function :luma_result_json, [:pointer], :string
      attach_function :luma_result_json_length, [:pointer], :size_t
      attach_function :luma_result_json_type, [:pointer, :string], :int32
      attach_function :luma_result_string, [:pointer, :string], :string
      attach_function :luma_result_string_length, [:pointer, :string], :size_t
      attach_function :luma_result_text, [:pointer, :string, :pointer, :pointer], :int32
      attach_function :luma_result_int64, [:pointer, :string, :pointer], :int32
      attach_function :luma_result_bool, [:pointer, :string, :pointer], :int32
      attach_function :luma_result_count, [:pointer, :string, :pointer], :int32
      attach_function :luma_result_request_id, [:pointer], :string
      attach_function :luma_result_attempts, [:pointer], :int32
      attach_function :luma_result_timing_us, [:pointer, :int32], :int64
      attach_function :luma_result_connection_reused, [:pointer], :int32
      attach_function :luma_result_peer_address, [:pointer], :string
      attach_function :luma_result_tls_version, [:pointer], :string
      attach_function :luma_result_certificate_expires_ms, [:pointer], :int64
      attach_function :luma_result_journal_key, [:pointer], :string
      attach_function :luma_result_journal_time_ms, [:pointer], :int64
      attach_function :luma_result_journal_recorded, [:pointer], :int32
      attach_function :luma_result_journal_count, [:pointer], :size_t
    end
  end
end
