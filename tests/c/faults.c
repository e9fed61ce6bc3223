/*
 * Triggers each workflow that an argument names, and prints what became of it: the identifier, the
 * status, the outcome and the HTTP status. LUMA_URL and LUMA_TOKEN name a simulator.
 */
#include <luma.h>

#include <stdlib.h>

#include "check.h"

int main(int argc, char **argv)
{
    luma_config *config = NULL;
    luma_client *client = NULL;
    int i;

    CHECK(luma_config_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &config) == LUMA_OK);
    CHECK(luma_config_set_timeout_ms(config, 3000) == LUMA_OK);
    CHECK(luma_client_new_with_config(config, &client) == LUMA_OK);
    luma_config_free(config);
    for (i = 1; i < argc; i++) {
        luma_trigger_request *request = NULL;
        luma_result *result = NULL;
        int32_t status;

        CHECK(luma_trigger_request_new(argv[i], &request) == LUMA_OK);
        status = luma_trigger_workflow(client, request, &result);
        CHECK(status == luma_result_status(result));
        printf("%s %s %s %d\n", argv[i], luma_status_name(status),
               luma_outcome_name(luma_result_outcome(result)),
               (int)luma_result_http_status(result));
        luma_result_free(result);
        luma_trigger_request_free(request);
    }
    luma_client_free(client);
    return closing_line();
}
