/*
 * The other calls of libluma, and triggers with many variables.
 *
 *   calls KIND ...
 *
 * KIND is history; steps or steps-by-pointer, which list 1,000 steps and read six values of each;
 * variables-N, a trigger with N variables; once, a trigger with 1 variable and a journal, each with
 * a new key; or once-again, the same with one key, which sends nothing. The journal is a new folder
 * in BENCH_PROGRAMS. See client.h for the other arguments.
 */
#include <luma.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "luma_client.h"

#define TRIGGER_ID "0b6f6f5e-6d0c-4d3c-9d3b-7b8f0f6f1c55"
#define STEPS 1000
#define MAX_VARIABLES 10000

enum { ID, NAME, STATUS, START, END, SPENT, KEYS };
static const char *const keys[KEYS] = {"id",        "activityName", "status",
                                       "startTime", "endTime",      "timeSpent"};

static luma_client *client;
static luma_journal *journal;
static int has_one_key;
static long keys_used, variables;
static char names[MAX_VARIABLES][16];
static char pointers[STEPS][KEYS][40];

/* Formats the names and pointers once, so that the calls are measured without it. */
static void format_texts(void)
{
    int i, key;

    for (i = 0; i < MAX_VARIABLES; i++)
        snprintf(names[i], sizeof names[i], "variable%05d", i);
    for (i = 0; i < STEPS; i++)
        for (key = 0; key < KEYS; key++)
            snprintf(pointers[i][key], sizeof pointers[i][key], "/resultData/%d/%s", i, keys[key]);
}

static void open_client(void)
{
    client = new_client();
    format_texts();
}

/* Opens a client and a new journal. */
static void open_journal(void)
{
    luma_result *reason = NULL;
    char folder[512];

    open_client();
    snprintf(folder, sizeof folder, "%s/journal-XXXXXX", getenv("BENCH_PROGRAMS"));
    if (mkdtemp(folder) == NULL ||
        luma_journal_create(folder, getenv("BENCH_URL"), &reason) != LUMA_OK ||
        luma_journal_open(folder, &journal, &reason) != LUMA_OK)
        fail(luma_result_message(reason));
}

static void close_client(void)
{
    luma_journal_free(journal);
    luma_client_free(client);
}

static void check(int is_right, luma_result *result)
{
    if (!is_right)
        fail(luma_result_message(result));
    luma_result_free(result);
}

static void history(void)
{
    luma_result *result = NULL;

    luma_get_workflow_history(client, TRIGGER_ID, &result);
    check(luma_result_run_status(result) == LUMA_RUN_COMPLETED &&
              luma_result_run_time_spent_ms(result) > 0 && luma_result_message(result)[0],
          result);
}

static luma_result *list(void)
{
    luma_result *result = NULL;

    luma_list_workflow_steps(client, TRIGGER_ID, NULL, NULL, 0, STEPS, &result);
    if (luma_result_step_count(result) != STEPS)
        fail(luma_result_message(result));
    return result;
}

static void steps(void)
{
    luma_result *result = list();
    size_t i, right = 0;

    for (i = 0; i < STEPS; i++)
        right += luma_result_step_id(result, i)[0] && luma_result_step_name(result, i)[0] &&
                 luma_result_step_status(result, i) == LUMA_RUN_COMPLETED &&
                 luma_result_step_start_time_ms(result, i) > 0 &&
                 luma_result_step_end_time_ms(result, i) > 0 &&
                 luma_result_step_time_spent_ms(result, i) > 0;
    check(right == STEPS, result);
}

static void steps_by_pointer(void)
{
    luma_result *result = list();
    int64_t start, end, spent;
    size_t i, right = 0;

    for (i = 0; i < STEPS; i++)
        right += luma_result_string(result, pointers[i][ID])[0] &&
                 luma_result_string(result, pointers[i][NAME])[0] &&
                 strcmp(luma_result_string(result, pointers[i][STATUS]), "COMPLETED") == 0 &&
                 luma_result_int64(result, pointers[i][START], &start) == LUMA_OK &&
                 luma_result_int64(result, pointers[i][END], &end) == LUMA_OK &&
                 luma_result_int64(result, pointers[i][SPENT], &spent) == LUMA_OK;
    check(right == STEPS, result);
}

static luma_trigger_request *new_request(void)
{
    luma_trigger_request *request = NULL;
    long i;

    luma_trigger_request_new("reset_password", &request);
    luma_trigger_request_set_initiator(request, 4021, LUMA_APPLICATION_ISM);
    luma_trigger_request_set_initiation_info(request, "ticketIdentifier", "100-1");
    for (i = 0; i < variables; i++)
        luma_trigger_request_set_variable(request, names[i], "a value of usual length");
    return request;
}

static void trigger(void)
{
    luma_trigger_request *request = new_request();
    luma_result *result = NULL;

    luma_trigger_workflow(client, request, &result);
    check(luma_result_trigger_id(result)[0] != '\0', result);
    luma_trigger_request_free(request);
}

static void once(void)
{
    luma_trigger_request *request = new_request();
    luma_result *result = NULL;
    char key[32];

    snprintf(key, sizeof key, "100-%ld", has_one_key ? 0 : keys_used++);
    luma_trigger_workflow_once(client, journal, key, request, &result);
    check(luma_result_trigger_id(result)[0] != '\0', result);
    luma_trigger_request_free(request);
}

int main(int argc, char **argv)
{
    const char *kind = argc > 1 ? argv[1] : "";
    void (*call)(void) = NULL;
    void (*open)(void) = open_client;

    if (strcmp(kind, "history") == 0)
        call = history;
    else if (strcmp(kind, "steps") == 0)
        call = steps;
    else if (strcmp(kind, "steps-by-pointer") == 0)
        call = steps_by_pointer;
    else if (sscanf(kind, "variables-%ld", &variables) == 1 && variables <= MAX_VARIABLES)
        call = trigger;
    else if (strcmp(kind, "once") == 0 || strcmp(kind, "once-again") == 0) {
        call = once;
        open = open_journal;
        variables = 1;
        has_one_key = strcmp(kind, "once-again") == 0;
    } else
        fail("KIND must be history, steps, steps-by-pointer, variables-N, once or once-again");
    return run_client(argc - 1, argv + 1, open, call, close_client);
}
