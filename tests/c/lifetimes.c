/*
 * Promise 2: what the library uses lives as long as it uses it. A client or a set of waits may be
 * freed while calls are in progress, and the user data of a callback is freed exactly once, after
 * its last use. LUMA_URL and LUMA_TOKEN belong to a simulator that does not respond to polls.
 */
#define _POSIX_C_SOURCE 200809L
#include <luma.h>

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#ifndef _WIN32
#include <sys/wait.h>
#include <unistd.h>
#endif

#include "check.h"

#define THREADS 8

/* The user data of a callback. */
struct data {
    int calls;
    int freed;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int waiting;

static void on_line(int32_t level, const char *line, void *user_data)
{
    struct data *data = (struct data *)user_data;

    (void)level;
    pthread_mutex_lock(&mutex);
    CHECK(data->freed == 0);
    data->calls++;
    if (strstr(line, "on a ") != NULL) {
        waiting++;
        pthread_cond_broadcast(&changed);
    }
    pthread_mutex_unlock(&mutex);
}

static size_t get_token(char *buffer, size_t size, void *user_data)
{
    struct data *data = (struct data *)user_data;
    const char *token = getenv("LUMA_TOKEN");

    CHECK(data->freed == 0);
    data->calls++;
    if (strlen(token) <= size)
        memcpy(buffer, token, strlen(token));
    return strlen(token);
}

static void free_data(void *user_data)
{
    pthread_mutex_lock(&mutex);
    ((struct data *)user_data)->freed++;
    pthread_mutex_unlock(&mutex);
}

static luma_config *new_config(void)
{
    luma_config *config = NULL;

    CHECK(luma_config_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &config) == LUMA_OK);
    return config;
}

/* Every way in which a callback is not used any more. */
static void user_data_is_freed_once(void)
{
    struct data data[8];
    luma_config *config = new_config();
    luma_client *client = NULL, *scope = NULL;
    luma_result *result = NULL;

    memset(data, 0, sizeof data);
    /* Not set: the call fails, or there is no callback. */
    CHECK(luma_config_set_log_with_free(NULL, LUMA_LOG_INFO, on_line, &data[0], free_data) ==
          LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(data[0].freed == 1);
    CHECK(luma_config_set_log_with_free(config, 99, on_line, &data[1], free_data) ==
          LUMA_ERROR_LOG_LEVEL);
    CHECK(data[1].freed == 1);
    CHECK(luma_config_set_log_with_free(config, LUMA_LOG_OFF, on_line, &data[2], free_data) ==
          LUMA_OK);
    CHECK(data[2].freed == 1);
    CHECK(luma_config_set_log_with_free(config, LUMA_LOG_INFO, NULL, &data[3], free_data) ==
          LUMA_OK);
    CHECK(data[3].freed == 1);
    CHECK(luma_config_set_token_provider_with_free(NULL, get_token, &data[4], free_data) ==
          LUMA_ERROR_NULL_ARGUMENT_1);
    CHECK(data[4].freed == 1);

    /* Replaced, and freed with the configuration; a later setter that fails changes nothing. */
    memset(data, 0, sizeof data);
    CHECK(luma_config_set_log_with_free(config, LUMA_LOG_INFO, on_line, &data[0], free_data) ==
          LUMA_OK);
    CHECK(luma_config_set_token_provider_with_free(config, get_token, &data[1], free_data) ==
          LUMA_OK);
    CHECK(luma_config_set_log_with_free(config, LUMA_LOG_INFO, on_line, &data[2], NULL) == LUMA_OK);
    CHECK(luma_config_set_token_provider_with_free(config, get_token, &data[3], free_data) ==
          LUMA_OK);
    CHECK(data[0].freed == 1 && data[1].freed == 1 && data[3].freed == 0);
    CHECK(luma_config_set_proxy(config, "ftp://x") == LUMA_ERROR_PROXY);
    CHECK(luma_config_set_log_with_free(config, 99, on_line, &data[4], free_data) ==
          LUMA_ERROR_LOG_LEVEL);
    CHECK(data[3].freed == 0 && data[4].freed == 1);
    luma_config_free(config);
    CHECK(data[2].freed == 0 && data[3].freed == 1);

    /* Used by clients: freed with the last of them. */
    memset(data, 0, sizeof data);
    config = new_config();
    CHECK(luma_config_set_log_with_free(config, LUMA_LOG_INFO, on_line, &data[0], free_data) ==
          LUMA_OK);
    CHECK(luma_config_set_token_provider_with_free(config, get_token, &data[1], free_data) ==
          LUMA_OK);
    CHECK(luma_client_new_with_config(config, &client) == LUMA_OK);
    CHECK(luma_config_set_log_with_free(config, LUMA_LOG_INFO, on_line, &data[2], free_data) ==
          LUMA_OK);
    luma_config_free(config);
    CHECK(data[0].freed == 0 && data[1].freed == 0 && data[2].freed == 1);
    CHECK(luma_client_with_own_cancel(client, &scope) == LUMA_OK);
    luma_client_free(client);
    CHECK(luma_list_workflow_definitions(scope, NULL, NULL, 0, 1, &result) == LUMA_OK);
    luma_result_free(result);
    CHECK(data[0].calls > 0 && data[1].calls == 1);
    CHECK(data[0].freed == 0 && data[1].freed == 0);
    luma_client_free(scope);
    CHECK(data[0].freed == 1 && data[1].freed == 1 && data[2].freed == 1);
}

static void *hang(void *client)
{
    luma_result *result = NULL;
    int32_t status = luma_trigger_workflow_json((luma_client *)client,
                                                "{\"workflowIdentifier\":\"fault-hang\"}", &result);
    int right = status == LUMA_ERROR_CANCELLED;

    if (!right)
        fprintf(stderr, "%s\n", luma_result_message(result));
    luma_result_free(result);
    return right ? client : NULL;
}

/* In a forked child, the parent's calls neither count nor end. */
static void drain_in_child(luma_client *client)
{
#ifndef _WIN32
    int status = 0;
    pid_t child;

    fflush(NULL);
    /* Otherwise a thread in the log callback may hold it, which does not exist in the child. */
    pthread_mutex_lock(&mutex);
    child = fork();
    pthread_mutex_unlock(&mutex);
    if (child == 0) {
        luma_result *result = NULL;
        const char *end;

        alarm(60);
        CHECK(luma_list_workflow_definitions(client, NULL, NULL, 0, 1, &result) == LUMA_OK);
        luma_result_free(result);
        CHECK(luma_client_drain(client, 3600000) == LUMA_OK);
        luma_client_free(client);
        /* Without an end that valgrind checks: what the parent's threads hold has no owner here. */
        end = failed == 0 ? "true" : "false";
        execlp(end, end, (char *)NULL);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
#else
    (void)client;
#endif
}

static void a_client_is_freed_during_calls(void)
{
    struct data data = {0, 0};
    luma_config *config = new_config();
    luma_client *client = NULL, *other = NULL;
    pthread_t threads[THREADS];
    int i;

    CHECK(luma_config_set_log_with_free(config, LUMA_LOG_DEBUG, on_line, &data, free_data) ==
          LUMA_OK);
    CHECK(luma_client_new_with_config(config, &client) == LUMA_OK);
    luma_config_free(config);
    CHECK(luma_client_with_timeout_ms(client, 60000, &other) == LUMA_OK);
    waiting = 0; /* an earlier call has counted too */
    for (i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, hang, client) == 0);
    pthread_mutex_lock(&mutex);
    while (waiting < THREADS)
        pthread_cond_wait(&changed, &mutex);
    pthread_mutex_unlock(&mutex);
    drain_in_child(client);
    luma_client_free(client);
    CHECK(data.freed == 0);
    CHECK(luma_client_close(other) == LUMA_OK);
    luma_client_free(other);
    for (i = 0; i < THREADS; i++) {
        void *right = NULL;

        pthread_join(threads[i], &right);
        CHECK(right != NULL);
    }
    CHECK(data.freed == 1);
}

static void *next(void *set)
{
    luma_result *result = NULL;
    int32_t status = luma_wait_set_next((luma_wait_set *)set, -1, &result, NULL);
    int right = status == LUMA_ERROR_SET_CLOSED;

    if (!right)
        fprintf(stderr, "%s\n", luma_result_message(result));
    luma_result_free(result);
    return right ? set : NULL;
}

/* While each thread polls a run of its own. */
static void a_set_of_waits_is_freed_during_calls(void)
{
    struct data data = {0, 0};
    luma_config *config = new_config();
    luma_client *client = NULL;
    luma_wait_set *set = NULL;
    pthread_t threads[THREADS];
    char id[32];
    int i;

    CHECK(luma_config_set_log_with_free(config, LUMA_LOG_DEBUG, on_line, &data, free_data) ==
          LUMA_OK);
    CHECK(luma_client_new_with_config(config, &client) == LUMA_OK);
    luma_config_free(config);
    CHECK(luma_wait_set_new(client, &set) == LUMA_OK);
    luma_client_free(client);
    for (i = 0; i < THREADS; i++) {
        sprintf(id, "run-%d", i); /* the simulator does not respond */
        CHECK(luma_wait_set_add(set, id, 0, NULL) == LUMA_OK);
    }
    waiting = 0;
    for (i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, next, set) == 0);
    pthread_mutex_lock(&mutex);
    while (waiting < THREADS)
        pthread_cond_wait(&changed, &mutex);
    pthread_mutex_unlock(&mutex);
    luma_wait_set_free(set);
    for (i = 0; i < THREADS; i++) {
        void *right = NULL;

        pthread_join(threads[i], &right);
        CHECK(right != NULL);
    }
    CHECK(data.freed == 1);
}

/* Frees the only client in its own log callback. */
static luma_client *freed_in_callback;

static void free_client(int32_t level, const char *line, void *user_data)
{
    (void)level;
    (void)line;
    (void)user_data;
    luma_client_free(freed_in_callback);
    freed_in_callback = NULL;
}

static void a_client_is_freed_in_its_callback(void)
{
    struct data data = {0, 0};
    luma_config *config = new_config();
    luma_result *result = NULL;

    CHECK(luma_config_set_log_with_free(config, LUMA_LOG_DEBUG, free_client, &data, free_data) ==
          LUMA_OK);
    CHECK(luma_client_new_with_config(config, &freed_in_callback) == LUMA_OK);
    luma_config_free(config);
    CHECK(luma_list_workflow_definitions(freed_in_callback, NULL, NULL, 0, 1, &result) == LUMA_OK);
    CHECK(freed_in_callback == NULL && data.freed == 1);
    luma_result_free(result);
}

int main(void)
{
    user_data_is_freed_once();
    a_client_is_freed_during_calls();
    a_client_is_freed_in_its_callback();
    a_set_of_waits_is_freed_during_calls();
    return closing_line();
}
