/*
 * Makes the calls that LUMA_CALLS names, frees everything, and searches the memory for each line of
 * LUMA_NEEDLES: ways to write the secrets that the calls sent and received.
 */
#include <luma.h>

#include "check.h"
#include "memory.h"

#include <stdlib.h>

#define MAX_NEEDLES 64

static void make(luma_client *client, char call)
{
    const char *password = getenv("LUMA_PASSWORD");
    luma_trigger_request *request = NULL;
    luma_result *result = NULL;
    size_t i;

    switch (call) {
    case 'l':
        luma_generate_launch_url(client, "t", &result);
        break;
    case 't':
        luma_regenerate_tenant_token(client, getenv("LUMA_SUPER_ADMIN_TOKEN"), "t", &result);
        break;
    case 'h':
        luma_get_workflow_history(client, "t", &result);
        break;
    case 's':
        luma_list_workflow_steps(client, "t", NULL, NULL, 0, 0, &result);
        break;
    case 'w':
        CHECK(luma_trigger_request_new("w", &request) == LUMA_OK);
        CHECK(luma_trigger_request_set_variable(request, "user", "jdoe") == LUMA_OK);
        CHECK(luma_trigger_request_set_secret_variable(request, "password", "old") == LUMA_OK);
        CHECK(luma_trigger_request_set_secret_variable(request, "password", password) == LUMA_OK);
        luma_trigger_workflow(client, request, &result);
        luma_trigger_request_free(request);
        break;
    default:
        CHECK(0);
    }
    CHECK(result != NULL);
    /* The getters make copies. */
    luma_result_message(result);
    luma_result_json(result);
    luma_result_string(result, "");
    luma_result_string(result, "/resultData");
    luma_result_string(result, "/resultData/inputParameters/list/0/value");
    luma_result_launch_url(result);
    luma_result_access_token(result);
    for (i = 0; i < luma_result_error_count(result); i++)
        luma_result_error(result, i);
    for (i = 0; i < luma_result_parameter_count(result); i++)
        luma_result_parameter_value(result, i);
    luma_result_free(result);
}

int main(void)
{
    static unsigned char needles[MAX_NEEDLES][NEEDLE];
    const char *calls = getenv("LUMA_CALLS"), *line = getenv("LUMA_NEEDLES");
    luma_client *client = NULL;
    size_t count = 0, i;

    for (; *line != '\0' && count < MAX_NEEDLES; count++) {
        size_t length = strcspn(line, "\n");

        CHECK(length >= NEEDLE);
        for (i = 0; i < NEEDLE; i++)
            needles[count][i] = (unsigned char)line[(length - NEEDLE) / 2 + i] ^ MASK;
        line += length + (line[length] == '\n');
    }
    CHECK(count > 0);
    CHECK(luma_client_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &client) == LUMA_OK);
    for (; *calls != '\0'; calls++)
        make(client, *calls);
    luma_client_free(client);
    for (i = 0; i < count; i++) {
        int is_left = found(needles[i]) > 0;

        if (is_left)
            printf("needle %d is left\n", (int)i);
        CHECK(!is_left);
    }
    return closing_line();
}
