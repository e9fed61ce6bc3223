/*
 * Reads the access token from a file whenever the library needs it, and lists the workflows. The
 * file may be replaced while the program runs: after an HTTP 401 the library asks again.
 *
 *   LUMA_URL=https://acme.automation.example token_file FILE
 *
 * If the token is in a file anyway, LUMA_TOKEN_FILE or the configuration file does the same without
 * a callback, see docs/configuration-file.md.
 *
 * Exit code: 0 if the workflows were listed, 1 if not.
 */
#include <luma.h>

#include <stdio.h>
#include <stdlib.h>

/*
 * The token provider: copies the first line of the file that user_data names. Returns the length of
 * the line. If that is larger than the buffer, the library calls again with a larger one.
 */
static size_t read_token(char *buffer, size_t size, void *user_data)
{
    FILE *file = fopen((const char *)user_data, "rb");
    size_t length = 0;
    int c;

    if (file == NULL)
        return 0;
    /* Without a buffer, in which a copy of the token would stay. */
    setvbuf(file, NULL, _IONBF, 0);
    while ((c = getc(file)) != EOF && c != '\n' && c != '\r') {
        if (length < size)
            buffer[length] = (char)c;
        length++;
    }
    fclose(file);
    return length;
}

int main(int argc, char **argv)
{
    luma_config *config = NULL;
    luma_client *client = NULL;
    luma_result *result = NULL;
    int32_t status;
    size_t i;

    if (argc != 2) {
        fprintf(stderr, "usage: token_file FILE\n");
        return 1;
    }
    /* The token of this call is not used. */
    status = luma_config_new_with_reason(getenv("LUMA_URL"), "provided", &config, &result);
    if (status == LUMA_OK)
        status = luma_config_set_token_provider(config, read_token, argv[1]);
    if (status == LUMA_OK)
        status = luma_client_new_with_reason(config, &client, &result);
    luma_config_free(config);
    if (status == LUMA_OK)
        status = luma_list_workflow_definitions(client, NULL, NULL, 0, 0, &result);
    if (status != LUMA_OK)
        fprintf(stderr, "%s\n", luma_result_message(result));
    for (i = 0; status == LUMA_OK && i < luma_result_definition_count(result); i++)
        printf("%s\n", luma_result_definition_identifier(result, i));
    luma_result_free(result);
    luma_client_free(client);
    return status == LUMA_OK ? 0 : 1;
}
