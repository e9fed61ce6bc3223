/*
 * Prints the steps of a run as a table: when each began, and how long it took.
 *
 *   LUMA_URL=https://acme.automation.example LUMA_TOKEN=... \
 *   steps TRIGGER_ID
 *
 * Exit code: 0 printed, 2 REJECTED, 3 NOT_SENT, 4 UNKNOWN, 1 a mistake before the call.
 */
#include <luma.h>

#include <stdio.h>
#include <stdlib.h>

/* The characters of a text: in UTF-8, all bytes but those that continue one. */
static int width(const char *text)
{
    int count = 0;

    for (; *text != '\0'; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

/* Prints a text and fills it up with blanks. printf("%-*s") would count bytes, not characters. */
static void print_cell(const char *text, int columns)
{
    printf("%s%*s", text, columns - width(text), "");
}

/* Prints milliseconds as seconds; a time that the gateway did not tell is less than 0. */
static void print_seconds(int64_t ms)
{
    if (ms < 0)
        printf("  %10s", "-");
    else
        printf("  %8.1f s", (double)ms / 1000);
}

static void print_table(const luma_result *run, const luma_result *steps)
{
    size_t count = luma_result_step_count(steps), i;
    int64_t run_start = luma_result_run_start_time_ms(run);
    int columns = width("STEP");

    for (i = 0; i < count; i++)
        if (width(luma_result_step_name(steps, i)) > columns)
            columns = width(luma_result_step_name(steps, i));
    print_cell("STEP", columns);
    printf("  %-10s  %10s  %10s\n", "STATUS", "START", "DURATION");
    for (i = 0; i < count; i++) {
        int64_t start = luma_result_step_start_time_ms(steps, i);

        print_cell(luma_result_step_name(steps, i), columns);
        printf("  %-10s", luma_result_step_status_text(steps, i));
        print_seconds(start < 0 || run_start < 0 ? -1 : start - run_start);
        print_seconds(luma_result_step_time_spent_ms(steps, i));
        printf("\n");
    }
}

/* A call that only reads may be made again after any of these. */
static int failed(const luma_result *result)
{
    fprintf(stderr, "%s\n", luma_result_message(result));
    switch (luma_result_outcome(result)) {
    case LUMA_OUTCOME_REJECTED: return 2;
    case LUMA_OUTCOME_NOT_SENT: return 3;
    default: return 4; /* LUMA_OUTCOME_UNKNOWN */
    }
}

int main(int argc, char **argv)
{
    const char *url = getenv("LUMA_URL"), *token = getenv("LUMA_TOKEN");
    luma_client *client = NULL;
    luma_result *run = NULL, *steps = NULL;
    int32_t status;
    int code = 0;

    if (argc != 2 || url == NULL || token == NULL) {
        fprintf(stderr, "usage: LUMA_URL=... LUMA_TOKEN=... steps TRIGGER_ID\n");
        return 1;
    }
    status = luma_client_new(url, token, &client);
    if (status != LUMA_OK) {
        fprintf(stderr, "LUMA_URL, LUMA_TOKEN: %s (%s)\n", luma_status_message(status),
                luma_status_name(status));
        return 1;
    }
    /* Asked first: it tells when the run began, which the steps are counted from. */
    if (luma_get_workflow_history(client, argv[1], &run) != LUMA_OK)
        code = failed(run);
    /* No filter; in the order in which they began; from the first to the last (0 is all). */
    else if (luma_list_workflow_steps(client, argv[1], NULL, "startTime asc", 0, 0, &steps) !=
             LUMA_OK)
        code = failed(steps);
    else
        print_table(run, steps);
    luma_result_free(steps);
    luma_result_free(run);
    luma_client_free(client);
    return code;
}
