/* Checks which getters of a result return something. All others must return their "nothing". */
#ifndef GETTERS_H
#define GETTERS_H

#include "check.h"

#define HAS_NOTHING 0
#define HAS_TRIGGER 1
#define HAS_RUN 2
#define HAS_POLLS 4
#define HAS_STEPS 8
#define HAS_DEFINITIONS 16
#define HAS_LAUNCH_URL 32
#define HAS_ACCESS_TOKEN 64
#define HAS_CONNECTION 128

static void check_step_is_absent(const luma_result *result, size_t index)
{
    CHECK_TEXT(luma_result_step_id(result, index), "");
    CHECK_TEXT(luma_result_step_name(result, index), "");
    CHECK(luma_result_step_status(result, index) == LUMA_RUN_NONE);
    CHECK_TEXT(luma_result_step_status_text(result, index), "");
    CHECK(luma_result_step_start_time_ms(result, index) == -1);
    CHECK(luma_result_step_end_time_ms(result, index) == -1);
    CHECK(luma_result_step_time_spent_ms(result, index) == -1);
}

static void check_parameter_is_absent(const luma_result *result, size_t index)
{
    CHECK_TEXT(luma_result_parameter_name(result, index), "");
    CHECK_TEXT(luma_result_parameter_value(result, index), "");
    CHECK_TEXT(luma_result_parameter_data_type(result, index), "");
    CHECK_TEXT(luma_result_parameter_caption(result, index), "");
    CHECK_TEXT(luma_result_parameter_description(result, index), "");
}

static void check_definition_parameter_is_absent(const luma_result *result, size_t definition,
                                                 size_t index)
{
    CHECK_TEXT(luma_result_definition_parameter_name(result, definition, index), "");
    CHECK_TEXT(luma_result_definition_parameter_data_type(result, definition, index), "");
    CHECK(luma_result_definition_parameter_required(result, definition, index) == 0);
    CHECK_TEXT(luma_result_definition_parameter_caption(result, definition, index), "");
    CHECK_TEXT(luma_result_definition_parameter_description(result, definition, index), "");
}

static void check_definition_is_absent(const luma_result *result, size_t index)
{
    CHECK(luma_result_definition_parameter_count(result, index) == 0);
    check_definition_parameter_is_absent(result, index, 0);
    CHECK_TEXT(luma_result_definition_identifier(result, index), "");
    CHECK_TEXT(luma_result_definition_name(result, index), "");
    CHECK_TEXT(luma_result_definition_description(result, index), "");
}

static void check_has_only(const luma_result *result, int parts)
{
    size_t steps = luma_result_step_count(result);
    size_t definitions = luma_result_definition_count(result);

    CHECK((luma_result_trigger_id(result)[0] != '\0') == ((parts & HAS_TRIGGER) != 0));
    CHECK((luma_result_launch_url(result)[0] != '\0') == ((parts & HAS_LAUNCH_URL) != 0));
    CHECK((luma_result_access_token(result)[0] != '\0') == ((parts & HAS_ACCESS_TOKEN) != 0));
    CHECK((luma_result_peer_address(result)[0] != '\0') == ((parts & HAS_CONNECTION) != 0));
    CHECK_TEXT(luma_result_tls_version(result), "");
    CHECK(luma_result_certificate_expires_ms(result) == -1);
    CHECK((luma_result_poll_count(result) > 0) == ((parts & HAS_POLLS) != 0));
    CHECK(luma_result_wait_elapsed_ms(result) >= 0 || !(parts & HAS_POLLS));
    if (!(parts & HAS_RUN)) {
        CHECK(luma_result_run_status(result) == LUMA_RUN_NONE);
        CHECK_TEXT(luma_result_run_status_text(result), "");
        CHECK(luma_result_run_start_time_ms(result) == -1);
        CHECK(luma_result_run_end_time_ms(result) == -1);
        CHECK(luma_result_run_time_spent_ms(result) == -1);
        CHECK(luma_result_parameter_count(result) == 0);
    }
    check_parameter_is_absent(result, luma_result_parameter_count(result));
    check_parameter_is_absent(result, (size_t)-1);
    CHECK((parts & HAS_STEPS) || steps == 0);
    check_step_is_absent(result, steps);
    check_step_is_absent(result, (size_t)-1);
    CHECK((parts & HAS_DEFINITIONS) || definitions == 0);
    check_definition_is_absent(result, definitions);
    check_definition_is_absent(result, (size_t)-1);
}

#endif
