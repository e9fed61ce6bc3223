/*
 * Everything at once, for ThreadSanitizer and AddressSanitizer: threads share a client and results,
 * open and cancel scopes, replace the token, log, drain, close and free. tests/sanitize.sh runs it.
 * LUMA_URL and LUMA_TOKEN belong to a simulator; LUMA_CA_FILE is set for https.
 *
 *     stress ROUNDS [--race | --use-after-free]
 *
 * The option makes a mistake that the sanitizer must report.
 */
#define _POSIX_C_SOURCE 200809L
#include <luma.h>

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "check.h"

#define TRIGGERERS 3
#define SCOPES 4
#define HANGING 4

static const char request[] =
    "{\"workflowIdentifier\":\"unlock_account\",\"variables\":{\"userName\":\"x\"}}";
static const char hanging_request[] = "{\"workflowIdentifier\":\"fault-hang\"}";

static int rounds, has_race, has_use_after_free;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static luma_client *client;
static const luma_result *shared;
static luma_client *scopes[SCOPES]; /* under the mutex: each while its call may be in progress */
static int lines, freed, in_calls, is_done;
static int unprotected;

/* Relaxed, because a lock would order the accesses of the threads, and so hide races. */
#define ADD(number) __atomic_fetch_add(&(number), 1, __ATOMIC_RELAXED)
#define READ(number) __atomic_load_n(&(number), __ATOMIC_RELAXED)

#define EXPECT(condition)                                                                          \
    do {                                                                                           \
        if (condition) {                                                                           \
            ADD(passed);                                                                           \
        } else {                                                                                   \
            ADD(failed);                                                                           \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
        }                                                                                          \
    } while (0)

static void pause_us(long us)
{
    struct timespec pause;

    pause.tv_sec = 0;
    pause.tv_nsec = us * 1000;
    nanosleep(&pause, NULL);
}

static void on_line(int32_t level, const char *line, void *user_data)
{
    (void)level;
    ADD(*(int *)user_data);
    if (strstr(line, "on a ") != NULL)
        ADD(in_calls);
    if (has_race)
        unprotected++;
}

static void on_free(void *user_data)
{
    (void)user_data;
    ADD(freed);
}

static luma_client *new_client(void)
{
    luma_config *config = NULL;
    luma_client *created = NULL;
    const char *ca = getenv("LUMA_CA_FILE");

    EXPECT(luma_config_new(getenv("LUMA_URL"), getenv("LUMA_TOKEN"), &config) == LUMA_OK);
    EXPECT(luma_config_set_log_with_free(config, LUMA_LOG_DEBUG, on_line, &lines, on_free) ==
           LUMA_OK);
    if (ca != NULL)
        EXPECT(luma_config_set_ca_file(config, ca) == LUMA_OK);
    EXPECT(luma_client_new_with_config(config, &created) == LUMA_OK);
    luma_config_free(config);
    return created;
}

/* Triggers, and polls the run that it started. Nothing that other threads do may disturb it. */
static void *work(void *unused)
{
    int i;

    for (i = 0; i < rounds; i++) {
        luma_result *run = NULL, *history = NULL;
        int32_t status = luma_trigger_workflow_json(client, request, &run);

        EXPECT(status == LUMA_OK && luma_result_message(run)[0] != '\0');
        status = luma_get_workflow_history(client, luma_result_trigger_id(run), &history);
        EXPECT(status == LUMA_OK && luma_result_run_status_text(history)[0] != '\0');
        luma_result_free(run);
        luma_result_free(history);
        /* All threads read the same result, whose strings are made when they are first read. */
        EXPECT(luma_result_json(shared)[0] == '{');
        EXPECT(strcmp(luma_result_string(shared, "/status"), "Success") == 0);
    }
    return unused;
}

/* Makes calls and waits on scopes that another thread cancels. */
static void *work_in_scopes(void *slot)
{
    luma_client **published = (luma_client **)slot;
    int i;

    for (i = 0; i < rounds; i++) {
        luma_client *scope = NULL, *timed = NULL;
        luma_result *result = NULL;
        int32_t status;

        EXPECT(luma_client_with_own_cancel(client, &scope) == LUMA_OK);
        EXPECT(luma_client_with_timeout_ms(scope, 60000, &timed) == LUMA_OK);
        pthread_mutex_lock(&mutex);
        *published = scope;
        pthread_mutex_unlock(&mutex);
        if (i % 3 == 0)
            status = luma_trigger_workflow_json(timed, hanging_request, &result);
        else if (i % 3 == 1)
            status = luma_wait_for_workflow(timed, luma_result_trigger_id(shared), 60000, NULL,
                                            NULL, &result);
        else
            status = luma_trigger_workflow_json(timed, request, &result);
        EXPECT(status == LUMA_ERROR_CANCELLED || (status == LUMA_OK && i % 3 != 0));
        luma_result_free(result);
        luma_client_free(timed);
        pthread_mutex_lock(&mutex);
        *published = NULL;
        pthread_mutex_unlock(&mutex);
        luma_client_free(scope);
    }
    return NULL;
}

/* Cancels the scopes, replaces the token and reads the counters. */
static void *disturb(void *unused)
{
    int i;

    while (!READ(is_done)) {
        for (i = 0; i < SCOPES; i++) {
            pthread_mutex_lock(&mutex);
            if (scopes[i] != NULL)
                EXPECT(luma_client_cancel(scopes[i]) == LUMA_OK);
            pthread_mutex_unlock(&mutex);
            pause_us(700);
        }
        EXPECT(luma_client_set_access_token(client, getenv("LUMA_TOKEN")) == LUMA_OK);
        for (i = 1; luma_counter_name(i)[0] != '\0'; i++)
            EXPECT(luma_client_counter(client, i) >= 0);
    }
    return unused;
}

static void *hang(void *used)
{
    luma_result *result = NULL;
    int32_t status = luma_trigger_workflow_json((luma_client *)used, hanging_request, &result);

    EXPECT(status == LUMA_ERROR_CANCELLED);
    luma_result_free(result);
    return NULL;
}

static void *drain(void *used)
{
    int32_t status = luma_client_drain((luma_client *)used, 50);

    EXPECT(status == LUMA_OK || status == LUMA_ERROR_CANCELLED);
    return NULL;
}

/* Drains a client twice while its calls hang, and frees it while they end. */
static void stop(int how)
{
    pthread_t threads[HANGING], drains[2];
    luma_client *stopped = new_client(), *kept = NULL;
    int i, already;

    EXPECT(luma_client_with_own_cancel(stopped, &kept) == LUMA_OK);
    already = READ(in_calls);
    for (i = 0; i < HANGING; i++)
        pthread_create(&threads[i], NULL, hang, i % 2 ? stopped : kept);
    while (READ(in_calls) < already + HANGING)
        pause_us(500);
    if (how == 0) {
        for (i = 0; i < 2; i++)
            pthread_create(&drains[i], NULL, drain, stopped);
        for (i = 0; i < 2; i++)
            pthread_join(drains[i], NULL);
    } else {
        EXPECT(luma_client_close(stopped) == LUMA_OK);
    }
    luma_client_free(stopped);
    luma_client_free(kept);
    for (i = 0; i < HANGING; i++)
        pthread_join(threads[i], NULL);
}

int main(int argc, char **argv)
{
    pthread_t triggerers[TRIGGERERS], scoped[SCOPES], disturber;
    luma_result *result = NULL;
    int i;

    rounds = argc > 1 ? atoi(argv[1]) : 0;
    has_race = argc > 2 && strcmp(argv[2], "--race") == 0;
    has_use_after_free = argc > 2 && strcmp(argv[2], "--use-after-free") == 0;
    client = new_client();
    EXPECT(luma_trigger_workflow_json(client, request, &result) == LUMA_OK);
    shared = result;
    for (i = 0; i < TRIGGERERS; i++)
        pthread_create(&triggerers[i], NULL, work, NULL);
    for (i = 0; i < SCOPES; i++)
        pthread_create(&scoped[i], NULL, work_in_scopes, &scopes[i]);
    pthread_create(&disturber, NULL, disturb, NULL);
    for (i = 0; i < TRIGGERERS; i++)
        pthread_join(triggerers[i], NULL);
    for (i = 0; i < SCOPES; i++)
        pthread_join(scoped[i], NULL);
    ADD(is_done);
    pthread_join(disturber, NULL);
    for (i = 0; i < 4; i++)
        stop(i % 2);
    if (has_use_after_free) {
        const char *message = luma_result_message(result);

        luma_result_free(result);
        printf("%c\n", message[0]);
    } else {
        luma_result_free(result);
    }
    luma_client_free(client);
    EXPECT(freed == 5);
    return closing_line();
}
