/*
 * Promise 2, and promise 1 with it: the library may panic anywhere, and the call returns
 * LUMA_ERROR_INTERNAL. tests/it/panics.rs generates the calls from include/luma.h, with the values
 * of tests/c/total.h: each function is called again and again, with a panic at the first point that
 * it passes, then at the second, and so on. This program prints what it observes, one line for each
 * call, and tests/it/panics.rs judges it.
 */
#define _GNU_SOURCE
#define PANICS

#include <luma.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <malloc.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Exported by tests/it/panics/library.rs. */
void panics_arm(size_t number);
const char *panics_disarm(int *has_panicked);

/* The name server of the program, so that no test depends on another one. */
int getaddrinfo(const char *restrict node, const char *restrict service,
                const struct addrinfo *restrict hints, struct addrinfo **restrict list)
{
    struct addrinfo *info = calloc(1, sizeof *info);
    struct sockaddr_in *address = calloc(1, sizeof *address);

    (void)node;
    (void)service;
    info->ai_socktype = hints != NULL ? hints->ai_socktype : SOCK_STREAM;
    info->ai_family = address->sin_family = AF_INET;
    inet_pton(AF_INET, "127.0.0.1", &address->sin_addr);
    info->ai_addr = (struct sockaddr *)address;
    info->ai_addrlen = sizeof *address;
    *list = info;
    return 0;
}

void freeaddrinfo(struct addrinfo *info)
{
    free(info->ai_addr);
    free(info);
}

static void on_line(int32_t level, const char *line, void *user_data);
static size_t on_token(char *buffer, size_t size, void *user_data);

/* Sets what makes calls pass more points. */
static void prepare(luma_config **config)
{
    luma_result *reason = NULL;

    if (getenv("LUMA_TOKEN_FILE") != NULL) {
        luma_config_free(*config);
        luma_config_new_from_environment(config, &reason);
        luma_result_free(reason);
    } else {
        luma_config_set_token_provider(*config, on_token, NULL);
    }
    luma_config_set_allow_http(*config, 1);
    luma_config_set_log(*config, LUMA_LOG_DEBUG, on_line, NULL);
    if (getenv("LUMA_TEST_PROXY") != NULL)
        luma_config_set_proxy(*config, getenv("LUMA_TEST_PROXY"));
    if (getenv("LUMA_TEST_CA") != NULL)
        luma_config_add_ca_file(*config, getenv("LUMA_TEST_CA"));
}

/* Keeps a new access token for the next clients. */
static void keep(const char *token)
{
    FILE *file = getenv("LUMA_TOKEN_FILE") != NULL ? fopen(getenv("LUMA_TOKEN_FILE"), "w") : NULL;

    if (file != NULL) {
        fputs(token, file);
        fclose(file);
    }
}

/* Which workflow is triggered, and whether with a request that needs several system calls. */
#define WORKFLOW getenv("LUMA_TEST_WORKFLOW")

#define EXTENDED extended

static const char *extended(const char *text)
{
    static char large[60001];

    if (getenv("LUMA_TEST_LARGE") == NULL)
        return text;
    memset(large, 'x', sizeof large - 1);
    memcpy(large, text, strlen(text));
    return large;
}

#include "total.h"

static int has_panicked;
static size_t point;
static const char *points;

static void arm(size_t number)
{
    point = number;
    panics_arm(number);
}

/* Ends a call. `status` is -1 if the function returns none, and `result` may be NULL. Then the
 * client of the call makes another one. */
static void report(int32_t status, const luma_result *result)
{
    luma_result *next = NULL;
    int32_t recorded = -1;

    /* The pages that were received stay. */
    if (status == LUMA_ERROR_LIST_INCOMPLETE)
        status = luma_result_page_status(result);
    if (strstr(function_name, "_once") != NULL) {
        /* What the journal says about the key. */
        luma_journal_find(journal, last_key, &next);
        recorded = luma_result_status(next) == LUMA_OK ? luma_result_outcome(next) : 0;
        luma_result_free(next);
        next = NULL;
    }
    printf("%s\t%u\t%d\t%d\t%d\t%d\t%s\t%d\t%s", function_name, (unsigned)point, has_panicked,
           (int)status, result != NULL, (int)luma_result_outcome(result), unique, (int)recorded,
           points);
    if (calling != NULL && strcmp(function_name, "luma_client_close") != 0 &&
        strcmp(function_name, "luma_client_drain") != 0) {
        luma_get_workflow_history(calling, run_id, &next);
        printf("\t%d\t%d", (int)luma_result_status(next), (int)luma_result_connection_reused(next));
        luma_result_free(next);
    } else {
        printf("\t0\t-1");
    }
    printf("\n");
}

static void disarm(void)
{
    points = panics_disarm(&has_panicked);
}

static size_t descriptors(void)
{
    size_t count = 0;
    int i;

    for (i = 0; i < 1024; i++)
        count += fcntl(i, F_GETFD) != -1;
    return count;
}

static size_t memory(void)
{
    /* Shortens the text that the library keeps. */
    panics_arm(0);
    disarm();
    return mallinfo2().uordblks;
}

struct function {
    const char *name;
    void (*test)(void);
    /* 1 if it belongs to a client. */
    int is_call;
};

/* True if a function is tested on this way to the gateway. */
static int is_selected(const char *way, const struct function *function)
{
    if (strcmp(way, "all") == 0)
        return 1;
    if (strcmp(way, "https") == 0)
        return function->is_call;
    if (strcmp(way, "lost") == 0)
        return strstr(function->name, "trigger_workflow") != NULL;
    return strcmp(function->name, "luma_trigger_workflow") == 0;
}

static int run(const char *way, const struct function *functions, size_t count)
{
    int rounds = strcmp(way, "all") == 0 ? 2 : 1, round;
    size_t open, used, i;

    set_up();
    if (getenv("LUMA_TEST_TOKEN_FILE") != NULL) {
        setenv("LUMA_TOKEN_FILE", getenv("LUMA_TEST_TOKEN_FILE"), 1);
        unsetenv("LUMA_TOKEN");
    }
    for (round = 0; round < rounds; round++) {
        for (i = 0; i < count; i++) {
            if (!is_selected(way, &functions[i]))
                continue;
            open = descriptors();
            used = memory();
            functions[i].test();
            /* The first round allocates what is needed once. */
            if (round > 0) {
                begin(functions[i].name, 0, round);
                CHECK(descriptors() == open);
                CHECK(memory() < used + 2048);
            }
        }
    }
    return tear_down();
}
