/* A trigger with libluma, as an application sends it. See client.h for the arguments. */
#include <luma.h>

#include <stdio.h>
#include <stdlib.h>

#include "client.h"
#include "luma_client.h"

static luma_client *client;

static void open_client(void)
{
    client = new_client();
}

/* Builds the request from fields, reads the result, and frees both. */
static void trigger(void)
{
    luma_trigger_request *request = NULL;
    luma_result *result = NULL;

    luma_trigger_request_new("reset_password", &request);
    luma_trigger_request_set_initiator(request, 4021, LUMA_APPLICATION_ISM);
    luma_trigger_request_set_initiation_info(request, "ticketIdentifier", "100-1");
    luma_trigger_request_set_variable(request, "userName", "jdoe");
    luma_trigger_request_set_variable(request, "notifyBy", "email");
    if (luma_trigger_workflow(client, request, &result) != LUMA_OK ||
        luma_result_outcome(result) != LUMA_OUTCOME_ACCEPTED ||
        luma_result_trigger_id(result)[0] == '\0' || luma_result_message(result)[0] == '\0')
        fail(luma_result_message(result));
    luma_result_free(result);
    luma_trigger_request_free(request);
}

static void close_client(void)
{
    luma_client_free(client);
}

int main(int argc, char **argv)
{
    return run_client(argc, argv, open_client, trigger, close_client);
}
