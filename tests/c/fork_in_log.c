/*
 * Promise 2 on Unix: if the log callback forks, the call remains the parent's, whatever line is
 * logged. The child neither uses the parent's connection nor delivers the request a second time.
 * LUMA_URL and LUMA_TOKEN belong to a gateway; LUMA_CA and LUMA_PROXY are optional.
 */
#define _POSIX_C_SOURCE 200809L
#include <luma.h>

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static int line_number, fork_at, is_child, child_status, is_answered;

/* The parent goes on when the child has ended. */
static void fork_at_a_line(int32_t level, const char *line, void *user_data)
{
    pid_t child;

    (void)level;
    (void)user_data;
    if (is_child)
        return;
    is_answered = is_answered || strstr(line, "HTTP 200") != NULL;
    if (line_number++ != fork_at)
        return;
    fflush(NULL);
    child = fork();
    is_child = child == 0;
    if (!is_child)
        CHECK(waitpid(child, &child_status, 0) == child);
}

static luma_client *new_client(void)
{
    luma_config *config = NULL;
    luma_client *client = NULL;

    CHECK(luma_config_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &config) == LUMA_OK);
    CHECK(luma_config_set_allow_http(config, 1) == LUMA_OK);
    if (getenv("LUMA_CA") != NULL)
        CHECK(luma_config_set_ca_pem(config, getenv("LUMA_CA")) == LUMA_OK);
    if (getenv("LUMA_PROXY") != NULL)
        CHECK(luma_config_set_proxy(config, getenv("LUMA_PROXY")) == LUMA_OK);
    CHECK(luma_config_set_log(config, LUMA_LOG_DEBUG, fork_at_a_line, NULL) == LUMA_OK);
    /* A loaded machine may be slow between two calls. */
    CHECK(luma_config_set_trigger_max_idle_ms(config, 600000) == LUMA_OK);
    CHECK(luma_client_new_with_config(config, &client) == LUMA_OK);
    luma_config_free(config);
    return client;
}

/* Triggers a workflow and forks at a line of the log. Returns whether there was such a line. */
static int trigger(luma_client *client, int at)
{
    luma_result *result = NULL;
    int32_t status, outcome;

    line_number = is_answered = 0;
    fork_at = at;
    status = luma_trigger_workflow_json(client, "{\"workflowIdentifier\":\"w\"}", &result);
    outcome = luma_result_outcome(result);
    if (status != LUMA_OK && !is_child)
        fprintf(stderr, "fork at line %d: %s\n", at, luma_result_message(result));
    luma_result_free(result);
    if (is_child) {
        int is_right = is_answered
                           ? status == LUMA_OK
                           : status == LUMA_ERROR_CANCELLED && outcome == LUMA_OUTCOME_NOT_SENT;

        if (!is_right)
            fprintf(stderr, "child of line %d: status %d, outcome %d\n", at, status, outcome);
        luma_client_free(client);
        _exit(is_right ? 0 : 1);
    }
    CHECK(status == LUMA_OK);
    CHECK(child_status == 0);
    child_status = 0;
    return at < line_number;
}

int main(void)
{
    int is_pooled, at, calls = 0, forks = 0;

    for (is_pooled = 0; is_pooled <= 1; is_pooled++) {
        int is_forked = 1;

        for (at = 0; is_forked; at++) {
            luma_client *client = new_client();

            if (is_pooled) {
                trigger(client, -1);
                calls++;
            }
            is_forked = trigger(client, at);
            calls++;
            forks += is_forked;
            luma_client_free(client);
        }
    }
    CHECK(forks >= 6);
    printf("%d calls\n", calls);
    return closing_line();
}
