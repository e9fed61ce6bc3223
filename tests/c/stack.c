/*
 * Promise 2 on Unix: a call needs no more stack than luma.h says, even over TLS, with a log and
 * with a response in gzip. LUMA_URL and LUMA_TOKEN belong to a server with a certificate of the CA
 * in LUMA_CA, which responds to a trigger and then to a workflow history, in gzip.
 */
#define _POSIX_C_SOURCE 200809L
#include <luma.h>

#include <pthread.h>
#include <stdlib.h>

#include "check.h"

#define STACK_BYTES (96 * 1024)

static void ignore(int32_t level, const char *line, void *user_data)
{
    (void)level;
    (void)line;
    (void)user_data;
}

static void *call(void *unused)
{
    luma_config *config = NULL;
    luma_client *client = NULL;
    luma_result *result = NULL;

    (void)unused;
    CHECK(luma_config_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &config) == LUMA_OK);
    CHECK(luma_config_set_ca_file(config, getenv("LUMA_CA")) == LUMA_OK);
    CHECK(luma_config_set_log(config, LUMA_LOG_DEBUG, ignore, NULL) == LUMA_OK);
    CHECK(luma_client_new_with_config(config, &client) == LUMA_OK);
    CHECK(luma_trigger_workflow_json(client, "{\"workflowIdentifier\":\"w\"}", &result) == LUMA_OK);
    luma_result_free(result);
    CHECK(luma_get_workflow_history(client, "id", &result) == LUMA_OK);
    CHECK_TEXT(luma_result_run_status_text(result), "COMPLETED");
    luma_result_free(result);
    luma_client_free(client);
    luma_config_free(config);
    return NULL;
}

int main(void)
{
    pthread_attr_t attributes;
    pthread_t thread;

    CHECK(pthread_attr_init(&attributes) == 0);
    CHECK(pthread_attr_setstacksize(&attributes, STACK_BYTES) == 0);
    CHECK(pthread_create(&thread, &attributes, call, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    return closing_line();
}
