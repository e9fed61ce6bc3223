// Generated from include/luma.h by bindings/generate.py (make bindings). Do not edit.
package org.libluma;

/**
 * The statuses: why a call failed. 1 to 99 are the caller's mistakes, 100 to 199 transport and
 * time, 200 to 299 the gateway's response, 300 to 399 a journal.
 */
public final class LumaStatus {
    private LumaStatus() {}

    /** {@code LUMA_OK}. */
    public static final int OK = 0;

    /** {@code LUMA_ERROR_NULL_ARGUMENT_1}. */
    public static final int NULL_ARGUMENT_1 = 1;

    /** {@code LUMA_ERROR_NULL_ARGUMENT_2}. */
    public static final int NULL_ARGUMENT_2 = 2;

    /** {@code LUMA_ERROR_NULL_ARGUMENT_3}. */
    public static final int NULL_ARGUMENT_3 = 3;

    /** {@code LUMA_ERROR_NULL_ARGUMENT_4}. */
    public static final int NULL_ARGUMENT_4 = 4;

    /** {@code LUMA_ERROR_NULL_ARGUMENT_5}. */
    public static final int NULL_ARGUMENT_5 = 5;

    /** {@code LUMA_ERROR_NULL_ARGUMENT_6}. */
    public static final int NULL_ARGUMENT_6 = 6;

    /** {@code LUMA_ERROR_NULL_ARGUMENT_7}. */
    public static final int NULL_ARGUMENT_7 = 7;

    /** {@code LUMA_ERROR_NULL_ARGUMENT_8}. */
    public static final int NULL_ARGUMENT_8 = 8;

    /** {@code LUMA_ERROR_UTF8_ARGUMENT_1}. */
    public static final int UTF8_ARGUMENT_1 = 11;

    /** {@code LUMA_ERROR_UTF8_ARGUMENT_2}. */
    public static final int UTF8_ARGUMENT_2 = 12;

    /** {@code LUMA_ERROR_UTF8_ARGUMENT_3}. */
    public static final int UTF8_ARGUMENT_3 = 13;

    /** {@code LUMA_ERROR_UTF8_ARGUMENT_4}. */
    public static final int UTF8_ARGUMENT_4 = 14;

    /** {@code LUMA_ERROR_UTF8_ARGUMENT_5}. */
    public static final int UTF8_ARGUMENT_5 = 15;

    /** {@code LUMA_ERROR_UTF8_ARGUMENT_6}. */
    public static final int UTF8_ARGUMENT_6 = 16;

    /** {@code LUMA_ERROR_BASE_URL_SYNTAX}. */
    public static final int BASE_URL_SYNTAX = 21;

    /** {@code LUMA_ERROR_BASE_URL_SCHEME}. */
    public static final int BASE_URL_SCHEME = 22;

    /** {@code LUMA_ERROR_BASE_URL_USER_INFO}. */
    public static final int BASE_URL_USER_INFO = 23;

    /** {@code LUMA_ERROR_BASE_URL_PORT}. */
    public static final int BASE_URL_PORT = 24;

    /** {@code LUMA_ERROR_BASE_URL_INSECURE}. */
    public static final int BASE_URL_INSECURE = 25;

    /** {@code LUMA_ERROR_ACCESS_TOKEN}. */
    public static final int ACCESS_TOKEN = 26;

    /** {@code LUMA_ERROR_AUTH_SCHEME}. */
    public static final int AUTH_SCHEME = 27;

    /** {@code LUMA_ERROR_TIMEOUT_RANGE}. */
    public static final int TIMEOUT_RANGE = 28;

    /** {@code LUMA_ERROR_MAX_RESPONSE_BYTES}. */
    public static final int MAX_RESPONSE_BYTES = 29;

    /** {@code LUMA_ERROR_CA_PEM}. */
    public static final int CA_PEM = 30;

    /** {@code LUMA_ERROR_APPLICATION_ID}. */
    public static final int APPLICATION_ID = 31;

    /** {@code LUMA_ERROR_WORKFLOW_IDENTIFIER}. */
    public static final int WORKFLOW_IDENTIFIER = 32;

    /** {@code LUMA_ERROR_VARIABLE_NAME}. */
    public static final int VARIABLE_NAME = 33;

    /** {@code LUMA_ERROR_VARIABLES}. */
    public static final int VARIABLES = 34;

    /** {@code LUMA_ERROR_JSON}. */
    public static final int JSON = 35;

    /** {@code LUMA_ERROR_INITIATOR_APPLICATION}. */
    public static final int INITIATOR_APPLICATION = 36;

    /** {@code LUMA_ERROR_LUMA_CHANNEL_ACCOUNT_ID}. */
    public static final int LUMA_CHANNEL_ACCOUNT_ID = 37;

    /** {@code LUMA_ERROR_TICKET_IDENTIFIER}. */
    public static final int TICKET_IDENTIFIER = 38;

    /** {@code LUMA_ERROR_INITIATION_INFO}. */
    public static final int INITIATION_INFO = 39;

    /** {@code LUMA_ERROR_REQUEST_TOO_LARGE}. */
    public static final int REQUEST_TOO_LARGE = 40;

    /** {@code LUMA_ERROR_INITIATOR_CONTACT}. */
    public static final int INITIATOR_CONTACT = 41;

    /** {@code LUMA_ERROR_TRIGGER_ID}. */
    public static final int TRIGGER_ID = 42;

    /** {@code LUMA_ERROR_STEP_ID}. */
    public static final int STEP_ID = 43;

    /** {@code LUMA_ERROR_TENANT_EXTERNAL_ID}. */
    public static final int TENANT_EXTERNAL_ID = 44;

    /** {@code LUMA_ERROR_SUPER_ADMIN_TOKEN}. */
    public static final int SUPER_ADMIN_TOKEN = 45;

    /** {@code LUMA_ERROR_FILTER}. */
    public static final int FILTER = 46;

    /** {@code LUMA_ERROR_ORDER_BY}. */
    public static final int ORDER_BY = 47;

    /** {@code LUMA_ERROR_SKIP}. */
    public static final int SKIP = 48;

    /** {@code LUMA_ERROR_TOP}. */
    public static final int TOP = 49;

    /** {@code LUMA_ERROR_PROXY}. */
    public static final int PROXY = 50;

    /** {@code LUMA_ERROR_POINTER_SYNTAX}. */
    public static final int POINTER_SYNTAX = 51;

    /** {@code LUMA_ERROR_POINTER_NOT_FOUND}. */
    public static final int POINTER_NOT_FOUND = 52;

    /** {@code LUMA_ERROR_POINTER_TYPE}. */
    public static final int POINTER_TYPE = 53;

    /** {@code LUMA_ERROR_POINTER_RANGE}. */
    public static final int POINTER_RANGE = 54;

    /** {@code LUMA_ERROR_CA_FILE}. */
    public static final int CA_FILE = 55;

    /** {@code LUMA_ERROR_CLIENT_CERTIFICATE}. */
    public static final int CLIENT_CERTIFICATE = 56;

    /** {@code LUMA_ERROR_CLIENT_KEY}. */
    public static final int CLIENT_KEY = 57;

    /** {@code LUMA_ERROR_LOG_LEVEL}. */
    public static final int LOG_LEVEL = 58;

    /** {@code LUMA_ERROR_REQUEST_ID}. */
    public static final int REQUEST_ID = 59;

    /** {@code LUMA_ERROR_MAX_IDLE}. */
    public static final int MAX_IDLE = 60;

    /** {@code LUMA_ERROR_MAX_IDLE_CONNECTIONS}. */
    public static final int MAX_IDLE_CONNECTIONS = 61;

    /** {@code LUMA_ERROR_HEADER}. */
    public static final int HEADER = 62;

    /** {@code LUMA_ERROR_LOG_FILE}. */
    public static final int LOG_FILE = 63;

    /** {@code LUMA_ERROR_CONFIG_FILE_MISSING}. */
    public static final int CONFIG_FILE_MISSING = 71;

    /** {@code LUMA_ERROR_CONFIG_FILE_UNREADABLE}. */
    public static final int CONFIG_FILE_UNREADABLE = 72;

    /** {@code LUMA_ERROR_CONFIG_FILE}. */
    public static final int CONFIG_FILE = 73;

    /** {@code LUMA_ERROR_PROFILE}. */
    public static final int PROFILE = 74;

    /** {@code LUMA_ERROR_FILE_PERMISSIONS}. */
    public static final int FILE_PERMISSIONS = 75;

    /** {@code LUMA_ERROR_TOKEN_SOURCE}. */
    public static final int TOKEN_SOURCE = 76;

    /** {@code LUMA_ERROR_ENVIRONMENT}. */
    public static final int ENVIRONMENT = 77;

    /** {@code LUMA_ERROR_IN_CALLBACK}. */
    public static final int IN_CALLBACK = 80;

    /** {@code LUMA_ERROR_MAX_POLLS_PER_SECOND}. */
    public static final int MAX_POLLS_PER_SECOND = 85;

    /** {@code LUMA_ERROR_ALREADY_IN_SET}. */
    public static final int ALREADY_IN_SET = 86;

    /** {@code LUMA_ERROR_NOT_IN_SET}. */
    public static final int NOT_IN_SET = 87;

    /** {@code LUMA_ERROR_NOTHING_CHANGED}. */
    public static final int NOTHING_CHANGED = 88;

    /** {@code LUMA_ERROR_WOKEN}. */
    public static final int WOKEN = 89;

    /** {@code LUMA_ERROR_SET_EMPTY}. */
    public static final int SET_EMPTY = 90;

    /** {@code LUMA_ERROR_SET_CLOSED}. */
    public static final int SET_CLOSED = 91;

    /** {@code LUMA_ERROR_DNS}. */
    public static final int DNS = 100;

    /** {@code LUMA_ERROR_CONNECT}. */
    public static final int CONNECT = 101;

    /** {@code LUMA_ERROR_CONNECT_TIMEOUT}. */
    public static final int CONNECT_TIMEOUT = 102;

    /** {@code LUMA_ERROR_TLS}. */
    public static final int TLS = 103;

    /** {@code LUMA_ERROR_PROXY_FAILED}. */
    public static final int PROXY_FAILED = 104;

    /** {@code LUMA_ERROR_RESPONSE_TIMEOUT}. */
    public static final int RESPONSE_TIMEOUT = 110;

    /** {@code LUMA_ERROR_CONNECTION_LOST}. */
    public static final int CONNECTION_LOST = 111;

    /** {@code LUMA_ERROR_INVALID_HTTP}. */
    public static final int INVALID_HTTP = 112;

    /** {@code LUMA_ERROR_RESPONSE_TOO_LARGE}. */
    public static final int RESPONSE_TOO_LARGE = 113;

    /** {@code LUMA_ERROR_CANCELLED}. */
    public static final int CANCELLED = 114;

    /** {@code LUMA_ERROR_WAIT_TIMEOUT}. */
    public static final int WAIT_TIMEOUT = 120;

    /** {@code LUMA_ERROR_WAIT_STOPPED}. */
    public static final int WAIT_STOPPED = 121;

    /** {@code LUMA_ERROR_WAIT_OPEN}. */
    public static final int WAIT_OPEN = 122;

    /** {@code LUMA_ERROR_LIST_INCOMPLETE}. */
    public static final int LIST_INCOMPLETE = 130;

    /** {@code LUMA_ERROR_VALIDATION}. */
    public static final int VALIDATION = 200;

    /** {@code LUMA_ERROR_UNAUTHORIZED}. */
    public static final int UNAUTHORIZED = 201;

    /** {@code LUMA_ERROR_FORBIDDEN}. */
    public static final int FORBIDDEN = 202;

    /** {@code LUMA_ERROR_NOT_FOUND}. */
    public static final int NOT_FOUND = 203;

    /** {@code LUMA_ERROR_RATE_LIMITED}. */
    public static final int RATE_LIMITED = 204;

    /** {@code LUMA_ERROR_REFUSED}. */
    public static final int REFUSED = 205;

    /** {@code LUMA_ERROR_REDIRECTED}. */
    public static final int REDIRECTED = 206;

    /** {@code LUMA_ERROR_SERVER_FAILED}. */
    public static final int SERVER_FAILED = 207;

    /** {@code LUMA_ERROR_UNEXPECTED_RESPONSE}. */
    public static final int UNEXPECTED_RESPONSE = 208;

    /** {@code LUMA_ALREADY_ACCEPTED}. */
    public static final int ALREADY_ACCEPTED = 300;

    /** {@code LUMA_ERROR_KEY_IN_PROGRESS}. */
    public static final int KEY_IN_PROGRESS = 301;

    /** {@code LUMA_ERROR_KEY_UNRESOLVED}. */
    public static final int KEY_UNRESOLVED = 302;

    /** {@code LUMA_ERROR_KEY_OTHER_REQUEST}. */
    public static final int KEY_OTHER_REQUEST = 303;

    /** {@code LUMA_ERROR_KEY}. */
    public static final int KEY = 304;

    /** {@code LUMA_ERROR_KEY_NOT_FOUND}. */
    public static final int KEY_NOT_FOUND = 305;

    /** {@code LUMA_ERROR_KEY_STATE}. */
    public static final int KEY_STATE = 306;

    /** {@code LUMA_ERROR_JOURNAL_FOLDER}. */
    public static final int JOURNAL_FOLDER = 310;

    /** {@code LUMA_ERROR_JOURNAL_EXISTS}. */
    public static final int JOURNAL_EXISTS = 311;

    /** {@code LUMA_ERROR_JOURNAL_DAMAGED}. */
    public static final int JOURNAL_DAMAGED = 312;

    /** {@code LUMA_ERROR_JOURNAL_VERSION}. */
    public static final int JOURNAL_VERSION = 313;

    /** {@code LUMA_ERROR_JOURNAL_GATEWAY}. */
    public static final int JOURNAL_GATEWAY = 314;

    /** {@code LUMA_ERROR_JOURNAL_IO}. */
    public static final int JOURNAL_IO = 315;

    /** {@code LUMA_ERROR_JOURNAL_NETWORK}. */
    public static final int JOURNAL_NETWORK = 316;

    /** {@code LUMA_ERROR_JOURNAL_NOTE}. */
    public static final int JOURNAL_NOTE = 317;

    /** {@code LUMA_ERROR_JOURNAL_AGE}. */
    public static final int JOURNAL_AGE = 318;

    /** {@code LUMA_ERROR_JOURNAL_STORE}. */
    public static final int JOURNAL_STORE = 319;

    /** {@code LUMA_ERROR_OUT_OF_MEMORY}. */
    public static final int OUT_OF_MEMORY = 800;

    /** {@code LUMA_ERROR_INTERNAL}. */
    public static final int INTERNAL = 900;
}
