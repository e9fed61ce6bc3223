/*
 * Makes one mistake for each line of the standard input: the name of a function and its arguments,
 * separated by tabs. \HH is a byte in hexadecimal, NULL a NULL pointer. Prints the status and the
 * text that the caller gets: the message of the handle, of the reason, of the result, or the line
 * in the log. The table is in tests/it/mistakes.rs.
 */
#define _POSIX_C_SOURCE 200809L
#include <luma.h>

#include <stdlib.h>
#include <string.h>

#include "check.h"

#define URL "https://127.0.0.1:1"
#define TOKEN "s3cr3t-token"
#define COUNT(array) (sizeof(array) / sizeof *(array))

static char logged[1000];

static void keep(int32_t level, const char *line, void *user_data)
{
    (void)level;
    (void)user_data;
    snprintf(logged, sizeof logged, "%s", line);
}

/* Decodes \HH in place. Returns NULL for NULL. */
static char *decode(char *text)
{
    char *to = text, *from = text;

    if (strcmp(text, "NULL") == 0)
        return NULL;
    while (*from != '\0') {
        if (*from == '\\') {
            const char digits[3] = {from[1], from[2], '\0'};
            *to++ = (char)strtol(digits, NULL, 16);
            from += 3;
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
    return text;
}

static void print(int32_t status, const char *text)
{
    printf("%s\t%s\n", luma_status_name(status), text);
}

static void print_result(int32_t status, luma_result *result)
{
    CHECK(result == NULL || luma_result_status(result) == status);
    /* A wait that is cancelled says nothing about its run. */
    if (result != NULL && status != LUMA_ERROR_CANCELLED)
        CHECK(luma_result_outcome(result) == LUMA_OUTCOME_NOT_SENT);
    print(status, luma_result_message(result));
    luma_result_free(result);
}

typedef int32_t set_text(luma_config *, const char *);
typedef int32_t set_texts(luma_config *, const char *, const char *);
typedef int32_t set_number(luma_config *, int64_t);
typedef int32_t set_variable(luma_trigger_request *, const char *, const char *);

static const struct {
    const char *name;
    set_text *text;
    set_texts *texts;
    set_number *number;
} setters[] = {
    {"set_ca_pem", luma_config_set_ca_pem, NULL, NULL},
    {"add_ca_pem", luma_config_add_ca_pem, NULL, NULL},
    {"set_ca_file", luma_config_set_ca_file, NULL, NULL},
    {"add_ca_file", luma_config_add_ca_file, NULL, NULL},
    {"set_proxy", luma_config_set_proxy, NULL, NULL},
    {"set_application_id", luma_config_set_application_id, NULL, NULL},
    {"add_header", NULL, luma_config_add_header, NULL},
    {"set_client_certificate_pem", NULL, luma_config_set_client_certificate_pem, NULL},
    {"set_client_certificate_file", NULL, luma_config_set_client_certificate_file, NULL},
    {"set_timeout_ms", NULL, NULL, luma_config_set_timeout_ms},
    {"set_connect_timeout_ms", NULL, NULL, luma_config_set_connect_timeout_ms},
    {"set_max_response_bytes", NULL, NULL, luma_config_set_max_response_bytes},
    {"set_trigger_max_idle_ms", NULL, NULL, luma_config_set_trigger_max_idle_ms},
    {"set_read_max_idle_ms", NULL, NULL, luma_config_set_read_max_idle_ms},
    {"set_max_idle_connections", NULL, NULL, luma_config_set_max_idle_connections},
};

static const struct {
    const char *name;
    set_variable *set;
} variables[] = {
    {"set_variable", luma_trigger_request_set_variable},
    {"set_secret_variable", luma_trigger_request_set_secret_variable},
    {"set_variable_json", luma_trigger_request_set_variable_json},
    {"set_initiation_info", luma_trigger_request_set_initiation_info},
};

static int configure(luma_config *config, const char *name, char **args)
{
    int32_t status;
    size_t i;

    for (i = 0; i < COUNT(setters); i++) {
        if (strcmp(setters[i].name, name) == 0) {
            if (setters[i].text != NULL)
                status = setters[i].text(config, args[0]);
            else if (setters[i].texts != NULL)
                status = setters[i].texts(config, args[0], args[1]);
            else
                status = setters[i].number(config, strtoll(args[0], NULL, 10));
            print(status, luma_config_message(config));
            return 1;
        }
    }
    if (strcmp(name, "set_auth_scheme") == 0)
        status = luma_config_set_auth_scheme(config, atoi(args[0]));
    else if (strcmp(name, "set_log") == 0)
        status = luma_config_set_log(config, atoi(args[0]), keep, NULL);
    else
        return 0;
    print(status, luma_config_message(config));
    return 1;
}

static int prepare(luma_trigger_request *request, const char *name, char **args)
{
    int32_t status;
    size_t i;

    for (i = 0; i < COUNT(variables); i++) {
        if (strcmp(variables[i].name, name) == 0) {
            status = variables[i].set(request, args[0], args[1]);
            print(status, luma_trigger_request_message(request));
            return 1;
        }
    }
    if (strcmp(name, "set_variables_json") == 0)
        status = luma_trigger_request_set_variables_json(request, args[0]);
    else if (strcmp(name, "set_initiator") == 0)
        status = luma_trigger_request_set_initiator(request, strtoll(args[0], NULL, 10),
                                                    strtoll(args[1], NULL, 10));
    else
        return 0;
    print(status, luma_trigger_request_message(request));
    return 1;
}

/* Functions that create a handle. */
static int create(const char *name, char **args)
{
    luma_config *config = NULL;
    luma_client *client = NULL;
    luma_trigger_request *request = NULL;
    luma_result *reason = NULL;
    int32_t status;

    if (strcmp(name, "config_new") == 0) {
        status = luma_config_new(args[0], args[1], &config);
        CHECK(status == luma_client_new(args[0], args[1], &client));
        CHECK(status == luma_config_new_with_reason(args[0], args[1], &config, &reason));
    } else if (strcmp(name, "client_new") == 0) {
        CHECK(luma_config_new(args[0], TOKEN, &config) == LUMA_OK);
        CHECK(luma_config_set_log(config, LUMA_LOG_ERROR, keep, NULL) == LUMA_OK);
        if (strcmp(args[1], "set_proxy") == 0)
            CHECK(luma_config_set_proxy(config, args[2]) == LUMA_OK);
        else
            setenv(args[1], args[2], 1);
        status = luma_client_new_with_config(config, &client);
        CHECK(status == luma_client_new_with_reason(config, &client, &reason));
        unsetenv(args[1]);
        CHECK(strstr(logged, luma_result_message(reason)) != NULL);
    } else if (strcmp(name, "request_new") == 0) {
        status = luma_trigger_request_new(args[0], &request);
        CHECK(status == luma_trigger_request_new_with_reason(args[0], &request, &reason));
    } else {
        return 0;
    }
    CHECK(status == LUMA_OK ? reason == NULL : client == NULL && request == NULL);
    print_result(status, reason);
    luma_client_free(client);
    luma_config_free(config);
    luma_trigger_request_free(request);
    return 1;
}

static int call(luma_client *client, const char *name, char **args)
{
    luma_client *other = NULL;
    luma_result *result = NULL;
    int32_t status;

    if (strcmp(name, "set_access_token") == 0) {
        status = luma_client_set_access_token(client, args[0]);
        CHECK(status == luma_client_set_access_token_with_reason(client, args[0], &result));
        if (status == LUMA_ERROR_ACCESS_TOKEN)
            CHECK_TEXT(logged, luma_result_message(result));
    } else if (strcmp(name, "with_request_id") == 0) {
        status = luma_client_with_request_id(client, args[0], &other);
        print(status, logged);
        return 1;
    } else if (strcmp(name, "with_timeout_ms") == 0) {
        status = luma_client_with_timeout_ms(client, atoi(args[0]), &other);
        CHECK(other == NULL);
        print(status, logged);
        return 1;
    } else if (strcmp(name, "trigger_workflow_json") == 0) {
        status = luma_trigger_workflow_json(client, args[0], &result);
    } else if (strcmp(name, "trigger_workflow") == 0) {
        luma_trigger_request *request = NULL;
        CHECK(luma_trigger_request_new("w", &request) == LUMA_OK);
        CHECK(luma_trigger_request_set_initiator(request, 1, atoi(args[0])) == LUMA_OK);
        status = luma_trigger_workflow(client, request, &result);
        luma_trigger_request_free(request);
    } else if (strcmp(name, "get_workflow_history") == 0) {
        status = luma_get_workflow_history(client, args[0], &result);
    } else if (strcmp(name, "list_workflow_steps") == 0) {
        status = luma_list_workflow_steps(client, args[0], args[1], args[2], atoi(args[3]),
                                          atoi(args[4]), &result);
    } else if (strcmp(name, "get_workflow_step") == 0) {
        status = luma_get_workflow_step(client, args[0], args[1], &result);
    } else if (strcmp(name, "generate_launch_url") == 0) {
        status = luma_generate_launch_url(client, args[0], &result);
    } else if (strcmp(name, "regenerate_tenant_token") == 0) {
        status = luma_regenerate_tenant_token(client, args[0], args[1], &result);
    } else if (strcmp(name, "wait_for_workflow") == 0) {
        status = luma_wait_for_workflow(client, args[0], strtoll(args[1], NULL, 10), NULL, NULL,
                                        &result);
    } else if (strcmp(name, "close") == 0) {
        CHECK(luma_client_close(client) == LUMA_OK);
        status = args[0] == NULL
                     ? luma_list_workflow_definitions(client, "", "", 0, 1, &result)
                     : luma_wait_for_workflow(client, args[0], 1000, NULL, NULL, &result);
    } else {
        return 0;
    }
    print_result(status, result);
    return 1;
}

int main(void)
{
    static char line[20000];

    while (fgets(line, sizeof line, stdin) != NULL) {
        char *fields[8] = {NULL}, **args = fields + 1, *at = line;
        luma_config *config = NULL;
        luma_client *client = NULL;
        luma_trigger_request *request = NULL;
        size_t i;

        line[strcspn(line, "\n")] = '\0';
        for (i = 0; i < COUNT(fields) && at != NULL; i++) {
            char *tab = strchr(at, '\t');
            if (tab != NULL)
                *tab++ = '\0';
            fields[i] = decode(at);
            at = tab;
        }
        logged[0] = '\0';
        CHECK(luma_config_new(URL, TOKEN, &config) == LUMA_OK);
        CHECK(luma_config_set_log(config, LUMA_LOG_ERROR, keep, NULL) == LUMA_OK);
        CHECK(luma_client_new_with_config(config, &client) == LUMA_OK);
        CHECK(luma_trigger_request_new("w", &request) == LUMA_OK);
        CHECK(configure(config, fields[0], args) || prepare(request, fields[0], args) ||
              create(fields[0], args) || call(client, fields[0], args));
        luma_client_free(client);
        luma_config_free(config);
        luma_trigger_request_free(request);
    }
    return closing_line();
}
