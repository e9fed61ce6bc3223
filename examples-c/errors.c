/*
 * Provokes every outcome and shows what a caller does with each.
 *
 *   luma-simulator                                (prints the address and the token)
 *   LUMA_URL=http://127.0.0.1:PORT LUMA_TOKEN=... errors
 *
 * Exit code: 0 if each outcome was as expected.
 */
#include <luma.h>

#include <stdio.h>
#include <stdlib.h>

/* What to do next: the outcome decides, the status tells mending from waiting. */
static const char *next_step(const luma_result *result)
{
    int32_t status = luma_result_status(result);

    switch (luma_result_outcome(result)) {
    case LUMA_OUTCOME_ACCEPTED:
        return "note the trigger id in the ticket";
    case LUMA_OUTCOME_REJECTED:
        return status == LUMA_ERROR_RATE_LIMITED
                   ? "nothing runs: wait, then send it again"
                   : "nothing runs: mend the request, unchanged it is useless";
    case LUMA_OUTCOME_NOT_SENT:
        return status < 100 ? "nothing was sent: mend the call"
                            : "nothing was sent: try again later, it cannot run twice";
    default: /* LUMA_OUTCOME_UNKNOWN */
        return "it may be running: have a person look before it is sent again";
    }
}

/* Triggers a workflow, tells what happened, and compares the outcome with the expected one. */
static int demonstrate(const luma_client *client, const char *request_json, int32_t expected)
{
    luma_result *result = NULL;
    int32_t status = luma_trigger_workflow_json(client, request_json, &result);
    int32_t outcome = luma_result_outcome(result);
    size_t i;

    printf("%s, %s, HTTP %d\n", luma_outcome_name(outcome), luma_status_name(status),
           (int)luma_result_http_status(result));
    printf("  %s\n", luma_result_message(result));
    for (i = 0; i < luma_result_error_count(result); i++)
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
    const char *url = getenv("LUMA_URL"), *token = getenv("LUMA_TOKEN");
    luma_client *client = NULL, *nobody = NULL;
    int32_t status;
    int as_expected;

    status = luma_client_new(url, token, &client);
    if (status == LUMA_OK)
        status = luma_client_new("http://127.0.0.1:1", token, &nobody); /* nothing listens there */
    if (status != LUMA_OK) {
        fprintf(stderr, "LUMA_URL, LUMA_TOKEN: %s (%s)\n", luma_status_message(status),
                luma_status_name(status));
        luma_client_free(client);
        return 1;
    }

    /* A request that the gateway takes. */
    as_expected = demonstrate(
        client, "{\"workflowIdentifier\":\"reset_password\",\"variables\":{\"userName\":\"jdoe\"}}",
        LUMA_OUTCOME_ACCEPTED);
    /* A mandatory variable is missing. */
    as_expected &= demonstrate(client, "{\"workflowIdentifier\":\"reset_password\"}",
                               LUMA_OUTCOME_REJECTED);
    /* The gateway is busy and says for how long. */
    as_expected &= demonstrate(client, "{\"workflowIdentifier\":\"fault-rate-limited-429\"}",
                               LUMA_OUTCOME_REJECTED);
    /* ISM has to name a ticket: refused before anything is sent. */
    as_expected &= demonstrate(
        client, "{\"workflowIdentifier\":\"reset_password\",\"initiatorApplicationId\":-4}",
        LUMA_OUTCOME_NOT_SENT);
    /* Nobody is there. */
    as_expected &= demonstrate(nobody, "{\"workflowIdentifier\":\"reset_password\"}",
                               LUMA_OUTCOME_NOT_SENT);
    /* The request went out, and then the connection broke. */
    as_expected &= demonstrate(client, "{\"workflowIdentifier\":\"fault-close-after-reading\"}",
                               LUMA_OUTCOME_UNKNOWN);
    /* A proxy in between answers instead of the gateway. */
    as_expected &= demonstrate(client, "{\"workflowIdentifier\":\"fault-html-502\"}",
                               LUMA_OUTCOME_UNKNOWN);

    luma_client_free(nobody);
    luma_client_free(client);
    printf("%s\n", as_expected ? "every outcome was as expected" : "AN OUTCOME WAS NOT EXPECTED");
    return as_expected ? 0 : 1;
}
