/*
 * Promise 3 from C: an HTTPS gateway with a private CA, reached directly and through a proxy.
 * LUMA_URL is its URL, LUMA_CA_PEM the certificate of its CA, which CA_FILE in the current
 * directory also contains, and LUMA_PROXY the URL of the proxy.
 */
#define _POSIX_C_SOURCE 199309L /* for nanosleep */
#include <luma.h>

#include <stdlib.h>
#ifdef _WIN32
#include <windows.h>
#else
#include <time.h>
#endif

#include "check.h"

/* A path is UTF-8 on every system. */
#define CA_FILE "zertifikat-\xC3\xBC-\xE8\xA8\xBC\xE6\x98\x8E\xE6\x9B\xB8.pem"

/* A connection is used for a second trigger when it was idle for two round trips, which are long on
   a busy machine. If less than 50 ms are missing, the call waits; otherwise it opens another one.
 */
static void let_it_rest(void)
{
#ifdef _WIN32
    Sleep(300);
#else
    struct timespec pause = {0, 300000000};

    nanosleep(&pause, NULL);
#endif
}

/* Triggers twice, on one connection if there is one. */
static void check_trigger(const luma_config *config, int32_t expected)
{
    luma_client *client = NULL;
    luma_result *result = NULL;
    int i;

    CHECK(luma_client_new_with_config(config, &client) == LUMA_OK);
    if (expected == LUMA_OK) {
        CHECK(luma_client_connect(client, &result) == LUMA_OK);
        CHECK_TEXT(luma_result_tls_version(result), "TLS 1.3");
        CHECK(luma_result_certificate_expires_ms(result) > INT64_C(1800000000000));
        CHECK(strncmp(luma_result_peer_address(result), "127.0.0.1:", 10) == 0);
        CHECK(luma_result_timing_us(result, LUMA_TIMING_TLS) > 0);
        luma_result_free(result);
    }
    for (i = 0; i < 2; i++) {
        int32_t status = luma_trigger_workflow_json(
            client, "{\"workflowIdentifier\":\"w\",\"variables\":{}}", &result);

        CHECK(status == expected);
        CHECK(luma_result_outcome(result) ==
              (expected == LUMA_OK ? LUMA_OUTCOME_ACCEPTED : LUMA_OUTCOME_NOT_SENT));
        if (status != expected)
            fprintf(stderr, "%s\n", luma_result_message(result));
        luma_result_free(result);
        if (status == LUMA_OK)
            let_it_rest();
    }
    luma_client_free(client);
}

int main(void)
{
    luma_config *config = NULL;

    CHECK(luma_config_new(getenv("LUMA_URL"), "a-token", &config) == LUMA_OK);
    /* Under valgrind a handshake is slow on a loaded machine; each connection is counted. */
    CHECK(luma_config_set_connect_timeout_ms(config, 600000) == LUMA_OK);
    CHECK(luma_config_set_timeout_ms(config, 600000) == LUMA_OK);
    CHECK(luma_config_set_trigger_max_idle_ms(config, 600000) == LUMA_OK);
    CHECK(luma_config_set_retries(config, 0) == LUMA_OK);
    check_trigger(config, LUMA_ERROR_TLS);
    CHECK(luma_config_set_ca_pem(config, getenv("LUMA_CA_PEM")) == LUMA_OK);
    check_trigger(config, LUMA_OK);
    CHECK(luma_config_set_ca_file(config, "no-" CA_FILE) == LUMA_ERROR_CA_FILE);
    CHECK(luma_config_set_ca_file(config, CA_FILE) == LUMA_OK);
    check_trigger(config, LUMA_OK);
    CHECK(luma_config_set_proxy(config, getenv("LUMA_PROXY")) == LUMA_OK);
    check_trigger(config, LUMA_OK);
    luma_config_free(config);
    return closing_line();
}
