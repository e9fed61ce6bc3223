/*
 * Reads lists and parameters that a server sends in unusual ways. The argument names the check; the
 * server has the responses that it needs.
 */
#include <luma.h>

#include "check.h"

#include <stdlib.h>
#include <time.h>

static luma_client *client;

static luma_result *definitions(int32_t expected)
{
    luma_result *result = NULL;

    CHECK(luma_list_workflow_definitions(client, NULL, NULL, 0, 0, &result) == expected);
    CHECK(luma_result_status(result) == expected);
    return result;
}

static luma_result *history(void)
{
    luma_result *result = NULL;

    CHECK(luma_get_workflow_history(client, "x", &result) == LUMA_OK);
    return result;
}

/* Two pages of steps, then HTTP 401. */
static void incomplete(void)
{
    luma_result *result = NULL;
    size_t count = 0;

    CHECK(luma_list_workflow_steps(client, "x", NULL, NULL, 0, 0, &result) ==
          LUMA_ERROR_LIST_INCOMPLETE);
    CHECK(luma_result_status(result) == LUMA_ERROR_LIST_INCOMPLETE);
    CHECK(luma_result_page_status(result) == LUMA_ERROR_UNAUTHORIZED);
    CHECK(luma_result_outcome(result) == LUMA_OUTCOME_REJECTED);
    CHECK(luma_result_http_status(result) == 401);
    CHECK(strstr(luma_result_message(result), "the list is incomplete after 3 elements: HTTP 401"));
    CHECK(luma_result_attempts(result) == 3);
    CHECK(luma_result_step_count(result) == 3);
    CHECK_TEXT(luma_result_step_id(result, 2), "3");
    CHECK_TEXT(luma_result_string(result, "/resultData/2/id"), "3");
    CHECK(luma_result_count(result, "/resultData", &count) == LUMA_OK && count == 3);
    luma_result_free(result);
}

/* Identifiers and texts with a NUL in them. */
static void nul(void)
{
    luma_result *result = definitions(LUMA_OK);

    CHECK(luma_result_page_status(result) == LUMA_OK);
    CHECK(luma_result_definition_count(result) == 2);
    CHECK_TEXT(luma_result_definition_identifier(result, 0), "");
    CHECK_TEXT(luma_result_definition_name(result, 0), "a\xEF\xBF\xBD"
                                                       "b");
    CHECK_TEXT(luma_result_definition_description(result, 0), "\xEF\xBF\xBD");
    CHECK(luma_result_definition_parameter_count(result, 0) == 1);
    CHECK_TEXT(luma_result_definition_parameter_name(result, 0, 0), "");
    CHECK_TEXT(luma_result_definition_parameter_data_type(result, 0, 0), "TEXT\xEF\xBF\xBD");
    CHECK_TEXT(luma_result_definition_identifier(result, 1), "b");
    CHECK(luma_result_string_length(result, "/resultData/0/identifier") == 3);
    luma_result_free(result);

    CHECK(luma_list_workflow_steps(client, "x", NULL, NULL, 0, 0, &result) == LUMA_OK);
    CHECK_TEXT(luma_result_step_id(result, 0), "");
    CHECK_TEXT(luma_result_step_name(result, 0), "n\xEF\xBF\xBD");
    CHECK(luma_result_step_status(result, 0) == LUMA_RUN_OTHER);
    CHECK_TEXT(luma_result_step_status_text(result, 0), "COMPLETED\xEF\xBF\xBD");
    luma_result_free(result);

    result = history();
    CHECK(luma_result_parameter_count(result) == 1);
    CHECK_TEXT(luma_result_parameter_name(result, 0), "");
    CHECK_TEXT(luma_result_parameter_value(result, 0), "v\xEF\xBF\xBDw");
    CHECK(luma_result_string_length(result,
                                    "/resultData/inputParameters/inputParameters/0/value") == 3);
    luma_result_free(result);
}

static double seconds(clock_t since)
{
    return (double)(clock() - since) / CLOCKS_PER_SEC;
}

/* Reads all parameters, and returns how long it took per parameter. */
static double read_with_getters(size_t expected)
{
    luma_result *result = history();
    clock_t start = clock();
    size_t i, bytes = 0;
    double took;

    for (i = 0; i < luma_result_parameter_count(result); i++) {
        bytes += strlen(luma_result_parameter_name(result, i));
        bytes += strlen(luma_result_parameter_value(result, i));
        bytes += strlen(luma_result_parameter_data_type(result, i));
    }
    took = seconds(start);
    CHECK(i == expected && bytes >= 10 * expected);
    luma_result_free(result);
    return took;
}

static double read_with_pointers(size_t expected)
{
    static const char *const names[] = {"parameter", "value", "dataType"};
    luma_result *result = history();
    clock_t start = clock();
    size_t i, name, bytes = 0, count = 0;
    double took;

    /* A caller may count again and again. */
    for (i = 0; luma_result_count(result, "/resultData/inputParameters/inputParameters", &count) ==
                    LUMA_OK &&
                i < count;
         i++)
        for (name = 0; name < 3; name++) {
            char pointer[100];

            snprintf(pointer, sizeof pointer, "/resultData/inputParameters/inputParameters/%lu/%s",
                     (unsigned long)i, names[name]);
            bytes += luma_result_string_length(result, pointer);
        }
    took = seconds(start);
    CHECK(i == expected && bytes >= 10 * expected);
    luma_result_free(result);
    return took;
}

static double read_definition_with_getters(size_t expected)
{
    luma_result *result = definitions(LUMA_OK);
    clock_t start = clock();
    size_t i, required = 0;
    double took;

    for (i = 0; i < luma_result_definition_parameter_count(result, 1); i++)
        required += luma_result_definition_parameter_name(result, 1, i)[0] == 'p' &&
                    luma_result_definition_parameter_required(result, 1, i);
    took = seconds(start);
    CHECK(i == expected && required == expected / 2);
    luma_result_free(result);
    return took;
}

/* Two nested loops. */
static double read_definition_with_pointers(size_t expected)
{
    luma_result *result = definitions(LUMA_OK);
    clock_t start = clock();
    size_t i, j, count = 0, validations = 0, bytes = 0;
    char pointer[120];
    double took;

    CHECK(luma_result_count(result, "/resultData/1/inputParameters/parameters", &count) == LUMA_OK);
    CHECK(count == expected);
    for (i = 0; i < count; i++) {
        snprintf(pointer, sizeof pointer,
                 "/resultData/1/inputParameters/parameters/%lu/validations", (unsigned long)i);
        CHECK(luma_result_count(result, pointer, &validations) == LUMA_OK && validations == 2);
        for (j = 0; j < validations; j++) {
            snprintf(pointer, sizeof pointer,
                     "/resultData/1/inputParameters/parameters/%lu/validations/%lu/constraintType",
                     (unsigned long)i, (unsigned long)j);
            bytes += luma_result_string_length(result, pointer);
        }
    }
    took = seconds(start);
    CHECK(bytes == 2 * expected * strlen("PATTERN"));
    luma_result_free(result);
    return took;
}

/* The server sends a small and a large response by turns. The large one has eight times as many
   parameters: in quadratic time, it would take 64 times as long. */
static void linear(size_t count)
{
    double (*const ways[])(size_t) = {read_with_getters, read_with_pointers,
                                      read_definition_with_getters, read_definition_with_pointers};
    size_t way;

    for (way = 0; way < sizeof ways / sizeof *ways; way++) {
        double small = 1e9, large = 1e9;
        int i;

        /* The fastest of three; of up to twenty if it looks slow, since the machine may be busy. */
        for (i = 0; i < 3 || (i < 20 && large >= 20 * small + 0.02); i++) {
            double took = ways[way](count);

            small = took < small ? took : small;
            took = ways[way](8 * count);
            large = took < large ? took : large;
        }
        printf("way %d: %lu in %.1f ms, %lu in %.1f ms\n", (int)way, (unsigned long)count,
               1000 * small, (unsigned long)(8 * count), 1000 * large);
        CHECK(large < 20 * small + 0.02);
    }
}

int main(int argc, char **argv)
{
    const char *check = argc > 1 ? argv[1] : "";

    CHECK(luma_client_new(getenv("LUMA_URL"), "token", &client) == LUMA_OK);
    if (strcmp(check, "incomplete") == 0)
        incomplete();
    else if (strcmp(check, "nul") == 0)
        nul();
    else if (argc > 2 && strcmp(check, "linear") == 0)
        linear((size_t)atoi(argv[2]));
    else
        CHECK(!"a known check");
    luma_client_free(client);
    return closing_line();
}
