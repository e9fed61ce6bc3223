/*
 * Provokes every outcome and shows how to handle each.
 *
 *   luma-simulator                                (prints its URL and token)
 *   LUMA_URL=http://127.0.0.1:PORT LUMA_TOKEN=... errors
 *
 * Exit code: 0 if every outcome was the expected one.
 */
#include <luma.h>

#include <stdio.h>

/* Decides what to do next: first by the outcome, then by the status. */
static const char *next_step(const luma_result *result)
{
    int32_t status = luma_result_status(result);

    switch (luma_result_outcome(result)) {
    case LUMA_OUTCOME_ACCEPTED:
        return "store the trigger id in the ticket";
    case LUMA_OUTCOME_REJECTED:
        return status == LUMA_ERROR_RATE_LIMITED
                   ? "nothing runs: wait, then send it again"
                   : "nothing runs: correct the request, it will not be accepted unchanged";
    case LUMA_OUTCOME_NOT_SENT:
        /* Statuses below 100 are mistakes of the caller. */
        return status < 100 ? "nothing was sent: correct the call"
                            : "nothing was sent: try again later, it cannot run twice";
    default: /* LUMA_OUTCOME_UNKNOWN */
        return "it may be running: have a person check before it is sent again";
    }
}

/* Triggers a workflow and prints the result. Returns true if the outcome is the expected one. */
static int demonstrate(const char *title, const luma_client *client, const char *request_json,
                       int32_t expected)
{
    luma_result *result = NULL;
    int32_t status = luma_trigger_workflow_json(client, request_json, &result);
    int32_t outcome = luma_result_outcome(result);
    int32_t http_status = luma_result_http_status(result); /* 0 without a response */
    size_t count = luma_result_error_count(result), i;

    printf("%s:\n", title);
    printf("%s (%s", luma_outcome_name(outcome), luma_status_name(status));
    if (http_status != 0)
        printf(", HTTP %d", (int)http_status);
    printf(")\n");
    if (count == 0)
        printf("  %s\n", luma_result_message(result));
    for (i = 0; i < count; i++)
        printf("  reason: %s\n", luma_result_error(result, i));
    if (luma_result_retry_after_ms(result) >= 0)
        printf("  the gateway asks to wait %.1f s\n",
               (double)luma_result_retry_after_ms(result) / 1000);
    printf("  -> %s\n\n", next_step(result));
    luma_result_free(result);
    return outcome == expected;
}

int main(void)
{
    luma_client *client = NULL, *unreachable = NULL;
    luma_result *reason = NULL;
    int as_expected;

    if (luma_client_new_from_environment(&client, &reason) != LUMA_OK) {
        fprintf(stderr, "%s\n", luma_result_message(reason));
        luma_result_free(reason);
        return 1;
    }
    /* Nothing listens on port 1. */
    if (luma_client_new("http://127.0.0.1:1", "unused", &unreachable) != LUMA_OK) {
        luma_client_free(client);
        return 1;
    }

    as_expected = demonstrate(
        "A valid request", client,
        "{\"workflowIdentifier\":\"reset_password\",\"variables\":{\"userName\":\"jdoe\"}}",
        LUMA_OUTCOME_ACCEPTED);
    as_expected &= demonstrate("A required variable is missing", client,
                               "{\"workflowIdentifier\":\"reset_password\"}",
                               LUMA_OUTCOME_REJECTED);
    as_expected &= demonstrate("The gateway limits the rate of requests", client,
                               "{\"workflowIdentifier\":\"fault-rate-limited-429\"}",
                               LUMA_OUTCOME_REJECTED);
    as_expected &= demonstrate(
        "ISM (-4) must give a ticket, so the library does not send the request", client,
        "{\"workflowIdentifier\":\"reset_password\",\"initiatorApplicationId\":-4}",
        LUMA_OUTCOME_NOT_SENT);
    as_expected &= demonstrate("The gateway cannot be reached", unreachable,
                               "{\"workflowIdentifier\":\"reset_password\"}",
                               LUMA_OUTCOME_NOT_SENT);
    as_expected &= demonstrate("The connection is lost after the request was sent", client,
                               "{\"workflowIdentifier\":\"fault-close-after-reading\"}",
                               LUMA_OUTCOME_UNKNOWN);
    as_expected &= demonstrate("A proxy responds instead of the gateway", client,
                               "{\"workflowIdentifier\":\"fault-html-502\"}", LUMA_OUTCOME_UNKNOWN);

    luma_client_free(unreachable);
    luma_client_free(client);
    printf("%s\n",
           as_expected ? "Every outcome was as expected." : "AN OUTCOME WAS NOT AS EXPECTED.");
    return as_expected ? 0 : 1;
}
