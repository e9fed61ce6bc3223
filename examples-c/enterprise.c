/*
 * Triggers a workflow from inside a company network: through a proxy, with the company's
 * certificate authority, a client certificate, and a log.
 *
 *   LUMA_URL=https://acme.automation.example LUMA_TOKEN=... \
 *   enterprise [--proxy URL] [--ca FILE | --add-ca FILE] [--certificate FILE --key FILE]
 *              [--log error|warn|info|debug] [--request-id ID] REQUEST_JSON
 *
 * REQUEST_JSON is, for example,
 *   {"workflowIdentifier":"unlock_account","variables":{"userName":"jdoe"}}
 * With `check` in its place, the program only connects and sends nothing.
 *
 * The settings come from LUMA_URL and LUMA_TOKEN, or from the configuration file, which can have
 * all of these options, see docs/configuration-file.md. Options take precedence.
 *
 * A proxy password (http://user:password@host:3128) is visible in the list of processes. If that
 * matters, put it into the configuration file, or set HTTPS_PROXY, which the library reads too.
 *
 * Exit code: 0 ACCEPTED, 2 REJECTED, 3 NOT_SENT, 4 UNKNOWN, 1 invalid arguments or settings.
 */
#include <luma.h>

#include <stdio.h>
#include <string.h>

struct options {
    const char *proxy, *ca, *add_ca, *certificate, *key, *log, *request_id, *request_json;
};

/* Returns true for LUMA_OK. Prints any other status with the name of the input that caused it. */
static int ok(const char *input, int32_t status, const char *message)
{
    if (status != LUMA_OK)
        fprintf(stderr, "%s: %s (%s)\n", input,
                message[0] != '\0' ? message : luma_status_message(status),
                luma_status_name(status));
    return status == LUMA_OK;
}

/* The log callback. It runs on the thread that calls the library. */
static void print_line(int32_t level, const char *line, void *user_data)
{
    fprintf((FILE *)user_data, "%-5s %s\n", luma_log_level_name(level), line);
}

static int32_t level_of(const char *name)
{
    if (strcmp(name, "error") == 0)
        return LUMA_LOG_ERROR;
    if (strcmp(name, "warn") == 0)
        return LUMA_LOG_WARN;
    if (strcmp(name, "info") == 0)
        return LUMA_LOG_INFO;
    return strcmp(name, "debug") == 0 ? LUMA_LOG_DEBUG : -1; /* invalid for luma_config_set_log */
}

static int read_options(struct options *options, int argc, char **argv)
{
    int i;

    memset(options, 0, sizeof *options);
    for (i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--proxy") == 0)
            options->proxy = argv[i + 1];
        else if (strcmp(argv[i], "--ca") == 0)
            options->ca = argv[i + 1];
        else if (strcmp(argv[i], "--add-ca") == 0)
            options->add_ca = argv[i + 1];
        else if (strcmp(argv[i], "--certificate") == 0)
            options->certificate = argv[i + 1];
        else if (strcmp(argv[i], "--key") == 0)
            options->key = argv[i + 1];
        else if (strcmp(argv[i], "--log") == 0)
            options->log = argv[i + 1];
        else if (strcmp(argv[i], "--request-id") == 0)
            options->request_id = argv[i + 1];
        else
            return 0;
    }
    options->request_json = argv[argc - 1];
    /* configure() would ignore a key without a certificate. */
    return i == argc - 1 && (options->certificate == NULL) == (options->key == NULL);
}

static int configure(luma_config *config, const struct options *options)
{
    int32_t status;

    /* Without this, the library uses the proxy of the environment, or on Windows of the system. */
    if (options->proxy != NULL) {
        status = luma_config_set_proxy(config, options->proxy);
        if (!ok("--proxy", status, luma_config_message(config)))
            return 0;
    }
    /* Trust only these certificate authorities ... */
    if (options->ca != NULL) {
        status = luma_config_set_ca_file(config, options->ca);
        if (!ok("--ca", status, luma_config_message(config)))
            return 0;
    }
    /* ... or these in addition to those of the operating system. */
    if (options->add_ca != NULL) {
        status = luma_config_add_ca_file(config, options->add_ca);
        if (!ok("--add-ca", status, luma_config_message(config)))
            return 0;
    }
    if (options->certificate != NULL) {
        status = luma_config_set_client_certificate_file(config, options->certificate,
                                                         options->key);
        if (!ok("--certificate, --key", status, luma_config_message(config)))
            return 0;
    }
    if (options->log == NULL)
        return 1;
    status = luma_config_set_log(config, level_of(options->log), print_line, stderr);
    return ok("--log", status, luma_config_message(config));
}

static void print_timing(const char *name, int64_t microseconds)
{
    if (microseconds >= 0)
        printf("  %-11s %8.1f ms\n", name, (double)microseconds / 1000);
}

/* Connects, but sends no request: a service can do this when it starts. */
static int check(const luma_client *client)
{
    luma_result *result = NULL;
    int32_t status = luma_client_connect(client, &result);

    printf("%s\n", luma_result_message(result));
    print_timing("dns", luma_result_timing_us(result, LUMA_TIMING_DNS));
    print_timing("connect", luma_result_timing_us(result, LUMA_TIMING_CONNECT));
    print_timing("tls", luma_result_timing_us(result, LUMA_TIMING_TLS));
    luma_result_free(result);
    return status == LUMA_OK ? 0 : 3;
}

static int run(const luma_client *client, const char *request_json)
{
    luma_result *result = NULL;
    int code;

    if (strcmp(request_json, "check") == 0)
        return check(client);
    (void)luma_trigger_workflow_json(client, request_json, &result);
    printf("%s: %s\n", luma_outcome_name(luma_result_outcome(result)), luma_result_message(result));
    /* The gateway's operators can find the call in their log by this id. */
    printf("  request id  %s, attempts %d\n", luma_result_request_id(result),
           (int)luma_result_attempts(result));
    print_timing("dns", luma_result_timing_us(result, LUMA_TIMING_DNS));
    print_timing("connect", luma_result_timing_us(result, LUMA_TIMING_CONNECT));
    print_timing("tls", luma_result_timing_us(result, LUMA_TIMING_TLS));
    print_timing("first byte", luma_result_timing_us(result, LUMA_TIMING_FIRST_BYTE));
    print_timing("total", luma_result_timing_us(result, LUMA_TIMING_TOTAL));
    switch (luma_result_outcome(result)) {
    case LUMA_OUTCOME_ACCEPTED:
        code = 0;
        break;
    case LUMA_OUTCOME_REJECTED:
        code = 2;
        break;
    case LUMA_OUTCOME_NOT_SENT:
        code = 3;
        break;
    default:
        code = 4;
        break; /* LUMA_OUTCOME_UNKNOWN */
    }
    luma_result_free(result);
    return code;
}

int main(int argc, char **argv)
{
    struct options options;
    luma_config *config = NULL;
    luma_client *client = NULL, *with_id = NULL;
    luma_result *reason = NULL;
    int32_t status;
    int code = 1;

    if (argc < 2 || !read_options(&options, argc, argv)) {
        fprintf(stderr, "usage: enterprise [OPTION VALUE ...] REQUEST_JSON|check\n"
                        "options: --proxy --ca --add-ca --certificate --key --log --request-id\n");
        return 1;
    }
    status = luma_config_new_from_environment(&config, &reason);
    if (ok("settings", status, luma_result_message(reason)) && configure(config, &options)) {
        /* The reason may be outside the program, such as an invalid HTTPS_PROXY. */
        status = luma_client_new_with_reason(config, &client, &reason);
        if (ok("client", status, luma_result_message(reason)) && options.request_id == NULL)
            code = run(client, options.request_json);
        else if (status == LUMA_OK &&
                 ok("--request-id",
                    luma_client_with_request_id(client, options.request_id, &with_id), ""))
            code = run(with_id, options.request_json);
    }
    luma_result_free(reason);
    luma_client_free(with_id);
    luma_client_free(client);
    luma_config_free(config);
    return code;
}
