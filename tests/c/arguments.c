/*
 * Promise 2: every argument, valid or not, results in a status and nothing else.
 * LUMA_URL and LUMA_TOKEN name a simulator.
 */
#include <luma.h>

#include <math.h>
#include <stdlib.h>

#include "check.h"
#include "getters.h"

#define NOT_UTF8 "\xC3\x28"

static const char *url, *token;

/* Initial value of an out-parameter, which the call must overwrite. */
#define DIRTY(type) ((type *)(void *)&failed)

/* Relative to the root of the repository. */
#define CHAIN "tests/fixtures/tls/client-rsa.pem"
#define KEY "tests/fixtures/tls/client-rsa.pkcs1.key"

/* Tests a setter that takes a file of CA certificates. */
static size_t no_token(char *buffer, size_t size, void *user_data)
{
    (void)buffer;
    (void)size;
    (void)user_data;
    return 0;
}

static void ca_files(luma_config *config, int32_t (*take)(luma_config *, const char *))
{
    CHECK(take(config, NULL) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(take(config, NOT_UTF8) == LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(take(config, "") == LUMA_ERROR_CA_FILE);
    CHECK(take(config, "/nowhere/at all") == LUMA_ERROR_CA_FILE);
    CHECK(take(config, "/") == LUMA_ERROR_CA_FILE);
    CHECK(take(config, KEY) == LUMA_ERROR_CA_PEM);
    CHECK(take(config, "tests/fixtures/tls/ca.pem") == LUMA_OK);
    CHECK(take(NULL, "") == LUMA_ERROR_NULL_ARGUMENT_1);
}

/* Tests that a reason is returned on failure, and no handle; and the other way round. */
static void reasons(void)
{
    luma_config *config = DIRTY(luma_config);
    luma_client *client = DIRTY(luma_client);
    luma_trigger_request *request = DIRTY(luma_trigger_request);
    luma_result *reason = DIRTY(luma_result);

    CHECK(luma_config_new_with_reason(url, token, &config, NULL) == LUMA_ERROR_NULL_ARGUMENT_4);
    CHECK(config == NULL);
    CHECK(luma_config_new_with_reason(url, token, NULL, &reason) == LUMA_ERROR_NULL_ARGUMENT_3);
    CHECK_TEXT(luma_result_message(reason), "argument 3 (out) is NULL");
    luma_result_free(reason);
    config = DIRTY(luma_config);
    CHECK(luma_config_new_with_reason("", token, &config, &reason) == LUMA_ERROR_BASE_URL_SCHEME);
    CHECK(config == NULL);
    CHECK(luma_result_status(reason) == LUMA_ERROR_BASE_URL_SCHEME);
    CHECK(luma_result_outcome(reason) == LUMA_OUTCOME_NOT_SENT);
    CHECK_TEXT(luma_result_message(reason), "base_url is empty");
    luma_result_free(reason);
    CHECK(luma_config_new_with_reason(url, token, &config, &reason) == LUMA_OK);
    CHECK(config != NULL && reason == NULL);
    reason = DIRTY(luma_result);
    CHECK(luma_client_new_with_reason(config, &client, NULL) == LUMA_ERROR_NULL_ARGUMENT_3);
    CHECK(client == NULL);
    CHECK(luma_client_new_with_reason(NULL, &client, &reason) == LUMA_ERROR_NULL_ARGUMENT_1);
    luma_result_free(reason);
    CHECK(luma_client_new_with_reason(config, NULL, &reason) == LUMA_ERROR_NULL_ARGUMENT_2);
    luma_result_free(reason);
    CHECK(luma_client_new_with_reason(config, &client, &reason) == LUMA_OK);
    CHECK(client != NULL && reason == NULL);
    CHECK(luma_client_set_access_token_with_reason(client, "a", NULL) ==
          LUMA_ERROR_NULL_ARGUMENT_3);
    CHECK(luma_client_set_access_token_with_reason(NULL, "a", &reason) ==
          LUMA_ERROR_NULL_ARGUMENT_1);
    luma_result_free(reason);
    CHECK(luma_client_set_access_token_with_reason(client, "", &reason) == LUMA_ERROR_ACCESS_TOKEN);
    luma_result_free(reason);
    CHECK(luma_client_set_access_token_with_reason(client, "a", &reason) == LUMA_OK);
    CHECK(reason == NULL);
    luma_client_free(client);
    luma_config_free(config);

    CHECK(luma_trigger_request_new_with_reason("w", &request, NULL) == LUMA_ERROR_NULL_ARGUMENT_3);
    CHECK(request == NULL);
    CHECK(luma_trigger_request_new_with_reason("w", NULL, &reason) == LUMA_ERROR_NULL_ARGUMENT_2);
    luma_result_free(reason);
    CHECK(luma_trigger_request_new_with_reason(NULL, &request, &reason) ==
          LUMA_ERROR_NULL_ARGUMENT_1);
    luma_result_free(reason);
    CHECK(luma_trigger_request_new_with_reason("w", &request, &reason) == LUMA_OK);
    CHECK(request != NULL && reason == NULL);
    CHECK_TEXT(luma_trigger_request_message(request), "");
    CHECK_TEXT(luma_trigger_request_message(NULL), "");
    CHECK(luma_trigger_request_set_variable(request, "", "a") == LUMA_ERROR_VARIABLE_NAME);
    CHECK(luma_trigger_request_message(request)[0] != '\0');
    CHECK(luma_trigger_request_set_variable(request, "a", "a") == LUMA_OK);
    CHECK_TEXT(luma_trigger_request_message(request), "");
    luma_trigger_request_free(request);
}

/* A configuration from a file, or from LUMA_URL and LUMA_TOKEN. */
static void files_and_environment(void)
{
    static const char *path = "tests/fixtures/luma.json";
    luma_config *config = DIRTY(luma_config);
    luma_client *client = DIRTY(luma_client);
    luma_result *reason = DIRTY(luma_result);

    CHECK(luma_config_new_from_file(path, "none", &config, NULL) == LUMA_ERROR_NULL_ARGUMENT_4);
    CHECK(config == NULL);
    CHECK(luma_config_new_from_file(path, "none", NULL, &reason) == LUMA_ERROR_NULL_ARGUMENT_3);
    luma_result_free(reason);
    CHECK(luma_config_new_from_file(NOT_UTF8, "none", &config, &reason) ==
          LUMA_ERROR_UTF8_ARGUMENT_1);
    luma_result_free(reason);
    CHECK(luma_config_new_from_file(path, NOT_UTF8, &config, &reason) ==
          LUMA_ERROR_UTF8_ARGUMENT_2);
    luma_result_free(reason);
    config = DIRTY(luma_config);
    CHECK(luma_config_new_from_file("/nowhere/at all", NULL, &config, &reason) ==
          LUMA_ERROR_CONFIG_FILE_MISSING);
    CHECK(config == NULL);
    CHECK_TEXT(luma_result_message(reason),
               "the configuration file /nowhere/at all does not exist");
    luma_result_free(reason);
    CHECK(luma_config_new_from_file("/", NULL, &config, &reason) ==
          LUMA_ERROR_CONFIG_FILE_UNREADABLE);
    luma_result_free(reason);
    CHECK(luma_config_new_from_file(CHAIN, NULL, &config, &reason) == LUMA_ERROR_CONFIG_FILE);
    luma_result_free(reason);
    CHECK(luma_config_new_from_file(path, NULL, &config, &reason) == LUMA_ERROR_PROFILE);
    CHECK(luma_result_outcome(reason) == LUMA_OUTCOME_NOT_SENT);
    luma_result_free(reason);
    CHECK(luma_config_new_from_file(path, "none", &config, &reason) == LUMA_OK);
    CHECK(config != NULL && reason == NULL);
    CHECK_TEXT(luma_config_message(config), "settings from tests/fixtures/luma.json, profile none");
    CHECK(strstr(luma_config_journal_folder(config), "journal") != NULL);
    CHECK_TEXT(luma_config_journal_folder(NULL), "");
    CHECK(luma_config_set_timeout_ms(config, 5000) == LUMA_OK);
    CHECK_TEXT(luma_config_message(config), "");
    CHECK(luma_client_new_with_reason(config, &client, &reason) == LUMA_OK);
    luma_config_free(config);
    CHECK(luma_get_workflow_history(client, "t", &reason) == LUMA_ERROR_TOKEN_SOURCE);
    CHECK(luma_result_outcome(reason) == LUMA_OUTCOME_NOT_SENT);
    luma_result_free(reason);
    luma_client_free(client);

    CHECK(luma_config_new_from_environment(&config, NULL) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(config == NULL);
    CHECK(luma_config_new_from_environment(NULL, &reason) == LUMA_ERROR_NULL_ARGUMENT_1);
    luma_result_free(reason);
    CHECK(luma_config_new_from_environment(&config, &reason) == LUMA_OK);
    CHECK(config != NULL && reason == NULL);
    CHECK_TEXT(luma_config_message(config), "settings from LUMA_URL and LUMA_TOKEN");
    CHECK_TEXT(luma_config_journal_folder(config), "");
    luma_config_free(config);
    CHECK(luma_client_new_from_environment(&client, NULL) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(client == NULL);
    CHECK(luma_client_new_from_environment(NULL, &reason) == LUMA_ERROR_NULL_ARGUMENT_1);
    luma_result_free(reason);
    CHECK(luma_client_new_from_environment(&client, &reason) == LUMA_OK);
    CHECK(client != NULL && reason == NULL);
    luma_client_free(client);
}

static void configurations(void)
{
    luma_config *config = DIRTY(luma_config);
    luma_client *client = DIRTY(luma_client);
    char huge[8194];

    CHECK(luma_config_new(NULL, token, &config) == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(config == NULL);
    CHECK(luma_config_new(url, NULL, &config) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_config_new(url, token, NULL) == LUMA_ERROR_NULL_ARGUMENT_3);
    reasons();
    CHECK(luma_config_new(NULL, NULL, NULL) == LUMA_ERROR_NULL_ARGUMENT_3);
    CHECK(luma_config_new(NOT_UTF8, token, &config) == LUMA_ERROR_UTF8_ARGUMENT_1);
    CHECK(luma_config_new(url, NOT_UTF8, &config) == LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(luma_config_new("", token, &config) == LUMA_ERROR_BASE_URL_SCHEME);
    CHECK(luma_config_new("acme.example", token, &config) == LUMA_ERROR_BASE_URL_SCHEME);
    CHECK(luma_config_new("https://", token, &config) == LUMA_ERROR_BASE_URL_SYNTAX);
    CHECK(luma_config_new("https://u:p@a.example", token, &config) ==
          LUMA_ERROR_BASE_URL_USER_INFO);
    CHECK(luma_config_new("https://a.example:65536", token, &config) == LUMA_ERROR_BASE_URL_PORT);
    CHECK(luma_config_new(url, "", &config) == LUMA_ERROR_ACCESS_TOKEN);
    CHECK(luma_config_new(url, "a\r\nX-Y: z", &config) == LUMA_ERROR_ACCESS_TOKEN);
    memset(huge, 'x', sizeof huge - 1);
    huge[sizeof huge - 1] = '\0';
    CHECK(luma_config_new(url, huge, &config) == LUMA_ERROR_ACCESS_TOKEN);
    CHECK(config == NULL);

    CHECK(luma_config_new("http://a.example", token, &config) == LUMA_OK);
    CHECK(luma_client_new_with_config(config, &client) == LUMA_ERROR_BASE_URL_INSECURE);
    CHECK(client == NULL);
    CHECK(luma_config_set_allow_http(config, 1) == LUMA_OK);
    CHECK(luma_client_new_with_config(config, &client) == LUMA_OK);
    luma_client_free(client);
    CHECK(luma_config_set_allow_http(config, 0) == LUMA_OK);
    CHECK(luma_client_new_with_config(config, &client) == LUMA_ERROR_BASE_URL_INSECURE);
    CHECK(luma_config_set_allow_http(NULL, 1) == LUMA_ERROR_NULL_ARGUMENT_1);

    CHECK(luma_config_set_auth_scheme(config, LUMA_AUTH_API_ACCESS_KEY) == LUMA_OK);
    CHECK(luma_config_set_auth_scheme(config, LUMA_AUTH_BEARER) == LUMA_OK);
    CHECK(luma_config_set_auth_scheme(config, 0) == LUMA_ERROR_AUTH_SCHEME);
    CHECK(luma_config_set_auth_scheme(config, INT32_MIN) == LUMA_ERROR_AUTH_SCHEME);
    CHECK(luma_config_set_auth_scheme(NULL, LUMA_AUTH_BEARER) == LUMA_ERROR_NULL_ARGUMENT_1);

    CHECK(luma_config_set_timeout_ms(config, 1) == LUMA_OK);
    CHECK(luma_config_set_timeout_ms(config, 86400000) == LUMA_OK);
    CHECK(luma_config_set_timeout_ms(config, 0) == LUMA_ERROR_TIMEOUT_RANGE);
    CHECK(luma_config_set_timeout_ms(config, -1) == LUMA_ERROR_TIMEOUT_RANGE);
    CHECK(luma_config_set_timeout_ms(config, INT64_MIN) == LUMA_ERROR_TIMEOUT_RANGE);
    CHECK(luma_config_set_timeout_ms(config, INT64_MAX) == LUMA_ERROR_TIMEOUT_RANGE);
    CHECK(luma_config_set_timeout_ms(NULL, 1) == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_config_set_connect_timeout_ms(config, 86400001) == LUMA_ERROR_TIMEOUT_RANGE);
    CHECK(luma_config_set_connect_timeout_ms(config, 5) == LUMA_OK);
    CHECK(luma_config_set_connect_timeout_ms(NULL, 1) == LUMA_ERROR_NULL_ARGUMENT_1);

    CHECK(luma_config_set_max_response_bytes(config, 1) == LUMA_OK);
    CHECK(luma_config_set_max_response_bytes(config, 0) == LUMA_ERROR_MAX_RESPONSE_BYTES);
    CHECK(luma_config_set_max_response_bytes(config, INT64_MIN) == LUMA_ERROR_MAX_RESPONSE_BYTES);
    CHECK(luma_config_set_max_response_bytes(config, INT64_MAX) == LUMA_ERROR_MAX_RESPONSE_BYTES);
    CHECK(luma_config_set_max_response_bytes(NULL, 1) == LUMA_ERROR_NULL_ARGUMENT_1);

    CHECK(luma_config_set_ca_pem(config, NULL) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_config_set_ca_pem(config, NOT_UTF8) == LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(luma_config_set_ca_pem(config, "") == LUMA_ERROR_CA_PEM);
    CHECK(luma_config_set_ca_pem(config, "-----BEGIN CERTIFICATE-----\nAAAA\n"
                                         "-----END CERTIFICATE-----\n") == LUMA_ERROR_CA_PEM);
    CHECK(luma_config_set_ca_pem(NULL, "") == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_config_add_ca_pem(config, NULL) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_config_add_ca_pem(config, NOT_UTF8) == LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(luma_config_add_ca_pem(config, "no PEM") == LUMA_ERROR_CA_PEM);
    CHECK(luma_config_add_ca_pem(NULL, "") == LUMA_ERROR_NULL_ARGUMENT_1);
    ca_files(config, luma_config_set_ca_file);
    ca_files(config, luma_config_add_ca_file);

    CHECK(luma_config_set_client_certificate_pem(config, NULL, "") == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_config_set_client_certificate_pem(config, "", NULL) == LUMA_ERROR_NULL_ARGUMENT_3);
    CHECK(luma_config_set_client_certificate_pem(config, NOT_UTF8, "") ==
          LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(luma_config_set_client_certificate_pem(config, "", NOT_UTF8) ==
          LUMA_ERROR_UTF8_ARGUMENT_3);
    CHECK(luma_config_set_client_certificate_pem(config, "", "") == LUMA_ERROR_CLIENT_CERTIFICATE);
    CHECK(luma_config_set_client_certificate_pem(NULL, "", "") == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_config_set_client_certificate_file(config, NULL, "") == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_config_set_client_certificate_file(config, "", NULL) == LUMA_ERROR_NULL_ARGUMENT_3);
    CHECK(luma_config_set_client_certificate_file(config, NOT_UTF8, "") ==
          LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(luma_config_set_client_certificate_file(config, "", NOT_UTF8) ==
          LUMA_ERROR_UTF8_ARGUMENT_3);
    CHECK(luma_config_set_client_certificate_file(config, "/nowhere", "/nowhere") ==
          LUMA_ERROR_CLIENT_CERTIFICATE);
    CHECK(luma_config_set_client_certificate_file(config, CHAIN, "/nowhere") ==
          LUMA_ERROR_CLIENT_KEY);
    CHECK(luma_config_set_client_certificate_file(config, CHAIN, CHAIN) == LUMA_ERROR_CLIENT_KEY);
    CHECK(luma_config_set_client_certificate_file(config, CHAIN, KEY) == LUMA_OK);
    CHECK(luma_config_set_client_certificate_file(NULL, CHAIN, KEY) == LUMA_ERROR_NULL_ARGUMENT_1);

    CHECK(luma_config_set_token_provider(config, no_token, NULL) == LUMA_OK);
    CHECK(luma_config_set_token_provider(config, NULL, NULL) == LUMA_OK);
    CHECK(luma_config_set_token_provider(NULL, no_token, NULL) == LUMA_ERROR_NULL_ARGUMENT_1);

    CHECK(luma_config_log_to_file(config, LUMA_LOG_OFF, NULL) == LUMA_OK);
    CHECK(luma_config_log_to_file(config, LUMA_LOG_INFO, NULL) == LUMA_ERROR_NULL_ARGUMENT_3);
    CHECK(luma_config_log_to_file(config, LUMA_LOG_INFO, NOT_UTF8) == LUMA_ERROR_UTF8_ARGUMENT_3);
    CHECK(luma_config_log_to_file(config, LUMA_LOG_INFO, "") == LUMA_ERROR_LOG_FILE);
    CHECK(luma_config_log_to_file(config, 5, "luma.log") == LUMA_ERROR_LOG_LEVEL);
    CHECK(luma_config_log_to_file(NULL, LUMA_LOG_INFO, "l") == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_config_log_to_json_file(config, LUMA_LOG_INFO, "/nowhere/luma.log") ==
          LUMA_ERROR_LOG_FILE);
    CHECK(luma_config_log_to_json_file(NULL, LUMA_LOG_INFO, "l") == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(strcmp(luma_log_level_name(LUMA_LOG_OFF), "OFF") == 0);
    CHECK(strcmp(luma_log_level_name(LUMA_LOG_DEBUG), "DEBUG") == 0);
    CHECK(strcmp(luma_log_level_name(5), "") == 0 && strcmp(luma_log_level_name(-1), "") == 0);

    CHECK(luma_config_add_header(config, "X-Key", "k") == LUMA_OK);
    CHECK(luma_config_add_header(config, "x-key", "k") == LUMA_ERROR_HEADER);
    CHECK(luma_config_add_header(config, "Host", "k") == LUMA_ERROR_HEADER);
    CHECK(luma_config_add_header(config, "", "") == LUMA_ERROR_HEADER);
    CHECK(luma_config_add_header(config, NULL, "k") == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_config_add_header(config, "X", NULL) == LUMA_ERROR_NULL_ARGUMENT_3);
    CHECK(luma_config_add_header(config, NOT_UTF8, "k") == LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(luma_config_add_header(config, "X", NOT_UTF8) == LUMA_ERROR_UTF8_ARGUMENT_3);
    CHECK(luma_config_add_header(NULL, "X", "k") == LUMA_ERROR_NULL_ARGUMENT_1);

    CHECK(luma_config_set_proxy(config, "direct") == LUMA_OK);
    CHECK(luma_config_set_proxy(config, "http://u:p%40@proxy.example:3128") == LUMA_OK);
    CHECK(luma_config_set_proxy(config, "socks5h://[::1]") == LUMA_OK);
    CHECK(luma_config_set_proxy(config, NULL) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_config_set_proxy(config, NOT_UTF8) == LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(luma_config_set_proxy(config, "") == LUMA_ERROR_PROXY);
    CHECK(luma_config_set_proxy(config, "proxy.example:3128") == LUMA_ERROR_PROXY);
    CHECK(luma_config_set_proxy(config, "ftp://proxy.example") == LUMA_ERROR_PROXY);
    CHECK(luma_config_set_proxy(config, "http://u:p@x@proxy.example") == LUMA_ERROR_PROXY);
    CHECK(luma_config_set_proxy(config, "http://proxy.example:65536") == LUMA_ERROR_PROXY);
    CHECK(luma_config_set_proxy(config, "http://u:p%0D%0A@proxy.example") == LUMA_ERROR_PROXY);
    CHECK(luma_config_set_proxy(NULL, "direct") == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_config_set_auto_proxy(config, 0) == LUMA_OK);
    CHECK(luma_config_set_auto_proxy(config, -1) == LUMA_OK);
    CHECK(luma_config_set_auto_proxy(NULL, 1) == LUMA_ERROR_NULL_ARGUMENT_1);

    CHECK(luma_config_set_application_id(config, "Acme Desk/4.2") == LUMA_OK);
    CHECK(luma_config_set_application_id(config, "Acme  Desk") == LUMA_ERROR_APPLICATION_ID);
    CHECK(strstr(luma_config_message(config), "single spaces between words") != NULL);
    CHECK(luma_config_set_application_id(config, "AcmeDesk/4.2") == LUMA_OK);
    CHECK(luma_config_set_application_id(config, NULL) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_config_set_application_id(config, NOT_UTF8) == LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(luma_config_set_application_id(config, "") == LUMA_ERROR_APPLICATION_ID);
    CHECK(luma_config_set_application_id(config, "a\r\nX-Y: z") == LUMA_ERROR_APPLICATION_ID);
    CHECK(luma_config_set_application_id(NULL, "a") == LUMA_ERROR_NULL_ARGUMENT_1);

    CHECK(luma_client_new_with_config(NULL, &client) == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_client_new_with_config(config, NULL) == LUMA_ERROR_NULL_ARGUMENT_2);
    luma_config_free(config);

    CHECK(luma_client_new(NULL, token, &client) == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_client_new(url, NULL, &client) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_client_new(url, token, NULL) == LUMA_ERROR_NULL_ARGUMENT_3);
    CHECK(luma_client_new(NOT_UTF8, token, &client) == LUMA_ERROR_UTF8_ARGUMENT_1);
    CHECK(luma_client_new(url, NOT_UTF8, &client) == LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(luma_client_new("http://a.example", token, &client) == LUMA_ERROR_BASE_URL_INSECURE);
    CHECK(client == NULL);
}

static void requests(void)
{
    luma_trigger_request *request = DIRTY(luma_trigger_request);
    char *megabyte = (char *)malloc(1 << 20);
    char *huge = (char *)malloc((16 << 20) + 2);
    luma_trigger_request *refused = NULL;
    luma_client *no_client = NULL;

    CHECK(luma_trigger_request_new(NULL, &request) == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(request == NULL);
    CHECK(luma_trigger_request_new("w", NULL) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_trigger_request_new(NOT_UTF8, &request) == LUMA_ERROR_UTF8_ARGUMENT_1);
    CHECK(luma_trigger_request_new("", &request) == LUMA_ERROR_WORKFLOW_IDENTIFIER);
    CHECK(luma_trigger_request_new("a\nb", &request) == LUMA_ERROR_WORKFLOW_IDENTIFIER);
    memset(megabyte, 'w', (1 << 20) - 1);
    megabyte[(1 << 20) - 1] = '\0';
    CHECK(luma_trigger_request_new(megabyte, &request) == LUMA_ERROR_WORKFLOW_IDENTIFIER);
    free(megabyte);

    CHECK(luma_trigger_request_new("w", &request) == LUMA_OK);
    CHECK(luma_trigger_request_set_variable(NULL, "a", "b") == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_trigger_request_set_variable(request, NULL, "b") == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_trigger_request_set_variable(request, "a", NULL) == LUMA_ERROR_NULL_ARGUMENT_3);
    CHECK(luma_trigger_request_set_variable(request, NOT_UTF8, "b") == LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(luma_trigger_request_set_variable(request, "a", NOT_UTF8) == LUMA_ERROR_UTF8_ARGUMENT_3);
    CHECK(luma_trigger_request_set_variable(request, "", "b") == LUMA_ERROR_VARIABLE_NAME);
    CHECK(luma_trigger_request_set_variable(request, "a", "") == LUMA_OK);
    memset(huge, 'x', (16 << 20) + 1);
    huge[(16 << 20) + 1] = '\0';
    CHECK(luma_trigger_request_set_variable(request, "a", huge) == LUMA_ERROR_REQUEST_TOO_LARGE);
    CHECK(luma_trigger_request_new(huge, &refused) == LUMA_ERROR_REQUEST_TOO_LARGE);
    CHECK(luma_client_new(huge, token, &no_client) == LUMA_ERROR_REQUEST_TOO_LARGE);
    CHECK(refused == NULL && no_client == NULL);
    huge[65537] = '\0';
    CHECK(luma_trigger_request_set_secret_variable(request, "a", huge) ==
          LUMA_ERROR_REQUEST_TOO_LARGE);
    free(huge);

    CHECK(luma_trigger_request_set_secret_variable(NULL, "a", "b") == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_trigger_request_set_secret_variable(request, NULL, "b") ==
          LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_trigger_request_set_secret_variable(request, "a", NULL) ==
          LUMA_ERROR_NULL_ARGUMENT_3);
    CHECK(luma_trigger_request_set_secret_variable(request, NOT_UTF8, "b") ==
          LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(luma_trigger_request_set_secret_variable(request, "a", NOT_UTF8) ==
          LUMA_ERROR_UTF8_ARGUMENT_3);
    CHECK(luma_trigger_request_set_secret_variable(request, "", "b") == LUMA_ERROR_VARIABLE_NAME);
    CHECK(luma_trigger_request_set_secret_variable(request, "a", "") == LUMA_OK);

    CHECK(luma_trigger_request_set_variable_int64(NULL, "a", 1) == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_trigger_request_set_variable_int64(request, NULL, 1) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_trigger_request_set_variable_int64(request, NOT_UTF8, 1) ==
          LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(luma_trigger_request_set_variable_int64(request, "", 1) == LUMA_ERROR_VARIABLE_NAME);
    CHECK(luma_trigger_request_set_variable_double(NULL, "a", 1) == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_trigger_request_set_variable_double(request, NULL, 1) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_trigger_request_set_variable_double(request, NOT_UTF8, 1) ==
          LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(luma_trigger_request_set_variable_double(request, "", 1) == LUMA_ERROR_VARIABLE_NAME);
    CHECK(luma_trigger_request_set_variable_double(request, "a", NAN) == LUMA_ERROR_JSON);
    CHECK_TEXT(luma_trigger_request_message(request),
               "variable \"a\" is NaN, which JSON cannot express; send a string, or omit the "
               "variable");
    CHECK(luma_trigger_request_set_variable_double(request, "a", -INFINITY) == LUMA_ERROR_JSON);
    CHECK(strstr(luma_trigger_request_message(request), "\"a\" is infinite, which") != NULL);
    CHECK(luma_trigger_request_set_variable_bool(NULL, "a", 1) == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_trigger_request_set_variable_bool(request, NULL, 1) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_trigger_request_set_variable_bool(request, NOT_UTF8, 1) ==
          LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(luma_trigger_request_set_variable_bool(request, "", 1) == LUMA_ERROR_VARIABLE_NAME);
    CHECK(luma_trigger_request_set_variable_json(NULL, "a", "1") == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_trigger_request_set_variable_json(request, NULL, "1") == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_trigger_request_set_variable_json(request, "a", NULL) == LUMA_ERROR_NULL_ARGUMENT_3);
    CHECK(luma_trigger_request_set_variable_json(request, NOT_UTF8, "1") ==
          LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(luma_trigger_request_set_variable_json(request, "a", NOT_UTF8) ==
          LUMA_ERROR_UTF8_ARGUMENT_3);
    CHECK(luma_trigger_request_set_variable_json(request, "", "1") == LUMA_ERROR_VARIABLE_NAME);
    CHECK(luma_trigger_request_set_variable_json(request, "a", "{") == LUMA_ERROR_JSON);
    CHECK(luma_trigger_request_set_variable_json(request, "a", "") == LUMA_ERROR_JSON);

    CHECK(luma_trigger_request_set_variables_json(NULL, "{}") == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_trigger_request_set_variables_json(request, NULL) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_trigger_request_set_variables_json(request, NOT_UTF8) == LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(luma_trigger_request_set_variables_json(request, "[]") == LUMA_ERROR_VARIABLES);
    CHECK(luma_trigger_request_set_variables_json(request, "{\"a\":}") == LUMA_ERROR_JSON);
    CHECK(luma_trigger_request_set_variables_json(request, "{\"\":1}") == LUMA_ERROR_VARIABLE_NAME);

    CHECK(luma_trigger_request_set_initiator(NULL, 1, -4) == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_trigger_request_set_initiator(request, INT64_MIN, 4711) == LUMA_OK);
    CHECK(luma_trigger_request_set_initiator(request, 1, INT64_MAX) ==
          LUMA_ERROR_INITIATOR_APPLICATION);
    CHECK(luma_trigger_request_set_initiator(request, 1, INT64_MIN) ==
          LUMA_ERROR_INITIATOR_APPLICATION);

    CHECK(luma_trigger_request_set_initiation_info(NULL, "a", "b") == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_trigger_request_set_initiation_info(request, NULL, "b") ==
          LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_trigger_request_set_initiation_info(request, "a", NULL) ==
          LUMA_ERROR_NULL_ARGUMENT_3);
    CHECK(luma_trigger_request_set_initiation_info(request, NOT_UTF8, "b") ==
          LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(luma_trigger_request_set_initiation_info(request, "a", NOT_UTF8) ==
          LUMA_ERROR_UTF8_ARGUMENT_3);
    CHECK(luma_trigger_request_set_initiation_info(request, "", "b") == LUMA_ERROR_INITIATION_INFO);
    luma_trigger_request_free(request);
}

/* An invalid call returns a result that says so, and sends nothing. */
static void check_not_sent(luma_result *result, int32_t status, int32_t expected, const char *name)
{
    CHECK(status == expected);
    CHECK(luma_result_status(result) == expected);
    CHECK(luma_result_outcome(result) == LUMA_OUTCOME_NOT_SENT);
    CHECK(luma_result_http_status(result) == 0);
    CHECK(luma_result_retry_after_ms(result) == -1);
    CHECK(luma_result_error_count(result) == 0);
    CHECK_TEXT(luma_result_error(result, 0), "");
    CHECK_TEXT(luma_result_json(result), "");
    CHECK(luma_result_json_length(result) == 0);
    CHECK(strstr(luma_result_message(result), name) != NULL);
    check_has_only(result, HAS_NOTHING);
    luma_result_free(result);
}

static void calls(const luma_client *client)
{
    luma_trigger_request *request = NULL;
    luma_result *result = DIRTY(luma_result);
    int32_t status;

    CHECK(luma_trigger_request_new("reset_password", &request) == LUMA_OK);
    status = luma_trigger_workflow(NULL, request, &result);
    check_not_sent(result, status, LUMA_ERROR_NULL_ARGUMENT_1, "client");
    status = luma_trigger_workflow(client, NULL, &result);
    check_not_sent(result, status, LUMA_ERROR_NULL_ARGUMENT_2, "request");
    CHECK(luma_trigger_workflow(client, request, NULL) == LUMA_ERROR_NULL_ARGUMENT_3);
    CHECK(luma_trigger_workflow(NULL, NULL, NULL) == LUMA_ERROR_NULL_ARGUMENT_3);

    CHECK(luma_trigger_request_set_initiator(request, 1, LUMA_APPLICATION_ISM) == LUMA_OK);
    status = luma_trigger_workflow(client, request, &result);
    check_not_sent(result, status, LUMA_ERROR_TICKET_IDENTIFIER, "ticketIdentifier");
    CHECK(luma_trigger_request_set_initiator(request, 1, LUMA_APPLICATION_LUMA) == LUMA_OK);
    status = luma_trigger_workflow(client, request, &result);
    check_not_sent(result, status, LUMA_ERROR_LUMA_CHANNEL_ACCOUNT_ID, "lumaChannelAccountId");
    luma_trigger_request_free(request);

    status = luma_trigger_workflow_json(NULL, "{}", &result);
    check_not_sent(result, status, LUMA_ERROR_NULL_ARGUMENT_1, "client");
    status = luma_trigger_workflow_json(client, NULL, &result);
    check_not_sent(result, status, LUMA_ERROR_NULL_ARGUMENT_2, "request_json");
    status = luma_trigger_workflow_json(client, NOT_UTF8, &result);
    check_not_sent(result, status, LUMA_ERROR_UTF8_ARGUMENT_2, "request_json");
    status = luma_trigger_workflow_json(client, "{\"workflowIdentifier\":", &result);
    check_not_sent(result, status, LUMA_ERROR_JSON, "request_json");
    status = luma_trigger_workflow_json(client, "{}", &result);
    check_not_sent(result, status, LUMA_ERROR_WORKFLOW_IDENTIFIER, "workflowIdentifier");
    status = luma_trigger_workflow_json(client, "[\"w\",{},1,-7,{}]", &result);
    check_not_sent(result, status, LUMA_ERROR_JSON, "request_json");
    status = luma_trigger_workflow_json(client, "{\"workflowIdentifier\":\"w\",\"variables\":[]}",
                                        &result);
    check_not_sent(result, status, LUMA_ERROR_VARIABLES, "variables");
    status = luma_trigger_workflow_json(
        client, "{\"workflowIdentifier\":\"w\",\"initiatorApplicationId\":1e9}", &result);
    check_not_sent(result, status, LUMA_ERROR_INITIATOR_APPLICATION, "initiatorApplicationId");
    status = luma_trigger_workflow_json(
        client, "{\"workflowIdentifier\":\"w\",\"initiationInfo\":7}", &result);
    check_not_sent(result, status, LUMA_ERROR_INITIATION_INFO, "initiationInfo");
    CHECK(luma_trigger_workflow_json(client, "{}", NULL) == LUMA_ERROR_NULL_ARGUMENT_3);
}

/* Makes a call with one argument given; the others are valid. */
typedef int32_t (*call_with)(const luma_client *, const char *, luma_result **);

static int32_t history_of(const luma_client *client, const char *id, luma_result **out)
{
    return luma_get_workflow_history(client, id, out);
}

static int32_t steps_of(const luma_client *client, const char *id, luma_result **out)
{
    return luma_list_workflow_steps(client, id, NULL, NULL, 0, 0, out);
}

static int32_t step_of(const luma_client *client, const char *id, luma_result **out)
{
    return luma_get_workflow_step(client, id, "800", out);
}

static int32_t launch_url_of(const luma_client *client, const char *id, luma_result **out)
{
    return luma_generate_launch_url(client, id, out);
}

static int32_t must_not_be_called(const luma_result *result, void *user_data)
{
    (void)result;
    (void)user_data;
    CHECK(!"called although the wait was refused");
    return 0;
}

static int32_t wait_for(const luma_client *client, const char *id, luma_result **out)
{
    return luma_wait_for_workflow(client, id, 1000, must_not_be_called, NULL, out);
}

static int32_t wait_or_suspension(const luma_client *client, const char *id, luma_result **out)
{
    return luma_wait_for_workflow_or_suspension(client, id, 1000, must_not_be_called, NULL, out);
}

static int32_t step_with_id(const luma_client *client, const char *id, luma_result **out)
{
    return luma_get_workflow_step(client, "t", id, out);
}

static int32_t token_of(const luma_client *client, const char *id, luma_result **out)
{
    return luma_regenerate_tenant_token(client, token, id, out);
}

static int32_t token_with(const luma_client *client, const char *admin, luma_result **out)
{
    return luma_regenerate_tenant_token(client, admin, "tenant", out);
}

static int32_t steps_where(const luma_client *client, const char *filter, luma_result **out)
{
    return luma_list_workflow_steps(client, "t", filter, NULL, 0, 0, out);
}

static int32_t steps_by(const luma_client *client, const char *order_by, luma_result **out)
{
    return luma_list_workflow_steps(client, "t", NULL, order_by, 0, 0, out);
}

static int32_t definitions_where(const luma_client *client, const char *filter, luma_result **out)
{
    return luma_list_workflow_definitions(client, filter, NULL, 0, 0, out);
}

static int32_t definitions_by(const luma_client *client, const char *order_by, luma_result **out)
{
    return luma_list_workflow_definitions(client, NULL, order_by, 0, 0, out);
}

static void refused(const luma_client *client, call_with call, const char *argument,
                    int32_t expected, const char *name)
{
    luma_result *result = DIRTY(luma_result);
    int32_t status = call(client, argument, &result);

    check_not_sent(result, status, expected, name);
}

/* Positions of arguments count from 1. */
static void unreadable(const luma_client *client, call_with call, int32_t position,
                       const char *name)
{
    refused(NULL, call, "x", LUMA_ERROR_NULL_ARGUMENT_1, "client");
    refused(client, call, NOT_UTF8, LUMA_ERROR_UTF8_ARGUMENT_1 - 1 + position, name);
}

static void bad_ids(const luma_client *client, call_with call, int32_t position, int32_t expected,
                    const char *name)
{
    char huge[1026];

    unreadable(client, call, position, name);
    refused(client, call, NULL, LUMA_ERROR_NULL_ARGUMENT_1 - 1 + position, name);
    refused(client, call, "", expected, name);
    refused(client, call, "a/b", expected, name);
    refused(client, call, "..", expected, name);
    refused(client, call, "a..b", expected, name);
    refused(client, call, "a\nb", expected, name);
    refused(client, call, "a\x7f", expected, name);
    memset(huge, 'x', sizeof huge - 1);
    huge[sizeof huge - 1] = '\0';
    refused(client, call, huge, expected, name);
}

static void bad_text(const luma_client *client, call_with call, int32_t position, int32_t expected,
                     const char *name)
{
    char huge[4098];

    unreadable(client, call, position, name);
    refused(client, call, "a\r\nb", expected, name);
    memset(huge, 'x', sizeof huge - 1);
    huge[sizeof huge - 1] = '\0';
    refused(client, call, huge, expected, name);
}

static void bad_tokens(const luma_client *client)
{
    char huge[8194];

    unreadable(client, token_with, 2, "super_admin_token");
    refused(client, token_with, NULL, LUMA_ERROR_NULL_ARGUMENT_2, "super_admin_token");
    refused(client, token_with, "", LUMA_ERROR_SUPER_ADMIN_TOKEN, "super_admin_token");
    refused(client, token_with, "a b", LUMA_ERROR_SUPER_ADMIN_TOKEN, "super_admin_token");
    refused(client, token_with, "a\r\nX-Y: z", LUMA_ERROR_SUPER_ADMIN_TOKEN, "super_admin_token");
    refused(client, token_with, "\xC3\xA4", LUMA_ERROR_SUPER_ADMIN_TOKEN, "super_admin_token");
    memset(huge, 'x', sizeof huge - 1);
    huge[sizeof huge - 1] = '\0';
    refused(client, token_with, huge, LUMA_ERROR_SUPER_ADMIN_TOKEN, "super_admin_token");
}

static void derived_clients(const luma_client *client)
{
    luma_client *other = NULL;
    int32_t number;

    CHECK(luma_client_with_timeout_ms(NULL, 1, &other) == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_client_with_timeout_ms(client, 1, NULL) == LUMA_ERROR_NULL_ARGUMENT_3);
    CHECK(luma_client_with_timeout_ms(client, INT64_MIN, &other) == LUMA_ERROR_TIMEOUT_RANGE);
    CHECK(luma_client_with_own_cancel(NULL, &other) == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_client_with_own_cancel(client, NULL) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(other == NULL);
    CHECK(luma_client_drain(NULL, 0) == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_client_drain((luma_client *)client, -1) == LUMA_ERROR_TIMEOUT_RANGE);
    CHECK(luma_client_drain((luma_client *)client, 86400001) == LUMA_ERROR_TIMEOUT_RANGE);
    CHECK(luma_client_counter(NULL, LUMA_COUNTER_RETRIES) == -1);
    CHECK(luma_client_counter(client, 0) == -1);
    CHECK(luma_client_counter(client, INT32_MIN) == -1);
    for (number = 1; luma_counter_name(number)[0] != '\0'; number++)
        CHECK(luma_client_counter(client, number) >= 0);
    CHECK(number == LUMA_COUNTER_WAITS_OPEN + 1);
    CHECK(luma_client_counter(client, number) == -1);
    CHECK_TEXT(luma_counter_name(0), "");
}

/* Invalid tokens change nothing: results() still uses the first one. */
static void invalid_tokens(luma_client *client)
{
    CHECK(luma_client_set_access_token(NULL, token) == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_client_set_access_token(client, NULL) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_client_set_access_token(client, NOT_UTF8) == LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(luma_client_set_access_token(client, "") == LUMA_ERROR_ACCESS_TOKEN);
    CHECK(luma_client_set_access_token(client, "a b") == LUMA_ERROR_ACCESS_TOKEN);
    CHECK(luma_client_set_access_token(client, "a\r\nX-Y: z") == LUMA_ERROR_ACCESS_TOKEN);
}

static void windows(const luma_client *client, int64_t skip, int64_t top, int32_t expected,
                    const char *name)
{
    luma_result *result = DIRTY(luma_result);
    int32_t status = luma_list_workflow_steps(client, "t", NULL, NULL, skip, top, &result);

    check_not_sent(result, status, expected, name);
    status = luma_list_workflow_definitions(client, "", "", skip, top, &result);
    check_not_sent(result, status, expected, name);
}

static void timeouts(const luma_client *client, int64_t timeout_ms)
{
    luma_result *result = DIRTY(luma_result);
    int32_t status = luma_wait_for_workflow(client, "t", timeout_ms, must_not_be_called,
                                            DIRTY(void), &result);

    check_not_sent(result, status, LUMA_ERROR_TIMEOUT_RANGE, "timeout");
    status = luma_wait_for_workflow_or_suspension(client, "t", timeout_ms, must_not_be_called,
                                                  DIRTY(void), &result);
    check_not_sent(result, status, LUMA_ERROR_TIMEOUT_RANGE, "timeout");
}

static void reads(const luma_client *client)
{
    luma_result *result = NULL;

    bad_ids(client, history_of, 2, LUMA_ERROR_TRIGGER_ID, "trigger_id");
    bad_ids(client, steps_of, 2, LUMA_ERROR_TRIGGER_ID, "trigger_id");
    bad_ids(client, step_of, 2, LUMA_ERROR_TRIGGER_ID, "trigger_id");
    bad_ids(client, step_with_id, 3, LUMA_ERROR_STEP_ID, "step_id");
    bad_ids(client, launch_url_of, 2, LUMA_ERROR_TRIGGER_ID, "trigger_id");
    bad_ids(client, token_of, 3, LUMA_ERROR_TENANT_EXTERNAL_ID, "tenant_external_id");
    bad_ids(client, wait_for, 2, LUMA_ERROR_TRIGGER_ID, "trigger_id");
    bad_ids(client, wait_or_suspension, 2, LUMA_ERROR_TRIGGER_ID, "trigger_id");

    bad_text(client, steps_where, 3, LUMA_ERROR_FILTER, "filter");
    bad_text(client, steps_by, 4, LUMA_ERROR_ORDER_BY, "order_by");
    bad_text(client, definitions_where, 2, LUMA_ERROR_FILTER, "filter");
    bad_text(client, definitions_by, 3, LUMA_ERROR_ORDER_BY, "order_by");
    bad_tokens(client);

    windows(client, -1, 0, LUMA_ERROR_SKIP, "skip");
    windows(client, INT64_MIN, 1, LUMA_ERROR_SKIP, "skip");
    windows(client, 0, -1, LUMA_ERROR_TOP, "top");
    windows(client, INT64_MAX, INT64_MIN, LUMA_ERROR_TOP, "top");
    timeouts(client, 0);
    timeouts(client, -1);
    timeouts(client, 86400001);
    timeouts(client, INT64_MIN);
    timeouts(client, INT64_MAX);

    CHECK(luma_client_connect(client, NULL) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_client_connect(NULL, NULL) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_client_connect(NULL, &result) == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_result_outcome(result) == LUMA_OUTCOME_NOT_SENT);
    check_has_only(result, HAS_NOTHING);
    luma_result_free(result);
    CHECK_TEXT(luma_result_peer_address(NULL), "");
    CHECK_TEXT(luma_result_tls_version(NULL), "");
    CHECK(luma_result_certificate_expires_ms(NULL) == -1);
    CHECK(luma_get_workflow_history(client, "t", NULL) == LUMA_ERROR_NULL_ARGUMENT_3);
    CHECK(luma_list_workflow_steps(client, "t", "", "", 0, 0, NULL) == LUMA_ERROR_NULL_ARGUMENT_7);
    CHECK(luma_get_workflow_step(client, "t", "1", NULL) == LUMA_ERROR_NULL_ARGUMENT_4);
    CHECK(luma_generate_launch_url(client, "t", NULL) == LUMA_ERROR_NULL_ARGUMENT_3);
    CHECK(luma_list_workflow_definitions(client, "", "", 0, 0, NULL) == LUMA_ERROR_NULL_ARGUMENT_6);
    CHECK(luma_regenerate_tenant_token(client, token, "t", NULL) == LUMA_ERROR_NULL_ARGUMENT_4);
    CHECK(luma_wait_for_workflow(client, "t", 1000, must_not_be_called, NULL, NULL) ==
          LUMA_ERROR_NULL_ARGUMENT_6);
    CHECK(luma_wait_for_workflow_or_suspension(client, "t", 1000, must_not_be_called, NULL, NULL) ==
          LUMA_ERROR_NULL_ARGUMENT_6);
    CHECK(luma_wait_for_workflow(NULL, NULL, -1, NULL, NULL, NULL) == LUMA_ERROR_NULL_ARGUMENT_6);
}

static int32_t no_claim(const char *key, const char *digest, const char *intent_json,
                        char *trigger_id, size_t size, void *user_data)
{
    (void)key;
    (void)digest;
    (void)intent_json;
    (void)trigger_id;
    (void)size;
    (void)user_data;
    CHECK(0);
    return LUMA_CLAIM_GRANTED;
}

static int32_t no_completion(const char *key, int32_t outcome, const char *trigger_id,
                             void *user_data)
{
    (void)key;
    (void)outcome;
    (void)trigger_id;
    (void)user_data;
    CHECK(0);
    return 0;
}

static int32_t claims_as_told(const char *key, const char *digest, const char *intent_json,
                              char *trigger_id, size_t size, void *user_data)
{
    const char *const *claim = (const char *const *)user_data;

    CHECK(key[0] != '\0' && digest[0] != '\0' && intent_json[0] == '{');
    CHECK(strlen(claim[1]) < size);
    strcpy(trigger_id, claim[1]);
    return atoi(claim[0]);
}

/* Each claim of a store of one's own, as a number, and its trigger id. Nothing is sent. */
static void claims(const luma_client *client, const luma_trigger_request *request)
{
    static const struct {
        const char *claim[2];
        int32_t status;
    } cases[] = {
        {{"2", "run-7"}, LUMA_ALREADY_ACCEPTED},     {{"2", ""}, LUMA_ERROR_JOURNAL_STORE},
        {{"2", NOT_UTF8}, LUMA_ERROR_JOURNAL_STORE}, {{"3", ""}, LUMA_ERROR_KEY_IN_PROGRESS},
        {{"4", ""}, LUMA_ERROR_KEY_UNRESOLVED},      {{"5", ""}, LUMA_ERROR_KEY_OTHER_REQUEST},
        {{"0", ""}, LUMA_ERROR_JOURNAL_STORE},       {{"-1", ""}, LUMA_ERROR_JOURNAL_STORE},
    };
    const int64_t sent = luma_client_counter(client, LUMA_COUNTER_BYTES_SENT);
    luma_result *result = NULL;
    size_t i;

    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK(luma_trigger_workflow_once_with_store(client, claims_as_told, no_completion,
                                                    (void *)cases[i].claim, "s", "k", request,
                                                    &result) == cases[i].status);
        CHECK(luma_result_message(result)[0] != '\0');
        CHECK_TEXT(luma_result_trigger_id(result), i == 0 ? "run-7" : "");
        luma_result_free(result);
    }
    CHECK(luma_client_counter(client, LUMA_COUNTER_BYTES_SENT) == sent);
}

/* A journal that does not exist, and arguments that are checked before it is needed. */
static void journals(const luma_client *client)
{
    luma_result *result = DIRTY(luma_result);
    luma_journal *journal = DIRTY(luma_journal);
    luma_trigger_request *request = NULL;
    int32_t status;

    CHECK(luma_journal_create(NULL, "https://a.example", &result) == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK_TEXT(luma_result_message(result), "argument 1 (folder) is NULL");
    luma_result_free(result);
    CHECK(luma_journal_create("no/such/folder", NULL, &result) == LUMA_ERROR_NULL_ARGUMENT_2);
    luma_result_free(result);
    CHECK(luma_journal_create("\xff", "https://a.example", &result) == LUMA_ERROR_UTF8_ARGUMENT_1);
    luma_result_free(result);
    CHECK(luma_journal_create("no/such/folder", "a", &result) == LUMA_ERROR_BASE_URL_SCHEME);
    luma_result_free(result);
    CHECK(luma_journal_create("no/such/folder", "https://a.example", &result) ==
          LUMA_ERROR_JOURNAL_IO);
    luma_result_free(result);
    CHECK(luma_journal_create("a", "b", NULL) == LUMA_ERROR_NULL_ARGUMENT_3);
    CHECK(luma_journal_open("no/such/folder", &journal, &result) == LUMA_ERROR_JOURNAL_FOLDER);
    CHECK(journal == NULL && luma_result_outcome(result) == LUMA_OUTCOME_NOT_SENT);
    luma_result_free(result);
    CHECK(luma_journal_open("a", NULL, &result) == LUMA_ERROR_NULL_ARGUMENT_2);
    luma_result_free(result);
    CHECK(luma_journal_open(NULL, &journal, &result) == LUMA_ERROR_NULL_ARGUMENT_1);
    luma_result_free(result);
    journal = DIRTY(luma_journal);
    CHECK(luma_journal_open("a", &journal, NULL) == LUMA_ERROR_NULL_ARGUMENT_3 && journal == NULL);
    luma_journal_free(NULL);

    CHECK(luma_trigger_request_new("w", &request) == LUMA_OK);
    CHECK(luma_trigger_request_exclude_from_digest(NULL, "a") == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_trigger_request_exclude_from_digest(request, NULL) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_trigger_request_exclude_from_digest(request, "\xff") == LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(luma_trigger_request_exclude_from_digest(request, "") == LUMA_ERROR_VARIABLE_NAME);
    status = luma_trigger_workflow_once(NULL, NULL, "k", request, &result);
    check_not_sent(result, status, LUMA_ERROR_NULL_ARGUMENT_1, "client");
    status = luma_trigger_workflow_once(client, NULL, "k", request, &result);
    check_not_sent(result, status, LUMA_ERROR_NULL_ARGUMENT_2, "journal");
    CHECK(luma_trigger_workflow_once(client, NULL, "k", request, NULL) ==
          LUMA_ERROR_NULL_ARGUMENT_5);
    status = luma_trigger_workflow_once_with_store(client, NULL, no_completion, NULL, "s", "k",
                                                   request, &result);
    check_not_sent(result, status, LUMA_ERROR_NULL_ARGUMENT_2, "claim");
    status = luma_trigger_workflow_once_with_store(client, no_claim, NULL, NULL, "s", "k", request,
                                                   &result);
    check_not_sent(result, status, LUMA_ERROR_NULL_ARGUMENT_3, "complete");
    status = luma_trigger_workflow_once_with_store(client, no_claim, no_completion, NULL, "", "k",
                                                   request, &result);
    check_not_sent(result, status, LUMA_ERROR_JOURNAL_STORE, "digest_secret");
    status = luma_trigger_workflow_once_with_store(client, no_claim, no_completion, NULL, "s",
                                                   "\xff", request, &result);
    check_not_sent(result, status, LUMA_ERROR_UTF8_ARGUMENT_6, "key");
    status = luma_trigger_workflow_once_with_store(client, no_claim, no_completion, NULL, "s", "",
                                                   request, &result);
    check_not_sent(result, status, LUMA_ERROR_KEY, "key");
    status = luma_trigger_workflow_once_with_store(client, no_claim, no_completion, NULL, "s", "k",
                                                   NULL, &result);
    check_not_sent(result, status, LUMA_ERROR_NULL_ARGUMENT_7, "request");
    CHECK(luma_trigger_workflow_once_with_store(client, no_claim, no_completion, NULL, "s", "k",
                                                request, NULL) == LUMA_ERROR_NULL_ARGUMENT_8);
    claims(client, request);
    luma_trigger_request_free(request);

    CHECK(luma_journal_find(NULL, "k", NULL) == LUMA_ERROR_NULL_ARGUMENT_3);
    CHECK(luma_journal_find(NULL, "k", &result) == LUMA_ERROR_NULL_ARGUMENT_1);
    luma_result_free(result);
    CHECK(luma_journal_unfinished(NULL, &result) == LUMA_ERROR_NULL_ARGUMENT_1);
    luma_result_free(result);
    CHECK(luma_journal_acknowledge(NULL, "k", &result) == LUMA_ERROR_NULL_ARGUMENT_1);
    luma_result_free(result);
    CHECK(luma_journal_resolve(NULL, "k", NULL, "w", "r", &result) == LUMA_ERROR_NULL_ARGUMENT_1);
    luma_result_free(result);
    CHECK(luma_journal_new_attempt(NULL, "k", "w", "r", &result) == LUMA_ERROR_NULL_ARGUMENT_1);
    luma_result_free(result);
    CHECK(luma_journal_prune(NULL, 0, &result) == LUMA_ERROR_NULL_ARGUMENT_1);
    luma_result_free(result);
    CHECK_TEXT(luma_result_journal_key(NULL), "");
    CHECK(luma_result_journal_time_ms(NULL) == -1 && luma_result_journal_recorded(NULL) == 0);
    CHECK(luma_result_journal_count(NULL) == 0);
}

static void check_no_text(const luma_result *result, const char *pointer, int32_t expected)
{
    const char *text = NULL;
    size_t length = 7;

    CHECK(luma_result_text(result, pointer, &text, &length) == expected && length == 0);
    CHECK_TEXT(text, "");
}

static void results(const luma_client *client)
{
    luma_result *result = NULL;
    int32_t truth;
    int64_t number = 7;
    size_t count = 7;
    const char *name;

    CHECK(luma_trigger_workflow_json(
              client,
              "{\"workflowIdentifier\":\"reset_password\",\"variables\":{\"userName\":\"x\"}}",
              &result) == LUMA_OK);
    CHECK(luma_result_outcome(result) == LUMA_OUTCOME_ACCEPTED);
    CHECK(luma_result_http_status(result) == 200);
    CHECK(strlen(luma_result_trigger_id(result)) == 36);
    CHECK(strstr(luma_result_message(result), luma_result_trigger_id(result)) != NULL);
    CHECK(strlen(luma_result_json(result)) == luma_result_json_length(result));
    CHECK(luma_result_retry_after_ms(result) == -1);
    check_has_only(result, HAS_TRIGGER);

    name = luma_result_string(result, "/resultData/executionConfig/name");
    CHECK_TEXT(name, "Reset Password");
    CHECK(luma_result_string_length(result, "/resultData/executionConfig/name") == 14);
    CHECK(luma_result_string(result, "/resultData/executionConfig/name") == name);
    CHECK_TEXT(luma_result_string(result, "/statusCode"), "0");
    CHECK_TEXT(luma_result_string(result, "/errors"), "");
    CHECK_TEXT(luma_result_string(result, ""), luma_result_json(result));
    CHECK_TEXT(luma_result_string(result, "/nowhere"), "");
    CHECK_TEXT(luma_result_string(result, NULL), "");
    CHECK_TEXT(luma_result_string(result, NOT_UTF8), "");
    CHECK_TEXT(luma_result_string(NULL, "/status"), "");
    CHECK(luma_result_string_length(result, NULL) == 0);
    CHECK(luma_result_string_length(NULL, "/status") == 0);

    CHECK(luma_result_text(result, "/status", &name, &count) == LUMA_OK && count == 7);
    CHECK_TEXT(name, "Success");
    CHECK(name == luma_result_string(result, "/status"));
    CHECK(luma_result_text(result, "/errors", &name, &count) == LUMA_OK && count == 0);
    CHECK_TEXT(name, "");
    check_no_text(result, "/nowhere", LUMA_ERROR_POINTER_NOT_FOUND);
    check_no_text(result, "status", LUMA_ERROR_POINTER_SYNTAX);
    check_no_text(result, NULL, LUMA_ERROR_NULL_ARGUMENT_2);
    check_no_text(result, NOT_UTF8, LUMA_ERROR_UTF8_ARGUMENT_2);
    check_no_text(NULL, "/status", LUMA_ERROR_NULL_ARGUMENT_1);
    count = 7;
    CHECK(luma_result_text(result, "/status", NULL, &count) == LUMA_ERROR_NULL_ARGUMENT_3);
    CHECK(count == 0);
    name = NULL;
    CHECK(luma_result_text(result, "/status", &name, NULL) == LUMA_ERROR_NULL_ARGUMENT_4);
    CHECK_TEXT(name, "");

    CHECK(luma_result_json_type(result, "") == LUMA_JSON_OBJECT);
    CHECK(luma_result_json_type(result, "/status") == LUMA_JSON_STRING);
    CHECK(luma_result_json_type(result, "/timestamp") == LUMA_JSON_NUMBER);
    CHECK(luma_result_json_type(result, "/errors") == LUMA_JSON_NULL);
    CHECK(luma_result_json_type(result, "/nowhere") == LUMA_JSON_ABSENT);
    CHECK(luma_result_json_type(result, "nowhere") == LUMA_JSON_ABSENT);
    CHECK(luma_result_json_type(result, NULL) == LUMA_JSON_ABSENT);
    CHECK(luma_result_json_type(result, NOT_UTF8) == LUMA_JSON_ABSENT);
    CHECK(luma_result_json_type(NULL, "") == LUMA_JSON_ABSENT);

    CHECK(luma_result_int64(result, "/timestamp", &number) == LUMA_OK && number > 2147483647);
    CHECK(luma_result_int64(result, "/status", &number) == LUMA_ERROR_POINTER_TYPE && number == 0);
    CHECK(luma_result_int64(result, "/nowhere", &number) == LUMA_ERROR_POINTER_NOT_FOUND);
    CHECK(luma_result_int64(result, "status", &number) == LUMA_ERROR_POINTER_SYNTAX);
    CHECK(luma_result_int64(result, NULL, &number) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_result_int64(result, NOT_UTF8, &number) == LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(luma_result_int64(result, "/timestamp", NULL) == LUMA_ERROR_NULL_ARGUMENT_3);
    CHECK(luma_result_int64(NULL, "/timestamp", &number) == LUMA_ERROR_NULL_ARGUMENT_1);
    truth = -1;
    CHECK(luma_result_bool(result, "/status", &truth) == LUMA_ERROR_POINTER_TYPE && truth == 0);
    CHECK(luma_result_bool(result, "/nowhere", &truth) == LUMA_ERROR_POINTER_NOT_FOUND);
    CHECK(luma_result_bool(result, "status", &truth) == LUMA_ERROR_POINTER_SYNTAX);
    CHECK(luma_result_bool(result, NULL, &truth) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_result_bool(result, NOT_UTF8, &truth) == LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(luma_result_bool(result, "/status", NULL) == LUMA_ERROR_NULL_ARGUMENT_3);
    CHECK(luma_result_bool(NULL, "/status", &truth) == LUMA_ERROR_NULL_ARGUMENT_1);

    CHECK(luma_result_count(result, "/resultData", &count) == LUMA_OK && count == 2);
    CHECK(luma_result_count(result, "/status", &count) == LUMA_ERROR_POINTER_TYPE && count == 0);
    CHECK(luma_result_count(result, "/nowhere", &count) == LUMA_ERROR_POINTER_NOT_FOUND);
    CHECK(luma_result_count(result, "~", &count) == LUMA_ERROR_POINTER_SYNTAX);
    /* luma_result_string returns "" for all of these; the type distinguishes them. */
    CHECK(luma_result_count(result, "/errors", &count) == LUMA_ERROR_POINTER_TYPE);
    CHECK(luma_result_json_type(result, "/errors") == LUMA_JSON_NULL);
    CHECK(luma_result_json_type(result, "/nowhere") == LUMA_JSON_ABSENT);
    CHECK(luma_result_json_type(result, "~") == LUMA_JSON_ABSENT);
    CHECK(luma_result_count(result, NULL, &count) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_result_count(result, NOT_UTF8, &count) == LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(luma_result_count(result, "", NULL) == LUMA_ERROR_NULL_ARGUMENT_3);
    CHECK(luma_result_count(NULL, "", &count) == LUMA_ERROR_NULL_ARGUMENT_1);
    luma_result_free(result);

    CHECK(luma_trigger_workflow_json(client, "{\"workflowIdentifier\":\"reset_password\"}",
                                     &result) == LUMA_ERROR_VALIDATION);
    CHECK(luma_result_outcome(result) == LUMA_OUTCOME_REJECTED);
    CHECK(luma_result_error_count(result) == 1);
    CHECK_TEXT(luma_result_error(result, 0), "User name is required");
    CHECK_TEXT(luma_result_error(result, 1), "");
    CHECK_TEXT(luma_result_error(result, (size_t)-1), "");
    check_has_only(result, HAS_NOTHING);
    luma_result_free(result);

    CHECK(luma_result_status(NULL) == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_result_page_status(NULL) == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_result_outcome(NULL) == 0);
    CHECK(luma_result_http_status(NULL) == 0);
    CHECK_TEXT(luma_result_message(NULL), "");
    CHECK(luma_result_error_count(NULL) == 0);
    CHECK_TEXT(luma_result_error(NULL, 0), "");
    check_has_only(NULL, HAS_NOTHING);
    CHECK(luma_result_retry_after_ms(NULL) == -1);
    CHECK_TEXT(luma_result_json(NULL), "");
    CHECK(luma_result_json_length(NULL) == 0);
}

static void names_and_messages(void)
{
    int32_t status;

    CHECK_TEXT(luma_version(), LUMA_VERSION);
#if LUMA_VERSION_NUMBER < 0x000100
    CHECK(0);
#endif
    CHECK_TEXT(luma_outcome_name(LUMA_OUTCOME_ACCEPTED), "ACCEPTED");
    CHECK_TEXT(luma_outcome_name(LUMA_OUTCOME_NOT_SENT), "NOT_SENT");
    CHECK_TEXT(luma_outcome_name(0), "");
    CHECK_TEXT(luma_outcome_name(INT32_MIN), "");
    CHECK_TEXT(luma_run_status_name(LUMA_RUN_RUNNING), "RUNNING");
    CHECK_TEXT(luma_run_status_name(LUMA_RUN_SUSPENDED), "SUSPENDED");
    CHECK_TEXT(luma_run_status_name(LUMA_RUN_ACTIVATED), "ACTIVATED");
    CHECK_TEXT(luma_run_status_name(LUMA_RUN_COMPLETED), "COMPLETED");
    CHECK_TEXT(luma_run_status_name(LUMA_RUN_FAILED), "FAILED");
    CHECK_TEXT(luma_run_status_name(LUMA_RUN_TERMINATED), "TERMINATED");
    CHECK_TEXT(luma_run_status_name(LUMA_RUN_OTHER), "OTHER");
    CHECK_TEXT(luma_run_status_name(LUMA_RUN_NONE), "");
    CHECK_TEXT(luma_run_status_name(-1), "");
    CHECK_TEXT(luma_run_status_name(INT32_MIN), "");
    for (status = -1; status <= LUMA_RUN_OTHER + 1; status++)
        CHECK(luma_run_status_is_final(status) ==
              (status == LUMA_RUN_COMPLETED || status == LUMA_RUN_FAILED ||
               status == LUMA_RUN_TERMINATED));
    CHECK_TEXT(luma_status_message(LUMA_OK), "success");
    CHECK_TEXT(luma_status_message(luma_client_new(NULL, token, NULL)), "argument 3 is NULL");
    CHECK_TEXT(luma_status_name(LUMA_ERROR_UNAUTHORIZED), "LUMA_ERROR_UNAUTHORIZED");
    for (status = -1; status < 1000; status++)
        CHECK((luma_status_name(status)[0] == '\0') ==
              (strcmp(luma_status_message(status), "unknown status") == 0));
    CHECK_TEXT(luma_status_message(INT32_MAX), "unknown status");
    CHECK_TEXT(luma_status_name(INT32_MIN), "");
}

int main(void)
{
    luma_client *client = NULL;

    url = getenv("LUMA_URL");
    token = getenv("LUMA_TOKEN");
    CHECK(luma_client_new(url, token, &client) == LUMA_OK);
    names_and_messages();
    configurations();
    files_and_environment();
    requests();
    calls(client);
    journals(client);
    reads(client);
    derived_clients(client);
    invalid_tokens(client);
    results(client);
    luma_client_free(client);
    luma_client_free(NULL);
    luma_config_free(NULL);
    luma_trigger_request_free(NULL);
    luma_result_free(NULL);
    return closing_line();
}
