/* Sets of waits. Run with a simulator, and one whose clock is stopped. */
#include <luma.h>

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#ifndef _WIN32
#include <sys/wait.h>
#include <unistd.h>
#endif

#include "check.h"

#define RUNS 6

static luma_client *new_client(const char *url)
{
    luma_client *client = NULL;

    CHECK(luma_client_new(getenv(url), getenv("LUMA_TOKEN"), &client) == LUMA_OK);
    return client;
}

static luma_wait_set *new_set(const luma_client *client)
{
    luma_wait_set *set = NULL;

    CHECK(luma_wait_set_new(client, &set) == LUMA_OK);
    return set;
}

/* Calls next, for a result about the whole set. */
static void next_is(luma_wait_set *set, int64_t timeout_ms, int32_t expected)
{
    luma_result *result = NULL;
    void *user_data = set;
    int32_t status = luma_wait_set_next(set, timeout_ms, &result, &user_data);

    CHECK(status == expected && luma_result_status(result) == expected);
    CHECK(user_data == NULL);
    CHECK_TEXT(luma_result_trigger_id(result), "");
    CHECK(luma_result_run_status(result) == LUMA_RUN_NONE);
    CHECK(luma_result_message(result)[0] != '\0');
    luma_result_free(result);
}

static void all_runs_end(void)
{
    luma_client *client = new_client("LUMA_URL");
    luma_wait_set *set = new_set(client);
    luma_result *triggers[RUNS], *result = NULL;
    int open[RUNS] = {0}, ended[RUNS] = {0}, i;

    next_is(set, -1, LUMA_ERROR_SET_EMPTY);
    for (i = 0; i < RUNS; i++) {
        CHECK(luma_trigger_workflow_json(client,
                                         "{\"workflowIdentifier\":\"unlock_account\","
                                         "\"variables\":{\"userName\":\"jdoe\"}}",
                                         &triggers[i]) == LUMA_OK);
        CHECK(luma_wait_set_add(set, luma_result_trigger_id(triggers[i]), 60000, &triggers[i]) ==
              LUMA_OK);
    }
    CHECK(luma_wait_set_add(set, luma_result_trigger_id(triggers[0]), 0, NULL) ==
          LUMA_ERROR_ALREADY_IN_SET);
    /* The set keeps what it needs. */
    luma_client_free(client);
    CHECK(luma_wait_set_count(set) == RUNS);
    while (luma_wait_set_count(set) > 0) {
        void *user_data = NULL;
        int32_t status = luma_wait_set_next(set, -1, &result, &user_data);
        int run = (int)((luma_result **)user_data - triggers);

        CHECK(run >= 0 && run < RUNS);
        CHECK_TEXT(luma_result_trigger_id(result), luma_result_trigger_id(triggers[run]));
        if (status == LUMA_ERROR_WAIT_OPEN) {
            CHECK(luma_result_run_status(result) == LUMA_RUN_RUNNING);
            open[run]++;
        } else {
            CHECK(status == LUMA_OK && luma_result_run_status(result) == LUMA_RUN_COMPLETED);
            CHECK(luma_result_outcome(result) == LUMA_OUTCOME_ACCEPTED);
            CHECK(luma_result_poll_count(result) > 0);
            ended[run]++;
        }
        luma_result_free(result);
    }
    for (i = 0; i < RUNS; i++) {
        CHECK(open[i] <= 1 && ended[i] == 1);
        luma_result_free(triggers[i]);
    }
    next_is(set, 0, LUMA_ERROR_SET_EMPTY);
    luma_wait_set_free(set);
}

static void one_run_does_not_end(const luma_client *stopped, const char *id)
{
    luma_wait_set *set = new_set(stopped);
    luma_result *result = NULL;
    int user_data = 0;
    void *returned = NULL;

    CHECK(luma_wait_set_max_polls_per_second(set, 100) == LUMA_OK);
    CHECK(luma_wait_set_add(set, id, 2000, &user_data) == LUMA_OK);
    CHECK(luma_wait_set_next(set, 0, &result, &returned) == LUMA_ERROR_WAIT_OPEN);
    CHECK(returned == &user_data && luma_result_run_status(result) == LUMA_RUN_SUSPENDED);
    luma_result_free(result);
    next_is(set, 0, LUMA_ERROR_NOTHING_CHANGED);
    next_is(set, 300, LUMA_ERROR_NOTHING_CHANGED);
    CHECK(luma_wait_set_wake(set) == LUMA_OK);
    next_is(set, -1, LUMA_ERROR_WOKEN);
    CHECK(luma_wait_set_next(set, -1, &result, NULL) == LUMA_ERROR_WAIT_TIMEOUT);
    CHECK_TEXT(luma_result_trigger_id(result), id);
    CHECK(luma_result_run_status(result) == LUMA_RUN_SUSPENDED);
    CHECK(luma_result_run_start_time_ms(result) > 2147483647);
    luma_result_free(result);
    CHECK(luma_wait_set_count(set) == 0);
    CHECK(luma_wait_set_remove(set, id) == LUMA_ERROR_NOT_IN_SET);

    /* An error of one run. */
    CHECK(luma_wait_set_add(set, "fault-status-403", 0, &user_data) == LUMA_OK);
    CHECK(luma_wait_set_add(set, id, 0, NULL) == LUMA_OK);
    CHECK(luma_wait_set_next(set, -1, &result, &returned) == LUMA_ERROR_FORBIDDEN);
    CHECK_TEXT(luma_result_trigger_id(result), "fault-status-403");
    CHECK(luma_result_http_status(result) == 403 && returned == &user_data);
    luma_result_free(result);
    CHECK(luma_wait_set_count(set) == 1);
    CHECK(luma_wait_set_remove(set, id) == LUMA_OK);
    next_is(set, -1, LUMA_ERROR_SET_EMPTY);

    /* A set may be freed with runs in it. */
    CHECK(luma_wait_set_add(set, id, 0, NULL) == LUMA_OK);
    luma_wait_set_free(set);
}

static void *close_set(void *set)
{
    struct timespec time = {0, 300000000};

    nanosleep(&time, NULL);
    CHECK(luma_wait_set_close(set) == LUMA_OK);
    return NULL;
}

#ifndef _WIN32
/* The set belongs to the parent. */
static void forked(luma_wait_set *set, const char *id)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        next_is(set, -1, LUMA_ERROR_CANCELLED);
        CHECK(luma_wait_set_add(set, "x", 0, NULL) == LUMA_ERROR_CANCELLED);
        CHECK(luma_wait_set_remove(set, id) == LUMA_ERROR_CANCELLED);
        CHECK(luma_wait_set_max_polls_per_second(set, 1) == LUMA_ERROR_CANCELLED);
        CHECK(luma_wait_set_count(set) == 0);
        CHECK(luma_wait_set_wake(set) == LUMA_OK);
        luma_wait_set_free(set);
        _exit(failed == 0 ? 0 : 1);
    }
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
#endif

static void closed_and_forked(const char *id)
{
    luma_client *client = new_client("LUMA_STOPPED_URL");
    luma_wait_set *set = new_set(client), *other = new_set(client);
    luma_result *result = NULL;
    pthread_t thread;

    CHECK(luma_wait_set_add(set, id, 0, NULL) == LUMA_OK);
    CHECK(luma_wait_set_next(set, -1, &result, NULL) == LUMA_ERROR_WAIT_OPEN);
    luma_result_free(result);
#ifndef _WIN32
    forked(set, id);
#endif

    CHECK(pthread_create(&thread, NULL, close_set, set) == 0);
    next_is(set, -1, LUMA_ERROR_SET_CLOSED);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(luma_wait_set_close(set) == LUMA_OK);
    next_is(set, 0, LUMA_ERROR_SET_CLOSED);
    CHECK(luma_wait_set_add(set, "x", 0, NULL) == LUMA_ERROR_SET_CLOSED);
    CHECK(luma_wait_set_count(set) == 1);
    luma_wait_set_free(set);

    /* The client is not affected. */
    CHECK(luma_get_workflow_history(client, id, &result) == LUMA_OK);
    luma_result_free(result);
    CHECK(luma_wait_set_add(other, id, 0, NULL) == LUMA_OK);
    luma_client_close(client);
    next_is(other, -1, LUMA_ERROR_CANCELLED);
    luma_wait_set_free(other);
    luma_client_free(client);
}

static void an_expired_token(const char *id)
{
    luma_client *client = new_client("LUMA_STOPPED_URL");
    luma_wait_set *set = new_set(client);
    luma_result *result = NULL;

    CHECK(luma_client_set_access_token(client, "expired") == LUMA_OK);
    CHECK(luma_wait_set_add(set, id, 0, client) == LUMA_OK);
    next_is(set, -1, LUMA_ERROR_UNAUTHORIZED);
    next_is(set, 200, LUMA_ERROR_NOTHING_CHANGED);
    CHECK(luma_client_set_access_token(client, getenv("LUMA_TOKEN")) == LUMA_OK);
    CHECK(luma_wait_set_next(set, 500, &result, NULL) == LUMA_ERROR_WAIT_OPEN);
    luma_result_free(result);
    luma_wait_set_free(set);
    luma_client_free(client);
}

static void invalid_arguments(const luma_client *client)
{
    luma_wait_set *set = new_set(client), *absent = set;
    luma_result *result = NULL;
    void *user_data = set;
    static const int64_t limits[] = {0, -1, 1001, INT64_MIN, INT64_MAX};
    static const int64_t timeouts[] = {-2, 86400001, INT64_MIN, INT64_MAX};
    size_t i;

    CHECK(luma_wait_set_new(NULL, &absent) == LUMA_ERROR_NULL_ARGUMENT_1 && absent == NULL);
    CHECK(luma_wait_set_new(client, NULL) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_wait_set_max_polls_per_second(NULL, 1) == LUMA_ERROR_NULL_ARGUMENT_1);
    for (i = 0; i < sizeof limits / sizeof *limits; i++) {
        CHECK(luma_wait_set_max_polls_per_second(set, limits[i]) ==
              LUMA_ERROR_MAX_POLLS_PER_SECOND);
    }
    CHECK(luma_wait_set_add(NULL, "t", 1, NULL) == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_wait_set_add(set, NULL, 1, NULL) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_wait_set_add(set, "\xff", 1, NULL) == LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(luma_wait_set_add(set, "a/b", 1, NULL) == LUMA_ERROR_TRIGGER_ID);
    CHECK(luma_wait_set_remove(NULL, "t") == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_wait_set_remove(set, NULL) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_wait_set_remove(set, "\xff") == LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(luma_wait_set_remove(set, "a/b") == LUMA_ERROR_TRIGGER_ID);
    for (i = 0; i < sizeof timeouts / sizeof *timeouts; i++) {
        CHECK(luma_wait_set_next(set, timeouts[i], &result, NULL) == LUMA_ERROR_TIMEOUT_RANGE);
        luma_result_free(result);
        if (timeouts[i] != -2) {
            CHECK(luma_wait_set_add(set, "t", timeouts[i], NULL) == LUMA_ERROR_TIMEOUT_RANGE);
        }
    }
    CHECK(luma_wait_set_next(set, 1, NULL, &user_data) == LUMA_ERROR_NULL_ARGUMENT_3);
    CHECK(user_data == NULL);
    CHECK(luma_wait_set_next(NULL, 1, &result, NULL) == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_result_outcome(result) == LUMA_OUTCOME_NOT_SENT);
    luma_result_free(result);
    CHECK(luma_wait_set_count(NULL) == 0 && luma_wait_set_count(set) == 0);
    CHECK(luma_wait_set_wake(NULL) == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_wait_set_close(NULL) == LUMA_ERROR_NULL_ARGUMENT_1);
    luma_wait_set_free(set);
    luma_wait_set_free(NULL);
}

int main(void)
{
    luma_client *stopped = new_client("LUMA_STOPPED_URL");
    const char *id = getenv("LUMA_SUSPENDED_TRIGGER_ID");

    all_runs_end();
    one_run_does_not_end(stopped, id);
    closed_and_forked(id);
    an_expired_token(id);
    invalid_arguments(stopped);
    luma_client_free(stopped);
    return closing_line();
}
