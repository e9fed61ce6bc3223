Attribute VB_Name = "LumaNative"
' Generated from include/luma.h by bindings/generate.py (make bindings). Do not edit.
' Strings are pointers to UTF-8 that ends with a NUL: VarPtr of the first byte of an array.
' In 32 bit, an int64_t is a Currency: 60000 ms is 6@.
Option Explicit

Public Const LUMA_VERSION_NUMBER As Long = 256
Public Const LUMA_OK As Long = 0
Public Const LUMA_ERROR_NULL_ARGUMENT_1 As Long = 1
Public Const LUMA_ERROR_NULL_ARGUMENT_2 As Long = 2
Public Const LUMA_ERROR_NULL_ARGUMENT_3 As Long = 3
Public Const LUMA_ERROR_NULL_ARGUMENT_4 As Long = 4
Public Const LUMA_ERROR_NULL_ARGUMENT_5 As Long = 5
Public Const LUMA_ERROR_NULL_ARGUMENT_6 As Long = 6
Public Const LUMA_ERROR_NULL_ARGUMENT_7 As Long = 7
Public Const LUMA_ERROR_NULL_ARGUMENT_8 As Long = 8
Public Const LUMA_ERROR_UTF8_ARGUMENT_1 As Long = 11
Public Const LUMA_ERROR_UTF8_ARGUMENT_2 As Long = 12
Public Const LUMA_ERROR_UTF8_ARGUMENT_3 As Long = 13
Public Const LUMA_ERROR_UTF8_ARGUMENT_4 As Long = 14
Public Const LUMA_ERROR_UTF8_ARGUMENT_5 As Long = 15
Public Const LUMA_ERROR_UTF8_ARGUMENT_6 As Long = 16
Public Const LUMA_ERROR_BASE_URL_SYNTAX As Long = 21
Public Const LUMA_ERROR_BASE_URL_SCHEME As Long = 22
Public Const LUMA_ERROR_BASE_URL_USER_INFO As Long = 23
Public Const LUMA_ERROR_BASE_URL_PORT As Long = 24
Public Const LUMA_ERROR_BASE_URL_INSECURE As Long = 25
Public Const LUMA_ERROR_ACCESS_TOKEN As Long = 26
Public Const LUMA_ERROR_AUTH_SCHEME As Long = 27
Public Const LUMA_ERROR_TIMEOUT_RANGE As Long = 28
Public Const LUMA_ERROR_MAX_RESPONSE_BYTES As Long = 29
Public Const LUMA_ERROR_CA_PEM As Long = 30
Public Const LUMA_ERROR_APPLICATION_ID As Long = 31
Public Const LUMA_ERROR_WORKFLOW_IDENTIFIER As Long = 32
Public Const LUMA_ERROR_VARIABLE_NAME As Long = 33
Public Const LUMA_ERROR_VARIABLES As Long = 34
Public Const LUMA_ERROR_JSON As Long = 35
Public Const LUMA_ERROR_INITIATOR_APPLICATION As Long = 36
Public Const LUMA_ERROR_LUMA_CHANNEL_ACCOUNT_ID As Long = 37
Public Const LUMA_ERROR_TICKET_IDENTIFIER As Long = 38
Public Const LUMA_ERROR_INITIATION_INFO As Long = 39
Public Const LUMA_ERROR_REQUEST_TOO_LARGE As Long = 40
Public Const LUMA_ERROR_INITIATOR_CONTACT As Long = 41
Public Const LUMA_ERROR_TRIGGER_ID As Long = 42
Public Const LUMA_ERROR_STEP_ID As Long = 43
Public Const LUMA_ERROR_TENANT_EXTERNAL_ID As Long = 44
Public Const LUMA_ERROR_SUPER_ADMIN_TOKEN As Long = 45
Public Const LUMA_ERROR_FILTER As Long = 46
Public Const LUMA_ERROR_ORDER_BY As Long = 47
Public Const LUMA_ERROR_SKIP As Long = 48
Public Const LUMA_ERROR_TOP As Long = 49
Public Const LUMA_ERROR_PROXY As Long = 50
Public Const LUMA_ERROR_POINTER_SYNTAX As Long = 51
Public Const LUMA_ERROR_POINTER_NOT_FOUND As Long = 52
Public Const LUMA_ERROR_POINTER_TYPE As Long = 53
Public Const LUMA_ERROR_POINTER_RANGE As Long = 54
Public Const LUMA_ERROR_CA_FILE As Long = 55
Public Const LUMA_ERROR_CLIENT_CERTIFICATE As Long = 56
Public Const LUMA_ERROR_CLIENT_KEY As Long = 57
Public Const LUMA_ERROR_LOG_LEVEL As Long = 58
Public Const LUMA_ERROR_REQUEST_ID As Long = 59
Public Const LUMA_ERROR_MAX_IDLE As Long = 60
Public Const LUMA_ERROR_MAX_IDLE_CONNECTIONS As Long = 61
Public Const LUMA_ERROR_HEADER As Long = 62
Public Const LUMA_ERROR_LOG_FILE As Long = 63
Public Const LUMA_ERROR_CONFIG_FILE_MISSING As Long = 71
Public Const LUMA_ERROR_CONFIG_FILE_UNREADABLE As Long = 72
Public Const LUMA_ERROR_CONFIG_FILE As Long = 73
Public Const LUMA_ERROR_PROFILE As Long = 74
Public Const LUMA_ERROR_FILE_PERMISSIONS As Long = 75
Public Const LUMA_ERROR_TOKEN_SOURCE As Long = 76
Public Const LUMA_ERROR_ENVIRONMENT As Long = 77
Public Const LUMA_ERROR_IN_CALLBACK As Long = 80
Public Const LUMA_ERROR_MAX_POLLS_PER_SECOND As Long = 85
Public Const LUMA_ERROR_ALREADY_IN_SET As Long = 86
Public Const LUMA_ERROR_NOT_IN_SET As Long = 87
Public Const LUMA_ERROR_NOTHING_CHANGED As Long = 88
Public Const LUMA_ERROR_WOKEN As Long = 89
Public Const LUMA_ERROR_SET_EMPTY As Long = 90
Public Const LUMA_ERROR_SET_CLOSED As Long = 91
Public Const LUMA_ERROR_DNS As Long = 100
Public Const LUMA_ERROR_CONNECT As Long = 101
Public Const LUMA_ERROR_CONNECT_TIMEOUT As Long = 102
Public Const LUMA_ERROR_TLS As Long = 103
Public Const LUMA_ERROR_PROXY_FAILED As Long = 104
Public Const LUMA_ERROR_RESPONSE_TIMEOUT As Long = 110
Public Const LUMA_ERROR_CONNECTION_LOST As Long = 111
Public Const LUMA_ERROR_INVALID_HTTP As Long = 112
Public Const LUMA_ERROR_RESPONSE_TOO_LARGE As Long = 113
Public Const LUMA_ERROR_CANCELLED As Long = 114
Public Const LUMA_ERROR_WAIT_TIMEOUT As Long = 120
Public Const LUMA_ERROR_WAIT_STOPPED As Long = 121
Public Const LUMA_ERROR_WAIT_OPEN As Long = 122
Public Const LUMA_ERROR_LIST_INCOMPLETE As Long = 130
Public Const LUMA_ERROR_VALIDATION As Long = 200
Public Const LUMA_ERROR_UNAUTHORIZED As Long = 201
Public Const LUMA_ERROR_FORBIDDEN As Long = 202
Public Const LUMA_ERROR_NOT_FOUND As Long = 203
Public Const LUMA_ERROR_RATE_LIMITED As Long = 204
Public Const LUMA_ERROR_REFUSED As Long = 205
Public Const LUMA_ERROR_REDIRECTED As Long = 206
Public Const LUMA_ERROR_SERVER_FAILED As Long = 207
Public Const LUMA_ERROR_UNEXPECTED_RESPONSE As Long = 208
Public Const LUMA_ALREADY_ACCEPTED As Long = 300
Public Const LUMA_ERROR_KEY_IN_PROGRESS As Long = 301
Public Const LUMA_ERROR_KEY_UNRESOLVED As Long = 302
Public Const LUMA_ERROR_KEY_OTHER_REQUEST As Long = 303
Public Const LUMA_ERROR_KEY As Long = 304
Public Const LUMA_ERROR_KEY_NOT_FOUND As Long = 305
Public Const LUMA_ERROR_KEY_STATE As Long = 306
Public Const LUMA_ERROR_JOURNAL_FOLDER As Long = 310
Public Const LUMA_ERROR_JOURNAL_EXISTS As Long = 311
Public Const LUMA_ERROR_JOURNAL_DAMAGED As Long = 312
Public Const LUMA_ERROR_JOURNAL_VERSION As Long = 313
Public Const LUMA_ERROR_JOURNAL_GATEWAY As Long = 314
Public Const LUMA_ERROR_JOURNAL_IO As Long = 315
Public Const LUMA_ERROR_JOURNAL_NETWORK As Long = 316
Public Const LUMA_ERROR_JOURNAL_NOTE As Long = 317
Public Const LUMA_ERROR_JOURNAL_AGE As Long = 318
Public Const LUMA_ERROR_JOURNAL_STORE As Long = 319
Public Const LUMA_ERROR_OUT_OF_MEMORY As Long = 800
Public Const LUMA_ERROR_INTERNAL As Long = 900
Public Const LUMA_OUTCOME_ACCEPTED As Long = 1
Public Const LUMA_OUTCOME_REJECTED As Long = 2
Public Const LUMA_OUTCOME_NOT_SENT As Long = 3
Public Const LUMA_OUTCOME_UNKNOWN As Long = 4
Public Const LUMA_RUN_NONE As Long = 0
Public Const LUMA_RUN_RUNNING As Long = 1
Public Const LUMA_RUN_SUSPENDED As Long = 2
Public Const LUMA_RUN_ACTIVATED As Long = 3
Public Const LUMA_RUN_COMPLETED As Long = 4
Public Const LUMA_RUN_FAILED As Long = 5
Public Const LUMA_RUN_TERMINATED As Long = 6
Public Const LUMA_RUN_OTHER As Long = 7
Public Const LUMA_COUNTER_CALLS_ACCEPTED As Long = 1
Public Const LUMA_COUNTER_CALLS_REJECTED As Long = 2
Public Const LUMA_COUNTER_CALLS_NOT_SENT As Long = 3
Public Const LUMA_COUNTER_CALLS_UNKNOWN As Long = 4
Public Const LUMA_COUNTER_RETRIES As Long = 5
Public Const LUMA_COUNTER_CONNECTIONS_OPENED As Long = 6
Public Const LUMA_COUNTER_CONNECTIONS_REUSED As Long = 7
Public Const LUMA_COUNTER_BYTES_SENT As Long = 8
Public Const LUMA_COUNTER_BYTES_RECEIVED As Long = 9
Public Const LUMA_COUNTER_WAITS_OPEN As Long = 10
Public Const LUMA_AUTH_BEARER As Long = 1
Public Const LUMA_AUTH_API_ACCESS_KEY As Long = 2
Public Const LUMA_LOG_OFF As Long = 0
Public Const LUMA_LOG_ERROR As Long = 1
Public Const LUMA_LOG_WARN As Long = 2
Public Const LUMA_LOG_INFO As Long = 3
Public Const LUMA_LOG_DEBUG As Long = 4
Public Const LUMA_APPLICATION_LUMA As Long = -2
Public Const LUMA_APPLICATION_ISM As Long = -4
Public Const LUMA_APPLICATION_CHANGEGEAR As Long = -7
Public Const LUMA_APPLICATION_POB As Long = -8
Public Const LUMA_CLAIM_GRANTED As Long = 1
Public Const LUMA_CLAIM_ACCEPTED As Long = 2
Public Const LUMA_CLAIM_IN_PROGRESS As Long = 3
Public Const LUMA_CLAIM_UNRESOLVED As Long = 4
Public Const LUMA_CLAIM_OTHER_REQUEST As Long = 5
Public Const LUMA_JSON_ABSENT As Long = 0
Public Const LUMA_JSON_NULL As Long = 1
Public Const LUMA_JSON_BOOL As Long = 2
Public Const LUMA_JSON_NUMBER As Long = 3
Public Const LUMA_JSON_STRING As Long = 4
Public Const LUMA_JSON_ARRAY As Long = 5
Public Const LUMA_JSON_OBJECT As Long = 6
Public Const LUMA_TIMING_DNS As Long = 1
Public Const LUMA_TIMING_CONNECT As Long = 2
Public Const LUMA_TIMING_TLS As Long = 3
Public Const LUMA_TIMING_FIRST_BYTE As Long = 4
Public Const LUMA_TIMING_TOTAL As Long = 5

#If Win64 Then
Public Declare PtrSafe Function luma_version Lib "luma.dll" _
    () As LongPtr
Public Declare PtrSafe Function luma_status_message Lib "luma.dll" _
    (ByVal aStatus As Long) As LongPtr
Public Declare PtrSafe Function luma_status_name Lib "luma.dll" _
    (ByVal aStatus As Long) As LongPtr
Public Declare PtrSafe Function luma_outcome_name Lib "luma.dll" _
    (ByVal aOutcome As Long) As LongPtr
Public Declare PtrSafe Function luma_run_status_name Lib "luma.dll" _
    (ByVal aRunStatus As Long) As LongPtr
Public Declare PtrSafe Function luma_run_status_is_final Lib "luma.dll" _
    (ByVal aRunStatus As Long) As Long
Public Declare PtrSafe Function luma_counter_name Lib "luma.dll" _
    (ByVal aCounter As Long) As LongPtr
Public Declare PtrSafe Function luma_config_new Lib "luma.dll" _
    (ByVal aBaseUrl As LongPtr, ByVal aAccessToken As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_config_new_with_reason Lib "luma.dll" _
    (ByVal aBaseUrl As LongPtr, ByVal aAccessToken As LongPtr, ByRef aOut As LongPtr, ByRef aReason As LongPtr) As Long
Public Declare PtrSafe Function luma_config_new_from_file Lib "luma.dll" _
    (ByVal aPath As LongPtr, ByVal aProfile As LongPtr, ByRef aOut As LongPtr, ByRef aReason As LongPtr) As Long
Public Declare PtrSafe Function luma_config_new_from_environment Lib "luma.dll" _
    (ByRef aOut As LongPtr, ByRef aReason As LongPtr) As Long
Public Declare PtrSafe Function luma_config_set_token_provider Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByVal aCallback As LongPtr, ByVal aUserData As LongPtr) As Long
Public Declare PtrSafe Function luma_config_set_token_provider_with_free Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByVal aCallback As LongPtr, ByVal aUserData As LongPtr, ByVal aFreeUserData As LongPtr) As Long
Public Declare PtrSafe Function luma_config_set_auth_scheme Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByVal aScheme As Long) As Long
Public Declare PtrSafe Function luma_config_add_header Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByVal aName As LongPtr, ByVal aValue As LongPtr) As Long
Public Declare PtrSafe Function luma_config_set_connect_timeout_ms Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByVal aConnectTimeoutMs As LongLong) As Long
Public Declare PtrSafe Function luma_config_set_timeout_ms Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByVal aTimeoutMs As LongLong) As Long
Public Declare PtrSafe Function luma_config_set_max_response_bytes Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByVal aMaxResponseBytes As LongLong) As Long
Public Declare PtrSafe Function luma_config_set_trigger_max_idle_ms Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByVal aMaxIdleMs As LongLong) As Long
Public Declare PtrSafe Function luma_config_set_read_max_idle_ms Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByVal aMaxIdleMs As LongLong) As Long
Public Declare PtrSafe Function luma_config_set_max_idle_connections Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByVal aMaxIdleConnections As LongLong) As Long
Public Declare PtrSafe Function luma_config_set_retries Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByVal aEnabled As Long) As Long
Public Declare PtrSafe Function luma_config_set_log Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByVal aLevel As Long, ByVal aCallback As LongPtr, ByVal aUserData As LongPtr) As Long
Public Declare PtrSafe Function luma_config_set_log_with_free Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByVal aLevel As Long, ByVal aCallback As LongPtr, ByVal aUserData As LongPtr, ByVal aFreeUserData As LongPtr) As Long
Public Declare PtrSafe Function luma_config_log_to_file Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByVal aLevel As Long, ByVal aPath As LongPtr) As Long
Public Declare PtrSafe Function luma_config_log_to_json_file Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByVal aLevel As Long, ByVal aPath As LongPtr) As Long
Public Declare PtrSafe Function luma_config_set_allow_http Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByVal aAllow As Long) As Long
Public Declare PtrSafe Function luma_config_set_ca_pem Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByVal aPem As LongPtr) As Long
Public Declare PtrSafe Function luma_config_set_ca_file Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByVal aPath As LongPtr) As Long
Public Declare PtrSafe Function luma_config_add_ca_pem Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByVal aPem As LongPtr) As Long
Public Declare PtrSafe Function luma_config_add_ca_file Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByVal aPath As LongPtr) As Long
Public Declare PtrSafe Function luma_config_set_client_certificate_pem Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByVal aChainPem As LongPtr, ByVal aKeyPem As LongPtr) As Long
Public Declare PtrSafe Function luma_config_set_client_certificate_file Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByVal aChainPath As LongPtr, ByVal aKeyPath As LongPtr) As Long
Public Declare PtrSafe Function luma_config_set_proxy Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByVal aUrl As LongPtr) As Long
Public Declare PtrSafe Function luma_config_set_auto_proxy Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByVal aEnabled As Long) As Long
Public Declare PtrSafe Function luma_config_set_application_id Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByVal aApplicationId As LongPtr) As Long
Public Declare PtrSafe Function luma_config_journal_folder Lib "luma.dll" _
    (ByVal aConfig As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_config_message Lib "luma.dll" _
    (ByVal aConfig As LongPtr) As LongPtr
Public Declare PtrSafe Sub luma_config_free Lib "luma.dll" _
    (ByVal aConfig As LongPtr)
Public Declare PtrSafe Function luma_log_level_name Lib "luma.dll" _
    (ByVal aLevel As Long) As LongPtr
Public Declare PtrSafe Function luma_trigger_request_new Lib "luma.dll" _
    (ByVal aWorkflowIdentifier As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_trigger_request_new_with_reason Lib "luma.dll" _
    (ByVal aWorkflowIdentifier As LongPtr, ByRef aOut As LongPtr, ByRef aReason As LongPtr) As Long
Public Declare PtrSafe Function luma_trigger_request_set_variable Lib "luma.dll" _
    (ByVal aRequest As LongPtr, ByVal aName As LongPtr, ByVal aValue As LongPtr) As Long
Public Declare PtrSafe Function luma_trigger_request_set_secret_variable Lib "luma.dll" _
    (ByVal aRequest As LongPtr, ByVal aName As LongPtr, ByVal aValue As LongPtr) As Long
Public Declare PtrSafe Function luma_trigger_request_set_variable_json Lib "luma.dll" _
    (ByVal aRequest As LongPtr, ByVal aName As LongPtr, ByVal aJson As LongPtr) As Long
Public Declare PtrSafe Function luma_trigger_request_set_variable_int64 Lib "luma.dll" _
    (ByVal aRequest As LongPtr, ByVal aName As LongPtr, ByVal aValue As LongLong) As Long
Public Declare PtrSafe Function luma_trigger_request_set_variable_double Lib "luma.dll" _
    (ByVal aRequest As LongPtr, ByVal aName As LongPtr, ByVal aValue As Double) As Long
Public Declare PtrSafe Function luma_trigger_request_set_variable_bool Lib "luma.dll" _
    (ByVal aRequest As LongPtr, ByVal aName As LongPtr, ByVal aValue As Long) As Long
Public Declare PtrSafe Function luma_trigger_request_set_variables_json Lib "luma.dll" _
    (ByVal aRequest As LongPtr, ByVal aJsonObject As LongPtr) As Long
Public Declare PtrSafe Function luma_trigger_request_set_initiator Lib "luma.dll" _
    (ByVal aRequest As LongPtr, ByVal aContactId As LongLong, ByVal aApplicationId As LongLong) As Long
Public Declare PtrSafe Function luma_trigger_request_set_initiation_info Lib "luma.dll" _
    (ByVal aRequest As LongPtr, ByVal aKey As LongPtr, ByVal aValue As LongPtr) As Long
Public Declare PtrSafe Function luma_trigger_request_message Lib "luma.dll" _
    (ByVal aRequest As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_trigger_request_exclude_from_digest Lib "luma.dll" _
    (ByVal aRequest As LongPtr, ByVal aName As LongPtr) As Long
Public Declare PtrSafe Sub luma_trigger_request_free Lib "luma.dll" _
    (ByVal aRequest As LongPtr)
Public Declare PtrSafe Function luma_client_new Lib "luma.dll" _
    (ByVal aBaseUrl As LongPtr, ByVal aAccessToken As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_client_new_with_config Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_client_new_with_reason Lib "luma.dll" _
    (ByVal aConfig As LongPtr, ByRef aOut As LongPtr, ByRef aReason As LongPtr) As Long
Public Declare PtrSafe Function luma_client_new_from_environment Lib "luma.dll" _
    (ByRef aOut As LongPtr, ByRef aReason As LongPtr) As Long
Public Declare PtrSafe Function luma_client_with_request_id Lib "luma.dll" _
    (ByVal aClient As LongPtr, ByVal aRequestId As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_client_with_timeout_ms Lib "luma.dll" _
    (ByVal aClient As LongPtr, ByVal aTimeoutMs As LongLong, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_client_with_own_cancel Lib "luma.dll" _
    (ByVal aClient As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_client_set_access_token Lib "luma.dll" _
    (ByVal aClient As LongPtr, ByVal aAccessToken As LongPtr) As Long
Public Declare PtrSafe Function luma_client_set_access_token_with_reason Lib "luma.dll" _
    (ByVal aClient As LongPtr, ByVal aAccessToken As LongPtr, ByRef aReason As LongPtr) As Long
Public Declare PtrSafe Function luma_client_cancel Lib "luma.dll" _
    (ByVal aClient As LongPtr) As Long
Public Declare PtrSafe Function luma_client_close Lib "luma.dll" _
    (ByVal aClient As LongPtr) As Long
Public Declare PtrSafe Function luma_client_drain Lib "luma.dll" _
    (ByVal aClient As LongPtr, ByVal aTimeoutMs As LongLong) As Long
Public Declare PtrSafe Function luma_client_counter Lib "luma.dll" _
    (ByVal aClient As LongPtr, ByVal aCounter As Long) As LongLong
Public Declare PtrSafe Sub luma_client_free Lib "luma.dll" _
    (ByVal aClient As LongPtr)
Public Declare PtrSafe Function luma_client_connect Lib "luma.dll" _
    (ByVal aClient As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_trigger_workflow Lib "luma.dll" _
    (ByVal aClient As LongPtr, ByVal aRequest As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_trigger_workflow_json Lib "luma.dll" _
    (ByVal aClient As LongPtr, ByVal aRequestJson As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_wait_for_workflow Lib "luma.dll" _
    (ByVal aClient As LongPtr, ByVal aTriggerId As LongPtr, ByVal aTimeoutMs As LongLong, ByVal aOnPoll As LongPtr, ByVal aUserData As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_wait_for_workflow_or_suspension Lib "luma.dll" _
    (ByVal aClient As LongPtr, ByVal aTriggerId As LongPtr, ByVal aTimeoutMs As LongLong, ByVal aOnPoll As LongPtr, ByVal aUserData As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_get_workflow_history Lib "luma.dll" _
    (ByVal aClient As LongPtr, ByVal aTriggerId As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_list_workflow_steps Lib "luma.dll" _
    (ByVal aClient As LongPtr, ByVal aTriggerId As LongPtr, ByVal aFilter As LongPtr, ByVal aOrderBy As LongPtr, ByVal aSkip As LongLong, ByVal aTop As LongLong, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_get_workflow_step Lib "luma.dll" _
    (ByVal aClient As LongPtr, ByVal aTriggerId As LongPtr, ByVal aStepId As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_generate_launch_url Lib "luma.dll" _
    (ByVal aClient As LongPtr, ByVal aTriggerId As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_list_workflow_definitions Lib "luma.dll" _
    (ByVal aClient As LongPtr, ByVal aFilter As LongPtr, ByVal aOrderBy As LongPtr, ByVal aSkip As LongLong, ByVal aTop As LongLong, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_regenerate_tenant_token Lib "luma.dll" _
    (ByVal aClient As LongPtr, ByVal aSuperAdminToken As LongPtr, ByVal aTenantExternalId As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_journal_create Lib "luma.dll" _
    (ByVal aFolder As LongPtr, ByVal aBaseUrl As LongPtr, ByRef aReason As LongPtr) As Long
Public Declare PtrSafe Function luma_journal_open Lib "luma.dll" _
    (ByVal aFolder As LongPtr, ByRef aOut As LongPtr, ByRef aReason As LongPtr) As Long
Public Declare PtrSafe Function luma_trigger_workflow_once Lib "luma.dll" _
    (ByVal aClient As LongPtr, ByVal aJournal As LongPtr, ByVal aKey As LongPtr, ByVal aRequest As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_trigger_workflow_once_with_store Lib "luma.dll" _
    (ByVal aClient As LongPtr, ByVal aClaim As LongPtr, ByVal aComplete As LongPtr, ByVal aUserData As LongPtr, ByVal aDigestSecret As LongPtr, ByVal aKey As LongPtr, ByVal aRequest As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_journal_find Lib "luma.dll" _
    (ByVal aJournal As LongPtr, ByVal aKey As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_journal_unfinished Lib "luma.dll" _
    (ByVal aJournal As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_journal_acknowledge Lib "luma.dll" _
    (ByVal aJournal As LongPtr, ByVal aKey As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_journal_resolve Lib "luma.dll" _
    (ByVal aJournal As LongPtr, ByVal aKey As LongPtr, ByVal aTriggerId As LongPtr, ByVal aWho As LongPtr, ByVal aReason As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_journal_new_attempt Lib "luma.dll" _
    (ByVal aJournal As LongPtr, ByVal aKey As LongPtr, ByVal aWho As LongPtr, ByVal aReason As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_journal_prune Lib "luma.dll" _
    (ByVal aJournal As LongPtr, ByVal aOlderThanMs As LongLong, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Sub luma_journal_free Lib "luma.dll" _
    (ByVal aJournal As LongPtr)
Public Declare PtrSafe Function luma_wait_new Lib "luma.dll" _
    (ByVal aClient As LongPtr, ByVal aTriggerId As LongPtr, ByVal aTimeoutMs As LongLong, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_wait_set_until_suspended Lib "luma.dll" _
    (ByVal aWait As LongPtr, ByVal aOn As Long) As Long
Public Declare PtrSafe Function luma_wait_poll Lib "luma.dll" _
    (ByVal aWait As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_wait_next_poll_ms Lib "luma.dll" _
    (ByVal aWait As LongPtr) As LongLong
Public Declare PtrSafe Sub luma_wait_free Lib "luma.dll" _
    (ByVal aWait As LongPtr)
Public Declare PtrSafe Function luma_wait_set_new Lib "luma.dll" _
    (ByVal aClient As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_wait_set_max_polls_per_second Lib "luma.dll" _
    (ByVal aSet As LongPtr, ByVal aPollsPerSecond As LongLong) As Long
Public Declare PtrSafe Function luma_wait_set_add Lib "luma.dll" _
    (ByVal aSet As LongPtr, ByVal aTriggerId As LongPtr, ByVal aTimeoutMs As LongLong, ByVal aUserData As LongPtr) As Long
Public Declare PtrSafe Function luma_wait_set_remove Lib "luma.dll" _
    (ByVal aSet As LongPtr, ByVal aTriggerId As LongPtr) As Long
Public Declare PtrSafe Function luma_wait_set_next Lib "luma.dll" _
    (ByVal aSet As LongPtr, ByVal aTimeoutMs As LongLong, ByRef aOut As LongPtr, ByRef aUserData As LongPtr) As Long
Public Declare PtrSafe Function luma_wait_set_count Lib "luma.dll" _
    (ByVal aSet As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_wait_set_wake Lib "luma.dll" _
    (ByVal aSet As LongPtr) As Long
Public Declare PtrSafe Function luma_wait_set_close Lib "luma.dll" _
    (ByVal aSet As LongPtr) As Long
Public Declare PtrSafe Sub luma_wait_set_free Lib "luma.dll" _
    (ByVal aSet As LongPtr)
Public Declare PtrSafe Sub luma_result_free Lib "luma.dll" _
    (ByVal aResult As LongPtr)
Public Declare PtrSafe Function luma_result_status Lib "luma.dll" _
    (ByVal aResult As LongPtr) As Long
Public Declare PtrSafe Function luma_result_page_status Lib "luma.dll" _
    (ByVal aResult As LongPtr) As Long
Public Declare PtrSafe Function luma_result_outcome Lib "luma.dll" _
    (ByVal aResult As LongPtr) As Long
Public Declare PtrSafe Function luma_result_http_status Lib "luma.dll" _
    (ByVal aResult As LongPtr) As Long
Public Declare PtrSafe Function luma_result_message Lib "luma.dll" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_error_count Lib "luma.dll" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_error Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_retry_after_ms Lib "luma.dll" _
    (ByVal aResult As LongPtr) As LongLong
Public Declare PtrSafe Function luma_result_trigger_id Lib "luma.dll" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_run_status Lib "luma.dll" _
    (ByVal aResult As LongPtr) As Long
Public Declare PtrSafe Function luma_result_run_status_text Lib "luma.dll" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_run_start_time_ms Lib "luma.dll" _
    (ByVal aResult As LongPtr) As LongLong
Public Declare PtrSafe Function luma_result_run_end_time_ms Lib "luma.dll" _
    (ByVal aResult As LongPtr) As LongLong
Public Declare PtrSafe Function luma_result_run_time_spent_ms Lib "luma.dll" _
    (ByVal aResult As LongPtr) As LongLong
Public Declare PtrSafe Function luma_result_poll_count Lib "luma.dll" _
    (ByVal aResult As LongPtr) As Long
Public Declare PtrSafe Function luma_result_wait_elapsed_ms Lib "luma.dll" _
    (ByVal aResult As LongPtr) As LongLong
Public Declare PtrSafe Function luma_result_step_count Lib "luma.dll" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_step_id Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_step_name Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_step_status Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As Long
Public Declare PtrSafe Function luma_result_step_status_text Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_step_start_time_ms Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongLong
Public Declare PtrSafe Function luma_result_step_end_time_ms Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongLong
Public Declare PtrSafe Function luma_result_step_time_spent_ms Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongLong
Public Declare PtrSafe Function luma_result_definition_count Lib "luma.dll" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_definition_identifier Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_definition_name Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_definition_description Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_launch_url Lib "luma.dll" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_access_token Lib "luma.dll" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_parameter_count Lib "luma.dll" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_parameter_name Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_parameter_value Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_parameter_data_type Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_parameter_caption Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_parameter_description Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_definition_parameter_count Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aDefinitionIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_definition_parameter_name Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aDefinitionIndex As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_definition_parameter_data_type Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aDefinitionIndex As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_definition_parameter_required Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aDefinitionIndex As LongPtr, ByVal aIndex As LongPtr) As Long
Public Declare PtrSafe Function luma_result_definition_parameter_caption Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aDefinitionIndex As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_definition_parameter_description Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aDefinitionIndex As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_json Lib "luma.dll" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_json_length Lib "luma.dll" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_json_type Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aJsonPointer As LongPtr) As Long
Public Declare PtrSafe Function luma_result_string Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aJsonPointer As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_string_length Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aJsonPointer As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_text Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aJsonPointer As LongPtr, ByRef aText As LongPtr, ByRef aLength As LongPtr) As Long
Public Declare PtrSafe Function luma_result_int64 Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aJsonPointer As LongPtr, ByRef aOut As LongLong) As Long
Public Declare PtrSafe Function luma_result_bool Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aJsonPointer As LongPtr, ByRef aOut As Long) As Long
Public Declare PtrSafe Function luma_result_count Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aJsonPointer As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_result_request_id Lib "luma.dll" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_attempts Lib "luma.dll" _
    (ByVal aResult As LongPtr) As Long
Public Declare PtrSafe Function luma_result_timing_us Lib "luma.dll" _
    (ByVal aResult As LongPtr, ByVal aTiming As Long) As LongLong
Public Declare PtrSafe Function luma_result_connection_reused Lib "luma.dll" _
    (ByVal aResult As LongPtr) As Long
Public Declare PtrSafe Function luma_result_peer_address Lib "luma.dll" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_tls_version Lib "luma.dll" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_certificate_expires_ms Lib "luma.dll" _
    (ByVal aResult As LongPtr) As LongLong
Public Declare PtrSafe Function luma_result_journal_key Lib "luma.dll" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_journal_time_ms Lib "luma.dll" _
    (ByVal aResult As LongPtr) As LongLong
Public Declare PtrSafe Function luma_result_journal_recorded Lib "luma.dll" _
    (ByVal aResult As LongPtr) As Long
Public Declare PtrSafe Function luma_result_journal_count Lib "luma.dll" _
    (ByVal aResult As LongPtr) As LongPtr
#ElseIf VBA7 Then
Public Declare PtrSafe Function luma_version Lib "luma.dll" Alias "luma_version_stdcall" _
    () As LongPtr
Public Declare PtrSafe Function luma_status_message Lib "luma.dll" Alias "luma_status_message_stdcall" _
    (ByVal aStatus As Long) As LongPtr
Public Declare PtrSafe Function luma_status_name Lib "luma.dll" Alias "luma_status_name_stdcall" _
    (ByVal aStatus As Long) As LongPtr
Public Declare PtrSafe Function luma_outcome_name Lib "luma.dll" Alias "luma_outcome_name_stdcall" _
    (ByVal aOutcome As Long) As LongPtr
Public Declare PtrSafe Function luma_run_status_name Lib "luma.dll" Alias "luma_run_status_name_stdcall" _
    (ByVal aRunStatus As Long) As LongPtr
Public Declare PtrSafe Function luma_run_status_is_final Lib "luma.dll" Alias "luma_run_status_is_final_stdcall" _
    (ByVal aRunStatus As Long) As Long
Public Declare PtrSafe Function luma_counter_name Lib "luma.dll" Alias "luma_counter_name_stdcall" _
    (ByVal aCounter As Long) As LongPtr
Public Declare PtrSafe Function luma_config_new Lib "luma.dll" Alias "luma_config_new_stdcall" _
    (ByVal aBaseUrl As LongPtr, ByVal aAccessToken As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_config_new_with_reason Lib "luma.dll" Alias "luma_config_new_with_reason_stdcall" _
    (ByVal aBaseUrl As LongPtr, ByVal aAccessToken As LongPtr, ByRef aOut As LongPtr, ByRef aReason As LongPtr) As Long
Public Declare PtrSafe Function luma_config_new_from_file Lib "luma.dll" Alias "luma_config_new_from_file_stdcall" _
    (ByVal aPath As LongPtr, ByVal aProfile As LongPtr, ByRef aOut As LongPtr, ByRef aReason As LongPtr) As Long
Public Declare PtrSafe Function luma_config_new_from_environment Lib "luma.dll" Alias "luma_config_new_from_environment_stdcall" _
    (ByRef aOut As LongPtr, ByRef aReason As LongPtr) As Long
Public Declare PtrSafe Function luma_config_set_token_provider Lib "luma.dll" Alias "luma_config_set_token_provider_stdcall" _
    (ByVal aConfig As LongPtr, ByVal aCallback As LongPtr, ByVal aUserData As LongPtr) As Long
Public Declare PtrSafe Function luma_config_set_token_provider_with_free Lib "luma.dll" Alias "luma_config_set_token_provider_with_free_stdcall" _
    (ByVal aConfig As LongPtr, ByVal aCallback As LongPtr, ByVal aUserData As LongPtr, ByVal aFreeUserData As LongPtr) As Long
Public Declare PtrSafe Function luma_config_set_auth_scheme Lib "luma.dll" Alias "luma_config_set_auth_scheme_stdcall" _
    (ByVal aConfig As LongPtr, ByVal aScheme As Long) As Long
Public Declare PtrSafe Function luma_config_add_header Lib "luma.dll" Alias "luma_config_add_header_stdcall" _
    (ByVal aConfig As LongPtr, ByVal aName As LongPtr, ByVal aValue As LongPtr) As Long
Public Declare PtrSafe Function luma_config_set_connect_timeout_ms Lib "luma.dll" Alias "luma_config_set_connect_timeout_ms_stdcall" _
    (ByVal aConfig As LongPtr, ByVal aConnectTimeoutMs As Currency) As Long
Public Declare PtrSafe Function luma_config_set_timeout_ms Lib "luma.dll" Alias "luma_config_set_timeout_ms_stdcall" _
    (ByVal aConfig As LongPtr, ByVal aTimeoutMs As Currency) As Long
Public Declare PtrSafe Function luma_config_set_max_response_bytes Lib "luma.dll" Alias "luma_config_set_max_response_bytes_stdcall" _
    (ByVal aConfig As LongPtr, ByVal aMaxResponseBytes As Currency) As Long
Public Declare PtrSafe Function luma_config_set_trigger_max_idle_ms Lib "luma.dll" Alias "luma_config_set_trigger_max_idle_ms_stdcall" _
    (ByVal aConfig As LongPtr, ByVal aMaxIdleMs As Currency) As Long
Public Declare PtrSafe Function luma_config_set_read_max_idle_ms Lib "luma.dll" Alias "luma_config_set_read_max_idle_ms_stdcall" _
    (ByVal aConfig As LongPtr, ByVal aMaxIdleMs As Currency) As Long
Public Declare PtrSafe Function luma_config_set_max_idle_connections Lib "luma.dll" Alias "luma_config_set_max_idle_connections_stdcall" _
    (ByVal aConfig As LongPtr, ByVal aMaxIdleConnections As Currency) As Long
Public Declare PtrSafe Function luma_config_set_retries Lib "luma.dll" Alias "luma_config_set_retries_stdcall" _
    (ByVal aConfig As LongPtr, ByVal aEnabled As Long) As Long
Public Declare PtrSafe Function luma_config_set_log Lib "luma.dll" Alias "luma_config_set_log_stdcall" _
    (ByVal aConfig As LongPtr, ByVal aLevel As Long, ByVal aCallback As LongPtr, ByVal aUserData As LongPtr) As Long
Public Declare PtrSafe Function luma_config_set_log_with_free Lib "luma.dll" Alias "luma_config_set_log_with_free_stdcall" _
    (ByVal aConfig As LongPtr, ByVal aLevel As Long, ByVal aCallback As LongPtr, ByVal aUserData As LongPtr, ByVal aFreeUserData As LongPtr) As Long
Public Declare PtrSafe Function luma_config_log_to_file Lib "luma.dll" Alias "luma_config_log_to_file_stdcall" _
    (ByVal aConfig As LongPtr, ByVal aLevel As Long, ByVal aPath As LongPtr) As Long
Public Declare PtrSafe Function luma_config_log_to_json_file Lib "luma.dll" Alias "luma_config_log_to_json_file_stdcall" _
    (ByVal aConfig As LongPtr, ByVal aLevel As Long, ByVal aPath As LongPtr) As Long
Public Declare PtrSafe Function luma_config_set_allow_http Lib "luma.dll" Alias "luma_config_set_allow_http_stdcall" _
    (ByVal aConfig As LongPtr, ByVal aAllow As Long) As Long
Public Declare PtrSafe Function luma_config_set_ca_pem Lib "luma.dll" Alias "luma_config_set_ca_pem_stdcall" _
    (ByVal aConfig As LongPtr, ByVal aPem As LongPtr) As Long
Public Declare PtrSafe Function luma_config_set_ca_file Lib "luma.dll" Alias "luma_config_set_ca_file_stdcall" _
    (ByVal aConfig As LongPtr, ByVal aPath As LongPtr) As Long
Public Declare PtrSafe Function luma_config_add_ca_pem Lib "luma.dll" Alias "luma_config_add_ca_pem_stdcall" _
    (ByVal aConfig As LongPtr, ByVal aPem As LongPtr) As Long
Public Declare PtrSafe Function luma_config_add_ca_file Lib "luma.dll" Alias "luma_config_add_ca_file_stdcall" _
    (ByVal aConfig As LongPtr, ByVal aPath As LongPtr) As Long
Public Declare PtrSafe Function luma_config_set_client_certificate_pem Lib "luma.dll" Alias "luma_config_set_client_certificate_pem_stdcall" _
    (ByVal aConfig As LongPtr, ByVal aChainPem As LongPtr, ByVal aKeyPem As LongPtr) As Long
Public Declare PtrSafe Function luma_config_set_client_certificate_file Lib "luma.dll" Alias "luma_config_set_client_certificate_file_stdcall" _
    (ByVal aConfig As LongPtr, ByVal aChainPath As LongPtr, ByVal aKeyPath As LongPtr) As Long
Public Declare PtrSafe Function luma_config_set_proxy Lib "luma.dll" Alias "luma_config_set_proxy_stdcall" _
    (ByVal aConfig As LongPtr, ByVal aUrl As LongPtr) As Long
Public Declare PtrSafe Function luma_config_set_auto_proxy Lib "luma.dll" Alias "luma_config_set_auto_proxy_stdcall" _
    (ByVal aConfig As LongPtr, ByVal aEnabled As Long) As Long
Public Declare PtrSafe Function luma_config_set_application_id Lib "luma.dll" Alias "luma_config_set_application_id_stdcall" _
    (ByVal aConfig As LongPtr, ByVal aApplicationId As LongPtr) As Long
Public Declare PtrSafe Function luma_config_journal_folder Lib "luma.dll" Alias "luma_config_journal_folder_stdcall" _
    (ByVal aConfig As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_config_message Lib "luma.dll" Alias "luma_config_message_stdcall" _
    (ByVal aConfig As LongPtr) As LongPtr
Public Declare PtrSafe Sub luma_config_free Lib "luma.dll" Alias "luma_config_free_stdcall" _
    (ByVal aConfig As LongPtr)
Public Declare PtrSafe Function luma_log_level_name Lib "luma.dll" Alias "luma_log_level_name_stdcall" _
    (ByVal aLevel As Long) As LongPtr
Public Declare PtrSafe Function luma_trigger_request_new Lib "luma.dll" Alias "luma_trigger_request_new_stdcall" _
    (ByVal aWorkflowIdentifier As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_trigger_request_new_with_reason Lib "luma.dll" Alias "luma_trigger_request_new_with_reason_stdcall" _
    (ByVal aWorkflowIdentifier As LongPtr, ByRef aOut As LongPtr, ByRef aReason As LongPtr) As Long
Public Declare PtrSafe Function luma_trigger_request_set_variable Lib "luma.dll" Alias "luma_trigger_request_set_variable_stdcall" _
    (ByVal aRequest As LongPtr, ByVal aName As LongPtr, ByVal aValue As LongPtr) As Long
Public Declare PtrSafe Function luma_trigger_request_set_secret_variable Lib "luma.dll" Alias "luma_trigger_request_set_secret_variable_stdcall" _
    (ByVal aRequest As LongPtr, ByVal aName As LongPtr, ByVal aValue As LongPtr) As Long
Public Declare PtrSafe Function luma_trigger_request_set_variable_json Lib "luma.dll" Alias "luma_trigger_request_set_variable_json_stdcall" _
    (ByVal aRequest As LongPtr, ByVal aName As LongPtr, ByVal aJson As LongPtr) As Long
Public Declare PtrSafe Function luma_trigger_request_set_variable_int64 Lib "luma.dll" Alias "luma_trigger_request_set_variable_int64_stdcall" _
    (ByVal aRequest As LongPtr, ByVal aName As LongPtr, ByVal aValue As Currency) As Long
Public Declare PtrSafe Function luma_trigger_request_set_variable_double Lib "luma.dll" Alias "luma_trigger_request_set_variable_double_stdcall" _
    (ByVal aRequest As LongPtr, ByVal aName As LongPtr, ByVal aValue As Double) As Long
Public Declare PtrSafe Function luma_trigger_request_set_variable_bool Lib "luma.dll" Alias "luma_trigger_request_set_variable_bool_stdcall" _
    (ByVal aRequest As LongPtr, ByVal aName As LongPtr, ByVal aValue As Long) As Long
Public Declare PtrSafe Function luma_trigger_request_set_variables_json Lib "luma.dll" Alias "luma_trigger_request_set_variables_json_stdcall" _
    (ByVal aRequest As LongPtr, ByVal aJsonObject As LongPtr) As Long
Public Declare PtrSafe Function luma_trigger_request_set_initiator Lib "luma.dll" Alias "luma_trigger_request_set_initiator_stdcall" _
    (ByVal aRequest As LongPtr, ByVal aContactId As Currency, ByVal aApplicationId As Currency) As Long
Public Declare PtrSafe Function luma_trigger_request_set_initiation_info Lib "luma.dll" Alias "luma_trigger_request_set_initiation_info_stdcall" _
    (ByVal aRequest As LongPtr, ByVal aKey As LongPtr, ByVal aValue As LongPtr) As Long
Public Declare PtrSafe Function luma_trigger_request_message Lib "luma.dll" Alias "luma_trigger_request_message_stdcall" _
    (ByVal aRequest As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_trigger_request_exclude_from_digest Lib "luma.dll" Alias "luma_trigger_request_exclude_from_digest_stdcall" _
    (ByVal aRequest As LongPtr, ByVal aName As LongPtr) As Long
Public Declare PtrSafe Sub luma_trigger_request_free Lib "luma.dll" Alias "luma_trigger_request_free_stdcall" _
    (ByVal aRequest As LongPtr)
Public Declare PtrSafe Function luma_client_new Lib "luma.dll" Alias "luma_client_new_stdcall" _
    (ByVal aBaseUrl As LongPtr, ByVal aAccessToken As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_client_new_with_config Lib "luma.dll" Alias "luma_client_new_with_config_stdcall" _
    (ByVal aConfig As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_client_new_with_reason Lib "luma.dll" Alias "luma_client_new_with_reason_stdcall" _
    (ByVal aConfig As LongPtr, ByRef aOut As LongPtr, ByRef aReason As LongPtr) As Long
Public Declare PtrSafe Function luma_client_new_from_environment Lib "luma.dll" Alias "luma_client_new_from_environment_stdcall" _
    (ByRef aOut As LongPtr, ByRef aReason As LongPtr) As Long
Public Declare PtrSafe Function luma_client_with_request_id Lib "luma.dll" Alias "luma_client_with_request_id_stdcall" _
    (ByVal aClient As LongPtr, ByVal aRequestId As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_client_with_timeout_ms Lib "luma.dll" Alias "luma_client_with_timeout_ms_stdcall" _
    (ByVal aClient As LongPtr, ByVal aTimeoutMs As Currency, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_client_with_own_cancel Lib "luma.dll" Alias "luma_client_with_own_cancel_stdcall" _
    (ByVal aClient As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_client_set_access_token Lib "luma.dll" Alias "luma_client_set_access_token_stdcall" _
    (ByVal aClient As LongPtr, ByVal aAccessToken As LongPtr) As Long
Public Declare PtrSafe Function luma_client_set_access_token_with_reason Lib "luma.dll" Alias "luma_client_set_access_token_with_reason_stdcall" _
    (ByVal aClient As LongPtr, ByVal aAccessToken As LongPtr, ByRef aReason As LongPtr) As Long
Public Declare PtrSafe Function luma_client_cancel Lib "luma.dll" Alias "luma_client_cancel_stdcall" _
    (ByVal aClient As LongPtr) As Long
Public Declare PtrSafe Function luma_client_close Lib "luma.dll" Alias "luma_client_close_stdcall" _
    (ByVal aClient As LongPtr) As Long
Public Declare PtrSafe Function luma_client_drain Lib "luma.dll" Alias "luma_client_drain_stdcall" _
    (ByVal aClient As LongPtr, ByVal aTimeoutMs As Currency) As Long
Public Declare PtrSafe Function luma_client_counter Lib "luma.dll" Alias "luma_client_counter_stdcall" _
    (ByVal aClient As LongPtr, ByVal aCounter As Long) As Currency
Public Declare PtrSafe Sub luma_client_free Lib "luma.dll" Alias "luma_client_free_stdcall" _
    (ByVal aClient As LongPtr)
Public Declare PtrSafe Function luma_client_connect Lib "luma.dll" Alias "luma_client_connect_stdcall" _
    (ByVal aClient As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_trigger_workflow Lib "luma.dll" Alias "luma_trigger_workflow_stdcall" _
    (ByVal aClient As LongPtr, ByVal aRequest As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_trigger_workflow_json Lib "luma.dll" Alias "luma_trigger_workflow_json_stdcall" _
    (ByVal aClient As LongPtr, ByVal aRequestJson As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_wait_for_workflow Lib "luma.dll" Alias "luma_wait_for_workflow_stdcall" _
    (ByVal aClient As LongPtr, ByVal aTriggerId As LongPtr, ByVal aTimeoutMs As Currency, ByVal aOnPoll As LongPtr, ByVal aUserData As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_wait_for_workflow_or_suspension Lib "luma.dll" Alias "luma_wait_for_workflow_or_suspension_stdcall" _
    (ByVal aClient As LongPtr, ByVal aTriggerId As LongPtr, ByVal aTimeoutMs As Currency, ByVal aOnPoll As LongPtr, ByVal aUserData As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_get_workflow_history Lib "luma.dll" Alias "luma_get_workflow_history_stdcall" _
    (ByVal aClient As LongPtr, ByVal aTriggerId As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_list_workflow_steps Lib "luma.dll" Alias "luma_list_workflow_steps_stdcall" _
    (ByVal aClient As LongPtr, ByVal aTriggerId As LongPtr, ByVal aFilter As LongPtr, ByVal aOrderBy As LongPtr, ByVal aSkip As Currency, ByVal aTop As Currency, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_get_workflow_step Lib "luma.dll" Alias "luma_get_workflow_step_stdcall" _
    (ByVal aClient As LongPtr, ByVal aTriggerId As LongPtr, ByVal aStepId As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_generate_launch_url Lib "luma.dll" Alias "luma_generate_launch_url_stdcall" _
    (ByVal aClient As LongPtr, ByVal aTriggerId As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_list_workflow_definitions Lib "luma.dll" Alias "luma_list_workflow_definitions_stdcall" _
    (ByVal aClient As LongPtr, ByVal aFilter As LongPtr, ByVal aOrderBy As LongPtr, ByVal aSkip As Currency, ByVal aTop As Currency, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_regenerate_tenant_token Lib "luma.dll" Alias "luma_regenerate_tenant_token_stdcall" _
    (ByVal aClient As LongPtr, ByVal aSuperAdminToken As LongPtr, ByVal aTenantExternalId As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_journal_create Lib "luma.dll" Alias "luma_journal_create_stdcall" _
    (ByVal aFolder As LongPtr, ByVal aBaseUrl As LongPtr, ByRef aReason As LongPtr) As Long
Public Declare PtrSafe Function luma_journal_open Lib "luma.dll" Alias "luma_journal_open_stdcall" _
    (ByVal aFolder As LongPtr, ByRef aOut As LongPtr, ByRef aReason As LongPtr) As Long
Public Declare PtrSafe Function luma_trigger_workflow_once Lib "luma.dll" Alias "luma_trigger_workflow_once_stdcall" _
    (ByVal aClient As LongPtr, ByVal aJournal As LongPtr, ByVal aKey As LongPtr, ByVal aRequest As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_trigger_workflow_once_with_store Lib "luma.dll" Alias "luma_trigger_workflow_once_with_store_stdcall" _
    (ByVal aClient As LongPtr, ByVal aClaim As LongPtr, ByVal aComplete As LongPtr, ByVal aUserData As LongPtr, ByVal aDigestSecret As LongPtr, ByVal aKey As LongPtr, ByVal aRequest As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_journal_find Lib "luma.dll" Alias "luma_journal_find_stdcall" _
    (ByVal aJournal As LongPtr, ByVal aKey As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_journal_unfinished Lib "luma.dll" Alias "luma_journal_unfinished_stdcall" _
    (ByVal aJournal As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_journal_acknowledge Lib "luma.dll" Alias "luma_journal_acknowledge_stdcall" _
    (ByVal aJournal As LongPtr, ByVal aKey As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_journal_resolve Lib "luma.dll" Alias "luma_journal_resolve_stdcall" _
    (ByVal aJournal As LongPtr, ByVal aKey As LongPtr, ByVal aTriggerId As LongPtr, ByVal aWho As LongPtr, ByVal aReason As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_journal_new_attempt Lib "luma.dll" Alias "luma_journal_new_attempt_stdcall" _
    (ByVal aJournal As LongPtr, ByVal aKey As LongPtr, ByVal aWho As LongPtr, ByVal aReason As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_journal_prune Lib "luma.dll" Alias "luma_journal_prune_stdcall" _
    (ByVal aJournal As LongPtr, ByVal aOlderThanMs As Currency, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Sub luma_journal_free Lib "luma.dll" Alias "luma_journal_free_stdcall" _
    (ByVal aJournal As LongPtr)
Public Declare PtrSafe Function luma_wait_new Lib "luma.dll" Alias "luma_wait_new_stdcall" _
    (ByVal aClient As LongPtr, ByVal aTriggerId As LongPtr, ByVal aTimeoutMs As Currency, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_wait_set_until_suspended Lib "luma.dll" Alias "luma_wait_set_until_suspended_stdcall" _
    (ByVal aWait As LongPtr, ByVal aOn As Long) As Long
Public Declare PtrSafe Function luma_wait_poll Lib "luma.dll" Alias "luma_wait_poll_stdcall" _
    (ByVal aWait As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_wait_next_poll_ms Lib "luma.dll" Alias "luma_wait_next_poll_ms_stdcall" _
    (ByVal aWait As LongPtr) As Currency
Public Declare PtrSafe Sub luma_wait_free Lib "luma.dll" Alias "luma_wait_free_stdcall" _
    (ByVal aWait As LongPtr)
Public Declare PtrSafe Function luma_wait_set_new Lib "luma.dll" Alias "luma_wait_set_new_stdcall" _
    (ByVal aClient As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_wait_set_max_polls_per_second Lib "luma.dll" Alias "luma_wait_set_max_polls_per_second_stdcall" _
    (ByVal aSet As LongPtr, ByVal aPollsPerSecond As Currency) As Long
Public Declare PtrSafe Function luma_wait_set_add Lib "luma.dll" Alias "luma_wait_set_add_stdcall" _
    (ByVal aSet As LongPtr, ByVal aTriggerId As LongPtr, ByVal aTimeoutMs As Currency, ByVal aUserData As LongPtr) As Long
Public Declare PtrSafe Function luma_wait_set_remove Lib "luma.dll" Alias "luma_wait_set_remove_stdcall" _
    (ByVal aSet As LongPtr, ByVal aTriggerId As LongPtr) As Long
Public Declare PtrSafe Function luma_wait_set_next Lib "luma.dll" Alias "luma_wait_set_next_stdcall" _
    (ByVal aSet As LongPtr, ByVal aTimeoutMs As Currency, ByRef aOut As LongPtr, ByRef aUserData As LongPtr) As Long
Public Declare PtrSafe Function luma_wait_set_count Lib "luma.dll" Alias "luma_wait_set_count_stdcall" _
    (ByVal aSet As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_wait_set_wake Lib "luma.dll" Alias "luma_wait_set_wake_stdcall" _
    (ByVal aSet As LongPtr) As Long
Public Declare PtrSafe Function luma_wait_set_close Lib "luma.dll" Alias "luma_wait_set_close_stdcall" _
    (ByVal aSet As LongPtr) As Long
Public Declare PtrSafe Sub luma_wait_set_free Lib "luma.dll" Alias "luma_wait_set_free_stdcall" _
    (ByVal aSet As LongPtr)
Public Declare PtrSafe Sub luma_result_free Lib "luma.dll" Alias "luma_result_free_stdcall" _
    (ByVal aResult As LongPtr)
Public Declare PtrSafe Function luma_result_status Lib "luma.dll" Alias "luma_result_status_stdcall" _
    (ByVal aResult As LongPtr) As Long
Public Declare PtrSafe Function luma_result_page_status Lib "luma.dll" Alias "luma_result_page_status_stdcall" _
    (ByVal aResult As LongPtr) As Long
Public Declare PtrSafe Function luma_result_outcome Lib "luma.dll" Alias "luma_result_outcome_stdcall" _
    (ByVal aResult As LongPtr) As Long
Public Declare PtrSafe Function luma_result_http_status Lib "luma.dll" Alias "luma_result_http_status_stdcall" _
    (ByVal aResult As LongPtr) As Long
Public Declare PtrSafe Function luma_result_message Lib "luma.dll" Alias "luma_result_message_stdcall" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_error_count Lib "luma.dll" Alias "luma_result_error_count_stdcall" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_error Lib "luma.dll" Alias "luma_result_error_stdcall" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_retry_after_ms Lib "luma.dll" Alias "luma_result_retry_after_ms_stdcall" _
    (ByVal aResult As LongPtr) As Currency
Public Declare PtrSafe Function luma_result_trigger_id Lib "luma.dll" Alias "luma_result_trigger_id_stdcall" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_run_status Lib "luma.dll" Alias "luma_result_run_status_stdcall" _
    (ByVal aResult As LongPtr) As Long
Public Declare PtrSafe Function luma_result_run_status_text Lib "luma.dll" Alias "luma_result_run_status_text_stdcall" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_run_start_time_ms Lib "luma.dll" Alias "luma_result_run_start_time_ms_stdcall" _
    (ByVal aResult As LongPtr) As Currency
Public Declare PtrSafe Function luma_result_run_end_time_ms Lib "luma.dll" Alias "luma_result_run_end_time_ms_stdcall" _
    (ByVal aResult As LongPtr) As Currency
Public Declare PtrSafe Function luma_result_run_time_spent_ms Lib "luma.dll" Alias "luma_result_run_time_spent_ms_stdcall" _
    (ByVal aResult As LongPtr) As Currency
Public Declare PtrSafe Function luma_result_poll_count Lib "luma.dll" Alias "luma_result_poll_count_stdcall" _
    (ByVal aResult As LongPtr) As Long
Public Declare PtrSafe Function luma_result_wait_elapsed_ms Lib "luma.dll" Alias "luma_result_wait_elapsed_ms_stdcall" _
    (ByVal aResult As LongPtr) As Currency
Public Declare PtrSafe Function luma_result_step_count Lib "luma.dll" Alias "luma_result_step_count_stdcall" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_step_id Lib "luma.dll" Alias "luma_result_step_id_stdcall" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_step_name Lib "luma.dll" Alias "luma_result_step_name_stdcall" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_step_status Lib "luma.dll" Alias "luma_result_step_status_stdcall" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As Long
Public Declare PtrSafe Function luma_result_step_status_text Lib "luma.dll" Alias "luma_result_step_status_text_stdcall" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_step_start_time_ms Lib "luma.dll" Alias "luma_result_step_start_time_ms_stdcall" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As Currency
Public Declare PtrSafe Function luma_result_step_end_time_ms Lib "luma.dll" Alias "luma_result_step_end_time_ms_stdcall" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As Currency
Public Declare PtrSafe Function luma_result_step_time_spent_ms Lib "luma.dll" Alias "luma_result_step_time_spent_ms_stdcall" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As Currency
Public Declare PtrSafe Function luma_result_definition_count Lib "luma.dll" Alias "luma_result_definition_count_stdcall" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_definition_identifier Lib "luma.dll" Alias "luma_result_definition_identifier_stdcall" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_definition_name Lib "luma.dll" Alias "luma_result_definition_name_stdcall" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_definition_description Lib "luma.dll" Alias "luma_result_definition_description_stdcall" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_launch_url Lib "luma.dll" Alias "luma_result_launch_url_stdcall" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_access_token Lib "luma.dll" Alias "luma_result_access_token_stdcall" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_parameter_count Lib "luma.dll" Alias "luma_result_parameter_count_stdcall" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_parameter_name Lib "luma.dll" Alias "luma_result_parameter_name_stdcall" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_parameter_value Lib "luma.dll" Alias "luma_result_parameter_value_stdcall" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_parameter_data_type Lib "luma.dll" Alias "luma_result_parameter_data_type_stdcall" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_parameter_caption Lib "luma.dll" Alias "luma_result_parameter_caption_stdcall" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_parameter_description Lib "luma.dll" Alias "luma_result_parameter_description_stdcall" _
    (ByVal aResult As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_definition_parameter_count Lib "luma.dll" Alias "luma_result_definition_parameter_count_stdcall" _
    (ByVal aResult As LongPtr, ByVal aDefinitionIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_definition_parameter_name Lib "luma.dll" Alias "luma_result_definition_parameter_name_stdcall" _
    (ByVal aResult As LongPtr, ByVal aDefinitionIndex As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_definition_parameter_data_type Lib "luma.dll" Alias "luma_result_definition_parameter_data_type_stdcall" _
    (ByVal aResult As LongPtr, ByVal aDefinitionIndex As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_definition_parameter_required Lib "luma.dll" Alias "luma_result_definition_parameter_required_stdcall" _
    (ByVal aResult As LongPtr, ByVal aDefinitionIndex As LongPtr, ByVal aIndex As LongPtr) As Long
Public Declare PtrSafe Function luma_result_definition_parameter_caption Lib "luma.dll" Alias "luma_result_definition_parameter_caption_stdcall" _
    (ByVal aResult As LongPtr, ByVal aDefinitionIndex As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_definition_parameter_description Lib "luma.dll" Alias "luma_result_definition_parameter_description_stdcall" _
    (ByVal aResult As LongPtr, ByVal aDefinitionIndex As LongPtr, ByVal aIndex As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_json Lib "luma.dll" Alias "luma_result_json_stdcall" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_json_length Lib "luma.dll" Alias "luma_result_json_length_stdcall" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_json_type Lib "luma.dll" Alias "luma_result_json_type_stdcall" _
    (ByVal aResult As LongPtr, ByVal aJsonPointer As LongPtr) As Long
Public Declare PtrSafe Function luma_result_string Lib "luma.dll" Alias "luma_result_string_stdcall" _
    (ByVal aResult As LongPtr, ByVal aJsonPointer As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_string_length Lib "luma.dll" Alias "luma_result_string_length_stdcall" _
    (ByVal aResult As LongPtr, ByVal aJsonPointer As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_text Lib "luma.dll" Alias "luma_result_text_stdcall" _
    (ByVal aResult As LongPtr, ByVal aJsonPointer As LongPtr, ByRef aText As LongPtr, ByRef aLength As LongPtr) As Long
Public Declare PtrSafe Function luma_result_int64 Lib "luma.dll" Alias "luma_result_int64_stdcall" _
    (ByVal aResult As LongPtr, ByVal aJsonPointer As LongPtr, ByRef aOut As Currency) As Long
Public Declare PtrSafe Function luma_result_bool Lib "luma.dll" Alias "luma_result_bool_stdcall" _
    (ByVal aResult As LongPtr, ByVal aJsonPointer As LongPtr, ByRef aOut As Long) As Long
Public Declare PtrSafe Function luma_result_count Lib "luma.dll" Alias "luma_result_count_stdcall" _
    (ByVal aResult As LongPtr, ByVal aJsonPointer As LongPtr, ByRef aOut As LongPtr) As Long
Public Declare PtrSafe Function luma_result_request_id Lib "luma.dll" Alias "luma_result_request_id_stdcall" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_attempts Lib "luma.dll" Alias "luma_result_attempts_stdcall" _
    (ByVal aResult As LongPtr) As Long
Public Declare PtrSafe Function luma_result_timing_us Lib "luma.dll" Alias "luma_result_timing_us_stdcall" _
    (ByVal aResult As LongPtr, ByVal aTiming As Long) As Currency
Public Declare PtrSafe Function luma_result_connection_reused Lib "luma.dll" Alias "luma_result_connection_reused_stdcall" _
    (ByVal aResult As LongPtr) As Long
Public Declare PtrSafe Function luma_result_peer_address Lib "luma.dll" Alias "luma_result_peer_address_stdcall" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_tls_version Lib "luma.dll" Alias "luma_result_tls_version_stdcall" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_certificate_expires_ms Lib "luma.dll" Alias "luma_result_certificate_expires_ms_stdcall" _
    (ByVal aResult As LongPtr) As Currency
Public Declare PtrSafe Function luma_result_journal_key Lib "luma.dll" Alias "luma_result_journal_key_stdcall" _
    (ByVal aResult As LongPtr) As LongPtr
Public Declare PtrSafe Function luma_result_journal_time_ms Lib "luma.dll" Alias "luma_result_journal_time_ms_stdcall" _
    (ByVal aResult As LongPtr) As Currency
Public Declare PtrSafe Function luma_result_journal_recorded Lib "luma.dll" Alias "luma_result_journal_recorded_stdcall" _
    (ByVal aResult As LongPtr) As Long
Public Declare PtrSafe Function luma_result_journal_count Lib "luma.dll" Alias "luma_result_journal_count_stdcall" _
    (ByVal aResult As LongPtr) As LongPtr
#Else
Public Declare Function luma_version Lib "luma.dll" Alias "luma_version_stdcall" _
    () As Long
Public Declare Function luma_status_message Lib "luma.dll" Alias "luma_status_message_stdcall" _
    (ByVal aStatus As Long) As Long
Public Declare Function luma_status_name Lib "luma.dll" Alias "luma_status_name_stdcall" _
    (ByVal aStatus As Long) As Long
Public Declare Function luma_outcome_name Lib "luma.dll" Alias "luma_outcome_name_stdcall" _
    (ByVal aOutcome As Long) As Long
Public Declare Function luma_run_status_name Lib "luma.dll" Alias "luma_run_status_name_stdcall" _
    (ByVal aRunStatus As Long) As Long
Public Declare Function luma_run_status_is_final Lib "luma.dll" Alias "luma_run_status_is_final_stdcall" _
    (ByVal aRunStatus As Long) As Long
Public Declare Function luma_counter_name Lib "luma.dll" Alias "luma_counter_name_stdcall" _
    (ByVal aCounter As Long) As Long
Public Declare Function luma_config_new Lib "luma.dll" Alias "luma_config_new_stdcall" _
    (ByVal aBaseUrl As Long, ByVal aAccessToken As Long, ByRef aOut As Long) As Long
Public Declare Function luma_config_new_with_reason Lib "luma.dll" Alias "luma_config_new_with_reason_stdcall" _
    (ByVal aBaseUrl As Long, ByVal aAccessToken As Long, ByRef aOut As Long, ByRef aReason As Long) As Long
Public Declare Function luma_config_new_from_file Lib "luma.dll" Alias "luma_config_new_from_file_stdcall" _
    (ByVal aPath As Long, ByVal aProfile As Long, ByRef aOut As Long, ByRef aReason As Long) As Long
Public Declare Function luma_config_new_from_environment Lib "luma.dll" Alias "luma_config_new_from_environment_stdcall" _
    (ByRef aOut As Long, ByRef aReason As Long) As Long
Public Declare Function luma_config_set_token_provider Lib "luma.dll" Alias "luma_config_set_token_provider_stdcall" _
    (ByVal aConfig As Long, ByVal aCallback As Long, ByVal aUserData As Long) As Long
Public Declare Function luma_config_set_token_provider_with_free Lib "luma.dll" Alias "luma_config_set_token_provider_with_free_stdcall" _
    (ByVal aConfig As Long, ByVal aCallback As Long, ByVal aUserData As Long, ByVal aFreeUserData As Long) As Long
Public Declare Function luma_config_set_auth_scheme Lib "luma.dll" Alias "luma_config_set_auth_scheme_stdcall" _
    (ByVal aConfig As Long, ByVal aScheme As Long) As Long
Public Declare Function luma_config_add_header Lib "luma.dll" Alias "luma_config_add_header_stdcall" _
    (ByVal aConfig As Long, ByVal aName As Long, ByVal aValue As Long) As Long
Public Declare Function luma_config_set_connect_timeout_ms Lib "luma.dll" Alias "luma_config_set_connect_timeout_ms_stdcall" _
    (ByVal aConfig As Long, ByVal aConnectTimeoutMs As Currency) As Long
Public Declare Function luma_config_set_timeout_ms Lib "luma.dll" Alias "luma_config_set_timeout_ms_stdcall" _
    (ByVal aConfig As Long, ByVal aTimeoutMs As Currency) As Long
Public Declare Function luma_config_set_max_response_bytes Lib "luma.dll" Alias "luma_config_set_max_response_bytes_stdcall" _
    (ByVal aConfig As Long, ByVal aMaxResponseBytes As Currency) As Long
Public Declare Function luma_config_set_trigger_max_idle_ms Lib "luma.dll" Alias "luma_config_set_trigger_max_idle_ms_stdcall" _
    (ByVal aConfig As Long, ByVal aMaxIdleMs As Currency) As Long
Public Declare Function luma_config_set_read_max_idle_ms Lib "luma.dll" Alias "luma_config_set_read_max_idle_ms_stdcall" _
    (ByVal aConfig As Long, ByVal aMaxIdleMs As Currency) As Long
Public Declare Function luma_config_set_max_idle_connections Lib "luma.dll" Alias "luma_config_set_max_idle_connections_stdcall" _
    (ByVal aConfig As Long, ByVal aMaxIdleConnections As Currency) As Long
Public Declare Function luma_config_set_retries Lib "luma.dll" Alias "luma_config_set_retries_stdcall" _
    (ByVal aConfig As Long, ByVal aEnabled As Long) As Long
Public Declare Function luma_config_set_log Lib "luma.dll" Alias "luma_config_set_log_stdcall" _
    (ByVal aConfig As Long, ByVal aLevel As Long, ByVal aCallback As Long, ByVal aUserData As Long) As Long
Public Declare Function luma_config_set_log_with_free Lib "luma.dll" Alias "luma_config_set_log_with_free_stdcall" _
    (ByVal aConfig As Long, ByVal aLevel As Long, ByVal aCallback As Long, ByVal aUserData As Long, ByVal aFreeUserData As Long) As Long
Public Declare Function luma_config_log_to_file Lib "luma.dll" Alias "luma_config_log_to_file_stdcall" _
    (ByVal aConfig As Long, ByVal aLevel As Long, ByVal aPath As Long) As Long
Public Declare Function luma_config_log_to_json_file Lib "luma.dll" Alias "luma_config_log_to_json_file_stdcall" _
    (ByVal aConfig As Long, ByVal aLevel As Long, ByVal aPath As Long) As Long
Public Declare Function luma_config_set_allow_http Lib "luma.dll" Alias "luma_config_set_allow_http_stdcall" _
    (ByVal aConfig As Long, ByVal aAllow As Long) As Long
Public Declare Function luma_config_set_ca_pem Lib "luma.dll" Alias "luma_config_set_ca_pem_stdcall" _
    (ByVal aConfig As Long, ByVal aPem As Long) As Long
Public Declare Function luma_config_set_ca_file Lib "luma.dll" Alias "luma_config_set_ca_file_stdcall" _
    (ByVal aConfig As Long, ByVal aPath As Long) As Long
Public Declare Function luma_config_add_ca_pem Lib "luma.dll" Alias "luma_config_add_ca_pem_stdcall" _
    (ByVal aConfig As Long, ByVal aPem As Long) As Long
Public Declare Function luma_config_add_ca_file Lib "luma.dll" Alias "luma_config_add_ca_file_stdcall" _
    (ByVal aConfig As Long, ByVal aPath As Long) As Long
Public Declare Function luma_config_set_client_certificate_pem Lib "luma.dll" Alias "luma_config_set_client_certificate_pem_stdcall" _
    (ByVal aConfig As Long, ByVal aChainPem As Long, ByVal aKeyPem As Long) As Long
Public Declare Function luma_config_set_client_certificate_file Lib "luma.dll" Alias "luma_config_set_client_certificate_file_stdcall" _
    (ByVal aConfig As Long, ByVal aChainPath As Long, ByVal aKeyPath As Long) As Long
Public Declare Function luma_config_set_proxy Lib "luma.dll" Alias "luma_config_set_proxy_stdcall" _
    (ByVal aConfig As Long, ByVal aUrl As Long) As Long
Public Declare Function luma_config_set_auto_proxy Lib "luma.dll" Alias "luma_config_set_auto_proxy_stdcall" _
    (ByVal aConfig As Long, ByVal aEnabled As Long) As Long
Public Declare Function luma_config_set_application_id Lib "luma.dll" Alias "luma_config_set_application_id_stdcall" _
    (ByVal aConfig As Long, ByVal aApplicationId As Long) As Long
Public Declare Function luma_config_journal_folder Lib "luma.dll" Alias "luma_config_journal_folder_stdcall" _
    (ByVal aConfig As Long) As Long
Public Declare Function luma_config_message Lib "luma.dll" Alias "luma_config_message_stdcall" _
    (ByVal aConfig As Long) As Long
Public Declare Sub luma_config_free Lib "luma.dll" Alias "luma_config_free_stdcall" _
    (ByVal aConfig As Long)
Public Declare Function luma_log_level_name Lib "luma.dll" Alias "luma_log_level_name_stdcall" _
    (ByVal aLevel As Long) As Long
Public Declare Function luma_trigger_request_new Lib "luma.dll" Alias "luma_trigger_request_new_stdcall" _
    (ByVal aWorkflowIdentifier As Long, ByRef aOut As Long) As Long
Public Declare Function luma_trigger_request_new_with_reason Lib "luma.dll" Alias "luma_trigger_request_new_with_reason_stdcall" _
    (ByVal aWorkflowIdentifier As Long, ByRef aOut As Long, ByRef aReason As Long) As Long
Public Declare Function luma_trigger_request_set_variable Lib "luma.dll" Alias "luma_trigger_request_set_variable_stdcall" _
    (ByVal aRequest As Long, ByVal aName As Long, ByVal aValue As Long) As Long
Public Declare Function luma_trigger_request_set_secret_variable Lib "luma.dll" Alias "luma_trigger_request_set_secret_variable_stdcall" _
    (ByVal aRequest As Long, ByVal aName As Long, ByVal aValue As Long) As Long
Public Declare Function luma_trigger_request_set_variable_json Lib "luma.dll" Alias "luma_trigger_request_set_variable_json_stdcall" _
    (ByVal aRequest As Long, ByVal aName As Long, ByVal aJson As Long) As Long
Public Declare Function luma_trigger_request_set_variable_int64 Lib "luma.dll" Alias "luma_trigger_request_set_variable_int64_stdcall" _
    (ByVal aRequest As Long, ByVal aName As Long, ByVal aValue As Currency) As Long
Public Declare Function luma_trigger_request_set_variable_double Lib "luma.dll" Alias "luma_trigger_request_set_variable_double_stdcall" _
    (ByVal aRequest As Long, ByVal aName As Long, ByVal aValue As Double) As Long
Public Declare Function luma_trigger_request_set_variable_bool Lib "luma.dll" Alias "luma_trigger_request_set_variable_bool_stdcall" _
    (ByVal aRequest As Long, ByVal aName As Long, ByVal aValue As Long) As Long
Public Declare Function luma_trigger_request_set_variables_json Lib "luma.dll" Alias "luma_trigger_request_set_variables_json_stdcall" _
    (ByVal aRequest As Long, ByVal aJsonObject As Long) As Long
Public Declare Function luma_trigger_request_set_initiator Lib "luma.dll" Alias "luma_trigger_request_set_initiator_stdcall" _
    (ByVal aRequest As Long, ByVal aContactId As Currency, ByVal aApplicationId As Currency) As Long
Public Declare Function luma_trigger_request_set_initiation_info Lib "luma.dll" Alias "luma_trigger_request_set_initiation_info_stdcall" _
    (ByVal aRequest As Long, ByVal aKey As Long, ByVal aValue As Long) As Long
Public Declare Function luma_trigger_request_message Lib "luma.dll" Alias "luma_trigger_request_message_stdcall" _
    (ByVal aRequest As Long) As Long
Public Declare Function luma_trigger_request_exclude_from_digest Lib "luma.dll" Alias "luma_trigger_request_exclude_from_digest_stdcall" _
    (ByVal aRequest As Long, ByVal aName As Long) As Long
Public Declare Sub luma_trigger_request_free Lib "luma.dll" Alias "luma_trigger_request_free_stdcall" _
    (ByVal aRequest As Long)
Public Declare Function luma_client_new Lib "luma.dll" Alias "luma_client_new_stdcall" _
    (ByVal aBaseUrl As Long, ByVal aAccessToken As Long, ByRef aOut As Long) As Long
Public Declare Function luma_client_new_with_config Lib "luma.dll" Alias "luma_client_new_with_config_stdcall" _
    (ByVal aConfig As Long, ByRef aOut As Long) As Long
Public Declare Function luma_client_new_with_reason Lib "luma.dll" Alias "luma_client_new_with_reason_stdcall" _
    (ByVal aConfig As Long, ByRef aOut As Long, ByRef aReason As Long) As Long
Public Declare Function luma_client_new_from_environment Lib "luma.dll" Alias "luma_client_new_from_environment_stdcall" _
    (ByRef aOut As Long, ByRef aReason As Long) As Long
Public Declare Function luma_client_with_request_id Lib "luma.dll" Alias "luma_client_with_request_id_stdcall" _
    (ByVal aClient As Long, ByVal aRequestId As Long, ByRef aOut As Long) As Long
Public Declare Function luma_client_with_timeout_ms Lib "luma.dll" Alias "luma_client_with_timeout_ms_stdcall" _
    (ByVal aClient As Long, ByVal aTimeoutMs As Currency, ByRef aOut As Long) As Long
Public Declare Function luma_client_with_own_cancel Lib "luma.dll" Alias "luma_client_with_own_cancel_stdcall" _
    (ByVal aClient As Long, ByRef aOut As Long) As Long
Public Declare Function luma_client_set_access_token Lib "luma.dll" Alias "luma_client_set_access_token_stdcall" _
    (ByVal aClient As Long, ByVal aAccessToken As Long) As Long
Public Declare Function luma_client_set_access_token_with_reason Lib "luma.dll" Alias "luma_client_set_access_token_with_reason_stdcall" _
    (ByVal aClient As Long, ByVal aAccessToken As Long, ByRef aReason As Long) As Long
Public Declare Function luma_client_cancel Lib "luma.dll" Alias "luma_client_cancel_stdcall" _
    (ByVal aClient As Long) As Long
Public Declare Function luma_client_close Lib "luma.dll" Alias "luma_client_close_stdcall" _
    (ByVal aClient As Long) As Long
Public Declare Function luma_client_drain Lib "luma.dll" Alias "luma_client_drain_stdcall" _
    (ByVal aClient As Long, ByVal aTimeoutMs As Currency) As Long
Public Declare Function luma_client_counter Lib "luma.dll" Alias "luma_client_counter_stdcall" _
    (ByVal aClient As Long, ByVal aCounter As Long) As Currency
Public Declare Sub luma_client_free Lib "luma.dll" Alias "luma_client_free_stdcall" _
    (ByVal aClient As Long)
Public Declare Function luma_client_connect Lib "luma.dll" Alias "luma_client_connect_stdcall" _
    (ByVal aClient As Long, ByRef aOut As Long) As Long
Public Declare Function luma_trigger_workflow Lib "luma.dll" Alias "luma_trigger_workflow_stdcall" _
    (ByVal aClient As Long, ByVal aRequest As Long, ByRef aOut As Long) As Long
Public Declare Function luma_trigger_workflow_json Lib "luma.dll" Alias "luma_trigger_workflow_json_stdcall" _
    (ByVal aClient As Long, ByVal aRequestJson As Long, ByRef aOut As Long) As Long
Public Declare Function luma_wait_for_workflow Lib "luma.dll" Alias "luma_wait_for_workflow_stdcall" _
    (ByVal aClient As Long, ByVal aTriggerId As Long, ByVal aTimeoutMs As Currency, ByVal aOnPoll As Long, ByVal aUserData As Long, ByRef aOut As Long) As Long
Public Declare Function luma_wait_for_workflow_or_suspension Lib "luma.dll" Alias "luma_wait_for_workflow_or_suspension_stdcall" _
    (ByVal aClient As Long, ByVal aTriggerId As Long, ByVal aTimeoutMs As Currency, ByVal aOnPoll As Long, ByVal aUserData As Long, ByRef aOut As Long) As Long
Public Declare Function luma_get_workflow_history Lib "luma.dll" Alias "luma_get_workflow_history_stdcall" _
    (ByVal aClient As Long, ByVal aTriggerId As Long, ByRef aOut As Long) As Long
Public Declare Function luma_list_workflow_steps Lib "luma.dll" Alias "luma_list_workflow_steps_stdcall" _
    (ByVal aClient As Long, ByVal aTriggerId As Long, ByVal aFilter As Long, ByVal aOrderBy As Long, ByVal aSkip As Currency, ByVal aTop As Currency, ByRef aOut As Long) As Long
Public Declare Function luma_get_workflow_step Lib "luma.dll" Alias "luma_get_workflow_step_stdcall" _
    (ByVal aClient As Long, ByVal aTriggerId As Long, ByVal aStepId As Long, ByRef aOut As Long) As Long
Public Declare Function luma_generate_launch_url Lib "luma.dll" Alias "luma_generate_launch_url_stdcall" _
    (ByVal aClient As Long, ByVal aTriggerId As Long, ByRef aOut As Long) As Long
Public Declare Function luma_list_workflow_definitions Lib "luma.dll" Alias "luma_list_workflow_definitions_stdcall" _
    (ByVal aClient As Long, ByVal aFilter As Long, ByVal aOrderBy As Long, ByVal aSkip As Currency, ByVal aTop As Currency, ByRef aOut As Long) As Long
Public Declare Function luma_regenerate_tenant_token Lib "luma.dll" Alias "luma_regenerate_tenant_token_stdcall" _
    (ByVal aClient As Long, ByVal aSuperAdminToken As Long, ByVal aTenantExternalId As Long, ByRef aOut As Long) As Long
Public Declare Function luma_journal_create Lib "luma.dll" Alias "luma_journal_create_stdcall" _
    (ByVal aFolder As Long, ByVal aBaseUrl As Long, ByRef aReason As Long) As Long
Public Declare Function luma_journal_open Lib "luma.dll" Alias "luma_journal_open_stdcall" _
    (ByVal aFolder As Long, ByRef aOut As Long, ByRef aReason As Long) As Long
Public Declare Function luma_trigger_workflow_once Lib "luma.dll" Alias "luma_trigger_workflow_once_stdcall" _
    (ByVal aClient As Long, ByVal aJournal As Long, ByVal aKey As Long, ByVal aRequest As Long, ByRef aOut As Long) As Long
Public Declare Function luma_trigger_workflow_once_with_store Lib "luma.dll" Alias "luma_trigger_workflow_once_with_store_stdcall" _
    (ByVal aClient As Long, ByVal aClaim As Long, ByVal aComplete As Long, ByVal aUserData As Long, ByVal aDigestSecret As Long, ByVal aKey As Long, ByVal aRequest As Long, ByRef aOut As Long) As Long
Public Declare Function luma_journal_find Lib "luma.dll" Alias "luma_journal_find_stdcall" _
    (ByVal aJournal As Long, ByVal aKey As Long, ByRef aOut As Long) As Long
Public Declare Function luma_journal_unfinished Lib "luma.dll" Alias "luma_journal_unfinished_stdcall" _
    (ByVal aJournal As Long, ByRef aOut As Long) As Long
Public Declare Function luma_journal_acknowledge Lib "luma.dll" Alias "luma_journal_acknowledge_stdcall" _
    (ByVal aJournal As Long, ByVal aKey As Long, ByRef aOut As Long) As Long
Public Declare Function luma_journal_resolve Lib "luma.dll" Alias "luma_journal_resolve_stdcall" _
    (ByVal aJournal As Long, ByVal aKey As Long, ByVal aTriggerId As Long, ByVal aWho As Long, ByVal aReason As Long, ByRef aOut As Long) As Long
Public Declare Function luma_journal_new_attempt Lib "luma.dll" Alias "luma_journal_new_attempt_stdcall" _
    (ByVal aJournal As Long, ByVal aKey As Long, ByVal aWho As Long, ByVal aReason As Long, ByRef aOut As Long) As Long
Public Declare Function luma_journal_prune Lib "luma.dll" Alias "luma_journal_prune_stdcall" _
    (ByVal aJournal As Long, ByVal aOlderThanMs As Currency, ByRef aOut As Long) As Long
Public Declare Sub luma_journal_free Lib "luma.dll" Alias "luma_journal_free_stdcall" _
    (ByVal aJournal As Long)
Public Declare Function luma_wait_new Lib "luma.dll" Alias "luma_wait_new_stdcall" _
    (ByVal aClient As Long, ByVal aTriggerId As Long, ByVal aTimeoutMs As Currency, ByRef aOut As Long) As Long
Public Declare Function luma_wait_set_until_suspended Lib "luma.dll" Alias "luma_wait_set_until_suspended_stdcall" _
    (ByVal aWait As Long, ByVal aOn As Long) As Long
Public Declare Function luma_wait_poll Lib "luma.dll" Alias "luma_wait_poll_stdcall" _
    (ByVal aWait As Long, ByRef aOut As Long) As Long
Public Declare Function luma_wait_next_poll_ms Lib "luma.dll" Alias "luma_wait_next_poll_ms_stdcall" _
    (ByVal aWait As Long) As Currency
Public Declare Sub luma_wait_free Lib "luma.dll" Alias "luma_wait_free_stdcall" _
    (ByVal aWait As Long)
Public Declare Function luma_wait_set_new Lib "luma.dll" Alias "luma_wait_set_new_stdcall" _
    (ByVal aClient As Long, ByRef aOut As Long) As Long
Public Declare Function luma_wait_set_max_polls_per_second Lib "luma.dll" Alias "luma_wait_set_max_polls_per_second_stdcall" _
    (ByVal aSet As Long, ByVal aPollsPerSecond As Currency) As Long
Public Declare Function luma_wait_set_add Lib "luma.dll" Alias "luma_wait_set_add_stdcall" _
    (ByVal aSet As Long, ByVal aTriggerId As Long, ByVal aTimeoutMs As Currency, ByVal aUserData As Long) As Long
Public Declare Function luma_wait_set_remove Lib "luma.dll" Alias "luma_wait_set_remove_stdcall" _
    (ByVal aSet As Long, ByVal aTriggerId As Long) As Long
Public Declare Function luma_wait_set_next Lib "luma.dll" Alias "luma_wait_set_next_stdcall" _
    (ByVal aSet As Long, ByVal aTimeoutMs As Currency, ByRef aOut As Long, ByRef aUserData As Long) As Long
Public Declare Function luma_wait_set_count Lib "luma.dll" Alias "luma_wait_set_count_stdcall" _
    (ByVal aSet As Long) As Long
Public Declare Function luma_wait_set_wake Lib "luma.dll" Alias "luma_wait_set_wake_stdcall" _
    (ByVal aSet As Long) As Long
Public Declare Function luma_wait_set_close Lib "luma.dll" Alias "luma_wait_set_close_stdcall" _
    (ByVal aSet As Long) As Long
Public Declare Sub luma_wait_set_free Lib "luma.dll" Alias "luma_wait_set_free_stdcall" _
    (ByVal aSet As Long)
Public Declare Sub luma_result_free Lib "luma.dll" Alias "luma_result_free_stdcall" _
    (ByVal aResult As Long)
Public Declare Function luma_result_status Lib "luma.dll" Alias "luma_result_status_stdcall" _
    (ByVal aResult As Long) As Long
Public Declare Function luma_result_page_status Lib "luma.dll" Alias "luma_result_page_status_stdcall" _
    (ByVal aResult As Long) As Long
Public Declare Function luma_result_outcome Lib "luma.dll" Alias "luma_result_outcome_stdcall" _
    (ByVal aResult As Long) As Long
Public Declare Function luma_result_http_status Lib "luma.dll" Alias "luma_result_http_status_stdcall" _
    (ByVal aResult As Long) As Long
Public Declare Function luma_result_message Lib "luma.dll" Alias "luma_result_message_stdcall" _
    (ByVal aResult As Long) As Long
Public Declare Function luma_result_error_count Lib "luma.dll" Alias "luma_result_error_count_stdcall" _
    (ByVal aResult As Long) As Long
Public Declare Function luma_result_error Lib "luma.dll" Alias "luma_result_error_stdcall" _
    (ByVal aResult As Long, ByVal aIndex As Long) As Long
Public Declare Function luma_result_retry_after_ms Lib "luma.dll" Alias "luma_result_retry_after_ms_stdcall" _
    (ByVal aResult As Long) As Currency
Public Declare Function luma_result_trigger_id Lib "luma.dll" Alias "luma_result_trigger_id_stdcall" _
    (ByVal aResult As Long) As Long
Public Declare Function luma_result_run_status Lib "luma.dll" Alias "luma_result_run_status_stdcall" _
    (ByVal aResult As Long) As Long
Public Declare Function luma_result_run_status_text Lib "luma.dll" Alias "luma_result_run_status_text_stdcall" _
    (ByVal aResult As Long) As Long
Public Declare Function luma_result_run_start_time_ms Lib "luma.dll" Alias "luma_result_run_start_time_ms_stdcall" _
    (ByVal aResult As Long) As Currency
Public Declare Function luma_result_run_end_time_ms Lib "luma.dll" Alias "luma_result_run_end_time_ms_stdcall" _
    (ByVal aResult As Long) As Currency
Public Declare Function luma_result_run_time_spent_ms Lib "luma.dll" Alias "luma_result_run_time_spent_ms_stdcall" _
    (ByVal aResult As Long) As Currency
Public Declare Function luma_result_poll_count Lib "luma.dll" Alias "luma_result_poll_count_stdcall" _
    (ByVal aResult As Long) As Long
Public Declare Function luma_result_wait_elapsed_ms Lib "luma.dll" Alias "luma_result_wait_elapsed_ms_stdcall" _
    (ByVal aResult As Long) As Currency
Public Declare Function luma_result_step_count Lib "luma.dll" Alias "luma_result_step_count_stdcall" _
    (ByVal aResult As Long) As Long
Public Declare Function luma_result_step_id Lib "luma.dll" Alias "luma_result_step_id_stdcall" _
    (ByVal aResult As Long, ByVal aIndex As Long) As Long
Public Declare Function luma_result_step_name Lib "luma.dll" Alias "luma_result_step_name_stdcall" _
    (ByVal aResult As Long, ByVal aIndex As Long) As Long
Public Declare Function luma_result_step_status Lib "luma.dll" Alias "luma_result_step_status_stdcall" _
    (ByVal aResult As Long, ByVal aIndex As Long) As Long
Public Declare Function luma_result_step_status_text Lib "luma.dll" Alias "luma_result_step_status_text_stdcall" _
    (ByVal aResult As Long, ByVal aIndex As Long) As Long
Public Declare Function luma_result_step_start_time_ms Lib "luma.dll" Alias "luma_result_step_start_time_ms_stdcall" _
    (ByVal aResult As Long, ByVal aIndex As Long) As Currency
Public Declare Function luma_result_step_end_time_ms Lib "luma.dll" Alias "luma_result_step_end_time_ms_stdcall" _
    (ByVal aResult As Long, ByVal aIndex As Long) As Currency
Public Declare Function luma_result_step_time_spent_ms Lib "luma.dll" Alias "luma_result_step_time_spent_ms_stdcall" _
    (ByVal aResult As Long, ByVal aIndex As Long) As Currency
Public Declare Function luma_result_definition_count Lib "luma.dll" Alias "luma_result_definition_count_stdcall" _
    (ByVal aResult As Long) As Long
Public Declare Function luma_result_definition_identifier Lib "luma.dll" Alias "luma_result_definition_identifier_stdcall" _
    (ByVal aResult As Long, ByVal aIndex As Long) As Long
Public Declare Function luma_result_definition_name Lib "luma.dll" Alias "luma_result_definition_name_stdcall" _
    (ByVal aResult As Long, ByVal aIndex As Long) As Long
Public Declare Function luma_result_definition_description Lib "luma.dll" Alias "luma_result_definition_description_stdcall" _
    (ByVal aResult As Long, ByVal aIndex As Long) As Long
Public Declare Function luma_result_launch_url Lib "luma.dll" Alias "luma_result_launch_url_stdcall" _
    (ByVal aResult As Long) As Long
Public Declare Function luma_result_access_token Lib "luma.dll" Alias "luma_result_access_token_stdcall" _
    (ByVal aResult As Long) As Long
Public Declare Function luma_result_parameter_count Lib "luma.dll" Alias "luma_result_parameter_count_stdcall" _
    (ByVal aResult As Long) As Long
Public Declare Function luma_result_parameter_name Lib "luma.dll" Alias "luma_result_parameter_name_stdcall" _
    (ByVal aResult As Long, ByVal aIndex As Long) As Long
Public Declare Function luma_result_parameter_value Lib "luma.dll" Alias "luma_result_parameter_value_stdcall" _
    (ByVal aResult As Long, ByVal aIndex As Long) As Long
Public Declare Function luma_result_parameter_data_type Lib "luma.dll" Alias "luma_result_parameter_data_type_stdcall" _
    (ByVal aResult As Long, ByVal aIndex As Long) As Long
Public Declare Function luma_result_parameter_caption Lib "luma.dll" Alias "luma_result_parameter_caption_stdcall" _
    (ByVal aResult As Long, ByVal aIndex As Long) As Long
Public Declare Function luma_result_parameter_description Lib "luma.dll" Alias "luma_result_parameter_description_stdcall" _
    (ByVal aResult As Long, ByVal aIndex As Long) As Long
Public Declare Function luma_result_definition_parameter_count Lib "luma.dll" Alias "luma_result_definition_parameter_count_stdcall" _
    (ByVal aResult As Long, ByVal aDefinitionIndex As Long) As Long
Public Declare Function luma_result_definition_parameter_name Lib "luma.dll" Alias "luma_result_definition_parameter_name_stdcall" _
    (ByVal aResult As Long, ByVal aDefinitionIndex As Long, ByVal aIndex As Long) As Long
Public Declare Function luma_result_definition_parameter_data_type Lib "luma.dll" Alias "luma_result_definition_parameter_data_type_stdcall" _
    (ByVal aResult As Long, ByVal aDefinitionIndex As Long, ByVal aIndex As Long) As Long
Public Declare Function luma_result_definition_parameter_required Lib "luma.dll" Alias "luma_result_definition_parameter_required_stdcall" _
    (ByVal aResult As Long, ByVal aDefinitionIndex As Long, ByVal aIndex As Long) As Long
Public Declare Function luma_result_definition_parameter_caption Lib "luma.dll" Alias "luma_result_definition_parameter_caption_stdcall" _
    (ByVal aResult As Long, ByVal aDefinitionIndex As Long, ByVal aIndex As Long) As Long
Public Declare Function luma_result_definition_parameter_description Lib "luma.dll" Alias "luma_result_definition_parameter_description_stdcall" _
    (ByVal aResult As Long, ByVal aDefinitionIndex As Long, ByVal aIndex As Long) As Long
Public Declare Function luma_result_json Lib "luma.dll" Alias "luma_result_json_stdcall" _
    (ByVal aResult As Long) As Long
Public Declare Function luma_result_json_length Lib "luma.dll" Alias "luma_result_json_length_stdcall" _
    (ByVal aResult As Long) As Long
Public Declare Function luma_result_json_type Lib "luma.dll" Alias "luma_result_json_type_stdcall" _
    (ByVal aResult As Long, ByVal aJsonPointer As Long) As Long
Public Declare Function luma_result_string Lib "luma.dll" Alias "luma_result_string_stdcall" _
    (ByVal aResult As Long, ByVal aJsonPointer As Long) As Long
Public Declare Function luma_result_string_length Lib "luma.dll" Alias "luma_result_string_length_stdcall" _
    (ByVal aResult As Long, ByVal aJsonPointer As Long) As Long
Public Declare Function luma_result_text Lib "luma.dll" Alias "luma_result_text_stdcall" _
    (ByVal aResult As Long, ByVal aJsonPointer As Long, ByRef aText As Long, ByRef aLength As Long) As Long
Public Declare Function luma_result_int64 Lib "luma.dll" Alias "luma_result_int64_stdcall" _
    (ByVal aResult As Long, ByVal aJsonPointer As Long, ByRef aOut As Currency) As Long
Public Declare Function luma_result_bool Lib "luma.dll" Alias "luma_result_bool_stdcall" _
    (ByVal aResult As Long, ByVal aJsonPointer As Long, ByRef aOut As Long) As Long
Public Declare Function luma_result_count Lib "luma.dll" Alias "luma_result_count_stdcall" _
    (ByVal aResult As Long, ByVal aJsonPointer As Long, ByRef aOut As Long) As Long
Public Declare Function luma_result_request_id Lib "luma.dll" Alias "luma_result_request_id_stdcall" _
    (ByVal aResult As Long) As Long
Public Declare Function luma_result_attempts Lib "luma.dll" Alias "luma_result_attempts_stdcall" _
    (ByVal aResult As Long) As Long
Public Declare Function luma_result_timing_us Lib "luma.dll" Alias "luma_result_timing_us_stdcall" _
    (ByVal aResult As Long, ByVal aTiming As Long) As Currency
Public Declare Function luma_result_connection_reused Lib "luma.dll" Alias "luma_result_connection_reused_stdcall" _
    (ByVal aResult As Long) As Long
Public Declare Function luma_result_peer_address Lib "luma.dll" Alias "luma_result_peer_address_stdcall" _
    (ByVal aResult As Long) As Long
Public Declare Function luma_result_tls_version Lib "luma.dll" Alias "luma_result_tls_version_stdcall" _
    (ByVal aResult As Long) As Long
Public Declare Function luma_result_certificate_expires_ms Lib "luma.dll" Alias "luma_result_certificate_expires_ms_stdcall" _
    (ByVal aResult As Long) As Currency
Public Declare Function luma_result_journal_key Lib "luma.dll" Alias "luma_result_journal_key_stdcall" _
    (ByVal aResult As Long) As Long
Public Declare Function luma_result_journal_time_ms Lib "luma.dll" Alias "luma_result_journal_time_ms_stdcall" _
    (ByVal aResult As Long) As Currency
Public Declare Function luma_result_journal_recorded Lib "luma.dll" Alias "luma_result_journal_recorded_stdcall" _
    (ByVal aResult As Long) As Long
Public Declare Function luma_result_journal_count Lib "luma.dll" Alias "luma_result_journal_count_stdcall" _
    (ByVal aResult As Long) As Long
#End If
