/*
 * Triggers a workflow for an ISM ticket and prints the outcome.
 *
 *   LUMA_URL=https://acme.automation.example LUMA_TOKEN=... \
 *   trigger WORKFLOW TICKET [NAME=VALUE ...]
 *
 * The settings come from LUMA_URL and LUMA_TOKEN, or from the configuration file, see
 * docs/configuration-file.md.
 *
 * Exit code: 0 ACCEPTED, 2 REJECTED, 3 NOT_SENT, 4 UNKNOWN, 1 invalid arguments or settings.
 */
#include <luma.h>

#include <stdio.h>
#include <string.h>

#define CONTACT_ID 4021 /* the contact in ISM on whose behalf the workflow runs */

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

/* Prints the outcome with the trigger id, or with the reasons why there is none. */
static void report(const luma_result *result)
{
    size_t count = luma_result_error_count(result), i;

    printf("%s\n", luma_outcome_name(luma_result_outcome(result)));
    if (luma_result_status(result) == LUMA_OK)
        printf("  trigger id: %s\n", luma_result_trigger_id(result));
    else if (count == 0)
        printf("  %s\n", luma_result_message(result));
    for (i = 0; i < count; i++)
        printf("  reason: %s\n", luma_result_error(result, i));
}

static int exit_code(int32_t outcome)
{
    switch (outcome) {
    case LUMA_OUTCOME_ACCEPTED:
        return 0;
    case LUMA_OUTCOME_REJECTED:
        return 2;
    case LUMA_OUTCOME_NOT_SENT:
        return 3;
    default:
        return 4; /* LUMA_OUTCOME_UNKNOWN: it may be running */
    }
}

int main(int argc, char **argv)
{
    luma_client *client = NULL;
    luma_trigger_request *request = NULL;
    luma_result *result = NULL;
    int code = 1;

    if (argc < 3) {
        fprintf(stderr, "usage: trigger WORKFLOW TICKET [NAME=VALUE ...]\n");
        return 1;
    }
    if (luma_client_new_from_environment(&client, &result) != LUMA_OK) {
        fprintf(stderr, "%s\n", luma_result_message(result)); /* the variable, or file and line */
    } else if (ok("WORKFLOW", luma_trigger_request_new(argv[1], &request)) &&
               set_fields(request, argv[2], argv + 3)) {
        /* The outcome says what to do next. The status says why, and the result has it too. */
        (void)luma_trigger_workflow(client, request, &result);
        report(result);
        code = exit_code(luma_result_outcome(result));
    }
    luma_result_free(result);
    luma_trigger_request_free(request);
    luma_client_free(client);
    return code;
}
