// Generated from include/luma.h by bindings/generate.py (make bindings). Do not edit.
// Strings are UTF-8 and end with a NUL: byte[] as an argument, IntPtr as a returned value.
using System;
using System.Runtime.InteropServices;

namespace Luma.Automation
{
    /// <summary>Why a call failed, or Ok.</summary>
    public enum LumaStatus
    {
        /// <summary>Success.</summary>
        Ok = 0,
        /// <summary>Argument 1 is NULL.</summary>
        NullArgument1 = 1,
        /// <summary>Argument 2 is NULL.</summary>
        NullArgument2 = 2,
        /// <summary>Argument 3 is NULL.</summary>
        NullArgument3 = 3,
        /// <summary>Argument 4 is NULL.</summary>
        NullArgument4 = 4,
        /// <summary>Argument 5 is NULL.</summary>
        NullArgument5 = 5,
        /// <summary>Argument 6 is NULL.</summary>
        NullArgument6 = 6,
        /// <summary>Argument 7 is NULL.</summary>
        NullArgument7 = 7,
        /// <summary>Argument 8 is NULL.</summary>
        NullArgument8 = 8,
        /// <summary>Argument 1 is not valid UTF-8.</summary>
        Utf8Argument1 = 11,
        /// <summary>Argument 2 is not valid UTF-8.</summary>
        Utf8Argument2 = 12,
        /// <summary>Argument 3 is not valid UTF-8.</summary>
        Utf8Argument3 = 13,
        /// <summary>Argument 4 is not valid UTF-8.</summary>
        Utf8Argument4 = 14,
        /// <summary>Argument 5 is not valid UTF-8.</summary>
        Utf8Argument5 = 15,
        /// <summary>Argument 6 is not valid UTF-8.</summary>
        Utf8Argument6 = 16,
        /// <summary><c>base_url</c> does not have the form <c>https://host[:port][/prefix]</c>.</summary>
        BaseUrlSyntax = 21,
        /// <summary><c>base_url</c> has no scheme, or one other than https and http.</summary>
        BaseUrlScheme = 22,
        /// <summary><c>base_url</c> contains a user name or password.</summary>
        BaseUrlUserInfo = 23,
        /// <summary>The port in <c>base_url</c> is not 1 to 65535.</summary>
        BaseUrlPort = 24,
        /// <summary><c>base_url</c> is <c>http://</c> to a host other than loopback, or through a proxy. See luma_config_set_allow_http().</summary>
        BaseUrlInsecure = 25,
        /// <summary><c>access_token</c> is not 1 to 8192 visible ASCII characters: it is empty or too long, contains a blank, a line break or a non-ASCII character, or starts with a byte order mark, a quotation mark, <c>Bearer </c> or the name of a header.</summary>
        AccessToken = 26,
        /// <summary><c>scheme</c> is not one of LUMA_AUTH_*.</summary>
        AuthScheme = 27,
        /// <summary>A timeout is not 1 to 86,400,000 ms.</summary>
        TimeoutRange = 28,
        /// <summary><c>max_response_bytes</c> is not 1 to 1,073,741,824.</summary>
        MaxResponseBytes = 29,
        /// <summary>The PEM text or file contains no CA certificate, an invalid one, or a private key.</summary>
        CaPem = 30,
        /// <summary><c>application_id</c> is not 1 to 128 visible ASCII characters, with single spaces between words.</summary>
        ApplicationId = 31,
        /// <summary>The workflow identifier is blank, longer than 1024 bytes, or contains a control character.</summary>
        WorkflowIdentifier = 32,
        /// <summary>The name of a variable is empty.</summary>
        VariableName = 33,
        /// <summary>The variables are not a JSON object.</summary>
        Variables = 34,
        /// <summary>A JSON text is invalid, or nested deeper than 128 levels.</summary>
        Json = 35,
        /// <summary>The initiator's application id does not fit in 32 bits, or is swapped with the contact's id.</summary>
        InitiatorApplication = 36,
        /// <summary>Application -2 (Luma/VSA) requires <c>lumaChannelAccountId</c> in the initiation info.</summary>
        LumaChannelAccountId = 37,
        /// <summary>Application -4 (ISM) requires <c>ticketIdentifier</c> in the initiation info.</summary>
        TicketIdentifier = 38,
        /// <summary>A key of the initiation info is empty or swapped with its value, or the initiation info is not a JSON object.</summary>
        InitiationInfo = 39,
        /// <summary>The request, or any string argument, is larger than 16 MiB.</summary>
        RequestTooLarge = 40,
        /// <summary>The initiator's contact id is not a 64-bit integer.</summary>
        InitiatorContact = 41,
        /// <summary><c>trigger_id</c> is blank, longer than 1024 bytes, or contains a slash, a backslash, <c>..</c> or an invisible character, such as a control character. Surrounding blanks are ignored.</summary>
        TriggerId = 42,
        /// <summary><c>step_id</c> is blank, longer than 1024 bytes, or contains a slash, a backslash, <c>..</c> or an invisible character, such as a control character. Surrounding blanks are ignored.</summary>
        StepId = 43,
        /// <summary><c>tenant_external_id</c> is blank, longer than 1024 bytes, or contains a slash, a backslash, <c>..</c> or an invisible character, such as a control character. Surrounding blanks are ignored.</summary>
        TenantExternalId = 44,
        /// <summary><c>super_admin_token</c> is not a token, as for LUMA_ERROR_ACCESS_TOKEN, or it is swapped with <c>tenant_external_id</c>.</summary>
        SuperAdminToken = 45,
        /// <summary><c>filter</c> is longer than 1024 bytes or contains a control character.</summary>
        Filter = 46,
        /// <summary><c>order_by</c> is longer than 1024 bytes or contains a control character.</summary>
        OrderBy = 47,
        /// <summary><c>skip</c> is negative.</summary>
        Skip = 48,
        /// <summary><c>top</c> is negative.</summary>
        Top = 49,
        /// <summary>The proxy that was set, or that the environment names, is invalid.</summary>
        Proxy = 50,
        /// <summary><c>json_pointer</c> is not a valid JSON pointer (RFC 6901).</summary>
        PointerSyntax = 51,
        /// <summary>The response has no value at <c>json_pointer</c>, or the result has no response.</summary>
        PointerNotFound = 52,
        /// <summary>The value at <c>json_pointer</c> has another type.</summary>
        PointerType = 53,
        /// <summary>The number at <c>json_pointer</c> is not a 64-bit integer.</summary>
        PointerRange = 54,
        /// <summary>The file of CA certificates cannot be read.</summary>
        CaFile = 55,
        /// <summary>The client certificate is missing or cannot be read.</summary>
        ClientCertificate = 56,
        /// <summary>The client's private key is missing, encrypted, unusable, or belongs to another certificate.</summary>
        ClientKey = 57,
        /// <summary><c>level</c> is not one of LUMA_LOG_*.</summary>
        LogLevel = 58,
        /// <summary><c>request_id</c> is not 1 to 128 visible ASCII characters.</summary>
        RequestId = 59,
        /// <summary><c>max_idle_ms</c> is not 0 to 86,400,000.</summary>
        MaxIdle = 60,
        /// <summary><c>max_idle_connections</c> is not 0 to 1024.</summary>
        MaxIdleConnections = 61,
        /// <summary>A header to add has an invalid name or value, was added before, or is one that the library sets itself.</summary>
        Header = 62,
        /// <summary>The log file cannot be opened, or is not a regular file.</summary>
        LogFile = 63,
        /// <summary>There is no configuration file at the given path, or at any of the default paths.</summary>
        ConfigFileMissing = 71,
        /// <summary>The configuration file cannot be read: the system refuses it, it is not a regular file, or it is larger than 1 MiB.</summary>
        ConfigFileUnreadable = 72,
        /// <summary>The content of the configuration file is wrong: it is not JSON in UTF-8, or a key is unknown, repeated, of the wrong type, or contradicts another. The message has the line, the column and the key.</summary>
        ConfigFile = 73,
        /// <summary>The configuration file has no such profile, or none was selected and its top level has no <c>base_url</c>.</summary>
        Profile = 74,
        /// <summary>Other users can read a file with a secret in it (a token file, or a configuration file), or every user can change the configuration file. The message has the command that corrects it.</summary>
        FilePermissions = 75,
        /// <summary>The token file cannot be read, or the token command failed or took too long.</summary>
        TokenSource = 76,
        /// <summary>The LUMA_ variables of the environment contradict each other, or one of them is empty or invalid.</summary>
        Environment = 77,
        /// <summary>The function would wait for the call in whose callback it was called.</summary>
        InCallback = 80,
        /// <summary><c>polls_per_second</c> is not 1 to 1000.</summary>
        MaxPollsPerSecond = 85,
        /// <summary>The run is in the set of waits already.</summary>
        AlreadyInSet = 86,
        /// <summary>The run is not in the set of waits.</summary>
        NotInSet = 87,
        /// <summary>No run of the set of waits changed within the timeout.</summary>
        NothingChanged = 88,
        /// <summary>luma_wait_set_wake() ended the call.</summary>
        Woken = 89,
        /// <summary>The set of waits is empty.</summary>
        SetEmpty = 90,
        /// <summary>The set of waits was closed.</summary>
        SetClosed = 91,
        /// <summary>The host name could not be resolved. NOT_SENT, unless an earlier attempt of the call was sent.</summary>
        Dns = 100,
        /// <summary>No connection could be opened. NOT_SENT, unless an earlier attempt of the call was sent.</summary>
        Connect = 101,
        /// <summary>No connection was ready in time. NOT_SENT, unless an earlier attempt of the call was sent.</summary>
        ConnectTimeout = 102,
        /// <summary>TLS failed: certificate, protocol or trust store. NOT_SENT; but UNKNOWN if a server that uses TLS 1.3 rejects the client certificate, or requires one and gets none.</summary>
        Tls = 103,
        /// <summary>The proxy did not open a tunnel to the gateway. NOT_SENT, unless an earlier poll of a wait was sent.</summary>
        ProxyFailed = 104,
        /// <summary>No complete response arrived within the timeout. UNKNOWN once bytes were sent.</summary>
        ResponseTimeout = 110,
        /// <summary>The connection closed before the response was complete, or the server sent something before the request (NOT_SENT). UNKNOWN once bytes were sent.</summary>
        ConnectionLost = 111,
        /// <summary>The response is not valid HTTP/1.1. UNKNOWN once bytes were sent.</summary>
        InvalidHttp = 112,
        /// <summary>The response, or a list as a whole, is larger than allowed. UNKNOWN once bytes were sent.</summary>
        ResponseTooLarge = 113,
        /// <summary>luma_client_cancel() or luma_client_close() ended the call. NOT_SENT if nothing was sent, else UNKNOWN; between two attempts, the outcome of the earlier one.</summary>
        Cancelled = 114,
        /// <summary>The wait timed out before the run ended. UNKNOWN: see luma_result_run_status().</summary>
        WaitTimeout = 120,
        /// <summary>The callback stopped the wait. UNKNOWN: see luma_result_run_status().</summary>
        WaitStopped = 121,
        /// <summary>The wait has not ended: poll again after luma_wait_next_poll_ms(). UNKNOWN: see luma_result_run_status().</summary>
        WaitOpen = 122,
        /// <summary>The list is incomplete: a later page failed, or it exceeds a limit. The result has the elements that were received. luma_result_page_status() and the message say why; the outcome is that of the page.</summary>
        ListIncomplete = 130,
        /// <summary>The gateway found the request invalid (DataValidationError). luma_result_error() returns its reasons.</summary>
        Validation = 200,
        /// <summary>HTTP 401: the access token is wrong or no longer valid.</summary>
        Unauthorized = 201,
        /// <summary>HTTP 403: the access token does not permit this.</summary>
        Forbidden = 202,
        /// <summary>HTTP 404: the gateway does not know the requested run, step or tenant.</summary>
        NotFound = 203,
        /// <summary>HTTP 429: too many requests. See luma_result_retry_after_ms().</summary>
        RateLimited = 204,
        /// <summary>The gateway refused the request for another reason.</summary>
        Refused = 205,
        /// <summary>HTTP 3xx: redirects are never followed.</summary>
        Redirected = 206,
        /// <summary>HTTP 408 or 5xx: the gateway, or a server in front of it, failed.</summary>
        ServerFailed = 207,
        /// <summary>The response is not from the gateway, reports success without the expected data, or belongs to an earlier request on the connection. UNKNOWN.</summary>
        UnexpectedResponse = 208,
        /// <summary>The same request with this key was accepted before, and nothing was sent now. The outcome is ACCEPTED: luma_result_trigger_id() returns the trigger id, luma_result_journal_time_ms() when.</summary>
        AlreadyAccepted = 300,
        /// <summary>A call with this key is in progress in another thread or process. Nothing was sent now. UNKNOWN: call again later with the same key, which is safe. A trigger without the key is not.</summary>
        KeyInProgress = 301,
        /// <summary>The outcome of an earlier call with this key is unknown: it was UNKNOWN, or its process died. Nothing was sent now. UNKNOWN: find out whether the workflow runs, then luma_journal_resolve().</summary>
        KeyUnresolved = 302,
        /// <summary>A different request with this key was accepted, or may be running. NOT_SENT: use one key for each request, and luma_trigger_request_exclude_from_digest() for variables that differ each time.</summary>
        KeyOtherRequest = 303,
        /// <summary><c>key</c> is blank, longer than 1024 bytes, or contains a control character.</summary>
        Key = 304,
        /// <summary>The journal knows nothing about the key.</summary>
        KeyNotFound = 305,
        /// <summary>The state of the key does not allow this. luma_result_message() says what to do.</summary>
        KeyState = 306,
        /// <summary>There is no journal in the folder, or a part of it is missing. NOT_SENT: check the path, and whether its disk is mounted; luma_journal_create() creates a new one.</summary>
        JournalFolder = 310,
        /// <summary>The folder for a new journal is not empty, or has a journal already.</summary>
        JournalExists = 311,
        /// <summary>A file of the journal is not from this library, or cannot be understood. NOT_SENT: a person has to look at the file that luma_result_message() names.</summary>
        JournalDamaged = 312,
        /// <summary>The journal was written by another version of this library. NOT_SENT: use the newer library.</summary>
        JournalVersion = 313,
        /// <summary>The journal belongs to another gateway than the client. NOT_SENT: each gateway needs its own.</summary>
        JournalGateway = 314,
        /// <summary>The journal cannot be read or written: the disk is full or read-only, a limit is reached, or a permission is missing. NOT_SENT: fix that, and call again with the same key.</summary>
        JournalIo = 315,
        /// <summary>The journal is on a network file system, which cannot keep its promise. Use a local disk.</summary>
        JournalNetwork = 316,
        /// <summary><c>who</c> or <c>reason</c> is blank, longer than 1024 bytes, or contains a control character.</summary>
        JournalNote = 317,
        /// <summary><c>older_than_ms</c> is negative.</summary>
        JournalAge = 318,
        /// <summary>The claim callback of luma_trigger_workflow_once_with_store() failed, or <c>digest_secret</c> is empty. NOT_SENT: call again with the same key when the store works.</summary>
        JournalStore = 319,
        /// <summary>A large amount of memory could not be allocated, for an argument, a request or a response. NOT_SENT or UNKNOWN, as for any other failure at that point.</summary>
        OutOfMemory = 800,
        /// <summary>An error in this library. Please report it.</summary>
        Internal = 900,
    }

    /// <summary>The certain effect of a request.</summary>
    public enum LumaOutcome
    {
        /// <summary>The gateway accepted the request and returned the requested data. Go on.</summary>
        Accepted = 1,
        /// <summary>The gateway refused the request and did nothing. After a trigger, nothing runs. Fix the request, or wait if the status is LUMA_ERROR_RATE_LIMITED.</summary>
        Rejected = 2,
        /// <summary>Not one byte of the request was sent. Sending it again is safe. If the status is below 100, fix the argument that it names first.</summary>
        NotSent = 3,
        /// <summary>The request was sent, at least in part, and no trustworthy response came back. After a trigger, the workflow may be running: check before you send it again.</summary>
        Unknown = 4,
    }

    /// <summary>The status of a run or a step.</summary>
    public enum LumaRunStatus
    {
        /// <summary>The result has no run, or the gateway sent no status.</summary>
        None = 0,
        /// <summary>RUNNING.</summary>
        Running = 1,
        /// <summary>SUSPENDED: waiting, perhaps for a person.</summary>
        Suspended = 2,
        /// <summary>ACTIVATED.</summary>
        Activated = 3,
        /// <summary>COMPLETED. Final.</summary>
        Completed = 4,
        /// <summary>FAILED. Final.</summary>
        Failed = 5,
        /// <summary>TERMINATED. Final.</summary>
        Terminated = 6,
        /// <summary>Any other status. luma_result_run_status_text() and luma_result_step_status_text() return the gateway's own text. A run with such a status may have ended: then it has an end time, and a wait ends, see luma_wait_for_workflow().</summary>
        Other = 7,
    }

    /// <summary>A counter of a client.</summary>
    public enum LumaCounter
    {
        /// <summary>Calls that ended as ACCEPTED. A wait is one call; it counts when it ends.</summary>
        CallsAccepted = 1,
        /// <summary>Calls that ended as REJECTED.</summary>
        CallsRejected = 2,
        /// <summary>Calls that ended as NOT_SENT, except those with an argument that is NULL or not UTF-8.</summary>
        CallsNotSent = 3,
        /// <summary>Calls that ended as UNKNOWN.</summary>
        CallsUnknown = 4,
        /// <summary>Requests that were sent again after a transient error or with a new token.</summary>
        Retries = 5,
        /// <summary>Connections opened.</summary>
        ConnectionsOpened = 6,
        /// <summary>Requests on a connection that was open already.</summary>
        ConnectionsReused = 7,
        /// <summary>Bytes of requests that the operating system accepted for sending; encrypted with https. Without handshakes.</summary>
        BytesSent = 8,
        /// <summary>Bytes of responses, counted like those of requests.</summary>
        BytesReceived = 9,
        /// <summary>Waits in progress, also those from luma_wait_new(). It falls again when a wait ends or is freed.</summary>
        WaitsOpen = 10,
    }

    /// <summary>The header that carries the access token.</summary>
    public enum LumaAuthScheme
    {
        /// <summary><c>Authorization: Bearer &lt;token&gt;</c>. The default.</summary>
        Bearer = 1,
        /// <summary><c>itas-api-access-key: &lt;token&gt;</c>, for later generations of the gateway.</summary>
        ApiAccessKey = 2,
    }

    /// <summary>The severity of a log line, or the most verbose level to log.</summary>
    public enum LumaLogLevel
    {
        /// <summary>Logs nothing.</summary>
        Off = 0,
        /// <summary>Logs calls that did not end ACCEPTED, and why.</summary>
        Error = 1,
        /// <summary>Also logs retries, and why, and settings of the system that cannot be used.</summary>
        Warn = 2,
        /// <summary>Also logs each request and its response, and calls that ended ACCEPTED.</summary>
        Info = 3,
        /// <summary>Also logs name resolution, connections, proxies and TLS.</summary>
        Debug = 4,
    }

    /// <summary>The application of an initiator.</summary>
    public enum LumaApplication
    {
        /// <summary>Luma/VSA. Requires <c>lumaChannelAccountId</c> in the initiation info.</summary>
        Luma = -2,
        /// <summary>ISM (Intelligent Service Management). Requires <c>ticketIdentifier</c> in the initiation info.</summary>
        Ism = -4,
        /// <summary>ChangeGear.</summary>
        Changegear = -7,
        /// <summary>POB.</summary>
        Pob = -8,
    }

    /// <summary>The type of a value in a response.</summary>
    public enum LumaJsonType
    {
        /// <summary>No value: the pointer finds nothing, the result has no response, or an argument is invalid.</summary>
        Absent = 0,
        /// <summary>null.</summary>
        Null = 1,
        /// <summary>true or false.</summary>
        Bool = 2,
        /// <summary>A number.</summary>
        Number = 3,
        /// <summary>A string.</summary>
        String = 4,
        /// <summary>An array.</summary>
        Array = 5,
        /// <summary>An object.</summary>
        Object = 6,
    }

    /// <summary>A part of a call.</summary>
    public enum LumaTiming
    {
        /// <summary>Resolving the name of the gateway's host, or of the proxy's.</summary>
        Dns = 1,
        /// <summary>Connecting, including the proxy's tunnel.</summary>
        Connect = 2,
        /// <summary>The TLS handshake with the gateway.</summary>
        Tls = 3,
        /// <summary>From the end of the request to the first byte of the response.</summary>
        FirstByte = 4,
        /// <summary>The whole call, with all attempts and the pauses between them.</summary>
        Total = 5,
    }
}

namespace Luma.Automation.Native
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate UIntPtr luma_token_fn(IntPtr buffer, UIntPtr size, IntPtr userData);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate void luma_free_fn(IntPtr userData);

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
        public override bool IsInvalid { get { return handle == IntPtr.Zero; } }
        protected override bool ReleaseHandle() { Methods.luma_client_free(handle); return true; }
    }

    internal sealed class LumaConfigHandle : SafeHandle
    {
        public LumaConfigHandle() : base(IntPtr.Zero, true) { }
        public override bool IsInvalid { get { return handle == IntPtr.Zero; } }
        protected override bool ReleaseHandle() { Methods.luma_config_free(handle); return true; }
    }

    internal sealed class LumaJournalHandle : SafeHandle
    {
        public LumaJournalHandle() : base(IntPtr.Zero, true) { }
        public override bool IsInvalid { get { return handle == IntPtr.Zero; } }
        protected override bool ReleaseHandle() { Methods.luma_journal_free(handle); return true; }
    }

    internal sealed class LumaResultHandle : SafeHandle
    {
        public LumaResultHandle() : base(IntPtr.Zero, true) { }
        public override bool IsInvalid { get { return handle == IntPtr.Zero; } }
        protected override bool ReleaseHandle() { Methods.luma_result_free(handle); return true; }
    }

    internal sealed class LumaTriggerRequestHandle : SafeHandle
    {
        public LumaTriggerRequestHandle() : base(IntPtr.Zero, true) { }
        public override bool IsInvalid { get { return handle == IntPtr.Zero; } }
        protected override bool ReleaseHandle() { Methods.luma_trigger_request_free(handle); return true; }
    }

    internal sealed class LumaWaitHandle : SafeHandle
    {
        public LumaWaitHandle() : base(IntPtr.Zero, true) { }
        public override bool IsInvalid { get { return handle == IntPtr.Zero; } }
        protected override bool ReleaseHandle() { Methods.luma_wait_free(handle); return true; }
    }

    internal sealed class LumaWaitSetHandle : SafeHandle
    {
        public LumaWaitSetHandle() : base(IntPtr.Zero, true) { }
        public override bool IsInvalid { get { return handle == IntPtr.Zero; } }
        protected override bool ReleaseHandle() { Methods.luma_wait_set_free(handle); return true; }
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
        public const int LUMA_ERROR_IN_CALLBACK = 80;
        public const int LUMA_ERROR_MAX_POLLS_PER_SECOND = 85;
        public const int LUMA_ERROR_ALREADY_IN_SET = 86;
        public const int LUMA_ERROR_NOT_IN_SET = 87;
        public const int LUMA_ERROR_NOTHING_CHANGED = 88;
        public const int LUMA_ERROR_WOKEN = 89;
        public const int LUMA_ERROR_SET_EMPTY = 90;
        public const int LUMA_ERROR_SET_CLOSED = 91;
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
        public const int LUMA_ERROR_OUT_OF_MEMORY = 800;
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
        public const int LUMA_COUNTER_CALLS_ACCEPTED = 1;
        public const int LUMA_COUNTER_CALLS_REJECTED = 2;
        public const int LUMA_COUNTER_CALLS_NOT_SENT = 3;
        public const int LUMA_COUNTER_CALLS_UNKNOWN = 4;
        public const int LUMA_COUNTER_RETRIES = 5;
        public const int LUMA_COUNTER_CONNECTIONS_OPENED = 6;
        public const int LUMA_COUNTER_CONNECTIONS_REUSED = 7;
        public const int LUMA_COUNTER_BYTES_SENT = 8;
        public const int LUMA_COUNTER_BYTES_RECEIVED = 9;
        public const int LUMA_COUNTER_WAITS_OPEN = 10;
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
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_version();
        private static type_luma_version found_luma_version;
        public static IntPtr luma_version()
        {
            return Library.Load(ref found_luma_version, "luma_version")();
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_status_message(int status);
        private static type_luma_status_message found_luma_status_message;
        public static IntPtr luma_status_message(int status)
        {
            return Library.Load(ref found_luma_status_message, "luma_status_message")(status);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_status_name(int status);
        private static type_luma_status_name found_luma_status_name;
        public static IntPtr luma_status_name(int status)
        {
            return Library.Load(ref found_luma_status_name, "luma_status_name")(status);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_outcome_name(int outcome);
        private static type_luma_outcome_name found_luma_outcome_name;
        public static IntPtr luma_outcome_name(int outcome)
        {
            return Library.Load(ref found_luma_outcome_name, "luma_outcome_name")(outcome);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_run_status_name(int runStatus);
        private static type_luma_run_status_name found_luma_run_status_name;
        public static IntPtr luma_run_status_name(int runStatus)
        {
            return Library.Load(ref found_luma_run_status_name, "luma_run_status_name")(runStatus);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_run_status_is_final(int runStatus);
        private static type_luma_run_status_is_final found_luma_run_status_is_final;
        public static int luma_run_status_is_final(int runStatus)
        {
            return Library.Load(ref found_luma_run_status_is_final, "luma_run_status_is_final")(runStatus);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_counter_name(int counter);
        private static type_luma_counter_name found_luma_counter_name;
        public static IntPtr luma_counter_name(int counter)
        {
            return Library.Load(ref found_luma_counter_name, "luma_counter_name")(counter);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_new(byte[] baseUrl, byte[] accessToken, out LumaConfigHandle @out);
        private static type_luma_config_new found_luma_config_new;
        public static int luma_config_new(byte[] baseUrl, byte[] accessToken, out LumaConfigHandle @out)
        {
            return Library.Load(ref found_luma_config_new, "luma_config_new")(baseUrl, accessToken, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_new_with_reason(byte[] baseUrl, byte[] accessToken, out LumaConfigHandle @out, out LumaResultHandle reason);
        private static type_luma_config_new_with_reason found_luma_config_new_with_reason;
        public static int luma_config_new_with_reason(byte[] baseUrl, byte[] accessToken, out LumaConfigHandle @out, out LumaResultHandle reason)
        {
            return Library.Load(ref found_luma_config_new_with_reason, "luma_config_new_with_reason")(baseUrl, accessToken, out @out, out reason);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_new_from_file(byte[] path, byte[] profile, out LumaConfigHandle @out, out LumaResultHandle reason);
        private static type_luma_config_new_from_file found_luma_config_new_from_file;
        public static int luma_config_new_from_file(byte[] path, byte[] profile, out LumaConfigHandle @out, out LumaResultHandle reason)
        {
            return Library.Load(ref found_luma_config_new_from_file, "luma_config_new_from_file")(path, profile, out @out, out reason);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_new_from_environment(out LumaConfigHandle @out, out LumaResultHandle reason);
        private static type_luma_config_new_from_environment found_luma_config_new_from_environment;
        public static int luma_config_new_from_environment(out LumaConfigHandle @out, out LumaResultHandle reason)
        {
            return Library.Load(ref found_luma_config_new_from_environment, "luma_config_new_from_environment")(out @out, out reason);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_set_token_provider(LumaConfigHandle config, luma_token_fn callback, IntPtr userData);
        private static type_luma_config_set_token_provider found_luma_config_set_token_provider;
        public static int luma_config_set_token_provider(LumaConfigHandle config, luma_token_fn callback, IntPtr userData)
        {
            return Library.Load(ref found_luma_config_set_token_provider, "luma_config_set_token_provider")(config, callback, userData);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_set_token_provider_with_free(LumaConfigHandle config, luma_token_fn callback, IntPtr userData, luma_free_fn freeUserData);
        private static type_luma_config_set_token_provider_with_free found_luma_config_set_token_provider_with_free;
        public static int luma_config_set_token_provider_with_free(LumaConfigHandle config, luma_token_fn callback, IntPtr userData, luma_free_fn freeUserData)
        {
            return Library.Load(ref found_luma_config_set_token_provider_with_free, "luma_config_set_token_provider_with_free")(config, callback, userData, freeUserData);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_set_auth_scheme(LumaConfigHandle config, int scheme);
        private static type_luma_config_set_auth_scheme found_luma_config_set_auth_scheme;
        public static int luma_config_set_auth_scheme(LumaConfigHandle config, int scheme)
        {
            return Library.Load(ref found_luma_config_set_auth_scheme, "luma_config_set_auth_scheme")(config, scheme);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_add_header(LumaConfigHandle config, byte[] name, byte[] value);
        private static type_luma_config_add_header found_luma_config_add_header;
        public static int luma_config_add_header(LumaConfigHandle config, byte[] name, byte[] value)
        {
            return Library.Load(ref found_luma_config_add_header, "luma_config_add_header")(config, name, value);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_set_connect_timeout_ms(LumaConfigHandle config, long connectTimeoutMs);
        private static type_luma_config_set_connect_timeout_ms found_luma_config_set_connect_timeout_ms;
        public static int luma_config_set_connect_timeout_ms(LumaConfigHandle config, long connectTimeoutMs)
        {
            return Library.Load(ref found_luma_config_set_connect_timeout_ms, "luma_config_set_connect_timeout_ms")(config, connectTimeoutMs);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_set_timeout_ms(LumaConfigHandle config, long timeoutMs);
        private static type_luma_config_set_timeout_ms found_luma_config_set_timeout_ms;
        public static int luma_config_set_timeout_ms(LumaConfigHandle config, long timeoutMs)
        {
            return Library.Load(ref found_luma_config_set_timeout_ms, "luma_config_set_timeout_ms")(config, timeoutMs);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_set_max_response_bytes(LumaConfigHandle config, long maxResponseBytes);
        private static type_luma_config_set_max_response_bytes found_luma_config_set_max_response_bytes;
        public static int luma_config_set_max_response_bytes(LumaConfigHandle config, long maxResponseBytes)
        {
            return Library.Load(ref found_luma_config_set_max_response_bytes, "luma_config_set_max_response_bytes")(config, maxResponseBytes);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_set_trigger_max_idle_ms(LumaConfigHandle config, long maxIdleMs);
        private static type_luma_config_set_trigger_max_idle_ms found_luma_config_set_trigger_max_idle_ms;
        public static int luma_config_set_trigger_max_idle_ms(LumaConfigHandle config, long maxIdleMs)
        {
            return Library.Load(ref found_luma_config_set_trigger_max_idle_ms, "luma_config_set_trigger_max_idle_ms")(config, maxIdleMs);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_set_read_max_idle_ms(LumaConfigHandle config, long maxIdleMs);
        private static type_luma_config_set_read_max_idle_ms found_luma_config_set_read_max_idle_ms;
        public static int luma_config_set_read_max_idle_ms(LumaConfigHandle config, long maxIdleMs)
        {
            return Library.Load(ref found_luma_config_set_read_max_idle_ms, "luma_config_set_read_max_idle_ms")(config, maxIdleMs);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_set_max_idle_connections(LumaConfigHandle config, long maxIdleConnections);
        private static type_luma_config_set_max_idle_connections found_luma_config_set_max_idle_connections;
        public static int luma_config_set_max_idle_connections(LumaConfigHandle config, long maxIdleConnections)
        {
            return Library.Load(ref found_luma_config_set_max_idle_connections, "luma_config_set_max_idle_connections")(config, maxIdleConnections);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_set_retries(LumaConfigHandle config, int enabled);
        private static type_luma_config_set_retries found_luma_config_set_retries;
        public static int luma_config_set_retries(LumaConfigHandle config, int enabled)
        {
            return Library.Load(ref found_luma_config_set_retries, "luma_config_set_retries")(config, enabled);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_set_log(LumaConfigHandle config, int level, luma_log_fn callback, IntPtr userData);
        private static type_luma_config_set_log found_luma_config_set_log;
        public static int luma_config_set_log(LumaConfigHandle config, int level, luma_log_fn callback, IntPtr userData)
        {
            return Library.Load(ref found_luma_config_set_log, "luma_config_set_log")(config, level, callback, userData);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_set_log_with_free(LumaConfigHandle config, int level, luma_log_fn callback, IntPtr userData, luma_free_fn freeUserData);
        private static type_luma_config_set_log_with_free found_luma_config_set_log_with_free;
        public static int luma_config_set_log_with_free(LumaConfigHandle config, int level, luma_log_fn callback, IntPtr userData, luma_free_fn freeUserData)
        {
            return Library.Load(ref found_luma_config_set_log_with_free, "luma_config_set_log_with_free")(config, level, callback, userData, freeUserData);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_log_to_file(LumaConfigHandle config, int level, byte[] path);
        private static type_luma_config_log_to_file found_luma_config_log_to_file;
        public static int luma_config_log_to_file(LumaConfigHandle config, int level, byte[] path)
        {
            return Library.Load(ref found_luma_config_log_to_file, "luma_config_log_to_file")(config, level, path);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_log_to_json_file(LumaConfigHandle config, int level, byte[] path);
        private static type_luma_config_log_to_json_file found_luma_config_log_to_json_file;
        public static int luma_config_log_to_json_file(LumaConfigHandle config, int level, byte[] path)
        {
            return Library.Load(ref found_luma_config_log_to_json_file, "luma_config_log_to_json_file")(config, level, path);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_set_allow_http(LumaConfigHandle config, int allow);
        private static type_luma_config_set_allow_http found_luma_config_set_allow_http;
        public static int luma_config_set_allow_http(LumaConfigHandle config, int allow)
        {
            return Library.Load(ref found_luma_config_set_allow_http, "luma_config_set_allow_http")(config, allow);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_set_ca_pem(LumaConfigHandle config, byte[] pem);
        private static type_luma_config_set_ca_pem found_luma_config_set_ca_pem;
        public static int luma_config_set_ca_pem(LumaConfigHandle config, byte[] pem)
        {
            return Library.Load(ref found_luma_config_set_ca_pem, "luma_config_set_ca_pem")(config, pem);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_set_ca_file(LumaConfigHandle config, byte[] path);
        private static type_luma_config_set_ca_file found_luma_config_set_ca_file;
        public static int luma_config_set_ca_file(LumaConfigHandle config, byte[] path)
        {
            return Library.Load(ref found_luma_config_set_ca_file, "luma_config_set_ca_file")(config, path);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_add_ca_pem(LumaConfigHandle config, byte[] pem);
        private static type_luma_config_add_ca_pem found_luma_config_add_ca_pem;
        public static int luma_config_add_ca_pem(LumaConfigHandle config, byte[] pem)
        {
            return Library.Load(ref found_luma_config_add_ca_pem, "luma_config_add_ca_pem")(config, pem);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_add_ca_file(LumaConfigHandle config, byte[] path);
        private static type_luma_config_add_ca_file found_luma_config_add_ca_file;
        public static int luma_config_add_ca_file(LumaConfigHandle config, byte[] path)
        {
            return Library.Load(ref found_luma_config_add_ca_file, "luma_config_add_ca_file")(config, path);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_set_client_certificate_pem(LumaConfigHandle config, byte[] chainPem, byte[] keyPem);
        private static type_luma_config_set_client_certificate_pem found_luma_config_set_client_certificate_pem;
        public static int luma_config_set_client_certificate_pem(LumaConfigHandle config, byte[] chainPem, byte[] keyPem)
        {
            return Library.Load(ref found_luma_config_set_client_certificate_pem, "luma_config_set_client_certificate_pem")(config, chainPem, keyPem);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_set_client_certificate_file(LumaConfigHandle config, byte[] chainPath, byte[] keyPath);
        private static type_luma_config_set_client_certificate_file found_luma_config_set_client_certificate_file;
        public static int luma_config_set_client_certificate_file(LumaConfigHandle config, byte[] chainPath, byte[] keyPath)
        {
            return Library.Load(ref found_luma_config_set_client_certificate_file, "luma_config_set_client_certificate_file")(config, chainPath, keyPath);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_set_proxy(LumaConfigHandle config, byte[] url);
        private static type_luma_config_set_proxy found_luma_config_set_proxy;
        public static int luma_config_set_proxy(LumaConfigHandle config, byte[] url)
        {
            return Library.Load(ref found_luma_config_set_proxy, "luma_config_set_proxy")(config, url);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_set_auto_proxy(LumaConfigHandle config, int enabled);
        private static type_luma_config_set_auto_proxy found_luma_config_set_auto_proxy;
        public static int luma_config_set_auto_proxy(LumaConfigHandle config, int enabled)
        {
            return Library.Load(ref found_luma_config_set_auto_proxy, "luma_config_set_auto_proxy")(config, enabled);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_config_set_application_id(LumaConfigHandle config, byte[] applicationId);
        private static type_luma_config_set_application_id found_luma_config_set_application_id;
        public static int luma_config_set_application_id(LumaConfigHandle config, byte[] applicationId)
        {
            return Library.Load(ref found_luma_config_set_application_id, "luma_config_set_application_id")(config, applicationId);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_config_journal_folder(LumaConfigHandle config);
        private static type_luma_config_journal_folder found_luma_config_journal_folder;
        public static IntPtr luma_config_journal_folder(LumaConfigHandle config)
        {
            return Library.Load(ref found_luma_config_journal_folder, "luma_config_journal_folder")(config);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_config_message(LumaConfigHandle config);
        private static type_luma_config_message found_luma_config_message;
        public static IntPtr luma_config_message(LumaConfigHandle config)
        {
            return Library.Load(ref found_luma_config_message, "luma_config_message")(config);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate void type_luma_config_free(IntPtr config);
        private static type_luma_config_free found_luma_config_free;
        public static void luma_config_free(IntPtr config)
        {
            Library.Load(ref found_luma_config_free, "luma_config_free")(config);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_log_level_name(int level);
        private static type_luma_log_level_name found_luma_log_level_name;
        public static IntPtr luma_log_level_name(int level)
        {
            return Library.Load(ref found_luma_log_level_name, "luma_log_level_name")(level);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_trigger_request_new(byte[] workflowIdentifier, out LumaTriggerRequestHandle @out);
        private static type_luma_trigger_request_new found_luma_trigger_request_new;
        public static int luma_trigger_request_new(byte[] workflowIdentifier, out LumaTriggerRequestHandle @out)
        {
            return Library.Load(ref found_luma_trigger_request_new, "luma_trigger_request_new")(workflowIdentifier, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_trigger_request_new_with_reason(byte[] workflowIdentifier, out LumaTriggerRequestHandle @out, out LumaResultHandle reason);
        private static type_luma_trigger_request_new_with_reason found_luma_trigger_request_new_with_reason;
        public static int luma_trigger_request_new_with_reason(byte[] workflowIdentifier, out LumaTriggerRequestHandle @out, out LumaResultHandle reason)
        {
            return Library.Load(ref found_luma_trigger_request_new_with_reason, "luma_trigger_request_new_with_reason")(workflowIdentifier, out @out, out reason);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_trigger_request_set_variable(LumaTriggerRequestHandle request, byte[] name, byte[] value);
        private static type_luma_trigger_request_set_variable found_luma_trigger_request_set_variable;
        public static int luma_trigger_request_set_variable(LumaTriggerRequestHandle request, byte[] name, byte[] value)
        {
            return Library.Load(ref found_luma_trigger_request_set_variable, "luma_trigger_request_set_variable")(request, name, value);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_trigger_request_set_secret_variable(LumaTriggerRequestHandle request, byte[] name, byte[] value);
        private static type_luma_trigger_request_set_secret_variable found_luma_trigger_request_set_secret_variable;
        public static int luma_trigger_request_set_secret_variable(LumaTriggerRequestHandle request, byte[] name, byte[] value)
        {
            return Library.Load(ref found_luma_trigger_request_set_secret_variable, "luma_trigger_request_set_secret_variable")(request, name, value);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_trigger_request_set_variable_json(LumaTriggerRequestHandle request, byte[] name, byte[] json);
        private static type_luma_trigger_request_set_variable_json found_luma_trigger_request_set_variable_json;
        public static int luma_trigger_request_set_variable_json(LumaTriggerRequestHandle request, byte[] name, byte[] json)
        {
            return Library.Load(ref found_luma_trigger_request_set_variable_json, "luma_trigger_request_set_variable_json")(request, name, json);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_trigger_request_set_variable_int64(LumaTriggerRequestHandle request, byte[] name, long value);
        private static type_luma_trigger_request_set_variable_int64 found_luma_trigger_request_set_variable_int64;
        public static int luma_trigger_request_set_variable_int64(LumaTriggerRequestHandle request, byte[] name, long value)
        {
            return Library.Load(ref found_luma_trigger_request_set_variable_int64, "luma_trigger_request_set_variable_int64")(request, name, value);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_trigger_request_set_variable_double(LumaTriggerRequestHandle request, byte[] name, double value);
        private static type_luma_trigger_request_set_variable_double found_luma_trigger_request_set_variable_double;
        public static int luma_trigger_request_set_variable_double(LumaTriggerRequestHandle request, byte[] name, double value)
        {
            return Library.Load(ref found_luma_trigger_request_set_variable_double, "luma_trigger_request_set_variable_double")(request, name, value);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_trigger_request_set_variable_bool(LumaTriggerRequestHandle request, byte[] name, int value);
        private static type_luma_trigger_request_set_variable_bool found_luma_trigger_request_set_variable_bool;
        public static int luma_trigger_request_set_variable_bool(LumaTriggerRequestHandle request, byte[] name, int value)
        {
            return Library.Load(ref found_luma_trigger_request_set_variable_bool, "luma_trigger_request_set_variable_bool")(request, name, value);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_trigger_request_set_variables_json(LumaTriggerRequestHandle request, byte[] jsonObject);
        private static type_luma_trigger_request_set_variables_json found_luma_trigger_request_set_variables_json;
        public static int luma_trigger_request_set_variables_json(LumaTriggerRequestHandle request, byte[] jsonObject)
        {
            return Library.Load(ref found_luma_trigger_request_set_variables_json, "luma_trigger_request_set_variables_json")(request, jsonObject);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_trigger_request_set_initiator(LumaTriggerRequestHandle request, long contactId, long applicationId);
        private static type_luma_trigger_request_set_initiator found_luma_trigger_request_set_initiator;
        public static int luma_trigger_request_set_initiator(LumaTriggerRequestHandle request, long contactId, long applicationId)
        {
            return Library.Load(ref found_luma_trigger_request_set_initiator, "luma_trigger_request_set_initiator")(request, contactId, applicationId);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_trigger_request_set_initiation_info(LumaTriggerRequestHandle request, byte[] key, byte[] value);
        private static type_luma_trigger_request_set_initiation_info found_luma_trigger_request_set_initiation_info;
        public static int luma_trigger_request_set_initiation_info(LumaTriggerRequestHandle request, byte[] key, byte[] value)
        {
            return Library.Load(ref found_luma_trigger_request_set_initiation_info, "luma_trigger_request_set_initiation_info")(request, key, value);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_trigger_request_message(LumaTriggerRequestHandle request);
        private static type_luma_trigger_request_message found_luma_trigger_request_message;
        public static IntPtr luma_trigger_request_message(LumaTriggerRequestHandle request)
        {
            return Library.Load(ref found_luma_trigger_request_message, "luma_trigger_request_message")(request);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_trigger_request_exclude_from_digest(LumaTriggerRequestHandle request, byte[] name);
        private static type_luma_trigger_request_exclude_from_digest found_luma_trigger_request_exclude_from_digest;
        public static int luma_trigger_request_exclude_from_digest(LumaTriggerRequestHandle request, byte[] name)
        {
            return Library.Load(ref found_luma_trigger_request_exclude_from_digest, "luma_trigger_request_exclude_from_digest")(request, name);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate void type_luma_trigger_request_free(IntPtr request);
        private static type_luma_trigger_request_free found_luma_trigger_request_free;
        public static void luma_trigger_request_free(IntPtr request)
        {
            Library.Load(ref found_luma_trigger_request_free, "luma_trigger_request_free")(request);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_client_new(byte[] baseUrl, byte[] accessToken, out LumaClientHandle @out);
        private static type_luma_client_new found_luma_client_new;
        public static int luma_client_new(byte[] baseUrl, byte[] accessToken, out LumaClientHandle @out)
        {
            return Library.Load(ref found_luma_client_new, "luma_client_new")(baseUrl, accessToken, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_client_new_with_config(LumaConfigHandle config, out LumaClientHandle @out);
        private static type_luma_client_new_with_config found_luma_client_new_with_config;
        public static int luma_client_new_with_config(LumaConfigHandle config, out LumaClientHandle @out)
        {
            return Library.Load(ref found_luma_client_new_with_config, "luma_client_new_with_config")(config, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_client_new_with_reason(LumaConfigHandle config, out LumaClientHandle @out, out LumaResultHandle reason);
        private static type_luma_client_new_with_reason found_luma_client_new_with_reason;
        public static int luma_client_new_with_reason(LumaConfigHandle config, out LumaClientHandle @out, out LumaResultHandle reason)
        {
            return Library.Load(ref found_luma_client_new_with_reason, "luma_client_new_with_reason")(config, out @out, out reason);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_client_new_from_environment(out LumaClientHandle @out, out LumaResultHandle reason);
        private static type_luma_client_new_from_environment found_luma_client_new_from_environment;
        public static int luma_client_new_from_environment(out LumaClientHandle @out, out LumaResultHandle reason)
        {
            return Library.Load(ref found_luma_client_new_from_environment, "luma_client_new_from_environment")(out @out, out reason);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_client_with_request_id(LumaClientHandle client, byte[] requestId, out LumaClientHandle @out);
        private static type_luma_client_with_request_id found_luma_client_with_request_id;
        public static int luma_client_with_request_id(LumaClientHandle client, byte[] requestId, out LumaClientHandle @out)
        {
            return Library.Load(ref found_luma_client_with_request_id, "luma_client_with_request_id")(client, requestId, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_client_with_timeout_ms(LumaClientHandle client, long timeoutMs, out LumaClientHandle @out);
        private static type_luma_client_with_timeout_ms found_luma_client_with_timeout_ms;
        public static int luma_client_with_timeout_ms(LumaClientHandle client, long timeoutMs, out LumaClientHandle @out)
        {
            return Library.Load(ref found_luma_client_with_timeout_ms, "luma_client_with_timeout_ms")(client, timeoutMs, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_client_with_own_cancel(LumaClientHandle client, out LumaClientHandle @out);
        private static type_luma_client_with_own_cancel found_luma_client_with_own_cancel;
        public static int luma_client_with_own_cancel(LumaClientHandle client, out LumaClientHandle @out)
        {
            return Library.Load(ref found_luma_client_with_own_cancel, "luma_client_with_own_cancel")(client, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_client_set_access_token(LumaClientHandle client, byte[] accessToken);
        private static type_luma_client_set_access_token found_luma_client_set_access_token;
        public static int luma_client_set_access_token(LumaClientHandle client, byte[] accessToken)
        {
            return Library.Load(ref found_luma_client_set_access_token, "luma_client_set_access_token")(client, accessToken);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_client_set_access_token_with_reason(LumaClientHandle client, byte[] accessToken, out LumaResultHandle reason);
        private static type_luma_client_set_access_token_with_reason found_luma_client_set_access_token_with_reason;
        public static int luma_client_set_access_token_with_reason(LumaClientHandle client, byte[] accessToken, out LumaResultHandle reason)
        {
            return Library.Load(ref found_luma_client_set_access_token_with_reason, "luma_client_set_access_token_with_reason")(client, accessToken, out reason);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_client_cancel(LumaClientHandle client);
        private static type_luma_client_cancel found_luma_client_cancel;
        public static int luma_client_cancel(LumaClientHandle client)
        {
            return Library.Load(ref found_luma_client_cancel, "luma_client_cancel")(client);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_client_close(LumaClientHandle client);
        private static type_luma_client_close found_luma_client_close;
        public static int luma_client_close(LumaClientHandle client)
        {
            return Library.Load(ref found_luma_client_close, "luma_client_close")(client);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_client_drain(LumaClientHandle client, long timeoutMs);
        private static type_luma_client_drain found_luma_client_drain;
        public static int luma_client_drain(LumaClientHandle client, long timeoutMs)
        {
            return Library.Load(ref found_luma_client_drain, "luma_client_drain")(client, timeoutMs);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate long type_luma_client_counter(LumaClientHandle client, int counter);
        private static type_luma_client_counter found_luma_client_counter;
        public static long luma_client_counter(LumaClientHandle client, int counter)
        {
            return Library.Load(ref found_luma_client_counter, "luma_client_counter")(client, counter);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate void type_luma_client_free(IntPtr client);
        private static type_luma_client_free found_luma_client_free;
        public static void luma_client_free(IntPtr client)
        {
            Library.Load(ref found_luma_client_free, "luma_client_free")(client);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_client_connect(LumaClientHandle client, out LumaResultHandle @out);
        private static type_luma_client_connect found_luma_client_connect;
        public static int luma_client_connect(LumaClientHandle client, out LumaResultHandle @out)
        {
            return Library.Load(ref found_luma_client_connect, "luma_client_connect")(client, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_trigger_workflow(LumaClientHandle client, LumaTriggerRequestHandle request, out LumaResultHandle @out);
        private static type_luma_trigger_workflow found_luma_trigger_workflow;
        public static int luma_trigger_workflow(LumaClientHandle client, LumaTriggerRequestHandle request, out LumaResultHandle @out)
        {
            return Library.Load(ref found_luma_trigger_workflow, "luma_trigger_workflow")(client, request, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_trigger_workflow_json(LumaClientHandle client, byte[] requestJson, out LumaResultHandle @out);
        private static type_luma_trigger_workflow_json found_luma_trigger_workflow_json;
        public static int luma_trigger_workflow_json(LumaClientHandle client, byte[] requestJson, out LumaResultHandle @out)
        {
            return Library.Load(ref found_luma_trigger_workflow_json, "luma_trigger_workflow_json")(client, requestJson, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_wait_for_workflow(LumaClientHandle client, byte[] triggerId, long timeoutMs, luma_poll_fn onPoll, IntPtr userData, out LumaResultHandle @out);
        private static type_luma_wait_for_workflow found_luma_wait_for_workflow;
        public static int luma_wait_for_workflow(LumaClientHandle client, byte[] triggerId, long timeoutMs, luma_poll_fn onPoll, IntPtr userData, out LumaResultHandle @out)
        {
            return Library.Load(ref found_luma_wait_for_workflow, "luma_wait_for_workflow")(client, triggerId, timeoutMs, onPoll, userData, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_wait_for_workflow_or_suspension(LumaClientHandle client, byte[] triggerId, long timeoutMs, luma_poll_fn onPoll, IntPtr userData, out LumaResultHandle @out);
        private static type_luma_wait_for_workflow_or_suspension found_luma_wait_for_workflow_or_suspension;
        public static int luma_wait_for_workflow_or_suspension(LumaClientHandle client, byte[] triggerId, long timeoutMs, luma_poll_fn onPoll, IntPtr userData, out LumaResultHandle @out)
        {
            return Library.Load(ref found_luma_wait_for_workflow_or_suspension, "luma_wait_for_workflow_or_suspension")(client, triggerId, timeoutMs, onPoll, userData, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_get_workflow_history(LumaClientHandle client, byte[] triggerId, out LumaResultHandle @out);
        private static type_luma_get_workflow_history found_luma_get_workflow_history;
        public static int luma_get_workflow_history(LumaClientHandle client, byte[] triggerId, out LumaResultHandle @out)
        {
            return Library.Load(ref found_luma_get_workflow_history, "luma_get_workflow_history")(client, triggerId, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_list_workflow_steps(LumaClientHandle client, byte[] triggerId, byte[] filter, byte[] orderBy, long skip, long top, out LumaResultHandle @out);
        private static type_luma_list_workflow_steps found_luma_list_workflow_steps;
        public static int luma_list_workflow_steps(LumaClientHandle client, byte[] triggerId, byte[] filter, byte[] orderBy, long skip, long top, out LumaResultHandle @out)
        {
            return Library.Load(ref found_luma_list_workflow_steps, "luma_list_workflow_steps")(client, triggerId, filter, orderBy, skip, top, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_get_workflow_step(LumaClientHandle client, byte[] triggerId, byte[] stepId, out LumaResultHandle @out);
        private static type_luma_get_workflow_step found_luma_get_workflow_step;
        public static int luma_get_workflow_step(LumaClientHandle client, byte[] triggerId, byte[] stepId, out LumaResultHandle @out)
        {
            return Library.Load(ref found_luma_get_workflow_step, "luma_get_workflow_step")(client, triggerId, stepId, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_generate_launch_url(LumaClientHandle client, byte[] triggerId, out LumaResultHandle @out);
        private static type_luma_generate_launch_url found_luma_generate_launch_url;
        public static int luma_generate_launch_url(LumaClientHandle client, byte[] triggerId, out LumaResultHandle @out)
        {
            return Library.Load(ref found_luma_generate_launch_url, "luma_generate_launch_url")(client, triggerId, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_list_workflow_definitions(LumaClientHandle client, byte[] filter, byte[] orderBy, long skip, long top, out LumaResultHandle @out);
        private static type_luma_list_workflow_definitions found_luma_list_workflow_definitions;
        public static int luma_list_workflow_definitions(LumaClientHandle client, byte[] filter, byte[] orderBy, long skip, long top, out LumaResultHandle @out)
        {
            return Library.Load(ref found_luma_list_workflow_definitions, "luma_list_workflow_definitions")(client, filter, orderBy, skip, top, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_regenerate_tenant_token(LumaClientHandle client, byte[] superAdminToken, byte[] tenantExternalId, out LumaResultHandle @out);
        private static type_luma_regenerate_tenant_token found_luma_regenerate_tenant_token;
        public static int luma_regenerate_tenant_token(LumaClientHandle client, byte[] superAdminToken, byte[] tenantExternalId, out LumaResultHandle @out)
        {
            return Library.Load(ref found_luma_regenerate_tenant_token, "luma_regenerate_tenant_token")(client, superAdminToken, tenantExternalId, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_journal_create(byte[] folder, byte[] baseUrl, out LumaResultHandle reason);
        private static type_luma_journal_create found_luma_journal_create;
        public static int luma_journal_create(byte[] folder, byte[] baseUrl, out LumaResultHandle reason)
        {
            return Library.Load(ref found_luma_journal_create, "luma_journal_create")(folder, baseUrl, out reason);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_journal_open(byte[] folder, out LumaJournalHandle @out, out LumaResultHandle reason);
        private static type_luma_journal_open found_luma_journal_open;
        public static int luma_journal_open(byte[] folder, out LumaJournalHandle @out, out LumaResultHandle reason)
        {
            return Library.Load(ref found_luma_journal_open, "luma_journal_open")(folder, out @out, out reason);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_trigger_workflow_once(LumaClientHandle client, LumaJournalHandle journal, byte[] key, LumaTriggerRequestHandle request, out LumaResultHandle @out);
        private static type_luma_trigger_workflow_once found_luma_trigger_workflow_once;
        public static int luma_trigger_workflow_once(LumaClientHandle client, LumaJournalHandle journal, byte[] key, LumaTriggerRequestHandle request, out LumaResultHandle @out)
        {
            return Library.Load(ref found_luma_trigger_workflow_once, "luma_trigger_workflow_once")(client, journal, key, request, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_trigger_workflow_once_with_store(LumaClientHandle client, luma_claim_fn claim, luma_complete_fn complete, IntPtr userData, byte[] digestSecret, byte[] key, LumaTriggerRequestHandle request, out LumaResultHandle @out);
        private static type_luma_trigger_workflow_once_with_store found_luma_trigger_workflow_once_with_store;
        public static int luma_trigger_workflow_once_with_store(LumaClientHandle client, luma_claim_fn claim, luma_complete_fn complete, IntPtr userData, byte[] digestSecret, byte[] key, LumaTriggerRequestHandle request, out LumaResultHandle @out)
        {
            return Library.Load(ref found_luma_trigger_workflow_once_with_store, "luma_trigger_workflow_once_with_store")(client, claim, complete, userData, digestSecret, key, request, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_journal_find(LumaJournalHandle journal, byte[] key, out LumaResultHandle @out);
        private static type_luma_journal_find found_luma_journal_find;
        public static int luma_journal_find(LumaJournalHandle journal, byte[] key, out LumaResultHandle @out)
        {
            return Library.Load(ref found_luma_journal_find, "luma_journal_find")(journal, key, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_journal_unfinished(LumaJournalHandle journal, out LumaResultHandle @out);
        private static type_luma_journal_unfinished found_luma_journal_unfinished;
        public static int luma_journal_unfinished(LumaJournalHandle journal, out LumaResultHandle @out)
        {
            return Library.Load(ref found_luma_journal_unfinished, "luma_journal_unfinished")(journal, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_journal_acknowledge(LumaJournalHandle journal, byte[] key, out LumaResultHandle @out);
        private static type_luma_journal_acknowledge found_luma_journal_acknowledge;
        public static int luma_journal_acknowledge(LumaJournalHandle journal, byte[] key, out LumaResultHandle @out)
        {
            return Library.Load(ref found_luma_journal_acknowledge, "luma_journal_acknowledge")(journal, key, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_journal_resolve(LumaJournalHandle journal, byte[] key, byte[] triggerId, byte[] who, byte[] reason, out LumaResultHandle @out);
        private static type_luma_journal_resolve found_luma_journal_resolve;
        public static int luma_journal_resolve(LumaJournalHandle journal, byte[] key, byte[] triggerId, byte[] who, byte[] reason, out LumaResultHandle @out)
        {
            return Library.Load(ref found_luma_journal_resolve, "luma_journal_resolve")(journal, key, triggerId, who, reason, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_journal_new_attempt(LumaJournalHandle journal, byte[] key, byte[] who, byte[] reason, out LumaResultHandle @out);
        private static type_luma_journal_new_attempt found_luma_journal_new_attempt;
        public static int luma_journal_new_attempt(LumaJournalHandle journal, byte[] key, byte[] who, byte[] reason, out LumaResultHandle @out)
        {
            return Library.Load(ref found_luma_journal_new_attempt, "luma_journal_new_attempt")(journal, key, who, reason, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_journal_prune(LumaJournalHandle journal, long olderThanMs, out LumaResultHandle @out);
        private static type_luma_journal_prune found_luma_journal_prune;
        public static int luma_journal_prune(LumaJournalHandle journal, long olderThanMs, out LumaResultHandle @out)
        {
            return Library.Load(ref found_luma_journal_prune, "luma_journal_prune")(journal, olderThanMs, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate void type_luma_journal_free(IntPtr journal);
        private static type_luma_journal_free found_luma_journal_free;
        public static void luma_journal_free(IntPtr journal)
        {
            Library.Load(ref found_luma_journal_free, "luma_journal_free")(journal);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_wait_new(LumaClientHandle client, byte[] triggerId, long timeoutMs, out LumaWaitHandle @out);
        private static type_luma_wait_new found_luma_wait_new;
        public static int luma_wait_new(LumaClientHandle client, byte[] triggerId, long timeoutMs, out LumaWaitHandle @out)
        {
            return Library.Load(ref found_luma_wait_new, "luma_wait_new")(client, triggerId, timeoutMs, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_wait_set_until_suspended(LumaWaitHandle wait, int on);
        private static type_luma_wait_set_until_suspended found_luma_wait_set_until_suspended;
        public static int luma_wait_set_until_suspended(LumaWaitHandle wait, int on)
        {
            return Library.Load(ref found_luma_wait_set_until_suspended, "luma_wait_set_until_suspended")(wait, on);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_wait_poll(LumaWaitHandle wait, out LumaResultHandle @out);
        private static type_luma_wait_poll found_luma_wait_poll;
        public static int luma_wait_poll(LumaWaitHandle wait, out LumaResultHandle @out)
        {
            return Library.Load(ref found_luma_wait_poll, "luma_wait_poll")(wait, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate long type_luma_wait_next_poll_ms(LumaWaitHandle wait);
        private static type_luma_wait_next_poll_ms found_luma_wait_next_poll_ms;
        public static long luma_wait_next_poll_ms(LumaWaitHandle wait)
        {
            return Library.Load(ref found_luma_wait_next_poll_ms, "luma_wait_next_poll_ms")(wait);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate void type_luma_wait_free(IntPtr wait);
        private static type_luma_wait_free found_luma_wait_free;
        public static void luma_wait_free(IntPtr wait)
        {
            Library.Load(ref found_luma_wait_free, "luma_wait_free")(wait);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_wait_set_new(LumaClientHandle client, out LumaWaitSetHandle @out);
        private static type_luma_wait_set_new found_luma_wait_set_new;
        public static int luma_wait_set_new(LumaClientHandle client, out LumaWaitSetHandle @out)
        {
            return Library.Load(ref found_luma_wait_set_new, "luma_wait_set_new")(client, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_wait_set_max_polls_per_second(LumaWaitSetHandle set, long pollsPerSecond);
        private static type_luma_wait_set_max_polls_per_second found_luma_wait_set_max_polls_per_second;
        public static int luma_wait_set_max_polls_per_second(LumaWaitSetHandle set, long pollsPerSecond)
        {
            return Library.Load(ref found_luma_wait_set_max_polls_per_second, "luma_wait_set_max_polls_per_second")(set, pollsPerSecond);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_wait_set_add(LumaWaitSetHandle set, byte[] triggerId, long timeoutMs, IntPtr userData);
        private static type_luma_wait_set_add found_luma_wait_set_add;
        public static int luma_wait_set_add(LumaWaitSetHandle set, byte[] triggerId, long timeoutMs, IntPtr userData)
        {
            return Library.Load(ref found_luma_wait_set_add, "luma_wait_set_add")(set, triggerId, timeoutMs, userData);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_wait_set_remove(LumaWaitSetHandle set, byte[] triggerId);
        private static type_luma_wait_set_remove found_luma_wait_set_remove;
        public static int luma_wait_set_remove(LumaWaitSetHandle set, byte[] triggerId)
        {
            return Library.Load(ref found_luma_wait_set_remove, "luma_wait_set_remove")(set, triggerId);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_wait_set_next(LumaWaitSetHandle set, long timeoutMs, out LumaResultHandle @out, out IntPtr userData);
        private static type_luma_wait_set_next found_luma_wait_set_next;
        public static int luma_wait_set_next(LumaWaitSetHandle set, long timeoutMs, out LumaResultHandle @out, out IntPtr userData)
        {
            return Library.Load(ref found_luma_wait_set_next, "luma_wait_set_next")(set, timeoutMs, out @out, out userData);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate UIntPtr type_luma_wait_set_count(LumaWaitSetHandle set);
        private static type_luma_wait_set_count found_luma_wait_set_count;
        public static UIntPtr luma_wait_set_count(LumaWaitSetHandle set)
        {
            return Library.Load(ref found_luma_wait_set_count, "luma_wait_set_count")(set);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_wait_set_wake(LumaWaitSetHandle set);
        private static type_luma_wait_set_wake found_luma_wait_set_wake;
        public static int luma_wait_set_wake(LumaWaitSetHandle set)
        {
            return Library.Load(ref found_luma_wait_set_wake, "luma_wait_set_wake")(set);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_wait_set_close(LumaWaitSetHandle set);
        private static type_luma_wait_set_close found_luma_wait_set_close;
        public static int luma_wait_set_close(LumaWaitSetHandle set)
        {
            return Library.Load(ref found_luma_wait_set_close, "luma_wait_set_close")(set);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate void type_luma_wait_set_free(IntPtr set);
        private static type_luma_wait_set_free found_luma_wait_set_free;
        public static void luma_wait_set_free(IntPtr set)
        {
            Library.Load(ref found_luma_wait_set_free, "luma_wait_set_free")(set);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate void type_luma_result_free(IntPtr result);
        private static type_luma_result_free found_luma_result_free;
        public static void luma_result_free(IntPtr result)
        {
            Library.Load(ref found_luma_result_free, "luma_result_free")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_result_status(LumaResultHandle result);
        private static type_luma_result_status found_luma_result_status;
        public static int luma_result_status(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_status, "luma_result_status")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_result_page_status(LumaResultHandle result);
        private static type_luma_result_page_status found_luma_result_page_status;
        public static int luma_result_page_status(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_page_status, "luma_result_page_status")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_result_outcome(LumaResultHandle result);
        private static type_luma_result_outcome found_luma_result_outcome;
        public static int luma_result_outcome(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_outcome, "luma_result_outcome")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_result_http_status(LumaResultHandle result);
        private static type_luma_result_http_status found_luma_result_http_status;
        public static int luma_result_http_status(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_http_status, "luma_result_http_status")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_message(LumaResultHandle result);
        private static type_luma_result_message found_luma_result_message;
        public static IntPtr luma_result_message(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_message, "luma_result_message")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate UIntPtr type_luma_result_error_count(LumaResultHandle result);
        private static type_luma_result_error_count found_luma_result_error_count;
        public static UIntPtr luma_result_error_count(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_error_count, "luma_result_error_count")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_error(LumaResultHandle result, UIntPtr index);
        private static type_luma_result_error found_luma_result_error;
        public static IntPtr luma_result_error(LumaResultHandle result, UIntPtr index)
        {
            return Library.Load(ref found_luma_result_error, "luma_result_error")(result, index);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate long type_luma_result_retry_after_ms(LumaResultHandle result);
        private static type_luma_result_retry_after_ms found_luma_result_retry_after_ms;
        public static long luma_result_retry_after_ms(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_retry_after_ms, "luma_result_retry_after_ms")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_trigger_id(LumaResultHandle result);
        private static type_luma_result_trigger_id found_luma_result_trigger_id;
        public static IntPtr luma_result_trigger_id(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_trigger_id, "luma_result_trigger_id")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_result_run_status(LumaResultHandle result);
        private static type_luma_result_run_status found_luma_result_run_status;
        public static int luma_result_run_status(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_run_status, "luma_result_run_status")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_run_status_text(LumaResultHandle result);
        private static type_luma_result_run_status_text found_luma_result_run_status_text;
        public static IntPtr luma_result_run_status_text(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_run_status_text, "luma_result_run_status_text")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate long type_luma_result_run_start_time_ms(LumaResultHandle result);
        private static type_luma_result_run_start_time_ms found_luma_result_run_start_time_ms;
        public static long luma_result_run_start_time_ms(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_run_start_time_ms, "luma_result_run_start_time_ms")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate long type_luma_result_run_end_time_ms(LumaResultHandle result);
        private static type_luma_result_run_end_time_ms found_luma_result_run_end_time_ms;
        public static long luma_result_run_end_time_ms(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_run_end_time_ms, "luma_result_run_end_time_ms")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate long type_luma_result_run_time_spent_ms(LumaResultHandle result);
        private static type_luma_result_run_time_spent_ms found_luma_result_run_time_spent_ms;
        public static long luma_result_run_time_spent_ms(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_run_time_spent_ms, "luma_result_run_time_spent_ms")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_result_poll_count(LumaResultHandle result);
        private static type_luma_result_poll_count found_luma_result_poll_count;
        public static int luma_result_poll_count(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_poll_count, "luma_result_poll_count")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate long type_luma_result_wait_elapsed_ms(LumaResultHandle result);
        private static type_luma_result_wait_elapsed_ms found_luma_result_wait_elapsed_ms;
        public static long luma_result_wait_elapsed_ms(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_wait_elapsed_ms, "luma_result_wait_elapsed_ms")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate UIntPtr type_luma_result_step_count(LumaResultHandle result);
        private static type_luma_result_step_count found_luma_result_step_count;
        public static UIntPtr luma_result_step_count(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_step_count, "luma_result_step_count")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_step_id(LumaResultHandle result, UIntPtr index);
        private static type_luma_result_step_id found_luma_result_step_id;
        public static IntPtr luma_result_step_id(LumaResultHandle result, UIntPtr index)
        {
            return Library.Load(ref found_luma_result_step_id, "luma_result_step_id")(result, index);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_step_name(LumaResultHandle result, UIntPtr index);
        private static type_luma_result_step_name found_luma_result_step_name;
        public static IntPtr luma_result_step_name(LumaResultHandle result, UIntPtr index)
        {
            return Library.Load(ref found_luma_result_step_name, "luma_result_step_name")(result, index);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_result_step_status(LumaResultHandle result, UIntPtr index);
        private static type_luma_result_step_status found_luma_result_step_status;
        public static int luma_result_step_status(LumaResultHandle result, UIntPtr index)
        {
            return Library.Load(ref found_luma_result_step_status, "luma_result_step_status")(result, index);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_step_status_text(LumaResultHandle result, UIntPtr index);
        private static type_luma_result_step_status_text found_luma_result_step_status_text;
        public static IntPtr luma_result_step_status_text(LumaResultHandle result, UIntPtr index)
        {
            return Library.Load(ref found_luma_result_step_status_text, "luma_result_step_status_text")(result, index);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate long type_luma_result_step_start_time_ms(LumaResultHandle result, UIntPtr index);
        private static type_luma_result_step_start_time_ms found_luma_result_step_start_time_ms;
        public static long luma_result_step_start_time_ms(LumaResultHandle result, UIntPtr index)
        {
            return Library.Load(ref found_luma_result_step_start_time_ms, "luma_result_step_start_time_ms")(result, index);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate long type_luma_result_step_end_time_ms(LumaResultHandle result, UIntPtr index);
        private static type_luma_result_step_end_time_ms found_luma_result_step_end_time_ms;
        public static long luma_result_step_end_time_ms(LumaResultHandle result, UIntPtr index)
        {
            return Library.Load(ref found_luma_result_step_end_time_ms, "luma_result_step_end_time_ms")(result, index);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate long type_luma_result_step_time_spent_ms(LumaResultHandle result, UIntPtr index);
        private static type_luma_result_step_time_spent_ms found_luma_result_step_time_spent_ms;
        public static long luma_result_step_time_spent_ms(LumaResultHandle result, UIntPtr index)
        {
            return Library.Load(ref found_luma_result_step_time_spent_ms, "luma_result_step_time_spent_ms")(result, index);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate UIntPtr type_luma_result_definition_count(LumaResultHandle result);
        private static type_luma_result_definition_count found_luma_result_definition_count;
        public static UIntPtr luma_result_definition_count(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_definition_count, "luma_result_definition_count")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_definition_identifier(LumaResultHandle result, UIntPtr index);
        private static type_luma_result_definition_identifier found_luma_result_definition_identifier;
        public static IntPtr luma_result_definition_identifier(LumaResultHandle result, UIntPtr index)
        {
            return Library.Load(ref found_luma_result_definition_identifier, "luma_result_definition_identifier")(result, index);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_definition_name(LumaResultHandle result, UIntPtr index);
        private static type_luma_result_definition_name found_luma_result_definition_name;
        public static IntPtr luma_result_definition_name(LumaResultHandle result, UIntPtr index)
        {
            return Library.Load(ref found_luma_result_definition_name, "luma_result_definition_name")(result, index);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_definition_description(LumaResultHandle result, UIntPtr index);
        private static type_luma_result_definition_description found_luma_result_definition_description;
        public static IntPtr luma_result_definition_description(LumaResultHandle result, UIntPtr index)
        {
            return Library.Load(ref found_luma_result_definition_description, "luma_result_definition_description")(result, index);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_launch_url(LumaResultHandle result);
        private static type_luma_result_launch_url found_luma_result_launch_url;
        public static IntPtr luma_result_launch_url(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_launch_url, "luma_result_launch_url")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_access_token(LumaResultHandle result);
        private static type_luma_result_access_token found_luma_result_access_token;
        public static IntPtr luma_result_access_token(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_access_token, "luma_result_access_token")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate UIntPtr type_luma_result_parameter_count(LumaResultHandle result);
        private static type_luma_result_parameter_count found_luma_result_parameter_count;
        public static UIntPtr luma_result_parameter_count(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_parameter_count, "luma_result_parameter_count")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_parameter_name(LumaResultHandle result, UIntPtr index);
        private static type_luma_result_parameter_name found_luma_result_parameter_name;
        public static IntPtr luma_result_parameter_name(LumaResultHandle result, UIntPtr index)
        {
            return Library.Load(ref found_luma_result_parameter_name, "luma_result_parameter_name")(result, index);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_parameter_value(LumaResultHandle result, UIntPtr index);
        private static type_luma_result_parameter_value found_luma_result_parameter_value;
        public static IntPtr luma_result_parameter_value(LumaResultHandle result, UIntPtr index)
        {
            return Library.Load(ref found_luma_result_parameter_value, "luma_result_parameter_value")(result, index);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_parameter_data_type(LumaResultHandle result, UIntPtr index);
        private static type_luma_result_parameter_data_type found_luma_result_parameter_data_type;
        public static IntPtr luma_result_parameter_data_type(LumaResultHandle result, UIntPtr index)
        {
            return Library.Load(ref found_luma_result_parameter_data_type, "luma_result_parameter_data_type")(result, index);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_parameter_caption(LumaResultHandle result, UIntPtr index);
        private static type_luma_result_parameter_caption found_luma_result_parameter_caption;
        public static IntPtr luma_result_parameter_caption(LumaResultHandle result, UIntPtr index)
        {
            return Library.Load(ref found_luma_result_parameter_caption, "luma_result_parameter_caption")(result, index);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_parameter_description(LumaResultHandle result, UIntPtr index);
        private static type_luma_result_parameter_description found_luma_result_parameter_description;
        public static IntPtr luma_result_parameter_description(LumaResultHandle result, UIntPtr index)
        {
            return Library.Load(ref found_luma_result_parameter_description, "luma_result_parameter_description")(result, index);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate UIntPtr type_luma_result_definition_parameter_count(LumaResultHandle result, UIntPtr definitionIndex);
        private static type_luma_result_definition_parameter_count found_luma_result_definition_parameter_count;
        public static UIntPtr luma_result_definition_parameter_count(LumaResultHandle result, UIntPtr definitionIndex)
        {
            return Library.Load(ref found_luma_result_definition_parameter_count, "luma_result_definition_parameter_count")(result, definitionIndex);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_definition_parameter_name(LumaResultHandle result, UIntPtr definitionIndex, UIntPtr index);
        private static type_luma_result_definition_parameter_name found_luma_result_definition_parameter_name;
        public static IntPtr luma_result_definition_parameter_name(LumaResultHandle result, UIntPtr definitionIndex, UIntPtr index)
        {
            return Library.Load(ref found_luma_result_definition_parameter_name, "luma_result_definition_parameter_name")(result, definitionIndex, index);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_definition_parameter_data_type(LumaResultHandle result, UIntPtr definitionIndex, UIntPtr index);
        private static type_luma_result_definition_parameter_data_type found_luma_result_definition_parameter_data_type;
        public static IntPtr luma_result_definition_parameter_data_type(LumaResultHandle result, UIntPtr definitionIndex, UIntPtr index)
        {
            return Library.Load(ref found_luma_result_definition_parameter_data_type, "luma_result_definition_parameter_data_type")(result, definitionIndex, index);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_result_definition_parameter_required(LumaResultHandle result, UIntPtr definitionIndex, UIntPtr index);
        private static type_luma_result_definition_parameter_required found_luma_result_definition_parameter_required;
        public static int luma_result_definition_parameter_required(LumaResultHandle result, UIntPtr definitionIndex, UIntPtr index)
        {
            return Library.Load(ref found_luma_result_definition_parameter_required, "luma_result_definition_parameter_required")(result, definitionIndex, index);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_definition_parameter_caption(LumaResultHandle result, UIntPtr definitionIndex, UIntPtr index);
        private static type_luma_result_definition_parameter_caption found_luma_result_definition_parameter_caption;
        public static IntPtr luma_result_definition_parameter_caption(LumaResultHandle result, UIntPtr definitionIndex, UIntPtr index)
        {
            return Library.Load(ref found_luma_result_definition_parameter_caption, "luma_result_definition_parameter_caption")(result, definitionIndex, index);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_definition_parameter_description(LumaResultHandle result, UIntPtr definitionIndex, UIntPtr index);
        private static type_luma_result_definition_parameter_description found_luma_result_definition_parameter_description;
        public static IntPtr luma_result_definition_parameter_description(LumaResultHandle result, UIntPtr definitionIndex, UIntPtr index)
        {
            return Library.Load(ref found_luma_result_definition_parameter_description, "luma_result_definition_parameter_description")(result, definitionIndex, index);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_json(LumaResultHandle result);
        private static type_luma_result_json found_luma_result_json;
        public static IntPtr luma_result_json(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_json, "luma_result_json")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate UIntPtr type_luma_result_json_length(LumaResultHandle result);
        private static type_luma_result_json_length found_luma_result_json_length;
        public static UIntPtr luma_result_json_length(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_json_length, "luma_result_json_length")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_result_json_type(LumaResultHandle result, byte[] jsonPointer);
        private static type_luma_result_json_type found_luma_result_json_type;
        public static int luma_result_json_type(LumaResultHandle result, byte[] jsonPointer)
        {
            return Library.Load(ref found_luma_result_json_type, "luma_result_json_type")(result, jsonPointer);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_string(LumaResultHandle result, byte[] jsonPointer);
        private static type_luma_result_string found_luma_result_string;
        public static IntPtr luma_result_string(LumaResultHandle result, byte[] jsonPointer)
        {
            return Library.Load(ref found_luma_result_string, "luma_result_string")(result, jsonPointer);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate UIntPtr type_luma_result_string_length(LumaResultHandle result, byte[] jsonPointer);
        private static type_luma_result_string_length found_luma_result_string_length;
        public static UIntPtr luma_result_string_length(LumaResultHandle result, byte[] jsonPointer)
        {
            return Library.Load(ref found_luma_result_string_length, "luma_result_string_length")(result, jsonPointer);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_result_text(LumaResultHandle result, byte[] jsonPointer, out IntPtr text, out UIntPtr length);
        private static type_luma_result_text found_luma_result_text;
        public static int luma_result_text(LumaResultHandle result, byte[] jsonPointer, out IntPtr text, out UIntPtr length)
        {
            return Library.Load(ref found_luma_result_text, "luma_result_text")(result, jsonPointer, out text, out length);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_result_int64(LumaResultHandle result, byte[] jsonPointer, out long @out);
        private static type_luma_result_int64 found_luma_result_int64;
        public static int luma_result_int64(LumaResultHandle result, byte[] jsonPointer, out long @out)
        {
            return Library.Load(ref found_luma_result_int64, "luma_result_int64")(result, jsonPointer, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_result_bool(LumaResultHandle result, byte[] jsonPointer, out int @out);
        private static type_luma_result_bool found_luma_result_bool;
        public static int luma_result_bool(LumaResultHandle result, byte[] jsonPointer, out int @out)
        {
            return Library.Load(ref found_luma_result_bool, "luma_result_bool")(result, jsonPointer, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_result_count(LumaResultHandle result, byte[] jsonPointer, out UIntPtr @out);
        private static type_luma_result_count found_luma_result_count;
        public static int luma_result_count(LumaResultHandle result, byte[] jsonPointer, out UIntPtr @out)
        {
            return Library.Load(ref found_luma_result_count, "luma_result_count")(result, jsonPointer, out @out);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_request_id(LumaResultHandle result);
        private static type_luma_result_request_id found_luma_result_request_id;
        public static IntPtr luma_result_request_id(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_request_id, "luma_result_request_id")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_result_attempts(LumaResultHandle result);
        private static type_luma_result_attempts found_luma_result_attempts;
        public static int luma_result_attempts(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_attempts, "luma_result_attempts")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate long type_luma_result_timing_us(LumaResultHandle result, int timing);
        private static type_luma_result_timing_us found_luma_result_timing_us;
        public static long luma_result_timing_us(LumaResultHandle result, int timing)
        {
            return Library.Load(ref found_luma_result_timing_us, "luma_result_timing_us")(result, timing);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_result_connection_reused(LumaResultHandle result);
        private static type_luma_result_connection_reused found_luma_result_connection_reused;
        public static int luma_result_connection_reused(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_connection_reused, "luma_result_connection_reused")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_peer_address(LumaResultHandle result);
        private static type_luma_result_peer_address found_luma_result_peer_address;
        public static IntPtr luma_result_peer_address(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_peer_address, "luma_result_peer_address")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_tls_version(LumaResultHandle result);
        private static type_luma_result_tls_version found_luma_result_tls_version;
        public static IntPtr luma_result_tls_version(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_tls_version, "luma_result_tls_version")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate long type_luma_result_certificate_expires_ms(LumaResultHandle result);
        private static type_luma_result_certificate_expires_ms found_luma_result_certificate_expires_ms;
        public static long luma_result_certificate_expires_ms(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_certificate_expires_ms, "luma_result_certificate_expires_ms")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate IntPtr type_luma_result_journal_key(LumaResultHandle result);
        private static type_luma_result_journal_key found_luma_result_journal_key;
        public static IntPtr luma_result_journal_key(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_journal_key, "luma_result_journal_key")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate long type_luma_result_journal_time_ms(LumaResultHandle result);
        private static type_luma_result_journal_time_ms found_luma_result_journal_time_ms;
        public static long luma_result_journal_time_ms(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_journal_time_ms, "luma_result_journal_time_ms")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int type_luma_result_journal_recorded(LumaResultHandle result);
        private static type_luma_result_journal_recorded found_luma_result_journal_recorded;
        public static int luma_result_journal_recorded(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_journal_recorded, "luma_result_journal_recorded")(result);
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate UIntPtr type_luma_result_journal_count(LumaResultHandle result);
        private static type_luma_result_journal_count found_luma_result_journal_count;
        public static UIntPtr luma_result_journal_count(LumaResultHandle result)
        {
            return Library.Load(ref found_luma_result_journal_count, "luma_result_journal_count")(result);
        }
    }
}
