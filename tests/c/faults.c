/*
 * Triggers each workflow in the arguments and prints its identifier, status, outcome and HTTP
 * status. LUMA_URL and LUMA_TOKEN belong to a simulator.
 */
#include <luma.h>

#include <stdlib.h>

#include "check.h"

int main(int argc, char **argv)
{
    luma_config *config = NULL;
    int i;

    CHECK(luma_config_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &config) == LUMA_OK);
    CHECK(luma_config_set_timeout_ms(config, 3000) == LUMA_OK);
    for (i = 1; i < argc; i++) {
        luma_client *client = NULL;
        luma_trigger_request *request = NULL;
        luma_result *result = NULL;
        int32_t status;

        /* A client for each, because the connection of the previous call may be about to close. */
        CHECK(luma_client_new_with_config(config, &client) == LUMA_OK);
        CHECK(luma_trigger_request_new(argv[i], &request) == LUMA_OK);
        status = luma_trigger_workflow(client, request, &result);
        CHECK(status == luma_result_status(result));
        printf("%s %s %s %d\n", argv[i], luma_status_name(status),
               luma_outcome_name(luma_result_outcome(result)),
               (int)luma_result_http_status(result));
        luma_result_free(result);
        luma_trigger_request_free(request);
        luma_client_free(client);
    }
    luma_config_free(config);
    return closing_line();
}
