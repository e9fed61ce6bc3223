/*
 * Makes every call to a server that always sends the same fixture, named by the argument.
 * Prints the outcome of each call, and checks the getters where the fixture belongs to the call.
 */
#include <luma.h>

#include "check.h"

#include <stdlib.h>

static const char *fixture;

static int is_accepted(const char *name, const luma_result *result)
{
    return strcmp(fixture, name) == 0 && luma_result_status(result) == LUMA_OK;
}

static void check_int64(const luma_result *result, const char *pointer, int64_t expected)
{
    int64_t value = -1;

    CHECK(luma_result_int64(result, pointer, &value) == LUMA_OK && value == expected);
}

static void print_and_free(const char *call, luma_result *result)
{
    printf("%s %s\n", call, luma_outcome_name(luma_result_outcome(result)));
    luma_result_free(result);
}

static void trigger(const luma_client *client)
{
    luma_result *result = NULL;

    luma_trigger_workflow_json(client, "{\"workflowIdentifier\":\"reset_password\"}", &result);
    if (is_accepted("trigger-success", result)) {
        CHECK_TEXT(luma_result_trigger_id(result), "0b6f6f5e-6d0c-4d3c-9d3b-7b8f0f6f1c55");
        CHECK_TEXT(luma_result_string(result, "/resultData/statusInfo/status"), "SUBMITTED");
    }
    print_and_free("trigger", result);
}

static void history(const luma_client *client)
{
    static const char parameters[] = "/resultData/inputParameters/inputParameters";
    luma_result *result = NULL;
    size_t count = 0;

    luma_get_workflow_history(client, "0b6f6f5e", &result);
    if (is_accepted("history-completed", result)) {
        CHECK(luma_result_run_status(result) == LUMA_RUN_COMPLETED);
        CHECK_TEXT(luma_result_run_status_text(result), "COMPLETED");
        CHECK(luma_result_run_start_time_ms(result) == INT64_C(1641823983772));
        CHECK(luma_result_run_end_time_ms(result) == INT64_C(1641823988914));
        CHECK(luma_result_run_time_spent_ms(result) == 5142);
        CHECK(luma_result_count(result, parameters, &count) == LUMA_OK && count == 2);
        CHECK(luma_result_parameter_count(result) == 2);
        CHECK_TEXT(luma_result_parameter_name(result, 0), "userName");
        CHECK_TEXT(luma_result_parameter_value(result, 1), "email");
        CHECK_TEXT(luma_result_parameter_data_type(result, 1), "TEXT");
        CHECK_TEXT(luma_result_parameter_caption(result, 0), "");
        CHECK_TEXT(luma_result_parameter_description(result, 0), "");
        CHECK_TEXT(
            luma_result_string(result, "/resultData/inputParameters/inputParameters/1/value"),
            "email");
        CHECK(luma_result_json_type(result, "/resultData/inputParameters") == LUMA_JSON_STRING);
        check_int64(result, "/resultData/initiatorApplicationId", -2);
        check_int64(result, "/resultData/id", 427);
        CHECK_TEXT(luma_result_string(result, "/resultData/href"), "/api/v1/workflowHistory/427");
        CHECK(luma_result_json_type(result, "/warnings") == LUMA_JSON_ARRAY);
    }
    print_and_free("history", result);
}

static void steps(const luma_client *client)
{
    luma_result *result = NULL;

    luma_list_workflow_steps(client, "0b6f6f5e", NULL, NULL, 0, 0, &result);
    if (is_accepted("steps", result)) {
        CHECK(luma_result_step_count(result) == 2);
        CHECK_TEXT(luma_result_step_id(result, 0), "799");
        CHECK_TEXT(luma_result_step_name(result, 1), "get user");
        CHECK(luma_result_step_status(result, 1) == LUMA_RUN_COMPLETED);
        CHECK(luma_result_step_start_time_ms(result, 1) == INT64_C(1641823983894));
        CHECK(luma_result_step_end_time_ms(result, 0) == INT64_C(1641823983790));
        CHECK(luma_result_step_time_spent_ms(result, 1) == 3012);
        CHECK_TEXT(luma_result_string(result, "/resultData/0/activityType"), "startEvent");
    }
    print_and_free("steps", result);
}

static void step(const luma_client *client)
{
    luma_result *result = NULL;

    luma_get_workflow_step(client, "0b6f6f5e", "800", &result);
    if (is_accepted("step-detail", result)) {
        CHECK(luma_result_step_count(result) == 1);
        CHECK_TEXT(luma_result_step_id(result, 0), "800");
        CHECK_TEXT(luma_result_step_name(result, 0), "get user");
        CHECK_TEXT(luma_result_step_status_text(result, 0), "COMPLETED");
        CHECK(luma_result_step_time_spent_ms(result, 0) == 3012);
        check_int64(result, "/resultData/totalAttempts", 1);
        CHECK_TEXT(luma_result_string(result, "/resultData/activityRuntimeAttributes/userName"),
                   "jdoe");
    }
    print_and_free("step", result);
}

static void launch_url(const luma_client *client)
{
    luma_result *result = NULL;

    luma_generate_launch_url(client, "0b6f6f5e", &result);
    if (is_accepted("launch-url", result)) {
        CHECK_TEXT(luma_result_launch_url(result),
                   "https://acme.automation.example/execution/"
                   "0b6f6f5e-6d0c-4d3c-9d3b-7b8f0f6f1c55?accessKey=tmp-4f1c");
        CHECK_TEXT(luma_result_string(result, "/resultData"), "[secret]");
    }
    print_and_free("launch-url", result);
}

static void definitions(const luma_client *client)
{
    luma_result *result = NULL;

    luma_list_workflow_definitions(client, NULL, NULL, 0, 0, &result);
    if (is_accepted("definitions", result)) {
        static const char limit[] =
            "/resultData/0/inputParameters/parameters/0/validations/1/enforcementValue";
        static const char required[] = "/resultData/0/inputParameters/parameters/0/required";
        int32_t truth = 0;

        CHECK(luma_result_definition_count(result) == 1);
        CHECK_TEXT(luma_result_definition_identifier(result, 0), "reset_password");
        CHECK_TEXT(luma_result_definition_name(result, 0), "Reset Password");
        CHECK_TEXT(luma_result_definition_description(result, 0),
                   "Resets a directory password and tells the user");
        CHECK_TEXT(luma_result_string(result, limit), "64");
        CHECK(luma_result_bool(result, required, &truth) == LUMA_OK && truth == 1);
        CHECK(luma_result_json_type(result, required) == LUMA_JSON_BOOL);
    }
    print_and_free("workflows", result);
}

static void tenant_token(const luma_client *client)
{
    luma_result *result = NULL;

    luma_regenerate_tenant_token(client, "super-admin", "6c9a2b1e", &result);
    if (is_accepted("regenerate-token", result)) {
        CHECK_TEXT(luma_result_access_token(result), "example-not-a-real-token.payload.signature");
        CHECK_TEXT(luma_result_string(result, "/resultData/tenantAccessToken"), "[secret]");
        check_int64(result, "/resultData/tenantId", 1000);
    }
    print_and_free("tenant-token", result);
}

int main(int argc, char **argv)
{
    luma_client *client = NULL;

    fixture = argc == 2 ? argv[1] : "";
    CHECK(luma_client_new(getenv("LUMA_URL"), "token", &client) == LUMA_OK);
    trigger(client);
    history(client);
    steps(client);
    step(client);
    launch_url(client);
    definitions(client);
    tenant_token(client);
    luma_client_free(client);
    return closing_line();
}
