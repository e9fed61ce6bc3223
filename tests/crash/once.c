/*
 * Triggers each key once, in a thread of its own, and ends. tests/it/crash.rs controls it.
 *
 *     once URL FOLDER SOCKET WORKFLOW KEY [WORKFLOW KEY]...
 *
 * With the workflow "prune", removes the finished keys instead.
 */
#include <luma.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls.h"

static const char *folder, *channel_path;
static char **first;
static luma_client *client;

static void require(int32_t status)
{
    if (status != LUMA_OK)
        exit(2);
}

static void *trigger(void *arguments)
{
    const char *workflow = ((char **)arguments)[0], *key = ((char **)arguments)[1];
    luma_trigger_request *request = NULL;
    luma_journal *journal = NULL;
    luma_result *result = NULL;
    char text[512];

    require(luma_trigger_request_new(workflow, &request));
    require(luma_trigger_request_set_variable(request, "userName", "jdoe"));
    require(luma_trigger_request_set_initiator(request, 1, LUMA_APPLICATION_ISM));
    require(luma_trigger_request_set_initiation_info(request, "ticketIdentifier", key));
    control(channel_path);
    snprintf(text, sizeof text, "thread %d\n", (int)((char **)arguments - first) / 2);
    say(text);
    if (luma_journal_open(folder, &journal, &result) == LUMA_OK) {
        if (strcmp(workflow, "prune") == 0)
            luma_journal_prune(journal, 0, &result);
        else
            luma_trigger_workflow_once(client, journal, key, request, &result);
        luma_journal_free(journal);
    }
    snprintf(text, sizeof text, "result %s %s %s %d\n",
             luma_status_name(luma_result_status(result)),
             luma_outcome_name(luma_result_outcome(result)), luma_result_trigger_id(result),
             luma_result_journal_recorded(result));
    say(text);
    luma_result_free(result);
    luma_trigger_request_free(request);
    return NULL;
}

int main(int count, char **arguments)
{
    luma_config *config = NULL;
    pthread_t threads[8];
    int number = (count - 4) / 2, i;

    folder = arguments[2];
    channel_path = arguments[3];
    first = arguments + 4;
    require(luma_config_new(arguments[1], getenv("LUMA_TOKEN"), &config));
    /* So that each call makes the same calls of the C library. */
    require(luma_config_set_retries(config, 0));
    require(luma_config_set_max_idle_connections(config, 0));
    require(luma_client_new_with_config(config, &client));
    for (i = 0; i < number && i < 8; i++)
        require(pthread_create(&threads[i], NULL, trigger, first + 2 * i));
    for (i = 0; i < number && i < 8; i++)
        pthread_join(threads[i], NULL);
    luma_client_free(client);
    luma_config_free(config);
    return 0;
}
