/*
 * Triggers a workflow a number of times on one client: what benches/cost.sh counts.
 *
 *   LUMA_URL=... LUMA_TOKEN=... trigger CALLS
 *
 * Builds the request from fields, reads the trigger id and the message, and frees everything, in
 * every call, as an application would.
 */
#include <luma.h>

#include <stdio.h>
#include <stdlib.h>

static int trigger_once(const luma_client *client)
{
    luma_trigger_request *request = NULL;
    luma_result *result = NULL;
    int accepted;

    luma_trigger_request_new("reset_password", &request);
    luma_trigger_request_set_initiator(request, 4021, LUMA_APPLICATION_ISM);
    luma_trigger_request_set_initiation_info(request, "ticketIdentifier", "100-1");
    luma_trigger_request_set_variable(request, "userName", "jdoe");
    luma_trigger_request_set_variable(request, "notifyBy", "email");
    accepted = luma_trigger_workflow(client, request, &result) == LUMA_OK &&
               luma_result_trigger_id(result)[0] != '\0' && luma_result_message(result)[0] != '\0';
    if (!accepted)
        fprintf(stderr, "%s\n", luma_result_message(result));
    luma_result_free(result);
    luma_trigger_request_free(request);
    return accepted;
}

int main(int argc, char **argv)
{
    long calls = argc == 2 ? strtol(argv[1], NULL, 10) : 0, i;
    luma_client *client = NULL;

    if (luma_client_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &client) != LUMA_OK)
        return 1;
    for (i = 0; i < calls; i++)
        if (!trigger_once(client))
            return 1;
    luma_client_free(client);
    return 0;
}
