/*
 * Triggers a workflow for an ISM ticket and shows its progress until the run has ended. With
 * --again, waits for a run that was triggered earlier.
 *
 *   LUMA_URL=https://acme.automation.example LUMA_TOKEN=... \
 *   wait WORKFLOW TICKET [NAME=VALUE ...]
 *   wait --again TRIGGER_ID
 *
 * The settings come from LUMA_URL and LUMA_TOKEN, or from the configuration file, see
 * docs/configuration-file.md.
 *
 * LUMA_WAIT_SECONDS: timeout of the wait, 600 by default. The run continues when a wait ends.
 *
 * Exit code: 0 COMPLETED, 5 FAILED, 6 TERMINATED, 7 the wait ended before the run, 8 the run ended
 * with another status; without a run: 1 invalid arguments or settings, 2 REJECTED, 3 NOT_SENT;
 * 4 UNKNOWN, it may be running.
 */
#include <luma.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONTACT_ID 4021 /* the contact in ISM on whose behalf the workflow runs */

/* Passed through the wait to the callback, as user_data. */
struct watch {
    const luma_client *client;
    const char *trigger_id;
};

/* Returns true for LUMA_OK. Prints any other status with the name of the input that caused it. */
static int ok(const char *input, int32_t status)
{
    if (status != LUMA_OK)
        fprintf(stderr, "%s: %s (%s)\n", input, luma_status_message(status),
                luma_status_name(status));
    return status == LUMA_OK;
}

/* Sets a variable from a NAME=VALUE argument. */
static int set_variable(luma_trigger_request *request, char *argument)
{
    char *equals = strchr(argument, '=');

    if (equals == NULL) {
        fprintf(stderr, "%s: must be NAME=VALUE\n", argument);
        return 0;
    }
    *equals = '\0';
    return ok("NAME=VALUE", luma_trigger_request_set_variable(request, argument, equals + 1));
}

static int set_fields(luma_trigger_request *request, const char *ticket, char **variables)
{
    if (!ok("contact",
            luma_trigger_request_set_initiator(request, CONTACT_ID, LUMA_APPLICATION_ISM)) ||
        !ok("TICKET",
            luma_trigger_request_set_initiation_info(request, "ticketIdentifier", ticket)))
        return 0;
    for (; *variables != NULL; variables++)
        if (!set_variable(request, *variables))
            return 0;
    return 1;
}

/* Prints the names of the steps that match a filter, with a prefix before the first. */
static void print_steps(const struct watch *watch, const char *prefix, const char *filter)
{
    luma_result *steps = NULL;
    size_t i;

    /* Three are enough. If the list fails, there are none to print, and the wait continues. */
    (void)luma_list_workflow_steps(watch->client, watch->trigger_id, filter, NULL, 0, 3, &steps);
    for (i = 0; i < luma_result_step_count(steps); i++)
        printf("%s%s", i == 0 ? prefix : ", ", luma_result_step_name(steps, i));
    luma_result_free(steps);
}

/* Called after each poll: prints one line. */
static int32_t show_progress(const luma_result *poll, void *user_data)
{
    const struct watch *watch = (const struct watch *)user_data;

    if (luma_result_status(poll) != LUMA_OK) {
        /* For information only: the wait polls again if that may help. */
        printf("  poll %d failed: %s\n", (int)luma_result_poll_count(poll),
               luma_result_message(poll));
    } else {
        /* As text, because the gateway may return a status that luma.h does not define. */
        printf("  %-10s", luma_result_run_status_text(poll));
        if (luma_result_run_time_spent_ms(poll) >= 0)
            printf(" %6.1f s", (double)luma_result_run_time_spent_ms(poll) / 1000);
        print_steps(watch, "  ", "status==RUNNING");
        printf("\n");
    }
    fflush(stdout); /* shows progress immediately, in a pipe too */
    return 0; /* any other value would end the wait */
}

/* Prints how the run ended, or how to continue waiting. */
static int report(const struct watch *watch, const luma_result *result)
{
    if (luma_result_status(result) != LUMA_OK) {
        printf("%s\n", luma_result_message(result));
        printf("  to continue waiting: wait --again %s\n", watch->trigger_id);
        return 7;
    }
    /* LUMA_OK means that the run has ended, not that it has completed. */
    switch (luma_result_run_status(result)) {
    case LUMA_RUN_COMPLETED:
        printf("COMPLETED\n");
        return 0;
    case LUMA_RUN_FAILED:
        printf("FAILED");
        print_steps(watch, " in ", "status==FAILED");
        printf("\n");
        return 5;
    case LUMA_RUN_TERMINATED:
        printf("TERMINATED: the run was stopped early\n");
        return 6;
    default: /* LUMA_RUN_OTHER: what it means depends on the gateway */
        printf("%s: luma.h does not define this status\n", luma_result_run_status_text(result));
        return 8;
    }
}

/* The URL grants access to the run: show it to the technician, never write it to a log. */
static void print_launch_url(const struct watch *watch)
{
    luma_result *result = NULL;

    if (luma_generate_launch_url(watch->client, watch->trigger_id, &result) == LUMA_OK)
        printf("  to see the run: %s\n", luma_result_launch_url(result));
    else
        printf("  no launch URL: %s\n", luma_result_message(result));
    luma_result_free(result);
}

static int wait_for(const luma_client *client, const char *trigger_id)
{
    const char *seconds = getenv("LUMA_WAIT_SECONDS");
    int64_t timeout_ms = (int64_t)(seconds == NULL ? 600 : atoi(seconds)) * 1000;
    struct watch watch;
    luma_result *result = NULL;
    int code = 7;

    watch.client = client;
    watch.trigger_id = trigger_id;
    /* The result contains the status too, and the last known state of the run. */
    (void)luma_wait_for_workflow(client, trigger_id, timeout_ms, show_progress, &watch, &result);
    if (luma_result_poll_count(result) == 0) { /* an invalid argument */
        fprintf(stderr, "%s\n", luma_result_message(result));
    } else {
        code = report(&watch, result);
        print_launch_url(&watch);
    }
    luma_result_free(result);
    return code;
}

/* Triggers the workflow, then waits for its run. */
static int run(const luma_client *client, const luma_trigger_request *request)
{
    luma_result *result = NULL;
    size_t i;
    int code;

    (void)luma_trigger_workflow(client, request, &result);
    printf("%s\n", luma_outcome_name(luma_result_outcome(result)));
    switch (luma_result_outcome(result)) {
    case LUMA_OUTCOME_ACCEPTED:
        /* Store this in the ticket: with it, any process can wait for the run. */
        printf("  trigger id: %s\n", luma_result_trigger_id(result));
        /* The id belongs to the result, which must not be freed before the wait has ended. */
        code = wait_for(client, luma_result_trigger_id(result));
        break;
    case LUMA_OUTCOME_REJECTED:
        code = 2;
        break;
    case LUMA_OUTCOME_NOT_SENT:
        code = 3;
        break;
    default:
        code = 4;
        break; /* LUMA_OUTCOME_UNKNOWN */
    }
    if (luma_result_status(result) != LUMA_OK && luma_result_error_count(result) == 0)
        printf("  %s\n", luma_result_message(result));
    for (i = 0; i < luma_result_error_count(result); i++)
        printf("  reason: %s\n", luma_result_error(result, i));
    luma_result_free(result);
    return code;
}

int main(int argc, char **argv)
{
    luma_client *client = NULL;
    luma_trigger_request *request = NULL;
    luma_result *reason = NULL;
    int code = 1;

    if (argc < 3) {
        fprintf(stderr, "usage: wait WORKFLOW TICKET [NAME=VALUE ...] | --again TRIGGER_ID\n");
        return 1;
    }
    if (luma_client_new_from_environment(&client, &reason) != LUMA_OK) {
        fprintf(stderr, "%s\n", luma_result_message(reason)); /* the variable, or file and line */
        luma_result_free(reason);
        return 1;
    }
    if (strcmp(argv[1], "--again") == 0)
        code = wait_for(client, argv[2]);
    else if (ok("WORKFLOW", luma_trigger_request_new(argv[1], &request)) &&
             set_fields(request, argv[2], argv + 3))
        code = run(client, request);
    luma_trigger_request_free(request);
    luma_client_free(client);
    return code;
}
