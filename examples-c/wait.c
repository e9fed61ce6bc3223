/*
 * Triggers a workflow for an ISM ticket, or takes up a run that was triggered before, and shows
 * how far it is until it has ended.
 *
 *   LUMA_URL=https://acme.automation.example LUMA_TOKEN=... \
 *   wait WORKFLOW TICKET [NAME=VALUE ...]
 *   wait --again TRIGGER_ID
 *
 * LUMA_WAIT_SECONDS: how long it waits, 600 unless set. Whatever ends the wait, the run goes on.
 *
 * Exit code: 0 COMPLETED, 5 FAILED, 6 TERMINATED, 7 the wait ended before the run did;
 * no run: 2 REJECTED, 3 NOT_SENT, 1 a mistake before the call; 4 UNKNOWN, one may be running.
 */
#include <luma.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONTACT_ID 4021 /* the contact in ISM on whose behalf the workflow runs */

/* What the callback has to know; it is handed through the wait as user_data. */
struct watch {
    const luma_client *client;
    const char *trigger_id;
};

/* Whether a step went well; says which one did not, and why. */
static int ok(const char *step, int32_t status)
{
    if (status != LUMA_OK)
        fprintf(stderr, "%s: %s (%s)\n", step, luma_status_message(status),
                luma_status_name(status));
    return status == LUMA_OK;
}

/* Sets a variable from an argument of the form NAME=VALUE. */
static int set_variable(luma_trigger_request *request, char *argument)
{
    char *equals = strchr(argument, '=');

    if (equals == NULL) {
        fprintf(stderr, "%s: not of the form NAME=VALUE\n", argument);
        return 0;
    }
    *equals = '\0';
    return ok("NAME=VALUE", luma_trigger_request_set_variable(request, argument, equals + 1));
}

static int fill_in(luma_trigger_request *request, const char *ticket, char **variables)
{
    if (!ok("contact", luma_trigger_request_set_initiator(
                request, CONTACT_ID, LUMA_APPLICATION_ISM)) ||
        !ok("TICKET", luma_trigger_request_set_initiation_info(
                request, "ticketIdentifier", ticket)))
        return 0;
    for (; *variables != NULL; variables++)
        if (!set_variable(request, *variables))
            return 0;
    return 1;
}

/* Prints the names of the run's steps that are in a status, if there are any. */
static void print_steps(const struct watch *watch, const char *before, const char *filter)
{
    luma_result *steps = NULL;
    size_t i;

    /* Three are enough to show. A list that cannot be had is no reason to end the wait. */
    (void)luma_list_workflow_steps(watch->client, watch->trigger_id, filter, NULL, 0, 3, &steps);
    for (i = 0; i < luma_result_step_count(steps); i++)
        printf("%s%s", i == 0 ? before : ", ", luma_result_step_name(steps, i));
    luma_result_free(steps);
}

/* One line for each look of the wait. */
static int32_t show_progress(const luma_result *seen, void *user_data)
{
    const struct watch *watch = (const struct watch *)user_data;

    if (luma_result_status(seen) != LUMA_OK) {
        /* The wait looks again if that may help, so this is nothing but news. */
        printf("  look %d failed: %s\n", (int)luma_result_poll_count(seen), luma_result_message(seen));
    } else {
        /* The gateway's own word, since it may be one that luma.h has no number for. */
        printf("  %-10s", luma_result_run_status_text(seen));
        if (luma_result_run_time_spent_ms(seen) >= 0)
            printf(" %6.1f s", (double)luma_result_run_time_spent_ms(seen) / 1000);
        print_steps(watch, "  ", "status==RUNNING");
        printf("\n");
    }
    fflush(stdout); /* progress is of use at once only, also where it goes into a pipe */
    return 0;       /* anything else would end the wait */
}

/* Tells how the run ended, or how to wait on for it. */
static int report(const struct watch *watch, const luma_result *result)
{
    if (luma_result_status(result) != LUMA_OK) {
        printf("%s\n", luma_result_message(result));
        printf("  to wait on: wait --again %s\n", watch->trigger_id);
        return 7;
    }
    /* LUMA_OK says that the run has ended, not that it ended well. */
    switch (luma_result_run_status(result)) {
    case LUMA_RUN_COMPLETED:
        printf("COMPLETED\n");
        return 0;
    case LUMA_RUN_FAILED:
        printf("FAILED");
        print_steps(watch, " in ", "status==FAILED");
        printf("\n");
        return 5;
    default: /* LUMA_RUN_TERMINATED */
        printf("TERMINATED: somebody ended it early\n");
        return 6;
    }
}

/* Whoever has the URL sees the run: it is for the technician, and never for a log. */
static void print_launch_url(const struct watch *watch)
{
    luma_result *result = NULL;

    if (luma_generate_launch_url(watch->client, watch->trigger_id, &result) == LUMA_OK)
        printf("  to see the run: %s\n", luma_result_launch_url(result));
    else
        printf("  no picture of the run: %s\n", luma_result_message(result));
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
    /* The result holds the status too, and besides it the last state of the run. */
    (void)luma_wait_for_workflow(client, trigger_id, timeout_ms, show_progress, &watch, &result);
    if (luma_result_poll_count(result) == 0) { /* refused before it looked */
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
        /* This belongs into the ticket: with it, any process can take up the wait. */
        printf("  trigger id: %s\n", luma_result_trigger_id(result));
        /* The id is borrowed from the result, which therefore outlives the wait. */
        code = wait_for(client, luma_result_trigger_id(result));
        break;
    case LUMA_OUTCOME_REJECTED: code = 2; break;
    case LUMA_OUTCOME_NOT_SENT: code = 3; break;
    default: code = 4; break; /* LUMA_OUTCOME_UNKNOWN */
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
    const char *url = getenv("LUMA_URL"), *token = getenv("LUMA_TOKEN");
    luma_client *client = NULL;
    luma_trigger_request *request = NULL;
    int code = 1;

    if (argc < 3 || url == NULL || token == NULL) {
        fprintf(stderr, "usage: LUMA_URL=... LUMA_TOKEN=... "
                        "wait WORKFLOW TICKET [NAME=VALUE ...] | --again TRIGGER_ID\n");
        return 1;
    }
    if (!ok("LUMA_URL, LUMA_TOKEN", luma_client_new(url, token, &client)))
        return 1;
    if (strcmp(argv[1], "--again") == 0)
        code = wait_for(client, argv[2]);
    else if (ok("WORKFLOW", luma_trigger_request_new(argv[1], &request)) &&
             fill_in(request, argv[2], argv + 3))
        code = run(client, request);
    luma_trigger_request_free(request);
    luma_client_free(client);
    return code;
}
