/*
 * Searches the memory of the process for secrets after every handle was freed. The stack is
 * excluded, because the environment, from which the tokens come, is on it.
 */
#include <luma.h>

#include "check.h"
#include "memory.h"

#include <stdlib.h>

/* A search that finds nothing proves something only if it finds what was left in freed memory. */
static void what_is_left(void)
{
    static const char *text = "a-text-that-is-in-freed-memory-only";
    static unsigned char needle[NEEDLE];
    char *copy = malloc(64);

    CHECK(copy != NULL);
    remember(needle, text);
    strcpy(copy, text);
    free(copy);
    CHECK(found(needle) > 0);
}

/* The gateway acts as a proxy, which refuses. */
static void password_of_a_proxy(const char *url, const char *token)
{
    static const char *password = "a-password-that-is-nowhere-else";
    static unsigned char needle[NEEDLE];
    char proxy[256];
    luma_config *config = NULL;
    luma_client *client = NULL;
    luma_result *result = NULL;

    remember(needle, password);
    snprintf(proxy, sizeof proxy, "http://jdoe:%s@%s", password, url + strlen("http://"));
    CHECK(luma_config_new("https://acme.example", token, &config) == LUMA_OK);
    CHECK(luma_config_set_proxy(config, proxy) == LUMA_OK);
    CHECK(luma_client_new_with_config(config, &client) == LUMA_OK);
    luma_config_free(config);
    CHECK(found(needle) > 0);
    CHECK(luma_generate_launch_url(client, "t", &result) == LUMA_ERROR_PROXY_FAILED);
    luma_result_free(result);
    luma_client_free(client);
    CHECK(found(needle) == 0);
}

/* The text of a client's key. The parsed key belongs to the TLS library, which does not wipe it. */
static void key_of_a_client(const char *token)
{
    static const char *chain = "tests/fixtures/tls/client-rsa.pem";
    static const char *path = "tests/fixtures/tls/client-rsa.pkcs1.key";
    static unsigned char needle[NEEDLE];
    static char text[4096], *line;
    luma_config *config = NULL;
    FILE *file = fopen(path, "r");
    size_t length;

    CHECK(file != NULL);
    if (file == NULL)
        return;
    setvbuf(file, NULL, _IONBF, 0);
    length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    CHECK(length > 1000);
    line = text + length / 2;
    line[-1] = line[40] = '\0';
    remember(needle, line);
    CHECK(found(needle) > 0);
    memset(text, 0, sizeof text);
    CHECK(found(needle) == 0);
    CHECK(luma_config_new("https://acme.example", token, &config) == LUMA_OK);
    CHECK(luma_config_set_client_certificate_file(config, chain, path) == LUMA_OK);
    CHECK(found(needle) == 0);
    luma_config_free(config);
}

/* A configuration file that has the token, and one that names where it is. */
static void token_of_a_file(const char *token)
{
    static const char *const profiles[] = {"escaped", "file", "command"};
    static unsigned char needle[NEEDLE];
    luma_config *config = NULL;
    luma_client *client = NULL;
    luma_result *result = NULL;
    size_t i;

    remember(needle, token);
    for (i = 0; i < sizeof profiles / sizeof *profiles; i++) {
        CHECK(luma_config_new_from_file(getenv("LUMA_FILE"), profiles[i], &config, &result) ==
              LUMA_OK);
        CHECK(luma_client_new_with_reason(config, &client, &result) == LUMA_OK);
        luma_config_free(config);
        CHECK(luma_list_workflow_definitions(client, NULL, NULL, 0, 1, &result) == LUMA_OK);
        luma_result_free(result);
        CHECK(found(needle) > 0);
        luma_client_free(client);
        CHECK(found(needle) == 0);
    }
    /* Also if it is refused. */
    CHECK(luma_config_new_from_file(getenv("LUMA_FILE"), "wrong", &config, &result) ==
          LUMA_ERROR_TIMEOUT_RANGE);
    luma_result_free(result);
    CHECK(found(needle) == 0);
}

int main(void)
{
    const char *url = getenv("LUMA_URL"), *token = getenv("LUMA_TOKEN");
    const char *super_admin = getenv("LUMA_SUPER_ADMIN_TOKEN");
    const char *tenant = getenv("LUMA_TENANT_EXTERNAL_ID");
    const char *request =
        "{\"workflowIdentifier\":\"unlock_account\",\"variables\":{\"userName\":\"j\"}}";
    static unsigned char old_token[NEEDLE], new_token[NEEDLE], admin[NEEDLE], launch[NEEDLE];
    luma_client *client = NULL;
    luma_result *trigger = NULL, *result = NULL;

    if (getenv("LD_PRELOAD") != NULL)
        what_is_left();
    password_of_a_proxy(url, token);
    key_of_a_client(token);
    remember(old_token, token);
    remember(admin, super_admin);
    token_of_a_file(token);
    CHECK(luma_client_new_from_environment(&client, &result) == LUMA_OK);
    CHECK(found(old_token) > 0); /* otherwise the search would prove nothing */
    CHECK(luma_trigger_workflow_json(client, request, &trigger) == LUMA_OK);

    CHECK(luma_generate_launch_url(client, luma_result_trigger_id(trigger), &result) == LUMA_OK);
    remember(launch, luma_result_launch_url(result));
    CHECK(found(launch) > 0);
    luma_result_free(result);
    CHECK(found(launch) == 0);

    CHECK(luma_regenerate_tenant_token(client, super_admin, tenant, &result) == LUMA_OK);
    CHECK(found(admin) == 0);
    remember(new_token, luma_result_access_token(result));
    CHECK(luma_client_set_access_token(client, luma_result_access_token(result)) == LUMA_OK);
    CHECK(found(old_token) == 0);
    luma_result_free(result);

    CHECK(luma_get_workflow_history(client, luma_result_trigger_id(trigger), &result) == LUMA_OK);
    luma_result_free(result);
    luma_result_free(trigger);
    luma_client_free(client);
    CHECK(found(new_token) == 0);
    CHECK(found(old_token) == 0);
    return closing_line();
}
