-- Generated from include/luma.h by bindings/generate.py (make bindings). Do not edit.
-- luma.cdef: the declarations, for ffi.cdef. luma.constants: the constants by name.

local luma = {}

luma.cdef = [[
typedef struct luma_client luma_client;
typedef struct luma_config luma_config;
typedef struct luma_journal luma_journal;
typedef struct luma_result luma_result;
typedef struct luma_trigger_request luma_trigger_request;
typedef struct luma_wait luma_wait;
typedef struct luma_wait_set luma_wait_set;
typedef size_t (*luma_token_fn)(char *buffer, size_t size, void *user_data);
typedef void (*luma_free_fn)(void *user_data);
typedef void (*luma_log_fn)(int32_t level, const char *line, void *user_data);
typedef int32_t (*luma_poll_fn)(const luma_result *result, void *user_data);
typedef int32_t (*luma_claim_fn)(const char *key, const char *digest, const char *intent_json, char *trigger_id, size_t size, void *user_data);
typedef int32_t (*luma_complete_fn)(const char *key, int32_t outcome, const char *trigger_id, void *user_data);
const char *luma_version(void);
const char *luma_status_message(int32_t status);
const char *luma_status_name(int32_t status);
const char *luma_outcome_name(int32_t outcome);
const char *luma_run_status_name(int32_t run_status);
int32_t luma_run_status_is_final(int32_t run_status);
const char *luma_counter_name(int32_t counter);
int32_t luma_config_new(const char *base_url, const char *access_token, luma_config **out);
int32_t luma_config_new_with_reason(const char *base_url, const char *access_token, luma_config **out, luma_result **reason);
int32_t luma_config_new_from_file(const char *path, const char *profile, luma_config **out, luma_result **reason);
int32_t luma_config_new_from_environment(luma_config **out, luma_result **reason);
int32_t luma_config_set_token_provider(luma_config *config, luma_token_fn callback, void *user_data);
int32_t luma_config_set_token_provider_with_free(luma_config *config, luma_token_fn callback, void *user_data, luma_free_fn free_user_data);
int32_t luma_config_set_auth_scheme(luma_config *config, int32_t scheme);
int32_t luma_config_add_header(luma_config *config, const char *name, const char *value);
int32_t luma_config_set_connect_timeout_ms(luma_config *config, int64_t connect_timeout_ms);
int32_t luma_config_set_timeout_ms(luma_config *config, int64_t timeout_ms);
int32_t luma_config_set_max_response_bytes(luma_config *config, int64_t max_response_bytes);
int32_t luma_config_set_trigger_max_idle_ms(luma_config *config, int64_t max_idle_ms);
int32_t luma_config_set_read_max_idle_ms(luma_config *config, int64_t max_idle_ms);
int32_t luma_config_set_max_idle_connections(luma_config *config, int64_t max_idle_connections);
int32_t luma_config_set_retries(luma_config *config, int32_t enabled);
int32_t luma_config_set_log(luma_config *config, int32_t level, luma_log_fn callback, void *user_data);
int32_t luma_config_set_log_with_free(luma_config *config, int32_t level, luma_log_fn callback, void *user_data, luma_free_fn free_user_data);
int32_t luma_config_log_to_file(luma_config *config, int32_t level, const char *path);
int32_t luma_config_log_to_json_file(luma_config *config, int32_t level, const char *path);
int32_t luma_config_set_allow_http(luma_config *config, int32_t allow);
int32_t luma_config_set_ca_pem(luma_config *config, const char *pem);
int32_t luma_config_set_ca_file(luma_config *config, const char *path);
int32_t luma_config_add_ca_pem(luma_config *config, const char *pem);
int32_t luma_config_add_ca_file(luma_config *config, const char *path);
int32_t luma_config_set_client_certificate_pem(luma_config *config, const char *chain_pem, const char *key_pem);
int32_t luma_config_set_client_certificate_file(luma_config *config, const char *chain_path, const char *key_path);
int32_t luma_config_set_proxy(luma_config *config, const char *url);
int32_t luma_config_set_auto_proxy(luma_config *config, int32_t enabled);
int32_t luma_config_set_application_id(luma_config *config, const char *application_id);
const char *luma_config_journal_folder(const luma_config *config);
const char *luma_config_message(const luma_config *config);
void luma_config_free(luma_config *config);
const char *luma_log_level_name(int32_t level);
int32_t luma_trigger_request_new(const char *workflow_identifier, luma_trigger_request **out);
int32_t luma_trigger_request_new_with_reason(const char *workflow_identifier, luma_trigger_request **out, luma_result **reason);
int32_t luma_trigger_request_set_variable(luma_trigger_request *request, const char *name, const char *value);
int32_t luma_trigger_request_set_secret_variable(luma_trigger_request *request, const char *name, const char *value);
int32_t luma_trigger_request_set_variable_json(luma_trigger_request *request, const char *name, const char *json);
int32_t luma_trigger_request_set_variable_int64(luma_trigger_request *request, const char *name, int64_t value);
int32_t luma_trigger_request_set_variable_double(luma_trigger_request *request, const char *name, double value);
int32_t luma_trigger_request_set_variable_bool(luma_trigger_request *request, const char *name, int32_t value);
int32_t luma_trigger_request_set_variables_json(luma_trigger_request *request, const char *json_object);
int32_t luma_trigger_request_set_initiator(luma_trigger_request *request, int64_t contact_id, int64_t application_id);
int32_t luma_trigger_request_set_initiation_info(luma_trigger_request *request, const char *key, const char *value);
const char *luma_trigger_request_message(const luma_trigger_request *request);
int32_t luma_trigger_request_exclude_from_digest(luma_trigger_request *request, const char *name);
void luma_trigger_request_free(luma_trigger_request *request);
int32_t luma_client_new(const char *base_url, const char *access_token, luma_client **out);
int32_t luma_client_new_with_config(const luma_config *config, luma_client **out);
int32_t luma_client_new_with_reason(const luma_config *config, luma_client **out, luma_result **reason);
int32_t luma_client_new_from_environment(luma_client **out, luma_result **reason);
int32_t luma_client_with_request_id(const luma_client *client, const char *request_id, luma_client **out);
int32_t luma_client_with_timeout_ms(const luma_client *client, int64_t timeout_ms, luma_client **out);
int32_t luma_client_with_own_cancel(const luma_client *client, luma_client **out);
int32_t luma_client_set_access_token(luma_client *client, const char *access_token);
int32_t luma_client_set_access_token_with_reason(luma_client *client, const char *access_token, luma_result **reason);
int32_t luma_client_cancel(luma_client *client);
int32_t luma_client_close(luma_client *client);
int32_t luma_client_drain(luma_client *client, int64_t timeout_ms);
int64_t luma_client_counter(const luma_client *client, int32_t counter);
void luma_client_free(luma_client *client);
int32_t luma_client_connect(const luma_client *client, luma_result **out);
int32_t luma_trigger_workflow(const luma_client *client, const luma_trigger_request *request, luma_result **out);
int32_t luma_trigger_workflow_json(const luma_client *client, const char *request_json, luma_result **out);
int32_t luma_wait_for_workflow(const luma_client *client, const char *trigger_id, int64_t timeout_ms, luma_poll_fn on_poll, void *user_data, luma_result **out);
int32_t luma_wait_for_workflow_or_suspension(const luma_client *client, const char *trigger_id, int64_t timeout_ms, luma_poll_fn on_poll, void *user_data, luma_result **out);
int32_t luma_get_workflow_history(const luma_client *client, const char *trigger_id, luma_result **out);
int32_t luma_list_workflow_steps(const luma_client *client, const char *trigger_id, const char *filter, const char *order_by, int64_t skip, int64_t top, luma_result **out);
int32_t luma_get_workflow_step(const luma_client *client, const char *trigger_id, const char *step_id, luma_result **out);
int32_t luma_generate_launch_url(const luma_client *client, const char *trigger_id, luma_result **out);
int32_t luma_list_workflow_definitions(const luma_client *client, const char *filter, const char *order_by, int64_t skip, int64_t top, luma_result **out);
int32_t luma_regenerate_tenant_token(const luma_client *client, const char *super_admin_token, const char *tenant_external_id, luma_result **out);
int32_t luma_journal_create(const char *folder, const char *base_url, luma_result **reason);
int32_t luma_journal_open(const char *folder, luma_journal **out, luma_result **reason);
int32_t luma_trigger_workflow_once(const luma_client *client, const luma_journal *journal, const char *key, const luma_trigger_request *request, luma_result **out);
int32_t luma_trigger_workflow_once_with_store(const luma_client *client, luma_claim_fn claim, luma_complete_fn complete, void *user_data, const char *digest_secret, const char *key, const luma_trigger_request *request, luma_result **out);
int32_t luma_journal_find(const luma_journal *journal, const char *key, luma_result **out);
int32_t luma_journal_unfinished(const luma_journal *journal, luma_result **out);
int32_t luma_journal_acknowledge(const luma_journal *journal, const char *key, luma_result **out);
int32_t luma_journal_resolve(const luma_journal *journal, const char *key, const char *trigger_id, const char *who, const char *reason, luma_result **out);
int32_t luma_journal_new_attempt(const luma_journal *journal, const char *key, const char *who, const char *reason, luma_result **out);
int32_t luma_journal_prune(const luma_journal *journal, int64_t older_than_ms, luma_result **out);
void luma_journal_free(luma_journal *journal);
int32_t luma_wait_new(const luma_client *client, const char *trigger_id, int64_t timeout_ms, luma_wait **out);
int32_t luma_wait_set_until_suspended(luma_wait *wait, int32_t on);
int32_t luma_wait_poll(luma_wait *wait, luma_result **out);
int64_t luma_wait_next_poll_ms(const luma_wait *wait);
void luma_wait_free(luma_wait *wait);
int32_t luma_wait_set_new(const luma_client *client, luma_wait_set **out);
int32_t luma_wait_set_max_polls_per_second(luma_wait_set *set, int64_t polls_per_second);
int32_t luma_wait_set_add(luma_wait_set *set, const char *trigger_id, int64_t timeout_ms, void *user_data);
int32_t luma_wait_set_remove(luma_wait_set *set, const char *trigger_id);
int32_t luma_wait_set_next(luma_wait_set *set, int64_t timeout_ms, luma_result **out, void **user_data);
size_t luma_wait_set_count(const luma_wait_set *set);
int32_t luma_wait_set_wake(luma_wait_set *set);
int32_t luma_wait_set_close(luma_wait_set *set);
void luma_wait_set_free(luma_wait_set *set);
void luma_result_free(luma_result *result);
int32_t luma_result_status(const luma_result *result);
int32_t luma_result_page_status(const luma_result *result);
int32_t luma_result_outcome(const luma_result *result);
int32_t luma_result_http_status(const luma_result *result);
const char *luma_result_message(const luma_result *result);
size_t luma_result_error_count(const luma_result *result);
const char *luma_result_error(const luma_result *result, size_t index);
int64_t luma_result_retry_after_ms(const luma_result *result);
const char *luma_result_trigger_id(const luma_result *result);
int32_t luma_result_run_status(const luma_result *result);
const char *luma_result_run_status_text(const luma_result *result);
int64_t luma_result_run_start_time_ms(const luma_result *result);
int64_t luma_result_run_end_time_ms(const luma_result *result);
int64_t luma_result_run_time_spent_ms(const luma_result *result);
int32_t luma_result_poll_count(const luma_result *result);
int64_t luma_result_wait_elapsed_ms(const luma_result *result);
size_t luma_result_step_count(const luma_result *result);
const char *luma_result_step_id(const luma_result *result, size_t index);
const char *luma_result_step_name(const luma_result *result, size_t index);
int32_t luma_result_step_status(const luma_result *result, size_t index);
const char *luma_result_step_status_text(const luma_result *result, size_t index);
int64_t luma_result_step_start_time_ms(const luma_result *result, size_t index);
int64_t luma_result_step_end_time_ms(const luma_result *result, size_t index);
int64_t luma_result_step_time_spent_ms(const luma_result *result, size_t index);
size_t luma_result_definition_count(const luma_result *result);
const char *luma_result_definition_identifier(const luma_result *result, size_t index);
const char *luma_result_definition_name(const luma_result *result, size_t index);
const char *luma_result_definition_description(const luma_result *result, size_t index);
const char *luma_result_launch_url(const luma_result *result);
const char *luma_result_access_token(const luma_result *result);
size_t luma_result_parameter_count(const luma_result *result);
const char *luma_result_parameter_name(const luma_result *result, size_t index);
const char *luma_result_parameter_value(const luma_result *result, size_t index);
const char *luma_result_parameter_data_type(const luma_result *result, size_t index);
const char *luma_result_parameter_caption(const luma_result *result, size_t index);
const char *luma_result_parameter_description(const luma_result *result, size_t index);
size_t luma_result_definition_parameter_count(const luma_result *result, size_t definition_index);
const char *luma_result_definition_parameter_name(const luma_result *result, size_t definition_index, size_t index);
const char *luma_result_definition_parameter_data_type(const luma_result *result, size_t definition_index, size_t index);
int32_t luma_result_definition_parameter_required(const luma_result *result, size_t definition_index, size_t index);
const char *luma_result_definition_parameter_caption(const luma_result *result, size_t definition_index, size_t index);
const char *luma_result_definition_parameter_description(const luma_result *result, size_t definition_index, size_t index);
const char *luma_result_json(const luma_result *result);
size_t luma_result_json_length(const luma_result *result);
int32_t luma_result_json_type(const luma_result *result, const char *json_pointer);
const char *luma_result_string(const luma_result *result, const char *json_pointer);
size_t luma_result_string_length(const luma_result *result, const char *json_pointer);
int32_t luma_result_text(const luma_result *result, const char *json_pointer, const char **text, size_t *length);
int32_t luma_result_int64(const luma_result *result, const char *json_pointer, int64_t *out);
int32_t luma_result_bool(const luma_result *result, const char *json_pointer, int32_t *out);
int32_t luma_result_count(const luma_result *result, const char *json_pointer, size_t *out);
const char *luma_result_request_id(const luma_result *result);
int32_t luma_result_attempts(const luma_result *result);
int64_t luma_result_timing_us(const luma_result *result, int32_t timing);
int32_t luma_result_connection_reused(const luma_result *result);
const char *luma_result_peer_address(const luma_result *result);
const char *luma_result_tls_version(const luma_result *result);
int64_t luma_result_certificate_expires_ms(const luma_result *result);
const char *luma_result_journal_key(const luma_result *result);
int64_t luma_result_journal_time_ms(const luma_result *result);
int32_t luma_result_journal_recorded(const luma_result *result);
size_t luma_result_journal_count(const luma_result *result);
]]

luma.constants = {
  LUMA_VERSION_NUMBER = 256,
  LUMA_OK = 0,
  LUMA_ERROR_NULL_ARGUMENT_1 = 1,
  LUMA_ERROR_NULL_ARGUMENT_2 = 2,
  LUMA_ERROR_NULL_ARGUMENT_3 = 3,
  LUMA_ERROR_NULL_ARGUMENT_4 = 4,
  LUMA_ERROR_NULL_ARGUMENT_5 = 5,
  LUMA_ERROR_NULL_ARGUMENT_6 = 6,
  LUMA_ERROR_NULL_ARGUMENT_7 = 7,
  LUMA_ERROR_NULL_ARGUMENT_8 = 8,
  LUMA_ERROR_UTF8_ARGUMENT_1 = 11,
  LUMA_ERROR_UTF8_ARGUMENT_2 = 12,
  LUMA_ERROR_UTF8_ARGUMENT_3 = 13,
  LUMA_ERROR_UTF8_ARGUMENT_4 = 14,
  LUMA_ERROR_UTF8_ARGUMENT_5 = 15,
  LUMA_ERROR_UTF8_ARGUMENT_6 = 16,
  LUMA_ERROR_BASE_URL_SYNTAX = 21,
  LUMA_ERROR_BASE_URL_SCHEME = 22,
  LUMA_ERROR_BASE_URL_USER_INFO = 23,
  LUMA_ERROR_BASE_URL_PORT = 24,
  LUMA_ERROR_BASE_URL_INSECURE = 25,
  LUMA_ERROR_ACCESS_TOKEN = 26,
  LUMA_ERROR_AUTH_SCHEME = 27,
  LUMA_ERROR_TIMEOUT_RANGE = 28,
  LUMA_ERROR_MAX_RESPONSE_BYTES = 29,
  LUMA_ERROR_CA_PEM = 30,
  LUMA_ERROR_APPLICATION_ID = 31,
  LUMA_ERROR_WORKFLOW_IDENTIFIER = 32,
  LUMA_ERROR_VARIABLE_NAME = 33,
  LUMA_ERROR_VARIABLES = 34,
  LUMA_ERROR_JSON = 35,
  LUMA_ERROR_INITIATOR_APPLICATION = 36,
  LUMA_ERROR_LUMA_CHANNEL_ACCOUNT_ID = 37,
  LUMA_ERROR_TICKET_IDENTIFIER = 38,
  LUMA_ERROR_INITIATION_INFO = 39,
  LUMA_ERROR_REQUEST_TOO_LARGE = 40,
  LUMA_ERROR_INITIATOR_CONTACT = 41,
  LUMA_ERROR_TRIGGER_ID = 42,
  LUMA_ERROR_STEP_ID = 43,
  LUMA_ERROR_TENANT_EXTERNAL_ID = 44,
  LUMA_ERROR_SUPER_ADMIN_TOKEN = 45,
  LUMA_ERROR_FILTER = 46,
  LUMA_ERROR_ORDER_BY = 47,
  LUMA_ERROR_SKIP = 48,
  LUMA_ERROR_TOP = 49,
  LUMA_ERROR_PROXY = 50,
  LUMA_ERROR_POINTER_SYNTAX = 51,
  LUMA_ERROR_POINTER_NOT_FOUND = 52,
  LUMA_ERROR_POINTER_TYPE = 53,
  LUMA_ERROR_POINTER_RANGE = 54,
  LUMA_ERROR_CA_FILE = 55,
  LUMA_ERROR_CLIENT_CERTIFICATE = 56,
  LUMA_ERROR_CLIENT_KEY = 57,
  LUMA_ERROR_LOG_LEVEL = 58,
  LUMA_ERROR_REQUEST_ID = 59,
  LUMA_ERROR_MAX_IDLE = 60,
  LUMA_ERROR_MAX_IDLE_CONNECTIONS = 61,
  LUMA_ERROR_HEADER = 62,
  LUMA_ERROR_LOG_FILE = 63,
  LUMA_ERROR_CONFIG_FILE_MISSING = 71,
  LUMA_ERROR_CONFIG_FILE_UNREADABLE = 72,
  LUMA_ERROR_CONFIG_FILE = 73,
  LUMA_ERROR_PROFILE = 74,
  LUMA_ERROR_FILE_PERMISSIONS = 75,
  LUMA_ERROR_TOKEN_SOURCE = 76,
  LUMA_ERROR_ENVIRONMENT = 77,
  LUMA_ERROR_IN_CALLBACK = 80,
  LUMA_ERROR_MAX_POLLS_PER_SECOND = 85,
  LUMA_ERROR_ALREADY_IN_SET = 86,
  LUMA_ERROR_NOT_IN_SET = 87,
  LUMA_ERROR_NOTHING_CHANGED = 88,
  LUMA_ERROR_WOKEN = 89,
  LUMA_ERROR_SET_EMPTY = 90,
  LUMA_ERROR_SET_CLOSED = 91,
  LUMA_ERROR_DNS = 100,
  LUMA_ERROR_CONNECT = 101,
  LUMA_ERROR_CONNECT_TIMEOUT = 102,
  LUMA_ERROR_TLS = 103,
  LUMA_ERROR_PROXY_FAILED = 104,
  LUMA_ERROR_RESPONSE_TIMEOUT = 110,
  LUMA_ERROR_CONNECTION_LOST = 111,
  LUMA_ERROR_INVALID_HTTP = 112,
  LUMA_ERROR_RESPONSE_TOO_LARGE = 113,
  LUMA_ERROR_CANCELLED = 114,
  LUMA_ERROR_WAIT_TIMEOUT = 120,
  LUMA_ERROR_WAIT_STOPPED = 121,
  LUMA_ERROR_WAIT_OPEN = 122,
  LUMA_ERROR_LIST_INCOMPLETE = 130,
  LUMA_ERROR_VALIDATION = 200,
  LUMA_ERROR_UNAUTHORIZED = 201,
  LUMA_ERROR_FORBIDDEN = 202,
  LUMA_ERROR_NOT_FOUND = 203,
  LUMA_ERROR_RATE_LIMITED = 204,
  LUMA_ERROR_REFUSED = 205,
  LUMA_ERROR_REDIRECTED = 206,
  LUMA_ERROR_SERVER_FAILED = 207,
  LUMA_ERROR_UNEXPECTED_RESPONSE = 208,
  LUMA_ALREADY_ACCEPTED = 300,
  LUMA_ERROR_KEY_IN_PROGRESS = 301,
  LUMA_ERROR_KEY_UNRESOLVED = 302,
  LUMA_ERROR_KEY_OTHER_REQUEST = 303,
  LUMA_ERROR_KEY = 304,
  LUMA_ERROR_KEY_NOT_FOUND = 305,
  LUMA_ERROR_KEY_STATE = 306,
  LUMA_ERROR_JOURNAL_FOLDER = 310,
  LUMA_ERROR_JOURNAL_EXISTS = 311,
  LUMA_ERROR_JOURNAL_DAMAGED = 312,
  LUMA_ERROR_JOURNAL_VERSION = 313,
  LUMA_ERROR_JOURNAL_GATEWAY = 314,
  LUMA_ERROR_JOURNAL_IO = 315,
  LUMA_ERROR_JOURNAL_NETWORK = 316,
  LUMA_ERROR_JOURNAL_NOTE = 317,
  LUMA_ERROR_JOURNAL_AGE = 318,
  LUMA_ERROR_JOURNAL_STORE = 319,
  LUMA_ERROR_OUT_OF_MEMORY = 800,
  LUMA_ERROR_INTERNAL = 900,
  LUMA_OUTCOME_ACCEPTED = 1,
  LUMA_OUTCOME_REJECTED = 2,
  LUMA_OUTCOME_NOT_SENT = 3,
  LUMA_OUTCOME_UNKNOWN = 4,
  LUMA_RUN_NONE = 0,
  LUMA_RUN_RUNNING = 1,
  LUMA_RUN_SUSPENDED = 2,
  LUMA_RUN_ACTIVATED = 3,
  LUMA_RUN_COMPLETED = 4,
  LUMA_RUN_FAILED = 5,
  LUMA_RUN_TERMINATED = 6,
  LUMA_RUN_OTHER = 7,
  LUMA_COUNTER_CALLS_ACCEPTED = 1,
  LUMA_COUNTER_CALLS_REJECTED = 2,
  LUMA_COUNTER_CALLS_NOT_SENT = 3,
  LUMA_COUNTER_CALLS_UNKNOWN = 4,
  LUMA_COUNTER_RETRIES = 5,
  LUMA_COUNTER_CONNECTIONS_OPENED = 6,
  LUMA_COUNTER_CONNECTIONS_REUSED = 7,
  LUMA_COUNTER_BYTES_SENT = 8,
  LUMA_COUNTER_BYTES_RECEIVED = 9,
  LUMA_COUNTER_WAITS_OPEN = 10,
  LUMA_AUTH_BEARER = 1,
  LUMA_AUTH_API_ACCESS_KEY = 2,
  LUMA_LOG_OFF = 0,
  LUMA_LOG_ERROR = 1,
  LUMA_LOG_WARN = 2,
  LUMA_LOG_INFO = 3,
  LUMA_LOG_DEBUG = 4,
  LUMA_APPLICATION_LUMA = -2,
  LUMA_APPLICATION_ISM = -4,
  LUMA_APPLICATION_CHANGEGEAR = -7,
  LUMA_APPLICATION_POB = -8,
  LUMA_CLAIM_GRANTED = 1,
  LUMA_CLAIM_ACCEPTED = 2,
  LUMA_CLAIM_IN_PROGRESS = 3,
  LUMA_CLAIM_UNRESOLVED = 4,
  LUMA_CLAIM_OTHER_REQUEST = 5,
  LUMA_JSON_ABSENT = 0,
  LUMA_JSON_NULL = 1,
  LUMA_JSON_BOOL = 2,
  LUMA_JSON_NUMBER = 3,
  LUMA_JSON_STRING = 4,
  LUMA_JSON_ARRAY = 5,
  LUMA_JSON_OBJECT = 6,
  LUMA_TIMING_DNS = 1,
  LUMA_TIMING_CONNECT = 2,
  LUMA_TIMING_TLS = 3,
  LUMA_TIMING_FIRST_BYTE = 4,
  LUMA_TIMING_TOTAL = 5,
}

return luma
