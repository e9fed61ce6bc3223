/* Waits that their owner drives. Run with a simulator, and one whose clock is stopped. */
#include <luma.h>

#include <stdlib.h>
#include <time.h>

#include "check.h"

static void sleep_ms(int64_t milliseconds)
{
    struct timespec time;

    time.tv_sec = (time_t)(milliseconds / 1000);
    time.tv_nsec = (long)(milliseconds % 1000) * 1000000;
    nanosleep(&time, NULL);
}

static luma_client *new_client(const char *url)
{
    luma_client *client = NULL;

    CHECK(luma_client_new(getenv(url), getenv("LUMA_TOKEN"), &client) == LUMA_OK);
    return client;
}

static luma_wait *new_wait(const luma_client *client, const char *trigger_id, int64_t timeout_ms)
{
    luma_wait *wait = NULL;

    CHECK(luma_wait_new(client, trigger_id, timeout_ms, &wait) == LUMA_OK);
    CHECK(luma_wait_next_poll_ms(wait) == 0);
    return wait;
}

/* Polls, and checks status, state and number of polls. */
static void poll_run(luma_wait *wait, int32_t expected, int32_t run_status, int32_t polls)
{
    luma_result *result = NULL;
    int32_t status = luma_wait_poll(wait, &result);

    if (status != expected) {
        fprintf(stderr, "%s: %s\n", luma_status_name(status), luma_result_message(result));
    }
    CHECK(status == expected && luma_result_status(result) == expected);
    CHECK(luma_result_run_status(result) == run_status);
    CHECK(luma_result_poll_count(result) == polls);
    CHECK((luma_wait_next_poll_ms(wait) == -1) == (status != LUMA_ERROR_WAIT_OPEN));
    CHECK((luma_result_outcome(result) == LUMA_OUTCOME_ACCEPTED) == (status == LUMA_OK));
    luma_result_free(result);
}

static void until_the_run_ends(void)
{
    luma_client *client = new_client("LUMA_URL");
    luma_result *trigger = NULL, *result = NULL;
    luma_wait *wait;
    int32_t status, polls = 0;

    status = luma_trigger_workflow_json(client,
                                        "{\"workflowIdentifier\":\"unlock_account\","
                                        "\"variables\":{\"userName\":\"jdoe\"}}",
                                        &trigger);
    CHECK(status == LUMA_OK);
    wait = new_wait(client, luma_result_trigger_id(trigger), 0);
    /* The wait keeps what it needs. */
    luma_client_free(client);
    luma_result_free(trigger);
    while (luma_wait_next_poll_ms(wait) >= 0) {
        sleep_ms(luma_wait_next_poll_ms(wait));
        luma_result_free(result);
        status = luma_wait_poll(wait, &result);
        CHECK(luma_result_poll_count(result) == ++polls);
        if (status == LUMA_ERROR_WAIT_OPEN) {
            CHECK(luma_result_run_status(result) == LUMA_RUN_RUNNING);
            CHECK(luma_result_outcome(result) == LUMA_OUTCOME_UNKNOWN);
            CHECK(strstr(luma_result_message(result), "RUNNING") != NULL);
            CHECK(luma_wait_next_poll_ms(wait) > 0);
        }
    }
    luma_result_free(result);
    /* At 0, 0.5 to 0.625 and 1.25 to 1.5625 s; or fewer, if the first call was slow. */
    CHECK(status == LUMA_OK && polls >= 2);
    poll_run(wait, LUMA_OK, LUMA_RUN_COMPLETED, polls);
    poll_run(wait, LUMA_OK, LUMA_RUN_COMPLETED, polls);
    luma_wait_free(wait);
}

static void early_and_late_polls(const luma_client *stopped, const char *id)
{
    luma_wait *wait = new_wait(stopped, id, 86400000);
    int64_t next;

    poll_run(wait, LUMA_ERROR_WAIT_OPEN, LUMA_RUN_SUSPENDED, 1);
    next = luma_wait_next_poll_ms(wait);
    CHECK(next > 0 && next <= 626);
    poll_run(wait, LUMA_ERROR_WAIT_OPEN, LUMA_RUN_SUSPENDED, 2);
    poll_run(wait, LUMA_ERROR_WAIT_OPEN, LUMA_RUN_SUSPENDED, 3);
    CHECK(luma_wait_next_poll_ms(wait) <= next);
    sleep_ms(next + 50);
    CHECK(luma_wait_next_poll_ms(wait) == 0);
    poll_run(wait, LUMA_ERROR_WAIT_OPEN, LUMA_RUN_SUSPENDED, 4);
    next = luma_wait_next_poll_ms(wait);
    CHECK(next > 0 && next <= 939);
    CHECK(luma_wait_set_until_suspended(wait, 1) == LUMA_OK);
    poll_run(wait, LUMA_OK, LUMA_RUN_SUSPENDED, 5);
    luma_wait_free(wait);

    wait = new_wait(stopped, id, 3000);
    poll_run(wait, LUMA_ERROR_WAIT_OPEN, LUMA_RUN_SUSPENDED, 1);
    sleep_ms(3100);
    poll_run(wait, LUMA_ERROR_WAIT_TIMEOUT, LUMA_RUN_SUSPENDED, 1);
    poll_run(wait, LUMA_ERROR_WAIT_TIMEOUT, LUMA_RUN_SUSPENDED, 1);
    luma_wait_free(wait);
    wait = new_wait(stopped, id, 1);
    sleep_ms(50);
    poll_run(wait, LUMA_ERROR_WAIT_TIMEOUT, LUMA_RUN_NONE, 0);
    luma_wait_free(wait);
}

static void failed_polls(const luma_client *stopped)
{
    luma_wait *wait = new_wait(stopped, "fault-status-503", 0);
    luma_result *result = NULL;

    CHECK(luma_wait_poll(wait, &result) == LUMA_ERROR_WAIT_OPEN);
    CHECK(luma_result_http_status(result) == 503);
    CHECK(strstr(luma_result_message(result), "the last poll failed") != NULL);
    luma_result_free(result);
    luma_wait_free(wait);

    wait = new_wait(stopped, "fault-status-403", 0);
    CHECK(luma_wait_poll(wait, &result) == LUMA_ERROR_FORBIDDEN);
    CHECK(luma_result_outcome(result) == LUMA_OUTCOME_REJECTED);
    luma_result_free(result);
    poll_run(wait, LUMA_ERROR_FORBIDDEN, LUMA_RUN_NONE, 1);
    luma_wait_free(wait);
}

static void cancelled_between_polls(const char *id)
{
    luma_client *client = new_client("LUMA_STOPPED_URL");
    luma_wait *first = new_wait(client, id, 0), *second, *third;

    poll_run(first, LUMA_ERROR_WAIT_OPEN, LUMA_RUN_SUSPENDED, 1);
    CHECK(luma_wait_next_poll_ms(first) > 0);
    luma_client_cancel(client);
    CHECK(luma_wait_next_poll_ms(first) == 0);
    /* A later wait is not affected. */
    second = new_wait(client, id, 0);
    third = new_wait(client, id, 0);
    poll_run(first, LUMA_ERROR_CANCELLED, LUMA_RUN_SUSPENDED, 1);
    poll_run(second, LUMA_ERROR_WAIT_OPEN, LUMA_RUN_SUSPENDED, 1);
    luma_client_close(client);
    luma_client_free(client);
    poll_run(second, LUMA_ERROR_CANCELLED, LUMA_RUN_SUSPENDED, 1);
    poll_run(third, LUMA_ERROR_CANCELLED, LUMA_RUN_NONE, 0);
    luma_wait_free(first);
    luma_wait_free(second);
    luma_wait_free(third);
}

static void invalid_arguments(const luma_client *client)
{
    luma_wait *wait = new_wait(client, "t", 1), *absent = wait;
    luma_result *result = NULL;
    static const int64_t timeouts[] = {-1, 86400001, INT64_MIN, INT64_MAX};
    size_t i;

    CHECK(luma_wait_new(NULL, "t", 1, &absent) == LUMA_ERROR_NULL_ARGUMENT_1 && absent == NULL);
    absent = wait;
    CHECK(luma_wait_new(client, NULL, 1, &absent) == LUMA_ERROR_NULL_ARGUMENT_2 && absent == NULL);
    CHECK(luma_wait_new(client, "t", 1, NULL) == LUMA_ERROR_NULL_ARGUMENT_4);
    CHECK(luma_wait_new(client, "\xff", 1, &absent) == LUMA_ERROR_UTF8_ARGUMENT_2);
    CHECK(luma_wait_new(client, "a/b", 1, &absent) == LUMA_ERROR_TRIGGER_ID);
    for (i = 0; i < sizeof timeouts / sizeof *timeouts; i++) {
        CHECK(luma_wait_new(client, "t", timeouts[i], &absent) == LUMA_ERROR_TIMEOUT_RANGE);
    }
    CHECK(luma_wait_set_until_suspended(NULL, 1) == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_wait_next_poll_ms(NULL) == -1);
    CHECK(luma_wait_poll(wait, NULL) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_wait_poll(NULL, NULL) == LUMA_ERROR_NULL_ARGUMENT_2);
    CHECK(luma_wait_poll(NULL, &result) == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_result_status(result) == LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(luma_result_outcome(result) == LUMA_OUTCOME_NOT_SENT);
    luma_result_free(result);
    luma_wait_free(wait);
    luma_wait_free(NULL);
}

int main(void)
{
    luma_client *stopped = new_client("LUMA_STOPPED_URL");
    const char *id = getenv("LUMA_SUSPENDED_TRIGGER_ID");

    until_the_run_ends();
    early_and_late_polls(stopped, id);
    failed_polls(stopped);
    cancelled_between_polls(id);
    invalid_arguments(stopped);
    luma_client_free(stopped);
    return closing_line();
}
