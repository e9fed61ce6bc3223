/*
 * Promise 2 on Unix: the host process may fork, have no handler for SIGPIPE, cancel calls and log.
 * LUMA_URL and LUMA_TOKEN belong to a simulator; LUMA_CLOSING_URL is a server that resets each
 * connection while a request is being sent.
 */
#define _POSIX_C_SOURCE 200809L
#include <luma.h>

#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define REQUEST "{\"workflowIdentifier\":\"unlock_account\",\"variables\":{\"userName\":\"x\"}}"
/* It runs for three minutes. */
#define LONG_RUN "{\"workflowIdentifier\":\"patch_server\",\"variables\":{\"hostName\":\"h\"}}"

static int lines, secrets;
/* The callback runs on each thread that logs. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void count_line(int32_t level, const char *line, void *user_data)
{
    pthread_mutex_lock(&lock);
    lines += level >= LUMA_LOG_ERROR && level <= LUMA_LOG_DEBUG && line[0] == '[';
    secrets += strstr(line, (const char *)user_data) != NULL;
    pthread_mutex_unlock(&lock);
}

static int lines_at[LUMA_LOG_DEBUG + 1];

static void count_level(int32_t level, const char *line, void *user_data)
{
    (void)user_data;
    CHECK(level >= LUMA_LOG_ERROR && level <= LUMA_LOG_DEBUG && line[0] != '\0');
    lines_at[level]++;
}

/* A token that the gateway refuses, then the right one: the call is retried without a pause. */
static size_t give_token(char *buffer, size_t size, void *user_data)
{
    int *const asked = (int *)user_data;
    const char *token = (*asked)++ == 0 ? "wrong" : getenv("LUMA_TOKEN");

    CHECK(strlen(token) < size);
    strcpy(buffer, token);
    return strlen(token);
}

/* A level includes the ones before it. The calls: one that succeeds after a retry, and one that
 * fails. */
static void log_up_to_each_level(void)
{
    int32_t most, level;

    for (most = LUMA_LOG_OFF; most <= LUMA_LOG_DEBUG; most++) {
        luma_config *config = NULL;
        luma_client *client = NULL;
        luma_result *result = NULL;
        int asked = 0;

        memset(lines_at, 0, sizeof lines_at);
        CHECK(luma_config_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &config) == LUMA_OK);
        CHECK(luma_config_set_log(config, most, count_level, NULL) == LUMA_OK);
        CHECK(luma_config_set_token_provider(config, give_token, &asked) == LUMA_OK);
        CHECK(luma_client_new_with_config(config, &client) == LUMA_OK);
        luma_config_free(config);
        CHECK(luma_trigger_workflow_json(client, REQUEST, &result) == LUMA_OK);
        luma_result_free(result);
        CHECK(luma_trigger_workflow_json(client, "[]", &result) == LUMA_ERROR_JSON);
        luma_result_free(result);
        luma_client_free(client);
        for (level = LUMA_LOG_ERROR; level <= LUMA_LOG_DEBUG; level++)
            CHECK(level <= most || lines_at[level] == 0);
        CHECK((lines_at[LUMA_LOG_ERROR] == 1) == (most >= LUMA_LOG_ERROR));
        CHECK((lines_at[LUMA_LOG_WARN] == 1) == (most >= LUMA_LOG_WARN));
        CHECK((lines_at[LUMA_LOG_INFO] > 1) == (most >= LUMA_LOG_INFO));
        CHECK((lines_at[LUMA_LOG_DEBUG] > 0) == (most >= LUMA_LOG_DEBUG));
    }
}

static luma_client *logging_client(void)
{
    luma_config *config = NULL;
    luma_client *client = NULL;

    CHECK(luma_config_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &config) == LUMA_OK);
    CHECK(luma_config_set_log(config, 5, count_line, NULL) == LUMA_ERROR_LOG_LEVEL);
    CHECK(luma_config_message(config)[0] != '\0');
    CHECK(luma_config_set_log(config, LUMA_LOG_DEBUG, count_line, getenv("LUMA_TOKEN")) == LUMA_OK);
    CHECK_TEXT(luma_config_message(config), "");
    /* A loaded machine may be slow between two calls. */
    CHECK(luma_config_set_trigger_max_idle_ms(config, 600000) == LUMA_OK);
    CHECK(luma_client_new_with_config(config, &client) == LUMA_OK);
    luma_config_free(config);
    return client;
}

/* True if a trigger was accepted; sets whether it used an idle connection. */
static int trigger(const luma_client *client, int *reused)
{
    luma_result *result = NULL;
    int accepted = luma_trigger_workflow_json(client, REQUEST, &result) == LUMA_OK;

    if (!accepted)
        fprintf(stderr, "%s\n", luma_result_message(result));
    CHECK(luma_result_attempts(result) == 1);
    CHECK(luma_result_request_id(result)[0] != '\0');
    CHECK(luma_result_timing_us(result, LUMA_TIMING_TOTAL) >=
          luma_result_timing_us(result, LUMA_TIMING_FIRST_BYTE));
    *reused = luma_result_connection_reused(result);
    CHECK((luma_result_timing_us(result, LUMA_TIMING_CONNECT) == -1) == *reused);
    CHECK(luma_result_timing_us(result, LUMA_TIMING_TLS) == -1);
    CHECK(luma_result_timing_us(result, 6) == -1);
    luma_result_free(result);
    return accepted;
}

/* The child opens its own connection, and its cancel does not affect the parent. */
static void fork_with_an_open_connection(luma_client *client)
{
    int reused = 0, status = 0;
    pid_t child;

    CHECK(trigger(client, &reused));
    child = fork();
    if (child == 0) {
        int right = trigger(client, &reused) && !reused;

        right = right && trigger(client, &reused) && reused;
        right = right && luma_client_cancel(client) == LUMA_OK;
        luma_client_free(client);
        _exit(right && failed == 0 ? 0 : 1);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(trigger(client, &reused) && reused);
}

/* The default action of SIGPIPE would end this program. */
static void write_to_a_closed_connection(void)
{
    static char text[4 << 20];
    luma_client *client = NULL;
    luma_trigger_request *request = NULL;
    luma_result *result = NULL;

    memset(text, 'x', sizeof text - 1);
    CHECK(luma_client_new(getenv("LUMA_CLOSING_URL"), "t", &client) == LUMA_OK);
    CHECK(luma_trigger_request_new("w", &request) == LUMA_OK);
    CHECK(luma_trigger_request_set_variable(request, "text", text) == LUMA_OK);
    CHECK(luma_trigger_workflow(client, request, &result) == LUMA_ERROR_CONNECTION_LOST);
    CHECK(luma_result_outcome(result) == LUMA_OUTCOME_UNKNOWN);
    luma_result_free(result);
    luma_trigger_request_free(request);
    luma_client_free(client);
}

/* Cancels when the request has surely been sent, on a loaded machine too. Returns NULL if that
 * succeeded. */
static void *cancel_later(void *client)
{
    struct timespec pause = {3, 0};

    nanosleep(&pause, NULL);
    return luma_client_cancel((luma_client *)client) == LUMA_OK ? NULL : client;
}

/* Cancels all calls of the client, or those of a scope. */
static void cancel_a_call_that_hangs(luma_client *client, int is_alone)
{
    luma_client *named = NULL, *scope = NULL;
    luma_result *result = NULL;
    void *not_cancelled;
    pthread_t thread;

    CHECK(luma_client_with_request_id(client, "INC-1", &named) == LUMA_OK);
    CHECK(luma_client_with_own_cancel(named, &scope) == LUMA_OK);
    luma_client_free(named);
    CHECK(luma_client_with_timeout_ms(scope, 86400000, &named) == LUMA_OK);
    CHECK(pthread_create(&thread, NULL, cancel_later, is_alone ? scope : client) == 0);
    CHECK(luma_trigger_workflow_json(named, "{\"workflowIdentifier\":\"fault-hang\"}", &result) ==
          LUMA_ERROR_CANCELLED);
    CHECK(pthread_join(thread, &not_cancelled) == 0 && not_cancelled == NULL);
    CHECK(luma_result_outcome(result) == LUMA_OUTCOME_UNKNOWN);
    CHECK_TEXT(luma_result_request_id(result), "INC-1");
    luma_result_free(result);
    luma_client_free(scope);
    luma_client_free(named);
}

/* Frees the other client at the first poll and stops the wait at the second. */
static int32_t free_the_other(const luma_result *result, void *other)
{
    luma_client **client = (luma_client **)other;
    int32_t is_second = *client == NULL;

    (void)result;
    luma_client_free(*client);
    *client = NULL;
    return is_second;
}

static void free_one_while_the_other_calls(void)
{
    int i;

    for (i = 0; i < 2; i++) {
        luma_client *client = logging_client(), *named = NULL, *calls, *other;
        luma_result *run = NULL, *result = NULL;
        int32_t status;

        CHECK(luma_client_with_request_id(client, "INC-2", &named) == LUMA_OK);
        CHECK(luma_trigger_workflow_json(client, LONG_RUN, &run) == LUMA_OK);
        calls = i == 0 ? client : named;
        other = i == 0 ? named : client;
        status = luma_wait_for_workflow(calls, luma_result_trigger_id(run), 600000, free_the_other,
                                        &other, &result);
        CHECK(status == LUMA_ERROR_WAIT_STOPPED);
        CHECK(luma_result_poll_count(result) == 2 && other == NULL);
        luma_result_free(result);
        luma_result_free(run);
        luma_client_free(calls);
    }
}

int main(void)
{
    luma_client *client = logging_client();
    int reused;

    log_up_to_each_level();
    fork_with_an_open_connection(client);
    write_to_a_closed_connection();
    cancel_a_call_that_hangs(client, 0);
    cancel_a_call_that_hangs(client, 1);
    free_one_while_the_other_calls();
    CHECK(trigger(client, &reused) && !reused);
    luma_client_free(client);
    CHECK(lines > 10);
    CHECK(secrets == 0);
    return closing_line();
}
