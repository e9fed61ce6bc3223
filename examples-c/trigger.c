/*
 * Triggers a workflow for an ISM ticket and tells what happened.
 *
 *   LUMA_URL=https://acme.automation.example LUMA_TOKEN=... \
 *   trigger WORKFLOW TICKET [NAME=VALUE ...]
 *
 * Exit code: 0 ACCEPTED, 2 REJECTED, 3 NOT_SENT, 4 UNKNOWN, 1 anything before the call.
 */
#include <luma.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONTACT_ID 4021 /* the contact in ISM on whose behalf the workflow runs */

/* Says which step went wrong, and why. */
static int ok(const char *step, int32_t status)
{
    if (status != LUMA_OK)
        fprintf(stderr, "%s: %s (status %d)\n", step, luma_status_message(status), (int)status);
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
    return ok(argument, luma_trigger_request_set_variable(request, argument, equals + 1));
}

static int build_request(luma_trigger_request *request, const char *ticket, char **variables)
{
    if (!ok("initiator", luma_trigger_request_set_initiator(
                request, CONTACT_ID, LUMA_APPLICATION_ISM)))
        return 0;
    if (!ok("ticket", luma_trigger_request_set_initiation_info(
                request, "ticketIdentifier", ticket)))
        return 0;
    for (; *variables != NULL; variables++)
        if (!set_variable(request, *variables))
            return 0;
    return 1;
}

/* Prints the outcome, then the trigger id or the reasons. */
static int32_t report(const luma_result *result)
{
    int32_t outcome = luma_result_outcome(result);
    size_t i;

    printf("%s\n", luma_outcome_name(outcome));
    if (outcome == LUMA_OUTCOME_ACCEPTED) {
        printf("  trigger id: %s\n", luma_result_trigger_id(result));
        return outcome;
    }
    printf("  %s\n", luma_result_message(result));
    for (i = 0; i < luma_result_error_count(result); i++)
        printf("  reason: %s\n", luma_result_error(result, i));
    return outcome;
}

int main(int argc, char **argv)
{
    luma_client *client = NULL;
    luma_trigger_request *request = NULL;
    luma_result *result = NULL;
    int exit_code = 1;

    if (argc < 3) {
        fprintf(stderr, "usage: trigger WORKFLOW TICKET [NAME=VALUE ...]\n");
        return 1;
    }
    if (ok("LUMA_URL and LUMA_TOKEN",
           luma_client_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &client)) &&
        ok("WORKFLOW", luma_trigger_request_new(argv[1], &request)) &&
        build_request(request, argv[2], argv + 3)) {
        luma_trigger_workflow(client, request, &result); /* the result holds its status */
        exit_code = report(result) == LUMA_OUTCOME_ACCEPTED ? 0 : luma_result_outcome(result);
    }
    luma_result_free(result);
    luma_trigger_request_free(request);
    luma_client_free(client);
    return exit_code;
}
