/* What a result tells of, by the getters that are for it: all others have nothing to say. */
#ifndef TELLS_H
#define TELLS_H

#include "check.h"

#define TELLS_NOTHING 0
#define TELLS_TRIGGER 1
#define TELLS_RUN 2
#define TELLS_POLLS 4
#define TELLS_STEPS 8
#define TELLS_WORKFLOWS 16
#define TELLS_LAUNCH_URL 32
#define TELLS_ACCESS_TOKEN 64

static void check_no_step(const luma_result *result, size_t index)
{
    CHECK_TEXT(luma_result_step_id(result, index), "");
    CHECK_TEXT(luma_result_step_name(result, index), "");
    CHECK(luma_result_step_status(result, index) == LUMA_RUN_NONE);
    CHECK_TEXT(luma_result_step_status_text(result, index), "");
    CHECK(luma_result_step_start_time_ms(result, index) == -1);
    CHECK(luma_result_step_end_time_ms(result, index) == -1);
    CHECK(luma_result_step_time_spent_ms(result, index) == -1);
}

static void check_no_workflow(const luma_result *result, size_t index)
{
    CHECK_TEXT(luma_result_definition_identifier(result, index), "");
    CHECK_TEXT(luma_result_definition_name(result, index), "");
    CHECK_TEXT(luma_result_definition_description(result, index), "");
}

static void check_tells_only(const luma_result *result, int what)
{
    size_t steps = luma_result_step_count(result);
    size_t workflows = luma_result_definition_count(result);

    CHECK((luma_result_trigger_id(result)[0] != '\0') == ((what & TELLS_TRIGGER) != 0));
    CHECK((luma_result_launch_url(result)[0] != '\0') == ((what & TELLS_LAUNCH_URL) != 0));
    CHECK((luma_result_access_token(result)[0] != '\0') == ((what & TELLS_ACCESS_TOKEN) != 0));
    CHECK((luma_result_poll_count(result) > 0) == ((what & TELLS_POLLS) != 0));
    CHECK(luma_result_elapsed_ms(result) >= 0 || !(what & TELLS_POLLS));
    if (!(what & TELLS_RUN)) {
        CHECK(luma_result_run_status(result) == LUMA_RUN_NONE);
        CHECK_TEXT(luma_result_run_status_text(result), "");
        CHECK(luma_result_run_start_time_ms(result) == -1);
        CHECK(luma_result_run_end_time_ms(result) == -1);
        CHECK(luma_result_run_time_spent_ms(result) == -1);
    }
    CHECK((what & TELLS_STEPS) || steps == 0);
    check_no_step(result, steps);
    check_no_step(result, (size_t)-1);
    CHECK((what & TELLS_WORKFLOWS) || workflows == 0);
    check_no_workflow(result, workflows);
    check_no_workflow(result, (size_t)-1);
}

#endif
