/*
 * Every call in C, and every getter of its result.
 *
 * LUMA_URL, LUMA_TOKEN, LUMA_SUPER_ADMIN_TOKEN and LUMA_TENANT_EXTERNAL_ID belong to a simulator in
 * real time. LUMA_STOPPED_URL is one with the same token and a stopped clock: its run
 * LUMA_SUSPENDED_TRIGGER_ID of patch_server is suspended, and LUMA_QUEUED_TRIGGER_ID of rotate_keys
 * has a status that is not documented.
 */
#include <luma.h>

#include <stdlib.h>

#include "check.h"
#include "getters.h"

#define ABSENT "0b6f6f5e-6d0c-4d3c-9d3b-7b8f0f6f1c55"

/* Triggers a workflow; the caller frees the result, which owns the trigger id. */
static luma_result *trigger(const luma_client *client, const char *request_json)
{
    luma_result *result = NULL;

    CHECK(luma_trigger_workflow_json(client, request_json, &result) == LUMA_OK);
    check_has_only(result, HAS_TRIGGER);
    return result;
}

/* Checks and frees the result of a call that must fail. */
static void check_failed(luma_result *result, int32_t status, int32_t expected, int32_t outcome)
{
    CHECK(status == expected);
    CHECK(luma_result_status(result) == expected);
    CHECK(luma_result_outcome(result) == outcome);
    CHECK(luma_result_message(result)[0] != '\0');
    check_has_only(result, HAS_NOTHING);
    luma_result_free(result);
}

static void check_succeeded(const luma_result *result, int32_t status)
{
    CHECK(status == LUMA_OK);
    CHECK(luma_result_status(result) == LUMA_OK);
    CHECK(luma_result_outcome(result) == LUMA_OUTCOME_ACCEPTED);
    CHECK(luma_result_http_status(result) == 200);
    CHECK(luma_result_error_count(result) == 0);
    CHECK(luma_result_retry_after_ms(result) == -1);
    CHECK(luma_result_message(result)[0] != '\0');
    CHECK(luma_result_json_length(result) == strlen(luma_result_json(result)));
}

/* Nothing is sent, so there is no response. */
static void connect_ahead(const luma_client *client, const char *url)
{
    luma_result *result = NULL;
    const char *address = strstr(url, "//") + 2;

    CHECK(luma_client_connect(client, &result) == LUMA_OK);
    CHECK(luma_result_status(result) == LUMA_OK);
    CHECK(luma_result_outcome(result) == LUMA_OUTCOME_ACCEPTED);
    CHECK(luma_result_http_status(result) == 0 && luma_result_attempts(result) == 1);
    CHECK(strncmp(luma_result_message(result), "connected to ", 13) == 0);
    CHECK_TEXT(luma_result_message(result) + 13, address);
    CHECK_TEXT(luma_result_peer_address(result), address);
    CHECK(luma_result_peer_address(result) == luma_result_peer_address(result));
    CHECK(luma_result_timing_us(result, LUMA_TIMING_CONNECT) >= 0);
    CHECK(luma_result_timing_us(result, LUMA_TIMING_TLS) == -1);
    CHECK(luma_result_timing_us(result, LUMA_TIMING_FIRST_BYTE) == -1);
    CHECK(luma_result_timing_us(result, LUMA_TIMING_TOTAL) > 0);
    CHECK(luma_result_request_id(result)[0] != '\0');
    CHECK_TEXT(luma_result_json(result), "");
    CHECK(luma_result_json_type(result, "") == LUMA_JSON_ABSENT);
    check_has_only(result, HAS_CONNECTION);
    luma_result_free(result);
}

static void history(const luma_client *client)
{
    luma_result *done = trigger(client, "{\"workflowIdentifier\":\"inventory_scan\","
                                        "\"variables\":{\"siteName\":\"K\\u00f6ln \\\"1\\\"\"}}");
    luma_result *runs = trigger(client, "{\"workflowIdentifier\":\"patch_server\","
                                        "\"variables\":{\"hostName\":\"h1\"},"
                                        "\"initiatorContactId\":9007199254740993}");
    luma_result *with_nul = trigger(client, "{\"workflowIdentifier\":\"inventory_scan\","
                                            "\"variables\":{\"siteName\":\"a\\u0000b\"}}");
    luma_result *result = NULL;
    const char *text = NULL;
    int64_t number = 0;
    size_t count = 0;
    int32_t status;

    status = luma_get_workflow_history(client, luma_result_trigger_id(done), &result);
    check_succeeded(result, status);
    check_has_only(result, HAS_RUN);
    CHECK(luma_result_run_status(result) == LUMA_RUN_COMPLETED);
    CHECK(luma_result_run_start_time_ms(result) > 2147483647);
    CHECK(luma_result_run_end_time_ms(result) == luma_result_run_start_time_ms(result));
    CHECK(luma_result_run_time_spent_ms(result) == 0);
    CHECK_TEXT(luma_result_string(result, "/resultData/status"), "COMPLETED");
    /* The gateway sends them as JSON inside a string; pointers lead into it. */
    CHECK(luma_result_json_type(result, "/resultData/inputParameters") == LUMA_JSON_STRING);
    CHECK_TEXT(luma_result_string(result, "/resultData/inputParameters/inputParameters/0/value"),
               "K\xC3\xB6ln \"1\"");
    CHECK(luma_result_parameter_count(result) == 1);
    CHECK(luma_result_parameter_name(result, 0)[0] != '\0');
    CHECK_TEXT(luma_result_parameter_value(result, 0),
               luma_result_string(result, "/resultData/inputParameters/inputParameters/0/value"));
    CHECK_TEXT(luma_result_parameter_data_type(result, 0), "TEXT");
    CHECK_TEXT(luma_result_parameter_caption(result, 0), "");
    CHECK(luma_result_count(result, "/resultData/inputParameters/inputParameters", &count) ==
              LUMA_OK &&
          count == 1);
    CHECK(luma_result_json_type(result, "/resultData/inputParameters/inputParameters/0/caption") ==
          LUMA_JSON_NULL);
    luma_result_free(result);

    /* A string may contain a NUL. */
    status = luma_get_workflow_history(client, luma_result_trigger_id(with_nul), &result);
    check_succeeded(result, status);
    CHECK(luma_result_text(result, "/resultData/inputParameters/inputParameters/0/value", &text,
                           &count) == LUMA_OK);
    CHECK(count == 3 && memcmp(text, "a\0b", 4) == 0);
    luma_result_free(result);

    status = luma_get_workflow_history(client, luma_result_trigger_id(runs), &result);
    check_succeeded(result, status);
    check_has_only(result, HAS_RUN);
    CHECK(luma_result_run_status(result) == LUMA_RUN_ACTIVATED);
    CHECK(luma_result_run_start_time_ms(result) > 2147483647);
    CHECK(luma_result_run_end_time_ms(result) == -1); /* absent while it runs */
    CHECK(luma_result_run_time_spent_ms(result) >= 0);
    CHECK(luma_result_int64(result, "/resultData/initiatorContactId", &number) == LUMA_OK &&
          number == INT64_C(9007199254740993));
    luma_result_free(result);

    status = luma_get_workflow_history(client, ABSENT, &result);
    CHECK(luma_result_error_count(result) == 1);
    check_failed(result, status, LUMA_ERROR_NOT_FOUND, LUMA_OUTCOME_REJECTED);
    status = luma_get_workflow_history(client, "an id? #100%", &result); /* is escaped */
    check_failed(result, status, LUMA_ERROR_NOT_FOUND, LUMA_OUTCOME_REJECTED);
    status = luma_get_workflow_history(client, "fault-rate-limited-429", &result);
    CHECK(luma_result_retry_after_ms(result) == 7000);
    check_failed(result, status, LUMA_ERROR_RATE_LIMITED, LUMA_OUTCOME_REJECTED);
    status = luma_get_workflow_history(client, "fault-close-after-reading", &result);
    check_failed(result, status, LUMA_ERROR_CONNECTION_LOST, LUMA_OUTCOME_UNKNOWN);
    status = luma_get_workflow_history(client, "fault-html-200", &result);
    check_failed(result, status, LUMA_ERROR_UNEXPECTED_RESPONSE, LUMA_OUTCOME_UNKNOWN);

    luma_result_free(runs);
    luma_result_free(with_nul);
    luma_result_free(done);
}

/* A step fetched alone equals the one in the list. */
static void check_same_step(const luma_client *client, const char *id, const luma_result *list,
                            size_t index)
{
    luma_result *result = NULL;
    int32_t status;

    status = luma_get_workflow_step(client, id, luma_result_step_id(list, index), &result);
    check_succeeded(result, status);
    check_has_only(result, HAS_STEPS);
    CHECK(luma_result_step_count(result) == 1);
    CHECK_TEXT(luma_result_step_id(result, 0), luma_result_step_id(list, index));
    CHECK_TEXT(luma_result_step_name(result, 0), luma_result_step_name(list, index));
    CHECK(luma_result_step_status(result, 0) == luma_result_step_status(list, index));
    CHECK(luma_result_step_start_time_ms(result, 0) == luma_result_step_start_time_ms(list, index));
    CHECK(luma_result_step_end_time_ms(result, 0) == luma_result_step_end_time_ms(list, index));
    CHECK(luma_result_step_time_spent_ms(result, 0) == luma_result_step_time_spent_ms(list, index));
    CHECK(luma_result_json_type(result, "/resultData/activityRuntimeAttributes") == LUMA_JSON_NULL);
    CHECK(luma_result_json_type(result, "/resultData/0") == LUMA_JSON_ABSENT);
    luma_result_free(result);
}

/* A scan has 250 steps: the start, 248 hosts, the end. Its step ids are strings. Of every ten
   steps, one has no end time and one has null. */
static void steps(const luma_client *client)
{
    luma_result *run = trigger(client, "{\"workflowIdentifier\":\"inventory_scan\","
                                       "\"variables\":{\"siteName\":\"s\"}}");
    const char *id = luma_result_trigger_id(run);
    luma_result *all = NULL, *result = NULL;
    size_t i, without_end = 0, count = 0;
    int64_t number = 0;
    int32_t status;

    status = luma_list_workflow_steps(client, id, NULL, NULL, 0, 0, &all);
    check_succeeded(all, status);
    check_has_only(all, HAS_STEPS);
    CHECK(luma_result_step_count(all) == 250);
    CHECK(luma_result_count(all, "/resultData", &count) == LUMA_OK && count == 250);
    CHECK_TEXT(luma_result_step_name(all, 0), "Start - Inventory Scan");
    CHECK_TEXT(luma_result_step_name(all, 248), "scan host 248");
    CHECK_TEXT(luma_result_step_name(all, 249), "End - Inventory Scan");
    CHECK_TEXT(luma_result_string(all, "/resultData/249/activityName"), "End - Inventory Scan");
    CHECK(luma_result_int64(all, "/resultData/100/totalAttempts", &number) == LUMA_OK &&
          number == 1);
    CHECK_TEXT(luma_result_string(all, "/resultData/250/activityName"), "");
    for (i = 0; i < luma_result_step_count(all); i++) {
        CHECK(strncmp(luma_result_step_id(all, i), "s-", 2) == 0);
        CHECK(i == 0 || strcmp(luma_result_step_id(all, i), luma_result_step_id(all, i - 1)) != 0);
        CHECK(luma_result_step_status(all, i) == LUMA_RUN_COMPLETED);
        CHECK_TEXT(luma_result_step_status_text(all, i), "COMPLETED");
        CHECK(luma_result_step_start_time_ms(all, i) > 2147483647);
        if (luma_result_step_end_time_ms(all, i) == -1)
            without_end += luma_result_step_time_spent_ms(all, i) == -1;
        else
            CHECK(luma_result_step_time_spent_ms(all, i) == 0);
    }
    CHECK(without_end == 50);

    check_same_step(client, id, all, 0);
    check_same_step(client, id, all, 2); /* null for its end */
    check_same_step(client, id, all, 6); /* no end at all */
    check_same_step(client, id, all, 249);

    /* A window, an order, a filter; and all of a filtered list that has two pages. */
    status = luma_list_workflow_steps(client, id, "", "", 248, 5, &result);
    check_succeeded(result, status);
    CHECK(luma_result_step_count(result) == 2);
    CHECK_TEXT(luma_result_step_id(result, 1), luma_result_step_id(all, 249));
    luma_result_free(result);
    status = luma_list_workflow_steps(client, id, "activityName=='scan host 24*'",
                                      "activityName desc", 1, 3, &result);
    check_succeeded(result, status);
    CHECK(luma_result_step_count(result) == 3);
    CHECK_TEXT(luma_result_step_name(result, 0), "scan host 247");
    CHECK_TEXT(luma_result_step_name(result, 2), "scan host 245");
    luma_result_free(result);
    status = luma_list_workflow_steps(client, id, "activityName=='scan host 1*'",
                                      "activityName asc", 0, 0, &result);
    check_succeeded(result, status);
    CHECK(luma_result_step_count(result) == 111);
    CHECK_TEXT(luma_result_step_name(result, 110), "scan host 199");
    luma_result_free(result);

    /* An empty list is a list too. */
    status = luma_list_workflow_steps(client, id, "status==FAILED", NULL, 0, 0, &result);
    check_succeeded(result, status);
    CHECK(luma_result_step_count(result) == 0);
    luma_result_free(result);
    status = luma_list_workflow_steps(client, id, NULL, NULL, INT64_MAX, 0, &result);
    check_succeeded(result, status);
    CHECK(luma_result_step_count(result) == 0);
    luma_result_free(result);

    status = luma_list_workflow_steps(client, id, "no such&field", NULL, 0, 0, &result);
    CHECK(luma_result_error_count(result) == 1);
    check_failed(result, status, LUMA_ERROR_VALIDATION, LUMA_OUTCOME_REJECTED);
    status = luma_list_workflow_steps(client, ABSENT, NULL, NULL, 0, 0, &result);
    check_failed(result, status, LUMA_ERROR_NOT_FOUND, LUMA_OUTCOME_REJECTED);
    status = luma_list_workflow_steps(client, "fault-cut-json", NULL, NULL, 0, 0, &result);
    check_failed(result, status, LUMA_ERROR_UNEXPECTED_RESPONSE, LUMA_OUTCOME_UNKNOWN);
    status = luma_get_workflow_step(client, id, "s-0", &result);
    check_failed(result, status, LUMA_ERROR_NOT_FOUND, LUMA_OUTCOME_REJECTED);
    status = luma_get_workflow_step(client, id, "fault-status-403", &result);
    check_failed(result, status, LUMA_ERROR_FORBIDDEN, LUMA_OUTCOME_REJECTED);
    status = luma_get_workflow_step(client, id, "fault-success-without-trigger-id", &result);
    check_failed(result, status, LUMA_ERROR_UNEXPECTED_RESPONSE, LUMA_OUTCOME_UNKNOWN);

    luma_result_free(all);
    luma_result_free(run);
}

static void definitions(const luma_client *client)
{
    luma_result *result = NULL;
    size_t count = 0;
    int32_t status;

    status = luma_list_workflow_definitions(client, NULL, "identifier asc", 0, 0, &result);
    check_succeeded(result, status);
    check_has_only(result, HAS_DEFINITIONS);
    CHECK(luma_result_definition_count(result) == 7);
    CHECK_TEXT(luma_result_definition_identifier(result, 0), "inventory_scan");
    CHECK_TEXT(luma_result_definition_identifier(result, 6), "unlock_account");
    luma_result_free(result);

    status = luma_list_workflow_definitions(client, "name=='*Password*'", NULL, 0, 10, &result);
    check_succeeded(result, status);
    CHECK(luma_result_definition_count(result) == 1);
    CHECK_TEXT(luma_result_definition_identifier(result, 0), "reset_password");
    CHECK_TEXT(luma_result_definition_name(result, 0), "Reset Password");
    CHECK_TEXT(luma_result_definition_description(result, 0),
               "Resets a directory password and tells the user");
    CHECK(luma_result_count(result, "/resultData/0/inputParameters/parameters", &count) ==
              LUMA_OK &&
          count == 2);
    CHECK(luma_result_definition_parameter_count(result, 0) == 2);
    CHECK_TEXT(luma_result_definition_parameter_name(result, 0, 0), "userName");
    CHECK_TEXT(luma_result_definition_parameter_name(result, 0, 1), "notifyBy");
    CHECK_TEXT(luma_result_definition_parameter_data_type(result, 0, 1), "TEXT");
    CHECK(luma_result_definition_parameter_required(result, 0, 0) == 1);
    CHECK(luma_result_definition_parameter_required(result, 0, 1) == 0);
    check_definition_parameter_is_absent(result, 0, 2);
    CHECK_TEXT(luma_result_string(result, "/resultData/0/inputParameters/parameters/0/parameter"),
               "userName");
    CHECK_TEXT(luma_result_string(result, "/resultData/0/inputParameters/parameters/0/required"),
               "true");
    CHECK_TEXT(luma_result_string(
                   result, "/resultData/0/inputParameters/parameters/0/validations/0/errorMessage"),
               "User name is required");
    luma_result_free(result);

    status = luma_list_workflow_definitions(client, "name=='nothing'", NULL, 0, 0, &result);
    check_succeeded(result, status);
    CHECK(luma_result_definition_count(result) == 0);
    luma_result_free(result);
    status = luma_list_workflow_definitions(client, "name=='fault-status-401'", NULL, 0, 0,
                                            &result);
    check_failed(result, status, LUMA_ERROR_UNAUTHORIZED, LUMA_OUTCOME_REJECTED);
}

/* Only its getter returns a secret. */
static void check_hidden(const luma_result *result, const char *secret, const char *pointer)
{
    CHECK(secret[0] != '\0');
    CHECK(strstr(luma_result_message(result), secret) == NULL);
    CHECK(strstr(luma_result_json(result), secret) == NULL);
    CHECK_TEXT(luma_result_string(result, pointer), "[secret]");
    CHECK(strstr(luma_result_string(result, ""), secret) == NULL);
}

static void launch_url(const luma_client *client)
{
    luma_result *run = trigger(client, "{\"workflowIdentifier\":\"unlock_account\","
                                       "\"variables\":{\"userName\":\"x\"}}");
    luma_result *result = NULL;
    const char *url;
    int32_t status;

    status = luma_generate_launch_url(client, luma_result_trigger_id(run), &result);
    check_succeeded(result, status);
    check_has_only(result, HAS_LAUNCH_URL);
    url = luma_result_launch_url(result);
    CHECK(strncmp(url, "http://", 7) == 0); /* the gateway sends a blank before it */
    CHECK(strstr(url, luma_result_trigger_id(run)) != NULL);
    CHECK(strstr(url, "?accessKey=") != NULL);
    CHECK(luma_result_launch_url(result) == url);
    check_hidden(result, url, "/resultData");
    CHECK(strstr(luma_result_json(result), "accessKey") == NULL);
    luma_result_free(result);

    status = luma_generate_launch_url(client, ABSENT, &result);
    check_failed(result, status, LUMA_ERROR_VALIDATION, LUMA_OUTCOME_REJECTED);
    status = luma_generate_launch_url(client, "fault-trailing-bytes", &result);
    CHECK_TEXT(luma_result_json(result), "");
    CHECK(strstr(luma_result_message(result), "accessKey") == NULL);
    check_failed(result, status, LUMA_ERROR_UNEXPECTED_RESPONSE, LUMA_OUTCOME_UNKNOWN);
    status = luma_generate_launch_url(client, "fault-success-without-trigger-id", &result);
    check_failed(result, status, LUMA_ERROR_UNEXPECTED_RESPONSE, LUMA_OUTCOME_UNKNOWN);
    luma_result_free(run);
}

struct watch {
    const luma_client *client;
    const char *trigger_id;
    int32_t stop_after; /* this many polls; 0 for never */
    int32_t polls;
    int32_t last_status;
    size_t last_step_count;
};

/* Uses the waiting client for another call. */
static int32_t on_poll(const luma_result *seen, void *user_data)
{
    struct watch *watch = (struct watch *)user_data;
    luma_result *list = NULL;
    size_t count;

    watch->polls++;
    watch->last_status = luma_result_run_status(seen);
    check_has_only(seen, HAS_RUN | HAS_POLLS);
    CHECK(luma_result_status(seen) == LUMA_OK);
    CHECK(luma_result_http_status(seen) == 200);
    CHECK(luma_result_poll_count(seen) == watch->polls);
    CHECK(luma_result_wait_elapsed_ms(seen) >= 0);
    CHECK(luma_list_workflow_steps(watch->client, watch->trigger_id, NULL, NULL, 0, 0, &list) ==
          LUMA_OK);
    count = luma_result_step_count(list);
    CHECK(count >= watch->last_step_count);
    watch->last_step_count = count;
    luma_result_free(list);
    return watch->polls == watch->stop_after ? -1 : 0;
}

/* Counts the polls. The last one of a wait may fail, because the wait's time is over. */
static int32_t count_poll(const luma_result *seen, void *user_data)
{
    (void)seen;
    ++*(int32_t *)user_data;
    return 0;
}

/* Called after polls that failed. */
static int32_t on_failed_poll(const luma_result *seen, void *user_data)
{
    int32_t *polls = (int32_t *)user_data;

    CHECK(luma_result_poll_count(seen) == ++*polls);
    CHECK(luma_result_status(seen) == LUMA_ERROR_SERVER_FAILED);
    CHECK(luma_result_http_status(seen) == 503);
    check_has_only(seen, HAS_POLLS);
    return *polls == 2;
}

static void waits_that_end(const luma_client *client)
{
    luma_result *unlock = trigger(client, "{\"workflowIdentifier\":\"unlock_account\","
                                          "\"variables\":{\"userName\":\"x\"}}");
    luma_result *restart = trigger(client,
                                   "{\"workflowIdentifier\":\"restart_service\","
                                   "\"variables\":{\"hostName\":\"h\",\"serviceName\":\"s\"}}");
    struct watch watch = {NULL, NULL, 0, 0, 0, 0};
    luma_result *result = NULL;
    int32_t status;

    watch.client = client;
    watch.trigger_id = luma_result_trigger_id(unlock);
    status = luma_wait_for_workflow(client, watch.trigger_id, 60000, on_poll, &watch, &result);
    check_succeeded(result, status);
    check_has_only(result, HAS_RUN | HAS_POLLS);
    CHECK(luma_result_run_status(result) == LUMA_RUN_COMPLETED);
    CHECK(luma_result_run_time_spent_ms(result) == 1000);
    CHECK(luma_result_run_end_time_ms(result) == luma_result_run_start_time_ms(result) + 1000);
    CHECK_TEXT(luma_result_string(result, "/resultData/inputParameters/inputParameters/0/value"),
               "x");
    CHECK(luma_result_poll_count(result) == watch.polls && watch.polls > 1);
    CHECK(watch.last_status == LUMA_RUN_COMPLETED);
    CHECK(watch.last_step_count == 3);
    luma_result_free(result);

    /* A callback cannot stop the wait for a run that is final. */
    watch.polls = 0;
    watch.stop_after = 1;
    status = luma_wait_for_workflow_or_suspension(client, watch.trigger_id, 60000, on_poll, &watch,
                                                  &result);
    check_succeeded(result, status);
    CHECK(luma_result_run_status(result) == LUMA_RUN_COMPLETED);
    CHECK(luma_result_poll_count(result) == 1);
    luma_result_free(result);

    /* The wait for a run that fails succeeds. */
    status = luma_wait_for_workflow(client, luma_result_trigger_id(restart), 60000, NULL, NULL,
                                    &result);
    check_succeeded(result, status);
    check_has_only(result, HAS_RUN | HAS_POLLS);
    CHECK(luma_result_run_status(result) == LUMA_RUN_FAILED);
    CHECK(strstr(luma_result_message(result), "FAILED") != NULL);
    luma_result_free(result);
    status = luma_list_workflow_steps(client, luma_result_trigger_id(restart), "status==FAILED",
                                      "startTime asc", 0, 10, &result);
    check_succeeded(result, status);
    CHECK(luma_result_step_count(result) == 1);
    CHECK_TEXT(luma_result_step_name(result, 0), "start service");
    CHECK(luma_result_step_status(result, 0) == LUMA_RUN_FAILED);
    CHECK(luma_result_step_time_spent_ms(result, 0) == 1000);
    CHECK(strspn(luma_result_step_id(result, 0), "0123456789") ==
          strlen(luma_result_step_id(result, 0)));
    luma_result_free(result);
    luma_result_free(restart);
    luma_result_free(unlock);
}

/* Checks and frees the result of a wait that ended before its run. */
static void check_unfinished(luma_result *result, int32_t status, int32_t expected,
                             int32_t last_status)
{
    CHECK(status == expected);
    CHECK(luma_result_status(result) == expected);
    CHECK(luma_result_outcome(result) == LUMA_OUTCOME_UNKNOWN);
    CHECK(luma_result_http_status(result) == 0);
    check_has_only(result, HAS_RUN | HAS_POLLS);
    CHECK(luma_result_run_status(result) == last_status);
    CHECK(luma_result_run_start_time_ms(result) > 2147483647);
    CHECK(strstr(luma_result_message(result), luma_run_status_name(last_status)) != NULL);
    CHECK_TEXT(luma_result_string(result, "/resultData/status"), luma_run_status_name(last_status));
    luma_result_free(result);
}

/* On a stopped clock, so that the run does not change meanwhile. */
static void waits_that_do_not_end(const luma_client *client)
{
    luma_result *patch = trigger(client, "{\"workflowIdentifier\":\"patch_server\","
                                         "\"variables\":{\"hostName\":\"h\"}}");
    struct watch watch = {NULL, NULL, 2, 0, 0, 0};
    const char *id = luma_result_trigger_id(patch);
    luma_result *result = NULL;
    int32_t status, polls = 0;

    watch.client = client;
    watch.trigger_id = id;
    status = luma_wait_for_workflow(client, id, 86400000, on_poll, &watch, &result);
    CHECK(luma_result_poll_count(result) == 2 && watch.polls == 2);
    check_unfinished(result, status, LUMA_ERROR_WAIT_STOPPED, LUMA_RUN_ACTIVATED);
    status = luma_wait_for_workflow(client, id, 5000, count_poll, &polls, &result);
    CHECK(luma_result_poll_count(result) == polls && polls >= 2);
    polls = 0;
    check_unfinished(result, status, LUMA_ERROR_WAIT_TIMEOUT, LUMA_RUN_ACTIVATED);
    status = luma_wait_for_workflow(client, id, 3000, NULL, NULL, &result);
    check_unfinished(result, status, LUMA_ERROR_WAIT_TIMEOUT, LUMA_RUN_ACTIVATED);

    /* A poll that failed temporarily does not end the wait. */
    status = luma_wait_for_workflow(client, "fault-status-503", 60000, on_failed_poll, &polls,
                                    &result);
    CHECK(status == LUMA_ERROR_WAIT_STOPPED && polls == 2);
    CHECK(luma_result_outcome(result) == LUMA_OUTCOME_UNKNOWN);
    check_has_only(result, HAS_POLLS);
    luma_result_free(result);
    /* Polling again cannot help. */
    status = luma_wait_for_workflow(client, "fault-status-403", 60000, NULL, NULL, &result);
    CHECK(status == LUMA_ERROR_FORBIDDEN && luma_result_poll_count(result) == 1);
    CHECK(luma_result_outcome(result) == LUMA_OUTCOME_REJECTED);
    CHECK(luma_result_http_status(result) == 403);
    check_has_only(result, HAS_POLLS);
    luma_result_free(result);
    luma_result_free(patch);
}

/* A status that is not documented is not final. */
static void other_status(const luma_client *stopped)
{
    const char *trigger_id = getenv("LUMA_QUEUED_TRIGGER_ID");
    luma_result *result = NULL;
    int32_t status;

    status = luma_get_workflow_history(stopped, trigger_id, &result);
    check_succeeded(result, status);
    check_has_only(result, HAS_RUN);
    CHECK(luma_result_run_status(result) == LUMA_RUN_OTHER);
    CHECK_TEXT(luma_result_string(result, "/resultData/status"), "QUEUED");
    CHECK_TEXT(luma_result_run_status_text(result), "QUEUED");
    CHECK(strstr(luma_result_message(result), "QUEUED") != NULL);
    luma_result_free(result);
    status = luma_wait_for_workflow_or_suspension(stopped, trigger_id, 3000, NULL, NULL, &result);
    CHECK(status == LUMA_ERROR_WAIT_TIMEOUT);
    CHECK(luma_result_run_status(result) == LUMA_RUN_OTHER);
    CHECK(strstr(luma_result_message(result), "QUEUED") != NULL);
    luma_result_free(result);
}

static void suspension(const luma_client *stopped)
{
    const char *trigger_id = getenv("LUMA_SUSPENDED_TRIGGER_ID");
    struct watch watch = {NULL, NULL, 0, 0, 0, 0};
    luma_result *result = NULL;
    int32_t status;

    watch.client = stopped;
    watch.trigger_id = trigger_id;
    status = luma_wait_for_workflow_or_suspension(stopped, trigger_id, 60000, on_poll, &watch,
                                                  &result);
    check_succeeded(result, status);
    check_has_only(result, HAS_RUN | HAS_POLLS);
    CHECK(luma_result_run_status(result) == LUMA_RUN_SUSPENDED);
    CHECK(luma_result_poll_count(result) == 1 && watch.polls == 1);
    CHECK(luma_result_run_end_time_ms(result) == -1);
    luma_result_free(result);

    status = luma_wait_for_workflow(stopped, trigger_id, 3000, NULL, NULL, &result);
    check_unfinished(result, status, LUMA_ERROR_WAIT_TIMEOUT, LUMA_RUN_SUSPENDED);

    /* The step that the run waits for. */
    status = luma_list_workflow_steps(stopped, trigger_id, "status==RUNNING", NULL, 0, 0, &result);
    check_succeeded(result, status);
    CHECK(luma_result_step_count(result) == 1);
    CHECK_TEXT(luma_result_step_name(result, 0), "approve installation");
    CHECK(luma_result_step_status(result, 0) == LUMA_RUN_RUNNING);
    CHECK(luma_result_step_end_time_ms(result, 0) == -1);
    CHECK_TEXT(luma_result_string(result, "/resultData/0/activityType"), "userTask");
    luma_result_free(result);
}

/* Must be last: it makes the token of all clients invalid. */
static void new_token(luma_client *client, luma_client *other, const char *old_token)
{
    const char *super_admin = getenv("LUMA_SUPER_ADMIN_TOKEN");
    const char *tenant = getenv("LUMA_TENANT_EXTERNAL_ID");
    luma_result *result = NULL, *run = NULL;
    const char *token;
    int64_t number = 0;
    int32_t status;

    /* Rejected, or lost before the gateway acted: the old token stays valid. */
    status = luma_regenerate_tenant_token(client, old_token, tenant, &result);
    check_failed(result, status, LUMA_ERROR_UNAUTHORIZED, LUMA_OUTCOME_REJECTED);
    status = luma_regenerate_tenant_token(client, super_admin, ABSENT, &result);
    check_failed(result, status, LUMA_ERROR_NOT_FOUND, LUMA_OUTCOME_REJECTED);
    status = luma_regenerate_tenant_token(client, super_admin, "fault-redirect-307", &result);
    check_failed(result, status, LUMA_ERROR_REDIRECTED, LUMA_OUTCOME_REJECTED);
    status = luma_regenerate_tenant_token(client, super_admin, "fault-reset-after-reading",
                                          &result);
    CHECK(strstr(luma_result_message(result), super_admin) == NULL);
    check_failed(result, status, LUMA_ERROR_CONNECTION_LOST, LUMA_OUTCOME_UNKNOWN);
    run = trigger(client, "{\"workflowIdentifier\":\"unlock_account\","
                          "\"variables\":{\"userName\":\"x\"}}");

    status = luma_regenerate_tenant_token(client, super_admin, tenant, &result);
    check_succeeded(result, status);
    check_has_only(result, HAS_ACCESS_TOKEN);
    token = luma_result_access_token(result);
    CHECK(strcmp(token, old_token) != 0);
    CHECK(luma_result_access_token(result) == token);
    check_hidden(result, token, "/resultData/tenantAccessToken");
    CHECK(strstr(luma_result_json(result), super_admin) == NULL);
    CHECK_TEXT(luma_result_string(result, "/resultData/tenantExternalId"), tenant);
    CHECK(luma_result_int64(result, "/resultData/tenantId", &number) == LUMA_OK && number == 1000);
    CHECK(luma_client_set_access_token(other, token) == LUMA_OK);
    luma_result_free(result); /* the client has a copy */

    /* Another client keeps its token. */
    status = luma_get_workflow_history(client, luma_result_trigger_id(run), &result);
    check_failed(result, status, LUMA_ERROR_UNAUTHORIZED, LUMA_OUTCOME_REJECTED);
    status = luma_wait_for_workflow(client, luma_result_trigger_id(run), 60000, NULL, NULL,
                                    &result);
    CHECK(status == LUMA_ERROR_UNAUTHORIZED && luma_result_poll_count(result) == 1);
    luma_result_free(result);
    status = luma_get_workflow_history(other, luma_result_trigger_id(run), &result);
    check_succeeded(result, status);
    luma_result_free(result);
    luma_result_free(run);
}

int main(void)
{
    const char *url = getenv("LUMA_URL"), *token = getenv("LUMA_TOKEN");
    luma_client *client = NULL, *other = NULL, *stopped = NULL;

    CHECK(luma_client_new(url, token, &client) == LUMA_OK);
    CHECK(luma_client_new(url, token, &other) == LUMA_OK);
    CHECK(luma_client_new(getenv("LUMA_STOPPED_URL"), token, &stopped) == LUMA_OK);
    connect_ahead(client, url);
    history(stopped);
    steps(client);
    definitions(client);
    launch_url(client);
    waits_that_end(client);
    waits_that_do_not_end(stopped);
    other_status(stopped);
    suspension(stopped);
    new_token(client, other, token);
    luma_client_free(stopped);
    luma_client_free(other);
    luma_client_free(client);
    return closing_line();
}
