/*
 * A program that contains two static libraries in Rust: libluma.a, and one that panics in
 * other_catch_panic. LUMA_URL and LUMA_TOKEN belong to a simulator.
 */
#include <luma.h>

#include <stdlib.h>

#include "check.h"

#define REQUEST "{\"workflowIdentifier\":\"unlock_account\",\"variables\":{\"userName\":\"x\"}}"

int other_sum(int count);
int other_catch_panic(void);

int main(void)
{
    luma_client *client = NULL;
    luma_result *result = NULL;

    CHECK(other_sum(10) == 45);
    CHECK(luma_client_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &client) == LUMA_OK);
    CHECK(luma_trigger_workflow_json(client, REQUEST, &result) == LUMA_OK);
    CHECK(luma_result_trigger_id(result)[0] != '\0');
    luma_result_free(result);
    CHECK(other_catch_panic() == 1);
    CHECK(luma_trigger_workflow_json(client, "{", &result) == LUMA_ERROR_JSON);
    luma_result_free(result);
    luma_client_free(client);
    return closing_line();
}
