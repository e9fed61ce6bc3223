/*
 * Triggers with a journal and without one, for strace: what does a call cost? LUMA_URL and
 * LUMA_TOKEN belong to a gateway; the argument is the folder of the new journal.
 */
#define _GNU_SOURCE
#include <luma.h>

#include <stdlib.h>
#include <unistd.h>

#include "check.h"

static luma_client *client;
static luma_journal *journal;

/* Appears in the trace. There is no such descriptor. */
static void mark(const char *name)
{
    CHECK(write(999, name, strlen(name)) == -1);
}

static void once(const char *key, const luma_trigger_request *request, int32_t expected)
{
    luma_result *result = NULL;

    CHECK(luma_trigger_workflow_once(client, journal, key, request, &result) == expected);
    luma_result_free(result);
}

int main(int argc, char **argv)
{
    luma_trigger_request *request = NULL, *wrong = NULL;
    luma_result *result = NULL;
    luma_config *config = NULL;
    int round;

    CHECK(argc == 2);
    CHECK(luma_config_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &config) == LUMA_OK);
    CHECK(luma_config_set_trigger_max_idle_ms(config, 600000) == LUMA_OK);
    CHECK(luma_client_new_with_config(config, &client) == LUMA_OK);
    CHECK(luma_trigger_request_new("reset_password", &wrong) == LUMA_OK);
    CHECK(luma_trigger_request_new("reset_password", &request) == LUMA_OK);
    CHECK(luma_trigger_request_set_variable(request, "userName", "jdoe") == LUMA_OK);
    CHECK(luma_journal_create(argv[1], getenv("LUMA_URL"), &result) == LUMA_OK);
    CHECK(luma_journal_open(argv[1], &journal, &result) == LUMA_OK);
    once("rejected", wrong, LUMA_ERROR_VALIDATION);
    once("warm", request, LUMA_OK);
    for (round = 0; round < 2; round++) {
        usleep(100000);
        if (round == 1)
            mark("plain");
        CHECK(luma_trigger_workflow(client, request, &result) == LUMA_OK);
        luma_result_free(result);
    }
    mark("pause");
    usleep(100000);
    mark("new");
    once("new", request, LUMA_OK);
    mark("again");
    once("new", request, LUMA_ALREADY_ACCEPTED);
    mark("rejected");
    once("rejected", request, LUMA_OK);
    mark("end");
    luma_journal_free(journal);
    luma_trigger_request_free(request);
    luma_trigger_request_free(wrong);
    luma_config_free(config);
    luma_client_free(client);
    return closing_line();
}
