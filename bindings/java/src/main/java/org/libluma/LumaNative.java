// Generated from include/luma.h by bindings/generate.py (make bindings). Do not edit.
package org.libluma;

import com.sun.jna.Callback;
import com.sun.jna.IntegerType;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.ByReference;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;

/**
 * The functions and constants of luma.h. Strings are UTF-8 and end with a NUL: byte[] as an
 * argument, Pointer as a returned value.
 */
final class LumaNative {
    static {
        Native.register(LumaNative.class, LumaLibrary.load());
    }

    private LumaNative() {}

    /** size_t. */
    public static final class SizeT extends IntegerType {
        private static final long serialVersionUID = 1L;

        public SizeT() {
            this(0);
        }

        public SizeT(long value) {
            super(Native.SIZE_T_SIZE, value, true);
        }
    }

    /** size_t *. */
    public static final class SizeTByReference extends ByReference {
        public SizeTByReference() {
            super(Native.SIZE_T_SIZE);
        }

        public long getValue() {
            return Native.SIZE_T_SIZE == 8 ? getPointer().getLong(0)
                : getPointer().getInt(0) & 0xFFFFFFFFL;
        }
    }

    /** luma_token_fn. */
    public interface TokenFn extends Callback {
        SizeT invoke(Pointer buffer, SizeT size, Pointer userData);
    }

    /** luma_free_fn. */
    public interface FreeFn extends Callback {
        void invoke(Pointer userData);
    }

    /** luma_log_fn. */
    public interface LogFn extends Callback {
        void invoke(int level, Pointer line, Pointer userData);
    }

    /** luma_poll_fn. */
    public interface PollFn extends Callback {
        int invoke(Pointer result, Pointer userData);
    }

    /** luma_claim_fn. */
    public interface ClaimFn extends Callback {
        int invoke(Pointer key, Pointer digest, Pointer intentJson, Pointer triggerId, SizeT size, Pointer userData);
    }

    /** luma_complete_fn. */
    public interface CompleteFn extends Callback {
        int invoke(Pointer key, int outcome, Pointer triggerId, Pointer userData);
    }

    static final int LUMA_VERSION_NUMBER = 256;
    static final int LUMA_OK = 0;
    static final int LUMA_ERROR_NULL_ARGUMENT_1 = 1;
    static final int LUMA_ERROR_NULL_ARGUMENT_2 = 2;
    static final int LUMA_ERROR_NULL_ARGUMENT_3 = 3;
    static final int LUMA_ERROR_NULL_ARGUMENT_4 = 4;
    static final int LUMA_ERROR_NULL_ARGUMENT_5 = 5;
    static final int LUMA_ERROR_NULL_ARGUMENT_6 = 6;
    static final int LUMA_ERROR_NULL_ARGUMENT_7 = 7;
    static final int LUMA_ERROR_NULL_ARGUMENT_8 = 8;
    static final int LUMA_ERROR_UTF8_ARGUMENT_1 = 11;
    static final int LUMA_ERROR_UTF8_ARGUMENT_2 = 12;
    static final int LUMA_ERROR_UTF8_ARGUMENT_3 = 13;
    static final int LUMA_ERROR_UTF8_ARGUMENT_4 = 14;
    static final int LUMA_ERROR_UTF8_ARGUMENT_5 = 15;
    static final int LUMA_ERROR_UTF8_ARGUMENT_6 = 16;
    static final int LUMA_ERROR_BASE_URL_SYNTAX = 21;
    static final int LUMA_ERROR_BASE_URL_SCHEME = 22;
    static final int LUMA_ERROR_BASE_URL_USER_INFO = 23;
    static final int LUMA_ERROR_BASE_URL_PORT = 24;
    static final int LUMA_ERROR_BASE_URL_INSECURE = 25;
    static final int LUMA_ERROR_ACCESS_TOKEN = 26;
    static final int LUMA_ERROR_AUTH_SCHEME = 27;
    static final int LUMA_ERROR_TIMEOUT_RANGE = 28;
    static final int LUMA_ERROR_MAX_RESPONSE_BYTES = 29;
    static final int LUMA_ERROR_CA_PEM = 30;
    static final int LUMA_ERROR_APPLICATION_ID = 31;
    static final int LUMA_ERROR_WORKFLOW_IDENTIFIER = 32;
    static final int LUMA_ERROR_VARIABLE_NAME = 33;
    static final int LUMA_ERROR_VARIABLES = 34;
    static final int LUMA_ERROR_JSON = 35;
    static final int LUMA_ERROR_INITIATOR_APPLICATION = 36;
    static final int LUMA_ERROR_LUMA_CHANNEL_ACCOUNT_ID = 37;
    static final int LUMA_ERROR_TICKET_IDENTIFIER = 38;
    static final int LUMA_ERROR_INITIATION_INFO = 39;
    static final int LUMA_ERROR_REQUEST_TOO_LARGE = 40;
    static final int LUMA_ERROR_INITIATOR_CONTACT = 41;
    static final int LUMA_ERROR_TRIGGER_ID = 42;
    static final int LUMA_ERROR_STEP_ID = 43;
    static final int LUMA_ERROR_TENANT_EXTERNAL_ID = 44;
    static final int LUMA_ERROR_SUPER_ADMIN_TOKEN = 45;
    static final int LUMA_ERROR_FILTER = 46;
    static final int LUMA_ERROR_ORDER_BY = 47;
    static final int LUMA_ERROR_SKIP = 48;
    static final int LUMA_ERROR_TOP = 49;
    static final int LUMA_ERROR_PROXY = 50;
    static final int LUMA_ERROR_POINTER_SYNTAX = 51;
    static final int LUMA_ERROR_POINTER_NOT_FOUND = 52;
    static final int LUMA_ERROR_POINTER_TYPE = 53;
    static final int LUMA_ERROR_POINTER_RANGE = 54;
    static final int LUMA_ERROR_CA_FILE = 55;
    static final int LUMA_ERROR_CLIENT_CERTIFICATE = 56;
    static final int LUMA_ERROR_CLIENT_KEY = 57;
    static final int LUMA_ERROR_LOG_LEVEL = 58;
    static final int LUMA_ERROR_REQUEST_ID = 59;
    static final int LUMA_ERROR_MAX_IDLE = 60;
    static final int LUMA_ERROR_MAX_IDLE_CONNECTIONS = 61;
    static final int LUMA_ERROR_HEADER = 62;
    static final int LUMA_ERROR_LOG_FILE = 63;
    static final int LUMA_ERROR_CONFIG_FILE_MISSING = 71;
    static final int LUMA_ERROR_CONFIG_FILE_UNREADABLE = 72;
    static final int LUMA_ERROR_CONFIG_FILE = 73;
    static final int LUMA_ERROR_PROFILE = 74;
    static final int LUMA_ERROR_FILE_PERMISSIONS = 75;
    static final int LUMA_ERROR_TOKEN_SOURCE = 76;
    static final int LUMA_ERROR_ENVIRONMENT = 77;
    static final int LUMA_ERROR_IN_CALLBACK = 80;
    static final int LUMA_ERROR_MAX_POLLS_PER_SECOND = 85;
    static final int LUMA_ERROR_ALREADY_IN_SET = 86;
    static final int LUMA_ERROR_NOT_IN_SET = 87;
    static final int LUMA_ERROR_NOTHING_CHANGED = 88;
    static final int LUMA_ERROR_WOKEN = 89;
    static final int LUMA_ERROR_SET_EMPTY = 90;
    static final int LUMA_ERROR_SET_CLOSED = 91;
    static final int LUMA_ERROR_DNS = 100;
    static final int LUMA_ERROR_CONNECT = 101;
    static final int LUMA_ERROR_CONNECT_TIMEOUT = 102;
    static final int LUMA_ERROR_TLS = 103;
    static final int LUMA_ERROR_PROXY_FAILED = 104;
    static final int LUMA_ERROR_RESPONSE_TIMEOUT = 110;
    static final int LUMA_ERROR_CONNECTION_LOST = 111;
    static final int LUMA_ERROR_INVALID_HTTP = 112;
    static final int LUMA_ERROR_RESPONSE_TOO_LARGE = 113;
    static final int LUMA_ERROR_CANCELLED = 114;
    static final int LUMA_ERROR_WAIT_TIMEOUT = 120;
    static final int LUMA_ERROR_WAIT_STOPPED = 121;
    static final int LUMA_ERROR_WAIT_OPEN = 122;
    static final int LUMA_ERROR_LIST_INCOMPLETE = 130;
    static final int LUMA_ERROR_VALIDATION = 200;
    static final int LUMA_ERROR_UNAUTHORIZED = 201;
    static final int LUMA_ERROR_FORBIDDEN = 202;
    static final int LUMA_ERROR_NOT_FOUND = 203;
    static final int LUMA_ERROR_RATE_LIMITED = 204;
    static final int LUMA_ERROR_REFUSED = 205;
    static final int LUMA_ERROR_REDIRECTED = 206;
    static final int LUMA_ERROR_SERVER_FAILED = 207;
    static final int LUMA_ERROR_UNEXPECTED_RESPONSE = 208;
    static final int LUMA_ALREADY_ACCEPTED = 300;
    static final int LUMA_ERROR_KEY_IN_PROGRESS = 301;
    static final int LUMA_ERROR_KEY_UNRESOLVED = 302;
    static final int LUMA_ERROR_KEY_OTHER_REQUEST = 303;
    static final int LUMA_ERROR_KEY = 304;
    static final int LUMA_ERROR_KEY_NOT_FOUND = 305;
    static final int LUMA_ERROR_KEY_STATE = 306;
    static final int LUMA_ERROR_JOURNAL_FOLDER = 310;
    static final int LUMA_ERROR_JOURNAL_EXISTS = 311;
    static final int LUMA_ERROR_JOURNAL_DAMAGED = 312;
    static final int LUMA_ERROR_JOURNAL_VERSION = 313;
    static final int LUMA_ERROR_JOURNAL_GATEWAY = 314;
    static final int LUMA_ERROR_JOURNAL_IO = 315;
    static final int LUMA_ERROR_JOURNAL_NETWORK = 316;
    static final int LUMA_ERROR_JOURNAL_NOTE = 317;
    static final int LUMA_ERROR_JOURNAL_AGE = 318;
    static final int LUMA_ERROR_JOURNAL_STORE = 319;
    static final int LUMA_ERROR_OUT_OF_MEMORY = 800;
    static final int LUMA_ERROR_INTERNAL = 900;
    static final int LUMA_OUTCOME_ACCEPTED = 1;
    static final int LUMA_OUTCOME_REJECTED = 2;
    static final int LUMA_OUTCOME_NOT_SENT = 3;
    static final int LUMA_OUTCOME_UNKNOWN = 4;
    static final int LUMA_RUN_NONE = 0;
    static final int LUMA_RUN_RUNNING = 1;
    static final int LUMA_RUN_SUSPENDED = 2;
    static final int LUMA_RUN_ACTIVATED = 3;
    static final int LUMA_RUN_COMPLETED = 4;
    static final int LUMA_RUN_FAILED = 5;
    static final int LUMA_RUN_TERMINATED = 6;
    static final int LUMA_RUN_OTHER = 7;
    static final int LUMA_COUNTER_CALLS_ACCEPTED = 1;
    static final int LUMA_COUNTER_CALLS_REJECTED = 2;
    static final int LUMA_COUNTER_CALLS_NOT_SENT = 3;
    static final int LUMA_COUNTER_CALLS_UNKNOWN = 4;
    static final int LUMA_COUNTER_RETRIES = 5;
    static final int LUMA_COUNTER_CONNECTIONS_OPENED = 6;
    static final int LUMA_COUNTER_CONNECTIONS_REUSED = 7;
    static final int LUMA_COUNTER_BYTES_SENT = 8;
    static final int LUMA_COUNTER_BYTES_RECEIVED = 9;
    static final int LUMA_COUNTER_WAITS_OPEN = 10;
    static final int LUMA_AUTH_BEARER = 1;
    static final int LUMA_AUTH_API_ACCESS_KEY = 2;
    static final int LUMA_LOG_OFF = 0;
    static final int LUMA_LOG_ERROR = 1;
    static final int LUMA_LOG_WARN = 2;
    static final int LUMA_LOG_INFO = 3;
    static final int LUMA_LOG_DEBUG = 4;
    static final int LUMA_APPLICATION_LUMA = -2;
    static final int LUMA_APPLICATION_ISM = -4;
    static final int LUMA_APPLICATION_CHANGEGEAR = -7;
    static final int LUMA_APPLICATION_POB = -8;
    static final int LUMA_CLAIM_GRANTED = 1;
    static final int LUMA_CLAIM_ACCEPTED = 2;
    static final int LUMA_CLAIM_IN_PROGRESS = 3;
    static final int LUMA_CLAIM_UNRESOLVED = 4;
    static final int LUMA_CLAIM_OTHER_REQUEST = 5;
    static final int LUMA_JSON_ABSENT = 0;
    static final int LUMA_JSON_NULL = 1;
    static final int LUMA_JSON_BOOL = 2;
    static final int LUMA_JSON_NUMBER = 3;
    static final int LUMA_JSON_STRING = 4;
    static final int LUMA_JSON_ARRAY = 5;
    static final int LUMA_JSON_OBJECT = 6;
    static final int LUMA_TIMING_DNS = 1;
    static final int LUMA_TIMING_CONNECT = 2;
    static final int LUMA_TIMING_TLS = 3;
    static final int LUMA_TIMING_FIRST_BYTE = 4;
    static final int LUMA_TIMING_TOTAL = 5;

    static native Pointer luma_version();

    static native Pointer luma_status_message(int status);

    static native Pointer luma_status_name(int status);

    static native Pointer luma_outcome_name(int outcome);

    static native Pointer luma_run_status_name(int runStatus);

    static native int luma_run_status_is_final(int runStatus);

    static native Pointer luma_counter_name(int counter);

    static native int luma_config_new(byte[] baseUrl, byte[] accessToken, PointerByReference out);

    static native int luma_config_new_with_reason(byte[] baseUrl, byte[] accessToken, PointerByReference out, PointerByReference reason);

    static native int luma_config_new_from_file(byte[] path, byte[] profile, PointerByReference out, PointerByReference reason);

    static native int luma_config_new_from_environment(PointerByReference out, PointerByReference reason);

    static native int luma_config_set_token_provider(Pointer config, TokenFn callback, Pointer userData);

    static native int luma_config_set_token_provider_with_free(Pointer config, TokenFn callback, Pointer userData, FreeFn freeUserData);

    static native int luma_config_set_auth_scheme(Pointer config, int scheme);

    static native int luma_config_add_header(Pointer config, byte[] name, byte[] value);

    static native int luma_config_set_connect_timeout_ms(Pointer config, long connectTimeoutMs);

    static native int luma_config_set_timeout_ms(Pointer config, long timeoutMs);

    static native int luma_config_set_max_response_bytes(Pointer config, long maxResponseBytes);

    static native int luma_config_set_trigger_max_idle_ms(Pointer config, long maxIdleMs);

    static native int luma_config_set_read_max_idle_ms(Pointer config, long maxIdleMs);

    static native int luma_config_set_max_idle_connections(Pointer config, long maxIdleConnections);

    static native int luma_config_set_retries(Pointer config, int enabled);

    static native int luma_config_set_log(Pointer config, int level, LogFn callback, Pointer userData);

    static native int luma_config_set_log_with_free(Pointer config, int level, LogFn callback, Pointer userData, FreeFn freeUserData);

    static native int luma_config_log_to_file(Pointer config, int level, byte[] path);

    static native int luma_config_log_to_json_file(Pointer config, int level, byte[] path);

    static native int luma_config_set_allow_http(Pointer config, int allow);

    static native int luma_config_set_ca_pem(Pointer config, byte[] pem);

    static native int luma_config_set_ca_file(Pointer config, byte[] path);

    static native int luma_config_add_ca_pem(Pointer config, byte[] pem);

    static native int luma_config_add_ca_file(Pointer config, byte[] path);

    static native int luma_config_set_client_certificate_pem(Pointer config, byte[] chainPem, byte[] keyPem);

    static native int luma_config_set_client_certificate_file(Pointer config, byte[] chainPath, byte[] keyPath);

    static native int luma_config_set_proxy(Pointer config, byte[] url);

    static native int luma_config_set_auto_proxy(Pointer config, int enabled);

    static native int luma_config_set_application_id(Pointer config, byte[] applicationId);

    static native Pointer luma_config_journal_folder(Pointer config);

    static native Pointer luma_config_message(Pointer config);

    static native void luma_config_free(Pointer config);

    static native Pointer luma_log_level_name(int level);

    static native int luma_trigger_request_new(byte[] workflowIdentifier, PointerByReference out);

    static native int luma_trigger_request_new_with_reason(byte[] workflowIdentifier, PointerByReference out, PointerByReference reason);

    static native int luma_trigger_request_set_variable(Pointer request, byte[] name, byte[] value);

    static native int luma_trigger_request_set_secret_variable(Pointer request, byte[] name, byte[] value);

    static native int luma_trigger_request_set_variable_json(Pointer request, byte[] name, byte[] json);

    static native int luma_trigger_request_set_variable_int64(Pointer request, byte[] name, long value);

    static native int luma_trigger_request_set_variable_double(Pointer request, byte[] name, double value);

    static native int luma_trigger_request_set_variable_bool(Pointer request, byte[] name, int value);

    static native int luma_trigger_request_set_variables_json(Pointer request, byte[] jsonObject);

    static native int luma_trigger_request_set_initiator(Pointer request, long contactId, long applicationId);

    static native int luma_trigger_request_set_initiation_info(Pointer request, byte[] key, byte[] value);

    static native Pointer luma_trigger_request_message(Pointer request);

    static native int luma_trigger_request_exclude_from_digest(Pointer request, byte[] name);

    static native void luma_trigger_request_free(Pointer request);

    static native int luma_client_new(byte[] baseUrl, byte[] accessToken, PointerByReference out);

    static native int luma_client_new_with_config(Pointer config, PointerByReference out);

    static native int luma_client_new_with_reason(Pointer config, PointerByReference out, PointerByReference reason);

    static native int luma_client_new_from_environment(PointerByReference out, PointerByReference reason);

    static native int luma_client_with_request_id(Pointer client, byte[] requestId, PointerByReference out);

    static native int luma_client_with_timeout_ms(Pointer client, long timeoutMs, PointerByReference out);

    static native int luma_client_with_own_cancel(Pointer client, PointerByReference out);

    static native int luma_client_set_access_token(Pointer client, byte[] accessToken);

    static native int luma_client_set_access_token_with_reason(Pointer client, byte[] accessToken, PointerByReference reason);

    static native int luma_client_cancel(Pointer client);

    static native int luma_client_close(Pointer client);

    static native int luma_client_drain(Pointer client, long timeoutMs);

    static native long luma_client_counter(Pointer client, int counter);

    static native void luma_client_free(Pointer client);

    static native int luma_client_connect(Pointer client, PointerByReference out);

    static native int luma_trigger_workflow(Pointer client, Pointer request, PointerByReference out);

    static native int luma_trigger_workflow_json(Pointer client, byte[] requestJson, PointerByReference out);

    static native int luma_wait_for_workflow(Pointer client, byte[] triggerId, long timeoutMs, PollFn onPoll, Pointer userData, PointerByReference out);

    static native int luma_wait_for_workflow_or_suspension(Pointer client, byte[] triggerId, long timeoutMs, PollFn onPoll, Pointer userData, PointerByReference out);

    static native int luma_get_workflow_history(Pointer client, byte[] triggerId, PointerByReference out);

    static native int luma_list_workflow_steps(Pointer client, byte[] triggerId, byte[] filter, byte[] orderBy, long skip, long top, PointerByReference out);

    static native int luma_get_workflow_step(Pointer client, byte[] triggerId, byte[] stepId, PointerByReference out);

    static native int luma_generate_launch_url(Pointer client, byte[] triggerId, PointerByReference out);

    static native int luma_list_workflow_definitions(Pointer client, byte[] filter, byte[] orderBy, long skip, long top, PointerByReference out);

    static native int luma_regenerate_tenant_token(Pointer client, byte[] superAdminToken, byte[] tenantExternalId, PointerByReference out);

    static native int luma_journal_create(byte[] folder, byte[] baseUrl, PointerByReference reason);

    static native int luma_journal_open(byte[] folder, PointerByReference out, PointerByReference reason);

    static native int luma_trigger_workflow_once(Pointer client, Pointer journal, byte[] key, Pointer request, PointerByReference out);

    static native int luma_trigger_workflow_once_with_store(Pointer client, ClaimFn claim, CompleteFn complete, Pointer userData, byte[] digestSecret, byte[] key, Pointer request, PointerByReference out);

    static native int luma_journal_find(Pointer journal, byte[] key, PointerByReference out);

    static native int luma_journal_unfinished(Pointer journal, PointerByReference out);

    static native int luma_journal_acknowledge(Pointer journal, byte[] key, PointerByReference out);

    static native int luma_journal_resolve(Pointer journal, byte[] key, byte[] triggerId, byte[] who, byte[] reason, PointerByReference out);

    static native int luma_journal_new_attempt(Pointer journal, byte[] key, byte[] who, byte[] reason, PointerByReference out);

    static native int luma_journal_prune(Pointer journal, long olderThanMs, PointerByReference out);

    static native void luma_journal_free(Pointer journal);

    static native int luma_wait_new(Pointer client, byte[] triggerId, long timeoutMs, PointerByReference out);

    static native int luma_wait_set_until_suspended(Pointer wait, int on);

    static native int luma_wait_poll(Pointer wait, PointerByReference out);

    static native long luma_wait_next_poll_ms(Pointer wait);

    static native void luma_wait_free(Pointer wait);

    static native int luma_wait_set_new(Pointer client, PointerByReference out);

    static native int luma_wait_set_max_polls_per_second(Pointer set, long pollsPerSecond);

    static native int luma_wait_set_add(Pointer set, byte[] triggerId, long timeoutMs, Pointer userData);

    static native int luma_wait_set_remove(Pointer set, byte[] triggerId);

    static native int luma_wait_set_next(Pointer set, long timeoutMs, PointerByReference out, PointerByReference userData);

    static native SizeT luma_wait_set_count(Pointer set);

    static native int luma_wait_set_wake(Pointer set);

    static native int luma_wait_set_close(Pointer set);

    static native void luma_wait_set_free(Pointer set);

    static native void luma_result_free(Pointer result);

    static native int luma_result_status(Pointer result);

    static native int luma_result_page_status(Pointer result);

    static native int luma_result_outcome(Pointer result);

    static native int luma_result_http_status(Pointer result);

    static native Pointer luma_result_message(Pointer result);

    static native SizeT luma_result_error_count(Pointer result);

    static native Pointer luma_result_error(Pointer result, SizeT index);

    static native long luma_result_retry_after_ms(Pointer result);

    static native Pointer luma_result_trigger_id(Pointer result);

    static native int luma_result_run_status(Pointer result);

    static native Pointer luma_result_run_status_text(Pointer result);

    static native long luma_result_run_start_time_ms(Pointer result);

    static native long luma_result_run_end_time_ms(Pointer result);

    static native long luma_result_run_time_spent_ms(Pointer result);

    static native int luma_result_poll_count(Pointer result);

    static native long luma_result_wait_elapsed_ms(Pointer result);

    static native SizeT luma_result_step_count(Pointer result);

    static native Pointer luma_result_step_id(Pointer result, SizeT index);

    static native Pointer luma_result_step_name(Pointer result, SizeT index);

    static native int luma_result_step_status(Pointer result, SizeT index);

    static native Pointer luma_result_step_status_text(Pointer result, SizeT index);

    static native long luma_result_step_start_time_ms(Pointer result, SizeT index);

    static native long luma_result_step_end_time_ms(Pointer result, SizeT index);

    static native long luma_result_step_time_spent_ms(Pointer result, SizeT index);

    static native SizeT luma_result_definition_count(Pointer result);

    static native Pointer luma_result_definition_identifier(Pointer result, SizeT index);

    static native Pointer luma_result_definition_name(Pointer result, SizeT index);

    static native Pointer luma_result_definition_description(Pointer result, SizeT index);

    static native Pointer luma_result_launch_url(Pointer result);

    static native Pointer luma_result_access_token(Pointer result);

    static native SizeT luma_result_parameter_count(Pointer result);

    static native Pointer luma_result_parameter_name(Pointer result, SizeT index);

    static native Pointer luma_result_parameter_value(Pointer result, SizeT index);

    static native Pointer luma_result_parameter_data_type(Pointer result, SizeT index);

    static native Pointer luma_result_parameter_caption(Pointer result, SizeT index);

    static native Pointer luma_result_parameter_description(Pointer result, SizeT index);

    static native SizeT luma_result_definition_parameter_count(Pointer result, SizeT definitionIndex);

    static native Pointer luma_result_definition_parameter_name(Pointer result, SizeT definitionIndex, SizeT index);

    static native Pointer luma_result_definition_parameter_data_type(Pointer result, SizeT definitionIndex, SizeT index);

    static native int luma_result_definition_parameter_required(Pointer result, SizeT definitionIndex, SizeT index);

    static native Pointer luma_result_definition_parameter_caption(Pointer result, SizeT definitionIndex, SizeT index);

    static native Pointer luma_result_definition_parameter_description(Pointer result, SizeT definitionIndex, SizeT index);

    static native Pointer luma_result_json(Pointer result);

    static native SizeT luma_result_json_length(Pointer result);

    static native int luma_result_json_type(Pointer result, byte[] jsonPointer);

    static native Pointer luma_result_string(Pointer result, byte[] jsonPointer);

    static native SizeT luma_result_string_length(Pointer result, byte[] jsonPointer);

    static native int luma_result_text(Pointer result, byte[] jsonPointer, PointerByReference text, SizeTByReference length);

    static native int luma_result_int64(Pointer result, byte[] jsonPointer, LongByReference out);

    static native int luma_result_bool(Pointer result, byte[] jsonPointer, IntByReference out);

    static native int luma_result_count(Pointer result, byte[] jsonPointer, SizeTByReference out);

    static native Pointer luma_result_request_id(Pointer result);

    static native int luma_result_attempts(Pointer result);

    static native long luma_result_timing_us(Pointer result, int timing);

    static native int luma_result_connection_reused(Pointer result);

    static native Pointer luma_result_peer_address(Pointer result);

    static native Pointer luma_result_tls_version(Pointer result);

    static native long luma_result_certificate_expires_ms(Pointer result);

    static native Pointer luma_result_journal_key(Pointer result);

    static native long luma_result_journal_time_ms(Pointer result);

    static native int luma_result_journal_recorded(Pointer result);

    static native SizeT luma_result_journal_count(Pointer result);
}
