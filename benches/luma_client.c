/* See luma_client.h. */
#include "luma_client.h"

#include <stdio.h>
#include <stdlib.h>

#include "client.h"

static void trust(luma_config *config, const char *path)
{
    static char pem[64 * 1024];
    FILE *file = fopen(path, "r");

    if (!file)
        fail(path);
    pem[fread(pem, 1, sizeof pem - 1, file)] = '\0';
    fclose(file);
    if (luma_config_set_ca_pem(config, pem) != LUMA_OK)
        fail("BENCH_CA contains no certificate");
}

luma_client *new_client(void)
{
    luma_config *config = NULL;
    luma_client *client = NULL;

    luma_config_new(setting("BENCH_URL"), setting("BENCH_TOKEN"), &config);
    if (getenv("BENCH_CA"))
        trust(config, getenv("BENCH_CA"));
    if (luma_client_new_with_config(config, &client) != LUMA_OK)
        fail("cannot create a client");
    luma_config_free(config);
    return client;
}
