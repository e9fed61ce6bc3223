// Generated from include/luma.h by bindings/generate.py (make bindings). Do not edit.
// Strings are UTF-8 and end with a NUL: byte[] as an argument, IntPtr as a returned value.
using System;
using System.Runtime.InteropServices;

namespace Luma.Automation.Native
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate UIntPtr luma_token_fn(IntPtr buffer, UIntPtr size, IntPtr userData);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void luma_log_fn(int level, IntPtr line, IntPtr userData);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate int luma_poll_fn(IntPtr result, IntPtr userData);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate int luma_claim_fn(IntPtr key, IntPtr digest, IntPtr intentJson, IntPtr triggerId, UIntPtr size, IntPtr userData);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate int luma_complete_fn(IntPtr key, int outcome, IntPtr triggerId, IntPtr userData);

    internal sealed class LumaClientHandle : SafeHandle
    {
        public LumaClientHandle() : base(IntPtr.Zero, true) { }
        public LumaClientHandle(IntPtr borrowed) : base(IntPtr.Zero, false) { SetHandle(borrowed); }
        public override bool IsInvalid { get { return handle == IntPtr.Zero; } }
        protected override bool ReleaseHandle() { Methods.luma_client_free(handle); return true; }
    }

    internal sealed class LumaConfigHandle : SafeHandle
    {
        public LumaConfigHandle() : base(IntPtr.Zero, true) { }
        public LumaConfigHandle(IntPtr borrowed) : base(IntPtr.Zero, false) { SetHandle(borrowed); }
        public override bool IsInvalid { get { return handle == IntPtr.Zero; } }
        protected override bool ReleaseHandle() { Methods.luma_config_free(handle); return true; }
    }

    internal sealed class LumaJournalHandle : SafeHandle
    {
        public LumaJournalHandle() : base(IntPtr.Zero, true) { }
        public LumaJournalHandle(IntPtr borrowed) : base(IntPtr.Zero, false) { SetHandle(borrowed); }
        public override bool IsInvalid { get { return handle == IntPtr.Zero; } }
        protected override bool ReleaseHandle() { Methods.luma_journal_free(handle); return true; }
    }

    internal sealed class LumaResultHandle : SafeHandle
    {
        public LumaResultHandle() : base(IntPtr.Zero, true) { }
        public LumaResultHandle(IntPtr borrowed) : base(IntPtr.Zero, false) { SetHandle(borrowed); }
        public override bool IsInvalid { get { return handle == IntPtr.Zero; } }
        protected override bool ReleaseHandle() { Methods.luma_result_free(handle); return true; }
    }

    internal sealed class LumaTriggerRequestHandle : SafeHandle
    {
        public LumaTriggerRequestHandle() : base(IntPtr.Zero, true) { }
        public LumaTriggerRequestHandle(IntPtr borrowed) : base(IntPtr.Zero, false) { SetHandle(borrowed); }
        public override bool IsInvalid { get { return handle == IntPtr.Zero; } }
        protected override bool ReleaseHandle() { Methods.luma_trigger_request_free(handle); return true; }
    }

    internal sealed class LumaWaitHandle : SafeHandle
    {
        public LumaWaitHandle() : base(IntPtr.Zero, true) { }
        public LumaWaitHandle(IntPtr borrowed) : base(IntPtr.Zero, false) { SetHandle(borrowed); }
        public override bool IsInvalid { get { return handle == IntPtr.Zero; } }
        protected override bool ReleaseHandle() { Methods.luma_wait_free(handle); return true; }
    }

    internal static class Constants
    {
        public const int LUMA_VERSION_NUMBER = 256;
        public const int LUMA_OK = 0;
        public const int LUMA_ERROR_NULL_ARGUMENT_1 = 1;
        public const int LUMA_ERROR_NULL_ARGUMENT_2 = 2;
        public const int LUMA_ERROR_NULL_ARGUMENT_3 = 3;
        public const int LUMA_ERROR_NULL_ARGUMENT_4 = 4;
        public const int LUMA_ERROR_NULL_ARGUMENT_5 = 5;
        public const int LUMA_ERROR_NULL_ARGUMENT_6 = 6;
        public const int LUMA_ERROR_NULL_ARGUMENT_7 = 7;
        public const int LUMA_ERROR_NULL_ARGUMENT_8 = 8;
        public const int LUMA_ERROR_UTF8_ARGUMENT_1 = 11;
        public const int LUMA_ERROR_UTF8_ARGUMENT_2 = 12;
        public const int LUMA_ERROR_UTF8_ARGUMENT_3 = 13;
        public const int LUMA_ERROR_UTF8_ARGUMENT_4 = 14;
        public const int LUMA_ERROR_UTF8_ARGUMENT_5 = 15;
        public const int LUMA_ERROR_UTF8_ARGUMENT_6 = 16;
        public const int LUMA_ERROR_BASE_URL_SYNTAX = 21;
        public const int LUMA_ERROR_BASE_URL_SCHEME = 22;
        public const int LUMA_ERROR_BASE_URL_USER_INFO = 23;
        public const int LUMA_ERROR_BASE_URL_PORT = 24;
        public const int LUMA_ERROR_BASE_URL_INSECURE = 25;
        public const int LUMA_ERROR_ACCESS_TOKEN = 26;
        public const int LUMA_ERROR_AUTH_SCHEME = 27;
        public const int LUMA_ERROR_TIMEOUT_RANGE = 28;
        public const int LUMA_ERROR_MAX_RESPONSE_BYTES = 29;
        public const int LUMA_ERROR_CA_PEM = 30;
        public const int LUMA_ERROR_APPLICATION_ID = 31;
        public const int LUMA_ERROR_WORKFLOW_IDENTIFIER = 32;
        public const int LUMA_ERROR_VARIABLE_NAME = 33;
        public const int LUMA_ERROR_VARIABLES = 34;
        public const int LUMA_ERROR_JSON = 35;
        public const int LUMA_ERROR_INITIATOR_APPLICATION = 36;
        public const int LUMA_ERROR_LUMA_CHANNEL_ACCOUNT_ID = 37;
        public const int LUMA_ERROR_TICKET_IDENTIFIER = 38;
        public const int LUMA_ERROR_INITIATION_INFO = 39;
        public const int LUMA_ERROR_REQUEST_TOO_LARGE = 40;
        public const int LUMA_ERROR_INITIATOR_CONTACT = 41;
        public const int LUMA_ERROR_TRIGGER_ID = 42;
        public const int LUMA_ERROR_STEP_ID = 43;
        public const int LUMA_ERROR_TENANT_EXTERNAL_ID = 44;
        public const int LUMA_ERROR_SUPER_ADMIN_TOKEN = 45;
        public const int LUMA_ERROR_FILTER = 46;
        public const int LUMA_ERROR_ORDER_BY = 47;
        public const int LUMA_ERROR_SKIP = 48;
        public const int LUMA_ERROR_TOP = 49;
        public const int LUMA_ERROR_PROXY = 50;
        public const int LUMA_ERROR_POINTER_SYNTAX = 51;
        public const int LUMA_ERROR_POINTER_NOT_FOUND = 52;
        public const int LUMA_ERROR_POINTER_TYPE = 53;
        public const int LUMA_ERROR_POINTER_RANGE = 54;
        public const int LUMA_ERROR_CA_FILE = 55;
        public const int LUMA_ERROR_CLIENT_CERTIFICATE = 56;
        public const int LUMA_ERROR_CLIENT_KEY = 57;
        public const int LUMA_ERROR_LOG_LEVEL = 58;
        public const int LUMA_ERROR_REQUEST_ID = 59;
        public const int LUMA_ERROR_MAX_IDLE = 60;
        public const int LUMA_ERROR_MAX_IDLE_CONNECTIONS = 61;
        public const int LUMA_ERROR_HEADER = 62;
        public const int LUMA_ERROR_LOG_FILE = 63;
        public const int LUMA_ERROR_CONFIG_FILE_MISSING = 71;
        public const int LUMA_ERROR_CONFIG_FILE_UNREADABLE = 72;
        public const int LUMA_ERROR_CONFIG_FILE = 73;
        public const int LUMA_ERROR_PROFILE = 74;
        public const int LUMA_ERROR_FILE_PERMISSIONS = 75;
        public const int LUMA_ERROR_TOKEN_SOURCE = 76;
        public const int LUMA_ERROR_ENVIRONMENT = 77;
        public const int LUMA_ERROR_DNS = 100;
        public const int LUMA_ERROR_CONNECT = 101;
        public const int LUMA_ERROR_CONNECT_TIMEOUT = 102;
        public const int LUMA_ERROR_TLS = 103;
        public const int LUMA_ERROR_PROXY_FAILED = 104;
        public const int LUMA_ERROR_RESPONSE_TIMEOUT = 110;
        public const int LUMA_ERROR_CONNECTION_LOST = 111;
        public const int LUMA_ERROR_INVALID_HTTP = 112;
        public const int LUMA_ERROR_RESPONSE_TOO_LARGE = 113;
        public const int LUMA_ERROR_CANCELLED = 114;
        public const int LUMA_ERROR_WAIT_TIMEOUT = 120;
        public const int LUMA_ERROR_WAIT_STOPPED = 121;
        public const int LUMA_ERROR_WAIT_OPEN = 122;
        public const int LUMA_ERROR_LIST_INCOMPLETE = 130;
        public const int LUMA_ERROR_VALIDATION = 200;
        public const int LUMA_ERROR_UNAUTHORIZED = 201;
        public const int LUMA_ERROR_FORBIDDEN = 202;
        public const int LUMA_ERROR_NOT_FOUND = 203;
        public const int LUMA_ERROR_RATE_LIMITED = 204;
        public const int LUMA_ERROR_REFUSED = 205;
        public const int LUMA_ERROR_REDIRECTED = 206;
        public const int LUMA_ERROR_SERVER_FAILED = 207;
        public const int LUMA_ERROR_UNEXPECTED_RESPONSE = 208;
        public const int LUMA_ALREADY_ACCEPTED = 300;
        public const int LUMA_ERROR_KEY_IN_PROGRESS = 301;
        public const int LUMA_ERROR_KEY_UNRESOLVED = 302;
        public const int LUMA_ERROR_KEY_OTHER_REQUEST = 303;
        public const int LUMA_ERROR_KEY = 304;
        public const int LUMA_ERROR_KEY_NOT_FOUND = 305;
        public const int LUMA_ERROR_KEY_STATE = 306;
        public const int LUMA_ERROR_JOURNAL_FOLDER = 310;
        public const int LUMA_ERROR_JOURNAL_EXISTS = 311;
        public const int LUMA_ERROR_JOURNAL_DAMAGED = 312;
        public const int LUMA_ERROR_JOURNAL_VERSION = 313;
        public const int LUMA_ERROR_JOURNAL_GATEWAY = 314;
        public const int LUMA_ERROR_JOURNAL_IO = 315;
        public const int LUMA_ERROR_JOURNAL_NETWORK = 316;
        public const int LUMA_ERROR_JOURNAL_NOTE = 317;
        public const int LUMA_ERROR_JOURNAL_AGE = 318;
        public const int LUMA_ERROR_JOURNAL_STORE = 319;
        public const int LUMA_ERROR_INTERNAL = 900;
        public const int LUMA_OUTCOME_ACCEPTED = 1;
        public const int LUMA_OUTCOME_REJECTED = 2;
        public const int LUMA_OUTCOME_NOT_SENT = 3;
        public const int LUMA_OUTCOME_UNKNOWN = 4;
        public const int LUMA_RUN_NONE = 0;
        public const int LUMA_RUN_RUNNING = 1;
        public const int LUMA_RUN_SUSPENDED = 2;
        public const int LUMA_RUN_ACTIVATED = 3;
        public const int LUMA_RUN_COMPLETED = 4;
        public const int LUMA_RUN_FAILED = 5;
        public const int LUMA_RUN_TERMINATED = 6;
        public const int LUMA_RUN_OTHER = 7;
        public const int LUMA_AUTH_BEARER = 1;
        public const int LUMA_AUTH_API_ACCESS_KEY = 2;
        public const int LUMA_LOG_OFF = 0;
        public const int LUMA_LOG_ERROR = 1;
        public const int LUMA_LOG_WARN = 2;
        public const int LUMA_LOG_INFO = 3;
        public const int LUMA_LOG_DEBUG = 4;
        public const int LUMA_APPLICATION_LUMA = -2;
        public const int LUMA_APPLICATION_ISM = -4;
        public const int LUMA_APPLICATION_CHANGEGEAR = -7;
        public const int LUMA_APPLICATION_POB = -8;
        public const int LUMA_CLAIM_GRANTED = 1;
        public const int LUMA_CLAIM_ACCEPTED = 2;
        public const int LUMA_CLAIM_IN_PROGRESS = 3;
        public const int LUMA_CLAIM_UNRESOLVED = 4;
        public const int LUMA_CLAIM_OTHER_REQUEST = 5;
        public const int LUMA_JSON_ABSENT = 0;
        public const int LUMA_JSON_NULL = 1;
        public const int LUMA_JSON_BOOL = 2;
        public const int LUMA_JSON_NUMBER = 3;
        public const int LUMA_JSON_STRING = 4;
        public const int LUMA_JSON_ARRAY = 5;
        public const int LUMA_JSON_OBJECT = 6;
        public const int LUMA_TIMING_DNS = 1;
        public const int LUMA_TIMING_CONNECT = 2;
        public const int LUMA_TIMING_TLS = 3;
        public const int LUMA_TIMING_FIRST_BYTE = 4;
        public const int LUMA_TIMING_TOTAL = 5;
    }

    internal static class Methods
    {
        public const string Library = "luma";

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_version();

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_status_message(int status);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_status_name(int status);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_outcome_name(int outcome);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_run_status_name(int runStatus);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_run_status_is_final(int runStatus);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_new(byte[] baseUrl, byte[] accessToken, out LumaConfigHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_new_with_reason(byte[] baseUrl, byte[] accessToken, out LumaConfigHandle @out, out LumaResultHandle reason);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_new_from_file(byte[] path, byte[] profile, out LumaConfigHandle @out, out LumaResultHandle reason);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_new_from_environment(out LumaConfigHandle @out, out LumaResultHandle reason);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_set_token_provider(LumaConfigHandle config, luma_token_fn callback, IntPtr userData);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_set_auth_scheme(LumaConfigHandle config, int scheme);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_add_header(LumaConfigHandle config, byte[] name, byte[] value);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_set_connect_timeout_ms(LumaConfigHandle config, long connectTimeoutMs);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_set_timeout_ms(LumaConfigHandle config, long timeoutMs);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_set_max_response_bytes(LumaConfigHandle config, long maxResponseBytes);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_set_trigger_max_idle_ms(LumaConfigHandle config, long maxIdleMs);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_set_read_max_idle_ms(LumaConfigHandle config, long maxIdleMs);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_set_max_idle_connections(LumaConfigHandle config, long maxIdleConnections);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_set_retries(LumaConfigHandle config, int enabled);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_set_log(LumaConfigHandle config, int level, luma_log_fn callback, IntPtr userData);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_log_to_file(LumaConfigHandle config, int level, byte[] path);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_log_to_json_file(LumaConfigHandle config, int level, byte[] path);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_log_level_name(int level);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_set_allow_http(LumaConfigHandle config, int allow);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_set_ca_pem(LumaConfigHandle config, byte[] pem);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_set_ca_file(LumaConfigHandle config, byte[] path);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_add_ca_pem(LumaConfigHandle config, byte[] pem);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_add_ca_file(LumaConfigHandle config, byte[] path);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_set_client_certificate_pem(LumaConfigHandle config, byte[] chainPem, byte[] keyPem);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_set_client_certificate_file(LumaConfigHandle config, byte[] chainPath, byte[] keyPath);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_set_proxy(LumaConfigHandle config, byte[] url);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_config_set_application_id(LumaConfigHandle config, byte[] applicationId);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_config_journal_folder(LumaConfigHandle config);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_config_message(LumaConfigHandle config);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern void luma_config_free(IntPtr config);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_trigger_request_new(byte[] workflowIdentifier, out LumaTriggerRequestHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_trigger_request_new_with_reason(byte[] workflowIdentifier, out LumaTriggerRequestHandle @out, out LumaResultHandle reason);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_trigger_request_set_variable(LumaTriggerRequestHandle request, byte[] name, byte[] value);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_trigger_request_set_secret_variable(LumaTriggerRequestHandle request, byte[] name, byte[] value);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_trigger_request_set_variable_json(LumaTriggerRequestHandle request, byte[] name, byte[] json);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_trigger_request_set_variable_int64(LumaTriggerRequestHandle request, byte[] name, long value);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_trigger_request_set_variable_double(LumaTriggerRequestHandle request, byte[] name, double value);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_trigger_request_set_variable_bool(LumaTriggerRequestHandle request, byte[] name, int value);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_trigger_request_set_variables_json(LumaTriggerRequestHandle request, byte[] jsonObject);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_trigger_request_set_initiator(LumaTriggerRequestHandle request, long contactId, long applicationId);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_trigger_request_set_initiation_info(LumaTriggerRequestHandle request, byte[] key, byte[] value);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_trigger_request_message(LumaTriggerRequestHandle request);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_trigger_request_exclude_from_digest(LumaTriggerRequestHandle request, byte[] name);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern void luma_trigger_request_free(IntPtr request);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_client_new(byte[] baseUrl, byte[] accessToken, out LumaClientHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_client_new_with_config(LumaConfigHandle config, out LumaClientHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_client_new_with_reason(LumaConfigHandle config, out LumaClientHandle @out, out LumaResultHandle reason);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_client_new_from_environment(out LumaClientHandle @out, out LumaResultHandle reason);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_client_with_request_id(LumaClientHandle client, byte[] requestId, out LumaClientHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_client_with_timeout_ms(LumaClientHandle client, long timeoutMs, out LumaClientHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_client_with_own_cancel(LumaClientHandle client, out LumaClientHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_client_set_access_token(LumaClientHandle client, byte[] accessToken);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_client_set_access_token_with_reason(LumaClientHandle client, byte[] accessToken, out LumaResultHandle reason);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_client_connect(LumaClientHandle client, out LumaResultHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_client_cancel(LumaClientHandle client);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_client_close(LumaClientHandle client);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern void luma_client_free(IntPtr client);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_trigger_workflow(LumaClientHandle client, LumaTriggerRequestHandle request, out LumaResultHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_trigger_workflow_json(LumaClientHandle client, byte[] requestJson, out LumaResultHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_wait_for_workflow(LumaClientHandle client, byte[] triggerId, long timeoutMs, luma_poll_fn onPoll, IntPtr userData, out LumaResultHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_wait_for_workflow_or_suspension(LumaClientHandle client, byte[] triggerId, long timeoutMs, luma_poll_fn onPoll, IntPtr userData, out LumaResultHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_get_workflow_history(LumaClientHandle client, byte[] triggerId, out LumaResultHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_list_workflow_steps(LumaClientHandle client, byte[] triggerId, byte[] filter, byte[] orderBy, long skip, long top, out LumaResultHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_get_workflow_step(LumaClientHandle client, byte[] triggerId, byte[] stepId, out LumaResultHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_generate_launch_url(LumaClientHandle client, byte[] triggerId, out LumaResultHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_list_workflow_definitions(LumaClientHandle client, byte[] filter, byte[] orderBy, long skip, long top, out LumaResultHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_regenerate_tenant_token(LumaClientHandle client, byte[] superAdminToken, byte[] tenantExternalId, out LumaResultHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_journal_create(byte[] folder, byte[] baseUrl, out LumaResultHandle reason);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_journal_open(byte[] folder, out LumaJournalHandle @out, out LumaResultHandle reason);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_trigger_workflow_once(LumaClientHandle client, LumaJournalHandle journal, byte[] key, LumaTriggerRequestHandle request, out LumaResultHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_trigger_workflow_once_with_store(LumaClientHandle client, luma_claim_fn claim, luma_complete_fn complete, IntPtr userData, byte[] digestSecret, byte[] key, LumaTriggerRequestHandle request, out LumaResultHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_journal_find(LumaJournalHandle journal, byte[] key, out LumaResultHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_journal_unfinished(LumaJournalHandle journal, out LumaResultHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_journal_acknowledge(LumaJournalHandle journal, byte[] key, out LumaResultHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_journal_resolve(LumaJournalHandle journal, byte[] key, byte[] triggerId, byte[] who, byte[] reason, out LumaResultHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_journal_new_attempt(LumaJournalHandle journal, byte[] key, byte[] who, byte[] reason, out LumaResultHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_journal_prune(LumaJournalHandle journal, long olderThanMs, out LumaResultHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern void luma_journal_free(IntPtr journal);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_wait_new(LumaClientHandle client, byte[] triggerId, long timeoutMs, out LumaWaitHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_wait_set_until_suspended(LumaWaitHandle wait, int on);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_wait_poll(LumaWaitHandle wait, out LumaResultHandle @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern long luma_wait_next_poll_ms(LumaWaitHandle wait);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern void luma_wait_free(IntPtr wait);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern void luma_result_free(IntPtr result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_result_status(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_result_page_status(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_result_outcome(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_result_http_status(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_message(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern UIntPtr luma_result_error_count(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_error(LumaResultHandle result, UIntPtr index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern long luma_result_retry_after_ms(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_trigger_id(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_result_run_status(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_run_status_text(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern long luma_result_run_start_time_ms(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern long luma_result_run_end_time_ms(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern long luma_result_run_time_spent_ms(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_result_poll_count(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern long luma_result_wait_elapsed_ms(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern UIntPtr luma_result_step_count(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_step_id(LumaResultHandle result, UIntPtr index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_step_name(LumaResultHandle result, UIntPtr index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_result_step_status(LumaResultHandle result, UIntPtr index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_step_status_text(LumaResultHandle result, UIntPtr index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern long luma_result_step_start_time_ms(LumaResultHandle result, UIntPtr index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern long luma_result_step_end_time_ms(LumaResultHandle result, UIntPtr index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern long luma_result_step_time_spent_ms(LumaResultHandle result, UIntPtr index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern UIntPtr luma_result_definition_count(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_definition_identifier(LumaResultHandle result, UIntPtr index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_definition_name(LumaResultHandle result, UIntPtr index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_definition_description(LumaResultHandle result, UIntPtr index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_launch_url(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_access_token(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern UIntPtr luma_result_parameter_count(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_parameter_name(LumaResultHandle result, UIntPtr index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_parameter_value(LumaResultHandle result, UIntPtr index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_parameter_data_type(LumaResultHandle result, UIntPtr index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_parameter_caption(LumaResultHandle result, UIntPtr index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_parameter_description(LumaResultHandle result, UIntPtr index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern UIntPtr luma_result_definition_parameter_count(LumaResultHandle result, UIntPtr definitionIndex);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_definition_parameter_name(LumaResultHandle result, UIntPtr definitionIndex, UIntPtr index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_definition_parameter_data_type(LumaResultHandle result, UIntPtr definitionIndex, UIntPtr index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_result_definition_parameter_required(LumaResultHandle result, UIntPtr definitionIndex, UIntPtr index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_definition_parameter_caption(LumaResultHandle result, UIntPtr definitionIndex, UIntPtr index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_definition_parameter_description(LumaResultHandle result, UIntPtr definitionIndex, UIntPtr index);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_json(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern UIntPtr luma_result_json_length(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_result_json_type(LumaResultHandle result, byte[] jsonPointer);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_string(LumaResultHandle result, byte[] jsonPointer);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern UIntPtr luma_result_string_length(LumaResultHandle result, byte[] jsonPointer);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_result_text(LumaResultHandle result, byte[] jsonPointer, out IntPtr text, out UIntPtr length);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_result_int64(LumaResultHandle result, byte[] jsonPointer, out long @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_result_bool(LumaResultHandle result, byte[] jsonPointer, out int @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_result_count(LumaResultHandle result, byte[] jsonPointer, out UIntPtr @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_request_id(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_result_attempts(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern long luma_result_timing_us(LumaResultHandle result, int timing);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_result_connection_reused(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_peer_address(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_tls_version(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern long luma_result_certificate_expires_ms(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern IntPtr luma_result_journal_key(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern long luma_result_journal_time_ms(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern int luma_result_journal_recorded(LumaResultHandle result);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        public static extern UIntPtr luma_result_journal_count(LumaResultHandle result);
    }
}
