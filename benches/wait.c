/*
 * A wait of an hour for a run that does not end, through the C ABI. Preloaded with virtual_time.so it
 * takes no time. With the argument "none", it makes the client and does not wait, for a difference.
 * Prints the number of looks.
 */
#include <luma.h>

#include <stdio.h>
#include <string.h>

#include "client.h"
#include "luma_client.h"

#define HOUR_MS (60 * 60 * 1000)

int main(int argc, char **argv)
{
    luma_client *client = new_client();
    luma_result *result = NULL;
    int waits = argc < 2 || strcmp(argv[1], "none") != 0;

    if (waits && luma_wait_for_workflow(client, "running", HOUR_MS, NULL, NULL, &result) !=
                     LUMA_ERROR_WAIT_TIMEOUT)
        fail(luma_result_message(result));
    printf("%d\n", (int)luma_result_poll_count(result));
    luma_result_free(result);
    luma_client_free(client);
    return 0;
}
