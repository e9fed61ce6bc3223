/*
 * Prints the steps of a run as a table: their status, start and duration.
 *
 *   LUMA_URL=https://acme.automation.example LUMA_TOKEN=... \
 *   steps TRIGGER_ID
 *
 * The settings come from LUMA_URL and LUMA_TOKEN, or from the configuration file, see
 * docs/configuration-file.md.
 *
 * Exit code: 0 printed, 2 REJECTED, 3 NOT_SENT, 4 UNKNOWN, 1 invalid arguments or settings.
 */
#include <luma.h>

#include <stdio.h>

/* Counts the characters of a UTF-8 string: all bytes except continuation bytes. */
static int width(const char *text)
{
    int count = 0;

    for (; *text != '\0'; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

/* Pads a string with spaces. printf("%-*s") would count bytes instead of characters. */
static void print_cell(const char *text, int columns)
{
    printf("%s%*s", text, columns - width(text), "");
}

/* Prints milliseconds as seconds. The library returns -1 for times that the gateway omits. */
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

/* Prints the error and returns the exit code. Reading is safe to repeat after any outcome. */
static int failed(const luma_result *result)
{
    fprintf(stderr, "%s\n", luma_result_message(result));
    switch (luma_result_outcome(result)) {
    case LUMA_OUTCOME_REJECTED:
        return 2;
    case LUMA_OUTCOME_NOT_SENT:
        return 3;
    default:
        return 4; /* LUMA_OUTCOME_UNKNOWN */
    }
}

int main(int argc, char **argv)
{
    luma_client *client = NULL;
    luma_result *run = NULL, *steps = NULL;
    int code = 0;

    if (argc != 2) {
        fprintf(stderr, "usage: steps TRIGGER_ID\n");
        return 1;
    }
    if (luma_client_new_from_environment(&client, &run) != LUMA_OK) {
        fprintf(stderr, "%s\n", luma_result_message(run)); /* the variable, or file and line */
        luma_result_free(run);
        return 1;
    }
    /* For the start time of the run: the table counts from it. */
    if (luma_get_workflow_history(client, argv[1], &run) != LUMA_OK)
        code = failed(run);
    /* All steps (0 means no limit) without a filter, sorted by start. */
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
